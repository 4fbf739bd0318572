//! Lists of patterns, each kept once: most shapes share theirs with the shape before.

use std::collections::HashMap;

use super::Entry;

/// The number of the list that is empty.
pub(super) const EMPTY: usize = 0;

#[derive(Debug)]
pub(super) struct Lists {
    lists: Vec<Vec<Entry>>,
    numbers: HashMap<Vec<Entry>, usize>,
    /// The list asked for last.
    last: usize,
}

impl Default for Lists {
    fn default() -> Self {
        Lists {
            lists: vec![Vec::new()],
            numbers: HashMap::from([(Vec::new(), EMPTY)]),
            last: EMPTY,
        }
    }
}

impl Lists {
    /// The number of a list, kept if it is new.
    pub(super) fn number(&mut self, list: &[Entry]) -> usize {
        if list.is_empty() {
            return EMPTY;
        }
        if self.lists[self.last] == list {
            return self.last;
        }
        self.last = match self.numbers.get(list) {
            Some(&number) => number,
            None => {
                self.numbers.insert(list.to_vec(), self.lists.len());
                self.lists.push(list.to_vec());
                self.lists.len() - 1
            }
        };
        self.last
    }

    /// The lists by number, the empty one first.
    pub(super) fn all(&self) -> &[Vec<Entry>] {
        &self.lists
    }
}
