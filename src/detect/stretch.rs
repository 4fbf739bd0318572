//! Numbers of tables and records: field by field, where a name or a keyword in the field lets some
//! count.
//!
//! What needs no keyword is looked for in the text as a whole; here each field that may have a
//! keyword is gone through once, with what its names say. How text without fields is treated is in
//! [`super::number`].

use std::ops::Range;

use super::anchor::Anchors;
use super::pass::{Pass, Scope};
use crate::model::text::LOOKBEHIND_BYTES;
use crate::model::{Block, Side, TextShape};

/// Stands for the names of a field that has none: it is a name itself.
const NAMELESS: usize = usize::MAX;

/// A part of a table or of records in which a number may have a keyword.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    range: Range<usize>,
    /// The range is one field, with these names ([`NAMELESS`] for none); `None`: the fields in it are
    /// to be asked for.
    names: Option<usize>,
}

impl Stretch {
    /// A field. Of a long one not all is in view of every number, so that it is asked for each time.
    fn field(range: Range<usize>, names: usize) -> Self {
        let short = range.len() <= LOOKBEHIND_BYTES;
        Stretch {
            range,
            names: short.then_some(names),
        }
    }
}

impl Pass<'_, '_> {
    /// Lists the fields whose names hold a keyword, and those that hold one themselves, ascending and
    /// apart; `false`: it is not known where fields are.
    #[inline(never)]
    pub(super) fn stretches(&mut self, list: &mut Vec<Stretch>) -> bool {
        list.clear();
        match self.shape {
            TextShape::Plain => return false,
            TextShape::Columns => self.columns_named(list),
            TextShape::Records => {
                if !self.values_named(list) {
                    return false;
                }
            }
        }
        let by_name = list.len();
        for found in self.found {
            let range = found.start as usize..found.end as usize;
            let within = |s: &Stretch| range.start < s.range.end;
            if list[by_name..].last().is_some_and(within) || self.has_no_digit(&range) {
                continue;
            }
            if let Some(here) = self.field(range.start) {
                let names = if here.is_name { NAMELESS } else { here.names };
                list.push(Stretch::field(here.value, names));
            }
        }
        // ascending runs
        list.sort_by_key(|stretch| stretch.range.start);
        list.dedup_by(|next, last| {
            let joined = next.range.start < last.range.end || next.range.start == last.range.start;
            if joined && next.range != last.range {
                last.names = None;
                last.range.end = last.range.end.max(next.range.end);
            }
            joined
        });
        true
    }

    /// The word stands in a string of a record that holds no digit, as most names do.
    fn has_no_digit(&self, word: &Range<usize>) -> bool {
        /// Bytes that are looked at on either side.
        const BYTES_MAX: usize = 48;
        if self.shape != TextShape::Records {
            return false;
        }
        let plain = |b: &u8| !b.is_ascii_digit() && *b != b'\\';
        let before = &self.text[word.start.saturating_sub(BYTES_MAX)..word.start];
        let after = &self.text[word.end..self.text.len().min(word.end + BYTES_MAX)];
        let (Some(open), Some(close)) =
            (memchr::memrchr(b'"', before), memchr::memchr(b'"', after))
        else {
            return false;
        };
        let escaped = open > 0 && before[open - 1] == b'\\';
        !escaped
            && before[open + 1..].iter().all(plain)
            && after[..close].iter().all(plain)
            && self.text[word.clone()].iter().all(plain)
    }

    /// The values of records under names that hold a keyword; `false` where they are not known.
    fn values_named(&mut self, list: &mut Vec<Stretch>) -> bool {
        let (base, len) = (self.window.start, self.text.len());
        let part = Block {
            own: self.window.clone(),
            ..self.block.clone()
        };
        let catalogue = self.catalogue;
        let fields = std::cell::RefCell::new(&mut *self.fields);
        self.ctx.values(
            &part,
            &mut |key, names| {
                let mut fields = fields.borrow_mut();
                let names = fields.of_key(catalogue, key, Side::Path, &mut |visit| names(visit));
                !fields.sets[names].near.is_empty()
            },
            &mut |key, range| {
                let from = range.start.saturating_sub(base);
                let range = from..range.end.saturating_sub(base).min(len);
                let names = key.and_then(|key| fields.borrow_mut().known(key));
                list.push(match names {
                    Some(names) => Stretch::field(range, names),
                    None => Stretch { range, names: None },
                });
            },
        )
    }

    /// The cells of columns whose name holds a keyword.
    fn columns_named(&mut self, list: &mut Vec<Stretch>) {
        // the cell that began before the window; of a long one only a part is seen at a time
        let mut at = 0;
        while let Some(here) = self.field(at) {
            let keyed = !here.is_name && !self.fields.sets[here.names].near.is_empty();
            if !keyed || here.value.end <= at {
                break;
            }
            at = here.value.end;
            list.push(Stretch {
                range: here.value,
                names: None,
            });
            if at >= self.text.len() {
                break;
            }
        }
        self.fields.columns(self.catalogue, self.ctx, self.block);
        if let Some(columns) = self.fields.columns.take() {
            let all = 0..self.text.len();
            self.visit_cells(&all, &columns.keyed, &mut |column, range| {
                if let Some(&names) = columns.sets.get(column as usize) {
                    list.push(Stretch::field(range, names));
                }
            });
            self.fields.columns = Some(columns);
        }
    }

    /// The numbers and tokens of the stretches that need a keyword.
    pub(super) fn keyed_numbers(&mut self, list: &[Stretch]) {
        let anchors = self.anchors;
        let found = self.found;
        let mut next = 0;
        for stretch in list {
            let range = &stretch.range;
            let Some(names) = stretch.names else {
                self.keyed_unknown(range);
                continue;
            };
            while found
                .get(next)
                .is_some_and(|f| (f.start as usize) < range.start)
            {
                next += 1;
            }
            let has_keyword = found
                .get(next)
                .is_some_and(|f| (f.start as usize) < range.end);
            let scope = Scope {
                range: range.clone(),
                names: (names != NAMELESS).then_some(names),
                bare: !has_keyword,
            };
            for at in anchors.starts.within(range.clone()) {
                let number = self.number_at(at as usize);
                self.keyed_in(number.group, at as usize, &scope);
                self.keyed_token(at as usize, Some(number.sign_before), number.run, &scope);
            }
            for at in anchors.tokens.within(range.clone()) {
                let run = (!anchors.digits.from(at as usize)).trailing_zeros() as usize;
                self.keyed_token(at as usize, None, run, &scope);
            }
            // a token may begin with the last letters of the field: its digits, of which it may do
            // without, stand behind the delimiter
            if self.text[..range.end]
                .last()
                .is_some_and(u8::is_ascii_alphabetic)
            {
                for at in anchors.starts.within(range.end..range.end + 2) {
                    let number = self.number_at(at as usize);
                    self.keyed_token(at as usize, Some(number.sign_before), number.run, &scope);
                }
            }
        }
    }

    /// The same of a stretch whose fields are not known.
    fn keyed_unknown(&mut self, range: &Range<usize>) {
        let anchors: &Anchors = self.anchors;
        let near = self.catalogue.everything.as_slice();
        // the byte after it too, as above
        let range = range.start..range.end + 2;
        self.seek_keyword(range.start);
        for at in anchors.starts.within(range.clone()) {
            self.keyed_number(at as usize, near);
        }
        self.seek_keyword(range.start);
        for at in anchors.tokens.within(range) {
            let run = (!anchors.digits.from(at as usize)).trailing_zeros() as usize;
            self.keyed_direct(at as usize, run, near);
        }
    }

    /// A token whose first digit is at `at`, of which this field holds the start.
    fn keyed_token(&mut self, at: usize, sign: Option<u8>, run: usize, scope: &Scope) {
        let letters_end = match sign {
            None => at,
            Some(_) if at >= 2 && self.text[at - 2].is_ascii_alphabetic() => at - 1,
            Some(_) => return,
        };
        if let Some((group, at)) = self.token_at(letters_end, sign, run)
            && scope.range.contains(&at)
        {
            self.keyed_in(group, at, scope);
        }
    }

    /// Tries the patterns of a group that need a keyword and may have it in this field.
    #[inline]
    fn keyed_in(&mut self, group: u16, at: usize, scope: &Scope) {
        if group == 0 {
            return;
        }
        match scope.names {
            Some(names) if scope.bare => self.keyed_by_name(group, at, names, scope),
            _ => self.keyed_in_scope(group, at, scope),
        }
    }
}
