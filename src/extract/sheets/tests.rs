use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::planted::{assert_hardy, assert_planted, fixture, told, whole};
use super::super::recorded::{Recorded, Told};
use super::super::{Bounds, Failure, Format};
use super::literals;
use crate::model::Reason;

#[test]
fn planted_values_are_told_once_at_their_cells() {
    assert_planted(&whole(Format::Office, "people.xlsx"), "people.xlsx");
    assert_planted(&whole(Format::Office, "people.ods"), "people.ods");
    for name in ["people.xls", "people-calc.xls"] {
        assert_planted(&whole(Format::Compound, name), name);
    }
}

fn tables(out: &Recorded) -> Vec<(&str, Option<u64>, Vec<&str>)> {
    out.told
        .iter()
        .filter_map(|told| match told {
            Told::Table {
                name: Some(name),
                header_row,
                columns,
            } => Some((
                name.as_str(),
                *header_row,
                columns.iter().map(|c| c.name.as_str()).collect(),
            )),
            _ => None,
        })
        .collect()
}

#[test]
fn columns_are_named_by_the_row_above_them() {
    let names = ["full_name", "ssn", "card_number", "phone"];
    let out = whole(Format::Office, "people.xlsx");
    let tables = tables(&out);
    assert_eq!(tables[0], ("Staff", Some(1), names.to_vec()));
    assert_eq!(
        tables[1],
        (
            "Über Konten",
            Some(3),
            vec!["", "address", "iban", "date_of_birth"]
        )
    );
    assert_eq!(tables[2], ("Notes", None, vec![]));
    let out = whole(Format::Office, "people.ods");
    assert_eq!(self::tables(&out)[0], ("Staff", Some(1), names.to_vec()));
    let out = whole(Format::Compound, "people.xls");
    assert_eq!(self::tables(&out)[0], ("Staff", Some(1), names.to_vec()));
}

#[test]
fn comments_formulas_and_properties_are_told() {
    let out = whole(Format::Office, "people.xlsx");
    let has = |place: &str, text: &str| {
        let told = told(&out);
        assert!(
            told.contains(&(place.to_owned(), text.to_owned())),
            "{place}: {told:?}"
        );
    };
    has("Notes row 1 column 0", "see the comment");
    has("Notes row 1 column 0", "call me at +1 415-555-0123");
    has("Notes row 1 column 0", "Naomi Sinclair");
    has(
        "Notes row 2 column 1",
        r#"CONCATENATE("ssn ","219-09-9123")"#,
    );
    has("Notes row 4 column 1", "0.1");
    has("Notes row 5 column 1", "2024-05-01T12:30:00");
    has("Notes row 6 column 1", "08:15:00");
    has("Notes row 1048576 column 16383", "far away");
    let lines = out.lines();
    assert!(lines.contains(&"creator: Gregory Castillo"), "{lines:?}");
    assert!(
        lines.contains(&"title: people who do not exist"),
        "{lines:?}"
    );

    let out = whole(Format::Office, "people.ods");
    assert_eq!(
        out.places("call me at +1 415-555-0123"),
        ["Staff row 2 column 0"]
    );
    assert!(
        out.lines()
            .iter()
            .any(|line| line.contains("Gregory Castillo"))
    );
    let out = whole(Format::Compound, "people-calc.xls");
    assert_eq!(
        out.places("call me at +1 415-555-0123"),
        ["Notes row 1 column 0"]
    );
    let out = whole(Format::Compound, "people.xls");
    assert_eq!(out.places("219-09-9123"), ["Accounts row 9 column 0"]);
}

#[test]
fn literals_of_formulas_are_told_unless_their_value_shows_them() {
    assert!(literals(r#"="ssn "&"219-09-9123""#, ""));
    assert!(!literals(r#"="ssn "&"219-09-9123""#, "ssn 219-09-9123"));
    assert!(literals("=4532306545033607+1", "4532306545033608"));
    assert!(!literals("=SUM(A100000:B999999)+12", "3"));
    assert!(!literals(r#"=IF(A1="x","","no")"#, ""));
}

/// A workbook with one sheet of this XML.
fn book(sheet: &str, styles: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    for (name, text) in [
        (
            "[Content_Types].xml",
            format!(
                r#"<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/s.xml" ContentType="{kind}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/></Types>"#
            ),
        ),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/s.xml"/><Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/styles.xml",
            format!(r#"<styleSheet xmlns="{main}">{styles}</styleSheet>"#),
        ),
        (
            "xl/worksheets/s.xml",
            format!(r#"<worksheet xmlns="{main}">{sheet}</worksheet>"#),
        ),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_billion_cells_that_are_empty_cost_nothing() {
    let sheet = r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>one</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>7</v></c></row></sheetData>"#;
    let start = std::time::Instant::now();
    let (out, result) = Recorded::read(Format::Office, &book(sheet, ""));
    result.unwrap();
    assert_eq!(
        told(&out),
        [
            ("S row 1 column 0", "one"),
            ("S row 1048576 column 16383", "7")
        ]
        .map(|(place, text)| (place.to_owned(), text.to_owned()))
    );
    assert!(start.elapsed().as_secs() < 2);
}

#[test]
fn numbers_are_told_as_their_cells_show_them() {
    let styles = r#"<numFmts count="1"><numFmt numFmtId="165" formatCode="000\-00\-0000"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>"#;
    let sheet = r#"<sheetData><row r="1"><c r="A1" s="1"><v>78051120</v></c><c r="B1"><v>4.532306545033607E15</v></c><c r="C1" s="2"><v>33010</v></c><c r="D1"><v>12.0</v></c></row></sheetData>"#;
    let (out, result) = Recorded::read(Format::Office, &book(sheet, styles));
    result.unwrap();
    let texts: Vec<_> = told(&out).into_iter().map(|(_, text)| text).collect();
    assert_eq!(
        texts,
        ["078-05-1120", "4532306545033607", "1990-05-17", "12"]
    );
}

#[test]
fn a_sheet_that_breaks_off_is_told_up_to_there() {
    let sheet = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1" t="s"><v>99</v></c></row></sheetData>"#;
    let (out, result) = Recorded::read(Format::Office, &book(sheet, ""));
    result.unwrap();
    assert_eq!(told(&out).len(), 1);
    assert_eq!(
        out.gaps(),
        [(
            Reason::MalformedOrFileSizeExceedsLimit,
            "sheet 1 of the workbook cannot be read"
        )]
    );
}

#[test]
fn what_a_workbook_expands_to_is_bounded() {
    let row = r#"<row><c><v>1</v></c></row>"#;
    let sheet = format!("<sheetData>{}</sheetData>", row.repeat(20_000));
    let bytes = book(&sheet, "");
    let read = |bounds: &Bounds| Recorded::read_within(Format::Office, &bytes, bounds).1;
    let small = Bounds {
        office_bytes_max: 100_000,
        ..Bounds::default()
    };
    let result = read(&small);
    assert!(
        matches!(
            &result,
            Err(Failure::Broken {
                reason: Reason::OoxmlUncompressedSizeExceedsLimit,
                ..
            })
        ),
        "{result:?}"
    );
    read(&Bounds::default()).unwrap();
    let sheet = format!("<sheetData>{}</sheetData>", row.repeat(3_000_000));
    let bytes = book(&sheet, "");
    let steep = Bounds {
        office_ratio_max: 10,
        ..Bounds::default()
    };
    let (_, result) = Recorded::read_within(Format::Office, &bytes, &steep);
    assert!(
        matches!(
            &result,
            Err(Failure::Broken {
                reason: Reason::OoxmlUncompressedRatioExceedsLimit,
                ..
            })
        ),
        "{result:?}"
    );
}

#[test]
fn workbooks_in_binary_form_are_read() {
    let record = |kind: u16, data: &[u8]| {
        let mut bytes = match kind {
            0..0x80 => vec![kind as u8],
            _ => vec![kind as u8 | 0x80, (kind >> 7) as u8],
        };
        bytes.push(data.len() as u8);
        bytes.extend(data);
        bytes
    };
    let wide = |text: &str| {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [(text.len() as u32).to_le_bytes().to_vec(), units].concat()
    };
    let cell = |kind: u16, column: u32, value: &[u8]| {
        record(kind, &[&column.to_le_bytes()[..], &[0; 4], value].concat())
    };
    let sheet = [
        record(0x81, &[]),
        record(0x94, &[0; 16]),
        record(0x91, &[]),
        record(0, &[&4u32.to_le_bytes()[..], &[0; 8]].concat()),
        cell(6, 1, &wide("ssn")),
        cell(5, 2, &4_532_306_545_033_607f64.to_le_bytes()),
        record(0x92, &[]),
    ]
    .concat();
    let book = [
        record(0x83, &[]),
        record(0x9c, &[&[0; 8][..], &wide("r1"), &wide("S")].concat()),
        record(0x90, &[]),
        record(0x9d, &[0; 8]),
        record(0x84, &[]),
    ]
    .concat();
    let kind = "application/vnd.ms-excel";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let types = format!(
        "<Types><Override PartName='/xl/workbook.bin' ContentType='{kind}.sheet.binary.macroEnabled.main'/><Override PartName='/xl/worksheets/s.bin' ContentType='{kind}.worksheet'/></Types>"
    );
    let relations = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id='r1' Type='{office}/{kind}' Target='{target}'/></Relationships>"
        )
    };
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("[Content_Types].xml", types.into_bytes()),
        (
            "_rels/.rels",
            relations("officeDocument", "xl/workbook.bin").into_bytes(),
        ),
        (
            "xl/_rels/workbook.bin.rels",
            relations("worksheet", "worksheets/s.bin").into_bytes(),
        ),
        ("xl/workbook.bin", book),
        ("xl/worksheets/s.bin", sheet),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let (out, result) = Recorded::read(Format::Office, &bytes);
    result.unwrap();
    assert_eq!(out.gaps(), []);
    assert_eq!(
        told(&out),
        [
            ("S row 5 column 1", "ssn"),
            ("S row 5 column 2", "4532306545033607")
        ]
        .map(|(place, text)| (place.to_owned(), text.to_owned()))
    );
    assert_hardy(Format::Office, &bytes);
}

/// An OpenDocument workbook with these tables.
fn odf(tables: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        (
            "mimetype",
            "application/vnd.oasis.opendocument.spreadsheet".to_owned(),
        ),
        (
            "content.xml",
            format!(
                "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x'><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
            ),
        ),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_is_repeated_is_told_a_bounded_number_of_times() {
    let cell = |attributes: &str, text: &str| {
        format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>")
    };
    let table = format!(
        "<table:table table:name='S'><table:table-row table:number-rows-repeated='1000000'/>\
         <table:table-row table:number-rows-repeated='1000000000'>{}{}</table:table-row>\
         <table:table-row><table:table-cell table:number-columns-repeated='3'/>{}{}{}</table:table-row></table:table>",
        cell("table:number-columns-repeated='1000000000'", "many"),
        cell("", "last"),
        cell(
            "office:value-type='float' office:value='78051120'",
            "078-05-1120"
        ),
        cell(
            "office:value-type='date' office:date-value='1990-05-17'",
            "17 May 90"
        ),
        cell(
            "office:value-type='float' office:value='4532306545033607'",
            "4.53E+15"
        ),
    );
    let start = std::time::Instant::now();
    let (out, result) = Recorded::read(Format::Office, &odf(&table));
    result.unwrap();
    assert_eq!(out.places("many").len(), 100 * 100);
    assert_eq!(out.places("many")[0], "S row 1000001 column 0");
    assert_eq!(out.places("last")[0], "S row 1000001 column 1000000000");
    let told = told(&out);
    let texts: Vec<_> = told[told.len() - 3..].to_vec();
    assert_eq!(
        texts,
        [
            ("S row 1001000001 column 3", "078-05-1120"),
            ("S row 1001000001 column 4", "1990-05-17"),
            ("S row 1001000001 column 5", "4532306545033607")
        ]
        .map(|(place, text)| (place.to_owned(), text.to_owned()))
    );
    assert!(start.elapsed().as_secs() < 5);
}

#[test]
fn cut_and_flipped_files_end() {
    assert_hardy(Format::Office, &fixture("people.xlsx"));
    assert_hardy(Format::Office, &fixture("people.ods"));
    assert_hardy(Format::Compound, &fixture("people-calc.xls"));
}
