use super::*;

/// The value found after the word in a text.
fn value(text: &str, word: &str, kind: Kind) -> Option<String> {
    let at = text.find(word).expect("the word is there");
    let found = near(text.as_bytes(), at..at + word.len(), kind)?;
    Some(text[found.range].to_owned())
}

#[test]
fn passwords_in_every_shape() {
    for (text, word, expected) in [
        ("password=hunter2\n", "password", "hunter2"),
        ("password: \"tr0ub4dor\"", "password", "tr0ub4dor"),
        ("{\"password\":\"tr0ub4dor\"}", "password", "tr0ub4dor"),
        (r#"{\"password\":\"tr0ub4dor\"}"#, "password", "tr0ub4dor"),
        ("DB_PASSWORD=tr0ub4dor", "PASSWORD", "tr0ub4dor"),
        ("mysql --password=tr0ub4dor -u x", "password", "tr0ub4dor"),
        ("tool --password Tr0ub4dor9 -u x", "password", "Tr0ub4dor9"),
        (
            "Server=db;User Id=sa;Password=tr0ub4dor;",
            "Password",
            "tr0ub4dor",
        ),
        ("<password>tr0ub4dor</password>", "password", "tr0ub4dor"),
        (
            "<add key=\"Password\" value=\"tr0ub4dor\"/>",
            "Password",
            "tr0ub4dor",
        ),
        (
            "- name: DB_PASSWORD\n  value: \"tr0ub4dor\"",
            "PASSWORD",
            "tr0ub4dor",
        ),
        (
            "{\"name\":\"DB_PASSWORD\",\"value\":\"tr0ub4dor\"}",
            "PASSWORD",
            "tr0ub4dor",
        ),
        (
            "$config['password'] = 'tr0ub4dor';",
            "password",
            "tr0ub4dor",
        ),
        (
            "/login?user=a&password=tr0ub4dor&x=1",
            "password",
            "tr0ub4dor",
        ),
        (
            "props.put(\"password\", \"tr0ub4dor\");",
            "password",
            "tr0ub4dor",
        ),
        ("the password is Tr0ub4dor99.", "password", "Tr0ub4dor99"),
        ("my password is hunter2", "password", "hunter2"),
        ("with password 'Tr0ub4dor&3'", "password", "Tr0ub4dor&3"),
        ("'password' => 'tr0ub4dor',", "password", "tr0ub4dor"),
    ] {
        assert_eq!(
            value(text, word, Kind::Password).as_deref(),
            Some(expected),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_password() {
    for (text, word) in [
        ("password: ****", "password"),
        ("password=<password>", "password"),
        ("password: ${DB_PASSWORD}", "password"),
        ("password = getPassword(user1)", "password"),
        ("password = self.password", "password"),
        ("password: String,", "password"),
        ("password: null", "password"),
        ("password == \"tr0ub4dor\"", "password"),
        ("\"password\": \"Enter your password\"", "password"),
        ("password = \"abc\" + suffix", "password"),
        ("Failed password for root from 10.0.0.1", "password"),
        ("password=", "password"),
        ("the password \"required\" is empty", "password"),
        ("the password is wrong1 or so", "password"),
        ("passwordHash: \"tr0ub4dor\"", "password"),
        ("std::password::hash2", "password"),
        ("password", "password"),
    ] {
        assert_eq!(value(text, word, Kind::Password), None, "{text}");
    }
}

#[test]
fn tokens_by_their_names() {
    let key = "hT9vQ2mZk4LxW8pRb6NcYs3J";
    for (text, word) in [
        (format!("api_key = \"{key}\""), "api_key"),
        (format!("{{\"clientSecret\":\"{key}\"}}"), "clientSecret"),
        (format!("X-Api-Key: {key}"), "Api-Key"),
    ] {
        assert_eq!(
            value(&text, word, Kind::Token).as_deref(),
            Some(key),
            "{text}"
        );
    }
    for (text, word) in [
        (format!("nextToken={key}"), "Token"),
        ("api_key = os.environ[\"KEY\"]".to_owned(), "api_key"),
        (
            "secret: projects/acme/secrets/one/versions/2".to_owned(),
            "secret",
        ),
    ] {
        assert_eq!(value(&text, word, Kind::Token), None, "{text}");
    }
}

#[test]
fn fields_are_judged_by_their_name() {
    let found = |value: &str, name: &str, column| {
        in_field(value.as_bytes(), name, column, Kind::Password).map(|f| f.range)
    };
    assert_eq!(found(" hunter2 ", "password", true), Some(1..8));
    assert_eq!(found("dragon", "Password", true), Some(0..6));
    assert_eq!(found("hunter2", "password_hash", true), None);
    assert_eq!(found("Passwort", "password", false), None);
    assert_eq!(found("", "password", true), None);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_borne(
        head in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60),
        tail in "[ -~\\n]{0,80}",
    ) {
        let text = [head.as_slice(), b"password", tail.as_bytes()].concat();
        for kind in [Kind::Password, Kind::Token] {
            let found = near(&text, head.len()..head.len() + 8, kind);
            proptest::prop_assert!(found.is_none_or(|f| f.range.end <= text.len()));
        }
    }
}
