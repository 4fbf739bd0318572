//! `magpie job watch`: a running job live, from what the process that runs it writes down.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::find;
use super::show::Figures;
use crate::cli::args::StateArgs;
use crate::cli::exit::{Exit, Failure};
use crate::cli::job_args::WhichJob;
use crate::cli::logs::store_failure;
use crate::cli::plain::plain;
use crate::cli::words::thousands;
use crate::cli::{output, size};
use crate::model::{JobStatus, RunInfo};

/// Time between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

pub fn run(which: &WhichJob, state: &StateArgs) -> Result<Exit, Failure> {
    let store = find::store(state, "watch")?;
    let reader = store.reader().map_err(store_failure)?;
    let id = find::job(&reader, "watch", &which.job)?.id;
    let live = io::stdout().is_terminal();
    let mut events = 0;
    let mut before: Option<(Instant, u64)> = None;
    let mut shown = String::new();
    loop {
        let job = find::job(&reader, "watch", id.as_str())?;
        let latest = reader.runs(&id).map_err(store_failure)?.into_iter().next();
        let lines = reader.events(&id, events).map_err(store_failure)?;
        if live && !(shown.is_empty() || lines.is_empty()) {
            print("\r\x1b[2K")?;
            shown.clear();
        }
        for line in &lines {
            output::print(&format!("{}\n", event(line)))?;
        }
        events += lines.len() as u64;
        if let Some(run) = &latest {
            let figures = Figures::of(run);
            let speed = before.map_or(0, |(at, bytes)| {
                let seconds = at.elapsed().as_secs_f64().max(0.001);
                (figures.bytes_scanned.saturating_sub(bytes) as f64 / seconds) as u64
            });
            before = Some((Instant::now(), figures.bytes_scanned));
            let text = line(run, &figures, speed);
            if live {
                print(&format!("\r\x1b[2K{text}"))?;
                shown = text;
            } else if text != shown {
                output::print(&format!("{text}\n"))?;
                shown = text;
            }
        }
        let works = latest.is_some_and(|run| run.owner.is_some());
        if !works || job.status != JobStatus::Running {
            if live && !shown.is_empty() {
                print("\n")?;
            }
            return Ok(Exit::Clean);
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

/// Writes to a terminal without the end of a line.
fn print(text: &str) -> Result<(), Failure> {
    output::print(text)?;
    // whoever looks at it has gone if this fails; the next line finds out
    let _ = io::stdout().flush();
    Ok(())
}

fn event(line: &str) -> String {
    let event: Value = serde_json::from_str(line).unwrap_or_default();
    let text = |member: &Value| member.as_str().unwrap_or_default().to_owned();
    let mut out = format!(
        "{}  {}",
        text(&event["occurredAt"]),
        text(&event["eventType"])
    );
    for more in [
        text(&event["affectedAccount"]),
        text(&event["affectedResource"]["value"]),
    ] {
        if !more.is_empty() {
            out.push_str("  ");
            out.push_str(&more);
        }
    }
    plain(&out)
}

fn line(run: &RunInfo, figures: &Figures, speed: u64) -> String {
    let more = if figures.listing_done { "" } else { "+" };
    let gaps = match figures.gaps {
        0 => String::new(),
        n => format!(", {} not wholly read", thousands(n)),
    };
    format!(
        "run {}: {}/{}{more} objects, {} of {}{more}, {}/s, {} found{gaps}",
        run.number,
        thousands(figures.done),
        thousands(figures.listed),
        size::show(figures.bytes_done),
        size::show(figures.bytes_listed),
        size::show(speed),
        thousands(figures.occurrences),
    )
}
