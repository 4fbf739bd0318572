//! `magpie identifiers`, and choosing among them.

mod cli_support;

use cli_support::{Bed, Ran};
use serde_json::Value;

fn found(ran: &Ran) -> Vec<String> {
    ran.lines()
        .iter()
        .map(|l| l["detector"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn all_are_listed_for_people_and_machines() {
    let bed = Bed::new();
    let table = bed.run(&["identifiers", "list"]);
    let json = bed.run(&["identifiers", "list", "--json"]);
    assert_eq!((table.status, json.status), (Some(0), Some(0)));
    let lines = json.lines();
    assert!(lines.len() > 70);
    assert_eq!(lines.len(), table.stdout.lines().count());
    for (line, row) in lines.iter().zip(table.stdout.lines()) {
        let id = line["id"].as_str().unwrap();
        assert!(row.starts_with(id), "{row}");
        assert_eq!(
            row.contains("off unless named"),
            line["defaultOn"] == false,
            "{row}"
        );
        assert_eq!(
            row.contains("recommended"),
            line["recommended"] == true,
            "{row}"
        );
        let severity = line["severity"].as_array().unwrap();
        assert_eq!(severity.len(), 3, "{id}");
    }
    let off: Vec<&str> = lines
        .iter()
        .filter(|l| l["defaultOn"] == false)
        .map(|l| l["id"].as_str().unwrap())
        .collect();
    for id in ["EMAIL_ADDRESS", "IP_ADDRESS"] {
        assert!(off.contains(&id), "{off:?}");
    }
    assert!(
        !bed.state().exists(),
        "a look at the catalogue needs no state folder"
    );
}

#[test]
fn one_is_shown_in_any_case_of_letters() {
    let bed = Bed::new();
    let ran = bed.run(&["identifiers", "show", "credit_card_number"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    for wanted in [
        "CREDIT_CARD_NUMBER\n",
        "keywords",
        "luhn",
        "High",
        "FINANCIAL_INFORMATION",
    ] {
        assert!(
            ran.stdout.contains(wanted),
            "no {wanted} in\n{}",
            ran.stdout
        );
    }
    let every = bed.run(&["identifiers", "list", "--json"]);
    for line in every.lines() {
        let id = line["id"].as_str().unwrap();
        let shown = bed.run(&["identifiers", "show", id]);
        assert_eq!(shown.status, Some(0), "{id}");
        assert!(shown.stdout.starts_with(&format!("{id}\n")), "{id}");
    }
}

#[test]
fn an_unknown_one_is_told_with_those_that_may_be_meant() {
    let bed = Bed::new();
    for (id, said) in [
        (
            "pkc",
            "show identifier \"pkc\": there is none of this id; did you mean PKCS?",
        ),
        (
            "zzz",
            "show identifier \"zzz\": there is none of this id; see magpie identifiers list",
        ),
    ] {
        let ran = bed.run(&["identifiers", "show", id]);
        assert_eq!(ran.status, Some(2));
        assert_eq!(ran.stderr, format!("magpie: {said}\n"));
    }
    let by_keyword = bed.run(&["identifiers", "show", "ssn"]);
    assert!(
        by_keyword.stderr.contains("USA_SOCIAL_SECURITY_NUMBER"),
        "{}",
        by_keyword.stderr
    );
}

#[test]
fn a_choice_finds_what_it_names_alone() {
    let bed = Bed::new();
    // a generated token, written so that scanners of sources stay quiet
    let token = concat!("gh", "p_h5r8lxrx9reNRdVoHqrGDRcY9z6GAc2Fzvfq");
    bed.write(
        "a.txt",
        format!("ssn 536-90-4399, card 4532 0151 1283 0366\nemail: someone@example.com\n{token}\n"),
    );
    let scan = |more: &[&str]| {
        let mut all = vec!["scan", "a.txt", "--format", "jsonl"];
        all.extend(more);
        let ran = bed.run(&all);
        assert_eq!(ran.status, Some(0), "{more:?}: {}", ran.stderr);
        found(&ran)
    };
    let (ssn, card, mail, token) = (
        "USA_SOCIAL_SECURITY_NUMBER",
        "CREDIT_CARD_NUMBER",
        "EMAIL_ADDRESS",
        "GITHUB_TOKEN",
    );
    assert_eq!(scan(&[]), [ssn, card, token]);
    assert_eq!(scan(&["--identifiers", "macie"]), [ssn, card]);
    assert_eq!(
        scan(&["--identifiers", "macie,email_address"]),
        [ssn, card, mail]
    );
    assert_eq!(scan(&["--identifiers", "recommended"]), [ssn, card]);
    assert_eq!(
        scan(&["--identifiers", "all,email_address"]),
        [ssn, card, mail, token]
    );
    assert_eq!(scan(&["--identifiers", mail]), [mail]);
    assert_eq!(
        scan(&["--identifiers", card, "--identifiers", ssn]),
        [ssn, card]
    );
    assert_eq!(
        scan(&["--exclude-identifiers", "usa_social_security_number"]),
        [card, token]
    );
}

#[test]
fn another_choice_is_another_job() {
    let bed = Bed::new();
    bed.write("a.txt", "ssn 536-90-4399\n");
    let job = |more: &[&str]| -> Value {
        let mut all = vec!["a.txt"];
        all.extend(more);
        bed.summary(&all).1["job"]["jobId"].clone()
    };
    assert_ne!(job(&[]), job(&["--identifiers", "NAME"]));
    assert_eq!(bed.events().len(), 2);
}
