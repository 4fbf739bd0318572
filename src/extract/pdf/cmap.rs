//! Character maps of PDF fonts: how bytes are cut into codes, and what text codes stand for.

use std::borrow::Cow;
use std::collections::HashMap;

use lopdf::Object;

use super::content::Content;

/// Codes that one map tells of singly, and ranges.
const ENTRIES_MAX: usize = 1 << 18;
/// Units of UTF-16 that one code stands for.
const UNITS_MAX: usize = 64;

#[derive(Default)]
pub struct CMap {
    /// First and last code, and their length in bytes.
    spaces: Vec<(u32, u32, usize)>,
    singles: HashMap<u32, String>,
    /// First and last code, and the text of the first; sorted by the first.
    ranges: Vec<(u32, u32, Vec<u16>)>,
}

impl CMap {
    pub fn parse(bytes: &[u8]) -> Self {
        let mut map = CMap::default();
        let mut content = Content::with_operands(bytes, ENTRIES_MAX);
        while let Some(operation) = content.next() {
            let operands = operation.operands.as_slice();
            match operation.operator {
                b"endcodespacerange" => map.spaces(operands),
                b"endbfchar" => map.singles(operands),
                b"endbfrange" => map.ranges(operands),
                _ => {}
            }
        }
        map.ranges.sort_by_key(|(first, ..)| *first);
        map
    }

    fn spaces(&mut self, operands: &[Object]) {
        for pair in operands.chunks_exact(2) {
            if let (Some((first, len)), Some((last, _))) = (code(&pair[0]), code(&pair[1]))
                && self.spaces.len() < 1_000
            {
                self.spaces.push((first, last, len));
            }
        }
    }

    fn singles(&mut self, operands: &[Object]) {
        for pair in operands.chunks_exact(2) {
            if let (Some((first, _)), Some(units)) = (code(&pair[0]), units(&pair[1]))
                && self.singles.len() < ENTRIES_MAX
            {
                self.singles.insert(first, String::from_utf16_lossy(&units));
            }
        }
    }

    fn ranges(&mut self, operands: &[Object]) {
        for triple in operands.chunks_exact(3) {
            let (Some((first, _)), Some((last, _))) = (code(&triple[0]), code(&triple[1])) else {
                continue;
            };
            if let Object::Array(texts) = &triple[2] {
                for (code, text) in (first..=last).zip(texts) {
                    if let Some(units) = units(text)
                        && self.singles.len() < ENTRIES_MAX
                    {
                        self.singles.insert(code, String::from_utf16_lossy(&units));
                    }
                }
            } else if let Some(units) = units(&triple[2])
                && self.ranges.len() < ENTRIES_MAX
            {
                self.ranges.push((first, last, units));
            }
        }
    }

    /// The text of a code; `None`: it is not told, or told to be nothing that is known.
    pub fn text(&self, code: u32) -> Option<Cow<'_, str>> {
        let text = match self.singles.get(&code) {
            Some(text) => Cow::Borrowed(text.as_str()),
            None => {
                let after = self.ranges.partition_point(|(first, ..)| *first <= code);
                let (first, last, units) = self.ranges.get(after.checked_sub(1)?)?;
                if code > *last {
                    return None;
                }
                let mut units = units.clone();
                let unit = units.last_mut()?;
                *unit = unit.wrapping_add((code - first) as u16);
                Cow::Owned(String::from_utf16_lossy(&units))
            }
        };
        let is_known = |c: char| !matches!(c, '\0' | '\u{fffd}' | '\u{e000}'..='\u{f8ff}');
        text.chars().any(is_known).then_some(text)
    }

    /// Whether codes are told at all.
    pub fn is_empty(&self) -> bool {
        self.singles.is_empty() && self.ranges.is_empty()
    }

    pub fn has_spaces(&self) -> bool {
        !self.spaces.is_empty()
    }

    /// Cuts the first code off: its value and its length.
    pub fn cut(&self, bytes: &[u8]) -> (u32, usize) {
        let mut value = 0;
        for (at, byte) in bytes.iter().take(4).enumerate() {
            value = value << 8 | u32::from(*byte);
            let fits = |(first, last, len): &(u32, u32, usize)| {
                *len == at + 1 && (*first..=*last).contains(&value)
            };
            if self.spaces.iter().any(fits) {
                return (value, at + 1);
            }
        }
        // In no space: as long as the shortest.
        let len = self.spaces.iter().map(|s| s.2).min().unwrap_or(1);
        let len = len.clamp(1, bytes.len().max(1));
        let value = bytes
            .iter()
            .take(len)
            .fold(0, |value, byte| value << 8 | u32::from(*byte));
        (value, len)
    }
}

fn code(object: &Object) -> Option<(u32, usize)> {
    let bytes = object
        .as_str()
        .ok()
        .filter(|b| (1..=4).contains(&b.len()))?;
    let value = bytes
        .iter()
        .fold(0, |value, byte| value << 8 | u32::from(*byte));
    Some((value, bytes.len()))
}

fn units(object: &Object) -> Option<Vec<u16>> {
    let bytes = object.as_str().ok()?;
    if let [single] = bytes {
        return Some(vec![u16::from(*single)]);
    }
    let units = bytes.chunks_exact(2).take(UNITS_MAX);
    Some(units.map(|u| u16::from_be_bytes([u[0], u[1]])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_cut_and_told() {
        let map = CMap::parse(
            b"/CMapName /X def 2 begincodespacerange <00> <7F> <8000> <FFFF> endcodespacerange
            2 beginbfchar <01> <0041> <8001> <D83DDE00> endbfchar
            2 beginbfrange <10> <12> <0061> <20> <21> [<0078> <00660066>] endbfrange",
        );
        let cut = |bytes: &[u8]| map.cut(bytes);
        assert_eq!(cut(&[0x01, 0x80]), (1, 1));
        assert_eq!(cut(&[0x80, 0x01, 0x02]), (0x8001, 2));
        let text = |code| map.text(code).unwrap_or_default().into_owned();
        let texts: Vec<String> = [1, 0x8001, 0x10, 0x12, 0x13, 0x20, 0x21].map(text).into();
        assert_eq!(texts, ["A", "\u{1f600}", "a", "c", "", "x", "ff"]);
    }
}
