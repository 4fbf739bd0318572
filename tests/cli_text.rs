//! `magpie text`: what it prints is what places count in.

mod cli_support;

use cli_support::Bed;

const RTF: &str = r"{\rtf1\ansi Dear Sir,\par my ssn is 536-90-4399 as you know.\par}";

fn planted(bed: &Bed, name: &str) -> serde_json::Value {
    let ran = bed.run(&["scan", name, "--format", "jsonl", "--no-progress"]);
    let lines = ran.lines();
    let mut found = lines
        .into_iter()
        .filter(|line| line["detector"] == "USA_SOCIAL_SECURITY_NUMBER");
    found
        .next()
        .unwrap_or_else(|| panic!("nothing found: {}", ran.stderr))
}

#[test]
fn a_place_in_a_document_is_read_back() {
    let bed = Bed::new();
    bed.write("letter.rtf", RTF);
    let found = planted(&bed, "letter.rtf");
    let text = bed.run(&["text", "letter.rtf"]);
    assert_eq!(text.status, Some(0), "{}", text.stderr);
    let at = |end: &str| found["byteRange"][end].as_u64().unwrap() as usize;
    assert_eq!(&text.stdout[at("start")..at("end")], "536-90-4399");
    let line = found["line"].as_u64().unwrap() as usize;
    assert!(
        text.stdout
            .lines()
            .nth(line - 1)
            .unwrap()
            .contains("536-90-4399")
    );
}

#[test]
fn members_are_chosen_by_their_names() {
    let bed = Bed::new();
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in [("a.txt", "one"), ("dir/b.txt", "two")] {
        writer.start_file(name, options).unwrap();
        std::io::Write::write_all(&mut writer, text.as_bytes()).unwrap();
    }
    bed.write("x.zip", writer.finish().unwrap().into_inner());
    assert_eq!(bed.run(&["text", "x.zip"]).stdout, "onetwo");
    assert_eq!(
        bed.run(&["text", "x.zip", "--member", "dir/b.txt"]).stdout,
        "two"
    );
    let none = bed.run(&["text", "x.zip", "--member", "c"]);
    assert_eq!(none.status, Some(2));
    assert!(
        none.stderr
            .starts_with("magpie: read member c of x.zip: there is no text of that name")
    );
    let gone = bed.run(&["text", "gone.txt"]);
    assert_eq!(gone.status, Some(2));
    assert!(
        gone.stderr.starts_with("magpie: open file gone.txt: "),
        "{}",
        gone.stderr
    );
}

#[test]
fn what_was_not_read_is_told() {
    let bed = Bed::new();
    bed.write("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let ran = bed.run(&["text", "a.png"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(3), ""));
    assert!(
        ran.stderr.contains("image/png is not read"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        bed.run(&["text", "a.png", "--allow-incomplete"]).status,
        Some(0)
    );
}
