//! Value added tax numbers of the European Union, Northern Ireland, the United Kingdom and
//! Switzerland: the country's letters, then digits with a check of the country.
//!
//! Source: European Commission, VIES: structures of the numbers; the checks are those that the tax
//! offices use.

use super::digits::{all_same, number, weighted};
use super::{cz_rc, es_cif, es_nif, gr_afm, ie_pps, luhn, mod_11_10, nl_bsn, pl_nip, pt_nif};

/// Longest number without letters of the country and separators.
const BYTES_MAX: usize = 16;

/// The number of a country, with its check. Spaces, dots and hyphens are skipped.
pub fn passes(value: &[u8]) -> bool {
    let mut held = [0u8; BYTES_MAX];
    let mut len = 0;
    for b in value.iter().filter(|b| !matches!(b, b' ' | b'.' | b'-')) {
        let Some(place) = held.get_mut(len) else {
            return false;
        };
        *place = *b;
        len += 1;
    }
    let [a, b, body @ ..] = &held[..len] else {
        return false;
    };
    of_country([*a, *b], body)
}

fn of_country(country: [u8; 2], body: &[u8]) -> bool {
    let digits = |from: usize, length: usize| -> Option<[u8; 12]> {
        let part = body.get(from..).filter(|part| part.len() == length)?;
        let mut digits = [0; 12];
        for (digit, b) in digits.iter_mut().zip(part) {
            *digit = b.is_ascii_digit().then(|| b - b'0')?;
        }
        (!all_same(&digits[..length])).then_some(digits)
    };
    let of = |length: usize, check: fn(&[u8]) -> bool| {
        digits(0, length).is_some_and(|d| check(&d[..length]))
    };
    match &country {
        b"AT" => body.first() == Some(&b'U') && digits(1, 8).is_some_and(|d| at(&d[..8])),
        b"BE" => of(10, |d| {
            d[0] < 2 && number(&d[..8]) % 97 + number(&d[8..]) == 97
        }),
        b"BG" => of(9, bg),
        b"CY" => cy(body),
        b"CZ" => {
            of(8, |d| {
                d[7] == ((11 - weighted(d, &[8, 7, 6, 5, 4, 3, 2]) % 11) % 10) as u8
            }) || matches!(body.len(), 9 | 10) && cz_rc::passes(body)
        }
        b"DE" => of(9, |d| d[0] != 0 && mod_11_10::holds(d)),
        b"DK" => of(8, |d| {
            weighted(d, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
        }),
        b"EE" => of(9, |d| {
            weighted(d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
        }),
        b"EL" | b"GR" => of(9, |_| true) && gr_afm::passes(body),
        b"ES" => es_nif::passes(body) || es_cif::passes(body),
        b"FI" => of(8, |d| {
            weighted(d, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11)
        }),
        b"FR" => of(11, |d| {
            let siren = number(&d[2..]);
            luhn::holds(&d[2..]) && number(&d[..2]) == (12 + 3 * (siren % 97)) % 97
        }),
        b"HR" => of(11, mod_11_10::holds),
        b"HU" => of(8, |d| {
            weighted(d, &[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10)
        }),
        b"IE" => ie_pps::passes(body),
        b"IT" => of(11, luhn::holds),
        b"LT" => of(9, |d| d[7] == 1 && lt(d)) || of(12, |d| d[10] == 1 && lt(d)),
        b"LU" => of(8, |d| number(&d[..6]) % 89 == number(&d[6..])),
        b"LV" => of(11, |d| {
            d[0] > 3 && weighted(d, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3
        }),
        b"MT" => of(8, |d| {
            weighted(d, &[3, 4, 6, 7, 8, 9]) % 37 + number(&d[6..]) == 37
        }),
        b"NL" => nl(body),
        b"PL" => of(10, |_| true) && pl_nip::passes(body),
        b"PT" => of(9, |_| true) && pt_nif::passes(body),
        b"RO" => ro(body),
        b"SE" => of(12, |d| d[10..] == [0, 1] && luhn::holds(&d[..10])),
        b"SI" => of(8, |d| {
            d[0] != 0 && u32::from(d[7]) == (11 - weighted(d, &[8, 7, 6, 5, 4, 3, 2]) % 11) % 10
        }),
        b"SK" => of(10, |d| {
            d[0] != 0
                && matches!(d[2], 2..=4 | 7..=9)
                && d.iter().fold(0, |r, d| (r * 10 + u32::from(*d)) % 11) == 0
        }),
        b"GB" | b"XI" => of(9, gb) || of(12, |d| gb(&d[..9])),
        b"CH" => {
            body.first() == Some(&b'E')
                && digits(1, 9).is_some_and(|d| {
                    weighted(&d[..9], &[5, 4, 3, 2, 7, 6, 5, 4, 1]).is_multiple_of(11)
                })
        }
        _ => false,
    }
}

fn at(digits: &[u8]) -> bool {
    let sum: u8 = digits[..7]
        .iter()
        .enumerate()
        .map(|(i, d)| {
            if i % 2 == 0 {
                *d
            } else {
                d * 2 / 10 + d * 2 % 10
            }
        })
        .sum();
    digits[7] == (96 - sum) % 10
}

fn bg(digits: &[u8]) -> bool {
    let first = weighted(digits, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11;
    let check = match first {
        10 => weighted(digits, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10,
        other => other,
    };
    u32::from(digits[8]) == check
}

fn cy(body: &[u8]) -> bool {
    const ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let [digits @ .., letter] = body else {
        return false;
    };
    if digits.len() != 8 || !digits.iter().all(u8::is_ascii_digit) || digits.starts_with(b"12") {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .enumerate()
        .map(|(i, b)| {
            let digit = b - b'0';
            if i % 2 == 0 {
                ODD[usize::from(digit)]
            } else {
                u32::from(digit)
            }
        })
        .sum();
    u32::from(*letter) == u32::from(b'A') + sum % 26
}

fn lt(digits: &[u8]) -> bool {
    let sum = |shift: usize| -> u32 {
        digits[..digits.len() - 1]
            .iter()
            .enumerate()
            .map(|(i, d)| u32::from(*d) * ((i + shift) % 9 + 1) as u32)
            .sum()
    };
    let check = match sum(0) % 11 {
        10 => sum(2) % 11 % 10,
        other => other,
    };
    digits.last().is_some_and(|d| u32::from(*d) == check)
}

/// Nine digits of the citizen or legal entity, B and two more; or, since 2020 for the self-employed,
/// ISO 7064 mod 97-10 over all.
fn nl(body: &[u8]) -> bool {
    if body.len() != 12 || body[9] != b'B' {
        return false;
    }
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    if !digits(&body[..9]) || !digits(&body[10..]) || body[10..] == *b"00" {
        return false;
    }
    let whole = b"NL".iter().chain(body);
    let remainder = whole.fold(0u32, |r, b| match b {
        b'0'..=b'9' => (r * 10 + u32::from(b - b'0')) % 97,
        _ => (r * 100 + u32::from(b - b'A') + 10) % 97,
    });
    remainder == 1 || nl_bsn::passes(&body[..9])
}

fn ro(body: &[u8]) -> bool {
    const WEIGHTS: [u32; 9] = [7, 5, 3, 2, 1, 7, 5, 3, 2];
    let [head @ .., last] = body else {
        return false;
    };
    if !(5..=9).contains(&head.len()) || !body.iter().all(u8::is_ascii_digit) || body[0] == b'0' {
        return false;
    }
    let weights = &WEIGHTS[WEIGHTS.len() - head.len()..];
    let sum: u32 = head
        .iter()
        .zip(weights)
        .map(|(b, w)| u32::from(b - b'0') * w)
        .sum();
    u32::from(last - b'0') == sum * 10 % 11 % 10
}

fn gb(digits: &[u8]) -> bool {
    let sum = weighted(digits, &[8, 7, 6, 5, 4, 3, 2]) + number(&digits[7..]);
    digits[0] != 0 && (sum.is_multiple_of(97) || (sum + 55).is_multiple_of(97))
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &EXAMPLES,
            &[
                "ATU13585628",
                "BE0428759498",
                "DE136695977",
                "FR41303265045",
                "GB980780685",
                "NL123456781B90",
                "IT00743110158",
                "XX123456789",
                "AT13585627",
                "ATU",
                "RO1",
            ],
        );
    }

    /// One of each country: companies' own published numbers where known, else made to fit.
    const EXAMPLES: [&str; 31] = [
        "ATU19960308",
        "BE0300182633",
        "BG928288072",
        "CY50222791C",
        "CZ24685356",
        "DE412581535",
        "DK39413078",
        "EE182254282",
        "EL993729306",
        "ESB58378431",
        "FI23274231",
        "FR83692551732",
        "HR30008062320",
        "HU73943699",
        "IE2922001K",
        "IT02573834492",
        "LT694134618",
        "LT676584853711",
        "LU63542958",
        "LV92913072120",
        "MT76586626",
        "NL967019977B01",
        "PL2713106347",
        "PT560562438",
        "RO23722656",
        "SE505138814701",
        "SI94534683",
        "SK3329831010",
        "GB940901536",
        "XI319164111",
        "CHE140425582",
    ];

    #[test]
    fn another_digit_is_refused() {
        // those whose letters are none of the forms' own signs
        for form in [
            "ATU#######*",
            "EE########*",
            "FI######**",
            "HR1#########*",
            "HU#######*",
            "IT##########*",
            "PL1########*",
        ] {
            tested::refuses_another_digit(passes, form, &[]);
        }
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
