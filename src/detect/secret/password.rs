//! Whether the value of something called a password is one.

use super::Form;
use crate::detect::check::filler::{is_filler, is_hash, is_reference, is_uuid};

/// Passwords are longer and shorter, but what is said so is seldom one.
const BYTES: std::ops::RangeInclusive<usize> = 4..=128;
/// Letters alone are taken from this length on.
const WORD_BYTES_MIN: usize = 6;
/// Parts of the names of variables, lower case.
const NAMES: [&[u8]; 10] = [
    b"pass", b"pwd", b"word", b"param", b"arg", b"text", b"input", b"field", b"secret", b"token",
];

/// What a value is made of.
struct Made {
    letters: usize,
    digits: usize,
    capitals: usize,
    /// Signs that stand in no name, path or number.
    signs: usize,
    /// `_`, `.`, `-`, `/`, `:`.
    joints: usize,
}

impl Made {
    fn of(value: &[u8]) -> Self {
        let count = |test: fn(&u8) -> bool| value.iter().filter(|b| test(b)).count();
        Made {
            letters: count(|b| b.is_ascii_alphabetic() || *b >= 0x80),
            digits: count(u8::is_ascii_digit),
            capitals: count(u8::is_ascii_uppercase),
            signs: count(|b| {
                b.is_ascii_punctuation() && !matches!(b, b'_' | b'.' | b'-' | b'/' | b':')
            }),
            joints: count(|b| matches!(b, b'_' | b'.' | b'-' | b'/' | b':')),
        }
    }
}

/// 0 to 1, or nothing if it is none. `strong`: the name can hardly be that of anything else.
pub(super) fn confidence(value: &[u8], form: Form, strong: bool) -> Option<f32> {
    let blank = |b: &u8| b.is_ascii_whitespace() || b.is_ascii_control();
    if !BYTES.contains(&value.len()) || value.iter().any(blank) {
        return None;
    }
    if is_filler(value) || is_hash(value) || is_reference(value) {
        return None;
    }
    let made = Made::of(value);
    let mixed = made.letters > 0 && made.digits > 0;
    let signed = made.signs > 0 && (made.letters > 0 || made.digits > 0);
    let fits = match form {
        Form::Quoted | Form::Field => quoted(value, &made),
        Form::Argument => {
            (mixed && value.len() >= WORD_BYTES_MIN || signed) && quoted(value, &made)
        }
        Form::Parameter => parameter(value, &made),
        Form::Bare { last } => bare(value, &made, last),
        Form::Cell => true,
    };
    if !fits || !(strong || mixed || signed) {
        return None;
    }
    // `PASS: test_2`, in every report of tests
    if !strong && matches!(form, Form::Bare { .. }) {
        return None;
    }
    let certain = match form {
        Form::Quoted | Form::Field | Form::Cell | Form::Parameter => 0.6,
        Form::Argument | Form::Bare { .. } => 0.45,
    };
    let mix = if mixed { 0.12 } else { 0.0 } + if signed { 0.12 } else { 0.0 };
    Some(certain + mix + if strong { 0.06 } else { 0.0 })
}

/// No label, rule, key of a text or name of a variable.
fn quoted(value: &[u8], made: &Made) -> bool {
    if matches!(value, [.., b':' | b'?']) {
        return false;
    }
    if made.digits > 0 || made.signs > 0 {
        // `required|min:8`
        return !(value.contains(&b'|') && made.capitals == 0 && value.contains(&b':'));
    }
    if made.joints > 0 || value.len() < WORD_BYTES_MIN {
        return false;
    }
    // a label begins with a capital
    let label = made.capitals == 1 && value[0].is_ascii_uppercase();
    !label && !is_named(value)
}

fn parameter(value: &[u8], made: &Made) -> bool {
    if made.digits > 0 || made.signs > 0 {
        return !is_dotted_name(value);
    }
    made.joints == 0 && value.len() >= WORD_BYTES_MIN && !is_named(value)
}

/// Outside quotes most values are code or prose.
fn bare(value: &[u8], made: &Made, last: bool) -> bool {
    if made.letters == 0 {
        return false;
    }
    if made.signs > 0 {
        let code = |w: &[u8]| matches!(w, b"=>" | b"->" | b"&&" | b"||" | b"==" | b"!=" | b"::");
        return value.len() >= WORD_BYTES_MIN
            && !value.windows(2).any(code)
            && !matches!(value, [.., b'?' | b':'])
            && (made.digits > 0 || last && made.capitals > 0);
    }
    let least = if last {
        WORD_BYTES_MIN
    } else {
        WORD_BYTES_MIN + 1
    };
    if made.digits == 0 || value.len() < least || is_uuid(value) || is_dotted_name(value) {
        return false;
    }
    // `password1` is a variable, `Password123` hardly
    if made.digits < 2 && (is_named(value) || !last) {
        return false;
    }
    made.joints == 0 || made.capitals > 0 && made.digits > 1
}

fn is_named(value: &[u8]) -> bool {
    NAMES
        .iter()
        .any(|n| value.windows(n.len()).any(|w| w.eq_ignore_ascii_case(n)))
}

/// `config.db.password2`, `a::b`, `path/to`: names joined to one another, small letters mostly.
fn is_dotted_name(value: &[u8]) -> bool {
    let mut parts = 0;
    let mut named = 0;
    for part in value.split(|b| matches!(b, b'.' | b':' | b'/')) {
        parts += 1;
        named += usize::from(
            part.first().is_some_and(u8::is_ascii_alphabetic)
                && part.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
                && part.iter().filter(|b| b.is_ascii_digit()).count() < 3,
        );
    }
    parts > 1 && named == parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_one(value: &str, form: Form) -> bool {
        confidence(value.as_bytes(), form, true).is_some()
    }

    #[test]
    fn passwords() {
        for value in [
            "hunter2",
            "S3cr3t!pass",
            "letmein",
            "correct-horse-7",
            "123456",
            "p@ssw0rd",
        ] {
            assert!(is_one(value, Form::Quoted), "{value}");
        }
        for value in ["Tr0ub4dor&3", "Sommer2024!", "xK9mQ2vL", "hunter2"] {
            assert!(is_one(value, Form::Bare { last: true }), "{value}");
        }
        assert!(is_one("rootroot", Form::Parameter) && is_one("1234", Form::Parameter));
    }

    #[test]
    fn labels_rules_and_code_are_none() {
        for value in [
            "Password",
            "Passwort",
            "Enter password:",
            "required|min:8",
            "new-password",
            "auth.password",
            "newPassword",
            "string",
            "abc",
            "password?",
        ] {
            assert!(!is_one(value, Form::Quoted), "{value}");
        }
        for value in [
            "required",
            "password1",
            "self.password",
            "config.db.pass2",
            "args",
            "a->b1",
            "arg1",
            "8",
            "550e8400-e29b-41d4-a716-446655440000",
        ] {
            assert!(!is_one(value, Form::Bare { last: true }), "{value}");
        }
        assert!(!is_one("hunter2", Form::Bare { last: false }));
        assert!(!is_one("process.env.PW1", Form::Parameter));
    }

    #[test]
    fn a_weak_name_asks_for_a_mixed_value() {
        assert!(confidence(b"letmein", Form::Quoted, false).is_none());
        assert!(confidence(b"hunter2", Form::Quoted, false).is_some());
        assert!(confidence(b"vers16a", Form::Bare { last: true }, false).is_none());
    }
}
