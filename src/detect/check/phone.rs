//! The national part of a telephone number, for the plans of the countries.

use super::digits::Digits;

/// A number without its country code.
pub struct National {
    digits: Digits,
    skip: usize,
    /// A country code was written before it.
    pub international: bool,
}

impl National {
    /// Takes the digits of `value`. `code`: the country's code, as ASCII digits; it is taken off
    /// after a `+` or `00`. Another country's code after a `+` gives `None`.
    pub fn of(value: &[u8], code: &[u8]) -> Option<Self> {
        let digits = Digits::of(value)?;
        let coded = |from: usize| {
            digits
                .as_slice()
                .get(from..from + code.len())
                .is_some_and(|part| part.iter().zip(code).all(|(d, c)| *d + b'0' == *c))
        };
        let plus = value.iter().take(2).any(|b| *b == b'+');
        let zeros = digits.as_slice().starts_with(&[0, 0]);
        let skip = match (plus, zeros) {
            (true, _) if coded(0) => code.len(),
            (false, true) if coded(2) => 2 + code.len(),
            (false, false) => 0,
            _ => return None,
        };
        Some(National {
            digits,
            skip,
            international: skip > 0,
        })
    }

    /// The digits after the country code; a trunk prefix is left.
    pub fn as_slice(&self) -> &[u8] {
        self.digits.as_slice().get(self.skip..).unwrap_or(&[])
    }

    /// The digits after the country code and the trunk prefix 0. `None` where a number without
    /// country code lacks the prefix.
    pub fn without_trunk(&self) -> Option<&[u8]> {
        match self.as_slice() {
            [0, rest @ ..] => Some(rest),
            all if self.international => Some(all),
            _ => None,
        }
    }
}

/// How many digits the first group of a number written with separators has, the country code and
/// the trunk prefix 0 left out; `None` where the number is written in one run.
///
/// `national`: the digits that count, from the area code on.
pub fn first_group(value: &[u8], national: usize) -> Option<usize> {
    // counted from the right, where neither code nor prefix is
    let mut right = 0;
    let mut behind = None;
    for b in value.iter().rev() {
        if right == national {
            break;
        }
        if b.is_ascii_digit() {
            right += 1;
        } else if right > 0 {
            behind = Some(right);
        }
    }
    national.checked_sub(behind?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_the_area_as_written() {
        for (value, national, expected) in [
            ("030 12345678", 10, Some(2)),
            ("+49 30 12345678", 10, Some(2)),
            ("(030) 1234567", 9, Some(2)),
            ("+49 (0)30 123 456", 8, Some(2)),
            ("07700 900123", 10, Some(4)),
            ("0171/1234567", 10, Some(3)),
            ("01711234567", 10, None),
            ("+491711234567", 10, None),
            ("+49 1711234567", 10, None),
            ("", 0, None),
        ] {
            assert_eq!(first_group(value.as_bytes(), national), expected, "{value}");
        }
    }

    #[test]
    fn takes_the_code_off() {
        let national = |text: &str| {
            let number = National::of(text.as_bytes(), b"44")?;
            Some((number.as_slice().to_vec(), number.international))
        };
        assert_eq!(national("+44 20 1"), Some((vec![2, 0, 1], true)));
        assert_eq!(national("(+44) 20 1"), Some((vec![2, 0, 1], true)));
        assert_eq!(national("0044 20 1"), Some((vec![2, 0, 1], true)));
        assert_eq!(national("020 1"), Some((vec![0, 2, 0, 1], false)));
        assert_eq!(national("+33 20 1"), None);
        assert_eq!(national("0033 20 1"), None);
    }

    #[test]
    fn takes_the_trunk_prefix_off() {
        let rest = |text: &str| {
            let number = National::of(text.as_bytes(), b"44")?;
            number.without_trunk().map(<[u8]>::to_vec)
        };
        assert_eq!(rest("+44 (0)20 1"), Some(vec![2, 0, 1]));
        assert_eq!(rest("+44 20 1"), Some(vec![2, 0, 1]));
        assert_eq!(rest("020 1"), Some(vec![2, 0, 1]));
        assert_eq!(rest("20 1"), None);
    }
}
