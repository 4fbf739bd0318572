//! Tests that a value must pass: check digits, ranges, calendars, encodings.
//!
//! One small file each. A check sees the value alone (with its spaces and hyphens), bears any
//! bytes, allocates nothing and cannot fail: it passes or it does not.

mod digits;
mod iban;
mod luhn;
mod ssn_ranges;

/// A test, named in detector files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// ISO/IEC 7812-1, annex B: the check digit of payment cards.
    Luhn,
    /// ISO 13616: remainder 1 by 97, and the country's length.
    Iban,
    /// Ranges in which social security numbers are issued.
    SsnRanges,
}

impl Check {
    /// All checks.
    pub const ALL: [Check; 3] = [Check::Luhn, Check::Iban, Check::SsnRanges];

    /// The name in detector files and in evidence.
    pub fn name(self) -> &'static str {
        match self {
            Check::Luhn => "luhn",
            Check::Iban => "iban",
            Check::SsnRanges => "ssn_ranges",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name)
    }

    /// Names of all checks, for messages.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().map(Check::name)
    }

    /// Whether `value` passes.
    pub fn passes(self, value: &[u8]) -> bool {
        match self {
            Check::Luhn => luhn::passes(value),
            Check::Iban => iban::passes(value),
            Check::SsnRanges => ssn_ranges::passes(value),
        }
    }
}
