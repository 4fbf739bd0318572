//! Valid numbers of Europe, India and Australia, made from random digits and the published algorithms.

use super::rng::Rng;
use super::sums::{icao, mod11, mod11_10, mod97, sum, verhoeff};

pub fn nino(rng: &mut Rng, spaced: bool) -> String {
    let prefix = format!(
        "{}{}",
        rng.one_of("ABCEHJLMNPRSTWXY"),
        rng.one_of("ABCEHJLMPRSWXY")
    );
    let prefix = match prefix.as_str() {
        "BG" | "GB" | "NK" | "KN" | "TN" | "NT" | "ZZ" => "AB".to_owned(),
        _ => prefix,
    };
    let all = rng.digits(6);
    let suffix = rng.one_of("ABCD");
    match spaced {
        true => format!(
            "{prefix} {} {} {} {suffix}",
            &all[..2],
            &all[2..4],
            &all[4..]
        ),
        false => format!("{prefix}{all}{suffix}"),
    }
}

pub fn nhs(rng: &mut Rng, separator: &str) -> String {
    loop {
        let body = format!("{}{}", rng.one_of("4679"), rng.digits(8));
        if let Some(check) = mod11(&body, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) {
            return format!(
                "{}{separator}{}{separator}{}{check}",
                &body[..3],
                &body[3..6],
                &body[6..]
            );
        }
    }
}

pub fn utr(rng: &mut Rng) -> String {
    let body = rng.number(9);
    let rest = sum(&body, &[6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11;
    let check = "21987654321".chars().nth(rest as usize).unwrap_or('0');
    format!("{check}{body}")
}

pub fn uk_passport(rng: &mut Rng) -> String {
    rng.number(9)
}

pub fn uk_licence(rng: &mut Rng) -> String {
    let surname = rng.pick(&[
        "HARTL", "PEMBR", "ASHCR", "WHITL", "GREEN", "OKAFO", "LANG9", "DUNN9",
    ]);
    let (month, day) = (rng.range(1, 13) + 50 * rng.range(0, 2), rng.range(1, 29));
    format!(
        "{surname}{}{month:02}{day:02}{}{}{}9{}",
        rng.range(5, 10),
        rng.digits(1),
        rng.one_of("ABCDEJKMRS"),
        rng.one_of("9ABCDEJLM"),
        rng.letters(2)
    )
}

pub fn electoral(rng: &mut Rng) -> String {
    format!("{}{}", rng.chars("ABCDEFGHKLMNPRSTW", 2), rng.number(4))
}

/// Sécurité sociale.
pub fn nir(rng: &mut Rng, spaced: bool) -> String {
    let body = format!(
        "{}{}{:02}{:02}{:03}{:03}",
        rng.range(1, 3),
        rng.range(45, 99),
        rng.range(1, 13),
        rng.range(1, 96),
        rng.range(1, 600),
        rng.range(1, 900)
    );
    let body = match &body[5..7] {
        // Corsica has letters
        "20" => format!("{}19{}", &body[..5], &body[7..]),
        _ => body,
    };
    let key = 97 - mod97(&body);
    match spaced {
        true => format!(
            "{} {} {} {} {} {} {key:02}",
            &body[..1],
            &body[1..3],
            &body[3..5],
            &body[5..7],
            &body[7..10],
            &body[10..]
        ),
        false => format!("{body}{key:02}"),
    }
}

pub fn spi(rng: &mut Rng, spaced: bool) -> String {
    let body = format!("{}{}", rng.range(0, 4), rng.digits(9));
    let key = body.parse::<u64>().expect("ten digits") % 511;
    let all = format!("{body}{key:03}");
    match spaced {
        true => format!(
            "{} {} {} {} {}",
            &all[..2],
            &all[2..4],
            &all[4..7],
            &all[7..10],
            &all[10..]
        ),
        false => all,
    }
}

pub fn fr_health(rng: &mut Rng) -> String {
    format!("{} {} {}", rng.number(10), rng.digits(10), rng.digits(1))
}

pub fn fr_passport(rng: &mut Rng) -> String {
    format!(
        "{}{}{}",
        rng.range(10, 24),
        rng.chars("ABCDEFHKPRTVX", 2),
        rng.number(5)
    )
}

pub fn steuer_id(rng: &mut Rng, spaced: bool) -> String {
    // ten digits of which one occurs twice and one not at all
    let mut all: Vec<char> = "0123456789".chars().collect();
    for i in (1..10).rev() {
        all.swap(i, rng.range(0, i as u64 + 1) as usize);
    }
    all[9] = all[rng.range(0, 8) as usize];
    if all[0] == '0' {
        all.swap(0, 1);
    }
    if all[0] == '0' {
        all.swap(0, 2);
    }
    let body: String = all.into_iter().collect();
    let all = format!("{body}{}", mod11_10(&body));
    match spaced {
        true => format!("{} {} {} {}", &all[..2], &all[2..5], &all[5..8], &all[8..]),
        false => all,
    }
}

/// The number of the authority, in which digits are many, and five characters.
fn icao_number(rng: &mut Rng, first: &str) -> String {
    let alphabet = "CFGHJKLMNPRTVWXYZ0123456789";
    format!(
        "{}{}{}{}",
        rng.one_of(first),
        rng.digits(2),
        rng.one_of(alphabet),
        rng.chars(alphabet, 5)
    )
}

pub fn de_card(rng: &mut Rng) -> String {
    let body = icao_number(rng, "LMNPRTVWXY");
    format!("{body}{}", icao(&body))
}

pub fn de_passport(rng: &mut Rng) -> String {
    icao_number(rng, "CFGHJK")
}

pub fn codice_fiscale(rng: &mut Rng) -> String {
    let consonants = "BCDFGLMNPRSTVZ";
    let (woman, day) = (rng.range(0, 2) * 40, rng.range(1, 29));
    let body = format!(
        "{}{}{:02}{}{:02}{}{:03}",
        rng.chars(consonants, 3),
        rng.chars(consonants, 3),
        rng.range(45, 99),
        rng.one_of("ABCDEHLMPRST"),
        day + woman,
        rng.one_of("ABCDEFGHL"),
        rng.range(100, 900)
    );
    let odd = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let total: usize = body
        .chars()
        .enumerate()
        .map(|(i, c)| {
            let value = match c {
                '0'..='9' => c as usize - '0' as usize,
                c => c as usize - 'A' as usize,
            };
            if i % 2 == 0 { odd[value] } else { value }
        })
        .sum();
    format!("{body}{}", (b'A' + (total % 26) as u8) as char)
}

pub fn it_passport(rng: &mut Rng) -> String {
    format!("Y{}{}", rng.one_of("ABC"), rng.number(7))
}

fn dni_letter(number: &str) -> char {
    let at = number.parse::<usize>().expect("digits") % 23;
    "TRWAGMYFPDXBNJZSQVHLCKE".chars().nth(at).expect("below 23")
}

pub fn dni(rng: &mut Rng, separator: &str) -> String {
    let number = rng.range(10_000_000, 79_999_999).to_string();
    let letter = dni_letter(&number);
    format!("{number}{separator}{letter}")
}

pub fn nie(rng: &mut Rng, separator: &str) -> String {
    let (at, number) = (rng.range(0, 3), rng.digits(7));
    let letter = dni_letter(&format!("{at}{number}"));
    let first = ['X', 'Y', 'Z'][at as usize];
    format!("{first}{separator}{number}{separator}{letter}")
}

pub fn cif(rng: &mut Rng) -> String {
    let number = format!("{}{}", rng.range(10, 53), rng.digits(5));
    let total: u32 = number
        .chars()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(i, d)| match i % 2 {
            0 => d * 2 / 10 + d * 2 % 10,
            _ => d,
        })
        .sum();
    format!("{}{number}{}", rng.one_of("AB"), (10 - total % 10) % 10)
}

pub fn es_social(rng: &mut Rng, separator: &str) -> String {
    let (province, serial) = (rng.range(1, 53), rng.number(8));
    let control = format!("{province:02}{serial}")
        .parse::<u64>()
        .expect("digits")
        % 97;
    format!("{province:02}{separator}{serial}{separator}{control:02}")
}

pub fn es_passport(rng: &mut Rng) -> String {
    format!(
        "{}{}",
        rng.pick(&["AAA", "AAB", "PAA", "XDC", "BCA"]),
        rng.number(6)
    )
}

pub fn aadhaar(rng: &mut Rng, separator: &str) -> String {
    let all = verhoeff(&format!("{}{}", rng.one_of("23456789"), rng.digits(10)));
    format!(
        "{}{separator}{}{separator}{}",
        &all[..4],
        &all[4..8],
        &all[8..]
    )
}

pub fn pan(rng: &mut Rng) -> String {
    format!(
        "{}P{}{}{}",
        rng.letters(3),
        rng.one_of("ABDGKMNPRSTV"),
        rng.number(4),
        rng.letters(1)
    )
}

pub fn tfn(rng: &mut Rng, separator: &str) -> String {
    loop {
        let all = rng.number(9);
        if sum(&all, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11) {
            return format!(
                "{}{separator}{}{separator}{}",
                &all[..3],
                &all[3..6],
                &all[6..]
            );
        }
    }
}

/// 80, country, institution, serial.
pub fn ehic(rng: &mut Rng) -> String {
    let country = rng.pick(&["040", "056", "250", "276", "380", "528", "616", "724"]);
    format!("80{country}{}{}", rng.number(5), rng.digits(10))
}

pub fn fi_ehic(rng: &mut Rng) -> String {
    format!("8024680246{}", rng.digits(10))
}

/// Driver's licences of Europe and elsewhere, in the forms that their states print.
pub fn licence(rng: &mut Rng, country: &str) -> String {
    let birth = |rng: &mut Rng| {
        let (day, month, year) = (rng.range(1, 29), rng.range(1, 13), rng.range(50, 99));
        (format!("{day:02}"), format!("{month:02}"), year.to_string())
    };
    match country {
        "AT" | "HR" | "DK" | "LT" | "AU" => rng.number(8),
        "BE" | "NL" => rng.number(10),
        "BG" | "GR" | "SI" => rng.number(9),
        "CY" | "FR" => rng.number(12),
        "LU" => rng.number(6),
        "CZ" => format!("{} {}", rng.letters(2), rng.number(6)),
        "EE" => format!("ET{}", rng.number(6)),
        "FI" | "SE" => {
            let (day, month, year) = birth(rng);
            match country {
                "FI" => {
                    // the personal identity code
                    let individual = format!("{:03}", rng.range(2, 900));
                    let number: u64 = format!("{day}{month}{year}{individual}")
                        .parse()
                        .expect("nine digits");
                    let check =
                        "0123456789ABCDEFHJKLMNPRSTUVWXY".as_bytes()[(number % 31) as usize];
                    format!("{day}{month}{year}-{individual}{}", check as char)
                }
                _ => {
                    let body = format!("{year}{month}{day}{}", rng.number(3));
                    let all = super::sums::luhn(&body);
                    format!("{}-{}", &all[..6], &all[6..])
                }
            }
        }
        "DE" => format!(
            "{}{}{}{}",
            rng.one_of("BCDFGHJKLMN"),
            rng.digits(2),
            rng.chars("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", 6),
            rng.digits(2)
        ),
        "HU" => format!("{}{}", rng.letters(2), rng.number(6)),
        "IE" => format!("{}{}", rng.number(6), rng.letters(4)),
        "IN" => format!(
            "{}{:02} {}{}",
            rng.pick(&["MH", "DL", "KA", "TN", "UP"]),
            rng.range(1, 50),
            rng.range(1995, 2022),
            rng.number(7)
        ),
        "IT" => format!("U1{}{}", rng.number(7), rng.letters(1)),
        "LV" => format!("{}{}", rng.letters(3), rng.number(6)),
        "MT" => format!("{} {} {}", rng.range(10, 99), rng.number(3), rng.digits(3)),
        "PL" => format!(
            "{:05}/{}/{}",
            rng.range(1, 9999),
            rng.range(10, 24),
            rng.number(4)
        ),
        "PT" => format!(
            "{}-{} {}",
            rng.pick(&["L", "P", "C"]),
            rng.number(6),
            rng.digits(1)
        ),
        "RO" => format!("{}{}", rng.one_of("BCDM"), rng.number(8)),
        "SK" => format!("{}{}", rng.one_of("BEKT"), rng.number(7)),
        "ES" => dni(rng, ""),
        other => unreachable!("no licence of {other}"),
    }
}
