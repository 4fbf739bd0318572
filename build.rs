//! Builds the tables that the scanner embeds.

mod places {
    include!("src/detect/address/places_build.rs");
}

fn main() -> Result<(), String> {
    let lists = std::path::Path::new("detectors/words/places");
    println!("cargo::rerun-if-changed={}", lists.display());
    println!("cargo::rerun-if-changed=src/detect/address/places_build.rs");
    println!("cargo::rerun-if-changed=src/detect/address/fold.rs");
    let out = std::env::var("OUT_DIR").map_err(|e| format!("read OUT_DIR: {e}"))?;
    let path = std::path::Path::new(&out).join("places.bin");
    std::fs::write(&path, places::table(lists)?)
        .map_err(|e| format!("write table {}: {e}", path.display()))
}
