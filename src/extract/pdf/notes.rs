//! Notes on pages (comments, links, stamps) and the fields of forms.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::super::{Failure, Out};
use super::font::Fonts;
use super::lines::Line;
use super::object::{array, as_dictionary, deref, dictionary, get, name, string};
use super::page;

/// Links of a page that are compared with its text, as each is looked for in all of it.
const LINKS_MAX: usize = 1_000;
/// Depth of the tree of fields.
const DEPTH_MAX: usize = 64;
/// Values of one field.
const VALUES_MAX: usize = 10_000;

/// Tells the notes and fields of a page; `true`: there were any with text. `shown`: the text of the
/// page, whose links need not be told. `told`: fields that were told.
pub fn tell(
    doc: &Document,
    page: ObjectId,
    shown: &[Line],
    told: &mut HashSet<ObjectId>,
    fonts: &mut Fonts,
    out: &mut dyn Out,
) -> Result<bool, Failure> {
    let (mut has_text, mut links) = (false, 0);
    for (id, note) in notes(doc, page) {
        // A field may be shown at several places.
        if id.is_some_and(|id| !told.insert(id)) {
            continue;
        }
        let mut lines = Vec::new();
        match name(doc, note, b"Subtype") {
            Some(b"Widget") => field(doc, id, note, told, &mut lines),
            Some(b"Link") => {
                let action = dictionary(doc, note, b"A");
                let target = action.and_then(|a| get(doc, a, b"URI")).and_then(string);
                links += 1;
                lines.extend(target.filter(|target| {
                    let bare = target.strip_prefix("mailto:").unwrap_or(target);
                    links > LINKS_MAX || !shown.iter().any(|line| line.text.contains(bare))
                }));
            }
            // The window of another note.
            Some(b"Popup") => {}
            _ => {
                let author = get(doc, note, b"T").and_then(string);
                lines.extend(author.map(|author| format!("author: {author}")));
                lines.extend(get(doc, note, b"Subj").and_then(string));
                match get(doc, note, b"Contents").and_then(string) {
                    Some(text) if !text.is_empty() => lines.push(text),
                    _ => lines.extend(looks(doc, note, fonts)),
                }
            }
        }
        for line in lines.iter().filter(|line| !line.is_empty()) {
            has_text = true;
            out.line(line)?;
        }
    }
    Ok(has_text)
}

fn notes(doc: &Document, page: ObjectId) -> Vec<(Option<ObjectId>, &Dictionary)> {
    let page = doc.get_dictionary(page).ok();
    page.and_then(|page| array(doc, page, b"Annots"))
        .into_iter()
        .flatten()
        .filter_map(|note| {
            let dict = as_dictionary(deref(doc, note)?)?;
            Some((note.as_reference().ok(), dict))
        })
        .collect()
}

/// The text of a note that is only drawn.
fn looks(doc: &Document, note: &Dictionary, fonts: &mut Fonts) -> Vec<String> {
    let looks = dictionary(doc, note, b"AP").and_then(|looks| get(doc, looks, b"N"));
    match looks {
        Some(form @ Object::Stream(_)) => page::show_form(doc, form, fonts)
            .lines
            .into_iter()
            .map(|line| line.text)
            .collect(),
        _ => Vec::new(),
    }
}

/// The name and the value of a field, either of which may stand above it.
fn field(
    doc: &Document,
    id: Option<ObjectId>,
    field: &Dictionary,
    told: &mut HashSet<ObjectId>,
    lines: &mut Vec<String>,
) {
    let (mut names, mut node, mut at) = (Vec::new(), field, id);
    for _ in 0..DEPTH_MAX {
        names.extend(get(doc, node, b"T").and_then(string));
        names.extend(get(doc, node, b"TU").and_then(string));
        if let Some(value) = get(doc, node, b"V") {
            let is_new = at.is_none_or(|at| Some(at) == id || told.insert(at));
            if is_new {
                let name = names.first().cloned().unwrap_or_default();
                values(doc, value, &name, lines);
            }
            return;
        }
        let Ok(parent) = node.get(b"Parent") else {
            return;
        };
        let Some(above) = deref(doc, parent).and_then(as_dictionary) else {
            return;
        };
        (node, at) = (above, parent.as_reference().ok());
    }
}

fn values(doc: &Document, value: &Object, name: &str, lines: &mut Vec<String>) {
    let mut push = |text: String| {
        if !text.is_empty() && lines.len() < VALUES_MAX {
            lines.push(match name.is_empty() {
                true => text,
                false => format!("{name}: {text}"),
            });
        }
    };
    match value {
        Object::Array(all) => {
            for value in all.iter().filter_map(|v| deref(doc, v)) {
                push(string(value).unwrap_or_default());
            }
        }
        // Long texts may be streams.
        Object::Stream(stream) => {
            let plain = super::object::plain(doc, stream);
            push(
                plain
                    .map(|p| super::object::text(&p.bytes))
                    .unwrap_or_default(),
            );
        }
        // The state of a box is a name, and says nothing.
        _ => push(string(value).unwrap_or_default()),
    }
}

/// Tells the fields of the form that stand on no page.
pub fn tell_loose(
    doc: &Document,
    pages: &[ObjectId],
    told: &mut HashSet<ObjectId>,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    let form = doc
        .catalog()
        .ok()
        .and_then(|catalog| dictionary(doc, catalog, b"AcroForm"));
    let Some(fields) = form.and_then(|form| array(doc, form, b"Fields")) else {
        return Ok(());
    };
    let on_pages: HashSet<ObjectId> = pages
        .iter()
        .flat_map(|page| notes(doc, *page))
        .filter_map(|(id, _)| id)
        .collect();
    let mut seen = HashSet::new();
    let mut stack: Vec<(&Object, usize)> = fields.iter().rev().map(|f| (f, 0)).collect();
    while let Some((object, depth)) = stack.pop() {
        let Ok(id) = object.as_reference() else {
            continue;
        };
        let Some(node) = deref(doc, object).and_then(as_dictionary) else {
            continue;
        };
        if !seen.insert(id) || on_pages.contains(&id) || depth > DEPTH_MAX {
            continue;
        }
        match array(doc, node, b"Kids") {
            Some(kids) if !kids.is_empty() => {
                stack.extend(kids.iter().rev().map(|kid| (kid, depth + 1)));
            }
            _ => {
                let mut lines = Vec::new();
                told.insert(id);
                field(doc, Some(id), node, told, &mut lines);
                for line in lines {
                    out.line(&line)?;
                }
            }
        }
    }
    Ok(())
}
