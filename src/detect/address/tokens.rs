//! Words, numbers and what separates them in the text before a postcode.

use std::cell::Cell;

use super::fold;
use super::table::{self, Class};

/// How far before a postcode (or the state before it) an address may begin, in bytes. Two
/// addresses that overlap, each with what follows its postcode, must fit into the scanner's margin.
pub(super) const WINDOW_BYTES: usize = 176;
/// Tokens kept, the last ones before the postcode.
const TOKENS_MAX: usize = 48;

/// Classes that were not looked up yet; no word has all of them.
const UNKNOWN: u32 = u32::MAX;

/// What stands before a token; the order is the order of strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sep {
    Space,
    /// ` - ` or a slash.
    Dash,
    /// `,`, `;` or `|`.
    Comma,
    /// A line break, also as `\n` or `<br>`.
    Line,
    /// Something no address runs across, or the start of the window.
    Break,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub start: usize,
    pub end: usize,
    pub sep: Sep,
}

/// The tokens between the last break before a postcode (or state) and it.
pub(super) struct Tokens<'a> {
    pub text: &'a [u8],
    /// Capitals are not asked for.
    lax: bool,
    classes: [Cell<u32>; TOKENS_MAX],
    all: [Token; TOKENS_MAX],
    len: usize,
}

/// Width of the line break that starts at `p` as bytes or markup: `\r\n`, `\n` escaped, `<br/>`.
fn line_break(text: &[u8], p: usize) -> usize {
    match text[p] {
        b'\n' | b'\r' => 1,
        b'\\' if matches!(text.get(p + 1), Some(b'n' | b'r')) => 2,
        b'<' => {
            let run = &text[p..(p + 6).min(text.len())];
            let [_, b'b' | b'B', b'r' | b'R', rest @ ..] = run else {
                return 0;
            };
            rest.iter().position(|b| *b == b'>').map_or(0, |at| at + 4)
        }
        _ => 0,
    }
}

fn breaks(b: u8) -> bool {
    matches!(
        b,
        b'"' | b'=' | b':' | b'{' | b'}' | b'[' | b']' | b'(' | b')' | b'?' | b'!' | b'*' | b'+'
            | b'~' | b'^' | b'$' | b'%' | b'@' | b'_' | b'`' | b'<' | b'>' | b'\t' | 0..=8 | 11 | 12 | 14..=31
    )
}

/// An apostrophe inside a word; others are quotes.
fn apostrophe(text: &[u8], p: usize) -> bool {
    let letter = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphabetic() || *b >= 0x80);
    let escape = text.get(p + 1) == Some(&b'\\') && text.get(p + 2) == Some(&b'u');
    p > 0 && letter(text.get(p - 1)) && (escape || letter(text.get(p + 1)))
}

/// Where the window before `end` begins.
fn window(text: &[u8], end: usize) -> usize {
    let low = end.saturating_sub(WINDOW_BYTES);
    let mut p = end;
    while p > low {
        let b = text[p - 1];
        if b == b'>' {
            let from = (p.saturating_sub(6)..p).rev().find(|i| text[*i] == b'<');
            match from {
                Some(from) if from >= low && line_break(text, from) == p - from => {
                    p = from;
                    continue;
                }
                _ => return p,
            }
        }
        if breaks(b) || (b == b'\'' && !apostrophe(text, p - 1)) {
            return p;
        }
        p -= 1;
    }
    // cut by length: the first token may be a part
    if p > 0 {
        while p < end && !matches!(text[p], b' ' | b',' | b'\n') {
            p += 1;
        }
    }
    p
}

impl<'a> Tokens<'a> {
    /// Tokens of the window that ends at `end`.
    pub(super) fn before(text: &'a [u8], end: usize, lax: bool) -> Self {
        let empty = Token {
            start: 0,
            end: 0,
            sep: Sep::Break,
        };
        let mut tokens = Tokens {
            text,
            lax,
            classes: [const { Cell::new(UNKNOWN) }; TOKENS_MAX],
            all: [empty; TOKENS_MAX],
            len: 0,
        };
        let mut p = window(text, end);
        let mut sep = Sep::Break;
        let mut blank = false;
        while p < end {
            let width = line_break(text, p);
            if width > 0 {
                // a blank line ends what stands before it; `\r\n` is one break
                let second = text[p] == b'\n' && p > 0 && text[p - 1] == b'\r';
                if blank && !second {
                    tokens.len = 0;
                    sep = Sep::Break;
                }
                blank = true;
                sep = sep.max(Sep::Line);
                p += width;
                continue;
            }
            let token_end = token(text, p, end);
            if token_end > p {
                tokens.push(Token {
                    start: p,
                    end: token_end,
                    sep,
                });
                p = token_end;
                sep = Sep::Space;
                blank = false;
                continue;
            }
            let (found, width) = separator(text, p);
            sep = sep.max(found);
            p += width;
        }
        tokens
    }

    fn push(&mut self, token: Token) {
        if self.len == TOKENS_MAX {
            self.all.copy_within(TOKENS_MAX / 2.., 0);
            self.len = TOKENS_MAX / 2;
        }
        self.all[self.len] = token;
        self.len += 1;
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn at(&self, i: usize) -> Token {
        self.all[i]
    }

    pub(super) fn bytes(&self, i: usize) -> &'a [u8] {
        &self.text[self.all[i].start..self.all[i].end]
    }

    /// Whether token `i` stands in the range and is a word of the class.
    pub(super) fn is(&self, i: usize, class: Class) -> bool {
        i < self.len && class.of(self.classes(i))
    }

    /// What separates token `i` from the one before; the end counts as a break.
    pub(super) fn sep(&self, i: usize) -> Sep {
        if i < self.len {
            self.all[i].sep
        } else {
            Sep::Break
        }
    }

    /// Token `i` begins a part: something stronger than a space stands before it.
    pub(super) fn part(&self, i: usize) -> bool {
        self.sep(i) > Sep::Space
    }

    /// Classes of the word in token `i`, looked up once.
    fn classes(&self, i: usize) -> u32 {
        let known = self.classes[i].get();
        if known != UNKNOWN {
            return known;
        }
        let classes = table::classes(self.bytes(i));
        self.classes[i].set(classes);
        classes
    }

    pub(super) fn digit_first(&self, i: usize) -> bool {
        i < self.len && self.bytes(i).first().is_some_and(u8::is_ascii_digit)
    }

    /// A word (no digit inside) with a capital first letter; letters beyond ASCII count as capital.
    pub(super) fn capital(&self, i: usize) -> bool {
        if i >= self.len {
            return false;
        }
        if self.lax {
            return self.wordy(i);
        }
        let bytes = self.bytes(i);
        // d'Orsay, l'Église, dell'Orto; but John's
        let head = &bytes[..bytes.len().min(12)];
        let elided = [&b"'"[..], b"\xE2\x80\x99", b"\\u2019"]
            .iter()
            .find_map(|mark| {
                head.windows(mark.len())
                    .position(|w| w == *mark)
                    .map(|at| at + mark.len())
            });
        let first = match elided.and_then(|at| bytes.get(at)) {
            Some(after) if after.is_ascii_uppercase() || *after >= 0x80 || *after == b'\\' => {
                *after
            }
            _ => bytes[0],
        };
        let letter = first.is_ascii_uppercase() || first >= 0x80 || first == b'\\';
        letter && !bytes.iter().any(u8::is_ascii_digit) || (first == b'\\')
    }

    /// A word of letters in either case.
    pub(super) fn wordy(&self, i: usize) -> bool {
        i < self.len && {
            let bytes = self.bytes(i);
            let first = bytes[0];
            (first.is_ascii_alphabetic() || first >= 0x80 || first == b'\\')
                && (first == b'\\' || !bytes.iter().any(u8::is_ascii_digit))
        }
    }

    /// A word that a name may hold: capital, or one of the small words of names.
    pub(super) fn name_word(&self, i: usize, lax: bool) -> bool {
        self.capital(i) || (self.wordy(i) && (lax || self.is(i, table::SMALL)))
    }

    /// One of the last tokens before `end` may be a house number, or says that there is none.
    pub(super) fn numbered(&self, end: usize) -> bool {
        (end.saturating_sub(20)..end).any(|i| {
            let bytes = self.bytes(i);
            let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
            (1..=4).contains(&digits)
                || bytes.eq_ignore_ascii_case(b"snc")
                || bytes.eq_ignore_ascii_case(b"sn")
                || bytes.eq_ignore_ascii_case(b"s")
        })
    }

    /// First token after `i` that begins a part, at most `end`.
    pub(super) fn part_end(&self, i: usize, end: usize) -> usize {
        (i + 1..end).find(|k| self.part(*k)).unwrap_or(end)
    }

    /// First token of the part that holds `i`.
    pub(super) fn part_start(&self, i: usize) -> usize {
        (0..=i).rev().find(|k| self.part(*k)).unwrap_or(0)
    }

    /// Text from the start of token `from` to the end of token `to`.
    pub(super) fn span(&self, from: usize, to: usize) -> &'a [u8] {
        &self.text[self.all[from].start..self.all[to].end]
    }
}

/// What stands at `p`, which begins no token and no line break: its strength and width.
fn separator(text: &[u8], p: usize) -> (Sep, usize) {
    match text[p] {
        b',' | b';' | b'|' => (Sep::Comma, 1),
        b'-' | b'/' => (Sep::Dash, 1),
        0xC2 if text.get(p + 1) == Some(&0xB7) => (Sep::Comma, 2),
        0xC2 => (Sep::Space, 2),
        0xE2 if text.get(p + 1) == Some(&0x80) => match text.get(p + 2) {
            Some(0x93 | 0x94) => (Sep::Dash, 3),
            _ => (Sep::Comma, 3),
        },
        _ => (Sep::Space, 1),
    }
}

/// End of the token that starts at `p`; `p` where none does.
pub(super) fn token(text: &[u8], start: usize, end: usize) -> usize {
    let mut p = start;
    while p < end {
        let b = text[p];
        if b.is_ascii_alphanumeric() {
            p += 1;
            continue;
        }
        let next = text.get(p + 1).copied();
        let next_alnum = next.is_some_and(|n| n.is_ascii_alphanumeric() || n >= 0x80);
        let width = match b {
            b'#' if p == start => 1,
            b'&' if p == start => 1,
            b'.' if p > start => 1,
            b'\'' if p > start && apostrophe(text, p) => 1,
            b'-' if p > start && next_alnum => 1,
            // `C/ Mayor`: the slash belongs to the word and ends it
            b'/' if p == start + 1 && matches!(text[start], b'c' | b'C') => return p + 1,
            b'/' => usize::from(p > start && next_alnum && text[p - 1].is_ascii_digit()),
            // NBSP, the middle dot and « » separate; º, ª, ° belong to numbers
            0xC2 if matches!(next, Some(0xA0 | 0xB7 | 0xAB | 0xBB)) => 0,
            // the typographic apostrophe belongs to the word, dashes and quotes do not
            0xE2 if next == Some(0x80) => {
                let inside = text
                    .get(p + 3)
                    .is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
                3 * usize::from(p > start && text.get(p + 2) == Some(&0x99) && inside)
            }
            _ if b >= 0x80 => 1,
            b'\\' if fold::escaped(text, p).is_some() => 6,
            _ => 0,
        };
        if width == 0 {
            return p;
        }
        p += width;
    }
    p.min(end)
}
