//! Runs of capitalised words: which words stand together, and how.
//!
//! A chain is what may hold names; whether it does is left to `score.rs`.

use super::table::Class;
use super::word::{self, Shape, Word};

/// Most words of a chain that are looked at together.
pub const WORDS_MAX: usize = 24;

/// How a word stands to the one before it in its chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// The first of the chain.
    Start,
    Space,
    /// Lower-case particles between: `de la`.
    Particle,
    /// A particle and a hyphen or apostrophe between: `al-`, `d'`.
    Tight,
    /// A single line end between.
    Wrap,
    /// A comma and a space between.
    Comma,
}

/// Up to [`WORDS_MAX`] words that stand together.
pub struct Chain {
    words: [Word; WORDS_MAX],
    joins: [Join; WORDS_MAX],
    len: usize,
}

impl Chain {
    /// A chain of one word.
    pub fn new(word: Word) -> Self {
        Chain {
            words: [word; WORDS_MAX],
            joins: [Join::Start; WORDS_MAX],
            len: 1,
        }
    }

    /// Adds a word; `false` where the chain is full.
    pub fn push(&mut self, word: Word, join: Join) -> bool {
        if self.len == WORDS_MAX {
            return false;
        }
        self.words[self.len] = word;
        self.joins[self.len] = join;
        self.len += 1;
        true
    }

    pub fn words(&self) -> &[Word] {
        &self.words[..self.len]
    }

    pub fn last(&self) -> &Word {
        &self.words[self.len - 1]
    }

    /// How word `i` stands to word `i - 1`; `Start` where either is not there.
    pub fn join(&self, i: usize) -> Join {
        if i < self.len {
            self.joins[i]
        } else {
            Join::Start
        }
    }
}

/// Written between a given name and a capital, tight: `al-Sadr`, `d'Estaing`.
const TIGHT: [&[u8]; 9] = [
    b"al-",
    b"el-",
    b"as-",
    b"ad-",
    b"an-",
    b"ash-",
    b"ul-",
    b"d'",
    "d’".as_bytes(),
];

/// Particles that follow another one only: `von der`, but not `der` alone.
const ARTICLES: [&[u8]; 4] = [b"der", b"den", b"zur", b"zum"];

/// How the word that starts at `next` stands to `before`; `None` where they do not belong together.
pub fn join(text: &[u8], before: &Word, next: usize) -> Option<Join> {
    if before.possessive {
        return None;
    }
    let gap = text.get(before.end..next)?;
    match gap {
        b" " | b"\xc2\xa0" => return Some(Join::Space),
        b"\n" | b"\r\n" => return Some(Join::Wrap),
        b", " => return Some(Join::Comma),
        b"" if before.shape == Shape::Initial => return Some(Join::Space),
        b". "
            if matches!(
                before.entry.class,
                Class::Title | Class::Suffix | Class::PlaceHead
            ) =>
        {
            return Some(Join::Space);
        }
        _ => {}
    }
    if gap.len() > 16 || gap[0] != b' ' {
        return None;
    }
    let mut at = before.end + 1;
    loop {
        if TIGHT.iter().any(|t| text.get(at..next) == Some(t)) {
            return Some(Join::Tight);
        }
        let particle = word::read(text, at)?;
        if particle.shape != Shape::Lower
            || particle.entry.class != Class::Particle
            || text.get(particle.end) != Some(&b' ')
            // "der Tod der Ethik": an article alone makes no name of two nouns
            || at == before.end + 1 && ARTICLES.contains(&&text[particle.start..particle.end])
        {
            return None;
        }
        at = particle.end + 1;
        if at == next {
            return Some(Join::Particle);
        }
        if at > next {
            return None;
        }
    }
}

/// Whether two neighbours in the list of capitals are near enough and have the right mark between:
/// the first and cheapest look.
#[inline(always)]
pub fn near(text: &[u8], a: usize, b: usize) -> bool {
    let Some(&[q, p]) = text.get(..b).and_then(|before| before.last_chunk()) else {
        return false;
    };
    let gap = b - a;
    let short = if gap == 2 { DOT } else { 0 };
    (2..=40).contains(&gap) & (LAST[p as usize] & (LAST_BUT_ONE[q as usize] | short) != 0)
}

/// What stands right before a capital, as [`near`] asks it.
const BLANK: u8 = 1;
const MARK: u8 = 2;
const DOT: u8 = 4;
const TAIL: u8 = 8;

static LAST: [u8; 256] = {
    let mut table = [0; 256];
    table[b' ' as usize] = BLANK;
    table[b'-' as usize] = MARK;
    table[b'\'' as usize] = MARK;
    table[b'\n' as usize] = MARK;
    table[b'.' as usize] = DOT;
    // the ends of a hard blank and of an apostrophe
    table[0xA0] = TAIL;
    table[0x99] = TAIL;
    table
};

/// By the byte before that one: which may stand there.
static LAST_BUT_ONE: [u8; 256] = {
    let mut table = [TAIL; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        if byte.is_ascii_alphabetic() || byte >= 0x80 {
            table[b] |= BLANK | MARK;
        } else if byte == b'.' || byte == b',' {
            table[b] |= BLANK;
        } else if byte == b'\r' {
            table[b] |= MARK;
        }
        b += 1;
    }
    table
};

/// Whether two neighbours in the list of capitals can belong together; true too often, never too
/// seldom.
pub fn may_join(text: &[u8], a: usize, b: usize) -> bool {
    if b - a > 40 || b - a < 2 {
        return false;
    }
    let Some(between) = text.get(a + 1..b) else {
        return false;
    };
    let (Some(&p), q) = (between.last(), text[b - 2]) else {
        return false;
    };
    match p {
        b' ' => {}
        b'-' => return q.is_ascii_lowercase() || q >= 0x80,
        b'\'' => return q.is_ascii_alphabetic() || q >= 0x80,
        b'.' => return q.is_ascii_uppercase() && b - a == 2,
        // a soft wrap: the first word stands inside its line
        b'\n' => {
            return a > 0
                && text[a - 1] == b' '
                && (q.is_ascii_lowercase() || q >= 0x80 || q == b'\r');
        }
        0xa0 | 0x99 => return true,
        _ => return false,
    }
    // up to the space: one word, or a word and particles
    let gap = match word::plain_len(text, a) {
        len if a + len + 1 == b => return true,
        len if len > 0 && between.get(len - 1) == Some(&b' ') => len - 1,
        _ => between
            .iter()
            .position(|&c| !(c.is_ascii_alphabetic() || c >= 0x80 || c == b'-' || c == b'\''))
            .unwrap_or(between.len()),
    };
    match between[gap..] {
        [b' '] | [b'.', b' '] | [b',', b' '] => true,
        [b' ', c, .., b' '] => c.is_ascii_lowercase(),
        // J.R. Ewing
        [b'.', .., b' '] => q == b'.',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_near_by_the_bytes_between() {
        let plain = |q: u8, p: u8, gap: usize| match p {
            b' ' => q.is_ascii_alphabetic() || q >= 0x80 || q == b'.' || q == b',',
            b'-' | b'\'' | b'\n' => q.is_ascii_alphabetic() || q >= 0x80 || q == b'\r',
            b'.' => gap == 2,
            0xA0 | 0x99 => true,
            _ => false,
        };
        for q in 0..=255 {
            for p in 0..=255 {
                let text = [&[b'A'; 38][..], &[q, p, b'B', q, p]].concat();
                for gap in [2, 3, 40] {
                    assert_eq!(near(&text, 40 - gap, 40), plain(q, p, gap), "{q} {p} {gap}");
                }
                assert!(!near(&text, 39, 40));
                assert!(!near(&text, 2, 43));
            }
        }
        assert!(!near(b" A", 0, 1));
    }
}
