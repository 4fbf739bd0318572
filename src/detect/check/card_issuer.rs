//! Issuer prefixes and lengths of payment cards.

use super::digits::Digits;

/// Brands by the first six digits, low to high, and the lengths they issue, shortest to longest.
/// Ranges lie apart or say the same length rule; the first that holds the number decides.
const ISSUERS: [(u32, u32, &[u8]); 17] = [
    // Visa, with Electron and the Danish co-brand
    (400000, 499999, &[13, 16, 19]),
    // Mastercard
    (510000, 559999, &[16]),
    (222100, 272099, &[16]),
    // American Express
    (340000, 349999, &[15]),
    (370000, 379999, &[15]),
    // Dankort
    (501900, 501999, &[16]),
    // Diners Club
    (300000, 305999, &[14, 15, 16, 17, 18, 19]),
    (309500, 309599, &[14, 15, 16, 17, 18, 19]),
    (360000, 369999, &[14, 15, 16, 17, 18, 19]),
    (380000, 399999, &[14, 15, 16, 17, 18, 19]),
    // JCB
    (352800, 358999, &[16, 17, 18, 19]),
    // Discover
    (601100, 601199, &[16, 17, 18, 19]),
    (644000, 649999, &[16, 17, 18, 19]),
    (650000, 659999, &[16, 17, 18, 19]),
    // UnionPay, which shares 622126 to 622925 with Discover
    (620000, 629999, &[16, 17, 18, 19]),
    (810000, 817199, &[16, 17, 18, 19]),
    // Maestro, still in circulation
    (675900, 676999, &[13, 14, 15, 16, 17, 18, 19]),
];

/// A prefix that a card network issues, and a length it uses.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let Some(prefix) = digits.number(0..6) else {
        return false;
    };
    let len = digits.as_slice().len();
    ISSUERS
        .iter()
        .find(|(low, high, _)| (u64::from(*low)..=u64::from(*high)).contains(&prefix))
        .is_some_and(|(_, _, lengths)| lengths.iter().any(|l| usize::from(*l) == len))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn brands() {
        for number in [
            "4532015112830366",
            "4222222222222",
            "5424180000000015",
            "2221000000000009",
            "2720 9999 9999 9996",
            "378282246310005",
            "30569309025904",
            "3530111333300000",
            "6011000990139424",
            "6250946000000016",
            "5019717010103742",
        ] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "1234567890123456",
            "2220990000000000",
            "2721000000000000",
            "3782822463100050",
            "3782822463100",
            "5600000000000000",
            "700000000000000",
            "0000000000000000",
            "45320151128303",
            "",
        ] {
            assert!(!passes(number.as_bytes()), "{number}");
        }
    }

    proptest! {
        #[test]
        fn times_since_the_epoch_are_refused(micros in 1_000_000_000_000_000u64..2_000_000_000_000_000) {
            prop_assert!(!passes(micros.to_string().as_bytes()));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
