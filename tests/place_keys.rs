//! YAML, INI files, properties and environments: keys as names and as the path of a place.

mod content_support;

use content_support::*;
use magpie::content::Limits;
use magpie::model::{Status, TextShape};

fn told(seen: &Seen) -> Vec<(String, String, Vec<String>)> {
    let one = |f: &Found| {
        let path = f.place.path.as_deref().unwrap_or("").to_owned();
        (
            path,
            f.field.clone().map_or(String::new(), |f| f.0),
            f.field.clone().map_or(Vec::new(), |f| f.1),
        )
    };
    seen.found.iter().map(one).collect()
}

fn some(path: &str, value: &str, names: &[&str]) -> (String, String, Vec<String>) {
    (
        path.to_owned(),
        value.to_owned(),
        names.iter().map(|n| (*n).to_owned()).collect(),
    )
}

const NEEDLES: [&str; 7] = [
    "NEEDLE-1", "NEEDLE-2", "NEEDLE-3", "NEEDLE-4", "NEEDLE-5", "NEEDLE-6", "NEEDLE-7",
];

#[test]
fn yaml() {
    let text = "# NEEDLE-1\ndb:\n  user: \"it is NEEDLE-2\"\n  hosts:\r\n  - name: é\r\n    ssn: NEEDLE-3\r\nnote: |\n  first\n  NEEDLE-4 too\n---\n{\"user\": {\"ssn\": \"NEEDLE-5\"}}\n---\nlist: [a, NEEDLE-6]\njson: {\"a\": {\"b\": \"NEEDLE-7\"}}\n";
    let seen = see_every_way("x.yaml", text.as_bytes(), &NEEDLES);
    assert_eq!(seen.outcome.status, Status::Complete);
    assert_eq!(seen.outcome.mime_type, "text/x-yaml");
    assert_eq!(lossy(&seen.text), text);
    assert!(seen.found.iter().all(|f| f.shape == TextShape::Plain));
    read_back(&seen, text.as_bytes(), &lossy);
    assert_eq!(
        told(&seen),
        [
            some("", "", &[]),
            some("db.user", "it is NEEDLE-2", &["db", "user"]),
            some("db.hosts[0].ssn", "NEEDLE-3", &["db", "hosts", "ssn"]),
            some("note", "NEEDLE-4 too", &["note"]),
            some("", "NEEDLE-5", &["user", "ssn"]),
            some("list", "[a, NEEDLE-6]", &["list"]),
            some("json", "NEEDLE-7", &["a", "b"]),
        ]
    );
}

#[test]
fn settings() {
    let text = "[db main]\nuser=NEEDLE-1\npass: 'NEEDLE-2'\nlong = a\n  NEEDLE-3\n; NEEDLE-4\n[x]\nexport KEY=\"NEEDLE-5\"\n";
    let seen = see_every_way("app.ini", text.as_bytes(), &NEEDLES);
    assert_eq!(seen.outcome.mime_type, "text/plain");
    read_back(&seen, text.as_bytes(), &lossy);
    assert_eq!(
        told(&seen),
        [
            some("db main.user", "NEEDLE-1", &["db main", "user"]),
            some("db main.pass", "NEEDLE-2", &["db main", "pass"]),
            some("db main.long", "NEEDLE-3", &["db main", "long"]),
            some("", "", &[]),
            some("x.KEY", "NEEDLE-5", &["x", "KEY"]),
        ]
    );
    let seen = see_every_way(".env", b"A=1\nCARD=NEEDLE-1\n", &NEEDLES);
    assert_eq!(told(&seen), [some("CARD", "NEEDLE-1", &["CARD"])]);
}

/// Keys far behind are known through any number of blocks, and so is the key of a line that is long.
#[test]
fn long_texts() {
    let filler = "    - name: wörd\n      port: 1\n".repeat(5000);
    let line = "ä ".repeat(20_000);
    let text =
        format!("all:\n  hosts:\n{filler}  ssn: {line}NEEDLE-1 {line}\nlast:\n  card: NEEDLE-2\n");
    let whole = see("x.yml", text.as_bytes(), &Limits::default(), &NEEDLES);
    let paths: Vec<_> = told(&whole).into_iter().map(|t| (t.0, t.2)).collect();
    let names = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        paths,
        [
            ("all.ssn".to_owned(), names(&["all", "ssn"])),
            ("last.card".to_owned(), names(&["last", "card"]))
        ]
    );
    read_back(&whole, text.as_bytes(), &lossy);
    for block in [300, 5000, 30_000] {
        let cut = see_step("x.yml", text.as_bytes(), &blocks_of(block), &NEEDLES, 99);
        assert_eq!(cut.found, whole.found);
    }
}
