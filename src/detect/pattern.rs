//! One expression of a detector, compiled when it is first needed.

use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson::{self, NFA};
use regex_automata::{Anchored, Input, MatchKind, meta};
use regex_syntax::hir::{Hir, Look};

use super::check::Check;
use super::confidence::{self, Proof};
use super::feasible::{ByteSet, Walk};
use super::miss::MissReason;
use super::spec::{Anchor, Edge, KeywordRule, PatternSpec};

/// Longest match of a literal anchor (private keys, cookies), in bytes; all that a block shows.
const LONG_BYTES_MAX: usize = crate::model::text::LOOKAHEAD_BYTES;
/// Longest match of every other anchor, in bytes.
const SHORT_BYTES_MAX: usize = 512;
/// Largest automaton of one expression, in bytes; beyond, a slower matcher is used.
const DFA_BYTES_MAX: usize = 1 << 20;

/// Longest value compared with the samples without allocation, in bytes.
const NEVER_BYTES_MAX: usize = 64;

/// A pattern that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PatternError {
    #[error("compile detector {id}: {cause}")]
    Syntax { id: String, cause: String },
    #[error(
        "compile detector {id}: the expression matches nothing at all; name at least one character"
    )]
    Empty { id: String },
}

/// A compiled pattern. Shared by threads.
#[derive(Debug)]
pub(super) struct Pattern {
    pub detector: u16,
    pub anchor: Anchor,
    pub keyword: KeywordRule,
    edge: Edge,
    /// Log-odds of the form and the checks, and what they prove.
    pub odds: f32,
    pub proof: Proof,
    /// Checks with their bits in the hit.
    checks: Vec<(Check, u32)>,
    /// Values never reported, without spaces and hyphens, lower case.
    /// Ascending.
    never: Vec<Box<[u8]>>,
    /// The [`mark`]s of these values, a bit each: nearly all others leave here.
    never_marks: [u64; 4],
    regex: String,
    /// The expression; `None` if it cannot be parsed, which tests rule out where that waited.
    parsed: OnceLock<Option<Parsed>>,
    heads: OnceLock<Heads>,
    bytes_max: usize,
    matcher: OnceLock<Matcher>,
    groups: OnceLock<Option<meta::Regex>>,
}

/// An expression as it is compiled.
#[derive(Debug)]
struct Parsed {
    hir: Hir,
    /// The value is the group `v` of the match.
    group: bool,
}

/// How a match begins.
#[derive(Debug, Default)]
struct Heads {
    /// First bytes, ...
    first: ByteSet,
    /// ... and second bytes, whatever the first.
    second: ByteSet,
    /// A match may be empty.
    empty: bool,
}

impl Heads {
    fn of(nfa: &NFA) -> Self {
        let mut walk = Walk::new(nfa);
        let start = walk.start();
        let first = walk.next_bytes(&start);
        let after = walk.step(&start, &first);
        Heads {
            first,
            second: match after.matched {
                true => ByteSet::of(|_| true),
                false => walk.next_bytes(&after),
            },
            empty: start.matched,
        }
    }
}

#[derive(Debug)]
enum Matcher {
    Dfa(Box<dense::DFA<Vec<u32>>>),
    /// The automaton would be too large, or needs Unicode word edges.
    Meta(Box<meta::Regex>),
    /// Neither could be built; tests of the catalogue rule this out for built-in detectors.
    Nothing,
}

/// What a pattern accepted.
#[derive(Clone, Debug)]
pub(super) struct Accepted {
    pub range: Range<usize>,
    pub checks: u32,
}

impl Pattern {
    /// Parses the expression. The automaton of a number or token serves the tables of shapes; that
    /// of another waits until it is needed if `embedded`. `names`: the checks of the detector, in the
    /// order of their bits.
    pub(super) fn new(
        id: &str,
        detector: u16,
        spec: &PatternSpec,
        never: &[String],
        names: &[String],
        embedded: bool,
    ) -> Result<(Self, Option<NFA>), PatternError> {
        let syntax = |cause: String| PatternError::Syntax {
            id: id.to_owned(),
            cause: cause.replace('\n', " "),
        };
        let (odds, proof) = confidence::of_pattern(&spec.anchor, spec.checks.iter().copied());
        let mut pattern = Pattern {
            detector,
            odds,
            proof,
            anchor: spec.anchor.clone(),
            keyword: spec.keyword,
            edge: spec.edge,
            checks: spec
                .checks
                .iter()
                .map(|&c| {
                    let bit = names.iter().position(|n| n == c.name()).unwrap_or(0);
                    (c, 1 << bit.min(31))
                })
                .collect(),
            never: never
                .iter()
                .map(|v| plain(v.as_bytes()).into_boxed_slice())
                .collect(),
            never_marks: [0; 4],
            regex: spec.regex.clone(),
            parsed: OnceLock::new(),
            heads: OnceLock::new(),
            bytes_max: match spec.anchor {
                Anchor::Literal { .. } => LONG_BYTES_MAX,
                _ => SHORT_BYTES_MAX,
            },
            matcher: OnceLock::new(),
            groups: OnceLock::new(),
        };
        pattern.never.sort_unstable();
        for value in &pattern.never {
            let mark = usize::from(mark(value));
            pattern.never_marks[mark / 64] |= 1 << (mark % 64);
        }
        let shaped = matches!(spec.anchor, Anchor::Number | Anchor::Token);
        if embedded && !shaped {
            return Ok((pattern, None));
        }
        let parsed = pattern.parse().map_err(syntax)?;
        let nfa = nfa(&parsed.hir).map_err(syntax)?;
        let heads = Heads::of(&nfa);
        if heads.empty {
            return Err(PatternError::Empty { id: id.to_owned() });
        }
        pattern.parsed = Some(parsed).into();
        pattern.heads = heads.into();
        Ok((pattern, shaped.then_some(nfa)))
    }

    fn parse(&self) -> Result<Parsed, String> {
        let mut hir = regex_syntax::ParserBuilder::new()
            .utf8(false)
            .build()
            .parse(&self.regex)
            .map_err(|e| e.to_string())?;
        let group = has_group(&hir, "v");
        if !group && self.edge.ends_word() {
            // Prefer an alternative that ends at an edge over one that does not.
            hir = Hir::concat(vec![hir, Hir::look(Look::WordEndHalfAscii)]);
        }
        Ok(Parsed { hir, group })
    }

    fn parsed(&self) -> Option<&Parsed> {
        self.parsed.get_or_init(|| self.parse().ok()).as_ref()
    }

    fn heads(&self) -> &Heads {
        self.heads.get_or_init(|| {
            let nfa = self.parsed().and_then(|parsed| nfa(&parsed.hir).ok());
            nfa.map(|nfa| Heads::of(&nfa)).unwrap_or_default()
        })
    }

    /// The neighbours of a value must not continue it.
    pub(super) fn wants_edges(&self) -> bool {
        self.edge.ends_word() && self.parsed().is_some_and(|p| !p.group)
    }

    /// Longest match, in bytes.
    pub(super) fn bytes_max(&self) -> usize {
        let max = self.parsed().and_then(|p| p.hir.properties().maximum_len());
        max.unwrap_or(self.bytes_max).min(self.bytes_max)
    }

    /// What stands around a value may speak against it. A fixed text, an `@`, a token that may be a
    /// part of a path or an expression that asks nothing of its neighbours says by itself what the
    /// value is.
    pub(super) fn may_be_vetoed(&self) -> bool {
        matches!(
            self.anchor,
            Anchor::Number | Anchor::Token | Anchor::Keyword
        ) && !matches!(self.edge, Edge::Open | Edge::Token)
    }

    /// A match may begin at `at`, by its first two bytes.
    #[inline]
    pub(super) fn may_begin(&self, text: &[u8], at: usize) -> bool {
        let heads = self.heads();
        match text.get(at..) {
            Some([a, b, ..]) => heads.first.contains(*a) && heads.second.contains(*b),
            Some([a]) => heads.first.contains(*a),
            _ => false,
        }
    }

    /// The value of a match that begins at `at`, if edges and checks allow it.
    ///
    /// `refused`: told why a value that matches does not pass.
    #[inline]
    pub(super) fn accept(
        &self,
        text: &[u8],
        at: usize,
        refused: &mut impl FnMut(Range<usize>, MissReason),
    ) -> Option<Accepted> {
        let to = (at + self.bytes_max).min(text.len());
        let input = Input::new(text).range(at..to).anchored(Anchored::Yes);
        let end = match self.matcher.get_or_init(|| self.compile()) {
            Matcher::Dfa(dfa) => last_match(dfa, &input)?,
            Matcher::Meta(regex) => regex.search_half(&input)?.offset(),
            Matcher::Nothing => return None,
        };
        let range = if self.parsed()?.group {
            self.value(&input)?
        } else {
            at..end
        };
        if range.is_empty() {
            return None;
        }
        if !self.edge.allows(text, range.clone()) {
            refused(range, MissReason::Edge(self.edge));
            return None;
        }
        let value = &text[range.clone()];
        let mut bits = 0;
        for &(check, bit) in &self.checks {
            if !check.passes(value) {
                refused(range, MissReason::Check(check));
                return None;
            }
            bits |= bit;
        }
        if !self.never.is_empty() && self.is_never(value) {
            refused(range, MissReason::Sample);
            return None;
        }
        Some(Accepted {
            range,
            checks: bits,
        })
    }

    /// The value is a known sample. Asked for every value, so only long ones allocate.
    fn is_never(&self, value: &[u8]) -> bool {
        let mut buffer = [0u8; NEVER_BYTES_MAX];
        let mut length = 0;
        for b in value.iter().filter(|b| !matches!(b, b' ' | b'-')) {
            let Some(slot) = buffer.get_mut(length) else {
                return self.has_never(&plain(value));
            };
            *slot = b.to_ascii_lowercase();
            length += 1;
        }
        self.has_never(&buffer[..length])
    }

    fn has_never(&self, value: &[u8]) -> bool {
        let mark = usize::from(mark(value));
        self.never_marks[mark / 64] >> (mark % 64) & 1 != 0
            && self.never.binary_search_by(|v| (**v).cmp(value)).is_ok()
    }

    fn compile(&self) -> Matcher {
        let Some(parsed) = self.parsed() else {
            return Matcher::Nothing;
        };
        let dfa = nfa(&parsed.hir).ok().and_then(|nfa| {
            dense::Builder::new()
                .configure(
                    dense::Config::new()
                        .start_kind(StartKind::Anchored)
                        .match_kind(MatchKind::LeftmostFirst)
                        .dfa_size_limit(Some(DFA_BYTES_MAX))
                        .determinize_size_limit(Some(DFA_BYTES_MAX)),
                )
                .build_from_nfa(&nfa)
                .ok()
        });
        match dfa {
            Some(dfa) => Matcher::Dfa(Box::new(dfa)),
            None => match self.meta() {
                Some(regex) => Matcher::Meta(Box::new(regex)),
                None => Matcher::Nothing,
            },
        }
    }

    /// The expression compiles, and matches something.
    #[cfg(test)]
    pub(super) fn is_sound(&self) -> bool {
        self.parsed().is_some()
            && self.heads().first != ByteSet::default()
            && !self.heads().empty
            && !matches!(self.compile(), Matcher::Nothing)
    }

    fn meta(&self) -> Option<meta::Regex> {
        meta::Builder::new()
            .configure(meta::Config::new().utf8_empty(false))
            .build_from_hir(&self.parsed()?.hir)
            .ok()
    }

    /// The group `v` of the match.
    fn value(&self, input: &Input<'_>) -> Option<Range<usize>> {
        let regex = self.groups.get_or_init(|| self.meta()).as_ref()?;
        let group = regex
            .group_info()
            .to_index(regex_automata::PatternID::ZERO, "v")?;
        let mut slots = [None; 32];
        let slots = slots.get_mut(..group * 2 + 2)?;
        regex.search_slots(input, slots)?;
        Some(slots[group * 2]?.get()..slots[group * 2 + 1]?.get())
    }
}

/// The automaton of an expression.
fn nfa(hir: &Hir) -> Result<NFA, String> {
    thompson::Compiler::new()
        .configure(
            thompson::Config::new()
                .utf8(false)
                .which_captures(thompson::WhichCaptures::None)
                .nfa_size_limit(Some(4 << 20)),
        )
        .build_from_hir(hir)
        .map_err(|e| e.to_string())
}

/// A byte made of both ends and the length of a value.
fn mark(value: &[u8]) -> u8 {
    let (Some(&[a, b]), Some(&[y, z])) = (value.first_chunk(), value.last_chunk()) else {
        return 0;
    };
    (a ^ z.rotate_left(4))
        .wrapping_add(b.wrapping_mul(29))
        .wrapping_add(y.wrapping_mul(83))
        .wrapping_add(value.len() as u8)
}

/// Where the match that begins at the start of the input ends. As `try_search_fwd`, without what that
/// spends on starting up: most attempts end within a few bytes.
#[inline]
fn last_match(dfa: &dense::DFA<Vec<u32>>, input: &Input<'_>) -> Option<usize> {
    let mut state = dfa.start_state_forward(input).ok()?;
    let (text, mut end) = (input.haystack(), None);
    for (&b, at) in text[input.get_range()].iter().zip(input.start()..) {
        state = dfa.next_state(state, b);
        if dfa.is_special_state(state) {
            if dfa.is_match_state(state) {
                // matches are told one byte late
                end = Some(at);
            } else if dfa.is_dead_state(state) {
                return end;
            } else if dfa.is_quit_state(state) {
                return None;
            }
        }
    }
    state = match text.get(input.end()) {
        Some(&b) => dfa.next_state(state, b),
        None => dfa.next_eoi_state(state),
    };
    if dfa.is_match_state(state) {
        end = Some(input.end());
    } else if dfa.is_quit_state(state) {
        return None;
    }
    end
}

/// A value as `never_reported` compares it: without spaces and hyphens, lower case.
fn plain(value: &[u8]) -> Vec<u8> {
    value
        .iter()
        .filter(|b| !matches!(b, b' ' | b'-'))
        .map(u8::to_ascii_lowercase)
        .collect()
}

fn has_group(hir: &Hir, name: &str) -> bool {
    use regex_syntax::hir::HirKind;
    match hir.kind() {
        HirKind::Capture(c) => c.name.as_deref() == Some(name) || has_group(&c.sub, name),
        HirKind::Repetition(r) => has_group(&r.sub, name),
        HirKind::Concat(list) | HirKind::Alternation(list) => {
            list.iter().any(|h| has_group(h, name))
        }
        _ => false,
    }
}
