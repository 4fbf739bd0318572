//! The parts of an Office Open XML file that are no stories: properties, data, embedded files. Tells
//! which part is what.

use std::collections::BTreeSet;

use super::body::Body;
use super::ooxml::Types;
use super::package::Package;
use super::xml::{Node, Xml};
use super::{Failure, Out};

/// What a part is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Paragraphs and tables.
    Story,
    /// Names and values that describe the document.
    Properties,
    /// XML of anybody's making.
    Data,
    /// A file of its own.
    Member,
    /// Pictures, sound, fonts; layout.
    Unread,
}

/// Pictures, sound and fonts by extension, where types are wrong.
const MEDIA: &[&str] = &[
    "aac", "avi", "bmp", "emf", "fntdata", "gif", "ico", "jfif", "jpeg", "jpg", "m4a", "m4v",
    "mov", "mp3", "mp4", "mpg", "odttf", "otf", "pict", "png", "tif", "tiff", "ttf", "wav", "wdp",
    "webp", "wma", "wmf", "wmv",
];

/// Last words of types of parts that only say how the document looks.
const LAYOUT: &[&str] = &[
    "diagramColors+xml",
    // Drawn out of the data, which is told.
    "diagramDrawing+xml",
    "diagramLayout+xml",
    "diagramStyle+xml",
    "fontTable+xml",
    "chartcolorstyle+xml",
    "chartstyle+xml",
    "numbering+xml",
    "presProps+xml",
    "printerSettings",
    "relationships+xml",
    "styles+xml",
    "stylesWithEffects+xml",
    "tableStyles+xml",
    "theme+xml",
    "themeOverride+xml",
    "viewProps+xml",
    "webSettings+xml",
];

/// Last words of types of parts that hold paragraphs.
const STORIES: &[&str] = &[
    "authors+xml",
    "chart+xml",
    "chartex+xml",
    "chartshapes+xml",
    "commentAuthors+xml",
    "comments+xml",
    "commentsExtended+xml",
    "diagramData+xml",
    "endnotes+xml",
    "footer+xml",
    "footnotes+xml",
    "glossary+xml",
    "handoutMaster+xml",
    "header+xml",
    "main+xml",
    "notesMaster+xml",
    "notesSlide+xml",
    "people+xml",
    "settings+xml",
    "slide+xml",
    "slideLayout+xml",
    "slideMaster+xml",
    "vmlDrawing",
];

pub fn kind(types: &Types, name: &str) -> Kind {
    let lower = name.to_ascii_lowercase();
    let extension = lower.rsplit_once('.').map_or("", |(_, e)| e);
    let told = types.of(name);
    let last = told.rsplit(['.', '/']).next().unwrap_or_default();
    let is_media = ["image/", "audio/", "video/", "font/", "application/x-font"]
        .iter()
        .any(|family| told.starts_with(family));
    if lower == "[content_types].xml" || lower.starts_with("_rels/") || lower.contains("/_rels/") {
        return Kind::Unread;
    }
    // A drawing in XML may hold text.
    if extension == "svg" {
        return Kind::Member;
    }
    if is_media || MEDIA.contains(&extension) || LAYOUT.contains(&last) {
        return Kind::Unread;
    }
    if matches!(
        last,
        "core-properties+xml" | "extended-properties+xml" | "custom-properties+xml"
    ) || lower.starts_with("docprops/") && extension == "xml"
    {
        return Kind::Properties;
    }
    if STORIES.contains(&last) || extension == "vml" {
        return Kind::Story;
    }
    match told.ends_with("+xml") || told.ends_with("/xml") || extension == "xml" {
        true => Kind::Data,
        false => Kind::Member,
    }
}

/// Numbers and settings among the properties.
const DULL: &[&str] = &[
    "AppVersion",
    "Application",
    "Characters",
    "CharactersWithSpaces",
    "DocSecurity",
    "HiddenSlides",
    "HyperlinksChanged",
    "Lines",
    "LinksUpToDate",
    "MMClips",
    "Notes",
    "Pages",
    "Paragraphs",
    "PresentationFormat",
    "ScaleCrop",
    "SharedDoc",
    "Slides",
    "TotalTime",
    "Words",
    "created",
    "i4",
    "creation-date",
    "date",
    "editing-cycles",
    "editing-duration",
    "generator",
    "lastPrinted",
    "modified",
    "print-date",
    "revision",
    "bool",
    "filetime",
];

/// Tells properties as lines `name: value`.
pub fn properties(package: &mut Package, name: &str, body: &mut Body<'_>) -> Result<(), Failure> {
    let Some(part) = package.part(name)? else {
        return Ok(());
    };
    let mut xml = Xml::new(part);
    // Name of the element last started, and of the property that it stands in.
    let (mut element, mut property, mut text) = (String::new(), None::<String>, String::new());
    loop {
        match xml.next() {
            Ok(Node::Start(e)) => {
                if e.name() == "property" || e.name() == "user-defined" {
                    property = e.attribute("name");
                }
                e.name().clone_into(&mut element);
                text.clear();
            }
            Ok(Node::Text(more)) => text.push_str(&more),
            Ok(Node::End(name)) => {
                let is_leaf = name == element;
                let ends_property = name == "property" || name == "user-defined";
                let value = text.trim();
                if is_leaf && !value.is_empty() && !DULL.contains(&element.as_str()) {
                    let label = property.as_deref().unwrap_or(&element);
                    body.line(&format!("{label}: {value}"))?;
                }
                text.clear();
                element.clear();
                if ends_property {
                    property = None;
                }
            }
            Ok(Node::Other) => {}
            Ok(Node::Eof) => return Ok(()),
            Err(error) => return Err(xml.inner().failure(&error)),
        }
    }
}

/// Tells the text of XML whose elements are not known, each piece a line.
pub fn data(package: &mut Package, name: &str, body: &mut Body<'_>) -> Result<(), Failure> {
    let Some(part) = package.part(name)? else {
        return Ok(());
    };
    let (mut xml, mut text) = (Xml::new(part), String::new());
    loop {
        let node = xml.next();
        if let Ok(Node::Text(more)) = &node {
            text.push_str(more);
            continue;
        }
        if !text.trim().is_empty() {
            body.line(text.trim())?;
        }
        text.clear();
        match node {
            Ok(Node::Eof) => return Ok(()),
            Err(error) => return Err(xml.inner().failure(&error)),
            Ok(_) => {}
        }
    }
}

/// A broken part is a gap, and the others are read; limits end all.
pub fn borne(result: Result<(), Failure>, out: &mut dyn Out) -> Result<(), Failure> {
    use crate::model::Reason::{
        OoxmlUncompressedRatioExceedsLimit, OoxmlUncompressedSizeExceedsLimit,
    };
    match result {
        Err(Failure::Broken { reason, detail })
            if !matches!(
                reason,
                OoxmlUncompressedRatioExceedsLimit | OoxmlUncompressedSizeExceedsLimit
            ) =>
        {
            out.gap(reason, &detail)
        }
        result => result,
    }
}

/// Tells the people named, each once.
pub fn authors(authors: &BTreeSet<String>, body: &mut Body<'_>) -> Result<(), Failure> {
    for author in authors {
        body.line(&format!("author: {author}"))?;
    }
    Ok(())
}
