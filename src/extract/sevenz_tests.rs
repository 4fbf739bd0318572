use super::super::Format;
use super::super::planted::{assert_hardy, fixture};
use super::super::recorded::{Recorded, Told};
use super::*;

#[test]
fn members_come_out_of_every_method() {
    for method in ["", "-bzip2", "-deflate", "-zstd", "-ppmd", "-lzma", "-copy"] {
        let (out, result) =
            Recorded::read(Format::SevenZip, &fixture(&format!("people{method}.7z")));
        result.unwrap();
        let names: Vec<_> = out.members().iter().map(|(name, _)| *name).collect();
        assert_eq!(
            names,
            ["staff/list.txt", "empty.txt", "staff/list.csv"],
            "{method}"
        );
        let (_, list) = out.members()[0];
        assert!(list.starts_with(b"Martha Hoffman, ssn "), "{method}");
        assert_eq!(out.members()[1].1, b"");
        assert!(out.gaps().is_empty(), "{:?}", out.gaps());
        assert!(out.told.iter().any(|told| matches!(told, Told::Member { modified: Some(time), .. } if time.timestamp() > 1_700_000_000)));
    }
}

#[test]
fn locked_archives_say_so() {
    let (out, result) = Recorded::read(Format::SevenZip, &fixture("locked.7z"));
    result.unwrap();
    assert_eq!(
        out.gaps(),
        [(
            Reason::InvalidEncryption,
            "block 1 is locked with a password; 1 files of it are not read"
        )]
    );
    let (_, result) = Recorded::read(Format::SevenZip, &fixture("locked-names.7z"));
    match result {
        Err(Failure::Broken { reason, detail }) => {
            assert_eq!(reason, Reason::InvalidEncryption);
            assert!(detail.contains("locked with a password"), "{detail}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_comes_out_is_bounded() {
    let bounds = Bounds {
        bytes_max: 100,
        ..Bounds::default()
    };
    let (out, result) = Recorded::read_within(Format::SevenZip, &fixture("people.7z"), &bounds);
    let Err(Failure::Broken { reason, .. }) = result else {
        panic!("{result:?}");
    };
    assert_eq!(reason, Reason::ArchiveTotalBytesExtractedOverLimit);
    assert!(
        out.members()
            .iter()
            .map(|(_, data)| data.len())
            .sum::<usize>()
            <= 100
    );
}

#[test]
fn a_cut_archive_and_another_file_are_told_apart() {
    let whole = fixture("people.7z");
    let (_, result) = Recorded::read(Format::SevenZip, &whole[..whole.len() - 20]);
    let Err(Failure::Broken { reason, detail }) = result else {
        panic!("{result:?}");
    };
    assert_eq!(reason, Reason::MalformedFile);
    assert!(detail.contains("beyond the end"), "{detail}");
    let (_, result) = Recorded::read(Format::SevenZip, b"PK\x03\x04");
    assert!(matches!(result, Err(Failure::NotThis(_))));
}

#[test]
fn a_broken_member_is_told_up_to_its_fault() {
    let mut bytes = fixture("people-copy.7z");
    let at = bytes
        .windows(5)
        .position(|window| window == b", ssn")
        .unwrap();
    bytes[at] = b'!';
    let (out, result) = Recorded::read(Format::SevenZip, &bytes);
    result.unwrap();
    assert!(
        out.told.iter().any(|told| matches!(
            told,
            Told::Member {
                fault: Some((Reason::MalformedFile, _)),
                ..
            }
        )) || !out.gaps().is_empty()
    );
}

#[test]
fn cut_and_flipped_archives_end() {
    for method in ["", "-bzip2", "-deflate", "-zstd", "-ppmd", "-lzma", "-copy"] {
        assert_hardy(Format::SevenZip, &fixture(&format!("people{method}.7z")));
    }
}
