//! Generated log text with planted values: the same for the same seed, on any machine.

use std::fmt::Write;

/// A small generator of pseudo-random numbers (SplitMix64).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// A Social Security number of an area, group and serial that were issued.
pub fn ssn(numbers: &mut Numbers) -> String {
    format!(
        "{}-{:02}-{:04}",
        100 + numbers.below(500),
        1 + numbers.below(99),
        1 + numbers.below(9998)
    )
}

/// At least `bytes` of log lines in export form; one in `every` holds a Social Security number.
/// Gives the text and how many were planted.
pub fn log_text(seed: u64, bytes: usize, every: u64) -> (String, u64) {
    let mut n = Numbers(seed);
    let mut text = String::with_capacity(bytes + 256);
    let (mut planted, mut ms) = (0, 0);
    while text.len() < bytes {
        ms += n.below(900);
        let (s, rest) = (ms / 1000, ms % 1000);
        let _ = write!(
            text,
            "2024-05-{:02}T{:02}:{:02}:{:02}.{rest:03}Z ",
            1 + s / 86400 % 28,
            s / 3600 % 24,
            s / 60 % 60,
            s % 60
        );
        if n.below(every) == 0 {
            planted += 1;
            let _ = writeln!(text, "worker accepted application ssn={}", ssn(&mut n));
        } else {
            let _ = match n.below(3) {
                0 => writeln!(
                    text,
                    "GET /v1/items/{} 200 {} {}ms 10.0.{}.{}",
                    n.below(1 << 40),
                    n.below(90_000),
                    n.below(900),
                    n.below(255),
                    n.below(255)
                ),
                1 => writeln!(
                    text,
                    "{{\"level\":\"info\",\"trace\":\"{:016x}{:016x}\",\"items\":{},\"ratio\":0.{}}}",
                    n.next(),
                    n.next(),
                    n.below(1000),
                    n.below(1_000_000)
                ),
                _ => writeln!(
                    text,
                    "cache: evicted {} entries of shard {}",
                    n.below(500),
                    n.below(64)
                ),
            };
        }
    }
    (text, planted)
}
