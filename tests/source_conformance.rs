//! What every source promises, checked on each: memory, a folder, S3.

mod support;

use std::sync::Arc;

use futures_util::StreamExt;
use magpie::source::{FolderSource, MemorySource, Source, SourceError, SourceOptions};
use support::s3::{Content, S3Server, S3State};
use support::source::{blocking, fetch, keys, list, object, open_with, options, read, read_at};

/// A source and what keeps it alive.
struct Fixture {
    name: &'static str,
    source: Arc<dyn Source>,
    server: Option<S3Server>,
    folder: Option<tempfile::TempDir>,
}

impl Fixture {
    /// Replaces the bytes of an object.
    fn replace(&mut self, key: &str, bytes: &[u8]) {
        if let Some(server) = &self.server {
            server.put("bucket", key, bytes);
        }
        if let Some(folder) = &self.folder {
            std::fs::write(folder.path().join(key), bytes).unwrap();
        }
    }
}

/// The same objects in every kind of source.
async fn fixtures(objects: &[(&str, Vec<u8>)]) -> Vec<Fixture> {
    let mut memory = MemorySource::new("bucket");
    let mut state = S3State::new();
    state.bucket("bucket").page(2);
    let folder = tempfile::tempdir().unwrap();
    for (key, bytes) in objects {
        memory.insert(key, bytes.clone());
        state.put("bucket", key, bytes);
        let path = folder.path().join(key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let server = S3Server::start(state);
    let with = SourceOptions {
        ordered: Some(true),
        ..options(&server)
    };
    let s3 = open_with(&with, "s3://bucket").await;
    let fixture = |name, source| Fixture {
        name,
        source,
        server: None,
        folder: None,
    };
    vec![
        fixture("memory", Arc::new(memory)),
        Fixture {
            source: Arc::new(FolderSource::new(folder.path()).unwrap()),
            folder: Some(folder),
            ..fixture("folder", s3.clone())
        },
        Fixture {
            server: Some(server),
            ..fixture("s3", s3)
        },
    ]
}

fn pattern(size: u64) -> Vec<u8> {
    (0..size).map(Content::pattern).collect()
}

#[tokio::test]
async fn lists_all_objects_in_the_byte_order_of_keys() {
    let names = [
        "a/b/c", "a/b.c", "a-b", "a.b", "a0", "b", "B", "é", "日本", "a b", "a+b", "a%20b",
        "a&<>\"'b", "x/y/z/w",
    ];
    let objects: Vec<_> = names.iter().map(|n| (*n, n.as_bytes().to_vec())).collect();
    let mut expected: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
    expected.sort();
    for f in fixtures(&objects).await {
        assert_eq!(keys(&*f.source).await, expected, "{}", f.name);
        assert_eq!(keys(&*f.source).await, expected, "{}: again", f.name);
        for entry in list(&*f.source).await {
            let meta = entry.unwrap();
            assert_eq!(meta.size, Some(meta.key.len() as u64), "{}", f.name);
            assert!(meta.etag.is_some(), "{}: {}", f.name, meta.key);
            assert!(meta.uri.ends_with(&meta.key), "{}: {}", f.name, meta.uri);
            assert_eq!(meta.bucket, *f.source.bucket(), "{}", f.name);
            // Each opens, and has its own bytes.
            let (bytes, end) = read(f.source.open(&meta).await.unwrap()).await;
            end.unwrap();
            assert_eq!(bytes, meta.key.as_bytes(), "{}", f.name);
        }
    }
}

#[tokio::test]
async fn goes_on_after_any_key() {
    let names = ["a/b/c", "a-b", "b", "c/d", "c/e"];
    let objects: Vec<_> = names.iter().map(|n| (*n, vec![])).collect();
    for f in fixtures(&objects).await {
        let all = keys(&*f.source).await;
        for key in ["", "a-b", "a/", "c/d", "zz"] {
            let rest: Vec<_> = f.source.list_after(key).collect().await;
            let rest: Vec<_> = rest.into_iter().map(|e| e.unwrap().key).collect();
            let expected: Vec<_> = all.iter().filter(|k| k.as_str() > key).collect();
            assert!(
                rest.iter().eq(expected),
                "{}: after {key:?}: {rest:?}",
                f.name
            );
        }
    }
}

#[tokio::test]
async fn an_empty_source_lists_nothing() {
    for f in fixtures(&[]).await {
        if let Some(server) = &f.server {
            server.state().bucket("bucket");
        }
        assert_eq!(keys(&*f.source).await, Vec::<String>::new(), "{}", f.name);
    }
}

#[tokio::test]
async fn reads_every_size_whole() {
    let sizes = [0, 1, 65_535, 65_536, 65_537, 3_000_000];
    let names: Vec<String> = sizes.iter().map(|s| format!("{s:09}")).collect();
    let objects: Vec<_> = names
        .iter()
        .zip(sizes)
        .map(|(name, size)| (name.as_str(), pattern(size)))
        .collect();
    for f in fixtures(&objects).await {
        for (key, bytes) in &objects {
            let meta = object(&*f.source, key).await;
            let body = f.source.open(&meta).await.unwrap();
            assert_eq!(body.size, Some(bytes.len() as u64), "{}", f.name);
            assert_eq!(body.meta.etag, meta.etag, "{}", f.name);
            assert_eq!(body.meta.key, meta.key, "{}", f.name);
            let (read, end) = read(body).await;
            end.unwrap();
            assert!(read == *bytes, "{}: {key}", f.name);
        }
    }
}

#[tokio::test]
async fn reads_ranges_and_stops_at_the_end() {
    let size = 2_000_000;
    let all = pattern(size);
    for f in fixtures(&[("k", all.clone())]).await {
        let meta = object(&*f.source, "k").await;
        let ranged = f.source.open(&meta).await.unwrap().ranged.unwrap();
        assert_eq!(ranged.size(), size, "{}", f.name);
        for (offset, length) in [
            (0, 10),
            (size - 5, 100),
            (524_280, 20),
            (700_000, 1_200_000),
            (size, 1),
            (size + 10, 1),
            (5, 0),
        ] {
            let from = offset.min(size) as usize;
            let to = (from + length).min(all.len());
            let bytes = read_at(ranged.clone(), offset, length).await.unwrap();
            assert!(bytes == all[from..to], "{}: {length} at {offset}", f.name);
        }
    }
}

#[tokio::test]
async fn a_missing_object_is_told_as_missing() {
    for f in fixtures(&[("k", b"x".to_vec())]).await {
        let mut meta = object(&*f.source, "k").await;
        meta.key = "missing".into();
        let err = f.source.open(&meta).await.unwrap_err();
        assert!(
            matches!(err, SourceError::NoSuchKey { .. }),
            "{}: {err}",
            f.name
        );
    }
}

#[tokio::test]
async fn ranges_of_a_replaced_object_are_refused() {
    for mut f in fixtures(&[("k", pattern(2_000_000))]).await {
        if f.name == "memory" {
            continue; // an opened object in memory cannot change
        }
        let meta = object(&*f.source, "k").await;
        let ranged = f.source.open(&meta).await.unwrap().ranged.unwrap();
        read_at(ranged.clone(), 0, 10).await.unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        f.replace("k", &vec![0; 2_000_000]);
        let err = read_at(ranged, 1_500_000, 10).await.unwrap_err();
        assert!(
            matches!(err, SourceError::Changed { .. }),
            "{}: {err}",
            f.name
        );
        // Listed and opened again, it is the new one.
        assert_eq!(fetch(&*f.source, "k").await.unwrap()[9], 0, "{}", f.name);
    }
}

#[tokio::test]
async fn a_dropped_listing_or_reader_leaves_nothing_behind() {
    let objects: Vec<_> = (0..50)
        .map(|i| (format!("k{i:02}"), pattern(500_000)))
        .collect();
    let objects: Vec<_> = objects
        .iter()
        .map(|(k, b)| (k.as_str(), b.clone()))
        .collect();
    for f in fixtures(&objects).await {
        {
            let mut listing = f.source.list();
            let first = listing.next().await.unwrap().unwrap();
            assert_eq!(first.key, "k00", "{}", f.name);
        }
        let meta = object(&*f.source, "k07").await;
        let mut body = f.source.open(&meta).await.unwrap();
        let body = blocking(move || {
            let mut start = [0; 10];
            std::io::Read::read_exact(&mut body.reader, &mut start).unwrap();
            body
        })
        .await;
        drop(body);
        assert_eq!(fetch(&*f.source, "k07").await.unwrap().len(), 500_000);
    }
}
