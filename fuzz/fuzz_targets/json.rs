//! JSON, as documents and as lines.
#![no_main]

mod check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    check::same_every_way("x.json", bytes);
    check::same_every_way("x.jsonl", bytes);
});
