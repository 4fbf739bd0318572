//! Files attached to a PDF: in the tree of names, and to notes on pages; forms in XML beside them.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::super::{Failure, Out};
use super::object::{Plain, array, as_dictionary, deref, dictionary, get, plain, string};
use crate::model::Reason;

/// Nodes of the tree of names.
const NODES_MAX: usize = 1_000_000;
/// Bytes told at a time.
const PIECE_BYTES: usize = 64 << 10;

pub fn tell(doc: &Document, pages: &[ObjectId], out: &mut dyn Out) -> Result<(), Failure> {
    let mut seen = HashSet::new();
    let catalog = doc.catalog().ok();
    let names = catalog
        .and_then(|catalog| dictionary(doc, catalog, b"Names"))
        .and_then(|names| names.get(b"EmbeddedFiles").ok());
    let mut nodes: Vec<&Object> = names.into_iter().collect();
    let mut nodes_seen = HashSet::new();
    while let Some(object) = nodes.pop() {
        let is_new = object
            .as_reference()
            .map_or(true, |id| nodes_seen.insert(id));
        let Some(node) = deref(doc, object).and_then(as_dictionary) else {
            continue;
        };
        if !is_new || nodes_seen.len() > NODES_MAX {
            continue;
        }
        nodes.extend(array(doc, node, b"Kids").into_iter().flatten().rev());
        let pairs = array(doc, node, b"Names").into_iter().flatten();
        for file in pairs.skip(1).step_by(2) {
            member(doc, file, &mut seen, out)?;
        }
    }
    let associated = catalog.and_then(|catalog| array(doc, catalog, b"AF"));
    for file in associated.into_iter().flatten() {
        member(doc, file, &mut seen, out)?;
    }
    for page in pages {
        let page = doc.get_dictionary(*page).ok();
        let notes = page.and_then(|page| array(doc, page, b"Annots"));
        for note in notes.into_iter().flatten() {
            let note = deref(doc, note).and_then(as_dictionary);
            if let Some(file) = note.and_then(|note| note.get(b"FS").ok()) {
                member(doc, file, &mut seen, out)?;
            }
        }
    }
    form(doc, out)
}

/// Tells an attached file, once.
fn member(
    doc: &Document,
    file: &Object,
    seen: &mut HashSet<ObjectId>,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    let Some(file) = deref(doc, file).and_then(as_dictionary) else {
        return Ok(());
    };
    let Some(streams) = dictionary(doc, file, b"EF") else {
        return Ok(());
    };
    let found = [b"UF".as_slice(), b"F", b"Unix", b"Mac", b"DOS"]
        .into_iter()
        .find_map(|key| streams.get(key).ok());
    let Some(found) = found else {
        return Ok(());
    };
    if found.as_reference().is_ok_and(|id| !seen.insert(id)) {
        return Ok(());
    }
    let name = name(doc, file);
    match deref(doc, found) {
        Some(Object::Stream(stream)) => whole(&name, plain(doc, stream), out),
        _ => whole(&name, None, out),
    }
}

fn name(doc: &Document, file: &Dictionary) -> String {
    [b"UF".as_slice(), b"F", b"Desc"]
        .into_iter()
        .filter_map(|key| get(doc, file, key).and_then(string))
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "attachment".to_owned())
}

fn whole(name: &str, plain: Option<Plain>, out: &mut dyn Out) -> Result<(), Failure> {
    out.member(name, None)?;
    let Some(plain) = plain else {
        let detail = "the attached file cannot be decoded";
        return out.member_end(Some((Reason::MalformedFile, detail)));
    };
    for piece in plain.bytes.chunks(PIECE_BYTES) {
        out.data(piece)?;
    }
    let detail = "the attached file is cut off";
    out.member_end(plain.is_cut.then_some((Reason::MalformedFile, detail)))
}

/// A form in XML: its data may stand nowhere else.
fn form(doc: &Document, out: &mut dyn Out) -> Result<(), Failure> {
    let form = doc
        .catalog()
        .ok()
        .and_then(|catalog| dictionary(doc, catalog, b"AcroForm"));
    let xfa = form.and_then(|form| get(doc, form, b"XFA"));
    let packets: Vec<&Object> = match xfa {
        // Only what was filled in: the rest is the looks of the form.
        Some(Object::Array(packets)) => packets
            .chunks_exact(2)
            .filter(|pair| pair[0].as_str().is_ok_and(|name| name == b"datasets"))
            .map(|pair| &pair[1])
            .collect(),
        Some(stream) => vec![stream],
        None => Vec::new(),
    };
    for packet in packets {
        if let Some(Object::Stream(stream)) = deref(doc, packet) {
            whole("form.xml", plain(doc, stream), out)?;
        }
    }
    Ok(())
}
