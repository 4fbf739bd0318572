//! One pass over a piece of text: from anchors to accepted values.

use std::ops::Range;

use super::anchor::Anchors;
use super::candidate::Candidate;
use super::catalogue::Catalogue;
use super::confidence::{self, Proof};
use super::fields::{Fields, Here};
use super::keyword::Found;
use super::miss::MissReason;
use super::near;
use super::pattern::Pattern;
use super::spec::{Anchor, KeywordRule};
use super::veto::{self, Standing, Veto};
use super::word;
use crate::model::{Block, Context, KeywordHit, Rivals, Side, TextShape};

/// Longest run of bytes before an `@` in which a value may begin.
pub(super) const LOCAL_BYTES_MAX: usize = 64;
/// Longest user name and password in a URL, with its scheme, in bytes.
const USER_BYTES_MAX: usize = 256;
/// Bytes beyond the keyword distance in which a value may begin before a keyword.
const VALUE_BYTES_MAX: usize = 128;
/// Bytes after the name of a field in which its value may begin.
const FIELD_BYTES_MAX: usize = 256;
/// Farthest `{` before a value that makes a line hold a JSON payload, in bytes.
pub(super) const PAYLOAD_BYTES_MAX: usize = 2560;

/// The stretch of text in which a value and its keywords must lie.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub range: Range<usize>,
    /// What the names of the field say.
    pub names: Option<usize>,
    /// There is no keyword in it.
    pub bare: bool,
}

/// One pass. Offsets are into `text`, the window of the block that is scanned.
pub(super) struct Pass<'a, 'b> {
    pub catalogue: &'a Catalogue,
    pub block: &'a Block<'b>,
    pub window: Range<usize>,
    pub text: &'a [u8],
    pub shape: TextShape,
    /// Fields with names may be anywhere in plain text.
    pub has_fields: bool,
    pub ctx: &'a mut dyn Context,
    pub anchors: &'a Anchors,
    /// Keywords, ascending.
    pub found: &'a [Found],
    /// Words that only name fields, ascending.
    pub labels: &'a [Found],
    /// The first keyword that may be near the numbers to come.
    pub next_keyword: usize,
    /// The first keyword that may be near the value last asked about.
    pub near_keyword: usize,
    /// The first `{` at or after the last place asked about.
    pub next_brace: usize,
    pub fields: &'a mut Fields,
    pub candidates: &'a mut Vec<Candidate>,
}

impl Pass<'_, '_> {
    /// The text may have fields with names here: a table, a record, the JSON payload of a line.
    pub(super) fn may_have_names(&mut self, at: usize) -> bool {
        if self.shape != TextShape::Plain || self.has_fields {
            return true;
        }
        let braces = &self.anchors.braces;
        // asked in ascending order nearly always: the place of the last answer is the start
        let mut i = self.next_brace;
        while i > 0 && braces[i - 1] as usize >= at {
            i -= 1;
        }
        while braces.get(i).is_some_and(|&b| (b as usize) < at) {
            i += 1;
        }
        self.next_brace = i;
        let Some(brace) = i.checked_sub(1).map(|i| braces[i] as usize) else {
            return false;
        };
        at - brace <= PAYLOAD_BYTES_MAX && memchr::memrchr(b'\n', &self.text[brace..at]).is_none()
    }

    pub(super) fn field(&mut self, at: usize) -> Option<Here> {
        self.fields
            .at(self.catalogue, self.ctx, self.block, &self.window, at)
    }

    /// Where a value that begins at `at` must lie; nothing where no value can be.
    pub(super) fn scope(&mut self, at: usize) -> Option<Scope> {
        let all = 0..self.text.len();
        if self.shape == TextShape::Plain {
            return Some(Scope {
                range: all,
                names: None,
                bare: false,
            });
        }
        match self.field(at) {
            // a name may hold a value (objects keyed by card number, tables without a header),
            // but is not itself under a name
            Some(here) => Some(Scope {
                range: here.value,
                names: (!here.is_name).then_some(here.names),
                bare: false,
            }),
            None => Some(Scope {
                range: all,
                names: None,
                bare: false,
            }),
        }
    }

    /// The keyword that makes a value of the detector count.
    pub(super) fn evidence(
        &mut self,
        detector: u16,
        scope: &Scope,
        range: &Range<usize>,
    ) -> Option<KeywordHit> {
        let catalogue = self.catalogue;
        if !scope.bare {
            // asked in ascending order nearly always: the place of the last answer is the start
            let bytes = near::bytes_max(catalogue.detectors[detector as usize].distance);
            let found = near::around_from(self.found, &mut self.near_keyword, range, bytes);
            let near = near::nearest(
                catalogue,
                self.text,
                &scope.range,
                found,
                detector,
                range,
                self.shape == TextShape::Plain,
            );
            if near.is_some() {
                return near;
            }
        }
        let names = match scope.names {
            Some(names) => names,
            None if self.may_have_names(range.start) => {
                let here = self.field(range.start).filter(|h| !h.is_name)?;
                (range.end <= here.value.end).then_some(here.names)?
            }
            None => return None,
        };
        self.fields.sets[names].keyword(catalogue, detector)
    }

    /// Tries one pattern at one place. `scope`: where known already.
    pub(super) fn attempt(&mut self, number: u16, at: usize, scope: Option<&Scope>) {
        if let Some(candidate) = self.weigh(number, at, scope, &mut |_, _| {}) {
            self.candidates.push(candidate);
        }
    }

    /// The value of a pattern at one place, if it is one.
    ///
    /// `refused`: told why a value that matches is none.
    #[inline(always)]
    pub(super) fn weigh(
        &mut self,
        number: u16,
        at: usize,
        scope: Option<&Scope>,
        refused: &mut impl FnMut(Range<usize>, MissReason),
    ) -> Option<Candidate> {
        let catalogue = self.catalogue;
        let pattern = &catalogue.patterns[number as usize];
        let scope = match scope {
            Some(scope) => scope.clone(),
            None => self.scope(at)?,
        };
        let base = scope.range.start;
        if at < base {
            return None;
        }
        let accepted = pattern.accept(
            &self.text[scope.range.clone()],
            at - base,
            &mut |range, reason| refused(range.start + base..range.end + base, reason),
        )?;
        let range = accepted.range.start + base..accepted.range.end + base;
        if pattern.anchor == Anchor::At && !self.text[range.clone()].contains(&b'@') {
            return None;
        }
        let detector = pattern.detector;
        let mut keyword = if catalogue.detectors[detector as usize].has_keywords {
            self.evidence(detector, &scope, &range)
        } else {
            None
        };
        match (pattern.keyword, keyword) {
            (KeywordRule::Required, None) => {
                refused(range, MissReason::KeywordMissing);
                return None;
            }
            (KeywordRule::Absent, Some(keyword)) => {
                refused(range, MissReason::KeywordPresent(keyword));
                return None;
            }
            _ => {}
        }
        let mut named = keyword.is_some_and(|k| self.keyword_names(&range, &k));
        if pattern.may_be_vetoed() {
            if !named && keyword.is_some_and(|k| self.names_another(&range, &k, pattern.proof)) {
                // what stands before the value, or names its field, is asked once more
                let after = keyword.is_some_and(|k| k.side == Side::After);
                let before = Scope {
                    range: if after {
                        scope.range.start..range.end
                    } else {
                        range.clone()
                    },
                    names: scope.names,
                    bare: scope.bare,
                };
                keyword = self.evidence(detector, &before, &range);
                if pattern.keyword == KeywordRule::Required && keyword.is_none() {
                    refused(range, MissReason::Veto(Veto::Elsewhere));
                    return None;
                }
                named = keyword.is_some_and(|k| self.keyword_names(&range, &k));
            }
            let column = scope.names.filter(|_| self.shape == TextShape::Columns);
            let standing = Standing {
                keyed: keyword.is_some(),
                named,
                proof: pattern.proof,
                column: column.and_then(|names| self.fields.sets[names].last()),
            };
            let rule = veto::veto(self.text, &range, &standing).or_else(|| {
                let chance = keyword.is_none()
                    && pattern.proof != Proof::None
                    && self.passed_by_chance(number, &range);
                chance.then_some(Veto::Chance)
            });
            if let Some(rule) = rule {
                refused(range, MissReason::Veto(rule));
                return None;
            }
        }
        let value = &self.text[range.clone()];
        Some(Candidate {
            start: range.start as u32,
            end: range.end as u32,
            detector,
            checks: accepted.checks,
            proof: pattern.proof,
            form: form(pattern),
            yields: catalogue.detectors[detector as usize].yields,
            keyword_bytes: keyword.map_or(0, |k| {
                let text = catalogue.index().keywords.get(k.keyword as usize);
                text.map_or(0, |t| t.len().min(255) as u8)
            }),
            confidence: confidence::of_value(pattern.odds, value, keyword.as_ref(), named),
            shared: keyword.is_some_and(|k| {
                let shared = &catalogue.detectors[detector as usize].shared;
                shared.binary_search(&k.keyword).is_ok()
            }),
            published: catalogue.detectors[detector as usize].published,
            keyword,
            rivals: Rivals::default(),
        })
    }

    /// The keyword names the value: right before it, or in the name of its field.
    fn keyword_names(&self, range: &Range<usize>, keyword: &KeywordHit) -> bool {
        match (keyword.side, keyword.distance) {
            (Side::Before, Some(distance)) => {
                let from = near::back(self.text, range.start, distance);
                veto::names(&self.text[from..range.start])
            }
            (Side::After, _) => false,
            _ => true,
        }
    }

    /// The keyword names another value: it stands behind this one and before that, or before this
    /// one, which has a name of its own and nothing else to speak for it.
    fn names_another(&self, range: &Range<usize>, keyword: &KeywordHit, proof: Proof) -> bool {
        let (text, found) = (self.text, self.found);
        let terms = &self.catalogue.terms;
        let this = |f: &&Found| terms[f.term as usize].keyword == Some(keyword.keyword);
        // one in groups was written by a person, who may put the name last
        if !text[range.clone()].iter().all(u8::is_ascii_alphanumeric) {
            return false;
        }
        match (keyword.side, keyword.distance) {
            (Side::After, Some(distance)) => {
                let start = near::forth(text, range.end, distance) as u32;
                let first = found.partition_point(|f| f.start < start);
                let here = found[first..].iter().take_while(|f| f.start == start);
                here.filter(this)
                    .any(|f| veto::names_next(&text[f.end as usize..]))
            }
            (Side::Before, Some(distance)) => {
                let end = near::back(text, range.start, distance);
                proof == Proof::None
                    && veto::names_next(&text[end..range.start])
                    && veto::has_own_name(text, range.start)
            }
            _ => false,
        }
    }

    /// Fixed texts at which a value begins.
    pub(super) fn literals(&mut self, found: &[Found]) {
        let catalogue = self.catalogue;
        for literal in found {
            for &pattern in &catalogue.terms[literal.term as usize].patterns {
                self.attempt(pattern, literal.start as usize, None);
            }
        }
        let Some((search, patterns)) = &catalogue.loose else {
            return;
        };
        let text = self.text;
        for found in search.find_overlapping_iter(text) {
            for &pattern in &patterns[found.pattern().as_usize()] {
                self.attempt(pattern, found.start(), None);
            }
        }
    }

    /// Values around an `@`.
    #[inline(never)]
    pub(super) fn ats(&mut self) {
        let catalogue = self.catalogue;
        if catalogue.at_patterns.is_empty() && catalogue.url_patterns.is_empty() {
            return;
        }
        let text = self.text;
        for &at in &self.anchors.ats {
            let at = at as usize;
            if let Some(start) = scheme_before(text, at) {
                for &number in &catalogue.url_patterns {
                    self.attempt(number, start, None);
                }
            }
            let from = at.saturating_sub(LOCAL_BYTES_MAX);
            let local = text[from..at]
                .iter()
                .rev()
                .take_while(|b| is_local(**b))
                .count();
            for &number in &catalogue.at_patterns {
                let pattern = &catalogue.patterns[number as usize];
                let before = self.candidates.len();
                for start in at - local..at {
                    if pattern.may_begin(text, start) && begins(text, start) {
                        self.attempt(number, start, None);
                        if self.candidates.len() > before {
                            break;
                        }
                    }
                }
            }
        }
    }

    /// Values that are looked for around keywords only.
    #[inline(never)]
    pub(super) fn keyword_anchors(&mut self, tried: &mut Vec<u32>) {
        let catalogue = self.catalogue;
        tried.clear();
        tried.resize(catalogue.patterns.len(), 0);
        let found = self.found;
        for keyword in found {
            let term = &catalogue.terms[keyword.term as usize];
            if term.patterns.is_empty() {
                continue;
            }
            let (start, end) = (keyword.start as usize, keyword.end as usize);
            let named = self.is_json_name(end);
            for &number in &term.patterns {
                let pattern = &catalogue.patterns[number as usize];
                let distance =
                    near::bytes_max(catalogue.detectors[pattern.detector as usize].distance);
                let from = start.saturating_sub(distance + VALUE_BYTES_MAX);
                let to = end
                    + if named {
                        distance.max(FIELD_BYTES_MAX)
                    } else {
                        distance
                    };
                let from = from.max(tried[number as usize] as usize);
                let to = to.min(self.text.len().saturating_sub(1));
                self.sweep_pattern(number, from..to + 1, None);
                tried[number as usize] = tried[number as usize].max(to as u32 + 1);
            }
        }
    }

    /// A JSON name ends at or soon after `end`: `"dateOfBirth":`.
    pub(super) fn is_json_name(&self, end: usize) -> bool {
        let rest = &self.text[end..self.text.len().min(end + 32)];
        let word = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b' '))
            .count();
        matches!(
            rest[word..],
            [b'"', b':' | b' ', ..] | [b'\\', b'"', b':' | b' ', ..]
        )
    }

    /// Tries a pattern wherever a value may begin in a stretch.
    pub(super) fn sweep_pattern(
        &mut self,
        number: u16,
        range: Range<usize>,
        scope: Option<&Scope>,
    ) {
        let catalogue = self.catalogue;
        let pattern = &catalogue.patterns[number as usize];
        let text = self.text;
        for at in range {
            if pattern.may_begin(text, at) && begins(text, at) {
                self.attempt(number, at, scope);
            }
        }
    }
}

/// Where the URL begins whose user name and password end at the `@`.
fn scheme_before(text: &[u8], at: usize) -> Option<usize> {
    let user = &text[at.saturating_sub(USER_BYTES_MAX)..at];
    let slash = memchr::memrchr(b'/', user)?;
    let scheme = user[..slash].strip_suffix(b":/")?;
    let length = scheme
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'.' | b'-'))
        .count();
    (length > 0).then(|| at - user.len() + scheme.len() - length)
}

/// Bytes of the part of an address before the `@`.
pub(super) fn is_local(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b >= 0x80 || b".!#$%&'*+/=?^_`{|}~-".contains(&b)
}

/// A value may begin here: not inside a run of letters and digits.
pub(super) fn begins(text: &[u8], at: usize) -> bool {
    !text[at].is_ascii_alphanumeric()
        || at == 0
        || !text[at - 1].is_ascii_alphanumeric()
        || word::after_escape(text, at)
}

/// How much the form of a value says by itself.
fn form(pattern: &Pattern) -> u8 {
    match pattern.anchor {
        Anchor::Literal { .. } => 5,
        Anchor::At | Anchor::Url => 4,
        Anchor::Token => 3,
        Anchor::Number => 2,
        Anchor::Keyword => 1,
    }
}
