//! Masked samples: what people may see of a value.
//!
//! Masks keep the shape (length, separators) where the shape is not the secret, and at most the
//! last four characters, never more than half of the letters and digits.

mod words;

use super::word::word;
use super::{MaskStyle, Secret};

/// Longest masked sample, in characters.
const MASKED_CHARS_MAX: usize = 64;
/// Around the words of a marker line such as that of a private key.
const DASHES: &str = "-----";
/// Stands for a value of which nothing is shown.
const HIDDEN: &str = "********";
/// Longest name of a header that is shown.
const HEADER_NAME_BYTES_MAX: usize = 40;

/// Masks a value for people. The result has no control characters and at most
/// `MASKED_CHARS_MAX` characters.
pub fn mask(style: MaskStyle, value: Secret<'_>) -> String {
    let mut out = String::new();
    mask_into(style, value, &mut out);
    out
}

/// As [`mask`], into a text that is used again; what it held is dropped.
pub fn mask_into(style: MaskStyle, value: Secret<'_>, out: &mut String) {
    out.clear();
    let bytes = value.expose();
    // nearly all: a short run of printable ASCII, whose mask is as long and as plain
    let shows_end = style == MaskStyle::Last4;
    let by_words = shows_end || style == MaskStyle::All;
    let done = match bytes.len() {
        0..=16 if by_words => words::mask::<2>(bytes, shows_end, out),
        17..=32 if by_words => words::mask::<4>(bytes, shows_end, out),
        33..=MASKED_CHARS_MAX if by_words => words::mask::<8>(bytes, shows_end, out),
        0..=16 => mask_plain::<16>(style, bytes, out),
        17..=32 => mask_plain::<32>(style, bytes, out),
        33..=MASKED_CHARS_MAX => mask_plain::<MASKED_CHARS_MAX>(style, bytes, out),
        _ => false,
    };
    if done {
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    let masked = match style {
        MaskStyle::All => hide_all(&text),
        MaskStyle::Last4 => last4(&text),
        MaskStyle::Initials => initials(&text),
        MaskStyle::Email => email(&text),
        MaskStyle::Header => header(&text),
        MaskStyle::Hidden => HIDDEN.to_owned(),
    };
    out.push_str(&shorten(masked));
}

/// At most 16 bytes with blanks behind them.
#[inline(always)]
fn padded(value: &[u8]) -> [u8; 16] {
    const BLANKS: u128 = u128::from_le_bytes([b' '; 16]);
    let bytes = u128::from(word(value, 0)) | u128::from(word(value, 8)) << 64;
    let blanks = BLANKS.checked_shl(8 * value.len() as u32).unwrap_or(0);
    (bytes | blanks).to_le_bytes()
}

/// Masks printable ASCII of at most `N` bytes into `out`, which is empty. `false`: it is something
/// else, or this style is made elsewhere. The loops go over all `N` bytes, so that they become a few
/// vector instructions.
fn mask_plain<const N: usize>(style: MaskStyle, value: &[u8], out: &mut String) -> bool {
    let len = value.len();
    let mut text = [b' '; N];
    if N == 16 && len <= N {
        text.copy_from_slice(&padded(value));
    } else if let Some(head) = text.get_mut(..len) {
        head.copy_from_slice(value);
    } else {
        return false;
    }
    if !text
        .iter()
        .fold(true, |all, b| all & (b' '..=b'~').contains(b))
    {
        return false;
    }
    let mut masked = [0; N];
    for (out, &byte) in masked.iter_mut().zip(&text) {
        let hidden = byte.is_ascii_alphanumeric();
        *out = if hidden { b'*' } else { byte };
    }
    match style {
        MaskStyle::Initials => {
            let mut before = b' ';
            for (out, &byte) in masked.iter_mut().zip(&text) {
                if byte.is_ascii_alphabetic() && !before.is_ascii_alphanumeric() {
                    *out = byte;
                }
                before = byte;
            }
        }
        MaskStyle::Email => {
            if let Some(at) = memchr::memchr(b'@', value) {
                if at >= 3 {
                    masked[0] = text[0];
                }
                if let Some(dot) = memchr::memrchr(b'.', &value[at + 1..]) {
                    let top = at + 1 + dot..len;
                    masked[top.clone()].copy_from_slice(&text[top]);
                }
            }
        }
        MaskStyle::All | MaskStyle::Last4 | MaskStyle::Header | MaskStyle::Hidden => return false,
    }
    match std::str::from_utf8(&masked[..len]) {
        Ok(masked) => {
            out.push_str(masked);
            true
        }
        Err(_) => false,
    }
}

/// How many of so many letters and digits may be seen.
fn shown_of(total: usize) -> usize {
    match total {
        9.. => 4,
        6..=8 => 2,
        _ => 0,
    }
}

fn hide(c: char) -> char {
    if c.is_alphanumeric() {
        '*'
    } else if c.is_control() || c.is_whitespace() {
        ' '
    } else if c.is_ascii_punctuation() {
        c
    } else {
        '*'
    }
}

/// Collects masked characters; never longer than what they mask, so it allocates once.
fn gather(text: &str, masked: impl Iterator<Item = char>) -> String {
    let mut out = String::with_capacity(text.len());
    out.extend(masked);
    out
}

fn hide_all(text: &str) -> String {
    gather(text, text.chars().map(hide))
}

fn last4(text: &str) -> String {
    let total = text.chars().filter(|c| c.is_alphanumeric()).count();
    let shown = shown_of(total);
    let mut left = total;
    let masked = text.chars().map(|c| {
        if !c.is_alphanumeric() {
            return hide(c);
        }
        left -= 1;
        if left < shown { c } else { '*' }
    });
    gather(text, masked)
}

fn initials(text: &str) -> String {
    let mut inside = false;
    let masked = text.chars().map(|c| {
        if !c.is_alphanumeric() {
            inside = false;
            return hide(c);
        }
        let first = !inside && c.is_alphabetic();
        inside = true;
        if first { c } else { '*' }
    });
    gather(text, masked)
}

fn email(text: &str) -> String {
    let Some((local, domain)) = text.split_once('@') else {
        return hide_all(text);
    };
    let top = domain.rfind('.').map_or(domain.len(), |dot| dot);
    let first: String = local
        .chars()
        .take(1)
        .map(|c| {
            if local.chars().count() >= 3 {
                c
            } else {
                hide(c)
            }
        })
        .collect();
    let rest: String = local.chars().skip(1).map(hide).collect();
    format!(
        "{first}{rest}@{}{}",
        hide_all(&domain[..top]),
        &domain[top..]
    )
}

/// The name of a header, or the marker line of a key. Anything else that a value may begin with is
/// hidden: line ends may be escaped or gone, so that the first line is the whole secret.
fn header(text: &str) -> String {
    if let Some(rest) = text.strip_prefix(DASHES) {
        return match rest.find(DASHES) {
            Some(end) => format!("{} ***", &text[..end + 2 * DASHES.len()]),
            None => hide_all(text),
        };
    }
    let name = text
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        .count();
    let is_between = |b: u8| matches!(b, b' ' | b'\t' | b'\\' | b'"' | b'\'');
    let between = text[name..].bytes().take_while(|b| is_between(*b)).count();
    let is_named = (1..=HEADER_NAME_BYTES_MAX).contains(&name)
        && matches!(text.as_bytes().get(name + between), Some(b':' | b'='));
    match is_named {
        true => format!("{}: ***", &text[..name]),
        false => hide_all(text),
    }
}

fn shorten(text: String) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    // nearly all: short, and nothing in it that could be a control character
    if text.len() <= MASKED_CHARS_MAX && text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return text;
    }
    if text.chars().count() <= MASKED_CHARS_MAX {
        return text.chars().map(clean).collect();
    }
    let tail: Vec<char> = text.chars().rev().take(8).collect();
    let head: String = text.chars().take(MASKED_CHARS_MAX - 9).map(clean).collect();
    let tail: String = tail.into_iter().rev().map(clean).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(style: MaskStyle, value: &str) -> String {
        mask(style, Secret::new(value.as_bytes()))
    }

    #[test]
    fn hides_all_of_a_password() {
        for value in ["a!", "Sommer2024!", "pässwörd \n", ""] {
            assert_eq!(masked(MaskStyle::Hidden, value), "********");
        }
    }

    #[test]
    fn keeps_shape_and_little_else() {
        assert_eq!(masked(MaskStyle::Last4, "536-90-4399"), "***-**-4399");
        assert_eq!(
            masked(MaskStyle::Last4, "4532 0151 1283 0366"),
            "**** **** **** 0366"
        );
        assert_eq!(masked(MaskStyle::Last4, "123"), "***");
        assert_eq!(
            masked(MaskStyle::Initials, "Martha Rivera"),
            "M***** R*****"
        );
        assert_eq!(
            masked(MaskStyle::Email, "jane@example.com"),
            "j***@*******.com"
        );
        assert_eq!(masked(MaskStyle::Email, "jo@example.com"), "**@*******.com");
        assert_eq!(masked(MaskStyle::All, "1980-01-31"), "****-**-**");
        assert_eq!(
            masked(MaskStyle::Header, "Set-Cookie: id=TWlrZQ"),
            "Set-Cookie: ***"
        );
        assert_eq!(
            masked(MaskStyle::Header, "-----BEGIN RSA PRIVATE KEY-----\nAAAA"),
            "-----BEGIN RSA PRIVATE KEY----- ***"
        );
    }

    /// Printable ASCII is masked on its own way: as if it were any text.
    #[test]
    fn plain_values_are_masked_as_others() {
        let parts = [
            "a", "Bo", "7", "12", "@", ".", "-", " ", "x9", "Jane", "com", "'",
        ];
        let mut number = 1u64;
        for _ in 0..20_000 {
            let mut value = String::new();
            for _ in 0..number % 9 {
                number = number
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                value.push_str(parts[(number >> 33) as usize % parts.len()]);
            }
            number = number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            for (style, any) in [
                (MaskStyle::All, hide_all as fn(&str) -> String),
                (MaskStyle::Last4, last4),
                (MaskStyle::Initials, initials),
                (MaskStyle::Email, email),
                (MaskStyle::Header, header),
            ] {
                assert_eq!(masked(style, &value), shorten(any(&value)), "{value:?}");
            }
        }
    }

    #[test]
    fn shows_the_name_of_a_header_alone() {
        let marker = "-----BEGIN PRIVATE KEY-----";
        for (value, shown) in [
            // a key inside JSON has its line ends escaped, elsewhere they are lost
            (format!("{marker}\\nMIIEpAIBAA=="), format!("{marker} ***")),
            (format!("{marker} MIIEpAIBAA=="), format!("{marker} ***")),
            (format!("{marker}MIIEpAIBAA:b="), format!("{marker} ***")),
            ("-----MIIE=".to_owned(), "-----****=".to_owned()),
            (
                "Authorization\":\"Basic dTpw".to_owned(),
                "Authorization: ***".to_owned(),
            ),
            ("cookie = a=b".to_owned(), "cookie: ***".to_owned()),
            ("Basic dTpwYXNz==".to_owned(), "***** ********==".to_owned()),
            ("dTpwYXNz".to_owned(), "********".to_owned()),
        ] {
            assert_eq!(masked(MaskStyle::Header, &value), shown);
        }
    }

    #[test]
    fn hides_control_characters_and_bounds_length() {
        assert_eq!(masked(MaskStyle::All, "a\u{1b}[2Jb\n"), "* [*** ");
        let long = "x".repeat(10_000);
        assert_eq!(
            masked(MaskStyle::All, &long).chars().count(),
            MASKED_CHARS_MAX
        );
    }
}
