//! Tests that a value must pass: check digits, ranges, calendars, encodings.
//!
//! One small file each. A check sees the value alone (with its spaces and hyphens), bears any
//! bytes, allocates nothing and cannot fail: it passes or it does not.

mod account;
mod aws_secret;
mod base64;
mod basic_auth;
mod bban_de;
mod bban_es;
mod bban_fr;
mod bban_it;
mod card_issuer;
mod cep;
mod digits;
mod email_domain;
mod iban;
mod ip_address;
mod jwt_header;
mod luhn;
mod month_year;
mod nanp;
mod phone;
mod phone_br;
mod phone_de;
mod phone_de_areas;
mod phone_es;
mod phone_fr;
mod phone_it;
mod phone_uk;
mod random_token;
mod ssn_ranges;
mod track_pan;

/// A test, named in detector files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// ISO/IEC 7812-1, annex B: the check digit of payment cards.
    Luhn,
    /// A card network's prefix and length.
    CardIssuer,
    /// ISO/IEC 7813: card number and expiry month of magnetic stripe data.
    TrackPan,
    /// A month, a year, or both, as on a card.
    MonthYear,
    /// ISO 13616: remainder 1 by 97, and the country's length.
    Iban,
    /// Key of a French account.
    BbanFr,
    /// Parts of a German account.
    BbanDe,
    /// Control letter of an Italian account.
    BbanIt,
    /// Control digits of a Spanish account.
    BbanEs,
    /// Not filler, not a point in time.
    Account,
    /// Ranges in which US social security numbers are issued.
    SsnRanges,
    /// Numbering plan of the United States and Canada.
    Nanp,
    /// Numbering plan of Brazil.
    PhoneBr,
    /// Numbering plan of Germany.
    PhoneDe,
    /// Numbering plan of Spain.
    PhoneEs,
    /// Numbering plan of France.
    PhoneFr,
    /// Numbering plan of Italy.
    PhoneIt,
    /// Numbering plan of the United Kingdom.
    PhoneUk,
    /// Ranges of Brazilian postal codes.
    Cep,
    /// Forty characters as mixed as a random draw.
    AwsSecret,
    /// Generated, not a placeholder.
    RandomToken,
    /// RFC 7515: the first part is a JSON object with an algorithm.
    JwtHeader,
    /// RFC 7617: user and password, decoded.
    BasicAuth,
    /// Parts of a mail address.
    EmailDomain,
    /// An address of the internet protocol, version 4.
    Ipv4,
    /// An address of the internet protocol, version 6.
    Ipv6,
}

impl Check {
    /// All checks, with their names in detector files and in evidence.
    const ALL: [(Check, &'static str); 26] = [
        (Check::Luhn, "luhn"),
        (Check::CardIssuer, "card_issuer"),
        (Check::TrackPan, "track_pan"),
        (Check::MonthYear, "month_year"),
        (Check::Iban, "iban"),
        (Check::BbanFr, "bban_fr"),
        (Check::BbanDe, "bban_de"),
        (Check::BbanIt, "bban_it"),
        (Check::BbanEs, "bban_es"),
        (Check::Account, "account"),
        (Check::SsnRanges, "ssn_ranges"),
        (Check::Nanp, "nanp"),
        (Check::PhoneBr, "phone_br"),
        (Check::PhoneDe, "phone_de"),
        (Check::PhoneEs, "phone_es"),
        (Check::PhoneFr, "phone_fr"),
        (Check::PhoneIt, "phone_it"),
        (Check::PhoneUk, "phone_uk"),
        (Check::Cep, "cep"),
        (Check::AwsSecret, "aws_secret"),
        (Check::RandomToken, "random_token"),
        (Check::JwtHeader, "jwt_header"),
        (Check::BasicAuth, "basic_auth"),
        (Check::EmailDomain, "email_domain"),
        (Check::Ipv4, "ipv4"),
        (Check::Ipv6, "ipv6"),
    ];

    /// The name in detector files and in evidence.
    pub fn name(self) -> &'static str {
        // the table is in the order of the enum, which a test shows
        Self::ALL[self as usize].1
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(c, _)| *c)
    }

    /// Names of all checks, for messages.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(_, n)| *n)
    }

    /// Whether `value` passes.
    pub fn passes(self, value: &[u8]) -> bool {
        match self {
            Check::Luhn => luhn::passes(value),
            Check::CardIssuer => card_issuer::passes(value),
            Check::TrackPan => track_pan::passes(value),
            Check::MonthYear => month_year::passes(value),
            Check::Iban => iban::passes(value),
            Check::BbanFr => bban_fr::passes(value),
            Check::BbanDe => bban_de::passes(value),
            Check::BbanIt => bban_it::passes(value),
            Check::BbanEs => bban_es::passes(value),
            Check::Account => account::passes(value),
            Check::SsnRanges => ssn_ranges::passes(value),
            Check::Nanp => nanp::passes(value),
            Check::PhoneBr => phone_br::passes(value),
            Check::PhoneDe => phone_de::passes(value),
            Check::PhoneEs => phone_es::passes(value),
            Check::PhoneFr => phone_fr::passes(value),
            Check::PhoneIt => phone_it::passes(value),
            Check::PhoneUk => phone_uk::passes(value),
            Check::Cep => cep::passes(value),
            Check::AwsSecret => aws_secret::passes(value),
            Check::RandomToken => random_token::passes(value),
            Check::JwtHeader => jwt_header::passes(value),
            Check::BasicAuth => basic_auth::passes(value),
            Check::EmailDomain => email_domain::passes(value),
            Check::Ipv4 => ip_address::v4(value),
            Check::Ipv6 => ip_address::v6(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Check;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (i, (check, name)) in Check::ALL.into_iter().enumerate() {
            assert_eq!(check as usize, i);
            assert_eq!(check.name(), name);
            assert_eq!(Check::parse(name), Some(check));
        }
        assert_eq!(Check::parse("mod98"), None);
    }
}
