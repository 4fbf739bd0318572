//! Which digit runs a postcode may have: by length and neighbouring bytes alone.
//!
//! Text has some 70 digit runs a KB in logs; all but a few must leave within a nanosecond or two.

use crate::detect::class::digits_at_start;

/// Bits of [`BEFORE`], [`AFTER`] and [`LENGTH`]: a run of one, four or five digits.
const ONE: u8 = 1;
const FOUR: u8 = 2;
const FIVE: u8 = 4;

/// By length of a digit run: which postcodes it may belong to.
static LENGTH: [u8; 9] = [0, ONE, 0, 0, FOUR, FIVE, 0, 0, 0];

/// By the byte before a digit run: which postcodes it may belong to.
static BEFORE: [u8; 256] = {
    let mut table = [0; 256];
    table[b' ' as usize] = ONE | FOUR | FIVE;
    table[0xA0] = ONE | FOUR | FIVE;
    table[b'-' as usize] = ONE | FIVE;
    table[b',' as usize] = FOUR | FIVE;
    table[b'\n' as usize] = FOUR | FIVE;
    table[b'>' as usize] = FOUR | FIVE;
    table[b'.' as usize] = FIVE;
    table[b'|' as usize] = FIVE;
    // CEP:01310-200
    table[b':' as usize] = FIVE;
    table
};

/// By the second byte before a digit run: which postcodes it may belong to. Before the blank stand
/// the state's letters, a street's number, a comma or the first half of the code.
static SECOND_BEFORE: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        if byte.is_ascii_alphabetic() {
            table[b] = ONE | FOUR | FIVE;
        } else if byte.is_ascii_digit() || byte == 0xC2 {
            table[b] = ONE | FIVE;
        } else if byte >= 0x80
            || matches!(
                byte,
                b' ' | b',' | b'.' | b'-' | b';' | b'|' | b'\r' | b'\n' | b'/'
            )
        {
            table[b] = FOUR | FIVE;
        } else if byte == b':' {
            // CEP: 01310-200
            table[b] = FIVE;
        } else if matches!(byte, b')' | b'\'') {
            table[b] = ONE | FIVE;
        }
        b += 1;
    }
    table
};

/// By the byte after a digit run: which postcodes it may belong to.
static AFTER: [u8; 256] = {
    let mut table = [FOUR | FIVE; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            table[b] = if byte.is_ascii_uppercase() { ONE } else { 0 };
        } else if byte == b':' || byte == b'/' {
            table[b] = 0;
        } else if byte == b'-' {
            table[b] = FIVE;
        }
        b += 1;
    }
    table
};

/// Whether a postcode may have the digit run at `at`, by its length and neighbours alone: a few
/// loads and one branch, as nearly all runs leave here.
#[inline]
pub(super) fn may_be_postcode(text: &[u8], at: usize) -> bool {
    let Some([second, before, rest @ ..]) = at.checked_sub(2).and_then(|i| text.get(i..)) else {
        return false;
    };
    let Some(bytes) = rest.first_chunk::<8>() else {
        // the last bytes of the text: at_number decides
        return true;
    };
    let word = u64::from_le_bytes(*bytes);
    let digits = digits_at_start(word);
    // runs of 6 and more are refused by their length, whatever follows
    let after = (word >> ((8 * digits) & 63)) as u8;
    LENGTH[digits as usize]
        & BEFORE[*before as usize]
        & SECOND_BEFORE[*second as usize]
        & AFTER[after as usize]
        != 0
}
