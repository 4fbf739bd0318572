//! Keyed fingerprints of values: equal values of an identifier have equal ones within a state folder.

use crate::model::word::word;
use crate::model::{CatalogueIndex, Secret};

/// The secret that keys fingerprints, one a state folder.
#[derive(Clone, Copy)]
pub struct FingerprintKey(pub [u8; 16]);

impl FingerprintKey {
    /// SipHash-2-4 of the identifier's id, a zero byte and the value. For many values there is
    /// [`Fingerprints`].
    pub fn of(self, detector_id: &str, value: Secret<'_>) -> u64 {
        let mut sip = self.after(detector_id);
        sip.write(value.expose());
        sip.finish()
    }

    fn after(self, detector_id: &str) -> Sip {
        let mut sip = Sip::new(self);
        sip.write(detector_id.as_bytes());
        sip.write(&[0]);
        sip
    }
}

/// Makes the fingerprints of [`FingerprintKey::of`]; the part of an id is hashed once for all its
/// values.
pub struct Fingerprints {
    by_detector: Vec<Sip>,
}

impl Fingerprints {
    pub fn new(key: FingerprintKey, index: &CatalogueIndex) -> Self {
        let ids = index.detectors.iter();
        Fingerprints {
            by_detector: ids.map(|info| key.after(&info.id)).collect(),
        }
    }

    /// The fingerprint of a value of a detector of the index; `None` for no such detector.
    #[inline]
    pub fn of(&self, detector: u16, value: Secret<'_>) -> Option<u64> {
        let mut sip = *self.by_detector.get(usize::from(detector))?;
        sip.write(value.expose());
        Some(sip.finish())
    }
}

/// SipHash-2-4 on its way.
///
/// Source: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", 2012.
#[derive(Clone, Copy)]
struct Sip {
    state: [u64; 4],
    /// Bytes that fill no word yet, the first lowest, and how many.
    tail: u64,
    tail_bytes: u32,
    length: u64,
}

impl Sip {
    fn new(FingerprintKey(key): FingerprintKey) -> Self {
        let key = u128::from_le_bytes(key);
        let (low, high) = (key as u64, (key >> 64) as u64);
        Sip {
            state: [
                low ^ 0x736f_6d65_7073_6575,
                high ^ 0x646f_7261_6e64_6f6d,
                low ^ 0x6c79_6765_6e65_7261,
                high ^ 0x7465_6462_7974_6573,
            ],
            tail: 0,
            tail_bytes: 0,
            length: 0,
        }
    }

    #[inline(always)]
    fn round(&mut self) {
        let [a, b, c, d] = &mut self.state;
        *a = a.wrapping_add(*b);
        *c = c.wrapping_add(*d);
        *b = b.rotate_left(13) ^ *a;
        *d = d.rotate_left(16) ^ *c;
        *a = a.rotate_left(32);
        *c = c.wrapping_add(*b);
        *a = a.wrapping_add(*d);
        *b = b.rotate_left(17) ^ *c;
        *d = d.rotate_left(21) ^ *a;
        *c = c.rotate_left(32);
    }

    #[inline(always)]
    fn word(&mut self, word: u64) {
        self.state[3] ^= word;
        self.round();
        self.round();
        self.state[0] ^= word;
    }

    /// Takes the next `bytes` of a word, the others being 0.
    #[inline(always)]
    fn part(&mut self, part: u64, bytes: u32) {
        let joined = self.tail | part << (8 * self.tail_bytes);
        let all = self.tail_bytes + bytes;
        if all < 8 {
            (self.tail, self.tail_bytes) = (joined, all);
            return;
        }
        self.word(joined);
        // nothing is left over of a word where none was
        self.tail = part.checked_shr(64 - 8 * self.tail_bytes).unwrap_or(0);
        self.tail_bytes = all - 8;
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        self.length = self.length.wrapping_add(bytes.len() as u64);
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.part(u64::from_le_bytes(*word), 8);
        }
        self.part(word(bytes, bytes.len() - rest.len()), rest.len() as u32);
    }

    #[inline]
    fn finish(mut self) -> u64 {
        self.word(self.length << 56 | self.tail);
        self.state[2] ^= 0xff;
        for _ in 0..4 {
            self.round();
        }
        let [a, b, c, d] = self.state;
        a ^ b ^ c ^ d
    }
}

#[cfg(test)]
mod tests {
    use std::hash::Hasher;

    use siphasher::sip::SipHasher24;

    use super::*;

    #[test]
    fn equals_the_published_function_however_it_is_fed() {
        let key = FingerprintKey(*b"0123456789abcdef");
        let text: Vec<u8> = (0..=255).cycle().skip(91).take(300).collect();
        for id_len in 0..40 {
            for len in (0..40).chain(290..300 - id_len.min(10)) {
                let (id, value) = text.split_at(id_len);
                let value = &value[..len.min(value.len())];
                let mut sip = Sip::new(key);
                sip.write(id);
                sip.write(value);
                let mut hasher = SipHasher24::new_with_key(&key.0);
                hasher.write(id);
                hasher.write(value);
                assert_eq!(sip.finish(), hasher.finish(), "{id_len} {len}");
            }
        }
    }
}
