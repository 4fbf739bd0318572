//! Objects of PDF behind references, and the bytes of streams behind their filters.

use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use lopdf::{Dictionary, Document, Object, Stream};

/// References that lead to references.
const REFERENCES_MAX: usize = 32;
/// Bytes of a stream, decoded.
pub const STREAM_BYTES_MAX: usize = 256 << 20;
/// Filters of a stream.
const FILTERS_MAX: usize = 8;

/// The object behind references, if any.
pub fn deref<'a>(doc: &'a Document, mut object: &'a Object) -> Option<&'a Object> {
    for _ in 0..REFERENCES_MAX {
        match object {
            Object::Reference(id) => object = doc.objects.get(id)?,
            Object::Null => return None,
            _ => return Some(object),
        }
    }
    None
}

pub fn get<'a>(doc: &'a Document, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    deref(doc, dict.get(key).ok()?)
}

/// A dictionary, or that of a stream.
pub fn dictionary<'a>(
    doc: &'a Document,
    dict: &'a Dictionary,
    key: &[u8],
) -> Option<&'a Dictionary> {
    as_dictionary(get(doc, dict, key)?)
}

pub fn as_dictionary(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dict) => Some(dict),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

pub fn array<'a>(doc: &'a Document, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Vec<Object>> {
    get(doc, dict, key)?.as_array().ok()
}

pub fn name<'a>(doc: &'a Document, dict: &'a Dictionary, key: &[u8]) -> Option<&'a [u8]> {
    get(doc, dict, key)?.as_name().ok()
}

pub fn number(object: &Object) -> Option<f64> {
    match object {
        Object::Integer(value) => Some(*value as f64),
        Object::Real(value) => Some(f64::from(*value)),
        _ => None,
    }
}

/// A text string: UTF-16 or UTF-8 by its mark, else PDFDocEncoding.
pub fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE
            .decode_without_bom_handling(rest)
            .0
            .into(),
        [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE
            .decode_without_bom_handling(rest)
            .0
            .into(),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => {
            let object = Object::string_literal(bytes);
            lopdf::decode_text_string(&object).unwrap_or_default()
        }
    }
}

/// The text of a string object, without control characters but ends of lines.
pub fn string(object: &Object) -> Option<String> {
    let text = text(object.as_str().ok()?);
    let clean = text.replace("\r\n", "\n").replace('\r', "\n");
    Some(clean.trim_matches(['\0', ' ', '\n']).to_owned())
}

/// What stands in a stream, decoded; `None` where a filter is not known (pictures).
pub struct Plain {
    pub bytes: Vec<u8>,
    /// The filter failed, or there is too much, before the end.
    pub is_cut: bool,
}

pub fn plain(doc: &Document, stream: &Stream) -> Option<Plain> {
    let one_or_more = |key: &[u8], short: &[u8]| {
        let value = get(doc, &stream.dict, key).or_else(|| get(doc, &stream.dict, short));
        match value {
            Some(Object::Array(values)) => values.iter().filter_map(|v| deref(doc, v)).collect(),
            Some(value) => vec![value],
            None => Vec::new(),
        }
    };
    let filters = one_or_more(b"Filter", b"F");
    let parameters = one_or_more(b"DecodeParms", b"DP");
    if filters.len() > FILTERS_MAX {
        return None;
    }
    let mut plain = Plain {
        bytes: Vec::new(),
        is_cut: false,
    };
    if filters.is_empty() {
        plain.bytes.clone_from(&stream.content);
    }
    for (at, filter) in filters.iter().enumerate() {
        let input = match at {
            0 => stream.content.as_slice(),
            _ => plain.bytes.as_slice(),
        };
        let parameters = parameters.get(at).and_then(|p| as_dictionary(p));
        let (bytes, is_cut) = decode(filter.as_name().ok()?, input, parameters)?;
        plain.is_cut |= is_cut;
        plain.bytes = bytes;
    }
    Some(plain)
}

fn decode(filter: &[u8], input: &[u8], parameters: Option<&Dictionary>) -> Option<(Vec<u8>, bool)> {
    match filter {
        b"FlateDecode" | b"Fl" => {
            let (bytes, is_cut) = inflate(input);
            Some((unpredicted(bytes, parameters)?, is_cut))
        }
        b"LZWDecode" | b"LZW" => by_library("LZWDecode", input, parameters),
        b"ASCII85Decode" | b"A85" => by_library("ASCII85Decode", input, parameters),
        b"ASCIIHexDecode" | b"AHx" => Some((hex(input), false)),
        b"RunLengthDecode" | b"RL" => Some((runs(input), false)),
        // The document was decrypted as a whole.
        b"Crypt" => Some((input.to_vec(), false)),
        _ => None,
    }
}

/// Inflates as far as it goes.
fn inflate(input: &[u8]) -> (Vec<u8>, bool) {
    let limit = STREAM_BYTES_MAX as u64 + 1;
    let mut bytes = Vec::new();
    let mut is_cut = ZlibDecoder::new(input)
        .take(limit)
        .read_to_end(&mut bytes)
        .is_err();
    if bytes.is_empty() && is_cut && input.len() > 2 {
        // A broken head, with the data behind it.
        is_cut = DeflateDecoder::new(&input[2..])
            .take(limit)
            .read_to_end(&mut bytes)
            .is_err();
    }
    is_cut |= bytes.len() > STREAM_BYTES_MAX;
    bytes.truncate(STREAM_BYTES_MAX);
    (bytes, is_cut)
}

fn unpredicted(bytes: Vec<u8>, parameters: Option<&Dictionary>) -> Option<Vec<u8>> {
    let predictor = parameters
        .and_then(|p| p.get(b"Predictor").ok())
        .and_then(|p| p.as_i64().ok())
        .unwrap_or(1);
    let (Some(parameters), true) = (parameters, predictor > 1) else {
        return Some(bytes);
    };
    let value = |key: &[u8], default| {
        let value = parameters
            .get(key)
            .and_then(Object::as_i64)
            .unwrap_or(default);
        usize::try_from(value)
            .ok()
            .filter(|v| *v > 0 && *v < 1 << 20)
    };
    let (columns, colors) = (value(b"Columns", 1)?, value(b"Colors", 1)?);
    let bits = value(b"BitsPerComponent", 8)?;
    // Only pictures are predicted otherwise.
    if predictor < 10 || bits % 8 != 0 {
        return None;
    }
    let pixel = colors * bits / 8;
    lopdf::filters::png::decode_frame(&bytes, pixel, columns).ok()
}

fn by_library(
    filter: &str,
    input: &[u8],
    parameters: Option<&Dictionary>,
) -> Option<(Vec<u8>, bool)> {
    let mut dict = Dictionary::new();
    dict.set("Filter", Object::Name(filter.into()));
    if let Some(parameters) = parameters {
        dict.set("DecodeParms", parameters.clone());
    }
    let mut input = input.to_vec();
    if filter == "ASCII85Decode" {
        while input.last().is_some_and(u8::is_ascii_whitespace) {
            input.pop();
        }
        if input.starts_with(b"<~") {
            input.drain(..2);
        }
    }
    match Stream::new(dict, input).decompressed_content() {
        Ok(bytes) => Some((bytes, false)),
        Err(_) => Some((Vec::new(), true)),
    }
}

fn hex(input: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = input
        .iter()
        .take_while(|b| **b != b'>')
        .filter_map(|b| char::from(*b).to_digit(16))
        .map(|digit| digit as u8)
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] * 16 + pair.get(1).copied().unwrap_or(0))
        .collect()
}

fn runs(input: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), input);
    while let Some((&head, tail)) = rest.split_first() {
        match head {
            0..=127 => {
                let len = (usize::from(head) + 1).min(tail.len());
                out.extend_from_slice(&tail[..len]);
                rest = &tail[len..];
            }
            128 => break,
            129..=255 => {
                let Some((&byte, tail)) = tail.split_first() else {
                    break;
                };
                out.extend(std::iter::repeat_n(byte, 257 - usize::from(head)));
                rest = tail;
            }
        }
        if out.len() > STREAM_BYTES_MAX {
            break;
        }
    }
    out
}
