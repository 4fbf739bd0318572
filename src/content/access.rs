//! Access logs of web servers and AWS services: URLs with their percent-encoding undone.
//!
//! Told by the first lines: Common and Combined Log Format, Amazon S3, load balancers, CloudFront and
//! the W3C format. All else in such a log passes as it stands.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

use super::encoding::Unit;
use super::unfold::{BEHIND_BYTES, Folded, Map, STEP_BYTES};

/// Whether a text is an access log, told from its first characters.
pub(crate) fn tell(sample: &[u8]) -> bool {
    const HEADS: [&[u8]; 3] = [b"#Version: ", b"#Software: ", b"#Fields: "];
    if HEADS.iter().any(|head| sample.starts_with(head)) {
        let head = &sample[..sample.len().min(4096)];
        return memchr::memmem::find(head, b"#Fields: ").is_some()
            && memchr::memmem::find(head, b"cs-uri").is_some();
    }
    let line = sample.split(|&b| b == b'\n').next().unwrap_or(sample);
    let line = &line[..line.len().min(2048)];
    has_bracketed_time(line) || of_load_balancer(line)
}

fn fits(text: &[u8], shape: &[u8]) -> bool {
    text.len() >= shape.len()
        && text.iter().zip(shape).all(|(&b, &s)| match s {
            b'0' => b.is_ascii_digit(),
            b'a' => b.is_ascii_alphabetic(),
            _ => b == s,
        })
}

/// `[06/Feb/2019:00:00:38 +0000]`, and a request in quotes after it.
fn has_bracketed_time(line: &[u8]) -> bool {
    let time = memchr::memchr_iter(b'[', line)
        .take(8)
        .find(|at| fits(&line[at + 1..], b"00/aaa/0000:00:00:00 "));
    time.is_some_and(|at| {
        let rest = &line[at..];
        at > 0
            && [&b" HTTP/"[..], b"\"-\""]
                .iter()
                .any(|r| memchr::memmem::find(rest, r).is_some())
    })
}

/// `https 2018-07-02T22:23:00.186641Z app/my-lb/50dc6c495c0c9188 …` and the older form without the kind.
fn of_load_balancer(line: &[u8]) -> bool {
    let shape = b"0000-00-00T00:00:00.000000Z ";
    let time = match memchr::memchr(b' ', &line[..line.len().min(8)]) {
        Some(space) => &line[space + 1..],
        None => line,
    };
    fits(time, shape) && memchr::memmem::find(line, b" HTTP/").is_some()
}

/// Undoes the escapes of an access log as it streams.
pub(crate) struct Unfold<'a> {
    text: Folded<'a>,
}

fn hex(digits: Option<&[u8]>) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16);
    match digits? {
        &[high, low] => Some((digit(high)? * 16 + digit(low)?) as u8),
        _ => None,
    }
}

/// The byte that an escape stands for, and its length. Escaped once more, as some logs do, it is
/// undone twice.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    let byte = hex(text.get(1..3))?;
    let (byte, len) = match (byte, hex(text.get(3..5))) {
        (b'%', Some(inner)) => (inner, 5),
        _ => (byte, 3),
    };
    match byte {
        // a line end would end the line
        b'\t' | b'\n' | b'\r' => Some((b' ', len)),
        0..0x20 | 0x7f => None,
        _ => Some((byte, len)),
    }
}

impl<'a> Unfold<'a> {
    /// `skipped`: stored bytes before the text.
    pub fn new(inner: &'a mut dyn Read, skipped: u64, unit: Unit, map: Rc<RefCell<Map>>) -> Self {
        Unfold {
            text: Folded::new(inner, skipped, unit, map),
        }
    }

    /// A `+` is ahead that stands for a space: between letters or digits, in the query of a URL.
    fn is_space(&self) -> bool {
        let (behind, ahead) = (self.text.behind(), self.text.ahead());
        let alnum = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
        if !alnum(behind.last()) || !alnum(ahead.get(1)) {
            return false;
        }
        let ends = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'"' | b'?');
        behind.iter().rev().find(|b| ends(b)) == Some(&b'?')
    }

    fn step(&mut self, out: &mut [u8], written: &mut usize) {
        let ahead = self.text.ahead();
        let run = memchr::memchr2(b'%', b'+', ahead).unwrap_or(ahead.len());
        if run > 0 {
            self.text.copy(run, out, written);
            return;
        }
        match escape(ahead).filter(|_| ahead[0] == b'%') {
            Some((byte, len)) => self.text.replace(&[byte], len, out, written),
            None if ahead[0] == b'+' && self.is_space() => {
                self.text.replace(b" ", 1, out, written);
            }
            None => {
                self.text.copy(1, out, written);
            }
        }
    }
}

impl Read for Unfold<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        debug_assert!(out.len() >= STEP_BYTES && BEHIND_BYTES > 0);
        let mut written = 0;
        while out.len() - written >= STEP_BYTES {
            self.text.fill();
            if self.text.is_over() {
                if written > 0 {
                    break;
                }
                return match self.text.take_error() {
                    Some(error) => Err(error),
                    None => Ok(0),
                };
            }
            self.step(out, &mut written);
        }
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_logs_are_told() {
        for text in [
            "127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] \"GET /a HTTP/1.0\" 200 2326\n",
            "79a5 mybucket [06/Feb/2019:00:00:38 +0000] 192.0.2.3 79a5 3E57 REST.GET.OBJECT a \"GET /a HTTP/1.1\" 200\n",
            "https 2018-07-02T22:23:00.186641Z app/x/5 192.0.2.1:28 10.0.0.1:80 0.0 \"GET https://x:443/ HTTP/1.1\"\n",
            "2015-05-13T23:39:43.945958Z my-lb 192.0.2.1:28 10.0.0.1:80 \"GET http://x:80/ HTTP/1.1\"\n",
            "#Version: 1.0\n#Fields: date time cs-uri-stem cs-uri-query\n",
        ] {
            assert!(tell(text.as_bytes()), "{text}");
        }
        for text in [
            "2024-05-01T12:00:00.123456Z started \"x\"\n",
            "[10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\"\n",
            "a [06/Feb/2019:00:00:38 +0000] done\n",
            "#Version: 1.0\nx\n",
            "",
        ] {
            assert!(!tell(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn escapes_are_read() {
        for (text, expected) in [
            ("%40x", Some((b'@', 3))),
            ("%2540", Some((b'@', 5))),
            ("%25", Some((b'%', 3))),
            ("%0a", Some((b' ', 3))),
            ("%00", None),
            ("%4", None),
            ("%zz", None),
        ] {
            assert_eq!(escape(text.as_bytes()), expected, "{text}");
        }
    }
}
