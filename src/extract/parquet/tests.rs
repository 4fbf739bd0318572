use super::super::planted::{assert_hardy, assert_planted, fixture, told, whole};
use super::super::recorded::{Recorded, Told};
use super::super::{Failure, Format};
use crate::model::Reason;

#[test]
fn planted_values_are_told_once_whatever_the_codec() {
    for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4", "v2"] {
        let name = format!("people-{codec}.parquet");
        assert_planted(&whole(Format::Parquet, &name), &name);
    }
}

#[test]
fn numbers_dates_and_metadata_are_told_as_people_write_them() {
    let out = whole(Format::Parquet, "people-zstd.parquet");
    let told = told(&out);
    for (place, text) in [
        ("record 2 $.id", "2"),
        ("record 3 $.seen", "2024-05-01T12:30:03Z"),
        ("record 0 $.balance", "12.50"),
        ("record 1 $.score", "0.25"),
        ("record 3 $.homes[0].kind", "home"),
        ("record 3 $.accounts[0].key", "iban"),
        ("record 3 $.phones[0]", "n/a"),
    ] {
        assert!(
            told.contains(&(place.to_owned(), text.to_owned())),
            "{place}"
        );
    }
    assert_eq!(out.lines(), ["owner: data team"]);
    let names: Vec<_> = out
        .told
        .iter()
        .filter_map(|told| match told {
            Told::Table { columns, .. } => Some(columns),
            _ => None,
        })
        .flatten()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(
        &names[1..6],
        [
            "full_name",
            "ids.ssn",
            "ids.checked",
            "card_number",
            "phones"
        ]
    );
}

#[test]
fn every_type_reads_as_it_should() {
    let want = [
        ("u32", "4294967295"),
        ("u64", "18446744073709551615"),
        ("i8", "-7"),
        ("f16", "1.5"),
        ("f32", "47.6205"),
        ("time", "12:30:01"),
        ("local", "2024-05-01T12:30:00"),
        ("dec256", "-123456789012345678901234567890123456789012.5"),
        ("blob", "told äs text"),
        ("uuid", "00010203-0405-0607-0809-0a0b0c0d0e0f"),
        ("deep[0][0][0]", "a"),
        ("deep[2][0][0]", "b"),
        ("map[0].key", "k 1"),
        ("map['k 1']", "k 1: 5"),
    ]
    .map(|(path, text)| (format!("record 0 $.{path}"), text.to_owned()));
    assert_eq!(told(&whole(Format::Parquet, "types.parquet")), want);
    let old = told(&whole(Format::Parquet, "int96.parquet"));
    assert_eq!(old[0].1, "1959-04-13T12:00:00");
}

#[test]
fn encrypted_columns_are_gaps_and_the_others_are_read() {
    let (out, result) = Recorded::read(Format::Parquet, &fixture("locked-column.parquet"));
    result.unwrap();
    assert_eq!(
        out.gaps(),
        [(
            Reason::InvalidEncryption,
            "column 2 of row group 1 is encrypted"
        )]
    );
    let (_, result) = Recorded::read(Format::Parquet, &fixture("locked-footer.parquet"));
    assert!(
        matches!(
            &result,
            Err(Failure::Broken {
                reason: Reason::InvalidEncryption,
                ..
            })
        ),
        "{result:?}"
    );
}

#[test]
fn a_broken_page_costs_its_column_alone() {
    let mut bytes = fixture("people-none.parquet");
    // the page of the names: the length before the first one is a lie
    let at = bytes.windows(6).position(|w| w == b"Martha").unwrap();
    bytes[at - 4..at].fill(0xff);
    let (out, result) = Recorded::read(Format::Parquet, &bytes);
    result.unwrap();
    assert_eq!(out.gaps().len(), 1, "{:?}", out.gaps());
    let (reason, detail) = out.gaps()[0];
    assert_eq!(reason, Reason::MalformedFile);
    assert_eq!(
        detail,
        "column 2 of row group 1 cannot be decoded to its end"
    );
    assert_eq!(out.places("Sofia Brennan"), ["record 2 column 1"]);
    assert_eq!(out.places("410 Terry Avenue North").len(), 1);
}

#[test]
fn lies_in_the_footer_end_in_an_error() {
    let bytes = fixture("people-snappy.parquet");
    for length in [u32::MAX, bytes.len() as u32, 0, 3] {
        let mut bytes = bytes.clone();
        let at = bytes.len() - 8;
        bytes[at..at + 4].copy_from_slice(&length.to_le_bytes());
        let (_, result) = Recorded::read(Format::Parquet, &bytes);
        assert!(
            matches!(
                &result,
                Err(Failure::Broken {
                    reason: Reason::MalformedFile,
                    ..
                })
            ),
            "{result:?}"
        );
    }
    let (_, result) = Recorded::read(Format::Parquet, b"PAR1");
    assert!(matches!(result, Err(Failure::Broken { .. })));
    let (_, result) = Recorded::read(Format::Parquet, b"PAR2PAR2PAR2PAR2");
    assert!(matches!(result, Err(Failure::NotThis(_))));
}

#[test]
fn cut_and_flipped_files_end() {
    assert_hardy(Format::Parquet, &fixture("people-snappy.parquet"));
    assert_hardy(Format::Parquet, &fixture("people-v2.parquet"));
    assert_hardy(Format::Parquet, &fixture("types.parquet"));
}

#[test]
#[allow(clippy::field_reassign_with_default)] // the other fields are its own
fn who_listens_may_leave() {
    let bytes = fixture("people-zstd.parquet");
    for calls in [0, 1, 5, 20] {
        let mut out = Recorded::default();
        out.calls_max = Some(calls);
        let source = super::super::recorded::held(bytes.clone());
        let result = super::super::read(Format::Parquet, &source, &Default::default(), &mut out);
        assert!(matches!(result, Err(Failure::Gone)), "{calls}: {result:?}");
    }
}
