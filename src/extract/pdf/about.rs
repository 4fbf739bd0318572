//! What a PDF says of itself: its properties, their XML form, and bookmarks.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::super::xml::{Node, Xml};
use super::super::{Failure, Out};
use super::object::{as_dictionary, deref, dictionary, get, plain, string};

/// Bookmarks that are told.
const BOOKMARKS_MAX: usize = 1_000_000;

/// Properties that are no text.
const DULL: &[&[u8]] = &[b"CreationDate", b"ModDate", b"Trapped"];

pub fn tell(doc: &Document, out: &mut dyn Out) -> Result<(), Failure> {
    let mut told = HashSet::new();
    let info = doc.trailer.get(b"Info").ok().and_then(|i| deref(doc, i));
    for (key, value) in info.and_then(as_dictionary).into_iter().flatten() {
        let text = deref(doc, value).and_then(string).unwrap_or_default();
        if text.is_empty() || DULL.contains(&key.as_slice()) {
            continue;
        }
        out.line(&format!("{}: {text}", String::from_utf8_lossy(key)))?;
        told.insert(text);
    }
    let Ok(catalog) = doc.catalog() else {
        return Ok(());
    };
    if let Some(Object::Stream(stream)) = get(doc, catalog, b"Metadata")
        && let Some(plain) = plain(doc, stream)
    {
        // The same again, mostly.
        for text in xml_texts(&plain.bytes) {
            if told.insert(text.clone()) {
                out.line(&text)?;
            }
        }
    }
    bookmarks(doc, catalog, out)
}

/// Pieces of text and values of attributes that hold blanks, or more than names.
fn xml_texts(xml: &[u8]) -> Vec<String> {
    let (mut xml, mut texts, mut open) = (Xml::new(xml), Vec::new(), String::new());
    loop {
        let node = xml.next();
        if let Ok(Node::Text(text)) = &node {
            open.push_str(text);
            continue;
        }
        let text = std::mem::take(&mut open);
        if !text.trim().is_empty() {
            texts.push(text.trim().to_owned());
        }
        match node {
            Ok(Node::Start(element)) => {
                let values = element.attributes().filter(|(name, value)| {
                    !matches!(*name, "about" | "lang" | "xmptk" | "parseType") && !value.is_empty()
                });
                texts.extend(values.map(|(_, value)| value));
            }
            Ok(Node::Eof) | Err(_) => return texts,
            Ok(_) => {}
        }
    }
}

fn bookmarks(doc: &Document, catalog: &Dictionary, out: &mut dyn Out) -> Result<(), Failure> {
    let root = dictionary(doc, catalog, b"Outlines");
    let mut seen: HashSet<ObjectId> = HashSet::new();
    let mut stack: Vec<&Object> = Vec::new();
    stack.extend(root.and_then(|root| root.get(b"First").ok()));
    while let Some(object) = stack.pop() {
        let is_new = object.as_reference().is_ok_and(|id| seen.insert(id));
        let Some(node) = deref(doc, object).and_then(as_dictionary) else {
            continue;
        };
        if !is_new || seen.len() > BOOKMARKS_MAX {
            continue;
        }
        if let Some(title) = get(doc, node, b"Title").and_then(string) {
            out.line(&title)?;
        }
        stack.extend(node.get(b"Next").ok());
        stack.extend(node.get(b"First").ok());
    }
    Ok(())
}
