//! Makes the word table of the NAME detector from `detectors/words/`.

use std::{env, fs, path::Path};

#[path = "src/detect/name/table.rs"]
mod table;

/// The lists that make the table, in the order in which they are read.
const LISTS: [&str; 7] = [
    "classes",
    "first_names",
    "surnames",
    "common_words",
    "places",
    "phrases",
    "not_people",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=src/detect/name/table.rs");
    let mut texts = Vec::new();
    for list in LISTS {
        let path = format!("detectors/words/{list}.txt");
        println!("cargo::rerun-if-changed={path}");
        texts.push(fs::read_to_string(&path).map_err(|e| format!("read {path}: {e}"))?);
    }
    let lists: Vec<(&str, &str)> = LISTS
        .into_iter()
        .zip(texts.iter().map(String::as_str))
        .collect();
    let out = env::var_os("OUT_DIR").ok_or("find OUT_DIR: not set")?;
    let table = table::build(&lists)?;
    // a word that cannot be found again would silently weaken the detector
    for (word, kind) in [
        ("john", table::Class::None),
        ("university", table::Class::Organisation),
    ] {
        let found = table::key(word.as_bytes()).map(|key| table::find(&table, &key, word.len()));
        if found.is_none_or(|entry| entry == table::Entry::NONE || entry.class != kind) {
            return Err(format!("check name table: {word} is not found as {kind:?}").into());
        }
    }
    fs::write(Path::new(&out).join("name_table.bin"), table)?;
    Ok(())
}
