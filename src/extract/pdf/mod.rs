//! PDF: properties and bookmarks, then page by page the text in the order it is shown, the notes and the
//! fields on it, at last the files attached.
//!
//! lopdf parses the objects. What they show is told by `page` (content), `font`, `cmap` and `metrics`
//! (characters), `lines` (where they stand), `notes` and `about` (what is beside the pages).

mod about;
mod cmap;
mod content;
mod files;
mod font;
mod lines;
mod load;
mod metrics;
mod notes;
mod object;
mod page;

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lopdf::{Dictionary, Document, ObjectId};
use object::{array, deref, dictionary};

use super::body::Body;
use super::{Failure, Out};
use crate::model::{ReadAt, Reason};

/// Depth of the tree of pages.
const TREE_DEPTH_MAX: usize = 200;

/// Reads a document.
pub fn read(source: &Arc<dyn ReadAt>, out: &mut dyn Out) -> Result<(), Failure> {
    let loaded = load::load(source)?;
    let doc = &loaded.document;
    out.mime("application/pdf")?;
    if doc.is_encrypted() {
        return Err(Failure::broken(
            Reason::InvalidEncryption,
            "the document is locked with a password",
        ));
    }
    // Before the first page, so that it has no page.
    about::tell(doc, out)?;
    let mut told = HashSet::new();
    let pages = pages(doc);
    notes::tell_loose(doc, &pages, &mut told, out)?;
    let mut gaps = Gaps::default();
    let mut fonts = font::Fonts::default();
    let mut body = Body::new(out);
    for (number, id) in (1..).zip(&pages) {
        body.out()?.page(number)?;
        // A fault of the library, or ours, concerns this page only.
        let shown = catch_unwind(AssertUnwindSafe(|| page::show(doc, *id, &mut fonts)));
        let Ok(shown) = shown else {
            fonts = font::Fonts::default();
            gaps.broken.push(number);
            continue;
        };
        lines::tell(&shown.lines, &mut body)?;
        let noted = notes::tell(doc, *id, &shown.lines, &mut told, &mut fonts, body.out()?)?;
        let has_text = noted || !shown.lines.is_empty();
        if shown.is_cut {
            gaps.broken.push(number);
        } else if shown.unknown_run >= font::UNKNOWN_RUN_MIN {
            gaps.unknown.push(number);
        } else if !has_text && shown.pictures > 0 {
            gaps.pictures.push(number);
        }
    }
    body.end()?;
    gaps.tell(out)?;
    files::tell(doc, &pages, out)?;
    match (loaded.fault, pages.is_empty()) {
        (Some(fault), _) => Err(Failure::malformed(fault)),
        (None, true) => Err(Failure::malformed(
            "the document has no pages that can be found",
        )),
        (None, false) => Ok(()),
    }
}

/// The pages in their order, each once.
fn pages(doc: &Document) -> Vec<ObjectId> {
    let root = doc
        .catalog()
        .ok()
        .and_then(|catalog| catalog.get(b"Pages").ok())
        .and_then(|pages| pages.as_reference().ok());
    let mut pages = Vec::new();
    if let Some(root) = root {
        let mut seen = HashSet::from([root]);
        let mut stack = vec![kids(doc, root)];
        while let Some(level) = stack.last_mut() {
            let Some(id) = level.next() else {
                stack.pop();
                continue;
            };
            if !seen.insert(id) {
                continue;
            }
            let Ok(node) = doc.get_dictionary(id) else {
                continue;
            };
            match node.has(b"Kids") {
                false => pages.push(id),
                true if stack.len() < TREE_DEPTH_MAX => stack.push(kids(doc, id)),
                true => {}
            }
        }
    }
    if pages.is_empty() {
        // The tree is lost: in the order of their numbers.
        pages = doc
            .objects
            .iter()
            .filter(|(_, object)| is_page(object))
            .map(|(id, _)| *id)
            .collect();
    }
    pages
}

fn kids(doc: &Document, id: ObjectId) -> std::vec::IntoIter<ObjectId> {
    let node = doc.get_dictionary(id).ok();
    let kids = node.and_then(|node| array(doc, node, b"Kids"));
    let ids: Vec<ObjectId> = kids
        .into_iter()
        .flatten()
        .filter_map(|kid| kid.as_reference().ok())
        .collect();
    ids.into_iter()
}

fn is_page(object: &lopdf::Object) -> bool {
    object.as_dict().is_ok_and(|page| page.has_type(b"Page"))
}

/// A value that a page has, or takes from the nodes above it.
fn inherited<'a>(doc: &'a Document, page: &'a Dictionary, key: &[u8]) -> Option<&'a lopdf::Object> {
    let mut node = page;
    for _ in 0..TREE_DEPTH_MAX {
        if let Ok(value) = node.get(key) {
            return deref(doc, value);
        }
        node = dictionary(doc, node, b"Parent")?;
    }
    None
}

/// Pages that were not read, or not whole.
#[derive(Default)]
struct Gaps {
    pictures: Vec<u32>,
    unknown: Vec<u32>,
    broken: Vec<u32>,
}

impl Gaps {
    fn tell(&self, out: &mut dyn Out) -> Result<(), Failure> {
        let told = [
            (
                &self.pictures,
                Reason::UnsupportedFileTypeException,
                "is a picture",
                "are pictures",
            ),
            (
                &self.unknown,
                Reason::UnableToParseFile,
                "has characters that its fonts do not tell",
                "have characters that their fonts do not tell",
            ),
            (
                &self.broken,
                Reason::MalformedFile,
                "could not be read to its end",
                "could not be read to their end",
            ),
        ];
        for (pages, reason, one, many) in told {
            if let Some(detail) = named(pages, one, many) {
                out.gap(reason, &detail)?;
            }
        }
        Ok(())
    }
}

fn named(pages: &[u32], one: &str, many: &str) -> Option<String> {
    /// Pages that are told by number.
    const SHOWN: usize = 8;
    let numbers: Vec<String> = pages.iter().take(SHOWN).map(u32::to_string).collect();
    match pages.len() {
        0 => None,
        1 => Some(format!("page {} {one}", numbers[0])),
        n if n <= SHOWN => Some(format!("pages {} {many}", numbers.join(", "))),
        n => Some(format!(
            "pages {} and {} more {many}",
            numbers.join(", "),
            n - SHOWN
        )),
    }
}

#[cfg(test)]
mod tests;
