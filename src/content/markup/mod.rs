//! HTML and XML: text and attribute values, without the tags that stand between them.
//!
//! [`Unfold`] takes the marks out as a text streams, undoes its entities and keeps the way back; it is
//! loose about the grammar, and whatever is no mark comes out as text. Borders of elements part what
//! stands before and behind them, but tags inside a line (`<b>`) do not part a word. Comments,
//! scripts and the like are text too. [`Outline`] knows of each stretch the [`Frame`] it stands in.
//!
//! Entities that a document declares are not expanded. What a page looks like is left to browsers.

mod elements;
mod entity;
mod outline;
mod tag;
mod tell;
mod tree;
mod unfold;

pub(crate) use outline::{Frame, Outline};
pub(crate) use tell::tell;
pub(crate) use unfold::{Mode, Turning, Unfold};
