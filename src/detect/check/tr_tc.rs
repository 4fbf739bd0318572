//! Turkish identity numbers (T.C. kimlik).

use super::digits::exact;

/// Eleven digits, the first not 0: the tenth is seven times the sum of the first five at odd places
/// less that of the four at even ones, the last the sum of the ten, both by 10.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<11>(value) else {
        return false;
    };
    let sum = |from: usize, step: usize, to: usize| -> u32 {
        digits[from..to]
            .iter()
            .step_by(step)
            .map(|d| u32::from(*d))
            .sum()
    };
    // 90 keeps the difference above zero
    let tenth = (sum(0, 2, 9) * 7 + 90 - sum(1, 2, 9)) % 10;
    digits[0] != 0 && tenth == u32::from(digits[9]) && sum(0, 1, 10) % 10 == u32::from(digits[10])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["17291716060", "10000000146"],
            &["17291716050", "17291716061", "07291716060", "1729171606"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "1########**", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
