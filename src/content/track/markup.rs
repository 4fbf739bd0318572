//! Markup and mail: places in the stored text, and the element or attribute of an offset.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::super::blocks::Track;
use super::super::fault::{Fault, Scope};
use super::super::limits::Limits;
use super::super::markup::{Frame, Outline};
use super::super::unfold::{Map, Spot};
use super::near;
use super::payload::Payload;
use super::plain::view;
use crate::model::{Block, Context, Field, Place, Reason, TextShape, Tracker};

pub(crate) struct MarkupTracker {
    map: Rc<RefCell<Map>>,
    /// Leads from what `map` leads to further to the stored text.
    below: Option<Rc<RefCell<Map>>>,
    outline: Rc<RefCell<Outline>>,
    has_fields: bool,
    stored_base: Option<u64>,
    payload: Payload,
    /// What the field last returned stands in, unless it is one of JSON.
    told: Option<Rc<Frame>>,
    /// The path last told of.
    path: Option<(Rc<Frame>, Arc<str>)>,
}

impl MarkupTracker {
    pub fn new(
        map: Rc<RefCell<Map>>,
        outline: Rc<RefCell<Outline>>,
        stored_base: Option<u64>,
        limits: &Limits,
    ) -> Self {
        MarkupTracker {
            map,
            below: None,
            outline,
            has_fields: true,
            stored_base,
            payload: Payload::new(limits.payload_bytes_max, limits.json_depth_max),
            told: None,
            path: None,
        }
    }

    /// Text without a structure of its own.
    pub fn plain(map: Rc<RefCell<Map>>, stored_base: Option<u64>, limits: &Limits) -> Self {
        MarkupTracker {
            has_fields: false,
            ..MarkupTracker::new(map, Rc::default(), stored_base, limits)
        }
    }

    /// The text was itself unfolded, and `below` leads from there to the stored text.
    pub fn over(mut self, below: Rc<RefCell<Map>>) -> Self {
        self.below = Some(below);
        self
    }
}

impl Context for MarkupTracker {
    fn shape(&self) -> TextShape {
        TextShape::Plain
    }

    fn has_fields(&self) -> bool {
        self.has_fields
    }

    fn field_at(&mut self, block: &Block<'_>, at: usize) -> Option<Field> {
        self.told = None;
        let target = block.start + at as u64;
        let outline = self.outline.borrow();
        let stretch = outline.at(target)?;
        if target >= stretch.end {
            return None;
        }
        if let Some(mut field) = self.payload.field_at(view(block), stretch.start, target) {
            field.value = near(&field.value, at);
            return Some(field);
        }
        let frame = stretch.frame.as_ref()?;
        let from = stretch.start.saturating_sub(block.start) as usize;
        let to = stretch.end.saturating_sub(block.start);
        let to = usize::try_from(to).map_or(block.text.len(), |to| to.min(block.text.len()));
        self.told = Some(Rc::clone(frame));
        Some(Field {
            value: near(&(from..to), at),
            key: frame.key(),
            column: None,
            is_name: false,
        })
    }

    fn field_names(&mut self, visit: &mut dyn FnMut(&str)) {
        match &self.told {
            Some(frame) => frame.names(visit),
            None => self.payload.field_names(visit),
        }
    }
}

impl Tracker for MarkupTracker {
    fn place_into(&mut self, block: &Block<'_>, range: Range<usize>, place: &mut Place) {
        *place = self.whole_place(block, range);
    }
}

impl MarkupTracker {
    fn path_at(&mut self, at: u64) -> Option<Arc<str>> {
        let outline = self.outline.borrow();
        let frame = outline.at(at).filter(|s| at < s.end)?.frame.as_ref()?;
        if let Some((known, path)) = &self.path
            && Rc::ptr_eq(known, frame)
        {
            return Some(Arc::clone(path));
        }
        let path: Arc<str> = frame.path().into();
        self.path = Some((Rc::clone(frame), Arc::clone(&path)));
        Some(path)
    }

    /// Where the first and the last character of a range begin, and where the last one ends.
    fn spots(&self, block: &Block<'_>, first: u64, last: u64) -> Option<(Spot, Spot, Spot)> {
        let map = self.map.borrow();
        let (first, _) = map.spots(Some(block), first)?;
        let (last, after) = map.spots(Some(block), last)?;
        let Some(below) = &self.below else {
            return Some((first, last, after));
        };
        let below = below.borrow();
        let end = after.offset.max(first.offset + 1) - 1;
        let (first, _) = below.spots(None, first.offset)?;
        let (last, after) = below.spots(None, end)?;
        Some((first, last, after))
    }

    fn whole_place(&mut self, block: &Block<'_>, range: Range<usize>) -> Place {
        let at = block.start + range.start as u64;
        let last_at = at.max((block.start + range.end as u64).saturating_sub(1));
        // No text without a segment comes out; a range outside of the block has no place.
        let Some((first, last, after)) = self.spots(block, at, last_at) else {
            return Place::default();
        };
        Place {
            path: self.path_at(at),
            ..first.place(last, after, self.stored_base)
        }
    }
}

impl Track for MarkupTracker {
    fn retire(&mut self, block: &Block<'_>, upto: usize) {
        let from = block.start + upto as u64;
        let mut outline = self.outline.borrow_mut();
        let open = outline.at(from.saturating_sub(1)).map_or(from, |s| s.start);
        self.payload.retire(view(block), open, from);
        outline.retire(from);
        let mut map = self.map.borrow_mut();
        map.retire(from);
        if let (Some(below), Some(floor)) = (&self.below, map.floor()) {
            below.borrow_mut().retire(floor);
        }
    }

    fn lacking(&self) -> Option<Fault> {
        let outline = self.outline.borrow();
        let detail = match (outline.too_deep, outline.unfinished) {
            (true, _) => "elements are nested so deep that not all of them were followed",
            (false, true) => "the document ends within an element",
            (false, false) => return None,
        };
        Some(Fault::new(Scope::Stream, Reason::UnableToParseFile, detail))
    }
}
