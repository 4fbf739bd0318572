//! Which fields hold names, and which of their values are one.

use magpie::detect::name::{FieldHint, field_hint, in_field};

#[test]
fn fields_of_names() {
    let mut wrong = Vec::new();
    for field in [
        "name",
        "Name",
        "full_name",
        "fullName",
        "FULL NAME",
        "customerName",
        "customer_name",
        "Customer Name",
        "patient",
        "patientName",
        "employee",
        "employee_full_name",
        "contact name",
        "contactName",
        "account holder",
        "accountHolderName",
        "cardholder_name",
        "beneficiary",
        "emergency_contact",
        "emergencyContactName",
        "tenant",
        "doctor",
        "author",
        "recipientName",
        "sender_name",
        "nombre",
        "Nombre completo",
        "nombre_cliente",
        "nom",
        "Nom et prénom",
        "nom_client",
        "Name des Kunden",
        "Kundenname",
        "Kontoinhaber",
        "Ansprechpartner",
        "nome",
        "Nome e cognome",
        "nome_cliente",
        "naam",
        "shippingName",
        "billing_name",
        "applicant_name_1",
    ] {
        if field_hint(&[field]).is_none() {
            wrong.push(field);
        }
    }
    assert!(wrong.is_empty(), "hold names: {wrong:?}");
}

#[test]
fn fields_of_other_things() {
    let mut wrong = Vec::new();
    for field in [
        "",
        "file name",
        "fileName",
        "filename",
        "hostname",
        "host_name",
        "product name",
        "productName",
        "class name",
        "className",
        "user name",
        "username",
        "bucket name",
        "bucketName",
        "table_name",
        "company_name",
        "Company Name",
        "server.name",
        "appName",
        "application_name",
        "service_name",
        "department",
        "team name",
        "job_name",
        "queue_name",
        "logger_name",
        "thread_name",
        "city name",
        "street_name",
        "country",
        "bank name",
        "employer",
        "customer_id",
        "customerId",
        "patient_number",
        "contact_email",
        "employee id",
        "author_url",
        "first_name",
        "lastName",
        "given name",
        "surname",
        "title",
        "event_name",
        "metricName",
        "nameservers",
        "rename",
        "nominal",
        "customers_total",
        "Nom du fichier",
        "nombre de archivo",
        "Firmenname",
        "Benutzername",
        "value",
        "message",
    ] {
        if field_hint(&[field]).is_some() {
            wrong.push(field);
        }
    }
    assert!(wrong.is_empty(), "hold no names: {wrong:?}");
}

fn found<'a>(value: &'a str, names: &[&str]) -> Option<&'a str> {
    let m = in_field(value.as_bytes(), names)?;
    assert!((0.5..=1.0).contains(&m.confidence));
    Some(&value[m.range])
}

#[test]
fn values_that_are_names() {
    let mut wrong = Vec::new();
    for (value, name) in [
        ("John Smith", "John Smith"),
        ("john smith", "john smith"),
        ("JOHN SMITH", "JOHN SMITH"),
        ("SMITH, JOHN", "SMITH, JOHN"),
        ("Smith, John Q.", "Smith, John Q."),
        ("smith, john", "smith, john"),
        ("  Maria da Silva ", "Maria da Silva"),
        ("Dr. Hannah Weiss", "Hannah Weiss"),
        ("Mr John Smith", "John Smith"),
        ("Jane Doe, PhD", "Jane Doe"),
        ("J. R. Whitfield", "J. R. Whitfield"),
        ("José García Márquez", "José García Márquez"),
        ("O'Brien, Liam", "O'Brien, Liam"),
        ("Xiomara Quilligotti", "Xiomara Quilligotti"),
        ("Zbigniew Wrzeszcz", "Zbigniew Wrzeszcz"),
        ("ludwig van der berg", "ludwig van der berg"),
        ("Rose Carter", "Rose Carter"),
        ("Mark Hunter", "Mark Hunter"),
        ("Nguyễn Văn An", "Nguyễn Văn An"),
        ("Åsa Öberg", "Åsa Öberg"),
        ("Robert Downey Jr.", "Robert Downey Jr."),
    ] {
        let got = found(value, &["customer", "full_name"]);
        if got != Some(name) {
            wrong.push((value, got));
        }
    }
    assert!(wrong.is_empty(), "names: {wrong:?}");
}

#[test]
fn values_that_are_not() {
    let mut wrong = Vec::new();
    for value in [
        "",
        " ",
        "John",
        "SMITH",
        "n/a",
        "N/A",
        "null",
        "None",
        "unknown",
        "Not Available",
        "test user",
        "system",
        "Acme Ltd",
        "ACME LTD",
        "Smith & Sons",
        "Smith Brothers Inc.",
        "Anderson Group",
        "Bank of America",
        "Müller GmbH",
        "Goldman Sachs",
        "Johns Hopkins University",
        "The Home Depot",
        "12 Main Street",
        "john@example.com",
        "John Smith 42",
        "550e8400-e29b",
        "New York",
        "San Francisco",
        "Default Customer",
        "Total amount",
        "first name",
        "see attached file",
        "Order Processing System",
        "some longer text that is a note, not a name at all",
        "Red Hat",
        "Summer Sale",
        "Data Engineering Team",
    ] {
        if let Some(got) = found(value, &["customer", "name"]) {
            wrong.push((value, got));
        }
    }
    assert!(wrong.is_empty(), "no names: {wrong:?}");
    assert_eq!(found("John Smith", &["filename"]), None);
    assert_eq!(found("John Smith", &[]), None);
}

#[test]
fn broken_bytes_are_borne() {
    for value in [
        &b"\xff\xfe John Smith"[..],
        b"John \xc3",
        b"\xe1\xba",
        b"'''''",
        b"- - -",
        &[b'a'; 200],
    ] {
        let _ = in_field(value, &["name"]);
    }
}

#[test]
fn the_parent_of_a_bare_name_decides() {
    assert_eq!(
        field_hint(&["order", "customer", "name"]),
        Some(FieldHint::Person)
    );
    assert_eq!(field_hint(&["patients", "name"]), Some(FieldHint::Name));
    assert_eq!(field_hint(&["name"]), Some(FieldHint::Name));
    for path in [
        &["product", "name"][..],
        &["bucket", "name"],
        &["items", "name"],
        &["labels", "app", "name"],
    ] {
        assert_eq!(field_hint(path), None, "{path:?}");
    }
    assert_eq!(
        found("Zquorvix Blantir", &["customer", "name"]),
        None,
        "no list knows it"
    );
    assert_eq!(
        found("Hazem Blantir", &["customer", "name"]),
        Some("Hazem Blantir")
    );
    assert_eq!(found("garden chair", &["name"]), None);
    assert_eq!(found("maria lopez", &["name"]), Some("maria lopez"));
}
