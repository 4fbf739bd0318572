//! A reader that breaks off when the run is asked to stop, also while it waits: Ctrl-C must end a
//! scan of a pipe that nobody writes to, and of an archive whose members are all skipped.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use super::stop::Stop;

/// Bytes read ahead at once from a stream that may wait.
const CHUNK_BYTES: usize = 64 << 10;
/// Chunks read ahead.
const CHUNKS_MAX: usize = 2;
/// Time between two looks at the switch while the stream waits.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Tells whether a reader was broken off: what was read until then is no outcome.
#[derive(Clone, Debug, Default)]
pub struct BrokenOff(Arc<AtomicBool>);

impl BrokenOff {
    pub fn is_so(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn error(&self) -> io::Error {
        self.0.store(true, Ordering::Relaxed);
        io::Error::other("the run is stopping")
    }
}

/// Wraps a reader. `waits`: its reads may wait for ever, so that they are left to a thread, which
/// is let go with the process.
pub fn stoppable(
    reader: Box<dyn Read + Send>,
    waits: bool,
    stop: &Stop,
) -> (Box<dyn Read + Send>, BrokenOff) {
    let broken = BrokenOff::default();
    let checked = Checked {
        reader: if waits {
            pumped(reader, stop, &broken)
        } else {
            reader
        },
        stop: stop.clone(),
        broken: broken.clone(),
    };
    (Box::new(checked), broken)
}

/// Looks at the switch before each read.
struct Checked {
    reader: Box<dyn Read + Send>,
    stop: Stop,
    broken: BrokenOff,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.stopping() {
            return Err(self.broken.error());
        }
        self.reader.read(buffer)
    }
}

fn pumped(
    mut reader: Box<dyn Read + Send>,
    stop: &Stop,
    broken: &BrokenOff,
) -> Box<dyn Read + Send> {
    let (sender, chunks) = sync_channel(CHUNKS_MAX);
    let spawned = std::thread::Builder::new()
        .name("stdin".to_owned())
        .spawn(move || pump(&mut reader, &sender));
    if let Err(error) = spawned {
        return Box::new(Failed(Some(error)));
    }
    Box::new(Pumped {
        chunks,
        chunk: Vec::new(),
        at: 0,
        ended: false,
        stop: stop.clone(),
        broken: broken.clone(),
    })
}

/// Reads until the end, an error, or nobody wants more. An empty chunk is the end.
fn pump(reader: &mut dyn Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut chunk = vec![0; CHUNK_BYTES];
        let read = match reader.read(&mut chunk) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            read => read,
        };
        let over = !matches!(read, Ok(1..));
        let sent = sender.send(read.map(|n| {
            chunk.truncate(n);
            chunk
        }));
        if over || sent.is_err() {
            return;
        }
    }
}

struct Pumped {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: Vec<u8>,
    at: usize,
    ended: bool,
    stop: Stop,
    broken: BrokenOff,
}

impl Read for Pumped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.chunk.len() {
            if self.ended || buffer.is_empty() {
                return Ok(0);
            }
            match self.chunks.recv_timeout(LOOK_AGAIN) {
                Ok(chunk) => {
                    self.chunk = chunk?;
                    self.at = 0;
                    self.ended = self.chunk.is_empty();
                }
                Err(RecvTimeoutError::Timeout) if self.stop.stopping() => {
                    return Err(self.broken.error());
                }
                Err(RecvTimeoutError::Timeout) => {}
                // the end is told by an empty chunk: without it, the thread was lost
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(io::Error::other("the reading thread ended unexpectedly"));
                }
            }
        }
        let n = buffer.len().min(self.chunk.len() - self.at);
        buffer[..n].copy_from_slice(&self.chunk[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

/// A thread could not be had.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        let gone = || io::Error::other("the reading thread could not be started");
        Err(self.0.take().unwrap_or_else(gone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives some bytes at a time, then an error if there is one.
    struct Slow(Vec<u8>, Option<io::Error>);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return self.1.take().map_or(Ok(0), Err);
            }
            let n = self.0.len().min(buffer.len()).min(7001);
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0.drain(..n);
            Ok(n)
        }
    }

    #[test]
    fn every_byte_arrives_and_the_end_is_the_end() {
        let text: Vec<u8> = (0..300_000u32).flat_map(u32::to_le_bytes).collect();
        for waits in [false, true] {
            let stop = Stop::new();
            let (mut reader, broken) = stoppable(Box::new(Slow(text.clone(), None)), waits, &stop);
            let mut read = Vec::new();
            reader.read_to_end(&mut read).unwrap();
            assert!(read == text);
            assert_eq!(reader.read(&mut [0; 8]).unwrap(), 0, "and stays so");
            assert!(!broken.is_so());
        }
    }

    #[test]
    fn errors_arrive_as_they_are() {
        for waits in [false, true] {
            let failed = io::Error::new(io::ErrorKind::TimedOut, "too late");
            let slow = Slow(vec![1; 10], Some(failed));
            let (mut reader, broken) = stoppable(Box::new(slow), waits, &Stop::new());
            let mut read = Vec::new();
            let error = reader.read_to_end(&mut read).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
            assert_eq!((read.len(), broken.is_so()), (10, false));
        }
    }

    #[test]
    fn a_reader_that_waits_is_left() {
        let (waiting, _kept_open) = std::io::pipe().unwrap();
        let stop = Stop::new();
        let (mut reader, broken) = stoppable(Box::new(waiting), true, &stop);
        let later = stop.clone();
        let asked = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(30));
            later.pause();
        });
        assert!(reader.read(&mut [0; 8]).is_err());
        assert!(broken.is_so());
        asked.join().unwrap();
    }
}
