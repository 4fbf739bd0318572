//! Numbers that stand in the same place as a value: in its column, under its path, behind the same
//! sign or word. Where these fail the check of its pattern, the value passed by chance: of a column of
//! ids, one in ten has the check digit of a card.

use std::ops::Range;

use super::pass::Pass;
use crate::model::TextShape;

/// How far siblings are looked for, in bytes before the value ...
const BEFORE_BYTES: usize = 2000;
/// ... and after it.
const AFTER_BYTES: usize = 900;
/// Siblings that are looked at, at most.
const SIBLINGS_MAX: usize = 32;
/// Bytes before a number that are the same for its siblings, in plain text.
const LABEL_BYTES: usize = 4;
/// So many siblings must fail ...
const FAILED_MIN: usize = 3;
/// ... and so many for each that passes, the value counted.
const FAILED_EACH: usize = 3;

impl Pass<'_, '_> {
    /// Whether the plain number at `range`, a value of the pattern, passed its checks by chance.
    /// Depends on the text nearby alone.
    pub(super) fn passed_by_chance(&mut self, number: u16, range: &Range<usize>) -> bool {
        let text = self.text;
        if !text[range.clone()].iter().all(u8::is_ascii_digit) {
            return false;
        }
        let Some(place) = self.place_of(range.start) else {
            return false;
        };
        let pattern = &self.catalogue.patterns[number as usize];
        let anchors = self.anchors;
        let from = range.start.saturating_sub(BEFORE_BYTES);
        let to = (range.end + AFTER_BYTES).min(text.len());
        let (mut passed, mut failed) = (1, 0);
        for at in anchors.starts.within(from..to) {
            let at = at as usize;
            let digits = (!anchors.digits.from(at)).trailing_zeros() as usize;
            // of the same length: ids of one kind are
            if at == range.start || digits != range.len() || self.place_of(at) != Some(place) {
                continue;
            }
            match pattern.accept(text, at, &mut |_, _| {}) {
                Some(_) => passed += 1,
                None => failed += 1,
            }
            if passed + failed > SIBLINGS_MAX {
                break;
            }
        }
        failed >= FAILED_MIN && failed >= passed * FAILED_EACH
    }

    /// What the place of a number has in common with those of its siblings.
    fn place_of(&mut self, at: usize) -> Option<Place> {
        if self.shape != TextShape::Plain
            && let Some(here) = self.field(at)
        {
            // alone in its field
            let alone = here.value.start == at && !here.is_name;
            return alone.then_some(Place::Field(here.names));
        }
        let label = *self.text[..at].last_chunk::<LABEL_BYTES>()?;
        let told = label
            .iter()
            .any(|b| b.is_ascii_alphabetic() || matches!(b, b'=' | b':'));
        told.then_some(Place::After(label))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// By the number of what the names of the field say.
    Field(usize),
    After([u8; LABEL_BYTES]),
}
