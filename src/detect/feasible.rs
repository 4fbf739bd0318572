//! How a match of an expression may begin, read off its automaton.
//!
//! The scan knows the first runs of a token (so many digits, this sign, so many digits) before any
//! expression runs. Walking the automaton with classes instead of bytes tells, once, which heads an
//! expression can accept at all; the tables of shapes are made from that. The answers err on the
//! side of "may".

use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::primitives::StateID;

/// A set of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ByteSet([u64; 4]);

impl ByteSet {
    pub(super) fn of(holds: impl Fn(u8) -> bool) -> Self {
        let mut set = ByteSet::default();
        for b in 0..=u8::MAX {
            if holds(b) {
                set.insert(b);
            }
        }
        set
    }

    pub(super) fn insert(&mut self, b: u8) {
        self.0[b as usize / 64] |= 1 << (b % 64);
    }

    #[inline(always)]
    pub(super) fn contains(&self, b: u8) -> bool {
        self.0[b as usize / 64] >> (b % 64) & 1 != 0
    }

    /// Adds the bytes from `first` to `last`.
    fn insert_range(&mut self, first: u8, last: u8) {
        for (i, word) in self.0.iter_mut().enumerate() {
            *word |= range_word(i, first, last);
        }
    }

    fn meets(&self, first: u8, last: u8) -> bool {
        let words = first as usize / 64..=last as usize / 64;
        words
            .clone()
            .any(|i| self.0[i] & range_word(i, first, last) != 0)
    }
}

/// The bits of word `i` of a set that stand for the bytes from `first` to `last`.
fn range_word(i: usize, first: u8, last: u8) -> u64 {
    let base = i as u32 * 64;
    let (first, last) = (u32::from(first).max(base), u32::from(last).min(base + 63));
    if first > last {
        return 0;
    }
    (u64::MAX >> (63 - (last - first))) << (first - base)
}

/// The states an automaton may be in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct States {
    /// States that consume a byte, ascending.
    states: Vec<StateID>,
    /// A match may end here.
    pub(super) matched: bool,
}

impl States {
    pub(super) fn is_empty(&self) -> bool {
        self.states.is_empty() && !self.matched
    }
}

/// Walks one automaton.
pub(super) struct Walk<'a> {
    nfa: &'a NFA,
    seen: Vec<bool>,
    stack: Vec<StateID>,
    /// Spare.
    visited: Vec<StateID>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(nfa: &'a NFA) -> Self {
        Walk {
            nfa,
            seen: vec![false; nfa.states().len()],
            stack: Vec::new(),
            visited: Vec::new(),
        }
    }

    /// Where a match begins.
    pub(super) fn start(&mut self) -> States {
        self.stack.push(self.nfa.start_anchored());
        self.close()
    }

    /// After one byte of the set.
    pub(super) fn step(&mut self, from: &States, set: &ByteSet) -> States {
        for &id in &from.states {
            match self.nfa.state(id) {
                State::ByteRange { trans } if set.meets(trans.start, trans.end) => {
                    self.stack.push(trans.next);
                }
                State::Sparse(sparse) => {
                    for trans in &sparse.transitions {
                        if set.meets(trans.start, trans.end) {
                            self.stack.push(trans.next);
                        }
                    }
                }
                State::Dense(dense) => {
                    for (b, &next) in dense.transitions.iter().enumerate() {
                        if set.contains(b as u8) {
                            self.stack.push(next);
                        }
                    }
                }
                _ => {}
            }
        }
        self.close()
    }

    /// The bytes that lead on from here.
    pub(super) fn next_bytes(&self, from: &States) -> ByteSet {
        let mut set = ByteSet::default();
        for &id in &from.states {
            match self.nfa.state(id) {
                State::ByteRange { trans } => set.insert_range(trans.start, trans.end),
                State::Sparse(sparse) => {
                    for trans in &sparse.transitions {
                        set.insert_range(trans.start, trans.end);
                    }
                }
                State::Dense(dense) => {
                    for (b, &next) in dense.transitions.iter().enumerate() {
                        if next != StateID::ZERO {
                            set.insert(b as u8);
                        }
                    }
                }
                _ => {}
            }
        }
        set
    }

    /// A byte that is not in the set leads on from here.
    pub(super) fn leads_out(&self, from: &States, set: &ByteSet) -> bool {
        let next = self.next_bytes(from);
        next.0.iter().zip(&set.0).any(|(n, s)| n & !s != 0)
    }

    /// Follows every transition that takes no byte; look-around is taken to hold.
    fn close(&mut self) -> States {
        let mut out = States::default();
        while let Some(id) = self.stack.pop() {
            if std::mem::replace(&mut self.seen[id.as_usize()], true) {
                continue;
            }
            self.visited.push(id);
            match self.nfa.state(id) {
                State::ByteRange { .. } | State::Sparse(_) | State::Dense(_) => {
                    out.states.push(id);
                }
                State::Look { next, .. } | State::Capture { next, .. } => self.stack.push(*next),
                State::Union { alternates } => self.stack.extend(alternates.iter().copied()),
                State::BinaryUnion { alt1, alt2 } => self.stack.extend([*alt1, *alt2]),
                State::Match { .. } => out.matched = true,
                State::Fail => {}
            }
        }
        for id in self.visited.drain(..) {
            self.seen[id.as_usize()] = false;
        }
        if out.states.len() > 1 {
            out.states.sort_unstable();
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_by_class() {
        let nfa = NFA::new(r"[0-9]{3}-[0-9]{2}|[0-9]{9}").expect("compiles");
        let digit = ByteSet::of(|b| b.is_ascii_digit());
        let hyphen = ByteSet::of(|b| b == b'-');
        let mut walk = Walk::new(&nfa);
        let mut states = walk.start();
        assert_eq!(walk.next_bytes(&states), digit);
        for _ in 0..3 {
            states = walk.step(&states, &digit);
            assert!(!states.matched);
        }
        assert!(walk.next_bytes(&states).contains(b'-'));
        let after = walk.step(&states, &hyphen);
        let after = walk.step(&after, &digit);
        assert!(!after.matched);
        assert!(walk.step(&after, &digit).matched);
        assert!(walk.step(&after, &hyphen).is_empty());
        for _ in 0..6 {
            states = walk.step(&states, &digit);
        }
        assert!(states.matched);
    }
}
