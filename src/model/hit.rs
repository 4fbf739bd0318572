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
