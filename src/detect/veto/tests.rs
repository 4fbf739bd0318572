use super::*;
use proptest::prelude::*;

const BARE: Standing<'_> = Standing {
    keyed: true,
    named: false,
    proof: Proof::None,
    column: None,
};
const UNKEYED: Standing<'_> = Standing {
    keyed: false,
    ..BARE
};
const NAMED: Standing<'_> = Standing {
    named: true,
    ..BARE
};
const PROVED: Standing<'_> = Standing {
    proof: Proof::Some,
    ..BARE
};
const STRONG: Standing<'_> = Standing {
    proof: Proof::Strong,
    ..UNKEYED
};

/// What is said of the part of the text between `<` and `>`.
fn said(text: &str, standing: &Standing<'_>) -> Option<Veto> {
    let from = text.find('«').expect("«");
    let text = text.replace('«', "");
    let to = text.find('»').expect("»");
    let text = text.replace('»', "");
    veto(text.as_bytes(), &(from..to), standing)
}

fn all(rule: Veto, standing: &Standing<'_>, refused: &[&str]) {
    for text in refused {
        assert_eq!(said(text, standing), Some(rule), "{text}");
    }
}

fn none(standing: &Standing<'_>, allowed: &[&str]) {
    for text in allowed {
        assert_eq!(said(text, standing), None, "{text}");
    }
}

#[test]
fn parts_of_a_uuid() {
    let texts = [
        "550e8400-e29b-41d4-a716-«446655440000»",
        "x «55058400»-e29b-41d4-a716-446655440000",
    ];
    all(Veto::Uuid, &BARE, &texts);
    all(Veto::Uuid, &NAMED, &texts);
    all(Veto::Uuid, &STRONG, &texts);
    none(
        &STRONG,
        &[
            "550e8400-e29b-41d4-a71-«446655440000»",
            "«550e8400-e29b-41d4-a716-446655440000»",
        ],
    );
}

#[test]
fn rests_of_masked_values() {
    for standing in [&BARE, &NAMED, &STRONG] {
        all(
            Veto::Masked,
            standing,
            &[
                "****«1234»",
                "**** «1234»",
                "XXXX-XXXX-«1234»",
                "XXX-XX-«4399»",
                "«536904»***",
                "«4532» **** ****",
                "••••«1234»",
            ],
        );
    }
    none(
        &NAMED,
        &[
            "**ssn** «536904399»",
            "*«536904399»*",
            "x «536904399»",
            "## «536904399»",
        ],
    );
}

#[test]
fn parts_of_paths() {
    let texts = [
        "GET /api/users/«536904399»/ssn",
        "https://a.example/«536904399»",
    ];
    all(Veto::Path, &BARE, &texts);
    all(Veto::Path, &PROVED, &texts);
    none(&NAMED, &texts);
    none(&STRONG, &texts);
    none(
        &BARE,
        &["tel://«536904399»", "a / «536904399»", "/«536904399»"],
    );
}

#[test]
fn parts_of_names() {
    let texts = ["blk_«536904399»", "blk_-«536904399»", "issue-«536904399»"];
    all(Veto::Name, &BARE, &texts);
    all(Veto::Name, &PROVED, &texts);
    none(&NAMED, &texts);
    none(
        &Standing {
            keyed: true,
            ..STRONG
        },
        &texts,
    );
    none(
        &BARE,
        &[
            "passport id-«536904399»",
            "a -«536904399»",
            "\\n-«536904399»",
        ],
    );
}

#[test]
fn numbers_in_formulas() {
    all(
        Veto::Arithmetic,
        &BARE,
        &[
            "a*«536904399»",
            "«536904399»+b",
            "«536904399»>>2",
            "~«536904399»",
        ],
    );
    none(
        &BARE,
        &[
            "<td>«536904399»</td>",
            "(«536904399»)",
            "a=«536904399»&b=1",
            "«536904399» + b",
        ],
    );
}

#[test]
fn values_with_names_of_machines() {
    let texts = [
        "offset=«5369043991»",
        "\"spanId\":«5369043991»",
        "{\\\"trace\\\":\\\"«5369043991»",
        "size «775757794» bytes",
        "port: «5369043991»",
        "issue #«536904399»",
        "last_seq = '«5369043991»'",
    ];
    all(Veto::Label, &BARE, &texts[..1]);
    all(Veto::Label, &PROVED, &texts[..1]);
    for text in &texts[2..] {
        assert_eq!(said(text, &BARE), Some(Veto::Label), "{text}");
        none(&NAMED, &[text]);
        none(
            &Standing {
                keyed: true,
                ..STRONG
            },
            &[text],
        );
    }
    // an id may be anyone's where a keyword is near
    all(
        Veto::Label,
        &UNKEYED,
        &[
            "user_id=«5369043991»",
            "\"id\": \"«5369043991»",
            "xid=«5369043991»",
        ],
    );
    none(&BARE, &["user_id=«5369043991»"]);
    none(
        &UNKEYED,
        &[
            "paid=«5369043991»",
            "valid: «5369043991»",
            ": «5369043991»",
            "= «5369043991»",
        ],
    );
    all(
        Veto::Label,
        &BARE,
        &["total «5369043991»", "invoice: «5369043991»"],
    );
    none(&PROVED, &["total «5369043991»", "invoice «5369043991»"]);
}

#[test]
fn machines_outweigh_a_strong_check_without_keyword() {
    all(
        Veto::Label,
        &STRONG,
        &[
            "\"span\":«426055203502281690»",
            "offset=«426055203502281690»",
        ],
    );
    none(
        &STRONG,
        &["id: «426055203502281690»", "etag=«DE89370400440532013000»"],
    );
}

#[test]
fn numbers_in_groups_are_no_measures() {
    none(
        &BARE,
        &[
            "total «206-555-0100»",
            "offset: «(206) 555-0100»",
            "call us at «2065550100»",
        ],
    );
}

#[test]
fn values_with_letters_are_no_measures() {
    all(
        Veto::Label,
        &BARE,
        &["commit «a5f19bc07de34aa6»", "etag=\"«0a1b2c3d4e5f»"],
    );
    none(
        &BARE,
        &[
            "port «001b.4411.3ab7»",
            "size «a5f19bc07de34aa6»",
            "/x/«a5f19bc07de34aa6»",
        ],
    );
}

#[test]
fn columns_have_names_of_machines() {
    let column = |name| Standing {
        column: Some(name),
        ..UNKEYED
    };
    assert_eq!(
        said("a,«5369043991»,b", &column("spanId")),
        Some(Veto::Label)
    );
    assert_eq!(
        said("a,«5369043991»,b", &column("customer_id")),
        Some(Veto::Label)
    );
    assert_eq!(said("a,«5369043991»,b", &column("number")), None);
}

#[test]
fn points_in_time() {
    all(
        Veto::Epoch,
        &BARE,
        &["seen «1714567890»", "seen «1714567890123»"],
    );
    none(&PROVED, &["seen «1714567890»"]);
    none(&NAMED, &["seen «1714567890»"]);
    none(&BARE, &["seen «2714567890»", "seen «171456789»"]);
    all(
        Veto::Stamp,
        &BARE,
        &[
            "run «20240501»",
            "run «202405011200»",
            "run «20240501120000»",
            "run «20240501120000123»",
        ],
    );
    none(
        &BARE,
        &[
            "run «20241301»",
            "run «20240532»",
            "run «202405012500»",
            "run «20240501126100»",
            "run «30240501»",
        ],
    );
}

#[test]
fn rows_of_measured_numbers() {
    let texts = [
        "0.1234 5.6789 «4257601853667373» 1.2345e-5 7",
        "1.25e+3,0.333,«4257601853667373»,0.125",
    ];
    all(Veto::Series, &UNKEYED, &texts);
    none(&BARE, &texts);
    none(&STRONG, &texts);
    none(
        &UNKEYED,
        &[
            "1001,2024,«4257601853667373»,123,59.99",
            "52.520008,13.404954,«4257601853667373»,Berlin",
            "4111111111111111 «4257601853667373» 5424180000000015",
        ],
    );
}

#[test]
fn keywords_name_values() {
    for gap in [
        "",
        ": ",
        " ",
        "=",
        " #",
        "_number=",
        "Number\":\"",
        " number is ",
        " no.: ",
        " id: ",
        "\": \"",
    ] {
        assert!(names(gap.as_bytes()), "{gap:?}");
    }
    for gap in [
        " size ",
        " updated at ",
        "\n",
        ", id=",
        " number\n",
        " a, b: ",
        "=\"x\" b=\"",
    ] {
        assert!(!names(gap.as_bytes()), "{gap:?}");
    }
}

#[test]
fn keywords_name_the_next_value() {
    for after in ["=x", ": x", "_number=x", "\":\"x", " : x"] {
        assert!(names_next(after.as_bytes()), "{after:?}");
    }
    for after in [
        "",
        ")",
        " is",
        ":\nx",
        ", x: y",
        " a: b",
        "\": {\"a\"",
        ": [1",
    ] {
        assert!(!names_next(after.as_bytes()), "{after:?}");
    }
}

#[test]
fn last_words_of_names() {
    for (name, word) in [
        ("traceId", "Id"),
        ("user_id", "id"),
        ("userID", "ID"),
        ("a.b.offset", "offset"),
        ("size", "size"),
        ("x_", "x"),
        ("", ""),
    ] {
        assert_eq!(last_word(name.as_bytes()), word.as_bytes(), "{name}");
    }
}

proptest! {
    /// Nothing beyond the look changes an answer, and nothing is out of bounds.
    #[test]
    fn only_what_is_near_counts(
        text in proptest::collection::vec(
            prop_oneof![any::<u8>(), b'0'..=b'9', b'-'..=b'/', Just(b' '), Just(b'='), b'a'..=b'f'],
            0..700),
        from in 0usize..700,
        len in 0usize..40,
    ) {
        let from = from.min(text.len());
        let to = (from + len).min(text.len());
        let (start, end) = (from.saturating_sub(LOOK_BYTES), (to + LOOK_BYTES).min(text.len()));
        for standing in [BARE, UNKEYED, NAMED, PROVED, STRONG] {
            let whole = veto(&text, &(from..to), &standing);
            let part = veto(&text[start..end], &(from - start..to - start), &standing);
            prop_assert_eq!(whole, part);
        }
    }
}

#[test]
fn values_have_names_of_their_own() {
    for text in ["order=", "\"order\": \"", "order: [", "a.order = '"] {
        assert!(has_own_name(text.as_bytes(), text.len()), "{text}");
    }
    for text in ["", "order ", "number: ", "\"value\":\"", "12:"] {
        assert!(!has_own_name(text.as_bytes(), text.len()), "{text}");
    }
}
