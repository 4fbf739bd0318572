//! What a detector file gives, and what is said of a bad one.

use super::*;

const GOOD: &str = r#"
id          = "TEST_NUMBER"
category    = "FINANCIAL_INFORMATION"
kind        = "Test number"
countries   = ["US"]
description = "A number for tests."
references  = ["none"]
severity    = ["Low", "Medium", "High"]
origin      = "magpie"
mask        = "last4"
keywords    = ["number"]

[[pattern]]
regex   = '[0-9]{9}'
anchor  = "number"
keyword = "required"
edge    = "number"
checks  = ["luhn"]

[[positive]]
text  = "number 123456782"
match = "123456782"
why   = "plain"

[[negative]]
text = "123456782"
why  = "no keyword"
"#;

const TABLE: &str = r#"
category    = "FINANCIAL_INFORMATION"
kind        = "International Bank Account Number (IBAN)"
description = "Bank account number of {country}."
references  = ["ISO 13616-1"]
severity    = ["High", "High", "High"]
mask        = "last4"

[[country]]
id        = "MALTA_BANK_ACCOUNT_NUMBER"
code      = "MT"
name      = "Malta"
structure = "4!a5!n18!c"
example   = "MT74TEST18529630741852963074185"
"#;

fn one(text: &str) -> Spec {
    let mut specs = parse("detectors/TEST_NUMBER.toml", text).expect("loads");
    assert_eq!(specs.len(), 1);
    specs.remove(0)
}

fn error(text: &str) -> String {
    match parse("detectors/TEST_NUMBER.toml", text) {
        Ok(_) => panic!("loads"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_file_gives_one_detector() {
    let spec = one(GOOD);
    assert_eq!(spec.id, "TEST_NUMBER");
    assert_eq!(spec.category, Category::FinancialInformation);
    assert_eq!(spec.origin, Origin::Magpie);
    assert_eq!(spec.engine, Engine::Pattern);
    assert_eq!(spec.keyword_distance, 30);
    assert!(spec.default_on && !spec.recommended);
    let [pattern] = spec.patterns.as_slice() else {
        panic!("one pattern");
    };
    assert_eq!(pattern.anchor, Anchor::Number);
    assert_eq!(pattern.keyword, KeywordRule::Required);
    assert_eq!(pattern.edge, Edge::Number);
    assert_eq!(pattern.checks, [Check::Luhn]);
    assert_eq!(spec.positives[0].matched, "123456782");
    assert_eq!(spec.negatives[0].why, "no keyword");
}

#[test]
fn literals_belong_to_their_anchor() {
    let text = GOOD.replace(
        "anchor  = \"number\"",
        "anchor = \"literal\"\nliterals = [\"no.\"]\nliteral_ignore_case = true",
    );
    let anchor = Anchor::Literal {
        literals: vec!["no.".to_owned()],
        ignore_case: true,
    };
    assert_eq!(one(&text).patterns[0].anchor, anchor);
}

#[test]
fn errors_name_file_field_and_remedy() {
    let cases = [
        (
            "checks  = [\"luhn\"]",
            "checks  = [\"mod98\"]",
            "load detector detectors/TEST_NUMBER.toml: unknown check \"mod98\"; known: luhn, ",
        ),
        (
            "edge    = \"number\"",
            "edge    = \"sharp\"",
            "load detector detectors/TEST_NUMBER.toml: unknown edge \"sharp\"; known: word, number, ",
        ),
        (
            "anchor  = \"number\"",
            "anchor  = \"start\"",
            "load detector detectors/TEST_NUMBER.toml: unknown anchor \"start\"; known: number, token, literal, at, url, keyword",
        ),
        (
            "anchor  = \"number\"",
            "anchor  = \"literal\"",
            "load detector detectors/TEST_NUMBER.toml: anchor \"literal\" and literals that are not empty go together",
        ),
        (
            "keyword = \"required\"",
            "keyword = \"maybe\"",
            "load detector detectors/TEST_NUMBER.toml: unknown keyword \"maybe\"; known: required, none, absent",
        ),
        (
            "keywords    = [\"number\"]",
            "",
            "load detector detectors/TEST_NUMBER.toml: a pattern depends on keywords, and there are none; add keywords",
        ),
        (
            "\"Low\", \"Medium\", \"High\"",
            "\"Low\"",
            "load detector detectors/TEST_NUMBER.toml: severity has 1 values; give 3 (1, 2 to 99, 100 and more)",
        ),
        (
            "\"Low\", \"Medium\"",
            "\"Low\", \"Grave\"",
            "load detector detectors/TEST_NUMBER.toml: unknown severity \"Grave\"; known: Low, Medium, High",
        ),
        (
            "FINANCIAL_INFORMATION",
            "MONEY",
            "load detector detectors/TEST_NUMBER.toml: unknown category \"MONEY\"; known: CREDENTIALS, ",
        ),
        (
            "origin      = \"magpie\"",
            "origin      = \"crow\"",
            "load detector detectors/TEST_NUMBER.toml: unknown origin \"crow\"; known: macie, magpie",
        ),
        (
            "mask        = \"last4\"",
            "mask        = \"first4\"",
            "load detector detectors/TEST_NUMBER.toml: unknown mask \"first4\"; known: all, last4, initials, email, header",
        ),
        (
            "id          = \"TEST_NUMBER\"",
            "id          = \"OTHER\"",
            "load detector detectors/TEST_NUMBER.toml: id \"OTHER\" is not the file name",
        ),
        (
            "mask        = \"last4\"",
            "mask        = \"last4\"\nengine = \"name\"",
            "load detector detectors/TEST_NUMBER.toml: engine \"name\" takes no [[pattern]]",
        ),
        (
            "mask        = \"last4\"",
            "mask        = \"last4\"\ncolour = \"black\"",
            "load detector detectors/TEST_NUMBER.toml: unknown field `colour`, expected ",
        ),
        (
            "regex   = '[0-9]{9}'",
            "",
            "load detector detectors/TEST_NUMBER.toml: missing field `regex`",
        ),
        (
            "[[pattern]]",
            "[[pattern",
            "load detector detectors/TEST_NUMBER.toml: ",
        ),
    ];
    for (from, to, expected) in cases {
        assert!(GOOD.contains(from), "{from}");
        let message = error(&GOOD.replacen(from, to, 1));
        assert!(message.starts_with(expected), "{message}");
        assert!(!message.contains('\n'), "{message}");
    }
    let no_pattern = GOOD.split("[[pattern]]").next().unwrap_or("");
    assert_eq!(
        error(no_pattern),
        "load detector detectors/TEST_NUMBER.toml: no [[pattern]]; add one"
    );
}

#[test]
fn a_table_gives_a_detector_a_country() {
    let specs = parse("detectors/iban/countries.toml", TABLE).expect("loads");
    let [spec] = specs.as_slice() else {
        panic!("one country");
    };
    assert_eq!(spec.id, "MALTA_BANK_ACCOUNT_NUMBER");
    assert_eq!(spec.countries, ["MT"]);
    assert_eq!(spec.description, "Bank account number of Malta.");
    assert_eq!(
        spec.patterns[0].regex,
        "MT[0-9]{2}[ -]?[A-Z]{4}[ -]?[0-9]{4}[ -]?[0-9][A-Z0-9]{3}[ -]?[A-Z0-9]{4}[ -]?\
         [A-Z0-9]{4}[ -]?[A-Z0-9]{4}[ -]?[A-Z0-9]{3}"
    );
    assert_eq!(spec.patterns[0].checks, [Check::Iban]);
    assert_eq!(spec.positives.len(), 3);
    assert_eq!(spec.negatives.len(), 3);
}

#[test]
fn a_bad_row_is_named() {
    for (from, to, expected) in [
        (
            "4!a5!n18!c",
            "4!a5!n18!x",
            "MALTA_BANK_ACCOUNT_NUMBER: class that is not n, a or c in structure \"4!a5!n18!x\"",
        ),
        (
            "4!a5!n18!c",
            "4a",
            "MALTA_BANK_ACCOUNT_NUMBER: no \"!\" after a length in structure \"4a\"",
        ),
        (
            "4!a5!n18!c",
            "0!a",
            "MALTA_BANK_ACCOUNT_NUMBER: length that is not 1 to 30 in structure \"0!a\"",
        ),
        (
            "code      = \"MT\"",
            "code      = \"mt\"",
            "MALTA_BANK_ACCOUNT_NUMBER: code \"mt\" is not two capital letters",
        ),
    ] {
        let error = parse("countries.toml", &TABLE.replacen(from, to, 1)).expect_err("refused");
        let expected = format!("load detector countries.toml: {expected}");
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_users_file_may_leave_out_the_category_and_has_any_name() {
    let text = "id = 'BADGE'\nkeywords = ['badge']\n[[pattern]]\nregex = 'B\\d'\n";
    let (spec, lines) = parse_own("mine.toml", text).expect("loads");
    assert_eq!(spec.category, Category::CustomIdentifier);
    assert_eq!(spec.origin, Origin::Custom);
    assert_eq!(spec.kind, "BADGE");
    assert_eq!(lines.pattern(0), "mine.toml:3");
    assert_eq!(lines.field("keywords"), "mine.toml:2");
    let with = |line: &str| parse_own("mine.toml", &format!("{line}\n{text}"));
    for line in [
        "category = 'CUSTOM_IDENTIFIER'",
        "origin = 'custom'",
        "category = 'CREDENTIALS'",
    ] {
        assert_eq!(with(line).expect(line).0.origin, Origin::Custom);
    }
    for (line, said) in [
        (
            "origin = 'macie'",
            "load detector mine.toml:1: unknown origin \"macie\"; known: custom",
        ),
        (
            "category = 'X'",
            "load detector mine.toml:1: unknown category \"X\"; known: CUSTOM_ID",
        ),
        (
            "severity = ['High', 'Low', 'Low']",
            "load detector mine.toml:1: severity falls",
        ),
        (
            "nope = 1",
            "load detector mine.toml:1: unknown field `nope`",
        ),
    ] {
        let error = with(line).expect_err(line).to_string();
        assert!(error.starts_with(said), "{error}");
    }
    let pattern = format!("{text}anchor = 'x'\n");
    let error = parse_own("mine.toml", &pattern)
        .expect_err("anchor")
        .to_string();
    assert!(
        error.starts_with("load detector mine.toml:3: unknown anchor \"x\""),
        "{error}"
    );
    assert!(
        parse("detectors/BADGE.toml", text).is_err(),
        "ours name their category"
    );
}
