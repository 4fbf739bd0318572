//! Addresses as the value of a column or key that is called an address.

use super::table::Country;
use super::tokens::Tokens;
use super::western::{self, Frame};
use super::{AddressMatch, at_number, halves, hit, letter_or_digit, postcode};

/// Names of fields that hold an address, lower case; a space also stands for nothing, `_` or `-`.
pub const FIELD_KEYWORDS: &[&str] = &[
    "address",
    "addr",
    "address line",
    "street address",
    "mailing address",
    "postal address",
    "home address",
    "billing address",
    "shipping address",
    "delivery address",
    "residence",
    "residential address",
    "full address",
    "ship to",
    "bill to",
    "adresse",
    "anschrift",
    "wohnort",
    "wohnadresse",
    "domicile",
    "direccion",
    "dirección",
    "domicilio",
    "indirizzo",
    "residenza",
    "endereco",
    "endereço",
    "logradouro",
];

/// Words before or after `address` that make it another kind of address.
pub const NOT_FIELD_KEYWORDS: &[&str] = &[
    "ip",
    "ipv4",
    "ipv6",
    "ip4",
    "ip6",
    "mac",
    "email",
    "e-mail",
    "mail from",
    "memory",
    "mem",
    "wallet",
    "bitcoin",
    "btc",
    "eth",
    "ethernet",
    "contract",
    "web",
    "url",
    "host",
    "remote",
    "local",
    "client",
    "server",
    "source",
    "src",
    "dst",
    "destination ip",
    "peer",
    "bind",
    "listen",
    "listener",
    "base",
    "virtual",
    "physical",
    "hw",
    "hardware",
    "network",
    "net",
    "broadcast",
    "gateway",
    "dns",
    "node",
    "pointer",
    "return",
    "load",
    "start",
    "end",
    "reg",
    "register",
    "device",
    "bus",
    "slave",
    "i2c",
    "socket",
    "proxy",
    "endpoint",
    "sender",
    "recipient",
    "from",
    "to",
    "cc",
    "bcc",
    "reply to",
];

/// Longest value looked at, in bytes; an address is shorter.
const VALUE_BYTES_MAX: usize = 1024;

/// The address that the value of an address field holds, in any case of letters.
///
/// Postcodes may be glued (`M5V2T6`, `LS14AP`), and a street with city and state may lack the
/// postcode. The longest address is told where there are several.
pub fn in_field(value: &[u8]) -> Option<AddressMatch> {
    let value = &value[..value.len().min(VALUE_BYTES_MAX)];
    let mut best: Option<AddressMatch> = None;
    let mut keep = |found: Option<AddressMatch>| {
        if let Some(found) = found
            && best
                .as_ref()
                .is_none_or(|b| found.range.len() > b.range.len())
        {
            best = Some(found);
        }
    };
    for at in 0..value.len() {
        if !value[at].is_ascii_digit() {
            continue;
        }
        let before = at.checked_sub(1).map(|i| value[i]);
        if !before.is_some_and(|b| b.is_ascii_alphanumeric()) {
            keep(at_number(value, at, true));
        } else if at >= 2 && !letter_or_digit(value, at + 3) {
            // M5V2T6, LS14AP: the second half is glued to the first
            keep(halves(value, at, at, true));
        }
    }
    best.or_else(|| without_postcode(value))
}

/// `410 Terry Ave N, Seattle, WA`: the state ends the value.
fn without_postcode(value: &[u8]) -> Option<AddressMatch> {
    let trimmed = value.trim_ascii_end();
    let mut end = trimmed.len();
    for country in [
        &b"USA"[..],
        b"US",
        b"U.S.A.",
        b"United States",
        b"Canada",
        b"Australia",
    ] {
        if end > country.len()
            && trimmed[end - country.len()..end].eq_ignore_ascii_case(country)
            && matches!(trimmed[end - country.len() - 1], b' ' | b',')
        {
            end = postcode::skip_back(value, end - country.len())?;
            break;
        }
    }
    if end < 3 {
        return None;
    }
    let states = [
        (Country::Us, postcode::us_state(value, end)),
        (Country::Ca, postcode::ca_province(value, end)),
        (Country::Au, postcode::au_state(value, end)),
    ];
    for (country, state) in states {
        let Some(state) = state else {
            continue;
        };
        let tokens = Tokens::before(value, state.start, true);
        let frame = Frame {
            country,
            zones: &[state.zone],
            lax: true,
            known_only: true,
        };
        if let Some(found) = western::find(&tokens, &frame) {
            let mut found = hit(found, end, country);
            found.confidence *= 0.8;
            return Some(found);
        }
    }
    None
}
