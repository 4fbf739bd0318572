//! The parser's side of the conversation: documents are read as they are asked for, until nobody
//! asks any more.

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::failure::Failure;
use super::out::{Column, Out, Table};
use super::wire::{Begin, READ_BYTES_MAX, put, put_name, put_text, read_answer};
use crate::model::{ReadAt, Reason};

type Input = BufReader<Box<dyn Read + Send>>;
type Output = BufWriter<Box<dyn Write + Send>>;

/// Bytes of frames that are gathered before they are sent.
const OUTPUT_BYTES: usize = 64 << 10;
/// Bytes of input that are read at a time.
const INPUT_BYTES: usize = 64 << 10;

struct Ends {
    input: Input,
    output: Output,
}

#[derive(Clone)]
struct Line(Arc<Mutex<Ends>>);

impl Line {
    /// A parser that panicked left no frame half written: frames are written under the lock.
    fn ends(&self) -> MutexGuard<'_, Ends> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves documents until the input ends.
///
/// # Errors
/// The conversation broke off.
pub fn serve(input: Box<dyn Read + Send>, output: Box<dyn Write + Send>) -> io::Result<()> {
    let line = Line(Arc::new(Mutex::new(Ends {
        input: BufReader::with_capacity(INPUT_BYTES, input),
        output: BufWriter::with_capacity(OUTPUT_BYTES, output),
    })));
    loop {
        let Some(begin) = Begin::read(&mut line.ends().input)? else {
            return Ok(());
        };
        let source: Arc<dyn ReadAt> = Arc::new(Remote {
            line: line.clone(),
            size: begin.size,
        });
        let mut speaker = Speaker { line: line.clone() };
        let read = catch_unwind(AssertUnwindSafe(|| {
            super::read(begin.format, &source, &begin.bounds, &mut speaker)
        }));
        // what a panic says may quote the document and is not told
        let outcome = read.unwrap_or_else(|_| {
            let reason = begin.format.broken_reason();
            let detail = "the parser met what it did not expect and gave up";
            Err(Failure::broken(reason, detail))
        });
        let mut ends = line.ends();
        let out = &mut ends.output;
        match outcome {
            Ok(()) => out.write_all(b"Zo")?,
            Err(Failure::NotThis(detail)) => {
                out.write_all(b"Zn")?;
                put_name(out, &detail)?;
            }
            Err(Failure::Broken { reason, detail }) => {
                out.write_all(b"Zb")?;
                put_name(out, reason.as_str())?;
                put_name(out, &detail)?;
            }
            Err(Failure::Source(error)) => {
                out.write_all(b"Zs")?;
                put_name(out, &error.kind().to_string())?;
            }
            Err(Failure::Gone) => return Ok(()),
        }
        out.flush()?;
    }
}

/// The document, at the other end of the line.
struct Remote {
    line: Line,
    size: u64,
}

impl ReadAt for Remote {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut ends = self.line.ends();
        let mut filled = 0;
        while filled < buffer.len() {
            let at = offset.saturating_add(filled as u64);
            let want = (buffer.len() - filled).min(READ_BYTES_MAX);
            let want = self.size.saturating_sub(at).min(want as u64) as usize;
            if want == 0 {
                break;
            }
            ends.output.write_all(b"R")?;
            put(&mut ends.output, at)?;
            put(&mut ends.output, want as u64)?;
            ends.output.flush()?;
            match read_answer(&mut ends.input, &mut buffer[filled..filled + want])? {
                0 => break,
                read => filled += read,
            }
        }
        Ok(filled)
    }
}

struct Speaker {
    line: Line,
}

impl Speaker {
    fn say(&mut self, write: impl FnOnce(&mut Output) -> io::Result<()>) -> Result<(), Failure> {
        write(&mut self.line.ends().output).map_err(|_| Failure::Gone)
    }
}

impl Out for Speaker {
    fn mime(&mut self, mime: &'static str) -> Result<(), Failure> {
        self.say(|out| {
            out.write_all(b"M")?;
            put_name(out, mime)
        })
    }

    fn table(
        &mut self,
        table: Table<'_>,
        header_row: Option<u64>,
        columns: &[Column],
    ) -> Result<(), Failure> {
        self.say(|out| {
            match table {
                Table::Sheet(name) => {
                    out.write_all(b"Ts")?;
                    put_name(out, name)?;
                }
                Table::Named(name) => {
                    out.write_all(b"Tn")?;
                    put_name(out, name)?;
                }
                Table::Records => out.write_all(b"Tr")?,
            }
            put(out, header_row.map_or(0, |row| row.saturating_add(1)))?;
            put(out, columns.len() as u64)?;
            for column in columns {
                put_name(out, &column.name)?;
                put_name(out, &column.path)?;
            }
            Ok(())
        })
    }

    fn cell(&mut self, row: u64, column: u32, text: &str) -> Result<(), Failure> {
        self.say(|out| {
            out.write_all(b"C")?;
            put(out, row)?;
            put(out, column.into())?;
            put_text(out, text.as_bytes())
        })
    }

    fn value(
        &mut self,
        record: u64,
        column: u32,
        path: Option<&str>,
        text: &str,
    ) -> Result<(), Failure> {
        self.say(|out| {
            out.write_all(b"V")?;
            put(out, record)?;
            put(out, column.into())?;
            match path {
                None => out.write_all(&[0])?,
                Some(path) => {
                    out.write_all(&[1])?;
                    put_name(out, path)?;
                }
            }
            put_text(out, text.as_bytes())
        })
    }

    fn table_end(&mut self) -> Result<(), Failure> {
        self.say(|out| out.write_all(b"Q"))
    }

    fn page(&mut self, number: u32) -> Result<(), Failure> {
        self.say(|out| {
            out.write_all(b"P")?;
            put(out, number.into())
        })
    }

    fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.say(|out| {
            out.write_all(b"L")?;
            put_text(out, text.as_bytes())
        })
    }

    fn member(&mut self, name: &str, modified: Option<DateTime<Utc>>) -> Result<(), Failure> {
        self.say(|out| {
            out.write_all(b"N")?;
            put_name(out, name)?;
            match modified {
                None => out.write_all(&[0]),
                Some(time) => {
                    out.write_all(&[1])?;
                    put(out, time.timestamp() as u64)
                }
            }
        })
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.say(|out| {
            out.write_all(b"A")?;
            put_text(out, bytes)
        })
    }

    fn member_end(&mut self, fault: Option<(Reason, &str)>) -> Result<(), Failure> {
        self.say(|out| {
            out.write_all(b"X")?;
            match fault {
                None => out.write_all(&[0]),
                Some((reason, detail)) => {
                    out.write_all(&[1])?;
                    put_name(out, reason.as_str())?;
                    put_name(out, detail)
                }
            }
        })
    }

    fn gap(&mut self, reason: Reason, detail: &str) -> Result<(), Failure> {
        self.say(|out| {
            out.write_all(b"G")?;
            put_name(out, reason.as_str())?;
            put_name(out, detail)
        })
    }
}
