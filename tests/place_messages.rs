//! Log events inside JSON documents: subscription payloads and answers of the API.

mod content_support;

use content_support::*;
use magpie::content::Limits;
use magpie::model::{Reason, Status};

const NEEDLES: [&str; 7] = [
    "NEEDLE-1",
    "NEEDLE-2",
    "a\"b\tc é😀",
    "NEEDLE-4",
    "NEEDLE-5",
    "NEEDLE\n6",
    "NEEDLE-7",
];

fn event(id: u32, ms: u64, message: &str) -> String {
    format!(
        r#"{{"id":"3823456789012345678901234567890123456789012345678901{id:04}","timestamp":{ms},"message":"{message}"}}"#
    )
}

fn document(group: &str, stream: &str, events: &[String]) -> String {
    format!(
        r#"{{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"{group}","logStream":"{stream}","subscriptionFilters":["to-firehose"],"logEvents":[{}]}}"#,
        events.join(",")
    )
}

fn documents() -> Vec<String> {
    vec![
        document(
            "/aws/lambda/NEEDLE-5",
            "2024/05/01/[$LATEST]01",
            &[
                event(1, 1_714_564_800_123, r"user signed up ssn=NEEDLE-1\n"),
                event(2, 1_714_564_800_201, r#"{\"card\":{\"number\":\"NEEDLE-2\"}}"#),
                event(3, 1_714_564_800_202, r#"grüße: a\"b\tc \u00e9\ud83d\ude00, NEEDLE\n6"#),
            ],
        ),
        r#"{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],"logEvents":[{"id":"","timestamp":1714564800000,"message":"CWL CONTROL MESSAGE: Checking health of destination Firehose."}]}"#.to_owned(),
        document(
            "second",
            "s2",
            &[
                r#"{"id":"77","timestamp":1714564801000,"message":"x NEEDLE-4","extractedFields":{"who":"NEEDLE-7","n":"12"}}"#.to_owned(),
            ],
        ),
    ]
}

/// The value as it is found in the stored bytes, unescaped.
fn decode(stored: &[u8]) -> String {
    serde_json::from_str(&format!("\"{}\"", lossy(stored))).unwrap()
}

fn check(seen: &Seen, text: &str) {
    assert_eq!(seen.outcome.status, Status::Complete, "{:?}", seen.outcome);
    let by_value = |value: &str| seen.found.iter().find(|f| f.value == value).unwrap();
    assert_eq!(seen.found.len(), NEEDLES.len(), "{:?}", values(seen));
    read_back(seen, text.as_bytes(), &decode);
    for (value, group, stream, time, id) in [
        (
            "NEEDLE-1",
            "/aws/lambda/NEEDLE-5",
            "2024/05/01/[$LATEST]01",
            "2024-05-01T12:00:00.123Z",
            "0001",
        ),
        (
            "NEEDLE-2",
            "/aws/lambda/NEEDLE-5",
            "2024/05/01/[$LATEST]01",
            "2024-05-01T12:00:00.201Z",
            "0002",
        ),
        (
            "a\"b\tc é😀",
            "/aws/lambda/NEEDLE-5",
            "2024/05/01/[$LATEST]01",
            "2024-05-01T12:00:00.202Z",
            "0003",
        ),
        (
            "NEEDLE\n6",
            "/aws/lambda/NEEDLE-5",
            "2024/05/01/[$LATEST]01",
            "2024-05-01T12:00:00.202Z",
            "0003",
        ),
        ("NEEDLE-4", "second", "s2", "2024-05-01T12:00:01.000Z", "77"),
        ("NEEDLE-7", "second", "s2", "2024-05-01T12:00:01.000Z", "77"),
    ] {
        let log = by_value(value).place.log.clone().unwrap();
        assert_eq!(log.group.as_deref(), Some(group), "{value}");
        assert_eq!(log.stream.as_deref(), Some(stream), "{value}");
        assert_eq!(log.timestamp.as_deref(), Some(time), "{value}");
        assert!(log.event_id.unwrap().ends_with(id), "{value}");
    }
    let names = |value: &str| by_value(value).field.clone().map(|f| f.1);
    assert_eq!(names("NEEDLE-1"), None);
    assert_eq!(names("NEEDLE-2").unwrap(), ["card", "number"]);
    assert_eq!(names("NEEDLE-5").unwrap(), ["logGroup"]);
    // Lines and columns are those of the stored text.
    for found in &seen.found {
        let before = &text[..found.place.byte_range.start as usize];
        let line = before.matches('\n').count() as u64 + 1;
        let column = before.rsplit('\n').next().unwrap().chars().count() as u64 + 1;
        assert_eq!(
            (found.place.line, found.place.column),
            (line, column),
            "{}",
            found.value
        );
        let stored = &text[..found.place.byte_range.end as usize];
        let end = stored.rsplit('\n').next().unwrap().chars().count() as u64 + 1;
        assert_eq!((found.place.end_line, found.place.end_column), (line, end));
    }
}

#[test]
fn subscription_payloads() {
    let joined = documents().concat();
    check(
        &see_every_way("delivery-1-2024-05-01-uuid", joined.as_bytes(), &NEEDLES),
        &joined,
    );
    let lines = documents().join("\n");
    check(
        &see_every_way("delivery", lines.as_bytes(), &NEEDLES),
        &lines,
    );
    // As they are delivered: gzip members back to back, perhaps in gzip once more.
    let members: Vec<u8> = documents()
        .iter()
        .flat_map(|d| gzip(d.as_bytes()))
        .collect();
    for bytes in [&members, &gzip(&members)] {
        for limits in [Limits::default(), blocks_of(1), blocks_of(100)] {
            check(
                &see("2024/05/01/12/delivery", bytes, &limits, &NEEDLES),
                &joined,
            );
        }
    }
}

#[test]
fn text_of_messages_stands_alone() {
    let text = document(
        "g",
        "s",
        &[
            event(1, 1_714_564_800_123, "one"),
            event(2, 4_111_111_111_111_111, "two"),
        ],
    );
    let seen = see("x", text.as_bytes(), &Limits::default(), &[]);
    let unfolded = lossy(&seen.text);
    assert!(
        unfolded.contains("\none\n") && unfolded.contains("\ntwo\n"),
        "{unfolded}"
    );
    // Numbers of ids and times are no text; all other values are.
    assert!(
        !unfolded.contains("382345") && !unfolded.contains("4111111"),
        "{unfolded}"
    );
    assert!(unfolded.contains("111122223333") && unfolded.contains("to-firehose"));
    assert_eq!(seen.outcome.bytes_scanned, text.len() as u64);
    assert_eq!(seen.outcome.mime_type, "application/json");
}

#[test]
fn answers_of_the_api() {
    let text = r#"{
  "events": [
    {"timestamp": 1714564800123, "message": "first NEEDLE-1", "ingestionTime": 1714564800456},
    {"logStreamName": "web/1", "timestamp": 1714564800999, "message": "NEEDLE-2 \u00e9", "ingestionTime": 1714564800456, "eventId": "3823"}
  ],
  "searchedLogStreams": [], "nextToken": "NEEDLE-4"
}
"#;
    let seen = see_every_way("dump.json", text.as_bytes(), &NEEDLES);
    assert_eq!(seen.outcome.status, Status::Complete);
    read_back(&seen, text.as_bytes(), &decode);
    let log = |i: usize| seen.found[i].place.log.clone().unwrap();
    assert_eq!(
        log(0).timestamp.as_deref(),
        Some("2024-05-01T12:00:00.123Z")
    );
    assert_eq!((log(0).stream, log(0).event_id), (None, None));
    assert_eq!(log(1).stream.as_deref(), Some("web/1"));
    assert_eq!(log(1).event_id.as_deref(), Some("3823"));
    let lines: Vec<u64> = seen.found.iter().map(|f| f.place.line).collect();
    assert_eq!(lines, [3, 4, 6]);
}

/// Long messages over many blocks, with escapes everywhere.
#[test]
fn long_messages() {
    let filler = r#"\"key\": \"välue\",\n\t"#.repeat(3000);
    let text = document(
        "g",
        "s",
        &[
            event(
                1,
                1_714_564_800_123,
                &format!("{filler}NEEDLE-1{filler}NEEDLE-2"),
            ),
            event(
                2,
                1_714_564_800_124,
                &format!("{filler}{{\\\"user name\\\":[\\\"x\\\",{filler}\\\"NEEDLE-4\\\"]}}"),
            ),
        ],
    );
    let whole = see("x", text.as_bytes(), &Limits::default(), &NEEDLES);
    assert_eq!(values(&whole), ["NEEDLE-1", "NEEDLE-2", "NEEDLE-4"]);
    read_back(&whole, text.as_bytes(), &decode);
    let column = text[..whole.found[1].place.byte_range.start as usize]
        .chars()
        .count() as u64
        + 1;
    assert_eq!(whole.found[1].place.column, column);
    for block in [300, 5000, 30_000] {
        let cut = see_step("x", text.as_bytes(), &blocks_of(block), &NEEDLES, 99);
        assert_eq!(cut.found, whole.found);
        assert_eq!(cut.text, whole.text);
    }
}

#[test]
fn cut_off_documents_are_told() {
    let text = documents().concat();
    for len in [text.len() - 1, text.len() / 2, 700] {
        let seen = see("x", &text.as_bytes()[..len], &Limits::default(), &NEEDLES);
        assert_eq!(seen.outcome.status, Status::Partial);
        assert_eq!(seen.outcome.reason, Some(Reason::UnableToParseFile));
        assert!(values(&seen).contains(&"NEEDLE-1"));
    }
}
