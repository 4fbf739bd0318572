use super::*;
use proptest::prelude::*;

fn swept(level: Level, text: &[u8], from: usize, to: usize) -> Anchors {
    swept_without(Omit::default(), level, text, from, to)
}

fn swept_without(omit: Omit, level: Level, text: &[u8], from: usize, to: usize) -> Anchors {
    let mut anchors = Anchors::default();
    anchors.begin(text, from);
    anchors.sweep(level, text, to, omit);
    anchors
}

fn all_words(anchors: &Anchors) -> Vec<u32> {
    let mut words = [anchors.words.as_slice(), &anchors.odd_words].concat();
    words.sort_unstable();
    words
}

fn words(text: &str) -> Vec<u32> {
    all_words(&swept(Level::Scalar, text.as_bytes(), 0, text.len()))
}

fn list(bits: &Bits) -> Vec<u32> {
    bits.within(0..usize::MAX).collect()
}

#[test]
fn words_start_at_edges_of_every_kind() {
    assert_eq!(words("ssn customerSSN ss_n 1ssn"), [0, 4, 12, 16, 19, 22]);
    assert_eq!(words("SSNNumber"), [0, 3]);
    assert_eq!(words(r"\nssn"), [1, 2]);
    assert_eq!(words("é"), [0]);
    assert_eq!(words("fé"), [0]);
}

#[test]
fn runs_of_digits_have_their_starts_and_bits() {
    let text = b"12 a345b7 678 \\n9 9a";
    let anchors = swept(Level::Scalar, text, 0, text.len());
    assert_eq!(anchors.numbers, [0, 10, 16, 18]);
    assert_eq!(list(&anchors.starts), anchors.numbers);
    assert_eq!(list(&anchors.tokens), [4, 16]);
    assert_eq!(anchors.digits.from(10), 0b1_0100_0111);
    let part = swept(Level::Scalar, text, 1, 11);
    assert_eq!(part.numbers, [10]);
    assert_eq!(part.digits.from(10), 0b1_0100_0111);
    assert_eq!(list(&swept(Level::Scalar, text, 4, 11).tokens), [4]);
    assert!(list(&swept(Level::Scalar, text, 5, 11).tokens).is_empty());
}

#[test]
fn what_is_of_no_use_is_omitted() {
    let text = b"1 22 333 44., (55 +666 a7b c8 d";
    let swept = |omit| swept_without(omit, Level::Scalar, text, 0, text.len());
    let none = Omit::default();
    assert_eq!(swept(none).numbers, [0, 2, 5, 9, 15, 19]);
    let two = Omit {
        two_digits: true,
        ..none
    };
    assert_eq!(swept(two).numbers, [0, 5, 15, 19]);
    let both = Omit {
        three_digits: true,
        ..two
    };
    assert_eq!(swept(both).numbers, [0, 15, 19]);
    assert_eq!(list(&swept(both).starts), [0, 2, 5, 9, 15, 19]);
    assert_eq!(swept(none).odd_words, [23, 25, 27, 30]);
    let letter = Omit {
        letter_digit: true,
        ..none
    };
    assert_eq!(swept(letter).odd_words, [25, 27, 30]);
    let text = b"1.5 2a 3B 756.1234 784-19 2024-05-01 2024-123 2024-";
    let all = Omit {
        one_digit: true,
        year: true,
        ..both
    };
    let numbers = swept_without(all, Level::Scalar, text, 0, text.len()).numbers;
    // 5, 3B, 756, 1234, 2024, 123 before four digits, 2024
    assert_eq!(numbers, [2, 7, 10, 14, 37, 42, 46]);
}

#[test]
fn bits_of_a_range_are_its_own() {
    let text: Vec<u8> = (0..300u32)
        .map(|i| if i % 3 == 0 { b'7' } else { b' ' })
        .collect();
    let anchors = swept(Level::Scalar, &text, 10, text.len());
    for from in 0..text.len() {
        for to in from..text.len() + 70 {
            let expected: Vec<u32> = (from as u32..to.min(300) as u32)
                .filter(|i| *i >= 10 && i % 3 == 0)
                .collect();
            let got: Vec<u32> = anchors.starts.within(from..to).collect();
            assert_eq!(got, expected, "{from}..{to}");
        }
    }
}

#[test]
fn capitals_and_signs_are_listed() {
    let text = "Ab aB Éa éÉ a@b{c\\nXy".as_bytes();
    let anchors = swept(Level::Scalar, text, 0, text.len());
    assert_eq!(anchors.caps, [0, 6, 10, 22]);
    assert_eq!(anchors.ats, [16]);
    assert_eq!(anchors.braces, [18]);
}

proptest! {
    #[test]
    fn all_levels_find_the_same_anchors(
        text in proptest::collection::vec(
            prop_oneof![
                any::<u8>(), Just(b'\\'), Just(b'n'), Just(b'('), Just(b'.'), Just(b'-'), b'0'..=b'9', b'0'..=b'9', b'A'..=b'Z', b'a'..=b'z'
            ], 0..400),
        from in 0usize..400,
        to in 0usize..400,
    ) {
        let expected = swept(Level::Scalar, &text, from, to);
        for &level in Level::all() {
            prop_assert_eq!(&swept(level, &text, from, to), &expected);
        }
        for omit in 0..32 {
            let omit = Omit {
                one_digit: omit & 1 != 0,
                two_digits: omit & 2 != 0,
                three_digits: omit & 4 != 0,
                year: omit & 8 != 0,
                letter_digit: omit & 16 != 0,
            };
            let less = swept_without(omit, Level::best(), &text, from, to);
            prop_assert_eq!(&less.starts, &expected.starts);
            let words: Vec<u32> = all_words(&expected).into_iter().filter(|&at| {
                let next = text.get(at as usize + 1).is_some_and(u8::is_ascii_digit);
                let third = text.get(at as usize + 2).is_some_and(u8::is_ascii_alphanumeric);
                let letter = text[at as usize].is_ascii_alphabetic();
                !(omit.letter_digit && next && third && letter)
            }).collect();
            prop_assert_eq!(all_words(&less), words);
            let numbers: Vec<u32> = expected.numbers.iter().copied().filter(|&at| {
                let rest = &text[at as usize..];
                let run = rest.iter().take_while(|b| b.is_ascii_digit()).count();
                let led = at > 0 && text[at as usize - 1] & 0xFC == b'('
                    || at > 1 && text[at as usize - 2].is_ascii_uppercase()
                    || rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count() >= 16;
                let digits = |from: usize| {
                    rest.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count()
                };
                let after = rest.get(run);
                led || !match run {
                    1 => omit.one_digit && after.is_some_and(|b| *b == b'.' || b.is_ascii_lowercase()),
                    2 => omit.two_digits,
                    3 => omit.three_digits && digits(4) < 4,
                    4 => omit.year && after == Some(&b'-') && (1..=2).contains(&digits(5)),
                    _ => false,
                }
            }).collect();
            prop_assert_eq!(&less.numbers, &numbers);
        }
    }

    #[test]
    fn a_text_swept_in_parts_has_the_same_anchors(
        text in "[a-zA-Z0-9 (@{\\\\\u{e9}_-]{0,900}",
        from in 0usize..100,
        parts in proptest::collection::vec(1usize..4, 1..8),
    ) {
        let text = text.as_bytes();
        let whole = swept(Level::best(), text, from, text.len());
        let mut anchors = Anchors::default();
        anchors.begin(text, from);
        let mut to = from;
        for strides in parts {
            to += strides * STRIDE;
            anchors.sweep(Level::best(), text, to, Omit::default());
        }
        anchors.sweep(Level::best(), text, text.len(), Omit::default());
        prop_assert_eq!(anchors, whole);
    }

    #[test]
    fn words_with_three_small_letters_behind_are_plain(text in "[a-dA-D0-9 \\\\_\u{e9}]{0,200}") {
        let text = text.as_bytes();
        let anchors = swept(Level::best(), text, 0, text.len());
        for &at in &anchors.words {
            let at = at as usize;
            prop_assert!(text[at + 1..at + 4].iter().all(u8::is_ascii_lowercase));
        }
        for &at in &anchors.odd_words {
            let three = text.get(at as usize + 1..at as usize + 4);
            prop_assert!(!three.is_some_and(|t| t.iter().all(u8::is_ascii_lowercase)));
        }
    }

    #[test]
    fn capitals_are_those_that_names_are_looked_for_at(text in "[a-zA-Z0-9 éÉ“_-]{0,200}") {
        let text = text.as_bytes();
        let all = swept(Level::best(), text, 0, text.len());
        prop_assert_eq!(all.caps, crate::detect::name::capital_starts(text, 0..text.len()));
    }

    #[test]
    fn a_part_has_the_anchors_of_the_whole(
        text in "[a-zA-Z0-9 @{\\\\é_-]{0,300}",
        from in 0usize..300,
        to in 0usize..300,
    ) {
        let text = text.as_bytes();
        let (from, to) = (from.min(text.len()), to.min(text.len()));
        let whole = swept(Level::best(), text, 0, text.len());
        let part = swept(Level::best(), text, from, to);
        let within = |list: &[u32]| -> Vec<u32> {
            list.iter().copied().filter(|&p| (from..to).contains(&(p as usize))).collect()
        };
        prop_assert_eq!(within(&whole.words), part.words);
        prop_assert_eq!(within(&whole.odd_words), part.odd_words);
        prop_assert_eq!(within(&whole.numbers), part.numbers);
        prop_assert_eq!(within(&list(&whole.starts)), list(&part.starts));
        prop_assert_eq!(within(&whole.caps), part.caps);
        prop_assert_eq!(within(&list(&whole.tokens)), list(&part.tokens));
    }
}
