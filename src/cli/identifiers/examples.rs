//! The examples of detector files, each file alone, and how long its patterns take.

use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::json;

use super::own;
use crate::cli::exit::{Exit, Failure, OrExit};
use crate::cli::output;
use crate::cli::plain::plain;
use crate::detect::spec::Spec;
use crate::detect::{Catalogue, NearMiss, Scanner};
use crate::model::text::NoContext;
use crate::model::{Block, Hit};

/// Text on which a pattern is timed, in bytes.
const TIMED_BYTES: usize = 256 << 10;
/// What a pattern without examples is timed on.
const TIMED_TEXT: &str = "id: 0123456789, key=ABCdef-123_456; someone@example.com (2024-01-31)\n";

/// Something that is not as the file says.
struct Fault {
    file: String,
    /// Which example or pattern.
    what: String,
    expected: String,
    got: String,
}

/// Runs the examples of a file, or of all below a folder; shows what fails.
pub fn run(path: &Path, budget_ms: u64, json: bool) -> Result<Exit, Failure> {
    let files = files(path)?;
    if files.is_empty() {
        return Err(Failure::usage(format!(
            "test detectors {}: there is no .toml file; name another folder",
            path.display()
        )));
    }
    let budget = Duration::from_millis(budget_ms);
    let (mut faults, mut examples) = (Vec::new(), 0);
    for file in &files {
        let name = file.display().to_string();
        match own::load(file) {
            Err(failure) => faults.push(Fault {
                file: name,
                what: "file".to_owned(),
                expected: "a detector file".to_owned(),
                got: format!("{:#}", failure.error),
            }),
            Ok((_, spec)) => {
                examples += spec.positives.len() + spec.negatives.len();
                check(&name, &spec, budget, &mut faults)?;
            }
        }
    }
    let text = match json {
        true => {
            let faults: Vec<_> = faults
                .iter()
                .map(|f| json!({"file": f.file, "what": f.what, "expected": f.expected, "got": f.got}))
                .collect();
            let document = json!({"files": files.len(), "examples": examples, "failures": faults});
            format!("{document}\n")
        }
        false => table(files.len(), examples, &faults),
    };
    output::print(&text)?;
    Ok(match faults.is_empty() {
        true => Exit::Clean,
        false => Exit::Findings,
    })
}

/// The detector files at or below a path, in order.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(at) = folders.pop() {
        if !at.is_dir() {
            found.push(at);
            continue;
        }
        let entries = std::fs::read_dir(&at)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .with_context(|| format!("read folder {}", at.display()))
            .or_exit(Exit::Usage)?;
        for entry in entries {
            let path = entry.path();
            let is_dir = entry.file_type().is_ok_and(|t| t.is_dir());
            if is_dir || path.extension().is_some_and(|e| e == "toml") {
                folders.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn check(
    file: &str,
    spec: &Spec,
    budget: Duration,
    faults: &mut Vec<Fault>,
) -> Result<(), Failure> {
    let mut fault = |what: String, expected: String, got: String| {
        faults.push(Fault {
            file: file.to_owned(),
            what,
            expected,
            got,
        });
    };
    let catalogue = Arc::new(Catalogue::from_specs(vec![spec.clone()]).map_err(Failure::usage)?);
    let index = catalogue.index();
    let mut scanner = Scanner::new(Arc::clone(&catalogue));
    let mut found = |text: &str| {
        scanner.begin_member();
        let (hits, misses) = explained(&mut scanner, &Block::whole(text.as_bytes()));
        let values: Vec<String> = hits
            .iter()
            .map(|h| format!("{:?}", text.get(h.range.clone()).unwrap_or("")))
            .collect();
        let near: Vec<String> = misses
            .iter()
            .map(|m| {
                let value = text.get(m.range.clone()).unwrap_or("");
                format!("{value:?} did not: {}", m.reason.describe(index))
            })
            .collect();
        (values, near)
    };
    for (number, example) in spec.positives.iter().enumerate() {
        let (values, near) = found(&example.text);
        let expected = format!("{:?}", example.matched);
        if values != [expected.as_str()] {
            let got = match (values.as_slice(), near.as_slice()) {
                ([], []) => "nothing".to_owned(),
                ([], near) => format!("nothing; {}", near.join("; ")),
                (values, _) => values.join(", "),
            };
            let what = format!("positive {} ({})", number + 1, example.why);
            fault(what, expected, got);
        }
    }
    for (number, example) in spec.negatives.iter().enumerate() {
        let (values, _) = found(&example.text);
        if !values.is_empty() {
            let what = format!("negative {} ({})", number + 1, example.why);
            fault(what, "nothing".to_owned(), values.join(", "));
        }
    }
    for (number, pattern) in spec.patterns.iter().enumerate() {
        let alone = Spec {
            patterns: vec![pattern.clone()],
            ..spec.clone()
        };
        let took = timed(alone)?;
        if took > budget {
            fault(
                format!("time of pattern {}", number + 1),
                format!("at most {} ms for 256 KiB", budget.as_millis()),
                format!(
                    "{} ms; name a literal or a narrower class",
                    took.as_millis()
                ),
            );
        }
    }
    Ok(())
}

/// How long a detector takes for a text made of its examples.
fn timed(spec: Spec) -> Result<Duration, Failure> {
    let examples = spec.positives.iter().map(|e| e.text.as_str());
    let examples = examples.chain(spec.negatives.iter().map(|e| e.text.as_str()));
    let mut unit: String = examples.flat_map(|text| [text, "\n"]).collect();
    unit.push_str(TIMED_TEXT);
    let text = unit.repeat(TIMED_BYTES.div_ceil(unit.len()));
    let catalogue = Catalogue::from_specs(vec![spec]).map_err(Failure::usage)?;
    let mut scanner = Scanner::new(Arc::new(catalogue));
    let mut scan = |text: &str| {
        scanner.begin_member();
        let start = Instant::now();
        // the sink never breaks off, so neither does the scan
        let _ = scanner.scan(&Block::whole(text.as_bytes()), &mut NoContext, &mut |_| {
            ControlFlow::Continue(())
        });
        start.elapsed()
    };
    // expressions are compiled when they are first needed, which is not to be counted
    scan(&unit);
    Ok(scan(&text[..text.floor_char_boundary(TIMED_BYTES)]))
}

/// What a block holds, and what it almost holds.
pub fn explained(scanner: &mut Scanner, block: &Block<'_>) -> (Vec<Hit>, Vec<NearMiss>) {
    let (mut hits, mut misses) = (Vec::new(), Vec::new());
    // the sink never breaks off, so neither does the scan
    let _ = scanner.scan_explained(
        block,
        &mut NoContext,
        &mut |hit| {
            hits.push(hit);
            ControlFlow::Continue(())
        },
        &mut |miss| misses.push(miss),
    );
    (hits, misses)
}

fn table(files: usize, examples: usize, faults: &[Fault]) -> String {
    let mut out = String::new();
    for fault in faults {
        let _ = writeln!(
            out,
            "{}  {}\n    expected  {}\n    got       {}",
            plain(&fault.file),
            plain(&fault.what),
            plain(&fault.expected),
            plain(&fault.got)
        );
    }
    let _ = writeln!(
        out,
        "{files} detector files, {examples} examples, {} failures",
        faults.len()
    );
    out
}
