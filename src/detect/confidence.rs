//! How sure a reported value is, from 0 to 1.
//!
//! What speaks for a value is taken as independent and added up as log-odds (natural logarithm):
//!
//! ```text
//! odds = FORM (a fixed text, an @, a URL, a token, a number)
//!      + ln(1 / share of random values that pass), for each check passed
//!      + WRITTEN_OUT, if the number is in groups
//!      + KEYWORD: names the value, or is near, or far, before or after
//! confidence = 1 / (1 + exp(-odds)), kept within 0.01 and 0.99
//! ```
//!
//! So a keyword or a check more never lowers it. The shares are measured on random values of each
//! form (`tests/confidence.rs`). Names, addresses and dates of birth bring their own.

use super::check::Check;
use super::spec::Anchor;
use crate::model::{KeywordHit, Side};

/// Log-odds of a value by its form alone.
const FORM_FIXED_TEXT: f32 = 1.7;
const FORM_AT: f32 = 1.4;
const FORM_URL: f32 = 0.4;
const FORM_TOKEN: f32 = -2.0;
const FORM_NUMBER: f32 = -3.0;
/// A number in groups: fewer numbers look so by chance.
const WRITTEN_OUT: f32 = 1.0;
/// A keyword that names the value: right before it, or in the name of its field.
const KEYWORD_NAMES: f32 = 6.0;
/// A keyword elsewhere near, and what each character between takes off it.
const KEYWORD_NEAR: f32 = 5.2;
const KEYWORD_CHARACTER: f32 = 0.06;
/// The least that a keyword adds.
const KEYWORD_MIN: f32 = 2.4;
/// A keyword behind the value says less.
const KEYWORD_AFTER: f32 = 0.6;
/// Most that checks add: beyond, the form is the greater doubt.
const CHECKS_MAX: f32 = 9.0;

/// What a value that passes its checks by chance says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Proof {
    /// Most random values pass: ranges and the like, or no check at all.
    None,
    /// One in eight or fewer: a check digit.
    Some,
    /// One in a hundred or fewer: two check digits, or one and ranges.
    Strong,
}

/// Share of random values of the form that pass.
///
/// Checks that are not named here are taken for one check digit of ten.
pub(super) fn share(check: Check) -> f32 {
    match check {
        Check::CrcToken
        | Check::AgeKey
        | Check::BitcoinAddress
        | Check::BitcoinWitness
        | Check::BitcoinKey
        | Check::LitecoinAddress
        | Check::LitecoinWitness
        | Check::DogecoinAddress
        | Check::XrpAddress
        | Check::EthereumMixed => 1e-6,
        Check::Spi => 0.002,
        // a date and one or two check characters
        Check::Nir
        | Check::SteuerId
        | Check::BeNrn
        | Check::PlPesel
        | Check::SePnr
        | Check::NoFnr
        | Check::FiHetu
        | Check::AtSvnr
        | Check::RoCnp
        | Check::BgEgn
        | Check::GrAmka
        | Check::Jmbg
        | Check::SiEmso
        | Check::Isikukood
        | Check::LvPk
        | Check::LuPin
        | Check::IsKt
        | Check::KrRrn
        | Check::CnRin
        | Check::DeRvnr
        | Check::ZaId => 0.008,
        Check::Iban | Check::BbanFr | Check::BbanEs | Check::EsSsn | Check::CzRc => 0.011,
        Check::Cpf | Check::Cnpj | Check::TrTc | Check::AuAbn | Check::BasicAuth => 0.011,
        Check::TrackPan => 0.02,
        Check::BbanIt | Check::CodiceFiscale | Check::EsNif => 0.04,
        Check::RfcDate | Check::DkCpr | Check::IdNik | Check::MyKad => 0.04,
        Check::CardIssuer | Check::MonthYear | Check::PhoneWorld => 0.2,
        Check::Nanp
        | Check::PhoneBr
        | Check::PhoneDe
        | Check::PhoneEs
        | Check::PhoneFr
        | Check::PhoneIt
        | Check::PhoneUk
        | Check::DiscordToken
        | Check::Bic
        | Check::AwsKeyId
        | Check::Ipv4 => 0.4,
        Check::LatLong | Check::BbanDe | Check::DeId | Check::Vin | Check::Hcpcs => 0.75,
        // these tell drawn text from words and filler, not one drawn text from another
        Check::AwsKeyIdForm
        | Check::AwsSecret
        | Check::RandomToken
        | Check::Generated
        | Check::GeneratedTail
        | Check::MixedToken
        | Check::EmailDomain
        | Check::UrlPassword
        | Check::MacAddress
        | Check::EthereumSingle
        | Check::Ein
        | Check::Imsi
        | Check::Ipv6
        | Check::Nino
        | Check::Account
        | Check::SsnRanges
        | Check::Cep => 0.9,
        _ => 0.1,
    }
}

/// Log-odds of the form and the checks of a pattern, and what they prove.
pub(super) fn of_pattern(anchor: &Anchor, checks: impl Iterator<Item = Check>) -> (f32, Proof) {
    let form = match anchor {
        Anchor::Literal { .. } => FORM_FIXED_TEXT,
        Anchor::At => FORM_AT,
        Anchor::Url => FORM_URL,
        Anchor::Token => FORM_TOKEN,
        Anchor::Number | Anchor::Keyword => FORM_NUMBER,
    };
    let share: f32 = checks.map(share).product();
    let proof = if share <= 0.011 {
        Proof::Strong
    } else if share <= 0.125 {
        Proof::Some
    } else {
        Proof::None
    };
    (form + (-share.ln()).min(CHECKS_MAX), proof)
}

/// The confidence of a value of a pattern.
///
/// `named`: the keyword names the value.
pub(super) fn of_value(
    pattern: f32,
    value: &[u8],
    keyword: Option<&KeywordHit>,
    named: bool,
) -> f32 {
    let groups = value
        .first()
        .is_some_and(|b| b.is_ascii_digit() || matches!(b, b'+' | b'('))
        && value.iter().any(|b| matches!(b, b' ' | b'-' | b'.' | b'/'));
    let written = if groups { WRITTEN_OUT } else { 0.0 };
    confidence(pattern + written + keyword.map_or(0.0, |k| of_keyword(k, named)))
}

fn of_keyword(keyword: &KeywordHit, named: bool) -> f32 {
    let Some(distance) = keyword.distance.filter(|_| !named) else {
        return KEYWORD_NAMES;
    };
    let near = KEYWORD_NEAR - f32::from(distance) * KEYWORD_CHARACTER;
    let side = if keyword.side == Side::After {
        KEYWORD_AFTER
    } else {
        0.0
    };
    (near - side).max(KEYWORD_MIN)
}

fn confidence(odds: f32) -> f32 {
    (1.0 / (1.0 + (-odds).exp())).clamp(0.01, 0.99)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::builtin_specs;

    /// The next of a row of numbers that look drawn.
    fn next(state: &mut u64) -> u64 {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        *state >> 33
    }

    /// The value with other digits, or with other letters where it has few digits.
    fn drawn(value: &[u8], state: &mut u64) -> Vec<u8> {
        let digits = value.iter().filter(|b| b.is_ascii_digit()).count() >= 5;
        let draw = |b: &u8, state: &mut u64| match b {
            b'0'..=b'9' => b'0' + (next(state) % 10) as u8,
            b'a'..=b'z' if !digits => b'a' + (next(state) % 26) as u8,
            b'A'..=b'Z' if !digits => b'A' + (next(state) % 26) as u8,
            other => *other,
        };
        value.iter().map(|b| draw(b, state)).collect()
    }

    /// No check may claim to refuse more than it does, on the examples of its detectors drawn anew.
    #[test]
    fn no_share_is_less_than_measured() {
        let mut state = 7;
        let mut faults = Vec::new();
        let specs = builtin_specs().expect("load");
        for name in Check::names() {
            let check = Check::parse(name).expect("known");
            let (mut passed, mut all) = (0u32, 0u32);
            let values: Vec<&[u8]> = specs
                .iter()
                .filter(|s| s.patterns.iter().any(|p| p.checks.contains(&check)))
                .flat_map(|s| &s.positives)
                .map(|example| example.matched.as_bytes())
                .filter(|value| check.passes(value))
                .collect();
            for value in values.iter().cycle().take(3_000) {
                all += 1;
                passed += u32::from(check.passes(&drawn(value, &mut state)));
            }
            let measured = passed as f32 / all.max(1) as f32;
            if measured > share(check) * 1.5 + 0.004 {
                faults.push(format!("{name}: {measured} pass, {} said", share(check)));
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn a_keyword_or_a_check_more_never_lowers_it() {
        let keyword = |distance, side| KeywordHit {
            keyword: 0,
            distance,
            side,
        };
        for checks in [
            &[][..],
            &[Check::SsnRanges],
            &[Check::Luhn],
            &[Check::Luhn, Check::CardIssuer],
        ] {
            let (odds, proof) = of_pattern(&Anchor::Number, checks.iter().copied());
            let (more, stronger) =
                of_pattern(&Anchor::Number, checks.iter().copied().chain([Check::Iban]));
            assert!(more > odds && stronger >= proof);
            let bare = of_value(odds, b"536904399", None, false);
            for side in [Side::Before, Side::After] {
                let mut last =
                    of_value(odds, b"536904399", Some(&keyword(None, Side::Column)), true);
                let named = of_value(odds, b"536904399", Some(&keyword(Some(2), side)), true);
                assert!(named <= last);
                for distance in 0..=300 {
                    let here = of_value(
                        odds,
                        b"536904399",
                        Some(&keyword(Some(distance), side)),
                        false,
                    );
                    assert!(here <= last && here > bare, "{distance}");
                    last = here;
                }
            }
        }
    }

    #[test]
    fn proofs_are_those_of_the_checks() {
        let proof = |checks: &[Check]| of_pattern(&Anchor::Number, checks.iter().copied()).1;
        assert_eq!(proof(&[]), Proof::None);
        assert_eq!(proof(&[Check::SsnRanges]), Proof::None);
        assert_eq!(proof(&[Check::Luhn]), Proof::Some);
        assert_eq!(proof(&[Check::CardIssuer, Check::Luhn]), Proof::Some);
        assert_eq!(proof(&[Check::Iban]), Proof::Strong);
    }
}
