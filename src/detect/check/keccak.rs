//! Keccak-256, as Ethereum has it: the sponge of FIPS 202 with the padding of the original
//! submission.

/// Bytes taken in at a time.
const RATE: usize = 136;
const ROUNDS: usize = 24;
const ROTATIONS: [u32; 24] = [
    1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
];
const LANES: [usize; 24] = [
    10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
];

/// The hash of a text of fewer than 136 bytes; longer ones have none here.
pub fn keccak256(text: &[u8]) -> Option<[u8; 32]> {
    let mut block = [0u8; RATE];
    block.get_mut(..text.len())?.copy_from_slice(text);
    *block.get_mut(text.len())? ^= 0x01;
    block[RATE - 1] ^= 0x80;
    let mut state = [0u64; 25];
    for (lane, bytes) in state.iter_mut().zip(block.as_chunks::<8>().0) {
        *lane = u64::from_le_bytes(*bytes);
    }
    permute(&mut state);
    let mut hash = [0; 32];
    for (out, lane) in hash.as_chunks_mut::<8>().0.iter_mut().zip(state) {
        *out = lane.to_le_bytes();
    }
    Some(hash)
}

fn permute(a: &mut [u64; 25]) {
    // the constants of the rounds come from a shift register: FIPS 202, algorithm 5
    let mut register = 1u8;
    for _ in 0..ROUNDS {
        let mut c = [0u64; 5];
        for x in 0..5 {
            c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        }
        for x in 0..5 {
            let d = c[(x + 4) % 5] ^ c[(x + 1) % 5].rotate_left(1);
            for y in (0..25).step_by(5) {
                a[y + x] ^= d;
            }
        }
        let mut held = a[1];
        for (lane, rotation) in LANES.into_iter().zip(ROTATIONS) {
            held = std::mem::replace(&mut a[lane], held.rotate_left(rotation));
        }
        for y in (0..25).step_by(5) {
            let row: [u64; 5] = std::array::from_fn(|x| a[y + x]);
            for x in 0..5 {
                a[y + x] = row[x] ^ !row[(x + 1) % 5] & row[(x + 2) % 5];
            }
        }
        for bit in [0, 1, 3, 7, 15, 31, 63] {
            a[0] ^= u64::from(register & 1) << bit;
            register = register << 1 ^ if register & 0x80 != 0 { 0x71 } else { 0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> String {
        let hash = keccak256(text.as_bytes()).expect("short");
        hash.iter().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn vectors() {
        // of the submission, and of the Ethereum yellow paper's test suite
        assert_eq!(
            hex(""),
            "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
        );
        assert_eq!(
            hex("abc"),
            "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
        );
        assert_eq!(keccak256(&[0; RATE]), None);
    }
}
