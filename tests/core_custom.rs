//! Custom identifiers in the engine: Macie's rules, the same as each expression alone, the same
//! wherever the text is cut, and in bounded time.

use std::ops::{ControlFlow, Range};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use magpie::detect::custom::{self, Verdict};
use magpie::detect::{Catalogue, MissReason, Scanner, builtin_specs, dialect};
use magpie::model::text::{LOOKAHEAD_BYTES, LOOKBEHIND_BYTES, NoContext};
use magpie::model::{
    Block, Context, CustomIdentifier, Definition, Hit, RegexDefinition, Side, TextShape,
};
use proptest::prelude::*;

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/structure.rs"]
mod structure;

fn regex(regex: &str) -> RegexDefinition {
    RegexDefinition::new(regex)
}

fn near(expression: &str, keywords: &[&str], distance: u16) -> RegexDefinition {
    RegexDefinition {
        keywords: keywords.iter().map(|k| (*k).to_owned()).collect(),
        maximum_match_distance: distance,
        ..regex(expression)
    }
}

fn identifier(name: &str, definition: RegexDefinition) -> CustomIdentifier {
    CustomIdentifier {
        id: format!("0e8eb8a1-1a3a-49ad-992f-{:012x}", name.len()),
        name: name.to_owned(),
        description: String::new(),
        definition: Definition::Regex(definition),
        tags: Default::default(),
        created_at: Default::default(),
        deleted_at: None,
    }
}

/// A catalogue of these alone; their ids sort as they are given.
fn catalogue(definitions: &[RegexDefinition]) -> Arc<Catalogue> {
    let specs = definitions.iter().enumerate().map(|(i, definition)| {
        custom::spec_of(&identifier(&format!("own{i:03}"), definition.clone())).expect("a spec")
    });
    Arc::new(Catalogue::from_specs(specs.collect()).expect("compiles"))
}

fn scan(scanner: &mut Scanner, block: &Block<'_>, ctx: &mut dyn Context) -> Vec<Hit> {
    let mut hits = Vec::new();
    let _ = scanner.scan(block, ctx, &mut |hit| {
        hits.push(hit);
        ControlFlow::Continue(())
    });
    hits
}

fn whole(catalogue: &Arc<Catalogue>, text: &str, ctx: &mut dyn Context) -> Vec<Hit> {
    scan(
        &mut Scanner::new(Arc::clone(catalogue)),
        &Block::whole(text.as_bytes()),
        ctx,
    )
}

/// The values of one definition in a text.
fn values<'t>(definition: &RegexDefinition, text: &'t str) -> Vec<&'t str> {
    whole(
        &catalogue(std::slice::from_ref(definition)),
        text,
        &mut NoContext,
    )
    .into_iter()
    .map(|hit| &text[hit.range])
    .collect()
}

fn cut(catalogue: &Arc<Catalogue>, text: &str, cuts: &[usize], ctx: &mut dyn Context) -> Vec<Hit> {
    let text = text.as_bytes();
    let mut scanner = Scanner::new(Arc::clone(catalogue));
    let (mut hits, mut from) = (Vec::new(), 0);
    for &to in cuts.iter().chain([&text.len()]) {
        if to <= from {
            continue;
        }
        let start = from.saturating_sub(LOOKBEHIND_BYTES);
        let end = (to + LOOKAHEAD_BYTES).min(text.len());
        let block = Block {
            text: &text[start..end],
            own: from - start..to - start,
            start: start as u64,
            first: start == 0,
            last: end == text.len(),
        };
        hits.extend(scan(&mut scanner, &block, ctx).into_iter().map(|mut hit| {
            hit.range = hit.range.start + start..hit.range.end + start;
            hit
        }));
        from = to;
    }
    hits
}

#[test]
fn a_keyword_must_stand_before_near_enough_to_the_end() {
    let text = "employee 123456789012";
    // the distance counts to the end of the match: one blank and twelve digits
    assert_eq!(
        values(&near(r"\d{12}", &["employee"], 13), text),
        ["123456789012"]
    );
    assert_eq!(values(&near(r"\d{12}", &["employee"], 12), text), [""; 0]);
    let own = near(r"\d{6}", &["employee", "employee id"], 50);
    assert_eq!(values(&own, "EMPLOYEE 123456"), ["123456"]);
    assert_eq!(values(&own, "Employee-ID: 123456"), ["123456"]);
    assert_eq!(values(&own, "123456 employee"), [""; 0], "only before");
    assert_eq!(
        values(&own, "employees 123456, employe 123457"),
        [""; 0],
        "complete"
    );
    // characters, not bytes; lines do not part
    let far = format!("employee{}\n123456", "·".repeat(43));
    assert_eq!(values(&own, &far), ["123456"]);
    let farther = format!("employee{}\n123456", "·".repeat(44));
    assert_eq!(values(&own, &farther), [""; 0]);
    // any of several; one that overlaps the text itself does not count
    assert_eq!(
        values(&near("employee [0-9]+", &["employee"], 50), "employee 1"),
        [""; 0]
    );
    assert_eq!(
        values(
            &near("employee [0-9]+", &["employee"], 50),
            "employee employee 1"
        ),
        ["employee 1"]
    );
    let odd = near(r"\d{4}", &["№ 1", "ÉTÉ", "##:"], 10);
    assert_eq!(
        values(&odd, "№ 1 1234 été 2345 ##:3456"),
        ["1234", "2345", "3456"]
    );
    let long = "k".repeat(90);
    assert_eq!(
        values(&near("x{3}", &[&long], 4), &format!("{long} xxx")),
        ["xxx"]
    );
}

#[test]
fn ignore_words_drop_a_text_and_case_matters() {
    let own = RegexDefinition {
        ignore_words: vec!["TEST".to_owned(), "0000".to_owned()],
        ..regex(r"[A-Za-z]+-\d{4}")
    };
    let text = "TEST-1234 test-1234 XTESTX-1 LIVE-0000 LIVE-1000 ATESTB-1234";
    assert_eq!(values(&own, text), ["test-1234", "LIVE-1000"]);
}

#[test]
fn ends_are_those_of_the_file() {
    assert_eq!(values(&regex("^ab"), "ab\nab"), ["ab"]);
    assert_eq!(values(&regex("ab$"), "ab\nab"), ["ab"]);
    assert_eq!(values(&regex("ab$"), "ab\nab\n"), [""; 0]);
    // a block in the middle has no ends
    let catalogue = catalogue(&[regex("^ab"), regex("ab$"), regex(r"^\w+$")]);
    let text = "ab\n".repeat(5000) + "ab";
    let cuts: Vec<usize> = (1..300).map(|i| i * 50).collect();
    let ranges: Vec<Range<usize>> = cut(&catalogue, &text, &cuts, &mut NoContext)
        .into_iter()
        .map(|h| h.range)
        .collect();
    assert_eq!(ranges, [0..2, 15000..15002]);
}

#[test]
fn columns_and_paths_are_keywords() {
    let catalogue = catalogue(&[near(r"\d{6}", &["employee id"], 20)]);
    let csv = "name,EmployeeId,note\nx,123456,234567\ny,234561,employee id 345678\n";
    let found = |ctx: &mut dyn Context, text: &str| -> Vec<(String, Option<Side>)> {
        whole(&catalogue, text, ctx)
            .into_iter()
            .map(|h| (text[h.range].to_owned(), h.keyword.map(|k| k.side)))
            .collect()
    };
    assert_eq!(
        found(&mut structure::Table::new(csv), csv),
        [
            ("123456".to_owned(), Some(Side::Column)),
            ("234561".to_owned(), Some(Side::Column)),
            ("345678".to_owned(), Some(Side::Before)),
        ]
    );
    let json = "{\"employee_id\": {\"nr\": \"123456\"}, \"nr\": \"234567\", \"t\": \"employee id 345678\"}\n";
    assert_eq!(
        found(&mut structure::Json::new(json, TextShape::Records), json),
        [
            ("123456".to_owned(), Some(Side::Path)),
            ("345678".to_owned(), Some(Side::Before)),
        ]
    );
}

#[test]
fn a_value_lies_in_one_field() {
    let csv = "a,b\nx1,2y\nx1-2y,z\n";
    let catalogue = catalogue(&[regex(r"x\d[^a]+y"), regex(r"x\d\W?")]);
    let hits = whole(&catalogue, csv, &mut structure::Table::new(csv));
    let found: Vec<&str> = hits.iter().map(|h| &csv[h.range.clone()]).collect();
    assert_eq!(found, ["x1", "x1-2y", "x1-"]);
}

#[test]
fn custom_values_stand_beside_all_others() {
    let mut specs = builtin_specs().expect("load");
    for (name, definition) in [
        ("digits", regex(r"\d{3}-\d{2}")),
        ("line", regex("ssn .*")),
        ("same", regex(r"\d{3}-\d{2}-\d{4}")),
    ] {
        specs.push(custom::spec_of(&identifier(name, definition)).expect("a spec"));
    }
    let file = "id = 'FILE_FORM'\nkeywords = ['ssn']\n[[pattern]]\nregex = '\\d{3}-\\d{2}-\\d{4}'\n\
                anchor = 'number'\n";
    specs.push(custom::load("x.toml", file).expect("loads"));
    let catalogue = Arc::new(Catalogue::from_specs(specs).expect("compiles"));
    let text = "the ssn 536-90-4399\n";
    let hits = whole(&catalogue, text, &mut NoContext);
    let found: Vec<(&str, &str)> = hits
        .iter()
        .map(|h| {
            let detector = &catalogue.index().detectors[usize::from(h.detector)];
            (detector.id.as_str(), &text[h.range.clone()])
        })
        .collect();
    assert_eq!(
        found,
        [
            ("line", "ssn 536-90-4399"),
            ("FILE_FORM", "536-90-4399"),
            ("USA_SOCIAL_SECURITY_NUMBER", "536-90-4399"),
            ("digits", "536-90"),
            ("same", "536-90-4399"),
        ]
    );
}

#[test]
fn what_does_not_count_is_told_with_its_reason() {
    let own = RegexDefinition {
        ignore_words: vec!["999999".to_owned()],
        ..near(r"\d{6}", &["employee"], 10)
    };
    let catalogue = catalogue(&[own]);
    let text = "123456 employee 234567 ..... 345678 employee 999999";
    let block = Block::whole(text.as_bytes());
    let mut scanner = Scanner::new(Arc::clone(&catalogue));
    let judged: Vec<(usize, bool)> = scanner
        .judge(&block, &mut NoContext)
        .iter()
        .map(|j| (j.range.start, matches!(j.verdict, Verdict::Counts(_))))
        .collect();
    assert_eq!(judged, [(0, false), (16, true), (29, false), (45, false)]);
    let mut misses = Vec::new();
    let mut hits = 0;
    let _ = scanner.scan_explained(
        &block,
        &mut NoContext,
        &mut |_| {
            hits += 1;
            ControlFlow::Continue(())
        },
        &mut |miss| misses.push((miss.range.start, miss.reason)),
    );
    assert_eq!(hits, 1);
    assert_eq!(misses[0], (0, MissReason::KeywordMissing));
    assert_eq!(
        misses[1],
        (
            29,
            MissReason::CustomKeywordFar {
                keyword: 0,
                to_end: 20
            }
        )
    );
    assert_eq!(misses[2], (45, MissReason::IgnoreWord));
    assert_eq!(
        scan(&mut scanner, &block, &mut NoContext).len(),
        1,
        "and the scan is as before"
    );
}

#[test]
fn longest_values() {
    // bounded and unbounded expressions find what is as long as they may be, wherever it stands
    let most = custom::VALUE_BYTES_MAX;
    for before in [0, 1, custom::CHUNK_BYTES - 1, 300_000] {
        for expression in ["<(?s:.){3,}?>", "<[^>]*>", "(<)[a-z]+>"] {
            let value = format!("<{}>", "v".repeat(most - 2));
            let text = format!("{}{value} and <short>", ".".repeat(before));
            let found = values(&regex(expression), &text);
            assert_eq!(
                found,
                [value.as_str(), "<short>"],
                "{expression} after {before}"
            );
        }
    }
}

/// All the kinds of expressions: with texts and without, bounded and not, overlapping each other.
fn mixture() -> Vec<RegexDefinition> {
    let mut all: Vec<RegexDefinition> = [
        r"EMP-\d{3}",
        r"emp-?\d+",
        r"(?i)emp",
        r"[A-Z]{2}\d{2}",
        r"\d\d",
        r"aa",
        r"a+b",
        r"[a-z]+@ex",
        r"(ab|cd)+x?",
        r"\b\w{3}\b",
        r"x[^x]{0,9}x",
        r"-[0-9]",
        r"é.",
        r"EMP-\d+-EMP",
        r"(?s)b.{2}",
        r"^.{3}",
        r"\w+$",
    ]
    .iter()
    .map(|r| regex(r))
    .collect();
    all.push(near(r"\d{2}", &["emp", "id no"], 9));
    all.push(near(r"[a-z]{2}", &["x-é"], 6));
    all.push(RegexDefinition {
        ignore_words: vec!["1212".to_owned()],
        ..regex(r"\d{4,6}")
    });
    all
}

static MIXTURE: LazyLock<(Vec<RegexDefinition>, Arc<Catalogue>)> = LazyLock::new(|| {
    let definitions = mixture();
    let catalogue = catalogue(&definitions);
    (definitions, catalogue)
});

fn starts_word(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let here = text[at..].chars().next();
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    // a camelCase edge counts too
    !letter(before)
        || before.is_some_and(|c| c.is_ascii_lowercase())
            && here.is_some_and(|c| c.is_ascii_uppercase())
}

/// One expression run alone over the text, and Macie's rules spelt out.
fn alone(definition: &RegexDefinition, text: &str) -> Vec<Range<usize>> {
    let dialect = dialect::read(&definition.regex).expect("read");
    let expression = regex::bytes::Regex::new(&dialect.regex).expect("compiles");
    let keywords: Vec<regex::Regex> = definition
        .keywords
        .iter()
        .map(|k| {
            let k = regex::escape(k).replace(' ', "[ _-]?");
            regex::Regex::new(&format!("^(?i:{k})")).expect("a keyword")
        })
        .collect();
    let counts = |m: &Range<usize>| {
        let near = |keyword: &regex::Regex| {
            (m.start.saturating_sub(400)..m.start)
                .filter(|at| text.is_char_boundary(*at))
                .filter_map(|at| Some(at..at + keyword.find(&text[at..m.start])?.end()))
                .any(|k| {
                    let complete = starts_word(text, k.start)
                        && (text[k.end..].is_empty()
                            || !text[k.end..].starts_with(char::is_alphabetic)
                            || starts_word(text, k.end));
                    let far = text[k.end..].char_indices();
                    let far = far.take_while(|(i, _)| k.end + i < m.end).count();
                    complete && far <= usize::from(definition.maximum_match_distance)
                })
        };
        (keywords.is_empty() || keywords.iter().any(near))
            && !definition
                .ignore_words
                .iter()
                .any(|w| text[m.clone()].contains(w))
    };
    expression
        .find_iter(text.as_bytes())
        .map(|m| m.range())
        .filter(counts)
        .collect()
}

fn assert_as_alone(definitions: &[RegexDefinition], hits: &[Hit], text: &str) {
    for (i, definition) in definitions.iter().enumerate() {
        let got: Vec<Range<usize>> = hits
            .iter()
            .filter(|h| usize::from(h.detector) == i)
            .map(|h| h.range.clone())
            .collect();
        assert_eq!(
            got,
            alone(definition, text),
            "{} in {text:?}",
            definition.regex
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// All together find what each alone finds, wherever the text is cut.
    #[test]
    fn together_as_each_alone(
        parts in proptest::collection::vec(prop_oneof![
            Just("EMP-".to_owned()), Just("emp".to_owned()), Just("id no ".to_owned()),
            Just("aa".to_owned()), Just("ab".to_owned()), Just("cd".to_owned()), Just("x".to_owned()),
            Just("é".to_owned()), Just("@ex".to_owned()), Just("-".to_owned()), Just(" ".to_owned()),
            Just("1212".to_owned()), Just("\n".to_owned()), Just("x-é ".to_owned()),
            "[0-9]{1,7}", "[A-Z]{1,3}[0-9]{1,3}", "[a-e]{1,4}",
        ], 1..60),
        cuts in proptest::collection::vec(0usize..400, 0..5),
    ) {
        let text = parts.concat();
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|c| *c < text.len()).collect();
        cuts.sort_unstable();
        let (definitions, catalogue) = &*MIXTURE;
        let hits = whole(catalogue, &text, &mut NoContext);
        let place = |h: &Hit| (h.range.start, h.detector);
        let ascend = hits.windows(2).all(|p| place(&p[0]) < place(&p[1]));
        prop_assert!(ascend);
        assert_as_alone(definitions, &hits, &text);
        prop_assert_eq!(cut(catalogue, &text, &cuts, &mut NoContext), hits);
    }
}

#[test]
fn long_texts_may_be_cut_anywhere() {
    let (definitions, catalogue) = &*MIXTURE;
    let mut text = corpus::logs(40_000, 4, 7).text;
    text += &"EMP-123 emp-77 aaaaaaa aab someone@example.com abcdabx é1 ".repeat(500);
    text += &"a".repeat(3001);
    let expected = whole(catalogue, &text, &mut NoContext);
    assert!(expected.len() > 5000, "{}", expected.len());
    assert_as_alone(definitions, &expected, &text);
    for size in [97, 1000, 4096, 10_007, 100_000] {
        let cuts: Vec<usize> = (1..text.len() / size + 1).map(|i| i * size).collect();
        let got = cut(catalogue, &text, &cuts, &mut NoContext);
        assert!(
            got == expected,
            "blocks of {size}: {} hits, not {}",
            got.len(),
            expected.len()
        );
    }
    let csv = corpus::csv(30_000, 5).text;
    let json = corpus::json_lines(30_000, 6).text;
    let mut table = structure::Table::new(&csv);
    let mut records = structure::Json::new(&json, TextShape::Records);
    let mut payload = structure::Json::new(&json, TextShape::Plain);
    let cases: [(&str, &mut dyn Context); 3] = [
        (&csv, &mut table),
        (&json, &mut records),
        (&json, &mut payload),
    ];
    for (text, ctx) in cases {
        let expected = whole(catalogue, text, ctx);
        assert!(expected.len() > 500);
        for size in [101, 5000] {
            let cuts: Vec<usize> = (1..text.len() / size + 1).map(|i| i * size).collect();
            assert!(
                cut(catalogue, text, &cuts, ctx) == expected,
                "blocks of {size}"
            );
        }
    }
}

#[test]
fn a_member_begins_anew() {
    let catalogue = catalogue(&[regex("aa")]);
    let mut scanner = Scanner::new(catalogue);
    let block = Block::whole(b"aaa");
    for _ in 0..3 {
        scanner.begin_member();
        assert_eq!(scan(&mut scanner, &block, &mut NoContext).len(), 1);
    }
}

fn resident_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("statm");
    let pages: u64 = statm
        .split(' ')
        .nth(1)
        .expect("resident")
        .parse()
        .expect("a number");
    pages * 4096
}

/// Expressions that are slow elsewhere, over texts made for them: at worst, what is looked at for
/// each byte is bounded.
#[test]
fn hostile_expressions_end_in_time_and_memory() {
    let before = resident_bytes();
    for (expression, unit) in [
        (r"(a|aa)+$", "a"),
        (r"(a+)+b", "a"),
        (r"([a-zA-Z]+)*1", "aB"),
        (r"(a|a)*c", "a"),
        (r"(.*)(.*)=x", "= "),
        (r"(\w+\s?)+$", "word "),
        (r"x.{0,500}y", "x"),
        (r"[^,]{1,512},", "é"),
        (r"(?i)(e.{0,200}m.{0,200}p){1,2}!", "emp"),
        (r"\pL{20,}", "ß"),
        (r"[\s\S]+z", "y\n"),
        (r"(x+x+)+y", "x"),
        (r"[a-z]+.*?1|[a-z]", "a"),
        (r"-\d", "-1"),
    ] {
        let catalogue = catalogue(&[near(expression, &["word"], 300), regex(expression)]);
        let text = unit.repeat((64 << 10) / unit.len());
        let mut scanner = Scanner::new(catalogue);
        let start = Instant::now();
        scan(&mut scanner, &Block::whole(text.as_bytes()), &mut NoContext);
        let took = start.elapsed();
        assert!(
            took < Duration::from_secs(30),
            "{expression}: {took:?} for 64 KiB"
        );
    }
    // thirty of the largest at once
    let many: Vec<RegexDefinition> = (0..30)
        .map(|i| {
            regex(&format!(
                r"(?i)[a-z]{{1,200}}\w.{{0,200}}{}",
                char::from(b'a' + i % 26)
            ))
        })
        .collect();
    let catalogue = catalogue(&many);
    let text = corpus::logs(20_000, 4, 7).text;
    whole(&catalogue, &text, &mut NoContext);
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < 256 << 20, "{grown} bytes");
}
