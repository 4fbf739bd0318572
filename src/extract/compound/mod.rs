//! Compound files: tells documents, workbooks and mails before Office Open XML apart by their streams
//! and hands each to its parser.

mod objects;
mod properties;
mod streams;

use std::sync::Arc;

pub use streams::Compound;

use super::body::Body;
use super::{Bounds, Failure, Out, doc, parts, sheets};
use crate::model::{ReadAt, Reason};

/// Reads a compound file.
///
/// [`Failure::NotThis`]: its streams are of no kind that is read.
pub fn read(source: &Arc<dyn ReadAt>, bounds: &Bounds, out: &mut dyn Out) -> Result<(), Failure> {
    let mut compound = Compound::open(source)?;
    if compound.has("/Workbook") || compound.has("/Book") {
        drop(compound);
        return sheets::read_xls(source, bounds, out);
    }
    if compound.has("/WordDocument") {
        out.mime("application/msword")?;
        let mut body = Body::new(out);
        let told = doc::tell(&mut compound, "/", &mut body);
        body.end()?;
        if let Err(Failure::Broken {
            reason: Reason::InvalidEncryption,
            ..
        }) = told
        {
            return told;
        }
        let more = properties::tell(&mut compound, &mut body);
        for path in compound.paths() {
            // Documents embedded in the document.
            if let Some(storage) = path.strip_suffix("WordDocument").filter(|s| s.len() > 1) {
                let inner = doc::tell(&mut compound, storage, &mut body);
                body.end()?;
                parts::borne(inner, body.out()?)?;
            }
        }
        objects::tell(&mut compound, out)?;
        return told.and(more);
    }
    if compound.has("/EncryptionInfo") || compound.has("/EncryptedPackage") {
        return Err(Failure::broken(
            Reason::InvalidEncryption,
            "the office file is locked with a password",
        ));
    }
    // An embedded file by itself.
    if objects::is_object(&compound) {
        out.mime("application/x-tika-msoffice-embedded")?;
        return objects::tell(&mut compound, out);
    }
    Err(Failure::not_this("a compound file of another kind"))
}
