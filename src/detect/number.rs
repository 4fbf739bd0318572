//! Numbers, and tokens of letters and digits, in a pass: from runs of digits to patterns.
//!
//! Most runs leave at the table of shapes. Patterns that need a keyword are tried only in the
//! stretches around keywords, and there only for detectors whose keyword it is.

use super::keyword::KEYWORD_BYTES_MAX;
use super::near;
use super::pass::{PAYLOAD_BYTES_MAX, Pass};
use super::shape::{Entry, Group, Lead, NEXT_MAX, SIGN};
use crate::model::TextShape;

/// A stretch of text, `to` included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Region {
    pub from: u32,
    pub to: u32,
}

/// Walks the regions beside ascending positions.
struct Active<'a> {
    here: Region,
    rest: std::slice::Iter<'a, Region>,
}

impl<'a> Active<'a> {
    const NONE: Region = Region {
        from: u32::MAX,
        to: u32::MAX,
    };

    fn new(regions: &'a [Region]) -> Self {
        let mut rest = regions.iter();
        let here = rest.next().copied().unwrap_or(Self::NONE);
        Active { here, rest }
    }

    #[inline(always)]
    fn holds(&mut self, at: u32) -> bool {
        while self.here.to < at {
            self.here = self.rest.next().copied().unwrap_or(Self::NONE);
        }
        self.here.from <= at
    }
}

impl Pass<'_, '_> {
    /// Numbers, and tokens of letters and digits.
    ///
    /// `free`: filled with the starts of the numbers that may be (the end of) a postcode.
    #[inline(never)]
    pub(super) fn numbers(&mut self, free: &mut Vec<u32>, regions: &mut Vec<Region>) {
        free.clear();
        self.regions(regions);
        let catalogue = self.catalogue;
        let shapes = &catalogue.shapes;
        let text = self.text;
        let anchors = self.anchors;
        let runs = anchors.digits.as_slice();
        let mut active = Active::new(regions);
        for (i, turn) in runs.chunks_exact(2).enumerate() {
            let (at, to) = (turn[0] as usize, turn[1] as usize);
            let keyed = active.holds(turn[0]);
            let run = to - at;
            let after = text.get(to).copied().unwrap_or(b'\n');
            let next = match runs.get(i * 2 + 2..i * 2 + 4) {
                Some(&[start, end]) if start == turn[1] + 1 => (end - start) as usize,
                _ => 0,
            };
            if matches!(run, 4 | 5) || run == 1 && after.is_ascii_uppercase() {
                free.push(turn[0]);
            }
            let before = at.checked_sub(1).map_or(b' ', |i| text[i]);
            let lead = match before {
                b'+' | b'(' => Lead::before(text, at),
                _ => Lead::None,
            };
            let group = shapes.number(lead, run, SIGN[after as usize], next);
            let digit = text[at] & 0x0F;
            if group >= shapes.first_free && shapes.free_digits[group as usize] >> digit & 1 != 0 {
                self.free(&shapes.groups[group as usize], at);
            }
            if keyed && group != 0 {
                self.keyed(&shapes.groups[group as usize], at);
            }
            // letters, a sign, digits: a token that begins with the letters
            if at >= 2 && text[at - 2].is_ascii_alphabetic() {
                self.token(at - 1, Some(SIGN[before as usize]), run, keyed);
            }
        }
        let mut active = Active::new(regions);
        for &at in &anchors.tokens {
            let keyed = active.holds(at);
            let digits = &text[at as usize..];
            let run = digits
                .iter()
                .take(NEXT_MAX)
                .take_while(|b| b.is_ascii_digit())
                .count();
            self.token(at as usize, None, run, keyed);
        }
    }

    /// A token whose leading letters end at `letters_end`.
    #[inline(always)]
    fn token(&mut self, letters_end: usize, sign: Option<u8>, run: usize, keyed: bool) {
        let most = self.catalogue.shapes.letters_max(sign, run) as usize;
        if most == 0 {
            return;
        }
        let text = self.text;
        // one more for the letter of an escape, and one that shows that there are too many
        let head = &text[letters_end.saturating_sub(most + 2)..letters_end];
        let letters = head
            .iter()
            .rev()
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        if letters > most + 1 {
            return;
        }
        let start = letters_end - letters;
        let before = start.checked_sub(1).map_or(b' ', |i| text[i]);
        // `\nAB12`: the escape is no part of the token
        let escape = usize::from(before == b'\\' && letters > 1);
        if before.is_ascii_digit() {
            return;
        }
        let group = self.catalogue.shapes.token(letters - escape, sign, run);
        self.group(group, start + escape, keyed);
    }

    /// The stretches in which a number may have a keyword.
    #[inline(never)]
    fn regions(&mut self, regions: &mut Vec<Region>) {
        regions.clear();
        let text = self.text;
        if self.shape != TextShape::Plain {
            // the names of the fields are asked, and may stand far off
            regions.push(Region {
                from: 0,
                to: text.len() as u32,
            });
            return;
        }
        let distance = self.catalogue.distance_max;
        let value = self.catalogue.keyed_bytes_max;
        for found in self.found {
            let (start, end) = (found.start as usize, found.end as usize);
            let from = near::back(text, start, distance).saturating_sub(value);
            let mut to = near::forth(text, end, distance);
            if self.may_have_names(start) {
                let line = (start + PAYLOAD_BYTES_MAX).min(text.len());
                let line = memchr::memchr(b'\n', &text[end..line]).map_or(line, |n| end + n);
                to = to.max(line);
            }
            let (from, to) = (from as u32, to as u32);
            match regions.last_mut() {
                Some(last) if from <= last.to => last.to = last.to.max(to),
                _ => regions.push(Region { from, to }),
            }
        }
    }

    /// Tries the patterns of a shape at `at`. `keyed`: also those that need a keyword.
    #[inline(always)]
    fn group(&mut self, group: u16, at: usize, keyed: bool) {
        let shapes = &self.catalogue.shapes;
        if group >= shapes.first_free {
            self.free(&shapes.groups[group as usize], at);
        }
        if keyed && group != 0 {
            self.keyed(&shapes.groups[group as usize], at);
        }
    }

    #[inline(never)]
    fn free(&mut self, group: &Group, at: usize) {
        for &entry in &group.free {
            self.entry(entry, at);
        }
        if !group.pairs.is_empty()
            && let Some(&[a, b]) = self.text.get(at..at + 2)
        {
            for &(_, entry) in group.pairs(u16::from_le_bytes([a, b])) {
                self.entry(entry, at);
            }
        }
    }

    #[inline(never)]
    fn keyed(&mut self, group: &Group, at: usize) {
        let catalogue = self.catalogue;
        let mut may = group.keyed.iter().filter(|entry| {
            let pattern = &catalogue.patterns[entry.pattern as usize];
            pattern.may_begin(self.text, at - entry.back as usize)
        });
        let Some(first) = may.next().copied() else {
            return;
        };
        // what follows needs `self` whole: the rest is looked at again
        let rest = group.keyed.iter().copied().skip_while(|e| *e != first);
        let names = if self.shape == TextShape::Plain {
            None
        } else {
            self.names_at(at)
        };
        let payload = self.shape == TextShape::Plain && self.may_have_names(at);
        let found = self.found;
        let distance = near::bytes_max(catalogue.distance_max);
        while found
            .get(self.next_keyword)
            .is_some_and(|f| f.start as usize + distance + KEYWORD_BYTES_MAX < at)
        {
            self.next_keyword += 1;
        }
        let to = (at + catalogue.keyed_bytes_max + distance) as u32;
        for entry in rest {
            let pattern = &catalogue.patterns[entry.pattern as usize];
            let start = at - entry.back as usize;
            let detector = pattern.detector;
            // a payload is asked for its names only when the value is found to fit
            let wanted = payload
                || names.is_some_and(|n| self.fields.sets[n].near.contains(detector))
                || found[self.next_keyword..]
                    .iter()
                    .take_while(|f| f.start <= to)
                    .any(|f| catalogue.terms[f.term as usize].near.contains(detector));
            if wanted && pattern.may_begin(self.text, start) {
                self.attempt(entry.pattern, start, None);
            }
        }
    }

    fn entry(&mut self, entry: Entry, at: usize) {
        let at = at - entry.back as usize;
        if self.catalogue.patterns[entry.pattern as usize].may_begin(self.text, at) {
            self.attempt(entry.pattern, at, None);
        }
    }
}
