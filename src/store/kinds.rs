//! Kinds of rows: what the rows of a chunk have in common, each kind written once.
//!
//! A row of a column, or of a path, differs from the one before in its place, mask and fingerprint
//! only. All the rest is its kind.

use crate::model::word::word;

/// Words of a key.
const WORDS: usize = 9;

/// All that makes a kind, in words that are compared at once.
pub(super) type Key = [u64; WORDS];

/// Slots of the table: a power of two, and more than twice the kinds that a chunk can hold, each of
/// which takes the bytes of a row at least.
const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 13;
/// Fewest bytes of a row and of its kind.
const BYTES_MIN: usize = 15 + 8;
const _: () = assert!(2 * super::pack::CHUNK_BYTES_MAX / BYTES_MIN < SLOTS);

/// Bytes of a mask that the next one of its kind may share.
pub(super) const SHARED_BYTES_MAX: usize = 24;

/// The start of the mask of the last row of a kind.
#[derive(Clone, Copy, Default)]
struct Mask {
    words: [u64; SHARED_BYTES_MAX / 8],
    len: usize,
}

struct Kind {
    key: Key,
    slot: u16,
    mask: Mask,
}

/// The kinds of the chunk that is being packed.
pub(super) struct Kinds {
    /// 1 more than the number of a kind; 0 for none.
    slots: Vec<u16>,
    kinds: Vec<Kind>,
    /// The kind found last.
    last: usize,
}

impl Default for Kinds {
    fn default() -> Self {
        Kinds {
            slots: vec![0; SLOTS],
            kinds: Vec::new(),
            last: 0,
        }
    }
}

/// Where a key is looked for first.
fn slot(key: &Key) -> usize {
    // odd numbers without a pattern
    const SPREAD: Key = [
        0x9e37_79b9_7f4a_7c15,
        0xd6e8_feb8_6659_fd93,
        0xbf58_476d_1ce4_e5b9,
        0x94d0_49bb_1331_11eb,
        0xc2b2_ae3d_27d4_eb4f,
        0x1656_67b1_9e37_79f9,
        0x8525_3d1d_9e37_79b1,
        0xa076_1d64_78bd_642f,
        0xe703_7ed1_a0b4_28db,
    ];
    let mut sum = 0u64;
    for (word, by) in key.iter().zip(SPREAD) {
        sum = sum.wrapping_add((word ^ word >> 29).wrapping_mul(by));
    }
    ((sum ^ sum >> 32).wrapping_mul(SPREAD[0]) >> (u64::BITS - SLOT_BITS)) as usize
}

impl Kinds {
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    #[inline]
    pub(super) fn find(&mut self, key: &Key) -> Option<usize> {
        if self.kinds.get(self.last).is_some_and(|k| k.key == *key) {
            return Some(self.last);
        }
        let mut slot = slot(key);
        loop {
            let number = usize::from(self.slots[slot]).checked_sub(1)?;
            if self.kinds[number].key == *key {
                self.last = number;
                return Some(number);
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// Adds a kind that is not there; its number.
    pub(super) fn add(&mut self, key: Key) -> usize {
        let mut slot = slot(&key);
        while self.slots[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        self.kinds.push(Kind {
            key,
            slot: slot as u16,
            mask: Mask::default(),
        });
        self.slots[slot] = self.kinds.len() as u16;
        self.kinds.len() - 1
    }

    /// How many bytes the mask begins with as the last one of the kind did; and remembers it.
    #[inline]
    pub(super) fn shared(&mut self, kind: usize, masked: &[u8]) -> usize {
        let last = &mut self.kinds[kind].mask;
        let words = [0, 8, 16].map(|at| word(masked, at));
        let len = masked.len().min(SHARED_BYTES_MAX);
        let mut shared = 0;
        for (a, b) in words.iter().zip(&last.words) {
            let same = (a ^ b).trailing_zeros() as usize / 8;
            shared += same;
            if same < 8 {
                break;
            }
        }
        let shared = shared.min(len).min(last.len);
        *last = Mask { words, len };
        shared
    }

    pub(super) fn clear(&mut self) {
        for kind in self.kinds.drain(..) {
            self.slots[usize::from(kind.slot)] = 0;
        }
    }
}

/// How many bytes two texts begin with alike.
pub(super) fn same(a: &[u8], b: &[u8]) -> usize {
    let (a8, _) = a.as_chunks::<8>();
    let (b8, _) = b.as_chunks::<8>();
    let mut at = 0;
    for (a, b) in a8.iter().zip(b8) {
        let differ = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if differ != 0 {
            return at + (differ.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = a[at..].iter().zip(&b[at..]);
    at + rest.take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found_again_until_they_are_cleared() {
        let mut kinds = Kinds::default();
        for round in 0..2u64 {
            for i in 0..2_000u64 {
                let key = [i % 40, i / 40, 0, round, 0, 0, i, 0, 0];
                assert_eq!(kinds.find(&key), None);
                assert_eq!(kinds.add(key) as u64, i);
            }
            for i in 0..2_000u64 {
                let key = [i % 40, i / 40, 0, round, 0, 0, i, 0, 0];
                assert_eq!(kinds.find(&key), Some(i as usize));
            }
            kinds.clear();
            assert!(kinds.slots.iter().all(|&slot| slot == 0));
        }
    }

    #[test]
    fn what_texts_share_is_counted() {
        let text = b"2024-05-01T12:00:00.123Z and more";
        for len in 0..text.len() {
            let mut other = text[..len].to_vec();
            assert_eq!(same(text, &other), len);
            other.push(b'~');
            assert_eq!(same(&other, text), len);
        }
        let mut kinds = Kinds::default();
        let kind = kinds.add([0; WORDS]);
        assert_eq!(kinds.shared(kind, b"***-**-4399"), 0);
        assert_eq!(kinds.shared(kind, b"***-**-4401"), 8);
        assert_eq!(kinds.shared(kind, b"***"), 3);
        assert_eq!(kinds.shared(kind, b"***-"), 3);
        assert_eq!(kinds.shared(kind, &[b'*'; 90]), 3);
        assert_eq!(kinds.shared(kind, &[b'*'; 90]), SHARED_BYTES_MAX);
    }
}
