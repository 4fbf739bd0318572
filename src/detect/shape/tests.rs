//! Tests of the shapes.

use super::*;

fn shapes(patterns: &[(&str, bool)]) -> Shapes {
    let nfas: Vec<NFA> = patterns
        .iter()
        .map(|(p, _)| NFA::new(p).expect("compiles"))
        .collect();
    Shapes::new(nfas.iter().enumerate().map(|(i, nfa)| Shaped {
        pattern: i as u16,
        nfa,
        token: patterns[i].1,
        needs_keyword: true,
        edges: true,
    }))
}

fn of(shapes: &Shapes, text: &str) -> Vec<(u16, u8)> {
    let bytes = text.as_bytes();
    let at = bytes.iter().position(u8::is_ascii_digit).expect("a digit");
    let lead = Lead::before(bytes, at);
    let run = bytes[at..]
        .iter()
        .take_while(|b| b.is_ascii_digit())
        .count();
    let sign = bytes.get(at + run).map_or(15, |b| SIGN[*b as usize]);
    let next = bytes
        .get(at + run + 1..)
        .unwrap_or_default()
        .iter()
        .take_while(|b| b.is_ascii_digit())
        .count();
    shapes.groups[shapes.number(lead, run, sign, next) as usize]
        .keyed
        .iter()
        .map(|e| (e.pattern, e.back))
        .collect()
}

#[test]
fn numbers_are_told_apart_by_their_heads() {
    let shapes = shapes(&[
        (r"[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{9}", false),
        (r"\+?1?\(?[0-9]{3}\)? ?[0-9]{3}-[0-9]{4}", false),
        (r"[0-9]{13,19}", false),
    ]);
    assert_eq!(of(&shapes, "536-90-4399"), [(0, 0)]);
    assert_eq!(of(&shapes, "536904399"), [(0, 0)]);
    assert_eq!(of(&shapes, "536904399.5"), [(0, 0)]);
    assert_eq!(of(&shapes, "53690439"), []);
    assert_eq!(of(&shapes, "536-9-4399"), []);
    assert_eq!(of(&shapes, "2015-10-18"), []);
    assert_eq!(of(&shapes, "(415) 555-0100"), [(1, 0), (1, 1)]);
    assert_eq!(of(&shapes, "415 555-0100"), [(1, 0)]);
    assert_eq!(of(&shapes, "+1(415) 555-0100"), [(1, 0), (1, 1)]);
    assert_eq!(of(&shapes, "4111111111111111"), [(2, 0)]);
    assert_eq!(of(&shapes, "41111111111111111111"), []);
}

#[test]
fn tokens_begin_with_letters_or_digits() {
    let shapes = shapes(&[
        (r"DE[0-9]{2} ?[0-9]{4}", true),
        (r"[A-Z]{2} ?[0-9]{2} ?[0-9]{2}", true),
        (r"[0-9]{8}[A-Z]", true),
    ]);
    let group = |letters, sign, next| -> Vec<u16> {
        shapes.groups[shapes.token(letters, sign, next) as usize]
            .keyed
            .iter()
            .map(|e| e.pattern)
            .collect()
    };
    assert_eq!(group(2, None, 2), [0, 1]);
    assert_eq!(group(2, None, 6), [0]);
    assert_eq!(group(2, Some(SIGN[b' ' as usize]), 2), [1]);
    assert_eq!(group(3, None, 2), [0u16; 0]);
    assert_eq!(shapes.letters_max(None, 2), 2);
    assert_eq!(shapes.letters_max(None, 3), 0);
    assert_eq!(of(&shapes, "12345678Z"), [(2, 0)]);
}
