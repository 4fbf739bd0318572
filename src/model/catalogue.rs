//! What is known of a detector outside the core: id, category, severity, masking.

use std::sync::Arc;

/// Macie's categories of sensitive data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    Credentials,
    CustomIdentifier,
    FinancialInformation,
    PersonalInformation,
}

impl Category {
    /// The name in Macie's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Category::Credentials => "CREDENTIALS",
            Category::CustomIdentifier => "CUSTOM_IDENTIFIER",
            Category::FinancialInformation => "FINANCIAL_INFORMATION",
            Category::PersonalInformation => "PERSONAL_INFORMATION",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [
            Category::Credentials,
            Category::CustomIdentifier,
            Category::FinancialInformation,
            Category::PersonalInformation,
        ]
        .into_iter()
        .find(|c| c.as_str() == name)
    }
}

/// Severity of a finding; the order is the order of gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    Low,
    Medium,
    High,
}

impl Severity {
    /// All, ascending.
    pub const ALL: [Severity; 3] = [Severity::Low, Severity::Medium, Severity::High];

    /// `severity.description` in Macie's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Low => "Low",
            Severity::Medium => "Medium",
            Severity::High => "High",
        }
    }

    /// `severity.score` in Macie's JSON, 1 to 3.
    pub fn score(self) -> u8 {
        self as u8 + 1
    }

    /// Reads `low`, `Medium`, `HIGH`, ...
    pub fn parse(name: &str) -> Option<Self> {
        Severity::ALL
            .into_iter()
            .find(|s| s.as_str().eq_ignore_ascii_case(name))
    }
}

/// Severity by number of occurrences in one object: from how many on each severity holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SeverityTable {
    /// Least number of occurrences, in the order of [`Severity`]; `None` where it is never reached.
    from: [Option<u64>; 3],
}

impl SeverityTable {
    /// Macie's severity of custom identifiers without levels: Medium, however many.
    pub const MEDIUM: SeverityTable = SeverityTable {
        from: [None, Some(1), None],
    };

    /// Macie's form for managed identifiers: for 1 occurrence, for 2 to 99, for 100 and more.
    /// `None` where the severity falls as the occurrences grow.
    pub fn by_count(one: Severity, some: Severity, many: Severity) -> Option<Self> {
        if one > some || some > many {
            return None;
        }
        let mut from = [None; 3];
        for (severity, count) in [(many, 100), (some, 2), (one, 1)] {
            from[severity as usize] = Some(count);
        }
        Some(SeverityTable { from })
    }

    /// Macie's form for custom identifiers: the least number of occurrences of each severity.
    /// `None` unless there is one, each is at least 1 and they ascend with the severity.
    pub fn by_levels(levels: &[(Severity, u64)]) -> Option<Self> {
        let mut from = [None; 3];
        for &(severity, count) in levels {
            if count == 0 || from[severity as usize].replace(count).is_some() {
                return None;
            }
        }
        let given: Vec<u64> = from.iter().flatten().copied().collect();
        let ascend = given.windows(2).all(|pair| pair[0] < pair[1]);
        (!given.is_empty() && ascend).then_some(SeverityTable { from })
    }

    /// The severity of `count` occurrences; `None` for none, and below the lowest level.
    pub fn of(&self, count: u64) -> Option<Severity> {
        self.levels()
            .filter(|(_, from)| *from <= count)
            .map(|(severity, _)| severity)
            .last()
    }

    /// Each severity that can be reached and the least occurrences for it, ascending.
    pub fn levels(&self) -> impl Iterator<Item = (Severity, u64)> + '_ {
        Severity::ALL
            .into_iter()
            .filter_map(|severity| Some((severity, self.from[severity as usize]?)))
    }
}

/// Whose identifier it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// One of Macie's managed data identifiers.
    Macie,
    /// Ours, beyond Macie.
    Magpie,
    /// The user's own.
    Custom,
}

impl Origin {
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Macie => "macie",
            Origin::Magpie => "magpie",
            Origin::Custom => "custom",
        }
    }
}

/// How a value is masked for people; see [`mask`](super::mask).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MaskStyle {
    /// Every letter and digit hidden.
    All,
    /// The last four letters or digits shown, where at least twice as many are hidden.
    Last4,
    /// First letter of each word shown.
    Initials,
    /// First character of the local part, and the top-level domain.
    Email,
    /// The header or marker up to the first `:` or `=` shown, the rest hidden.
    Header,
    /// Nothing shown, not even the length: the signs of a password are part of it.
    Hidden,
}

/// One detector as everything but the core knows it.
#[derive(Clone, Debug)]
pub struct DetectorInfo {
    /// As shown to people and machines; unique within a catalogue.
    pub id: String,
    /// Macie's id (a UUID) of an identifier that is kept in a store; `None` for all others.
    pub uuid: Option<String>,
    pub category: Category,
    /// Macie's name of the kind of data, such as `Birth date`.
    pub kind: String,
    /// ISO 3166-1 alpha-2; empty means any.
    pub countries: Vec<String>,
    pub description: String,
    pub references: Vec<String>,
    pub severity: SeverityTable,
    pub origin: Origin,
    /// In Macie's recommended set for jobs.
    pub recommended: bool,
    /// On when the user asks for `all`.
    pub default_on: bool,
    pub keyword_required: bool,
    pub keywords: Vec<String>,
    /// Names of the checks, in the order of the bits of [`Hit::checks`](super::Hit).
    pub checks: Vec<String>,
    pub mask: MaskStyle,
    /// Most occurrences that Macie counts in one file (NAME and ADDRESS: 1,000); a cap of the
    /// Macie-shaped views only.
    pub macie_count_max: Option<u64>,
}

/// Names behind the numbers in hits.
#[derive(Clone, Debug, Default)]
pub struct CatalogueIndex {
    /// Ascending by id.
    pub detectors: Vec<DetectorInfo>,
    pub keywords: Vec<Arc<str>>,
    /// Changes when any detector, keyword or list does; pinned by a job.
    pub fingerprint: String,
}

impl CatalogueIndex {
    pub fn find(&self, id: &str) -> Option<u16> {
        self.detectors
            .binary_search_by(|d| d.id.as_str().cmp(id))
            .ok()
            .and_then(|i| u16::try_from(i).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Severity::{High, Low, Medium};

    #[test]
    fn severities_follow_the_counts() {
        let of = |table: SeverityTable| [0, 1, 2, 99, 100].map(|n| table.of(n));
        let table = |one, some, many| of(SeverityTable::by_count(one, some, many).unwrap());
        assert_eq!(
            table(Low, Medium, High),
            [None, Some(Low), Some(Medium), Some(Medium), Some(High)]
        );
        assert_eq!(
            table(Low, Low, Medium),
            [None, Some(Low), Some(Low), Some(Low), Some(Medium)]
        );
        assert_eq!(table(High, High, High)[1..], [Some(High); 4]);
        assert_eq!(of(SeverityTable::MEDIUM)[1..], [Some(Medium); 4]);
        assert_eq!(SeverityTable::by_count(High, Low, Low), None);
    }

    #[test]
    fn levels_ascend_and_below_the_lowest_is_nothing() {
        let table = SeverityTable::by_levels(&[(High, 100), (Low, 3)]).unwrap();
        let of = [1, 2, 3, 99, 100, u64::MAX].map(|n| table.of(n));
        let low = Some(Low);
        assert_eq!(of, [None, None, low, low, Some(High), Some(High)]);
        let one = SeverityTable::by_levels(&[(Medium, 7)]).unwrap();
        assert_eq!((one.of(6), one.of(7)), (None, Some(Medium)));
        for bad in [
            &[][..],
            &[(Low, 0)],
            &[(Low, 1), (Low, 2)],
            &[(Low, 5), (High, 5)],
            &[(Low, 10), (Medium, 5)],
            &[(Medium, 2), (High, 1)],
        ] {
            assert_eq!(SeverityTable::by_levels(bad), None, "{bad:?}");
        }
    }
}
