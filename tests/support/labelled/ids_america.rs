//! Valid numbers of the Americas, made from random digits and the published algorithms.

use super::rng::Rng;
use super::sums::{brazil, luhn, mod11, sum};

/// 3-2-4 with the given separator; areas that were issued.
pub fn ssn(rng: &mut Rng, separator: &str) -> String {
    let area = match rng.range(101, 772) {
        666 => 665,
        area => area,
    };
    let (group, serial) = (rng.range(10, 100), rng.range(1001, 9999));
    format!("{area}{separator}{group}{separator}{serial}")
}

pub fn itin(rng: &mut Rng, separator: &str) -> String {
    let group = rng.pick(&[50, 65, 70, 77, 78, 81, 85, 88, 90, 92, 94, 96, 99]);
    let (area, serial) = (rng.digits(2), rng.range(1001, 9999));
    format!("9{area}{separator}{group}{separator}{serial}")
}

pub fn us_passport(rng: &mut Rng) -> String {
    match rng.once_in(3) {
        true => format!("{}{}", rng.one_of("ABCXY"), rng.number(8)),
        false => rng.number(9),
    }
}

/// Employer identification number, with a prefix that is in use.
pub fn ein(rng: &mut Rng) -> String {
    format!(
        "{}-{}",
        rng.pick(&[
            "04", "13", "20", "27", "36", "45", "52", "61", "77", "84", "94"
        ]),
        rng.number(7)
    )
}

/// Routing number of a bank: weights 3, 7, 1.
pub fn aba(rng: &mut Rng) -> String {
    let body = format!("{:02}{}", rng.range(1, 13), rng.number(6));
    let check = (10 - sum(&body, &[3, 7, 1, 3, 7, 1, 3, 7]) % 10) % 10;
    format!("{body}{check}")
}

/// Identity of a mobile phone.
pub fn imei(rng: &mut Rng) -> String {
    let body = format!("35{}", rng.number(12));
    luhn(&body)
}

pub fn us_licence(rng: &mut Rng) -> String {
    match rng.range(0, 5) {
        // California, Texas, Florida, New York, Virginia
        0 => format!("{}{}", rng.one_of("ABCDEFNY"), rng.number(7)),
        1 => rng.number(8),
        2 => format!(
            "{}{}-{}-{}-{}-{}",
            rng.one_of("ABCDGHJKLMRSTW"),
            rng.number(3),
            rng.digits(3),
            rng.range(40, 99),
            rng.range(100, 366),
            rng.digits(1)
        ),
        3 => rng.number(9),
        _ => format!("{}{}", rng.one_of("ABTKR"), rng.number(8)),
    }
}

pub fn npi(rng: &mut Rng) -> String {
    let body = format!("1{}", rng.digits(8));
    let whole = luhn(&format!("80840{body}"));
    whole[5..].to_owned()
}

pub fn dea(rng: &mut Rng) -> String {
    let body = rng.digits(6);
    let check = sum(&body, &[1, 2, 1, 2, 1, 2]) % 10;
    format!(
        "{}{}{body}{check}",
        rng.one_of("ABFM"),
        rng.one_of("ABCDGHKLMPRSTW")
    )
}

pub fn mbi(rng: &mut Rng, separator: &str) -> String {
    let letters = "ACDEFGHJKMNPQRTUVWXY";
    let mixed = "0123456789ACDEFGHJKMNPQRTUVWXY";
    format!(
        "{}{}{}{}{separator}{}{}{}{separator}{}{}{}",
        rng.one_of("123456789"),
        rng.one_of(letters),
        rng.one_of(mixed),
        rng.digits(1),
        rng.one_of(letters),
        rng.one_of(mixed),
        rng.digits(1),
        rng.one_of(letters),
        rng.one_of(letters),
        rng.digits(2),
    )
}

pub fn hicn(rng: &mut Rng, separator: &str) -> String {
    let code = rng.pick(&["A", "B", "D", "B6", "C1", "W", "T"]);
    format!(
        "{}{}{code}",
        ssn(rng, separator),
        if separator.is_empty() { "" } else { "-" }
    )
}

pub fn ndc(rng: &mut Rng) -> String {
    match rng.range(0, 4) {
        0 => format!("0{}-{}-{}", rng.number(3), rng.number(4), rng.number(2)),
        1 => format!("{}-{}-{}", rng.number(5), rng.number(3), rng.number(2)),
        2 => format!("{}-{}-{}", rng.number(5), rng.number(4), rng.digits(1)),
        _ => format!("{}-0{}-{}", rng.number(5), rng.number(3), rng.number(2)),
    }
}

/// CPT or HCPCS level II.
pub fn procedure(rng: &mut Rng) -> String {
    match rng.once_in(2) {
        true => format!("{}{}", rng.one_of("AEGJLQ"), rng.number(4)),
        false => rng.range(10021, 99499).to_string(),
    }
}

/// GS1 in its human readable form.
pub fn udi(rng: &mut Rng) -> String {
    let body = format!("00{}", rng.number(11));
    let odd: u32 = body.chars().step_by(2).filter_map(|c| c.to_digit(10)).sum();
    let even: u32 = body
        .chars()
        .skip(1)
        .step_by(2)
        .filter_map(|c| c.to_digit(10))
        .sum();
    let check = (10 - (odd * 3 + even) % 10) % 10;
    let (year, month, day) = (rng.range(24, 30), rng.range(1, 13), rng.range(1, 29));
    format!(
        "(01){body}{check}(17){year}{month:02}{day:02}(10){}(21){}",
        rng.base62(6).to_uppercase(),
        rng.number(8)
    )
}

/// Check character in the ninth place, as North America has it.
pub fn vin(rng: &mut Rng) -> String {
    let letters = "ABCDEFGHJKLMNPRSTUVWXYZ";
    let maker = rng.pick(&[
        "1HG", "1FT", "2T1", "3VW", "5YJ", "JHM", "WBA", "WVW", "KM8",
    ]);
    let mut vin: Vec<char> = maker.chars().collect();
    vin.extend(rng.chars("ABCDEFGHJKLMNPRSTVWXYZ0123456789", 5).chars());
    vin.push('0');
    vin.push(rng.one_of("ABCDEFGHJKLMNPRS"));
    vin.push(rng.one_of(letters));
    vin.extend(rng.digits(6).chars());
    let value = |c: char| match c {
        '0'..='9' => c as u32 - '0' as u32,
        'A'..='H' => c as u32 - 'A' as u32 + 1,
        'J'..='N' => c as u32 - 'J' as u32 + 1,
        'P' => 7,
        'R' => 9,
        c => c as u32 - 'S' as u32 + 2,
    };
    let weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let check = vin
        .iter()
        .zip(weights)
        .map(|(&c, w)| value(c) * w)
        .sum::<u32>()
        % 11;
    vin[8] = char::from_digit(check, 10).unwrap_or('X');
    vin.into_iter().collect()
}

pub fn sin(rng: &mut Rng, separator: &str) -> String {
    let body = format!("{}{}", rng.one_of("1234567"), rng.digits(7));
    let all = luhn(&body);
    format!(
        "{}{separator}{}{separator}{}",
        &all[..3],
        &all[3..6],
        &all[6..]
    )
}

/// British Columbia or Ontario.
pub fn ca_health(rng: &mut Rng) -> String {
    match rng.once_in(2) {
        true => loop {
            let body = format!("9{}", rng.digits(8));
            // 0 does not occur
            if let Some(check @ 1..) = mod11(&body[1..], &[2, 4, 8, 5, 10, 9, 7, 3]) {
                return format!("{} {} {}{check}", &body[..4], &body[4..7], &body[7..]);
            }
        },
        false => {
            let body = luhn(&format!("{}{}", rng.one_of("12345678"), rng.digits(8)));
            let version = rng.letters(2);
            format!("{}-{}-{}-{version}", &body[..4], &body[4..7], &body[7..])
        }
    }
}

pub fn ca_passport(rng: &mut Rng) -> String {
    format!(
        "{}{}{}",
        rng.one_of("AGHJP"),
        rng.one_of("ABCDEFGKL"),
        rng.number(6)
    )
}

pub fn ca_resident(rng: &mut Rng) -> String {
    format!(
        "{}{}",
        rng.pick(&["RA", "PA"]),
        format_args!("0{}", rng.number(9))
    )
}

/// Ontario.
pub fn ca_licence(rng: &mut Rng) -> String {
    let (month, day) = (rng.range(1, 13), rng.range(1, 29));
    format!(
        "{}{}-{}-{}{month:02}{day:02}",
        rng.one_of("ABCDFGHKLMPRST"),
        rng.number(4),
        rng.digits(5),
        rng.range(5, 10)
    )
}

pub fn cpf(rng: &mut Rng, dotted: bool) -> String {
    let body = rng.number(9);
    let first = brazil(&body, &[10, 9, 8, 7, 6, 5, 4, 3, 2]);
    let body = format!("{body}{first}");
    let second = brazil(&body, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    let all = format!("{body}{second}");
    match dotted {
        true => format!("{}.{}.{}-{}", &all[..3], &all[3..6], &all[6..9], &all[9..]),
        false => all,
    }
}

pub fn cnpj(rng: &mut Rng, dotted: bool) -> String {
    let body = format!("{}000{}", rng.number(8), rng.one_of("12"));
    let first = brazil(&body, &[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
    let body = format!("{body}{first}");
    let second = brazil(&body, &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
    let all = format!("{body}{second}");
    match dotted {
        true => format!(
            "{}.{}.{}/{}-{}",
            &all[..2],
            &all[2..5],
            &all[5..8],
            &all[8..12],
            &all[12..]
        ),
        false => all,
    }
}

/// São Paulo.
pub fn rg(rng: &mut Rng) -> String {
    let body = rng.number(8);
    let check = match 11 - sum(&body, &[2, 3, 4, 5, 6, 7, 8, 9]) % 11 {
        10 => "X".to_owned(),
        11 => "0".to_owned(),
        digit => digit.to_string(),
    };
    format!("{}.{}.{}-{check}", &body[..2], &body[2..5], &body[5..])
}

fn dotted(number: &str) -> String {
    let mut out = String::new();
    for (i, c) in number.chars().enumerate() {
        if i > 0 && (number.len() - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(c);
    }
    out
}

pub fn ar_dni(rng: &mut Rng, points: bool) -> String {
    let number = rng.range(11_000_000, 46_000_000).to_string();
    if points { dotted(&number) } else { number }
}

pub fn cuit(rng: &mut Rng, prefixes: &[&str], hyphens: bool) -> String {
    loop {
        let prefix = rng.pick(prefixes);
        let middle = rng.number(8);
        let body = format!("{prefix}{middle}");
        if let Some(check) = mod11(&body, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) {
            return match hyphens {
                true => format!("{prefix}-{middle}-{check}"),
                false => format!("{body}{check}"),
            };
        }
    }
}

pub fn sube(rng: &mut Rng) -> String {
    let all = luhn(&format!("6061{}", rng.digits(11)));
    format!(
        "{} {} {} {}",
        &all[..4],
        &all[4..8],
        &all[8..12],
        &all[12..]
    )
}

pub fn rut(rng: &mut Rng, points: bool) -> String {
    let number = rng.range(5_000_000, 25_000_000).to_string();
    let reversed: String = number.chars().rev().collect();
    let check = match 11 - sum(&reversed, &[2, 3, 4, 5, 6, 7, 2, 3]) % 11 {
        10 => "K".to_owned(),
        11 => "0".to_owned(),
        digit => digit.to_string(),
    };
    format!("{}-{check}", if points { dotted(&number) } else { number })
}

pub fn cedula(rng: &mut Rng) -> String {
    match rng.once_in(2) {
        true => dotted(&format!("1{}", rng.digits(9))),
        false => dotted(&rng.number(8)),
    }
}

fn nit(body: &str) -> u32 {
    let reversed: String = body.chars().rev().collect();
    match sum(&reversed, &[3, 7, 13, 17, 19, 23, 29, 37, 41, 43]) % 11 {
        small @ (0 | 1) => small,
        rest => 11 - rest,
    }
}

pub fn nit_person(rng: &mut Rng) -> String {
    let body = rng.range(10_000_000, 79_999_999).to_string();
    format!("{}-{}", dotted(&body), nit(&body))
}

pub fn nit_company(rng: &mut Rng) -> String {
    let body = rng.range(800_000_000, 901_900_000).to_string();
    format!("{}-{}", dotted(&body), nit(&body))
}

fn birth(rng: &mut Rng) -> String {
    let (year, month, day) = (rng.range(50, 99), rng.range(1, 13), rng.range(1, 29));
    format!("{year}{month:02}{day:02}")
}

pub fn curp(rng: &mut Rng) -> String {
    let alphabet = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ";
    let consonants = "BCDFGHJKLMNPRSTVZ";
    let body = format!(
        "{}{}{}{}{}{}{}{}0",
        rng.one_of("BCGHLMPRSTV"),
        rng.one_of("AEIOU"),
        rng.one_of("BCGHLMPRS"),
        rng.one_of("ABCEJLMR"),
        birth(rng),
        rng.one_of("HM"),
        rng.pick(&["DF", "JC", "NL", "MC", "PL", "VZ", "GT"]),
        rng.chars(consonants, 3),
    );
    let total: usize = body
        .chars()
        .enumerate()
        .filter_map(|(i, c)| alphabet.chars().position(|a| a == c).map(|v| v * (18 - i)))
        .sum();
    format!("{body}{}", (10 - total % 10) % 10)
}

/// `letters`: 4 for a person, 3 for a company.
pub fn rfc(rng: &mut Rng, letters: usize) -> String {
    let alphabet = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ";
    let body = format!(
        "{}{}{}{}{}",
        rng.one_of("BCGHLMPRSTV"),
        rng.one_of("AEIOU"),
        rng.chars("BCGHLMPRST", letters - 2),
        birth(rng),
        rng.chars("ABCDEFGHJKLMN123456789", 2)
    );
    let padded = format!("{body:>12}");
    let total: usize = padded
        .chars()
        .enumerate()
        .filter_map(|(i, c)| alphabet.chars().position(|a| a == c).map(|v| v * (13 - i)))
        .sum();
    let check = match 11 - total % 11 {
        11 => '0',
        10 => 'A',
        digit => char::from_digit(digit as u32, 10).unwrap_or('0'),
    };
    format!("{body}{check}")
}

pub fn cep(rng: &mut Rng) -> String {
    format!("{:05}-{}", rng.range(1001, 99_990), rng.digits(3))
}
