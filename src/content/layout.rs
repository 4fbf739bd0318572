//! Which layout a text has, told from its first bytes, and by name only where content leaves a
//! choice.

use std::sync::Arc;

/// Layout of one text member.
#[derive(Clone, Debug)]
pub(crate) enum Layout {
    Plain,
    /// Lines of a CloudWatch Logs export task.
    Export(ExportLog),
}

/// What the key of an exported object tells of its log.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExportLog {
    pub stream: Option<Arc<str>>,
}

/// Length of the time that starts an exported event, the space after it left out.
pub(crate) const STAMP_BYTES: usize = 24;

/// The time of an exported event: `2024-05-01T12:00:00.123Z`.
pub(crate) type Stamp = [u8; STAMP_BYTES];

/// The time at the start of an exported line, if the line starts an event.
pub(crate) fn stamp(line: &[u8]) -> Option<Stamp> {
    const SHAPE: &[u8; STAMP_BYTES] = b"0000-00-00T00:00:00.000Z";
    let (stamp, rest) = line.split_first_chunk::<STAMP_BYTES>()?;
    let fits = stamp.iter().zip(SHAPE).all(|(&b, &s)| match s {
        b'0' => b.is_ascii_digit(),
        _ => b == s,
    });
    // A message may be empty; the line still ends after the time.
    (fits && matches!(rest.first(), Some(b' ' | b'\n') | None)).then_some(*stamp)
}

/// `<prefix>/<task id>/<stream>/<NNNNNN>.gz`: the stream, as far as the key keeps it.
fn export_stream(key: &str) -> Option<Arc<str>> {
    let mut parts = key.rsplit('/');
    let (file, stream, task) = (parts.next()?, parts.next()?, parts.next()?);
    let number = file.strip_suffix(".gz").unwrap_or(file);
    let numbered = number.len() >= 6 && number.bytes().all(|b| b.is_ascii_digit());
    (numbered && is_uuid(task) && !stream.is_empty()).then(|| stream.into())
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// The object that an export task writes to see whether it may write.
pub(crate) fn is_permission_probe(key: &str, content: &[u8]) -> bool {
    super::walk::last_part(key) == "aws-logs-write-test"
        && content.trim_ascii() == b"Permission Check Successful"
}

/// Tells the layout of a text. `sample`: its first characters in UTF-8; `whole`: all of them.
pub(crate) fn tell(sample: &[u8], whole: bool, key: &str, name: &str) -> Layout {
    let _ = (whole, name);
    if stamp(sample).is_some() {
        return Layout::Export(ExportLog {
            stream: export_stream(key),
        });
    }
    Layout::Plain
}

/// MIME type of a text.
pub(crate) fn mime(layout: &Layout, name: &str) -> &'static str {
    match layout {
        Layout::Export(_) => "text/plain",
        Layout::Plain => {
            let extension = name.rsplit_once('.').map_or("", |(_, e)| e);
            let is = |known: &[&str]| known.iter().any(|k| extension.eq_ignore_ascii_case(k));
            if is(&["html", "htm"]) {
                "text/html"
            } else if is(&["xml"]) {
                "application/xml"
            } else if is(&["yaml", "yml"]) {
                "text/x-yaml"
            } else if is(&["eml"]) {
                "message/rfc822"
            } else {
                "text/plain"
            }
        }
    }
}
