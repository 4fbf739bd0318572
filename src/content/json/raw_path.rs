//! Paths as they stand in the text: compared and remembered without being read.
//!
//! An index is a 0 and eight bytes; a name is a 1, its length in four bytes, and its raw bytes.

use std::sync::Arc;

use super::names::unescape;
use super::path::{Element, render};

const INDEX: u8 = 0;
const NAME: u8 = 1;
/// Paths remembered; records have few.
const KNOWN_MAX: usize = 16;

pub(crate) fn index(index: u64, out: &mut Vec<u8>) {
    out.push(INDEX);
    out.extend_from_slice(&index.to_le_bytes());
}

/// `raw` is no longer than a name that is kept.
pub(crate) fn name(raw: &[u8], out: &mut Vec<u8>) {
    out.push(NAME);
    out.extend_from_slice(&(raw.len() as u32).to_le_bytes());
    out.extend_from_slice(raw);
}

fn elements(mut raw: &[u8]) -> Vec<Element> {
    let mut elements = Vec::new();
    while let Some((&kind, rest)) = raw.split_first() {
        if kind == INDEX {
            let Some((index, rest)) = rest.split_first_chunk() else {
                break;
            };
            elements.push(Element::Index(u64::from_le_bytes(*index)));
            raw = rest;
            continue;
        }
        let Some((len, rest)) = rest.split_first_chunk() else {
            break;
        };
        let len = (u32::from_le_bytes(*len) as usize).min(rest.len());
        let (name, rest) = rest.split_at(len);
        elements.push(Element::Name(unescape(name)));
        raw = rest;
    }
    elements
}

/// A path as people read it.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub text: Arc<str>,
    /// Of a value in a record of CloudTrail: `$.Records[0]`…
    pub in_trail: bool,
}

/// Paths last written.
#[derive(Debug, Default)]
pub(crate) struct Known {
    paths: Vec<(Vec<u8>, Path)>,
    /// The one to be replaced next.
    next: usize,
}

impl Known {
    pub fn path(&mut self, raw: &[u8]) -> Path {
        if let Some((_, path)) = self.paths.iter().find(|(known, _)| known == raw) {
            return path.clone();
        }
        let elements = elements(raw);
        let path = Path {
            text: render(&elements).into(),
            in_trail: matches!(
                elements.as_slice(),
                [Element::Name(first), Element::Index(_), ..] if first == "Records"
            ),
        };
        let known = (raw.to_owned(), path.clone());
        match self.paths.get_mut(self.next) {
            Some(old) => *old = known,
            None => self.paths.push(known),
        }
        self.next = (self.next + 1) % KNOWN_MAX;
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_and_remembered() {
        let mut known = Known::default();
        for round in 0..2 {
            for number in 0..100 {
                let mut raw = Vec::new();
                name(br"a\u0062", &mut raw);
                index(number, &mut raw);
                name(b"", &mut raw);
                let path = known.path(&raw);
                assert_eq!(&*path.text, format!("$.ab[{number}]['']"), "{round}");
                assert!(!path.in_trail);
            }
        }
        let mut raw = Vec::new();
        name(b"Records", &mut raw);
        index(7, &mut raw);
        assert!(known.path(&raw).in_trail);
        assert_eq!(&*known.path(&raw).text, "$.Records[7]");
        assert!(Arc::ptr_eq(&known.path(&raw).text, &known.path(&raw).text));
        assert_eq!(&*known.path(&[]).text, "$");
        assert!(known.paths.len() <= KNOWN_MAX);
    }
}
