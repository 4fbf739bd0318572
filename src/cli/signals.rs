//! Ctrl-C and SIGTERM: the first asks the run to pause and keep its progress, a second Ctrl-C
//! cancels the job.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::exit::Exit;
use crate::job::Stop;

/// Which signal came first, if any.
#[derive(Clone, Debug, Default)]
pub struct Caught(Arc<AtomicU8>);

const INTERRUPT: u8 = 1;
const TERMINATE: u8 = 2;

impl Caught {
    /// The exit status that tells of the signal.
    pub fn exit(&self) -> Option<Exit> {
        match self.0.load(Ordering::Relaxed) {
            INTERRUPT => Some(Exit::Interrupted),
            TERMINATE => Some(Exit::Terminated),
            _ => None,
        }
    }

    fn first(&self, signal: u8) {
        let _ = self
            .0
            .compare_exchange(0, signal, Ordering::Relaxed, Ordering::Relaxed);
    }
}

/// Listens on the runtime until the process ends.
///
/// `kept`: what was read so far is kept and the same command goes on from it. `cancels`: a second
/// Ctrl-C cancels the job for good.
pub fn listen(
    runtime: &tokio::runtime::Handle,
    stop: Stop,
    quiet: bool,
    kept: bool,
    cancels: bool,
) -> Caught {
    let tell = move |more: &str| {
        let progress = match kept {
            true => "progress is kept, run the same command again to continue",
            false => "standard input cannot be continued, run the command anew",
        };
        if !quiet {
            eprintln!("magpie: stopping; {progress}{more}");
        }
    };
    let caught = Caught::default();
    let mine = caught.clone();
    runtime.spawn(async move {
        #[cfg(unix)]
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
        let mut interrupts = 0;
        loop {
            #[cfg(unix)]
            let term = async {
                match terminate.as_mut() {
                    Some(signal) => signal.recv().await,
                    None => std::future::pending().await,
                }
            };
            #[cfg(not(unix))]
            let term = std::future::pending::<Option<()>>();
            tokio::select! {
                result = tokio::signal::ctrl_c() => {
                    if result.is_err() {
                        return;
                    }
                    mine.first(INTERRUPT);
                    interrupts += 1;
                    if interrupts == 1 {
                        stop.pause();
                        tell(match cancels {
                            true => " (Ctrl-C again cancels the job)",
                            false => "",
                        });
                    } else if cancels {
                        stop.cancel();
                    }
                }
                _ = term => {
                    mine.first(TERMINATE);
                    stop.pause();
                    tell("");
                }
            }
        }
    });
    caught
}
