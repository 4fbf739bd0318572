//! Rich text as messages hold it: squeezed by a window that begins with common words.
//!
//! After the published description, [MS-OXRTFCP].

use super::super::little::long;

/// What the window begins with.
const BEGINNING: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const WINDOW_BYTES: usize = 4096;
/// Marks of squeezed and of plain text.
const SQUEEZED: u32 = 0x7546_5a4c;
const PLAIN: u32 = 0x414c_454d;
/// Bytes that a text expands to, for each of it: two tell at most 17.
const GROWTH_MAX: usize = 9;

/// The text; what is cut off is told as far as it goes. `None`: it is of no known form.
pub fn expand(bytes: &[u8]) -> Option<Vec<u8>> {
    let size = long(bytes, 4)? as usize;
    let body = bytes.get(16..)?;
    match long(bytes, 8)? {
        PLAIN => return Some(body[..size.min(body.len())].to_vec()),
        SQUEEZED => {}
        _ => return None,
    }
    let mut window = [0; WINDOW_BYTES];
    window[..BEGINNING.len()].copy_from_slice(BEGINNING);
    let mut at = BEGINNING.len();
    let mut text = Vec::with_capacity(size.min(body.len() * GROWTH_MAX));
    let mut rest = body.iter().copied();
    'runs: while let Some(control) = rest.next() {
        for bit in 0..8 {
            let Some(first) = rest.next() else {
                break 'runs;
            };
            let (from, len) = match control >> bit & 1 {
                0 => {
                    window[at] = first;
                    at = (at + 1) % WINDOW_BYTES;
                    text.push(first);
                    continue;
                }
                _ => {
                    let Some(second) = rest.next() else {
                        break 'runs;
                    };
                    let from = usize::from(first) << 4 | usize::from(second) >> 4;
                    (from, usize::from(second & 15) + 2)
                }
            };
            // A reference to where the next byte goes is the end.
            if from == at {
                break 'runs;
            }
            for step in 0..len {
                let byte = window[(from + step) % WINDOW_BYTES];
                window[at] = byte;
                at = (at + 1) % WINDOW_BYTES;
                text.push(byte);
            }
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_description_expands() {
        // The first example of the description.
        let squeezed = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0,
            0x0a, 0, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68,
            0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f,
            0xa0,
        ];
        let text = expand(&squeezed).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
        );
        let plain = [
            [20, 0, 0, 0, 5, 0, 0, 0].as_slice(),
            b"MELA",
            &[0; 4],
            b"{\\rtf",
        ]
        .concat();
        assert_eq!(expand(&plain).unwrap(), b"{\\rtf");
        assert_eq!(expand(&squeezed[..10]), None);
        assert!(expand(&squeezed[..40]).unwrap().starts_with(b"{\\rtf1"));
    }
}
