//! New Zealand inland revenue numbers (IRD).

use super::digits::{Digits, weighted};

/// Eight or nine digits, from 10,000,000 to 150,000,000; the last is 11 less the remainder of the
/// others by 11; where that is 10, with other weights; where it is 10 again, none is given out.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let (mut nine, all) = ([0; 9], digits.as_slice());
    let issued = digits
        .number(0..all.len())
        .is_some_and(|number| (10_000_000..=150_000_000).contains(&number));
    if !issued || all.len() > 9 {
        return false;
    }
    nine[9 - all.len()..].copy_from_slice(all);
    let check = |weights: &[u8; 8]| (11 - weighted(&nine, weights) % 11) % 11;
    let check = match check(&[3, 2, 7, 6, 5, 4, 3, 2]) {
        10 => check(&[7, 4, 3, 2, 5, 2, 7, 6]),
        check => check,
    };
    check == u32::from(nine[8])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["49-091-850", "136-410-132", "49098576", "136410132"],
            &["136410133", "9125568", "150000001", "4909185", "0136410132"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
