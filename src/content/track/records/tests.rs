//! What is told of listed lines is what the cursor tells of them.

use proptest::prelude::*;

use super::*;
use crate::content::encoding::Unit;
use crate::model::text::VisitName;

const DEPTH_MAX: usize = 4;

/// All that is told of an offset.
type Told = (Option<(Field, Vec<String>)>, Place);

fn tracker() -> RecordsTracker {
    RecordsTracker::new(Lines::new(Unit::Utf8, 0, Some(7)), true, DEPTH_MAX)
}

fn told(tracker: &mut RecordsTracker, block: &Block<'_>, at: usize) -> Told {
    let field = tracker.field_at(block, at).map(|field| {
        let mut names = Vec::new();
        tracker.field_names(&mut |name| names.push(name.to_owned()));
        (field, names)
    });
    let end = (at + 1).min(block.text.len());
    (field, tracker.place(block, at..end))
}

fn line() -> impl Strategy<Value = String> {
    let whole = prop_oneof![
        Just("{\"a\":{\"b\":\"v\"},\"c\":[1,{\"d\":\"e\\\"f\"},[]],\"g\":-2.5e3}".to_owned()),
        Just("{\"b\":\"one\",\"a\":\"two\",\"a\":true}".to_owned()),
        Just("  {\"Records\":[{\"n\":\"é\\\\\"}]} ".to_owned()),
        Just("[\"x\",{\"a long name of more than eight\":null}]".to_owned()),
        Just("{\"a\":[[[[1]]]]}".to_owned()),
        Just("{}{\"a\":\"\"}".to_owned()),
        Just(String::new()),
    ];
    let token = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        " ",
        "\"",
        "\"a\"",
        "\"b\":",
        "{\"a\":",
        "12",
        "true",
        "\\",
        "#",
        "\"x\\\"y\"",
        "é",
        "\r",
        "\t",
    ]);
    let any = prop::collection::vec(token, 0..12).prop_map(|tokens| tokens.concat());
    prop_oneof![3 => whole, 1 => any]
}

proptest! {
    #[test]
    fn listed_lines_are_told_as_the_cursor_tells_them(
        lines in prop::collection::vec(line(), 0..8),
        ends: bool,
        cut: prop::sample::Index,
        kept: prop::sample::Index,
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
    ) {
        let mut text = lines.join("\n");
        if ends {
            text.push('\n');
        }
        let text = text.as_bytes();
        let (mut listing, mut plain) = (tracker(), tracker());
        let end = cut.index(text.len() + 1);
        let upto = kept.index(end + 1);
        let blocks = [(0, upto, end), (upto, text.len(), text.len())];
        for (start, upto, end) in blocks {
            let block = Block {
                text: &text[start..end],
                own: 0..end - start,
                start: start as u64,
                first: start == 0,
                last: end == text.len(),
            };
            if !block.text.is_empty() {
                // nothing is listed where that is said to be done
                plain.listed = true;
                let every = 0..block.text.len();
                let some = order.iter().map(|at| at.index(block.text.len()));
                for at in some.chain(every) {
                    let expected = told(&mut plain, &block, at);
                    prop_assert_eq!(told(&mut listing, &block, at), expected, "{}", start + at);
                }
            }
            listing.retire(&block, upto - start);
            plain.retire(&block, upto - start);
        }
        let reason = |tracker: &RecordsTracker| tracker.lacking().map(|fault| fault.detail);
        prop_assert_eq!(reason(&listing), reason(&plain));
    }

    #[test]
    fn values_under_wanted_names_are_visited(lines in prop::collection::vec(line(), 0..8)) {
        let text = lines.join("\n");
        let block = Block::whole(text.as_bytes());
        let mut tracker = tracker();
        let mut visited: Vec<Range<usize>> = Vec::new();
        let mut wanted = |_: u64, names: &dyn Fn(VisitName<'_>)| {
            let mut any = false;
            names(&mut |name| any |= name == "a");
            any
        };
        prop_assert!(tracker.values(&block, &mut wanted, &mut |_, range| visited.push(range)));
        for at in 0..text.len() {
            let Some(field) = tracker.field_at(&block, at) else {
                continue;
            };
            let mut under = false;
            tracker.field_names(&mut |name| under |= name == "a");
            let inside = field.value.contains(&at) && !field.is_name;
            if under && inside {
                prop_assert!(visited.iter().any(|range| range.contains(&at)), "{}", at);
            }
        }
    }
}
