//! Documents that are cut off, damaged or made to be slow: they end in time, with what was not read told,
//! and time grows with their length.

use std::fs;
use std::io::{self, Cursor, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, Once};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};
use magpie::extract::{self, Bounds, Column, Failure, Format, Out, Table};
use magpie::model::{ReadAt, Reason};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

struct Held(Vec<u8>);

impl ReadAt for Held {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let from = (offset as usize).min(self.0.len());
        let len = buffer.len().min(self.0.len() - from);
        buffer[..len].copy_from_slice(&self.0[from..from + len]);
        Ok(len)
    }
}

/// All text and data, and whether anything was said to be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Told {
    text: Vec<String>,
    has_gaps: bool,
}

impl Out for Told {
    fn mime(&mut self, _: &'static str) -> Result<(), Failure> {
        Ok(())
    }
    fn table(&mut self, _: Table<'_>, _: Option<u64>, _: &[Column]) -> Result<(), Failure> {
        Ok(())
    }
    fn cell(&mut self, _: u64, _: u32, text: &str) -> Result<(), Failure> {
        self.line(text)
    }
    fn value(&mut self, _: u64, _: u32, _: Option<&str>, text: &str) -> Result<(), Failure> {
        self.line(text)
    }
    fn table_end(&mut self) -> Result<(), Failure> {
        Ok(())
    }
    fn page(&mut self, _: u32) -> Result<(), Failure> {
        Ok(())
    }
    fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.text.push(text.to_owned());
        Ok(())
    }
    fn member(&mut self, name: &str, _: Option<DateTime<Utc>>) -> Result<(), Failure> {
        self.line(name)
    }
    fn data(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.line(&String::from_utf8_lossy(bytes))
    }
    fn member_end(&mut self, fault: Option<(Reason, &str)>) -> Result<(), Failure> {
        self.has_gaps |= fault.is_some();
        Ok(())
    }
    fn gap(&mut self, _: Reason, _: &str) -> Result<(), Failure> {
        self.has_gaps = true;
        Ok(())
    }
}

/// `None`: the parser panicked.
type Outcome = Option<(Told, Result<(), Failure>)>;

fn read(format: Format, bytes: Vec<u8>) -> Outcome {
    let source: Arc<dyn ReadAt> = Arc::new(Held(bytes));
    let mut told = Told::default();
    let result = panic::catch_unwind(AssertUnwindSafe(|| {
        extract::read(format, &source, &Bounds::default(), &mut told)
    }));
    result.ok().map(|result| (told, result))
}

/// Places in our own code where a parser panicked.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn watch_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            if place.contains("src/extract") {
                eprintln!("{info}");
                PANICS.lock().unwrap().push(place);
            } else if place.contains("tests/") {
                usual(info);
            }
        }));
    });
}

fn assert_no_panics() {
    let panics = std::mem::take(&mut *PANICS.lock().unwrap());
    assert_eq!(panics, Vec::<String>::new());
}

const FILES: &[(&str, Format)] = &[
    ("letter.doc", Format::Compound),
    ("letter.docx", Format::Office),
    ("letter.odt", Format::Office),
    ("letter.pdf", Format::Pdf),
    ("letter.rtf", Format::Rtf),
    ("office.pdf", Format::Pdf),
    ("open.pdf", Format::Pdf),
    ("slides.odp", Format::Office),
    ("slides.pptx", Format::Office),
];

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats");
    fs::read(folder.join(name)).unwrap()
}

/// Reads each variant within its time.
fn read_all(format: Format, variants: Vec<Vec<u8>>) -> Vec<Outcome> {
    let (sender, receiver) = mpsc::channel();
    let count = variants.len();
    thread::spawn(move || {
        for variant in variants {
            let _ = sender.send(read(format, variant));
        }
    });
    (0..count)
        .map(|number| {
            let outcome = receiver.recv_timeout(Duration::from_secs(10));
            outcome.unwrap_or_else(|_| panic!("variant {number} is not read in 10 seconds"))
        })
        .collect()
}

#[test]
fn documents_cut_off_are_never_read_as_clean_and_less() {
    watch_panics();
    for (name, format) in FILES {
        let whole = fixture(name);
        let (all, result) = read(*format, whole.clone()).unwrap();
        assert!(result.is_ok() && !all.has_gaps, "{name}");
        let places: Vec<usize> = (0..50).map(|cut| whole.len() * cut / 50).collect();
        let variants = places.iter().map(|at| whole[..*at].to_vec()).collect();
        let outcomes = read_all(*format, variants);
        for (at, outcome) in places.iter().zip(outcomes) {
            if let Some((told, Ok(()))) = outcome
                && !told.has_gaps
            {
                assert_eq!(told, all, "{name} cut at {at} of {}", whole.len());
            }
        }
    }
    assert_no_panics();
}

#[test]
fn damaged_documents_end() {
    watch_panics();
    let mut state = 7u64;
    let mut next = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize
    };
    for (name, format) in FILES {
        let whole = fixture(name);
        let variants = (0..200)
            .map(|_| {
                let mut bytes = whole.clone();
                let at = next() % bytes.len();
                bytes[at] ^= 1 << (next() % 8);
                bytes
            })
            .collect();
        let outcomes = read_all(*format, variants);
        // A single bit seldom costs the whole document.
        let read = outcomes
            .iter()
            .flatten()
            .filter(|(told, _)| !told.text.is_empty());
        assert!(read.count() > 100, "{name}");
    }
    assert_no_panics();
}

/// Processor time of this thread: what others do on the machine is not counted.
fn now() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the call writes the one struct that it is given.
    let done = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(done, 0, "read the clock");
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn zipped(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, text) in parts {
        zip.start_file(*name, stored).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn docx(body: &str) -> Vec<u8> {
    let relation = |id: usize| {
        format!(
            "<Relationship Id='r{id}' Type='x/hyperlink' TargetMode='External' Target='mailto:{id}@x.org'/>"
        )
    };
    let relations: String = (0..5_000).map(relation).collect();
    zipped(&[
        ("[Content_Types].xml", "<Types/>".into()),
        ("word/document.xml", format!("<w:document><w:body>{body}")),
        (
            "word/_rels/document.xml.rels",
            format!("<Relationships>{relations}</Relationships>"),
        ),
    ])
}

fn odt(body: &str) -> Vec<u8> {
    zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.text".into()),
        ("content.xml", format!("<office:text>{body}")),
    ])
}

fn rtf(body: &str) -> Vec<u8> {
    format!("{{\\rtf1 {body}").into_bytes()
}

/// One page of that content.
fn pdf_content(content: &str) -> Vec<u8> {
    let len = content.len();
    pdf(&[
        "<</Type/Catalog/Pages 2 0 R>>".into(),
        "<</Type/Pages/Kids[3 0 R]>>".into(),
        "<</Type/Page/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>".into(),
        format!("<</Length {len}>>stream\n{content}\nendstream"),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".into(),
    ])
}

fn pdf(objects: &[String]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (number, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let (start, count) = (file.len(), objects.len() + 1);
    file.extend(
        format!("xref\n0 {count}\n{table}trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n")
            .bytes(),
    );
    file
}

/// Many pages, each with a note, a link and a font of its own.
fn pdf_pages(unit: &str) -> Vec<u8> {
    let pages = unit.len();
    let kids: String = (0..pages)
        .map(|page| format!("{} 0 R ", 4 + page * 3))
        .collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R/Outlines<</First 4 0 R>>>>".to_owned(),
        format!("<</Type/Pages/Kids[{kids}]>>"),
        "<</Subtype/Link/A<</URI(mailto:x@y.org)>>>>".to_owned(),
    ];
    for page in 0..pages {
        let at = 4 + page * 3;
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/Contents {} 0 R/Annots[3 0 R {}]/Next {} 0 R/Title(x)/Resources<</Font<</F {} 0 R>>>>>>",
            at + 1,
            "3 0 R ".repeat(3),
            at + 3,
            at + 2
        ));
        let content = "BT /F 9 Tf (text) Tj ET";
        objects.push(format!(
            "<</Length {}>>stream\n{content}\nendstream",
            content.len()
        ));
        objects.push(
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".into(),
        );
    }
    pdf(&objects)
}

/// A Word document of one piece of text of one byte a character.
fn doc(text: &str) -> Vec<u8> {
    let mut main = vec![0; 0x400];
    let mut put = |at: usize, bytes: &[u8]| main[at..at + bytes.len()].copy_from_slice(bytes);
    let len = (text.len() as u32).to_le_bytes();
    put(0, &[0xec, 0xa5, 0xc1, 0]);
    put(0x4c, &len);
    put(0x1a2, &0u32.to_le_bytes());
    put(0x1a6, &21u32.to_le_bytes());
    main.extend(text.bytes());
    let mut table = vec![2];
    table.extend(16u32.to_le_bytes());
    table.extend(0u32.to_le_bytes());
    table.extend(len);
    table.extend([0, 0]);
    table.extend(((0x400u32 * 2) | (1 << 30)).to_le_bytes());
    table.extend([0, 0]);
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in [("/WordDocument", &main), ("/0Table", &table)] {
        file.create_stream(name).unwrap().write_all(bytes).unwrap();
    }
    file.into_inner().into_inner()
}

#[test]
fn a_made_document_of_word_97_is_read() {
    let (told, result) = read(
        Format::Compound,
        doc("one\rtwo\x13 HYPERLINK \"mailto:a@b.c\" \x14shown\x15\r"),
    )
    .unwrap();
    result.unwrap();
    assert_eq!(told.text, ["one", "twoshown", "mailto:a@b.c"]);
}

#[test]
fn time_grows_with_the_length_and_not_faster() {
    const LONG: usize = 256 * 1024;
    const GROWTH: usize = 8;
    type Make = fn(&str) -> Vec<u8>;
    let cases: &[(Format, Make, &[&str])] = &[
        (
            Format::Rtf,
            rtf,
            &[
                "x",
                "{",
                "{\\b x}",
                "\\par x",
                "x\\cell ",
                "\\intbl x\\cell\\row ",
                "\\'e9",
                "\\u65?",
                "\\u-10179",
                "{\\footnote x",
                "{\\footnote x}",
                "{\\*\\fldinst \"a@b\"}",
                "{\\object{\\*\\objdata 00}}",
                "{\\fonttbl{\\f1\\fcharset2 x;}}",
                "\\f1 x",
                "\\bin1 x",
            ],
        ),
        (
            Format::Office,
            docx,
            &[
                "<w:p><w:r><w:t>x</w:t></w:r></w:p>",
                "<w:p><w:t>x",
                "<w:t>x</w:t>",
                "<w:tbl><w:tr><w:tc>",
                "<w:tbl><w:tr><w:tc><w:p><w:t>x</w:t></w:p></w:tc></w:tr></w:tbl>",
                "<w:tr><w:tc><w:p/></w:tc></w:tr>",
                "<w:p><w:hyperlink r:id='r77'/>",
                "<w:hyperlink r:id='r1'/><w:hyperlink r:id='r2'/>",
                "</w:p>",
                "&amp;",
                "<w:p><w:fldSimple w:instr='\"a@b\"'/>",
                "<w:instrText>\"a@b\"</w:instrText>",
                "<x ",
                "<mc:AlternateContent>",
                "<wp:docPr descr='x'/>",
                "<w:ins w:author='x'/>",
                "<!-- -->",
            ],
        ),
        (
            Format::Office,
            odt,
            &[
                "<text:p>x</text:p>",
                "<text:p>x",
                "<table:table><table:table-row><table:table-cell>",
                "<table:table-row><table:table-cell/></table:table-row>",
                "<text:a href='a:b'/>",
                "<text:p><text:a href='a:b'/>",
            ],
        ),
        (
            Format::Pdf,
            pdf_content,
            &[
                "BT /F 9 Tf (x) Tj ET ",
                "BT /F 9 Tf 1 0 Td (x) Tj ET ",
                "BT /F 9 Tf 0 -9 Td (x) Tj ET ",
                "[",
                "<<",
                "(",
                "q ",
                "BI ID ",
                "/Span<</ActualText(x)>>BDC ",
                "BT /F 9 Tf [(x)-500(y)]TJ ET ",
                "1 0 0 1 5 7 cm BT /F 9 Tf (x) Tj ET ",
                "% ",
            ],
        ),
        (Format::Pdf, pdf_pages, &["0123456789abcdef"]),
        (
            Format::Compound,
            doc,
            &[
                "x",
                "x\r",
                "x\u{7}",
                "\u{13}x",
                "\u{13}\"a@b\"\u{15}",
                "\u{13}\"a@b\"\u{14}",
            ],
        ),
    ];
    let mut errors = Vec::new();
    for (format, make, units) in cases {
        for unit in *units {
            let long_len = if unit.len() == 16 { LONG / 64 } else { LONG };
            let time = |len: usize| {
                let bytes = make(&unit.repeat(len / unit.len()));
                (0..3)
                    .map(|_| {
                        let bytes = bytes.clone();
                        let start = now();
                        assert!(read(*format, bytes).is_some(), "{format:?} {unit:?}");
                        now() - start
                    })
                    .min()
                    .unwrap_or_default()
            };
            let (short, long) = (time(long_len / GROWTH), time(long_len));
            let allowed = short * (GROWTH * GROWTH / 2) as u32 + Duration::from_millis(5);
            if long > allowed || long > Duration::from_secs(3) {
                errors.push(format!("{format:?} {unit:?}: {short:?} to {long:?}"));
            }
        }
    }
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}
