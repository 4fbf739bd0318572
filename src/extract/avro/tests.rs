use super::super::planted::{assert_hardy, assert_planted, fixture, told, whole};
use super::super::recorded::Recorded;
use super::super::{Failure, Format};
use crate::model::Reason;

#[test]
fn planted_values_are_told_once_whatever_the_codec() {
    for codec in ["null", "deflate", "snappy", "bzip2", "xz", "zstandard"] {
        let name = format!("people-{codec}.avro");
        let out = whole(Format::Avro, &name);
        assert_planted(&out, &name);
        assert_eq!(out.lines()[0].split(':').next(), Some("avro.schema"));
        assert_eq!(out.lines()[1], "owner: data team");
    }
}

#[test]
fn logical_types_read_as_people_write_them() {
    let told = told(&whole(Format::Avro, "people-null.avro"));
    for (place, text) in [
        ("record 2 $.id", "2"),
        ("record 3 $.seen", "2024-05-01T12:30:03Z"),
        ("record 0 $.balance", "12.50"),
        ("record 1 $.score", "0.25"),
        ("record 3 $.homes[0].kind", "home"),
        ("record 3 $.phones[0]", "n/a"),
    ] {
        assert!(
            told.contains(&(place.to_owned(), text.to_owned())),
            "{place}"
        );
    }
}

fn zigzag(value: i64) -> Vec<u8> {
    let mut left = (value << 1 ^ value >> 63) as u64;
    let mut bytes = Vec::new();
    while left > 0x7f {
        bytes.push(left as u8 | 0x80);
        left >>= 7;
    }
    bytes.push(left as u8);
    bytes
}

const MARK: &[u8; 16] = b"0123456789abcdef";

fn container(schema: &str, blocks: &[(i64, &[u8])]) -> Vec<u8> {
    let mut file = b"Obj\x01".to_vec();
    file.extend(zigzag(1));
    for part in ["avro.schema", schema] {
        file.extend(zigzag(part.len() as i64));
        file.extend(part.as_bytes());
    }
    file.extend(zigzag(0));
    file.extend(MARK);
    for (count, bytes) in blocks {
        file.extend(zigzag(*count));
        file.extend(zigzag(bytes.len() as i64));
        file.extend(*bytes);
        file.extend(MARK);
    }
    file
}

fn string(text: &str) -> Vec<u8> {
    [zigzag(text.len() as i64), text.as_bytes().to_vec()].concat()
}

#[test]
fn counts_that_lie_cost_nothing() {
    let nulls = r#"{"type":"array","items":"null"}"#;
    let strings = r#"{"type":"array","items":"string"}"#;
    for (schema, blocks) in [
        // 2^60 records without bytes
        (r#""null""#, vec![(1 << 60, vec![])]),
        // an array of 2^60 items without bytes, and its end
        (nulls, vec![(1, [zigzag(1 << 60), zigzag(0)].concat())]),
        (strings, vec![(1, zigzag(1 << 60))]),
        (strings, vec![(1, [zigzag(1), zigzag(1 << 60)].concat())]),
        (strings, vec![(1, zigzag(i64::MIN))]),
    ] {
        let blocks: Vec<(i64, &[u8])> = blocks.iter().map(|(n, b)| (*n, b.as_slice())).collect();
        let start = std::time::Instant::now();
        let (out, result) = Recorded::read(Format::Avro, &container(schema, &blocks));
        result.unwrap();
        assert!(told(&out).is_empty());
        assert!(start.elapsed().as_secs() < 2);
    }
}

#[test]
fn a_broken_block_is_a_gap_and_the_next_is_read() {
    let good = [string("one"), string("two")].concat();
    let bad = [zigzag(1000), b"x".to_vec()].concat();
    let bytes = container(r#""string""#, &[(2, &good), (3, &bad), (2, &good)]);
    let (out, result) = Recorded::read(Format::Avro, &bytes);
    result.unwrap();
    assert_eq!(
        out.gaps(),
        [(
            Reason::MalformedFile,
            "records from 2 on are not read: a record ends early"
        )]
    );
    // the records that could not be read are counted
    assert_eq!(
        out.places("two"),
        ["record 1 column 0", "record 6 column 0"]
    );

    // without its mark, a block is lost up to the next one
    let mut bytes = container(r#""string""#, &[(2, &good), (2, &good), (2, &good)]);
    let marks: Vec<_> = (0..bytes.len() - 15)
        .filter(|at| &bytes[*at..*at + 16] == MARK)
        .collect();
    bytes[marks[2]] = b'!';
    let (out, result) = Recorded::read(Format::Avro, &bytes);
    result.unwrap();
    assert_eq!(out.gaps().len(), 1);
    assert!(out.gaps()[0].1.ends_with("no mark follows it"));
    assert_eq!(out.places("two").len(), 1);
}

#[test]
fn a_type_in_itself_has_the_path_of_each_value() {
    let schema = r#"{"type":"record","name":"t","fields":[{"name":"ssn","type":"string"},{"name":"next","type":["null","t"]}]}"#;
    let record = [
        string("one"),
        zigzag(1),
        string("two"),
        zigzag(1),
        string("three"),
        zigzag(0),
    ]
    .concat();
    let (out, result) = Recorded::read(Format::Avro, &container(schema, &[(1, &record)]));
    result.unwrap();
    assert_eq!(
        told(&out),
        [
            ("record 0 $.ssn", "one"),
            ("record 0 $.next.ssn", "two"),
            ("record 0 $.next.next.ssn", "three")
        ]
        .map(|(place, text)| (place.to_owned(), text.to_owned()))
    );
    // deeper than anyone means it
    let deep: Vec<u8> = (0..100_000)
        .flat_map(|_| [string("x"), zigzag(1)].concat())
        .collect();
    let (out, result) = Recorded::read(Format::Avro, &container(schema, &[(1, &deep)]));
    result.unwrap();
    assert!(out.gaps()[0].1.contains("500 levels"), "{:?}", out.gaps());
}

#[test]
fn keys_of_maps_are_labels_of_their_values() {
    let schema = r#"{"type":"map","values":["string",{"type":"map","values":"string"},{"type":"array","items":"string"}]}"#;
    let record = [
        zigzag(3),
        string("ssn"),
        zigzag(0),
        string("219-09-9123"),
        string("card"),
        zigzag(1),
        zigzag(1),
        string("pin"),
        string("77"),
        zigzag(0),
        string("tags"),
        zigzag(2),
        zigzag(1),
        string("x"),
        zigzag(0),
        zigzag(0),
    ]
    .concat();
    let (out, result) = Recorded::read(Format::Avro, &container(schema, &[(1, &record)]));
    result.unwrap();
    assert_eq!(out.gaps(), []);
    assert_eq!(
        told(&out),
        [
            ("record 0 $.ssn", "ssn: 219-09-9123"),
            ("record 0 $.card.pin", "pin: 77"),
            ("record 0 $.tags[0]", "x"),
        ]
        .map(|(place, text)| (place.to_owned(), text.to_owned()))
    );
}

#[test]
fn what_is_no_avro_or_of_an_unknown_codec_says_so() {
    let (_, result) = Recorded::read(Format::Avro, b"Obj\x02");
    assert!(matches!(result, Err(Failure::NotThis(_))));
    let mut bytes = fixture("people-deflate.avro");
    let at = bytes.windows(7).position(|w| w == b"deflate").unwrap();
    bytes[at..at + 7].copy_from_slice(b"inflate");
    let (_, result) = Recorded::read(Format::Avro, &bytes);
    assert!(
        matches!(
            &result,
            Err(Failure::Broken {
                reason: Reason::UnsupportedFileTypeException,
                ..
            })
        ),
        "{result:?}"
    );
}

#[test]
fn cut_and_flipped_files_end() {
    for codec in ["null", "deflate", "snappy", "bzip2", "xz", "zstandard"] {
        assert_hardy(Format::Avro, &fixture(&format!("people-{codec}.avro")));
    }
}
