//! Slides of Office Open XML: what stands behind all slides, then each slide as a page, with its notes and
//! comments, and the files embedded in them.

use std::collections::{BTreeSet, HashSet};

use super::body::Body;
use super::ooxml::{self, Types};
use super::package::Package;
use super::parts::{self, Kind};
use super::xml::{Node, Xml};
use super::{Failure, Out, docx};

/// Bytes of the list of slides at most.
const LIST_BYTES_MAX: u64 = 64 << 20;

/// Reads slides whose main part is `main`.
pub fn read(
    package: &mut Package,
    main: &str,
    mime: &'static str,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    out.mime(mime)?;
    let types = ooxml::lists(Types::read(package), out)?;
    let slides = slides(package, main, out)?;
    let mut authors = BTreeSet::new();
    let mut body = Body::new(out);
    // The parts of each slide, so that what is left can be told before the first page.
    let mut seen = HashSet::from([main.to_ascii_lowercase()]);
    let mut pages = Vec::with_capacity(slides.len());
    for slide in slides {
        let mut page = Vec::new();
        if seen.insert(slide.to_ascii_lowercase()) {
            page.push(slide.clone());
        }
        let relations = ooxml::lists(ooxml::relations(package, &slide), body.out()?)?;
        let mut related: Vec<_> = relations
            .into_values()
            .filter(|r| !r.external && !matches!(r.kind.as_str(), "slide" | "slideLayout"))
            .map(|r| r.target)
            .collect();
        related.sort_unstable();
        for part in related {
            let is_story = parts::kind(&types, &part) == Kind::Story;
            if is_story && package.has(&part) && seen.insert(part.to_ascii_lowercase()) {
                page.push(part);
            }
        }
        pages.push(page);
    }
    docx::others(package, &types, &mut seen, &mut authors, &mut body)?;
    authors.clear();
    for (number, page) in (1..).zip(&pages) {
        body.out()?.page(number)?;
        for part in page {
            docx::tell(package, part, false, &mut authors, &mut body)?;
        }
    }
    docx::members(package, &types, out)
}

/// The parts of the slides, in their order.
fn slides(package: &mut Package, main: &str, out: &mut dyn Out) -> Result<Vec<String>, Failure> {
    let relations = ooxml::lists(ooxml::relations(package, main), out)?;
    let list = ooxml::lists(package.small(main, LIST_BYTES_MAX), out)?.unwrap_or_default();
    let (mut xml, mut slides) = (Xml::new(list.as_slice()), Vec::new());
    loop {
        match xml.next() {
            Ok(Node::Start(e)) if e.name() == "sldId" => {
                // Two attributes are called `id`; that of the relation has a prefix.
                let target = e
                    .attributes()
                    .filter(|(name, _)| *name == "id")
                    .find_map(|(_, id)| relations.get(&id));
                if let Some(relation) = target.filter(|r| !r.external) {
                    slides.push(relation.target.clone());
                }
            }
            Ok(Node::Eof) | Err(_) => return Ok(slides),
            Ok(_) => {}
        }
    }
}
