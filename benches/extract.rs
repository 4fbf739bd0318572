//! What the parsers of tables cost, with a listener that only counts.
//!
//! `cargo bench --bench extract` writes Parquet files of several shapes in memory and reads them.
//! `cargo bench --bench extract -- FILE...` reads files; what each is, its first bytes tell. Bytes per
//! second are of text that was told. Every run asserts what it was told.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use magpie::extract::{self, Bounds, Column, Failure, Format, Out, Table};
use magpie::model::{ReadAt, Reason};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

const ROWS: usize = 1_000_000;

struct Held(Vec<u8>);

impl ReadAt for Held {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let from = (offset as usize).min(self.0.len());
        let length = buffer.len().min(self.0.len() - from);
        buffer[..length].copy_from_slice(&self.0[from..from + length]);
        Ok(length)
    }
}

#[derive(Default)]
struct Count {
    texts: u64,
    bytes: u64,
}

impl Count {
    fn add(&mut self, bytes: usize) -> Result<(), Failure> {
        self.texts += 1;
        self.bytes += bytes as u64;
        Ok(())
    }
}

impl Out for Count {
    fn mime(&mut self, _: &'static str) -> Result<(), Failure> {
        Ok(())
    }
    fn table(&mut self, _: Table<'_>, _: Option<u64>, _: &[Column]) -> Result<(), Failure> {
        Ok(())
    }
    fn cell(&mut self, _: u64, _: u32, text: &str) -> Result<(), Failure> {
        self.add(text.len())
    }
    fn value(&mut self, _: u64, _: u32, _: Option<&str>, text: &str) -> Result<(), Failure> {
        self.add(text.len())
    }
    fn table_end(&mut self) -> Result<(), Failure> {
        Ok(())
    }
    fn page(&mut self, _: u32) -> Result<(), Failure> {
        Ok(())
    }
    fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.add(text.len())
    }
    fn member(&mut self, _: &str, _: Option<DateTime<Utc>>) -> Result<(), Failure> {
        Ok(())
    }
    fn data(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.add(bytes.len())
    }
    fn member_end(&mut self, _: Option<(Reason, &str)>) -> Result<(), Failure> {
        Ok(())
    }
    fn gap(&mut self, _: Reason, detail: &str) -> Result<(), Failure> {
        panic!("{detail}")
    }
}

/// Reads a file three times and prints the best.
fn measure(name: &str, bytes: Vec<u8>, texts: Option<u64>) {
    let format = match bytes.as_slice() {
        [b'P', b'A', b'R', ..] => Format::Parquet,
        [b'O', b'b', b'j', ..] => Format::Avro,
        [b'S', b'Q', b'L', ..] => Format::Sqlite,
        [b'7', b'z', ..] => Format::SevenZip,
        [b'P', b'K', ..] => Format::Office,
        [b'%', b'P', ..] => Format::Pdf,
        _ => Format::Compound,
    };
    let stored = bytes.len();
    let source: Arc<dyn ReadAt> = Arc::new(Held(bytes));
    let (mut best, mut told) = (f64::MAX, 0);
    for _ in 0..3 {
        let mut count = Count::default();
        let start = Instant::now();
        extract::read(format, &source, &Bounds::default(), &mut count).unwrap();
        best = best.min(start.elapsed().as_secs_f64());
        told = count.bytes;
        if let Some(texts) = texts {
            assert_eq!(count.texts, texts, "{name}");
        }
    }
    println!(
        "{name:<28} {:>7.1} MB stored {:>7.1} MB told {:>8.1} ms {:>7.3} GB/s told",
        stored as f64 / 1e6,
        told as f64 / 1e6,
        best * 1e3,
        told as f64 / best / 1e9,
    );
}

enum Values {
    Text(Vec<ByteArray>),
    Whole(Vec<i64>),
    Part(Vec<f64>),
}

fn file(column: &str, dictionary: bool, values: &Values) -> Vec<u8> {
    let schema = parse_message_type(&format!("message m {{ required {column}; }}")).unwrap();
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(dictionary)
        .build();
    let mut bytes = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    match values {
        Values::Text(values) => column
            .typed::<ByteArrayType>()
            .write_batch(values, None, None),
        Values::Whole(values) => column.typed::<Int64Type>().write_batch(values, None, None),
        Values::Part(values) => column.typed::<DoubleType>().write_batch(values, None, None),
    }
    .unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

fn main() {
    let paths: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    for path in &paths {
        let name = path.rsplit('/').next().unwrap_or(path);
        measure(name, std::fs::read(path).unwrap(), None);
    }
    if !paths.is_empty() {
        return;
    }
    let text = |of: &dyn Fn(usize) -> String| {
        Values::Text((0..ROWS).map(|i| of(i).as_str().into()).collect())
    };
    let long = text(&|i| {
        format!(
            "order {i} was shipped to {} Maple Street, Springfield",
            i % 9973
        )
    });
    let short = text(&|i| format!("item {i}"));
    let names = text(&|i| format!("Martha Hoffman {}", i % 1000));
    let whole = Values::Whole((0..ROWS as i64).map(|i| i * 7_919_999).collect());
    let part = Values::Part((0..ROWS).map(|i| i as f64 * 0.37).collect());
    let dates = Values::Whole((0..ROWS as i64).map(|i| i * 86_400_000_003).collect());
    for (name, column, dictionary, values) in [
        ("text, long", "binary a (UTF8)", false, &long),
        ("text, short", "binary a (UTF8)", false, &short),
        ("text, dictionary", "binary a (UTF8)", true, &names),
        ("whole numbers", "int64 a", false, &whole),
        ("floats", "double a", false, &part),
        (
            "timestamps",
            "int64 a (TIMESTAMP(MICROS,true))",
            false,
            &dates,
        ),
    ] {
        measure(name, file(column, dictionary, values), Some(ROWS as u64));
    }
}
