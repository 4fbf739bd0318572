//! Detector files and expressions of users: any text is read or refused, and what is read can scan.
#![no_main]

use std::ops::ControlFlow;
use std::sync::Arc;

use magpie::detect::{Catalogue, Scanner, custom};
use magpie::model::text::NoContext;
use magpie::model::{Block, RegexDefinition};

fn scan(spec: magpie::detect::spec::Spec, text: &str) {
    let Ok(catalogue) = Catalogue::from_specs(vec![spec]) else {
        return;
    };
    let block = Block::whole(text.as_bytes());
    let _ = Scanner::new(Arc::new(catalogue)).scan(&block, &mut NoContext, &mut |hit| {
        assert!(text.as_bytes().get(hit.range).is_some_and(|v| !v.is_empty()));
        ControlFlow::Continue(())
    });
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match custom::load("fuzz.toml", text) {
        Ok(spec) => scan(spec, text),
        Err(error) => assert!(error.to_string().starts_with("load detector fuzz.toml")),
    }
    let mut spec = match custom::from_regex(&RegexDefinition::new(text)) {
        Ok(spec) => spec,
        Err(error) => {
            assert!(!error.to_string().contains('\n'));
            return;
        }
    };
    spec.id = "fuzz".to_owned();
    scan(spec, text);
});
