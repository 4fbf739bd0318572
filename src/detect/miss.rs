//! What was almost reported, and why it was not. How such values are looked for is in
//! [`super::explain`].

use std::fmt::Write;
use std::ops::Range;

use super::check::Check;
use super::spec::Edge;
use super::veto::Veto;
use crate::model::{CatalogueIndex, KeywordHit};

/// A value that has the form of a detector's and was not reported as such.
#[derive(Clone, Debug, PartialEq)]
pub struct NearMiss {
    /// Index into [`CatalogueIndex::detectors`].
    pub detector: u16,
    /// Half-open byte range into the block's text.
    pub range: Range<usize>,
    pub reason: MissReason,
}

/// Why a value was not reported: the last hurdle that it came to.
#[derive(Clone, Debug, PartialEq)]
pub enum MissReason {
    /// What stands beside it continues it.
    Edge(Edge),
    /// It does not pass.
    Check(Check),
    /// A known sample, which is never reported.
    Sample,
    /// No keyword is anywhere near.
    KeywordMissing,
    /// The nearest keyword is too far off; its distance is the one found.
    KeywordFar(KeywordHit),
    /// The nearest keyword would do, but the end of a line or an empty line lies between.
    KeywordParted(KeywordHit),
    /// The pattern counts only where no keyword is near.
    KeywordPresent(KeywordHit),
    /// What stands around it says that it is something else.
    Veto(Veto),
    /// The nearest keyword before a value of a custom identifier, and the characters from its end to
    /// the end of the value, which are too many.
    CustomKeywordFar { keyword: u32, to_end: usize },
    /// It holds an ignore word of its custom identifier.
    IgnoreWord,
    /// It overlaps a better value, of this detector and in this range of the block's text.
    Lost { to: u16, range: Range<usize> },
}

impl MissReason {
    /// A word for machines.
    pub fn name(&self) -> &'static str {
        match self {
            MissReason::Edge(_) => "edge",
            MissReason::Check(_) => "check",
            MissReason::Sample => "sample",
            MissReason::KeywordMissing => "keyword_missing",
            MissReason::KeywordFar(_) => "keyword_far",
            MissReason::KeywordParted(_) => "keyword_parted",
            MissReason::KeywordPresent(_) => "keyword_present",
            MissReason::Veto(_) => "veto",
            MissReason::CustomKeywordFar { .. } => "keyword_far",
            MissReason::IgnoreWord => "ignore_word",
            MissReason::Lost { .. } => "lost",
        }
    }

    /// The reason in words, with what it hangs on. Holds nothing of the text but keywords.
    pub fn describe(&self, index: &CatalogueIndex) -> String {
        let keyword = |hit: &KeywordHit| {
            let text = index.keywords.get(hit.keyword as usize);
            format!("keyword \"{}\"", text.map_or("", |t| t))
        };
        let mut out = String::new();
        // writing to a string does not fail
        let _ = match self {
            MissReason::Edge(edge) => {
                write!(out, "edge {}: its neighbours continue it", edge.name())
            }
            MissReason::Check(check) => write!(out, "check {} failed", check.name()),
            MissReason::Sample => write!(out, "a known sample value, never reported"),
            MissReason::KeywordMissing => write!(out, "no keyword near"),
            MissReason::KeywordFar(hit) => write!(
                out,
                "{} is too far, {} characters {}",
                keyword(hit),
                hit.distance.unwrap_or(0),
                hit.side.as_str()
            ),
            MissReason::KeywordParted(hit) => write!(
                out,
                "{} is {} characters {}, but on another line",
                keyword(hit),
                hit.distance.unwrap_or(0),
                hit.side.as_str()
            ),
            MissReason::KeywordPresent(hit) => {
                write!(
                    out,
                    "counts only without a keyword, and {} is near",
                    keyword(hit)
                )
            }
            MissReason::Veto(rule) => write!(out, "veto {}", rule.name()),
            MissReason::CustomKeywordFar { keyword, to_end } => {
                let text = index.keywords.get(*keyword as usize);
                let text = text.map_or("", |t| t);
                write!(
                    out,
                    "keyword \"{text}\" is too far, {to_end} characters before the end"
                )
            }
            MissReason::IgnoreWord => write!(out, "it holds an ignore word"),
            MissReason::Lost { to, .. } => {
                let id = index.detectors.get(usize::from(*to));
                write!(out, "lost to {}", id.map_or("", |d| &d.id))
            }
        };
        out
    }

    /// How far the value came; of two reasons for the same value the later tells more.
    pub(super) fn stage(&self) -> u8 {
        match self {
            MissReason::Edge(_) => 0,
            MissReason::Check(_) => 1,
            MissReason::Sample => 2,
            MissReason::KeywordMissing => 3,
            MissReason::KeywordFar(_) | MissReason::CustomKeywordFar { .. } => 4,
            MissReason::KeywordParted(_)
            | MissReason::KeywordPresent(_)
            | MissReason::IgnoreWord => 5,
            MissReason::Veto(_) => 6,
            MissReason::Lost { .. } => 7,
        }
    }
}
