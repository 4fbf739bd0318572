//! Cards and accounts.

use super::ids_europe::codice_fiscale;
use super::rng::Rng;
use super::sums::{iban, luhn, mod97};

/// Identifier, country, and the domestic part: `n` digits, `a` capitals, `c` either.
pub const IBANS: [(&str, &str, &str); 52] = [
    ("ALBANIA", "AL", "8n16c"),
    ("ANDORRA", "AD", "8n12c"),
    ("BOSNIA_AND_HERZEGOVINA", "BA", "16n"),
    ("BRAZIL", "BR", "23n1a1c"),
    ("BULGARIA", "BG", "4a6n8c"),
    ("COSTA_RICA", "CR", "18n"),
    ("CROATIA", "HR", "17n"),
    ("CYPRUS", "CY", "8n16c"),
    ("CZECH_REPUBLIC", "CZ", "20n"),
    ("DENMARK", "DK", "14n"),
    ("DOMINICAN_REPUBLIC", "DO", "4a20n"),
    ("EGYPT", "EG", "25n"),
    ("ESTONIA", "EE", "16n"),
    ("FAROE_ISLANDS", "FO", "14n"),
    ("FINLAND", "FI", "14n"),
    ("FRANCE", "FR", ""),
    ("GEORGIA", "GE", "2a16n"),
    ("GERMANY", "DE", "18n"),
    ("GREECE", "GR", "7n16n"),
    ("GREENLAND", "GL", "14n"),
    ("HUNGARY", "HU", "24n"),
    ("ICELAND", "IS", "22n"),
    ("IRELAND", "IE", "4a14n"),
    ("ITALY", "IT", ""),
    ("JORDAN", "JO", "4a4n18n"),
    ("KOSOVO", "XK", "16n"),
    ("LIECHTENSTEIN", "LI", "5n12n"),
    ("LITHUANIA", "LT", "16n"),
    ("MALTA", "MT", "4a5n18c"),
    ("MAURITANIA", "MR", "23n"),
    ("MAURITIUS", "MU", "4a16n3z3a"),
    ("MONACO", "MC", ""),
    ("MONTENEGRO", "ME", "18n"),
    ("NETHERLANDS", "NL", "4a10n"),
    ("NORTH_MACEDONIA", "MK", "3n10n2n"),
    ("POLAND", "PL", "24n"),
    ("PORTUGAL", "PT", "21n"),
    ("SAN_MARINO", "SM", ""),
    ("SENEGAL", "SN", "2a22n"),
    ("SERBIA", "RS", "18n"),
    ("SLOVAKIA", "SK", "20n"),
    ("SLOVENIA", "SI", "15n"),
    ("SPAIN", "ES", ""),
    ("SWEDEN", "SE", "20n"),
    ("SWITZERLAND", "CH", "5n12n"),
    ("TIMOR_LESTE", "TL", "19n"),
    ("TUNISIA", "TN", "20n"),
    ("TURKIYE", "TR", "5n1z16n"),
    ("UK", "GB", "4a14n"),
    ("UKRAINE", "UA", "6n19n"),
    ("UNITED_ARAB_EMIRATES", "AE", "19n"),
    ("VIRGIN_ISLANDS", "VG", "4a16n"),
];

fn structure(rng: &mut Rng, form: &str) -> String {
    let (mut out, mut count) = (String::new(), 0);
    for c in form.chars() {
        match c.to_digit(10) {
            Some(digit) => count = count * 10 + digit as usize,
            None => {
                out += &match c {
                    'n' => rng.digits(count),
                    'z' => "0".repeat(count),
                    'a' => rng.letters(count),
                    _ => rng.chars("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", count),
                };
                count = 0;
            }
        }
    }
    out
}

/// Twice weighted as Spain does; 10 is 1.
fn spain(body: &str) -> u32 {
    let weights = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];
    match super::sums::sum(body, &weights) % 11 {
        0 => 0,
        1 => 1,
        rest => 11 - rest,
    }
}

fn bban(rng: &mut Rng, country: &str, form: &str) -> String {
    match country {
        "FR" | "MC" => {
            let body = format!("{}{}", rng.number(10), rng.digits(11));
            // letters would be digits of a table of their own: here are none
            let key = 97 - mod97(&format!("{body}00"));
            format!("{body}{key:02}")
        }
        "ES" => {
            let (bank, branch, account) = (rng.number(4), rng.number(4), rng.digits(10));
            let first = spain(&format!("00{bank}{branch}"));
            let second = spain(&account);
            format!("{bank}{branch}{first}{second}{account}")
        }
        "IT" | "SM" => {
            let body = format!("0{}{}{}", rng.number(4), rng.number(5), rng.digits(12));
            // the control letter goes by the table of the codice fiscale, over 22 places
            let odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
            let total: u32 = body
                .chars()
                .filter_map(|c| c.to_digit(10))
                .enumerate()
                .map(|(i, d)| if i % 2 == 0 { odd[d as usize] } else { d })
                .sum();
            format!("{}{body}", (b'A' + (total % 26) as u8) as char)
        }
        _ => structure(rng, form),
    }
}

/// The account of the country at `which`, in print (groups of four) or not; with its identifier.
pub fn account(rng: &mut Rng, which: usize, print: bool) -> (String, String) {
    let (name, country, form) = IBANS[which % IBANS.len()];
    let bban = bban(rng, country, form);
    let whole = iban(country, &bban);
    let shown = match print {
        true => {
            let all: Vec<char> = whole.chars().collect();
            let groups: Vec<String> = all.chunks(4).map(|g| g.iter().collect()).collect();
            groups.join(" ")
        }
        false => whole,
    };
    (format!("{name}_BANK_ACCOUNT_NUMBER"), shown)
}

/// Number of the country in [`IBANS`].
pub fn country(code: &str) -> usize {
    let at = IBANS.iter().position(|(_, c, _)| *c == code);
    at.expect("a country of the table")
}

/// A card of any great network; `separator` between the groups.
pub fn card(rng: &mut Rng, separator: &str) -> String {
    let (prefix, length) = rng.pick(&[
        ("4539", 16),
        ("4716", 16),
        ("4024", 16),
        ("5312", 16),
        ("5541", 16),
        ("2221", 16),
        ("6011", 16),
        ("3528", 16),
        ("3714", 15),
        ("3787", 15),
    ]);
    let all = luhn(&format!("{prefix}{}", rng.digits(length - 5)));
    let cuts: &[usize] = if length == 15 { &[4, 10] } else { &[4, 8, 12] };
    let mut out = String::new();
    for (i, c) in all.chars().enumerate() {
        if cuts.contains(&i) {
            out += separator;
        }
        out.push(c);
    }
    out
}

pub fn track2(rng: &mut Rng) -> String {
    let number = card(rng, "");
    format!(
        ";{number}={}{:02}{}{}?",
        rng.range(26, 31),
        rng.range(1, 13),
        rng.pick(&["101", "201"]),
        rng.digits(10)
    )
}

pub fn track1(rng: &mut Rng, name: &str) -> String {
    let number = card(rng, "");
    format!(
        "%B{number}^{name}^{}{:02}{}{}?",
        rng.range(26, 31),
        rng.range(1, 13),
        rng.pick(&["101", "201"]),
        rng.digits(12)
    )
}

/// A US account number.
pub fn us_account(rng: &mut Rng) -> String {
    let length = rng.range(9, 13) as usize;
    rng.number(length)
}

/// Sixteen characters, for documents that need something of the sort which is none.
pub fn almost_codice(rng: &mut Rng) -> String {
    let all = codice_fiscale(rng);
    let last = match all.as_bytes()[15] {
        b'Z' => 'A',
        other => (other + 1) as char,
    };
    format!("{}{last}", &all[..15])
}
