//! Labels: what stands where in the files of a labelled set, as JSON Lines tell it.
//!
//! One object a line:
//!
//! ```json
//! {"file": "logs/a.log", "start": 120, "end": 131, "type": "USA_SOCIAL_SECURITY_NUMBER"}
//! ```
//!
//! `file` is relative to the folder of the labelled set; `start` and `end` are half-open, in bytes of
//! the file as stored; `type` is an identifier. `"optional": true` marks what is neither right nor
//! wrong, with `"type": "*"` for any identifier. `"member"` names a file inside a container: an array
//! of names from the outermost inwards, or one text with `/` between them; `start` and `end` are then
//! bytes of that member. Without it, the only member of a container of one (such as a `.gz`) is meant.
//! `{"file": ...}` alone names a file that is read although it may hold no value. Other fields are
//! for people and ignored. Reading the files is left to others.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use crate::model::CatalogueIndex;

/// Type of an optional label that takes hits of any identifier.
const ANY: &str = "*";

/// Names from the object inwards with `/` between them; `None` where the label does not tell.
pub type MemberName = Option<Arc<str>>;

/// One labelled value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    pub start: u64,
    /// After the last byte; greater than `start`.
    pub end: u64,
    /// Index into [`CatalogueIndex::detectors`]; `None` takes any.
    pub detector: Option<u16>,
    /// Neither right nor missed, and what is found there is not wrong.
    pub optional: bool,
}

impl Label {
    pub fn range(&self) -> Range<u64> {
        self.start..self.end
    }
}

/// The labels of one member.
#[derive(Clone, Debug, Default)]
pub struct MemberLabels {
    /// Ascending.
    pub labels: Vec<Label>,
    /// Their lines in the labelled set.
    pub lines: Vec<u64>,
}

/// A file and all that is labelled in it.
#[derive(Clone, Debug)]
pub struct LabelledFile {
    pub path: PathBuf,
    /// As the labelled set names it.
    pub name: String,
    /// The labelled set that first named it, and the line.
    pub set: Arc<str>,
    pub line: u64,
    pub members: BTreeMap<MemberName, MemberLabels>,
}

impl LabelledFile {
    /// Something about it, or about what a line says of it, cannot be.
    pub(super) fn error(&self, line: u64, cause: String) -> LabelError {
        LabelError {
            set: self.set.to_string(),
            line,
            cause,
        }
    }
}

/// A labelled set that cannot be used. Tells the place, never what stands there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("read labels {set} line {line}: {cause}")]
pub struct LabelError {
    pub set: String,
    pub line: u64,
    pub cause: String,
}

/// What one line says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    file: String,
    label: Option<(Range<u64>, String, bool, MemberName)>,
}

/// A labelled set, read but not yet held against a catalogue.
#[derive(Clone, Debug)]
pub struct LabelledSet {
    name: Arc<str>,
    folder: PathBuf,
    lines: Vec<(u64, Line)>,
}

#[derive(Deserialize)]
struct Fields {
    file: Option<Value>,
    start: Option<Value>,
    end: Option<Value>,
    r#type: Option<Value>,
    optional: Option<Value>,
    member: Option<Value>,
}

impl LabelledSet {
    /// Reads a labelled set. `name` is for messages, `folder` that to which files are relative.
    ///
    /// # Errors
    /// The first line that is not as the format wants it.
    pub fn parse(name: &str, folder: &Path, text: &[u8]) -> Result<Self, LabelError> {
        let mut lines = Vec::new();
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        for (number, line) in (1..).zip(text.split(|&b| b == b'\n')) {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let line = parse_line(line).map_err(|cause| LabelError {
                set: name.to_owned(),
                line: number,
                cause,
            })?;
            lines.push((number, line));
        }
        Ok(LabelledSet {
            name: Arc::from(name),
            folder: folder.to_owned(),
            lines,
        })
    }

    /// The identifiers that are labelled, ascending; `*` is none.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        let types: std::collections::BTreeSet<&str> = self
            .lines
            .iter()
            .filter_map(|(_, l)| l.label.as_ref().map(|(_, t, _, _)| t.as_str()))
            .filter(|t| *t != ANY)
            .collect();
        types.into_iter()
    }

    fn error(&self, line: u64, cause: String) -> LabelError {
        LabelError {
            set: self.name.to_string(),
            line,
            cause,
        }
    }
}

fn parse_line(line: &[u8]) -> Result<Line, String> {
    // the message of the parser may quote a value; its place does not
    let fields: Fields = serde_json::from_slice(line).map_err(|e| match e.classify() {
        serde_json::error::Category::Data => "expected one JSON object".to_owned(),
        _ => format!("not JSON at column {}", e.column()),
    })?;
    let file = match fields.file {
        Some(Value::String(file)) if !file.is_empty() => file,
        None => return Err("\"file\" is missing".to_owned()),
        Some(_) => return Err("\"file\" must be a path".to_owned()),
    };
    let optional = match fields.optional {
        None | Some(Value::Bool(false)) => false,
        Some(Value::Bool(true)) => true,
        Some(_) => return Err("\"optional\" must be true or false".to_owned()),
    };
    let member = match fields.member {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(Arc::from(name)),
        Some(Value::Array(names)) => {
            let names: Option<Vec<&str>> = names.iter().map(Value::as_str).collect();
            let names = names.ok_or("\"member\" must hold names only")?;
            Some(Arc::from(names.join("/")))
        }
        Some(_) => return Err("\"member\" must be a name or an array of names".to_owned()),
    };
    let offset = |name: &str, value: Option<Value>| match value {
        None => Err(format!("\"{name}\" is missing")),
        Some(value) => value
            .as_u64()
            .ok_or_else(|| format!("\"{name}\" must be a number of bytes")),
    };
    let label = match (&fields.start, &fields.end, &fields.r#type) {
        (None, None, None) => None,
        (_, _, None) => return Err("\"type\" is missing".to_owned()),
        (_, _, Some(Value::String(kind))) => {
            let start = offset("start", fields.start)?;
            let end = offset("end", fields.end)?;
            if start >= end {
                return Err(format!("the range {start}..{end} is empty"));
            }
            if kind == ANY && !optional {
                return Err("type \"*\" is for optional labels only".to_owned());
            }
            Some((start..end, kind.clone(), optional, member))
        }
        _ => return Err("\"type\" must be an identifier".to_owned()),
    };
    Ok(Line { file, label })
}

/// Collects the files of labelled sets, each once.
#[derive(Debug, Default)]
pub struct FilesBuilder {
    files: Vec<LabelledFile>,
    by_path: BTreeMap<PathBuf, usize>,
    /// Labels of identifiers that were not chosen.
    pub left_out: u64,
}

impl FilesBuilder {
    /// Adds a set. `known` tells identifiers that exist but were not chosen: their labels are
    /// counted and left out.
    ///
    /// # Errors
    /// A type that is no identifier, a label that is there twice.
    pub fn add(
        &mut self,
        set: &LabelledSet,
        index: &CatalogueIndex,
        known: &dyn Fn(&str) -> bool,
    ) -> Result<(), LabelError> {
        for (number, line) in &set.lines {
            let path = set.folder.join(&line.file);
            let at = *self.by_path.entry(path.clone()).or_insert_with(|| {
                self.files.push(LabelledFile {
                    path,
                    name: line.file.clone(),
                    set: Arc::clone(&set.name),
                    line: *number,
                    members: BTreeMap::new(),
                });
                self.files.len() - 1
            });
            let Some((range, kind, optional, member)) = &line.label else {
                continue;
            };
            let detector = match index.find(kind) {
                Some(detector) => Some(detector),
                None if kind == ANY => None,
                None if known(kind) => {
                    self.left_out += 1;
                    continue;
                }
                None => {
                    let cause =
                        format!("there is no identifier {kind:?}; see magpie identifiers list");
                    return Err(set.error(*number, cause));
                }
            };
            let label = Label {
                start: range.start,
                end: range.end,
                detector,
                optional: *optional,
            };
            let member = self.files[at].members.entry(member.clone()).or_default();
            member.labels.push(label);
            member.lines.push(*number);
        }
        Ok(())
    }

    /// The files in the order of their paths, the labels of each member ascending.
    ///
    /// # Errors
    /// A label that is there twice.
    pub fn finish(mut self) -> Result<Vec<LabelledFile>, LabelError> {
        for file in &mut self.files {
            for member in file.members.values_mut() {
                let lines = std::mem::take(&mut member.lines);
                let labels = std::mem::take(&mut member.labels);
                let mut both: Vec<(Label, u64)> = labels.into_iter().zip(lines).collect();
                both.sort_unstable();
                let what = |l: &Label| (l.start, l.end, l.detector);
                let twice = both.windows(2).find(|w| what(&w[0].0) == what(&w[1].0));
                if let Some([(_, first), (_, second)]) = twice {
                    return Err(LabelError {
                        set: file.set.to_string(),
                        line: *first.max(second),
                        cause: format!("the same label is in line {}", first.min(second)),
                    });
                }
                (member.labels, member.lines) = both.into_iter().unzip();
            }
        }
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(self.files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: &str) -> String {
        let text = format!("\n{{\"file\":\"a\"}}\n{line}\n");
        LabelledSet::parse("set.jsonl", Path::new("."), text.as_bytes())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn wrong_lines_are_told_by_their_place_and_never_quoted() {
        for (line, cause) in [
            ("{\"file\":", "not JSON at column 8"),
            ("[536904399]", "expected one JSON object"),
            ("{\"start\":1}", "\"file\" is missing"),
            ("{\"file\":7}", "\"file\" must be a path"),
            ("{\"file\":\"a\",\"start\":1}", "\"type\" is missing"),
            (
                "{\"file\":\"a\",\"type\":\"X\",\"end\":2}",
                "\"start\" is missing",
            ),
            (
                "{\"file\":\"a\",\"type\":\"X\",\"start\":\"536-90-4399\",\"end\":2}",
                "\"start\" must be a number of bytes",
            ),
            (
                "{\"file\":\"a\",\"type\":\"X\",\"start\":3,\"end\":3}",
                "the range 3..3 is empty",
            ),
            (
                "{\"file\":\"a\",\"type\":\"*\",\"start\":3,\"end\":4}",
                "type \"*\" is for optional labels only",
            ),
            (
                "{\"file\":\"a\",\"type\":\"X\",\"start\":3,\"end\":4,\"member\":[1]}",
                "\"member\" must hold names only",
            ),
        ] {
            assert_eq!(
                error(line),
                format!("read labels set.jsonl line 3: {cause}")
            );
        }
    }

    #[test]
    fn fields_for_people_are_ignored_and_members_have_two_forms() {
        let text = concat!(
            "{\"file\":\"a.zip\",\"start\":1,\"end\":2,\"type\":\"X\",\"member\":[\"b.gz\",\"b\"],\"note\":{}}\r\n",
            "{\"file\":\"a.zip\",\"start\":3,\"end\":4,\"type\":\"Y\",\"member\":\"b.gz/b\"}"
        );
        let set = LabelledSet::parse("s", Path::new("/sets"), text.as_bytes()).unwrap();
        assert_eq!(set.types().collect::<Vec<_>>(), ["X", "Y"]);
        let mut files = FilesBuilder::default();
        files
            .add(&set, &CatalogueIndex::default(), &|id| {
                id == "X" || id == "Y"
            })
            .unwrap();
        assert_eq!(files.left_out, 2);
        let members: Vec<_> = set
            .lines
            .iter()
            .map(|(_, l)| l.label.clone().unwrap().3)
            .collect();
        assert_eq!(members[0], members[1]);
        let unknown = files.add(&set, &CatalogueIndex::default(), &|_| false);
        assert_eq!(
            unknown.unwrap_err().to_string(),
            "read labels s line 1: there is no identifier \"X\"; see magpie identifiers list"
        );
    }
}
