//! The open elements, with the numbers they have in paths, and the heads of open tables.

use std::collections::HashMap;
use std::rc::Rc;

use siphasher::sip::SipHasher13;

use super::elements::{self, Kind};
use super::outline::Frame;

/// Elements inside one another that are followed.
pub(super) const DEPTH_MAX: usize = 256;
/// Names that are counted among the children of one element; of more, numbers are not told.
const NAMES_MAX: usize = 64;
/// Names of which it is remembered what is known.
const KNOWN_MAX: usize = 1000;
/// Columns and bytes of the heads of a table.
const COLUMNS_MAX: usize = 256;
const HEADER_BYTES_MAX: usize = 64;

/// How often each name occurred.
#[derive(Debug, Default)]
struct Counts(Vec<(u64, u32)>);

impl Counts {
    fn next(&mut self, name: &str) -> u32 {
        let hash = SipHasher13::new().hash(name.as_bytes());
        if let Some((_, count)) = self.0.iter_mut().find(|(known, _)| *known == hash) {
            *count = count.saturating_add(1);
            return *count;
        }
        if self.0.len() == NAMES_MAX {
            return 0;
        }
        self.0.push((hash, 1));
        1
    }
}

/// What is known of a name of an element.
#[derive(Debug)]
struct Element {
    name: Rc<str>,
    kind: Kind,
    /// The name says something of the text inside.
    says: bool,
    keeps_space: bool,
    ends_before: (&'static [&'static str], &'static [&'static str]),
}

/// What is known of a name of an attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    /// As it stands in a path.
    step: Rc<str>,
    says: bool,
    /// It says how an element looks.
    pub of_looks: bool,
    pub is_colspan: bool,
}

#[derive(Debug)]
struct Level {
    frame: Rc<Frame>,
    element: Rc<Element>,
    children: Counts,
}

impl Level {
    fn name(&self) -> &str {
        &self.element.name
    }
}

#[derive(Debug, Default)]
struct Table {
    /// Number of open elements outside.
    level: usize,
    headers: Vec<Rc<str>>,
    /// The next cell of the row.
    column: usize,
    /// Cells with data came.
    has_data: bool,
}

/// A header cell that is being read.
#[derive(Debug)]
struct Collected {
    level: usize,
    column: usize,
    text: Vec<u8>,
}

#[derive(Debug)]
pub(super) struct Tree {
    html: bool,
    base: Option<Rc<Frame>>,
    roots: Counts,
    levels: Vec<Level>,
    /// Open elements beyond [`DEPTH_MAX`].
    beyond: u64,
    pub too_deep: bool,
    tables: Vec<Table>,
    collected: Option<Collected>,
    /// Open elements in which white space counts.
    spaced: usize,
    /// By name as it is written.
    elements: HashMap<Box<str>, Rc<Element>>,
    attributes: HashMap<Box<str>, Rc<Attribute>>,
}

/// Whether an element that began or ended parts the text around it.
pub(super) type Parts = bool;

impl Tree {
    /// `base`: what the whole stands in.
    pub fn new(html: bool, base: Option<Rc<Frame>>) -> Self {
        Tree {
            html,
            base,
            roots: Counts::default(),
            levels: Vec::new(),
            beyond: 0,
            too_deep: false,
            tables: Vec::new(),
            collected: None,
            spaced: 0,
            elements: HashMap::new(),
            attributes: HashMap::new(),
        }
    }

    fn element(&mut self, name: &str) -> Rc<Element> {
        if let Some(known) = self.elements.get(name) {
            return Rc::clone(known);
        }
        let written = name;
        let name = self.normal(written);
        let element = Rc::new(match self.html {
            true => Element {
                kind: elements::kind(&name),
                says: !elements::is_known(&name),
                keeps_space: elements::keeps_space(&name),
                ends_before: elements::ends_before(&name),
                name: name.into(),
            },
            false => Element {
                kind: Kind::Block,
                says: true,
                keeps_space: false,
                ends_before: (&[], &[]),
                name: name.into(),
            },
        });
        if self.elements.len() < KNOWN_MAX {
            self.elements.insert(written.into(), Rc::clone(&element));
        }
        element
    }

    /// What is known of the name of an attribute.
    pub fn known(&mut self, name: &str) -> Rc<Attribute> {
        if let Some(known) = self.attributes.get(name) {
            return Rc::clone(known);
        }
        let written = name;
        let name = self.normal(written);
        let attribute = Rc::new(Attribute {
            step: format!("@{name}").into(),
            says: !self.html || !elements::is_known_attribute(&name),
            of_looks: elements::is_of_looks(&name),
            is_colspan: self.html && name == "colspan",
        });
        if self.attributes.len() < KNOWN_MAX {
            let known = Rc::clone(&attribute);
            self.attributes.insert(written.into(), known);
        }
        attribute
    }

    pub fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    pub fn keeps_space(&self) -> bool {
        self.spaced > 0
    }

    fn top(&self) -> Option<&Rc<Frame>> {
        self.levels.last().map(|l| &l.frame).or(self.base.as_ref())
    }

    /// What text stands in that comes now.
    pub fn frame(&self) -> Option<Rc<Frame>> {
        let block = self
            .levels
            .iter()
            .rev()
            .find(|l| l.element.kind == Kind::Block);
        block.map(|l| &l.frame).or(self.base.as_ref()).cloned()
    }

    /// What the value of an attribute of the innermost element stands in.
    pub fn attribute(&self, known: &Attribute) -> Rc<Frame> {
        Frame::new(self.top(), Rc::clone(&known.step), 0, known.says, None)
    }

    /// What something beside elements stands in, such as a comment.
    pub fn aside(&self, step: &str) -> Rc<Frame> {
        Frame::new(self.top(), step, 0, false, None)
    }

    /// The innermost element.
    pub fn last(&self) -> Option<&Rc<Frame>> {
        match self.beyond {
            0 => self.levels.last().map(|l| &l.frame),
            _ => None,
        }
    }

    fn normal(&self, name: &str) -> String {
        match self.html {
            true => name.to_ascii_lowercase(),
            false => name.to_owned(),
        }
    }

    /// Name of the innermost element.
    pub fn innermost(&self) -> &str {
        match self.beyond {
            0 => self.levels.last().map_or("", Level::name),
            _ => "",
        }
    }

    pub fn open(&mut self, name: &str) -> Parts {
        let element = self.element(name);
        let parts = self.end_implied(element.ends_before);
        if self.levels.len() >= DEPTH_MAX {
            self.beyond += 1;
            self.too_deep = true;
            return true;
        }
        let header = match self.html {
            true => self.cell(&element.name),
            false => None,
        };
        let counts = match self.levels.last_mut() {
            Some(level) => &mut level.children,
            None => &mut self.roots,
        };
        let number = counts.next(&element.name);
        // there is one root
        let is_root = self.levels.is_empty() && number == 1;
        let number = if is_root { 0 } else { number };
        let step = Rc::clone(&element.name);
        let frame = Frame::new(self.top(), step, number, element.says, header);
        self.spaced += usize::from(element.keeps_space);
        let parts = parts || element.kind == Kind::Block;
        self.levels.push(Level {
            frame,
            element,
            children: Counts::default(),
        });
        parts
    }

    /// Ends what ends by itself where an element begins.
    fn end_implied(
        &mut self,
        (ending, keeping): (&'static [&'static str], &'static [&'static str]),
    ) -> Parts {
        if ending.is_empty() {
            return false;
        }
        for (number, level) in self.levels.iter().enumerate().rev() {
            let open = level.name();
            if ending.contains(&open) {
                self.cut(number);
                return true;
            }
            if keeping.contains(&open) {
                return false;
            }
        }
        false
    }

    /// Notes an element of a table; answers with the head of the column.
    fn cell(&mut self, name: &str) -> Option<Rc<str>> {
        let level = self.levels.len();
        if name == "table" {
            self.tables.push(Table {
                level,
                ..Table::default()
            });
            return None;
        }
        let table = self.tables.last_mut()?;
        match name {
            "tr" => table.column = 0,
            "th" => {
                if !table.has_data && table.column < COLUMNS_MAX {
                    self.collected = Some(Collected {
                        level,
                        column: table.column,
                        text: Vec::new(),
                    });
                }
                table.column += 1;
            }
            "td" => {
                table.has_data = true;
                table.column += 1;
                let header = table.headers.get(table.column - 1);
                return header.filter(|h| !h.is_empty()).cloned();
            }
            _ => {}
        }
        None
    }

    /// The cell that began spans so many columns.
    pub fn spans(&mut self, columns: usize) {
        let is_cell = matches!(self.innermost(), "td" | "th");
        if let (true, Some(table)) = (is_cell, self.tables.last_mut()) {
            table.column += columns.clamp(1, COLUMNS_MAX) - 1;
        }
    }

    /// Notes text that was given out, for it may be the head of a column.
    pub fn collect(&mut self, text: &[u8]) {
        if let Some(collected) = &mut self.collected {
            let room = HEADER_BYTES_MAX - collected.text.len().min(HEADER_BYTES_MAX);
            collected
                .text
                .extend_from_slice(&text[..text.len().min(room)]);
        }
    }

    /// Ends all elements from that number on.
    fn cut(&mut self, number: usize) {
        if let Some(collected) = self.collected.take_if(|c| c.level >= number) {
            let text = String::from_utf8_lossy(&collected.text);
            let header: Rc<str> = text.trim().into();
            if let Some(table) = self.tables.last_mut() {
                let to = table.column.clamp(collected.column + 1, COLUMNS_MAX);
                if table.headers.len() < to {
                    table.headers.resize(to, "".into());
                }
                table.headers[collected.column..to].fill(header);
            }
        }
        while self.tables.last().is_some_and(|t| t.level >= number) {
            self.tables.pop();
        }
        for level in self.levels.drain(number..) {
            self.spaced -= usize::from(level.element.keeps_space);
        }
    }

    pub fn close(&mut self, name: &str) -> Parts {
        if self.beyond > 0 {
            self.beyond -= 1;
            return true;
        }
        let element = self.element(name);
        let in_cell = self.html
            && !matches!(
                &*element.name,
                "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "body" | "html"
            );
        for (number, level) in self.levels.iter().enumerate().rev() {
            if *level.name() == *element.name {
                let mut ended = self.levels[number..].iter();
                let parts = ended.any(|l| l.element.kind == Kind::Block);
                self.cut(number);
                return parts;
            }
            if in_cell && matches!(level.name(), "td" | "th") {
                break;
            }
        }
        // an end without a start: `</p>` stands for an empty one
        element.kind == Kind::Block
    }

    /// Ends the element that began last.
    pub fn close_last(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(last) = self.levels.len().checked_sub(1) {
            self.cut(last);
        }
    }
}
