//! A detector as its file states it: the types, and the loader.
//!
//! A detector is one TOML file `detectors/<category>/<kind>/<ID>.toml`; the bank accounts of many
//! countries share one table, which the loader expands into a [`Spec`] each. This module turns text
//! into checked types. It reads no files, compiles no expressions and looks for nothing: that is
//! the engine's.

mod edge;
mod iban;
mod own;
mod parse;
#[cfg(test)]
mod tests;

pub use edge::Edge;
pub use own::{Lines, parse_own};
pub use parse::{SpecError, parse};

use super::check::Check;
use super::custom::CustomRule;
use crate::model::{Category, MaskStyle, Origin, SeverityTable};

/// Characters between keyword and value where a file does not say otherwise.
pub const KEYWORD_DISTANCE: u16 = 30;

/// One detector.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    pub id: String,
    /// Macie's id (a UUID) of an identifier that is kept in a store.
    pub uuid: Option<String>,
    pub category: Category,
    /// Macie's name of the kind of data, such as `Birth date`.
    pub kind: String,
    /// ISO 3166-1 alpha-2; empty means any.
    pub countries: Vec<String>,
    pub description: String,
    /// Where the format is defined, and where we differ from what is published.
    pub references: Vec<String>,
    pub severity: SeverityTable,
    pub origin: Origin,
    /// In Macie's recommended set for jobs.
    pub recommended: bool,
    /// On when the user asks for `all`.
    pub default_on: bool,
    pub mask: MaskStyle,
    /// As published, spelling and case included; matched without regard to case.
    pub keywords: Vec<String>,
    /// Ours, counted like the published ones.
    pub keywords_extra: Vec<String>,
    /// Keywords that say another detector first: a value found by one of them gives way to a value
    /// of another that is as good.
    pub keywords_shared: Vec<String>,
    /// Most characters between the nearest ends of keyword and value, inclusive.
    pub keyword_distance: u16,
    /// Values known to be samples. Compared without spaces and hyphens.
    pub never_reported: Vec<String>,
    /// Most occurrences that Macie counts in one file.
    pub macie_count_max: Option<u64>,
    pub engine: Engine,
    /// Gives way to every other detector where they overlap: what it says of a value is general.
    pub yields: bool,
    /// Names of columns and JSON fields whose whole value is taken.
    pub field_keywords: Vec<String>,
    /// Tried in order; the first that accepts a place wins. Empty for the recognisers.
    pub patterns: Vec<PatternSpec>,
    pub positives: Vec<Positive>,
    pub negatives: Vec<Negative>,
    /// A custom identifier in Macie's form, which has no patterns.
    pub custom: Option<CustomRule>,
    /// Comes with the program, whose tests have compiled its expressions: here that may wait.
    pub embedded: bool,
}

/// What finds the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The expressions of the file.
    Pattern,
    /// The recogniser of full names.
    Name,
    /// The recogniser of postal addresses.
    Address,
    /// The recogniser of dates beside a keyword.
    DateOfBirth,
    /// The recogniser of what is assigned to a password.
    Password,
    /// The recogniser of what is assigned to a key or token.
    Token,
}

/// One form of a value.
#[derive(Clone, Debug, PartialEq)]
pub struct PatternSpec {
    /// Linear-time expression over bytes (no look-around, no back-references; `(?-u)` for classes of
    /// bytes), case-sensitive unless it says `(?i)`. A group `v` marks the value where it is only a
    /// part of the match.
    pub regex: String,
    pub anchor: Anchor,
    pub keyword: KeywordRule,
    /// What may stand right before and after the value.
    pub edge: Edge,
    /// All must pass, cheapest first; they see the value alone.
    pub checks: Vec<Check>,
}

/// Where an expression is tried. A match starts where the anchor says, nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At the start of a run of digits, or at one or two `+` or `(` right before it.
    Number,
    /// At the start of a run of ASCII letters and digits that holds a digit.
    Token,
    /// At one of these texts.
    Literal {
        literals: Vec<String>,
        ignore_case: bool,
    },
    /// Around an `@`: the one anchor inside the match.
    At,
    /// At the start of a URL with a user name: at its scheme, when an `@` follows.
    Url,
    /// Anywhere within keyword distance of a keyword; the match may hold the keyword itself. In a
    /// field that a keyword names, the expression is given the value alone, so that `\A` and `\z`
    /// are its ends.
    Keyword,
}

/// What a pattern asks of the keywords (published and extra) of its detector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeywordRule {
    /// One must be near.
    Required,
    /// They do not matter.
    None,
    /// None may be near.
    Absent,
}

/// A text in which the detector finds exactly one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Positive {
    pub text: String,
    /// The exact value.
    pub matched: String,
    pub why: String,
    /// Other detectors that are meant to find something here.
    pub also: Vec<String>,
}

/// A text in which the detector finds nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Negative {
    pub text: String,
    pub why: String,
}
