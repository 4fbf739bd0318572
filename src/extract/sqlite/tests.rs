use super::super::planted::{assert_hardy, assert_planted, fixture, told, whole};
use super::super::recorded::Recorded;
use super::super::{Failure, Format};

#[test]
fn planted_values_are_told_once_at_their_row() {
    for name in ["people.sqlite", "people-utf16.sqlite"] {
        assert_planted(&whole(Format::Sqlite, name), name);
    }
}

#[test]
fn rows_of_every_kind_of_table_are_told() {
    for name in ["people.sqlite", "people-utf16.sqlite"] {
        let out = whole(Format::Sqlite, name);
        let told = told(&out);
        let has = |place: &str, text: &str| {
            assert!(
                told.contains(&(place.to_owned(), text.to_owned())),
                "{place}"
            );
        };
        // the key that is the row id
        has("staff row 3010 column 0", "3010");
        // over many pages
        let long = &told
            .iter()
            .find(|(place, _)| place == "notes row 1 column 0")
            .unwrap()
            .1;
        assert!(long.len() > 6_000 && long.ends_with("the ssn is 219-09-9125"));
        // a computed column that is stored, one that is not, blobs of text and of no text
        has("notes row 1 column 2", &long.len().to_string());
        has("notes row 1 column 3", "text in a blob");
        has("notes row 302 column 0", "note 299");
        assert!(
            !told
                .iter()
                .any(|(place, _)| place == "notes row 2 column 3")
        );
        assert!(
            !told
                .iter()
                .any(|(place, _)| place.ends_with("column 1") && place.starts_with("notes"))
        );
        // the text of the schema, views among it
        assert!(
            out.lines()
                .iter()
                .any(|line| line.contains("the ssn is 219-09-9124")),
            "{:?}",
            out.lines()
        );
        assert_eq!(out.lines().len(), 5);
    }
}

#[test]
fn a_broken_page_costs_its_rows_alone() {
    let mut bytes = fixture("people.sqlite");
    let at = bytes
        .windows(14)
        .position(|w| w == b"Martha Hoffman")
        .unwrap();
    let page = at / 512 * 512;
    bytes[page..page + 512].fill(0xee);
    let (out, result) = Recorded::read(Format::Sqlite, &bytes);
    result.unwrap();
    assert_eq!(out.gaps().len(), 1, "{:?}", out.gaps());
    assert!(out.gaps()[0].1.ends_with("pages or rows are broken"));
    assert!(!told(&out).is_empty());
}

#[test]
fn pages_that_name_each_other_in_a_circle_end() {
    let mut bytes = fixture("people.sqlite");
    // every page becomes an inner page whose children are the pages around it
    for page in 1..bytes.len() / 512 {
        let at = page * 512;
        bytes[at] = 5;
        bytes[at + 3..at + 5].copy_from_slice(&200u16.to_be_bytes());
        for cell in 0..200usize {
            let pointer = at + 12 + 2 * cell;
            bytes[pointer..pointer + 2].copy_from_slice(&(500u16).to_be_bytes());
        }
        bytes[at + 500..at + 504].copy_from_slice(&2u32.to_be_bytes());
    }
    let (out, result) = Recorded::read(Format::Sqlite, &bytes);
    result.unwrap();
    assert!(!out.gaps().is_empty());
}

#[test]
fn what_is_no_database_says_so() {
    let (_, result) = Recorded::read(Format::Sqlite, b"SQLite format 4\0");
    assert!(matches!(result, Err(Failure::NotThis(_))));
    let (_, result) = Recorded::read(Format::Sqlite, b"SQLite format 3\0 and no more");
    assert!(matches!(result, Err(Failure::Broken { .. })));
    let mut bytes = fixture("people.sqlite");
    bytes[16..18].copy_from_slice(&1000u16.to_be_bytes());
    let (_, result) = Recorded::read(Format::Sqlite, &bytes);
    assert!(matches!(result, Err(Failure::Broken { .. })));
}

#[test]
fn cut_and_flipped_files_end() {
    assert_hardy(Format::Sqlite, &fixture("people.sqlite"));
    assert_hardy(Format::Sqlite, &fixture("people-utf16.sqlite"));
}
