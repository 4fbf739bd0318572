//! Makes what the library embeds: the detector files, and the tables of the recognisers' word lists.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[path = "src/detect/name/table.rs"]
mod table;
mod places {
    include!("src/detect/address/places_build.rs");
}

/// The lists that make the table of names, in the order in which they are read.
const NAME_LISTS: [&str; 7] = [
    "classes",
    "first_names",
    "surnames",
    "common_words",
    "places",
    "phrases",
    "not_people",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    detectors(&root, &out)?;
    names(&out)?;
    places(&out)?;
    // what the lists make of the names and places is part of what a catalogue answers
    let mut hash = Fnv::new();
    for table in ["name_table.bin", "places.bin"] {
        hash.add(&fs::read(out.join(table))?);
    }
    println!("cargo::rustc-env=MAGPIE_LISTS={:016x}", hash.0);
    Ok(())
}

/// Every `.toml` under `detectors/`, in order of path, and where its examples begin.
fn detectors(root: &Path, out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let folder = root.join("detectors");
    println!("cargo::rerun-if-changed=detectors");
    let mut files = Vec::new();
    collect(&folder, &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file
            .strip_prefix(root)?
            .to_string_lossy()
            .replace('\\', "/");
        let examples = examples_at(&fs::read_to_string(file)?);
        let path = file.to_string_lossy();
        writeln!(code, "    ({name:?}, include_str!({path:?}), {examples}),")?;
    }
    code.push_str("]\n");
    fs::write(out.join("detectors.rs"), code)?;
    Ok(())
}

/// Where the examples of a detector file begin, if nothing but examples follows; else its end.
fn examples_at(text: &str) -> usize {
    let is_example =
        |line: &str| line.starts_with("[[positive]]") || line.starts_with("[[negative]]");
    let mut at = 0;
    let mut first = None;
    for line in text.split_inclusive('\n') {
        if is_example(line) {
            first = first.or(Some(at));
        } else if line.starts_with('[') {
            first = None;
        }
        at += line.len();
    }
    first.unwrap_or(text.len())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
    Ok(())
}

/// The word table of the NAME detector.
fn names(out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=src/detect/name/table.rs");
    let mut texts = Vec::new();
    for list in NAME_LISTS {
        let path = format!("detectors/words/{list}.txt");
        println!("cargo::rerun-if-changed={path}");
        texts.push(fs::read_to_string(&path).map_err(|e| format!("read {path}: {e}"))?);
    }
    let lists: Vec<(&str, &str)> = NAME_LISTS
        .into_iter()
        .zip(texts.iter().map(String::as_str))
        .collect();
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
    fs::write(out.join("name_table.bin"), table)?;
    Ok(())
}

/// The tables of places of the ADDRESS detector.
fn places(out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let lists = Path::new("detectors/words/places");
    println!("cargo::rerun-if-changed={}", lists.display());
    println!("cargo::rerun-if-changed=src/detect/address/places_build.rs");
    println!("cargo::rerun-if-changed=src/detect/address/fold.rs");
    fs::write(out.join("places.bin"), places::table(lists)?)?;
    Ok(())
}

/// FNV-1a, 64 bits: the same on every machine and with every compiler.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = (self.0 ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
