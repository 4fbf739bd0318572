//! What the names of fields (columns, JSON paths) say, remembered by field.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use super::anchor::Anchors;
use super::catalogue::{Catalogue, DetectorSet};
use super::class::Level;
use super::keyword::Finds;
use super::name::{self, FieldHint};
use super::spec::Engine;
use super::{address, secret, word};
use crate::model::{Block, Context, KeywordHit, Side};

/// Names remembered from one window to the next; beyond, all are forgotten and asked for again.
const NAMES_MAX: usize = 4096;
/// Longest name that is looked at, in bytes.
const NAME_BYTES_MAX: usize = 1024;

/// What the names of one field hold.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// Detectors with a keyword in a name.
    pub near: DetectorSet,
    /// Detectors that take the whole value.
    pub field: DetectorSet,
    /// Terms found.
    terms: Vec<u32>,
    side: Side,
    /// What the names say of persons' names.
    pub person: Option<FieldHint>,
    /// The names say that the values are things, bodies or places, not persons.
    pub other: bool,
    /// The names themselves, from the root.
    path: Vec<String>,
}

impl Names {
    /// The secret that the value is by the last name, or by the one before where that is `value`.
    pub(super) fn secret(&self, value: &[u8], kind: secret::Kind) -> Option<(Range<usize>, f32)> {
        let mut names = self.path.iter().rev();
        let name = names.next()?;
        let name = match name.eq_ignore_ascii_case("value") {
            true => names.next()?,
            false => name,
        };
        secret::in_field(value, name, self.side == Side::Column, kind)
            .map(|found| (found.range, found.confidence))
    }

    /// The name of the field itself.
    pub(super) fn last(&self) -> Option<&str> {
        self.path.last().map(String::as_str)
    }

    /// The keyword of the detector in the names.
    pub(super) fn keyword(&self, catalogue: &Catalogue, detector: u16) -> Option<KeywordHit> {
        if !self.near.contains(detector) && !self.field.contains(detector) {
            return None;
        }
        let uses = self.terms.iter().map(|&t| &catalogue.terms[t as usize]);
        uses.clone()
            .filter(|u| u.near.contains(detector))
            .chain(uses.filter(|u| u.field.contains(detector)))
            .find_map(|u| u.keyword)
            .map(|keyword| KeywordHit {
                keyword,
                distance: None,
                side: self.side,
            })
    }
}

/// A field of the current block, in offsets of the window being scanned.
#[derive(Clone, Debug)]
pub(super) struct Here {
    pub value: Range<usize>,
    pub names: usize,
    pub is_name: bool,
}

/// The name of another kind of address (`ip_address`, `emailAddress`).
fn is_other_address(name: &[u8]) -> bool {
    address::NOT_FIELD_KEYWORDS.iter().any(|veto| {
        name.windows(veto.len()).enumerate().any(|(at, part)| {
            part.eq_ignore_ascii_case(veto.as_bytes())
                && word::starts_word(name, at)
                && word::ends_word(name, at + veto.len())
        })
    })
}

/// Spreads the key of a field, which is a number that the text does not choose bit by bit. At most
/// [`NAMES_MAX`] are held, so a run of keys in one slot costs little.
#[derive(Debug, Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.write_u64(u64::from(b));
        }
    }
    fn write_u64(&mut self, key: u64) {
        let wide = u128::from(self.0 ^ key ^ 0x9e37_79b9_7f4a_7c15) * 0xd6e8_feb8_6659_fd93;
        self.0 = (wide as u64) ^ (wide >> 64) as u64;
    }
}

/// Memory of names. Keys are those of one member.
#[derive(Debug, Default)]
pub(super) struct Fields {
    by_key: HashMap<u64, usize, BuildHasherDefault<KeyHasher>>,
    pub sets: Vec<Names>,
    last: Option<Here>,
    /// The key asked for last, and its names.
    last_key: Option<(u64, usize)>,
    /// Offset in the member at which the next block of it would go on.
    next: u64,
    anchors: Anchors,
    found: Finds,
    /// Which columns are visited cell by cell, and the names of each; made once a member.
    pub columns: Option<(Vec<bool>, Vec<usize>)>,
}

impl Fields {
    /// Forgets the names unless the block goes on where the last one ended.
    pub(super) fn begin(&mut self, block: &Block<'_>) {
        let here = block.start + block.own.start as u64;
        if here == 0 || here != self.next {
            self.forget();
        }
        self.next = block.start + block.own.end as u64;
        self.last = None;
    }

    /// Forgets the member.
    pub(super) fn forget(&mut self) {
        self.by_key.clear();
        self.sets.clear();
        self.columns = None;
        self.last = None;
        self.last_key = None;
        self.next = 0;
    }

    /// A new window of the block: offsets change. What was given out before may not be used after.
    pub(super) fn window(&mut self) {
        self.last = None;
        if self.sets.len() > NAMES_MAX {
            self.by_key.clear();
            self.sets.clear();
            self.columns = None;
            self.last_key = None;
        }
    }

    /// The field at `at` of the window that begins at `base` of the block and has `len` bytes.
    pub(super) fn at(
        &mut self,
        catalogue: &Catalogue,
        ctx: &mut dyn Context,
        block: &Block<'_>,
        window: &Range<usize>,
        at: usize,
    ) -> Option<Here> {
        if let Some(last) = &self.last
            && last.value.contains(&at)
        {
            return Some(last.clone());
        }
        let field = ctx.field_at(block, window.start + at)?;
        let start = field.value.start.max(window.start) - window.start;
        let end = field.value.end.min(window.end).saturating_sub(window.start);
        if field.is_name {
            // names of names are of no interest
            return Some(Here {
                value: start..end.max(start),
                names: usize::MAX,
                is_name: true,
            });
        }
        let known = self.last_key.filter(|(key, _)| *key == field.key);
        let known = known.map(|(_, names)| names);
        let names = match known.or_else(|| self.by_key.get(&field.key).copied()) {
            Some(names) => names,
            None => {
                let side = if field.column.is_some() {
                    Side::Column
                } else {
                    Side::Path
                };
                let mut names = self.blank(catalogue, side);
                ctx.field_names(&mut |name| self.read(catalogue, name, &mut names));
                self.sets.push(names);
                self.by_key.insert(field.key, self.sets.len() - 1);
                self.sets.len() - 1
            }
        };
        self.last_key = Some((field.key, names));
        let here = Here {
            value: start..end.max(start),
            names,
            is_name: false,
        };
        self.last = Some(here.clone());
        Some(here)
    }

    /// What a name says that was read off the text, where the text has no fields that are known of.
    pub(super) fn textual(&mut self, catalogue: &Catalogue, name: &str) -> usize {
        let mut names = self.blank(catalogue, Side::Path);
        self.read(catalogue, name, &mut names);
        self.sets.push(names);
        self.sets.len() - 1
    }

    /// The columns whose cells are to be visited, and the names of every column.
    pub(super) fn columns(&mut self, catalogue: &Catalogue, ctx: &dyn Context) {
        if self.columns.is_some() {
            return;
        }
        let mut wanted = Vec::new();
        let mut sets = Vec::new();
        for name in ctx.columns() {
            let mut names = self.blank(catalogue, Side::Column);
            self.read(catalogue, name, &mut names);
            wanted.push(names.near.meets(&catalogue.by_cell) || !names.field.is_empty());
            self.sets.push(names);
            sets.push(self.sets.len() - 1);
        }
        self.columns = Some((wanted, sets));
    }

    fn blank(&self, catalogue: &Catalogue, side: Side) -> Names {
        Names {
            near: DetectorSet::new(catalogue.detectors.len()),
            field: DetectorSet::new(catalogue.detectors.len()),
            terms: Vec::new(),
            side,
            person: None,
            other: false,
            path: Vec::new(),
        }
    }

    /// Takes in one more name. The last one says what the value as a whole is.
    fn read(&mut self, catalogue: &Catalogue, name: &str, names: &mut Names) {
        names.path.push(name.to_owned());
        names.field.clear();
        let path: Vec<&str> = names.path.iter().map(String::as_str).collect();
        names.person = name::field_hint(&path);
        names.other = name::is_other_field(&path);
        for &(engine, detector) in &catalogue.engines {
            if engine == Engine::Name && names.person.is_some() {
                names.field.insert(detector);
            }
        }
        let text = name.as_bytes();
        let text = &text[..text.len().min(NAME_BYTES_MAX)];
        let anchors = &mut self.anchors;
        anchors.begin(text, 0);
        anchors.sweep(Level::Scalar, text, text.len(), catalogue.omit);
        self.found.clear();
        let keywords = &catalogue.keywords;
        keywords.find(text, &anchors.words, &anchors.odd_words, &mut self.found);
        for found in self.found.keywords.iter().chain(&self.found.labels) {
            let term = &catalogue.terms[found.term as usize];
            names.near.add_all(&term.near);
            for &(engine, detector) in &catalogue.engines {
                if engine == Engine::Address
                    && term.field.contains(detector)
                    && !is_other_address(text)
                {
                    names.field.insert(detector);
                }
            }
            names.terms.push(found.term);
        }
    }
}
