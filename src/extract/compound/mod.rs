//! Compound files: tells documents, workbooks and mails before Office Open XML apart by their streams
//! and hands each to its parser.

mod loose;
mod mail;
mod objects;
mod properties;
mod squeezed;
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
    let mut compound = match Compound::open(source) {
        Ok(compound) => compound,
        Err(failure) => {
            // What can be read of it is better than nothing.
            if matches!(failure, Failure::Broken { .. }) {
                loose::tell(source, out)?;
            }
            return Err(failure);
        }
    };
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
    if mail::is_mail(&compound) {
        out.mime("application/vnd.ms-outlook")?;
        return mail::read(&mut compound, out);
    }
    // An embedded file by itself.
    if objects::is_object(&compound) {
        out.mime("application/x-tika-msoffice-embedded")?;
        return objects::tell(&mut compound, out);
    }
    Err(Failure::not_this("a compound file of another kind"))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::super::Format;
    use super::super::recorded::{Recorded, Told};

    fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for (path, bytes) in streams {
            let folder = path.rsplit_once('/').unwrap().0;
            file.create_storage_all(format!("/{}", folder.trim_start_matches('/')))
                .unwrap();
            file.create_stream(path).unwrap().write_all(bytes).unwrap();
        }
        file.into_inner().into_inner()
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn messages_have_people_headers_text_and_files() {
        let (class, subject, body) = (wide("IPM.Note"), wide("A subject"), wide("One\r\nTwo"));
        let (ann, bob, file) = (wide("Ann"), wide("Bob"), wide("notes.txt"));
        let within = "/__attach_version1.0_#00000001/__substg1.0_3701000D";
        let inner = |name: &str| format!("{within}/{name}");
        let (inner_properties, inner_body) = (
            inner("__properties_version1.0"),
            inner("__substg1.0_1000001E"),
        );
        let mut properties = vec![0; 24];
        properties.extend([3, 0, 0xfd, 0x3f, 6, 0, 0, 0]);
        properties.extend(1251u32.to_le_bytes());
        properties.extend([0; 4]);
        let bytes = compound(&[
            ("/__properties_version1.0", &[0; 32]),
            ("/__substg1.0_001A001F", &class),
            ("/__substg1.0_0037001F", &subject),
            ("/__substg1.0_0C1A001F", &ann),
            (
                "/__substg1.0_007D001E",
                b"Received: here\r\n and there\r\nSubject: A\r\n subject\r\nX: y\r\n",
            ),
            ("/__substg1.0_1000001F", &body),
            ("/__substg1.0_10130102", b"<p>One"),
            ("/__recip_version1.0_#00000000/__substg1.0_3001001F", &bob),
            (
                "/__recip_version1.0_#00000000/__substg1.0_39FE001E",
                b"bob@x.org",
            ),
            ("/__attach_version1.0_#00000000/__substg1.0_3707001F", &file),
            (
                "/__attach_version1.0_#00000000/__substg1.0_37010102",
                b"data",
            ),
            (&inner_properties, &properties),
            (&inner_body, b"\xec\xe8\xf0"),
        ]);
        let (out, result) = Recorded::read(Format::Compound, &bytes);
        result.unwrap();
        assert_eq!(out.told[0], Told::Mime("application/vnd.ms-outlook"));
        assert_eq!(
            out.lines(),
            [
                "subject: A subject",
                "from: Ann",
                "to: Bob bob@x.org",
                "Received: here",
                " and there",
                "X: y",
                "One",
                "Two",
                "\u{43c}\u{438}\u{440}",
            ]
        );
        assert_eq!(
            out.members(),
            [
                ("body.html", b"<p>One".as_slice()),
                ("notes.txt", b"data".as_slice())
            ]
        );
    }

    #[test]
    fn text_of_broken_files_is_told_as_it_stands() {
        // A head, and no directory behind it.
        let text = b"ssn 116-88-2993\0".repeat(40);
        let bytes = [&compound(&[("/a", b"x")])[..512], &text].concat();
        let (out, result) = Recorded::read(Format::Compound, &bytes);
        assert!(matches!(result, Err(super::Failure::Broken { .. })));
        assert!(out.lines().contains(&"ssn 116-88-2993"));
        let odd = [
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x".as_slice(),
            &wide("Martha Rivera"),
        ]
        .concat();
        let (out, _) = Recorded::read(Format::Compound, &odd);
        assert_eq!(out.lines(), ["Martha Rivera"]);
    }

    #[test]
    fn embedded_files_are_told_by_themselves() {
        let mut wrapped = vec![0; 6];
        wrapped.extend(b"a.txt\0C:\\a.txt\0");
        wrapped.extend([0, 0, 3, 0, 2, 0, 0, 0]);
        wrapped.extend(b"x\0");
        wrapped.extend(4u32.to_le_bytes());
        wrapped.extend(b"dataand more");
        let bytes = compound(&[("/\u{1}Ole10Native", &wrapped)]);
        let (out, result) = Recorded::read(Format::Compound, &bytes);
        result.unwrap();
        assert_eq!(out.members(), [("a.txt", b"data".as_slice())]);
        let (_, result) = Recorded::read(Format::Compound, &compound(&[("/other", b"x")]));
        assert!(matches!(result, Err(super::Failure::NotThis(_))));
    }
}
