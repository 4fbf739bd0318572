//! Zip archives that are office files: tells documents, slides and workbooks apart by what is in them
//! and hands each to its parser.

use std::sync::Arc;

use super::ooxml::{self, Types};
use super::package::Package;
use super::{Bounds, Failure, Out, docx, odf, sheets, slides};
use crate::model::ReadAt;

/// What an office file holds, with its exact MIME type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Office Open XML text.
    Word(&'static str),
    /// Office Open XML slides.
    Slides(&'static str),
    /// OpenDocument text, slides or drawing.
    Odf(&'static str),
    /// A workbook of either.
    Sheets(&'static str),
}

/// Types of the main part of an Office Open XML file, and those of the file.
const OOXML: &[(&str, Kind)] = &[
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        Kind::Word("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        Kind::Word("application/vnd.openxmlformats-officedocument.wordprocessingml.template"),
    ),
    (
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        Kind::Word("application/vnd.ms-word.document.macroenabled.12"),
    ),
    (
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
        Kind::Word("application/vnd.ms-word.template.macroenabled.12"),
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        Kind::Slides("application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
        Kind::Slides("application/vnd.openxmlformats-officedocument.presentationml.slideshow"),
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
        Kind::Slides("application/vnd.openxmlformats-officedocument.presentationml.template"),
    ),
    (
        "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
        Kind::Slides("application/vnd.ms-powerpoint.presentation.macroenabled.12"),
    ),
    (
        "application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml",
        Kind::Slides("application/vnd.ms-powerpoint.slideshow.macroenabled.12"),
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        Kind::Sheets("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
        Kind::Sheets("application/vnd.openxmlformats-officedocument.spreadsheetml.template"),
    ),
    (
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        Kind::Sheets("application/vnd.ms-excel.sheet.macroenabled.12"),
    ),
    (
        "application/vnd.ms-excel.sheet.binary.macroEnabled.main",
        Kind::Sheets("application/vnd.ms-excel.sheet.binary.macroenabled.12"),
    ),
];

/// The entry `mimetype` of an OpenDocument file.
const ODF: &[Kind] = &[
    Kind::Odf("application/vnd.oasis.opendocument.text"),
    Kind::Odf("application/vnd.oasis.opendocument.text-template"),
    Kind::Odf("application/vnd.oasis.opendocument.text-master"),
    Kind::Odf("application/vnd.oasis.opendocument.presentation"),
    Kind::Odf("application/vnd.oasis.opendocument.presentation-template"),
    Kind::Odf("application/vnd.oasis.opendocument.graphics"),
    Kind::Odf("application/vnd.oasis.opendocument.graphics-template"),
    Kind::Sheets("application/vnd.oasis.opendocument.spreadsheet"),
    Kind::Sheets("application/vnd.oasis.opendocument.spreadsheet-template"),
];

impl Kind {
    fn mime(self) -> &'static str {
        let (Kind::Word(mime) | Kind::Slides(mime) | Kind::Odf(mime) | Kind::Sheets(mime)) = self;
        mime
    }
}

/// Reads an office file.
///
/// [`Failure::NotThis`]: it is a zip archive of another kind, or one without a directory.
pub fn read(source: &Arc<dyn ReadAt>, bounds: &Bounds, out: &mut dyn Out) -> Result<(), Failure> {
    let mut package = Package::open(source, bounds)?;
    let Some((kind, main)) = kind(&mut package)? else {
        return Err(Failure::not_this("a zip archive, but no office file"));
    };
    match kind {
        Kind::Sheets(mime) => {
            drop(package);
            sheets::read(source, bounds, mime, &main, out)
        }
        Kind::Word(mime) => docx::read(&mut package, &main, mime, out),
        Kind::Slides(mime) => slides::read(&mut package, &main, mime, out),
        Kind::Odf(mime) => odf::read(&mut package, mime, out),
    }
}

/// The kind of an office file and the name of its main part.
fn kind(package: &mut Package) -> Result<Option<(Kind, String)>, Failure> {
    if package.has("mimetype") {
        let told = bearing(package.small("mimetype", 100))?.flatten();
        let told = String::from_utf8(told.unwrap_or_default()).unwrap_or_default();
        let kind = ODF.iter().find(|kind| kind.mime() == told.trim());
        return Ok(kind.map(|kind| (*kind, "content.xml".to_owned())));
    }
    let relations = bearing(ooxml::relations(package, ""))?.unwrap_or_default();
    let types = bearing(Types::read(package))?.unwrap_or_default();
    let mut told = relations
        .into_values()
        .filter(|relation| relation.kind == "officeDocument" && !relation.external)
        .map(|relation| relation.target)
        .filter(|target| package.has(target))
        .collect::<Vec<_>>();
    told.sort_unstable();
    for main in &told {
        let of = types.of(main);
        if let Some((_, kind)) = OOXML.iter().find(|(name, _)| *name == of) {
            return Ok(Some((*kind, main.clone())));
        }
    }
    // Where the lists are broken, the usual names tell.
    let usual = [
        ("word/document.xml", OOXML[0].1),
        ("ppt/presentation.xml", OOXML[4].1),
        ("xl/workbook.xml", OOXML[9].1),
        ("xl/workbook.bin", OOXML[12].1),
    ];
    let found = usual.into_iter().find(|(name, _)| package.has(name));
    Ok(found.map(|(name, kind)| (kind, name.to_owned())))
}

/// A broken part says nothing here; other failures count.
fn bearing<T>(result: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Failure::Broken { .. }) => Ok(None),
        Err(failure) => Err(failure),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::super::format::known_mime;
    use super::super::recorded::held;
    use super::*;

    fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn told(parts: &[(&str, &str)]) -> Option<(Kind, String)> {
        let source = held(zipped(parts));
        let mut package = Package::open(&source, &Bounds::default()).unwrap();
        kind(&mut package).unwrap()
    }

    #[test]
    fn the_main_part_tells_the_kind() {
        let types = |main: &str, kind: &str| {
            format!(
                "<Types><Default Extension='xml' ContentType='application/xml'/><Override PartName='/{main}' ContentType='{kind}'/></Types>"
            )
        };
        let rels = |main: &str| {
            format!(
                "<Relationships><Relationship Id='rId1' Type='http://x/relationships/officeDocument' Target='/{main}'/></Relationships>"
            )
        };
        for (content, kind) in OOXML {
            let main = "any/where.xml";
            let parts = [
                ("[Content_Types].xml", types(main, content)),
                ("_rels/.rels", rels(main)),
                (main, String::new()),
            ];
            let parts: Vec<_> = parts.iter().map(|(n, t)| (*n, t.as_str())).collect();
            assert_eq!(told(&parts), Some((*kind, main.to_owned())));
        }
        for kind in ODF {
            let parts = [("mimetype", kind.mime()), ("content.xml", "")];
            assert_eq!(told(&parts), Some((*kind, "content.xml".to_owned())));
        }
    }

    #[test]
    fn all_types_are_known() {
        let ooxml = OOXML.iter().map(|(_, kind)| kind.mime());
        for mime in ooxml.chain(ODF.iter().map(|kind| kind.mime())) {
            assert_eq!(known_mime(mime), Some(mime));
        }
    }

    #[test]
    fn usual_names_tell_where_the_lists_are_broken() {
        let parts = [("[Content_Types].xml", "<Types"), ("word/document.xml", "")];
        assert_eq!(told(&parts).unwrap().0, OOXML[0].1);
        assert!(matches!(OOXML[4].1, Kind::Slides(_)));
        assert!(matches!(OOXML[9].1, Kind::Sheets(_)));
        assert!(OOXML[12].1.mime().contains("binary"));
    }

    #[test]
    fn other_archives_are_not_office_files() {
        assert_eq!(told(&[("a.txt", "x")]), None);
        assert_eq!(told(&[("mimetype", "application/epub+zip")]), None);
        let source = held(b"PK\x03\x04 cut off".to_vec());
        assert!(matches!(
            Package::open(&source, &Bounds::default()),
            Err(Failure::NotThis(_))
        ));
    }
}
