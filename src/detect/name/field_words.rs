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

/// Words of fields whose values are names of other things than persons, without accents.
#[rustfmt::skip] // as above
pub const FIELD_OTHERS: &[&str] = &[
    // places
    "city", "town", "village", "municipality", "place", "region", "state", "province", "county",
    "district", "suburb", "neighborhood", "neighbourhood", "borough", "country", "continent",
    "location", "locality", "station", "stop", "airport", "headsign", "street", "road", "venue",
    "hotel", "restaurant", "island", "river", "lake", "mountain", "park", "capital", "timezone",
    "stadt", "ort", "ortsteil", "gemeinde", "bundesland", "land", "landkreis", "kreis", "bahnhof",
    "haltestelle", "flughafen", "strasse", "strase", "stadtteil", "standort",
    "ville", "commune", "lieu", "departement", "pays", "gare", "arret", "aeroport", "rue",
    "quartier",
    "ciudad", "municipio", "pueblo", "lugar", "localidad", "provincia", "comunidad", "estado",
    "pais", "estacion", "parada", "aeropuerto", "calle", "barrio", "ubicacion",
    "citta", "comune", "luogo", "localita", "regione", "paese", "stato", "stazione", "fermata",
    "aeroporto", "via", "strada", "quartiere", "albergo", "cidade", "bairro",
    // things
    "title", "product", "item", "model", "brand", "make", "category", "genre", "song", "track",
    "album", "movie", "film", "book", "game", "course", "subject", "currency", "language",
    "locale", "species", "breed", "browser", "device", "os", "platform", "app", "application",
    "software", "color", "colour",
    "titel", "produkt", "artikel", "modell", "marke", "kategorie", "lied", "buch", "spiel",
    "kurs", "wahrung", "sprache", "gerat", "farbe",
    "titre", "produit", "article", "modele", "marque", "categorie", "chanson", "livre", "jeu",
    "cours", "devise", "monnaie", "langue", "espece", "appareil", "couleur", "navigateur",
    "titulo", "producto", "articulo", "modelo", "marca", "categoria", "genero", "cancion",
    "pelicula", "libro", "juego", "curso", "moneda", "idioma", "especie", "dispositivo",
    "navegador",
    "titolo", "prodotto", "articolo", "modello", "genere", "canzone", "libro", "gioco", "corso",
    "valuta", "lingua", "colore",
    // bodies
    "company", "organisation", "organization", "employer", "school", "university", "college",
    "hospital", "team", "department", "division", "vendor", "supplier", "merchant", "store",
    "shop", "bank", "institution", "league", "club",
    "firma", "unternehmen", "organisation", "arbeitgeber", "schule", "universitat", "abteilung",
    "mannschaft", "verein", "krankenhaus",
    "societe", "entreprise", "employeur", "ecole", "universite", "equipe", "service", "banque",
    "empresa", "organizacion", "empleador", "escuela", "colegio", "universidad", "equipo",
    "departamento", "hospital", "banco",
    "azienda", "societa", "organizzazione", "scuola", "universita", "squadra", "dipartimento",
    "reparto", "ospedale", "banca",
];

/// Words that make such a field one of persons after all (`company_contact`, `hotelGuest`).
#[rustfmt::skip] // as above
pub const FIELD_PERSONS: &[&str] = &[
    "person", "people", "contact", "customer", "client", "patient", "employee", "applicant",
    "beneficiary", "payee", "payer", "cardholder", "holder", "insured", "owner", "tenant", "guest",
    "passenger", "student", "teacher", "professor", "instructor", "doctor", "physician", "nurse",
    "recipient", "sender", "author", "writer", "artist", "singer", "actor", "actress", "director",
    "signatory", "manager", "supervisor", "head", "leader", "lead", "chief", "ceo", "president",
    "principal", "mayor", "governor", "minister", "coach", "player", "captain", "driver", "agent",
    "representative", "founder", "spouse", "guardian", "member", "subscriber", "user", "staff",
    "buyer", "seller", "by", "firstname", "lastname", "surname", "fullname",
    "kontakt", "ansprechpartner", "kunde", "kundin", "mitarbeiter", "inhaber", "leiter", "autor",
    "lehrer", "fahrer", "spieler", "trainer", "vorname", "nachname", "personne", "employe",
    "titulaire", "auteur", "directeur", "responsable", "prenom", "persona", "contacto", "cliente",
    "paciente", "empleado", "titular", "autora", "gerente", "apellido", "persone", "contatto",
    "dipendente", "intestatario", "autore", "direttore", "responsabile", "cognome",
];
