//! The evaluation as one document, `magpie.evaluation/1`. Masked values only.

use std::sync::Arc;

use serde::Serialize;

use super::Shown;
use crate::evaluate::{Counts, Miss, Rates, Verdict, WrongHit};
use crate::model::Reason;
use crate::model::shown::escape_in_json;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema: &'static str,
    sets: &'a [String],
    files: usize,
    bytes: u64,
    elapsed_ms: u64,
    mb_per_second: f64,
    labels: u64,
    optional_labels: u64,
    /// Of identifiers that were not looked for.
    labels_left_out: u64,
    total: Figures,
    average: Average,
    identifiers: Vec<Identifier<'a>>,
    confusion: Vec<Confused<'a>>,
    misses: Vec<Missed<'a>>,
    wrong: Vec<Mistaken<'a>>,
    unread: Vec<NotRead<'a>>,
    exact_thresholds: bool,
    thresholds: Vec<Threshold<'a>>,
    passed: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    labels: u64,
    right: u64,
    exact: u64,
    wrong: u64,
    missed: u64,
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
    exact_precision: Option<f64>,
    exact_recall: Option<f64>,
    exact_f1: Option<f64>,
    wrong_per_mb: Option<f64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Average {
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
    exact_precision: Option<f64>,
    exact_recall: Option<f64>,
    exact_f1: Option<f64>,
}

#[derive(Serialize)]
struct Identifier<'a> {
    id: &'a str,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Serialize)]
struct Confused<'a> {
    label: &'a str,
    found: &'a str,
    count: u64,
}

#[derive(Serialize)]
struct Bytes {
    start: u64,
    end: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Missed<'a> {
    id: &'a str,
    file: &'a str,
    member: &'a [String],
    byte_range: Bytes,
    line: Option<u64>,
    column: Option<u64>,
    masked: Option<&'a str>,
    found_as: Option<&'a str>,
    reasons: Vec<Near<'a>>,
}

#[derive(Serialize)]
struct Near<'a> {
    id: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Mistaken<'a> {
    id: &'a str,
    file: &'a str,
    member: &'a [String],
    byte_range: Bytes,
    line: u64,
    column: u64,
    masked: &'a str,
    confidence: f64,
    keyword: Option<&'a str>,
    label: Option<&'a str>,
}

#[derive(Serialize)]
struct NotRead<'a> {
    file: &'a str,
    member: &'a [String],
    status: &'static str,
    reason: Option<&'static str>,
    detail: &'a str,
}

#[derive(Serialize)]
struct Threshold<'a> {
    measure: &'static str,
    id: Option<&'a str>,
    bound: f64,
    value: Option<f64>,
    passed: bool,
}

/// Renders the document, ending with a line end.
pub fn render(shown: &Shown<'_>) -> String {
    let evaluation = shown.evaluation;
    let scores = &evaluation.scores;
    let total = scores.total();
    let (loose, exact) = (
        scores.average(Counts::rates),
        scores.average(Counts::exact_rates),
    );
    let seconds = evaluation.elapsed.as_secs_f64();
    let document = Document {
        schema: "magpie.evaluation/1",
        sets: &shown.sets,
        files: evaluation.files,
        bytes: evaluation.bytes,
        elapsed_ms: evaluation
            .elapsed
            .as_millis()
            .try_into()
            .unwrap_or(u64::MAX),
        mb_per_second: round(shown.megabytes() / seconds.max(1e-6), 1),
        labels: total.labels,
        optional_labels: scores.optional,
        labels_left_out: shown.left_out,
        total: figures(shown, &total),
        average: Average {
            precision: figure(loose.precision),
            recall: figure(loose.recall),
            f1: figure(loose.f1),
            exact_precision: figure(exact.precision),
            exact_recall: figure(exact.recall),
            exact_f1: figure(exact.f1),
        },
        identifiers: scores
            .seen()
            .map(|(detector, counts)| Identifier {
                id: shown.id(detector),
                figures: figures(shown, &counts),
            })
            .collect(),
        confusion: scores
            .confusions()
            .into_iter()
            .map(|c| Confused {
                label: shown.id(c.label),
                found: shown.id(c.found),
                count: c.count,
            })
            .collect(),
        misses: evaluation.misses.iter().map(|m| miss(shown, m)).collect(),
        wrong: evaluation.wrong.iter().map(|w| wrong(shown, w)).collect(),
        unread: evaluation
            .unread
            .iter()
            .map(|u| NotRead {
                file: &u.file,
                member: &u.container,
                status: u.status.as_str(),
                reason: u.reason.map(Reason::as_str),
                detail: &u.detail,
            })
            .collect(),
        exact_thresholds: shown.exact,
        thresholds: shown.verdicts.iter().map(|v| threshold(shown, v)).collect(),
        passed: shown.verdicts.iter().all(|v| v.passed),
    };
    // plain structures of texts and numbers always have a form
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    escape_lines(&text)
}

/// Escapes what a terminal would obey, line by line: the line ends are the document's own.
fn escape_lines(text: &str) -> String {
    text.lines()
        .map(|line| escape_in_json(line.to_owned()) + "\n")
        .collect()
}

fn round(value: f64, places: i32) -> f64 {
    let factor = 10f64.powi(places);
    (value * factor).round() / factor
}

fn figure(value: Option<f64>) -> Option<f64> {
    value.map(|v| round(v, 6))
}

fn figures(shown: &Shown<'_>, counts: &Counts) -> Figures {
    let (loose, exact): (Rates, Rates) = (counts.rates(), counts.exact_rates());
    Figures {
        labels: counts.labels,
        right: counts.right,
        exact: counts.exact,
        wrong: counts.wrong,
        missed: counts.missed(),
        precision: figure(loose.precision),
        recall: figure(loose.recall),
        f1: figure(loose.f1),
        exact_precision: figure(exact.precision),
        exact_recall: figure(exact.recall),
        exact_f1: figure(exact.f1),
        wrong_per_mb: figure(shown.per_megabyte(counts.wrong)),
    }
}

fn miss<'a>(shown: &'a Shown<'_>, miss: &'a Miss) -> Missed<'a> {
    let place = miss.place.as_ref();
    Missed {
        id: shown.id(miss.detector),
        file: shown.file(miss.file),
        member: &miss.container,
        byte_range: Bytes {
            start: miss.range.start,
            end: miss.range.end,
        },
        line: place.map(|p| p.line),
        column: place.map(|p| p.column),
        masked: place.map(|p| p.masked.as_str()),
        found_as: miss.confused.map(|d| shown.id(d)),
        reasons: place
            .into_iter()
            .flat_map(|p| &p.reasons)
            .map(|r| Near {
                id: shown.id(r.detector),
                text: &r.text,
            })
            .collect(),
    }
}

fn wrong<'a>(shown: &'a Shown<'_>, wrong: &'a WrongHit) -> Mistaken<'a> {
    Mistaken {
        id: shown.id(wrong.detector),
        file: shown.file(wrong.file),
        member: &wrong.container,
        byte_range: Bytes {
            start: wrong.range.start,
            end: wrong.range.end,
        },
        line: wrong.line,
        column: wrong.column,
        masked: &wrong.masked,
        confidence: round(f64::from(wrong.confidence), 3),
        keyword: wrong.keyword.as_ref().map(Arc::as_ref),
        label: wrong.over.map(|d| shown.id(d)),
    }
}

fn threshold<'a>(shown: &'a Shown<'_>, verdict: &Verdict) -> Threshold<'a> {
    Threshold {
        measure: verdict.gate.measure.as_str(),
        id: verdict.gate.detector.map(|d| shown.id(d)),
        bound: verdict.gate.bound,
        value: figure(verdict.value),
        passed: verdict.passed,
    }
}
