//! What holds for any input: the walk ends, and neither the size of the reads nor that of the
//! blocks changes what it says.

use std::io::{self, Read};
use std::ops::ControlFlow;

use magpie::content::{Input, Limits, walk};
use magpie::model::{Block, Member, MemberOutcome, Place, Status, Tracker, Visitor};

struct Drip {
    bytes: Vec<u8>,
    at: usize,
    step: usize,
}

impl Read for Drip {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let len = out.len().min(self.step).min(self.bytes.len() - self.at);
        out[..len].copy_from_slice(&self.bytes[self.at..self.at + len]);
        self.at += len;
        Ok(len)
    }
}

/// Names of the fields and places of one character in so many.
const STRIDE: u64 = 7;

#[derive(Debug, Default, PartialEq)]
pub struct Told {
    places: Vec<(Place, Option<Vec<String>>)>,
    cells: Vec<(u32, Vec<u8>)>,
    text: Vec<u8>,
    ends: Vec<(Status, u64)>,
}

impl Visitor for Told {
    fn member(&mut self, _: &Member) {}

    fn block(&mut self, block: &Block<'_>, tracker: &mut dyn Tracker) -> ControlFlow<()> {
        self.text.extend_from_slice(&block.text[block.own.clone()]);
        let cells = &mut self.cells;
        tracker.cells(block, &[true; 8], &mut |column, range| {
            // What of a cell is in view depends on the block.
            let end = range.end.min(range.start + 64);
            cells.push((column, block.text[range.start..end].to_vec()));
        });
        for at in block.own.clone() {
            let starts = block.text[at] & 0xc0 != 0x80;
            if (block.start + at as u64) % STRIDE != 0 || !starts {
                continue;
            }
            let end = (at + 1..block.text.len())
                .find(|&i| block.text[i] & 0xc0 != 0x80)
                .unwrap_or(block.text.len());
            let field = tracker.field_at(block, at);
            let names = field.map(|field| {
                assert!(
                    field.value.start <= field.value.end && field.value.end <= block.text.len()
                );
                let mut names = Vec::new();
                tracker.field_names(&mut |name| names.push(name.to_owned()));
                names
            });
            self.places.push((tracker.place(block, at..end), names));
        }
        ControlFlow::Continue(())
    }

    fn member_end(&mut self, outcome: &MemberOutcome) {
        self.ends.push((outcome.status, outcome.bytes_scanned));
    }
}

fn run(name: &str, bytes: &[u8], limits: &Limits, step: usize) -> Told {
    let mut told = Told::default();
    let input = Input {
        name,
        reader: Box::new(Drip {
            bytes: bytes.to_vec(),
            at: 0,
            step,
        }),
        ranged: None,
        size: None,
    };
    let outcome = walk(input, limits, &mut told);
    assert!(outcome.source_error.is_none() && !outcome.stopped);
    assert_eq!(outcome.reason.is_none(), outcome.status == Status::Complete);
    told
}

/// Walks `bytes` under `name` in several ways and compares.
pub fn same_every_way(name: &str, bytes: &[u8]) {
    let limits = Limits {
        extracted_bytes_max: 1 << 20,
        member_bytes_max: 1 << 18,
        members_max: 100,
        ..Limits::default()
    };
    let whole = run(name, bytes, &limits, usize::MAX);
    let small = Limits {
        block_bytes: 61,
        ..limits
    };
    assert_eq!(run(name, bytes, &small, 13), whole);
}
