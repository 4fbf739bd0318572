//! The flat record `magpie.occurrence/1`.

#[path = "store_support/mod.rs"]
mod support;

use std::sync::Arc;

use magpie::model::{
    Cell, KeywordHit, LogPlace, Occurrence, OccurrenceView, Place, Record, Side, Table,
};
use magpie::wire::{ObjectRef, OccurrenceWriter};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{CARD, SSN, catalogue, container, in_line, meta};

fn object() -> ObjectRef<'static> {
    ObjectRef {
        uri: "s3://bucket/key",
        etag: Some("0123"),
        version_id: None,
        size: Some(123),
    }
}

fn line(occurrence: &Occurrence) -> String {
    let catalogue = catalogue();
    let view = OccurrenceView::new(occurrence, &catalogue).expect("known");
    let mut out = Vec::new();
    OccurrenceWriter::new(object()).write(&mut out, &view);
    String::from_utf8(out).expect("UTF-8")
}

fn full() -> Occurrence {
    let mut occurrence = in_line(SSN, &container(&["inner/dir.zip", "a.csv"]), 12);
    occurrence.place = Place {
        byte_range: 1234..1245,
        stored_range: None,
        line: 12,
        column: 7,
        end_line: 12,
        end_column: 18,
        cell: Some(Cell {
            row: 12,
            column: 3,
            column_name: Some(Arc::from("ssn")),
            table: None,
        }),
        record: Some(Record {
            record_index: 4,
            json_path: Arc::from("$.ssn"),
        }),
        path: None,
        page: None,
        log: Some(LogPlace {
            group: None,
            stream: Some(Arc::from("web-1")),
            timestamp: Some(Arc::from("2024-05-01T12:00:00.123Z")),
            event_id: None,
        }),
    };
    occurrence.rivals = [CARD].into_iter().collect();
    occurrence
}

/// Tables with names and paths bring their own fields; others have none of them.
#[test]
fn a_named_table_and_a_path_are_told() {
    let mut occurrence = full();
    if let Some(cell) = &mut occurrence.place.cell {
        cell.table = Some(Table::Sheet(Arc::from("Sheet2")));
    }
    occurrence.place.path = Some(Arc::from("/a/b[2]/@c"));
    let text = line(&occurrence);
    assert!(text.contains(
        r#""cell":{"row":12,"column":3,"columnName":"ssn","table":"Sheet2","cellReference":"Sheet2!C12"}"#
    ));
    assert!(text.contains(r#","path":"/a/b[2]/@c","page":null"#));
    if let Some(cell) = &mut occurrence.place.cell {
        cell.table = Some(Table::Named(Arc::from("users")));
    }
    let text = line(&occurrence);
    assert!(text.contains(r#""columnName":"ssn","table":"users","cellReference":null}"#));
}

/// The frozen names, in their order, on one line.
#[test]
fn the_record_is_as_frozen() {
    let want = concat!(
        r#"{"schema":"magpie.occurrence/1","object":{"uri":"s3://bucket/key","eTag":"0123","versionId":null,"size":123},"#,
        r#""container":["inner/dir.zip","a.csv"],"detector":"USA_SOCIAL_SECURITY_NUMBER","category":"PERSONAL_INFORMATION","#,
        r#""line":12,"column":7,"endLine":12,"endColumn":18,"byteRange":{"start":1234,"end":1245},"storedRange":null,"#,
        r#""cell":{"row":12,"column":3,"columnName":"ssn"},"record":{"recordIndex":4,"jsonPath":"$.ssn"},"page":null,"#,
        r#""log":{"group":null,"stream":"web-1","timestamp":"2024-05-01T12:00:00.123Z","eventId":null},"#,
        r#""masked":"***-**-1245","confidence":0.98,"#,
        r#""evidence":{"checks":["ssn_ranges"],"keyword":{"text":"ssn","distance":2,"where":"before"},"rivals":["CREDIT_CARD_NUMBER"]}}"#,
        "\n"
    );
    assert_eq!(line(&full()), want);
}

#[test]
fn what_does_not_apply_is_null() {
    let mut occurrence = in_line(SSN, &container(&[]), 1);
    occurrence.checks = 0;
    occurrence.keyword = None;
    let value: Value = serde_json::from_str(&line(&occurrence)).expect("JSON");
    for name in ["cell", "record", "page", "log"] {
        assert_eq!(value[name], Value::Null, "{name}");
    }
    assert_eq!(value["storedRange"], json!({"start": 80, "end": 91}));
    assert_eq!(value["container"], json!([]));
    assert_eq!(
        value["evidence"],
        json!({"checks": [], "keyword": null, "rivals": []})
    );
}

#[test]
fn one_writer_goes_from_object_to_object_and_member_to_member() {
    let catalogue = catalogue();
    let mut writer = OccurrenceWriter::new(object());
    let mut out = Vec::new();
    let plain = in_line(SSN, &container(&[]), 1);
    let inner = full();
    for occurrence in [&plain, &inner, &plain, &inner] {
        writer.write(
            &mut out,
            &OccurrenceView::new(occurrence, &catalogue).expect("known"),
        );
    }
    let one = line(&plain) + &line(&inner);
    assert_eq!(
        String::from_utf8(out.clone()).expect("UTF-8"),
        one.repeat(2)
    );
    let other = meta("other", 5);
    writer.object(ObjectRef::from(&other));
    out.clear();
    writer.write(
        &mut out,
        &OccurrenceView::new(&plain, &catalogue).expect("known"),
    );
    let value: Value = serde_json::from_slice(&out).expect("JSON");
    assert_eq!(value["object"]["uri"], "s3://amzn-s3-demo-bucket/other");
}

proptest! {
    /// Whatever the names hold, the line is one line of JSON that says the same.
    #[test]
    fn any_text_reads_back(
        uri in any::<String>(), name in any::<String>(), path in any::<String>(),
        column in any::<String>(), masked in any::<String>(),
        start: u64, line: u64, confidence in 0f32..=1f32, row: u64, index: u64,
        checks in 0..2u32, distance in prop::option::of(any::<u16>()),
    ) {
        let mut occurrence = full();
        occurrence.container = Arc::from(vec![name.clone()]);
        occurrence.place.byte_range = start..start;
        occurrence.place.line = line;
        occurrence.place.cell = Some(Cell { row, column: 1, column_name: Some(Arc::from(column.as_str())), table: None });
        occurrence.place.record = Some(Record { record_index: index, json_path: Arc::from(path.as_str()) });
        occurrence.masked = masked.clone();
        occurrence.confidence = confidence;
        occurrence.checks = checks;
        occurrence.keyword = Some(KeywordHit { keyword: 0, distance, side: Side::Path });
        let catalogue = catalogue();
        let mut out = Vec::new();
        let object = ObjectRef { uri: &uri, etag: None, version_id: Some(&uri), size: None };
        OccurrenceWriter::new(object)
            .write(&mut out, &OccurrenceView::new(&occurrence, &catalogue).expect("known"));
        let text = String::from_utf8(out).expect("UTF-8");
        prop_assert_eq!(text.lines().count(), 1);
        prop_assert!(!text[..text.len() - 1].chars().any(char::is_control));
        let value: Value = serde_json::from_str(&text).expect("JSON");
        prop_assert_eq!(&value["object"], &json!({"uri": uri, "eTag": null, "versionId": uri, "size": null}));
        prop_assert_eq!(&value["container"], &json!([name]));
        prop_assert_eq!(&value["byteRange"], &json!({"start": start, "end": start}));
        prop_assert_eq!(&value["line"], &json!(line));
        prop_assert_eq!(&value["cell"], &json!({"row": row, "column": 1, "columnName": column}));
        prop_assert_eq!(&value["record"], &json!({"recordIndex": index, "jsonPath": path}));
        prop_assert_eq!(&value["masked"], &json!(masked));
        let shown = value["confidence"].as_f64().expect("a number");
        prop_assert!((shown - f64::from(confidence)).abs() <= 0.005 + 1e-6);
        prop_assert_eq!(value["evidence"]["checks"].as_array().expect("checks").len(), checks as usize);
        prop_assert_eq!(&value["evidence"]["keyword"], &json!({"text": "card", "distance": distance, "where": "path"}));
    }
}
