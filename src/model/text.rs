//! How decoded text travels from content to the detectors, with its structure at call.
//!
//! Content cuts each member into [`Block`]s and keeps a [`Tracker`] beside them. The detectors see
//! the bytes at once and ask the tracker only around candidates, so structure costs where it is
//! needed.

use std::ops::Range;

use super::place::Place;

/// Longest stretch of text after `own` that a block carries, in bytes: what one match may span.
pub const LOOKAHEAD_BYTES: usize = 16 * 1024;
/// Longest stretch of text before `own` that a block carries, in bytes: what context may need.
pub const LOOKBEHIND_BYTES: usize = 4 * 1024;

/// A run of decoded text with its surroundings.
///
/// `text` is UTF-8 in the main; sequences that are not valid UTF-8 may occur and must be borne.
/// A hit belongs to the block in whose `own` range it starts, so that consecutive blocks, whose
/// `own` ranges touch, report each hit once. `text` before and after `own` is context:
/// [`LOOKBEHIND_BYTES`] and [`LOOKAHEAD_BYTES`] of it, less only where the member begins or ends.
/// What is reported must depend on that context alone, never on where the blocks were cut.
#[derive(Clone, Debug)]
pub struct Block<'a> {
    pub text: &'a [u8],
    pub own: Range<usize>,
    /// Offset of `text[0]` in the member's decoded text, in bytes.
    pub start: u64,
    /// No text precedes `text[0]` in the member.
    pub first: bool,
    /// No text follows the end of `text` in the member.
    pub last: bool,
}

/// Which of Macie's three keyword rules holds for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextShape {
    /// Unstructured: a keyword counts within the distance. A field that [`Context::field_at`]
    /// knows of (the JSON payload of a log line) adds its names as keywords.
    Plain,
    /// CSV and TSV: a keyword counts in the same cell or in the name of the column.
    Columns,
    /// JSON and JSON Lines: a keyword counts in the same value or in the path to it.
    Records,
}

/// The field (cell, JSON value) that holds an offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Bytes of the value in the block's text, without enclosing quotes.
    pub value: Range<usize>,
    /// Stable within a member: equal keys mean equal names, so what a name decides can be cached.
    pub key: u64,
    /// 0-based column for [`TextShape::Columns`], else `None`.
    pub column: Option<u32>,
    /// The value is a name itself (header cell, JSON key), not data under a name.
    pub is_name: bool,
}

/// What the detectors may ask about the structure of the current block.
///
/// Offsets are into the current block's `text`. Any order is allowed; ascending calls are cheap.
pub trait Context {
    fn shape(&self) -> TextShape;

    /// The field that holds the byte at `at`, if the text has fields there.
    fn field_at(&mut self, block: &Block<'_>, at: usize) -> Option<Field>;

    /// Visits the names that stand for the field last returned: the column name, or the elements
    /// of the JSON path from the root. Array indexes are not names.
    fn field_names(&mut self, visit: &mut dyn FnMut(&str));

    /// Fields with names may be anywhere, so that each value is to be asked for its own. Only for
    /// [`TextShape::Plain`], where keywords near a value count as well.
    fn has_fields(&self) -> bool {
        false
    }

    /// Names of the columns, empty where there is no header or no table. There may be more of them
    /// with each block; those that were there stay.
    fn columns(&mut self, _block: &Block<'_>) -> &[String] {
        &[]
    }

    /// Visits the cells of the wanted columns whose value starts in `block.own`, in order.
    ///
    /// `wanted[i]`: whether column `i` (0-based) is of interest; columns beyond are not.
    /// The range is the value without enclosing quotes. Only for [`TextShape::Columns`].
    fn cells(
        &mut self,
        _block: &Block<'_>,
        _wanted: &[bool],
        _visit: &mut dyn FnMut(u32, Range<usize>),
    ) {
    }

    /// Visits the values that reach into `block.own` and are wanted by their names, each with its key,
    /// and every stretch of it of which that is not known, with none. `false`: nothing is known of
    /// the whole.
    ///
    /// `wanted` is asked with the key of a field, and a way to visit its names, and may be asked
    /// once for all fields of a key. Only for [`TextShape::Records`].
    fn values(
        &mut self,
        _block: &Block<'_>,
        _wanted: Wanted<'_>,
        _visit: &mut dyn FnMut(Option<u64>, Range<usize>),
    ) -> bool {
        false
    }
}

/// Is called with each name.
pub type VisitName<'a> = &'a mut dyn FnMut(&str);

/// Says of the key of a field, and its names from the root, whether its values are wanted.
pub type Wanted<'a> = &'a mut dyn FnMut(u64, &dyn Fn(VisitName<'_>)) -> bool;

/// A [`Context`] that also knows the way back to the stored bytes.
pub trait Tracker: Context {
    /// Makes `place` that of a range of the current block's text, whatever it was; names that are
    /// there already stay, which spares their counts. Ascending calls are cheap.
    fn place_into(&mut self, block: &Block<'_>, range: Range<usize>, place: &mut Place);

    /// The place of a range of the current block's text.
    fn place(&mut self, block: &Block<'_>, range: Range<usize>) -> Place {
        let mut place = Place::default();
        self.place_into(block, range, &mut place);
        place
    }
}

/// The context of text without structure: what tests and benches of the detectors use.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoContext;

impl Context for NoContext {
    fn shape(&self) -> TextShape {
        TextShape::Plain
    }
    fn field_at(&mut self, _: &Block<'_>, _: usize) -> Option<Field> {
        None
    }
    fn field_names(&mut self, _: &mut dyn FnMut(&str)) {}
}

impl<'a> Block<'a> {
    /// A text that is a whole member by itself.
    pub fn whole(text: &'a [u8]) -> Self {
        Block {
            text,
            own: 0..text.len(),
            start: 0,
            first: true,
            last: true,
        }
    }
}
