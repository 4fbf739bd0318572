//! Promise P6: the memory that recording and reading take does not grow with the occurrences.
//!
//! `MAGPIE_OCCURRENCES=10000000` for more of them, under the same ceiling.

#![cfg(target_os = "linux")]

mod store_support;

use std::ops::ControlFlow;

use magpie::model::RecordBuilder;
use magpie::store::{ChunkPacker, Commit, ObjectWrite, Store};
use store_support::{SSN, catalogue, container, in_line, job_id, meta, new_job, now, outcome};

const OCCURRENCES: u64 = 2_000_000;
const BYTES_MAX: u64 = 48 << 20;

fn occurrences() -> u64 {
    let more = std::env::var("MAGPIE_OCCURRENCES");
    more.map_or(OCCURRENCES, |n| n.parse().expect("a number"))
}

/// Most memory this process ever had, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("status");
    let line = status
        .lines()
        .find(|l| l.starts_with("VmHWM:"))
        .expect("VmHWM");
    let kib: u64 = line
        .split_whitespace()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .expect("a number");
    kib << 10
}

#[test]
fn one_object_with_millions_of_occurrences_needs_little_memory() {
    let occurrences = occurrences();
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let mut run = store
        .begin(new_job(&["s3://b"]), |_| Vec::new())
        .expect("begin");
    let catalogue = catalogue();
    let plain = container(&[]);
    let ticket = run.tickets().next();
    let mut packer = ChunkPacker::new();
    let mut builder = RecordBuilder::new();
    let mut chunks = Vec::new();
    for line in 0..occurrences {
        let mut occurrence = in_line(SSN, &plain, line);
        occurrence.fingerprint = line.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        builder.push(&occurrence);
        chunks.extend(packer.push(&occurrence, &catalogue));
        if chunks.len() == 16 {
            let staged = vec![(ticket, std::mem::take(&mut chunks))];
            run.commit(Commit {
                staged,
                ..Commit::default()
            })
            .expect("stage");
        }
    }
    chunks.extend(packer.finish());
    let record = builder.finish(0, meta("big", 1), outcome("text/plain", 1));
    assert_eq!(record.occurrences(), occurrences);
    let object = ObjectWrite {
        ticket,
        record,
        chunks,
        finding: None,
        result: None,
        recorded_at: now(),
    };
    run.commit(Commit {
        objects: vec![object],
        ..Commit::default()
    })
    .expect("commit");
    let mut lines = 0;
    store
        .reader()
        .expect("reader")
        .for_each_occurrence(&job_id(), |_, view| {
            assert_eq!(view.place.line, lines);
            lines += 1;
            ControlFlow::Continue(())
        })
        .expect("read");
    assert_eq!(lines, occurrences);
    println!("{occurrences} occurrences: peak {} KiB", peak() >> 10);
    assert!(peak() < BYTES_MAX, "{} bytes", peak());
}
