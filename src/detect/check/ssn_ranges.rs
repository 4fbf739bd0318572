//! Ranges in which US social security numbers are issued.
//!
//! Since 2011 every area but 000, 666 and 900 to 999 may be issued; group 00 and serial 0000
//! never are. Numbers that advertising printed on sample cards are refused, as is a run of one digit.
//! 123-45-6789 is inside the issued ranges and passes.

/// Numbers that were printed on sample cards or in advertisements, or are kept for them.
const ADVERTISED: [u64; 3] = [78051120, 219099999, 457555462];

/// Nine digits in an issued range. The numbers that the administration keeps for advertisements,
/// 987-65-4320 to 987-65-4329, fall under the rule for areas.
pub fn passes(value: &[u8]) -> bool {
    let (mut whole, mut count) = (0u64, 0);
    for b in value {
        let digit = b.wrapping_sub(b'0');
        if digit <= 9 {
            // of more digits than nine nothing is asked but their count
            whole = whole.wrapping_mul(10).wrapping_add(u64::from(digit));
            count += 1;
        }
    }
    let (area, group, serial) = (whole / 1_000_000, whole / 10_000 % 100, whole % 10_000);
    let issued = !matches!(area, 0 | 666 | 900..) && group != 0 && serial != 0;
    let one_digit = whole % 111_111_111 == 0;
    count == 9 && issued && !one_digit && !ADVERTISED.contains(&whole)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn ranges() {
        for number in [
            "536-90-4399",
            "536904399",
            "001-01-0001",
            "899 99 9998",
            "123-45-6789",
        ] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "000-12-3456",
            "666-12-3456",
            "900-12-3456",
            "999-12-3456",
            "987-65-4321",
            "536-00-4399",
            "536-90-0000",
            "078-05-1120",
            "219-09-9999",
            "457-55-5462",
            "111-11-1111",
            "53690439",
            "5369043990",
        ] {
            assert!(!passes(number.as_bytes()), "{number}");
        }
    }

    proptest! {
        #[test]
        fn separators_do_not_matter(area in 1u32..900, group in 1u32..100, serial in 1u32..10_000) {
            let plain = format!("{area:03}{group:02}{serial:04}");
            let hyphens = format!("{area:03}-{group:02}-{serial:04}");
            prop_assert_eq!(passes(plain.as_bytes()), passes(hyphens.as_bytes()));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..80)) {
            passes(&value);
        }
    }
}
