//! Which layout a text has, told from its first bytes, and by name only where content leaves a
//! choice.

use std::sync::Arc;

use super::access;
use super::json::scan::{Broken, Scanner, View};
use super::keys;
use super::mail;
use super::markup;
use super::messages;
use super::sql;
use super::table::dialect::{self, Dialect};

/// Layout of one text member.
#[derive(Clone, Debug)]
pub(crate) enum Layout {
    Plain,
    /// Lines of a CloudWatch Logs export task.
    Export(ExportLog),
    Columns(Dialect),
    /// A dump of a database as SQL statements.
    Sql(sql::Dialect),
    /// JSON documents, one or several; `by_line`: each line is one.
    Records {
        by_line: bool,
    },
    /// JSON documents that hold log events.
    Messages,
    /// HTML or XML.
    Markup(markup::Mode),
    /// An access log, whose URLs are encoded.
    Access,
    /// Keys and values.
    Keys(keys::Kind),
    /// A mail, or many.
    Mail(mail::Mailbox),
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

/// `<prefix>/<task id>/<stream>/<NNNNNN>.gz`: the stream, as far as the key keeps it. Where the
/// folder of the task is the target, nothing stands before the stream.
fn export_stream(key: &str) -> Option<Arc<str>> {
    let mut parts = key.rsplit('/');
    let (file, stream) = (parts.next()?, parts.next()?);
    let number = file.strip_suffix(".gz").unwrap_or(file);
    let numbered = number.len() >= 6 && number.bytes().all(|b| b.is_ascii_digit());
    let of_task = parts.next().is_none_or(is_uuid);
    (numbered && of_task && !stream.is_empty()).then(|| stream.into())
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// The object that an export task writes to see whether it may write.
pub(crate) fn is_permission_probe(name: &str, content: &[u8]) -> bool {
    name == "aws-logs-write-test" && content.trim_ascii() == b"Permission Check Successful"
}

/// Tells the layout of a text. `sample`: its first characters in UTF-8; `whole`: all of them.
/// `names`: from the innermost outwards, the key of the object last.
pub(crate) fn tell(sample: &[u8], whole: bool, names: &[&str], json_depth_max: usize) -> Layout {
    if stamp(sample).is_some() {
        return Layout::Export(ExportLog {
            stream: names.iter().find_map(|name| export_stream(name)),
        });
    }
    let name = names
        .first()
        .map_or("", |name| super::walk::last_part(name));
    if let Some(by_line) = tell_json(sample, whole, name, json_depth_max) {
        if messages::are_messages(sample) {
            return Layout::Messages;
        }
        return Layout::Records { by_line };
    }
    let extension = name.rsplit_once('.').map_or("", |(_, e)| e);
    if let Some(mailbox) = mail::tell(sample, whole, extension) {
        return Layout::Mail(mailbox);
    }
    if let Some(mode) = markup::tell(sample, extension) {
        return Layout::Markup(mode);
    }
    if let Some(dialect) = sql::tell(sample, extension_is(name, &["sql"])) {
        return Layout::Sql(dialect);
    }
    if access::tell(sample) {
        return Layout::Access;
    }
    if let Some(kind) = keys::tell(sample, whole, name) {
        return Layout::Keys(kind);
    }
    match dialect::tell(sample, whole, name) {
        Some(dialect) => Layout::Columns(dialect),
        None => Layout::Plain,
    }
}

fn extension_is(name: &str, known: &[&str]) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, e)| e);
    known.iter().any(|k| extension.eq_ignore_ascii_case(k))
}

/// Whether a text is JSON, and if so whether each line is a document.
fn tell_json(sample: &[u8], whole: bool, name: &str, depth_max: usize) -> Option<bool> {
    let text = sample.trim_ascii_start();
    if !matches!(text.first(), Some(b'{' | b'[')) {
        return None;
    }
    let straight = scan(sample, depth_max);
    let (mut good, mut bad, mut first_is_good) = (0u64, 0u64, false);
    let mut lines = sample.split(|&b| b == b'\n').peekable();
    while let Some(line) = lines.next() {
        let cut_off = lines.peek().is_none() && !whole;
        if cut_off || line.trim_ascii().is_empty() {
            continue;
        }
        if scan(line, depth_max) == Ok(true) {
            first_is_good = first_is_good || bad == 0;
            good += 1;
        } else {
            bad += 1;
        }
    }
    let by_line_named = extension_is(name, &["jsonl", "ndjson", "jsonlines"]);
    match straight {
        Ok(_) => Some(good > 1 && bad == 0),
        _ if by_line_named => Some(true),
        _ if good > 0 && good >= bad => Some(true),
        Err(Broken::TooDeep { .. }) => Some(false),
        // A text whose first line is JSON and whose others are not is a log.
        Err(Broken::Syntax { .. }) if first_is_good => None,
        Err(Broken::Syntax { .. }) => {
            (extension_is(name, &["json"]) || begins_with_object(text)).then_some(false)
        }
    }
}

/// Scans the start of a text: `Ok(true)` if it holds whole documents and nothing else.
fn scan(text: &[u8], depth_max: usize) -> Result<bool, Broken> {
    let mut scanner = Scanner::new(0, depth_max);
    let view = View {
        bytes: text,
        start: 0,
    };
    scanner.run(view, text.len() as u64)?;
    Ok(scanner.records > 0 && scanner.is_between())
}

/// `{"name":` or a list of such, which chance does not write.
fn begins_with_object(text: &[u8]) -> bool {
    let inner = match text.strip_prefix(b"[") {
        Some(rest) => rest.trim_ascii_start(),
        None => text,
    };
    let Some(rest) = inner.strip_prefix(b"{") else {
        return false;
    };
    let Some(name) = rest.trim_ascii_start().strip_prefix(b"\"") else {
        return false;
    };
    match name.iter().position(|&b| b == b'"') {
        Some(end) => name[end + 1..].trim_ascii_start().starts_with(b":"),
        None => false,
    }
}

/// MIME type of a text.
pub(crate) fn mime(layout: &Layout, name: &str) -> &'static str {
    match layout {
        Layout::Records { .. } | Layout::Messages => "application/json",
        Layout::Columns(dialect) if dialect.delimiter == b'\t' => "text/tab-separated-values",
        Layout::Columns(_) => "text/csv",
        Layout::Export(_) | Layout::Access => "text/plain",
        Layout::Sql(_) => "application/sql",
        Layout::Markup(markup::Mode::Html) => "text/html",
        Layout::Markup(_) => "application/xml",
        Layout::Mail(mailbox) => mailbox.mime(),
        Layout::Keys(keys::Kind::Yaml) => "text/x-yaml",
        Layout::Keys(keys::Kind::Ini) => "text/plain",
        Layout::Plain if extension_is(name, &["yaml", "yml"]) => "text/x-yaml",
        Layout::Plain => "text/plain",
    }
}
