//! What stands around the sheets of an Office Open XML workbook: comments, each told at its cell, the
//! targets of links, and the parts that are no sheets: copies of data that pivot tables keep,
//! connections, properties, drawings, embedded files.

use std::collections::{BTreeSet, HashSet};

use super::borne;
use crate::extract::body::Body;
use crate::extract::ooxml::{self, Types};
use crate::extract::package::Package;
use crate::extract::parts::{self, Kind};
use crate::extract::story::{self, Telling};
use crate::extract::xml::{Node, Xml};
use crate::extract::{Failure, Out, Table};

/// A sheet: its name and its part.
struct Sheet {
    name: String,
    part: String,
}

pub(super) fn read(mut package: Package, main: &str, out: &mut dyn Out) -> Result<(), Failure> {
    let sheets = sheets(&mut package, main)?;
    let mut told: HashSet<String> = HashSet::new();
    for sheet in &sheets {
        told.insert(sheet.part.to_ascii_lowercase());
        let mut relations: Vec<_> = ooxml::relations(&mut package, &sheet.part)?
            .into_iter()
            .collect();
        relations.sort_by(|a, b| a.0.cmp(&b.0));
        let mut open = false;
        for (_, relation) in &relations {
            if relation.external
                || !matches!(relation.kind.as_str(), "comments" | "threadedComment")
            {
                continue;
            }
            if !told.insert(relation.target.to_ascii_lowercase()) {
                continue;
            }
            if !open {
                open = true;
                out.table(Table::Sheet(&sheet.name), None, &[])?;
            }
            let read = comments(&mut package, &relation.target, out);
            borne(read, out)?;
        }
        if open {
            out.table_end()?;
        }
        for (_, relation) in &relations {
            if relation.external && relation.kind == "hyperlink" {
                out.line(&relation.target)?;
            }
        }
    }
    others(&mut package, main, &told, out)
}

/// The sheets of the workbook; in binary form, without names that are read here.
fn sheets(package: &mut Package, main: &str) -> Result<Vec<Sheet>, Failure> {
    let relations = ooxml::relations(package, main)?;
    let mut sheets = Vec::new();
    let Some(part) = package.part(main)? else {
        return Ok(sheets);
    };
    let mut xml = Xml::new(part);
    loop {
        match xml.next() {
            Ok(Node::Start(element)) if element.name() == "sheet" => {
                let name = element.attribute("name").unwrap_or_default();
                let id = element.attribute("id").unwrap_or_default();
                if let Some(relation) = relations.get(&id) {
                    sheets.push(Sheet {
                        name,
                        part: relation.target.clone(),
                    });
                }
            }
            // a broken list was told when the cells were read
            Ok(Node::Eof) | Err(_) => return Ok(sheets),
            Ok(_) => {}
        }
    }
}

/// Comments of old and new kind: `ref` names the cell.
fn comments(package: &mut Package, name: &str, out: &mut dyn Out) -> Result<(), Failure> {
    let Some(part) = package.part(name)? else {
        return Ok(());
    };
    let mut xml = Xml::new(part);
    let (mut authors, mut author, mut at, mut text) = (Vec::new(), None, None, None::<String>);
    loop {
        match xml.next() {
            Ok(Node::Start(element)) => match element.name() {
                "author" => text = Some(String::new()),
                "comment" | "threadedComment" => {
                    at = element.attribute("ref").as_deref().and_then(place);
                    author = element
                        .attribute("authorId")
                        .and_then(|id| id.parse::<usize>().ok());
                    text = Some(String::new());
                }
                _ => {}
            },
            Ok(Node::Text(more)) => {
                if let Some(text) = &mut text {
                    text.push_str(&more);
                }
            }
            Ok(Node::End("author")) => authors.extend(text.take()),
            Ok(Node::End("comment" | "threadedComment")) => {
                let (row, column) = at.take().unwrap_or((0, 0));
                let text = text.take().unwrap_or_default();
                let name = author.take().and_then(|at| authors.get(at));
                if let Some(name) = name.filter(|name| !text.contains(name.as_str())) {
                    out.cell(row + 1, column, name)?;
                }
                if !text.trim().is_empty() {
                    out.cell(row + 1, column, text.trim())?;
                }
            }
            Ok(Node::Eof) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(xml.inner().failure(&error)),
        }
    }
}

/// Row and column of `C5`, 0-based.
fn place(cell: &str) -> Option<(u64, u32)> {
    let letters = cell.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = cell.split_at(letters);
    let column = letters.bytes().try_fold(0u32, |column, letter| {
        let letter = u32::from(letter.to_ascii_uppercase() - b'A' + 1);
        column.checked_mul(26)?.checked_add(letter)
    })?;
    let row = digits.parse::<u64>().ok()?.checked_sub(1)?;
    Some((row, column.checked_sub(1)?))
}

/// Parts that are no sheets and no part of one: properties, drawings, embedded files.
fn others(
    package: &mut Package,
    main: &str,
    told: &HashSet<String>,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    let types = ooxml::lists(Types::read(package), out)?;
    let names: Vec<String> = package.names().map(str::to_owned).collect();
    let (mut members, mut authors) = (Vec::new(), BTreeSet::new());
    for name in names {
        let lower = name.to_ascii_lowercase();
        if lower == main.to_ascii_lowercase() || told.contains(&lower) || is_cells(&types, &name) {
            continue;
        }
        let mut body = Body::new(out);
        if has_attributes(&types, &name) {
            let read = attributes(package, &name, &mut body);
            parts::borne(read, out)?;
            continue;
        }
        let read = match parts::kind(&types, &name) {
            Kind::Properties => parts::properties(package, &name, &mut body),
            Kind::Story => {
                let relations = ooxml::relations(package, &name).unwrap_or_default();
                let telling = Telling {
                    relations: &relations,
                    authors: &mut authors,
                    keeps_empty: false,
                };
                story::tell(package, &name, telling, &mut body)
            }
            Kind::Data => parts::data(package, &name, &mut body),
            Kind::Member => {
                members.push(name);
                continue;
            }
            Kind::Unread => continue,
        };
        let ended = body.end();
        parts::borne(read.and(ended), out)?;
    }
    let mut body = Body::new(out);
    parts::authors(&authors, &mut body)?;
    body.end()?;
    for name in members {
        package.member(&name, out)?;
    }
    Ok(())
}

/// Parts that the library for sheets has read, or that say how sheets look.
fn is_cells(types: &Types, name: &str) -> bool {
    let kind = types.of(name);
    [
        "spreadsheetml.worksheet+xml",
        "spreadsheetml.sharedStrings+xml",
        "spreadsheetml.styles+xml",
        "spreadsheetml.calcChain+xml",
        "spreadsheetml.sheetMetadata+xml",
        "ms-excel.worksheet",
        "ms-excel.sharedStrings",
        "ms-excel.styles",
        "ms-excel.calcChain",
        "ms-excel.binIndexWs",
        "ms-excel.sheetMetadata",
    ]
    .iter()
    .any(|end| kind.ends_with(end))
}

/// Parts whose values stand in attributes: what pivot tables keep of their source, how data is had.
fn has_attributes(types: &Types, name: &str) -> bool {
    let kind = types.of(name);
    [
        "pivotCacheDefinition+xml",
        "pivotCacheRecords+xml",
        "connections+xml",
        "queryTable+xml",
    ]
    .iter()
    .any(|end| kind.ends_with(end))
}

/// Shortest attribute that is told; shorter ones are settings.
const ATTRIBUTE_BYTES_MIN: usize = 4;

/// Tells the attributes and texts of a part, each a line.
fn attributes(package: &mut Package, name: &str, body: &mut Body<'_>) -> Result<(), Failure> {
    let Some(part) = package.part(name)? else {
        return Ok(());
    };
    let mut xml = Xml::new(part);
    loop {
        match xml.next() {
            Ok(Node::Start(element)) => {
                for (_, value) in element.attributes() {
                    if value.len() >= ATTRIBUTE_BYTES_MIN {
                        body.line(&value)?;
                    }
                }
            }
            Ok(Node::Text(text)) if !text.trim().is_empty() => body.line(text.trim())?,
            Ok(Node::Eof) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(xml.inner().failure(&error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_a_row_and_a_column() {
        assert_eq!(place("A1"), Some((0, 0)));
        assert_eq!(place("xfd1048576"), Some((1_048_575, 16_383)));
        for bad in ["", "A", "1", "A0", "A-1", "ZZZZZZZZZZ1", "Ä1"] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }
}
