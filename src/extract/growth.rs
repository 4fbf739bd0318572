//! Tests that tables of four times the size take about four times as long to read.

use std::io::{Cursor, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::Format;
use super::recorded::Recorded;

/// What four times the size may take, for one of the small: four, and as much again for a machine
/// that does other things too.
const TIMES: u32 = 8;

fn took(format: Format, bytes: &[u8]) -> Duration {
    let of = || {
        let start = Instant::now();
        let (out, result) = Recorded::read(format, bytes);
        result.unwrap();
        assert_eq!(out.gaps(), []);
        start.elapsed()
    };
    of().min(of()).min(of())
}

fn assert_linear(format: Format, small: usize, of: impl Fn(usize) -> Vec<u8>) {
    let once = took(format, &of(small));
    let four = took(format, &of(4 * small));
    assert!(
        four < TIMES * once + Duration::from_millis(50),
        "{format:?}: {once:?}, four times the size {four:?}"
    );
}

fn parquet(rows: usize, row_group: usize) -> Vec<u8> {
    let schema = "message m { required group l (LIST) { repeated group list { required binary element (UTF8); } } }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().build());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, properties).unwrap();
    let values: Vec<ByteArray> = (0..rows)
        .map(|i| format!("text {i}").as_str().into())
        .collect();
    for values in values.chunks(row_group) {
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let repeats: Vec<i16> = (0..values.len()).map(|i| i16::from(i % 7 != 0)).collect();
        column
            .typed::<ByteArrayType>()
            .write_batch(values, Some(&vec![1; values.len()]), Some(&repeats))
            .unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.close().unwrap();
    bytes
}

fn zigzag(value: usize) -> Vec<u8> {
    let mut left = value << 1;
    let mut bytes = Vec::new();
    while left > 0x7f {
        bytes.push(left as u8 | 0x80);
        left >>= 7;
    }
    bytes.push(left as u8);
    bytes
}

/// One block of one record, an array of texts.
fn avro(items: usize) -> Vec<u8> {
    let text = |text: &str| [zigzag(text.len()), text.as_bytes().to_vec()].concat();
    let mut block = zigzag(items);
    for item in 0..items {
        block.extend(text(&format!("text {item}")));
    }
    block.push(0);
    let mark = [7; 16];
    [
        b"Obj\x01\x02".to_vec(),
        text("avro.schema"),
        text(r#"{"type":"array","items":"string"}"#),
        vec![0],
        mark.to_vec(),
        zigzag(1),
        zigzag(block.len()),
        block,
        mark.to_vec(),
    ]
    .concat()
}

fn sqlite(rows: usize) -> Vec<u8> {
    let mut db = rusqlite::Connection::open_in_memory().unwrap();
    db.execute_batch("PRAGMA page_size = 512; CREATE TABLE t (a, b)")
        .unwrap();
    db.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) \
         INSERT INTO t SELECT 'text ' || i, printf('%.*c', i % 2000, 'x') FROM n",
        [rows as i64],
    )
    .unwrap();
    db.serialize("main").unwrap().to_vec()
}

fn xlsx(rows: usize) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut sheet = "<worksheet><sheetData>".to_owned();
    for row in 0..rows {
        sheet += &format!("<row><c><v>{row}</v></c><c t='str'><v>text {row}</v></c></row>");
    }
    sheet += "</sheetData></worksheet>";
    for (name, text) in [
        (
            "_rels/.rels",
            format!(
                "<Relationships><Relationship Id='r1' Type='{office}/officeDocument' Target='xl/workbook.xml'/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns:r='{office}'><sheets><sheet name='S' sheetId='1' r:id='r1'/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships><Relationship Id='r1' Type='{office}/worksheet' Target='worksheets/s.xml'/></Relationships>"
            ),
        ),
        ("xl/worksheets/s.xml", sheet),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn ods(rows: usize) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut content = "<document-content><body><spreadsheet><table name='S'>".to_owned();
    for row in 0..rows {
        content += &format!("<table-row><table-cell><p>text {row}</p></table-cell></table-row>");
    }
    content += "</table></spreadsheet></body></document-content>";
    let mime = "application/vnd.oasis.opendocument.spreadsheet".to_owned();
    for (name, text) in [("mimetype", mime), ("content.xml", content)] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn time_grows_with_size() {
    assert_linear(Format::Parquet, 50_000, |rows| parquet(rows, rows));
    assert_linear(Format::Parquet, 5_000, |rows| parquet(rows, 70));
    assert_linear(Format::Avro, 50_000, avro);
    assert_linear(Format::Sqlite, 2_000, sqlite);
    assert_linear(Format::Office, 5_000, xlsx);
    assert_linear(Format::Office, 5_000, ods);
}
