//! Parsers of documents: the first byte chooses the kind.
#![no_main]

use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use magpie::extract::{Bounds, Column, Failure, Format, Out, Table, read};
use magpie::model::{ReadAt, Reason};

struct Held(Vec<u8>);

impl ReadAt for Held {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(self.0.len());
        let len = buffer.len().min(self.0.len() - from);
        buffer[..len].copy_from_slice(&self.0[from..from + len]);
        Ok(len)
    }
}

struct Nothing;

impl Out for Nothing {
    fn mime(&mut self, _: &'static str) -> Result<(), Failure> {
        Ok(())
    }
    fn table(&mut self, _: Table<'_>, _: Option<u64>, _: &[Column]) -> Result<(), Failure> {
        Ok(())
    }
    fn cell(&mut self, _: u64, _: u32, _: &str) -> Result<(), Failure> {
        Ok(())
    }
    fn value(&mut self, _: u64, _: u32, _: Option<&str>, _: &str) -> Result<(), Failure> {
        Ok(())
    }
    fn table_end(&mut self) -> Result<(), Failure> {
        Ok(())
    }
    fn page(&mut self, _: u32) -> Result<(), Failure> {
        Ok(())
    }
    fn line(&mut self, _: &str) -> Result<(), Failure> {
        Ok(())
    }
    fn member(&mut self, _: &str, _: Option<DateTime<Utc>>) -> Result<(), Failure> {
        Ok(())
    }
    fn data(&mut self, _: &[u8]) -> Result<(), Failure> {
        Ok(())
    }
    fn member_end(&mut self, _: Option<(Reason, &str)>) -> Result<(), Failure> {
        Ok(())
    }
    fn gap(&mut self, _: Reason, _: &str) -> Result<(), Failure> {
        Ok(())
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let format = Format::ALL[usize::from(*first) % Format::ALL.len()];
    let source: Arc<dyn ReadAt> = Arc::new(Held(rest.to_vec()));
    let bounds = Bounds {
        bytes_max: 16 << 20,
        office_bytes_max: 16 << 20,
        ..Bounds::default()
    };
    // a parser that gives up with a panic costs its document only
    let _ = std::panic::catch_unwind(|| read(format, &source, &bounds, &mut Nothing));
});
