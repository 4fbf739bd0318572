//! How well the detectors do on labelled files: labels and what was found to scores.
//!
//! A labelled set is JSON Lines, one label a line ([`LabelledSet`]). [`run`] reads the files through
//! the same walk and scanner as a job, in parallel, and compares. The scoring itself knows neither
//! files nor detectors and can be used by itself ([`Matcher`], [`Scores`]).
//!
//! # Rules
//!
//! * A label and a hit can match where their stretches overlap and their identifiers are the same or
//!   said to be ([`Same`]; an identifier and its `_(NO_KEYWORD)` twin always are).
//! * One to one: equal stretches first, then by greatest overlap. Where that is equal, the same
//!   identifier goes before its twin, a label before an optional one, and the earlier before the later.
//! * A label that is matched is *right*, and *exact* where the stretches are equal; one that is not is
//!   *missed*. It counts for the identifier of the label.
//! * A hit that is not matched is *wrong*, for the identifier of the hit; but not where an optional
//!   label of its identifier (or of any, `*`) overlaps it, nor where its twin was right at that place.
//! * Optional labels are neither right nor missed.
//! * Labels and hits meet in the same member of the same file only, by the bytes of that member.
//! * A missed label that a wrong hit of another identifier overlaps is *confused* with it.
//!
//! With r right, w wrong, m missed: precision r / (r + w), recall r / (r + m), F1 2r / (2r + w + m);
//! what would divide by nothing is undefined. *Exact* figures count a right but not equal stretch as
//! wrong and as missed. Totals add all identifiers up (micro); averages are over the identifiers that
//! have labels, each with the same weight (macro), an undefined precision being 0.

mod explain;
mod files;
mod gates;
mod label;
mod matching;
mod same;
mod score;
mod walk;
mod worst;

pub use explain::Reason;
pub use files::{Evaluation, Options, Unread, run, walk_file};
pub use gates::{Gate, Gates, Measure, Verdict};
pub use label::{
    FilesBuilder, Label, LabelError, LabelledFile, LabelledSet, MemberLabels, MemberName,
};
pub use matching::{Found, Judged, Matcher, Outcome, Wrong};
pub use same::Same;
pub use score::{Confusion, Counts, Rates, Scores};
pub use worst::{Miss, MissPlace, WrongHit};
