//! Records: JSON in several habits, tables with and without a header, SQL, YAML, XML.

use super::kinds::{self, Kind, camel};
use super::mark::{aside, csv, html, json, mark, maybe, sql};
use super::money;
use super::people::{self, Land, Person, ip};
use super::rng::Rng;

/// Names of the fields that every record has, by language.
struct Words {
    id: &'static str,
    name: &'static str,
    birth: &'static str,
    phone: &'static str,
    mail: &'static str,
    address: &'static str,
    note: &'static str,
    created: &'static str,
}

fn words(code: &str) -> Words {
    let of = |w: [&'static str; 8]| Words {
        id: w[0],
        name: w[1],
        birth: w[2],
        phone: w[3],
        mail: w[4],
        address: w[5],
        note: w[6],
        created: w[7],
    };
    match code {
        "DE" => of([
            "kunden_nr",
            "name",
            "geburtsdatum",
            "telefon",
            "email",
            "anschrift",
            "bemerkung",
            "angelegt_am",
        ]),
        "FR" => of([
            "id_client",
            "nom_complet",
            "date_de_naissance",
            "telephone",
            "courriel",
            "adresse",
            "remarque",
            "cree_le",
        ]),
        "ES" => of([
            "id_cliente",
            "nombre_completo",
            "fecha_de_nacimiento",
            "telefono",
            "correo",
            "direccion",
            "nota",
            "creado",
        ]),
        "IT" => of([
            "id_cliente",
            "nome_e_cognome",
            "data_di_nascita",
            "telefono",
            "email",
            "indirizzo",
            "nota",
            "creato_il",
        ]),
        "BR" => of([
            "id_cliente",
            "nome_completo",
            "data_de_nascimento",
            "telefone",
            "email",
            "endereco",
            "observacao",
            "criado_em",
        ]),
        _ => of([
            "customer_id",
            "full_name",
            "date_of_birth",
            "phone",
            "email",
            "address",
            "notes",
            "created_at",
        ]),
    }
}

const NOTES: [&str; 8] = [
    "prefers paper invoices",
    "VIP since 2019, ref 20240117-8842",
    "renewal due, order 4417-2209",
    "",
    "n/a",
    "moved from plan Basic to Plus v2.3.1",
    "do not contact before 2024-06-01",
    "checksum 9f86d081884c7d65",
];

fn stamp(rng: &mut Rng) -> String {
    format!(
        "2024-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        rng.range(1, 13),
        rng.range(1, 29),
        rng.range(0, 24),
        rng.range(0, 60),
        rng.range(0, 60)
    )
}

/// Fields of one customer in order: name of the field and marked value.
fn record(rng: &mut Rng, land: &Land, extra: &[&Kind]) -> Vec<(String, String)> {
    let w = words(land.code);
    let person = land.person(rng);
    let mut fields = vec![
        (w.id.to_owned(), format!("{}", rng.range(10_000, 99_999))),
        (w.name.to_owned(), person.name()),
        (w.birth.to_owned(), land.birth(rng)),
        (w.phone.to_owned(), land.phone(rng)),
        (w.mail.to_owned(), person.mail(rng)),
        (w.address.to_owned(), land.address(rng, ", ")),
    ];
    for kind in extra {
        fields.push((kind.keys[0].to_owned(), kind.value(rng)));
    }
    fields.push((w.note.to_owned(), (rng.pick(&NOTES)).to_owned()));
    fields.push((w.created.to_owned(), stamp(rng)));
    fields
}

/// Some kinds of a country, always the same for one document.
fn some_kinds(rng: &mut Rng, code: &str, most: usize) -> Vec<&'static Kind> {
    let mut all = kinds::of(code);
    let mut chosen: Vec<&Kind> = Vec::new();
    while chosen.len() < most && !all.is_empty() {
        let kind = all.swap_remove(rng.range(0, all.len() as u64) as usize);
        if chosen.iter().all(|k| k.keys[0] != kind.keys[0]) {
            chosen.push(kind);
        }
    }
    chosen
}

/// One record a line, with numbers of the country `code`. `style`: 0 snake, 1 camel, 2 kebab.
pub fn json_lines(rng: &mut Rng, land: &Land, code: &str, style: u32, rows: usize) -> String {
    let kinds = some_kinds(rng, code, 4);
    let mut out = String::new();
    for _ in 0..rows {
        let fields: Vec<String> = record(rng, land, &kinds)
            .into_iter()
            .map(|(key, value)| {
                let key = match style {
                    1 => camel(&key),
                    2 => key.replace('_', "-"),
                    _ => key,
                };
                format!("\"{key}\":\"{}\"", json(&value))
            })
            .collect();
        out += &format!("{{{}}}\n", fields.join(","));
    }
    out
}

/// One nested document: people under what belongs to them.
pub fn json_nested(rng: &mut Rng, land: &Land, code: &str, rows: usize) -> String {
    let kinds = some_kinds(rng, code, 5);
    let mut people = Vec::new();
    for i in 0..rows {
        let person = land.person(rng);
        let birth = land.birth(rng);
        let (street, town, postcode) = land.parts(rng);
        let documents: Vec<String> = kinds
            .iter()
            .map(|k| {
                let key = camel(k.keys[0]);
                let value = json(&k.value(rng));
                match rng.once_in(2) {
                    true => format!("\"{key}\": \"{value}\""),
                    false => format!("\"{key}\": {{\"value\": \"{value}\", \"verified\": true}}"),
                }
            })
            .collect();
        people.push(format!(
            "    {{\n      \"id\": \"{}\",\n      \"person\": {{\n        \"fullName\": \"{}\",\n        \"dateOfBirth\": \"{}\",\n        \
             \"contact\": {{\"phone\": \"{}\", \"email\": \"{}\"}},\n        \"address\": {{\"street\": \"{}\", \"city\": \"{}\", \"zip\": \"{}\"}}\n      }},\n      \
             \"documents\": {{{}}},\n      \"lastLogin\": {{\"ip\": \"{}\", \"at\": \"{}\"}},\n      \"revision\": {},\n      \"tags\": [\"tier-{}\", \"{}\"]\n    }}",
            rng.uuid(),
            json(&person.name()),
            birth,
            json(&land.phone(rng)),
            person.mail(rng),
            json(&street),
            json(&town),
            postcode,
            documents.join(", "),
            ip(rng),
            stamp(rng),
            1_700_000_000_000u64 + rng.range(0, 9_999_999_999),
            i % 3,
            rng.pick(&["summer-sale", "beta", "Spring Garden", "legacy"]),
        ));
    }
    format!(
        "{{\n  \"generatedAt\": \"{}\",\n  \"customers\": [\n{}\n  ]\n}}\n",
        stamp(rng),
        people.join(",\n")
    )
}

/// A table. `header`: whether the columns have names.
pub fn table(
    rng: &mut Rng,
    land: &Land,
    code: &str,
    separator: char,
    header: bool,
    rows: usize,
) -> String {
    let kinds = some_kinds(rng, code, 5);
    let mut out = String::new();
    for row in 0..rows {
        let fields = record(rng, land, &kinds);
        if row == 0 && header {
            let names: Vec<&str> = fields.iter().map(|(k, _)| k.as_str()).collect();
            out += &format!("{}\n", names.join(&separator.to_string()));
        }
        let named = 6 + kinds.len();
        let cells: Vec<String> = fields
            .iter()
            .enumerate()
            .map(|(i, (_, value))| {
                // without a header nothing says what a date or a number is, but for a country's code
                let national = i == 3 && !super::mark::bare(value).starts_with('+');
                let unnamed = !header && (i == 2 || national || (6..named).contains(&i));
                let value = if unnamed {
                    aside(super::mark::bare(value))
                } else {
                    value.clone()
                };
                csv(&value, separator)
            })
            .collect();
        out += &format!("{}\n", cells.join(&separator.to_string()));
    }
    out
}

/// Payments: cards with what is printed on them.
pub fn payments(rng: &mut Rng, land: &Land, rows: usize) -> String {
    let mut out = String::from(
        "order_id,card_holder,card_number,expiry_date,cvv,amount,currency,status,authorised_at\n",
    );
    for _ in 0..rows {
        let person = land.person(rng);
        let separator = rng.pick(&["", " ", "-"]);
        let number = money::card(rng, separator);
        let cvv = if number.starts_with('3') {
            rng.digits(4)
        } else {
            rng.digits(3)
        };
        out += &format!(
            "{},{},{},{},{},{}.{},{},{},{}\n",
            rng.range(100_000_000, 999_999_999),
            person.name(),
            mark("CREDIT_CARD_NUMBER", number),
            mark(
                "CREDIT_CARD_EXPIRATION",
                format!("{:02}/{}", rng.range(1, 13), rng.range(26, 32))
            ),
            mark("CREDIT_CARD_SECURITY_CODE", cvv),
            rng.range(5, 900),
            rng.digits(2),
            rng.pick(&["USD", "EUR", "GBP"]),
            rng.pick(&["APPROVED", "DECLINED", "REFUNDED"]),
            stamp(rng)
        );
    }
    out
}

/// What a card terminal should never log.
pub fn terminal(rng: &mut Rng, count: usize) -> String {
    let mut out = String::new();
    for _ in 0..count {
        let person = people::land("US").person(rng);
        let on_card = format!("{}/{}", person.family, person.given).to_uppercase();
        let track = match rng.once_in(2) {
            true => money::track1(rng, &on_card),
            false => money::track2(rng),
        };
        let separator = rng.pick(&[" ", "", "-"]);
        out += &format!(
            "{} terminal {} batch {}\n",
            stamp(rng),
            rng.number(8),
            rng.number(6)
        );
        out += &format!(
            "magstripe data: {}\n\n",
            mark("CREDIT_CARD_MAGNETIC_STRIPE", track)
        );
        out += &format!(
            "keyed entry, credit card {}, exp date {}, cvv {}\n\n",
            mark("CREDIT_CARD_NUMBER", money::card(rng, separator)),
            mark(
                "CREDIT_CARD_EXPIRATION",
                format!("{:02}/{}", rng.range(1, 13), rng.range(26, 32))
            ),
            mark("CREDIT_CARD_SECURITY_CODE", rng.digits(3))
        );
        out += &format!(
            "receipt {} total {}.{} tip 0.00 approved {}\n\n",
            rng.number(12),
            rng.range(3, 200),
            rng.digits(2),
            rng.number(6)
        );
        out += &format!(
            "unlabelled {}\n\n",
            mark("CREDIT_CARD_NUMBER_(NO_KEYWORD)", money::card(rng, " "))
        );
    }
    out
}

/// Accounts of all countries.
pub fn accounts(rng: &mut Rng, rounds: usize) -> String {
    let mut out = String::from("beneficiary_ref;iban;amount;value_date;purpose\n");
    for i in 0..money::IBANS.len() * rounds {
        let (id, account) = money::account(rng, i, i % 3 == 0);
        out += &format!(
            "B-{};{};{},{};2024-{:02}-{:02};{}\n",
            rng.range(1000, 9999),
            mark(&id, account),
            rng.range(10, 9000),
            rng.digits(2),
            rng.range(1, 13),
            rng.range(1, 29),
            rng.pick(&[
                "invoice 2024-0117",
                "rent",
                "salary 05/2024",
                "refund RF-20391"
            ])
        );
    }
    out
}

/// The dump of a database.
pub fn dump(rng: &mut Rng, land: &Land, rows: usize) -> String {
    let kinds = some_kinds(rng, land.code, 3);
    let mut out = String::from(
        "-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n-- Host: db-17    Database: crm\nDROP TABLE IF EXISTS `customers`;\n",
    );
    let names: Vec<String> = record(rng, land, &kinds)
        .into_iter()
        .map(|(k, _)| format!("`{k}`"))
        .collect();
    for _ in 0..rows {
        let values: Vec<String> = record(rng, land, &kinds)
            .into_iter()
            .map(|(_, v)| format!("'{}'", sql(&v)))
            .collect();
        out += &format!(
            "INSERT INTO `customers` ({}) VALUES ({});\n",
            names.join(", "),
            values.join(", ")
        );
    }
    out += "UNLOCK TABLES;\n";
    out
}

/// Settings and fixtures in YAML.
pub fn yaml(rng: &mut Rng, land: &Land, rows: usize) -> String {
    let kinds = some_kinds(rng, land.code, 3);
    let mut out = String::from("version: 3.2.1\nrelease: 2024-05-01\nusers:\n");
    for _ in 0..rows {
        for (i, (key, value)) in record(rng, land, &kinds).into_iter().enumerate() {
            let dash = if i == 0 { "  - " } else { "    " };
            out += &format!("{dash}{key}: \"{}\"\n", value);
        }
    }
    out
}

/// Records in XML.
pub fn xml(rng: &mut Rng, land: &Land, rows: usize) -> String {
    let kinds = some_kinds(rng, land.code, 3);
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<customers schema=\"2.4.0\">\n");
    for _ in 0..rows {
        out += "  <customer>\n";
        for (key, value) in record(rng, land, &kinds) {
            let key = camel(&key);
            out += &format!("    <{key}>{}</{key}>\n", html(&value));
        }
        out += "  </customer>\n";
    }
    out + "</customers>\n"
}

/// First and family names in columns of their own, and the whole name once more.
pub fn staff(rng: &mut Rng, land: &Land, rows: usize) -> String {
    let mut out = String::from(
        "employee_no\tfirst_name\tlast_name\tdisplay_name\tjob_title\tdepartment\toffice\tmanager\n",
    );
    let boss: Person = land.person(rng);
    for _ in 0..rows {
        let p = land.person(rng);
        out += &format!(
            "E{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
            rng.range(1000, 9999),
            maybe("NAME", &p.given),
            maybe("NAME", &p.family),
            if rng.once_in(2) {
                p.name()
            } else {
                p.reversed()
            },
            rng.pick(&[
                "Senior Account Manager",
                "Data Engineer II",
                "Head of Human Resources",
                "Nurse Practitioner",
                "Warehouse Clerk"
            ]),
            rng.pick(&[
                "Customer Success",
                "Legal & Compliance",
                "Field Services",
                "Research"
            ]),
            rng.pick(&[
                "Jackson Street",
                "Victoria House",
                "North Campus",
                "St. James"
            ]),
            boss.name()
        );
    }
    out
}
