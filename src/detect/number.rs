//! Numbers, and tokens of letters and digits, in a pass: from runs of digits to patterns.
//!
//! Most runs leave at the table of shapes. Patterns that need a keyword are tried only in the
//! stretches around keywords, and there only for detectors whose keyword it is.

use super::class::{digits_at_start, letters_at_end};
use super::keyword::KEYWORD_BYTES_MAX;
use super::near;
use super::pass::{PAYLOAD_BYTES_MAX, Pass};
use super::shape::{Entry, Group, Lead, NEXT_MAX, SIEVED_LETTERS_MAX, SIGN, Sieve};
use crate::model::TextShape;

/// A stretch of text, `to` included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Region {
    pub from: u32,
    pub to: u32,
}

impl Region {
    /// Holds no position.
    const NONE: Region = Region {
        from: u32::MAX,
        to: u32::MAX,
    };
}

/// Walks the regions beside ascending positions.
struct Inside<'a> {
    here: Region,
    rest: std::slice::Iter<'a, Region>,
}

impl<'a> Inside<'a> {
    fn new(regions: &'a [Region]) -> Self {
        let mut rest = regions.iter();
        let here = rest.next().copied().unwrap_or(Region::NONE);
        Inside { here, rest }
    }

    #[inline(always)]
    fn holds(&mut self, at: u32) -> bool {
        while self.here.to < at {
            self.here = self.rest.next().copied().unwrap_or(Region::NONE);
        }
        self.here.from <= at
    }
}

/// Runs whose survivors are collected before they are looked at closely.
const BATCH: usize = 256;

/// What the sieve leaves of a batch of runs. Every run is written, and counted only if it stays:
/// no branch depends on it.
struct Sifted {
    /// Numbers of the runs, `KEYED` set where a keyword is near.
    runs: [u32; BATCH],
    count: usize,
    /// Starts of those that may be postcodes.
    postcodes: [u32; BATCH],
    postcode_count: usize,
}

impl Sifted {
    /// Runs are fewer than the bytes of a piece.
    const KEYED: u32 = 1 << 31;

    #[inline(always)]
    fn keep(&mut self, run: u32, stays: bool, at: u32, postcode: bool) {
        self.runs[self.count & (BATCH - 1)] = run;
        self.count += usize::from(stays);
        self.postcodes[self.postcode_count & (BATCH - 1)] = at;
        self.postcode_count += usize::from(postcode);
    }

    /// Puts the runs that start before `limit` through the sieve, all but the last, which only
    /// follows them; how many those are. `first`: number of the first, and there is another before
    /// it. `tokens`: some may end tokens. `keyed`: a keyword is near.
    #[expect(
        clippy::too_many_arguments,
        reason = "kept apart, so that they stay in registers"
    )]
    fn sift(
        &mut self,
        text: &[u8],
        sieve: &Sieve,
        runs: &[[u32; 2]],
        first: usize,
        limit: u32,
        tokens: bool,
        keyed: bool,
    ) -> usize {
        match (tokens, keyed) {
            (false, false) => self.sift_as::<false, false>(text, sieve, runs, first, limit),
            (true, false) => self.sift_as::<true, false>(text, sieve, runs, first, limit),
            (_, true) => self.sift_as::<true, true>(text, sieve, runs, first, limit),
        }
    }

    #[inline(never)]
    fn sift_as<const TOKENS: bool, const KEYED: bool>(
        &mut self,
        text: &[u8],
        sieve: &Sieve,
        runs: &[[u32; 2]],
        first: usize,
        limit: u32,
    ) -> usize {
        let flag = if KEYED { Self::KEYED } else { 0 };
        let (mut count, mut postcode_count) = (self.count, self.postcode_count);
        let mut sifted = 0;
        for (i, pair) in runs.windows(2).enumerate() {
            let &[[start, end], [next_start, next_end]] = pair else {
                break;
            };
            if start >= limit {
                break;
            }
            let at = start as usize;
            // another run is before this one and another after it: there are two bytes before it,
            // and one after
            let (Some(&[before2, before, digit]), Some(&after)) = (
                text.get(at - 2..).and_then(|text| text.first_chunk()),
                text.get(end as usize),
            ) else {
                break;
            };
            let run = (end - start) as usize;
            let next = if next_start == end + 1 {
                (next_end - next_start) as usize
            } else {
                0
            };
            let sieved = sieve.number(run, SIGN[after as usize], next);
            // `(`, `+` and two that do no harm
            let lead = before & 0xFC == b'(';
            let stays = sieved.free(digit) | (KEYED & sieved.keyed()) | (lead & sieved.led());
            let token = TOKENS
                && before2.is_ascii_alphabetic()
                    & sieve.tail(Some(SIGN[before as usize]), run, KEYED);
            self.runs[count & (BATCH - 1)] = (first + i) as u32 | flag;
            count += usize::from(stays | token);
            // one digit before a small letter is dropped when the postcodes are read
            self.postcodes[postcode_count & (BATCH - 1)] = start;
            postcode_count += usize::from(sieved.postcode());
            sifted = i + 1;
        }
        self.count = count;
        self.postcode_count = postcode_count;
        sifted
    }

    /// The numbers of the runs that stay, and whether a keyword is near.
    fn runs(&self) -> impl Iterator<Item = (usize, bool)> {
        self.runs[..self.count]
            .iter()
            .map(|r| ((r & !Self::KEYED) as usize, r & Self::KEYED != 0))
    }

    fn postcodes(&self) -> &[u32] {
        &self.postcodes[..self.postcode_count]
    }
}

/// How many of the bytes at `at` are digits, counted up to [`NEXT_MAX`].
#[inline(always)]
fn digits(text: &[u8], at: usize) -> usize {
    if let Some(bytes) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let count = digits_at_start(u64::from_le_bytes(*bytes)) as usize;
        if count < 8 {
            return count;
        }
    }
    text[at..]
        .iter()
        .take(NEXT_MAX)
        .take_while(|b| b.is_ascii_digit())
        .count()
}

/// Whether a token may have its first digits, so many, at `at`.
#[inline(always)]
fn may_be_token(text: &[u8], at: usize, sieve: &Sieve, run: usize, keyed: bool) -> bool {
    if let Some(bytes) = text[..at].last_chunk::<8>() {
        let letters = letters_at_end(u64::from_le_bytes(*bytes)) as usize;
        // the first letter may belong to an escape
        if letters <= SIEVED_LETTERS_MAX && bytes[7 - letters] != b'\\' {
            return sieve.direct(letters, run, keyed);
        }
    }
    sieve.tail(None, run, keyed)
}

impl Pass<'_, '_> {
    /// Numbers, and tokens of letters and digits.
    ///
    /// `free`: filled with the starts of the numbers that may be (the end of) a postcode.
    #[inline(never)]
    pub(super) fn numbers(&mut self, free: &mut Vec<u32>, regions: &mut Vec<Region>) {
        free.clear();
        self.regions(regions);
        let anchors = self.anchors;
        let (runs, odd) = anchors.digits.as_chunks::<2>();
        debug_assert!(odd.is_empty());
        // a run that is alone may have no text before or after it
        let edge = |i: usize| i == 0 || i + 1 >= runs.len();
        let mut sifted = Sifted {
            runs: [0; BATCH],
            count: 0,
            postcodes: [0; BATCH],
            postcode_count: 0,
        };
        let text = self.text;
        let sieve = &self.catalogue.shapes.sieve;
        let free_signed = sieve.has_free_signed();
        let mut regions_left = regions.iter();
        let mut region = regions_left.next().copied().unwrap_or(Region::NONE);
        let mut from = 0;
        while from < runs.len() {
            let to = (from + BATCH).min(runs.len());
            sifted.count = 0;
            sifted.postcode_count = 0;
            let mut i = from;
            while i < to {
                while runs[i][0] > region.to {
                    region = regions_left.next().copied().unwrap_or(Region::NONE);
                }
                if edge(i) {
                    let at = runs[i][0];
                    let keyed = region.from <= at && at <= region.to;
                    let number = i as u32 | if keyed { Sifted::KEYED } else { 0 };
                    sifted.keep(number, true, at, self.may_be_postcode(runs[i]));
                    i += 1;
                } else {
                    let end = if to == runs.len() { to - 1 } else { to };
                    let outside = runs.get(i..=end).unwrap_or_default();
                    i += sifted.sift(text, sieve, outside, i, region.from, free_signed, false);
                    let inside = runs.get(i..=end).unwrap_or_default();
                    let limit = region.to.saturating_add(1);
                    i += sifted.sift(text, sieve, inside, i, limit, true, true);
                }
            }
            free.extend_from_slice(sifted.postcodes());
            for (i, keyed) in sifted.runs() {
                self.number(runs, i, keyed);
            }
            from = to;
        }
        let mut inside = Inside::new(regions);
        // the numbers have gone to the end of the text, the tokens start anew
        self.next_keyword = 0;
        for &at in &anchors.tokens {
            let keyed = inside.holds(at);
            let run = digits(text, at as usize);
            if may_be_token(text, at as usize, sieve, run, keyed) {
                self.token(at as usize, None, run, keyed);
            }
        }
    }

    fn may_be_postcode(&self, run: [u32; 2]) -> bool {
        match run[1] - run[0] {
            1 => self
                .text
                .get(run[1] as usize)
                .is_some_and(u8::is_ascii_uppercase),
            digits => matches!(digits, 4 | 5),
        }
    }

    /// The number of one run of digits.
    #[inline(always)]
    fn number(&mut self, runs: &[[u32; 2]], i: usize, keyed: bool) {
        let shapes = &self.catalogue.shapes;
        let text = self.text;
        let (at, to) = (runs[i][0] as usize, runs[i][1] as usize);
        let run = to - at;
        let after = text.get(to).copied().unwrap_or(b'\n');
        let next = match runs.get(i + 1) {
            Some(&[start, end]) if start as usize == to + 1 => (end - start) as usize,
            _ => 0,
        };
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
