//! Whether a text is markup, told from its first characters, and by name only where these leave a choice.

use super::elements;
use super::tag::{Mark, is_space, mark};
use super::unfold::Mode;

/// What is looked at.
const SAMPLE_BYTES: usize = 16 << 10;

const HTML: &[&str] = &["html", "htm", "xhtml", "shtml"];
const XML: &[&str] = &[
    "xml", "xsd", "xsl", "xslt", "svg", "rss", "atom", "plist", "kml", "gpx", "wsdl", "xmp", "dbk",
    "xbrl", "rdf", "resx", "config", "pom",
];

fn begins(text: &[u8], with: &str) -> bool {
    text.get(..with.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(with.as_bytes()))
}

fn has(text: &[u8], what: &str) -> bool {
    let head = &text[..text.len().min(2048)];
    head.windows(what.len())
        .any(|w| w.eq_ignore_ascii_case(what.as_bytes()))
}

/// Tells whether a text is markup, and which. `extension`: of its name.
pub(crate) fn tell(sample: &[u8], extension: &str) -> Option<Mode> {
    let sample = &sample[..sample.len().min(SAMPLE_BYTES)];
    let named = |list: &[&str]| {
        list.iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    };
    let mut text = sample.trim_ascii_start();
    if text.first() != Some(&b'<') {
        let counted = named(HTML) && Tags::count(sample, true).starts > 0;
        return counted.then_some(Mode::Html);
    }
    if begins(text, "<?xml") && text.get(5).is_some_and(|b| is_space(*b)) {
        return Some(if has(text, "<html") {
            Mode::Html
        } else {
            Mode::Xml
        });
    }
    loop {
        let end: &[u8] = match mark(text, false) {
            Mark::Comment => b"-->",
            Mark::Instruction if named(HTML) || named(XML) => b"?>",
            Mark::Declaration if begins(text, "<!doctype") => {
                let name = text[9..].trim_ascii_start();
                return Some(if begins(name, "html") {
                    Mode::Html
                } else {
                    Mode::Xml
                });
            }
            Mark::Start(len) => return elements(text, len, named(HTML), named(XML)),
            _ => return None,
        };
        let end = memchr::memmem::find(text, end)? + end.len();
        text = text[end..].trim_ascii_start();
    }
}

/// The text begins with a tag whose name has `len` bytes.
fn elements(text: &[u8], len: usize, html: bool, xml: bool) -> Option<Mode> {
    let name = String::from_utf8_lossy(&text[1..=len]).to_ascii_lowercase();
    let mode = match elements::opens_html(&name) && !has(text, "xmlns=") {
        _ if html || name == "html" => Mode::Html,
        _ if xml => Mode::Xml,
        true => Mode::Html,
        false => Mode::Xml,
    };
    let tags = Tags::count(text, mode == Mode::Html);
    // `<INFO> started`: a log has no ends
    let sure = html || xml || name == "html";
    let plain = tags.ends > 0 && tags.ends * 2 >= tags.starts;
    (tags.starts > 0 && (sure || plain)).then_some(mode)
}

/// Tags of a sample.
struct Tags {
    starts: usize,
    /// End tags, and elements that end where they begin.
    ends: usize,
}

impl Tags {
    fn count(text: &[u8], html: bool) -> Tags {
        let mut tags = Tags { starts: 0, ends: 0 };
        for at in memchr::memchr_iter(b'<', text) {
            match mark(&text[at..], html) {
                Mark::Start(len) => {
                    tags.starts += 1;
                    let name = &text[at + 1..=at + len];
                    let void = html
                        && std::str::from_utf8(name)
                            .is_ok_and(|n| elements::is_void(&n.to_ascii_lowercase()));
                    let rest = &text[at..];
                    let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
                    let empty = end > 0 && rest[end - 1] == b'/';
                    tags.ends += usize::from(void || empty);
                }
                Mark::End(_) => tags.ends += 1,
                _ => {}
            }
        }
        tags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_told_by_content() {
        for text in [
            "<!DOCTYPE html><p>x",
            "\n <!-- made by hand -->\n<HTML><body>",
            "<div class=\"a\"><p>x</p></div>",
            "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\"><html xmlns=\"y\">",
            "<p>one<br>two</p>",
        ] {
            assert_eq!(tell(text.as_bytes(), "txt"), Some(Mode::Html), "{text}");
        }
        for text in [
            "<?xml version=\"1.0\"?><a/>",
            "<people><person><ssn>1</ssn></person></people>",
            "<!DOCTYPE note SYSTEM \"note.dtd\"><note>x</note>",
            "<soap:Envelope xmlns:soap=\"x\"><soap:Body>1</soap:Body></soap:Envelope>",
            "<e a=\"1\"/>\n<e a=\"2\"/>\n",
            "<table xmlns=\"urn:x\"><row>1</row></table>",
        ] {
            assert_eq!(tell(text.as_bytes(), ""), Some(Mode::Xml), "{text}");
        }
    }

    #[test]
    fn logs_and_others_are_no_markup() {
        for text in [
            "<34>Oct 11 22:14:15 mymachine su: 'su root' failed\n",
            "<INFO> started\n<WARN> slow\n",
            "{\"a\": \"<b>x</b>\"}",
            "12:00 sent <a><b>1</b></a>\n",
            "<ann@example.com> wrote:\n> x\n",
            "<Jan 5, 2024 10:00:00 AM UTC> <Error> <Server> <x>\n",
            "<?php echo 1;",
            "<",
            "",
        ] {
            assert_eq!(tell(text.as_bytes(), "log"), None, "{text}");
        }
        assert_eq!(tell(b"Dear <b>Ann</b>", "html"), Some(Mode::Html));
        assert_eq!(tell(b"Dear Ann", "html"), None);
    }
}
