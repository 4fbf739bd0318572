//! The names of JSON members as a tree: each way from the root is a node, met again by looking at
//! the one that came next the last time.
//!
//! Records have the same few names in the same order, so that nearly every name costs one
//! comparison.

use std::collections::HashMap;
use std::sync::Arc;

use super::names::{RawNames, tail};
use super::raw_path;
use crate::model::word::word;

/// Nodes, and bytes of names, from which on no more are made until all are forgotten.
const NODES_MAX: usize = 1 << 14;
const BYTES_MAX: usize = 1 << 20;

/// No node.
pub(crate) const NONE: u32 = u32::MAX;
/// The node of no name.
pub(crate) const ROOT: u32 = 0;

#[derive(Debug)]
struct Node {
    parent: u32,
    /// The raw name in `Tree::bytes`, and its first bytes.
    from: u32,
    len: u32,
    head: u64,
    /// Equal for equal names from the root.
    key: u64,
    /// The child that came first, and the sibling that came next, the last time.
    first: u32,
    next: u32,
    /// The path, where no array is on it.
    path: Option<Arc<str>>,
    /// Whether values under these names are wanted.
    wanted: Option<bool>,
}

/// All names met, from the root.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    bytes: Vec<u8>,
    /// Number of the parent and raw name to node.
    known: HashMap<Vec<u8>, u32>,
    /// Spare.
    look_up: Vec<u8>,
}

impl Default for Tree {
    fn default() -> Self {
        let mut tree = Tree {
            nodes: Vec::new(),
            bytes: Vec::new(),
            known: HashMap::new(),
            look_up: Vec::new(),
        };
        tree.add(NONE, &[]);
        tree
    }
}

impl Tree {
    /// Forgets all if there is no room for many more. Nodes given out before may not be used after.
    pub fn make_room(&mut self) {
        if self.nodes.len() > NODES_MAX / 2 || self.bytes.len() > BYTES_MAX / 2 {
            *self = Tree::default();
        }
    }

    fn add(&mut self, parent: u32, raw: &[u8]) -> u32 {
        let from = self.bytes.len() as u32;
        self.bytes.extend_from_slice(raw);
        self.nodes.push(Node {
            parent,
            from,
            len: raw.len() as u32,
            head: word(raw, 0),
            key: 0,
            first: NONE,
            next: NONE,
            path: None,
            wanted: None,
        });
        let node = self.nodes.len() as u32 - 1;
        let mut names = RawNames::default();
        self.raw_names(node, &mut names);
        self.nodes[node as usize].key = names.key();
        node
    }

    fn name(&self, node: u32) -> &[u8] {
        let node = &self.nodes[node as usize];
        &self.bytes[node.from as usize..][..node.len as usize]
    }

    #[inline(always)]
    fn is(&self, node: u32, raw: &[u8]) -> bool {
        self.nodes.get(node as usize).is_some_and(|n| {
            n.len as usize == raw.len()
                && n.head == word(raw, 0)
                && (raw.len() <= 8 || self.bytes[n.from as usize..][..raw.len()] == *raw)
        })
    }

    /// The child of `parent` with this raw name, which comes after the child `before` (or none);
    /// `None` where there is no room for it.
    #[inline]
    pub fn child(&mut self, parent: u32, before: u32, raw: &[u8]) -> Option<u32> {
        let raw = tail(raw);
        let guess = match self.nodes.get(before as usize) {
            Some(before) => before.next,
            None => self.nodes[parent as usize].first,
        };
        if self.is(guess, raw) {
            return Some(guess);
        }
        self.other_child(parent, before, raw)
    }

    #[inline(never)]
    fn other_child(&mut self, parent: u32, before: u32, raw: &[u8]) -> Option<u32> {
        self.look_up.clear();
        self.look_up.extend_from_slice(&parent.to_le_bytes());
        self.look_up.extend_from_slice(raw);
        let node = match self.known.get(&self.look_up) {
            Some(&node) => node,
            None => {
                if self.nodes.len() >= NODES_MAX || self.bytes.len() + raw.len() > BYTES_MAX {
                    return None;
                }
                let node = self.add(parent, raw);
                self.known.insert(self.look_up.clone(), node);
                node
            }
        };
        match self.nodes.get_mut(before as usize) {
            Some(before) => before.next = node,
            None => self.nodes[parent as usize].first = node,
        }
        Some(node)
    }

    /// The nodes from the root to this one, the root left out.
    fn way(&self, node: u32) -> Vec<u32> {
        let mut way = Vec::new();
        let mut here = node;
        while here != ROOT && here != NONE {
            way.push(here);
            here = self.nodes[here as usize].parent;
        }
        way.reverse();
        way
    }

    pub fn raw_names(&self, node: u32, names: &mut RawNames) {
        names.clear();
        for node in self.way(node) {
            names.push(self.name(node));
        }
    }

    pub fn key(&self, node: u32) -> u64 {
        self.nodes[node as usize].key
    }

    /// The path to a value that no array is around, made by `make` from its raw form the first time.
    pub fn path(&mut self, node: u32, make: impl FnOnce(&[u8]) -> Arc<str>) -> &Arc<str> {
        if self.nodes[node as usize].path.is_none() {
            let mut raw = Vec::new();
            for node in self.way(node) {
                raw_path::name(self.name(node), &mut raw);
            }
            self.nodes[node as usize].path = Some(make(&raw));
        }
        // just entered if it was not there
        self.nodes[node as usize].path.get_or_insert_default()
    }

    /// Appends the last name of a node to a raw path.
    pub fn raw_name(&self, node: u32, out: &mut Vec<u8>) {
        raw_path::name(self.name(node), out);
    }

    /// Whether values under the node are wanted; `ask` tells the first time.
    #[inline]
    pub fn wanted(&mut self, node: u32, ask: impl FnOnce(u64, &RawNames) -> bool) -> bool {
        if let Some(wanted) = self.nodes[node as usize].wanted {
            return wanted;
        }
        let mut names = RawNames::default();
        self.raw_names(node, &mut names);
        let wanted = ask(self.key(node), &names);
        self.nodes[node as usize].wanted = Some(wanted);
        wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_met_again_in_any_order() {
        let mut tree = Tree::default();
        let names: Vec<String> = (0..300).map(|i| format!("name number {}", i % 7)).collect();
        let (mut nodes, mut before) = (HashMap::new(), NONE);
        for (i, name) in names.iter().enumerate() {
            before = if i % 5 == 0 { NONE } else { before };
            let node = tree.child(ROOT, before, name.as_bytes()).unwrap();
            assert_eq!(*nodes.entry(name).or_insert(node), node);
            let below = tree.child(node, NONE, b"x").unwrap();
            let mut raw = RawNames::default();
            raw.push(name.as_bytes());
            assert_eq!(tree.key(node), raw.key());
            raw.push(b"x");
            assert_eq!(tree.key(below), raw.key());
            before = node;
        }
        assert_eq!(nodes.len(), 7);
        assert_eq!(tree.nodes.len(), 1 + 2 * 7);
    }

    #[test]
    fn names_without_end_find_no_room() {
        let mut tree = Tree::default();
        let mut made = 0;
        while tree
            .child(ROOT, NONE, format!("{made}").as_bytes())
            .is_some()
        {
            made += 1;
        }
        assert_eq!(made, NODES_MAX - 1);
        tree.make_room();
        assert!(tree.child(ROOT, NONE, b"again").is_some());
    }
}
