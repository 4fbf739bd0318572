//! Checks the `crate::` paths of every source file against the picture in the crate docs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each part may name besides itself.
fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    BTreeMap::from([
        ("model", &[][..]),
        ("aws", &[][..]),
        ("detect", &["model"][..]),
        ("extract", &["model"][..]),
        ("sandbox", &["model", "extract"][..]),
        ("content", &["model", "extract"][..]),
        ("source", &["model", "aws"][..]),
        ("store", &["model"][..]),
        ("event", &["model"][..]),
        ("deliver", &["model", "aws"][..]),
        ("wire", &["model"][..]),
        (
            "job",
            &[
                "model", "detect", "content", "extract", "source", "store", "event", "deliver",
            ][..],
        ),
        ("evaluate", &["model", "detect", "content"][..]),
        (
            "cli",
            &[
                "model", "detect", "content", "source", "store", "event", "deliver", "wire", "job",
                "evaluate", "sandbox",
            ][..],
        ),
    ])
}

fn rust_files(dir: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// Names that follow `crate::` in code (comments left out), also inside `crate::{a, b}`.
fn crate_paths(source: &str) -> Vec<String> {
    let code: String = source
        .lines()
        .map(|l| l.split_once("//").map_or(l, |(code, _)| code).to_owned() + "\n")
        .collect();
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let heads: Vec<&str> = match rest.strip_prefix('{') {
            None => vec![rest],
            Some(group) => {
                // split the group at commas of its own depth
                let (mut depth, mut start, mut parts) = (0usize, 0, Vec::new());
                for (i, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => {
                            parts.push(&group[start..i]);
                            break;
                        }
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            parts.push(&group[start..i]);
                            start = i + 1;
                        }
                        _ => {}
                    }
                }
                parts
            }
        };
        for head in heads {
            let name: String = head
                .trim_start()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if !name.is_empty() {
                names.push(name);
            }
        }
    }
    names
}

#[test]
fn dependencies_point_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let allowed = allowed();
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    assert!(files.len() > 20, "only {} source files found", files.len());

    let mut faults = Vec::new();
    for file in &files {
        let inner = file.strip_prefix(&root).unwrap();
        let part = inner
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_string_lossy()
            .trim_end_matches(".rs")
            .to_owned();
        if part == "lib" || part == "main" {
            continue;
        }
        let Some(may) = allowed.get(part.as_str()) else {
            faults.push(format!(
                "{}: part `{part}` is not in the picture",
                inner.display()
            ));
            continue;
        };
        for name in crate_paths(&fs::read_to_string(file).unwrap()) {
            if name != part && !may.contains(&name.as_str()) {
                faults.push(format!(
                    "{}: `{part}` must not know `{name}`",
                    inner.display()
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_the_command_line_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    let mut faults = Vec::new();
    for file in files {
        let inner = file.strip_prefix(&root).unwrap().to_owned();
        if inner.starts_with("cli") || inner == Path::new("main.rs") {
            continue;
        }
        let source = fs::read_to_string(&file).unwrap();
        let code = source.split("#[cfg(test)]").next().unwrap_or("");
        for (n, line) in code.lines().enumerate() {
            let line = line.split_once("//").map_or(line, |(code, _)| code);
            for call in [
                "println!",
                "eprintln!",
                "print!(",
                "dbg!(",
                "stdout()",
                "stderr()",
            ] {
                if line.contains(call) {
                    faults.push(format!("{}:{}: {call}", inner.display(), n + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_checker_sees_groups_and_skips_comments() {
    let source = "use crate::{model::{a, b}, wire};\n// crate::job\nlet x = crate::store::y();";
    assert_eq!(crate_paths(source), ["model", "wire", "store"]);
}
