//! Texts of keys and values: YAML, and INI files, properties and the environment of a process.
//!
//! A [`Reader`] goes over such a text line by line and says of each line which value it holds, and
//! under which keys. Loose about the grammar: a line that is none of the format is a line of text.

mod ini;
mod tell;
mod yaml;

use std::ops::Range;
use std::rc::Rc;

use super::markup::Frame;

pub(crate) use tell::tell;

/// What of a line is looked at for its key; the value may be longer.
pub(crate) const LINE_BYTES: usize = 1024;
/// Longest key that is followed.
const KEY_BYTES_MAX: usize = 200;

/// Which format a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Yaml,
    Ini,
}

/// Goes over the lines of a text. A clone goes on from the same place.
#[derive(Clone, Debug)]
pub(crate) enum Reader {
    Yaml(yaml::Yaml),
    Ini(ini::Ini),
}

/// The value of a line: where it is, as far as the line was looked at, and what it stands in.
pub(crate) type Value = (Range<usize>, Option<Rc<Frame>>);

impl Reader {
    pub fn new(kind: Kind) -> Self {
        match kind {
            Kind::Yaml => Reader::Yaml(yaml::Yaml::default()),
            Kind::Ini => Reader::Ini(ini::Ini::default()),
        }
    }

    /// Reads the next line, without its line end; at most [`LINE_BYTES`] of it.
    pub fn line(&mut self, line: &[u8]) -> Option<Value> {
        match self {
            Reader::Yaml(yaml) => yaml.line(line),
            Reader::Ini(ini) => ini.line(line),
        }
    }
}

/// Where a value stands from `from` on, without spaces and quotes around it.
fn bare(line: &[u8], from: usize) -> Range<usize> {
    let rest = &line[from.min(line.len())..];
    let start = line.len() - rest.trim_ascii_start().len();
    let end = start + line[start..].trim_ascii_end().len();
    match line[start..end] {
        [open @ (b'"' | b'\''), .., close] if open == close => start + 1..end - 1,
        _ => start..end,
    }
}
