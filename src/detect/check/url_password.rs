//! A password in a URL: RFC 3986, section 3.2.1 (userinfo).

use super::filler;

/// Hosts of examples and of one's own machine: a password that is the user's name is a default there.
const LOCAL: [&[u8]; 6] = [
    b"localhost",
    b"127.0.0.1",
    b"0.0.0.0",
    b"[::1]",
    b"host",
    b"example",
];

/// Passwords of manuals.
const MANUAL: [&[u8]; 12] = [
    b"password",
    b"passwd",
    b"passw0rd",
    b"pass",
    b"pwd",
    b"user",
    b"username",
    b"pw",
    b"key",
    b"token",
    b"foo",
    b"bar",
];

/// A scheme, a user and a password that is no placeholder, nor the default of a local service.
pub fn passes(value: &[u8]) -> bool {
    let Some(start) = memchr::memmem::find(value, b"://") else {
        return false;
    };
    let rest = &value[start + 3..];
    let authority = &rest[..rest.iter().position(|b| *b == b'/').unwrap_or(rest.len())];
    let Some(at) = memchr::memrchr(b'@', authority).or_else(|| memchr::memchr(b'@', rest)) else {
        return false;
    };
    let (user, host) = (&rest[..at], &rest[at + 1..]);
    let Some(colon) = memchr::memchr(b':', user) else {
        return false;
    };
    let (user, password) = (&user[..colon], &user[colon + 1..]);
    // `host:8080/path@1`: no password with a slash
    let port = password.iter().take_while(|b| b.is_ascii_digit()).count();
    if at > authority.len() && password.get(port) == Some(&b'/') {
        return false;
    }
    let local = LOCAL.iter().any(|l| {
        host.get(..l.len())
            .is_some_and(|h| h.eq_ignore_ascii_case(l))
    });
    let manual = MANUAL.iter().any(|m| password.eq_ignore_ascii_case(m));
    let secret = password.eq_ignore_ascii_case(b"secret");
    password.len() >= 2
        && !is_variable(password)
        && !is_variable(user)
        && !manual
        && (secret || !filler::is_placeholder(password))
        && !(local && (password == user || secret || password.len() < 4))
}

/// `$PASSWORD`, `{password}`, `%s`, `:password`: something else belongs there. Characters may be
/// escaped as `%` and two hexadecimal digits.
fn is_variable(text: &[u8]) -> bool {
    let escaped = |i: usize| {
        text.get(i + 1..i + 3)
            .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    };
    matches!(
        text.first(),
        Some(b'$' | b'{' | b'<' | b'[' | b'(' | b':' | b'*')
    ) || text.ends_with(b"}")
        || text.windows(2).any(|w| matches!(w, b"${" | b"{{" | b"#{"))
        || (0..text.len()).any(|i| text[i] == b'%' && !escaped(i))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn passwords_in_urls() {
        for url in [
            "postgres://app:tr0ub4dor@db.internal:5432/app",
            "mysql://root:s3cret@10.0.0.5/app",
            "https://jane:p%40ss@git.acme.net/x@y",
            "redis://:9fKx2mQ@cache:6379/0",
            "amqp://app:a/b@mq.acme.net",
        ] {
            assert!(passes(url.as_bytes()), "{url}");
        }
        for url in [
            "postgres://app@db.internal/app",
            "postgres://app:@db.internal/app",
            "postgres://app:password@db.internal/app",
            "postgres://app:****@db.internal/app",
            "postgres://app:${DB_PASSWORD}@db.internal/app",
            "postgres://postgres:postgres@localhost/app",
            "postgres://{user}:{password}@db.internal/app",
            "mysql://%s:%s@db.internal/app",
            "https://git.acme.net:8080/x@y",
            "://",
            "",
        ] {
            assert!(!passes(url.as_bytes()), "{url}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..80)) {
            passes(&value);
        }
    }
}
