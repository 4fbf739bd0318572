//! Brazilian postal codes (CEP).

use super::digits::{Digits, all_same};

/// Eight digits from 01000-000 on, the start of the ranges of the states, and not all the same.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    all.len() == 8 && !all_same(all) && digits.number(0..5).is_some_and(|n| n >= 1000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn codes() {
        for code in ["01310-100", "01310100", "99990-000"] {
            assert!(passes(code.as_bytes()), "{code}");
        }
        for code in ["00310-100", "00000-000", "11111111", "0131-100", ""] {
            assert!(!passes(code.as_bytes()), "{code}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
