//! YAML by its lines: keys by their indentation, items of lists, block scalars, documents.

use std::rc::Rc;

use super::super::markup::Frame;
use super::{KEY_BYTES_MAX, Value, bare};

/// Keys and items inside one another that are followed.
const DEPTH_MAX: usize = 100;

#[derive(Clone, Debug)]
struct Level {
    indent: usize,
    frame: Rc<Frame>,
    /// The number of the item, where it is one.
    item: Option<u32>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Yaml {
    levels: Vec<Level>,
    /// In a block scalar, whose lines are indented further than this.
    scalar: Option<usize>,
}

/// Length of the key that begins a text, and where it ends behind its colon.
fn key(text: &[u8]) -> Option<(std::ops::Range<usize>, usize)> {
    let head = &text[..text.len().min(KEY_BYTES_MAX)];
    let ends = |at: usize| matches!(text.get(at), None | Some(b' ' | b'\t' | b'\r'));
    if let [quote @ (b'"' | b'\''), rest @ ..] = head {
        let close = 1 + memchr::memchr(*quote, rest)?;
        let colon = close + 1;
        return (text.get(colon) == Some(&b':') && ends(colon + 1))
            .then_some((1..close, colon + 1));
    }
    if matches!(
        head.first(),
        None | Some(
            b'#' | b'['
                | b']'
                | b'{'
                | b'}'
                | b'&'
                | b'*'
                | b'!'
                | b'|'
                | b'>'
                | b'%'
                | b'@'
                | b'`'
                | b','
        )
    ) {
        return None;
    }
    let colon = memchr::memchr_iter(b':', head).find(|at| ends(at + 1))?;
    let key = head[..colon].trim_ascii_end();
    let plain = !key.is_empty() && !key.iter().any(|b| matches!(b, b'"' | b'{' | b'}' | b'#'));
    plain.then_some((0..key.len(), colon + 1))
}

impl Yaml {
    pub fn line(&mut self, line: &[u8]) -> Option<Value> {
        let indent = line.iter().take_while(|b| **b == b' ').count();
        let text = line[indent..].trim_ascii_end();
        if let Some(outer) = self.scalar {
            if text.is_empty() {
                return None;
            }
            if indent > outer {
                return Some((bare(line, indent), self.frame()));
            }
            self.scalar = None;
        }
        if text.is_empty() || text.starts_with(b"#") {
            return None;
        }
        if indent == 0 && (text.starts_with(b"---") || text == b"...") {
            self.levels.clear();
            // `--- value`
            return (text.len() > 3).then(|| (bare(line, 3), None));
        }
        self.content(line, indent)
    }

    fn frame(&self) -> Option<Rc<Frame>> {
        self.levels.last().map(|l| Rc::clone(&l.frame))
    }

    fn push(&mut self, indent: usize, step: &str, item: Option<u32>) {
        if self.levels.len() >= DEPTH_MAX {
            return;
        }
        let parent = self.levels.last().map(|l| &l.frame);
        let frame = Frame::new(parent, step, 0, item.is_none(), None);
        self.levels.push(Level {
            indent,
            frame,
            item,
        });
    }

    /// Reads a line from the column on that its text begins at.
    fn content(&mut self, line: &[u8], mut column: usize) -> Option<Value> {
        let first = column;
        loop {
            let text = &line[column..];
            if !matches!(text, [b'-'] | [b'-', b' ' | b'\t' | b'\r', ..]) {
                break;
            }
            let mut number = 0;
            while let Some(last) = self.levels.last() {
                match last.item {
                    Some(item) if last.indent == column => number = item + 1,
                    // a list may stand as far out as its key
                    None if last.indent == column => break,
                    _ if last.indent < column => break,
                    _ => {}
                }
                self.levels.pop();
            }
            self.push(column, &format!("[{number}]"), Some(number));
            let spaces = text[1..]
                .iter()
                .take_while(|b| matches!(b, b' ' | b'\t'))
                .count();
            column += 1 + spaces;
            if column >= line.len() {
                return None;
            }
        }
        let text = &line[column..];
        let Some((name, behind)) = key(text) else {
            // goes on from the line before, or is an item by itself
            let goes_on = self
                .levels
                .last()
                .is_some_and(|l| l.indent < column || column > first);
            self.scalar_begins(text, first);
            return Some((
                bare(line, column),
                if goes_on { self.frame() } else { None },
            ));
        };
        while self.levels.last().is_some_and(|l| l.indent >= column) {
            self.levels.pop();
        }
        self.push(column, &String::from_utf8_lossy(&text[name]), None);
        let value = bare(line, column + behind);
        let text = &line[value.clone()];
        if text.is_empty() || self.scalar_begins(text, column) {
            return None;
        }
        Some((value, self.frame()))
    }

    /// Whether the text says that a block scalar follows: `|`, `>-`, `|2+`.
    fn scalar_begins(&mut self, text: &[u8], indent: usize) -> bool {
        let [b'|' | b'>', rest @ ..] = text else {
            return false;
        };
        let word = rest.split(|b| *b == b' ').next().unwrap_or(rest);
        let marks = word.len() <= 2 && word.iter().all(|b| matches!(b, b'+' | b'-' | b'1'..=b'9'));
        if marks {
            self.scalar = Some(indent);
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, String)> {
        let mut yaml = Yaml::default();
        let mut seen = Vec::new();
        for line in text.lines() {
            if let Some((range, frame)) = yaml.line(line.as_bytes()) {
                let path = frame.map_or(String::new(), |f| f.dotted());
                seen.push((path, line[range].to_owned()));
            }
        }
        seen
    }

    #[test]
    fn values_have_the_keys_that_lead_to_them() {
        let text = "\
%YAML 1.2
---
# a comment
db:
  user: ann   # who
  'pass word': \"x y\"
  hosts:
  - a.example
  - name: b.example
    port: 12
  - - deep
note: |
  line one: not a key

  line two
list:
    - {ssn: 1}
\"quoted: key\": z
long: first
  and second
---
other: http://x:80/
time: 12:30
";
        let some = |path: &str, value: &str| (path.to_owned(), value.to_owned());
        assert_eq!(
            told(text),
            [
                some("", "%YAML 1.2"),
                some("db.user", "ann   # who"),
                some("db.pass word", "x y"),
                some("db.hosts[0]", "a.example"),
                some("db.hosts[1].name", "b.example"),
                some("db.hosts[1].port", "12"),
                some("db.hosts[2][0]", "deep"),
                some("note", "line one: not a key"),
                some("note", "line two"),
                some("list[0]", "{ssn: 1}"),
                some("quoted: key", "z"),
                some("long", "first"),
                some("long", "and second"),
                some("other", "http://x:80/"),
                some("time", "12:30"),
            ]
        );
    }

    #[test]
    fn odd_lines_are_text() {
        for line in [
            "-", "- ", ":", ": x", "\"", "'a", "- - -", "|", "key", "\t x", "a:b",
        ] {
            let mut yaml = Yaml::default();
            yaml.line(line.as_bytes());
            yaml.line(b"  more");
        }
        let deep: String = (0..500).map(|i| format!("{}k:\n", " ".repeat(i))).collect();
        assert!(told(&deep).is_empty());
    }
}
