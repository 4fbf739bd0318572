//! Mail and mailboxes: decoded text with the way back to the mail as it is stored, and the parts that
//! are members.

mod content_support;

use content_support::*;
use magpie::content::Limits;
use magpie::model::{Reason, Status, TextShape};

fn found<'a>(seen: &'a Seen, value: &str) -> &'a Found {
    let found = seen.found.iter().find(|f| f.value == value);
    found.unwrap_or_else(|| {
        panic!(
            "{value} is not in {:?}\n{}",
            values(seen),
            lossy(&seen.text)
        )
    })
}

fn path(seen: &Seen, value: &str) -> String {
    found(seen, value).place.path.clone().unwrap().to_string()
}

/// What stands at a found place, as it is stored.
fn stored<'a>(mail: &'a str, found: &Found) -> &'a str {
    let range = found.place.byte_range.clone();
    &mail[range.start as usize..range.end as usize]
}

fn check_lines(seen: &Seen, mail: &str) {
    for found in seen.found.iter().filter(|f| f.container.is_empty()) {
        let place = &found.place;
        let before = &mail[..place.byte_range.start as usize];
        let line = before.matches('\n').count() as u64 + 1;
        let column = before.rsplit('\n').next().unwrap().chars().count() as u64 + 1;
        assert_eq!(
            (place.line, place.column),
            (line, column),
            "{}",
            found.value
        );
    }
}

const MAIL: &str = "Received: from a.example by b.example; Mon, 1 Jan 2024 10:00:00 +0000\r\n\
From: =?UTF-8?Q?J=C3=BCrgen?= =?UTF-8?B?IE5FRURMRS0x?= <ann@example.com>\r\n\
To: Bo NEEDLE-2,\r\n\tCy Ray <cy@example.com>\r\n\
Subject: the =?iso-8859-1?Q?caf=E9_NEEDLE-3?= and more\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed;\r\n boundary=\"b;1\"\r\n\
\r\n\
A preamble with NEEDLE-4.\r\n\
--b;1\r\n\
Content-Type: multipart/alternative; boundary=inner\r\n\
\r\n\
--inner\r\n\
Content-Type: text/plain; charset=utf-8\r\n\
Content-Transfer-Encoding: quoted-printable\r\n\
\r\n\
Your number is NEED=\r\n\
LE-5, gr=C3=BC=C3=9Fe NEEDLE=2D6\r\n\
--inner\r\n\
Content-Type: text/html; charset=iso-8859-1\r\n\
Content-Transfer-Encoding: quoted-printable\r\n\
\r\n\
<html><body><p class=3D\"x\">Caf=E9 <b>NEEDLE</b>&#45;7 <i>=\r\n\
x</i></p></body></html>\r\n\
--inner--\r\n\
--b;1\r\n\
Content-Type: text/plain; charset=utf-8\r\n\
Content-Transfer-Encoding: base64\r\n\
\r\n\
w6RiYyBORUVE\r\n\
TEUtOCDDqQ==\r\n\
--b;1\r\n\
Content-Type: text/csv; name=\"x\"\r\n\
Content-Disposition: attachment; filename*=utf-8''t%C3%A9.csv\r\n\
Content-Transfer-Encoding: base64\r\n\
\r\n\
aWQsc3NuCjEsTkVF\r\nRExFLTkKMix4Cg==\r\n\
--b;1\r\n\
Content-Type: message/rfc822\r\n\
\r\n\
From: d@example.com\r\n\
Subject: inside NEEDLE-10\r\n\
Message-ID: <1@example.com>\r\n\
MIME-Version: 1.0\r\n\
To: e@example.com\r\n\
\r\n\
body NEEDLE-11\r\n\
--b;1--\r\n\
An epilogue with NEEDLE-12.\r\n";

const NEEDLES: [&str; 15] = [
    "Jürgen NEEDLE-1 ",
    "Bo NEEDLE-2, Cy Ray",
    "café NEEDLE-3 and",
    "NEEDLE-4",
    "NEEDLE-5",
    "grüße NEEDLE-6",
    "Café NEEDLE-7 x",
    "äbc NEEDLE-8 é",
    "NEEDLE-9",
    "NEEDLE-10",
    "NEEDLE-11\r\n",
    "NEEDLE-12",
    "NEEDLE-12.",
    "NEEDLE-13",
    "never",
];

fn check_mail(seen: &Seen, mail: &str) {
    assert_eq!(seen.outcome.status, Status::Complete, "{:?}", seen.outcome);
    assert_eq!(seen.outcome.mime_type, "message/rfc822");
    check_lines(seen, mail);
    for (value, expected, at) in [
        (
            "Jürgen NEEDLE-1 ",
            "J=C3=BCrgen?= =?UTF-8?B?IE5FRURMRS0x?= ",
            "/From",
        ),
        ("Bo NEEDLE-2, Cy Ray", "Bo NEEDLE-2,\r\n\tCy Ray", "/To"),
        ("café NEEDLE-3 and", "caf=E9_NEEDLE-3?= and", "/Subject"),
        ("NEEDLE-4", "NEEDLE-4", ""),
        ("NEEDLE-5", "NEED=\r\nLE-5", "/part 1.1"),
        ("grüße NEEDLE-6", "gr=C3=BC=C3=9Fe NEEDLE=2D6", "/part 1.1"),
        (
            "Café NEEDLE-7 x",
            "Caf=E9 <b>NEEDLE</b>&#45;7 <i>=\r\nx",
            "/part 1.2/html/body[1]/p[1]",
        ),
        ("äbc NEEDLE-8 é", "w6RiYyBORUVE\r\nTEUtOCDDqQ", "/part 2"),
        ("NEEDLE-12", "NEEDLE-12", ""),
    ] {
        let found = found(seen, value);
        assert_eq!(stored(mail, found), expected);
        assert_eq!(found.place.path.as_deref().unwrap_or(""), at);
        assert_eq!(found.shape, TextShape::Plain);
    }
    let table = found(seen, "NEEDLE-9");
    assert_eq!(table.container, ["té.csv"]);
    assert_eq!(table.field.clone().unwrap().1, ["ssn"]);
    let names = |value: &str| found(seen, value).field.clone().unwrap().1;
    assert_eq!(names("Bo NEEDLE-2, Cy Ray"), ["To"]);
    let inside = found(seen, "NEEDLE-10");
    assert_eq!(inside.container, ["part 4"]);
    assert_eq!(path(seen, "NEEDLE-10"), "/Subject");
    // what is stored as it is has its place in the whole
    let range = inside.place.stored_range.clone().unwrap();
    assert_eq!(&mail[range.start as usize..range.end as usize], "NEEDLE-10");
    assert!(seen.found.iter().all(|f| f.value != "NEEDLE-11\r\n"));
}

#[test]
fn parts_of_a_mail() {
    let seen = see_every_way("a.eml", MAIL.as_bytes(), &NEEDLES);
    check_mail(&seen, MAIL);
    // told by content alone, with whichever line ends
    check_mail(
        &see("a.txt", MAIL.as_bytes(), &Limits::default(), &NEEDLES),
        MAIL,
    );
    let unix = MAIL.replace("\r\n", "\n");
    let seen = see_every_way("a", unix.as_bytes(), &NEEDLES);
    assert_eq!(stored(&unix, found(&seen, "NEEDLE-5")), "NEED=\nLE-5");
    check_lines(&seen, &unix);
    let text = lossy(&seen.text);
    assert!(
        text.contains("\nSubject: the café NEEDLE-3 and more\nMIME-Version"),
        "{text}"
    );
    assert!(text.contains("\nbody NEEDLE-11"), "{text}");
}

#[test]
fn whole_mails_in_one_part() {
    let head = "From: a@example.com\nTo: b@example.com\nMessage-ID: <1@a>\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n";
    let needles = ["NEEDLE-1", "\u{65e5}\u{672c} NEEDLE-2"];
    for (more, body, expected) in [
        ("", "text NEEDLE-1\n", "NEEDLE-1"),
        (
            "Content-Transfer-Encoding: 8 bit\n",
            "text NEEDLE-1\n",
            "NEEDLE-1",
        ),
        (
            "Content-Type: multipart/mixed\n boundary=b\n",
            "--b\n\nNEEDLE-1\n--b--\n",
            "NEEDLE-1",
        ),
        (
            "Content-Type: text/html\n",
            "<p>NEED<b>LE-1</b>",
            "NEED<b>LE-1",
        ),
        (
            "Content-Type: text/plain; charset=iso-2022-jp\n",
            "\u{1b}$BF|K\\\u{1b}(B NEEDLE-2\n",
            "\u{1b}$BF|K\\\u{1b}(B NEEDLE-2",
        ),
        (
            "Content-Type: text/plain; charset=shift_jis\nContent-Transfer-Encoding: base64\n",
            "k/qWeyBORUVETEUtMg==",
            "k/qWeyBORUVETEUtMg",
        ),
    ] {
        let mail = format!("{head}{more}\n{body}");
        let seen = see_every_way("x", mail.as_bytes(), &needles);
        assert_eq!(seen.found.len(), 1, "{mail} {}", lossy(&seen.text));
        assert_eq!(stored(&mail, &seen.found[0]), expected);
        assert_eq!(seen.members.len(), 1);
        assert_eq!(seen.outcome.status, Status::Complete, "{mail}");
    }
    // Latin-1 as it is
    let mut latin =
        format!("{head}Content-Type: text/plain; charset=iso-8859-1\n\ncaf").into_bytes();
    latin.extend(b"\xe9 NEEDLE-1 \xfc");
    let seen = see_every_way("x", &latin, &["café NEEDLE-1 ü"]);
    let range = seen.found[0].place.byte_range.clone();
    assert_eq!(
        &latin[range.start as usize..range.end as usize],
        b"caf\xe9 NEEDLE-1 \xfc"
    );
    // an attachment that is the whole mail
    let alone =
        format!("{head}Content-Type: application/json; name=a.json\n\n{{\"ssn\":\"NEEDLE-1\"}}\n");
    let seen = see_every_way("x", alone.as_bytes(), &needles);
    assert_eq!(seen.found[0].container, ["a.json"]);
    assert_eq!(seen.found[0].field.clone().unwrap().1, ["ssn"]);
}

#[test]
fn mailboxes() {
    let one = "From a@example.com Mon Jan  1 10:00:00 2024\nFrom: a@example.com\nSubject: NEEDLE-1\n\nhello\n>From here NEEDLE-2\n\n";
    let two = "From b@example.com Tue Jan  2 10:00:00 2024\nFrom: b@example.com\nSubject: x\nContent-Type: multipart/mixed; boundary=q\n\n--q\n\nNEEDLE-3\n--q\nContent-Type: application/octet-stream\n\nid,ssn\n1,NEEDLE-4\n2,x\n--q\nContent-Disposition: attachment; filename=n.txt\n\nnever ended NEEDLE-5\n\n";
    let three = "From c@example.com Tue Jan  2 10:00:00 2024\nFrom: c@example.com\nSubject: y\n\nNEEDLE-6\n";
    let mbox = format!("{one}{two}{three}");
    let needles = [
        "NEEDLE-1", "NEEDLE-2", "NEEDLE-3", "NEEDLE-4", "NEEDLE-5", "NEEDLE-6",
    ];
    let seen = see_every_way("box", mbox.as_bytes(), &needles);
    assert_eq!(seen.outcome.mime_type, "application/mbox");
    assert_eq!(seen.outcome.status, Status::Complete, "{:?}", seen.outcome);
    assert_eq!(seen.found.len(), 6, "{:?}", values(&seen));
    check_lines(&seen, &mbox);
    assert_eq!(path(&seen, "NEEDLE-1"), "/message 1/Subject");
    assert_eq!(path(&seen, "NEEDLE-3"), "/message 2/part 1");
    assert_eq!(path(&seen, "NEEDLE-6"), "/message 3");
    assert_eq!(found(&seen, "NEEDLE-4").container, ["message 2/part 2"]);
    assert_eq!(found(&seen, "NEEDLE-5").container, ["message 2/n.txt"]);
}

/// Cut anywhere, a mail gives what it holds up to there.
#[test]
fn cut_mails_lose_nothing_that_is_there() {
    for len in 600..MAIL.len() {
        let Some(cut) = MAIL.get(..len) else { continue };
        let seen = see("a.eml", cut.as_bytes(), &Limits::default(), &NEEDLES);
        for (value, at) in [
            ("NEEDLE-4", "NEEDLE-4"),
            ("grüße NEEDLE-6", "NEEDLE=2D6"),
            ("NEEDLE-10", "NEEDLE-10"),
            ("NEEDLE-12", "NEEDLE-12"),
        ] {
            let there = cut.contains(at);
            assert_eq!(values(&seen).contains(&value), there, "{len} {value}");
        }
    }
}

#[test]
fn what_is_not_followed_is_told() {
    let head = "From: a@example.com\nTo: b@example.com\nMessage-ID: <1@a>\nDate: x\n";
    for more in [
        "Content-Type: multipart/mixed\n\n--x\n\nNEEDLE\n--x--\n",
        "Content-Transfer-Encoding: x-uuencode\n\nNEEDLE\n",
    ] {
        let mail = format!("{head}{more}");
        let seen = see_every_way("x", mail.as_bytes(), &["NEEDLE"]);
        assert_eq!(values(&seen), ["NEEDLE"]);
        assert_eq!(seen.outcome.status, Status::Partial);
        assert_eq!(seen.outcome.reason, Some(Reason::UnableToParseFile));
    }
    let mut deep = head.to_owned();
    for i in 0..100 {
        deep += &format!("Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n");
    }
    deep += "\nNEEDLE\n";
    let seen = see_every_way("x", deep.as_bytes(), &["NEEDLE"]);
    assert_eq!(values(&seen), ["NEEDLE"]);
    assert_eq!(seen.outcome.reason, Some(Reason::UnableToParseFile));
    // messages in messages are containers in containers
    let mut nested = String::new();
    for _ in 0..30 {
        nested += &format!("{head}Content-Type: message/rfc822\n\n");
    }
    nested += &format!("{head}\nNEEDLE\n");
    let seen = see("x", nested.as_bytes(), &Limits::default(), &["NEEDLE"]);
    assert_eq!(seen.outcome.status, Status::Partial);
    let mut reasons = seen.members.iter().filter_map(|m| m.reason);
    assert!(
        reasons.next_back() == Some(Reason::ArchiveNestingLevelOverLimit),
        "{:?}",
        seen.members
    );
}

/// Long bodies over many blocks.
#[test]
fn long_mails() {
    let head = "From: a@example.com\nTo: b@example.com\nMessage-ID: <1@a>\nDate: x\n";
    let lines =
        "gr=C3=BC=C3=9Fe from a long letter, with wörds as they are=\n and a fold\n".repeat(3000);
    let pages = "<tr><td>caf=C3=A9</td><td>1</td></tr>\n".repeat(3000);
    let mail = format!(
        "{head}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n{lines}NEEDLE=2D1\n{lines}\n--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<table>{pages}<tr><td>NEEDLE-<b>2</b></table>{pages}\n--b\n\n{lines}NEEDLE-3\n--b--\n"
    );
    let needles = ["NEEDLE-1", "NEEDLE-2", "NEEDLE-3"];
    let whole = see("x", mail.as_bytes(), &Limits::default(), &needles);
    assert_eq!(values(&whole), needles);
    assert_eq!(stored(&mail, found(&whole, "NEEDLE-1")), "NEEDLE=2D1");
    assert_eq!(stored(&mail, found(&whole, "NEEDLE-2")), "NEEDLE-<b>2");
    assert_eq!(stored(&mail, found(&whole, "NEEDLE-3")), "NEEDLE-3");
    check_lines(&whole, &mail);
    for block in [300, 5000, 30_000] {
        let cut = see_step("x", mail.as_bytes(), &blocks_of(block), &needles, 99);
        assert_eq!(cut.found, whole.found);
        assert_eq!(cut.text, whole.text);
    }
}
