//! The characters of a value, without its separators, on the stack.

/// The letters (capital) and digits of a value that has exactly `N` of them and nothing beside but
/// spaces and the signs that numbers are written with.
pub fn plain<const N: usize>(value: &[u8]) -> Option<[u8; N]> {
    let mut held = [0; N];
    let mut len = 0;
    for b in value {
        match b {
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' => continue,
            b if b.is_ascii_alphanumeric() => {
                *held.get_mut(len)? = b.to_ascii_uppercase();
                len += 1;
            }
            _ => return None,
        }
    }
    (len == N).then_some(held)
}

/// The digits among characters that are all digits.
pub fn digits<const N: usize>(characters: &[u8]) -> Option<[u8; N]> {
    let characters: [u8; N] = characters.try_into().ok()?;
    characters
        .iter()
        .all(u8::is_ascii_digit)
        .then(|| characters.map(|b| b - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_letters_and_digits_alone() {
        assert_eq!(plain::<4>(b"a1-2.B"), Some(*b"A12B"));
        assert_eq!(plain::<4>(b"a123B"), None);
        assert_eq!(plain::<4>(b"a12"), None);
        assert_eq!(plain::<4>(b"a1+2B"), None);
        assert_eq!(digits::<3>(b"123"), Some([1, 2, 3]));
        assert_eq!(digits::<3>(b"12a"), None);
        assert_eq!(digits::<2>(b"123"), None);
    }
}
