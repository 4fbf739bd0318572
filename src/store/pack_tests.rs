//! What is packed reads back, whatever it is; what is broken is told.

use std::ops::ControlFlow;
use std::sync::Arc;

use proptest::prelude::*;

use crate::model::{
    CatalogueIndex, Category, Cell, DetectorInfo, KeywordHit, KeywordView, LogPlace, MaskStyle,
    Occurrence, OccurrenceView, Origin, Place, Record, Rivals, Severity, SeverityTable, Side,
    Table,
};

use super::pack::{CHUNK_BYTES_MAX, Chunk, ChunkPacker};
use super::unpack::Unpacker;
use super::varint::put;

fn catalogue() -> CatalogueIndex {
    let detector = |id: &str, category, checks: &[&str]| DetectorInfo {
        id: id.to_owned(),
        uuid: None,
        category,
        kind: String::new(),
        countries: Vec::new(),
        description: String::new(),
        references: Vec::new(),
        severity: SeverityTable::by_count(Severity::Low, Severity::Medium, Severity::High)
            .expect("ascending"),
        origin: Origin::Macie,
        recommended: true,
        default_on: true,
        keyword_required: false,
        keywords: Vec::new(),
        checks: checks.iter().map(|c| (*c).to_owned()).collect(),
        mask: MaskStyle::All,
        macie_count_max: None,
    };
    CatalogueIndex {
        detectors: vec![
            detector("AWS_CREDENTIALS", Category::Credentials, &[]),
            detector(
                "CREDIT_CARD_NUMBER",
                Category::FinancialInformation,
                &["luhn", "issuer"],
            ),
            detector("NAME", Category::PersonalInformation, &["luhn"]),
            detector("own", Category::CustomIdentifier, &[]),
        ],
        keywords: vec![Arc::from("card"), Arc::from("ssn"), Arc::from("Größe")],
        fingerprint: "test".to_owned(),
    }
}

/// An occurrence with names, as it came out.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    container: Vec<String>,
    detector: String,
    category: Category,
    place: Place,
    masked: String,
    fingerprint: u64,
    confidence: u32,
    checks: u32,
    check_names: Vec<String>,
    keyword: Option<(String, Option<u16>, Side)>,
    rivals: Vec<String>,
}

impl Row {
    fn of(view: &OccurrenceView<'_>) -> Self {
        Row {
            container: view.container.to_vec(),
            detector: view.detector.to_owned(),
            category: view.category,
            place: view.place.clone(),
            masked: view.masked.to_owned(),
            fingerprint: view.fingerprint,
            confidence: view.confidence.to_bits(),
            checks: view.checks,
            check_names: view.check_names.to_vec(),
            keyword: view
                .keyword
                .map(|k: KeywordView<'_>| (k.text.to_owned(), k.distance, k.side)),
            rivals: view
                .rivals
                .iter()
                .flatten()
                .map(|r| (*r).to_owned())
                .collect(),
        }
    }
}

fn pack(occurrences: &[Occurrence], catalogue: &CatalogueIndex) -> Vec<Chunk> {
    let mut packer = ChunkPacker::new();
    let mut chunks: Vec<Chunk> = occurrences
        .iter()
        .filter_map(|o| packer.push(o, catalogue))
        .collect();
    chunks.extend(packer.finish());
    assert_eq!(packer.finish(), None);
    chunks
}

fn unpack(chunks: &[Chunk]) -> Vec<Row> {
    let mut unpacker = Unpacker::new();
    let mut rows = Vec::new();
    for chunk in chunks {
        let before = rows.len();
        let flow = unpacker.rows::<()>(&chunk.body, |view| {
            rows.push(Row::of(view));
            ControlFlow::Continue(())
        });
        assert_eq!(flow, Some(ControlFlow::Continue(())));
        assert_eq!(rows.len() - before, chunk.rows() as usize);
    }
    rows
}

fn wanted(occurrences: &[Occurrence], catalogue: &CatalogueIndex) -> Vec<Row> {
    occurrences
        .iter()
        .map(|o| Row::of(&OccurrenceView::new(o, catalogue).expect("known")))
        .collect()
}

fn name() -> impl Strategy<Value = Arc<str>> {
    prop_oneof!["[a-c]{0,2}", "\\PC{0,40}"].prop_map(|text| Arc::from(text.as_str()))
}

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![0..300u64, any::<u64>()]
}

fn table() -> impl Strategy<Value = Option<Table>> {
    prop::option::of((name(), any::<bool>())).prop_map(|table| {
        let (name, sheet) = table?;
        Some(if sheet {
            Table::Sheet(name)
        } else {
            Table::Named(name)
        })
    })
}

prop_compose! {
    fn place()(
        numbers in prop::array::uniform8(number()),
        stored in prop::option::of((number(), number())),
        cell in prop::option::of((number(), any::<u32>(), prop::option::of(name()), table())),
        record in prop::option::of((number(), name())),
        path in prop::option::of(name()),
        page in prop::option::of(any::<u32>()),
        log in prop::option::of(prop::array::uniform4(prop::option::of(name()))),
    ) -> Place {
        let [start, end, line, column, end_line, end_column, ..] = numbers;
        Place {
            byte_range: start..end,
            stored_range: stored.map(|(start, end)| start..end),
            line, column, end_line, end_column,
            cell: cell.map(|(row, column, column_name, table)| Cell { row, column, column_name, table }),
            record: record.map(|(record_index, json_path)| Record { record_index, json_path }),
            path,
            page,
            log: log.map(|[group, stream, timestamp, event_id]| {
                LogPlace { group, stream, timestamp, event_id }
            }),
        }
    }
}

prop_compose! {
    fn occurrence()(
        detector in 0..4u16,
        container in prop::collection::vec("[ab/.]{0,3}", 0..3),
        place in place(),
        masked in "\\PC{0,20}",
        fingerprint: u64,
        confidence: f32,
        checks: u32,
        keyword in prop::option::of((0..3u32, prop::option::of(any::<u16>()), 0..4u8)),
        rivals in prop::collection::vec(0..4u16, 0..4),
    ) -> Occurrence {
        Occurrence {
            detector,
            container: Arc::from(container),
            place,
            masked,
            fingerprint,
            confidence,
            checks,
            keyword: keyword.map(|(keyword, distance, side)| KeywordHit {
                keyword,
                distance,
                side: [Side::Before, Side::After, Side::Column, Side::Path][usize::from(side)],
            }),
            rivals: rivals.into_iter().collect(),
        }
    }
}

proptest! {
    #[test]
    fn what_is_packed_reads_back(occurrences in prop::collection::vec(occurrence(), 0..60)) {
        let catalogue = catalogue();
        let chunks = pack(&occurrences, &catalogue);
        prop_assert_eq!(unpack(&chunks), wanted(&occurrences, &catalogue));
    }

    #[test]
    fn broken_chunks_are_told(
        occurrences in prop::collection::vec(occurrence(), 1..9),
        at: prop::sample::Index,
        bit in 0..8u8,
        cut: prop::sample::Index,
    ) {
        let catalogue = catalogue();
        for chunk in pack(&occurrences, &catalogue) {
            // no panic, and no more rows than there were bytes
            let mut flipped = chunk.body.clone();
            let at = at.index(flipped.len());
            flipped[at] ^= 1 << bit;
            let _ = Unpacker::new().rows::<()>(&flipped, |_| ControlFlow::Continue(()));
            let cut = &chunk.body[..cut.index(chunk.body.len())];
            prop_assert_eq!(Unpacker::new().rows::<()>(cut, |_| ControlFlow::Continue(())), None);
        }
    }

    #[test]
    fn any_bytes_are_borne(bytes: Vec<u8>) {
        let mut stored = vec![0];
        stored.extend_from_slice(&(bytes.len() as u32 + 1).to_le_bytes());
        for version in [1, 2, 3] {
            stored.truncate(5);
            stored.push(version);
            stored.extend_from_slice(&bytes);
            let _ = Unpacker::new().rows::<()>(&stored, |_| ControlFlow::Continue(()));
        }
        let _ = Unpacker::new().rows::<()>(&bytes, |_| ControlFlow::Continue(()));
    }
}

/// Occurrences like those of a log archive, which differ from row to row.
fn log_occurrences(count: u64) -> Vec<Occurrence> {
    let container: Arc<[String]> = Arc::from(vec!["000000".to_owned()]);
    let stream: Arc<str> = Arc::from("web-1");
    (0..count)
        .map(|i| Occurrence {
            detector: (i % 3) as u16,
            container: container.clone(),
            place: Place {
                byte_range: i * 180 + 40..i * 180 + 51,
                line: i + 1,
                column: 41,
                end_line: i + 1,
                end_column: 52,
                log: Some(LogPlace {
                    group: None,
                    stream: Some(stream.clone()),
                    timestamp: Some(Arc::from(format!(
                        "2024-05-01T12:00:{:02}.{:03}Z",
                        i / 1000 % 60,
                        i % 1000
                    ))),
                    event_id: None,
                }),
                ..Place::default()
            },
            masked: format!("***-**-{:04}", i % 10_000),
            fingerprint: i.wrapping_mul(0x9e37_79b9_7f4a_7c15),
            confidence: 0.95,
            checks: 1,
            keyword: Some(KeywordHit {
                keyword: 1,
                distance: Some(2),
                side: Side::Before,
            }),
            rivals: Rivals::default(),
        })
        .collect()
}

#[test]
fn chunks_keep_their_bound_and_are_small() {
    let catalogue = catalogue();
    let occurrences = log_occurrences(20_000);
    let chunks = pack(&occurrences, &catalogue);
    assert!(chunks.len() > 2);
    for chunk in &chunks {
        let raw = u32::from_le_bytes(chunk.body[1..5].try_into().expect("four bytes"));
        assert!(raw as usize <= CHUNK_BYTES_MAX, "{raw}");
        assert!(raw as usize > CHUNK_BYTES_MAX / 2 || chunk == chunks.last().expect("one"));
    }
    assert_eq!(unpack(&chunks), wanted(&occurrences, &catalogue));
    let bytes: usize = chunks.iter().map(Chunk::bytes).sum();
    assert!(
        bytes / occurrences.len() < 40,
        "{} bytes a row",
        bytes / occurrences.len()
    );
}

#[test]
fn a_row_longer_than_a_chunk_is_kept() {
    let catalogue = catalogue();
    let mut occurrences = log_occurrences(3);
    let path: String = (0..30_000).map(|i| format!("{i:x}")).collect();
    occurrences[1].place.record = Some(Record {
        record_index: 0,
        json_path: Arc::from(path),
    });
    let chunks = pack(&occurrences, &catalogue);
    assert_eq!(
        chunks.iter().map(Chunk::rows).collect::<Vec<_>>(),
        [1, 1, 1]
    );
    assert_eq!(unpack(&chunks), wanted(&occurrences, &catalogue));
}

/// Occurrences that leave nothing out, or nearly all.
fn odd_occurrences() -> Vec<Occurrence> {
    let plain: Arc<[String]> = Arc::from(Vec::new());
    let full = Occurrence {
        detector: 3,
        container: plain.clone(),
        place: Place {
            byte_range: 700..709,
            stored_range: Some(4_000_000_000..4_000_000_009),
            line: 9,
            column: 3,
            end_line: 10,
            end_column: 2,
            cell: Some(Cell {
                row: 7,
                column: 2,
                column_name: Some(Arc::from("Größe")),
                table: None,
            }),
            record: Some(Record {
                record_index: 5,
                json_path: Arc::from("$.a['b c'][2]"),
            }),
            path: None,
            page: Some(12),
            log: Some(LogPlace {
                group: Some(Arc::from("/aws/x")),
                stream: None,
                timestamp: None,
                event_id: Some(Arc::from("38")),
            }),
        },
        masked: "M***** R*****".to_owned(),
        fingerprint: u64::MAX - 1,
        confidence: 0.5,
        checks: 3,
        keyword: Some(KeywordHit {
            keyword: 2,
            distance: None,
            side: Side::Column,
        }),
        rivals: Rivals::default(),
    };
    let bare = Occurrence {
        detector: 0,
        container: plain,
        place: Place {
            byte_range: 20..21,
            line: 1,
            column: 1,
            end_line: 1,
            end_column: 2,
            cell: Some(Cell {
                row: 1,
                column: 1,
                column_name: None,
                table: None,
            }),
            ..Place::default()
        },
        masked: String::new(),
        fingerprint: 7,
        confidence: 1.0,
        checks: 0,
        keyword: None,
        rivals: Rivals::default(),
    };
    vec![full, bare]
}

/// Stores that an earlier magpie wrote stay readable: `chunk_v1.bin` is what its packer made of
/// these occurrences. The second version without rivals is the same.
#[test]
fn chunks_of_the_first_versions_are_read() {
    let catalogue = catalogue();
    let mut occurrences = log_occurrences(3);
    occurrences.extend(odd_occurrences());
    occurrences.extend(log_occurrences(60));
    let wanted = wanted(&occurrences, &catalogue);
    assert_eq!(unpack(&pack(&occurrences, &catalogue)), wanted);
    let rows = occurrences.len() as u32;
    let body = include_bytes!("../../tests/data/chunk_v1.bin").to_vec();
    assert_eq!((body[0], body.len()), (1, 1234), "deflated");
    let length = u32::from_le_bytes(body[1..5].try_into().expect("4 bytes"));
    let mut raw = vec![0; length as usize];
    libdeflater::Decompressor::new()
        .deflate_decompress(&body[5..], &mut raw)
        .expect("deflated");
    assert_eq!(unpack(&[Chunk { rows, body }]), wanted);
    for version in [0, 1, 2, 5] {
        raw[0] = version;
        let body = [&[0], &length.to_le_bytes()[..], &raw].concat();
        match version {
            1 | 2 => assert_eq!(unpack(&[Chunk { rows, body }]), wanted, "{version}"),
            _ => {
                let flow = Unpacker::new().rows::<()>(&body, |_| ControlFlow::Continue(()));
                assert_eq!(flow, None, "version {version}");
            }
        }
    }
}

#[test]
fn chunks_of_the_third_version_are_read() {
    let catalogue = catalogue();
    let occurrences = odd_occurrences();
    let mut chunks = pack(&occurrences, &catalogue);
    chunks[0].body[5] = 3;
    assert_eq!(unpack(&chunks), wanted(&occurrences, &catalogue));
}

#[test]
fn rivals_of_the_second_version_are_read() {
    // strings, detectors and containers; then one row with its rivals alone
    let mut raw = vec![2, 2, 1, b'A', 1, b'B', 2, 0, 0, 0, 1, 3, 0, 1, 0, 1];
    put(&mut raw, 1 << 9 | 1);
    // detector, container, start, length, line, column, end line, end column, mask
    raw.extend_from_slice(&[0, 0, 20, 6, 2, 4, 0, 6, 3, b'*', b'*', b'7']);
    raw.extend_from_slice(&9u64.to_le_bytes());
    raw.extend_from_slice(&0.5f32.to_bits().to_le_bytes());
    // checks; one rival
    raw.extend_from_slice(&[0, 1, 1]);
    let length = (raw.len() as u32).to_le_bytes();
    let body = [&[0], &length[..], &raw].concat();
    let rows = unpack(&[Chunk { rows: 1, body }]);
    assert_eq!(
        (rows[0].detector.as_str(), rows[0].masked.as_str()),
        ("A", "**7")
    );
    assert_eq!(rows[0].place.byte_range, 10..13);
    assert_eq!(rows[0].rivals, ["B"]);
}

#[test]
fn what_rows_have_in_common_is_written_once() {
    let catalogue = catalogue();
    let occurrences: Vec<Occurrence> = (0..3_000)
        .map(|i| {
            let mut occurrence = odd_occurrences().swap_remove(0);
            let place = &mut occurrence.place;
            (place.log, place.line, place.end_line) = (None, i, i);
            place.byte_range = i * 60..i * 60 + 11;
            place.stored_range = Some(i * 60 + 3..i * 60 + 14);
            place.end_column = place.column + 11;
            occurrence.fingerprint = i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            occurrence.masked = format!("***-**-{:04}", i * 7 % 10_000);
            occurrence
        })
        .collect();
    let chunks = pack(&occurrences, &catalogue);
    assert_eq!(unpack(&chunks), wanted(&occurrences, &catalogue));
    let bytes: usize = chunks.iter().map(Chunk::bytes).sum();
    assert!(bytes < 22 * occurrences.len(), "{bytes} bytes");
}

#[test]
fn debug_shows_sizes_only() {
    let catalogue = catalogue();
    let chunks = pack(&log_occurrences(1), &catalogue);
    assert!(format!("{:?}", chunks[0]).starts_with("Chunk(1 rows, "));
}
