//! INI files, properties and environments by their lines: sections, keys, lines that go on.

use std::rc::Rc;

use super::super::markup::Frame;
use super::{KEY_BYTES_MAX, Value, bare};

#[derive(Clone, Debug, Default)]
pub(crate) struct Ini {
    section: Option<Rc<Frame>>,
    /// Of the last line with a key.
    last: Option<Rc<Frame>>,
    /// The line before ended with a backslash.
    goes_on: bool,
}

/// The key of a line, and where its value begins. Where `strict`, keys are such as programs use.
pub(super) fn key(line: &[u8], strict: bool) -> Option<(std::ops::Range<usize>, usize)> {
    let head = &line[..line.len().min(KEY_BYTES_MAX)];
    let mut from = head.len() - head.trim_ascii_start().len();
    for word in [&b"export "[..], b"set "] {
        if head[from..].starts_with(word) {
            from += word.len();
        }
    }
    let at = from + head[from..].iter().position(|b| matches!(b, b'=' | b':'))?;
    let key = head[from..at].trim_ascii_end();
    let is_key = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    let fits = match strict {
        true => key.iter().all(is_key),
        false => !key.iter().any(|b| matches!(b, b'"' | b'{' | b'(' | b'<')),
    };
    (fits && !key.is_empty()).then_some((from..from + key.len(), at + 1))
}

/// `[section]`
pub(super) fn section(line: &[u8]) -> Option<&[u8]> {
    let name = line.trim_ascii().strip_prefix(b"[")?.strip_suffix(b"]")?;
    // `[[list]]` of TOML
    let inner = name.strip_prefix(b"[").and_then(|n| n.strip_suffix(b"]"));
    let name = inner.unwrap_or(name);
    (!name.is_empty() && name.len() <= KEY_BYTES_MAX).then_some(name)
}

impl Ini {
    pub fn line(&mut self, line: &[u8]) -> Option<Value> {
        let text = line.trim_ascii();
        let indented = matches!(line.first(), Some(b' ' | b'\t'));
        let went_on = std::mem::replace(&mut self.goes_on, text.ends_with(b"\\"));
        if text.is_empty() {
            self.goes_on = false;
            return None;
        }
        if went_on {
            return Some((bare(line, 0), self.last.clone()));
        }
        if matches!(text[0], b'#' | b';' | b'!') {
            self.goes_on = false;
            return None;
        }
        if let (Some(name), false) = (section(line), indented) {
            let name = String::from_utf8_lossy(name.trim_ascii());
            self.section = Some(Frame::new(None, &*name, 0, true, None));
            self.last = None;
            return None;
        }
        match key(line, false) {
            // configparser goes on with lines that are indented
            Some((name, value)) if !indented || self.last.is_none() => {
                let name = String::from_utf8_lossy(&line[name]);
                let frame = Frame::new(self.section.as_ref(), &*name, 0, true, None);
                self.last = Some(Rc::clone(&frame));
                Some((bare(line, value), Some(frame)))
            }
            _ => {
                let frame = if indented { self.last.clone() } else { None };
                Some((bare(line, 0), frame))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_section_and_key() {
        let text = "; note\ntop = 1\n[db main]\nuser=ann\npass : 'x y'\nexport AWS_KEY=\"k\"\nlong = a\n  b = c\nurl=http://h:1/?a=b\\\n  &c=d\nplain line\n[[x]]\na = 1\n";
        let mut ini = Ini::default();
        let mut seen = Vec::new();
        for line in text.lines() {
            if let Some((range, frame)) = ini.line(line.as_bytes()) {
                let path = frame.map_or(String::new(), |f| f.dotted());
                seen.push((path, &line[range]));
            }
        }
        let some = |path: &str, value: &'static str| (path.to_owned(), value);
        assert_eq!(
            seen,
            [
                some("top", "1"),
                some("db main.user", "ann"),
                some("db main.pass", "x y"),
                some("db main.AWS_KEY", "k"),
                some("db main.long", "a"),
                some("db main.long", "b = c"),
                some("db main.url", "http://h:1/?a=b\\"),
                some("db main.url", "&c=d"),
                some("", "plain line"),
                some("x.a", "1"),
            ]
        );
    }
}
