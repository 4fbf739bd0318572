//! Precision and recall of NAME on the labelled texts of `fixtures/labelled/name.txt`.

use magpie::detect::name::find_all;

/// One section of the labelled texts, and how it went.
#[derive(Default)]
struct Score {
    section: String,
    hit: usize,
    missed: Vec<String>,
    wrong: Vec<String>,
}

/// Takes the marks out: the text, and the ranges that stood between them.
fn unmark(line: &str) -> (String, Vec<std::ops::Range<usize>>) {
    let mut text = String::new();
    let mut names = Vec::new();
    let mut start = 0;
    let line = line.replace("\\n", "\n").replace("\\t", "\t");
    for ch in line.chars() {
        match ch {
            '«' => start = text.len(),
            '»' => names.push(start..text.len()),
            other => text.push(other),
        }
    }
    (text, names)
}

fn measure() -> Vec<Score> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/labelled/name.txt");
    let all = std::fs::read_to_string(file).expect("labelled texts");
    let mut scores: Vec<Score> = Vec::new();
    for line in all.lines() {
        if let Some(section) = line.strip_prefix("## ") {
            scores.push(Score {
                section: section.to_string(),
                ..Score::default()
            });
            continue;
        }
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let score = scores.last_mut().expect("a section");
        let (text, names) = unmark(line);
        let found: Vec<_> = find_all(text.as_bytes())
            .into_iter()
            .map(|m| m.range)
            .collect();
        for name in &names {
            if found.contains(name) {
                score.hit += 1;
            } else {
                score
                    .missed
                    .push(format!("{} in {line}", &text[name.clone()]));
            }
        }
        for range in &found {
            if !names.contains(range) {
                let shown = String::from_utf8_lossy(&text.as_bytes()[range.clone()]).to_string();
                score.wrong.push(format!("{shown} in {line}"));
            }
        }
    }
    scores
}

#[test]
fn labelled_texts() {
    let scores = measure();
    let (mut hit, mut missed, mut wrong) = (0, 0, 0);
    for s in &scores {
        println!(
            "{:40} hit {:3} missed {:3} wrong {:3}",
            s.section,
            s.hit,
            s.missed.len(),
            s.wrong.len()
        );
        s.missed.iter().for_each(|m| println!("  missed {m}"));
        s.wrong.iter().for_each(|m| println!("  wrong  {m}"));
        hit += s.hit;
        missed += s.missed.len();
        wrong += s.wrong.len();
    }
    let recall = hit as f64 / (hit + missed) as f64;
    let precision = hit as f64 / (hit + wrong) as f64;
    println!("recall {recall:.3} precision {precision:.3}");
    assert!(hit + missed > 100, "the labelled texts were not read");
    assert!(recall >= 0.90, "recall {recall:.3}, at least 0.90");
    assert!(precision >= 0.92, "precision {precision:.3}, at least 0.92");
}
