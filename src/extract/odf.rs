//! OpenDocument text, slides and drawings: content, headers and footers, notes, comments, properties and
//! the files embedded.

use super::body::Body;
use super::flow::Flow;
use super::package::Package;
use super::parts::{self, borne};
use super::xml::{Element, Node, Xml};
use super::{Failure, Out};
use crate::model::Reason;

/// Columns and blanks that are told of a repetition.
const REPEATED_MAX: u32 = 16_384;
/// Bytes of the list of files that are looked at.
const MANIFEST_BYTES_MAX: u64 = 16 << 20;

/// Reads a document; of slides and drawings each page is one.
pub fn read(package: &mut Package, mime: &'static str, out: &mut dyn Out) -> Result<(), Failure> {
    out.mime(mime)?;
    if is_locked(package)? {
        return Err(Failure::broken(
            Reason::InvalidEncryption,
            "the document is locked with a password",
        ));
    }
    let has_pages = !mime.contains("opendocument.text");
    let mut body = Body::new(out);
    if !has_pages {
        story(package, "content.xml", false, &mut body)?;
    }
    let names: Vec<String> = package.names().map(str::to_owned).collect();
    // What stands behind all pages comes before the first.
    for name in &names {
        match kind(name) {
            Kind::Story => story(package, name, false, &mut body)?,
            Kind::Properties => {
                let told = parts::properties(package, name, &mut body);
                borne(told, body.out()?)?;
            }
            Kind::Data => {
                let told = parts::data(package, name, &mut body);
                borne(told, body.out()?)?;
            }
            Kind::Main | Kind::Member | Kind::Unread => {}
        }
    }
    if has_pages {
        story(package, "content.xml", true, &mut body)?;
    }
    for name in names.iter().filter(|name| kind(name) == Kind::Member) {
        package.member(name, out)?;
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Main,
    Story,
    Properties,
    Data,
    Member,
    Unread,
}

fn kind(name: &str) -> Kind {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let top = name.split('/').next().unwrap_or_default();
    match (top, file) {
        (_, "content.xml") if folder.is_empty() => Kind::Main,
        (_, "content.xml" | "styles.xml") => Kind::Story,
        (_, "meta.xml") => Kind::Properties,
        ("META-INF" | "Thumbnails" | "Pictures" | "ObjectReplacements" | "Configurations2", _)
        | (_, "mimetype" | "settings.xml" | "manifest.rdf" | "layout-cache") => Kind::Unread,
        _ if folder.ends_with("Pictures") || folder.ends_with("Fonts") => Kind::Unread,
        _ if file.ends_with(".xml") || file.ends_with(".rdf") => Kind::Data,
        _ => Kind::Member,
    }
}

fn is_locked(package: &mut Package) -> Result<bool, Failure> {
    match package.small("META-INF/manifest.xml", MANIFEST_BYTES_MAX) {
        Ok(manifest) => Ok(manifest
            .is_some_and(|manifest| memchr::memmem::find(&manifest, b"encryption-data").is_some())),
        Err(Failure::Broken { .. }) => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// Tells a part; a broken one is a gap.
fn story(
    package: &mut Package,
    name: &str,
    has_pages: bool,
    body: &mut Body<'_>,
) -> Result<(), Failure> {
    let told = tell(package, name, has_pages, body);
    borne(told, body.out()?)
}

fn tell(
    package: &mut Package,
    name: &str,
    has_pages: bool,
    body: &mut Body<'_>,
) -> Result<(), Failure> {
    let Some(part) = package.part(name)? else {
        return Ok(());
    };
    let mut xml = Xml::new(part);
    let mut story = Story {
        flow: Flow::new(body, !has_pages),
        pages: has_pages.then_some(0),
    };
    let told = loop {
        let is_over = match xml.next() {
            Ok(Node::Start(element)) => story.start(&element)?,
            Ok(Node::End(name)) => story.end(name).map(|()| false)?,
            Ok(Node::Text(text)) => story.text(&text).map(|()| false)?,
            Ok(Node::Other) => false,
            Ok(Node::Eof) => break Ok(()),
            Err(error) => break Err(xml.inner().failure(&error)),
        };
        if is_over && let Err(error) = xml.skip() {
            break Err(xml.inner().failure(&error));
        }
    };
    story.flow.finish()?;
    told
}

struct Story<'b, 'c> {
    flow: Flow<'b, 'c>,
    /// Pages so far, where there are pages.
    pages: Option<u32>,
}

impl Story<'_, '_> {
    /// `true`: the element is passed over.
    fn start(&mut self, element: &Element<'_>) -> Result<bool, Failure> {
        match element.name() {
            "p" | "h" | "creator" | "title" | "desc" => self.flow.paragraph(),
            "tab" => self.flow.push("\t")?,
            "line-break" => self.flow.push("\n")?,
            "s" => {
                let blanks = count(element, "c");
                self.flow.push(&" ".repeat(blanks as usize))?;
            }
            "a" => self.flow.targets.extend(
                element
                    .attribute("href")
                    .filter(|target| target.contains(':')),
            ),
            "table" => self.flow.table(),
            "table-row" => self.flow.row()?,
            "table-cell" | "covered-table-cell" => {
                self.flow.cell(count(element, "number-columns-repeated"));
            }
            "page" => {
                if let Some(pages) = &mut self.pages {
                    *pages = pages.saturating_add(1);
                    self.flow.body.out()?.page(*pages)?;
                }
            }
            // The time of a comment, the number of a note, styles of lists.
            "date" | "date-string" | "note-citation" | "list-style" | "number-style" => {
                return Ok(true);
            }
            // Names of styles and variables have no text; values of variables do.
            "user-field-decl" | "variable-set" => {
                if let Some(value) = element.attribute("string-value") {
                    let name = element.attribute("name").unwrap_or_default();
                    self.flow.line(&format!("{name}: {value}"))?;
                }
            }
            _ => {}
        }
        Ok(false)
    }

    fn end(&mut self, name: &str) -> Result<(), Failure> {
        match name {
            "p" | "h" | "creator" | "title" | "desc" => self.flow.paragraph_end()?,
            "table-header-rows" => self.flow.body.header(),
            "table-cell" | "covered-table-cell" => self.flow.cell_end()?,
            "table" => self.flow.table_end()?,
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Failure> {
        // Blanks between elements of a paragraph count once.
        match self.flow.open() {
            Some(open) if open.ends_with(' ') || open.is_empty() => {
                self.flow.push(text.trim_start())
            }
            _ => self.flow.push(text),
        }
    }
}

fn count(element: &Element<'_>, name: &str) -> u32 {
    let value = element.attribute(name).unwrap_or_default();
    value.parse().unwrap_or(1).clamp(1, REPEATED_MAX)
}
