//! Fonts of PDF: what text the bytes of a string stand for, and how wide it is.
//!
//! The text is told by the map of the font to Unicode, else by its encoding and the names of its glyphs
//! (tables of lopdf). Glyphs of fonts that tell neither are unknown, and counted.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS, UTF_16BE};
use lopdf::{Dictionary, Document, Object, ObjectId};

use super::cmap::CMap;
use super::metrics;
use super::object::{array, as_dictionary, deref, dictionary, get, name, number, plain};

/// Glyphs in a row that nothing tells of, from which on a page counts as not read: fewer are bullets
/// and the like.
pub const UNKNOWN_RUN_MIN: u32 = 4;
/// Widths that one font tells.
const WIDTHS_MAX: usize = 1 << 17;
/// Fonts that are kept.
const FONTS_MAX: usize = 2_000;
/// What stands for a glyph that nothing tells of.
pub const UNKNOWN: char = '\u{fffd}';

pub struct Font {
    cut: Cut,
    /// Map to Unicode.
    unicode: Option<CMap>,
    /// Text and width of codes of one byte.
    table: Vec<(Option<String>, f64)>,
    widths: HashMap<u32, f64>,
    standard_width: f64,
    /// Size of a unit of widths.
    unit: f64,
    /// Symbols without a map: not known, and nothing to read either.
    is_symbols: bool,
}

/// How bytes are cut into codes.
enum Cut {
    One,
    Two,
    Map(CMap),
    /// Text in an encoding.
    Encoded(&'static Encoding),
}

/// A glyph of a string.
pub struct Glyph<'a> {
    /// Empty: nothing to read.
    pub text: &'a str,
    /// Nothing tells what it is.
    pub is_unknown: bool,
    /// In units of the size of the font.
    pub width: f64,
    /// Spacing of words applies.
    pub is_blank: bool,
}

/// Fonts by their object, as they are shared by pages.
#[derive(Default)]
pub struct Fonts {
    by_id: HashMap<ObjectId, Rc<Font>>,
}

impl Fonts {
    pub fn get(&mut self, doc: &Document, font: &Object) -> Option<Rc<Font>> {
        let id = font.as_reference().ok();
        if let Some(known) = id.and_then(|id| self.by_id.get(&id)) {
            return Some(Rc::clone(known));
        }
        let made = Rc::new(Font::new(doc, as_dictionary(deref(doc, font)?)?));
        if let Some(id) = id {
            if self.by_id.len() >= FONTS_MAX {
                self.by_id.clear();
            }
            self.by_id.insert(id, Rc::clone(&made));
        }
        Some(made)
    }
}

impl Font {
    fn new(doc: &Document, font: &Dictionary) -> Self {
        let unicode = match get(doc, font, b"ToUnicode") {
            Some(Object::Stream(stream)) => plain(doc, stream).map(|map| CMap::parse(&map.bytes)),
            _ => None,
        };
        let unicode = unicode.filter(|map| !map.is_empty());
        match name(doc, font, b"Subtype") {
            Some(b"Type0") => Font::composite(doc, font, unicode),
            subtype => Font::simple(doc, font, unicode, subtype == Some(b"Type3")),
        }
    }

    fn simple(doc: &Document, font: &Dictionary, unicode: Option<CMap>, is_drawn: bool) -> Self {
        let base = base_name(doc, font);
        let descriptor = dictionary(doc, font, b"FontDescriptor");
        let mut widths = HashMap::new();
        let first = get(doc, font, b"FirstChar").and_then(|f| f.as_i64().ok());
        let told = array(doc, font, b"Widths");
        for (at, width) in told.into_iter().flatten().take(256).enumerate() {
            let width = deref(doc, width).and_then(number);
            if let (Some(width), Some(first)) = (width, first.and_then(|f| u32::try_from(f).ok())) {
                widths.insert(first.saturating_add(at as u32), width);
            }
        }
        let table = table(doc, font);
        let mut standard_width = descriptor
            .and_then(|d| get(doc, d, b"MissingWidth"))
            .and_then(number)
            .unwrap_or(0.0);
        if widths.is_empty() {
            for (code, text) in table.iter().enumerate() {
                let c = text.as_ref().and_then(|text| text.chars().next());
                widths.insert(code as u32, metrics::width(&base, c.unwrap_or('n')));
            }
            standard_width = 556.0;
        }
        let matrix = array(doc, font, b"FontMatrix").and_then(|m| number(m.first()?));
        // What is asked for each glyph is looked up once.
        let table = (0..256)
            .zip(table)
            .map(|(code, text)| {
                let told = unicode.as_ref().and_then(|map| map.text(code));
                let width = widths.get(&code).copied().unwrap_or(standard_width);
                (told.map(Cow::into_owned).or(text), width)
            })
            .collect();
        Font {
            cut: Cut::One,
            is_symbols: unicode.is_none()
                && font.get(b"Encoding").is_err()
                && ["symbol", "dingbats", "wingdings", "webdings"]
                    .iter()
                    .any(|name| base.to_ascii_lowercase().contains(name)),
            unicode,
            table,
            widths: HashMap::new(),
            standard_width,
            unit: matrix.filter(|_| is_drawn).unwrap_or(0.001).abs(),
        }
    }

    fn composite(doc: &Document, font: &Dictionary, unicode: Option<CMap>) -> Self {
        let descendant = array(doc, font, b"DescendantFonts")
            .and_then(|fonts| deref(doc, fonts.first()?))
            .and_then(as_dictionary);
        let cut = match get(doc, font, b"Encoding") {
            Some(Object::Stream(stream)) => match plain(doc, stream) {
                Some(map) => Cut::Map(CMap::parse(&map.bytes)),
                None => Cut::Two,
            },
            Some(Object::Name(name)) => match encoding(name) {
                // The map is keyed by codes, which an encoding does not give.
                Some(encoding) if unicode.is_none() => Cut::Encoded(encoding),
                _ => Cut::Two,
            },
            _ => Cut::Two,
        };
        let cut = match cut {
            Cut::Map(map) if !map.has_spaces() => Cut::Two,
            cut => cut,
        };
        let standard_width = descendant
            .and_then(|d| get(doc, d, b"DW"))
            .and_then(number)
            .unwrap_or(1000.0);
        Font {
            cut,
            unicode,
            table: Vec::new(),
            widths: descendant.map(|d| cid_widths(doc, d)).unwrap_or_default(),
            standard_width,
            unit: 0.001,
            is_symbols: false,
        }
    }

    /// The glyphs of a string.
    pub fn glyphs(&self, bytes: &[u8], visit: &mut dyn FnMut(Glyph<'_>)) {
        if let Cut::One = self.cut {
            for byte in bytes {
                let known = self.table.get(usize::from(*byte));
                let text = known.and_then(|(text, _)| text.as_deref());
                visit(Glyph {
                    text: text.unwrap_or_default(),
                    is_unknown: text.is_none() && !self.is_symbols,
                    width: known.map_or(self.standard_width, |(_, width)| *width) * self.unit,
                    is_blank: *byte == b' ',
                });
            }
            return;
        }
        if let Cut::Encoded(encoding) = self.cut {
            let (text, _) = encoding.decode_without_bom_handling(bytes);
            for c in text.chars() {
                visit(Glyph {
                    text: c.encode_utf8(&mut [0; 4]),
                    is_unknown: c == UNKNOWN,
                    width: if c.is_ascii() { 0.5 } else { 1.0 },
                    is_blank: false,
                });
            }
            return;
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let (code, len) = match &self.cut {
                Cut::One | Cut::Encoded(_) => (u32::from(rest[0]), 1),
                Cut::Two => match rest {
                    [high, low, ..] => (u32::from(*high) << 8 | u32::from(*low), 2),
                    _ => (u32::from(rest[0]), 1),
                },
                Cut::Map(map) => map.cut(rest),
            };
            rest = &rest[len.min(rest.len())..];
            let text = self.unicode.as_ref().and_then(|map| map.text(code));
            let width = self.widths.get(&code).copied();
            let is_unknown = text.is_none() && !self.is_symbols;
            visit(Glyph {
                text: text.as_deref().unwrap_or_default(),
                is_unknown,
                width: width.unwrap_or(self.standard_width) * self.unit,
                is_blank: code == 32 && len == 1,
            });
        }
    }
}

fn base_name(doc: &Document, font: &Dictionary) -> String {
    let base = name(doc, font, b"BaseFont").unwrap_or_default();
    String::from_utf8_lossy(base).into_owned()
}

/// Widths of a composite font: `c [w ...]` and `first last w`.
fn cid_widths(doc: &Document, font: &Dictionary) -> HashMap<u32, f64> {
    let mut widths = HashMap::new();
    let told: Vec<&Object> = array(doc, font, b"W")
        .into_iter()
        .flatten()
        .filter_map(|o| deref(doc, o))
        .collect();
    let mut rest = told.as_slice();
    while let [first, second, tail @ ..] = rest {
        let code = |o: &Object| number(o).map(|n| n.clamp(0.0, 65_535.0) as u32);
        let Some(first) = code(first) else {
            rest = &rest[1..];
            continue;
        };
        match (second, tail) {
            (Object::Array(list), _) => {
                for (at, width) in list.iter().enumerate() {
                    if let Some(width) = deref(doc, width).and_then(number)
                        && widths.len() < WIDTHS_MAX
                    {
                        widths.insert(first.saturating_add(at as u32), width);
                    }
                }
                rest = tail;
            }
            (last, [width, tail @ ..]) => {
                if let (Some(last), Some(width)) = (code(last), number(width)) {
                    for code in first..=last {
                        if widths.len() >= WIDTHS_MAX {
                            break;
                        }
                        widths.insert(code, width);
                    }
                }
                rest = tail;
            }
            _ => break,
        }
    }
    widths
}

/// The encoding of a character map that is named.
fn encoding(name: &[u8]) -> Option<&'static Encoding> {
    let name = std::str::from_utf8(name).ok()?;
    let name = name.trim_end_matches("-H").trim_end_matches("-V");
    Some(match name {
        _ if name.ends_with("UCS2") || name.ends_with("UTF16") => UTF_16BE,
        _ if name.contains("RKSJ") => SHIFT_JIS,
        "EUC" => EUC_JP,
        _ if name.starts_with("GB") => GBK,
        _ if name.starts_with("KSC") => EUC_KR,
        _ if name.contains("B5") || name.starts_with("ETen") || name.starts_with("HKscs") => BIG5,
        _ => return None,
    })
}

/// Text of the codes of a simple font by its encoding.
fn table(doc: &Document, font: &Dictionary) -> Vec<Option<String>> {
    let encoding = get(doc, font, b"Encoding");
    let is_true_type = name(doc, font, b"Subtype") == Some(b"TrueType");
    let standard = if is_true_type {
        b"WinAnsiEncoding".as_slice()
    } else {
        b"StandardEncoding"
    };
    let (base, differences) = match encoding {
        Some(Object::Name(name)) => (name.as_slice(), None),
        Some(Object::Dictionary(encoding)) => (
            name(doc, encoding, b"BaseEncoding").unwrap_or(standard),
            array(doc, encoding, b"Differences"),
        ),
        _ => (standard, None),
    };
    let mut table = base_table(doc, base);
    let mut code = 0;
    for object in differences.into_iter().flatten() {
        match deref(doc, object) {
            Some(Object::Integer(first)) => code = usize::try_from(*first).unwrap_or(256),
            Some(Object::Name(glyph)) => {
                if let Some(place) = table.get_mut(code) {
                    *place = glyph_text(doc, glyph);
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    table
}

fn base_table(doc: &Document, base: &[u8]) -> Vec<Option<String>> {
    let base = match base {
        b"WinAnsiEncoding" | b"MacRomanEncoding" | b"MacExpertEncoding" | b"PDFDocEncoding" => base,
        _ => b"StandardEncoding",
    };
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", Object::Name(base.to_vec()));
    let Ok(encoding) = font.get_font_encoding(doc) else {
        return vec![None; 256];
    };
    (0..=255u8)
        .map(|byte| encoding.bytes_to_string(&[byte]).ok())
        .map(|text| text.filter(|text| !text.is_empty()))
        .collect()
}

/// The text of a glyph by its name.
fn glyph_text(doc: &Document, glyph: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(glyph).ok()?;
    if name == ".notdef" {
        return None;
    }
    // A variant (`a.alt`), and parts of a ligature (`f_f_i`).
    let name = name.split('.').next().filter(|n| !n.is_empty())?;
    let parts: Option<Vec<String>> = name.split('_').map(|part| part_text(doc, part)).collect();
    parts.map(|parts| parts.concat())
}

fn part_text(doc: &Document, name: &str) -> Option<String> {
    // `uni` and groups of four digits, `u` and four to six.
    if let Some(digits) = name
        .strip_prefix("uni")
        .filter(|d| d.len() >= 4 && d.len() % 4 == 0)
    {
        let units: Result<Vec<u16>, _> = (0..digits.len() / 4)
            .map(|at| u16::from_str_radix(digits.get(at * 4..at * 4 + 4).unwrap_or("x"), 16))
            .collect();
        if let Ok(units) = units {
            return String::from_utf16(&units).ok();
        }
    }
    if let Some(digits) = name
        .strip_prefix('u')
        .filter(|d| (4..=6).contains(&d.len()))
        && let Ok(value) = u32::from_str_radix(digits, 16)
    {
        return char::from_u32(value).map(String::from);
    }
    let mut encoding = Dictionary::new();
    encoding.set("Type", Object::Name(b"Encoding".to_vec()));
    let differences = vec![Object::Integer(0), Object::Name(name.as_bytes().to_vec())];
    encoding.set("Differences", Object::Array(differences));
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", Object::Dictionary(encoding));
    let text = font
        .get_font_encoding(doc)
        .ok()?
        .bytes_to_string(&[0])
        .ok()?;
    (!text.is_empty()).then_some(text)
}
