//! The same things as people write them when nobody looks: small letters, capitals, titles, months in
//! words, boxes and extensions, and what stands beside them and is none.

use super::lands::{LANDS, Land};
use super::mark::{aside, mark, maybe};
use super::people::{MONTHS, Person, land};
use super::rng::Rng;

/// People of countries that the set knows by their names alone.
const OTHERS: [(&str, [&str; 4], [&str; 4]); 4] = [
    (
        "NL",
        ["Marijke", "Sjoerd", "Anouk", "Wouter"],
        ["van der Meulen", "Hoekstra", "de Graaf", "Verbeek"],
    ),
    (
        "PL",
        ["Agnieszka", "Zbigniew", "Małgorzata", "Krzysztof"],
        ["Wiśniewska", "Zieliński", "Kamińska", "Wójcik"],
    ),
    (
        "PT",
        ["Inês", "Duarte", "Catarina", "Gonçalo"],
        ["Carvalho Matos", "Teixeira", "Figueira", "Lourenço"],
    ),
    (
        "SE",
        ["Åsa", "Göran", "Linnéa", "Torbjörn"],
        ["Söderström", "Lundqvist", "Hagberg", "Nyström"],
    ),
];

fn other(rng: &mut Rng, code: &str) -> Person {
    let found = OTHERS.iter().find(|(c, ..)| *c == code);
    let (_, given, family) = found.expect("a country of the list");
    Person {
        given: rng.pick(given).to_owned(),
        family: rng.pick(family).to_owned(),
    }
}

/// Prose with full names, in languages of which the set has no letters.
pub fn europe(rng: &mut Rng, count: usize) -> String {
    let mut out = String::new();
    for i in 0..count {
        let code = ["NL", "PL", "PT", "SE"][i % 4];
        let (a, b) = (other(rng, code).name(), other(rng, code).name());
        let n = rng.number(5);
        out += &match code {
            "NL" => format!(
                "Geachte mevrouw, {a} heeft factuur {n} goedgekeurd. Neem contact op met {b} van de Rabobank in Den Bosch.\n\n"
            ),
            "PL" => format!(
                "Szanowni Państwo, {a} podpisała umowę nr {n}. Proszę o kontakt z panem: {b}, Plac Zamkowy.\n\n"
            ),
            "PT" => format!(
                "Caros senhores, {a} aprovou a fatura {n}. Por favor contactem {b}, da Câmara Municipal do Porto.\n\n"
            ),
            _ => format!(
                "Hej, {a} har godkänt faktura {n}. Kontakta {b} på Göteborgs Hamn vid frågor.\n\n"
            ),
        };
    }
    out
}

/// Names in every writing that lists and logs have.
pub fn names(rng: &mut Rng, count: usize) -> String {
    let mut out = String::new();
    for _ in 0..count {
        let land = rng.one(&LANDS);
        let (p, q) = (land.person(rng), land.person(rng));
        let initial = rng.one_of("ABCDEJLMRST");
        let small = p.full().to_lowercase();
        let capitals = p.full().to_uppercase();
        out += &match rng.range(0, 14) {
            0 => format!("{{\"name\":\"{}\",\"active\":true}}\n", mark("NAME", small)),
            1 => format!(
                "customer_name={}\n",
                mark("NAME", format!("\"{capitals}\"")).replace('"', "")
            ),
            2 => format!(
                "Patient: {}, ward {}\n",
                mark("NAME", format!("{}, {}", p.family.to_uppercase(), p.given)),
                rng.range(1, 9)
            ),
            3 => format!("Signed by Dr. {} and Prof. {}.\n", p.name(), q.name()),
            4 => format!(
                "{} wrote on Monday:\n",
                mark("NAME", format!("{} {initial}. {}", p.given, p.family))
            ),
            5 => format!("Attendees: {}; {}\n", p.name(), q.name()),
            6 => format!("Hi {},\n", maybe("NAME", &p.given)),
            7 => format!("Beneficiary name: {}\n", mark("NAME", capitals)),
            8 => format!("\"{}\" <{}>\n", p.name(), q.mail(rng)),
            9 => format!("<author>{}</author>\n", p.name()),
            10 => format!("Contact person - {} (Head of Sales)\n", p.name()),
            11 => format!("approved_by: {}\n", p.name()),
            12 => format!(
                "The defendant, {}, met Ms. {} in court.\n",
                p.name(),
                q.name()
            ),
            _ => format!(
                "{} '{}' {} {} signed in\n",
                rng.number(3),
                p.name(),
                "from branch",
                rng.pick(&["Jackson", "Victoria", "Orlando"])
            ),
        };
    }
    out
}

/// Dates of birth in words, short years and other languages, beside dates that are others.
pub fn births(rng: &mut Rng, count: usize) -> String {
    const DE: [&str; 12] = [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ];
    const FR: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    const ES: [&str; 12] = [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ];
    const IT: [&str; 12] = [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ];
    const PT: [&str; 12] = [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ];
    let mut out = String::new();
    for _ in 0..count {
        let (day, month, year) = (
            rng.range(1, 29),
            rng.range(0, 12) as usize,
            rng.range(1940, 2005),
        );
        let birth = |text: String| mark("DATE_OF_BIRTH", text);
        let (m, short) = (month + 1, &MONTHS[month][..3]);
        out += &match rng.range(0, 16) {
            0 => format!(
                "DOB: {}\n",
                birth(format!("{m:02}/{day:02}/{:02}", year % 100))
            ),
            1 => format!("dob {}\n", birth(format!("{day:02}-{short}-{year}"))),
            2 => format!(
                "Date of birth: {}\n",
                birth(format!("{} {day}, {year}", MONTHS[month]))
            ),
            3 => format!(
                "birth date = {}\n",
                birth(format!("{day:02}.{m:02}.{year}"))
            ),
            4 => format!(
                "geboren am {}\n",
                birth(format!("{day}. {} {year}", DE[month]))
            ),
            5 => format!("né le {}\n", birth(format!("{day} {} {year}", FR[month]))),
            6 => format!(
                "fecha de nacimiento: {}\n",
                birth(format!("{day} de {} de {year}", ES[month]))
            ),
            7 => format!(
                "data di nascita: {}\n",
                birth(format!("{day} {} {year}", IT[month]))
            ),
            8 => format!(
                "data de nascimento: {}\n",
                birth(format!("{day} de {} de {year}", PT[month]))
            ),
            9 => format!(
                "{{\"birthday\":\"{}\"}}\n",
                birth(format!("{year}-{m:02}-{day:02}"))
            ),
            10 => format!("date of issue: {year}-{m:02}-{day:02}\n"),
            11 => format!(
                "joined on {day} {} {}, last login {m:02}/{day:02}/2024\n",
                MONTHS[month],
                year + 15
            ),
            12 => format!("expires {m:02}/{day:02}/20{}\n", rng.range(25, 32)),
            13 => format!("Founded {year} in Vienna; copyright {year}-2024\n"),
            14 => format!("employee since {day:02}.{m:02}.{}\n", year % 20 + 2000),
            _ => "date of birth: unknown\n".to_owned(),
        };
        out += "........................................\n\n";
    }
    out
}

/// Addresses with boxes, floors, counties and all in capitals; streets that are none.
pub fn addresses(rng: &mut Rng, count: usize) -> String {
    let mut out = String::new();
    for _ in 0..count {
        let land: &Land = rng.one(&LANDS);
        let whole = land.address(rng, ", ");
        let us = land_of("US");
        let number = rng.range(2, 99);
        out += &match rng.range(0, 12) {
            0 => format!(
                "Send it to {}.\n",
                mark(
                    "ADDRESS",
                    format!(
                        "PO Box {}, {}",
                        rng.range(100, 9999),
                        rng.pick(&["Dayton, OH 45402", "Boise, ID 83702"])
                    )
                )
            ),
            1 => format!(
                "{}\n",
                mark(
                    "ADDRESS",
                    format!(
                        "{number}00 BROADWAY SUITE {}, DENVER CO 80202-{}",
                        rng.range(100, 900),
                        rng.number(4)
                    )
                )
            ),
            2 => format!("{{\"shippingAddress\":\"{}\"}}\n", us.address(rng, "\\n")),
            3 => format!(
                "Rechnungsadresse: {}\n",
                mark("ADDRESS", format!("Postfach {}, 50667 Köln", rng.number(4)))
            ),
            4 => format!(
                "adresse : {}\n",
                mark(
                    "ADDRESS",
                    format!("{number} bis rue Victor-Hugo, 75016 Paris")
                )
            ),
            5 => format!(
                "head office: {}\n",
                mark(
                    "ADDRESS",
                    format!(
                        "Unit {}, Riverside Park, Mill Lane, Stockport SK4 {}AH",
                        number % 9 + 1,
                        number % 9 + 1
                    )
                )
            ),
            6 => format!(
                "the corner of Main Street and {}nd Avenue\n",
                number / 10 * 10 + 2
            ),
            7 => format!("exit {number} on Highway 101 near Palo Alto\n"),
            8 => format!(
                "version 12 Park release, build 90210 for Apple TV {}\n",
                rng.number(4)
            ),
            9 => format!("addr={}\n", aside(format!("0x{}", rng.hex(12)))),
            _ => format!("lives at {whole}\n"),
        };
        out.push('\n');
    }
    out
}

fn land_of(code: &str) -> &'static Land {
    land(code)
}

/// Telephone numbers with extensions and links, and numbers that are none.
pub fn phones(rng: &mut Rng, count: usize) -> String {
    let mut out = String::new();
    for _ in 0..count {
        let area = rng.pick(&["937", "520", "207", "208", "912", "218", "509", "559"]);
        let (a, b) = (rng.range(220, 410), rng.digits(4));
        let land: &Land = rng.one(&LANDS);
        out += &match rng.range(0, 10) {
            0 => format!(
                "call {} ext. {}\n",
                mark("PHONE_NUMBER", format!("({area}) {a}-{b}")),
                rng.range(10, 999)
            ),
            1 => format!(
                "<a href=\"tel:{}\">Call</a>\n",
                mark("PHONE_NUMBER", format!("+1{area}{a}{b}"))
            ),
            2 => format!("phone={}\n", mark("PHONE_NUMBER", format!("{area}{a}{b}"))),
            3 => format!("fax number {}\n", land.phone(rng)),
            4 => format!("mobile: {}\n", land.phone(rng)),
            5 => format!("part no. {area}-{a}-{b} in stock\n"),
            6 => format!(
                "range {}.{}-{}.{}\n",
                rng.number(3),
                rng.number(3),
                rng.number(3),
                rng.number(4)
            ),
            7 => format!("invoice {area}{a}{b} paid\n"),
            8 => format!(
                "score {}-{}, attendance {}\n",
                rng.range(60, 120),
                rng.range(60, 120),
                rng.number(5)
            ),
            _ => format!("contact: {}\n", land.phone(rng)),
        };
        out += "........................................\n\n";
    }
    out
}
