//! Numbers of mobile equipment and subscribers: 3GPP TS 23.003, ITU-T E.212.

use super::digits::{all_same, exact};
use super::luhn;

/// Reporting bodies of equipment numbers: the first two digits.
const BODIES: [u8; 15] = [1, 10, 30, 33, 35, 44, 45, 49, 50, 51, 52, 53, 54, 86, 91];

/// An IMEI: fifteen digits, a body that gives them out, and the check digit of payment cards.
pub fn imei(value: &[u8]) -> bool {
    exact::<15>(value).is_some_and(|digits| {
        let body = digits[0] * 10 + digits[1];
        (BODIES.contains(&body) || matches!(body, 98 | 99)) && luhn::passes(value)
    })
}

/// An IMSI: fourteen or fifteen digits, the first three a country: 2 to 7 at its head.
pub fn imsi(value: &[u8]) -> bool {
    let country = |digits: &[u8]| (2..=7).contains(&digits[0]) && !all_same(digits);
    exact::<15>(value).is_some_and(|digits| country(&digits))
        || exact::<14>(value).is_some_and(|digits| country(&digits))
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::*;

    #[test]
    fn vectors() {
        // the example of the identifiers' own description
        tested::vectors(
            imei,
            &["490154203237518", "49-015420-323751-8", "356938035643809"],
            &["490154203237517", "790154203237518", "49015420323751"],
        );
        tested::vectors(
            imsi,
            &["310150123456789", "23430123456789"],
            &["110150123456789", "222222222222222", "3101501234567891"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(imei, "35############*", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(imei);
        tested::bears_any_bytes(imsi);
    }
}
