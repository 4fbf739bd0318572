//! Any bytes: containers, types, encodings.
#![no_main]

mod check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    check::same_every_way("x", bytes);
});
