//! A tester that runs one input down every path of the walk, with a finder of planted values in
//! the place of the detectors.
#![allow(dead_code)] // reason: each test file uses its own part

use std::io::{self, Read, Write};
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use magpie::content::{Input, Limits, walk};
use magpie::model::{
    Block, Member, MemberOutcome, Place, ReadAt, TextShape, Tracker, Visitor, WalkOutcome,
};

/// One planted value as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub value: String,
    pub container: Vec<String>,
    pub place: Place,
    pub shape: TextShape,
    /// The field that holds the value: its text, its names, and whether it is a name.
    pub field: Option<(String, Vec<String>, bool)>,
    pub column: Option<u32>,
}

#[derive(Debug)]
pub struct Seen {
    pub found: Vec<Found>,
    pub members: Vec<MemberOutcome>,
    pub outcome: WalkOutcome,
    /// Text of all members, as owned by the blocks.
    pub text: Vec<u8>,
    /// Cells of all wanted columns, in order.
    pub cells: Vec<(u32, String)>,
    pub columns: Vec<String>,
}

struct Finder<'a> {
    needles: &'a [&'a str],
    container: Vec<String>,
    found: Vec<Found>,
    members: Vec<MemberOutcome>,
    text: Vec<u8>,
    cells: Vec<(u32, String)>,
    columns: Vec<String>,
    expected_start: u64,
    stop_after: u64,
}

impl Visitor for Finder<'_> {
    fn member(&mut self, member: &Member) {
        self.container = member.container.to_vec();
        self.expected_start = 0;
    }

    fn block(&mut self, block: &Block<'_>, tracker: &mut dyn Tracker) -> ControlFlow<()> {
        // The contract of blocks: own ranges touch and the surroundings are there.
        let own_start = block.start + block.own.start as u64;
        assert_eq!(own_start, self.expected_start, "own ranges touch");
        self.expected_start = block.start + block.own.end as u64;
        assert!(!block.own.is_empty());
        assert_eq!(block.first, block.start == 0);
        assert!(block.first || block.own.start >= magpie::model::text::LOOKBEHIND_BYTES);
        let after = block.text.len() - block.own.end;
        assert!(block.last || after >= magpie::model::text::LOOKAHEAD_BYTES);
        self.text.extend_from_slice(&block.text[block.own.clone()]);
        self.columns = tracker.columns(block).to_vec();
        let wanted = [true; 32];
        let cells = &mut self.cells;
        tracker.cells(block, &wanted, &mut |column, range| {
            cells.push((column, lossy(&block.text[range])));
        });
        for needle in self.needles {
            for at in memchr::memmem::find_iter(block.text, needle.as_bytes()) {
                if !block.own.contains(&at) {
                    continue;
                }
                let range = at..at + needle.len();
                let field = tracker.field_at(block, at);
                let mut names = Vec::new();
                if field.is_some() {
                    tracker.field_names(&mut |name| names.push(name.to_owned()));
                }
                self.found.push(Found {
                    value: (*needle).to_owned(),
                    container: self.container.clone(),
                    place: tracker.place(block, range),
                    shape: tracker.shape(),
                    column: field.as_ref().and_then(|f| f.column),
                    field: field.map(|f| (lossy(&block.text[f.value]), names, f.is_name)),
                });
            }
        }
        if self.expected_start > self.stop_after {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    fn member_end(&mut self, outcome: &MemberOutcome) {
        self.members.push(outcome.clone());
    }
}

pub fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Gives out at most `step` bytes a read.
pub struct Drip {
    bytes: Vec<u8>,
    at: usize,
    step: usize,
}

impl Drip {
    pub fn new(bytes: &[u8], step: usize) -> Self {
        Drip {
            bytes: bytes.to_vec(),
            at: 0,
            step,
        }
    }
}

impl Read for Drip {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let len = out.len().min(self.step).min(self.bytes.len() - self.at);
        out[..len].copy_from_slice(&self.bytes[self.at..self.at + len]);
        self.at += len;
        Ok(len)
    }
}

pub struct Ranged(pub Vec<u8>);

impl ReadAt for Ranged {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset)
            .ok()
            .and_then(|at| self.0.get(at..))
            .unwrap_or_default();
        let len = rest.len().min(buffer.len());
        buffer[..len].copy_from_slice(&rest[..len]);
        Ok(len)
    }
}

/// Walks `reader` with a finder of `needles`.
pub fn see_reader(
    name: &str,
    reader: Box<dyn Read + Send>,
    ranged: Option<Arc<dyn ReadAt>>,
    size: Option<u64>,
    limits: &Limits,
    needles: &[&str],
) -> Seen {
    let mut finder = Finder {
        needles,
        container: Vec::new(),
        found: Vec::new(),
        members: Vec::new(),
        text: Vec::new(),
        cells: Vec::new(),
        columns: Vec::new(),
        expected_start: 0,
        stop_after: u64::MAX,
    };
    let input = Input {
        name,
        reader,
        ranged,
        size,
    };
    let outcome = walk(input, limits, &mut finder);
    let Finder {
        mut found,
        members,
        text,
        cells,
        columns,
        ..
    } = finder;
    // Order by member and place; the finder goes by block and needle.
    found.sort_by_key(|f| {
        let Range { start, end } = f.place.byte_range;
        (
            f.container.clone(),
            start,
            end,
            f.value.len(),
            f.value.clone(),
        )
    });
    let scanned: u64 = members.iter().map(|m| m.bytes_scanned).sum();
    assert_eq!(scanned, outcome.bytes_scanned);
    Seen {
        found,
        members,
        outcome,
        text,
        cells,
        columns,
    }
}

/// Walks `bytes` as a stream.
pub fn see(name: &str, bytes: &[u8], limits: &Limits, needles: &[&str]) -> Seen {
    see_step(name, bytes, limits, needles, usize::MAX)
}

pub fn see_step(name: &str, bytes: &[u8], limits: &Limits, needles: &[&str], step: usize) -> Seen {
    let reader = Box::new(Drip::new(bytes, step));
    see_reader(
        name,
        reader,
        None,
        Some(bytes.len() as u64),
        limits,
        needles,
    )
}

pub fn see_ranged(name: &str, bytes: &[u8], limits: &Limits, needles: &[&str]) -> Seen {
    let reader = Box::new(Drip::new(bytes, usize::MAX));
    let ranged: Arc<dyn ReadAt> = Arc::new(Ranged(bytes.to_vec()));
    let size = Some(bytes.len() as u64);
    see_reader(name, reader, Some(ranged), size, limits, needles)
}

pub fn blocks_of(block_bytes: usize) -> Limits {
    Limits {
        block_bytes,
        ..Limits::default()
    }
}

/// Block sizes that put seams everywhere in a small text.
pub const BLOCK_SIZES: [usize; 6] = [1, 2, 3, 7, 64, 1000];

/// Walks the same bytes whole, one byte at a time, in the smallest blocks, and through each
/// container, and checks that all see the same. Returns the straight run.
pub fn see_every_way(name: &str, bytes: &[u8], needles: &[&str]) -> Seen {
    let straight = see(name, bytes, &Limits::default(), needles);
    let same = |other: &Seen, what: &str| {
        for (one, two) in other.found.iter().zip(&straight.found) {
            assert_eq!(one, two, "{what}: {}", lossy(bytes));
        }
        assert_eq!(other.found.len(), straight.found.len(), "{what}");
        assert_eq!(other.text, straight.text, "{what}");
        assert_eq!(other.cells, straight.cells, "{what}");
        assert_eq!(other.outcome.status, straight.outcome.status, "{what}");
    };
    same(
        &see_step(name, bytes, &Limits::default(), needles, 1),
        "one byte at a time",
    );
    for size in BLOCK_SIZES {
        same(
            &see(name, bytes, &blocks_of(size), needles),
            &format!("blocks of {size}"),
        );
    }
    if straight.outcome.mime_type.starts_with("text/")
        || straight.outcome.mime_type == "application/json"
    {
        let inside = |other: Seen, stored: Option<u64>, what: &str| {
            let strip = |f: &Found| {
                let mut f = f.clone();
                f.container.clear();
                f.place.stored_range = None;
                f.place.log = None;
                f
            };
            let (a, b): (Vec<_>, Vec<_>) = (
                other.found.iter().map(strip).collect(),
                straight.found.iter().map(strip).collect(),
            );
            assert_eq!(a, b, "{what}");
            for f in &other.found {
                assert_eq!(f.container, [name], "{what}");
                let expected = stored.map(|base| {
                    let range = f.place.byte_range.clone();
                    base + range.start..base + range.end
                });
                assert_eq!(f.place.stored_range, expected, "{what}");
            }
        };
        let limits = Limits::default();
        let gz = gzip(bytes);
        inside(
            see(&format!("{name}.gz"), &gz, &limits, needles),
            None,
            "gzip",
        );
        inside(
            see_step(&format!("{name}.gz"), &gz, &blocks_of(64), needles, 1),
            None,
            "gzip, one byte at a time",
        );
        inside(
            see("x.tar", &tar(&[(name, bytes)]), &limits, needles),
            Some(512),
            "tar",
        );
        let stored = zip(name, bytes, zip::CompressionMethod::Stored);
        let lengths =
            [26, 28].map(|at| u64::from(u16::from_le_bytes([stored[at], stored[at + 1]])));
        let start = Some(30 + lengths[0] + lengths[1]);
        inside(see("x.zip", &stored, &limits, needles), start, "zip");
        let deflated = zip(name, bytes, zip::CompressionMethod::Deflated);
        inside(
            see_ranged("x.zip", &deflated, &blocks_of(64), needles),
            None,
            "zip, ranged",
        );
    }
    straight
}

/// Reads each found range back and compares; `decode` undoes the encoding of the member.
pub fn read_back(seen: &Seen, member: &[u8], decode: &dyn Fn(&[u8]) -> String) {
    for found in &seen.found {
        let Range { start, end } = found.place.byte_range.clone();
        let stored = &member[start as usize..end as usize];
        assert_eq!(decode(stored), found.value, "{:?}", found.place);
    }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(name: &str, bytes: &[u8], method: zip::CompressionMethod) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    writer.start_file(name, options).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap().into_inner()
}

pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mtime(1_714_564_800);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

pub fn values(seen: &Seen) -> Vec<&str> {
    seen.found.iter().map(|f| f.value.as_str()).collect()
}
