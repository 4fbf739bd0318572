//! Promise P6 for documents and marked-up text: files made to take memory or time without end. Each costs at
//! most itself: the scan goes on, stays within the memory given to it and its parsers, and tells what
//! it did not read.
//!
//! `MAGPIE_HOSTILE=20 cargo test --release --test hostile_documents` breaks every fixture in so many times as
//! many ways.

mod cli_support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use cli_support::Bed;
use cli_support::measured::{self, Measured};

const VALUE: &str = "social security number 536-90-4399";
/// Given to the scanning process by default, and to each parser here.
const PEAK_KIB_MAX: i64 = 256 << 10;
const TIME_MAX: Duration = Duration::from_secs(90);

fn scan(bed: &Bed, target: &str, more: &[&str]) -> Measured {
    let options = [
        "--max-parser-memory",
        "200MiB",
        "--max-parse-time",
        "20",
        "--allow-incomplete",
    ];
    let start = Instant::now();
    let measured = measured::scan(bed, target, &[&options, more].concat(), |_| {});
    let took = start.elapsed();
    println!("{target}: {took:?}, {} MiB", measured.peak_kib >> 10);
    assert!(took < TIME_MAX, "{target}: {took:?}");
    assert!(
        measured.peak_kib < PEAK_KIB_MAX,
        "{target}: {} MiB",
        measured.peak_kib >> 10
    );
    assert!(
        matches!(measured.status, 0 | 1),
        "{target}: {}",
        measured.status
    );
    measured
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Text with a long stretch in it, which is written and never held: what this process holds would count
/// as memory of those that it starts.
struct Long<'a> {
    before: &'a str,
    mib: usize,
    after: &'a str,
}

impl Long<'_> {
    fn write(&self, out: &mut impl Write) {
        let mebi = vec![b'a'; 1 << 20];
        out.write_all(self.before.as_bytes()).unwrap();
        for _ in 0..self.mib {
            out.write_all(&mebi).unwrap();
        }
        out.write_all(self.after.as_bytes()).unwrap();
    }

    fn file(&self, bed: &Bed, name: &str) {
        let path = bed.write(name, "");
        let mut out = std::io::BufWriter::new(fs::File::create(path).unwrap());
        self.write(&mut out);
        out.flush().unwrap();
    }

    /// As one more part of an office file.
    fn part(&self, archive: Vec<u8>, name: &str) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new_append(std::io::Cursor::new(archive)).unwrap();
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name, options).unwrap();
        self.write(&mut writer);
        writer.finish().unwrap().into_inner()
    }
}

fn docx(document: &str) -> Vec<u8> {
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", document.as_bytes()),
    ])
}

fn word(body: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{VALUE}</w:t></w:r></w:p>{body}</w:body></w:document>"#
    )
}

/// Without its shared strings.
fn xlsx(sheet: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let types = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
    let root = format!(
        r#"<?xml version="1.0"?><Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let book = format!(
        r#"<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let relations = format!(
        r#"<?xml version="1.0"?><Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
    );
    let sheet = format!(r#"<?xml version="1.0"?><worksheet xmlns="{MAIN}">{sheet}</worksheet>"#);
    zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn cell(reference: &str, text: &str) -> String {
    format!(r#"<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

#[test]
fn a_sheet_of_a_billion_empty_cells_costs_nothing() {
    let bed = Bed::new();
    let first = cell("A1", VALUE);
    let last = cell("XFD1048576", VALUE);
    let sheet = format!(
        r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1">{first}</row><row r="1048576">{last}</row></sheetData>"#
    );
    bed.write("wide.xlsx", xlsx(&sheet));
    let measured = scan(&bed, "wide.xlsx", &[]);
    assert_eq!(measured.occurrences(), 2, "{:#}", measured.summary["gaps"]);
    assert!(
        measured.reasons().is_empty(),
        "{:#}",
        measured.summary["gaps"]
    );
}

#[test]
fn office_bombs_end_with_their_reasons() {
    let bed = Bed::new();
    let strings = Long {
        before: r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>"#,
        mib: 300,
        after: "</t></si></sst>",
    };
    bed.write(
        "strings.xlsx",
        strings.part(xlsx("<sheetData/>"), "xl/sharedStrings.xml"),
    );
    let told = scan(&bed, "strings.xlsx", &["--max-ratio", "100"]).reasons();
    assert_eq!(told, ["OOXML_UNCOMPRESSED_RATIO_EXCEEDS_LIMIT"]);
    let told = scan(&bed, "strings.xlsx", &["--max-member", "100MiB"]).reasons();
    assert_eq!(told, ["OOXML_UNCOMPRESSED_SIZE_EXCEEDS_LIMIT"]);
    // within the limits of bytes, beyond that of memory or not
    let _ = scan(&bed, "strings.xlsx", &[]);
    let body = word("<w:p><w:r><w:t>|</w:t></w:r></w:p>");
    let (before, after) = body.split_once('|').unwrap();
    let long = Long {
        before,
        mib: 200,
        after,
    };
    let types = zip(&[("[Content_Types].xml", b"<Types/>")]);
    bed.write("long.docx", long.part(types, "word/document.xml"));
    let measured = scan(&bed, "long.docx", &[]);
    assert!(measured.occurrences() > 0 || !measured.reasons().is_empty());
}

#[test]
fn entities_and_nesting_do_not_multiply() {
    let bed = Bed::new();
    let mut entities = r#"<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "aaaaaaaaaa">"#.to_owned();
    for level in 1..12 {
        let ten = format!("&e{};", level - 1).repeat(10);
        entities += &format!(r#"<!ENTITY e{level} "{ten}">"#);
    }
    entities += "]>";
    let text = format!("{entities}<d><p>{VALUE}</p><p>&e11;</p></d>");
    bed.write("laughs.xml", &text);
    let measured = scan(&bed, "laughs.xml", &[]);
    assert_eq!(measured.occurrences(), 1);
    let body = word("<w:p><w:r><w:t>&e11;</w:t></w:r></w:p>");
    bed.write(
        "laughs.docx",
        docx(&body.replace(r#"<?xml version="1.0"?>"#, &entities)),
    );
    scan(&bed, "laughs.docx", &[]);
    let deep =
        |open: &str, close: &str| format!("{}{}", open.repeat(300_000), close.repeat(300_000));
    bed.write("deep.docx", docx(&word(&deep("<w:p>", "</w:p>"))));
    bed.write(
        "deep.xml",
        format!("<a><b>{VALUE}</b>{}</a>", deep("<x>", "</x>")),
    );
    bed.write(
        "deep.html",
        format!("<!DOCTYPE html><p>{VALUE}</p>{}", "<div>".repeat(500_000)),
    );
    bed.write(
        "deep.yaml",
        format!("ssn: {VALUE}\nx: {}\n", "[".repeat(500_000)),
    );
    bed.write(
        "deep.rtf",
        format!("{{\\rtf1 {VALUE}\\par {}", "{".repeat(2_000_000)),
    );
    for name in [
        "deep.xml",
        "deep.html",
        "deep.yaml",
        "deep.docx",
        "deep.rtf",
    ] {
        let measured = scan(&bed, name, &[]);
        assert!(
            measured.occurrences() == 1 || !measured.reasons().is_empty(),
            "{name}: neither found nor told"
        );
    }
}

#[test]
fn parts_without_end_are_bounded() {
    let bed = Bed::new();
    for (name, before, after) in [
        (
            "attribute.xml",
            format!("<?xml version=\"1.0\"?><a><b>{VALUE}</b><c d=\""),
            "\"/></a>",
        ),
        ("tag.html", format!("<!DOCTYPE html><p>{VALUE}</p><"), ""),
        (
            "header.eml",
            format!("From: a@example.com\nTo: b@example.com\nSubject: {VALUE}\nX-Long: "),
            "\n\nbody\n",
        ),
        ("key.ini", format!("[a]\nssn = {VALUE}\n"), " = 1\n"),
        ("cell.csv", "ssn,note\n536-90-4399,\"".to_owned(), "\"\n"),
    ] {
        let before = before.as_str();
        Long {
            before,
            mib: 64,
            after,
        }
        .file(&bed, name);
    }
    let mut mail =
        String::from("From: a@example.com\nTo: b@example.com\nSubject: x\nMIME-Version: 1.0\n");
    for level in 0..20_000 {
        mail += &format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n");
    }
    mail += &format!("Content-Type: text/plain\n\n{VALUE}\n");
    bed.write("nested.eml", mail);
    for name in [
        "attribute.xml",
        "tag.html",
        "header.eml",
        "key.ini",
        "cell.csv",
        "nested.eml",
    ] {
        let measured = scan(&bed, name, &[]);
        assert!(
            measured.occurrences() >= 1 || !measured.reasons().is_empty(),
            "{name}: neither found nor told"
        );
    }
}

/// A PDF whose tree of pages leads back to itself.
#[test]
fn a_pdf_that_is_a_circle_ends() {
    let bed = Bed::new();
    let text = format!("BT /F1 12 Tf 72 700 Td ({VALUE}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R 2 0 R 5 0 R] /Count 2147483647 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 6 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 5 0 R] /Count 5 >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        write!(pdf, "{} 0 obj\n{object}\nendobj\n", number + 1).unwrap();
    }
    let start = pdf.len();
    write!(pdf, "xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).unwrap();
    for offset in &offsets {
        writeln!(pdf, "{offset:010} 00000 n ").unwrap();
    }
    write!(
        pdf,
        "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        offsets.len() + 1
    )
    .unwrap();
    bed.write("circle.pdf", pdf);
    let measured = scan(&bed, "circle.pdf", &[]);
    assert!(measured.occurrences() >= 1 || !measured.reasons().is_empty());
}

/// One member that thousands of entries of the directory name.
#[test]
fn a_zip_whose_entries_overlap_ends() {
    let bed = Bed::new();
    let mut archive = zip(&[("a.txt", &vec![b'a'; 4 << 20])]);
    let end = archive.len() - 22;
    let at = u32::from_le_bytes(archive[end + 16..end + 20].try_into().unwrap()) as usize;
    let entry = archive[at..end].to_vec();
    let tail = archive[end..].to_vec();
    archive.truncate(end);
    for _ in 1..20_000 {
        archive.extend_from_slice(&entry);
    }
    let directory = (archive.len() - at) as u32;
    let mut tail = tail;
    tail[8..10].copy_from_slice(&20_000u16.to_le_bytes());
    tail[10..12].copy_from_slice(&20_000u16.to_le_bytes());
    tail[12..16].copy_from_slice(&directory.to_le_bytes());
    archive.extend_from_slice(&tail);
    bed.write("overlap.zip", archive);
    let told = scan(&bed, "overlap.zip", &["--max-ratio", "50"]).reasons();
    assert!(
        told.contains(&"ARCHIVE_TOTAL_BYTES_EXTRACTED_OVER_LIMIT".to_owned()),
        "{told:?}"
    );
}

/// How many times as many ways every fixture is broken.
fn times() -> usize {
    std::env::var("MAGPIE_HOSTILE").map_or(1, |n| n.parse().expect("MAGPIE_HOSTILE is a number"))
}

/// Every fixture with bits flipped and ends cut off, all in one folder: one scan reads past them all.
#[test]
fn broken_documents_cost_themselves_only() {
    let bed = Bed::new();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats");
    let mut files = 0;
    let mut seed = 7u64;
    let mut dice = |sides: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % sides as u64) as usize
    };
    let mut names: Vec<_> = fs::read_dir(fixtures)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    names.sort();
    for path in names {
        let told = path
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default();
        if !path.is_file() || matches!(told, "py" | "jsonl") {
            continue;
        }
        let whole = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        for way in 0..4 * times() {
            let mut bytes = whole.clone();
            if way % 2 == 0 {
                bytes.truncate(1 + dice(bytes.len() - 1));
            } else {
                for _ in 0..1 + dice(4) {
                    let at = dice(bytes.len());
                    bytes[at] ^= 1 << dice(8);
                }
            }
            bed.write(format!("broken/{way}-{name}"), bytes);
            files += 1;
        }
    }
    bed.write("broken/zz.log", format!("{VALUE}\n"));
    let measured = scan(&bed, "broken", &[]);
    let listed = &measured.summary["coverage"]["listed"]["objects"];
    assert_eq!(listed.as_u64(), Some(files + 1));
    assert!(measured.occurrences() > 0);
}
