//! What the detectors answer: which detector, which bytes, and why.

use std::ops::Range;

/// One accepted match in a block's text. Small and without the matched text.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Index into [`CatalogueIndex::detectors`](super::CatalogueIndex).
    pub detector: u16,
    /// Half-open byte range into the block's text.
    pub range: Range<usize>,
    /// Bit `i`: the detector's `checks[i]` passed.
    pub checks: u32,
    pub keyword: Option<KeywordHit>,
    /// 0 to 1.
    pub confidence: f32,
    /// Detectors of overlapping values that this one is better than.
    pub rivals: Rivals,
}

/// Most [`Rivals`] of one match.
pub const RIVALS_MAX: usize = 4;

/// Detectors by number, ascending, each once; the first [`RIVALS_MAX`] that are told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Rivals([u16; RIVALS_MAX]);

impl Rivals {
    /// Stands for no detector: a catalogue has fewer.
    const NONE: u16 = u16::MAX;

    /// Adds a detector, if there is room for another.
    pub fn insert(&mut self, detector: u16) {
        let [.., last] = self.0;
        if last == Self::NONE && !self.0.contains(&detector) {
            self.0[RIVALS_MAX - 1] = detector;
            self.0.sort_unstable();
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0[0] == Self::NONE
    }

    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        self.0.iter().copied().filter(|d| *d != Self::NONE)
    }
}

impl Default for Rivals {
    fn default() -> Self {
        Rivals([Self::NONE; RIVALS_MAX])
    }
}

impl FromIterator<u16> for Rivals {
    fn from_iter<I: IntoIterator<Item = u16>>(detectors: I) -> Self {
        let mut rivals = Rivals::default();
        for detector in detectors {
            rivals.insert(detector);
        }
        rivals
    }
}

impl std::fmt::Debug for Rivals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// The keyword that made a match count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeywordHit {
    /// Index into [`CatalogueIndex::keywords`](super::CatalogueIndex).
    pub keyword: u32,
    /// Characters between the nearest ends; `None` for a column or path name.
    pub distance: Option<u16>,
    pub side: Side,
}

/// On which side of the value the keyword stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    Before,
    After,
    /// In the name of the value's column.
    Column,
    /// In the JSON path to the value.
    Path,
}

impl Side {
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Before => "before",
            Side::After => "after",
            Side::Column => "column",
            Side::Path => "path",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rivals_ascend_once_each_and_are_few() {
        let list = |detectors: &[u16]| -> Vec<u16> {
            detectors
                .iter()
                .copied()
                .collect::<Rivals>()
                .iter()
                .collect()
        };
        assert!(Rivals::default().is_empty());
        assert_eq!(list(&[7, 3, 7, 0]), [0, 3, 7]);
        assert_eq!(list(&[9, 8, 7, 6, 5, 4]), [6, 7, 8, 9]);
    }
}
