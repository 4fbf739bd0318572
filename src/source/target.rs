//! What the user names: a file, a folder, standard input, or a place in S3. Names only; nothing is
//! looked up here.

use std::ffi::OsStr;
use std::path::PathBuf;

use super::SourceError;

/// Longest bucket name, in bytes: what the oldest Region once allowed.
const BUCKET_NAME_BYTES_MAX: usize = 255;
/// Longest key, in bytes.
const KEY_BYTES_MAX: usize = 1024;

/// A parsed target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `-`
    Stdin,
    /// A file or folder; which of the two shows when it is opened.
    Path(PathBuf),
    /// `s3://bucket`, with a prefix or key, which may be empty.
    S3 { bucket: String, key: String },
}

impl Target {
    /// Reads a target as typed.
    ///
    /// `s3://bucket/logs/` and `s3://bucket/logs` are both prefixes, compared byte by byte as S3
    /// does (`logs` also takes in `logs-old/a`), but where an object has exactly the key given,
    /// it alone is meant. `file://` and a path is that path, with names that are not UTF-8 as magpie writes them; a file whose name looks like a uri or is `-` can be
    /// given as `./-`.
    ///
    /// # Errors
    /// An empty target, an unknown scheme, an impossible bucket name or key.
    pub fn parse(text: &str) -> Result<Self, SourceError> {
        let fail = |cause: String| {
            Err(SourceError::Target {
                target: printable(text),
                cause,
            })
        };
        if text.is_empty() {
            return fail("it is empty; give a file, a folder, - or s3://bucket/prefix".into());
        }
        if text == "-" {
            return Ok(Target::Stdin);
        }
        if text.contains('\0') {
            return fail("it holds a zero byte".into());
        }
        if text.starts_with("arn:") {
            return fail("an ARN is not a target; give s3://bucket/prefix".into());
        }
        let Some((scheme, rest)) = text.split_once("://").filter(|(s, _)| is_scheme(s)) else {
            return Ok(Target::Path(PathBuf::from(text)));
        };
        match scheme.to_ascii_lowercase().as_str() {
            "s3" => {
                let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
                match s3_fault(bucket, key) {
                    Some(cause) => fail(cause),
                    None => Ok(Target::S3 {
                        bucket: bucket.to_owned(),
                        key: key.to_owned(),
                    }),
                }
            }
            "file" if rest.is_empty() => fail("no path follows file://".into()),
            "file" => Ok(Target::Path(super::folder::uri_path(rest))),
            other => fail(format!(
                "unknown scheme {other}; known: a file, a folder, -, s3://bucket/prefix"
            )),
        }
    }

    /// Reads a target whose name may not be UTF-8; only paths can be so.
    ///
    /// # Errors
    /// As [`Target::parse`].
    pub fn parse_os(text: &OsStr) -> Result<Self, SourceError> {
        match text.to_str() {
            Some(text) => Target::parse(text),
            None => Ok(Target::Path(PathBuf::from(text))),
        }
    }

    /// The target as a uri, for messages.
    pub fn uri(&self) -> String {
        match self {
            Target::Stdin => "file://-".to_owned(),
            Target::Path(path) => format!("file://{}", super::folder::path_text(path.as_os_str())),
            Target::S3 { bucket, key } if key.is_empty() => format!("s3://{bucket}"),
            Target::S3 { bucket, key } => format!("s3://{bucket}/{key}"),
        }
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// What is wrong with a bucket name or key, if anything.
fn s3_fault(bucket: &str, key: &str) -> Option<String> {
    if bucket.is_empty() {
        return Some("no bucket follows s3://".into());
    }
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    if !bucket.bytes().all(known) {
        return Some(
            "a bucket name has letters, digits, dots, hyphens and underscores only".into(),
        );
    }
    if !(3..=BUCKET_NAME_BYTES_MAX).contains(&bucket.len()) {
        return Some(format!(
            "a bucket name has 3 to {BUCKET_NAME_BYTES_MAX} characters, this one {}",
            bucket.len()
        ));
    }
    if key.len() > KEY_BYTES_MAX {
        return Some(format!(
            "a key has at most {KEY_BYTES_MAX} bytes, this one {}",
            key.len()
        ));
    }
    None
}

/// The text without control characters, for messages.
fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let escaped = c.is_control().then(|| c.escape_default());
            let plain = (!c.is_control()).then_some(c);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s3(bucket: &str, key: &str) -> Target {
        Target::S3 {
            bucket: bucket.into(),
            key: key.into(),
        }
    }

    #[test]
    fn reads_every_kind() {
        let ok = |t: &str| Target::parse(t).unwrap();
        assert_eq!(ok("-"), Target::Stdin);
        assert_eq!(ok("./-"), Target::Path("./-".into()));
        assert_eq!(ok("a b/c:d"), Target::Path("a b/c:d".into()));
        assert_eq!(ok("file:///var/log"), Target::Path("/var/log".into()));
        assert_eq!(ok("s3://logs"), s3("logs", ""));
        assert_eq!(ok("s3://logs/"), s3("logs", ""));
        assert_eq!(ok("S3://logs/a//b/"), s3("logs", "a//b/"));
        assert_eq!(ok("s3://logs//a"), s3("logs", "/a"));
        assert_eq!(
            ok("s3://logs/a?versionId=x%20"),
            s3("logs", "a?versionId=x%20")
        );
        assert_eq!(ok("1://x"), Target::Path("1://x".into()));
    }

    #[test]
    fn explains_what_it_cannot_read() {
        let err = |t: &str| Target::parse(t).unwrap_err().to_string();
        assert_eq!(
            err(""),
            "open target : it is empty; give a file, a folder, - or s3://bucket/prefix"
        );
        assert_eq!(
            err("gs://b/k"),
            "open target gs://b/k: unknown scheme gs; known: a file, a folder, -, s3://bucket/prefix"
        );
        assert_eq!(err("s3://"), "open target s3://: no bucket follows s3://");
        assert_eq!(
            err("s3://a"),
            "open target s3://a: a bucket name has 3 to 255 characters, this one 1"
        );
        assert_eq!(
            err("s3://b\u{1b}[2J/k"),
            "open target s3://b\\u{1b}[2J/k: a bucket name has letters, digits, dots, hyphens and underscores only"
        );
        assert!(err("arn:aws:s3:::logs").ends_with("give s3://bucket/prefix"));
        assert!(err("file://").ends_with("no path follows file://"));
        let long = format!("s3://logs/{}", "k".repeat(1025));
        assert!(err(&long).ends_with("a key has at most 1024 bytes, this one 1025"));
    }

    #[test]
    fn says_its_uri() {
        for text in ["s3://logs", "s3://logs/a/b", "file://a b", "file://-"] {
            let target = if text == "file://-" {
                Target::Stdin
            } else {
                Target::parse(text).unwrap()
            };
            assert_eq!(target.uri(), text);
        }
    }
}
