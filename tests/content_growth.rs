//! Time grows with the size of a text and no faster, whatever the text is made of. One test alone in
//! its process, so that nothing else takes the time.

use std::io::Read;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use magpie::content::{Input, Limits, walk};
use magpie::model::{Block, Member, MemberOutcome, Tracker, Visitor};

/// Asks for the place and the field of some offsets in each block.
struct Asker;

impl Visitor for Asker {
    fn member(&mut self, _: &Member) {}

    fn block(&mut self, block: &Block<'_>, tracker: &mut dyn Tracker) -> ControlFlow<()> {
        for at in block.own.clone().step_by(4096) {
            tracker.field_at(block, at);
            tracker.field_names(&mut |_| {});
            tracker.place(block, at..at + 1);
        }
        ControlFlow::Continue(())
    }

    fn member_end(&mut self, _: &MemberOutcome) {}
}

/// The least time of some runs, which others on the machine disturb least.
fn time(name: &str, start: &str, unit: &str, bytes: usize) -> Duration {
    let text = format!("{start}{}", unit.repeat(bytes / unit.len()));
    let run = || {
        let begun = Instant::now();
        let input = Input {
            name,
            reader: Box::new(std::io::Cursor::new(text.clone().into_bytes()))
                as Box<dyn Read + Send>,
            ranged: None,
            size: Some(text.len() as u64),
        };
        walk(input, &Limits::default(), &mut Asker);
        begun.elapsed()
    };
    (0..3).map(|_| run()).min().unwrap()
}

#[test]
fn four_times_the_text_takes_about_four_times_as_long() {
    const XML: &str = "<?xml version=\"1.0\"?><r>";
    const HTML: &str = "<!DOCTYPE html><p>";
    const MAIL: &str = "From: a@b.c\nTo: d\nMIME-Version: 1.0\n";
    let inputs = [
        ("deep.xml", XML, "<a>"),
        ("elements.xml", XML, "<abc d='1'>x</abc>\n"),
        ("unclosed.xml", XML, "<a b='"),
        ("angles.xml", XML, "<"),
        ("ends.xml", XML, "</a>"),
        ("names.xml", XML, "<a1></a1><a2></a2><a3></a3>"),
        ("items.html", HTML, "<ul><li>a<b>"),
        ("ends.html", HTML, "<div></p></b></i>"),
        ("script.html", "<!DOCTYPE html><script>", "</scrip"),
        ("comment.html", "<!DOCTYPE html><!--", "--"),
        ("entities.html", HTML, "&ampamp&#0000000"),
        ("words.html", "<!DOCTYPE html><p ", "a = b "),
        ("keys.yaml", "a: 1\n", "  b: 2\n c:\n"),
        ("items.yaml", "a: 1\n", "- - - - - - - -\n"),
        ("settings.ini", "[a]\nb=1\n", "c=2\n  d\n[e]\n"),
        ("fields.eml", MAIL, "Subject: =?utf-8?q?=C3=A9?= =?x\n"),
        (
            "words.eml",
            "From: a@b.c\nTo: d\nMIME-Version: 1.0\nSubject: ",
            "=?utf-8?q?=",
        ),
        ("body.eml", MAIL, "\n--b\n--a--\n"),
        (
            "multis.eml",
            MAIL,
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n",
        ),
        (
            "parts.eml",
            "From: a@b.c\nTo: d\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n",
            "--b\nContent-Type: a/b\nContent-Transfer-Encoding: base64\n\nYWJjYWJj\n",
        ),
        (
            "box.mbox",
            "From a@b Mon Jan  1 10:00:00 2024\nFrom: a\nTo: b\n\n",
            "x\n\nFrom a@b Mon Jan  1 10:00:00 2024\nTo: x\n\n",
        ),
        (
            "access.log",
            "1 - - [10/Oct/2023:13:55:36 +0000] \"GET /a HTTP/1.1\"\n",
            "a+b?%4",
        ),
    ];
    for (name, start, unit) in inputs {
        const BYTES: usize = 1 << 20;
        let small = time(name, start, unit, BYTES);
        let large = time(name, start, unit, 4 * BYTES);
        let ratio = large.as_secs_f64() / small.as_secs_f64().max(1e-6);
        println!("{name}: {small:?} for 1 MiB, {ratio:.1} times that for 4 MiB");
        // quadratic growth would be sixteen times
        assert!(ratio < 12.0, "{name}: {small:?} and {large:?}");
    }
}
