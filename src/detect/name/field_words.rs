//! Which column names and keys hold persons' names: words for and against. How a name is split and
//! compared is in `field.rs`.

/// Column names and keys that hold names, as lower-case words joined with single spaces. A field is
/// one of names when its words end with one of these, or begin with one of two words or more.
#[rustfmt::skip] // one word a line would hide the list
pub const FIELD_KEYWORDS: &[&str] = &[
    "name", "full name", "fullname", "person name", "display name", "legal name", "contact",
    "contact name", "customer", "client", "patient", "employee", "applicant", "beneficiary",
    "payee", "payer", "cardholder", "holder", "account holder", "policy holder", "policyholder",
    "insured", "insurer name", "owner", "tenant", "guest", "passenger", "student", "teacher",
    "doctor", "physician", "provider name", "recipient", "sender", "author", "signatory",
    "manager", "supervisor", "spouse", "guardian", "next of kin", "emergency contact",
    "agent name", "member", "subscriber", "nombre", "nombre completo", "nombre y apellidos",
    "titular", "cliente", "paciente", "empleado", "nom", "nom complet", "nom et prenom",
    "prenom nom", "titulaire", "salarie", "vollstandiger name", "vor und nachname", "kunde",
    "kundin", "kundenname", "mitarbeiter", "mitarbeitername", "patientenname", "ansprechpartner",
    "kontoinhaber", "inhaber", "versicherter", "name des kunden", "nome", "nome completo",
    "nome e cognome", "intestatario", "dipendente", "funcionario", "titular da conta", "naam",
    "volledige naam", "klant", "klantnaam", "medewerker",
];

/// Words that make a field with a keyword one of other things.
#[rustfmt::skip] // as above
pub const FIELD_VETOES: &[&str] = &[
    "file", "filename", "host", "hostname", "server", "domain", "product", "item", "class",
    "method", "function", "module", "package", "bucket", "object", "table", "column", "field",
    "database", "db", "schema", "index", "key", "role", "group", "team", "company",
    "organization", "organisation", "org", "business", "firm", "vendor", "supplier", "merchant",
    "brand", "store", "shop", "bank", "school", "university", "hospital", "department", "project",
    "app", "application", "service", "event", "metric", "queue", "topic", "stream", "log",
    "logger", "thread", "process", "job", "task", "pod", "node", "cluster", "container", "image",
    "namespace", "region", "zone", "city", "state", "country", "county", "street", "place",
    "location", "user", "username", "login", "screen", "nick", "first", "last", "middle", "given",
    "family", "maiden", "sur", "id", "type", "code", "number", "no", "count", "email", "mail",
    "phone", "date", "time", "status", "url", "uri", "path", "folder", "dir", "directory",
    "device", "model", "machine", "interface", "network", "policy name", "rule", "template",
    "tag", "label", "category", "title", "song", "album", "movie", "book", "game", "variable",
    "parameter", "param", "attribute", "property", "feature", "test", "build", "branch", "repo",
    "repository", "library", "driver", "plugin", "extension", "species", "drug", "medication",
    "amount", "balance", "address", "page", "website", "version", "name space", "currency",
    "language", "color", "font", "empresa", "firma", "firmenname", "unternehmen", "societe",
    "entreprise", "azienda", "produit", "producto", "prodotto", "produkt", "fichier", "archivo",
    "datei", "dateiname", "benutzer", "benutzername", "usuario", "utilisateur", "vorname",
    "nachname", "prenom", "apellido",
];
