//! Precision and recall of NAME on a corpus outside the repository.
//!
//! `MAGPIE_ENGLISH_WEB`: a folder with `gold.jsonl` and `files/`; prints misses, wrong finds, and the
//! figures. `MAGPIE_SYSTEM_LOGS`: a folder of text; prints whatever is found. Without them nothing is
//! measured here: the labelled set of the repository is in `name_labelled.rs`.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use magpie::detect::name::find_all;

fn shown(text: &[u8], range: std::ops::Range<usize>) -> String {
    let from = range.start.saturating_sub(30);
    let to = (range.end + 30).min(text.len());
    format!(
        "{}[{}]{}",
        String::from_utf8_lossy(&text[from..range.start]),
        String::from_utf8_lossy(&text[range.clone()]),
        String::from_utf8_lossy(&text[range.end..to])
    )
    .replace('\n', "\\n")
}

#[test]
fn english_web() {
    let Some(folder) = std::env::var_os("MAGPIE_ENGLISH_WEB") else {
        return;
    };
    let folder = Path::new(&folder);
    let gold = fs::read_to_string(folder.join("gold.jsonl")).expect("gold.jsonl");
    let mut by_file: HashMap<String, Vec<(usize, usize, bool)>> = HashMap::new();
    for line in gold.lines() {
        let v: serde_json::Value = serde_json::from_str(line).expect("json");
        let n = |k: &str| v[k].as_u64().expect("number") as usize;
        by_file
            .entry(v["file"].as_str().expect("file").to_string())
            .or_default()
            .push((n("start"), n("end"), v["tier"] == "core"));
    }
    let (mut hit, mut exact, mut miss, mut wrong) = (0, 0, 0, 0);
    let mut files: Vec<_> = fs::read_dir(folder.join("files"))
        .expect("files")
        .map(|e| e.expect("entry").path())
        .collect();
    files.sort();
    for path in files {
        let name = path
            .file_name()
            .expect("name")
            .to_string_lossy()
            .to_string();
        let text = fs::read(&path).expect("text");
        let found = find_all(&text);
        let spans = by_file.remove(&name).unwrap_or_default();
        for &(s, e, core) in &spans {
            if !core {
                continue;
            }
            if found.iter().any(|m| m.range == (s..e)) {
                exact += 1;
                hit += 1;
            } else if found.iter().any(|m| m.range.start < e && s < m.range.end) {
                hit += 1;
                println!("near  {name} {}", shown(&text, s..e));
            } else {
                miss += 1;
                println!("miss  {name} {}", shown(&text, s..e));
            }
        }
        for m in &found {
            if !spans
                .iter()
                .any(|&(s, e, _)| m.range.start < e && s < m.range.end)
            {
                wrong += 1;
                println!(
                    "wrong {name} {:.2} {}",
                    m.confidence,
                    shown(&text, m.range.clone())
                );
            }
        }
    }
    println!(
        "recall {:.3} (exact {:.3}) precision {:.3}: {hit} hit, {miss} missed, {wrong} wrong",
        hit as f64 / (hit + miss) as f64,
        exact as f64 / (hit + miss) as f64,
        hit as f64 / (hit + wrong) as f64
    );
}

#[test]
fn system_logs() {
    let Some(folder) = std::env::var_os("MAGPIE_SYSTEM_LOGS") else {
        return;
    };
    let mut stack = vec![PathBuf::from(folder)];
    let (mut bytes, mut count) = (0, 0);
    while let Some(path) = stack.pop() {
        if path.is_dir() {
            let inside = fs::read_dir(&path).expect("folder");
            stack.extend(inside.filter_map(|e| Some(e.ok()?.path())));
            continue;
        }
        let Ok(text) = fs::read(&path) else { continue };
        bytes += text.len();
        for m in find_all(&text) {
            count += 1;
            println!(
                "found {} {:.2} {}",
                path.display(),
                m.confidence,
                shown(&text, m.range)
            );
        }
    }
    println!(
        "{count} in {bytes} bytes, {:.3} a MB",
        count as f64 * 1e6 / bytes as f64
    );
}

/// Time of the scan alone, the offsets of capitals given. Run with `--release`.
#[test]
fn speed() {
    for variable in ["MAGPIE_ENGLISH_WEB", "MAGPIE_SYSTEM_LOGS"] {
        let Some(folder) = std::env::var_os(variable) else {
            continue;
        };
        let mut stack = vec![PathBuf::from(folder)];
        let mut text = Vec::new();
        while let Some(path) = stack.pop() {
            if path.is_dir() {
                let inside = fs::read_dir(&path).expect("folder");
                stack.extend(inside.filter_map(|e| Some(e.ok()?.path())));
            } else if path.extension().is_some_and(|e| e == "txt" || e == "log") {
                text.extend(fs::read(&path).expect("text"));
            }
        }
        let caps = magpie::detect::name::capital_starts(&text, 0..text.len());
        let mut best = f64::MAX;
        let mut count = 0;
        for _ in 0..200 {
            count = 0;
            let start = std::time::Instant::now();
            magpie::detect::name::scan(&text, 0..text.len(), &caps, &mut |_| count += 1);
            best = best.min(start.elapsed().as_nanos() as f64);
        }
        println!(
            "speed {variable}: {:.4} ns/byte, {} bytes, {:.1} capitals a KB, {count} names",
            best / text.len() as f64,
            text.len(),
            caps.len() as f64 * 1000.0 / text.len() as f64
        );
    }
}
