//! Word lists of dates: months in seven languages, link words, words of other dates, keywords.

/// Words for a birth date beyond Macie's list (`bday`, `b-day`, `birth date`, `birthday`,
/// `date of birth`, `dob`), lower case; a space also stands for nothing, `_` or `-`.
pub const BIRTH_KEYWORDS_EXTRA: &[&str] = &[
    "birthdate",
    "birth day",
    "birth dt",
    "born",
    "born on",
    "d.o.b",
    "d.o.b.",
    "dateofbirth",
    "birth d",
    // German
    "geburtsdatum",
    "geburtstag",
    "geboren",
    "geboren am",
    "geb.",
    "geb. am",
    // French
    "date de naissance",
    "naissance",
    "né le",
    "née le",
    "né(e) le",
    "ne le",
    "nee le",
    // Spanish
    "fecha de nacimiento",
    "fecha nacimiento",
    "fec nac",
    "fecha nac",
    "nacimiento",
    "nacido el",
    "nacida el",
    // Italian
    "data di nascita",
    "data nascita",
    "nato il",
    "nata il",
    // Portuguese
    "data de nascimento",
    "data nascimento",
    "dt nascimento",
    "dt nasc",
    "nascimento",
    "nascido em",
    "nascida em",
    // Dutch, Polish, Swedish, Danish
    "geboortedatum",
    "data urodzenia",
    "födelsedatum",
    "fødselsdato",
];

/// Words for a card's expiry beyond Macie's list (`exp d`, `exp m`, `exp y`, `expiration`,
/// `expiry`), lower case; a space also stands for nothing, `_` or `-`.
pub const EXPIRY_KEYWORDS_EXTRA: &[&str] = &[
    "exp date",
    "exp month",
    "exp year",
    "exp.",
    "expires",
    "valid thru",
    "valid through",
    "good thru",
    "card exp",
    "cc exp",
    "gültig bis",
    "date d'expiration",
    "expire fin",
    "caducidad",
    "fecha de vencimiento",
    "scadenza",
    "validade",
];

/// Month of a lower-case name or abbreviation, 1 to 12.
pub(super) fn month(word: &[u8]) -> Option<u8> {
    let name = std::str::from_utf8(word).ok()?;
    Some(match name {
        "jan" | "january" | "januar" | "jänner" | "jän" | "janvier" | "janv" | "enero" | "ene"
        | "gennaio" | "gen" | "janeiro" | "januari" => 1,
        "feb" | "february" | "februar" | "feber" | "février" | "fevrier" | "févr" | "fevr"
        | "fév" | "fev" | "febrero" | "febbraio" | "fevereiro" | "februari" => 2,
        "mar" | "march" | "märz" | "maerz" | "mrz" | "mär" | "mars" | "marzo" | "março"
        | "marco" | "maart" | "mrt" => 3,
        "apr" | "april" | "avril" | "avr" | "abril" | "abr" | "aprile" => 4,
        "may" | "mai" | "mayo" | "maggio" | "mag" | "maio" | "mei" => 5,
        "jun" | "june" | "juni" | "juin" | "junio" | "giugno" | "giu" | "junho" => 6,
        "jul" | "july" | "juli" | "juillet" | "juil" | "julio" | "luglio" | "lug" | "julho" => 7,
        "aug" | "august" | "août" | "aout" | "agosto" | "ago" | "augustus" => 8,
        "sep" | "sept" | "september" | "septembre" | "septiembre" | "setiembre" | "set"
        | "settembre" | "sett" | "setembro" => 9,
        "oct" | "october" | "oktober" | "okt" | "octobre" | "octubre" | "ottobre" | "ott"
        | "outubro" | "out" => 10,
        "nov" | "november" | "novembre" | "noviembre" | "novembro" => 11,
        "dec" | "december" | "dezember" | "dez" | "décembre" | "decembre" | "déc" | "diciembre"
        | "dic" | "dicembre" | "dezembro" => 12,
        _ => return None,
    })
}

/// A day of the week, full or short, in the same languages; it may open a date.
pub(super) fn weekday(word: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(word) else {
        return false;
    };
    matches!(
        name,
        "mon"
            | "monday"
            | "tue"
            | "tues"
            | "tuesday"
            | "wed"
            | "wednesday"
            | "thu"
            | "thurs"
            | "thursday"
            | "fri"
            | "friday"
            | "sat"
            | "saturday"
            | "sun"
            | "sunday"
            | "montag"
            | "dienstag"
            | "mittwoch"
            | "donnerstag"
            | "freitag"
            | "samstag"
            | "sonntag"
            | "lundi"
            | "mardi"
            | "mercredi"
            | "jeudi"
            | "vendredi"
            | "samedi"
            | "dimanche"
            | "lunes"
            | "martes"
            | "miércoles"
            | "jueves"
            | "viernes"
            | "sábado"
            | "domingo"
            | "lunedì"
            | "martedì"
            | "mercoledì"
            | "giovedì"
            | "venerdì"
            | "sabato"
            | "domenica"
            | "maandag"
            | "dinsdag"
            | "woensdag"
            | "donderdag"
            | "vrijdag"
            | "zaterdag"
            | "zondag"
    )
}

/// Words that may stand between a keyword and its date without loosening the tie.
pub(super) fn link(word: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(word) else {
        return false;
    };
    matches!(
        name,
        "is" | "was"
            | "on"
            | "the"
            | "of"
            | "s"
            | "my"
            | "his"
            | "her"
            | "their"
            | "your"
            | "our"
            | "this"
            | "as"
            | "are"
            | "date"
            | "day"
            | "dd"
            | "mm"
            | "yy"
            | "yyyy"
            | "ddmmyyyy"
            | "mmddyyyy"
            | "yyyymmdd"
            | "dt"
            | "value"
            | "val"
            | "v"
            | "text"
            | "iso"
            | "str"
            | "string"
            | "raw"
            | "le"
            | "la"
            | "e"
            | "el"
            | "il"
            | "em"
            | "am"
            | "den"
            | "op"
            | "est"
            | "es"
            | "ist"
            | "war"
            | "born"
            | "birth"
            | "birthday"
            | "dob"
            | "du"
            | "it"
            | "td"
            | "th"
            | "span"
            | "b"
            | "strong"
            | "p"
            | "br"
            | "li"
            | "around"
            | "about"
            | "approx"
            | "c"
            | "n"
            | "nbsp"
            | "quot"
            | "u"
    )
}

/// Words that claim the date beside them for something other than a birth, or that make of a
/// birthday an event.
pub(super) fn other_date(word: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(word) else {
        return false;
    };
    matches!(
        name,
        "created"
            | "create"
            | "creation"
            | "updated"
            | "update"
            | "modified"
            | "changed"
            | "change"
            | "last"
            | "edited"
            | "verified"
            | "verify"
            | "checked"
            | "validated"
            | "confirmed"
            | "recorded"
            | "entered"
            | "logged"
            | "login"
            | "signed"
            | "signup"
            | "registered"
            | "registration"
            | "joined"
            | "join"
            | "since"
            | "start"
            | "started"
            | "end"
            | "ended"
            | "ends"
            | "expires"
            | "expiry"
            | "expiration"
            | "expired"
            | "exp"
            | "valid"
            | "until"
            | "issued"
            | "issue"
            | "effective"
            | "hired"
            | "hire"
            | "admitted"
            | "admission"
            | "discharge"
            | "discharged"
            | "visit"
            | "visited"
            | "appointment"
            | "died"
            | "death"
            | "deceased"
            | "dod"
            | "married"
            | "marriage"
            | "wedding"
            | "timestamp"
            | "time"
            | "ts"
            | "at"
            | "sent"
            | "send"
            | "reminder"
            | "remind"
            | "reminded"
            | "notification"
            | "notify"
            | "notified"
            | "event"
            | "events"
            | "party"
            | "card"
            | "cards"
            | "gift"
            | "sale"
            | "offer"
            | "coupon"
            | "bonus"
            | "promo"
            | "promotion"
            | "campaign"
            | "email"
            | "mail"
            | "message"
            | "wishes"
            | "celebration"
            | "celebrated"
            | "due"
            | "scheduled"
            | "schedule"
            | "deadline"
            | "released"
            | "release"
            | "version"
            | "build"
            | "job"
            | "run"
            | "batch"
            | "report"
            | "received"
            | "processed"
            | "imported"
            | "exported"
            | "synced"
            | "loaded"
            | "deleted"
            | "removed"
            | "missing"
            | "null"
            | "none"
            | "unknown"
            | "invalid"
            | "failed"
            | "error"
            | "today"
            | "now"
            | "yesterday"
            | "tomorrow"
            | "before"
            | "after"
            | "gestorben"
            | "décès"
            | "erstellt"
            | "créé"
            | "creado"
            | "paid"
            | "purchased"
            | "ordered"
            | "shipped"
            | "delivered"
            | "booked"
    )
}

/// Words that say an expiry is not a card's.
pub(super) fn other_expiry(word: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(word) else {
        return false;
    };
    matches!(
        name,
        "token"
            | "tokens"
            | "cookie"
            | "cookies"
            | "session"
            | "cert"
            | "certificate"
            | "ssl"
            | "tls"
            | "cache"
            | "cached"
            | "lease"
            | "password"
            | "passwd"
            | "domain"
            | "license"
            | "licence"
            | "key"
            | "keys"
            | "secret"
            | "object"
            | "lifecycle"
            | "url"
            | "jwt"
            | "ttl"
            | "passport"
            | "visa"
            | "contract"
            | "policy"
            | "coupon"
            | "offer"
            | "food"
            | "product"
            | "batch"
            | "lot"
            | "option"
            | "options"
            | "trial"
            | "subscription"
    )
}
