//! Mobile numbers of the United Kingdom as they are written there.
//!
//! Other countries have numbers that begin alike (area codes of southern Germany); a number in this
//! form is the British one far more often.

/// `07` and a digit of the mobile ranges (4, 5, 7, 8, 9), eleven digits in all: plain, or with
/// blanks after five, or after five and eight.
pub fn passes(value: &[u8]) -> bool {
    let range = matches!(value, [b'0', b'7', b'4' | b'5' | b'7' | b'8' | b'9', ..]);
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    let blanks = |at: &[usize]| {
        value.len() == 11 + at.len()
            && digits == 11
            && at.iter().all(|&i| value.get(i) == Some(&b' '))
    };
    range && (blanks(&[]) || blanks(&[5]) || blanks(&[5, 9]))
}

#[cfg(test)]
mod tests {
    use super::passes;

    #[test]
    fn forms() {
        for value in ["07700 900123", "07700900123", "07700 900 123"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in [
            "07121 123456",
            "0770 0900123",
            "07700 90012",
            "07700-900123",
            "+447700900123",
            "",
        ] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }
}
