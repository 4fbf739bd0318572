//! What a value is instead: one set of rules for every detector, asked once, of a value that its
//! pattern, its edges, its checks and its keywords have let through.
//!
//! The edges of a pattern (`spec::Edge`) see the signs right beside a value. Here its surroundings
//! are read: the name it has, the path, the row of numbers it stands in. How much a rule weighs:
//!
//! | rule | holds unless |
//! |---|---|
//! | `uuid`, `masked` | ever |
//! | `elsewhere`: the keyword names another value | another keyword stands before, or the value is in groups |
//! | `name`, `path`, `label`, `arithmetic` | its keyword names it, or its check is strong (`label`: and a keyword is near, or it is no plain number) |
//! | `epoch`, `stamp` | the same, or any check with arithmetic is passed |
//! | `series` | any keyword is near, or its check is strong |
//! | `chance` | any keyword is near; of plain numbers with a check only ([`super::siblings`]) |
//!
//! A keyword names a value that stands right behind it (`ssn: `, `passport number is `,
//! `cardNumber":"`), or whose column or path holds it. A check is strong if one value in a hundred
//! passes by chance.

use std::ops::Range;

use super::check::Check;
use super::confidence::Proof;

/// Farthest that a rule looks to either side, in bytes.
pub(super) const LOOK_BYTES: usize = 96;

/// Most letters of a value that is still a number to these rules.
const LETTERS_MAX: usize = 3;

/// A rule that refuses a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Veto {
    /// Part of a UUID.
    Uuid,
    /// What is left of a masked value: `****1234`, `XXXX-1234`.
    Masked,
    /// The keyword names another value: `123456789 ssn=`, `ssn=x order=123456789`.
    Elsewhere,
    /// Joined to a word: `blk_123456789`, `issue-123456789`.
    Name,
    /// A part of a path: `/orders/123456789/items`.
    Path,
    /// Its own name says that a machine made it: `offset=`, `"traceId":`, `size `.
    Label,
    /// A number in a formula: `a*123456789+b`.
    Arithmetic,
    /// Seconds, milliseconds, microseconds or nanoseconds since 1970, from 2001 to 2033.
    Epoch,
    /// A date, or date and time, without separators: `20240501120000`.
    Stamp,
    /// In a row of measured numbers.
    Series,
    /// Numbers as long in the same place (column, path, behind the same word) mostly fail its check.
    Chance,
}

impl Veto {
    /// The name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Veto::Uuid => "uuid",
            Veto::Masked => "masked",
            Veto::Elsewhere => "elsewhere",
            Veto::Name => "name",
            Veto::Path => "path",
            Veto::Label => "label",
            Veto::Arithmetic => "arithmetic",
            Veto::Epoch => "epoch",
            Veto::Stamp => "stamp",
            Veto::Series => "series",
            Veto::Chance => "chance",
        }
    }
}

/// What speaks for a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing<'a> {
    /// A keyword is near.
    pub keyed: bool,
    /// The keyword names the value.
    pub named: bool,
    pub proof: Proof,
    /// The name of its column.
    pub column: Option<&'a str>,
}

/// The rule that refuses the value at `range`, if one does.
///
/// Looks at most [`LOOK_BYTES`] to either side.
pub(super) fn veto(text: &[u8], range: &Range<usize>, standing: &Standing<'_>) -> Option<Veto> {
    let value = text.get(range.clone())?;
    let before = &text[range.start.saturating_sub(LOOK_BYTES)..range.start];
    let after = &text[range.end..text.len().min(range.end + LOOK_BYTES)];
    if in_uuid(before, value, after) {
        return Some(Veto::Uuid);
    }
    if is_masked(before, after) {
        return Some(Veto::Masked);
    }
    if standing.named {
        return None;
    }
    let digits = value.iter().all(u8::is_ascii_digit);
    if standing.proof == Proof::Strong {
        // a number in a hundred is many where machines number things
        let made = !standing.keyed && digits && is_made(before, digits, standing);
        return made.then_some(Veto::Label);
    }
    let letters = value.iter().filter(|b| b.is_ascii_alphabetic()).count();
    if letters <= LETTERS_MAX {
        if is_in_path(before) {
            return Some(Veto::Path);
        }
        if is_joined(before) {
            return Some(Veto::Name);
        }
        if is_in_formula(before, after) {
            return Some(Veto::Arithmetic);
        }
    }
    if is_made(before, digits, standing) {
        return Some(Veto::Label);
    }
    if standing.proof == Proof::None && digits {
        if is_epoch(value) {
            return Some(Veto::Epoch);
        }
        if is_stamp(value) {
            return Some(Veto::Stamp);
        }
    }
    if !standing.keyed && is_in_series(before, after) {
        return Some(Veto::Series);
    }
    None
}

/// Words between a keyword and the value that it names.
const FILLERS: [&[u8]; 22] = [
    b"code", b"de", b"der", b"di", b"do", b"du", b"for", b"id", b"is", b"n", b"no", b"nr", b"num",
    b"number", b"numero", b"nummer", b"o", b"of", b"the", b"val", b"value", b"was",
];

/// The text between a keyword and the value behind it lets the keyword name the value.
pub(super) fn names(gap: &[u8]) -> bool {
    if gap.len() <= 3 {
        return !gap.contains(&b'\n');
    }
    // the rest of a name that the keyword begins: `ssn_number=`, `cardNumber":"`
    let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let name = gap.iter().take_while(|b| word(b)).count();
    let sign = |b: &u8| {
        matches!(
            b,
            b' ' | b'"' | b'\'' | b'\\' | b'=' | b':' | b'>' | b'(' | b'['
        )
    };
    let rest = &gap[name..];
    if rest.iter().all(sign) && rest.iter().any(|b| matches!(b, b'=' | b':')) {
        return true;
    }
    let parts = |b: &u8| !b.is_ascii_alphanumeric() && *b < 0x80;
    gap.iter()
        .all(|b| !matches!(b, b'\n' | b',' | b';' | b'|' | b'{' | b'}'))
        && gap
            .split(parts)
            .filter(|word| !word.is_empty())
            .all(|word| contains(&FILLERS, word))
}

/// The text after a keyword makes it the name of what follows: `ssn=`, `"ssn": "`.
pub(super) fn names_next(after: &[u8]) -> bool {
    let after = &after[..after.len().min(24)];
    let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let name = after.iter().take_while(|b| word(b)).count();
    let quote = |b: &u8| matches!(b, b'"' | b'\'' | b'\\' | b' ');
    let signs = after[name..].iter().take_while(|b| quote(b)).count();
    let [b'=' | b':', rest @ ..] = &after[name + signs..] else {
        return false;
    };
    let space = rest.iter().take_while(|b| **b == b' ').count();
    // a group of values has names of its own
    !matches!(rest.get(space), None | Some(b'\n' | b'\r' | b'{' | b'['))
}

/// The value has a name of its own, joined by `=` or `:`, that says more than `number` or `value`.
pub(super) fn has_own_name(text: &[u8], at: usize) -> bool {
    let before = text.get(at.saturating_sub(LOOK_BYTES)..at);
    let (name, signed) = own_name(before.unwrap_or_default());
    let word = last_word(name);
    signed && word.iter().any(u8::is_ascii_alphabetic) && !contains(&FILLERS, word)
}

fn contains(list: &[&[u8]], word: &[u8]) -> bool {
    list.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Bytes of a UUID in its usual form.
const UUID_BYTES: usize = 36;

fn in_uuid(before: &[u8], value: &[u8], after: &[u8]) -> bool {
    if before.last() != Some(&b'-') && after.first() != Some(&b'-') {
        return false;
    }
    let part = |b: &u8| b.is_ascii_hexdigit() || *b == b'-';
    if value.len() >= UUID_BYTES || !value.iter().all(part) {
        return false;
    }
    let head = before.iter().rev().take(UUID_BYTES).take_while(|b| part(b));
    let tail = after.iter().take(UUID_BYTES).take_while(|b| part(b));
    let (head, tail) = (head.count(), tail.count());
    if head + value.len() + tail != UUID_BYTES {
        return false;
    }
    let all = before[before.len() - head..]
        .iter()
        .chain(value)
        .chain(&after[..tail]);
    all.enumerate()
        .all(|(i, b)| matches!(i, 8 | 13 | 18 | 23) == (*b == b'-'))
}

/// A mask stands beside the value, with at most a hyphen or space between.
fn is_masked(before: &[u8], after: &[u8]) -> bool {
    let mask = |b: &u8| matches!(b, b'*' | b'X' | b'x' | b'#');
    let (before, joined_before) = match before {
        [head @ .., b'-'] => (head, true),
        [head @ .., b' '] => (head, false),
        _ => (before, true),
    };
    let (after, joined_after) = match after {
        [b'-', tail @ ..] => (tail, true),
        [b' ', tail @ ..] => (tail, false),
        _ => (after, true),
    };
    // signs that also set text apart (`**bold**`, `###`) count from four on unless joined
    let enough = |run: usize, joined: bool| run >= if joined { 3 } else { 4 };
    let run = |signs: &mut dyn Iterator<Item = &u8>| {
        let mut signs = signs.peekable();
        let Some(&&first) = signs.peek().filter(|b| mask(b)) else {
            return 0;
        };
        let signs = signs.take_while(|b| **b == first || **b == b'-');
        signs.filter(|b| **b == first).count()
    };
    enough(run(&mut before.iter().rev()), joined_before)
        || enough(run(&mut after.iter()), joined_after)
        || before.ends_with("•".as_bytes())
        || after.starts_with("•".as_bytes())
}

/// A slash right before, and a part of a path before that.
fn is_in_path(before: &[u8]) -> bool {
    match before {
        [.., b'/', b'/'] => false,
        [.., part, b'/'] => {
            part.is_ascii_alphanumeric() || matches!(part, b'_' | b'-' | b'.' | b'}')
        }
        _ => false,
    }
}

/// Words that may be joined to a value without making it a part of a name.
const JOINED: [&[u8]; 7] = [b"id", b"no", b"nr", b"num", b"number", b"nummer", b"numero"];

/// `_` or `-` right before, and a word before that.
fn is_joined(before: &[u8]) -> bool {
    let signs = before.iter().rev().take_while(|b| matches!(b, b'_' | b'-'));
    let head = &before[..before.len() - signs.count()];
    if head.len() == before.len() {
        return false;
    }
    let letters = head.iter().rev().take_while(|b| b.is_ascii_alphanumeric());
    let word = &head[head.len() - letters.count()..];
    // the `n` of `\n` is no word
    let escape = word.len() == 1 && head.ends_with(&[b'\\', word[0]]);
    !word.is_empty() && !escape && !contains(&JOINED, word)
}

/// Signs of arithmetic in program text.
fn is_in_formula(before: &[u8], after: &[u8]) -> bool {
    matches!(before, [.., b'*' | b'^' | b'~'])
        || matches!(before, [.., b'<', b'<'] | [.., b'>', b'>'])
        || matches!(
            after,
            [b'*' | b'^', ..] | [b'>', b'>', ..] | [b'<', b'<', ..]
        )
        || matches!(after, [b'+', next, ..] if next.is_ascii_alphanumeric())
}

/// Words for digests and the like, with or without letters.
const HASHES: [&[u8]; 13] = [
    b"checksum",
    b"commit",
    b"crc",
    b"crc32",
    b"digest",
    b"etag",
    b"hash",
    b"md5",
    b"nonce",
    b"sha1",
    b"sha256",
    b"span",
    b"trace",
];

/// Words for numbers that machines make and measure.
const MADE: [&[u8]; 61] = [
    b"addr",
    b"batch",
    b"blk",
    b"block",
    b"build",
    b"bytes",
    b"count",
    b"counter",
    b"cursor",
    b"duration",
    b"ean",
    b"elapsed",
    b"epoch",
    b"errno",
    b"exp",
    b"expires",
    b"gid",
    b"gtin",
    b"height",
    b"iat",
    b"idx",
    b"imei",
    b"index",
    b"inode",
    b"isbn",
    b"issue",
    b"lag",
    b"latency",
    b"len",
    b"length",
    b"limit",
    b"lsn",
    b"msec",
    b"nbf",
    b"nsec",
    b"offset",
    b"partition",
    b"pid",
    b"port",
    b"pos",
    b"position",
    b"ppid",
    b"random",
    b"rev",
    b"revision",
    b"score",
    b"seed",
    b"seq",
    b"sequence",
    b"serial",
    b"shard",
    b"size",
    b"sku",
    b"thread",
    b"tid",
    b"timestamp",
    b"ts",
    b"ttl",
    b"uid",
    b"usec",
    b"version",
];

/// Words that say the same only of a value that no check speaks for: before amounts and values of
/// other kinds.
const OTHER: [&[u8]; 10] = [
    b"balance",
    b"cost",
    b"instance",
    b"invoice",
    b"job",
    b"price",
    b"ticket",
    b"took",
    b"total",
    b"weight",
];

/// Names of identifiers that are nobody's in particular.
const IDS: [&[u8]; 3] = [b"id", b"ids", b"xid"];

/// The name right before the value, or that of its column, says that it is made by a machine or of
/// another kind.
///
/// `digits`: the value is digits alone; one in groups was written by a person.
fn is_made(before: &[u8], digits: bool, standing: &Standing<'_>) -> bool {
    let (name, signed) = match standing.column {
        Some(name) => (name.as_bytes(), true),
        None => own_name(before),
    };
    let word = last_word(name);
    if !digits {
        return contains(&HASHES, word);
    }
    contains(&HASHES, word)
        || contains(&MADE, word)
        || standing.proof == Proof::None && contains(&OTHER, word)
        || !standing.keyed && signed && standing.proof != Proof::Strong && contains(&IDS, word)
}

/// The name right before a value, and whether `=` or `:` joins them.
fn own_name(before: &[u8]) -> (&[u8], bool) {
    let filler = |b: &u8| matches!(b, b' ' | b'"' | b'\'' | b'\\' | b'#' | b'-' | b'(' | b'[');
    let trim = |text: &[u8]| text.iter().rposition(|b| !filler(b)).map_or(0, |i| i + 1);
    let head = &before[..trim(before)];
    let signs = head
        .iter()
        .rev()
        .take_while(|b| matches!(b, b'=' | b':'))
        .count();
    let head = &head[..head.len() - signs];
    let head = &head[..trim(head)];
    let name = head.iter().rev();
    let name = name.take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    (&head[head.len() - name.count()..], signs > 0)
}

/// The last word of a name: `Id` of `traceId`, `id` of `user_id`, `ID` of `userID`.
fn last_word(name: &[u8]) -> &[u8] {
    let end = name
        .iter()
        .rposition(u8::is_ascii_alphanumeric)
        .map_or(0, |i| i + 1);
    let name = &name[..end];
    let start = name
        .iter()
        .rposition(|b| !b.is_ascii_alphanumeric())
        .map_or(0, |i| i + 1);
    let word = &name[start..];
    let edge = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    let start = word.windows(2).rposition(edge).map_or(0, |i| i + 1);
    &word[start..]
}

fn is_epoch(digits: &[u8]) -> bool {
    // 10^9 seconds were in 2001, 2 * 10^9 will be in 2033
    matches!(digits.len(), 10 | 13 | 16 | 19) && digits[0] == b'1'
}

/// `yyyymmdd`, then nothing, `hhmm`, `hhmmss` or more; years 1970 to 2049.
fn is_stamp(digits: &[u8]) -> bool {
    if !matches!(digits.len(), 8 | 12 | 14 | 16..=20) {
        return false;
    }
    let number = |range: Range<usize>| {
        let part = digits.get(range).unwrap_or(b"99");
        part.iter().fold(0u32, |n, b| n * 10 + u32::from(b & 0x0F))
    };
    let day = (1970..2050).contains(&number(0..4))
        && (1..=12).contains(&number(4..6))
        && (1..=31).contains(&number(6..8));
    let minute = digits.len() == 8 || number(8..10) < 24 && number(10..12) < 60;
    let second = digits.len() < 14 || number(12..14) < 61;
    day && minute && second
}

/// Numbers on a side that are read.
const SERIES_MAX: usize = 3;
/// Fewest measured numbers beside a value that make a series of it.
const SERIES_MIN: usize = 3;

/// Numbers stand beside the value, some of which are measured or drawn: with a fraction of three
/// digits or more, with an exponent, or as long as a card number without being one.
fn is_in_series(before: &[u8], after: &[u8]) -> bool {
    let number = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-');
    let parts = |b: &u8| matches!(b, b' ' | b'\t' | b',' | b';' | b'|' | b'\n' | b'\r');
    let mut measured = 0;
    let mut rest = after;
    for _ in 0..SERIES_MAX {
        let gap = rest.iter().take_while(|b| parts(b)).count();
        let len = rest[gap..].iter().take_while(|b| number(b)).count();
        if gap == 0 || len == 0 || gap + len == rest.len() && after.len() == LOOK_BYTES {
            break;
        }
        measured += usize::from(is_measured(&rest[gap..gap + len]));
        rest = &rest[gap + len..];
    }
    let mut rest = before;
    for _ in 0..SERIES_MAX {
        let gap = rest.iter().rev().take_while(|b| parts(b)).count();
        let head = &rest[..rest.len() - gap];
        let len = head.iter().rev().take_while(|b| number(b)).count();
        if gap == 0 || len == 0 || len == head.len() && before.len() == LOOK_BYTES {
            break;
        }
        measured += usize::from(is_measured(&head[head.len() - len..]));
        rest = &head[..head.len() - len];
    }
    measured >= SERIES_MIN
}

fn is_measured(number: &[u8]) -> bool {
    if number.iter().all(u8::is_ascii_digit) {
        return matches!(number.len(), 13..=19) && !Check::Luhn.passes(number);
    }
    let fraction = number.iter().position(|b| *b == b'.');
    let fraction = fraction.map_or(0, |at| {
        number[at + 1..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    });
    number[0].is_ascii_digit()
        && (fraction >= 3 || number.contains(&b'e') || number.contains(&b'E'))
}

#[cfg(test)]
mod tests;
