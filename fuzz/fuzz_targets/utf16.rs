//! UTF-16 in both orders.
#![no_main]

mod check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for mark in [b"\xff\xfe", b"\xfe\xff"] {
        check::same_every_way("x.csv", &[mark.as_slice(), bytes].concat());
    }
});
