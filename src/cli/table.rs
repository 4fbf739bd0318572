//! The report as a person likes to read it.
//!
//! Builds one string with ANSI styles; the caller writes it through a stream that strips them where
//! they are not wanted. Every name from outside passes [`plain`].

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::allow_shown;
use super::plain::plain;
use super::size;
use super::words::{count, duration, fit_left, thousands, wrapped};
use crate::job::{FirstPlace, ObjectTotal, Report};
use crate::model::{AllowListUse, Reason, Severity, Side, Status};

/// Rows of each part; the rest is counted.
const TYPE_ROWS: usize = 40;
const OBJECT_ROWS: usize = 10;
const PLACE_ROWS: usize = 12;
const GAP_ROWS: usize = 15;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const HIGH: Style = AnsiColor::Red.on_default().bold();
const MEDIUM: Style = AnsiColor::Yellow.on_default().bold();
const LOW: Style = AnsiColor::Cyan.on_default();
const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Renders the report for a terminal `width` columns wide. `logs`: the command that shows the job log,
/// but for the job.
pub fn render(report: &Report, width: usize, logs: &str) -> String {
    let mut out = String::new();
    head(&mut out, report);
    types(&mut out, report);
    objects(&mut out, report, width);
    places(&mut out, report, width);
    if !report.allowed.is_empty() {
        section(&mut out, "Allowed");
        allow_shown::rows(&mut out, &report.allowed, width, DIM, MEDIUM);
    }
    gaps(&mut out, report, width);
    foot(&mut out, report, logs);
    out
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::High => HIGH,
        Severity::Medium => MEDIUM,
        Severity::Low => LOW,
    }
}

fn severity_cell(severity: Option<Severity>) -> String {
    let Some(severity) = severity else {
        return styled(DIM, "below ");
    };
    styled(
        severity_style(severity),
        &format!("{:<6}", severity.as_str()),
    )
}

fn section(out: &mut String, title: &str) {
    let _ = writeln!(out, "\n{}", styled(BOLD, title));
}

fn head(out: &mut String, report: &Report) {
    let total: u64 = report.types.iter().map(|t| t.occurrences).sum();
    let listed = report.coverage.listed;
    if total == 0 {
        let (style, text) = if listed.objects == 0 && report.coverage.unlisted.is_empty() {
            (MEDIUM, "Nothing to scan: no object is in scope")
        } else if report.coverage.is_whole() {
            match report.allowed.iter().map(AllowListUse::occurrences).sum() {
                0 => (GOOD, "Nothing found; everything was read"),
                _ => (
                    GOOD,
                    "Nothing found but what is allowed; everything was read",
                ),
            }
        } else {
            (
                MEDIUM,
                "Nothing found in what was read, but not everything was",
            )
        };
        let _ = writeln!(out, "{}", styled(style, text));
        return;
    }
    let s = &report.severities;
    let by = [
        (Severity::High, s.objects_high),
        (Severity::Medium, s.objects_medium),
        (Severity::Low, s.objects_low),
    ];
    let with = by.iter().map(|(_, n)| n).sum::<u64>() + s.objects_no_level;
    let _ = writeln!(
        out,
        "{} in {} of {}",
        styled(BOLD, &format!("{} found", count(total, "occurrence"))),
        thousands(with),
        count(listed.objects, "object"),
    );
    let parts: Vec<String> = by
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .map(|(s, n)| {
            styled(
                severity_style(s),
                &format!("{} {}", thousands(n), s.as_str().to_lowercase()),
            )
        })
        .chain((s.objects_no_level > 0).then(|| {
            let n = thousands(s.objects_no_level);
            styled(DIM, &format!("{n} below the lowest level"))
        }))
        .collect();
    let _ = writeln!(out, "Objects by severity: {}", parts.join(", "));
}

fn types(out: &mut String, report: &Report) {
    if report.types.is_empty() {
        return;
    }
    section(out, "What");
    let wide = report
        .types
        .iter()
        .map(|t| t.detector.len())
        .max()
        .unwrap_or(0)
        .max(10);
    let _ = writeln!(
        out,
        "{}",
        styled(
            DIM,
            &format!(
                "  {:<6}  {:<wide$}  {:>11}  {:>9}",
                "", "identifier", "occurrences", "objects"
            )
        )
    );
    for t in report.types.iter().take(TYPE_ROWS) {
        let _ = writeln!(
            out,
            "  {}  {:<wide$}  {:>11}  {:>9}",
            severity_cell(t.severity),
            t.detector,
            thousands(t.occurrences),
            thousands(t.objects)
        );
    }
    more(out, report.types.len() as u64, TYPE_ROWS, "identifier");
}

fn objects(out: &mut String, report: &Report, width: usize) {
    if report.objects.is_empty() {
        return;
    }
    section(out, "Where most");
    for object in report.objects.iter().take(OBJECT_ROWS) {
        let kinds: Vec<String> = object
            .counts
            .iter()
            .take(4)
            .map(|(id, _, n)| format!("{id} {}", thousands(*n)))
            .collect();
        let rest = object.counts.len().saturating_sub(4);
        let tail = if rest > 0 {
            format!(", {rest} more")
        } else {
            String::new()
        };
        let _ = writeln!(
            out,
            "  {}  {:>8}  {}",
            severity_cell(object.row.severity),
            thousands(object.row.occurrences),
            fit_left(&plain(&object.row.uri), width.saturating_sub(20)),
        );
        wrapped(out, 20, width, DIM, &format!("{}{tail}", kinds.join(", ")));
    }
    let s = &report.severities;
    more(
        out,
        s.objects_high + s.objects_medium + s.objects_low + s.objects_no_level,
        OBJECT_ROWS,
        "object",
    );
}

fn places(out: &mut String, report: &Report, width: usize) {
    // one place of each identifier, in the worst object that holds it
    let rows: Vec<(&ObjectTotal, &FirstPlace)> = report
        .types
        .iter()
        .filter_map(|t| {
            report.objects.iter().find_map(|o| {
                let first = o.first.iter().find(|f| f.detector == t.detector)?;
                Some((o, first))
            })
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    section(out, "First occurrences");
    for (object, first) in rows.iter().take(PLACE_ROWS) {
        let _ = writeln!(
            out,
            "  {}  {}",
            styled(BOLD, &first.detector),
            plain(&first.masked)
        );
        let mut path = plain(&object.row.uri);
        for member in &first.container {
            let _ = write!(path, " › {}", plain(member));
        }
        let _ = writeln!(out, "      {}", fit_left(&path, width.saturating_sub(6)));
        wrapped(out, 6, width, Style::new(), &place(first));
        wrapped(out, 6, width, DIM, &why(first));
    }
    more(out, rows.len() as u64, PLACE_ROWS, "identifier");
}

/// The place in words: line and column, cell, record, event.
fn place(first: &FirstPlace) -> String {
    let p = &first.place;
    let mut parts = vec![format!(
        "line {}, column {}",
        thousands(p.line),
        thousands(p.column)
    )];
    if let Some(cell) = &p.cell {
        let name = cell
            .column_name
            .as_deref()
            .map_or(String::new(), |n| format!(" {:?}", plain(n)));
        let table = match (&cell.table, cell.reference()) {
            (_, Some(reference)) => format!("{}, ", plain(&reference)),
            (Some(table), None) => format!("table {:?}, ", plain(table.name())),
            (None, None) => String::new(),
        };
        parts.push(format!(
            "{table}row {}, column {}{name}",
            thousands(cell.row),
            cell.column
        ));
    }
    if let Some(path) = &p.path {
        parts.push(plain(path));
    }
    if let Some(record) = &p.record {
        parts.push(format!(
            "record {} {}",
            thousands(record.record_index),
            plain(&record.json_path)
        ));
    }
    if let Some(page) = p.page {
        parts.push(format!("page {page}"));
    }
    if let Some(log) = &p.log {
        if let Some(stream) = &log.stream {
            parts.push(format!("stream {}", plain(stream)));
        }
        if let Some(time) = &log.timestamp {
            parts.push(plain(time));
        }
    }
    parts.join(" · ")
}

fn why(first: &FirstPlace) -> String {
    let mut parts = Vec::new();
    if let Some((text, distance, side)) = &first.keyword {
        parts.push(match (side, distance) {
            (Side::Column, _) => format!("keyword \"{text}\" in the column name"),
            (Side::Path, _) => format!("keyword \"{text}\" in the path"),
            (side, Some(n)) => {
                format!(
                    "keyword \"{text}\" {} {}",
                    count(u64::from(*n), "character"),
                    side.as_str()
                )
            }
            (side, None) => format!("keyword \"{text}\" {}", side.as_str()),
        });
    }
    if !first.checks.is_empty() {
        parts.push(format!("passed {}", first.checks.join(", ")));
    }
    if !first.rivals.is_empty() {
        parts.push(format!("rather than {}", first.rivals.join(", ")));
    }
    parts.push(format!("confidence {:.2}", first.confidence));
    parts.join("; ")
}

fn gaps(out: &mut String, report: &Report, width: usize) {
    if report.gaps.is_empty() && report.coverage.unlisted.is_empty() {
        return;
    }
    section(out, "Not, or not wholly, read");
    for target in &report.coverage.unlisted {
        let _ = writeln!(
            out,
            "  {}  {}",
            styled(HIGH, "NOT LISTED"),
            plain(&target.uri)
        );
        wrapped(out, 11, width, Style::new(), &plain(&target.cause));
    }
    for gap in report.gaps.iter().take(GAP_ROWS) {
        let style = if gap.status == Status::Partial {
            MEDIUM
        } else {
            DIM
        };
        let mut path = plain(&gap.uri);
        for member in &gap.container {
            let _ = write!(path, " › {}", plain(member));
        }
        let _ = writeln!(
            out,
            "  {}  {}  {}",
            styled(style, &format!("{:<7}", gap.status.as_str())),
            fit_left(&path, width.saturating_sub(24)),
            styled(DIM, &gap.bytes.map_or(String::new(), size::show)),
        );
        let reason = gap.reason.map_or("", Reason::as_str);
        let text = gap
            .detail
            .as_deref()
            .or(gap.reason.map(Reason::text))
            .unwrap_or("");
        // what stands in the line above need not be said again
        let told = format!("{}: ", gap.uri);
        let text = text.find(&told).map_or(text, |at| &text[at + told.len()..]);
        let told = format!("{reason}: {}", plain(&as_options(text)));
        wrapped(out, 11, width, Style::new(), &told);
    }
    more(out, report.gaps_total, GAP_ROWS, "gap");
}

fn foot(out: &mut String, report: &Report, logs: &str) {
    section(out, "Coverage");
    let c = &report.coverage;
    let ledger = format!(
        "{} = {} complete + {} partial + {} skipped",
        count(c.listed.objects, "object"),
        thousands(c.complete.objects),
        thousands(c.partial.objects),
        thousands(c.skipped.objects)
    );
    let style = if c.is_whole() { GOOD } else { MEDIUM };
    // a stream has no stored size
    let stored = match c.listed.bytes {
        0 if report.bytes_scanned > 0 => String::new(),
        bytes => format!(" ({} stored)", size::show(bytes)),
    };
    let _ = writeln!(out, "  {}{stored}", styled(style, &ledger));
    let time = if report.resumed {
        // the time of the runs before is not known
        format!(
            "(resumed), the last run took {}",
            duration(report.elapsed_seconds)
        )
    } else {
        let speed = report.bytes_scanned as f64 / report.elapsed_seconds.max(0.001);
        format!(
            "in {}, {}/s",
            duration(report.elapsed_seconds),
            size::show(speed as u64)
        )
    };
    let _ = writeln!(
        out,
        "  {} of text scanned {time}",
        size::show(report.bytes_scanned)
    );
    let job = report.job.job_id();
    let run = report.job.run.as_ref();
    let run = run.map_or(String::new(), |run| format!(", run {}", run.number));
    let _ = writeln!(
        out,
        "  {}",
        styled(
            DIM,
            &format!("job {job}{run} · {} {}", plain(logs), &job.as_str()[..8])
        )
    );
}

fn more(out: &mut String, total: u64, shown: usize, what: &str) {
    let Some(rest @ 1..) = total.checked_sub(shown as u64) else {
        return;
    };
    let plural = if rest == 1 { "" } else { "s" };
    let text = format!("  … and {} more {what}{plural}", thousands(rest));
    let _ = writeln!(out, "{}", styled(DIM, &text));
}

/// Limits by the names of the options that set them.
fn as_options(text: &str) -> String {
    let Some((cause, limit)) = text.rsplit_once("raise ") else {
        return text.to_owned();
    };
    let option = super::limits::OPTIONS
        .iter()
        .find_map(|(name, option)| Some((limit.strip_prefix(name)?, option)));
    match option {
        Some((rest, option)) => format!("{cause}raise {option}{rest}"),
        None => text.to_owned(),
    }
}
