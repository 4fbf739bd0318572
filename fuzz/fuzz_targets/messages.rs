//! Log events inside JSON.
#![no_main]

mod check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let start = br#"{"messageType":"DATA_MESSAGE","logGroup":"g","logStream":"s","logEvents":["#;
    check::same_every_way("x", &[start, bytes].concat());
});
