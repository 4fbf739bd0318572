//! JSON in its forms: record, path, field and the way back to the stored bytes.

mod content_support;

use content_support::*;
use magpie::content::Limits;
use magpie::model::{Reason, Status, TextShape};

fn places(seen: &Seen) -> Vec<(u64, String)> {
    seen.found
        .iter()
        .map(|f| {
            let record = f.place.record.clone().expect("a record");
            (record.record_index, record.json_path.to_string())
        })
        .collect()
}

fn fields(seen: &Seen) -> Vec<(String, Vec<String>, bool)> {
    seen.found
        .iter()
        .map(|f| f.field.clone().expect("a field"))
        .collect()
}

fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|s| (*s).to_owned()).collect()
}

const NEEDLES: [&str; 5] = ["NEEDLE-1", "NEEDLE-2", "33333", "NEEDLE-4", "NEEDLE-5"];

#[test]
fn document() {
    let text = r#"
{ "access": {"key": ["x", "y\"]", "the NEEDLE-1 value"], "some name": {"it's": "NEEDLE-2"}},
  "é\u00e9": [[{"n": -33333e5}], {}, []],
  "NEEDLE-4": true, "last": "\\", "end":"NEEDLE-5"}
"#;
    let seen = see_every_way("a.json", text.as_bytes(), &NEEDLES);
    assert_eq!(seen.outcome.status, Status::Complete, "{:?}", seen.outcome);
    assert_eq!(seen.outcome.mime_type, "application/json");
    read_back(&seen, text.as_bytes(), &lossy);
    assert_eq!(
        places(&seen),
        [
            (0, "$.access.key[2]".to_owned()),
            (0, r"$.access['some name']['it\'s']".to_owned()),
            (0, "$['éé'][0][0].n".to_owned()),
            (0, "$".to_owned()),
            (0, "$.end".to_owned()),
        ]
    );
    assert_eq!(
        fields(&seen),
        [
            (
                "the NEEDLE-1 value".to_owned(),
                strings(&["access", "key"]),
                false
            ),
            (
                "NEEDLE-2".to_owned(),
                strings(&["access", "some name", "it's"]),
                false
            ),
            ("-33333e5".to_owned(), strings(&["éé", "n"]), false),
            ("NEEDLE-4".to_owned(), vec![], true),
            ("NEEDLE-5".to_owned(), strings(&["end"]), false),
        ]
    );
    assert!(seen.found.iter().all(|f| f.shape == TextShape::Records));
    assert_eq!((seen.found[0].place.line, seen.found[2].place.line), (2, 3));
}

#[test]
fn json_lines_with_a_line_that_is_none() {
    let text = "{\"a\":\"NEEDLE-1\"}\n\n{\"a\":[1,\"NEEDLE-2\"]}\r\nplain 33333 text\n{\"a\":{\"b\":\"NEEDLE-4\"},\"c\":1}\n{\"a\": \"NEEDLE-5\"}";
    let seen = see_every_way("a.jsonl", text.as_bytes(), &NEEDLES);
    assert_eq!(seen.outcome.status, Status::Complete);
    read_back(&seen, text.as_bytes(), &lossy);
    let got: Vec<Option<(u64, String)>> = seen
        .found
        .iter()
        .map(|f| {
            f.place
                .record
                .clone()
                .map(|r| (r.record_index, r.json_path.to_string()))
        })
        .collect();
    assert_eq!(
        got,
        [
            Some((0, "$.a".to_owned())),
            Some((1, "$.a[1]".to_owned())),
            None,
            Some((3, "$.a.b".to_owned())),
            Some((4, "$.a".to_owned())),
        ]
    );
    let lines: Vec<u64> = seen.found.iter().map(|f| f.place.line).collect();
    assert_eq!(lines, [1, 3, 4, 5, 6]);
}

#[test]
fn concatenated_documents() {
    let text = r#"{"a":"NEEDLE-1"}{"b":["NEEDLE-2"]} {"c":33333}
[{"d":"NEEDLE-4"},
"NEEDLE-5"]"#;
    let seen = see_every_way("x", text.as_bytes(), &NEEDLES);
    assert_eq!(seen.outcome.status, Status::Complete);
    assert_eq!(
        places(&seen),
        [
            (0, "$.a".to_owned()),
            (1, "$.b[0]".to_owned()),
            (2, "$.c".to_owned()),
            (3, "$[0].d".to_owned()),
            (3, "$[1]".to_owned()),
        ]
    );
}

#[test]
fn broken_documents_are_scanned_and_told() {
    for (text, records) in [
        (r#"{"a":"NEEDLE-1", oops "b":"NEEDLE-2"}"#, [true, false]),
        (r#"{"a":"NEEDLE-1"]"b":"NEEDLE-2"}"#, [true, false]),
        (r#"{"a":"NEEDLE-1","b":"NEEDLE-2"#, [true, true]),
        (r#"{"a":"NEEDLE-1"} and "NEEDLE-2""#, [true, false]),
    ] {
        for limits in [Limits::default(), blocks_of(1), blocks_of(9)] {
            let seen = see("a.json", text.as_bytes(), &limits, &NEEDLES);
            assert_eq!(values(&seen), ["NEEDLE-1", "NEEDLE-2"], "{text}");
            let got: Vec<bool> = seen
                .found
                .iter()
                .map(|f| f.place.record.is_some())
                .collect();
            assert_eq!(got, records, "{text}");
            assert_eq!(seen.outcome.status, Status::Partial, "{text}");
            assert_eq!(seen.outcome.reason, Some(Reason::UnableToParseFile));
            assert_eq!(seen.outcome.bytes_scanned, text.len() as u64);
        }
    }
}

#[test]
fn deep_json_is_scanned_as_text_and_told() {
    let deep = |n: usize| format!("{}\"NEEDLE-1\"{}", "[".repeat(n), "]".repeat(n));
    let ok = see("a.json", deep(256).as_bytes(), &Limits::default(), &NEEDLES);
    assert_eq!(ok.outcome.status, Status::Complete);
    assert_eq!(places(&ok)[0].1, format!("$..{}", "[0]".repeat(82)));
    for n in [257, 100_000] {
        let over = see("a.json", deep(n).as_bytes(), &Limits::default(), &NEEDLES);
        assert_eq!(values(&over), ["NEEDLE-1"]);
        assert_eq!(over.outcome.status, Status::Partial);
        assert_eq!(over.outcome.reason, Some(Reason::JsonNestingLevelOverLimit));
    }
    // One line of many: the others keep their records.
    let lines = format!("{{\"a\":1}}\n{}\n{{\"b\":\"NEEDLE-2\"}}\n", deep(300));
    let seen = see_every_way("a.jsonl", lines.as_bytes(), &NEEDLES);
    assert_eq!(values(&seen), ["NEEDLE-1", "NEEDLE-2"]);
    assert_eq!(seen.found[1].place.record.as_ref().unwrap().record_index, 2);
    assert_eq!(seen.outcome.reason, Some(Reason::JsonNestingLevelOverLimit));
}

/// Names that leave the buffer are kept, those that straddle its edge too.
#[test]
fn names_outlive_their_text() {
    let filler = "\"x y z\",".repeat(6000);
    let long_name = "n".repeat(9000);
    let text = format!(
        "{{\"outer name\":{{\"list\":[{filler}{{\"inner\":\"NEEDLE-1\",\"{long_name}\":[{filler}\"NEEDLE-2\"]}}]}}}}"
    );
    let mut all = Vec::new();
    for block in [64, 777, 4096, 256 << 10] {
        let seen = see("a.json", text.as_bytes(), &blocks_of(block), &NEEDLES);
        assert_eq!(seen.outcome.status, Status::Complete);
        assert_eq!(places(&seen)[0].1, "$['outer name'].list[6000].inner");
        let names = &fields(&seen)[1].1;
        assert_eq!(names[..2], ["outer name", "list"]);
        assert_eq!(names[2], "n".repeat(1024));
        all.push(seen.found);
    }
    assert!(all.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn cloudtrail_tells_the_time_of_the_event() {
    let record = |time: &str, user: &str| {
        format!(
            r#"{{"eventVersion":"1.09","userIdentity":{{"userName":"{user}"}},"eventTime":"{time}","eventName":"PutObject"}}"#
        )
    };
    let text = format!(
        r#"{{"Records":[{},{}]}}"#,
        record("2024-05-01T12:00:00Z", "NEEDLE-1"),
        record("2024-05-01T12:00:07Z", "NEEDLE-2"),
    );
    let seen = see_every_way("t.json", text.as_bytes(), &NEEDLES);
    let times: Vec<_> = seen
        .found
        .iter()
        .map(|f| {
            f.place
                .log
                .clone()
                .and_then(|l| l.timestamp)
                .map(|t| t.to_string())
        })
        .collect();
    assert_eq!(
        times,
        [
            Some("2024-05-01T12:00:00.000Z".to_owned()),
            Some("2024-05-01T12:00:07.000Z".to_owned())
        ]
    );
    assert_eq!(places(&seen)[1].1, "$.Records[1].userIdentity.userName");
}

/// A line that held nothing but one bracket was not counted when that bracket was asked for.
#[test]
fn asking_does_not_change_the_count_of_records() {
    let text = "{\"a\":1}\n[\n{\"b\":\"NEEDLE-1\"}\n{\"c\":2}\n";
    for needles in [&["NEEDLE-1"][..], &["[", "NEEDLE-1"]] {
        let seen = see("a.jsonl", text.as_bytes(), &Limits::default(), needles);
        let place = &seen.found.last().unwrap().place;
        assert_eq!(place.record.as_ref().unwrap().record_index, 2);
    }
}

/// Of a value longer than what a block carries, the same part is told however the text is cut.
#[test]
fn long_values_are_the_same_in_all_blocks() {
    let filler = "words and \\\"more\\\" words ".repeat(1300);
    let digits = "7".repeat(30_000);
    let value = format!("{filler}NEEDLE-1{filler}NEEDLE-2 33333{filler}");
    let record = format!("{{\"n\":{digits}33333{digits},\"k\":\"{value}\",\"z\":\"NEEDLE-4\"}}");
    let log = format!("INFO {{\"k\":\"{filler}NEEDLE-1{filler}\"}}\n");
    let cell = format!("id,name\n1,\"{filler}NEEDLE-1{filler}\"\n");
    for (name, text) in [
        ("a.json", &record),
        ("a.jsonl", &record),
        ("a.log", &log),
        ("a.csv", &cell),
    ] {
        let whole = see(name, text.as_bytes(), &Limits::default(), &NEEDLES);
        assert!(whole.found.iter().all(|f| f.field.is_some()), "{name}");
        for block in [100, 999, 4096, 20_000] {
            let cut = see(name, text.as_bytes(), &blocks_of(block), &NEEDLES);
            assert_eq!(cut.found.len(), whole.found.len());
            for (one, two) in cut.found.iter().zip(&whole.found) {
                assert!(one == two, "{name} blocks of {block}: {:?}", one.place);
            }
        }
    }
}
