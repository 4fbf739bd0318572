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
        [Severity::Low, Severity::Medium, Severity::High]
            .into_iter()
            .find(|s| s.as_str().eq_ignore_ascii_case(name))
    }
}

/// Severity by number of occurrences in one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeverityTable {
    /// 1 occurrence.
    pub one: Severity,
    /// 2 to 99.
    pub some: Severity,
    /// 100 and more.
    pub many: Severity,
}

impl SeverityTable {
    /// The severity of `count` occurrences; `None` for none.
    pub fn of(&self, count: u64) -> Option<Severity> {
        match count {
            0 => None,
            1 => Some(self.one),
            2..100 => Some(self.some),
            _ => Some(self.many),
        }
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
    pub id: String,
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
