//! The evaluation as a person likes to read it: one string with ANSI styles.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::super::plain::plain;
use super::super::size;
use super::super::words::{count, duration, fit_left, thousands, wrapped};
use super::{Shown, path};
use crate::evaluate::{Counts, Rates, Reason, Verdict};
use crate::model::Reason as Code;

/// Rows of the confusion; the rest is counted.
const CONFUSION_ROWS: usize = 15;
const UNREAD_ROWS: usize = 15;
/// Reasons told of one miss.
const REASONS_MAX: usize = 2;
/// F1 from which on a figure is shown as good, and below which as bad.
const GOOD_FROM: f64 = 0.95;
const BAD_BELOW: f64 = 0.8;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const BAD: Style = AnsiColor::Red.on_default().bold();
const FAIR: Style = AnsiColor::Yellow.on_default();
const GOOD: Style = AnsiColor::Green.on_default();

/// A column of figures: its head, its width, and from what width of the terminal on it is shown.
struct Column {
    head: &'static str,
    wide: usize,
    from: usize,
    cell: fn(&Figures) -> String,
}

/// What one row tells.
struct Figures {
    counts: Option<Counts>,
    loose: Rates,
    exact: Rates,
    per_mb: Option<f64>,
}

const COLUMNS: [Column; 9] = [
    Column {
        head: "labels",
        wide: 8,
        from: 70,
        cell: |f| number(f, |c| c.labels),
    },
    Column {
        head: "right",
        wide: 8,
        from: 110,
        cell: |f| number(f, |c| c.right),
    },
    Column {
        head: "missed",
        wide: 8,
        from: 80,
        cell: |f| number(f, Counts::missed),
    },
    Column {
        head: "wrong",
        wide: 7,
        from: 80,
        cell: |f| number(f, |c| c.wrong),
    },
    Column {
        head: "precision",
        wide: 11,
        from: 90,
        cell: |f| rate(f.loose.precision),
    },
    Column {
        head: "recall",
        wide: 8,
        from: 90,
        cell: |f| rate(f.loose.recall),
    },
    Column {
        head: "F1",
        wide: 7,
        from: 0,
        cell: |f| rate(f.loose.f1),
    },
    Column {
        head: "exact F1",
        wide: 10,
        from: 100,
        cell: |f| rate(f.exact.f1),
    },
    Column {
        head: "wrong/MB",
        wide: 10,
        from: 120,
        cell: |f| f.per_mb.map_or(String::new(), |v| format!("{v:.1}")),
    },
];

fn number(f: &Figures, pick: fn(&Counts) -> u64) -> String {
    f.counts
        .as_ref()
        .map_or(String::new(), |c| thousands(pick(c)))
}

fn rate(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |v| format!("{v:.3}"))
}

/// Renders the evaluation for a terminal `width` columns wide.
pub fn render(shown: &Shown<'_>, width: usize) -> String {
    let mut out = String::new();
    head(&mut out, shown, width);
    identifiers(&mut out, shown, width);
    confusion(&mut out, shown, width);
    misses(&mut out, shown, width);
    wrong(&mut out, shown, width);
    unread(&mut out, shown, width);
    thresholds(&mut out, shown);
    out
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

fn section(out: &mut String, title: &str) {
    let _ = writeln!(out, "\n{}", styled(BOLD, title));
}

fn head(out: &mut String, shown: &Shown<'_>, width: usize) {
    let evaluation = shown.evaluation;
    let total = evaluation.scores.total();
    let _ = writeln!(
        out,
        "{} in {}",
        styled(BOLD, &count(total.labels, "label")),
        count(evaluation.files as u64, "file"),
    );
    let seconds = evaluation.elapsed.as_secs_f64();
    let rate = (evaluation.bytes as f64 / seconds.max(1e-6)) as u64;
    let mut parts = vec![
        format!("{} scanned", size::show(evaluation.bytes)),
        format!("{} ({}/s)", duration(seconds), size::show(rate)),
        format!(
            "{} looked for",
            count(shown.index.detectors.len() as u64, "identifier")
        ),
    ];
    if evaluation.scores.optional > 0 {
        parts.push(count(evaluation.scores.optional, "optional label"));
    }
    if shown.left_out > 0 {
        parts.push(format!(
            "{} of identifiers not looked for",
            count(shown.left_out, "label")
        ));
    }
    wrapped(out, 0, width, DIM, &parts.join(", "));
}

fn identifiers(out: &mut String, shown: &Shown<'_>, width: usize) {
    let scores = &shown.evaluation.scores;
    let rows: Vec<(u16, Counts)> = scores.seen().collect();
    if rows.is_empty() {
        let _ = writeln!(out, "\nNothing is labelled and nothing was found");
        return;
    }
    let columns: Vec<&Column> = COLUMNS.iter().filter(|c| c.from <= width).collect();
    let figures: usize = columns.iter().map(|c| c.wide).sum();
    let longest = rows
        .iter()
        .map(|(d, _)| shown.id(*d).len())
        .max()
        .unwrap_or(0);
    let wide = longest
        .max("all together".len())
        .min(width.saturating_sub(figures + 2).max(16));
    let _ = writeln!(out);
    let mut line = format!("  {:<wide$}", "identifier");
    for column in &columns {
        let _ = write!(line, "{:>w$}", column.head, w = column.wide);
    }
    let _ = writeln!(out, "{}", styled(DIM, &line));
    let mut row = |name: &str, figures: &Figures, style: Style| {
        let name = fit_right(name, wide);
        let _ = write!(out, "  {style}{name:<wide$}{style:#}");
        for column in &columns {
            let text = format!("{:>w$}", (column.cell)(figures), w = column.wide);
            let _ = match column.head {
                "F1" => write!(out, "{}", styled(grade(figures.loose.f1), &text)),
                _ => write!(out, "{text}"),
            };
        }
        let _ = writeln!(out);
    };
    let of = |counts: Counts| Figures {
        loose: counts.rates(),
        exact: counts.exact_rates(),
        per_mb: shown.per_megabyte(counts.wrong),
        counts: Some(counts),
    };
    for (detector, counts) in rows {
        row(shown.id(detector), &of(counts), Style::new());
    }
    row("all together", &of(scores.total()), BOLD);
    let average = Figures {
        counts: None,
        loose: scores.average(Counts::rates),
        exact: scores.average(Counts::exact_rates),
        per_mb: None,
    };
    row("average", &average, BOLD);
}

fn grade(f1: Option<f64>) -> Style {
    match f1 {
        Some(f1) if f1 >= GOOD_FROM => GOOD,
        Some(f1) if f1 < BAD_BELOW => BAD,
        Some(_) => FAIR,
        None => DIM,
    }
}

/// Shortens an id from the right, where the country tells less.
fn fit_right(id: &str, wide: usize) -> String {
    match id.char_indices().nth(wide) {
        None => id.to_owned(),
        Some(_) => {
            let kept: String = id.chars().take(wide.saturating_sub(1)).collect();
            format!("{kept}…")
        }
    }
}

fn confusion(out: &mut String, shown: &Shown<'_>, width: usize) {
    let all = shown.evaluation.scores.confusions();
    if all.is_empty() {
        return;
    }
    section(out, "Taken for another identifier");
    for c in all.iter().take(CONFUSION_ROWS) {
        let text = format!("{} as {}", shown.id(c.label), shown.id(c.found));
        let text = fit_right(&text, width.saturating_sub(10));
        let _ = writeln!(out, "  {:>6}  {text}", thousands(c.count));
    }
    more(out, all.len(), CONFUSION_ROWS);
}

fn misses(out: &mut String, shown: &Shown<'_>, width: usize) {
    let misses = &shown.evaluation.misses;
    if misses.is_empty() {
        return;
    }
    let all = shown.evaluation.scores.total().missed();
    title(out, "Missed", misses.len(), all);
    for miss in misses {
        let masked = miss.place.as_ref().map_or("", |p| p.masked.as_str());
        entry(out, shown.id(miss.detector), masked);
        let place = match &miss.place {
            Some(p) => format!(":{}:{}", p.line, p.column),
            None => format!(" bytes {}..{}", miss.range.start, miss.range.end),
        };
        at(
            out,
            &path(shown.file(miss.file), &miss.container),
            &place,
            width,
        );
        let mut why = Vec::new();
        if let Some(found) = miss.confused {
            why.push(format!("found as {}", shown.id(found)));
        }
        if let Some(place) = &miss.place {
            let own = |r: &&Reason| r.detector == miss.detector;
            // what others nearly took it for tells less, and only where its own has no word
            let alone = !place.reasons.iter().any(|r| own(&r));
            let told = place.reasons.iter().filter(|r| alone || own(r));
            why.extend(told.take(REASONS_MAX).map(|reason| {
                match reason.detector == miss.detector {
                    true => reason.text.clone(),
                    false => format!("{}: {}", shown.id(reason.detector), reason.text),
                }
            }));
        }
        if !why.is_empty() {
            wrapped(out, 6, width, DIM, &why.join("; "));
        }
    }
}

fn wrong(out: &mut String, shown: &Shown<'_>, width: usize) {
    let wrong = &shown.evaluation.wrong;
    if wrong.is_empty() {
        return;
    }
    title(
        out,
        "Wrong",
        wrong.len(),
        shown.evaluation.scores.total().wrong,
    );
    for hit in wrong {
        entry(out, shown.id(hit.detector), &hit.masked);
        let place = format!(":{}:{}", hit.line, hit.column);
        at(
            out,
            &path(shown.file(hit.file), &hit.container),
            &place,
            width,
        );
        let mut why = vec![format!("confidence {:.2}", hit.confidence)];
        if let Some(keyword) = &hit.keyword {
            why.push(format!("keyword \"{}\"", plain(keyword)));
        }
        if let Some(label) = hit.over {
            why.push(format!("labelled {}", shown.id(label)));
        }
        wrapped(out, 6, width, DIM, &why.join("; "));
    }
}

fn title(out: &mut String, what: &str, told: usize, all: u64) {
    match told as u64 == all {
        true => section(out, what),
        false => section(out, &format!("{what} ({told} of {})", thousands(all))),
    }
}

fn entry(out: &mut String, id: &str, masked: &str) {
    let _ = writeln!(out, "  {}  {}", styled(BOLD, id), plain(masked));
}

fn at(out: &mut String, path: &str, place: &str, width: usize) {
    let room = width.saturating_sub(6 + place.len());
    let _ = writeln!(out, "      {}{place}", fit_left(path, room));
}

fn unread(out: &mut String, shown: &Shown<'_>, width: usize) {
    let unread = &shown.evaluation.unread;
    if unread.is_empty() {
        return;
    }
    section(out, "Not, or not wholly, read");
    for gap in unread.iter().take(UNREAD_ROWS) {
        let _ = writeln!(
            out,
            "  {}  {}",
            styled(FAIR, &format!("{:<7}", gap.status.as_str())),
            fit_left(&path(&gap.file, &gap.container), width.saturating_sub(12)),
        );
        let text = match gap.detail.as_str() {
            "" => gap.reason.map_or("", Code::text),
            detail => detail,
        };
        wrapped(out, 11, width, DIM, &plain(text));
    }
    more(out, unread.len(), UNREAD_ROWS);
}

fn more(out: &mut String, all: usize, told: usize) {
    if all > told {
        let _ = writeln!(
            out,
            "  {}",
            styled(DIM, &format!("and {} more", all - told))
        );
    }
}

fn thresholds(out: &mut String, shown: &Shown<'_>) {
    if shown.verdicts.is_empty() {
        return;
    }
    section(
        out,
        match shown.exact {
            true => "Thresholds (exact stretches)",
            false => "Thresholds",
        },
    );
    for verdict in &shown.verdicts {
        let (style, word) = match verdict.passed {
            true => (GOOD, "reached"),
            false => (BAD, "MISSED "),
        };
        let _ = writeln!(
            out,
            "  {}  {}",
            styled(style, word),
            threshold(shown, verdict)
        );
    }
}

fn threshold(shown: &Shown<'_>, verdict: &Verdict) -> String {
    let gate = &verdict.gate;
    let whose = gate.detector.map_or("all together", |d| shown.id(d));
    let value = match verdict.value {
        Some(value) => format!("{value:.4}"),
        None => "nothing to measure".to_owned(),
    };
    format!(
        "{whose} {}: {value}, wanted {}",
        gate.measure.as_str(),
        gate.bound
    )
}
