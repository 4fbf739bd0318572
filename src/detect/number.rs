//! Numbers, and tokens of letters and digits, in a pass: from runs of digits to patterns.
//!
//! Most runs leave at the table of shapes. Patterns that need a keyword are tried only in the
//! stretches around keywords, and there only for detectors whose keyword it is.

use std::ops::Range;

use super::anchor::Anchors;
use super::catalogue::DetectorSet;
use super::class::letters_at_end;
use super::keyword::{Found, KEYWORD_BYTES_MAX};
use super::near;
use super::pass::{PAYLOAD_BYTES_MAX, Pass, Scope};
use super::shape::{Entry, Group, LETTER, Lead, NEXT_MAX, SIEVED_LETTERS_MAX, SIGN, Sieve};
use crate::model::TextShape;

/// A stretch of text, `to` included.
#[derive(Clone, Copy, Debug)]
struct Region {
    from: u32,
    to: u32,
}

/// Where numbers may have keywords, and of which detectors. Reused from piece to piece.
#[derive(Debug, Default)]
pub(super) struct Regions {
    /// Ascending and apart.
    list: Vec<Region>,
    /// The detectors of each, as bits: so many words a region.
    near: Vec<u64>,
    width: usize,
}

impl Regions {
    fn clear(&mut self, width: usize) {
        self.list.clear();
        self.near.clear();
        self.width = width;
    }

    /// Adds a stretch, or joins it to the last.
    pub(super) fn add(&mut self, from: usize, to: usize, near: &[u64]) {
        let (from, to) = (from as u32, to as u32);
        match self.list.last_mut() {
            Some(last) if from <= last.to => {
                last.to = last.to.max(to);
                let first = self.near.len() - self.width;
                for (into, bits) in self.near[first..].iter_mut().zip(near) {
                    *into |= bits;
                }
            }
            _ => {
                self.list.push(Region { from, to });
                self.near.extend_from_slice(near);
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = (Region, Near<'_>)> {
        let near = self.near.chunks_exact(self.width.max(1));
        self.list.iter().copied().zip(near)
    }
}

/// What a run of digits may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    /// Its shape.
    pub group: u16,
    pub run: usize,
    /// The class of the byte before it.
    pub sign_before: u8,
}

/// The detectors with a keyword near, as bits.
type Near<'a> = &'a [u64];

/// Runs whose survivors are collected before they are looked at closely.
const BATCH: usize = 256;
/// From so many digits on, the bits of the text do not show what follows.
const LONG: usize = 63 - NEXT_MAX;

/// What the sieve leaves of a batch of runs. Every run is written, and counted only if it stays:
/// no branch depends on it.
struct Sifted {
    starts: [u32; BATCH],
    count: usize,
    /// Starts of those that may be postcodes.
    postcodes: [u32; BATCH],
    postcode_count: usize,
}

impl Default for Sifted {
    fn default() -> Self {
        Sifted {
            starts: [0; BATCH],
            count: 0,
            postcodes: [0; BATCH],
            postcode_count: 0,
        }
    }
}

impl Sifted {
    /// Takes a batch of runs through the sieve; `false` when there are no more. `TOKENS`: some may
    /// end tokens. `KEYED`: a keyword is near.
    #[inline(always)]
    fn sift<const TOKENS: bool, const KEYED: bool>(
        &mut self,
        text: &[u8],
        anchors: &Anchors,
        sieve: &Sieve,
        starts: &mut impl Iterator<Item = u32>,
    ) -> bool {
        let (mut count, mut postcode_count, mut taken) = (0, 0, 0);
        for start in starts.take(BATCH) {
            let at = start as usize;
            let window = anchors.digits.from(at);
            let word = (!anchors.alnums.from(at)).trailing_zeros() as usize;
            let run = (!window).trailing_zeros() as usize;
            let head = text
                .get(at.wrapping_sub(2)..)
                .and_then(|head| head.first_chunk::<3>());
            let (stays, postcode) = match (head, text.get(at + run)) {
                (Some(&[before2, before, digit]), Some(&after)) if run < LONG => {
                    let sign = SIGN[after as usize];
                    let sieved = sieve.number(run, sign, next(window, run, sign), word);
                    // `(`, `+` and two that do no harm
                    let lead = before & 0xFC == b'(';
                    let number =
                        sieved.free(digit) | (KEYED & sieved.keyed()) | (lead & sieved.led());
                    let letter = if KEYED {
                        before2.is_ascii_alphabetic()
                    } else {
                        sieve.signed(before2)
                    };
                    let token =
                        TOKENS && letter & sieve.tail(Some(SIGN[before as usize]), run, KEYED);
                    // one digit before a small letter is dropped when the postcodes are read
                    (number | token, sieved.postcode())
                }
                // too near to the edge of the text, or too long, to be told from its bits
                _ => (true, matches!(run, 1 | 4 | 5)),
            };
            self.starts[count & (BATCH - 1)] = start;
            count += usize::from(stays);
            self.postcodes[postcode_count & (BATCH - 1)] = start;
            postcode_count += usize::from(postcode);
            taken += 1;
        }
        self.count = count;
        self.postcode_count = postcode_count;
        taken > 0
    }

    fn postcodes(&self) -> &[u32] {
        &self.postcodes[..self.postcode_count]
    }
}

/// The digits after a run and the byte of that sign, from the bits at the start of the run, which is
/// shorter than [`LONG`]. After letters they are no run of their own.
#[inline(always)]
fn next(window: u64, run: usize, sign: u8) -> usize {
    let next = (!(window >> 1 >> run)).trailing_zeros() as usize;
    next * usize::from(sign != LETTER)
}

/// Whether a token may have its first digits, so many, at `at`.
#[inline(always)]
fn may_be_token(
    text: &[u8],
    at: usize,
    sieve: &Sieve,
    run: usize,
    word: usize,
    keyed: bool,
) -> bool {
    if let Some(bytes) = text[..at].last_chunk::<8>() {
        let letters = letters_at_end(u64::from_le_bytes(*bytes)) as usize;
        // the first letter may belong to an escape
        if letters <= SIEVED_LETTERS_MAX && bytes[7 - letters] != b'\\' {
            return sieve.direct(letters, run, letters + word, keyed);
        }
    }
    sieve.tail(None, run, keyed)
}

impl Pass<'_, '_> {
    /// Numbers, and tokens of letters and digits.
    ///
    /// `free`: filled with the starts of the numbers that may be (the end of) a postcode.
    #[inline(never)]
    pub(super) fn numbers(&mut self, free: &mut Vec<u32>, regions: &mut Regions) {
        free.clear();
        let mut sifted = Sifted::default();
        let mut stretches = std::mem::take(&mut self.fields.stretches);
        let by_field = self.stretches(&mut stretches);
        if by_field {
            regions.clear(0);
            self.outside(&self.anchors.numbers, free, &mut sifted);
            self.tokens(regions);
            self.keyed_numbers(&stretches);
        }
        self.fields.stretches = stretches;
        if by_field {
            return;
        }
        self.regions(regions);
        let mut listed = self.anchors.numbers.as_slice();
        for (region, near) in regions.iter() {
            let before = listed.iter().position(|&at| at >= region.from);
            let (outside, rest) = listed.split_at(before.unwrap_or(listed.len()));
            self.outside(outside, free, &mut sifted);
            self.inside(region, near, free, &mut sifted);
            let after = rest.iter().position(|&at| at > region.to);
            listed = &rest[after.unwrap_or(rest.len())..];
        }
        self.outside(listed, free, &mut sifted);
        self.tokens(regions);
    }

    /// Numbers with no keyword near.
    fn outside(&mut self, starts: &[u32], free: &mut Vec<u32>, sifted: &mut Sifted) {
        let (text, anchors) = (self.text, self.anchors);
        let sieve = &self.catalogue.shapes.sieve;
        let tokens = sieve.has_free_signed();
        let mut starts = starts.iter().copied();
        loop {
            let some = if tokens {
                sifted.sift::<true, false>(text, anchors, sieve, &mut starts)
            } else {
                sifted.sift::<false, false>(text, anchors, sieve, &mut starts)
            };
            if !some {
                return;
            }
            free.extend_from_slice(sifted.postcodes());
            for &at in &sifted.starts[..sifted.count] {
                self.number(at as usize, None);
            }
        }
    }

    /// The numbers of a region.
    fn inside(&mut self, region: Region, near: Near<'_>, free: &mut Vec<u32>, sifted: &mut Sifted) {
        let (text, anchors) = (self.text, self.anchors);
        let sieve = &self.catalogue.shapes.sieve;
        let (from, to) = (region.from as usize, region.to as usize);
        let mut starts = anchors.starts.within(from..to + 1);
        while sifted.sift::<true, true>(text, anchors, sieve, &mut starts) {
            free.extend_from_slice(sifted.postcodes());
            for &at in &sifted.starts[..sifted.count] {
                self.number(at as usize, Some(near));
            }
        }
    }

    /// Tokens of letters and digits.
    fn tokens(&mut self, regions: &Regions) {
        let free = self.catalogue.shapes.sieve.has_free_direct();
        // the numbers have gone to the end of the text, the tokens start anew
        self.next_keyword = 0;
        let mut from = 0;
        for (region, near) in regions.iter() {
            if free {
                self.tokens_within(from..region.from as usize, None);
            }
            from = region.to as usize + 1;
            self.tokens_within(region.from as usize..from, Some(near));
        }
        if free {
            self.tokens_within(from..self.text.len(), None);
        }
    }

    fn tokens_within(&mut self, range: Range<usize>, near: Option<Near<'_>>) {
        let anchors = self.anchors;
        let sieve = &self.catalogue.shapes.sieve;
        for at in anchors.tokens.within(range) {
            let at = at as usize;
            let run = (!anchors.digits.from(at)).trailing_zeros() as usize;
            let word = (!anchors.alnums.from(at)).trailing_zeros() as usize;
            if may_be_token(self.text, at, sieve, run, word, near.is_some()) {
                self.token(at, None, run, near);
            }
        }
    }

    /// What the run of digits at `at` may be.
    #[inline(always)]
    pub(super) fn number_at(&self, at: usize) -> Number {
        let shapes = &self.catalogue.shapes;
        let text = self.text;
        let window = self.anchors.digits.from(at);
        let mut run = (!window).trailing_zeros() as usize;
        if run >= LONG {
            run = text[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        }
        let after = text.get(at + run).copied().unwrap_or(b'\n');
        let sign = SIGN[after as usize];
        let next = if run < LONG {
            next(window, run, sign)
        } else {
            let rest = text.get(at + run + 1..).unwrap_or_default().iter();
            let digits = rest.take(NEXT_MAX).take_while(|b| b.is_ascii_digit());
            digits.count() * usize::from(sign != LETTER)
        };
        let before = at.checked_sub(1).map_or(b' ', |i| text[i]);
        let lead = match before {
            b'+' | b'(' => Lead::before(text, at),
            _ => Lead::None,
        };
        Number {
            group: shapes.number(lead, run, sign, next),
            run,
            sign_before: SIGN[before as usize],
        }
    }

    /// The number of one run of digits.
    #[inline(always)]
    fn number(&mut self, at: usize, near: Option<Near<'_>>) {
        let shapes = &self.catalogue.shapes;
        let text = self.text;
        let Number {
            group,
            run,
            sign_before,
        } = self.number_at(at);
        let digit = text[at] & 0x0F;
        if group >= shapes.first_free && shapes.free_digits[group as usize] >> digit & 1 != 0 {
            let word = (!self.anchors.alnums.from(at)).trailing_zeros() as usize;
            self.free(&shapes.groups[group as usize], at, word);
        }
        if let Some(near) = near
            && group != 0
        {
            self.keyed(group, at, near);
        }
        // letters, a sign, digits: a token that begins with the letters
        if at >= 2 && text[at - 2].is_ascii_alphabetic() {
            self.token(at - 1, Some(sign_before), run, near);
        }
    }

    /// What needs a keyword of [`Self::number`] alone.
    pub(super) fn keyed_number(&mut self, at: usize, near: Near<'_>) {
        let number = self.number_at(at);
        if number.group != 0 {
            self.keyed(number.group, at, near);
        }
        if at >= 2
            && self.text[at - 2].is_ascii_alphabetic()
            && let Some((group, at)) = self.token_at(at - 1, Some(number.sign_before), number.run)
            && group != 0
        {
            self.keyed(group, at, near);
        }
    }

    /// What needs a keyword of a token whose digits follow its letters.
    pub(super) fn keyed_direct(&mut self, at: usize, run: usize, near: Near<'_>) {
        if let Some((group, at)) = self.token_at(at, None, run)
            && group != 0
        {
            self.keyed(group, at, near);
        }
    }

    /// The group and start of a token whose leading letters end at `letters_end`.
    #[inline(always)]
    pub(super) fn token_at(
        &self,
        letters_end: usize,
        sign: Option<u8>,
        run: usize,
    ) -> Option<(u16, usize)> {
        let shapes = &self.catalogue.shapes;
        let most = shapes.letters_max(sign, run) as usize;
        if most == 0 {
            return None;
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
            return None;
        }
        let start = letters_end - letters;
        let before = start.checked_sub(1).map_or(b' ', |i| text[i]);
        // `\nAB12`: the escape is no part of the token
        let escape = usize::from(before == b'\\' && letters > 1);
        if before.is_ascii_digit() {
            return None;
        }
        Some((shapes.token(letters - escape, sign, run), start + escape))
    }

    /// A token whose leading letters end at `letters_end`.
    #[inline(always)]
    fn token(&mut self, letters_end: usize, sign: Option<u8>, run: usize, near: Option<Near<'_>>) {
        let Some((group, at)) = self.token_at(letters_end, sign, run) else {
            return;
        };
        let shapes = &self.catalogue.shapes;
        if group >= shapes.first_free {
            let word = match sign {
                None => (!self.anchors.alnums.from(letters_end)).trailing_zeros() as usize,
                Some(_) => 0,
            };
            self.free(&shapes.groups[group as usize], at, letters_end - at + word);
        }
        if let Some(near) = near
            && group != 0
        {
            self.keyed(group, at, near);
        }
    }

    /// The stretches in which a number may have a keyword.
    #[inline(never)]
    fn regions(&mut self, regions: &mut Regions) {
        let catalogue = self.catalogue;
        let text = self.text;
        regions.clear(catalogue.everything.len());
        if self.shape != TextShape::Plain || self.has_fields {
            // the names of the fields are asked, and may stand far off
            return regions.add(0, text.len(), &catalogue.everything);
        }
        let distance = catalogue.distance_max;
        for found in self.found {
            let term = &catalogue.terms[found.term as usize];
            let Some(reach) = term.reach else {
                continue;
            };
            let (start, end) = (found.start as usize, found.end as usize);
            let from = near::back(text, start, distance).saturating_sub(reach.whole);
            // the distance is that of the value, which may begin before its first digit
            let mut to = near::forth(text, end, distance) + reach.head;
            if self.may_have_names(start) {
                let line = (start + PAYLOAD_BYTES_MAX).min(text.len());
                let line = memchr::memchr(b'\n', &text[end..line]).map_or(line, |n| end + n);
                to = to.max(line);
            }
            regions.add(from, to, term.near.words());
        }
    }

    /// `word`: letters and digits from `at` on, or more.
    #[inline(always)]
    fn free(&mut self, group: &Group, at: usize, word: usize) {
        if word >= group.word() {
            self.free_values(group, at);
        }
    }

    #[inline(never)]
    fn free_values(&mut self, group: &Group, at: usize) {
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
    fn keyed(&mut self, number: u16, at: usize, near: Near<'_>) {
        if !self.catalogue.shapes.groups[number as usize]
            .near
            .meets_words(near)
        {
            return;
        }
        let catalogue = self.catalogue;
        if self.shape != TextShape::Plain && self.keyed_in_field(number, at) {
            return;
        }
        let group = &catalogue.shapes.groups[number as usize];
        let mut may = group.keyed.iter().filter(|entry| {
            let pattern = &catalogue.patterns[entry.pattern as usize];
            pattern.may_begin(self.text, at - entry.back as usize)
        });
        let Some(first) = may.next().copied() else {
            return;
        };
        // what follows needs `self` whole: the rest is looked at again
        let rest = group.keyed.iter().copied().skip_while(|e| *e != first);
        let payload = self.shape == TextShape::Plain && self.may_have_names(at);
        self.pass_keywords(at);
        let found = self.found;
        let to = (at + catalogue.keyed_bytes_max + near::bytes_max(catalogue.distance_max)) as u32;
        for entry in rest {
            let pattern = &catalogue.patterns[entry.pattern as usize];
            let start = at - entry.back as usize;
            let detector = pattern.detector;
            // a payload is asked for its names only when the value is found to fit
            let wanted = payload
                || found[self.next_keyword..]
                    .iter()
                    .take_while(|f| f.start <= to)
                    .any(|f| catalogue.terms[f.term as usize].near.contains(detector));
            if wanted && pattern.may_begin(self.text, start) {
                self.attempt(entry.pattern, start, None);
            }
        }
    }

    /// Goes to the first keyword that is not too far before `at`.
    pub(super) fn seek_keyword(&mut self, at: usize) {
        let far = near::bytes_max(self.catalogue.distance_max) + KEYWORD_BYTES_MAX;
        let is_far = |f: &Found| f.start as usize + far < at;
        self.next_keyword = self.found.partition_point(is_far);
    }

    /// Goes past the keywords that are too far before `at` for any value to come.
    #[inline]
    fn pass_keywords(&mut self, at: usize) {
        let far = near::bytes_max(self.catalogue.distance_max) + KEYWORD_BYTES_MAX;
        while self
            .found
            .get(self.next_keyword)
            .is_some_and(|f| f.start as usize + far < at)
        {
            self.next_keyword += 1;
        }
    }

    /// Tries the patterns that need a keyword in the field at `at`: those of the detectors that its
    /// names name, and those with a keyword in the field itself. `false`: there is no field.
    fn keyed_in_field(&mut self, number: u16, at: usize) -> bool {
        let Some(here) = self.field(at) else {
            return false;
        };
        self.pass_keywords(at);
        let found = &self.found[self.next_keyword..];
        let first = found.iter().find(|f| f.start as usize >= here.value.start);
        let scope = Scope {
            bare: first.is_none_or(|f| f.start as usize >= here.value.end),
            range: here.value,
            names: (!here.is_name).then_some(here.names),
        };
        match scope.names {
            Some(names) if scope.bare => self.keyed_by_name(number, at, names, &scope),
            None if scope.bare => {}
            _ => self.keyed_in_scope(number, at, &scope),
        }
        true
    }

    /// Tries the patterns of a group that the names of the field stand for.
    #[inline]
    pub(super) fn keyed_by_name(&mut self, group: u16, at: usize, names: usize, scope: &Scope) {
        for i in self.fields.named(self.catalogue, names, group) {
            let entry = self.fields.entries[i];
            let start = at - entry.back as usize;
            if self.catalogue.patterns[entry.pattern as usize].may_begin(self.text, start) {
                self.attempt(entry.pattern, start, Some(scope));
            }
        }
    }

    /// Tries the patterns of a group that the names of the field stand for, or a keyword in it.
    pub(super) fn keyed_in_scope(&mut self, group: u16, at: usize, scope: &Scope) {
        let catalogue = self.catalogue;
        let range = &scope.range;
        let first = self
            .found
            .partition_point(|f| (f.start as usize) < range.start);
        let within = |f: &&Found| (f.start as usize) < range.end;
        let found = self.found[first..].iter().take_while(within);
        for &entry in &catalogue.shapes.groups[group as usize].keyed {
            let pattern = &catalogue.patterns[entry.pattern as usize];
            let start = at - entry.back as usize;
            let near = |set: &DetectorSet| set.contains(pattern.detector);
            let wanted = scope.names.is_some_and(|n| near(&self.fields.sets[n].near))
                || found
                    .clone()
                    .any(|f| near(&catalogue.terms[f.term as usize].near));
            if wanted && pattern.may_begin(self.text, start) {
                self.attempt(entry.pattern, start, Some(scope));
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
