//! Brazilian addresses: `Av. Paulista, 1578 - Bela Vista, São Paulo - SP, 01310-200`.

use super::table::{self, Country, place, zone};
use super::tokens::Tokens;
use super::western::{Found, house};

const STATES: &[u8] = b"ACALAMAPBACEDFESGOMAMGMSMTPAPBPEPIPRRJRNRORRRSSCSESPTO";

/// Tokens that an address may have before its CEP.
const REACH: usize = 34;

/// The state in token `i`, if the CEP agrees.
pub(super) fn state(bytes: &[u8], cep: &[u8]) -> Option<&'static [u8]> {
    let upper = [
        bytes.first()?.to_ascii_uppercase(),
        bytes.get(1)?.to_ascii_uppercase(),
    ];
    if bytes.len() != 2 {
        return None;
    }
    let code = STATES.chunks_exact(2).find(|c| **c == upper)?;
    let starts = [cep.get(..1)?, cep.get(..2)?, cep.get(..3)?];
    starts
        .iter()
        .any(|s| zone(Country::Br, code, s))
        .then_some(code)
}

/// The address before a CEP, whose tokens (without the word CEP) are `t`.
///
/// `place_after`: state and place stand behind the CEP and are known.
pub(super) fn find(t: &Tokens<'_>, cep: &[u8], place_after: bool, lax: bool) -> Option<Found> {
    let mut end = t.len();
    let mut known = place_after;
    if !place_after {
        if end < 4 {
            return None;
        }
        let code = state(t.bytes(end - 1), cep)?;
        if !lax && !t.bytes(end - 1).iter().all(u8::is_ascii_uppercase) {
            return None;
        }
        end -= 1;
        known =
            (1..=5.min(end)).any(|count| place(Country::Br, code, t.span(end - count, end - 1)));
    }
    let low = end.saturating_sub(REACH);
    let mut found = None;
    for k in (low..end.saturating_sub(1)).rev() {
        let bytes = t.bytes(k);
        let kind = t.is(k, table::BR_STREET)
            && (bytes.len() > 2 || bytes.contains(&b'.'))
            && !t.part(k + 1)
            && (t.capital(k) || lax || t.part(k));
        if !kind || t.digit_first(k + 1) && !t.is(k, table::BR_STREET) {
            continue;
        }
        let numbered = (k + 2..end).any(|n| {
            house(t.bytes(n))
                || t.bytes(n).eq_ignore_ascii_case(b"sn")
                || t.bytes(n).eq_ignore_ascii_case(b"s")
        });
        let readable = (k + 1..end).all(|n| {
            t.name_word(n, lax)
                || t.digit_first(n)
                || t.is(n, table::BR_EXTRA)
                || t.bytes(n).len() <= 2
        });
        if !readable {
            break;
        }
        if numbered && (known || t.part(k)) {
            found = Some(Found {
                start: t.at(k).start,
                confidence: if known { 0.95 } else { 0.75 },
            });
            // `Vila` and `Conjunto` also name parts of town: an earlier kind leads
            if t.part(k)
                && !matches!(
                    bytes.to_ascii_lowercase().as_slice(),
                    b"vila" | b"conjunto" | b"setor" | b"quadra" | b"largo" | b"via"
                )
            {
                break;
            }
        }
    }
    found
}
