//! What every check of a number is tested for.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

/// The check passes what is valid and refuses what is not.
pub fn vectors(passes: fn(&[u8]) -> bool, valid: &[&str], invalid: &[&str]) {
    for value in valid {
        assert!(passes(value.as_bytes()), "refuses {value:?}");
    }
    for value in invalid.iter().chain(&["", "0", "A", "-"]) {
        assert!(!passes(value.as_bytes()), "passes {value:?}");
    }
}

/// The check bears whatever bytes it is given.
pub fn bears_any_bytes(passes: fn(&[u8]) -> bool) {
    let bytes = prop::collection::vec(any::<u8>(), 0..60);
    let digits = prop::collection::vec(b'0'..=b'9', 0..45);
    runner()
        .run(&prop_oneof![bytes, digits], |value| {
            passes(&value);
            Ok(())
        })
        .expect("no panic");
}

/// In every valid value of a form, any other digit in the place of one is refused.
///
/// `form`: `#` stands for any digit; `Y`, `M` and `D` for those of a year (of the 20th century),
/// month and day; `*` for digits, and `?` for one letter or digit, that make the value pass; all
/// else for itself. `kept`: places whose change the algorithm need not notice.
pub fn refuses_another_digit(passes: fn(&[u8]) -> bool, form: &str, kept: &[usize]) {
    let any_digit = prop::collection::vec(b'0'..=b'9', form.len());
    let date = (10u8..99, 1u8..=12, 1u8..=28);
    let valid = std::cell::Cell::new(0);
    let strategy = (any_digit, date);
    runner()
        .run(&strategy, |(mut value, (year, month, day))| {
            let (mut years, mut months, mut days) = (two(year), two(month), two(day));
            for (at, b) in form.bytes().enumerate() {
                match b {
                    b'#' | b'*' | b'?' => {}
                    b'Y' => value[at] = years.next().expect("two digits"),
                    b'M' => value[at] = months.next().expect("two digits"),
                    b'D' => value[at] = days.next().expect("two digits"),
                    other => value[at] = other,
                }
            }
            if !solve(passes, form, &mut value) {
                return Ok(());
            }
            valid.set(valid.get() + 1);
            for at in 0..value.len() {
                if !value[at].is_ascii_digit() || kept.contains(&at) {
                    continue;
                }
                let held = value[at];
                for other in (b'0'..=b'9').filter(|d| *d != held) {
                    value[at] = other;
                    prop_assert!(
                        !passes(&value),
                        "passes {} with another digit at {at}",
                        String::from_utf8_lossy(&value)
                    );
                }
                value[at] = held;
            }
            Ok(())
        })
        .expect("refused");
    let valid = valid.get();
    assert!(valid > 20, "only {valid} values of {form} are valid");
}

/// The runner writes nothing: a failure is told in full.
fn runner() -> TestRunner {
    TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })
}

fn two(number: u8) -> std::array::IntoIter<u8, 2> {
    [b'0' + number / 10, b'0' + number % 10].into_iter()
}

/// Fills in what is to make the value pass.
fn solve(passes: fn(&[u8]) -> bool, form: &str, value: &mut [u8]) -> bool {
    let open: Vec<usize> = (0..form.len())
        .filter(|&i| matches!(form.as_bytes()[i], b'*' | b'?'))
        .collect();
    let letters: Vec<u8> = (b'0'..=b'9').chain(b'A'..=b'Z').collect();
    let choices = |at: usize| {
        if form.as_bytes()[at] == b'?' {
            letters.as_slice()
        } else {
            &letters[..10]
        }
    };
    let count: usize = open.iter().map(|&at| choices(at).len()).product();
    (0..count).any(|mut number| {
        for &at in &open {
            let choices = choices(at);
            value[at] = choices[number % choices.len()];
            number /= choices.len();
        }
        passes(value)
    })
}
