//! The card number inside magnetic stripe data: ISO/IEC 7813.

use super::luhn;

/// The digits before the first field separator (`^` on track 1, `=` on track 2) are a card number
/// with a valid check digit, and the four digits of the expiry date hold a month.
pub fn passes(value: &[u8]) -> bool {
    let Some(end) = value.iter().position(|b| matches!(b, b'^' | b'=')) else {
        return false;
    };
    let (pan, rest) = (&value[..end], &value[end + 1..]);
    let date = if value[end] == b'^' {
        let name_end = rest.iter().position(|b| *b == b'^');
        name_end.map(|at| &rest[at + 1..])
    } else {
        Some(rest)
    };
    let month = date.and_then(|d| d.get(2..4));
    let month = matches!(month, Some([b'0', b'1'..=b'9'] | [b'1', b'0'..=b'2']));
    let digits = pan.iter().filter(|b| b.is_ascii_digit()).count();
    month && (12..=19).contains(&digits) && luhn::passes(pan)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn tracks() {
        for track in [
            "%B4532015112830366^DOE/JANE^29121010000000000000?",
            ";4532015112830366=29121010000000000?",
        ] {
            assert!(passes(track.as_bytes()), "{track}");
        }
        for track in [
            "%B4532015112830367^DOE/JANE^29121010000000000000?",
            ";4532015112830367=29121010000000000?",
            ";4532015112830366=29131010000000000?",
            "%B4532015112830366^DOE/JANE",
            ";4532015112830366",
            "",
        ] {
            assert!(!passes(track.as_bytes()), "{track}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..80)) {
            passes(&value);
        }
    }
}
