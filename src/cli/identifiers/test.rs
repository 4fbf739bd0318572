//! `magpie identifiers test`: what an identifier finds in a text, where and why, and why not.

use std::fmt::Write;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use serde_json::{Value, json};

use super::{create, examples, own};
use crate::cli::args::TestArgs;
use crate::cli::exit::{Exit, Failure, OrExit};
use crate::cli::plain::plain;
use crate::cli::words::{count, thousands};
use crate::cli::{output, state};
use crate::detect::custom::{self, Judged, Verdict};
use crate::detect::spec::Spec;
use crate::detect::{Catalogue, NearMiss, Scanner};
use crate::model::mask::mask;
use crate::model::text::NoContext;
use crate::model::{Block, CatalogueIndex, Hit, MaskStyle, Secret, Side};

/// Name of an identifier that has none.
const NAMELESS: &str = "regex";
/// Largest text, in bytes.
const TEXT_BYTES_MAX: u64 = 256 << 20;

pub fn run(args: &TestArgs) -> Result<Exit, Failure> {
    if let Some(definition) = create::definition(&args.rule) {
        let mut spec = custom::from_regex(&definition)
            .map_err(|cause| Failure::usage(format!("test custom identifier: {cause}")))?;
        spec.id = NAMELESS.to_owned();
        return on_text(args, spec, args.what.first(), args.what.get(1));
    }
    let Some(what) = args.what.first() else {
        return Err(Failure::usage(
            "test identifier: nothing to test; give --regex, an id, a detector file or a folder of them",
        ));
    };
    let folder = state::folder(&args.state)?;
    let kept = own::kept(&folder)?;
    if let Some(one) = own::find(&kept, "test", what)? {
        return on_text(args, own::spec_of(one)?, args.what.get(1), None);
    }
    let path = Path::new(what);
    if !path.is_dir() && !own::is_file(what) {
        return Err(own::unknown("test", what, &folder));
    }
    if path.is_file() && (args.text.is_some() || args.what.len() > 1) {
        return on_text(args, own::load(path)?.1, args.what.get(1), None);
    }
    examples::run(path, args.budget_ms, args.json)
}

/// Tries a detector on the text that the arguments give.
fn on_text(
    args: &TestArgs,
    spec: Spec,
    file: Option<&String>,
    more: Option<&String>,
) -> Result<Exit, Failure> {
    if let Some(more) = more {
        return Err(Failure::usage(format!(
            "test identifier: {more} is one file too many; give one text"
        )));
    }
    let text = match (&args.text, file) {
        (Some(text), None) => text.clone().into_bytes(),
        (None, Some(file)) => read(file)?,
        (Some(_), Some(file)) => {
            return Err(Failure::usage(format!(
                "test identifier: both --text and {file} are given; leave one out"
            )));
        }
        (None, None) => {
            return Err(Failure::usage(
                "test identifier: no text to try it on; give --text, a file or - for standard input",
            ));
        }
    };
    let is_custom = spec.custom.is_some();
    let ignore_words = spec
        .custom
        .as_ref()
        .map_or(Vec::new(), |c| c.ignore_words.clone());
    let (distance, mask) = (spec.keyword_distance, spec.mask);
    let catalogue = Catalogue::from_specs(vec![spec]).map_err(Failure::usage)?;
    let index = catalogue.index().clone();
    let mut scanner = Scanner::new(Arc::new(catalogue));
    let block = Block::whole(&text);
    let told = Told {
        text: &text,
        index: &index,
        ignore_words: &ignore_words,
        distance,
        mask,
    };
    let lines: Vec<Line> = if is_custom {
        let judged = scanner.judge(&block, &mut NoContext);
        judged.iter().map(|j| told.judged(j)).collect()
    } else {
        let (hits, misses) = examples::explained(&mut scanner, &block);
        let hits = hits.iter().map(|h| told.hit(h));
        let mut lines: Vec<Line> = hits.chain(misses.iter().map(|m| told.missed(m))).collect();
        lines.sort_by_key(|l| (l.start, !l.counts));
        lines
    };
    let text = match args.json {
        true => told.json(&lines),
        false => told.table(&lines),
    };
    output::print(&text)?;
    Ok(Exit::Clean)
}

fn read(file: &str) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    let read = match file {
        "-" => std::io::stdin()
            .lock()
            .take(TEXT_BYTES_MAX + 1)
            .read_to_end(&mut text),
        path => std::fs::File::open(path)
            .and_then(|f| f.take(TEXT_BYTES_MAX + 1).read_to_end(&mut text)),
    };
    read.with_context(|| format!("read text {file}"))
        .or_exit(Exit::Usage)?;
    if text.len() as u64 > TEXT_BYTES_MAX {
        return Err(Failure::usage(format!(
            "read text {file}: more than {TEXT_BYTES_MAX} bytes; use magpie scan --custom"
        )));
    }
    Ok(text)
}

/// One matched text.
struct Line {
    start: usize,
    end: usize,
    counts: bool,
    why: String,
}

/// What lines are told with.
struct Told<'a> {
    text: &'a [u8],
    index: &'a CatalogueIndex,
    ignore_words: &'a [String],
    distance: u16,
    mask: MaskStyle,
}

impl Told<'_> {
    fn keyword(&self, number: u32) -> String {
        let keyword = self.index.keywords.get(number as usize);
        format!("keyword {:?}", keyword.map_or("", |k| k))
    }

    fn judged(&self, judged: &Judged) -> Line {
        let most = self.distance;
        let why = match &judged.verdict {
            Verdict::Counts(None) => "the expression matches".to_owned(),
            Verdict::Counts(Some((hit, Some(to_end)))) => format!(
                "{} ends {to_end} characters before its end (at most {most})",
                self.keyword(hit.keyword)
            ),
            Verdict::Counts(Some((hit, None))) => {
                format!("{} in the {}", self.keyword(hit.keyword), hit.side.as_str())
            }
            Verdict::NoKeyword(None) => "no keyword stands before it".to_owned(),
            Verdict::NoKeyword(Some((keyword, to_end))) => format!(
                "{} ends {to_end} characters before its end; at most {most} count",
                self.keyword(*keyword)
            ),
            Verdict::IgnoreWord(number) => {
                let word = self.ignore_words.get(*number);
                format!("it holds the ignore word {:?}", word.map_or("", |w| w))
            }
        };
        Line {
            start: judged.range.start,
            end: judged.range.end,
            counts: matches!(judged.verdict, Verdict::Counts(_)),
            why,
        }
    }

    fn hit(&self, hit: &Hit) -> Line {
        let why = match &hit.keyword {
            None => "form and checks".to_owned(),
            Some(keyword) => match (keyword.distance, keyword.side) {
                (Some(n), side) => format!(
                    "{} {} {}",
                    self.keyword(keyword.keyword),
                    count(u64::from(n), "character"),
                    side.as_str()
                ),
                (None, Side::Column | Side::Path | Side::Before | Side::After) => {
                    self.keyword(keyword.keyword)
                }
            },
        };
        Line {
            start: hit.range.start,
            end: hit.range.end,
            counts: true,
            why,
        }
    }

    fn missed(&self, miss: &NearMiss) -> Line {
        Line {
            start: miss.range.start,
            end: miss.range.end,
            counts: false,
            why: miss.reason.describe(self.index),
        }
    }

    fn masked(&self, line: &Line) -> String {
        let value = self.text.get(line.start..line.end).unwrap_or_default();
        mask(self.mask, Secret::new(value))
    }

    /// Line and column of each, from 1; the lines ascend.
    fn places(&self, lines: &[Line]) -> Vec<(u64, u64)> {
        let (mut row, mut from, mut at) = (1, 0, 0);
        lines
            .iter()
            .map(|line| {
                for i in memchr::memchr_iter(b'\n', &self.text[at..line.start]) {
                    (row, from) = (row + 1, at + i + 1);
                }
                at = line.start;
                let column = String::from_utf8_lossy(&self.text[from..at])
                    .chars()
                    .count() as u64;
                (row, column + 1)
            })
            .collect()
    }

    fn table(&self, lines: &[Line]) -> String {
        let counted = lines.iter().filter(|l| l.counts).count() as u64;
        let mut out = format!(
            "{counted} {}\n",
            if counted == 1 { "match" } else { "matches" }
        );
        for (line, (row, column)) in lines.iter().zip(self.places(lines)) {
            let _ = writeln!(
                out,
                "  {:<6}  line {}, column {}  {}  {}",
                if line.counts { "counts" } else { "not" },
                thousands(row),
                thousands(column),
                plain(&self.masked(line)),
                plain(&line.why),
            );
        }
        out
    }

    fn json(&self, lines: &[Line]) -> String {
        let told = |counts: bool| -> Vec<Value> {
            lines
                .iter()
                .zip(self.places(lines))
                .filter(|(l, _)| l.counts == counts)
                .map(|(l, (row, column))| {
                    json!({
                        "line": row,
                        "column": column,
                        "byteRange": {"start": l.start, "end": l.end},
                        "masked": self.masked(l),
                        "why": l.why,
                    })
                })
                .collect()
        };
        let matches = told(true);
        let document = json!({
            "matchCount": matches.len(),
            "matches": matches,
            "nearMisses": told(false),
        });
        format!("{document}\n")
    }
}
