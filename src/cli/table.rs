//! The report as a person likes to read it.
//!
//! Builds one string with ANSI styles; the caller writes it through a stream that strips them where
//! they are not wanted. Every name from outside passes [`plain`].

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::plain::plain;
use super::size;
use crate::model::report::{ObjectTotal, Report};
use crate::model::{CatalogueIndex, Occurrence, Severity, Side, Status};

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

/// Renders the report for a terminal `width` columns wide.
pub fn render(report: &Report, index: &CatalogueIndex, width: usize) -> String {
    let mut out = String::new();
    head(&mut out, report);
    types(&mut out, report);
    objects(&mut out, report, width);
    places(&mut out, report, index, width);
    gaps(&mut out, report, width);
    foot(&mut out, report);
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

fn severity_cell(severity: Severity) -> String {
    styled(severity_style(severity), &format!("{:<6}", severity.as_str()))
}

fn section(out: &mut String, title: &str) {
    let _ = writeln!(out, "\n{}", styled(BOLD, title));
}

fn head(out: &mut String, report: &Report) {
    let total = report.occurrences();
    let listed = report.coverage.listed;
    if total == 0 {
        let whole = report.coverage.is_whole();
        let (style, text) = if listed.objects == 0 {
            (MEDIUM, "Nothing to scan")
        } else if whole {
            (GOOD, "Nothing found; everything was read")
        } else {
            (MEDIUM, "Nothing found in what was read, but not everything was")
        };
        let _ = writeln!(out, "{}", styled(style, text));
    } else {
        let with: u64 = report.findings.iter().sum();
        let _ = writeln!(
            out,
            "{} in {} of {}",
            styled(BOLD, &format!("{} found", count(total, "occurrence"))),
            thousands(with),
            count(listed.objects, "object"),
        );
        let parts: Vec<String> = [Severity::High, Severity::Medium, Severity::Low]
            .into_iter()
            .filter(|s| report.findings[*s as usize] > 0)
            .map(|s| {
                let n = report.findings[s as usize];
                styled(severity_style(s), &format!("{} {}", thousands(n), s.as_str().to_lowercase()))
            })
            .collect();
        let _ = writeln!(out, "Objects by severity: {}", parts.join(", "));
    }
}

fn types(out: &mut String, report: &Report) {
    if report.types.is_empty() {
        return;
    }
    section(out, "What");
    let wide = report.types.iter().map(|t| t.detector.len()).max().unwrap_or(0).max(10);
    let _ = writeln!(
        out,
        "{}",
        styled(DIM, &format!("  {:<6}  {:<wide$}  {:>11}  {:>9}", "", "identifier", "occurrences", "objects"))
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
    more(out, report.types.len(), TYPE_ROWS, "identifier");
}

fn objects(out: &mut String, report: &Report, width: usize) {
    if report.objects.is_empty() {
        return;
    }
    section(out, "Where most");
    for object in report.objects.iter().take(OBJECT_ROWS) {
        let kinds: Vec<String> = object
            .types
            .iter()
            .take(4)
            .map(|(id, n)| format!("{id} {}", thousands(*n)))
            .collect();
        let rest = object.types.len().saturating_sub(4);
        let tail = if rest > 0 { format!(", {rest} more") } else { String::new() };
        let _ = writeln!(
            out,
            "  {}  {:>8}  {}",
            severity_cell(object.severity),
            thousands(object.occurrences),
            fit_left(&plain(&object.uri), width.saturating_sub(20)),
        );
        let _ = writeln!(out, "{}", styled(DIM, &format!("                    {}{tail}", kinds.join(", "))));
    }
    let with: u64 = report.findings.iter().sum();
    more(out, usize::try_from(with).unwrap_or(usize::MAX), OBJECT_ROWS, "object");
}

fn places(out: &mut String, report: &Report, index: &CatalogueIndex, width: usize) {
    // the first place of each identifier, worst identifiers first, over the worst objects
    let mut rows: Vec<(&ObjectTotal, &Occurrence)> = Vec::new();
    for t in &report.types {
        let found = report.objects.iter().find_map(|o| {
            o.first
                .iter()
                .find(|x| index.detectors.get(usize::from(x.detector)).is_some_and(|d| d.id == t.detector))
                .map(|x| (o, x))
        });
        rows.extend(found);
    }
    if rows.is_empty() {
        return;
    }
    section(out, "First occurrences");
    for (object, occurrence) in rows.iter().take(PLACE_ROWS) {
        let detector = index.detectors.get(usize::from(occurrence.detector));
        let id = detector.map_or("?", |d| d.id.as_str());
        let _ = writeln!(out, "  {}  {}", styled(BOLD, id), plain(&occurrence.masked));
        let mut path = plain(&object.uri);
        for member in occurrence.container.iter() {
            let _ = write!(path, " › {}", plain(member));
        }
        let _ = writeln!(out, "      {}", fit_left(&path, width.saturating_sub(6)));
        let why = why(occurrence, index);
        let _ = writeln!(
            out,
            "      {}{}",
            place(occurrence),
            if why.is_empty() { String::new() } else { styled(DIM, &format!("  ({why})")) }
        );
    }
    more(out, rows.len(), PLACE_ROWS, "identifier");
}

/// The place in words: line and column, cell, record, event.
fn place(occurrence: &Occurrence) -> String {
    let p = &occurrence.place;
    let mut parts = vec![format!("line {}, column {}", thousands(p.line), thousands(p.column))];
    if let Some(cell) = &p.cell {
        let name = cell.column_name.as_deref().map_or(String::new(), |n| format!(" {:?}", plain(n)));
        parts.push(format!("row {}, column {}{name}", thousands(cell.row), cell.column));
    }
    if let Some(record) = &p.record {
        parts.push(format!("record {} {}", thousands(record.record_index), plain(&record.json_path)));
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

fn why(occurrence: &Occurrence, index: &CatalogueIndex) -> String {
    let mut parts = Vec::new();
    if let Some(k) = occurrence.keyword {
        let text = index.keywords.get(k.keyword as usize).map_or("?", |t| &**t);
        parts.push(match (k.side, k.distance) {
            (Side::Column, _) => format!("keyword \"{text}\" in the column name"),
            (Side::Path, _) => format!("keyword \"{text}\" in the path"),
            (side, Some(n)) => format!("keyword \"{text}\" {} {}", count(u64::from(n), "character"), side.as_str()),
            (side, None) => format!("keyword \"{text}\" {}", side.as_str()),
        });
    }
    if let Some(detector) = index.detectors.get(usize::from(occurrence.detector)) {
        let checks: Vec<&str> = detector
            .checks
            .iter()
            .enumerate()
            .filter(|(i, _)| *i < 32 && occurrence.checks >> i & 1 == 1)
            .map(|(_, name)| name.as_str())
            .collect();
        if !checks.is_empty() {
            parts.push(format!("passed {}", checks.join(", ")));
        }
    }
    parts.push(format!("confidence {:.2}", occurrence.confidence));
    parts.join("; ")
}

fn gaps(out: &mut String, report: &Report, width: usize) {
    if report.gaps.is_empty() && report.coverage.unlisted.is_empty() {
        return;
    }
    section(out, "Not, or not wholly, read");
    for target in &report.coverage.unlisted {
        let _ = writeln!(out, "  {}  {}", styled(HIGH, "NOT LISTED"), plain(&target.uri));
        let _ = writeln!(out, "           {}", plain(&target.cause));
    }
    for gap in report.gaps.iter().take(GAP_ROWS) {
        let style = if gap.status == Status::Partial { MEDIUM } else { DIM };
        let _ = writeln!(
            out,
            "  {}  {}  {}",
            styled(style, &format!("{:<7}", gap.status.as_str())),
            fit_left(&plain(&gap.uri), width.saturating_sub(24)),
            styled(DIM, &size::show(gap.bytes)),
        );
        let detail = gap.detail.as_deref().unwrap_or(gap.reason.text());
        let _ = writeln!(out, "           {}: {}", gap.reason, plain(detail));
    }
    more(out, usize::try_from(report.gaps_total).unwrap_or(usize::MAX), GAP_ROWS, "object");
}

fn foot(out: &mut String, report: &Report) {
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
    let _ = writeln!(out, "  {} ({} stored)", styled(style, &ledger), size::show(c.listed.bytes));
    if report.filtered > 0 {
        let _ = writeln!(out, "  {} left out by --include/--exclude", count(report.filtered, "object"));
    }
    let speed = if report.elapsed_seconds > 0.0 {
        report.bytes_scanned_now as f64 / report.elapsed_seconds
    } else {
        0.0
    };
    let _ = writeln!(
        out,
        "  {} of text scanned{} in {}, {}/s",
        size::show(report.bytes_scanned),
        if report.resumed { " (resumed)" } else { "" },
        duration(report.elapsed_seconds),
        size::show(speed as u64),
    );
    let _ = writeln!(out, "  {}", styled(DIM, &format!("job {} · magpie logs {}", report.job_id, &report.job_id.as_str()[..8])));
}

fn more(out: &mut String, total: usize, shown: usize, what: &str) {
    if total > shown {
        let _ = writeln!(out, "{}", styled(DIM, &format!("  … and {} more", count((total - shown) as u64, what))));
    }
}

/// Shortens from the left, where paths differ least.
fn fit_left(text: &str, width: usize) -> String {
    if text.width() <= width || width < 8 {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars().rev() {
        let w = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used + w > width {
            break;
        }
        used += w;
        kept.insert(0, c);
    }
    format!("…{kept}")
}

fn count(n: u64, what: &str) -> String {
    format!("{} {what}{}", thousands(n), if n == 1 { "" } else { "s" })
}

/// `1234567` as `1,234,567`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// Seconds for people: `0.12 s`, `3 min 12 s`.
pub fn duration(seconds: f64) -> String {
    let whole = seconds as u64;
    match whole {
        0..60 => format!("{seconds:.2} s"),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_for_people() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(count(1, "object"), "1 object");
        assert_eq!(duration(0.123), "0.12 s");
        assert_eq!(duration(192.0), "3 min 12 s");
        assert_eq!(duration(7260.0), "2 h 1 min");
    }

    #[test]
    fn long_paths_lose_their_beginning() {
        assert_eq!(fit_left("s3://bucket/a/very/long/key.csv", 12), "…ong/key.csv");
        assert_eq!(fit_left("short", 12), "short");
    }
}
