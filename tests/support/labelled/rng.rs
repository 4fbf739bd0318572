//! Numbers that look random and are the same on every machine: SplitMix64.

pub struct Rng(u64);

impl Rng {
    /// A sequence of its own for each name, so that one document does not change the next.
    pub fn named(name: &str) -> Self {
        // FNV-1a
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325, |h: u64, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        });
        Rng(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `low` up to but without `high`.
    pub fn range(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low)
    }

    /// True once in so many times.
    pub fn once_in(&mut self, n: u64) -> bool {
        self.next().is_multiple_of(n)
    }

    pub fn one<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.range(0, from.len() as u64) as usize]
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        *self.one(from)
    }

    pub fn digits(&mut self, n: usize) -> String {
        (0..n).map(|_| self.one_of("0123456789")).collect()
    }

    /// Digits of which the first is not 0.
    pub fn number(&mut self, n: usize) -> String {
        let first = self.one_of("123456789");
        format!("{first}{}", self.digits(n - 1))
    }

    pub fn one_of(&mut self, alphabet: &str) -> char {
        let all: Vec<char> = alphabet.chars().collect();
        self.pick(&all)
    }

    pub fn chars(&mut self, alphabet: &str, n: usize) -> String {
        (0..n).map(|_| self.one_of(alphabet)).collect()
    }

    pub fn letters(&mut self, n: usize) -> String {
        self.chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ", n)
    }

    pub fn hex(&mut self, n: usize) -> String {
        self.chars("0123456789abcdef", n)
    }

    pub fn base62(&mut self, n: usize) -> String {
        self.chars(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            n,
        )
    }

    pub fn uuid(&mut self) -> String {
        let variant = self.one_of("89ab");
        format!(
            "{}-{}-4{}-{variant}{}-{}",
            self.hex(8),
            self.hex(4),
            self.hex(3),
            self.hex(3),
            self.hex(12)
        )
    }
}
