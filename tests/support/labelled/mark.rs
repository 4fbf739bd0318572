//! Text that knows its labels: values are written with marks around them, and the marks become
//! labels when the text becomes a file.
//!
//! Marks are control characters that no document of the set holds otherwise. They survive every
//! way in which a document writes a text (escaped in JSON, quoted in CSV, encoded in HTML).

const OPEN: char = '\u{1}';
const MIDDLE: char = '\u{2}';
const CLOSE: char = '\u{3}';

/// One label: bytes of the member, identifier, optional.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub start: usize,
    pub end: usize,
    pub id: String,
    pub optional: bool,
}

/// Marks a value of an identifier.
pub fn mark(id: &str, value: impl AsRef<str>) -> String {
    format!("{OPEN}{id}{MIDDLE}{}{CLOSE}", value.as_ref())
}

/// Marks what is neither right nor wrong where it is found.
pub fn maybe(id: &str, value: impl AsRef<str>) -> String {
    mark(&format!("?{id}"), value)
}

/// Marks what may be found under any identifier.
pub fn aside(value: impl AsRef<str>) -> String {
    maybe("*", value)
}

/// The value without its marks.
pub fn bare(marked: &str) -> String {
    let mut out = String::new();
    let mut in_id = false;
    for c in marked.chars() {
        match c {
            OPEN => in_id = true,
            MIDDLE => in_id = false,
            CLOSE => {}
            c if !in_id => out.push(c),
            _ => {}
        }
    }
    out
}

/// Applies a way of writing to the characters of a text, and leaves its marks alone.
pub fn written(marked: &str, write: impl Fn(char, &mut String)) -> String {
    let mut out = String::new();
    let mut in_id = false;
    for c in marked.chars() {
        match c {
            OPEN => in_id = true,
            MIDDLE => in_id = false,
            _ => {}
        }
        if in_id || matches!(c, OPEN | MIDDLE | CLOSE) {
            out.push(c);
        } else {
            write(c, &mut out);
        }
    }
    out
}

/// As the inside of a JSON string.
pub fn json(marked: &str) -> String {
    written(marked, |c, out| match c {
        '"' | '\\' => out.extend(['\\', c]),
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        c => out.push(c),
    })
}

/// As a cell of CSV, quoted where it must be.
pub fn csv(marked: &str, separator: char) -> String {
    let quoted = bare(marked).contains(['"', '\n', separator]);
    let inside = written(marked, |c, out| {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    });
    match quoted {
        true => format!("\"{inside}\""),
        false => inside,
    }
}

/// As text of HTML or XML.
pub fn html(marked: &str) -> String {
    written(marked, |c, out| match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        c => out.push(c),
    })
}

/// As the inside of a string of SQL.
pub fn sql(marked: &str) -> String {
    written(marked, |c, out| match c {
        '\'' => out.push_str("''"),
        c => out.push(c),
    })
}

/// A text to bytes and labels. `encode` appends a character; labels are in bytes of the result.
pub fn encoded(marked: &str, encode: &dyn Fn(char, &mut Vec<u8>)) -> (Vec<u8>, Vec<Label>) {
    let (mut bytes, mut labels) = (Vec::new(), Vec::new());
    let mut open: Vec<(String, usize)> = Vec::new();
    let mut id: Option<String> = None;
    for c in marked.chars() {
        match (c, &mut id) {
            (OPEN, None) => id = Some(String::new()),
            (MIDDLE, Some(name)) => {
                open.push((std::mem::take(name), bytes.len()));
                id = None;
            }
            (CLOSE, None) => {
                let (name, start) = open.pop().expect("every mark that closes was opened");
                let optional = name.starts_with('?');
                assert!(start < bytes.len(), "the value of {name} is empty");
                labels.push(Label {
                    start,
                    end: bytes.len(),
                    id: name.trim_start_matches('?').to_owned(),
                    optional,
                });
            }
            (c, Some(name)) => name.push(c),
            (c, None) => encode(c, &mut bytes),
        }
    }
    assert!(open.is_empty() && id.is_none(), "every mark is closed");
    labels.sort_by(|a, b| (a.start, a.end, &a.id).cmp(&(b.start, b.end, &b.id)));
    (bytes, labels)
}
