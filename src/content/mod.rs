//! Bytes to blocks of text, and from a range of text back to its place.
//!
//! [`walk`] takes one object as a stream, opens what containers it is made of (gzip, zip, tar, one
//! in another), tells text from other content, decodes it to UTF-8 and hands it to a
//! [`Visitor`](crate::model::Visitor) block by block. Beside each block stands a
//! [`Tracker`](crate::model::Tracker) that knows, when asked, the fields of the text (cells, JSON
//! values) and the place of a range: stored bytes, line, cell, JSON path, log event.
//!
//! Types are told by content; names decide only where content leaves a choice. Names of members
//! are for people: nothing is ever written, and no path is ever opened. What could not be read is
//! told with a reason. Memory is bounded for any input: one block, one window per open container,
//! where a zip archive comes without random access the archive up to a limit, and gzip objects as
//! far as the [`Memory`] goes that all walks share.
//!
//! Where sources come from and what is looked for is left to others.

mod access;
mod blocks;
mod by_name;
mod bytes;
mod document;
mod encoding;
mod fault;
mod gzip;
mod inflate;
mod json;
mod keys;
mod layout;
mod limits;
mod mail;
mod markup;
mod memory;
mod messages;
mod quotas;
mod rendered;
mod room;
mod sniff;
mod source;
mod sql;
mod squeezed;
mod table;
mod tar;
mod text;
mod track;
mod unfold;
mod verdict;
mod walk;
mod zip;

pub use crate::extract::Bounds;
pub use by_name::unsupported_by_name;
pub use limits::Limits;
pub use memory::Memory;
pub use quotas::{Kinds, Quotas};
pub use walk::{Input, walk};
