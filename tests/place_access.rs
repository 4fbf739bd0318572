//! Access logs: values in encoded URLs, with the way back to the log as it is stored.

mod content_support;

use content_support::*;
use magpie::content::Limits;
use magpie::model::Status;

fn decode(stored: &[u8]) -> String {
    lossy(stored)
        .replace("%2540", "@")
        .replace("%40", "@")
        .replace("%20", " ")
        .replace("%C3%A9", "é")
        .replace("%2d", "-")
        .replace('+', " ")
}

#[test]
fn queries_are_decoded() {
    let clf = "192.0.2.1 - - [10/Oct/2023:13:55:36 +0000] \"GET /a?email=NEEDLE%40example.com&name=John+Smith+1&x=1+ HTTP/1.1\" 200 2326 \"-\" \"a+b %zz 100%\"\n\
        192.0.2.1 - - [10/Oct/2023:13:55:37 +0000] \"GET /b/John%20Sm%C3%A9th%2d1?t=%2540NEEDLE HTTP/1.1\" 200 1 \"-\" \"x\"\n";
    let needles = [
        "NEEDLE@example.com",
        "John Smith 1",
        "John Sméth-1",
        "@NEEDLE",
    ];
    for prefix in ["", "79a5 bucket ", "# é\n"] {
        let log = match prefix {
            "# é\n" => clf.replace("200 1 ", "200 é "),
            _ => clf.replace("192.0.2.1 - - ", &format!("{prefix}192.0.2.1 - - ")),
        };
        let seen = see_every_way("access.log", log.as_bytes(), &needles);
        assert_eq!(seen.outcome.status, Status::Complete);
        assert_eq!(seen.outcome.mime_type, "text/plain");
        assert_eq!(values(&seen).len(), 4, "{}", lossy(&seen.text));
        read_back(&seen, log.as_bytes(), &decode);
        for found in &seen.found {
            let before = &log[..found.place.byte_range.start as usize];
            assert_eq!(found.place.line, before.matches('\n').count() as u64 + 1);
            let column = before.rsplit('\n').next().unwrap().chars().count() as u64 + 1;
            assert_eq!(found.place.column, column);
        }
        // what is no escape stands as it is
        assert!(lossy(&seen.text).contains("\"a+b %zz 100%\"\n"));
        assert!(
            lossy(&seen.text).contains("+0000] \"GET /a?email=")
                && lossy(&seen.text).contains("x=1+ HTTP")
        );
    }
}

/// Long logs over many blocks.
#[test]
fn long_logs() {
    let line = "192.0.2.1 - - [10/Oct/2023:13:55:36 +0000] \"GET /a?email=ann%40example.com&name=J+S HTTP/1.1\" 200 23 \"-\" \"é\"\n";
    let log = format!(
        "{0}192.0.2.1 - - [10/Oct/2023:13:55:36 +0000] \"GET /a?n=NEEDLE%2d1 HTTP/1.1\"\n{0}",
        line.repeat(5000)
    );
    let whole = see(
        "access.log",
        log.as_bytes(),
        &Limits::default(),
        &["NEEDLE-1"],
    );
    assert_eq!(whole.found.len(), 1);
    assert_eq!(whole.found[0].place.line, 5001);
    read_back(&whole, log.as_bytes(), &decode);
    for block in [300, 5000, 30_000] {
        let cut = see_step(
            "access.log",
            log.as_bytes(),
            &blocks_of(block),
            &["NEEDLE-1"],
            99,
        );
        assert_eq!(cut.found, whole.found);
        assert_eq!(cut.text, whole.text);
    }
}

#[test]
fn other_logs_are_left_alone() {
    let log = "2024-05-01 12:00:00 GET /a?email=NEEDLE%40example.com\n";
    let seen = see_every_way("app.log", log.as_bytes(), &["NEEDLE%40"]);
    assert_eq!(seen.found.len(), 1);
    assert_eq!(lossy(&seen.text), log);
}
