//! Gzip by hand: single bytes in the fixed code of RFC 1951, so that the bytes of the set never
//! depend on the version of a library.

pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, &b| {
        (0..8).fold(crc ^ u32::from(b), |c, _| match c & 1 {
            0 => c >> 1,
            _ => (c >> 1) ^ 0xedb8_8320,
        })
    })
}

struct Bits {
    out: Vec<u8>,
    used: u32,
}

impl Bits {
    fn bit(&mut self, bit: u32) {
        if self.used == 0 {
            self.out.push(0);
        }
        if let Some(last) = self.out.last_mut() {
            *last |= (bit as u8) << self.used;
        }
        self.used = (self.used + 1) % 8;
    }

    /// A code of the tree, highest bit first.
    fn code(&mut self, code: u32, bits: u32) {
        (0..bits).rev().for_each(|i| self.bit(code >> i & 1));
    }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut bits = Bits {
        out: vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255],
        used: 0,
    };
    // the last block, fixed codes
    bits.bit(1);
    bits.bit(1);
    bits.bit(0);
    for &byte in bytes {
        match u32::from(byte) {
            low @ 0..144 => bits.code(0x30 + low, 8),
            high => bits.code(0x190 + high - 144, 9),
        }
    }
    bits.code(0, 7);
    let mut out = bits.out;
    out.extend(crc32(bytes).to_le_bytes());
    out.extend((bytes.len() as u32).to_le_bytes());
    out
}

pub fn base64(bytes: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for part in bytes.chunks(3) {
        let word = part
            .iter()
            .chain([0, 0].iter())
            .take(3)
            .fold(0u32, |w, &b| w << 8 | u32::from(b));
        for i in 0..4 {
            match i <= part.len() {
                true => out.push(alphabet[(word >> (18 - 6 * i) & 63) as usize] as char),
                false => out.push('='),
            }
        }
    }
    out
}
