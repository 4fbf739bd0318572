//! When two texts are the same to an allow list.
//!
//! Texts are compared by their Unicode case folding, the full one and without the rules of Turkic
//! languages: `ß`, `ẞ` and `ss` are equal, so are the three sigmas, and `ﬁ` and `fi`; `İ` equals `i`
//! with a dot above (U+0307) and not `i`; `ı` equals itself alone. Nothing else is evened out:
//! neither accents, nor how they are composed, nor punctuation, nor spaces, but that a line break
//! in the value counts as one space, as an entry cannot hold one.

/// What remains of white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spaces {
    /// All of it, a line break as one space.
    Exact,
    /// One space for each run, and none at the ends.
    Any,
}

/// Writes the folded text in place of what `out` held. Equal results mean equal texts.
pub fn fold_into(text: &str, spaces: Spaces, out: &mut String) {
    out.clear();
    // nearly all: printable ASCII
    if text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        out.push_str(text);
        out.make_ascii_lowercase();
    } else {
        fold_characters(text, out);
    }
    if spaces == Spaces::Any {
        squeeze(out);
    }
}

fn fold_characters(text: &str, out: &mut String) {
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' => {
                rest.next_if_eq(&'\n');
                out.push(' ');
            }
            '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push(' '),
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            // the one letter whose capital would make it another
            'ı' => out.push(c),
            c => {
                // to capitals, where ligatures and ß come apart, and back
                let upper = c.to_lowercase().flat_map(char::to_uppercase);
                out.extend(upper.flat_map(char::to_lowercase));
            }
        }
    }
}

/// Leaves one space of each run of white space, and none at the ends.
fn squeeze(text: &mut String) {
    let mut after_space = true;
    let mut squeezed = String::with_capacity(text.len());
    for c in text.chars() {
        match (c.is_whitespace(), after_space) {
            (true, true) => {}
            (true, false) => squeezed.push(' '),
            (false, _) => squeezed.push(c),
        }
        after_space = c.is_whitespace();
    }
    squeezed.truncate(squeezed.trim_end().len());
    *text = squeezed;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

    use super::*;

    fn fold(text: &str) -> String {
        let mut out = String::from("what was there");
        fold_into(text, Spaces::Exact, &mut out);
        out
    }

    fn loose(text: &str) -> String {
        let mut out = String::new();
        fold_into(text, Spaces::Any, &mut out);
        out
    }

    #[test]
    fn letters_that_differ_in_case_alone_are_equal() {
        for (a, b) in [
            ("Martha RIVERA", "martha rivera"),
            ("Groß", "GROSS"),
            ("Groß", "GROẞ"),
            ("ΟΔΟΣ", "οδος"),
            ("Οδός", "ΟΔΌΣ"),
            ("οδοσ", "οδος"),
            ("İzmir", "i\u{307}zmir"),
            ("ﬁnn", "FINN"),
            ("ŠIMŮNEK", "šimůnek"),
            ("\u{212a}elvin", "kelvin"),
            ("ǅ", "Ǆ"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
    }

    #[test]
    fn all_else_stays_apart() {
        for (a, b) in [
            ("İzmir", "izmir"),
            ("ısı", "isi"),
            ("Jose", "José"),
            ("Jos\u{e9}", "Jose\u{301}"),
            ("a b", "a  b"),
            ("a b", "ab"),
            ("a b", "a-b"),
            ("a b", "a\tb"),
            ("a b", "a\u{a0}b"),
            ("a b", " a b"),
        ] {
            assert_ne!(fold(a), fold(b), "{a:?} {b:?}");
        }
    }

    #[test]
    fn a_line_break_is_one_space() {
        for text in ["a\nb", "a\r\nb", "a\rb", "a\u{c}b", "a\u{2028}b"] {
            assert_eq!(fold(text), "a b", "{text:?}");
        }
        assert_eq!(fold("a\n\nb"), "a  b");
        assert_eq!(
            fold("a\n b"),
            "a  b",
            "literally: no other space is evened out"
        );
        assert_eq!(fold("a\n\rb"), "a  b");
    }

    #[test]
    fn white_space_is_evened_out_where_it_is_asked_for() {
        for text in ["a b", " a  b ", "a\t\u{a0}b", "a\r\n   b\n"] {
            assert_eq!(loose(text), "a b", "{text:?}");
        }
        assert_eq!(loose(" \n "), "");
        assert_ne!(loose("a b"), loose("ab"));
    }

    /// The table of simple foldings that the expressions use says nothing else.
    #[test]
    fn agrees_with_the_simple_folding_of_every_character() {
        for c in char::MIN..=char::MAX {
            let mut class = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
            class.try_case_fold_simple().expect("the tables are there");
            let own = fold(&c.to_string());
            for range in class.ranges() {
                for other in range.start()..=range.end() {
                    assert_eq!(fold(&other.to_string()), own, "{c:?} {other:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn the_short_way_says_the_same(text in "[ -~]*") {
            let mut slow = String::new();
            fold_characters(&text, &mut slow);
            prop_assert_eq!(fold(&text), slow);
        }

        #[test]
        fn folding_twice_changes_nothing(text in "\\PC*") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            let even = loose(&text);
            prop_assert_eq!(loose(&even), even.clone());
        }

        #[test]
        fn a_text_equals_its_capitals(text in "[a-zA-Zßäöüéñσςçøåæœﬁčł -]*") {
            prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
            prop_assert_eq!(fold(&text.to_lowercase()), fold(&text));
        }
    }
}
