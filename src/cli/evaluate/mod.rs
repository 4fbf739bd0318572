//! `magpie evaluate`: labelled sets in, scores out, and an exit status that a pipeline can use.
//!
//! What counts as right is for [`crate::evaluate`] to say.

mod json;
mod table;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;

use super::args::{EvaluateArgs, EvaluateFormat, GateArgs};
use super::exit::{Exit, Failure, OrExit};
use super::output::{self, Output};
use super::{identifiers, limits, plain, plan};
use crate::detect::Catalogue;
use crate::detect::spec::{self, Spec};
use crate::evaluate::{
    self, Evaluation, FilesBuilder, Gate, Gates, LabelledFile, LabelledSet, Measure, Options, Same,
    Verdict,
};
use crate::model::CatalogueIndex;

/// Width of the table where the terminal does not tell.
const WIDTH: usize = 120;
/// Stands among the identifiers for those that are labelled.
const LABELLED: &str = "labelled";

/// All that is shown.
struct Shown<'a> {
    sets: Vec<String>,
    index: &'a CatalogueIndex,
    files: &'a [LabelledFile],
    evaluation: &'a Evaluation,
    /// Labels of identifiers that were not looked for.
    left_out: u64,
    verdicts: Vec<Verdict>,
    exact: bool,
}

impl Shown<'_> {
    fn id(&self, detector: u16) -> &str {
        let detector = self.index.detectors.get(usize::from(detector));
        detector.map_or("?", |d| d.id.as_str())
    }

    /// Scanned bytes in 10^6.
    fn megabytes(&self) -> f64 {
        self.evaluation.bytes as f64 / 1e6
    }

    fn per_megabyte(&self, wrong: u64) -> Option<f64> {
        (self.evaluation.bytes > 0).then(|| wrong as f64 / self.megabytes())
    }

    fn file(&self, number: usize) -> &str {
        self.files.get(number).map_or("?", |f| f.name.as_str())
    }
}

pub fn run(args: &EvaluateArgs) -> Result<Exit, Failure> {
    let sets: Vec<LabelledSet> = args
        .sets
        .iter()
        .map(|path| read_set(path))
        .collect::<Result<_, _>>()?;
    let catalogue = Arc::new(catalogue(args, &sets)?);
    let index = catalogue.index();
    let mut same = Same::new(index);
    for pair in &args.same {
        let (a, b) = pair.split_once('=').ok_or_else(|| {
            Failure::usage(format!(
                "read --same {pair:?}: expected two ids with = between"
            ))
        })?;
        same.join(number(a, index)?, number(b, index)?);
    }
    let gates = gates(&args.gates, index)?;
    let (files, left_out) = collect(&sets, index)?;
    let output = match (args.format, &args.output) {
        (EvaluateFormat::Table, None) => None,
        (_, path) => Some(Output::open(path.as_deref())?),
    };
    let threads = args.threads.map_or_else(plan::processors, usize::from);
    let options = Options {
        threads,
        limits: limits::limits(&args.limits, threads)?,
        worst_max: args.worst as usize,
    };
    let evaluation = evaluate::run(&files, &catalogue, &same, &options).map_err(Failure::usage)?;
    let scores = &evaluation.scores;
    let counts = |of: Option<u16>| of.map_or_else(|| scores.total(), |d| scores.of(d));
    let shown = Shown {
        sets: args.sets.iter().map(|p| p.display().to_string()).collect(),
        index,
        files: &files,
        evaluation: &evaluation,
        left_out,
        verdicts: gates.verdicts(&counts, evaluation.bytes as f64 / 1e6),
        exact: gates.exact,
    };
    show(args.format, &shown, output)?;
    Ok(if shown.verdicts.iter().any(|v| !v.passed) {
        Exit::Findings
    } else if !evaluation.unread.is_empty() && !args.allow_incomplete {
        Exit::Incomplete
    } else {
        Exit::Clean
    })
}

fn read_set(path: &Path) -> Result<LabelledSet, Failure> {
    let text = std::fs::read(path)
        .with_context(|| format!("read labels {}", path.display()))
        .or_exit(Exit::Usage)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    LabelledSet::parse(&path.display().to_string(), folder, &text).map_err(Failure::usage)
}

/// The identifiers to look for, the user's own beside them.
fn catalogue(args: &EvaluateArgs, sets: &[LabelledSet]) -> Result<Catalogue, Failure> {
    let own = own_specs(&args.custom)?;
    let mut wanted: Vec<String> = Vec::new();
    for name in &args.identifiers {
        if name == LABELLED {
            let types: BTreeSet<&str> = sets.iter().flat_map(LabelledSet::types).collect();
            if types.is_empty() {
                return Err(Failure::usage("choose identifiers: no label names one"));
            }
            let is_own = |id: &str| own.iter().any(|spec| spec.id == id);
            let others = types.into_iter().filter(|id| !is_own(id));
            wanted.extend(others.map(str::to_owned));
        } else {
            wanted.push(name.clone());
        }
    }
    if own.is_empty() {
        return plan::catalogue(&wanted, &args.exclude_identifiers);
    }
    let mut specs = match wanted.is_empty() {
        true => Vec::new(),
        false => plan::built_in(&wanted, &args.exclude_identifiers)?,
    };
    specs.extend(own);
    Catalogue::from_specs(specs).map_err(Failure::usage)
}

/// Reads detector files.
fn own_specs(paths: &[PathBuf]) -> Result<Vec<Spec>, Failure> {
    let mut specs = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("load detector {}", path.display()))
            .or_exit(Exit::Usage)?;
        let name = path.display().to_string();
        specs.extend(spec::parse(&name, &text).map_err(Failure::usage)?);
    }
    Ok(specs)
}

/// The labelled files, and how many labels are of identifiers that are not looked for.
fn collect(
    sets: &[LabelledSet],
    index: &CatalogueIndex,
) -> Result<(Vec<LabelledFile>, u64), Failure> {
    let missing = sets
        .iter()
        .flat_map(LabelledSet::types)
        .any(|id| index.find(id).is_none());
    // read once more only where a label is of an identifier that was not chosen, or of none
    let all = match missing {
        true => Some(Catalogue::builtin().or_exit(Exit::Internal)?),
        false => None,
    };
    let known = |id: &str| all.as_ref().is_some_and(|c| c.index().find(id).is_some());
    let mut files = FilesBuilder::default();
    for set in sets {
        files.add(set, index, &known).map_err(Failure::usage)?;
    }
    let left_out = files.left_out;
    Ok((files.finish().map_err(Failure::usage)?, left_out))
}

fn number(id: &str, index: &CatalogueIndex) -> Result<u16, Failure> {
    identifiers::find(id.trim(), index)
        .and_then(|d| index.find(&d.id))
        .ok_or_else(|| identifiers::unknown("find", id, index))
}

fn gates(args: &GateArgs, index: &CatalogueIndex) -> Result<Gates, Failure> {
    let lists = [
        ("--min-precision", Measure::Precision, &args.min_precision),
        ("--min-recall", Measure::Recall, &args.min_recall),
        ("--min-f1", Measure::F1, &args.min_f1),
        ("--max-fp-per-mb", Measure::WrongPerMb, &args.max_fp_per_mb),
    ];
    let mut gates = Vec::new();
    for (option, measure, texts) in lists {
        for text in texts {
            let (id, bound) = match text.rsplit_once('=') {
                Some((id, bound)) => (Some(id), bound),
                None => (None, text.as_str()),
            };
            let greatest = match measure {
                Measure::WrongPerMb => f64::MAX,
                _ => 1.0,
            };
            let bound = bound.trim().parse().ok();
            let bound = bound
                .filter(|b| (0.0..=greatest).contains(b))
                .ok_or_else(|| {
                    let range = match measure {
                        Measure::WrongPerMb => "a number",
                        _ => "a number from 0 to 1",
                    };
                    Failure::usage(format!(
                        "read {option} {text:?}: expected {range}, or ID={range}"
                    ))
                })?;
            gates.push(Gate {
                measure,
                detector: id.map(|id| number(id, index)).transpose()?,
                bound,
            });
        }
    }
    Ok(Gates {
        gates,
        exact: args.exact,
    })
}

fn show(format: EvaluateFormat, shown: &Shown<'_>, output: Option<Output>) -> Result<(), Failure> {
    let text = |width| match format {
        EvaluateFormat::Table => table::render(shown, width),
        EvaluateFormat::Json => json::render(shown),
    };
    let Some(mut output) = output else {
        let width = terminal_size::terminal_size().map_or(WIDTH, |(w, _)| usize::from(w.0).max(40));
        return output::print(&text(width));
    };
    let text = anstream::adapter::strip_str(&text(WIDTH)).to_string();
    match output.write_all(text.as_bytes()) {
        // whoever read our output went away: nothing is owed any more
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => return Ok(()),
        result => result.context("write output").or_exit(Exit::Output)?,
    }
    output.finish()
}

/// A path as it is shown: the file and the members in it.
fn path(file: &str, container: &[String]) -> String {
    let mut out = plain::plain(file);
    for member in container {
        out += " › ";
        out += &plain::plain(member);
    }
    out
}
