//! Every comparator, exclusions, and what needs no tags.

use std::sync::Arc;

use super::*;
use crate::model::{BucketInfo, Encryption};

fn object(key: &str, size: u64, modified: &str) -> ObjectMeta {
    ObjectMeta {
        bucket: Arc::new(BucketInfo {
            name: "logs".into(),
            account: None,
            region: None,
            local: false,
        }),
        key: key.into(),
        uri: format!("s3://logs/{key}"),
        size: Some(size),
        etag: None,
        version_id: None,
        last_modified: Some(modified.parse().unwrap()),
        storage_class: None,
        encryption: Encryption::default(),
    }
}

fn scope(json: &str) -> Scope {
    Scope::compile(Some(&serde_json::from_str(json).unwrap())).unwrap()
}

fn simple(key: &str, comparator: &str, values: &str) -> Scope {
    scope(&format!(
        r#"{{"includes":{{"and":[{{"simpleScopeTerm":
            {{"key":"{key}","comparator":"{comparator}","values":{values}}}}}]}}}}"#
    ))
}

fn takes(scope: &Scope, meta: &ObjectMeta) -> bool {
    assert_ne!(scope.judge(meta), Judgement::AskTags);
    assert_eq!(
        scope.judge(meta) == Judgement::In,
        scope.takes(meta, &Tags::new())
    );
    scope.judge(meta) == Judgement::In
}

#[test]
fn every_comparator() {
    let meta = object("a/b.csv", 10, "2024-05-01T00:00:00Z");
    for (key, less, same, more) in [
        ("OBJECT_SIZE", "9", "10", "11"),
        (
            "OBJECT_LAST_MODIFIED_DATE",
            "2024-04-30T23:59:59Z",
            "2024-05-01T00:00:00Z",
            "2024-05-01T00:00:01Z",
        ),
    ] {
        let with = |comparator: &str| {
            [less, same, more]
                .map(|v| takes(&simple(key, comparator, &format!("[\"{v}\"]")), &meta))
        };
        assert_eq!(with("EQ"), [false, true, false]);
        assert_eq!(with("NE"), [true, false, true]);
        assert_eq!(with("GT"), [true, false, false]);
        assert_eq!(with("GTE"), [true, true, false]);
        assert_eq!(with("LT"), [false, false, true]);
        assert_eq!(with("LTE"), [false, true, true]);
    }
    assert!(takes(
        &simple("OBJECT_EXTENSION", "EQ", r#"["pdf","csv"]"#),
        &meta
    ));
    assert!(!takes(
        &simple("OBJECT_EXTENSION", "EQ", r#"["CSV"]"#),
        &meta
    ));
    assert!(!takes(
        &simple("OBJECT_EXTENSION", "NE", r#"["pdf","csv"]"#),
        &meta
    ));
    assert!(takes(
        &simple("OBJECT_EXTENSION", "NE", r#"["pdf"]"#),
        &meta
    ));
    assert!(takes(
        &simple("OBJECT_KEY", "STARTS_WITH", r#"["x","a/"]"#),
        &meta
    ));
    assert!(!takes(
        &simple("OBJECT_KEY", "STARTS_WITH", r#"["b","A/"]"#),
        &meta
    ));
}

#[test]
fn all_conditions_hold_and_exclusions_win() {
    let both = scope(
        r#"{"includes":{"and":[
             {"simpleScopeTerm":{"key":"OBJECT_EXTENSION","comparator":"EQ","values":["csv"]}},
             {"simpleScopeTerm":{"key":"OBJECT_SIZE","comparator":"GT","values":["5"]}}]},
           "excludes":{"and":[
             {"simpleScopeTerm":{"key":"OBJECT_KEY","comparator":"STARTS_WITH","values":["tmp/"]}},
             {"simpleScopeTerm":{"key":"OBJECT_SIZE","comparator":"LT","values":["100"]}}]}}"#,
    );
    let at = "2024-05-01T00:00:00Z";
    assert!(takes(&both, &object("a.csv", 6, at)));
    assert!(!takes(&both, &object("a.csv", 5, at)));
    assert!(!takes(&both, &object("a.txt", 6, at)));
    assert!(!takes(&both, &object("tmp/a.csv", 6, at)));
    assert!(takes(&both, &object("tmp/a.csv", 100, at)));
    assert!(takes(&Scope::default(), &object("x", 0, at)));
}

#[test]
fn tags_are_asked_only_where_they_decide() {
    let tagged = scope(
        r#"{"includes":{"and":[
             {"simpleScopeTerm":{"key":"OBJECT_EXTENSION","comparator":"EQ","values":["csv"]}},
             {"tagScopeTerm":{"comparator":"EQ","key":"TAG","target":"S3_OBJECT",
               "tagValues":[{"key":"env","value":"prod"},{"key":"pii","value":""},{"value":"x"}]}}]}}"#,
    );
    let at = "2024-05-01T00:00:00Z";
    let csv = object("a.csv", 6, at);
    assert!(tagged.has_tags());
    assert_eq!(tagged.judge(&object("a.txt", 6, at)), Judgement::Out);
    assert_eq!(tagged.judge(&csv), Judgement::AskTags);
    let tags = |k: &str, v: &str| Tags::from([(k.to_owned(), v.to_owned())]);
    assert!(tagged.takes(&csv, &tags("env", "prod")));
    assert!(!tagged.takes(&csv, &tags("env", "Prod")));
    assert!(tagged.takes(&csv, &tags("pii", "yes")));
    assert!(tagged.takes(&csv, &tags("other", "x")));
    assert!(!tagged.takes(&csv, &Tags::new()));

    let without = scope(
        r#"{"excludes":{"and":[
             {"simpleScopeTerm":{"key":"OBJECT_KEY","comparator":"STARTS_WITH","values":["tmp/"]}},
             {"tagScopeTerm":{"comparator":"NE","tagValues":[{"key":"keep"}]}}]}}"#,
    );
    assert_eq!(without.judge(&csv), Judgement::In);
    let tmp = object("tmp/a", 1, at);
    assert_eq!(without.judge(&tmp), Judgement::AskTags);
    assert!(without.takes(&tmp, &tags("keep", "1")));
    assert!(!without.takes(&tmp, &Tags::new()));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let refuse = |key: &str, comparator: &str, values: &str| {
        let json = format!(
            r#"{{"includes":{{"and":[{{"simpleScopeTerm":
               {{"key":"{key}","comparator":"{comparator}","values":{values}}}}}]}}}}"#
        );
        Scope::compile(Some(&serde_json::from_str(&json).unwrap()))
            .unwrap_err()
            .to_string()
    };
    assert!(refuse("OBJECT_KEY", "EQ", r#"["a"]"#).contains("is not STARTS_WITH"));
    assert!(refuse("OBJECT_EXTENSION", "GT", r#"["a"]"#).contains("EQ, NE"));
    assert!(refuse("OBJECT_SIZE", "CONTAINS", r#"["1"]"#).contains("EQ, NE, GT"));
    assert!(refuse("OBJECT_SIZE", "EQ", r#"["1","2"]"#).contains("takes one value, not 2"));
    assert!(refuse("OBJECT_SIZE", "EQ", r#"["1 KB"]"#).contains("number of bytes"));
    assert!(refuse("OBJECT_LAST_MODIFIED_DATE", "EQ", r#"["May"]"#).contains("is not a time"));
    assert!(refuse("OBJECT_COLOUR", "EQ", r#"["x"]"#).contains("is not one of"));
    assert!(refuse("OBJECT_SIZE", "EQ", "[]").contains("is empty"));
}

#[test]
fn a_sample_is_a_share_and_the_same_each_time() {
    let job = JobId::from_bytes([7; 16]);
    let other = JobId::from_bytes([8; 16]);
    let draw = |job: &JobId| -> Vec<usize> {
        let sampling = Sampling::new(job, 10).unwrap();
        (0..10_000)
            .filter(|i| sampling.takes(&object(&format!("k{i}"), 1, "2024-05-01T00:00:00Z")))
            .collect()
    };
    let drawn = draw(&job);
    // ten standard deviations
    assert!((700..1300).contains(&drawn.len()), "{}", drawn.len());
    assert_eq!(drawn, draw(&job));
    assert_ne!(drawn, draw(&other));
    assert!(Sampling::new(&job, 100).is_none());
}
