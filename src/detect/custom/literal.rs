//! Texts that an expression cannot do without: every match holds one of them.
//!
//! They go into one search for all custom identifiers, which then cost next to nothing where none
//! of their texts occurs. An expression such as `[A-Z]{2}\d{6}` has none and is searched for by
//! itself.

use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Hir, HirKind};

/// Shortest text that is worth a search, in bytes: one byte alone occurs everywhere.
const BYTES_MIN: usize = 2;
/// Longest text that is kept: more tells nearly nothing more.
const BYTES_MAX: usize = 6;
/// Length from which on fewer texts are better than longer ones, in bytes.
const BYTES_ENOUGH: usize = 3;
/// Most texts of one expression.
const COUNT_MAX: usize = 16;

/// Texts one of which is in every match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Required {
    /// Ascending; none begins with another.
    pub texts: Vec<Vec<u8>>,
    /// Most bytes between the start of a match and the text; `None` without end.
    pub before_max: Option<usize>,
}

impl Required {
    /// Higher is rarer in texts and cheaper to look for.
    fn score(&self) -> (usize, bool, usize, usize) {
        let shortest = self.texts.iter().map(Vec::len).min().unwrap_or(0);
        let few = COUNT_MAX.saturating_sub(self.texts.len());
        let bounded = self.before_max.is_some();
        (shortest.min(BYTES_ENOUGH), bounded, few, shortest)
    }
}

/// The best texts of an expression; `None` where it has none that is long enough.
pub(super) fn required(hir: &Hir) -> Option<Required> {
    let mut best = None;
    visit(hir, Some(0), &mut best);
    best
}

/// `before_max`: as in [`Required`], for the start of `hir`.
fn visit(hir: &Hir, before_max: Option<usize>, best: &mut Option<Required>) {
    match hir.kind() {
        HirKind::Capture(capture) => visit(&capture.sub, before_max, best),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            visit(&repetition.sub, before_max, best);
        }
        HirKind::Concat(parts) => {
            let mut before_max = before_max;
            for (i, part) in parts.iter().enumerate() {
                let rest = Hir::concat(parts[i..].to_vec());
                prefixes(&rest, before_max, best);
                visit(part, before_max, best);
                before_max = before_max
                    .zip(part.properties().maximum_len())
                    .map(|(a, b)| a.saturating_add(b));
            }
        }
        HirKind::Alternation(cases) => {
            let each: Option<Vec<Required>> = cases.iter().map(required).collect();
            if let Some(each) = each {
                let before = each
                    .iter()
                    .try_fold(0, |most, r| Some(r.before_max?.max(most)));
                let before = before_max.zip(before).map(|(a, b)| a.saturating_add(b));
                let texts = each.into_iter().flat_map(|r| r.texts).collect();
                offer(texts, before, best);
            }
            prefixes(hir, before_max, best);
        }
        _ => prefixes(hir, before_max, best),
    }
}

/// What the expression begins with.
fn prefixes(hir: &Hir, before_max: Option<usize>, best: &mut Option<Required>) {
    let seq = Extractor::new()
        .kind(ExtractKind::Prefix)
        .limit_class(COUNT_MAX)
        .limit_repeat(BYTES_MAX)
        .limit_literal_len(BYTES_MAX)
        .limit_total(128)
        .extract(hir);
    let Some(literals) = seq.literals() else {
        return;
    };
    // shorter texts are fewer where letters may be large or small
    for length in (BYTES_MIN..=BYTES_MAX).rev() {
        let texts = literals
            .iter()
            .map(|l| l.as_bytes()[..l.len().min(length)].to_vec())
            .collect();
        offer(texts, before_max, best);
    }
}

/// Takes the texts if they are few and long enough, and better than those before.
fn offer(mut texts: Vec<Vec<u8>>, before_max: Option<usize>, best: &mut Option<Required>) {
    texts.sort();
    texts.dedup();
    // what begins with another text is found with it
    texts.dedup_by(|later, first| later.starts_with(first));
    let is_short = |text: &Vec<u8>| text.len() < BYTES_MIN;
    if texts.is_empty() || texts.len() > COUNT_MAX || texts.iter().any(is_short) {
        return;
    }
    let new = Required { texts, before_max };
    if best.as_ref().is_none_or(|b| new.score() > b.score()) {
        *best = Some(new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::dialect;

    fn of(regex: &str) -> Option<(Vec<String>, Option<usize>)> {
        let dialect = dialect::read(regex).expect(regex);
        required(&dialect.hir).map(|r| {
            let texts = r
                .texts
                .iter()
                .map(|t| String::from_utf8_lossy(t).into_owned());
            (texts.collect(), r.before_max)
        })
    }

    #[test]
    fn every_match_holds_one() {
        let texts = |list: &[&str]| list.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        for (regex, list, before) in [
            (r"EMP-\d{6}", &["EMP-"][..], Some(0)),
            (r"[A-Z]{2}-EMP\d{6}", &["-EMP"], Some(2)),
            (r"[a-z]+@example\.com", &["@examp"], None),
            (r"(abc|defg)\d", &["abc", "defg"], Some(0)),
            (r"\d{3}(abc|x{3}def)", &["abc", "xxxdef"], Some(3)),
            (r"(\d{2}(ab|cd)){2,}", &["ab", "cd"], Some(2)),
            (r"\bkey=\w+", &["key="], Some(0)),
        ] {
            let (got, got_before) = of(regex).expect(regex);
            assert_eq!(got_before, before, "{regex}: {got:?}");
            for text in texts(list) {
                assert!(
                    got.iter().any(|g| text.starts_with(g.as_str())),
                    "{regex}: {got:?}"
                );
            }
        }
        let (folded, _) = of("(?i)employee").expect("some");
        assert!(
            folded.len() <= COUNT_MAX && folded.contains(&"EmP".to_owned()),
            "{folded:?}"
        );
        assert_eq!(
            of(r"\d{3}-\d{4}").map(|(t, b)| (t.len(), b)),
            Some((10, Some(3)))
        );
    }

    #[test]
    fn some_have_none() {
        for regex in [
            r"[A-Z]{2}\d{6}",
            r"\d+",
            r"(abc|\d{3})",
            "(abc)?x",
            r"\w+@",
            "[a-z]b",
        ] {
            assert_eq!(of(regex), None, "{regex}");
        }
    }
}
