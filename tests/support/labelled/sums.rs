//! Check digits as the published descriptions define them, written for the set and independent of the
//! checks of the program.

fn values(text: &str) -> impl DoubleEndedIterator<Item = u32> + '_ {
    text.chars().filter_map(|c| c.to_digit(10))
}

fn weighted(text: &str, weights: &[u32]) -> u32 {
    values(text).zip(weights).map(|(d, w)| d * w).sum()
}

/// ISO/IEC 7812-1: the number with its last digit.
pub fn luhn(body: &str) -> String {
    let sum: u32 = values(body)
        .rev()
        .enumerate()
        .map(|(i, d)| match i % 2 {
            0 => d * 2 / 10 + d * 2 % 10,
            _ => d,
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// Remainder by 97 of letters (10 to 35) and digits.
pub fn mod97(text: &str) -> u32 {
    text.chars()
        .filter_map(|c| c.to_digit(36))
        .fold(0, |r, v| match v {
            0..10 => (r * 10 + v) % 97,
            _ => (r * 100 + v) % 97,
        })
}

/// ISO 13616.
pub fn iban(country: &str, bban: &str) -> String {
    let check = 98 - mod97(&format!("{bban}{country}00"));
    format!("{country}{check:02}{bban}")
}

/// Verhoeff: the number with its last digit.
pub fn verhoeff(body: &str) -> String {
    // multiplication in the dihedral group of order 10
    let times = |a: u32, b: u32| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b - 5) % 5,
        (false, true) => 5 + (a - 5 + 5 - b) % 5,
        (false, false) => (a - 5 + 5 - (b - 5)) % 5,
    };
    let turn = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let turned = |d: u32, times: usize| (0..times).fold(d, |d, _| turn[d as usize]);
    let sum = values(body)
        .rev()
        .enumerate()
        .fold(0, |c, (i, d)| times(c, turned(d, (i + 1) % 8)));
    let check = (0..10)
        .find(|&d| times(sum, d) == 0)
        .expect("a group has inverses");
    format!("{body}{check}")
}

/// Digit by weights and a remainder by 11; `None` where there is no such digit.
pub fn mod11(body: &str, weights: &[u32]) -> Option<u32> {
    match 11 - weighted(body, weights) % 11 {
        11 => Some(0),
        10 => None,
        digit => Some(digit),
    }
}

/// Brazil: digit by weights, where 10 and 11 are 0.
pub fn brazil(body: &str, weights: &[u32]) -> u32 {
    mod11(body, weights).unwrap_or(0)
}

pub fn sum(body: &str, weights: &[u32]) -> u32 {
    weighted(body, weights)
}

/// ICAO 9303: weights 7, 3, 1.
pub fn icao(body: &str) -> u32 {
    body.chars()
        .filter_map(|c| c.to_digit(36))
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(v, w)| v * w)
        .sum::<u32>()
        % 10
}

/// ISO/IEC 7064, mod 11,10.
pub fn mod11_10(body: &str) -> u32 {
    let product = values(body).fold(10, |product, d| {
        let sum = match (d + product) % 10 {
            0 => 10,
            sum => sum,
        };
        sum * 2 % 11
    });
    (11 - product) % 10
}
