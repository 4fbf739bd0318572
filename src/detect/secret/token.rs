//! Whether the value of something called a key, token or secret was drawn at random.

use crate::detect::check::filler::{is_filler, is_reference, is_uuid};
use crate::detect::check::generated;

const BYTES: std::ops::RangeInclusive<usize> = 16..=512;
/// Longest run of small letters in a draw of this kind; words are longer when they run together.
const WORD_BYTES_MAX: usize = 9;
/// Least bits a character of a draw of sixteen hexadecimal digits and more.
const BITS_MIN: f32 = 2.9;

/// 0 to 1, or nothing if it is none. `strong`: the name can hardly be that of anything else, so
/// that UUIDs count, and hexadecimal digits count for more.
pub(super) fn confidence(value: &[u8], strong: bool) -> Option<f32> {
    let in_alphabet = |b: &u8| {
        b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'_' | b'-' | b'.' | b'~')
    };
    if !BYTES.contains(&value.len()) || !value.iter().all(in_alphabet) {
        return None;
    }
    if is_filler(value) || is_reference(value) || !generated::passes(value) {
        return None;
    }
    if is_uuid(value) {
        return strong.then_some(0.45);
    }
    if value.iter().all(u8::is_ascii_hexdigit) {
        let certain = if strong { 0.55 } else { 0.4 };
        return (value.len() >= 32).then_some(certain);
    }
    let has = |test: fn(&u8) -> bool| value.iter().any(test);
    let classes = [
        u8::is_ascii_uppercase as fn(&u8) -> bool,
        u8::is_ascii_lowercase,
    ]
    .into_iter()
    .filter(|test| has(*test))
    .count();
    if digit_runs(value) < 2 || longest_word(value) > WORD_BYTES_MAX || bits(value) < BITS_MIN {
        return None;
    }
    if is_path(value) || !strong && (classes < 2 || value.len() < 20) {
        return None;
    }
    Some(if strong { 0.6 } else { 0.45 })
}

fn digit_runs(value: &[u8]) -> usize {
    value
        .chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit())
        .filter(|run| run[0].is_ascii_digit())
        .count()
}

fn longest_word(value: &[u8]) -> usize {
    value
        .split(|b| !b.is_ascii_lowercase())
        .map(<[u8]>::len)
        .max()
        .unwrap_or(0)
}

/// Slashes or dots as close as in a path, a version or the name of a host or class.
fn is_path(value: &[u8]) -> bool {
    let count = |sign: u8| value.iter().filter(|b| **b == sign).count();
    let joints = count(b'-') + count(b'_');
    count(b'/') > 1 + value.len() / 16 || count(b'.') > 2 || joints > 2 + value.len() / 12
}

/// Shannon's entropy, in bits a character.
fn bits(value: &[u8]) -> f32 {
    let mut counts = [0u16; 256];
    for b in value {
        counts[usize::from(*b)] += 1;
    }
    let length = value.len() as f32;
    counts
        .iter()
        .filter(|c| **c > 0)
        .map(|c| f32::from(*c) / length)
        .map(|share| -share * share.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_told_from_words() {
        for value in [
            "hT9vQ2mZk4LxW8pRb6NcYs3J",
            "9f86d081884c7d659a2feaa0c55ad015",
            "kx82hd7smqp30vnf6ytr41zw",
        ] {
            assert!(confidence(value.as_bytes(), true).is_some(), "{value}");
        }
        for value in [
            "AbstractSingletonProxyFactoryBean2",
            "com.example.auth.v1.Provider2",
            "path/to/some/file/number2/of3",
            "internationalisation2and3",
            "your_api_key_goes_here_123",
            "aaaaaaaabbbbbbbb1111",
            "short1",
        ] {
            assert!(confidence(value.as_bytes(), true).is_none(), "{value}");
        }
    }

    #[test]
    fn a_weak_name_asks_for_more() {
        assert!(confidence(b"9f86d081884c7d659a2feaa0", false).is_none());
        assert!(confidence(b"550e8400-e29b-41d4-a716-446655440000", false).is_none());
        assert!(confidence(b"hT9vQ2mZk4LxW8pRb6NcYs3J", false).is_some());
    }
}
