//! What people write where a secret belongs: placeholders, references, masks, words of settings.

/// Whole values, lower case.
const WORDS: [&str; 95] = [
    "admin_password",
    "asdf",
    "auto",
    "basic",
    "bcrypt",
    "blank",
    "bool",
    "boolean",
    "bytes",
    "change",
    "change-it",
    "change-me",
    "change_it",
    "change_me",
    "changeit",
    "changeme",
    "char",
    "confirm",
    "contraseña",
    "credentials",
    "current",
    "default",
    "deny",
    "disable",
    "disabled",
    "empty",
    "enable",
    "enabled",
    "enter",
    "encrypted",
    "external",
    "false",
    "field",
    "filtered",
    "foo",
    "foobar",
    "forgot",
    "hidden",
    "incorrect",
    "input",
    "invalid",
    "kennwort",
    "keyring",
    "login",
    "masked",
    "md5",
    "missing",
    "mot de passe",
    "mypass",
    "mypassword",
    "mysecret",
    "n/a",
    "nil",
    "none",
    "null",
    "object",
    "omitted",
    "optional",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "passwort",
    "plain",
    "plaintext",
    "private",
    "prompt",
    "protected",
    "pwd",
    "redacted",
    "removed",
    "required",
    "reset",
    "sample",
    "scram-sha-256",
    "scrubbed",
    "secret",
    "senha",
    "sensitive",
    "set",
    "sha1",
    "sha256",
    "str",
    "string",
    "text",
    "token",
    "true",
    "undefined",
    "unset",
    "user",
    "username",
    "value",
    "varchar",
    "wrong",
    "xxx",
];

/// Parts of values, lower case.
const PARTS: [&str; 24] = [
    "your",
    "example",
    "placeholder",
    "changeme",
    "change_me",
    "change-me",
    "redacted",
    "xxxx",
    "****",
    "....",
    "dummy",
    "insert",
    "replace",
    "_here",
    "-here",
    "<",
    ">",
    "{{",
    "${",
    "$(",
    "#{",
    "%(",
    "•",
    "…",
];

/// Heads of values that point to a secret, or run something that fetches it.
const REFERENCES: [&str; 32] = [
    "${",
    "$(",
    "$$",
    "%(",
    "%{",
    "{",
    "[",
    "(",
    "`",
    "/",
    "./",
    "../",
    "~/",
    "\\",
    "arn:",
    "env:",
    "env(",
    "enc(",
    "enc[",
    "op://",
    "vault:",
    "ssm:",
    "secret:",
    "secrets.",
    "file:",
    "http:",
    "https:",
    "data.",
    "var.",
    "process.env",
    "os.",
    "self.",
];

/// Heads of hashes of passwords.
const HASHES: [&str; 14] = [
    "$2a$", "$2b$", "$2y$", "$1$", "$5$", "$6$", "$argon2", "$pbkdf2", "pbkdf2", "{ssha", "{sha",
    "{bcrypt", "scrypt:", "bcrypt",
];

/// The value stands for a secret and is none.
pub fn is_filler(value: &[u8]) -> bool {
    is_placeholder(value) || is_formatted(value)
}

/// The value is a word of settings, a mask, or says what belongs there.
pub fn is_placeholder(value: &[u8]) -> bool {
    value.windows(2).all(|w| w[0] == w[1])
        || WORDS
            .iter()
            .any(|w| value.eq_ignore_ascii_case(w.as_bytes()))
        || PARTS.iter().any(|p| holds(value, p.as_bytes()))
}

/// The value points to where a secret is: a variable, a file, a vault. A sign before a mixed word is
/// part of a password (`#Admin123`, `$ecret99!`).
pub fn is_reference(value: &[u8]) -> bool {
    if REFERENCES.iter().any(|r| starts(value, r.as_bytes())) {
        return true;
    }
    let Some((sign, rest)) = value.split_first() else {
        return false;
    };
    let name = rest
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':' | b'-'));
    match sign {
        b'$' => name,
        b'@' | b'%' | b'&' | b'!' | b'*' | b'#' => name && !rest.iter().any(u8::is_ascii_digit),
        _ => false,
    }
}

/// The value is what is kept of a password, or a sum of something.
pub fn is_hash(value: &[u8]) -> bool {
    let hex = value.iter().all(u8::is_ascii_hexdigit);
    hex && matches!(value.len(), 32 | 40 | 56 | 64 | 96 | 128)
        || HASHES.iter().any(|h| starts(value, h.as_bytes()))
}

/// `550e8400-e29b-41d4-a716-446655440000`.
pub fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// A text with places to fill in: `%s`, `{0}`, `{}`, `{name}`, `\n`.
fn is_formatted(value: &[u8]) -> bool {
    let place = |open: usize| {
        let rest = &value[open + 1..];
        rest.iter().position(|b| *b == b'}').is_some_and(|end| {
            rest[..end]
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || *b == b'_')
        })
    };
    value
        .windows(2)
        .any(|w| matches!(w, [b'%', b's' | b'd' | b'v' | b'@']))
        || value
            .windows(2)
            .any(|w| matches!(w, [b'\\', b'n' | b'r' | b't']))
        || (0..value.len()).any(|i| value[i] == b'{' && place(i))
}

fn starts(value: &[u8], head: &[u8]) -> bool {
    value
        .get(..head.len())
        .is_some_and(|v| v.eq_ignore_ascii_case(head))
}

fn holds(value: &[u8], part: &[u8]) -> bool {
    value
        .windows(part.len())
        .any(|w| w.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fillers() {
        for value in [
            "****",
            "<password>",
            "${DB_PASSWORD}",
            "changeme",
            "null",
            "true",
            "{{ password }}",
            "%s",
            "{0}",
            "aaaaaa",
            "YOUR_PASSWORD",
            "••••••",
            "Password:\\n",
        ] {
            assert!(is_filler(value.as_bytes()), "{value}");
        }
        for value in ["hunter2", "tr0ub4dor&3", "S3cr3t!", "{abc"] {
            assert!(!is_filler(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn hashes_and_references() {
        assert!(is_hash(b"5f4dcc3b5aa765d61d8327deb882cf99"));
        assert!(is_hash(
            b"$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW"
        ));
        assert!(!is_hash(b"hunter2"));
        assert!(is_reference(b"/run/secrets/db") && is_reference(b"$DB_PASSWORD"));
        assert!(!is_reference(b"hunter2") && !is_reference(b"#Admin123"));
        assert!(!is_reference(b"$ecret99!"));
        assert!(is_uuid(b"550e8400-e29b-41d4-a716-446655440000"));
        assert!(!is_uuid(b"550e8400-e29b-41d4-a716-44665544000"));
    }
}
