//! Valid numbers of countries for which Macie has no identifier, made from random digits and the
//! published algorithms.

use super::rng::Rng;
use super::sums::{luhn, mod11_10, sum};

/// Day, month and year of two digits, each with two digits.
fn birth(rng: &mut Rng) -> (String, String, String) {
    let (day, month, year) = (rng.range(1, 29), rng.range(1, 13), rng.range(50, 99));
    (format!("{day:02}"), format!("{month:02}"), year.to_string())
}

/// Germany: USt-IdNr., ISO/IEC 7064.
pub fn de_vat(rng: &mut Rng) -> String {
    let body = rng.number(8);
    format!("DE{body}{}", mod11_10(&body))
}

/// A business identifier code in the form of those that banks have.
pub fn bic(rng: &mut Rng) -> String {
    let bank = rng.pick(&["NOLA", "HEGA", "KRDB", "WUPB", "OLSP"]);
    let place = rng.pick(&["22", "FF", "3H", "21", "MM"]);
    format!("{bank}DE{place}{}", rng.pick(&["", "XXX"]))
}

/// Netherlands: the eleven test of nine digits.
pub fn bsn(rng: &mut Rng) -> String {
    loop {
        let body = rng.number(8);
        let check = sum(&body, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
        if check < 10 {
            return format!("{body}{check}");
        }
    }
}

/// Poland: PESEL.
pub fn pesel(rng: &mut Rng) -> String {
    let (day, month, year) = birth(rng);
    let body = format!("{year}{month}{day}{}", rng.digits(4));
    let check = (10 - sum(&body, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10) % 10;
    format!("{body}{check}")
}

/// Poland: NIP, in its groups.
pub fn nip(rng: &mut Rng) -> String {
    loop {
        let body = format!(
            "{}{}",
            rng.pick(&["525", "677", "782", "897"]),
            rng.number(6)
        );
        let check = sum(&body, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11;
        if check < 10 {
            return format!(
                "{}-{}-{}-{}{check}",
                &body[..3],
                &body[3..6],
                &body[6..8],
                &body[8..]
            );
        }
    }
}

/// Portugal: NIF of a person.
pub fn pt_nif(rng: &mut Rng) -> String {
    let body = format!("{}{}", rng.pick(&["1", "2"]), rng.digits(7));
    let check = match 11 - sum(&body, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 {
        10 | 11 => 0,
        digit => digit,
    };
    format!("{body}{check}")
}

/// Sweden: personnummer.
pub fn personnummer(rng: &mut Rng) -> String {
    let (day, month, year) = birth(rng);
    let all = luhn(&format!("{year}{month}{day}{}", rng.number(3)));
    format!("{}-{}", &all[..6], &all[6..])
}

/// Belgium: the rest of the first nine digits by 97.
pub fn be_national(rng: &mut Rng) -> String {
    let (day, month, year) = birth(rng);
    let body = format!("{year}{month}{day}{:03}", rng.range(1, 998));
    let key = 97 - body.parse::<u64>().expect("nine digits") % 97;
    format!("{year}.{month}.{day}-{}.{key:02}", &body[6..])
}

/// Switzerland: 756 and the check digit of GS1.
pub fn ahv(rng: &mut Rng) -> String {
    let body = format!("756{}", rng.number(9));
    let check = (10 - sum(&body, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10) % 10;
    format!(
        "756.{}.{}.{}{check}",
        &body[3..7],
        &body[7..11],
        &body[11..]
    )
}

/// Ireland: PPS.
pub fn pps(rng: &mut Rng) -> String {
    let body = rng.number(7);
    let rest = sum(&body, &[8, 7, 6, 5, 4, 3, 2]) % 23;
    let letter = "WABCDEFGHIJKLMNOPQRSTUV".as_bytes()[rest as usize] as char;
    format!("{body}{letter}")
}

/// Croatia: OIB, ISO/IEC 7064.
pub fn oib(rng: &mut Rng) -> String {
    let body = rng.number(10);
    format!("{body}{}", mod11_10(&body))
}

/// Türkiye: two digits over the nine before them.
pub fn tckn(rng: &mut Rng) -> String {
    let body = rng.number(9);
    let odd = sum(&body, &[1, 0, 1, 0, 1, 0, 1, 0, 1]);
    let even = sum(&body, &[0, 1, 0, 1, 0, 1, 0, 1, 0]);
    let tenth = (odd * 7 + 90 - even) % 10;
    let last = (odd + even + tenth) % 10;
    format!("{body}{tenth}{last}")
}

/// South Africa: date of birth, sex, citizenship, and the check digit of cards.
pub fn za_national(rng: &mut Rng) -> String {
    let (day, month, year) = birth(rng);
    luhn(&format!("{year}{month}{day}{}08", rng.number(4)))
}

/// Israel: the check digit of cards over nine digits.
pub fn il_national(rng: &mut Rng) -> String {
    luhn(&rng.number(8))
}

/// Romania: CNP.
pub fn cnp(rng: &mut Rng) -> String {
    let (day, month, year) = birth(rng);
    let county = rng.range(1, 47);
    let body = format!(
        "{}{year}{month}{day}{county:02}{:03}",
        rng.pick(&["1", "2"]),
        rng.range(1, 999)
    );
    let check = match sum(&body, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11 {
        10 => 1,
        digit => digit,
    };
    format!("{body}{check}")
}

/// New Zealand: IRD of nine digits.
pub fn ird(rng: &mut Rng) -> String {
    loop {
        let body = rng.range(10_000_000, 14_000_000).to_string();
        let check = match sum(&body, &[3, 2, 7, 6, 5, 4, 3, 2]) % 11 {
            0 => 0,
            rest => 11 - rest,
        };
        if check < 10 {
            return format!("{}-{}-{}{check}", &body[..3], &body[3..6], &body[6..]);
        }
    }
}

/// Australia: Medicare, ten digits.
pub fn au_medicare(rng: &mut Rng) -> String {
    let body = format!("{}{}", rng.one_of("23456"), rng.digits(7));
    let check = sum(&body, &[1, 3, 7, 9, 1, 3, 7, 9]) % 10;
    format!(
        "{} {}{check} {}",
        &body[..4],
        &body[4..],
        rng.one_of("1234")
    )
}
