//! The estimate as a person likes to read it.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::Shown;
use crate::cli::plain::plain;
use crate::cli::size;
use crate::cli::words::{count, duration, fit_left, thousands, wrapped};
use crate::job::estimate::{Estimate, RequestTotals, Speed};
use crate::model::{Reason, Tally};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const WARN: Style = AnsiColor::Yellow.on_default().bold();

/// Renders the estimate for a terminal `width` columns wide.
pub fn render(shown: &Shown, width: usize) -> String {
    let estimate = &shown.estimate;
    let mut out = String::new();
    let to_read = estimate.sum(|t| t.to_read);
    let _ = writeln!(
        out,
        "{BOLD}{} and {} to read{BOLD:#}  {DIM}(listed only: nothing was read or recorded){DIM:#}",
        count(to_read.objects, "object"),
        size::show(to_read.bytes)
    );
    targets(&mut out, estimate, width);
    not_read(&mut out, estimate);
    unlisted(&mut out, estimate, width);
    section(&mut out, "Requests");
    let _ = writeln!(out, "  {}", requests(estimate.requests()));
    classes(&mut out, estimate);
    if to_read.objects > 0 {
        section(&mut out, "Time");
        time(&mut out, shown, width);
    }
    out
}

fn section(out: &mut String, title: &str) {
    let _ = writeln!(out, "\n{BOLD}{title}{BOLD:#}");
}

fn targets(out: &mut String, estimate: &Estimate, width: usize) {
    section(out, "Targets");
    let longest = estimate.targets.iter().map(|t| t.target.width()).max();
    let room = width.saturating_sub(46).min(longest.unwrap_or(0)).max(16);
    let _ = writeln!(
        out,
        "  {DIM}{:<room$}  {:>13}  {:>9}  {:>13}{DIM:#}",
        "", "to read", "bytes", "not read"
    );
    for target in &estimate.targets {
        let name = fit_left(&plain(&target.target), room);
        let fill = room.saturating_sub(name.width());
        let skipped: u64 = target.skipped.values().map(|t| t.objects).sum();
        let left_out: u64 = target.left_out.values().map(|t| t.objects).sum();
        let _ = writeln!(
            out,
            "  {name}{:fill$}  {:>13}  {:>9}  {:>13}",
            "",
            thousands(target.to_read.objects),
            size::show(target.to_read.bytes),
            thousands(skipped + left_out)
        );
    }
}

fn not_read(out: &mut String, estimate: &Estimate) {
    let mut skipped: BTreeMap<Reason, Tally> = BTreeMap::new();
    let mut left_out: BTreeMap<&str, Tally> = BTreeMap::new();
    let (mut empty, mut unknown, mut tags) = (0, 0, 0);
    for target in &estimate.targets {
        for (reason, tally) in &target.skipped {
            let sum = skipped.entry(*reason).or_default();
            *sum = *sum + *tally;
        }
        for (cause, tally) in &target.left_out {
            let sum = left_out.entry(cause).or_default();
            *sum = *sum + *tally;
        }
        empty += target.empty;
        unknown += target.unknown_size;
        tags += target.tags_decide;
    }
    if !skipped.is_empty() || !left_out.is_empty() {
        section(out, "Not read");
    }
    for (reason, tally) in &skipped {
        let name = match reason {
            Reason::UnsupportedFileTypeException => ", going by the name",
            _ => "",
        };
        row(out, *tally, &format!("{reason}: {}{name}", reason.text()));
    }
    for (cause, tally) in &left_out {
        row(out, *tally, &format!("not in scope: {cause}"));
    }
    if empty + unknown + tags > 0 {
        section(out, "To note");
    }
    if empty > 0 {
        let _ = writeln!(out, "  {} without content", count(empty, "object"));
    }
    if unknown > 0 {
        let _ = writeln!(out, "  {} of unknown size", count(unknown, "object"));
    }
    if tags > 0 {
        let what = count(tags, "object");
        let _ = writeln!(out, "  {what} whose tags decide; counted as in scope");
    }
}

fn row(out: &mut String, tally: Tally, what: &str) {
    let _ = writeln!(
        out,
        "  {:>13}  {:>9}  {what}",
        thousands(tally.objects),
        size::show(tally.bytes)
    );
}

fn unlisted(out: &mut String, estimate: &Estimate, width: usize) {
    if estimate.is_whole() {
        return;
    }
    section(out, "Not listed to the end");
    for target in &estimate.targets {
        if let Some(cause) = &target.unlisted {
            wrapped(out, 2, width, WARN, &plain(cause));
        }
    }
}

fn requests(requests: RequestTotals) -> String {
    let RequestTotals {
        list,
        head,
        get,
        put,
    } = requests;
    if list + head + get + put == 0 {
        return "none".to_owned();
    }
    let mut parts = Vec::new();
    for (n, name) in [(list, "LIST"), (head, "HEAD"), (get, "GET"), (put, "PUT")] {
        if n > 0 {
            parts.push(format!("{} {name}", thousands(n)));
        }
    }
    format!("{}, at least", parts.join(", "))
}

/// Reading from some classes costs by the byte.
fn classes(out: &mut String, estimate: &Estimate) {
    let mut classes: BTreeMap<&str, Tally> = BTreeMap::new();
    for target in estimate.targets.iter().filter(|t| !t.local) {
        for (class, tally) in &target.storage_classes {
            let sum = classes.entry(class).or_default();
            *sum = *sum + *tally;
        }
    }
    if classes.keys().all(|class| *class == "STANDARD") {
        return;
    }
    section(out, "Storage classes to read from");
    for (class, tally) in classes {
        row(out, tally, &plain(class));
    }
}

fn time(out: &mut String, shown: &Shown, width: usize) {
    let Some(seconds) = shown.speeds.seconds(&shown.estimate) else {
        let text = "not known: no finished run of this state folder tells the speed of such a \
                    target; give --estimate-speed, such as 80MB";
        wrapped(out, 2, width, Style::new(), text);
        return;
    };
    let local = shown.estimate.targets.iter().any(|t| t.local);
    let service = shown.estimate.targets.iter().any(|t| !t.local);
    let mut from = Vec::new();
    for (used, speed) in [(local, shown.speeds.local), (service, shown.speeds.service)] {
        if let Some(words) = speed.filter(|_| used).map(words)
            && !from.contains(&words)
        {
            from.push(words);
        }
    }
    let text = format!("about {}, at {}", duration(seconds), from.join("; "));
    wrapped(out, 2, width, Style::new(), &text);
}

fn words(speed: Speed) -> String {
    let bytes = size::show(speed.bytes_per_second as u64);
    match speed.runs {
        0 => format!("{bytes}/s as given"),
        runs => format!(
            "{bytes}/s or {} objects/s, the best of {}",
            thousands(speed.objects_per_second as u64),
            count(u64::from(runs), "run")
        ),
    }
}
