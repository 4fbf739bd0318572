//! XML as a stream of elements and text, by local names. Entities other than the five of XML and
//! numbers are not expanded; faults of nesting are borne.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::escape;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::decoded::Decoded;

/// Reads XML.
pub struct Xml<R> {
    reader: Reader<Decoded<R>>,
    buffer: Vec<u8>,
    /// Local name of the element that ends.
    name: String,
    /// Open elements.
    depth: u64,
}

impl<R> std::fmt::Debug for Xml<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Xml").finish_non_exhaustive()
    }
}

/// One piece of XML.
#[derive(Debug)]
pub enum Node<'a> {
    Start(Element<'a>),
    /// Local name. An empty element has an end too.
    End(&'a str),
    Text(Cow<'a, str>),
    /// A comment, declaration or instruction.
    Other,
    /// Nothing more comes.
    Eof,
}

/// The start of an element.
#[derive(Debug)]
pub struct Element<'a>(BytesStart<'a>);

impl Element<'_> {
    /// Local name.
    pub fn name(&self) -> &str {
        local(self.0.name().0)
    }

    /// Value of the first attribute of that local name.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.attributes()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// Local names and values. Namespace declarations are left out.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, String)> {
        let mut attributes = self.0.attributes();
        attributes.with_checks(false);
        attributes
            .flatten()
            .filter(|a| a.key.0 != "xmlns" && !a.key.0.starts_with("xmlns:"))
            .map(|a| {
                let value = escape::unescape(&a.value).unwrap_or(Cow::Borrowed(&a.value));
                (local(a.key.0), value.into_owned())
            })
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn resolved(entity: &BytesRef<'_>) -> String {
    match entity.resolve_char_ref() {
        Ok(Some(c)) => c.to_string(),
        _ => match escape::resolve_predefined_entity(entity) {
            Some(text) => text.to_owned(),
            None => format!("&{};", &**entity),
        },
    }
}

impl<R: BufRead> Xml<R> {
    pub fn new(inner: R) -> Self {
        let mut reader = Reader::from_reader(Decoded::new(inner));
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Xml {
            reader,
            buffer: Vec::new(),
            name: String::new(),
            depth: 0,
        }
    }

    pub fn inner(&self) -> &R {
        self.reader.get_ref().get_ref()
    }

    /// The next piece. An error is for people and holds nothing of the content.
    pub fn next(&mut self) -> Result<Node<'_>, String> {
        self.buffer.clear();
        let at = self.reader.buffer_position();
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Start(start)) => {
                self.depth += 1;
                Ok(Node::Start(Element(start)))
            }
            Ok(Event::End(end)) => {
                self.depth = self.depth.saturating_sub(1);
                self.name.clear();
                self.name.push_str(local(end.name().0));
                Ok(Node::End(&self.name))
            }
            Ok(Event::Text(text)) => Ok(Node::Text(text.xml10_content())),
            Ok(Event::CData(text)) => Ok(Node::Text(text.xml10_content())),
            Ok(Event::GeneralRef(entity)) => Ok(Node::Text(Cow::Owned(resolved(&entity)))),
            Ok(Event::Eof) if self.depth > 0 => {
                self.depth = 0;
                Err("the XML ends within an element".to_owned())
            }
            Ok(Event::Eof) => Ok(Node::Eof),
            Ok(_) => Ok(Node::Other),
            Err(quick_xml::Error::Io(error)) => Err(error.to_string()),
            Err(quick_xml::Error::Syntax(error)) => Err(format!("XML at byte {at}: {error}")),
            Err(_) => Err(format!("XML at byte {at}: not well formed")),
        }
    }

    /// Text up to the end of the element that was started last.
    pub fn text_to_end(&mut self, bytes_max: usize) -> Result<String, String> {
        let (mut depth, mut text) = (0u32, String::new());
        loop {
            match self.next()? {
                Node::Start(_) => depth += 1,
                Node::End(_) if depth == 0 => return Ok(text),
                Node::End(_) => depth -= 1,
                Node::Text(more) if text.len() + more.len() <= bytes_max => text.push_str(&more),
                Node::Text(_) | Node::Other => {}
                Node::Eof => return Ok(text),
            }
        }
    }

    /// Passes over the element that was started last.
    pub fn skip(&mut self) -> Result<(), String> {
        self.text_to_end(0).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> (Vec<String>, Option<String>) {
        let (mut xml, mut all) = (Xml::new(text.as_bytes()), Vec::new());
        loop {
            all.push(match xml.next() {
                Ok(Node::Start(e)) => {
                    let attributes = e.attributes().map(|(k, v)| format!(" {k}={v}"));
                    format!("<{}{}", e.name(), attributes.collect::<String>())
                }
                Ok(Node::End(name)) => format!("/{name}"),
                Ok(Node::Text(text)) => text.into_owned(),
                Ok(Node::Other) => continue,
                Ok(Node::Eof) => return (all, None),
                Err(error) => return (all, Some(error)),
            });
        }
    }

    #[test]
    fn elements_and_text_by_local_names() {
        let (all, error) = shown(
            "<?xml version='1.0'?><!-- c --><w:p xmlns:w='u' w:a='1 &amp; 2'>x &lt;&#65;<![CDATA[<y>]]><w:br/></w:p>",
        );
        assert_eq!(error, None);
        let expected = ["<p a=1 & 2", "x ", "<", "A", "<y>", "<br", "/br", "/p"];
        assert_eq!(all, expected);
    }

    #[test]
    fn entities_are_not_expanded() {
        let bomb = "<!DOCTYPE a [<!ENTITY b 'lol'><!ENTITY c '&b;&b;'>]><a x='&c;'>&c;</a>";
        assert_eq!(shown(bomb).0, ["<a x=&c;", "&c;", "/a"]);
    }

    #[test]
    fn what_is_not_well_formed_is_borne_or_told() {
        assert_eq!(
            shown("<a><b>1</c>2</a></a> & x"),
            (
                vec!["<a", "<b", "1", "/c", "2", "/a", "/a", " ", "& x"]
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
                None
            )
        );
        let (all, error) = shown("<a>text<b");
        assert_eq!(all, ["<a", "text"]);
        assert!(error.unwrap().contains("not closed"));
        let (_, error) = shown("<a>text");
        assert_eq!(error.unwrap(), "the XML ends within an element");
    }
}
