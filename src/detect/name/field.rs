//! Names in fields: values of a column or key that says it holds a person's name.
//!
//! There a name may be in lower case, in capitals or unknown to every list; a company or a single
//! word is still none.

use super::NameMatch;
use super::find_all;
use super::score::{self, THRESHOLD};
use super::table::Class;
use super::word::{self, Shape, Word};

/// Column names and keys that hold names, as lower-case words joined with single spaces. A field is
/// one of names when its words end or begin with one of these.
pub const FIELD_KEYWORDS: &[&str] = &[
    "name",
    "full name",
    "fullname",
    "person name",
    "display name",
    "legal name",
    "contact",
    "contact name",
    "customer",
    "client",
    "patient",
    "employee",
    "applicant",
    "beneficiary",
    "payee",
    "payer",
    "cardholder",
    "holder",
    "account holder",
    "policy holder",
    "policyholder",
    "insured",
    "insurer name",
    "owner",
    "tenant",
    "guest",
    "passenger",
    "student",
    "teacher",
    "doctor",
    "physician",
    "provider name",
    "recipient",
    "sender",
    "author",
    "signatory",
    "manager",
    "supervisor",
    "spouse",
    "guardian",
    "next of kin",
    "emergency contact",
    "agent name",
    "member",
    "subscriber",
    "nombre",
    "nombre completo",
    "nombre y apellidos",
    "titular",
    "cliente",
    "paciente",
    "empleado",
    "nom",
    "nom complet",
    "nom et prenom",
    "prenom nom",
    "titulaire",
    "salarie",
    "vollstandiger name",
    "vor und nachname",
    "kunde",
    "kundin",
    "kundenname",
    "mitarbeiter",
    "mitarbeitername",
    "patientenname",
    "ansprechpartner",
    "kontoinhaber",
    "inhaber",
    "versicherter",
    "name des kunden",
    "nome",
    "nome completo",
    "nome e cognome",
    "intestatario",
    "dipendente",
    "funcionario",
    "titular da conta",
    "naam",
    "volledige naam",
    "klant",
    "klantnaam",
    "medewerker",
];

/// Words that make a field with a keyword one of other things.
pub const FIELD_VETOES: &[&str] = &[
    "file",
    "filename",
    "host",
    "hostname",
    "server",
    "domain",
    "product",
    "item",
    "class",
    "method",
    "function",
    "module",
    "package",
    "bucket",
    "object",
    "table",
    "column",
    "field",
    "database",
    "db",
    "schema",
    "index",
    "key",
    "role",
    "group",
    "team",
    "company",
    "organization",
    "organisation",
    "org",
    "business",
    "firm",
    "vendor",
    "supplier",
    "merchant",
    "brand",
    "store",
    "shop",
    "bank",
    "school",
    "university",
    "hospital",
    "department",
    "project",
    "app",
    "application",
    "service",
    "event",
    "metric",
    "queue",
    "topic",
    "stream",
    "log",
    "logger",
    "thread",
    "process",
    "job",
    "task",
    "pod",
    "node",
    "cluster",
    "container",
    "image",
    "namespace",
    "region",
    "zone",
    "city",
    "state",
    "country",
    "county",
    "street",
    "place",
    "location",
    "user",
    "username",
    "login",
    "screen",
    "nick",
    "first",
    "last",
    "middle",
    "given",
    "family",
    "maiden",
    "sur",
    "id",
    "type",
    "code",
    "number",
    "no",
    "count",
    "email",
    "mail",
    "phone",
    "date",
    "time",
    "status",
    "url",
    "uri",
    "path",
    "folder",
    "dir",
    "directory",
    "device",
    "model",
    "machine",
    "interface",
    "network",
    "policy name",
    "rule",
    "template",
    "tag",
    "label",
    "category",
    "title",
    "song",
    "album",
    "movie",
    "book",
    "game",
    "variable",
    "parameter",
    "param",
    "attribute",
    "property",
    "feature",
    "test",
    "build",
    "branch",
    "repo",
    "repository",
    "library",
    "driver",
    "plugin",
    "extension",
    "species",
    "drug",
    "medication",
    "amount",
    "balance",
    "address",
    "page",
    "website",
    "version",
    "name space",
    "currency",
    "language",
    "color",
    "font",
    "empresa",
    "firma",
    "firmenname",
    "unternehmen",
    "societe",
    "entreprise",
    "azienda",
    "produit",
    "producto",
    "prodotto",
    "produkt",
    "fichier",
    "archivo",
    "datei",
    "dateiname",
    "benutzer",
    "benutzername",
    "usuario",
    "utilisateur",
    "vorname",
    "nachname",
    "prenom",
    "apellido",
];

/// Splits a column name or key into lower-case words: at marks, `_` and camelCase edges.
fn split(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut current = String::new();
    let mut lower_before = false;
    for ch in name.chars() {
        let alphanumeric = ch.is_alphanumeric();
        if (!alphanumeric || ch.is_uppercase() && lower_before) && !current.is_empty() {
            words.push(std::mem::take(&mut current));
        }
        if alphanumeric {
            current.extend(word::fold_char(ch));
        }
        lower_before = ch.is_lowercase();
    }
    if !current.is_empty() {
        words.push(current);
    }
    words
}

/// Whether a column name or the last part of a key path says that its values are persons' names.
pub fn is_name_field(name: &str) -> bool {
    if name.len() > 64 {
        return false;
    }
    let words = split(name);
    if words.is_empty() || words.len() > 5 {
        return false;
    }
    let joined = words.join(" ");
    // exact keywords first: "name des kunden", "prenom nom"
    if FIELD_KEYWORDS.contains(&joined.as_str()) {
        return true;
    }
    if words.iter().any(|w| FIELD_VETOES.contains(&w.as_str())) {
        return false;
    }
    FIELD_KEYWORDS.iter().any(|k| {
        joined
            .strip_suffix(k)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
            || k.contains("name")
                && joined
                    .strip_prefix(k)
                    .is_some_and(|rest| rest.starts_with(' ') && !k.eq(&"name"))
    })
}

/// The name that a value of a name field holds: the whole value, less space, quotes and titles around it.
///
/// `names` are the column name, or the elements of the path from the root; the last decides.
pub fn in_field(value: &[u8], names: &[&str]) -> Option<NameMatch> {
    if !names.last().is_some_and(|n| is_name_field(n)) {
        return None;
    }
    value_of_name_field(value)
}

/// As [`in_field`], where the field is known to hold names.
pub fn value_of_name_field(value: &[u8]) -> Option<NameMatch> {
    if value.len() > 96 {
        return None;
    }
    let mut words: Vec<Word> = Vec::with_capacity(6);
    let mut comma = None;
    let mut at = 0;
    while let Some(&byte) = value.get(at) {
        if let Some(word) = word::read(value, at) {
            if word.shape == Shape::Odd
                && word.entry == super::table::Entry::NONE
                && !word.hyphen
                && word.letters < 2
                || word::wordy(value, word.end)
                || words.len() == 8
            {
                return None;
            }
            at = word.end.max(at + 1);
            words.push(word);
            continue;
        }
        match byte {
            b' ' | b'\t' | b'"' | b'\'' | b'.' | b'(' | b')' => {}
            b',' if comma.is_none() => comma = Some(words.len()),
            0xc2 if value.get(at + 1) == Some(&0xa0) => at += 1,
            _ => return None,
        }
        at += 1;
    }
    // titles and degrees are no part of the name
    let is_title = |w: &Word| {
        w.entry.class == Class::Title && (w.entry.first < 8 || value.get(w.end) == Some(&b'.'))
    };
    let skip = words.iter().take_while(|w| is_title(w)).count();
    let mut end = words.len();
    while end > skip && words[end - 1].entry.class == Class::Suffix && words[end - 1].entry.last < 6
    {
        end -= 1;
    }
    if comma.is_some_and(|c| c >= end) {
        comma = None;
    }
    let names = words.get(skip..end)?;
    let full = names
        .iter()
        .filter(|w| w.shape != Shape::Initial && w.entry.class != Class::Particle && w.letters >= 2)
        .count();
    if names.len() < 2
        || names.len() > 6
        || full == 0
        || full == 1 && names.len() == 2 && comma.is_none() && names[1].shape == Shape::Initial
    {
        return None;
    }
    if let Some(c) = comma
        && (c <= skip || c >= end)
    {
        return None;
    }
    let mut bits = 0;
    let mut strong = false;
    for (i, w) in names.iter().enumerate() {
        bits += match (w.shape, w.entry.class) {
            (Shape::Initial, _) => 1,
            (_, Class::Particle) if i > 0 => 1,
            (_, Class::Organisation | Class::Function | Class::Article | Class::Locative) => {
                return None;
            }
            _ => {
                let best = score::given(w).max(score::family(w));
                strong |= best >= 4;
                best.max(-8)
            }
        };
    }
    // the field speaks for a name; the words must not speak against it
    let first = names.first().map(score::given).unwrap_or(0);
    let needed = if strong {
        2
    } else if first >= 0 {
        -2
    } else {
        -3
    };
    if bits < needed || word::is_phrase(value, names) {
        return None;
    }
    let range = names.first()?.start..names.last()?.end;
    let plain = find_all(value).first().map_or(0.0, |m| m.confidence);
    let confidence = score::confidence(bits + THRESHOLD - 2).max(plain);
    Some(NameMatch { range, confidence })
}
