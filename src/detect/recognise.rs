//! The recognisers (names, addresses, dates of birth) in a pass: what they are given, and how their
//! answers become accepted values.

use std::ops::Range;

use super::candidate::Candidate;
use super::confidence::Proof;
use super::pass::{Pass, Scope};
use super::spec::Engine;
use super::{address, date, name, secret, word};
use crate::model::{KeywordHit, Rivals, Side, TextShape};

/// Bytes after the name of a field in which its values are looked for.
const FIELD_BYTES_MAX: usize = 256;
/// Longest value of a field that is given to a recogniser, in bytes.
const VALUE_BYTES_MAX: usize = 1024;

/// Longest name of a field, in bytes.
const NAME_BYTES_MAX: usize = 64;

/// How much a recognised form says by itself; an address holds names and numbers.
const SECRET_FORM: u8 = 0;
const NAME_FORM: u8 = 1;
const DATE_FORM: u8 = 2;
const ADDRESS_FORM: u8 = 5;

impl Pass<'_, '_> {
    /// Runs the recognisers over the text around `near`, the stretch in which values matter.
    pub(super) fn recognise(&mut self, near: &Range<usize>, numbers: &[u32]) {
        let catalogue = self.catalogue;
        for &(engine, detector) in &catalogue.engines {
            match engine {
                Engine::Name => self.names(near, detector),
                Engine::DateOfBirth => self.births(detector),
                Engine::Address => self.addresses(near, detector, numbers),
                Engine::Password => self.secrets(detector, secret::Kind::Password),
                Engine::Token => self.secrets(detector, secret::Kind::Token),
                Engine::Pattern => {}
            }
        }
        self.named_values();
    }

    fn names(&mut self, near: &Range<usize>, detector: u16) {
        let (text, caps) = (self.text, self.anchors.caps.as_slice());
        name::scan(text, near.clone(), caps, &mut |found| {
            let Some(scope) = self.scope(found.range.start) else {
                return;
            };
            let other = scope.names.is_some_and(|n| self.fields.sets[n].other);
            if other || found.range.end > scope.range.end {
                return;
            }
            self.recognised(detector, found.range, NAME_FORM, found.confidence, None);
        });
    }

    fn addresses(&mut self, near: &Range<usize>, detector: u16, numbers: &[u32]) {
        let text = self.text;
        let stretch = near.start.saturating_sub(address::MARGIN_BYTES)
            ..(near.end + address::MARGIN_BYTES).min(text.len());
        let from = numbers.partition_point(|&n| (n as usize) < stretch.start);
        let to = numbers.partition_point(|&n| (n as usize) < stretch.end);
        let numbers = &numbers[from..to];
        address::scan(text, near.clone(), numbers, &mut |found| {
            if self.lies_in_value(&found.range) {
                self.recognised(detector, found.range, ADDRESS_FORM, found.confidence, None);
            }
        });
    }

    /// The range is not a name of a field, nor does it reach over the end of one.
    fn lies_in_value(&mut self, range: &Range<usize>) -> bool {
        self.scope(range.start)
            .is_some_and(|scope| range.end <= scope.range.end)
    }

    fn births(&mut self, detector: u16) {
        let catalogue = self.catalogue;
        // where no date begins, and the value that this was found in
        let (mut clear, mut within) = (0..0, 0..0);
        for found in self.found {
            let term = &catalogue.terms[found.term as usize];
            if !term.near.contains(detector) {
                continue;
            }
            let Some(scope) = self.scope(found.start as usize) else {
                continue;
            };
            let base = scope.range.start;
            let keyword = found.start as usize - base..found.end as usize - base;
            if scope.range != within {
                (clear, within) = (0..0, scope.range.clone());
            }
            let mut hit = None;
            date::near_unsearched(&self.text[scope.range], keyword, &mut clear, &mut |found| {
                hit.get_or_insert(found);
            });
            let (Some(hit), Some(keyword)) = (hit, term.keyword) else {
                continue;
            };
            let evidence = KeywordHit {
                keyword,
                distance: Some(hit.distance_chars),
                side: if hit.before {
                    Side::Before
                } else {
                    Side::After
                },
            };
            let range = hit.range.start + base..hit.range.end + base;
            self.recognised(detector, range, DATE_FORM, hit.confidence, Some(evidence));
        }
    }

    /// What is assigned to names of passwords or tokens.
    fn secrets(&mut self, detector: u16, kind: secret::Kind) {
        let catalogue = self.catalogue;
        for found in self.found {
            let term = &catalogue.terms[found.term as usize];
            if !term.engines.contains(&detector) {
                continue;
            }
            let word = found.start as usize..found.end as usize;
            let Some(hit) = secret::near(self.text, word.clone(), kind) else {
                continue;
            };
            let Some(keyword) = term.keyword.filter(|_| self.lies_in_value(&hit.range)) else {
                continue;
            };
            let evidence = KeywordHit {
                keyword,
                distance: Some(word::chars(&self.text[word.end..hit.range.start]) as u16),
                side: Side::Before,
            };
            self.recognised(
                detector,
                hit.range,
                SECRET_FORM,
                hit.confidence,
                Some(evidence),
            );
        }
    }

    /// Values of JSON fields whose name belongs to a recogniser.
    fn named_values(&mut self) {
        let catalogue = self.catalogue;
        if catalogue.engines.is_empty() || self.shape == TextShape::Columns {
            return;
        }
        for found in self.found.iter().chain(self.labels) {
            let term = &catalogue.terms[found.term as usize];
            if term.engines.is_empty() && term.field.is_empty() {
                continue;
            }
            let end = found.end as usize;
            if !self.is_json_name(end) {
                continue;
            }
            if self.may_have_names(end) && self.field(end - 1).is_some_and(|h| h.is_name) {
                self.values_after(end);
            } else if self.shape == TextShape::Plain && !term.field.is_empty() {
                self.quoted_value(end);
            }
        }
    }

    /// The value behind a name in text that looks like JSON and is none: `"full_name": "..."`.
    fn quoted_value(&mut self, end: usize) {
        let catalogue = self.catalogue;
        let text = self.text;
        let window = end.saturating_sub(NAME_BYTES_MAX)..text.len().min(end + FIELD_BYTES_MAX);
        let Some(open) = memchr::memrchr(b'"', &text[window.start..end]) else {
            return;
        };
        let open = window.start + open + 1;
        // within a JSON string quotes are escaped, all of them
        let quote: &[u8] = if open >= 2 && text[open - 2] == b'\\' {
            b"\\\""
        } else {
            b"\""
        };
        let Some(close) = memchr::memmem::find(&text[end..window.end], quote) else {
            return;
        };
        let key = open..end + close;
        let rest = &text[key.end + quote.len()..window.end];
        let gap = rest.iter().take_while(|b| matches!(b, b' ' | b':')).count();
        let Some(value) = rest[gap..]
            .strip_prefix(quote)
            .filter(|_| rest[..gap].contains(&b':'))
        else {
            return;
        };
        let Some(length) = memchr::memmem::find(value, quote) else {
            return;
        };
        let Ok(key) = std::str::from_utf8(&text[key]) else {
            return;
        };
        let start = window.end - value.len();
        let names = self.fields.textual(catalogue, key);
        self.value(&Scope {
            range: start..start + length,
            names: Some(names),
            bare: false,
        });
    }

    /// The values that follow the name of a JSON field: its own, or those inside it.
    fn values_after(&mut self, end: usize) {
        let text = self.text;
        let to = text.len().min(end + FIELD_BYTES_MAX);
        let mut at = end;
        while let Some(colon) = memchr::memchr(b':', &text[at..to]) {
            at += colon + 1;
            let mark = |b: &u8| matches!(b, b' ' | b'"' | b'[' | b'{' | b'\\');
            let start = at + text[at..to].iter().take_while(|b| mark(b)).count();
            if start >= to {
                return;
            }
            let Some(here) = self.field(start) else {
                return;
            };
            if here.is_name {
                continue;
            }
            let names = &self.fields.sets[here.names];
            if names.field.is_empty() && !names.near.meets(&self.catalogue.by_cell) {
                return;
            }
            self.value(&Scope {
                range: here.value,
                names: Some(here.names),
                bare: false,
            });
        }
    }

    /// A value whose field is named for a recogniser.
    pub(super) fn value(&mut self, scope: &Scope) {
        let Some(number) = scope.names else {
            return;
        };
        let catalogue = self.catalogue;
        let text = self.text;
        let Some(value) = text.get(scope.range.clone()) else {
            return;
        };
        let value = &value[..value.len().min(VALUE_BYTES_MAX)];
        for &(engine, detector) in &catalogue.engines {
            let names = &self.fields.sets[number];
            let Some(evidence) = names.keyword(catalogue, detector) else {
                continue;
            };
            let (found, form) = match engine {
                Engine::Name => (
                    names
                        .person
                        .and_then(|hint| name::in_hinted_field(value, hint))
                        .map(|m| (m.range, m.confidence)),
                    NAME_FORM,
                ),
                Engine::Address if names.field.contains(detector) => (
                    address::in_field(value).map(|m| (m.range, m.confidence)),
                    ADDRESS_FORM,
                ),
                Engine::DateOfBirth => (
                    date::in_field(value).map(|m| (m.range, m.confidence)),
                    DATE_FORM,
                ),
                Engine::Password => (names.secret(value, secret::Kind::Password), SECRET_FORM),
                Engine::Token => (names.secret(value, secret::Kind::Token), SECRET_FORM),
                _ => (None, 0),
            };
            if let Some((range, confidence)) = found {
                let range = range.start + scope.range.start..range.end + scope.range.start;
                self.recognised(detector, range, form, confidence, Some(evidence));
            }
        }
    }

    fn recognised(
        &mut self,
        detector: u16,
        range: Range<usize>,
        form: u8,
        confidence: f32,
        keyword: Option<KeywordHit>,
    ) {
        if range.is_empty() {
            return;
        }
        self.candidates.push(Candidate {
            start: range.start as u32,
            end: range.end as u32,
            detector,
            checks: 0,
            proof: Proof::None,
            published: self.catalogue.detectors[detector as usize].published,
            keyword,
            keyword_bytes: 0,
            shared: false,
            form,
            yields: self.catalogue.detectors[detector as usize].yields,
            confidence,
            rivals: Rivals::default(),
        });
    }
}
