//! Keywords by structure: columns, paths, payloads of log lines, and what must not count.

use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use magpie::detect::{Catalogue, Scanner};
use magpie::model::text::NoContext;
use magpie::model::{Block, Context, Hit, Side, TextShape};

#[path = "support/structure.rs"]
mod structure;

use structure::{Json, Table};

static CATALOGUE: LazyLock<Arc<Catalogue>> =
    LazyLock::new(|| Arc::new(Catalogue::builtin().expect("detector files load")));

fn scan(text: &str, ctx: &mut dyn Context) -> Vec<Hit> {
    let mut hits = Vec::new();
    let _ = Scanner::new(CATALOGUE.clone()).scan(&Block::whole(text.as_bytes()), ctx, &mut |hit| {
        hits.push(hit);
        ControlFlow::Continue(())
    });
    hits
}

fn shown(text: &str, hits: &[Hit]) -> Vec<(&'static str, String)> {
    hits.iter()
        .map(|h| {
            (
                CATALOGUE.index().detectors[h.detector as usize].id.as_str(),
                text[h.range.clone()].to_owned(),
            )
        })
        .collect()
}

fn table(text: &str) -> Vec<(&'static str, String)> {
    shown(text, &scan(text, &mut Table::new(text)))
}

fn records(text: &str) -> Vec<(&'static str, String)> {
    shown(text, &scan(text, &mut Json::new(text, TextShape::Records)))
}

fn payload(text: &str) -> Vec<(&'static str, String)> {
    shown(text, &scan(text, &mut Json::new(text, TextShape::Plain)))
}

fn own(pairs: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    pairs.iter().map(|(i, v)| (*i, (*v).to_owned())).collect()
}

#[test]
fn a_column_name_counts_for_its_cells_alone() {
    let text = "id,customer_ssn,note\n536904399,536-90-4399,x\n7,\"501-23-4567\",501-23-4567\n";
    assert_eq!(
        table(text),
        own(&[
            ("USA_SOCIAL_SECURITY_NUMBER", "536-90-4399"),
            ("USA_SOCIAL_SECURITY_NUMBER", "501-23-4567"),
        ])
    );
    let hits = scan(text, &mut Table::new(text));
    let keyword = hits[0].keyword.expect("a keyword");
    assert_eq!(keyword.side, Side::Column);
    assert_eq!(keyword.distance, None);
    assert_eq!(
        &*CATALOGUE.index().keywords[keyword.keyword as usize],
        "ssn"
    );
}

#[test]
fn a_neighbouring_cell_is_no_keyword() {
    assert_eq!(table("kind,value\nssn,536-90-4399\n"), own(&[]));
    assert_eq!(
        table("kind,value\nx,ssn 536-90-4399\n"),
        own(&[("USA_SOCIAL_SECURITY_NUMBER", "536-90-4399")])
    );
}

#[test]
fn cells_are_visited_where_the_name_says_so() {
    let text = "full_name,dob,cvv,zip\nmartha rivera,1980-01-31,123,98109\nAkua Mansa,31 Jan 1980,4321,10117\n";
    assert_eq!(
        table(text),
        own(&[
            ("NAME", "martha rivera"),
            ("DATE_OF_BIRTH", "1980-01-31"),
            ("CREDIT_CARD_SECURITY_CODE", "123"),
            ("NAME", "Akua Mansa"),
            ("DATE_OF_BIRTH", "31 Jan 1980"),
            ("CREDIT_CARD_SECURITY_CODE", "4321"),
        ])
    );
}

/// A table without a header whose first row is taken for one must not hide that row.
#[test]
fn header_cells_are_searched_too_but_are_under_no_name() {
    assert_eq!(
        table("ssn 536-90-4399,card 4532015112830366\n1,2\n"),
        own(&[
            ("USA_SOCIAL_SECURITY_NUMBER", "536-90-4399"),
            ("CREDIT_CARD_NUMBER", "4532015112830366"),
        ])
    );
    assert_eq!(table("ssn,536-90-4399 x\n1,2\n"), own(&[]));
}

#[test]
fn numbers_in_neighbouring_cells_do_not_join() {
    assert_eq!(
        table("n,card,m\n1,4532015112830366,2\n"),
        own(&[("CREDIT_CARD_NUMBER", "4532015112830366")])
    );
    assert_eq!(table("card,b,c,d\n4532,0151,1283,0366\n"), own(&[]));
}

#[test]
fn a_path_counts_and_a_sibling_does_not() {
    let ssn = own(&[("USA_SOCIAL_SECURITY_NUMBER", "536-90-4399")]);
    assert_eq!(records(r#"{"ssn":"536-90-4399"}"#), ssn);
    assert_eq!(
        records(r#"{"ssn":{"type":"text","classification":"restricted","v":"536-90-4399"}}"#),
        ssn
    );
    assert_eq!(
        records(r#"{"label":"SSN","value":"536-90-4399"}"#),
        own(&[])
    );
    assert_eq!(records(r#"{"note":"his ssn is 536-90-4399"}"#), ssn);
    assert_eq!(records(r#"{"536-90-4399":"ssn"}"#), own(&[]));
}

#[test]
fn dates_and_names_in_records() {
    assert_eq!(
        records(
            r#"{"customer":{"full_name":"akua mansa","birthDate":"1980-01-31"},"product":{"name":"martha rivera"}}"#
        ),
        own(&[("NAME", "akua mansa"), ("DATE_OF_BIRTH", "1980-01-31")])
    );
    assert_eq!(
        records(r#"{"dob":{"format":"iso","value":"1980-01-31"}}"#),
        own(&[("DATE_OF_BIRTH", "1980-01-31")])
    );
    assert_eq!(records(r#"{"kind":"dob","value":"1980-01-31"}"#), own(&[]));
}

#[test]
fn the_payload_of_a_log_line_has_paths_too() {
    let ssn = own(&[("USA_SOCIAL_SECURITY_NUMBER", "536-90-4399")]);
    let far = r#"2024-05-01T12:00:00.000Z {"ssn":{"type":"text","classification":"restricted","v":"536-90-4399"}}"#;
    assert_eq!(payload(far), ssn);
    let hits = scan(far, &mut Json::new(far, TextShape::Plain));
    assert_eq!(hits[0].keyword.expect("a keyword").side, Side::Path);
    // raw distance holds on such a line: it is unstructured text
    assert_eq!(
        payload(r#"2024-05-01T12:00:00.000Z {"label":"SSN","value":"536-90-4399"}"#),
        ssn
    );
    // a path of another line is none of this one
    assert_eq!(
        payload(
            "x {\"ssn\":\"none given, asked for it again by letter\"}\ny {\"v\":\"536-90-4399\"}"
        ),
        own(&[])
    );
}

#[test]
fn names_of_places_and_things_are_no_persons() {
    let text = "Country,City,AccentCity,Region,Population\n\
                pr,san juan,San Juan,00,418140\n\
                hn,jesus de otoro,Jesús de Otoro,10,\n\
                th,ban khun cha,Ban Khun Cha,36,\n\
                br,luis cardoso,Luis Cardoso,05,\n\
                br,maria garcia,Maria Garcia,05,\n";
    assert_eq!(table(text), []);
    let text = "id,hotel_guest,remark\n1,Maria Garcia,called by Robert Johnson\n";
    assert_eq!(
        table(text),
        own(&[("NAME", "Maria Garcia"), ("NAME", "Robert Johnson")])
    );
    let text = "{\"city\":{\"name\":\"Luis Cardoso\"},\"author\":{\"name\":\"Maria Garcia\"}}\n";
    assert_eq!(records(text), own(&[("NAME", "Maria Garcia")]));
}

#[test]
fn lines_part_keywords_from_values_in_running_text() {
    let plain = |text: &str| shown(text, &scan(text, &mut magpie::model::text::NoContext));
    let ssn = own(&[("USA_SOCIAL_SECURITY_NUMBER", "536-90-4399")]);
    assert_eq!(plain("ssn\n536-90-4399\n"), ssn);
    assert_eq!(plain("ssn:\r\n  536-90-4399\n"), ssn);
    assert_eq!(plain("536-90-4399 is my ssn\n"), ssn);
    assert_eq!(plain("ssn\n\n536-90-4399\n"), []);
    assert_eq!(plain("536-90-4399\nssn sync\n"), []);
    assert_eq!(plain("5.39393011E+493591678\n"), []);
}

#[test]
fn headers_may_be_fields() {
    assert_eq!(
        records(
            r#"{"headers":{"Authorization":"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==","Cookie":"session=3948; lang=en"}}"#
        ),
        own(&[
            (
                "HTTP_BASIC_AUTH_HEADER",
                "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
            ),
            ("HTTP_COOKIE", "session=3948; lang=en"),
        ])
    );
    assert_eq!(
        records(r#"{"cookie":{"note":"set by hand"},"auth":"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}"#),
        own(&[])
    );
}

#[test]
fn passwords_are_found_by_the_names_of_fields() {
    assert_eq!(
        table("user,password,note\njane,dragonfly,x\njoe,tr0ub4dor,password reset\n"),
        own(&[("PASSWORD", "dragonfly"), ("PASSWORD", "tr0ub4dor")])
    );
    assert_eq!(
        records(
            r#"{"db":{"password":"xK9mQ2vL","passwordPolicy":"strict1"},"env":[{"name":"DB_PASSWORD","value":"Zk4LxW8p"}]}"#
        ),
        own(&[("PASSWORD", "xK9mQ2vL"), ("PASSWORD", "Zk4LxW8p")])
    );
    assert_eq!(
        payload(r#"2024-05-01T12:00:00.000Z login {"password":"xK9mQ2vL","ok":true}"#),
        own(&[("PASSWORD", "xK9mQ2vL")])
    );
    assert_eq!(
        records(
            r#"{"password":{"label":"Password","minLength":12},"labels":{"password":"Passwort"}}"#
        ),
        own(&[])
    );
}

/// The distance is that of the value, which may begin before its first digit.
#[test]
fn a_value_that_begins_with_letters_has_the_whole_distance() {
    for (distance, found) in [(30, 1), (31, 0)] {
        for (keyword, value) in [("rfc", "GODE-561231-GR8"), ("phone", "(415) 555-0142")] {
            let text = format!("{keyword}{}{value}", ".".repeat(distance - 1) + " ");
            let hits = scan(&text, &mut NoContext);
            assert_eq!(hits.len(), found, "{text}");
        }
    }
}
