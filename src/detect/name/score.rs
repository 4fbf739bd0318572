//! Which words of a chain are a name.
//!
//! Every candidate gets a sum in bits, a rough log-odds: for each word, how much more often it is a
//! name than another capitalised word; plus what its neighbours and the marks around it say. A
//! candidate can be a name where the sum reaches [`THRESHOLD`]; which of several that overlap is left to
//! `pick.rs`.

use super::around;
use super::chain::{Chain, Join};
use super::table::{Class, Entry};
use super::word::{self, Shape, Word};
use std::ops::Range;

/// Bits that make a name.
pub const THRESHOLD: i32 = 8;
/// Most words of one name.
pub const NAME_WORDS_MAX: usize = 5;
/// Longest name, in bytes.
const NAME_BYTES_MAX: usize = 64;
/// Bits that the last word needs by itself: no given name makes a name of a common word.
const FAMILY_MIN: i32 = -4;
/// Bits for a candidate whose words are known as names or not at all.
const CLEAN: i32 = 2;
/// Most that the surroundings can add, in bits.
const AROUND_MAX: i32 = 8;
/// Bits around a candidate that keep its parts from being names as well.
pub const BLOCK: i32 = -12;
/// Cannot be.
pub const NEVER: i32 = -100;

/// How a word speaks for itself as a given name.
#[inline]
pub fn given(word: &Word) -> i32 {
    let Entry {
        first,
        last,
        other,
        class,
    } = word.entry;
    let (first, last, other) = (i32::from(first), i32::from(last), i32::from(other));
    let plain = match (first, last, other) {
        (0, 0, 0) => -4,
        (0, _, 0) => -4,
        (0, _, _) => -4 - other / 2,
        _ => first - other,
    };
    match class {
        Class::None => plain,
        Class::Calendar => plain - 2,
        Class::Particle if first >= 9 => plain - 1,
        Class::Introducer | Class::Title if first >= 9 => plain - 3,
        Class::Function if first >= 10 => plain - 5,
        Class::Site if first >= 8 => plain - 3,
        Class::Thing | Class::Role | Class::Locative if first >= 11 => plain - 4,
        _ => NEVER,
    }
}

/// How a word speaks for itself as a family name.
#[inline]
pub fn family(word: &Word) -> i32 {
    let Entry {
        first,
        last,
        other,
        class,
        ..
    } = word.entry;
    let (first, last, other) = (i32::from(first), i32::from(last), i32::from(other));
    let plain = match (first, last, other) {
        (0, 0, 0) if word.letters < 3 => -4,
        (0, 0, 0) => 0,
        (_, 0, 0) => 0,
        (_, 0, _) => -4 - other / 2,
        _ => last - other,
    };
    match class {
        Class::None => plain,
        Class::Title if last >= 7 => plain - 3,
        // Nguyen Le, but not Francesca De
        Class::Particle if last >= 10 => plain - 3,
        Class::Site if last >= 7 => plain - 4,
        Class::PlaceHead | Class::Thing | Class::Role | Class::Calendar | Class::Introducer
            if last >= 8 =>
        {
            plain - 5
        }
        _ => NEVER,
    }
}

/// Whether a name can begin with the word; see the conditions of [`words`] and [`turned_by_comma`].
#[inline]
pub fn may_lead(word: &Word) -> bool {
    match word.shape {
        Shape::Initial => word.end - word.start > 1,
        Shape::Title | Shape::Upper => given(word) >= -4 || family(word) >= 0,
        Shape::Lower | Shape::Odd => false,
    }
}

/// Whether a word can be the second or a later one of a name.
#[inline]
pub fn may_follow(word: &Word) -> bool {
    word.shape == Shape::Initial
        || matches!(word.entry.class, Class::Particle | Class::PlaceHead)
        || given(word) >= 0
        || family(word) >= FAMILY_MIN
}

/// Whether two words with a space between can be a name, whatever stands around them.
pub fn may_be_name(pair: &[Word; 2]) -> bool {
    words(pair, false, false) >= THRESHOLD - AROUND_MAX
}

/// Whether a word that is a family name by far is followed by one that is a given name by far.
fn two_people(words: &[Word]) -> bool {
    words.windows(2).any(|pair| {
        pair[0].entry.class == Class::None
            && family(&pair[0]) >= given(&pair[0]) + 4
            && given(&pair[1]) >= family(&pair[1]).max(0) + 4
    })
}

/// A word between the first and the last.
fn middle(word: &Word, before_last: bool) -> i32 {
    if word.shape == Shape::Initial {
        return 3;
    }
    if word.entry.class == Class::Particle && before_last {
        return 1;
    }
    // St. John
    if word.entry.class == Class::PlaceHead && before_last && word.letters <= 3 {
        return 0;
    }
    // a third name is rarer than two
    let rarer = if word.entry.other == 0 { 2 } else { 3 };
    given(word).max(family(word)).min(8) - rarer
}

/// The words alone, in the usual order or with the family name first.
fn words(all: &[Word], particle: bool, tight: bool) -> i32 {
    let [head, inner @ .., tail] = all else {
        return NEVER;
    };
    if inner.iter().any(|w| !may_follow(w)) || all.len() > 2 && two_people(&all[1..]) {
        return NEVER;
    }
    if tail.shape == Shape::Initial {
        return NEVER;
    }
    let between: i32 = inner
        .iter()
        .enumerate()
        .map(|(i, w)| middle(w, i + 1 == inner.len()))
        .sum();
    // three full given names are rare, four hardly occur: rather two people in a row
    let plain = inner
        .iter()
        .filter(|w| w.shape != Shape::Initial && w.entry.class != Class::Particle)
        .count();
    let between = between - [0, 0, 4, 12][plain.min(3)];
    let last = if particle {
        family(tail).max(0)
    } else {
        family(tail)
    };
    let first = match head.shape {
        // a bare capital is an article or a list mark as often as an initial
        Shape::Initial if head.end - head.start == 1 => NEVER,
        Shape::Initial if last >= 4 => 1,
        Shape::Initial => NEVER,
        _ => given(head),
    };
    // the word after a name is no third name for being unknown
    let last = if !inner.is_empty() && !particle && tail.entry == Entry::NONE {
        last - 2
    } else {
        last
    };
    let usual = if last < FAMILY_MIN {
        NEVER
    } else if first >= 2 || first >= 1 && last >= 6 || first >= -4 && (last >= 8 || tight) {
        first + between + last
    } else {
        NEVER
    };
    // no word of it is anything else: rare names are found by this
    let clean = all
        .iter()
        .all(|w| w.entry.other == 0 && w.entry.class == Class::None)
        && (head.entry.first > 0 && tail.entry.last > 0 || head.entry.first >= 5);
    let usual = usual + if clean { CLEAN } else { 0 };
    // Kim Jong-un, Nagy István
    let turned = if head.shape != Shape::Initial && family(head) >= 4 && given(tail) >= 2 {
        family(head) + between + given(tail) - 4
    } else {
        NEVER
    };
    usual.max(turned)
}

/// The bits of a candidate.
pub struct Sum {
    /// Of its words alone.
    pub words: i32,
    /// Of what stands around it.
    pub around: i32,
}

impl Sum {
    const NEVER: Sum = Sum {
        words: NEVER,
        around: 0,
    };
}

/// The sum for the words `span` of the chain.
pub fn sum(text: &[u8], chain: &Chain, span: &Range<usize>) -> Sum {
    let all = &chain.words()[span.clone()];
    let [head, .., tail] = all else {
        return Sum::NEVER;
    };
    if tail.end - head.start > NAME_BYTES_MAX {
        return Sum::NEVER;
    }
    // how it is written must be one style: Ann Lee, ANN LEE, Ann LEE; LEE, Ann
    let mut upper = 0;
    let mut title = 0;
    let mut turned = false;
    for (i, w) in (span.start..).zip(all) {
        match w.shape {
            Shape::Upper if turned => return Sum::NEVER,
            Shape::Upper => upper += 1,
            Shape::Title if turned => {}
            Shape::Title if upper == 0 => title += 1,
            Shape::Title if title == 0 && chain.join(i) == Join::Comma => turned = true,
            Shape::Title => return Sum::NEVER,
            _ => {}
        }
    }
    if title > 0 && upper > 1 || title > 0 && tail.shape == Shape::Upper && tail.letters < 4 {
        return Sum::NEVER;
    }
    if all[..all.len() - 1].iter().any(|w| w.possessive) {
        return Sum::NEVER;
    }
    let mut total = 0;
    let mut comma = None;
    let mut wraps = 0;
    let particle = matches!(chain.join(span.end - 1), Join::Particle | Join::Tight);
    for i in span.start + 1..span.end {
        match chain.join(i) {
            // two family names with "de" between are as often a place
            // "Länge von Dateinamen": neither word is a name of its kind
            Join::Particle if tail.entry == Entry::NONE && family(head) >= given(head) => {
                total -= 6;
            }
            Join::Particle if given(head) >= if family(tail) > 0 { 4 } else { 8 } => total += 3,
            Join::Particle => {}
            Join::Tight => total += 8,
            Join::Wrap => wraps += 1,
            Join::Comma if comma.is_none() => comma = Some(i - span.start),
            Join::Comma => return Sum::NEVER,
            Join::Space => {}
            Join::Start => return Sum::NEVER,
        }
    }
    if wraps > 1 || wraps == 1 && (comma.is_some() || !around::soft_wrap(text, all)) {
        return Sum::NEVER;
    }
    total += match comma {
        None => words(all, particle, chain.join(span.end - 1) == Join::Tight),
        Some(at) => turned_by_comma(text, all, at),
    };
    if total < THRESHOLD - AROUND_MAX {
        return Sum::NEVER;
    }
    if upper > 0 && title == 0 {
        total -= 1;
    }
    let (left, right) = (
        around::left(text, head.start, tail),
        around::right(text, chain, span),
    );
    // an unknown given name in the middle of a sentence, before a usual family name
    if head.entry == Entry::NONE && tail.entry.last >= 9 && left > 0 && right > 0 {
        total += 3;
    }
    let sum = Sum {
        words: total - wraps,
        around: left + right,
    };
    // last, as it costs most
    if sum.words + sum.around >= THRESHOLD && has_phrase(text, all) {
        return Sum::NEVER;
    }
    sum
}

/// Whether a candidate is a known place or phrase, or holds a brand.
pub fn has_phrase(text: &[u8], all: &[Word]) -> bool {
    word::phrase(text, all).class == Class::Phrase
        || all.len() > 2
            && all.windows(2).any(|pair| {
                let entry = word::phrase(text, pair);
                entry.class == Class::Phrase && entry.other == 0
            })
}

/// `Doe, Jane Q.`: the family name first, a comma, then given names, and nothing more.
fn turned_by_comma(text: &[u8], all: &[Word], comma: usize) -> i32 {
    let (back, front) = all.split_at(comma);
    if back.len() > 2 || front.len() > 2 {
        return NEVER;
    }
    let Some(head) = front.first() else {
        return NEVER;
    };
    if back.iter().any(|w| w.shape == Shape::Initial) || head.shape == Shape::Initial {
        return NEVER;
    }
    let first = given(head);
    let last = back.iter().map(family).min().unwrap_or(NEVER);
    // "Mary, John": a list of given names
    let as_given = back.iter().map(given).max().unwrap_or(NEVER);
    if first < 3 || last < 0 || as_given > last || family(head) > first {
        return NEVER;
    }
    if !around::stands_alone(text, all) {
        return NEVER;
    }
    let more: i32 = front[1..]
        .iter()
        .map(|w| {
            if w.shape == Shape::Initial {
                2
            } else {
                given(w).max(family(w)).min(4)
            }
        })
        .sum();
    first + last + more - 2
}

/// 0.5 at the threshold, nearing 1. Plain arithmetic, so that it is the same on all platforms.
pub fn confidence(bits: i32) -> f32 {
    let over = (bits - THRESHOLD).clamp(0, 60) as f32;
    1.0 - 2.0 / (4.0 + over)
}
