//! Whether a text is one of keys and values. Any text may look like that for a while, so names count
//! where content alone does not.

use super::{Kind, Reader, ini};

/// Lines that are looked at.
const LINES_MAX: usize = 60;

const YAML: &[&str] = &["yaml", "yml"];
const INI: &[&str] = &[
    "ini",
    "cfg",
    "conf",
    "cnf",
    "properties",
    "env",
    "editorconfig",
    "gitconfig",
    "npmrc",
    "toml",
];

/// Tells whether a text is of keys and values. `name`: of its file.
pub(crate) fn tell(sample: &[u8], whole: bool, name: &str) -> Option<Kind> {
    let extension = name.rsplit_once('.').map_or("", |(_, e)| e);
    let named = |list: &[&str]| {
        list.iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    };
    // `.env.production`
    let environment = name.starts_with(".env.");
    let mut lines: Vec<&[u8]> = sample.split(|&b| b == b'\n').take(LINES_MAX).collect();
    if !whole && lines.len() < LINES_MAX {
        lines.pop();
    }
    if named(YAML) || begins_yaml(sample) {
        return fits(Kind::Yaml, &lines).then_some(Kind::Yaml);
    }
    if named(INI) || environment {
        return fits(Kind::Ini, &lines).then_some(Kind::Ini);
    }
    let content = lines.iter().map(|l| l.trim_ascii());
    let mut content = content.filter(|l| !l.is_empty() && !matches!(l[0], b'#' | b';'));
    let first = content.next().and_then(ini::section);
    let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b' ' | b':');
    let begins = first.is_some_and(|name| name[0].is_ascii_alphabetic() && name.iter().all(word));
    let mut keys = 0;
    let all = content.all(|line| {
        keys += 1;
        ini::section(line).is_some() || ini::key(line, true).is_some()
    });
    (begins && all && keys >= 2).then_some(Kind::Ini)
}

fn begins_yaml(sample: &[u8]) -> bool {
    let text = sample.trim_ascii_start();
    text.starts_with(b"%YAML ") || text.starts_with(b"---\n") || text.starts_with(b"---\r\n")
}

/// At least one line has a key, and so has half of those with content, or goes on from one.
fn fits(kind: Kind, lines: &[&[u8]]) -> bool {
    let mut reader = Reader::new(kind);
    let (mut content, mut keyed) = (0, 0);
    for line in lines {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = &line[..line.len().min(super::LINE_BYTES)];
        if let Some((_, frame)) = reader.line(line) {
            content += 1;
            keyed += usize::from(frame.is_some());
        }
    }
    keyed > 0 && keyed * 2 >= content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_keys_are_told() {
        let ini = "[db]\nuser = ann\npass = x\n";
        assert_eq!(tell(ini.as_bytes(), true, "x"), Some(Kind::Ini));
        assert_eq!(tell(b"A=1\nB=2\n", true, ".env"), Some(Kind::Ini));
        assert_eq!(tell(b"A=1\nB=2\n", true, ".env.local"), Some(Kind::Ini));
        assert_eq!(tell(b"a: 1\nb:\n  c: 2\n", true, "x.yml"), Some(Kind::Yaml));
        assert_eq!(tell(b"---\na: 1\n", true, "x"), Some(Kind::Yaml));
    }

    #[test]
    fn logs_and_letters_are_not() {
        for (text, name) in [
            ("a: 1\nb: 2\n", "notes.txt"),
            ("A=1\nB=2\n", "x.log"),
            (
                "[2024-05-01 10:00:00] INFO started\n[2024-05-01 10:00:01] a=b\n",
                "x",
            ),
            ("[main] started with x=1\n[main] y=2\n", "x.log"),
            ("---\nDear Ann,\nthank you.\nYours, Bo\n", "letter"),
            ("", "x.yaml"),
            ("no keys\nat all\n", "x.yaml"),
        ] {
            assert_eq!(tell(text.as_bytes(), true, name), None, "{text}");
        }
    }
}
