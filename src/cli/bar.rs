//! The progress bar on standard error, drawn from the engine's counters.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::size;
use super::words::{duration, thousands};
use crate::job::Progress;

const REDRAW: Duration = Duration::from_millis(120);

/// A bar that redraws itself until it is dropped; then it wipes itself.
pub struct Bar {
    done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Bar {
    /// Starts drawing. `None` if no thread could be had: a bar is not worth failing for.
    pub fn start(progress: Arc<Progress>) -> Option<Bar> {
        let done = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&done);
        let thread = std::thread::Builder::new()
            .name("progress".to_owned())
            .spawn(move || draw(&progress, &flag))
            .ok()?;
        Some(Bar {
            done,
            thread: Some(thread),
        })
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // a panic of the drawing thread has been reported already and costs nothing else
            let _ = thread.join();
        }
    }
}

fn draw(progress: &Progress, done: &AtomicBool) {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{spinner} [{wide_bar}] {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("━╸ ");
    bar.set_style(style);
    let start = Instant::now();
    while !done.load(Ordering::Relaxed) {
        let listed = Progress::get(&progress.bytes_listed);
        let bytes = Progress::get(&progress.bytes_done);
        bar.set_length(listed.max(1));
        bar.set_position(bytes.min(listed));
        bar.set_message(message(progress, start.elapsed()));
        bar.tick();
        std::thread::park_timeout(REDRAW);
    }
    bar.finish_and_clear();
}

fn message(progress: &Progress, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    let bytes = Progress::get(&progress.bytes_done);
    let listed = Progress::get(&progress.bytes_listed);
    let final_total = progress.listing_done.load(Ordering::Relaxed);
    let scanned = Progress::get(&progress.bytes_scanned);
    let left = if final_total && bytes > 0 && listed > bytes {
        let rate = bytes as f64 / seconds.max(0.001);
        format!(", {} left", duration((listed - bytes) as f64 / rate))
    } else {
        String::new()
    };
    format!(
        "{}/{}{} objects, {}, {}/s, {} found{left}",
        thousands(Progress::get(&progress.objects_done)),
        thousands(Progress::get(&progress.objects_listed)),
        if final_total { "" } else { "+" },
        size::show(bytes),
        size::show((scanned as f64 / seconds.max(0.001)) as u64),
        thousands(Progress::get(&progress.occurrences)),
    )
}
