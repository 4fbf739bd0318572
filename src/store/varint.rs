//! Numbers of variable length, as chunks hold them: LEB128, differences in zigzag.

/// Appends an unsigned number in 1 to 10 bytes.
pub(super) fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Longest number, in bytes.
const NUMBER_BYTES_MAX: usize = 10;
const SPACE_BYTES: usize = 512;

/// Numbers and bytes one after the other. They are put together in a small space, where a byte
/// costs less than at the end of a vector, and go on from there many at a time.
#[derive(Debug)]
pub(super) struct Joined {
    all: Vec<u8>,
    space: [u8; SPACE_BYTES],
    used: usize,
}

impl Default for Joined {
    fn default() -> Self {
        Joined {
            all: Vec::new(),
            space: [0; SPACE_BYTES],
            used: 0,
        }
    }
}

impl Joined {
    pub(super) fn len(&self) -> usize {
        self.all.len() + self.used
    }

    fn flush(&mut self) {
        self.all.extend_from_slice(&self.space[..self.used]);
        self.used = 0;
    }

    /// Moves all to the end of `out`.
    pub(super) fn append_to(&mut self, out: &mut Vec<u8>) {
        self.flush();
        out.append(&mut self.all);
    }

    /// Appends an unsigned number, as [`put`].
    #[inline]
    pub(super) fn put(&mut self, mut number: u64) {
        if self.used > SPACE_BYTES - NUMBER_BYTES_MAX {
            self.flush();
        }
        let mut at = self.used;
        while number >= 0x80 {
            self.space[at] = number as u8 | 0x80;
            number >>= 7;
            at += 1;
        }
        self.space[at] = number as u8;
        self.used = at + 1;
    }

    /// Appends `number` as its difference to `base`; any two numbers will do.
    #[inline]
    pub(super) fn put_signed(&mut self, number: u64, base: u64) {
        let difference = number.wrapping_sub(base) as i64;
        self.put(((difference << 1) ^ (difference >> 63)) as u64);
    }

    #[inline]
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        if bytes.len() > SPACE_BYTES - self.used {
            self.flush();
        }
        match self.space[self.used..].get_mut(..bytes.len()) {
            Some(space) => {
                space.copy_from_slice(bytes);
                self.used += bytes.len();
            }
            None => self.all.extend_from_slice(bytes),
        }
    }
}

/// Reads numbers and bytes from the front of a slice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.bytes.split_at_checked(count)?;
        self.bytes = tail;
        Some(head)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for at in 0..10 {
            let (&byte, tail) = self.bytes.split_first()?;
            self.bytes = tail;
            let part = u64::from(byte & 0x7f);
            if at == 9 && part > 1 {
                return None;
            }
            number |= part << (7 * at);
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    pub(super) fn signed(&mut self, base: u64) -> Option<u64> {
        let zigzag = self.number()?;
        let difference = (zigzag >> 1) ^ (zigzag & 1).wrapping_neg();
        Some(base.wrapping_add(difference))
    }

    /// A number that counts things of at least one byte each, so that a broken count cannot make
    /// anyone reserve memory.
    pub(super) fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.bytes.len()).then_some(count)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        let length = self.count()?;
        std::str::from_utf8(self.take(length)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_number_reads_back(number: u64, base: u64) {
            let mut joined = Joined::default();
            joined.put(number);
            joined.put_signed(number, base);
            let mut out = Vec::new();
            joined.append_to(&mut out);
            let mut reader = Reader::new(&out);
            prop_assert_eq!(reader.number(), Some(number));
            prop_assert_eq!(reader.signed(base), Some(number));
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn what_is_joined_comes_out_in_order(parts: Vec<(Vec<u8>, u64, usize)>) {
            let (mut joined, mut expected) = (Joined::default(), Vec::new());
            for (bytes, number, times) in parts {
                let bytes = bytes.repeat(times % 9);
                joined.bytes(&bytes);
                joined.put(number);
                expected.extend_from_slice(&bytes);
                put(&mut expected, number);
                prop_assert_eq!(joined.len(), expected.len());
            }
            let mut out = Vec::new();
            joined.append_to(&mut out);
            prop_assert_eq!((out, joined.len()), (expected, 0));
        }

        #[test]
        fn broken_bytes_are_told(bytes: Vec<u8>) {
            let mut reader = Reader::new(&bytes);
            while reader.number().is_some() {}
            let mut reader = Reader::new(&bytes);
            while reader.text().is_some() {}
        }
    }

    #[test]
    fn a_number_of_more_than_64_bits_is_refused() {
        let mut bytes = vec![0xff; 9];
        bytes.push(0x02);
        assert_eq!(Reader::new(&bytes).number(), None);
        bytes[9] = 0x01;
        assert_eq!(Reader::new(&bytes).number(), Some(u64::MAX));
    }
}
