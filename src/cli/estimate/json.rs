//! The estimate as one JSON document, `magpie.estimate/1`.

use serde_json::{Map, Value, json};

use super::Shown;
use crate::job::estimate::{RequestTotals, Speed, TargetEstimate};
use crate::model::Tally;

pub fn document(shown: &Shown) -> String {
    let estimate = &shown.estimate;
    let time = json!({
        "seconds": shown.speeds.seconds(estimate).map(|s| s.ceil() as u64),
        "local": speed(shown.speeds.local),
        "s3": speed(shown.speeds.service),
    });
    let document = json!({
        "schema": "magpie.estimate/1",
        "complete": estimate.is_whole(),
        "inScope": tally(estimate.sum(|t| t.in_scope)),
        "toRead": tally(estimate.sum(|t| t.to_read)),
        "requests": requests(estimate.requests()),
        "time": time,
        "listingMilliseconds": (estimate.elapsed_seconds * 1000.0) as u64,
        "targets": estimate.targets.iter().map(target).collect::<Vec<_>>(),
    });
    format!("{document:#}")
}

fn tally(tally: Tally) -> Value {
    json!({ "objects": tally.objects, "bytes": tally.bytes })
}

fn requests(requests: RequestTotals) -> Value {
    json!({
        "list": requests.list,
        "head": requests.head,
        "get": requests.get,
        "put": requests.put,
    })
}

fn speed(speed: Option<Speed>) -> Value {
    let Some(speed) = speed else {
        return Value::Null;
    };
    let objects = speed.objects_per_second;
    json!({
        "bytesPerSecond": speed.bytes_per_second as u64,
        "objectsPerSecond": objects.is_finite().then_some(objects as u64),
        "from": if speed.runs == 0 { "option" } else { "runs" },
        "runs": speed.runs,
    })
}

fn by<'a, K: ToString + 'a>(tallies: impl IntoIterator<Item = (&'a K, &'a Tally)>) -> Value {
    let map: Map<String, Value> = tallies
        .into_iter()
        .map(|(key, value)| (key.to_string(), tally(*value)))
        .collect();
    Value::Object(map)
}

fn target(target: &TargetEstimate) -> Value {
    json!({
        "target": target.target,
        "bucket": target.bucket,
        "inScope": tally(target.in_scope),
        "toRead": tally(target.to_read),
        "empty": target.empty,
        "unknownSize": target.unknown_size,
        "tagsDecide": target.tags_decide,
        "skipped": by(&target.skipped),
        "leftOut": by(&target.left_out),
        "storageClasses": by(&target.storage_classes),
        "requests": requests(target.requests),
        "unlisted": target.unlisted,
    })
}
