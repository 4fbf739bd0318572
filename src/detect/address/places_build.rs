// Makes the table of place names, zones and street words from the lists in
// `detectors/words/places/`, at build time.
//
// The build script holds `mod places { include!("src/detect/address/places_build.rs"); }` and
// writes `places::table(dir)?` to `$OUT_DIR/places.bin`, which `table.rs` embeds. The scanner does
// not compile this file.
//
// Form: for FR, ES and IT in turn, 100 names of zones of 4 bytes each (padded with NUL), by the
// first two digits of the postcode; then `WORD_SLOTS` slots of street words, each the high 32 bits
// of the key and the word's classes (0 for free), both little-endian u32; then a power of two of little-endian u32 slots, open
// addressing with linear probing from the low bits of the key. A slot holds the key's high 32
// bits, 0 for free.

include!("fold.rs");

/// Countries in the order of their classes: that of `Country` in `table.rs`.
const COUNTRIES: &[&str] = &["us", "ca", "gb", "au", "fr", "de", "es", "it", "br"];

/// Reads every list below `dir` and answers the table's bytes.
///
/// # Errors
/// A list that cannot be read or a line of the wrong form, with file and line.
pub(crate) fn table(dir: &std::path::Path) -> Result<Vec<u8>, String> {
    let mut keys = Vec::new();
    let mut header = vec![0u8; 3 * 100 * 4];
    for (index, country) in COUNTRIES.iter().enumerate() {
        each_line(&dir.join(format!("{country}.txt")), &mut |line| {
            let (name, zones) = line.split_once('\t').ok_or("no tab between name and zones")?;
            for zone in zones.split(' ') {
                keys.push(name_key(PLACES + index as u8, zone, name)?);
            }
            Ok(())
        })?;
    }
    each_line(&dir.join("zones.txt"), &mut |line| {
        let mut parts = line.split('\t');
        let (Some(country), Some(zone), Some(starts)) = (parts.next(), parts.next(), parts.next()) else {
            return Err("not country, zone and postcode starts");
        };
        let folded = country.to_ascii_lowercase();
        let place = COUNTRIES.iter().position(|c| *c == folded).ok_or("unknown country")?;
        for start in starts.split(' ') {
            if let Some(index) = ["FR", "ES", "IT"].iter().position(|c| *c == country) {
                let prefix: usize = start.parse().map_err(|_| "postcode start is not a number")?;
                let at = (index * 100 + prefix) * 4;
                let place = header.get_mut(at..at + zone.len()).filter(|_| zone.len() <= 4);
                place.ok_or("zone or postcode start too long")?.copy_from_slice(zone.as_bytes());
            }
            keys.push(name_key(STARTS + place as u8, zone, start)?);
        }
        Ok(())
    })?;
    let mut words = std::collections::BTreeMap::<u64, u32>::new();
    let mut class = 0;
    each_line(&dir.join("street-words.txt"), &mut |line| {
        if let Some(name) = line.strip_prefix('[') {
            let name = name.trim_end_matches(']');
            class = CLASSES.iter().position(|c| *c == name).ok_or("unknown class")?;
        } else {
            for word in line.split_whitespace() {
                *words.entry(name_key(WORDS, "", word)?).or_default() |= 1 << class;
            }
        }
        Ok(())
    })?;
    if words.len() * 4 > WORD_SLOTS * 3 {
        return Err(format!("{} street words need more than {WORD_SLOTS} slots", words.len()));
    }
    let mut slots = vec![(0u32, 0u32); WORD_SLOTS];
    for (key, classes) in words {
        let mut slot = key as usize & (WORD_SLOTS - 1);
        while slots[slot].1 != 0 {
            slot = (slot + 1) & (WORD_SLOTS - 1);
        }
        slots[slot] = ((key >> 32) as u32, classes);
    }
    for (mark, classes) in slots {
        header.extend(mark.to_le_bytes());
        header.extend(classes.to_le_bytes());
    }
    keys.sort_unstable();
    keys.dedup();
    let slots = (keys.len() * 3 / 2).next_power_of_two();
    let mut table = vec![0u32; slots];
    for key in &keys {
        let mut slot = *key as usize & (slots - 1);
        let mark = (key >> 32) as u32;
        while table[slot] != 0 && table[slot] != mark.max(1) {
            slot = (slot + 1) & (slots - 1);
        }
        table[slot] = mark.max(1);
    }
    header.extend(table.iter().flat_map(|slot| slot.to_le_bytes()));
    Ok(header)
}

fn name_key(class: u8, zone: &str, name: &str) -> Result<u64, &'static str> {
    let mut folded = [0; FOLDED_BYTES_MAX];
    let length = fold(name.as_bytes(), &mut folded).ok_or("name of more than 48 bytes")?;
    if zone.len() > 4 {
        return Err("zone of more than 4 bytes");
    }
    Ok(key(class, zone.as_bytes(), &folded[..length]))
}

fn each_line(
    path: &std::path::Path,
    take: &mut dyn FnMut(&str) -> Result<(), &'static str>,
) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("read word list {}: {e}", path.display()))?;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        take(line).map_err(|e| format!("read word list {}: line {}: {e}", path.display(), index + 1))?;
    }
    Ok(())
}
