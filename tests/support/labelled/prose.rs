//! Letters, mails, chats and forms, in the languages of the countries.

use super::kinds::{self, KINDS, Kind};
use super::mark::{aside, maybe};
use super::people::{LANDS, Land, land};
use super::rng::Rng;

/// A letter of one country: head, some sentences, foot.
pub fn letter(rng: &mut Rng, land: &Land) -> String {
    let (sender, receiver, third) = (land.person(rng), land.person(rng), land.person(rng));
    let firm = land.firm(rng);
    let today = land.day(rng);
    let (from, to) = (land.address(rng, "\n"), land.address(rng, "\n"));
    let body = sentences(rng, land, &third.name(), firm);
    let (dear, greeting, phone) = match land.code {
        "DE" => (
            format!("Sehr geehrte Frau {},", maybe("NAME", &receiver.family)),
            "Mit freundlichen Grüßen",
            "Tel.",
        ),
        "FR" => (
            format!("Cher Monsieur {},", maybe("NAME", &receiver.family)),
            "Veuillez agréer mes salutations distinguées",
            "Tél. :",
        ),
        "ES" => (
            format!("Estimada señora {}:", maybe("NAME", &receiver.family)),
            "Atentamente,",
            "Teléfono:",
        ),
        "IT" => (
            format!("Gentile Signor {},", maybe("NAME", &receiver.family)),
            "Cordiali saluti",
            "Tel.:",
        ),
        "BR" => (
            format!("Prezada Senhora {},", maybe("NAME", &receiver.family)),
            "Atenciosamente,",
            "Telefone:",
        ),
        _ => (
            format!("Dear {},", receiver.name()),
            "Kind regards,",
            "Phone:",
        ),
    };
    format!(
        "{}\n{from}\n{phone} {}\n\n{}\n{to}\n\n{today}\n\n{dear}\n\n{body}\n\n{greeting}\n{}\n{firm}\n\n\n",
        sender.name(),
        land.phone(rng),
        receiver.name(),
        sender.name()
    )
}

fn sentences(rng: &mut Rng, land: &Land, third: &str, firm: &str) -> String {
    let kinds = kinds::of(land.code);
    let number = |rng: &mut Rng| {
        let kind: &Kind = rng.pick(&kinds);
        (kind.title(rng), kind.value(rng))
    };
    let mut out = Vec::new();
    for _ in 0..4 {
        let (title, value) = match kinds.is_empty() {
            true => ("reference", rng.number(5)),
            false => number(rng),
        };
        let birth = land.birth(rng);
        let address = land.address(rng, ", ");
        let phone = land.phone(rng);
        let other = land.person(rng).name();
        let due = land.day(rng);
        let invoice = rng.number(7);
        let all: Vec<String> = match land.code {
            "DE" => vec![
                format!(
                    "anbei erhalten Sie die Unterlagen zu Rechnung {invoice}, fällig am {due}."
                ),
                format!("Als {title} haben wir {value} notiert."),
                format!("Frau {other}, geboren am {birth}, wohnt seit Mai in der Wohnung."),
                format!("Die neue Anschrift lautet {address}."),
                format!("Bei Fragen erreichen Sie {third} unter {phone}."),
                format!("Die {firm} hat ihren Sitz im Goethe-Haus am Schillerplatz."),
            ],
            "FR" => vec![
                format!("Veuillez trouver ci-joint la facture {invoice}, à régler avant le {due}."),
                format!("{title} : {value}."),
                format!("Madame {other}, née le {birth}, nous a écrit hier."),
                format!("Sa nouvelle adresse est {address}."),
                format!("Vous pouvez joindre {third} au {phone}."),
                format!("La société {firm} se trouve près de la gare Saint-Lazare."),
            ],
            "ES" => vec![
                format!("Le enviamos la factura {invoice}, con vencimiento el {due}."),
                format!("{title}: {value}."),
                format!("Doña {other}, nacida el {birth}, firmó el contrato."),
                format!("La nueva dirección es {address}."),
                format!("Puede llamar a {third} al {phone}."),
                format!("La empresa {firm} está junto a la Plaza de España."),
            ],
            "IT" => vec![
                format!("Le inviamo la fattura {invoice}, in scadenza il {due}."),
                format!("{title}: {value}."),
                format!("La signora {other}, nata il {birth}, ha firmato ieri."),
                format!("Il nuovo indirizzo è {address}."),
                format!("Può contattare {third} al numero {phone}."),
                format!("La società {firm} ha sede in Palazzo Vecchio."),
            ],
            "BR" => vec![
                format!("Segue a fatura {invoice}, com vencimento em {due}."),
                format!("{title}: {value}."),
                format!("A senhora {other}, nascida em {birth}, assinou o contrato."),
                format!("O novo endereço é {address}."),
                format!("Fale com {third} pelo telefone {phone}."),
                format!("A empresa {firm} fica perto da Praça da Sé."),
            ],
            _ => vec![
                format!("Please find enclosed invoice {invoice}, due on {due}."),
                format!("We have your {title} as {value}; tell us if that is wrong."),
                format!("{other}, born {birth}, has moved out of the flat."),
                format!("The new address is {address}."),
                format!("Ask {third} at {phone} if anything is unclear."),
                format!("{firm} has its office in Lincoln House, next to Victoria Station."),
                format!(
                    "Last week {third} and {other} met the auditors from Morgan Stanley in Charlotte."
                ),
                format!("According to {other}, the board of {firm} will vote in June."),
            ],
        };
        let chosen = rng.range(0, all.len() as u64) as usize;
        out.push(
            all.into_iter()
                .nth(chosen)
                .expect("chosen below the length"),
        );
    }
    out.join(" ")
}

/// A mail with its head.
pub fn mail(rng: &mut Rng, land: &Land) -> String {
    let (from, to) = (land.person(rng), land.person(rng));
    let third = land.person(rng).name();
    let firm = land.firm(rng);
    format!(
        "From: {} <{}>\nTo: {} <{}>\nSubject: Re: Ticket INC{} (Q{} review)\nDate: Tue, 14 May 2024 0{}:{}:07 +0200\nMessage-ID: <{}>\n\n{}\n\n-- \n{}\n{firm}\nTel: {}\n\n",
        from.name(),
        from.mail(rng),
        to.name(),
        to.mail(rng),
        rng.number(7),
        rng.range(1, 5),
        rng.range(1, 10),
        rng.range(10, 60),
        maybe("EMAIL_ADDRESS", format!("{}@mail.example.net", rng.uuid())),
        sentences(rng, land, &third, firm),
        from.name(),
        land.phone(rng)
    )
}

/// A chat in a help desk.
pub fn chat(rng: &mut Rng, lines: usize) -> String {
    let mut out = String::new();
    for i in 0..lines {
        let land = rng.one(&LANDS);
        let person = land.person(rng);
        let all = kinds::of(land.code);
        let text = match rng.range(0, 12) {
            0 => format!("hi, this is {} again", person.name()),
            1 => format!("you can reach me on {}", land.phone(rng)),
            2 => format!("my date of birth is {}", land.birth(rng)),
            3 if !all.is_empty() => {
                let kind: &Kind = rng.pick(&all);
                format!("my {} is {}", kind.title(rng), kind.value(rng))
            }
            4 => format!("ship it to {} please", land.address(rng, ", ")),
            5 => format!(
                "the order number is {}, bought on 12/03/2024",
                rng.number(9)
            ),
            6 => "ok thanks! will do".to_owned(),
            7 => "what is your phone number?".to_owned(),
            8 => format!(
                "i upgraded to 14.{}.{} and it crashes",
                rng.range(0, 9),
                rng.range(0, 20)
            ),
            9 => "Will this work with Apple Pay on Black Friday?".to_owned(),
            10 => format!("write to {}", person.mail(rng)),
            _ => "can i speak to Customer Support about the Berkshire Hathaway fund".to_owned(),
        };
        out += &format!(
            "[{:02}:{:02}] {}: {text}\n",
            9 + i / 60 % 10,
            i % 60,
            rng.pick(&["agent7", "guest-4411", "customer", "bot"])
        );
    }
    out
}

/// A filled form: `Field: value`, all numbers of a country.
pub fn form(rng: &mut Rng, land: &Land) -> String {
    let w: [&str; 6] = match land.code {
        "DE" => [
            "Name",
            "Geburtsdatum",
            "Anschrift",
            "Telefon",
            "E-Mail",
            "Antrag vom",
        ],
        "FR" => [
            "Nom et prénom",
            "Date de naissance",
            "Adresse",
            "Téléphone",
            "Courriel",
            "Demande du",
        ],
        "ES" => [
            "Nombre y apellidos",
            "Fecha de nacimiento",
            "Dirección",
            "Teléfono",
            "Correo electrónico",
            "Solicitud del",
        ],
        "IT" => [
            "Nome e cognome",
            "Data di nascita",
            "Indirizzo",
            "Telefono",
            "E-mail",
            "Domanda del",
        ],
        "BR" => [
            "Nome completo",
            "Data de nascimento",
            "Endereço",
            "Telefone",
            "E-mail",
            "Pedido de",
        ],
        _ => [
            "Full name",
            "Date of birth",
            "Address",
            "Phone",
            "Email",
            "Application date",
        ],
    };
    let person = land.person(rng);
    let mut out = format!(
        "{}: {}\n{}: {}\n{}: {}\n{}: {}\n{}: {}\n{}: {}\n",
        w[0],
        person.name(),
        w[1],
        land.birth(rng),
        w[2],
        land.address(rng, ", "),
        w[3],
        land.phone(rng),
        w[4],
        person.mail(rng),
        w[5],
        land.day(rng)
    );
    for kind in kinds::of(land.code) {
        out += &format!("{}: {}\n", kind.title(rng), kind.value(rng));
    }
    out + "----------------------------------------\n"
}

/// The numbers of all countries, several forms of writing a field.
pub fn all_numbers(rng: &mut Rng, rounds: usize) -> String {
    let mut out = String::new();
    for round in 0..rounds {
        for kind in KINDS {
            let (title, value) = (kind.title(rng), kind.value(rng));
            out += &match round % 4 {
                0 => format!("{title}: {value}\n"),
                1 => format!("- {title} = {value};\n"),
                2 => format!("{title}\t{value}\n"),
                _ => format!("{title} {value} (checked)\n"),
            };
            // what stands between keeps one keyword from counting for the next
            out += rng.pick(&[
                "........................................\n\n",
                "\n===== next entry of the register =====\n\n",
            ]);
        }
    }
    out
}

/// Pages of a web shop's own content: people's names in it are those of no person.
pub fn page(rng: &mut Rng, code: &str) -> String {
    let land = land(code);
    let person = land.person(rng);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Account - {}</title><meta name=\"build\" content=\"{}\"></head>\n<body>\n<nav><a href=\"/st-james\">St. James Collection</a> <a href=\"/help\">Contact Us</a> <a href=\"/washington\">Washington Square</a></nav>\n\
         <h1>Welcome back, {}</h1>\n<table>\n<tr><th>Phone</th><td>{}</td></tr>\n<tr><th>Date of birth</th><td>{}</td></tr>\n<tr><th>Delivery address</th><td>{}</td></tr>\n<tr><th>Order</th><td>{}</td></tr>\n</table>\n<script src=\"/js/app.{}.js\"></script>\n<footer>&copy; 2024 {}</footer>\n</body></html>\n",
        "Martin Luther King Library Shop",
        rng.hex(12),
        person.name(),
        land.phone(rng),
        land.birth(rng),
        land.address(rng, ", "),
        rng.number(9),
        rng.hex(20),
        super::mark::html(&aside(land.firm(rng)))
    )
}
