//! Where results are written: a folder; the S3 twin is in [`super::s3`].

use std::io::Write;
use std::path::{Component, Path, PathBuf};

use futures_util::future::BoxFuture;

use super::{SourceError, folder};

/// Takes whole objects.
pub trait ResultSink: Send + Sync {
    /// Writes an object; one that exists is replaced. When this returns, the object is complete
    /// and durable; a reader never sees a part of it.
    fn put(&self, key: &str, bytes: Vec<u8>) -> BoxFuture<'_, Result<(), SourceError>>;

    /// The uri of an object of this sink.
    fn uri(&self, key: &str) -> String;
}

/// Writes files below a folder, which is created when the first is written.
#[derive(Clone, Debug)]
pub struct FolderSink {
    root: PathBuf,
}

impl FolderSink {
    pub fn new(root: &Path) -> Self {
        FolderSink {
            root: root.to_owned(),
        }
    }
}

impl ResultSink for FolderSink {
    fn put(&self, key: &str, bytes: Vec<u8>) -> BoxFuture<'_, Result<(), SourceError>> {
        let uri = self.uri(key);
        let path = Path::new(key);
        // Keys are made from bucket and job names: none of them may lead out of the folder.
        let inside = !key.is_empty()
            && !key.ends_with('/')
            && !key.contains('\0')
            && path.components().all(|c| matches!(c, Component::Normal(_)));
        let path = self.root.join(path);
        Box::pin(async move {
            if !inside {
                return Err(SourceError::protocol(
                    &uri,
                    "WriteFile",
                    "the key leads out of the folder",
                ));
            }
            let result = tokio::task::spawn_blocking(move || write_whole(&path, &bytes)).await;
            match result {
                Ok(Ok(())) => Ok(()),
                Ok(Err(e)) => Err(SourceError::system(&uri, "WriteFile", e)),
                Err(e) => Err(SourceError::system(
                    &uri,
                    "WriteFile",
                    std::io::Error::other(e),
                )),
            }
        })
    }

    fn uri(&self, key: &str) -> String {
        let root = folder::path_text(self.root.as_os_str());
        format!("file://{}/{key}", root.trim_end_matches('/'))
    }
}

/// Writes beside the place, syncs, and renames.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(".magpie-")
        .suffix(".part")
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn writes_whole_files_and_stays_inside() {
        let dir = tempfile::tempdir().unwrap();
        let sink = FolderSink::new(&dir.path().join("out"));
        sink.put("a/b.gz", b"one".to_vec()).await.unwrap();
        sink.put("a/b.gz", b"two".to_vec()).await.unwrap();
        assert_eq!(
            std::fs::read(dir.path().join("out/a/b.gz")).unwrap(),
            b"two"
        );
        let names: Vec<_> = std::fs::read_dir(dir.path().join("out/a"))
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        assert_eq!(names, ["b.gz"], "no temporary file stays");

        for hostile in ["../x", "/x", "a/../../x", "", "a/", "a\0b"] {
            let err = sink.put(hostile, vec![]).await.unwrap_err();
            assert!(err.to_string().contains("leads out"), "{hostile:?}: {err}");
        }
        assert!(!dir.path().join("x").exists());
    }

    #[tokio::test]
    async fn says_which_file_could_not_be_written() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("file"), b"").unwrap();
        let sink = FolderSink::new(&dir.path().join("file"));
        let err = sink.put("a", vec![1]).await.unwrap_err();
        assert_eq!(err.operation(), Some("WriteFile"));
        assert!(err.to_string().starts_with("write object file://"), "{err}");
    }
}
