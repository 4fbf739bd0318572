//! The operators of a content stream, one at a time. What is no PDF is passed over.

use lopdf::{Dictionary, Object, StringFormat};

/// Operands of an operator of a page; what is before them is let go.
const OPERANDS_MAX: usize = 64;
/// Arrays and dictionaries in each other.
const DEPTH_MAX: usize = 32;

pub struct Content<'a> {
    bytes: &'a [u8],
    at: usize,
    operands_max: usize,
}

/// An operator with its operands.
pub struct Operation<'a> {
    pub operator: &'a [u8],
    pub operands: Vec<Object>,
}

enum Token<'a> {
    Object(Object),
    Keyword(&'a [u8]),
    ArrayEnd,
    DictionaryEnd,
    End,
}

impl<'a> Content<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Content::with_operands(bytes, OPERANDS_MAX)
    }

    /// Of other streams in the same words: lists may be longer.
    pub fn with_operands(bytes: &'a [u8], operands_max: usize) -> Self {
        Content {
            bytes,
            at: 0,
            operands_max,
        }
    }

    pub fn next(&mut self) -> Option<Operation<'a>> {
        let mut operands = Vec::new();
        loop {
            match self.token(0) {
                Token::End => return None,
                Token::Keyword(b"BI") => {
                    self.inline_picture();
                    return Some(Operation {
                        operator: b"BI",
                        operands: Vec::new(),
                    });
                }
                Token::Keyword(operator) => return Some(Operation { operator, operands }),
                Token::Object(object) => {
                    if operands.len() >= self.operands_max {
                        operands.clear();
                    }
                    operands.push(object);
                }
                Token::ArrayEnd | Token::DictionaryEnd => {}
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'%' => {
                    let rest = &self.bytes[self.at..];
                    let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                    self.at += end;
                }
                _ if is_blank(byte) => self.at += 1,
                _ => break,
            }
        }
    }

    fn token(&mut self, depth: usize) -> Token<'a> {
        loop {
            self.skip_blanks();
            let Some(first) = self.peek() else {
                return Token::End;
            };
            self.at += 1;
            return match first {
                b'(' => Token::Object(Object::String(self.literal(), StringFormat::Literal)),
                b'<' if self.peek() == Some(b'<') => {
                    self.at += 1;
                    Token::Object(Object::Dictionary(self.dictionary(depth)))
                }
                b'<' => Token::Object(Object::String(
                    self.hexadecimal(),
                    StringFormat::Hexadecimal,
                )),
                b'>' => {
                    if self.peek() == Some(b'>') {
                        self.at += 1;
                    }
                    Token::DictionaryEnd
                }
                b'[' => Token::Object(Object::Array(self.array(depth))),
                b']' => Token::ArrayEnd,
                b'/' => Token::Object(Object::Name(self.name())),
                b'{' | b'}' | b')' => continue,
                _ => self.word(),
            };
        }
    }

    /// A number or an operator; its first byte is behind.
    fn word(&mut self) -> Token<'a> {
        let start = self.at - 1;
        while self
            .peek()
            .is_some_and(|b| !is_blank(b) && !is_delimiter(b))
        {
            self.at += 1;
        }
        let word = &self.bytes[start..self.at];
        match number(word) {
            Some(number) => Token::Object(number),
            None => match word {
                b"true" => Token::Object(Object::Boolean(true)),
                b"false" => Token::Object(Object::Boolean(false)),
                b"null" => Token::Object(Object::Null),
                _ => Token::Keyword(word),
            },
        }
    }

    fn array(&mut self, depth: usize) -> Vec<Object> {
        let mut array = Vec::new();
        if depth >= DEPTH_MAX {
            return array;
        }
        loop {
            match self.token(depth + 1) {
                Token::Object(object) => array.push(object),
                Token::ArrayEnd | Token::End => return array,
                Token::Keyword(_) | Token::DictionaryEnd => {}
            }
        }
    }

    fn dictionary(&mut self, depth: usize) -> Dictionary {
        let mut dictionary = Dictionary::new();
        if depth >= DEPTH_MAX {
            return dictionary;
        }
        let mut key = None;
        loop {
            match (self.token(depth + 1), key.take()) {
                (Token::DictionaryEnd | Token::End, _) => return dictionary,
                (Token::Object(Object::Name(name)), None) => key = Some(name),
                (Token::Object(value), Some(name)) => dictionary.set(name, value),
                _ => {}
            }
        }
    }

    fn literal(&mut self) -> Vec<u8> {
        let (mut string, mut depth) = (Vec::new(), 0u32);
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => {
                    depth += 1;
                    string.push(byte);
                }
                b')' if depth == 0 => break,
                b')' => {
                    depth -= 1;
                    string.push(byte);
                }
                b'\\' => self.escaped(&mut string),
                _ => string.push(byte),
            }
        }
        string
    }

    fn escaped(&mut self, string: &mut Vec<u8>) {
        let Some(byte) = self.peek() else {
            return;
        };
        self.at += 1;
        match byte {
            b'n' => string.push(b'\n'),
            b'r' => string.push(b'\r'),
            b't' => string.push(b'\t'),
            b'b' => string.push(8),
            b'f' => string.push(12),
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else {
                        break;
                    };
                    self.at += 1;
                    value = value * 8 + u32::from(digit - b'0');
                }
                string.push(value as u8);
            }
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
            }
            b'\n' => {}
            _ => string.push(byte),
        }
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        let mut digits = Vec::new();
        while let Some(byte) = self.peek() {
            self.at += 1;
            match char::from(byte).to_digit(16) {
                Some(digit) => digits.push(digit as u8),
                None if byte == b'>' => break,
                None => {}
            }
        }
        digits
            .chunks(2)
            .map(|pair| pair[0] * 16 + pair.get(1).copied().unwrap_or(0))
            .collect()
    }

    fn name(&mut self) -> Vec<u8> {
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|b| !is_blank(*b) && !is_delimiter(*b)) {
            self.at += 1;
            let digit = |at: usize| char::from(*self.bytes.get(at)?).to_digit(16);
            match (byte, digit(self.at), digit(self.at + 1)) {
                (b'#', Some(high), Some(low)) => {
                    name.push((high * 16 + low) as u8);
                    self.at += 2;
                }
                _ => name.push(byte),
            }
        }
        name
    }

    /// Passes over a picture within the stream: to the first `EI` that stands alone and is followed by
    /// what looks like content.
    fn inline_picture(&mut self) {
        // Its dictionary is short; the data begin after `ID` and a blank.
        let rest = &self.bytes[self.at..];
        let Some(data) = memchr::memmem::find(rest, b"ID") else {
            self.at = self.bytes.len();
            return;
        };
        self.at += data + 2;
        let rest = &self.bytes[self.at..];
        for end in memchr::memmem::find_iter(rest, b"EI") {
            let before = end.checked_sub(1).map(|at| rest[at]);
            let after = &rest[end + 2..];
            let follows = after
                .iter()
                .take(16)
                .all(|b| *b < 0x80 && (*b >= 0x20 || is_blank(*b)));
            if before.is_none_or(is_blank) && after.first().is_none_or(|b| is_blank(*b)) && follows
            {
                self.at += end + 2;
                return;
            }
        }
        self.at = self.bytes.len();
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 12 | 0)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

fn number(word: &[u8]) -> Option<Object> {
    if !word
        .iter()
        .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.'))
    {
        return None;
    }
    let text = std::str::from_utf8(word).ok()?;
    if let Ok(value) = text.parse::<i64>() {
        return Some(Object::Integer(value));
    }
    // Writers put signs in the middle and two points; the value up to there counts.
    let end = (1..text.len())
        .find(|at| matches!(text.as_bytes()[*at], b'-' | b'+'))
        .unwrap_or(text.len());
    Some(Object::Real(text[..end].parse::<f32>().unwrap_or(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(content: &[u8]) -> Vec<String> {
        let mut content = Content::new(content);
        std::iter::from_fn(|| content.next())
            .map(|op| format!("{:?} {}", op.operands, String::from_utf8_lossy(op.operator)))
            .collect()
    }

    #[test]
    fn operators_come_with_their_operands() {
        assert_eq!(
            shown(b"/F1 12.5 Tf % a comment )\n[(a\\(b\\)\\101) -20<41 4>]TJ <</A/B#20C/D[1]>> BDC T*"),
            [
                "[/F1, 12.5] Tf",
                "[[(a(b)A) -20 <4140>]] TJ",
                "[<</A /B C/D [1]>>] BDC",
                "[] T*",
            ]
        );
    }

    #[test]
    fn what_is_no_content_is_passed_over() {
        assert_eq!(
            shown(b"q BI /W 1 ID \x00\x01 EI\xff EI Q )>>] (x) Tj (open"),
            ["[] q", "[] BI", "[] Q", "[(x)] Tj"]
        );
        assert_eq!(shown(&[b'['; 100_000]), Vec::<String>::new());
        assert_eq!(shown(b"1.5-3 --2 w"), ["[1.5, 0] w"]);
    }
}
