//! Belgian national register numbers, also those of people who are not in the register (BIS).

use super::calendar::is_birth;
use super::digits::{exact, number};

/// Eleven digits: date of birth (the month plus 20 or 40 in BIS numbers), serial number 1 to 998,
/// and 97 less the remainder of what stands before by 97; with a 2 in front for those born since
/// 2000.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<11>(value) else {
        return false;
    };
    let (head, check) = (number(&digits[..9]), number(&digits[9..]));
    let two = |at: usize| number(&digits[at..at + 2]);
    let month = match two(2) {
        month @ 21..=32 => month - 20,
        month @ 41..=52 => month - 40,
        month => month,
    };
    (1..=998).contains(&(head % 1000))
        && [(1900, 0), (2000, 2_000_000_000)]
            .into_iter()
            .any(|(century, lead)| {
                is_birth(century + two(0), month, two(4)) && 97 - (head + lead) % 97 == check
            })
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &[
                "85.07.30-033.28",
                "85073003328",
                "17073003384",
                "12060105317",
            ],
            &["85073003329", "85133003328", "85073000028"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "85MMDD1##**", &[0, 1]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
