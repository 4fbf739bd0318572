//! Bytes of Rich Text Format as groups, words and characters.

use std::io::{BufRead, Seek, SeekFrom};
use std::sync::Arc;

use super::super::{Failure, SeekAt};
use crate::model::ReadAt;

/// Bytes of the name of a word; what is longer is no word that is known.
const NAME_BYTES_MAX: usize = 40;

pub enum Token {
    Open,
    Close,
    /// A byte of text.
    Byte(u8),
    /// A byte of text, told in hexadecimal.
    Hex(u8),
    /// A word of one character that is no letter.
    Symbol(u8),
    Word {
        name: Vec<u8>,
        value: Option<i32>,
    },
    End,
}

pub struct Input(SeekAt);

impl Input {
    pub fn new(source: &Arc<dyn ReadAt>) -> Self {
        Input(SeekAt::new(source))
    }

    /// Offset of the next byte.
    pub fn position(&mut self) -> u64 {
        self.0.stream_position().unwrap_or(0)
    }

    fn peek(&mut self) -> Result<Option<u8>, Failure> {
        let bytes = self.0.fill_buf().map_err(Failure::Source)?;
        Ok(bytes.first().copied())
    }

    fn byte(&mut self) -> Result<Option<u8>, Failure> {
        let byte = self.peek()?;
        self.0.consume(usize::from(byte.is_some()));
        Ok(byte)
    }

    pub fn skip(&mut self, bytes: u64) -> Result<(), Failure> {
        let by = i64::try_from(bytes).unwrap_or(i64::MAX);
        match self.0.seek(SeekFrom::Current(by)) {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::Source(error)),
        }
    }

    pub fn next(&mut self) -> Result<Token, Failure> {
        loop {
            return Ok(match self.byte()? {
                None => Token::End,
                Some(b'{') => Token::Open,
                Some(b'}') => Token::Close,
                Some(b'\r' | b'\n') => continue,
                Some(b'\\') => self.word()?,
                Some(byte) => Token::Byte(byte),
            });
        }
    }

    fn word(&mut self) -> Result<Token, Failure> {
        let first = match self.byte()? {
            None => return Ok(Token::End),
            Some(b'\'') => return Ok(Token::Hex(self.hex()?)),
            Some(symbol) if !symbol.is_ascii_alphabetic() => return Ok(Token::Symbol(symbol)),
            Some(first) => first,
        };
        let mut name = vec![first];
        while let Some(letter) = self.peek()?.filter(u8::is_ascii_alphabetic) {
            self.0.consume(1);
            if name.len() < NAME_BYTES_MAX {
                name.push(letter);
            }
        }
        let mut number = Vec::new();
        if self.peek()? == Some(b'-') {
            self.0.consume(1);
            number.push(b'-');
        }
        while let Some(digit) = self.peek()?.filter(u8::is_ascii_digit) {
            self.0.consume(1);
            if number.len() < 12 {
                number.push(digit);
            }
        }
        if self.peek()? == Some(b' ') {
            self.0.consume(1);
        }
        let value = std::str::from_utf8(&number)
            .ok()
            .and_then(|n| n.parse().ok());
        Ok(Token::Word { name, value })
    }

    /// Two hexadecimal digits; what is none counts as 0.
    fn hex(&mut self) -> Result<u8, Failure> {
        let mut value = 0;
        for _ in 0..2 {
            let digit = self.peek()?.and_then(|b| char::from(b).to_digit(16));
            let Some(digit) = digit else {
                break;
            };
            self.0.consume(1);
            value = value * 16 + digit as u8;
        }
        Ok(value)
    }
}
