//! Reads labelled files as a job would, on several threads, and adds up what came of them.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::explain;
use super::label::{LabelError, LabelledFile};
use super::same::Same;
use super::score::Scores;
use super::walk::{FileVisit, Known, Sums};
use super::worst::{Miss, Worst, WrongHit};
use crate::content::{self, Input, Limits};
use crate::detect::{Catalogue, Scanner};
use crate::model::{ReadAt, Reason, Status, Visitor, WalkOutcome};

/// How an evaluation runs.
#[derive(Clone, Debug)]
pub struct Options {
    pub threads: usize,
    pub limits: Limits,
    /// Most misses, and most wrong hits, that are told one by one.
    pub worst_max: usize,
}

/// A file, or a member of one, that was not read wholly.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// As the labelled set names it.
    pub file: String,
    /// Empty for the file itself.
    pub container: Vec<String>,
    pub status: Status,
    pub reason: Option<Reason>,
    /// The cause in one line.
    pub detail: String,
}

/// What came of it all.
#[derive(Clone, Debug)]
pub struct Evaluation {
    pub scores: Scores,
    pub files: usize,
    /// Decoded bytes scanned.
    pub bytes: u64,
    /// The surest wrong hits, some of each identifier.
    pub wrong: Vec<WrongHit>,
    pub misses: Vec<Miss>,
    /// In order.
    pub unread: Vec<Unread>,
    /// Time for reading, scanning and comparing.
    pub elapsed: Duration,
}

/// Scores `files`. The result but for the time does not depend on threads.
///
/// # Errors
/// The first label that cannot be: beyond the end of a file, or in a member that is not there.
pub fn run(
    files: &[LabelledFile],
    catalogue: &Arc<Catalogue>,
    same: &Same,
    options: &Options,
) -> Result<Evaluation, LabelError> {
    let begun = Instant::now();
    let index = catalogue.index();
    let known = Known { index, same };
    let parts = on_threads(options.threads, files.len(), &|next| {
        let mut sums = Sums::new(index.detectors.len(), options.worst_max);
        let mut scanner = Scanner::new(Arc::clone(catalogue));
        let mut errors: Vec<(usize, LabelError)> = Vec::new();
        while let Some(number) = next() {
            let file = &files[number];
            // A fault in a decoder must cost one file, told as such, and not the run.
            let scored = catch_unwind(AssertUnwindSafe(|| {
                one(known, &mut scanner, &mut sums, file, number, options)
            }));
            match scored {
                Ok(error) => errors.extend(error.map(|e| (number, e))),
                Err(_) => {
                    scanner = Scanner::new(Arc::clone(catalogue));
                    sums.unread.push(Unread {
                        file: file.name.clone(),
                        container: Vec::new(),
                        status: Status::Partial,
                        reason: Some(Reason::UnableToParseFile),
                        detail: "internal error while reading".to_owned(),
                    });
                }
            }
        }
        (sums, errors)
    });
    let mut sums = Sums::new(index.detectors.len(), options.worst_max);
    let mut errors = Vec::new();
    for (part, faults) in parts {
        sums.add(part);
        errors.extend(faults);
    }
    errors.sort_by_key(|(file, error)| (*file, error.line));
    if let Some((_, error)) = errors.into_iter().next() {
        return Err(error);
    }
    let elapsed = begun.elapsed();
    let Sums {
        scores,
        misses,
        wrong,
        bytes,
        mut unread,
    } = sums;
    unread.sort_unstable();
    let wrong = wrong.choose(options.worst_max, &|d| scores.of(d).wrong);
    let mut misses = misses.choose(options.worst_max, &|d| scores.of(d).missed());
    explain::places(files, catalogue, &mut misses, options);
    Ok(Evaluation {
        scores,
        files: files.len(),
        bytes,
        wrong,
        misses,
        unread,
        elapsed,
    })
}

/// Gives the next number of work, until none are left.
pub(super) type Numbers<'a> = &'a dyn Fn() -> Option<usize>;

/// Runs `work` on so many threads; each takes numbers below `count`.
pub(super) fn on_threads<T: Send>(
    threads: usize,
    count: usize,
    work: &(dyn Fn(Numbers<'_>) -> T + Sync),
) -> Vec<T> {
    let taken = AtomicUsize::new(0);
    let next = || {
        let number = taken.fetch_add(1, Ordering::Relaxed);
        (number < count).then_some(number)
    };
    let done = Mutex::new(Vec::new());
    let keep = |t: T| done.lock().unwrap_or_else(PoisonError::into_inner).push(t);
    std::thread::scope(|scope| {
        for _ in 1..threads.min(count) {
            let (keep, next) = (&keep, &next);
            // fewer threads than wanted are enough: this one works too
            let _ = std::thread::Builder::new().spawn_scoped(scope, move || keep(work(next)));
        }
        keep(work(&next));
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Scores one file.
fn one(
    known: Known<'_>,
    scanner: &mut Scanner,
    sums: &mut Sums,
    file: &LabelledFile,
    number: usize,
    options: &Options,
) -> Option<LabelError> {
    let mut visit = FileVisit::new(known, scanner, sums, file, number);
    let walked = walk_file(&file.path, &options.limits, &mut visit);
    let whole = walked.as_ref().is_ok_and(|w| w.status == Status::Complete);
    visit.finish(whole);
    let error = visit.error.take();
    let unread = match &walked {
        Ok(walk) => {
            sums.bytes += walk.bytes_scanned;
            (!whole).then(|| {
                let failed = walk.source_error.as_ref().map(ToString::to_string);
                (walk.status, walk.reason, failed.or(walk.detail.clone()))
            })
        }
        Err(e) => Some((Status::Skipped, None, Some(format!("open: {e}")))),
    };
    if let Some((status, reason, detail)) = unread {
        sums.unread.push(Unread {
            file: file.name.clone(),
            container: Vec::new(),
            status,
            reason,
            detail: detail.unwrap_or_default(),
        });
    }
    error
}

/// Walks one local file.
///
/// # Errors
/// It cannot be opened; what cannot be read of it is in the outcome.
pub fn walk_file(
    path: &Path,
    limits: &Limits,
    visitor: &mut dyn Visitor,
) -> io::Result<WalkOutcome> {
    let file = File::open(path)?;
    let meta = file.metadata()?;
    let size = meta.is_file().then_some(meta.len());
    let ranged: Option<Arc<dyn ReadAt>> = match size {
        Some(size) => Some(Arc::new(Ranged {
            file: file.try_clone()?,
            size,
        })),
        None => None,
    };
    let input = Input {
        name: &path.to_string_lossy(),
        reader: Box::new(file),
        ranged,
        size,
    };
    Ok(content::walk(input, limits, visitor))
}

struct Ranged {
    file: File,
    size: u64,
}

impl ReadAt for Ranged {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self
                .file
                .read_at(&mut buffer[filled..], offset + filled as u64)
            {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(filled)
    }
}

impl Sums {
    fn new(detectors: usize, worst_max: usize) -> Self {
        Sums {
            scores: Scores::new(detectors),
            misses: Worst::new(worst_max),
            wrong: Worst::new(worst_max),
            bytes: 0,
            unread: Vec::new(),
        }
    }

    fn add(&mut self, other: Sums) {
        self.scores.add(&other.scores);
        self.misses.add(other.misses);
        self.wrong.add(other.wrong);
        self.bytes += other.bytes;
        self.unread.extend(other.unread);
    }
}
