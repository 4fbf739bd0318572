//! Rich Text Format: body, tables, headers, footers, notes, comments, fields, properties, and the files
//! embedded. Pictures and the tables of styles are passed over.
//!
//! Words of the format are in [`words`], bytes in [`input`], embedded files in [`object`].

mod input;
mod object;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

use encoding_rs::{Encoding, WINDOWS_1252};
use input::{Input, Token};
use words::{Destination, Word};

use super::body::{Body, LINE_BYTES_MAX, quoted, untold};
use super::{Failure, Out, code_page};
use crate::model::ReadAt;

/// Groups in groups.
const DEPTH_MAX: usize = 100_000;
/// Fonts that are known.
const FONTS_MAX: usize = 100_000;
/// Embedded files.
const OBJECTS_MAX: usize = 1_000_000;

/// Reads a document.
pub fn read(source: &Arc<dyn ReadAt>, out: &mut dyn Out) -> Result<(), Failure> {
    let mut mark = [0; 5];
    let len = source.read_at(0, &mut mark).map_err(Failure::Source)?;
    if mark[..len] != *b"{\\rtf" {
        return Err(Failure::not_this("no rich text: its mark is missing"));
    }
    let mut input = Input::new(source);
    out.mime("application/rtf")?;
    let mut reader = Reader {
        body: Body::new(out),
        groups: vec![Group::default()],
        texts: vec![String::new()],
        pending: Vec::new(),
        fallback: 0,
        half: None,
        fonts: HashMap::new(),
        font: None,
        standard: WINDOWS_1252,
        standard_font: 0,
        code: String::new(),
        targets: Vec::new(),
        property: String::new(),
        table: Table::default(),
        objects: Vec::new(),
    };
    let told = reader.tell(&mut input);
    reader.finish()?;
    let objects = std::mem::take(&mut reader.objects);
    for (number, at) in (1..).zip(objects) {
        object::tell(source, at, number, out)?;
    }
    told
}

/// A group that is open.
#[derive(Clone)]
struct Group {
    destination: Destination,
    encoding: &'static Encoding,
    /// Characters that stand in for one of Unicode.
    fallback: u32,
    /// It began a text of its own.
    has_text: bool,
    /// It began with a word that readers who do not know it pass over.
    is_ignorable: bool,
}

impl Default for Group {
    fn default() -> Self {
        Group {
            destination: Destination::Text,
            encoding: WINDOWS_1252,
            fallback: 1,
            has_text: false,
            is_ignorable: false,
        }
    }
}

/// The table that is open, if any.
#[derive(Default)]
struct Table {
    is_open: bool,
    is_row_open: bool,
    column: u32,
    /// The paragraph stands in a table.
    holds_paragraph: bool,
    has_header: bool,
}

struct Reader<'a> {
    body: Body<'a>,
    groups: Vec<Group>,
    /// Texts that are open: the body, and notes and headers within it.
    texts: Vec<String>,
    /// Bytes to decode together.
    pending: Vec<u8>,
    /// Characters to pass over after one of Unicode.
    fallback: u32,
    /// First half of a pair of UTF-16.
    half: Option<u16>,
    fonts: HashMap<i32, &'static Encoding>,
    /// The font being defined.
    font: Option<i32>,
    standard: &'static Encoding,
    standard_font: i32,
    code: String,
    targets: Vec<String>,
    /// Name of the property whose value comes.
    property: String,
    table: Table,
    /// Where the hexadecimal bytes of embedded files begin.
    objects: Vec<u64>,
}

impl Reader<'_> {
    fn tell(&mut self, input: &mut Input) -> Result<(), Failure> {
        loop {
            match input.next()? {
                Token::Open => {
                    self.decode();
                    self.fallback = 0;
                    if self.groups.len() > DEPTH_MAX {
                        return Err(Failure::malformed(format!(
                            "groups are nested deeper than {DEPTH_MAX}"
                        )));
                    }
                    let mut group = self.group().clone();
                    (group.has_text, group.is_ignorable) = (false, false);
                    self.groups.push(group);
                }
                Token::Close => {
                    self.decode();
                    self.fallback = 0;
                    self.close()?;
                }
                Token::Byte(byte) => self.byte(byte)?,
                Token::Hex(byte) => self.byte(byte)?,
                Token::Symbol(symbol) => self.symbol(symbol)?,
                Token::Word { name, value } => self.word(&name, value, input)?,
                Token::End if self.groups.len() > 1 => {
                    return Err(Failure::malformed("the document ends within a group"));
                }
                Token::End => return Ok(()),
            }
        }
    }

    fn group(&mut self) -> &mut Group {
        if self.groups.is_empty() {
            self.groups.push(Group::default());
        }
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    fn byte(&mut self, byte: u8) -> Result<(), Failure> {
        if self.fallback > 0 {
            self.fallback -= 1;
            return Ok(());
        }
        let destination = self.group().destination;
        match destination {
            Destination::Text
            | Destination::Named(_)
            | Destination::Property
            | Destination::Value => {
                self.pending.push(byte);
                if self.pending.len() > LINE_BYTES_MAX {
                    self.decode();
                    self.overflow()?;
                }
            }
            Destination::Code if self.code.len() < LINE_BYTES_MAX => {
                self.code.push(char::from(byte))
            }
            _ => {}
        }
        Ok(())
    }

    /// Decodes the bytes so far into the open text.
    fn decode(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let encoding = self.group().encoding;
        let (text, _) = encoding.decode_without_bom_handling(&self.pending);
        if let Some(open) = self.texts.last_mut() {
            open.push_str(&text);
        }
        self.pending.clear();
    }

    /// Text that is not encoded.
    fn push(&mut self, text: &str) -> Result<(), Failure> {
        if self.fallback > 0 {
            self.fallback -= 1;
            return Ok(());
        }
        let destination = self.group().destination;
        match destination {
            Destination::Text
            | Destination::Named(_)
            | Destination::Property
            | Destination::Value => {
                self.decode();
                if let Some(open) = self.texts.last_mut() {
                    open.push_str(text);
                }
                self.overflow()
            }
            Destination::Code if self.code.len() < LINE_BYTES_MAX => {
                self.code.push_str(text);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Tells a text that has grown too long for a line.
    fn overflow(&mut self) -> Result<(), Failure> {
        match self.texts.last_mut() {
            Some(open) if open.len() > LINE_BYTES_MAX => {
                let text = std::mem::take(open);
                self.body.line(&text)
            }
            _ => Ok(()),
        }
    }

    fn symbol(&mut self, symbol: u8) -> Result<(), Failure> {
        match symbol {
            b'*' => {
                self.group().is_ignorable = true;
                Ok(())
            }
            b'~' => self.push("\u{a0}"),
            b'_' => self.push("-"),
            b'\r' | b'\n' => self.paragraph(),
            b'\t' => self.push("\t"),
            b'\\' | b'{' | b'}' => self.byte(symbol),
            _ => Ok(()),
        }
    }

    fn word(&mut self, name: &[u8], value: Option<i32>, input: &mut Input) -> Result<(), Failure> {
        if name == b"bin" {
            return input.skip(u64::try_from(value.unwrap_or(0)).unwrap_or(0));
        }
        if name == b"u" {
            return self.unicode(value.unwrap_or(0));
        }
        if self.fallback > 0 {
            self.fallback -= 1;
            return Ok(());
        }
        match Word::of(name) {
            Some(Word::Destination(destination)) => self.enter(destination, input),
            Some(Word::Text(text)) => self.push(text),
            Some(Word::Paragraph) => self.paragraph(),
            Some(word) => {
                // Definitions and pictures have words of their own.
                if self.is_text() || matches!(word, Word::Font | Word::Charset | Word::CodePage) {
                    self.set(&word, value)?;
                }
                Ok(())
            }
            None => {
                let group = self.group();
                if group.is_ignorable {
                    group.is_ignorable = false;
                    group.destination = Destination::Over;
                }
                Ok(())
            }
        }
    }

    fn is_text(&mut self) -> bool {
        matches!(
            self.group().destination,
            Destination::Text | Destination::Named(_) | Destination::Property | Destination::Value
        )
    }

    fn set(&mut self, word: &Word, value: Option<i32>) -> Result<(), Failure> {
        match word {
            Word::Ansi(page) => {
                let page = value.filter(|_| page.is_none()).or(*page);
                self.standard = code_page::by_number(page.unwrap_or(1252));
                self.group().encoding = self.standard;
            }
            Word::StandardFont => self.standard_font = value.unwrap_or(0),
            Word::Fallback => {
                let fallback = u32::try_from(value.unwrap_or(1)).unwrap_or(1);
                self.group().fallback = fallback.min(16);
            }
            Word::Plain => self.choose(self.standard_font),
            Word::Font if self.group().destination == Destination::Fonts => self.font = value,
            Word::Font => self.choose(value.unwrap_or(0)),
            Word::Charset | Word::CodePage => {
                let told = value.unwrap_or(0);
                let encoding = match word {
                    Word::Charset => code_page::by_charset(told),
                    _ => Some(code_page::by_number(told)),
                };
                let in_fonts = self.group().destination == Destination::Fonts;
                if let (true, Some(font), Some(encoding)) = (in_fonts, self.font, encoding)
                    && self.fonts.len() < FONTS_MAX
                {
                    self.fonts.insert(font, encoding);
                }
            }
            Word::InTable => self.table.holds_paragraph = true,
            Word::Defaults => self.table.holds_paragraph = false,
            Word::HeaderRow => self.table.has_header = true,
            Word::Cell => self.cell()?,
            Word::Row => self.row()?,
            Word::InnerCell => self.push("\t")?,
            Word::InnerRow => self.push("\n")?,
            Word::Destination(_) | Word::Text(_) | Word::Paragraph => {}
        }
        Ok(())
    }

    /// The font decides how bytes are decoded.
    fn choose(&mut self, font: i32) {
        self.decode();
        let encoding = self.fonts.get(&font).copied().unwrap_or(self.standard);
        self.group().encoding = encoding;
    }

    fn unicode(&mut self, value: i32) -> Result<(), Failure> {
        if self.fallback > 0 {
            self.fallback -= 1;
            return Ok(());
        }
        // Told as a signed number of 16 bits; some writers tell more.
        let unit = u32::try_from(value).unwrap_or((value as u32) & 0xffff);
        let first = self.half.take();
        match (first, unit) {
            (_, 0xd800..=0xdbff) => self.half = Some(unit as u16),
            (Some(first), 0xdc00..=0xdfff) => {
                let pair = char::decode_utf16([first, unit as u16]).flatten().next();
                self.push(&pair.unwrap_or('\u{fffd}').to_string())?;
            }
            _ => {
                let c = char::from_u32(unit).unwrap_or('\u{fffd}');
                self.push(&c.to_string())?;
            }
        }
        self.fallback = self.group().fallback;
        Ok(())
    }

    fn enter(&mut self, destination: Destination, input: &mut Input) -> Result<(), Failure> {
        self.decode();
        let group = self.group();
        group.is_ignorable = false;
        // Within what is passed over, nothing else begins.
        if group.destination == Destination::Over {
            return Ok(());
        }
        match destination {
            Destination::Transparent => return Ok(()),
            Destination::Text
            | Destination::Named(_)
            | Destination::Property
            | Destination::Value => {
                let is_new = !std::mem::replace(&mut group.has_text, true);
                self.texts.extend(is_new.then(String::new));
            }
            Destination::Object => {
                if self.objects.len() < OBJECTS_MAX {
                    self.objects.push(input.position());
                } else {
                    return Err(Failure::malformed(format!(
                        "the document has more than {OBJECTS_MAX} embedded files"
                    )));
                }
            }
            _ => {}
        }
        self.group().destination = destination;
        Ok(())
    }

    /// A group ends.
    fn close(&mut self) -> Result<(), Failure> {
        // Text after the end of the document is still read.
        if self.groups.len() < 2 {
            return Ok(());
        }
        let Some(group) = self.groups.pop() else {
            return Ok(());
        };
        if group.destination == Destination::Code && self.group().destination != Destination::Code {
            let code = std::mem::take(&mut self.code);
            self.targets.extend(quoted(&code));
        }
        if !group.has_text {
            return Ok(());
        }
        let text = self.texts.pop().unwrap_or_default();
        match group.destination {
            _ if text.trim().is_empty() => Ok(()),
            Destination::Named(name) => self.body.line(&format!("{name}: {}", text.trim())),
            Destination::Property => {
                self.property = text.trim().to_owned();
                Ok(())
            }
            Destination::Value => {
                let name = std::mem::take(&mut self.property);
                self.body.line(&format!("{name}: {}", text.trim()))
            }
            _ => self.body.line(&text),
        }
    }

    fn paragraph(&mut self) -> Result<(), Failure> {
        if self.fallback > 0 {
            self.fallback -= 1;
        }
        if !self.is_text() {
            return Ok(());
        }
        self.decode();
        let is_body = self.texts.len() <= 1;
        if is_body && self.table.holds_paragraph {
            return self.push("\n");
        }
        if is_body {
            self.leave_table()?;
        }
        let text = self
            .texts
            .last_mut()
            .map(std::mem::take)
            .unwrap_or_default();
        self.body.line(&text)?;
        self.body.links(&text, &mut self.targets)
    }

    fn leave_table(&mut self) -> Result<(), Failure> {
        if !std::mem::take(&mut self.table).is_open {
            return Ok(());
        }
        self.body.table_end()
    }

    fn cell(&mut self) -> Result<(), Failure> {
        self.decode();
        // Tables in headers and notes are told as lines.
        if self.texts.len() > 1 {
            return self.push("\t");
        }
        let text = self
            .texts
            .last_mut()
            .map(std::mem::take)
            .unwrap_or_default();
        if !self.table.is_open {
            self.body.table();
            self.table.is_open = true;
        }
        if !self.table.is_row_open {
            self.body.row()?;
            self.table.is_row_open = true;
            self.table.column = 0;
            if self.table.has_header {
                self.body.header();
            }
        }
        self.body
            .cell(self.table.column, text.trim_end_matches('\n'))?;
        self.table.column = self.table.column.saturating_add(1);
        for target in untold(&text, &mut self.targets) {
            self.body.cell(self.table.column, &target)?;
        }
        Ok(())
    }

    fn row(&mut self) -> Result<(), Failure> {
        if self.texts.len() > 1 {
            return self.push("\n");
        }
        self.table.is_row_open = false;
        self.table.has_header = false;
        Ok(())
    }

    /// What was begun is told as far as it came.
    fn finish(&mut self) -> Result<(), Failure> {
        self.decode();
        while let Some(text) = self.texts.pop() {
            if self.texts.is_empty() {
                self.leave_table()?;
            }
            if !text.trim_matches(['\0', '\r', '\n', ' ']).is_empty() {
                self.body.line(&text)?;
                self.body.links(&text, &mut self.targets)?;
            }
        }
        self.body.end()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::recorded::{Recorded, Told};

    fn told(rtf: &[u8]) -> Recorded {
        let (out, result) = Recorded::read(Format::Rtf, rtf);
        result.unwrap();
        out
    }

    #[test]
    fn text_is_decoded_as_its_font_says() {
        let out = told(
            br"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}{\f2\fcharset128 Gothic;}}
caf\'e9 \f1 \'ec\'e8\'f0\plain  \f2\'93\'fa\'96\'7b\f0\par
\uc1\u26085?\u26412? \uc2\u8364\'80\'80 \uc0\u-10179\u-8704 end\par
a\~b\_c\-d \{x\}\line next\emdash\par}",
        );
        assert_eq!(
            out.lines(),
            [
                "caf\u{e9} \u{43c}\u{438}\u{440} \u{65e5}\u{672c}",
                "\u{65e5}\u{672c} \u{20ac} \u{1f600}end",
                "a\u{a0}b-cd {x}\nnext\u{2014}",
            ]
        );
    }

    #[test]
    fn notes_fields_and_properties_are_told_and_pictures_are_not() {
        let out = told(
            br#"{\rtf1{\info{\title A title}{\author Ann}{\creatim\yr2024}}{\*\unknown hidden}{\stylesheet{Normal;}}
{\header Head\par}One{\footnote Foot} two {\field{\*\fldinst{HYPERLINK "mailto:a@b.c"}}{\fldrslt here}}.{\pict\wmetafile8 0102030405}\par
{\*\userprops{\propname Phone}\proptype30{\staticval 555}}
{\*\atnauthor Bob}{\*\annotation{\*\atndate 1}Note}{\*\shppict{\pict\bin6 a}b{c\}}last}"#,
        );
        assert_eq!(
            out.lines(),
            [
                "title: A title",
                "author: Ann",
                "Head",
                "Foot",
                "One two here.",
                "mailto:a@b.c",
                "Phone: 555",
                "author: Bob",
                "Note",
                "last",
            ]
        );
    }

    #[test]
    fn rows_of_cells_are_tables() {
        let out = told(
            br"{\rtf1 Before\par\trowd\trhdr\cellx1\cellx2\pard\intbl Name\cell SSN\cell\row\trowd\pard\intbl A\par B\cell 1\cell\row\pard After\par}",
        );
        let told: Vec<String> = out.told[1..].iter().map(|t| format!("{t:?}")).collect();
        let expected = [
            Told::Line("Before".into()),
            Told::Table {
                name: Some("table 1".into()),
                header_row: Some(1),
                columns: ["Name", "SSN"]
                    .map(|name| super::super::Column {
                        name: name.into(),
                        ..Default::default()
                    })
                    .to_vec(),
            },
            Told::Cell(1, 0, "Name".into()),
            Told::Cell(1, 1, "SSN".into()),
            Told::Cell(2, 0, "A\nB".into()),
            Told::Cell(2, 1, "1".into()),
            Told::TableEnd,
            Told::Line("After".into()),
        ];
        assert_eq!(told, expected.map(|t| format!("{t:?}")));
    }

    #[test]
    fn embedded_files_are_members() {
        // An OLE 1 object: version, kind, class `Package`, no topic or item, size, data.
        let mut bytes = vec![1, 5, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0];
        bytes.extend(b"Package\0");
        bytes.extend([0; 8]);
        bytes.extend(12u32.to_le_bytes());
        bytes.extend(b"the contents");
        bytes.extend(b"a picture follows");
        let hex: String = bytes.iter().map(|b| format!("{b:02x}\n")).collect();
        let out = told(
            format!(r"{{\rtf1 x{{\object\objemb{{\*\objclass Package}}{{\*\objdata {hex}}}{{\result shown}}}}\par}}").as_bytes(),
        );
        assert_eq!(out.lines(), ["xshown"]);
        assert_eq!(out.members(), [("object 1", b"the contents".as_slice())]);
    }

    #[test]
    fn what_is_cut_off_is_told_up_to_there() {
        let (out, result) = Recorded::read(Format::Rtf, br"{\rtf1 one\par two {\b thr");
        assert_eq!(out.lines(), ["one", "two thr"]);
        assert_eq!(
            result.unwrap_err().to_string(),
            "the document ends within a group"
        );
        let deep = [b"{\\rtf1 ".as_slice(), &vec![b'{'; 200_000]].concat();
        let (_, result) = Recorded::read(Format::Rtf, &deep);
        assert!(result.unwrap_err().to_string().contains("deeper"));
    }
}
