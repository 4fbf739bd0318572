//! Text that stands in a compound file whose directory is broken or cut off: runs of printable
//! characters, of one byte or of two, without any order but that of the file.

use std::io::BufRead;
use std::sync::Arc;

use super::super::{Failure, Out, SeekAt};
use crate::model::ReadAt;

/// Characters from which on a run is told.
const RUN_MIN: usize = 5;
/// Bytes of a run that are told at a time.
const RUN_BYTES_MAX: usize = 64 << 10;

/// Tells the runs of a file.
pub fn tell(source: &Arc<dyn ReadAt>, out: &mut dyn Out) -> Result<(), Failure> {
    let mut input = SeekAt::new(source);
    // Of two bytes: a run for characters that begin at even and at odd offsets.
    let (mut narrow, mut wide) = (String::new(), [String::new(), String::new()]);
    let (mut before, mut offset) = (0u8, 0usize);
    loop {
        let bytes = input.fill_buf().map_err(Failure::Source)?;
        if bytes.is_empty() {
            break;
        }
        for byte in bytes {
            add(&mut narrow, Some(*byte), out)?;
            let pair = (*byte == 0).then_some(before);
            add(&mut wide[offset % 2], pair, out)?;
            (before, offset) = (*byte, offset.wrapping_add(1));
        }
        let len = bytes.len();
        input.consume(len);
    }
    for run in [&mut narrow].into_iter().chain(&mut wide) {
        add(run, None, out)?;
    }
    Ok(())
}

/// Goes on with a run, or ends it.
fn add(run: &mut String, byte: Option<u8>, out: &mut dyn Out) -> Result<(), Failure> {
    let printable = byte.filter(|byte| matches!(byte, 0x20..=0x7e | b'\t'));
    run.extend(printable.map(char::from));
    if printable.is_none() || run.len() >= RUN_BYTES_MAX {
        if run.len() >= RUN_MIN {
            out.line(run)?;
        }
        run.clear();
    }
    Ok(())
}
