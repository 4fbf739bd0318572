//! Polish numbers in the register of the economy (REGON).

use super::digits::{Digits, all_same, weighted};

const NINE: [u8; 8] = [8, 9, 2, 3, 4, 5, 6, 7];
const FOURTEEN: [u8; 13] = [2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8];

/// Nine digits, or fourteen of a branch, which begin with the nine of the whole. The last is the
/// remainder of the others by 11, 0 for 10.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    let holds = |part: &[u8], weights: &[u8]| {
        let sum = weighted(part, weights);
        part.last()
            .is_some_and(|last| sum % 11 % 10 == u32::from(*last))
    };
    !all_same(all)
        && match all.len() {
            9 => holds(all, &NINE),
            14 => holds(&all[..9], &NINE) && holds(all, &FOURTEEN),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["192598184", "123456785", "12345678512347"],
            &["192598183", "000000000", "12345678512348", "12345678612347"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
