//! Whether a text is mail, told from its first lines, and by name only where these leave a choice.

/// What is looked at.
const SAMPLE_BYTES: usize = 48 << 10;

/// Whether a text is one message or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mailbox {
    Single,
    Mbox,
}

/// Fields that nothing but mail has.
const OF_MAIL: &[&str] = &[
    "arc-seal",
    "bcc",
    "delivered-to",
    "dkim-signature",
    "envelope-to",
    "in-reply-to",
    "message-id",
    "mime-version",
    "received",
    "received-spf",
    "reply-to",
    "return-path",
    "x-mailer",
    "x-original-to",
];

/// Fields that mail has, and others too.
const SHARED: &[&str] = &[
    "cc",
    "content-transfer-encoding",
    "content-type",
    "date",
    "from",
    "references",
    "sender",
    "subject",
    "to",
];

/// Name of the field that a line begins, if it begins one.
pub(super) fn field_name(line: &[u8]) -> Option<&str> {
    const NAME_BYTES_MAX: usize = 100;
    let line_start = &line[..line.len().min(NAME_BYTES_MAX)];
    let len = memchr::memchr(b':', line_start)?;
    let name = line[..len].trim_ascii_end();
    let fits = !name.is_empty() && name.iter().all(|b| (33..127).contains(b));
    fits.then(|| std::str::from_utf8(name).ok()).flatten()
}

/// `From ann@example.com Mon Jan  1 00:00:00 2024`, which begins a message of a mailbox.
pub(super) fn begins_message(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else {
        return false;
    };
    let line = &rest[..rest.len().min(200)];
    let line = line.split(|&b| b == b'\n').next().unwrap_or(line);
    let words: Vec<&[u8]> = line
        .split(|b| b.is_ascii_whitespace())
        .filter(|w| !w.is_empty())
        .collect();
    let is_time = |w: &&[u8]| {
        matches!(w, [a, b, b':', c, d, ..] if [a, b, c, d].iter().all(|x| x.is_ascii_digit()))
            || matches!(w, [a, b':', c, d, ..] if [a, c, d].iter().all(|x| x.is_ascii_digit()))
    };
    let is_year = |w: &&[u8]| matches!(w, [b'1' | b'2', rest @ ..] if rest.len() == 3 && rest.iter().all(u8::is_ascii_digit));
    words.len() >= 5 && words.iter().any(is_time) && words.iter().any(is_year)
}

/// Tells whether a text is mail. `extension`: of its name.
pub(crate) fn tell(sample: &[u8], whole: bool, extension: &str) -> Option<Mailbox> {
    let mut text = &sample[..sample.len().min(SAMPLE_BYTES)];
    let named = |list: &[&str]| {
        list.iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    };
    let mbox = begins_message(text);
    if mbox {
        text = &text[memchr::memchr(b'\n', text)? + 1..];
    }
    // what is seen at a glance of most texts
    field_name(text)?;
    let (mut own, mut shared, mut others, mut from, mut ended) = (0, 0, 0, false, false);
    let mut lines = text.split(|&b| b == b'\n').peekable();
    while let Some(line) = lines.next() {
        let cut = lines.peek().is_none() && !(whole && sample.len() <= SAMPLE_BYTES);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() && lines.peek().is_some() {
            ended = true;
            break;
        }
        if cut || line.is_empty() || matches!(line[0], b' ' | b'\t') {
            continue;
        }
        // old mailers let `>From ` stand among the fields
        let Some(name) = field_name(line) else {
            if line.starts_with(b">From ") {
                continue;
            }
            return None;
        };
        let name = name.to_ascii_lowercase();
        own += usize::from(OF_MAIL.contains(&&*name));
        from |= name == "from";
        match SHARED.contains(&&*name) {
            true => shared += 1,
            false => others += usize::from(!OF_MAIL.contains(&&*name) && !name.starts_with("x-")),
        }
    }
    let named = named(&["eml", "mbox", "mbx", "emlx", "mht", "mhtml"]);
    let fits = match (mbox, named) {
        (true, _) => own + shared >= 2,
        (_, true) => own + shared >= 1,
        // a header of HTTP or of a package has its own fields
        _ => ended && own >= 1 && shared >= 2 && (from || own >= 3) && others <= own + shared,
    };
    fits.then_some(match mbox {
        true => Mailbox::Mbox,
        false => Mailbox::Single,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_told_by_content() {
        let mail = "Received: from a by b; Mon, 1 Jan 2024\n\tfolded\nFrom: a@example.com\nTo: b@example.com\nSubject: x\nMIME-Version: 1.0\n\nhello\n";
        assert_eq!(tell(mail.as_bytes(), true, "txt"), Some(Mailbox::Single));
        assert_eq!(
            tell(mail.replace('\n', "\r\n").as_bytes(), true, ""),
            Some(Mailbox::Single)
        );
        let mbox = format!("From a@example.com Mon Jan  1 09:00:00 2024\n{mail}");
        assert_eq!(tell(mbox.as_bytes(), true, ""), Some(Mailbox::Mbox));
        let short = "From: a\nSubject: x\n\nhello";
        assert_eq!(tell(short.as_bytes(), true, "eml"), Some(Mailbox::Single));
        assert_eq!(tell(short.as_bytes(), true, "txt"), None);
    }

    #[test]
    fn headers_of_other_things_are_no_mail() {
        for text in [
            "Host: example.com\nUser-Agent: x\nAccept: */*\nDate: Mon\nContent-Type: text/plain\nFrom: a@example.com\n\nbody\n",
            "HTTP/1.1 200 OK\nDate: Mon\nContent-Type: text/plain\n\n",
            "Package: x\nVersion: 1\nMaintainer: A <a@example.com>\nDescription: y\n\nPackage: z\n",
            "Format: 1.8\nDate: Mon\nSource: x\nMaintainer: y\n\n",
            "From: a\nTo: b\nmoved the file\n\n",
            "Date: 2024-05-01 level: info\nFrom: here\n",
            "key: value\nother: 1\n",
            "From the start it was clear\n",
            "",
        ] {
            assert_eq!(tell(text.as_bytes(), true, "txt"), None, "{text}");
        }
        assert!(!begins_message(
            b"From here on Monday at 10:00 it goes on for long"
        ));
    }
}
