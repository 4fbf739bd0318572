//! What the names of fields (columns, JSON paths) say, remembered by field.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use super::anchor::Anchors;
use super::catalogue::{Catalogue, DetectorSet};
use super::cells::Columns;
use super::class::Level;
use super::keyword::Finds;
use super::name::{self, FieldHint};
use super::shape::Entry;
use super::spec::Engine;
use super::stretch::Stretch;
use super::{address, secret, word};
use crate::model::text::VisitName;
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
    /// What the names hold of the keywords of each custom identifier that was asked for.
    custom: Vec<(u16, Option<u32>)>,
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

    /// The keyword of a custom identifier in the names, remembered; `in_name` looks into one.
    pub(super) fn custom(
        &mut self,
        detector: u16,
        in_name: impl Fn(&str) -> Option<u32>,
    ) -> Option<(u32, Side)> {
        let known = self.custom.iter().find(|(d, _)| *d == detector);
        let keyword = match known {
            Some((_, keyword)) => *keyword,
            None => {
                let keyword = self.path.iter().rev().find_map(|name| in_name(name));
                self.custom.push((detector, keyword));
                keyword
            }
        };
        keyword.map(|keyword| (keyword, self.side))
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
    /// Keys asked for of late, and their names, by the low bits of the key.
    recent: [Option<(u64, usize)>; RECENT],
    /// Offset in the member at which the next block of it would go on.
    next: u64,
    anchors: Anchors,
    found: Finds,
    /// What the names of columns say; made once a member.
    pub columns: Option<Columns>,
    /// The patterns of the groups that were asked for last, by names and group.
    named: Vec<Named>,
    pub entries: Vec<Entry>,
    /// Spare, for one piece.
    pub stretches: Vec<Stretch>,
}

/// The patterns of a group that certain names stand for.
#[derive(Clone, Copy, Debug)]
struct Named {
    names: usize,
    group: u16,
    from: u32,
    to: u32,
}

/// Keys that are found without a search.
const RECENT: usize = 32;
/// Answers remembered, one in each slot.
const NAMED_SLOTS: usize = 256;
/// Patterns remembered; beyond, all are forgotten.
const ENTRIES_MAX: usize = 4096;

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
        self.forget_names();
        self.last = None;
        self.next = 0;
    }

    fn forget_names(&mut self) {
        self.by_key.clear();
        self.sets.clear();
        self.columns = None;
        self.recent = [None; RECENT];
        self.named.clear();
        self.entries.clear();
    }

    /// A new window of the block: offsets change. What was given out before may not be used after.
    pub(super) fn window(&mut self) {
        self.last = None;
        if self.sets.len() > NAMES_MAX {
            self.forget_names();
        }
    }

    /// The patterns of a group of shapes that need a keyword and have it in these names: a range of
    /// [`Self::entries`].
    pub(super) fn named(
        &mut self,
        catalogue: &Catalogue,
        names: usize,
        group: u16,
    ) -> Range<usize> {
        if self.named.is_empty() || self.entries.len() > ENTRIES_MAX {
            let none = Named {
                names: usize::MAX,
                group,
                from: 0,
                to: 0,
            };
            self.named.clear();
            self.named.resize(NAMED_SLOTS, none);
            self.entries.clear();
        }
        let slot = (names * 61 + usize::from(group)) % NAMED_SLOTS;
        let known = self.named[slot];
        if known.names != names || known.group != group {
            let near = &self.sets[names].near;
            let from = self.entries.len() as u32;
            if !near.is_empty() {
                let keyed = catalogue.shapes.groups[usize::from(group)].keyed.iter();
                let has =
                    |e: &&Entry| near.contains(catalogue.patterns[e.pattern as usize].detector);
                self.entries.extend(keyed.filter(has));
            }
            let to = self.entries.len() as u32;
            self.named[slot] = Named {
                names,
                group,
                from,
                to,
            };
        }
        let Named { from, to, .. } = self.named[slot];
        from as usize..to as usize
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
        let side = match field.column {
            Some(_) => Side::Column,
            None => Side::Path,
        };
        let names = self.of_key(catalogue, field.key, side, &mut |visit| {
            ctx.field_names(visit)
        });
        let here = Here {
            value: start..end.max(start),
            names,
            is_name: false,
        };
        self.last = Some(here.clone());
        Some(here)
    }

    /// What the names of a key say; `names` visits them where they are not known.
    pub(super) fn of_key(
        &mut self,
        catalogue: &Catalogue,
        key: u64,
        side: Side,
        names: &mut dyn FnMut(VisitName<'_>),
    ) -> usize {
        if let Some(number) = self.known(key) {
            return number;
        }
        let mut read = self.blank(catalogue, side);
        names(&mut |name| self.read(catalogue, name, &mut read));
        self.sets.push(read);
        let number = self.sets.len() - 1;
        self.by_key.insert(key, number);
        self.recent[key as usize % RECENT] = Some((key, number));
        number
    }

    /// What the names of a key say, if it was asked for before.
    #[inline]
    pub(super) fn known(&mut self, key: u64) -> Option<usize> {
        let recent = &mut self.recent[key as usize % RECENT];
        if let Some((last, number)) = *recent
            && last == key
        {
            return Some(number);
        }
        let number = *self.by_key.get(&key)?;
        *recent = Some((key, number));
        Some(number)
    }

    /// What a name says that was read off the text, where the text has no fields that are known of.
    pub(super) fn textual(&mut self, catalogue: &Catalogue, name: &str) -> usize {
        let mut names = self.blank(catalogue, Side::Path);
        self.read(catalogue, name, &mut names);
        self.sets.push(names);
        self.sets.len() - 1
    }

    /// Reads the names of the columns, each once a member.
    pub(super) fn columns(
        &mut self,
        catalogue: &Catalogue,
        ctx: &mut dyn Context,
        block: &Block<'_>,
    ) {
        let mut columns = self.columns.take().unwrap_or_default();
        let known = columns.sets.len();
        for name in ctx.columns(block).iter().skip(known) {
            let mut names = self.blank(catalogue, Side::Column);
            self.read(catalogue, name, &mut names);
            let visited = names.near.meets(&catalogue.by_cell) || !names.field.is_empty();
            columns.visited.push(visited);
            columns.keyed.push(!names.near.is_empty());
            self.sets.push(names);
            columns.sets.push(self.sets.len() - 1);
        }
        self.columns = Some(columns);
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
            custom: Vec::new(),
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
