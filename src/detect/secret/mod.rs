//! The recognisers of secrets without a form of their own: passwords, and keys and tokens that only
//! the name they are assigned to tells.
//!
//! A word such as `password` is taken for a name when something is assigned to it: `password=...`,
//! `"password": "..."`, `<password>...</password>`, `--password ...`, `Password=...;`, or a field of
//! that name. [`assign`] reads the assignment, [`name`] judges the whole name, [`password`] and
//! [`token`] the value. What people write where a secret belongs ([`super::check::filler`]) is no value, nor is
//! code that fetches one.
//!
//! Everything asks for a few hundred bytes around the word at most, allocates nothing and cannot
//! fail.

mod assign;
mod name;
mod password;
mod token;

use std::ops::Range;

/// What a name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Password,
    Token,
}

/// A secret beside a word.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub range: Range<usize>,
    pub confidence: f32,
}

/// How a value is written, which says how far it can be trusted to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In quotes.
    Quoted,
    /// In quotes, as the argument after a quoted name: `put("password", "...")`.
    Argument,
    /// Up to a blank or a separator; to the end of the line where `last`.
    Bare { last: bool },
    /// A variable of the environment or a parameter: `PASSWORD=...`, `--password=...`, `?password=...`.
    Parameter,
    /// Between tags, or the whole of a field.
    Field,
    /// The whole of a cell.
    Cell,
}

/// The secret assigned to the name that holds the word at `word`.
pub(super) fn near(text: &[u8], word: Range<usize>, kind: Kind) -> Option<Found> {
    let assigned = assign::read(text, word, kind)?;
    judge(text, assigned.value, assigned.form, assigned.strong, kind)
}

/// The secret that is the whole value of a field of this name. `column`: the field is a cell of a
/// table.
pub(super) fn in_field(value: &[u8], field: &str, column: bool, kind: Kind) -> Option<Found> {
    let form = if column { Form::Cell } else { Form::Field };
    let strong = name::field(field.as_bytes(), kind)?;
    let trimmed = value.trim_ascii();
    let start = value.len() - value.trim_ascii_start().len();
    judge(value, start..start + trimmed.len(), form, strong, kind)
}

fn judge(text: &[u8], range: Range<usize>, form: Form, strong: bool, kind: Kind) -> Option<Found> {
    let value = text.get(range.clone())?;
    let confidence = match kind {
        Kind::Password => password::confidence(value, form, strong)?,
        Kind::Token => token::confidence(value, strong)?,
    };
    Some(Found { range, confidence })
}

#[cfg(test)]
mod tests;
