//! What looks like a value and is none. Whatever is found here is wrong.

use super::kinds::{KINDS, kind};
use super::logs::{Clock, iso, quiet};
use super::money;
use super::rng::Rng;
use super::sums::luhn;

/// Numbers with a keyword and a digit that breaks the check.
pub fn broken(rng: &mut Rng, rounds: usize) -> String {
    const CHECKED: [&str; 21] = [
        "CANADA_SOCIAL_INSURANCE_NUMBER",
        "AUSTRALIA_TAX_FILE_NUMBER",
        "UK_NHS_NUMBER",
        "BRAZIL_CPF_NUMBER",
        "BRAZIL_CNPJ_NUMBER",
        "GERMANY_TAX_IDENTIFICATION_NUMBER",
        "INDIA_AADHAAR_NUMBER",
        "SPAIN_DNI_NUMBER",
        "SPAIN_NIE_NUMBER",
        "SPAIN_TAX_IDENTIFICATION_NUMBER",
        "FRANCE_NATIONAL_IDENTIFICATION_NUMBER",
        "ITALY_NATIONAL_IDENTIFICATION_NUMBER",
        "MEXICO_CURP_NUMBER",
        "CHILE_RUT_NUMBER",
        "ARGENTINA_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
        "USA_NATIONAL_PROVIDER_IDENTIFIER",
        "US_DRUG_ENFORCEMENT_AGENCY_NUMBER",
        "GERMANY_BANK_ACCOUNT_NUMBER",
        "SPAIN_BANK_ACCOUNT_NUMBER",
        "FRANCE_BANK_ACCOUNT_NUMBER",
        "ITALY_BANK_ACCOUNT_NUMBER",
    ];
    let mut out = String::new();
    for _ in 0..rounds {
        for id in CHECKED {
            let kind = kind(id);
            let value = one_off(&kind.unmarked(rng));
            out += &format!(
                "rejected: {} {value} has a wrong check digit\n\n........................................\n\n",
                kind.titles[0]
            );
        }
        out += &format!(
            "card number: {} refused\n\n........................................\n\n",
            one_off(&money::card(rng, " "))
        );
        out += &format!(
            "codice fiscale: {} refused\n\n........................................\n\n",
            money::almost_codice(rng)
        );
    }
    out
}

/// Changes one digit in the middle, which every check of a single digit sees.
fn one_off(value: &str) -> String {
    let digits: Vec<usize> = value
        .char_indices()
        .filter(|(_, c)| c.is_ascii_digit())
        .map(|(i, _)| i)
        .collect();
    // a digit late enough to belong to the number and not to a date in it
    let at = digits[digits.len() - 2];
    let old = value.as_bytes()[at] - b'0';
    // by one, which no weight of 11, 97 or 10 that occurs makes vanish
    let new = if old == 9 { 8 } else { old + 1 };
    format!("{}{new}{}", &value[..at], &value[at + 1..])
}

/// Samples that everybody prints, and masks.
pub fn samples(rng: &mut Rng) -> String {
    let mut out = String::new();
    let cards = [
        "4111 1111 1111 1111",
        "378282246310005",
        "5555-5555-5555-4444",
        "6011111111111117",
        "4012888888881881",
        "3530111333300000",
        "30569309025904",
    ];
    for card in cards {
        out += &format!("test with credit card {card} in the sandbox\n");
    }
    for ssn in [
        "078-05-1120",
        "219-09-9999",
        "000-12-3456",
        "666-12-3456",
        "123-00-4567",
        "123-45-0000",
    ] {
        out += &format!("the ssn {ssn} is not valid\n");
    }
    for _ in 0..40 {
        out += &match rng.range(0, 6) {
            0 => format!("ssn: XXX-XX-{}\n", rng.number(4)),
            1 => format!("card number: **** **** **** {}\n", rng.number(4)),
            2 => "phone: (***) ***-**12\n".to_owned(),
            3 => "date of birth: **/**/19**\n".to_owned(),
            4 => "passport number: <redacted>\n".to_owned(),
            _ => "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n".to_owned(),
        };
    }
    out
}

/// Keywords without a value, values without a keyword.
pub fn lonely(rng: &mut Rng, rounds: usize) -> String {
    let mut out = String::new();
    for _ in 0..rounds {
        for kind in KINDS {
            out += &format!("Please enter your {} below.\n", kind.title(rng));
        }
        for id in [
            "CANADA_SOCIAL_INSURANCE_NUMBER",
            "UK_PASSPORT_NUMBER",
            "USA_PASSPORT_NUMBER",
            "AUSTRALIA_TAX_FILE_NUMBER",
            "UK_TAX_IDENTIFICATION_NUMBER",
            "GERMANY_TAX_IDENTIFICATION_NUMBER",
            "AUSTRIA_DRIVERS_LICENSE",
            "BANK_ACCOUNT_NUMBER",
            "CANADA_PASSPORT_NUMBER",
            "FRANCE_TAX_IDENTIFICATION_NUMBER",
            "ARGENTINA_DNI_NUMBER",
            "UK_ELECTORAL_ROLL_NUMBER",
        ] {
            out += &format!(
                "\n\nitem {} in bin {}\n\n",
                kind(id).unmarked(rng).replace(['-', ' '], ""),
                rng.number(2)
            );
        }
    }
    out
}

const GO: &str = include_str!("code.go.txt");
const PY: &str = include_str!("code.py.txt");

/// Source code as it is written everywhere, with numbers changed each time.
pub fn code(rng: &mut Rng, rounds: usize) -> (String, String) {
    let mut fill = |text: &str| {
        let mut out = String::new();
        for part in text.split('@') {
            out += part;
            out += &rng.number(4);
        }
        out
    };
    let (mut go, mut py) = (String::new(), String::new());
    for _ in 0..rounds {
        go += &fill(GO);
        py += &fill(PY);
    }
    (go, py)
}

/// A table of measurements.
pub fn numbers(rng: &mut Rng, rows: usize) -> String {
    let mut clock = Clock::new(rng);
    let mut out = String::from(
        "timestamp,epoch_ms,sensor_id,value_a,value_b,ratio,reading_no,checksum,firmware\n",
    );
    for _ in 0..rows {
        let ms = clock.tick(rng);
        out += &format!(
            "{},{ms},{},{}.{},-{}.{},0.{},{},{},{}.{}.{}\n",
            iso(ms),
            rng.number(9),
            rng.range(1, 99),
            rng.digits(7),
            rng.range(1, 999),
            rng.digits(4),
            rng.digits(15),
            rng.number(12),
            rng.hex(40),
            rng.range(1, 9),
            rng.range(0, 20),
            rng.range(0, 99)
        );
    }
    out
}

/// Orders whose numbers pass Luhn and look like cards, parcels and articles.
pub fn orders(rng: &mut Rng, rows: usize) -> String {
    let mut out = String::from("order_no|article|ean|parcel|shipped|returned|warehouse\n");
    for _ in 0..rows {
        out += &format!(
            "{}|{} {}|{}|{}|{}/{}/2024|{}|{}\n",
            luhn(&format!("9{}", rng.digits(14))),
            rng.pick(&[
                "Stanley Cup 1.2l",
                "Calvin Klein Belt",
                "Hugo Boss Shirt",
                "Jack Daniels Sauce",
                "Dr. Martens 1460",
                "Mary Jane Shoes"
            ]),
            rng.number(3),
            rng.number(13),
            rng.number(18),
            rng.range(1, 13),
            rng.range(1, 29),
            rng.pick(&["", "2024-04-30", "no"]),
            rng.pick(&["Jersey City North", "Port Elizabeth", "Saint Denis Dock"])
        );
    }
    out
}

/// Logs without any value.
pub fn quiet_log(rng: &mut Rng, lines: usize) -> String {
    let mut clock = Clock::new(rng);
    (0..lines)
        .map(|_| format!("{} {}\n", iso(clock.tick(rng)), quiet(rng)))
        .collect()
}

/// Prose about firms, places, works and days.
pub fn prose(rng: &mut Rng, count: usize) -> String {
    const TEXT: [&str; 28] = [
        "The Ford Foundation and Johnson & Johnson opened a centre near Madison Avenue.",
        "Trains from Victoria to Saint Pancras run every 20 minutes on Good Friday.",
        "Charles Schwab, Wells Fargo and Morgan Stanley raised their forecasts for the third quarter.",
        "On Monday, 14 May 2024, the release 7.4.2 was rolled back at 13:45.",
        "The Product Manager and the Chief Financial Officer signed off the Service Level Agreement.",
        "Real Madrid beat Aston Villa; Santa Barbara hosts the final in San Jose.",
        "Watch Star Trek or The Crown, and read War and Peace or Bleak House before May Day.",
        "The Austin office moved to Jackson Heights; the Charlotte office stays in Carolina Place.",
        "Mount Vernon Elementary School and Jefferson High School close for Memorial Day.",
        "Python 3.12.3, Ruby on Rails 7.1 and Apache Tomcat 10.1.20 are supported.",
        "Please see section 4.2.1 of the Terms and Conditions, effective 01/01/2024.",
        "Das Kaufhaus des Westens und die Deutsche Bank schließen am Karfreitag um 16 Uhr.",
        "Die Max-Planck-Gesellschaft und die Robert Bosch GmbH fördern das Projekt.",
        "Die Frist endet am 31.12.2024; die Sitzung beginnt um 09:30 Uhr im Rathaus.",
        "La Banque Postale et la Société Générale ouvrent rue de Rivoli le 3 juin 2024.",
        "Le Jardin du Luxembourg et le Centre Pompidou sont fermés le lundi.",
        "El Corte Inglés y Banco Santander abren en la Puerta del Sol el 12/04/2024.",
        "La Sagrada Familia recibió 4.500.000 visitas en 2023.",
        "La Scala di Milano e il Teatro San Carlo aprono la stagione il 7 dicembre.",
        "O Banco do Brasil e a Casas Bahia ficam na Avenida Paulista.",
        "De Albert Heijn in de Kalverstraat is op Koningsdag gesloten.",
        "Bank Pekao i Lech Poznań podpisały umowę w Nowy Targ.",
        "Invoice 2024-000183 over 1,299.00 was paid on 2024-03-18 with reference 4417220915.",
        "Flight BA 2490 leaves gate 14 at 17:05, booking code X4KQ2Z.",
        "Set the timeout to 86400 seconds and the port to 8443; see RFC 7519.",
        "The Victoria Cross and the George Medal are shown in Gallery 12.",
        "Use the Amazon Simple Storage Service with Elastic Load Balancing in the Frankfurt region.",
        "Chapter 11, page 342, ISBN 978-0-306-40615-7, third edition 2019.",
    ];
    (0..count)
        .map(|i| {
            format!(
                "{}{}",
                rng.pick(&TEXT),
                if i % 4 == 3 { "\n\n" } else { " " }
            )
        })
        .collect()
}
