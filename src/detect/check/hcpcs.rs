//! Codes of the Healthcare Common Procedure Coding System.

use super::digits::number;

/// Five characters: digits that name a procedure (CPT), from 00100 to 99607; four digits and F, M, T
/// or U; or a letter of level II and four digits. Two more may follow a hyphen.
pub fn passes(value: &[u8]) -> bool {
    let (code, modifier) = match value {
        [code @ .., b'-', a, b] => (code, [*a, *b]),
        code => (code, *b"00"),
    };
    let four = |bytes: &[u8]| -> Option<u32> {
        let digits = super::plain::digits::<4>(bytes)?;
        Some(number(&digits))
    };
    let named = match code {
        [first @ b'0'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => four(rest)
            .is_some_and(|rest| {
                let code = u32::from(first - b'0') * 10_000 + rest;
                (100..=99_607).contains(&code)
            }),
        [head @ .., last] if b"FMTU".contains(last) => four(head).is_some_and(|n| n > 0),
        [first, rest @ ..] => b"ABCDEGHJKLMPQRSTUV".contains(first) && four(rest).is_some(),
        [] => false,
    };
    named && modifier.iter().all(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["J1885", "99213", "0001U", "99213-25", "A0428-RH"],
            &[
                "Z1234", "00050", "99999", "9921", "99213-2", "0000F", "J188",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
