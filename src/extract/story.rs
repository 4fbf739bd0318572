//! Parts of Office Open XML files that hold text, of documents as of slides: paragraphs and tables go by
//! the same local names in both.
//!
//! Which parts there are, and in what order they are told, is left to `docx` and `slides`.

use std::collections::{BTreeSet, HashMap};

use super::Failure;
use super::body::{Body, LINE_BYTES_MAX, quoted};
use super::flow::Flow;
use super::ooxml::Relation;
use super::package::Package;
use super::xml::{Element, Node, Xml};

/// People named in attributes that are told.
const AUTHORS_MAX: usize = 10_000;
/// Addresses of one paragraph that are compared with its text.
const TARGETS_MAX: usize = 200;
/// Columns that a cell may span.
const SPAN_MAX: u32 = 16_384;

/// What a part is told with.
#[derive(Debug)]
pub struct Telling<'a> {
    /// Relations of the part.
    pub relations: &'a HashMap<String, Relation>,
    /// Who wrote comments and changes.
    pub authors: &'a mut BTreeSet<String>,
    /// Empty paragraphs count too.
    pub keeps_empty: bool,
}

/// Tells the text of a part. [`Failure::Broken`]: of this part, unless it is a limit.
pub fn tell(
    package: &mut Package,
    name: &str,
    telling: Telling<'_>,
    body: &mut Body<'_>,
) -> Result<(), Failure> {
    let Some(part) = package.part(name)? else {
        return Ok(());
    };
    let mut xml = Xml::new(part);
    let mut story = Story {
        flow: Flow::new(body, telling.keeps_empty),
        telling,
        choices: Vec::new(),
        alternative: String::new(),
        text: Text::None,
        is_loose: false,
        code: String::new(),
    };
    let told = loop {
        let step = match xml.next() {
            Ok(Node::Start(element)) => story.start(&element),
            Ok(Node::End(name)) => story.end(name).map(|()| Step::On),
            Ok(Node::Text(text)) => story.text(&text).map(|()| Step::On),
            Ok(Node::Other) => Ok(Step::On),
            Ok(Node::Eof) => break Ok(()),
            Err(error) => break Err(xml.inner().failure(&error)),
        };
        match step {
            Ok(Step::On) => {}
            Ok(Step::Over) => {
                if let Err(error) = xml.skip() {
                    break Err(xml.inner().failure(&error));
                }
            }
            Err(failure) => return Err(failure),
        }
    };
    story.flow.finish()?;
    told
}

/// What follows the start of an element.
enum Step {
    On,
    /// It is passed over, with all in it.
    Over,
}

/// What the text being read is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    None,
    Run,
    /// Code of a field.
    Code,
}

struct Story<'a, 'b, 'c> {
    telling: Telling<'a>,
    flow: Flow<'b, 'c>,
    /// Of each open choice between contents: one was read.
    choices: Vec<bool>,
    /// The alternative text last told.
    alternative: String,
    text: Text,
    /// The text being read stands in no paragraph of its own.
    is_loose: bool,
    code: String,
}

impl Story<'_, '_, '_> {
    fn start(&mut self, element: &Element<'_>) -> Result<Step, Failure> {
        match element.name() {
            "p" => self.flow.paragraph(),
            "t" | "delText" => self.text = Text::Run,
            // Values of charts and comments of slides are not in paragraphs.
            "v" | "text" if self.flow.open().is_none() => {
                self.is_loose = true;
                self.text = Text::Run;
            }
            "instrText" | "delInstrText" => self.text = Text::Code,
            "tab" | "ptab" => self.push("\t")?,
            "br" | "cr" => self.push("\n")?,
            "noBreakHyphen" => self.push("-")?,
            "tbl" => self.flow.table(),
            "tr" => self.flow.row()?,
            "tblHeader" if on(element) => self.flow.body.header(),
            "tc" => self.flow.cell(1),
            "gridSpan" => self.flow.span(count(element)),
            "gridBefore" => self.flow.skip(count(element)),
            "AlternateContent" => self.choices.push(false),
            "Choice" => {
                if let Some(read) = self.choices.last_mut() {
                    *read = true;
                }
            }
            "Fallback" if self.choices.last() == Some(&true) => return Ok(Step::Over),
            // Definitions of tab stops, not tabs.
            "tabs" | "tabLst" => return Ok(Step::Over),
            "hyperlink" | "hlinkClick" | "hlinkHover" | "hlinkMouseOver" => self.link(element)?,
            "fldSimple" => {
                let code = element.attribute("instr").unwrap_or_default();
                self.flow.targets.extend(quoted(&code));
            }
            "docPr" | "cNvPr" => self.alternative(element)?,
            "docVar" => {
                let name = element.attribute("name").unwrap_or_default();
                let value = element.attribute("val").unwrap_or_default();
                self.flow.line(&format!("{name}: {value}"))?;
            }
            _ => {}
        }
        if matches!(
            element.name(),
            "comment" | "ins" | "del" | "cmAuthor" | "person" | "author"
        ) {
            let name = element
                .attribute("author")
                .or_else(|| element.attribute("name"));
            let authors = &mut self.telling.authors;
            if let Some(name) = name.filter(|n| !n.is_empty() && authors.len() < AUTHORS_MAX) {
                authors.insert(name);
            }
        }
        Ok(Step::On)
    }

    fn end(&mut self, name: &str) -> Result<(), Failure> {
        match name {
            "p" => self.flow.paragraph_end()?,
            "v" | "text" if self.is_loose => {
                self.is_loose = false;
                self.text = Text::None;
                let text = self.flow.take().unwrap_or_default();
                self.flow.line(&text)?;
            }
            "t" | "delText" => self.text = Text::None,
            "instrText" | "delInstrText" => {
                self.text = Text::None;
                let code = std::mem::take(&mut self.code);
                self.flow.targets.extend(quoted(&code));
            }
            "tc" => self.flow.cell_end()?,
            "tbl" => self.flow.table_end()?,
            "AlternateContent" => {
                self.choices.pop();
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Failure> {
        match self.text {
            Text::None => Ok(()),
            Text::Run => self.push(text),
            Text::Code => {
                if self.code.len() + text.len() <= LINE_BYTES_MAX {
                    self.code.push_str(text);
                }
                Ok(())
            }
        }
    }

    fn push(&mut self, text: &str) -> Result<(), Failure> {
        if self.flow.open().is_none() {
            // Text of a chart or a comment; a break between tables is none.
            if self.text == Text::None {
                return Ok(());
            }
            self.flow.paragraph();
        }
        self.flow.push(text)
    }

    /// The address that a link leads to, told after its paragraph.
    fn link(&mut self, element: &Element<'_>) -> Result<(), Failure> {
        let id = element.attribute("id").unwrap_or_default();
        let relation = self.telling.relations.get(&id).filter(|r| r.external);
        let Some(target) = relation.map(|relation| relation.target.clone()) else {
            return Ok(());
        };
        // Looking for each in many takes long; what is told twice does no harm.
        if self.flow.targets.len() >= TARGETS_MAX {
            return self.flow.line(&target);
        }
        if !self.flow.targets.contains(&target) {
            self.flow.targets.push(target);
        }
        Ok(())
    }

    /// The text told in place of a picture.
    fn alternative(&mut self, element: &Element<'_>) -> Result<(), Failure> {
        let text = element.attribute("descr").unwrap_or_default();
        // Pictures carry it twice.
        if text.is_empty() || text == self.alternative {
            return Ok(());
        }
        self.flow.line(&text)?;
        self.alternative = text;
        Ok(())
    }
}

/// A property that is on unless it says otherwise.
fn on(element: &Element<'_>) -> bool {
    !matches!(
        element.attribute("val").as_deref(),
        Some("0" | "false" | "off")
    )
}

fn count(element: &Element<'_>) -> u32 {
    let value = element.attribute("val").unwrap_or_default();
    value.parse().unwrap_or(1).clamp(1, SPAN_MAX)
}
