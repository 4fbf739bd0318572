//! HTML and XML: text and attributes without their tags, elements as names and paths, and the way
//! back to the stored text.

mod content_support;

use content_support::*;
use magpie::content::Limits;
use magpie::model::{Reason, Status, TextShape};

/// Undoes what the tests write.
fn decode(stored: &[u8]) -> String {
    let mut text = lossy(stored);
    while let Some(from) = text.find('<') {
        let to = from + text[from..].find('>').unwrap();
        text.replace_range(from..=to, "");
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace("&#45;", "-")
        .replace("&nbsp;", " ")
        .replace("&eacute;", "é")
        .replace("&#x1F600;", "😀")
        .replace("&amp;", "&")
}

fn found<'a>(seen: &'a Seen, value: &str) -> &'a Found {
    seen.found.iter().find(|f| f.value == value).unwrap()
}

fn path(seen: &Seen, value: &str) -> String {
    found(seen, value).place.path.clone().unwrap().to_string()
}

fn names(seen: &Seen, value: &str) -> Vec<String> {
    found(seen, value).field.clone().unwrap().1
}

/// Lines and columns are those of the stored text.
fn check_lines(seen: &Seen, text: &str) {
    for found in &seen.found {
        let place = &found.place;
        let before = &text[..place.byte_range.start as usize];
        let line = before.matches('\n').count() as u64 + 1;
        let column = before.rsplit('\n').next().unwrap().chars().count() as u64 + 1;
        assert_eq!(
            (place.line, place.column),
            (line, column),
            "{}",
            found.value
        );
        let upto = &text[..place.byte_range.end as usize];
        let line = upto.matches('\n').count() as u64 + 1;
        let column = upto.rsplit('\n').next().unwrap().chars().count() as u64 + 1;
        assert_eq!((place.end_line, place.end_column), (line, column));
    }
}

const PAGE: &str = r##"<!DOCTYPE html>
<html lang="en">
<head><title>Grüße an NEEDLE-1</title>
<meta name="author" content="NEEDLE-2">
<script>var card = "<b>NEEDLE-3</b>";</script>
<!-- for NEEDLE-4 -->
</head>
<body class="wide">
<p>Dear <b class="x">John</b> <i>Smith</i>, your
   number is NEEDLE&#45;5 &#x1F600;
<p>and <a href="mailto:NEEDLE-6?a=1&amp;b=2" title='NEEDLE-7'>write</a>
<table>
  <tr><th>Name</th><th>SSN</th></tr>
  <tr><td>Caf&eacute; R&amp;D</td><td>NEEDLE-8</td></tr>
  <tr><td colspan=2>NEEDLE-9</td></tr>
</table>
<ul><li>a<li>NEEDLE-10</ul>
<pre>two
  lines NEEDLE-11</pre>
<input name="q" value=NEEDLE-12><br/>tail NEEDLE-13
</body>
</html>
"##;

const NEEDLES: [&str; 14] = [
    "an NEEDLE-1",
    "NEEDLE-2",
    "NEEDLE-3",
    "NEEDLE-4",
    "NEEDLE-5 😀",
    "John Smith",
    "NEEDLE-6",
    "NEEDLE-7",
    "NEEDLE-8",
    "Café R&D",
    "NEEDLE-9",
    "NEEDLE-10",
    "NEEDLE-11",
    "NEEDLE-12",
];

#[test]
fn pages() {
    let seen = see_every_way("page.html", PAGE.as_bytes(), &NEEDLES);
    assert_eq!(seen.outcome.status, Status::Complete, "{:?}", seen.outcome);
    assert_eq!(seen.outcome.mime_type, "text/html");
    assert_eq!(seen.outcome.bytes_scanned, PAGE.len() as u64);
    assert!(seen.found.iter().all(|f| f.shape == TextShape::Plain));
    let unfolded = lossy(&seen.text);
    assert_eq!(seen.found.len(), 14, "{:?}\n{unfolded}", values(&seen));
    check_lines(&seen, PAGE);
    for found in &seen.found {
        let range = found.place.byte_range.clone();
        let stored = &PAGE.as_bytes()[range.start as usize..range.end as usize];
        assert_eq!(decode(stored), found.value);
    }
    for (value, expected) in [
        ("an NEEDLE-1", "/html/head[1]/title[1]"),
        ("NEEDLE-2", "/html/head[1]/meta[1]/@content"),
        ("NEEDLE-3", "/html/head[1]/script[1]"),
        ("NEEDLE-4", "/html/head[1]/comment()"),
        ("John Smith", "/html/body[1]/p[1]"),
        ("NEEDLE-5 😀", "/html/body[1]/p[1]"),
        ("NEEDLE-6", "/html/body[1]/p[2]/a[1]/@href"),
        ("NEEDLE-7", "/html/body[1]/p[2]/a[1]/@title"),
        ("NEEDLE-8", "/html/body[1]/table[1]/tr[2]/td[2]"),
        ("NEEDLE-9", "/html/body[1]/table[1]/tr[3]/td[1]"),
        ("NEEDLE-10", "/html/body[1]/ul[1]/li[2]"),
        ("NEEDLE-11", "/html/body[1]/pre[1]"),
        ("NEEDLE-12", "/html/body[1]/input[1]/@value"),
    ] {
        assert_eq!(path(&seen, value), expected, "{unfolded}");
    }
    assert_eq!(names(&seen, "NEEDLE-8"), ["SSN"]);
    assert!(names(&seen, "NEEDLE-2").is_empty());
    assert!(unfolded.contains("\nSSN: NEEDLE-8\n"));
    assert!(names(&seen, "John Smith").is_empty());
    assert!(unfolded.contains("John Smith, your number is NEEDLE-5 😀 \nand "));
    assert!(unfolded.contains("\nmailto:NEEDLE-6?a=1&b=2\nNEEDLE-7\nwrite \n"));
    assert!(unfolded.contains("\ntwo\n  lines NEEDLE-11\n"));
    assert!(!unfolded.contains("wide") && unfolded.contains("<b>NEEDLE-3</b>"));
}

#[test]
fn documents_of_xml() {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE people [\n <!ENTITY lol \"NEEDLE-1\">\n <!ENTITY lots \"&lol;&lol;&lol;\">\n]>\n\
        <people xmlns:p=\"urn:x\">\n  <p:person id='NEEDLE-2'>\n    <ssn>NEEDLE-3</ssn><phone kind=\"home\">é &amp; NEEDLE-4</phone>\n  </p:person>\n\
        <p:person>\n    <ssn><![CDATA[a < b & NEEDLE-5]]></ssn>&lots;&lots;\n    <address>\n      1 Main St\n      NEEDLE-6\n    </address><e/>\n  </p:person>\n\
        <?note NEEDLE-7 ?></people>\n";
    let needles = [
        "NEEDLE-1", "NEEDLE-2", "NEEDLE-3", "NEEDLE-4", "NEEDLE-5", "NEEDLE-6", "NEEDLE-7",
    ];
    let seen = see_every_way("people.xml", text.as_bytes(), &needles);
    assert_eq!(seen.outcome.status, Status::Complete, "{:?}", seen.outcome);
    assert_eq!(seen.outcome.mime_type, "application/xml");
    let unfolded = lossy(&seen.text);
    // a declared entity is not expanded
    assert_eq!(values(&seen), needles, "{unfolded}");
    assert!(unfolded.contains("&lots;&lots;"));
    assert!(unfolded.contains("a < b & NEEDLE-5"));
    assert!(unfolded.contains("\nid: NEEDLE-2\nssn: NEEDLE-3\nkind: home\nphone: é & NEEDLE-4\n"));
    assert!(
        unfolded.contains("\naddress: 1 Main St\nNEEDLE-6\n"),
        "{unfolded}"
    );
    read_back(&seen, text.as_bytes(), &lossy);
    check_lines(&seen, text);
    for (value, expected, of_names) in [
        (
            "NEEDLE-2",
            "/people/p:person[1]/@id",
            &["people", "person", "id"][..],
        ),
        (
            "NEEDLE-3",
            "/people/p:person[1]/ssn[1]",
            &["people", "person", "ssn"],
        ),
        (
            "NEEDLE-4",
            "/people/p:person[1]/phone[1]",
            &["people", "person", "phone"],
        ),
        (
            "NEEDLE-5",
            "/people/p:person[2]/ssn[1]",
            &["people", "person", "ssn"],
        ),
        (
            "NEEDLE-6",
            "/people/p:person[2]/address[1]",
            &["people", "person", "address"],
        ),
        ("NEEDLE-7", "/people/processing-instruction()", &["people"]),
    ] {
        assert_eq!(path(&seen, value), expected);
        assert_eq!(names(&seen, value), of_names, "{value}");
    }
    assert_eq!(
        found(&seen, "NEEDLE-4").field.clone().unwrap().0,
        "é & NEEDLE-4"
    );
}

#[test]
fn other_encodings_lead_back_too() {
    let text = "<?xml version=\"1.0\"?>\n<a>\n <é b=\"ñ NEEDLE-1\">ünd &amp; NEEDLE-2 &#45; ñ</é>\n <c/>NEEDLE-3</a>";
    let needles = ["NEEDLE-1", "& NEEDLE-2 - ñ", "NEEDLE-3"];
    let latin: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    for (bytes, unit, skipped) in [(&latin, 1, 0), (&utf16, 2, 2)] {
        let seen = see_every_way("x.xml", bytes, &needles);
        assert_eq!(values(&seen), needles);
        for found in &seen.found {
            let range = found.place.byte_range.clone();
            let chars = |at: u64| (at - skipped) / unit;
            let stored: String = text
                .chars()
                .skip(chars(range.start) as usize)
                .take(chars(range.end - range.start + skipped) as usize)
                .collect();
            assert_eq!(decode(stored.as_bytes()), found.value);
        }
        assert_eq!(path(&seen, "NEEDLE-1"), "/a/é[1]/@b");
        assert_eq!(found(&seen, "NEEDLE-3").place.line, 4);
    }
}

/// Whatever is broken, nothing that is no mark gets lost.
#[test]
fn broken_markup_is_scanned_to_its_end() {
    for (text, needles) in [
        (
            "<p>a <b and NEEDLE 1 John Smith",
            &["NEEDLE 1 John Smith"][..],
        ),
        ("<p>x</q></b> NEEDLE-1 <p", &["NEEDLE-1"]),
        ("<p class='NEEDLE-1234567'>x", &["NEEDLE-1234567"]),
        ("<div><p title=\"NEEDLE-1", &["NEEDLE-1"]),
        (
            "<p>1 < 2 NEEDLE-1 <NEEDLE-2@example.com> & NEEDLE-3",
            &["NEEDLE-1", "NEEDLE-2@example.com", "NEEDLE-3"],
        ),
        ("<p>x</p><!-- NEEDLE-1", &["NEEDLE-1"]),
        (
            "<p>x</p><script>NEEDLE-1</b>NEEDLE-2",
            &["NEEDLE-1", "NEEDLE-2"],
        ),
        (
            "<p NEEDLE-1234567 a=1 NEEDLE=2=3 >NEEDLE-3</p>",
            &["NEEDLE-1234567", "2=3", "NEEDLE-3"],
        ),
        ("<p>a<![CDATA[NEEDLE-1", &["NEEDLE-1"]),
    ] {
        let seen = see_every_way("x.html", text.as_bytes(), needles);
        assert_eq!(values(&seen), needles, "{text}: {}", lossy(&seen.text));
        assert_eq!(seen.outcome.status, Status::Complete, "{text}");
    }
}

#[test]
fn xml_that_ends_within_an_element_is_partial() {
    let text = "<?xml version=\"1.0\"?><a><b c=\"NEEDLE-1\">NEEDLE-2</b><d>NEEDLE-3</d></a>";
    let needles = ["NEEDLE-1", "NEEDLE-2", "NEEDLE-3"];
    for len in 1..text.len() {
        let seen = see(
            "x.xml",
            &text.as_bytes()[..len],
            &Limits::default(),
            &needles,
        );
        let whole = needles.iter().filter(|n| text[..len].contains(**n)).count();
        assert_eq!(seen.found.len(), whole, "{len}: {}", lossy(&seen.text));
        if len > 30 {
            assert_eq!(seen.outcome.status, Status::Partial, "{len}");
            assert_eq!(seen.outcome.reason, Some(Reason::UnableToParseFile));
        }
    }
    let deep = format!(
        "<?xml version=\"1.0\"?>{}NEEDLE-1{}",
        "<a>".repeat(9_000),
        "</a>".repeat(9_000)
    );
    let seen = see_every_way("x.xml", deep.as_bytes(), &needles);
    assert_eq!(values(&seen), ["NEEDLE-1"]);
    assert_eq!(seen.outcome.reason, Some(Reason::UnableToParseFile));
    read_back(&seen, deep.as_bytes(), &lossy);
}

/// Long elements and attributes over many blocks.
#[test]
fn long_documents() {
    let filler = "<row n=\"1\">wörd &amp; more</row>\n".repeat(4000);
    let long = "ä ".repeat(40_000);
    let text = format!(
        "<?xml version=\"1.0\"?>\n<r>{filler}<t v=\"{long}NEEDLE-1{long}\">{long}NEEDLE-2</t>{filler}<ssn>NEEDLE-3</ssn></r>"
    );
    let needles = ["NEEDLE-1", "NEEDLE-2", "NEEDLE-3"];
    let whole = see("x.xml", text.as_bytes(), &Limits::default(), &needles);
    assert_eq!(values(&whole), needles);
    assert_eq!(whole.outcome.status, Status::Complete);
    read_back(&whole, text.as_bytes(), &lossy);
    check_lines(&whole, &text);
    assert_eq!(path(&whole, "NEEDLE-2"), "/r/t[1]");
    for block in [300, 5000, 30_000] {
        let cut = see_step("x.xml", text.as_bytes(), &blocks_of(block), &needles, 99);
        assert_eq!(cut.found, whole.found);
        assert_eq!(cut.text, whole.text);
    }
}

#[test]
fn logs_that_hold_markup_stay_what_they_are() {
    let text = "2024-05-01 12:00:00 sent <a><ssn>NEEDLE-1</ssn></a>\n2024-05-01 12:00:01 ok\n";
    let seen = see_every_way("app.log", text.as_bytes(), &["NEEDLE-1"]);
    assert_eq!(seen.outcome.mime_type, "text/plain");
    assert_eq!(lossy(&seen.text), text);
}
