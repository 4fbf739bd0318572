//! Reads an assignment: the name around a word, what joins it to a value, and the value.

use std::ops::Range;

use super::name::{self, PART_BYTES_MAX};
use super::{Form, Kind};
use crate::detect::word;

/// Longest value that is looked at, in bytes.
const VALUE_BYTES_MAX: usize = 512;
/// Most blanks on either side of a sign that joins name and value.
const BLANKS_MAX: usize = 24;
/// Most bytes between a name given as a value (`"name": "DB_PASSWORD", "value": "..."`) and the word
/// `value`.
const LABEL_GAP_BYTES_MAX: usize = 48;

/// A value and how it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Assigned {
    pub value: Range<usize>,
    pub form: Form,
    /// The name can hardly be that of anything else.
    pub strong: bool,
}

/// What joins a name to its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Join {
    /// `=` without blanks.
    Tight,
    /// `=`, `:`, `:=` or `=>`.
    Loose,
    /// A blank after `--name`, or after the name of a token.
    Blank,
    /// A blank before a quoted value.
    Beside,
    /// A comma after a quoted name.
    Comma,
    /// The word `is`.
    Is,
}

/// The value that is assigned to the name around the word at `word`.
pub(super) fn read(text: &[u8], word: Range<usize>, kind: Kind) -> Option<Assigned> {
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let before = text.get(..word.start)?;
    let start = word.start
        - before
            .iter()
            .rev()
            .take(PART_BYTES_MAX + 1)
            .take_while(is_name)
            .count();
    let after = text.get(word.end..)?;
    let end = word.end
        + after
            .iter()
            .take(PART_BYTES_MAX + 1)
            .take_while(|b| is_name(b) && **b != b'.')
            .count();
    let strong = name::judge(
        text.get(start..word.start)?,
        text.get(word.clone())?,
        text.get(word.end..end)?,
        kind,
    )?;
    let lead = start.checked_sub(1).and_then(|i| text.get(i)).copied();
    let found = |value: Range<usize>, form: Form| {
        (!value.is_empty()).then_some(Assigned {
            value,
            form,
            strong,
        })
    };

    if lead == Some(b'<') && text.get(end) == Some(&b'>') {
        let value = element(text, end + 1)?;
        return found(value, Form::Field);
    }
    let closed = quote(text, end);
    let mut at = closed.as_ref().map_or(end, |quote| quote.end);
    if closed.is_some() {
        at += usize::from(text.get(at) == Some(&b']'));
    }
    let flag = text[start..end].starts_with(b"--");
    let (join, at) = match labelled(text, at) {
        Some(at) => (Join::Loose, at),
        None => join(text, at, closed.is_some(), flag || kind == Kind::Token)?,
    };
    let at = at + blanks(text, at);
    if let Some((value, _)) = quoted(text, at) {
        let form = match join {
            Join::Comma | Join::Beside => Form::Argument,
            _ => Form::Quoted,
        };
        return found(value, form);
    }
    if matches!(join, Join::Comma | Join::Beside) || quote(text, at).is_some() {
        return None;
    }
    let (value, stop) = bare(text, at)?;
    let shouted = !text[start..end].iter().any(u8::is_ascii_lowercase);
    let parameter = join == Join::Tight
        && (shouted || matches!(lead, Some(b'?' | b'&' | b';')) || stop == Some(b';') || flag);
    let form = match (join, parameter) {
        (_, true) => Form::Parameter,
        (Join::Blank, _) => Form::Bare { last: false },
        _ => Form::Bare {
            last: matches!(
                stop,
                None | Some(b'\n' | b'\r' | b'\\' | b'<' | b'"' | 0x80..)
            ),
        },
    };
    found(value, form)
}

/// A sign, or what else joins name and value, from `at` on; and where it ends. `parted`: a blank
/// may.
fn join(text: &[u8], at: usize, closed: bool, parted: bool) -> Option<(Join, usize)> {
    let gap = blanks(text, at);
    let at = at + gap;
    let next = text.get(at + 1);
    match *text.get(at)? {
        b'=' => match next {
            Some(b'=' | b'~') => None,
            Some(b'>') => Some((Join::Loose, at + 2)),
            Some(b' ' | b'\t') => Some((Join::Loose, at + 1)),
            _ if gap > 0 || closed => Some((Join::Loose, at + 1)),
            _ => Some((Join::Tight, at + 1)),
        },
        b':' => match next {
            Some(b':') => None,
            Some(b'=') => Some((Join::Loose, at + 2)),
            _ => Some((Join::Loose, at + 1)),
        },
        b',' if closed => Some((Join::Comma, at + 1)),
        b'i' if gap > 0 && !closed && text[at..].starts_with(b"is ") => Some((Join::Is, at + 2)),
        b'i' if gap > 0 && !closed && text[at..].starts_with(b"is: ") => Some((Join::Is, at + 3)),
        _ if parted && gap > 0 && !closed => Some((Join::Blank, at)),
        b'"' | b'\'' if gap > 0 && !closed => Some((Join::Beside, at)),
        _ => None,
    }
}

/// Where the value begins if the name is itself a value, beside a field called `value`.
fn labelled(text: &[u8], at: usize) -> Option<usize> {
    let between = |b: &u8| {
        matches!(
            b,
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b'"' | b'\'' | b'\\'
        )
    };
    let rest = text.get(at..)?;
    let gap = rest
        .iter()
        .take(LABEL_GAP_BYTES_MAX)
        .take_while(|b| between(b))
        .count();
    let label = rest.get(gap..gap + 5)?;
    if gap == 0 || !label.eq_ignore_ascii_case(b"value") {
        return None;
    }
    let at = at + gap + 5;
    let at = quote(text, at).map_or(at, |quote| quote.end);
    let at = at + blanks(text, at);
    matches!(text.get(at), Some(b':' | b'=')).then_some(at + 1)
}

fn blanks(text: &[u8], at: usize) -> usize {
    text.get(at..)
        .unwrap_or_default()
        .iter()
        .take(BLANKS_MAX)
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count()
}

/// A quotation mark at `at`, with the backslashes that escape it.
fn quote(text: &[u8], at: usize) -> Option<Range<usize>> {
    let slashes = text
        .get(at..)?
        .iter()
        .take(7)
        .take_while(|b| **b == b'\\')
        .count();
    let end = at + slashes;
    matches!(text.get(end), Some(b'"' | b'\'' | b'`')).then_some(at..end + 1)
}

/// The text in quotes that begins at `at`, perhaps after the letter of a kind of string; and where
/// the quotes end. Strings that are put together or filled in are none.
fn quoted(text: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    let head = text.get(at..)?;
    let prefix = match head {
        [
            b'b' | b'r' | b'u' | b'B' | b'R' | b'U' | b'@' | b'L',
            b'"' | b'\'',
            ..,
        ] => 1,
        _ => 0,
    };
    let open = quote(text, at + prefix)?;
    let mark = &text[open.clone()];
    let sign = *mark.last()?;
    let mut i = open.end;
    let limit = text.len().min(i + VALUE_BYTES_MAX);
    loop {
        let b = *text.get(i).filter(|_| i < limit)?;
        if b == b'\n' {
            return None;
        }
        if text[i..].starts_with(mark) {
            break;
        }
        // in quotes of its own level an escape is a pair
        i += if b == b'\\' && mark.len() == 1 && sign != b'`' {
            2
        } else {
            1
        };
    }
    let end = i + mark.len();
    let after = &text[end.min(text.len())..];
    let gap = after.iter().take_while(|b| **b == b' ').count();
    let goes_on = match after.get(gap..) {
        Some([b'+' | b'%', ..]) => true,
        Some([b'.', next, ..]) => gap == 0 && next.is_ascii_alphabetic(),
        _ => false,
    };
    (!goes_on).then_some((open.end..i, end))
}

/// The text up to a blank or a sign that ends it, and that sign. A call or an index is none.
fn bare(text: &[u8], at: usize) -> Option<(Range<usize>, Option<u8>)> {
    let rest = text.get(at..text.len().min(at + VALUE_BYTES_MAX))?;
    let ends = |b: &u8| {
        b.is_ascii_whitespace()
            || matches!(
                b,
                b'"' | b'\'' | b'`' | b'<' | b'>' | b',' | b';' | b'|' | b'\\'
            )
            || matches!(b, b'(' | b')' | b'[' | b']' | b'{' | b'}')
    };
    let mut length = (0..rest.len())
        .find(|&i| ends(&rest[i]) || word::quote_at(rest, i))
        .unwrap_or(rest.len());
    let mut stop = rest.get(length).copied();
    if length == VALUE_BYTES_MAX || matches!(stop, Some(b'(' | b'[' | b'{')) {
        return None;
    }
    // `password=...&user=...`
    let next = |i: usize| {
        let name = rest[i + 1..length]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
            .count();
        name > 0 && rest.get(i + 1 + name) == Some(&b'=')
    };
    if let Some(i) = (0..length).find(|&i| rest[i] == b'&' && next(i)) {
        length = i;
        stop = Some(b'&');
    }
    // the end of a sentence
    if rest[..length].ends_with(b".") {
        length -= 1;
    }
    Some((at..at + length, stop))
}

/// The text of an element that begins at `at`.
fn element(text: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..text.len().min(at + VALUE_BYTES_MAX))?;
    let length = rest.iter().position(|b| *b == b'<')?;
    if rest.get(length + 1) != Some(&b'/') {
        return None;
    }
    let value = &rest[..length];
    let start = at + (length - value.trim_ascii_start().len());
    Some(start..start + value.trim_ascii().len())
}
