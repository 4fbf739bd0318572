//! Marked-up text, keys and mail: the first byte chooses the name.
#![no_main]

mod check;

const NAMES: &[&str] = &["x.html", "x.xml", "x.eml", "x.mbox", "x.yaml", "x.ini", "x.log"];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some((first, rest)) = bytes.split_first() {
        check::same_every_way(NAMES[usize::from(*first) % NAMES.len()], rest);
    }
});
