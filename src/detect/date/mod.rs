//! Birth dates and card expiry dates beside a word that says so.
//!
//! A date alone is nothing: logs are full of them. What counts is a date that *belongs* to a birth
//! (or expiry) keyword: [`near`] and [`expiry_near`] take the place of a keyword and look up to
//! [`KEYWORD_DISTANCE_CHARS`] characters to either side; [`in_field`] and [`expiry_in_field`] take
//! a value whose column or key already says what it is. Finding keywords and resolving overlaps is
//! left to the caller.
//!
//! * `parse`: how dates are written, and the calendar.
//! * `words`: month names, link words, words that claim a date for themselves, keyword lists.
//! * `gap`: whether the text between keyword and date ties them together.
//! * `birth`, `expiry`: the two kinds of date.

mod birth;
mod expiry;
mod gap;
mod parse;
mod words;

use std::ops::Range;

pub use birth::{in_field, near, near_unsearched};
pub use expiry::{expiry_in_field, expiry_near};
pub use words::{BIRTH_KEYWORDS_EXTRA, EXPIRY_KEYWORDS_EXTRA};

/// Most characters between the nearest ends of keyword and date, inclusive.
pub const KEYWORD_DISTANCE_CHARS: usize = 30;
/// First and last year taken for a year of birth. The core has no clock, hence the fixed end.
pub const BIRTH_YEARS: std::ops::RangeInclusive<u16> = 1900..=2035;
/// First and last year taken for a card's year of expiry.
pub const EXPIRY_YEARS: std::ops::RangeInclusive<u16> = 2000..=2049;

/// A date that belongs to a keyword or a field.
///
/// `Debug` prints places only: the date itself is not held.
#[derive(Clone, Debug, PartialEq)]
pub struct DateMatch {
    /// Half-open byte range of the date, without a time of day.
    pub range: Range<usize>,
    /// 0 to 1.
    pub confidence: f32,
    /// Characters between the nearest ends of keyword and date; 0 in a field.
    pub distance_chars: u16,
    /// The keyword stands before the date.
    pub before: bool,
}
