//! The names that the rows of one chunk share, each written once.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::recent::Recent;
use crate::model::{CatalogueIndex, Category};

use super::varint::put;

/// Numbers of the catalogue and what stands for them in the chunk.
#[derive(Default)]
struct Numbered {
    /// 1 more than what stands for the number; 0 for none.
    by_number: Vec<u32>,
    known: Vec<u32>,
}

impl Numbered {
    fn get(&self, number: u32) -> Option<u64> {
        let after = *self.by_number.get(number as usize)?;
        after.checked_sub(1).map(u64::from)
    }

    /// `number` is one of a catalogue, which bounds the memory.
    fn put(&mut self, number: u32, at: u64) {
        let index = number as usize;
        if self.by_number.len() <= index {
            self.by_number.resize(index + 1, 0);
        }
        self.by_number[index] = at as u32 + 1;
        self.known.push(number);
    }

    fn len(&self) -> usize {
        self.known.len()
    }

    fn clear(&mut self) {
        for number in self.known.drain(..) {
            self.by_number[number as usize] = 0;
        }
    }
}

/// The strings of a chunk, each once.
#[derive(Default)]
struct Strings {
    ids: HashMap<Arc<str>, u64>,
    /// The same for the strings that came last, by address.
    recent: Recent<u64>,
    bytes: Vec<u8>,
}

impl Strings {
    fn known(&mut self, text: &Arc<str>) -> Option<u64> {
        if let Some(id) = self.recent.get(text) {
            return Some(id);
        }
        let id = *self.ids.get(text)?;
        self.recent.put(text, id);
        Some(id)
    }

    fn shared(&mut self, text: &Arc<str>) -> u64 {
        match self.known(text) {
            Some(id) => id,
            None => self.add(text.clone()),
        }
    }

    fn id(&mut self, text: &str) -> u64 {
        match self.ids.get(text) {
            Some(id) => *id,
            None => self.add(Arc::from(text)),
        }
    }

    fn add(&mut self, text: Arc<str>) -> u64 {
        put(&mut self.bytes, text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
        let id = self.ids.len() as u64;
        self.ids.insert(text, id);
        id
    }

    fn clear(&mut self) {
        self.ids.clear();
        self.recent.clear();
    }
}

/// Strings, detectors and containers of the chunk that is being packed.
#[derive(Default)]
pub(super) struct Dictionary {
    strings: Strings,
    detectors: Numbered,
    detector_bytes: Vec<u8>,
    /// The container asked for last.
    last: Option<(Arc<[String]>, u64)>,
    containers: HashMap<Arc<[String]>, u64>,
    container_bytes: Vec<u8>,
}

impl Dictionary {
    /// Bytes that it takes in the chunk so far.
    pub(super) fn bytes(&self) -> usize {
        self.strings.bytes.len() + self.detector_bytes.len() + self.container_bytes.len()
    }

    /// The number of a string that is known already.
    #[inline]
    pub(super) fn known(&mut self, text: &Arc<str>) -> Option<u64> {
        self.strings.known(text)
    }

    /// The number of a string.
    pub(super) fn string(&mut self, text: &Arc<str>) -> u64 {
        self.strings.shared(text)
    }

    /// The number of a container that is known already.
    #[inline]
    pub(super) fn known_container(&mut self, container: &Arc<[String]>) -> Option<u64> {
        if let Some((last, at)) = &self.last
            && Arc::ptr_eq(last, container)
        {
            return Some(*at);
        }
        let at = *self.containers.get(container)?;
        self.last = Some((container.clone(), at));
        Some(at)
    }

    pub(super) fn container(&mut self, container: &Arc<[String]>) -> u64 {
        if let Some(at) = self.known_container(container) {
            return at;
        }
        let at = self.containers.len() as u64;
        put(&mut self.container_bytes, container.len() as u64);
        for part in container.iter() {
            put(&mut self.container_bytes, self.strings.id(part));
        }
        self.containers.insert(container.clone(), at);
        self.last = Some((container.clone(), at));
        at
    }

    /// The number of a detector, by its number in the catalogue. One that the catalogue does not
    /// know has no name.
    pub(super) fn detector(&mut self, detector: u16, catalogue: &CatalogueIndex) -> u64 {
        if let Some(at) = self.detectors.get(u32::from(detector)) {
            return at;
        }
        let at = self.detectors.len() as u64;
        self.detectors.put(u32::from(detector), at);
        let info = catalogue.detectors.get(usize::from(detector));
        let id = self.strings.id(info.map_or("", |i| &i.id));
        let out = &mut self.detector_bytes;
        put(out, id);
        put(out, info.map_or(0, |i| category_number(i.category)));
        let checks: &[String] = info.map_or(&[], |i| &i.checks);
        put(out, checks.len() as u64);
        for check in checks {
            put(out, self.strings.id(check));
        }
        at
    }

    /// The number of the text of a keyword of the catalogue.
    pub(super) fn keyword(&mut self, keyword: u32, catalogue: &CatalogueIndex) -> u64 {
        let text = usize::try_from(keyword)
            .ok()
            .and_then(|at| catalogue.keywords.get(at));
        match text {
            Some(text) => self.strings.shared(text),
            None => self.strings.id(""),
        }
    }

    /// Moves all to the end of `out`, and is empty again.
    pub(super) fn append_to(&mut self, out: &mut Vec<u8>) {
        put(out, self.strings.ids.len() as u64);
        out.append(&mut self.strings.bytes);
        put(out, self.detectors.len() as u64);
        out.append(&mut self.detector_bytes);
        put(out, self.containers.len() as u64);
        out.append(&mut self.container_bytes);
        self.strings.clear();
        self.detectors.clear();
        self.last = None;
        self.containers.clear();
    }
}

pub(super) fn category_number(category: Category) -> u64 {
    match category {
        Category::Credentials => 0,
        Category::CustomIdentifier => 1,
        Category::FinancialInformation => 2,
        Category::PersonalInformation => 3,
    }
}
