//! Detectors compiled into one immutable whole that threads share.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use regex_automata::nfa::thompson::NFA;

use super::anchor::Omit;
use super::custom::{Customs, Refusal};
use super::fingerprint::fingerprint;
use super::keyword::{KEYWORD_BYTES_MAX, KeywordIndex, Term};
use super::pattern::{Pattern, PatternError};
use super::shape::{NUMBER_HEAD_BYTES_MAX, Shaped, Shapes, TOKEN_HEAD_BYTES_MAX};
use super::spec::{Anchor, Engine, KeywordRule, Spec};
use super::{address, name};
use crate::model::{CatalogueIndex, DetectorInfo, Origin};

/// Detectors that cannot be made into a catalogue.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    #[error(transparent)]
    Pattern(#[from] PatternError),
    #[error("load detector {id}: the id is used twice")]
    Twice { id: String },
    #[error("load detectors: {count} are more than {max}; split the catalogue")]
    TooMany { count: usize, max: usize },
    #[error("load detector {id}: keyword of {bytes} bytes is longer than {max}; shorten it")]
    KeywordLength {
        id: String,
        bytes: usize,
        max: usize,
    },
    #[error("select detector {id}: no such identifier; see \"magpie identifiers list\"")]
    Unknown { id: String },
    #[error(transparent)]
    Spec(#[from] super::spec::SpecError),
    #[error("compile custom identifier {id}: its regex: {cause}")]
    Custom { id: String, cause: Refusal },
}

/// Most detectors, and most patterns, in one catalogue.
const COUNT_MAX: usize = 60_000;

/// Which detectors of a catalogue to use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub include: Include,
    /// Ids left out.
    pub exclude: Vec<String>,
}

impl Selection {
    /// The chosen ones.
    ///
    /// # Errors
    /// [`CatalogueError::Unknown`] for an id that is not among them.
    pub fn of(&self, mut specs: Vec<Spec>) -> Result<Vec<Spec>, CatalogueError> {
        let ids = match &self.include {
            Include::Ids(ids) => ids.as_slice(),
            _ => &[],
        };
        let known: BTreeSet<&str> = specs.iter().map(|s| s.id.as_str()).collect();
        if let Some(id) = ids
            .iter()
            .chain(&self.exclude)
            .find(|id| !known.contains(id.as_str()))
        {
            return Err(CatalogueError::Unknown { id: id.clone() });
        }
        specs.retain(|spec| {
            let included = match &self.include {
                Include::All => spec.default_on,
                Include::Macie => spec.default_on && spec.origin == Origin::Macie,
                Include::Recommended => spec.recommended,
                Include::Ids(ids) => ids.contains(&spec.id),
            };
            included && !self.exclude.contains(&spec.id)
        });
        Ok(specs)
    }
}

/// The detectors to begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Include {
    /// Every detector that is on by default.
    #[default]
    All,
    /// Those of them that Macie has too.
    Macie,
    /// Macie's recommended set for jobs.
    Recommended,
    /// These, also where they are off by default.
    Ids(Vec<String>),
}

/// A set of detectors by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DetectorSet(Vec<u64>);

impl DetectorSet {
    pub(super) fn new(count: usize) -> Self {
        DetectorSet(vec![0; count.div_ceil(64)])
    }
    pub(super) fn insert(&mut self, detector: u16) {
        if let Some(word) = self.0.get_mut(detector as usize / 64) {
            *word |= 1 << (detector % 64);
        }
    }
    #[inline]
    pub(super) fn contains(&self, detector: u16) -> bool {
        self.0
            .get(detector as usize / 64)
            .is_some_and(|word| word >> (detector % 64) & 1 != 0)
    }
    pub(super) fn add_all(&mut self, other: &DetectorSet) {
        for (to, from) in self.0.iter_mut().zip(&other.0) {
            *to |= from;
        }
    }
    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|w| *w == 0)
    }
    pub(super) fn meets(&self, other: &DetectorSet) -> bool {
        self.meets_words(&other.0)
    }
    #[inline]
    pub(super) fn meets_words(&self, other: &[u64]) -> bool {
        self.0.iter().zip(other).any(|(a, b)| a & b != 0)
    }
    /// The set as bits.
    pub(super) fn words(&self) -> &[u64] {
        &self.0
    }
    pub(super) fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        self.0.iter().enumerate().flat_map(|(i, &word)| {
            (0..64)
                .filter(move |bit| word >> bit & 1 != 0)
                .map(move |bit| (i * 64 + bit) as u16)
        })
    }
}

/// Bytes of numbers and tokens before and after their first digit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// Most before the first digit of a number or token.
    pub head: usize,
    /// Longest as a whole.
    pub whole: usize,
}

/// What a term of the keyword index stands for.
#[derive(Clone, Debug)]
pub(super) struct TermUse {
    /// Index into the keywords of the [`CatalogueIndex`]; for literals, nothing.
    pub keyword: Option<u32>,
    /// Detectors whose values it makes count.
    pub near: DetectorSet,
    /// Detectors that take the whole value of a field of this name.
    pub field: DetectorSet,
    /// Patterns to try around it (keyword anchors) or at it (literal anchors).
    pub patterns: Vec<u16>,
    /// Recognisers that look around it for values.
    pub engines: Vec<u16>,
    /// How far the numbers and tokens that it makes count reach; `None` if there are none.
    pub reach: Option<Reach>,
}

/// What the scan knows of a detector.
#[derive(Clone, Debug)]
pub(super) struct Detector {
    pub engine: Engine,
    /// Most characters between keyword and value.
    pub distance: u16,
    /// Patterns with a keyword anchor.
    pub keyword_patterns: Vec<u16>,
    /// Bits of the recogniser's check, if it has one.
    pub has_keywords: bool,
    /// One of Macie's.
    pub published: bool,
    /// Keywords, by their numbers, that say another detector first. Ascending.
    pub shared: Vec<u32>,
    /// Gives way to every other detector.
    pub yields: bool,
    /// The user's own: its values stand beside those of others.
    pub own: bool,
}

/// Compiled detectors: immutable, shared by threads through an [`Arc`]. Each thread owns a
/// [`Scanner`](super::Scanner).
#[derive(Debug)]
pub struct Catalogue {
    specs: Vec<Spec>,
    index: CatalogueIndex,
    pub(super) detectors: Vec<Detector>,
    pub(super) patterns: Vec<Pattern>,
    pub(super) keywords: KeywordIndex,
    pub(super) terms: Vec<TermUse>,
    pub(super) shapes: Shapes,
    pub(super) at_patterns: Vec<u16>,
    pub(super) url_patterns: Vec<u16>,
    /// Literals that hold no start of a word, and the patterns of each.
    pub(super) loose: Option<(AhoCorasick, Vec<Vec<u16>>)>,
    /// Detectors with keyword anchors or recognisers: their columns are visited cell by cell.
    pub(super) by_cell: DetectorSet,
    pub(super) engines: Vec<(Engine, u16)>,
    pub(super) customs: Customs,
    /// Largest keyword distance of any detector.
    pub(super) distance_max: u16,
    /// Longest number or token that needs a keyword, in bytes.
    pub(super) keyed_bytes_max: usize,
    /// All detectors, as bits.
    pub(super) everything: Vec<u64>,
    /// What no detector wants to know of.
    pub(super) omit: Omit,
}

impl Catalogue {
    /// Compiles detectors. Expressions themselves are compiled when a value first needs them.
    ///
    /// # Errors
    /// Ids used twice, expressions that cannot be parsed or match nothing at all, limits.
    pub fn from_specs(mut specs: Vec<Spec>) -> Result<Self, CatalogueError> {
        specs.sort_by(|a, b| a.id.cmp(&b.id));
        if let Some(pair) = specs.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(CatalogueError::Twice {
                id: pair[0].id.clone(),
            });
        }
        let count = specs
            .len()
            .max(specs.iter().map(|s| s.patterns.len()).sum());
        if count > COUNT_MAX {
            return Err(CatalogueError::TooMany {
                count,
                max: COUNT_MAX,
            });
        }
        Builder::new(specs).build()
    }

    /// The detectors of a selection, compiled anew.
    ///
    /// # Errors
    /// [`CatalogueError::Unknown`] for an id that is not in this catalogue.
    pub fn select(&self, selection: &Selection) -> Result<Catalogue, CatalogueError> {
        Catalogue::from_specs(selection.of(self.specs.clone())?)
    }

    /// Names behind the numbers in hits.
    pub fn index(&self) -> &CatalogueIndex {
        &self.index
    }

    /// The detectors as their files state them, ascending by id.
    pub fn specs(&self) -> &[Spec] {
        &self.specs
    }
}

struct Builder {
    specs: Vec<Spec>,
    /// Keyword (lower case) to its number.
    keywords: BTreeMap<String, u32>,
    terms: Vec<Term>,
    uses: Vec<TermUse>,
    patterns: Vec<Pattern>,
    /// Automata of the numbers and tokens.
    nfas: Vec<(u16, NFA)>,
    detectors: Vec<Detector>,
    loose: BTreeMap<(Vec<u8>, bool), Vec<u16>>,
}

impl Builder {
    fn new(specs: Vec<Spec>) -> Self {
        Builder {
            specs,
            keywords: BTreeMap::new(),
            terms: Vec::new(),
            uses: Vec::new(),
            patterns: Vec::new(),
            nfas: Vec::new(),
            detectors: Vec::new(),
            loose: BTreeMap::new(),
        }
    }

    fn build(mut self) -> Result<Catalogue, CatalogueError> {
        let specs = std::mem::take(&mut self.specs);
        let mut infos = Vec::with_capacity(specs.len());
        for (number, spec) in specs.iter().enumerate() {
            infos.push(self.add(number as u16, spec, specs.len())?);
        }
        let mut names: Vec<Arc<str>> = {
            let mut names = vec![Arc::from(""); self.keywords.len()];
            for (text, &term) in &self.keywords {
                if let Some(number) = self.uses[term as usize].keyword {
                    names[number as usize] = Arc::from(text.as_str());
                }
            }
            names
        };
        let customs = Customs::new(&specs, &mut names)?;
        let shapes = self.shapes();
        let mut by_cell = DetectorSet::new(specs.len());
        for (number, detector) in self.detectors.iter().enumerate() {
            if !detector.keyword_patterns.is_empty() || detector.engine != Engine::Pattern {
                by_cell.insert(number as u16);
            }
        }
        let engines = self
            .detectors
            .iter()
            .enumerate()
            .filter(|(_, d)| d.engine != Engine::Pattern)
            .map(|(i, d)| (d.engine, i as u16))
            .collect();
        let loose = if self.loose.is_empty() {
            None
        } else {
            let literals: Vec<&[u8]> = self.loose.keys().map(|(l, _)| l.as_slice()).collect();
            AhoCorasick::builder()
                .ascii_case_insensitive(self.loose.keys().any(|(_, ignore)| *ignore))
                .build(literals)
                .ok()
                .map(|search| (search, self.loose.values().cloned().collect()))
        };
        let anchored = |anchor: Anchor| -> Vec<u16> {
            let numbers = 0..self.patterns.len();
            let of = numbers.filter(|&i| self.patterns[i].anchor == anchor);
            of.map(|i| i as u16).collect()
        };
        let (at_patterns, url_patterns) = (anchored(Anchor::At), anchored(Anchor::Url));
        // that of custom identifiers is their own affair
        let built = specs.iter().filter(|s| s.custom.is_none());
        let distance_max = built.map(|s| s.keyword_distance).max().unwrap_or(0);
        let keyed_bytes_max = self
            .patterns
            .iter()
            .filter(|p| is_keyed(p))
            .map(Pattern::bytes_max)
            .max()
            .unwrap_or(0);
        self.reaches(specs.len());
        let keywords = KeywordIndex::new(self.terms);
        let omit = shapes.sieve.omit(!keywords.has_letter_digit());
        let mut everything = DetectorSet::new(specs.len());
        (0..specs.len() as u16).for_each(|number| everything.insert(number));
        let fingerprint = fingerprint(&specs);
        Ok(Catalogue {
            index: CatalogueIndex {
                detectors: infos,
                keywords: names,
                fingerprint,
            },
            specs,
            detectors: self.detectors,
            patterns: self.patterns,
            keywords,
            terms: self.uses,
            shapes,
            at_patterns,
            url_patterns,
            loose,
            by_cell,
            engines,
            customs,
            distance_max,
            keyed_bytes_max,
            everything: everything.0,
            omit,
        })
    }

    /// Tells each term how far the numbers and tokens reach that it makes count.
    fn reaches(&mut self, count: usize) {
        let mut reaches: Vec<Option<Reach>> = vec![None; count];
        for pattern in self.patterns.iter().filter(|p| is_keyed(p)) {
            let head = match pattern.anchor {
                Anchor::Token => TOKEN_HEAD_BYTES_MAX,
                _ => NUMBER_HEAD_BYTES_MAX,
            };
            let reach = reaches[pattern.detector as usize].get_or_insert_default();
            reach.head = reach.head.max(head);
            reach.whole = reach.whole.max(pattern.bytes_max());
        }
        for term in &mut self.uses {
            let known = term.near.iter().filter_map(|d| reaches[d as usize]);
            term.reach = known.reduce(|a, b| Reach {
                head: a.head.max(b.head),
                whole: a.whole.max(b.whole),
            });
        }
    }

    fn add(
        &mut self,
        number: u16,
        spec: &Spec,
        count: usize,
    ) -> Result<DetectorInfo, CatalogueError> {
        let mut checks: Vec<String> = Vec::new();
        for check in spec.patterns.iter().flat_map(|p| &p.checks) {
            if !checks.iter().any(|c| c == check.name()) {
                checks.push(check.name().to_owned());
            }
        }
        let mut keyword_patterns = Vec::new();
        for pattern in &spec.patterns {
            let at = self.patterns.len() as u16;
            let never = &spec.never_reported;
            let (compiled, nfa) =
                Pattern::new(&spec.id, number, pattern, never, &checks, spec.embedded)?;
            self.nfas.extend(nfa.map(|nfa| (at, nfa)));
            self.patterns.push(compiled);
            match &pattern.anchor {
                Anchor::Keyword => keyword_patterns.push(at),
                Anchor::Literal {
                    literals,
                    ignore_case,
                } => {
                    for literal in literals {
                        self.literal(literal.as_bytes(), *ignore_case, at, count);
                    }
                }
                Anchor::Number | Anchor::Token | Anchor::At | Anchor::Url => {}
            }
        }
        // those of custom identifiers are looked for by themselves
        let published: &[String] = match spec.custom {
            Some(_) => &[],
            None => &spec.keywords,
        };
        let keywords = published.iter().chain(&spec.keywords_extra);
        for keyword in keywords.clone() {
            let term = self.keyword(&spec.id, keyword, count)?;
            self.terms[term as usize] = Term::Keyword(keyword.clone());
            let term = &mut self.uses[term as usize];
            term.near.insert(number);
            for &pattern in &keyword_patterns {
                if !term.patterns.contains(&pattern) {
                    term.patterns.push(pattern);
                }
            }
            if spec.engine != Engine::Pattern && !term.engines.contains(&number) {
                term.engines.push(number);
            }
        }
        let own: &[&str] = match spec.engine {
            Engine::Name => name::FIELD_KEYWORDS,
            Engine::Address => address::FIELD_KEYWORDS,
            _ => &[],
        };
        let fields = spec.field_keywords.iter().map(String::as_str);
        for keyword in fields.chain(own.iter().copied()) {
            let term = self.keyword(&spec.id, keyword, count)?;
            self.uses[term as usize].field.insert(number);
        }
        let mut shared = Vec::new();
        for keyword in &spec.keywords_shared {
            let term = self.keyword(&spec.id, keyword, count)?;
            shared.extend(self.uses[term as usize].keyword);
        }
        shared.sort_unstable();
        self.detectors.push(Detector {
            published: spec.origin == Origin::Macie,
            shared,
            engine: spec.engine,
            distance: spec.keyword_distance,
            keyword_patterns,
            has_keywords: keywords.clone().next().is_some(),
            yields: spec.yields,
            own: spec.origin == Origin::Custom,
        });
        Ok(DetectorInfo {
            id: spec.id.clone(),
            uuid: spec.uuid.clone(),
            category: spec.category,
            kind: spec.kind.clone(),
            countries: spec.countries.clone(),
            description: spec.description.clone(),
            references: spec.references.clone(),
            severity: spec.severity,
            origin: spec.origin,
            recommended: spec.recommended,
            default_on: spec.default_on,
            keyword_required: !spec.patterns.is_empty()
                && spec
                    .patterns
                    .iter()
                    .all(|p| p.keyword == KeywordRule::Required)
                || matches!(
                    spec.engine,
                    Engine::DateOfBirth | Engine::Password | Engine::Token
                )
                || spec.custom.is_some() && !spec.keywords.is_empty(),
            keywords: spec.keywords.clone(),
            checks,
            mask: spec.mask,
            macie_count_max: spec.macie_count_max,
        })
    }

    /// The term of a keyword, made if it is new.
    fn keyword(&mut self, id: &str, keyword: &str, count: usize) -> Result<u32, CatalogueError> {
        if keyword.len() > KEYWORD_BYTES_MAX {
            return Err(CatalogueError::KeywordLength {
                id: id.to_owned(),
                bytes: keyword.len(),
                max: KEYWORD_BYTES_MAX,
            });
        }
        let text = keyword.to_lowercase();
        if let Some(&term) = self.keywords.get(&text) {
            return Ok(term);
        }
        let term = self.terms.len() as u32;
        // a keyword only when a detector asks for it near a value
        self.terms.push(Term::Label(keyword.to_owned()));
        self.uses.push(TermUse {
            keyword: Some(self.keywords.len() as u32),
            ..unused(count)
        });
        self.keywords.insert(text, term);
        Ok(term)
    }

    fn literal(&mut self, bytes: &[u8], ignore_case: bool, pattern: u16, count: usize) {
        let Some(term) = Term::literal(bytes, ignore_case) else {
            self.loose
                .entry((bytes.to_vec(), ignore_case))
                .or_default()
                .push(pattern);
            return;
        };
        let number = match self.terms.iter().position(|t| *t == term) {
            Some(number) => number,
            None => {
                self.terms.push(term);
                self.uses.push(unused(count));
                self.terms.len() - 1
            }
        };
        self.uses[number].patterns.push(pattern);
    }

    fn shapes(&self) -> Shapes {
        let mut shapes = Shapes::new(self.nfas.iter().map(|(number, nfa)| {
            let pattern = &self.patterns[*number as usize];
            Shaped {
                pattern: *number,
                nfa,
                token: pattern.anchor == Anchor::Token,
                needs_keyword: pattern.keyword == KeywordRule::Required,
                edges: pattern.wants_edges(),
            }
        }));
        for group in &mut shapes.groups {
            group.near = DetectorSet::new(self.detectors.len());
            for entry in &group.keyed {
                let detector = self.patterns[entry.pattern as usize].detector;
                group.near.insert(detector);
            }
        }
        shapes
    }
}

/// A number or token that needs a keyword.
fn is_keyed(pattern: &Pattern) -> bool {
    matches!(pattern.anchor, Anchor::Number | Anchor::Token)
        && pattern.keyword == KeywordRule::Required
}

fn unused(count: usize) -> TermUse {
    TermUse {
        keyword: None,
        near: DetectorSet::new(count),
        field: DetectorSet::new(count),
        patterns: Vec::new(),
        engines: Vec::new(),
        reach: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::builtin_specs;

    fn specs() -> Vec<Spec> {
        builtin_specs().expect("detector files load")
    }

    #[test]
    fn a_selection_takes_what_it_says() {
        let all = Catalogue::from_specs(specs()).expect("compiles");
        let chosen = all.select(&Selection::default()).expect("known");
        assert!(chosen.specs().iter().all(|s| s.default_on));
        assert!(chosen.index().find("EMAIL_ADDRESS").is_none());
        let macie = Selection {
            include: Include::Macie,
            exclude: Vec::new(),
        };
        let macie = all.select(&macie).expect("known");
        assert!(macie.specs().iter().all(|s| s.origin == Origin::Macie));
        assert!(macie.specs().len() < chosen.specs().len());
        let one = Selection {
            include: Include::Ids(vec!["EMAIL_ADDRESS".to_owned()]),
            exclude: Vec::new(),
        };
        let one = all.select(&one).expect("known");
        assert_eq!(one.index().detectors.len(), 1);
        let none = Selection {
            include: Include::Ids(vec!["SSN".to_owned()]),
            exclude: Vec::new(),
        };
        let error = all.select(&none).expect_err("unknown").to_string();
        assert!(error.starts_with("select detector SSN: no such"), "{error}");
    }

    #[test]
    fn all_expressions_of_the_program_compile() {
        let all = Catalogue::from_specs(specs()).expect("compiles");
        assert!(all.specs().iter().all(|s| s.embedded));
        for pattern in &all.patterns {
            let id = &all.specs()[usize::from(pattern.detector)].id;
            assert!(pattern.is_sound(), "{id}");
        }
    }

    #[test]
    fn the_fingerprint_follows_the_detectors() {
        let all = Catalogue::from_specs(specs()).expect("compiles");
        let again = Catalogue::from_specs(specs()).expect("compiles");
        assert_eq!(all.index().fingerprint, again.index().fingerprint);
        let mut changed = specs();
        changed[0].keywords.push("another word".to_owned());
        let changed = Catalogue::from_specs(changed).expect("compiles");
        assert_ne!(all.index().fingerprint, changed.index().fingerprint);
    }

    #[test]
    fn bad_detectors_are_refused_with_their_id() {
        let broken = |regex: &str| {
            let mut specs = specs();
            specs.retain(|s| s.id == "USA_SOCIAL_SECURITY_NUMBER");
            specs[0].patterns[0].regex = regex.to_owned();
            Catalogue::from_specs(specs)
                .expect_err("refused")
                .to_string()
        };
        assert!(broken("[").starts_with("compile detector USA_SOCIAL_SECURITY_NUMBER: "));
        assert!(broken("[0-9]*").contains("matches nothing at all"));
        let mut twice = specs();
        twice.push(twice[0].clone());
        let error = Catalogue::from_specs(twice).expect_err("refused");
        assert!(matches!(error, CatalogueError::Twice { .. }));
    }
}
