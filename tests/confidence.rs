//! The confidence of occurrences puts them in order: of those it is surer of, more are right.

use std::ops::ControlFlow;
use std::sync::Arc;

use magpie::detect::{Catalogue, Include, Scanner, Selection};
use magpie::model::Block;
use magpie::model::text::NoContext;

/// The next of a row of numbers that look drawn.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }

    fn ssn(&mut self) -> String {
        let area = 100 + self.below(500);
        let (group, serial) = (10 + self.below(90), 1000 + self.below(9000));
        format!("{area}{group}{serial}")
    }

    /// A card number with its check digit (ISO/IEC 7812-1, annex B).
    fn card(&mut self) -> String {
        let body = format!("4{}", self.digits(14));
        let sum: u32 = body
            .bytes()
            .rev()
            .enumerate()
            .map(|(i, b)| {
                let digit = u32::from(b & 0x0F);
                match (i % 2, digit) {
                    (0, 5..) => digit * 2 - 9,
                    (0, _) => digit * 2,
                    _ => digit,
                }
            })
            .sum();
        format!("{body}{}", (10 - sum % 10) % 10)
    }
}

/// Lines, each with whether a value in it is right.
fn labelled() -> Vec<(String, bool)> {
    let mut draw = Draw(11);
    let mut lines = Vec::new();
    for _ in 0..300 {
        lines.push((format!("ssn: {}", draw.ssn()), true));
        lines.push((format!("customer ssn={} ok", draw.ssn()), true));
        lines.push((format!("card number {}", draw.card()), true));
        lines.push((format!("card of this customer: {}", draw.card()), true));
        lines.push((format!("{} is her ssn", draw.ssn()), true));
        lines.push((format!("paid with {}", draw.card()), true));
        lines.push((
            format!("the ssn that she told us then {}", draw.ssn()),
            true,
        ));
        // near misses: no check, or a check passed by chance, and a keyword of something else
        lines.push((
            format!("the ssn table now grew to {} rows", draw.digits(9)),
            false,
        ));
        lines.push((format!("found {} of them by ssn", draw.digits(9)), false));
        lines.push((
            format!("card readers sold in all: {}", draw.digits(16)),
            false,
        ));
    }
    // one drawn number in a hundred passes for a card
    for _ in 0..20_000 {
        lines.push((format!("reference {}", draw.digits(16)), false));
    }
    lines
}

#[test]
fn surer_is_righter() {
    let ids = [
        "USA_SOCIAL_SECURITY_NUMBER",
        "CREDIT_CARD_NUMBER",
        "CREDIT_CARD_NUMBER_(NO_KEYWORD)",
    ];
    let selection = Selection {
        include: Include::Ids(ids.map(str::to_owned).to_vec()),
        ..Selection::default()
    };
    let catalogue = Arc::new(Catalogue::builtin_with(&selection).expect("detector files load"));
    let mut scanner = Scanner::new(catalogue);
    let mut found: Vec<(f32, bool)> = Vec::new();
    for (line, right) in labelled() {
        let block = Block::whole(line.as_bytes());
        let _ = scanner.scan(&block, &mut NoContext, &mut |hit| {
            found.push((hit.confidence, right));
            ControlFlow::Continue(())
        });
    }
    let precision = |from: f32, to: f32| {
        let bin: Vec<bool> = found
            .iter()
            .filter(|(c, _)| (from..to).contains(c))
            .map(|(_, right)| *right)
            .collect();
        assert!(bin.len() >= 100, "{from} to {to}: {} found", bin.len());
        bin.iter().filter(|r| **r).count() as f32 / bin.len() as f32
    };
    let (low, middle, high) = (
        precision(0.0, 0.75),
        precision(0.75, 0.95),
        precision(0.95, 1.0),
    );
    assert!(low < middle && middle < high, "{low} {middle} {high}");
    assert!(high > 0.99, "{high}");
}
