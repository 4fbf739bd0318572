//! What only a folder can do wrong: order, links, odd names, files that change.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;
use crate::model::Reason;

fn tree_of(path: &Path) -> Arc<Tree> {
    FolderSource::new(path).unwrap().tree
}

fn walk(path: &Path, names_max: usize) -> Vec<Result<ObjectMeta, SourceError>> {
    walk::Walk::with_limits(tree_of(path), names_max, 1, walk::FOLDER_DEPTH_MAX).collect()
}

fn keys(path: &Path, names_max: usize) -> Vec<String> {
    walk(path, names_max)
        .into_iter()
        .map(|e| e.unwrap().key)
        .collect()
}

fn listed(path: &Path, key: &str) -> ObjectMeta {
    let mut entries = walk(path, 1000).into_iter().flatten();
    entries.find(|m| m.key == key).unwrap()
}

fn error_of(io: std::io::Error) -> SourceError {
    io.downcast::<SourceError>().unwrap()
}

#[test]
fn lists_in_the_order_of_s3_whatever_part_is_held() {
    let dir = tempfile::tempdir().unwrap();
    for path in ["a/z", "a-b", "a.b", "a0", "a/b/c", "b", "Z", "é", "a/b.c"] {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"x").unwrap();
    }
    let all = keys(dir.path(), 1000);
    let mut sorted = all.clone();
    sorted.sort();
    assert_eq!(all, sorted);
    assert_eq!(all.len(), 9);
    for names_max in 1..6 {
        assert_eq!(keys(dir.path(), names_max), all, "{names_max} names held");
    }
}

#[test]
fn makes_uris_from_the_path_as_given() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("d")).unwrap();
    fs::write(dir.path().join("d/a b%20.txt"), b"x").unwrap();
    let text = dir.path().to_str().unwrap().to_owned();
    for given in [
        format!("{text}/d"),
        format!("{text}/d/"),
        format!("{text}/./d"),
    ] {
        let metas = walk(Path::new(&given), 10);
        let meta = metas[0].as_ref().unwrap();
        let slash = if given.ends_with('/') { "" } else { "/" };
        assert_eq!(meta.uri, format!("file://{given}{slash}a b%20.txt"));
        assert_eq!(meta.bucket.name, given);
        assert_eq!(meta.key, "a b%20.txt");
    }
    let file = format!("{text}/d/a b%20.txt");
    let source = FolderSource::new(Path::new(&file)).unwrap();
    let Root::File(path) = &source.tree.root else {
        panic!("a file is not a folder")
    };
    let meta = source.tree.file_entry(path).unwrap();
    assert_eq!(meta.uri, format!("file://{file}"));
    assert_eq!(meta.key, "a b%20.txt");
    assert_eq!(meta.extension(), "txt");
}

#[test]
fn opens_names_that_are_not_utf8() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join(OsStr::from_bytes(b"d\xc3"));
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join(OsStr::from_bytes(b"a\xff%41")), b"odd").unwrap();
    fs::write(folder.join("a%FF%2541"), b"plain").unwrap();
    for names_max in [1, 10] {
        let metas: Vec<_> = walk(dir.path(), names_max)
            .into_iter()
            .map(Result::unwrap)
            .collect();
        let read = |m: &ObjectMeta| {
            let mut text = String::new();
            let mut body = open::open(&tree_of(dir.path()), m).unwrap();
            body.reader.read_to_string(&mut text).unwrap();
            text
        };
        let seen: Vec<_> = metas.iter().map(|m| (m.key.as_str(), read(m))).collect();
        assert_eq!(
            seen,
            [
                ("./d%C3/./a%FF%2541", "odd".to_owned()),
                ("./d%C3/a%FF%2541", "plain".to_owned()),
            ]
        );
    }
}

#[test]
fn tells_what_is_not_a_regular_file_and_follows_no_link() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), b"x").unwrap();
    let dir = tempfile::tempdir().unwrap();
    symlink(outside.path(), dir.path().join("folder-link")).unwrap();
    symlink(outside.path().join("secret"), dir.path().join("link")).unwrap();
    symlink("nowhere", dir.path().join("dangling")).unwrap();
    let fifo = dir.path().join("pipe");
    sys::mknodat(CWD, &fifo, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
    fs::write(dir.path().join("z"), b"x").unwrap();
    let seen: Vec<String> = walk(dir.path(), 10)
        .iter()
        .map(|e| match e {
            Ok(meta) => meta.key.clone(),
            Err(e) => {
                assert_eq!(e.reason(), Reason::UnsupportedFileTypeException);
                assert_eq!(e.entry().unwrap().size, Some(0));
                let text = e.to_string();
                text[text.rfind('/').unwrap() + 1..].to_owned()
            }
        })
        .collect();
    assert_eq!(
        seen,
        [
            "dangling: a symbolic link, which is not followed; name its target instead",
            "folder-link: a symbolic link, which is not followed; name its target instead",
            "link: a symbolic link, which is not followed; name its target instead",
            "pipe: a pipe, not a regular file; pass its content with -",
            "socket: a socket, not a regular file",
            "z",
        ]
    );
    let single = FolderSource::new(&fifo).unwrap();
    assert!(single.tree.file_entry(&fifo).unwrap_err().entry().is_some());
}

#[test]
fn an_unreadable_folder_does_not_end_the_listing() {
    let dir = tempfile::tempdir().unwrap();
    for d in ["a", "b", "c"] {
        fs::create_dir(dir.path().join(d)).unwrap();
        fs::write(dir.path().join(d).join("f"), b"x").unwrap();
    }
    let locked = dir.path().join("b");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    let entries = walk(dir.path(), 10);
    let privileged = fs::read_dir(&locked).is_ok();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    if privileged {
        assert_eq!(entries.len(), 3, "root reads everything");
        return;
    }
    assert_eq!(entries[0].as_ref().unwrap().key, "a/f");
    let denied = entries[1].as_ref().unwrap_err();
    assert!(
        matches!(denied, SourceError::AccessDenied { .. }),
        "{denied}"
    );
    assert!(denied.entry().is_none());
    assert_eq!(entries[2].as_ref().unwrap().key, "c/f");
}

#[test]
fn too_deep_a_nesting_is_told_and_the_rest_is_listed() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("a/b/c")).unwrap();
    fs::write(dir.path().join("a/b/c/deep"), b"x").unwrap();
    fs::write(dir.path().join("a/b/d"), b"x").unwrap();
    let entries: Vec<_> = walk::Walk::with_limits(tree_of(dir.path()), 10, 1, 3).collect();
    let text = entries[0].as_ref().unwrap_err().to_string();
    assert!(
        text.ends_with(
            "a/b/c/: folders are nested more than 3 deep; scan it as a target of its own"
        ),
        "{text}"
    );
    assert_eq!(entries[1].as_ref().unwrap().key, "a/b/d");
    assert_eq!(entries.len(), 2);
}

#[test]
fn a_file_that_changes_is_never_read_as_whole() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    let tree = tree_of(dir.path());
    let rewrite = |bytes: &[u8]| fs::write(&path, bytes).unwrap();

    rewrite(b"first");
    let meta = listed(dir.path(), "f");
    rewrite(b"longer than before");
    let err = open::open(&tree, &meta).unwrap_err();
    assert!(matches!(err, SourceError::Changed { .. }), "{err}");

    // Grows, shrinks and is replaced in place, each while it is open.
    for change in [
        &b"longer than before, again"[..],
        b"",
        b"LONGER THAN BEFORE",
    ] {
        rewrite(b"longer than before");
        let meta = listed(dir.path(), "f");
        let mut body = open::open(&tree, &meta).unwrap();
        let mut start = [0; 6];
        body.reader.read_exact(&mut start).unwrap();
        assert_eq!(&start, b"longer");
        // A clock tick later, so that the time of change differs also on coarse clocks.
        std::thread::sleep(std::time::Duration::from_millis(20));
        rewrite(change);
        let err = body.reader.read_to_end(&mut Vec::new()).unwrap_err();
        assert!(matches!(error_of(err), SourceError::Changed { .. }));
        let err = body.ranged.unwrap().read_at(0, &mut start).unwrap_err();
        assert!(matches!(error_of(err), SourceError::Changed { .. }));
    }
}

#[test]
fn a_link_that_takes_the_place_of_a_folder_leads_nowhere() {
    let outside = tempfile::tempdir().unwrap();
    fs::create_dir(outside.path().join("d")).unwrap();
    fs::write(outside.path().join("d/f"), b"secret").unwrap();
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("d")).unwrap();
    fs::write(dir.path().join("d/f"), b"public").unwrap();
    let meta = listed(dir.path(), "d/f");
    fs::rename(dir.path().join("d"), dir.path().join("gone")).unwrap();
    symlink(outside.path().join("d"), dir.path().join("d")).unwrap();
    let err = open::open(&tree_of(dir.path()), &meta).unwrap_err();
    assert!(matches!(err, SourceError::Changed { .. }), "{err}");

    let mut hostile = meta.clone();
    hostile.key = "../x".into();
    assert!(open::open(&tree_of(dir.path()), &hostile).is_err());
}

#[test]
fn reads_ranges_and_ends() {
    let dir = tempfile::tempdir().unwrap();
    let mut file = fs::File::create(dir.path().join("f")).unwrap();
    file.write_all(b"0123456789").unwrap();
    let meta = listed(dir.path(), "f");
    let body = open::open(&tree_of(dir.path()), &meta).unwrap();
    assert_eq!(body.size, Some(10));
    assert_eq!(body.meta, meta);
    let ranged = body.ranged.unwrap();
    let mut buffer = [0; 4];
    assert_eq!(ranged.read_at(8, &mut buffer).unwrap(), 2);
    assert_eq!(&buffer[..2], b"89");
    assert_eq!(ranged.read_at(11, &mut buffer).unwrap(), 0);
}

#[test]
fn names_a_target_that_does_not_exist() {
    let err = FolderSource::new(Path::new("/no/such/place")).unwrap_err();
    assert_eq!(
        err.to_string(),
        "open target /no/such/place: no such file or folder"
    );
}
