//! Whether a whole name (`DB_PASSWORD_PROD`, `passwordHash`) is that of a secret.

use super::Kind;

/// Longest part of a name before or after its word, in bytes.
pub(super) const PART_BYTES_MAX: usize = 48;

/// What may follow the word in a name, lower case, without digits and joining signs.
const ENDINGS: [&[u8]; 34] = [
    b"",
    b"prod",
    b"production",
    b"dev",
    b"development",
    b"test",
    b"testing",
    b"staging",
    b"stage",
    b"qa",
    b"uat",
    b"local",
    b"live",
    b"primary",
    b"secondary",
    b"master",
    b"main",
    b"ro",
    b"rw",
    b"read",
    b"write",
    b"admin",
    b"root",
    b"user",
    b"old",
    b"new",
    b"current",
    b"confirm",
    b"confirmation",
    b"value",
    b"plain",
    b"plaintext",
    b"text",
    b"raw",
];

/// Words in a name before the word that make it the name of something else.
const VETOES: [&[u8]; 56] = [
    b"has",
    b"have",
    b"is",
    b"no",
    b"not",
    b"show",
    b"hide",
    b"reset",
    b"forgot",
    b"forgotten",
    b"lost",
    b"require",
    b"requires",
    b"required",
    b"need",
    b"needs",
    b"ask",
    b"prompt",
    b"use",
    b"uses",
    b"using",
    b"check",
    b"verify",
    b"validate",
    b"validates",
    b"hash",
    b"hashed",
    b"encrypted",
    b"encrypt",
    b"decrypt",
    b"enc",
    b"max",
    b"min",
    b"minimum",
    b"maximum",
    b"invalid",
    b"wrong",
    b"bad",
    b"incorrect",
    b"empty",
    b"missing",
    b"can",
    b"allow",
    b"allowed",
    b"enable",
    b"enabled",
    b"disable",
    b"disabled",
    b"without",
    b"change",
    b"changed",
    b"get",
    b"generate",
    b"on",
    b"num",
    b"count",
];

/// Words in the name of a token that make it the name of something else.
const TOKEN_VETOES: [&[u8]; 16] = [
    b"public",
    b"next",
    b"page",
    b"continuation",
    b"pagination",
    b"eos",
    b"bos",
    b"pad",
    b"unk",
    b"stop",
    b"sort",
    b"foreign",
    b"primary",
    b"cache",
    b"csrf",
    b"xsrf",
];

/// Words that by themselves or at the end of a name say little: many tokens are no secrets.
const WEAK: [&[u8]; 4] = [b"token", b"secret", b"pass", b"key"];

/// Words right before such a word that make it tell.
const QUALIFIERS: [&[u8]; 24] = [
    b"access",
    b"auth",
    b"refresh",
    b"session",
    b"bearer",
    b"api",
    b"client",
    b"app",
    b"consumer",
    b"shared",
    b"signing",
    b"webhook",
    b"private",
    b"bot",
    b"db",
    b"smtp",
    b"mail",
    b"user",
    b"admin",
    b"root",
    b"ftp",
    b"mysql",
    b"postgres",
    b"redis",
];

/// The name around the word: what stands before the word and after it. `Some(true)`: it can hardly
/// be the name of anything else.
pub(super) fn judge(before: &[u8], word: &[u8], after: &[u8], kind: Kind) -> Option<bool> {
    if before.len() > PART_BYTES_MAX || after.len() > PART_BYTES_MAX {
        return None;
    }
    let plain = after
        .iter()
        .position(|b| b.is_ascii_alphabetic())
        .map_or(&[][..], |i| &after[i..]);
    let plain = &plain[..plain
        .iter()
        .rposition(u8::is_ascii_alphabetic)
        .map_or(0, |i| i + 1)];
    if !ENDINGS.iter().any(|e| plain.eq_ignore_ascii_case(e)) {
        return None;
    }
    let vetoed = |part: &[u8]| {
        VETOES.iter().any(|v| part.eq_ignore_ascii_case(v))
            || kind == Kind::Token && TOKEN_VETOES.iter().any(|v| part.eq_ignore_ascii_case(v))
    };
    if parts(before).any(vetoed) {
        return None;
    }
    let weak = WEAK.iter().any(|w| word.eq_ignore_ascii_case(w));
    let qualified = || {
        parts(before)
            .last()
            .is_some_and(|part| QUALIFIERS.iter().any(|q| part.eq_ignore_ascii_case(q)))
    };
    Some(!weak || qualified())
}

/// Judges the name of a field by the words of this kind in it, the last of which counts.
pub(super) fn field(name: &[u8], kind: Kind) -> Option<bool> {
    let words: &[&[u8]] = match kind {
        Kind::Password => &PASSWORD_WORDS,
        Kind::Token => &TOKEN_WORDS,
    };
    // the longest word first, at its last place
    words.iter().find_map(|word| {
        (0..name.len())
            .rev()
            .filter_map(|start| Some((start, end_of(name, start, word)?)))
            .find(|(start, end)| {
                crate::detect::word::starts_word(name, *start)
                    && crate::detect::word::ends_word(name, *end)
            })
            .and_then(|(start, end)| judge(&name[..start], &name[start..end], &name[end..], kind))
    })
}

/// Words of names of passwords, lower case, a space for what may part them; longer ones first.
pub(super) const PASSWORD_WORDS: [&[u8]; 15] = [
    b"mot de passe",
    b"contrase\xC3\xB1a",
    b"wachtwoord",
    b"contrasena",
    b"passphrase",
    b"motdepasse",
    b"l\xC3\xB6senord",
    b"kennwort",
    b"passwort",
    b"password",
    b"passwd",
    b"parola",
    b"senha",
    b"pwd",
    b"pass",
];

/// Words of names of keys and tokens, in the same way.
pub(super) const TOKEN_WORDS: [&[u8]; 25] = [
    b"shared access key",
    b"secret access key",
    b"consumer secret",
    b"encryption key",
    b"webhook secret",
    b"shared secret",
    b"client secret",
    b"refresh token",
    b"access token",
    b"session token",
    b"session secret",
    b"signing secret",
    b"bearer token",
    b"private token",
    b"signing key",
    b"account key",
    b"auth token",
    b"secret key",
    b"app secret",
    b"api secret",
    b"master key",
    b"api token",
    b"api key",
    b"secret",
    b"token",
];

/// The end of the word if it stands at `at`; a space in it is also nothing, `_` or `-`.
fn end_of(text: &[u8], at: usize, word: &[u8]) -> Option<usize> {
    let mut i = at;
    for &wanted in word {
        if wanted == b' ' {
            i += usize::from(matches!(text.get(i), Some(b' ' | b'_' | b'-')));
        } else if text.get(i)?.eq_ignore_ascii_case(&wanted) {
            i += 1;
        } else {
            return None;
        }
    }
    Some(i)
}

/// The words of a name: parted by signs and digits, and where capitals begin.
fn parts(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let start = rest.iter().position(u8::is_ascii_alphabetic)?;
        rest = &rest[start..];
        let length = rest
            .windows(2)
            .position(|w| {
                !w[1].is_ascii_alphabetic()
                    || w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase()
            })
            .map_or(rest.len(), |i| i + 1);
        let (part, after) = rest.split_at(length);
        rest = after;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in [
            "password",
            "DB_PASSWORD",
            "dbPassword",
            "spring.datasource.password",
            "MYSQL_ROOT_PASSWORD_2",
            "passwordConfirm",
            "smtp-pwd",
            "Contrase\u{f1}a",
        ] {
            assert!(field(name.as_bytes(), Kind::Password).is_some(), "{name}");
        }
        for name in [
            "passwordHash",
            "password_file",
            "hasPassword",
            "reset-password",
            "min_password_length",
            "bypass",
            "compass",
            "encryptedPassword",
            "user",
            "",
        ] {
            assert_eq!(field(name.as_bytes(), Kind::Password), None, "{name}");
        }
        for name in [
            "api_key",
            "clientSecret",
            "STRIPE_API_KEY_PROD",
            "x-api-key",
        ] {
            assert_eq!(field(name.as_bytes(), Kind::Token), Some(true), "{name}");
        }
        assert_eq!(field(b"token", Kind::Token), Some(false));
        for name in [
            "nextToken",
            "next_token",
            "secretName",
            "tokenizer",
            "pageToken",
        ] {
            assert_eq!(field(name.as_bytes(), Kind::Token), None, "{name}");
        }
    }

    #[test]
    fn parts_of_names() {
        let all = |name: &str| -> Vec<String> {
            parts(name.as_bytes())
                .map(|p| String::from_utf8_lossy(p).into_owned())
                .collect()
        };
        assert_eq!(all("is_userMax2"), ["is", "user", "Max"]);
        assert_eq!(all("--DB_"), ["DB"]);
        assert_eq!(all(""), [""; 0]);
    }
}
