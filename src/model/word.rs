//! Short runs of bytes as words, without a copy.

/// The bytes from `at` on, at most eight, as a word, the first lowest; 0 beyond the end.
///
/// The end of a longer run is read with bytes before it: a copy into a word of its own would have to
/// wait for its own stores.
#[inline(always)]
pub fn word(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    if let Some(word) = rest.first_chunk::<8>() {
        return u64::from_le_bytes(*word);
    }
    match bytes.last_chunk::<8>() {
        Some(last) if !rest.is_empty() => {
            u64::from_le_bytes(*last) >> (u64::BITS as usize - 8 * rest.len())
        }
        _ => rest.iter().rev().fold(0, |w, &b| w << 8 | u64::from(b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_bytes_there_are() {
        let text: Vec<u8> = (1..=20).collect();
        for len in 0..=text.len() {
            let bytes = &text[..len];
            for at in 0..len + 2 {
                let rest = bytes.iter().skip(at).take(8).rev();
                let expected = rest.fold(0, |w, &b| w << 8 | u64::from(b));
                assert_eq!(word(bytes, at), expected, "{at} of {len}");
            }
        }
    }
}
