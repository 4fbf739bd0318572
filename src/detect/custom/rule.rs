//! One custom identifier, compiled.

use regex_automata::meta;

use super::VALUE_BYTES_MAX;
use super::keyword::Keywords;
use super::literal::{self, Required};
use crate::detect::dialect::{self, Dialect, DialectError};

/// Largest automaton of an expression, in bytes.
const COMPILED_BYTES_MAX: usize = 2 << 20;
/// Memory in which an expression keeps what it has worked out, for each thread, in bytes.
const CACHE_BYTES: usize = 256 << 10;

/// Why an expression cannot be that of a custom identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Dialect(#[from] DialectError),
    #[error(
        "the expression matches the empty text; name at least one character that must be there"
    )]
    MatchesEmpty,
    #[error(
        "the expression is too large once compiled (over {max_kib} KiB); use smaller classes and \
         repeats"
    )]
    TooLarge { max_kib: usize },
}

/// What a custom identifier looks for: Macie's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRule {
    pub regex: String,
    /// Compared with regard to case; a value that holds one does not count.
    pub ignore_words: Vec<String>,
}

/// A compiled rule. Shared by threads.
#[derive(Debug)]
pub(in crate::detect) struct Rule {
    pub(in crate::detect) detector: u16,
    pub(super) regex: meta::Regex,
    /// Longest match in bytes; `None` where it has no end, or may be longer than a value.
    pub(super) bytes_max: Option<usize>,
    pub(super) required: Option<Required>,
    pub(super) keywords: Option<Keywords>,
    pub(super) ignore_words: Vec<String>,
    /// Most characters between the end of the keyword and the end of the value.
    pub(super) distance_max: u16,
}

impl Rule {
    /// `keywords`: with their numbers in the index of the catalogue.
    ///
    /// # Errors
    /// As [`check`].
    pub(in crate::detect) fn new(
        detector: u16,
        rule: &CustomRule,
        keywords: &[(String, u32)],
        distance_max: u16,
    ) -> Result<Self, Refusal> {
        let dialect = read(&rule.regex)?;
        let bytes_max = dialect.hir.properties().maximum_len();
        let keywords = match keywords {
            [] => None,
            some => Some(Keywords::new(some).ok_or(TOO_LARGE)?),
        };
        Ok(Rule {
            detector,
            regex: compiled(&[dialect.regex]).ok_or(TOO_LARGE)?,
            bytes_max: bytes_max.filter(|n| *n <= VALUE_BYTES_MAX),
            required: literal::required(&dialect.hir),
            keywords,
            ignore_words: rule.ignore_words.clone(),
            distance_max,
        })
    }

    /// The ignore word that a value holds.
    pub(super) fn ignore_word(&self, value: &[u8]) -> Option<usize> {
        self.ignore_words
            .iter()
            .position(|word| memchr::memmem::find(value, word.as_bytes()).is_some())
    }
}

const TOO_LARGE: Refusal = Refusal::TooLarge {
    max_kib: COMPILED_BYTES_MAX >> 10,
};

/// Checks an expression of a custom identifier, as Macie does when one is created.
///
/// # Errors
/// A [`Refusal`] with the construct, its place and what to write instead.
pub fn check(regex: &str) -> Result<(), Refusal> {
    let dialect = read(regex)?;
    compiled(&[dialect.regex]).map(|_| ()).ok_or(TOO_LARGE)
}

fn read(regex: &str) -> Result<Dialect, Refusal> {
    let dialect = dialect::read(regex)?;
    match dialect.hir.properties().minimum_len() {
        Some(0) => Err(Refusal::MatchesEmpty),
        _ => Ok(dialect),
    }
}

/// The texts that an expression cannot do without; none where it is searched for in a pass of its
/// own.
pub fn literals(regex: &str) -> Vec<String> {
    let required = dialect::read(regex)
        .ok()
        .and_then(|dialect| literal::required(&dialect.hir));
    required.map_or(Vec::new(), |required| {
        required
            .texts
            .iter()
            .map(|text| String::from_utf8_lossy(text).into_owned())
            .collect()
    })
}

/// Expressions as one, in the syntax of the `regex` crates; `None` if they are too large.
pub(super) fn compiled(expressions: &[String]) -> Option<meta::Regex> {
    meta::Builder::new()
        .syntax(
            regex_automata::util::syntax::Config::new()
                .utf8(false)
                .nest_limit(200),
        )
        .configure(
            meta::Config::new()
                .utf8_empty(false)
                .nfa_size_limit(Some(COMPILED_BYTES_MAX))
                .hybrid_cache_capacity(CACHE_BYTES),
        )
        .build_many(expressions)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matches_nothing_or_is_too_large_is_refused() {
        for regex in ["a*", "^$", r"\b", "(a|)", "a?b{0,3}", "()", "a*b*"] {
            assert_eq!(check(regex), Err(Refusal::MatchesEmpty), "{regex}");
        }
        for regex in [r"(\pL{500}){500}", r"((a{500}){500}){500}x"] {
            let said = check(regex).expect_err(regex).to_string();
            assert!(said.contains("is too large once compiled"), "{said}");
        }
        for regex in [
            r"foo.{0,300}bar",
            r"\w{512}",
            r"[^,]{1,512},",
            "(?i)employee[ _-]?id",
        ] {
            assert_eq!(check(regex), Ok(()), "{regex}");
        }
    }
}
