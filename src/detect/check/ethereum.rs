//! Ethereum addresses: forty hexadecimal digits, in whose capitals a check may be held (ERC-55).

use super::keccak::keccak256;

const DIGITS: usize = 40;

/// Mixed case, and each letter in the case that the hash of the small letters asks for.
pub fn mixed(value: &[u8]) -> bool {
    let Some(digits) = digits(value) else {
        return false;
    };
    let mut small = *digits;
    small.make_ascii_lowercase();
    let upper = digits.iter().any(u8::is_ascii_uppercase);
    let lower = digits.iter().any(u8::is_ascii_lowercase);
    let Some(hash) = keccak256(&small).filter(|_| upper && lower) else {
        return false;
    };
    digits.iter().enumerate().all(|(i, b)| {
        let nibble = hash[i / 2] >> (4 * (1 - i % 2)) & 0xF;
        !b.is_ascii_alphabetic() || b.is_ascii_uppercase() == (nibble >= 8)
    })
}

/// One case of letters, drawn at random as far as one can see.
pub fn single(value: &[u8]) -> bool {
    digits(value).is_some_and(|digits| {
        let upper = digits.iter().any(u8::is_ascii_uppercase);
        let lower = digits.iter().any(u8::is_ascii_lowercase);
        upper != lower && super::generated::passes(digits)
    })
}

fn digits(value: &[u8]) -> Option<&[u8; DIGITS]> {
    let digits: &[u8; DIGITS] = value.strip_prefix(b"0x")?.try_into().ok()?;
    digits.iter().all(u8::is_ascii_hexdigit).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::*;

    #[test]
    fn published_addresses() {
        // of the proposal
        tested::vectors(
            mixed,
            &[
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
                "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
            ],
            &[
                "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe",
                "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            ],
        );
        tested::vectors(
            single,
            &["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"],
            &[
                "0x0000000000000000000000000000000000000000",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(mixed);
        tested::bears_any_bytes(single);
    }
}
