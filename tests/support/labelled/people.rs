//! People who are not: names, addresses, telephone numbers and dates of birth, put together.

pub use super::lands::{LANDS, Land};
use super::mark::{aside, mark, maybe};
use super::rng::Rng;

/// The country of a code.
pub fn land(code: &str) -> &'static Land {
    let found = LANDS.iter().find(|l| l.code == code);
    found.expect("a country of the set")
}

/// A person, unmarked.
#[derive(Clone)]
pub struct Person {
    pub given: String,
    pub family: String,
}

impl Person {
    pub fn full(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    /// Given and family name, marked.
    pub fn name(&self) -> String {
        mark("NAME", self.full())
    }

    /// As files and lists write it, marked.
    pub fn reversed(&self) -> String {
        mark("NAME", format!("{}, {}", self.family, self.given))
    }

    /// Name of an account, which is no name of a person to most.
    pub fn login(&self) -> String {
        let plain = |s: &str| -> String {
            s.to_lowercase()
                .chars()
                .filter(char::is_ascii_alphabetic)
                .collect()
        };
        let first = plain(&self.given).chars().next().unwrap_or('x');
        format!("{first}{}", plain(&self.family))
    }

    pub fn mail(&self, rng: &mut Rng) -> String {
        let domain = rng.pick(&[
            "example.com",
            "example.org",
            "mail.example.net",
            "corp.example.com",
        ]);
        mark("EMAIL_ADDRESS", format!("{}@{domain}", self.login()))
    }
}

impl Land {
    pub fn person(&self, rng: &mut Rng) -> Person {
        Person {
            given: rng.pick(self.given).to_owned(),
            family: rng.pick(self.family).to_owned(),
        }
    }

    pub fn firm(&self, rng: &mut Rng) -> &'static str {
        rng.pick(self.firms)
    }

    /// Street and number, town and postcode, unmarked.
    fn address_parts(&self, rng: &mut Rng) -> (String, String, String) {
        let street = rng.pick(self.streets);
        let (town, form) = rng.pick(self.towns);
        let postcode = form
            .chars()
            .map(|c| match c {
                '#' => rng.one_of("123456789"),
                // what both Canada and the United Kingdom use there
                '@' => rng.one_of("ABEGHJLNPRSTWXYZ"),
                c => c,
            })
            .collect();
        let number = rng.range(2, 240);
        let line = match self.code {
            "DE" => format!("{street} {number}"),
            "ES" => format!("{street}, {number}"),
            "IT" => format!("{street} {number}"),
            "BR" => format!("{street}, {number}"),
            "US" if rng.once_in(4) => format!("{} {street}, Apt {}", number * 11, number % 40 + 1),
            "US" => format!("{} {street}", number * 11),
            "AU" if rng.once_in(3) => format!("{}/{number} {street}", number % 9 + 1),
            "GB" if rng.once_in(4) => format!("Flat {}, {number} {street}", number % 9 + 1),
            _ => format!("{number} {street}"),
        };
        (line, town.to_owned(), postcode)
    }

    /// The whole address, marked; `between` parts street and town (a comma or a line end).
    pub fn address(&self, rng: &mut Rng, between: &str) -> String {
        let (line, town, postcode) = self.address_parts(rng);
        let whole = match self.code {
            "US" | "CA" | "AU" => format!("{line}{between}{town} {postcode}"),
            "GB" => format!("{line}{between}{town} {postcode}"),
            "BR" => {
                let cep = mark("BRAZIL_CEP_CODE", postcode);
                // the code is also one of its own where the word stands before it
                format!(
                    "{line}{between}{town}, {}",
                    cep.replace("BRAZIL", "?BRAZIL")
                )
            }
            _ => format!("{line}{between}{postcode} {town}"),
        };
        mark("ADDRESS", whole)
    }

    /// Street, town and postcode for fields of their own, each alone no address.
    pub fn parts(&self, rng: &mut Rng) -> (String, String, String) {
        let (line, town, postcode) = self.address_parts(rng);
        (maybe("ADDRESS", line), town, aside(postcode))
    }

    /// A telephone number, marked where the country has an identifier.
    pub fn phone(&self, rng: &mut Rng) -> String {
        let (id, number) = match self.code {
            "US" | "CA" => {
                let area = rng.pick(match self.code {
                    "US" => &["937", "520", "207", "208", "912", "218", "509", "559"],
                    _ => &["613", "902", "403", "604", "514", "416", "306", "204"],
                });
                let (a, b) = match (rng.range(220, 989), rng.digits(4)) {
                    // 411, 911 and their kin are no exchanges
                    (service, b) if service % 100 == 11 => (service + 1, b),
                    other => other,
                };
                let form = match rng.range(0, 6) {
                    0 => format!("({area}) {a}-{b}"),
                    1 => format!("{area}-{a}-{b}"),
                    2 => format!("+1 {area} {a} {b}"),
                    3 => format!("{area}.{a}.{b}"),
                    4 => format!("+1-{area}-{a}-{b}"),
                    _ => format!("+1{area}{a}{b}"),
                };
                ("PHONE_NUMBER", form)
            }
            "GB" => {
                let form = match rng.range(0, 5) {
                    0 => format!("07{} {}", rng.range(400, 990), rng.number(6)),
                    1 => format!("+44 7{} {}", rng.range(400, 990), rng.number(6)),
                    2 => format!("020 7{} {}", rng.number(3), rng.number(4)),
                    3 => format!("0113 {} {}", rng.range(200, 400), rng.number(4)),
                    _ => format!("+44 (0)117 {} {}", rng.range(900, 990), rng.number(4)),
                };
                ("UK_PHONE_NUMBER", form)
            }
            "DE" => {
                let form = match rng.range(0, 5) {
                    0 => format!("0441 {}", rng.number(6)),
                    1 => format!("+49 931 {}", rng.number(6)),
                    2 => format!("0171 {}", rng.number(7)),
                    3 => format!("+49 (0) 561 / {}", rng.number(6)),
                    _ => format!("0341/{}", rng.number(7)),
                };
                ("GERMANY_PHONE_NUMBER", form)
            }
            "FR" => {
                let pairs: Vec<String> = (0..4).map(|_| rng.digits(2)).collect();
                let form = match rng.range(0, 4) {
                    0 => format!("06 {}", pairs.join(" ")),
                    1 => format!("+33 2 {}", pairs.join(" ")),
                    2 => format!("01.{}", pairs.join(".")),
                    _ => format!("+336{}", pairs.concat()),
                };
                ("FRANCE_PHONE_NUMBER", form)
            }
            "ES" => {
                let form = match rng.range(0, 4) {
                    0 => format!("6{} {} {}", rng.digits(2), rng.digits(3), rng.digits(3)),
                    1 => format!("+34 923 {} {}", rng.number(3), rng.digits(3)),
                    2 => format!("91 {} {} {}", rng.number(3), rng.digits(2), rng.digits(2)),
                    _ => format!("+346{}", rng.digits(8)),
                };
                ("SPAIN_PHONE_NUMBER", form)
            }
            "IT" => {
                let form = match rng.range(0, 4) {
                    0 => format!("+39 347 {}", rng.number(7)),
                    1 => format!("338 {}", rng.number(7)),
                    2 => format!("035 {}", rng.number(6)),
                    _ => format!("+39 059 {}", rng.number(6)),
                };
                ("ITALY_PHONE_NUMBER", form)
            }
            "BR" => {
                let form = match rng.range(0, 4) {
                    0 => format!("(11) 9{}-{}", rng.number(4), rng.digits(4)),
                    1 => format!("+55 41 3{}-{}", rng.number(3), rng.digits(4)),
                    2 => format!("(81) 3{}-{}", rng.number(3), rng.digits(4)),
                    _ => format!("+55 (31) 9{}-{}", rng.number(4), rng.digits(4)),
                };
                ("BRAZIL_PHONE_NUMBER", form)
            }
            _ => {
                let form = match rng.once_in(2) {
                    true => format!("04{} {} {}", rng.digits(2), rng.digits(3), rng.digits(3)),
                    false => format!("+61 2 9{} {}", rng.digits(3), rng.digits(4)),
                };
                // no identifier of Macie's is for these
                return aside(form);
            }
        };
        mark(id, number)
    }

    /// A date of birth in the country's writing, marked.
    pub fn birth(&self, rng: &mut Rng) -> String {
        let (year, month, day) = (rng.range(1938, 2006), rng.range(1, 13), rng.range(1, 29));
        mark("DATE_OF_BIRTH", self.date(rng, year, month, day))
    }

    /// A day of 2024 in the country's writing, which nobody was born on.
    pub fn day(&self, rng: &mut Rng) -> String {
        let (month, day) = (rng.range(1, 13), rng.range(1, 29));
        self.date(rng, 2024, month, day)
    }

    /// A date in the country's writing.
    pub fn date(&self, rng: &mut Rng, year: u64, month: u64, day: u64) -> String {
        match (self.code, rng.range(0, 3)) {
            (_, 0) => format!("{year}-{month:02}-{day:02}"),
            ("US", 1) => format!("{month:02}/{day:02}/{year}"),
            ("US", _) => format!("{} {day}, {year}", MONTHS[month as usize - 1]),
            ("GB" | "AU" | "CA", 1) => format!("{day} {} {year}", MONTHS[month as usize - 1]),
            ("DE", _) => format!("{day:02}.{month:02}.{year}"),
            _ => format!("{day:02}/{month:02}/{year}"),
        }
    }
}

pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// An address of the internet protocol, marked.
pub fn ip(rng: &mut Rng) -> String {
    let first = rng.pick(&[10, 172, 192, 54, 203, 198, 34, 81]);
    mark(
        "IP_ADDRESS",
        format!(
            "{first}.{}.{}.{}",
            rng.range(16, 250),
            rng.range(1, 250),
            rng.range(1, 250)
        ),
    )
}
