//! What a parser says that is not to be trusted: any bytes end in an outcome.
#![no_main]

use std::io;
use std::sync::Arc;

use magpie::content::{self, Input, Limits};
use magpie::extract::session::{Ends, Minder};
use magpie::extract::wire::Begin;
use magpie::extract::{Session, Workshop};
use magpie::model::{Block, Member, MemberOutcome, Reason, Tracker, Visitor};

#[derive(Debug)]
struct Says(Vec<u8>);

struct Mind;

impl Minder for Mind {
    fn done(&mut self, _: Ends) {}
    fn cause(&mut self) -> (Reason, String) {
        (Reason::MalformedFile, "it broke off".to_owned())
    }
}

impl Workshop for Says {
    fn session(&self, _: &Begin) -> io::Result<Session> {
        let input = Box::new(io::Cursor::new(self.0.clone()));
        Ok(Session {
            ends: Some(Ends::new(input, Box::new(io::sink()))),
            minder: Box::new(Mind),
        })
    }
}

/// Asks for every place and field.
struct Ask;

impl Visitor for Ask {
    fn member(&mut self, _: &Member) {}

    fn block(&mut self, block: &Block<'_>, tracker: &mut dyn Tracker) -> std::ops::ControlFlow<()> {
        let wanted = vec![true; tracker.columns(block).len()];
        tracker.cells(block, &wanted, &mut |_, range| {
            assert!(block.text.get(range).is_some());
        });
        for at in block.own.clone() {
            if let Some(field) = tracker.field_at(block, at) {
                assert!(block.text.get(field.value).is_some());
            }
            let _ = tracker.place(block, at..at + 1);
        }
        std::ops::ControlFlow::Continue(())
    }

    fn member_end(&mut self, _: &MemberOutcome) {}
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = Limits {
        workshop: Arc::new(Says(bytes.to_vec())),
        block_bytes: 64,
        ..Limits::default()
    };
    let document: &[u8] = b"PAR1";
    let input = Input {
        name: "x.parquet",
        reader: Box::new(io::Cursor::new(document)),
        ranged: None,
        size: None,
    };
    let _ = content::walk(input, &limits, &mut Ask);
});
