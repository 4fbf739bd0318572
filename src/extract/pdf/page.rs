//! The content of a page, and of the forms drawn on it: follows the text from operator to operator.

use std::rc::Rc;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::content::{Content, Operation};
use super::font::{Font, Fonts, Glyph};
use super::inherited;
use super::lines::{Line, Lines, Run};
use super::object::{
    STREAM_BYTES_MAX, array, as_dictionary, deref, dictionary, get, name, number, plain, text,
};

/// Forms within forms.
const FORM_DEPTH_MAX: usize = 16;
/// Forms drawn on one page, and bytes of content with them: a form may be drawn again and again.
const FORMS_MAX: u32 = 20_000;
const PAGE_CONTENT_BYTES_MAX: usize = 256 << 20;
/// Saved states of the graphics.
const SAVED_MAX: usize = 4_096;

/// What a page shows.
#[derive(Default)]
pub struct Shown {
    pub lines: Vec<Line>,
    pub pictures: u32,
    /// Most glyphs in a row that nothing tells of.
    pub unknown_run: u32,
    /// It was not read to its end.
    pub is_cut: bool,
}

type Matrix = [f64; 6];

const SAME: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// `first`, then `then`.
fn after(first: &Matrix, then: &Matrix) -> Matrix {
    let [a, b, c, d, e, f] = *first;
    let [p, q, r, s, t, u] = *then;
    [
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    ]
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    glyph_room: f64,
    word_room: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

struct Page<'a> {
    doc: &'a Document,
    fonts: &'a mut Fonts,
    lines: Lines,
    state: State,
    saved: Vec<State>,
    /// Matrices of the text and of its line.
    text: Matrix,
    line: Matrix,
    /// Text that is to be read instead of what is shown, of marked content that is open; `None`: none.
    instead: Vec<Option<String>>,
    forms: u32,
    /// Forms being drawn, by address.
    drawing: Vec<usize>,
    content_bytes: usize,
    pictures: u32,
    /// Glyphs in a row so far that nothing tells of, and the most.
    unknown: u32,
    unknown_run: u32,
    is_cut: bool,
}

/// Reads a page.
pub fn show(doc: &Document, id: ObjectId, fonts: &mut Fonts) -> Shown {
    let mut page = Page::new(doc, fonts);
    let Ok(dict) = doc.get_dictionary(id) else {
        return Shown {
            is_cut: true,
            ..Shown::default()
        };
    };
    let resources = inherited(doc, dict, b"Resources").and_then(as_dictionary);
    let empty = Dictionary::new();
    let content = page.content(dict);
    page.run(&content, resources.unwrap_or(&empty), 0);
    page.finish()
}

/// Reads a form that stands by itself, such as the looks of a note.
pub fn show_form(doc: &Document, form: &Object, fonts: &mut Fonts) -> Shown {
    let mut page = Page::new(doc, fonts);
    let empty = Dictionary::new();
    page.form(form, &empty, 0);
    page.finish()
}

impl<'a> Page<'a> {
    fn new(doc: &'a Document, fonts: &'a mut Fonts) -> Self {
        Page {
            doc,
            fonts,
            lines: Lines::default(),
            state: State {
                matrix: SAME,
                font: None,
                size: 1.0,
                glyph_room: 0.0,
                word_room: 0.0,
                scale: 1.0,
                leading: 0.0,
                rise: 0.0,
            },
            saved: Vec::new(),
            text: SAME,
            line: SAME,
            instead: Vec::new(),
            forms: 0,
            drawing: Vec::new(),
            content_bytes: 0,
            pictures: 0,
            unknown: 0,
            unknown_run: 0,
            is_cut: false,
        }
    }

    fn finish(self) -> Shown {
        Shown {
            is_cut: self.is_cut || self.lines.is_full,
            lines: self.lines.finish(),
            pictures: self.pictures,
            unknown_run: self.unknown_run,
        }
    }

    /// The streams of the page, one after the other.
    fn content(&mut self, page: &Dictionary) -> Vec<u8> {
        let one;
        let streams = match get(self.doc, page, b"Contents") {
            Some(Object::Array(streams)) => streams.as_slice(),
            Some(stream @ Object::Stream(_)) => {
                one = [stream.clone()];
                &one
            }
            // A page may be empty; a stream that is lost is another matter.
            _ => {
                self.is_cut |= page.has(b"Contents");
                &[]
            }
        };
        let mut content = Vec::new();
        for stream in streams {
            let stream = deref(self.doc, stream).and_then(|s| s.as_stream().ok());
            let Some(plain) = stream.and_then(|stream| plain(self.doc, stream)) else {
                self.is_cut = true;
                continue;
            };
            self.is_cut |= plain.is_cut;
            if content.len() + plain.bytes.len() > STREAM_BYTES_MAX {
                self.is_cut = true;
                break;
            }
            content.extend_from_slice(&plain.bytes);
            content.push(b'\n');
        }
        content
    }

    fn run(&mut self, content: &[u8], resources: &Dictionary, depth: usize) {
        self.content_bytes += content.len();
        if self.content_bytes > PAGE_CONTENT_BYTES_MAX {
            self.is_cut = true;
            return;
        }
        let mut content = Content::new(content);
        while let Some(operation) = content.next() {
            self.step(&operation, resources, depth);
        }
    }

    fn step(&mut self, operation: &Operation<'_>, resources: &Dictionary, depth: usize) {
        let operands = operation.operands.as_slice();
        let at = |index: usize| operands.get(index).and_then(number).unwrap_or(0.0);
        let state = &mut self.state;
        match operation.operator {
            b"q" if self.saved.len() >= SAVED_MAX => {}
            b"q" => self.saved.push(self.state.clone()),
            b"Q" => {
                if let Some(saved) = self.saved.pop() {
                    self.state = saved;
                }
            }
            b"cm" => {
                let matrix = [at(0), at(1), at(2), at(3), at(4), at(5)];
                state.matrix = after(&matrix, &state.matrix);
            }
            b"BT" => (self.text, self.line) = (SAME, SAME),
            b"Tc" => state.glyph_room = at(0),
            b"Tw" => state.word_room = at(0),
            b"Tz" => state.scale = at(0) / 100.0,
            b"TL" => state.leading = at(0),
            b"Ts" => state.rise = at(0),
            b"Tf" => {
                state.size = at(1);
                let font = operands.first().and_then(|name| name.as_name().ok());
                let fonts = dictionary(self.doc, resources, b"Font");
                let found = fonts
                    .zip(font)
                    .and_then(|(fonts, name)| fonts.get(name).ok());
                self.state.font = found.and_then(|font| self.fonts.get(self.doc, font));
            }
            b"gs" => {
                let states = dictionary(self.doc, resources, b"ExtGState");
                let name = operands.first().and_then(|name| name.as_name().ok());
                let set = states
                    .zip(name)
                    .and_then(|(states, name)| dictionary(self.doc, states, name))
                    .and_then(|state| array(self.doc, state, b"Font"));
                if let Some([font, size]) = set.map(Vec::as_slice) {
                    self.state.font = self.fonts.get(self.doc, font);
                    self.state.size = number(size).unwrap_or(1.0);
                }
            }
            b"Td" => self.next_line(at(0), at(1)),
            b"TD" => {
                state.leading = -at(1);
                self.next_line(at(0), at(1));
            }
            b"Tm" => {
                self.line = [at(0), at(1), at(2), at(3), at(4), at(5)];
                self.text = self.line;
            }
            b"T*" => self.next_line(0.0, -self.state.leading),
            b"Tj" => self.string(operands.first()),
            b"'" => {
                self.next_line(0.0, -self.state.leading);
                self.string(operands.first());
            }
            b"\"" => {
                (state.word_room, state.glyph_room) = (at(0), at(1));
                self.next_line(0.0, -self.state.leading);
                self.string(operands.get(2));
            }
            b"TJ" => self.strings(operands.first()),
            b"BI" => self.pictures += 1,
            b"Do" => {
                let objects = dictionary(self.doc, resources, b"XObject");
                let name = operands.first().and_then(|name| name.as_name().ok());
                let object = objects
                    .zip(name)
                    .and_then(|(objects, name)| get(self.doc, objects, name));
                if let Some(object) = object {
                    self.form(object, resources, depth);
                }
            }
            b"BMC" => self.mark(None),
            b"BDC" => {
                let properties = match operands.get(1) {
                    Some(Object::Name(name)) => dictionary(self.doc, resources, b"Properties")
                        .and_then(|all| dictionary(self.doc, all, name)),
                    Some(Object::Dictionary(properties)) => Some(properties),
                    _ => None,
                };
                let instead = properties
                    .and_then(|p| get(self.doc, p, b"ActualText"))
                    .and_then(|t| t.as_str().ok());
                self.mark(instead.map(text));
            }
            b"EMC" => {
                // Told even where nothing was shown in its place.
                if let Some(Some(left)) = self.instead.pop() {
                    let run = self.run_at(left, 0.0);
                    self.lines.add(run);
                }
            }
            _ => {}
        }
    }

    fn mark(&mut self, instead: Option<String>) {
        if self.instead.len() < SAVED_MAX {
            self.instead.push(instead);
        }
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = after(&[1.0, 0.0, 0.0, 1.0, x, y], &self.line);
        self.text = self.line;
    }

    fn strings(&mut self, operand: Option<&Object>) {
        let Some(Object::Array(pieces)) = operand else {
            return self.string(operand);
        };
        for piece in pieces {
            match number(piece) {
                Some(back) => {
                    let x = -back / 1000.0 * self.state.size * self.state.scale;
                    self.advance(x);
                }
                None => self.string(Some(piece)),
            }
        }
    }

    fn advance(&mut self, x: f64) {
        self.text = after(&[1.0, 0.0, 0.0, 1.0, x, 0.0], &self.text);
    }

    /// Shows a string.
    fn string(&mut self, operand: Option<&Object>) {
        let Some(bytes) = operand.and_then(|o| o.as_str().ok()) else {
            return;
        };
        let Some(font) = self.state.font.clone() else {
            // Text without a font that can be found.
            self.unknown += bytes.len().min(1 << 20) as u32;
            self.unknown_run = self.unknown_run.max(self.unknown);
            return;
        };
        let (mut told, mut width) = (String::new(), 0.0);
        let (size, glyph_room) = (self.state.size, self.state.glyph_room);
        let (word_room, scale) = (self.state.word_room, self.state.scale);
        let (mut unknown, mut unknown_run) = (self.unknown, self.unknown_run);
        font.glyphs(bytes, &mut |glyph: Glyph<'_>| {
            match glyph.is_unknown {
                true => {
                    unknown += 1;
                    unknown_run = unknown_run.max(unknown);
                }
                false if glyph.text.trim().is_empty() => {}
                false => unknown = 0,
            }
            push_glyph(&mut told, glyph.text);
            let word_room = if glyph.is_blank { word_room } else { 0.0 };
            width += (glyph.width * size + glyph_room + word_room) * scale;
        });
        let mut is_instead = false;
        if let Some(instead) = self.instead.iter_mut().rev().find(|i| i.is_some()) {
            // Told once, in place of the first that is shown.
            told = instead.take().unwrap_or_default();
            *instead = Some(String::new());
            is_instead = true;
        }
        if !is_instead {
            (self.unknown, self.unknown_run) = (unknown, unknown_run);
        }
        let run = self.run_at(told, width);
        self.lines.add(run);
        self.advance(width);
    }

    /// A run of glyphs where the text stands now.
    fn run_at(&self, text: String, width: f64) -> Run {
        let state = &self.state;
        let raised = [1.0, 0.0, 0.0, 1.0, 0.0, state.rise];
        let whole = after(&after(&raised, &self.text), &state.matrix);
        let [a, b, c, d, x, y] = whole;
        let along = a.hypot(b);
        let direction = match along > 1e-9 {
            true => (a / along, b / along),
            false => (1.0, 0.0),
        };
        Run {
            text,
            x,
            y,
            direction,
            width: width * along,
            size: (state.size * c.hypot(d)).abs(),
        }
    }

    /// Draws a form; counts a picture.
    fn form(&mut self, object: &Object, resources: &Dictionary, depth: usize) {
        let Some(stream) = deref(self.doc, object).and_then(|o| o.as_stream().ok()) else {
            return;
        };
        match name(self.doc, &stream.dict, b"Subtype") {
            Some(b"Image") => {
                self.pictures += 1;
                return;
            }
            Some(b"Form") | None => {}
            Some(_) => return,
        }
        // A form that draws itself shows nothing more.
        let address = std::ptr::from_ref(stream) as usize;
        if self.drawing.contains(&address) {
            return;
        }
        self.forms += 1;
        if depth >= FORM_DEPTH_MAX || self.forms > FORMS_MAX {
            self.is_cut = true;
            return;
        }
        let Some(plain) = plain(self.doc, stream) else {
            self.is_cut = true;
            return;
        };
        self.is_cut |= plain.is_cut;
        let own = dictionary(self.doc, &stream.dict, b"Resources");
        let saved = (self.state.clone(), self.text, self.line, self.saved.len());
        if let Some(matrix) = array(self.doc, &stream.dict, b"Matrix") {
            let at = |i: usize| matrix.get(i).and_then(|m| number(deref(self.doc, m)?));
            if let [Some(a), Some(b), Some(c), Some(d), Some(e), Some(f)] =
                [at(0), at(1), at(2), at(3), at(4), at(5)]
            {
                self.state.matrix = after(&[a, b, c, d, e, f], &self.state.matrix);
            }
        }
        self.drawing.push(address);
        self.run(&plain.bytes, own.unwrap_or(resources), depth + 1);
        self.drawing.pop();
        (self.state, self.text, self.line) = (saved.0, saved.1, saved.2);
        self.saved.truncate(saved.3);
    }
}

/// Ligatures are told as their letters, so that words can be found.
fn push_glyph(told: &mut String, glyph: &str) {
    if let [byte @ 1..=0x7f] = glyph.as_bytes() {
        return told.push(char::from(*byte));
    }
    for c in glyph.chars() {
        match c {
            '\u{fb00}' => told.push_str("ff"),
            '\u{fb01}' => told.push_str("fi"),
            '\u{fb02}' => told.push_str("fl"),
            '\u{fb03}' => told.push_str("ffi"),
            '\u{fb04}' => told.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => told.push_str("st"),
            '\u{a0}' => told.push(' '),
            // A hyphen that is shown.
            '\u{ad}' => told.push('-'),
            '\0' => {}
            _ => told.push(c),
        }
    }
}
