//! Detector files of users: as our own, with messages that name the line.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

use super::Spec;
use super::parse::{RawSpec, SpecError};

/// Where the fields of a file are.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    file: String,
    /// 1-based line of each field on the first level.
    fields: BTreeMap<String, usize>,
    /// 1-based line of each `[[pattern]]`.
    patterns: Vec<usize>,
}

impl Lines {
    /// `file:line` of a field on the first level; the file alone where it is not written.
    pub fn field(&self, name: &str) -> String {
        self.place(self.fields.get(name))
    }

    /// `file:line` of a pattern, counted from 0.
    pub fn pattern(&self, number: usize) -> String {
        self.place(self.patterns.get(number))
    }

    fn place(&self, line: Option<&usize>) -> String {
        match line {
            Some(line) => format!("{}:{line}", self.file),
            None => self.file.clone(),
        }
    }

    fn of(file: &str, text: &str) -> Self {
        #[derive(Deserialize)]
        struct Patterns {
            #[serde(default)]
            pattern: Vec<Spanned<IgnoredAny>>,
        }
        // the file was read before: where these fail, only the lines are missing from messages
        let fields: BTreeMap<String, Spanned<IgnoredAny>> =
            toml::from_str(text).unwrap_or_default();
        let patterns = toml::from_str::<Patterns>(text).map_or(Vec::new(), |p| p.pattern);
        Lines {
            file: file.to_owned(),
            fields: fields
                .into_iter()
                .map(|(name, value)| (name, line(text, value.span().start)))
                .collect(),
            patterns: patterns
                .into_iter()
                .map(|value| line(text, value.span().start))
                .collect(),
        }
    }
}

fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}

/// Reads a detector file of a user's. As [`parse`](super::parse), but: the file may have any name;
/// the category may be `CUSTOM_IDENTIFIER`, or be left out and is so then; the origin is `custom`.
///
/// # Errors
/// As [`parse`](super::parse), with the line.
pub fn parse_own(file: &str, text: &str) -> Result<(Spec, Lines), SpecError> {
    let raw: RawSpec = toml::from_str(text).map_err(|error| {
        let at = match error.span() {
            Some(span) => format!("{file}:{}", line(text, span.start)),
            None => file.to_owned(),
        };
        super::parse::syntax(&at, &error)
    })?;
    let lines = Lines::of(file, text);
    let spec = raw.build(&|field| lines.field(field), &|n| lines.pattern(n), true)?;
    Ok((spec, lines))
}
