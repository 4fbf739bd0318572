//! Which identifiers count as the same: one value, several right answers.

use crate::model::CatalogueIndex;

/// Ending of the id of an identifier that needs no keyword; without it, it is that of its twin.
const TWIN: &str = "_(NO_KEYWORD)";

/// Classes of identifiers that count as the same.
#[derive(Clone, Debug, Default)]
pub struct Same {
    /// The lowest number of the class of each detector.
    class: Vec<u16>,
}

impl Same {
    /// So many identifiers, each by itself.
    pub fn of(count: usize) -> Self {
        Same {
            class: (0..).take(count).collect(),
        }
    }

    /// Each identifier by itself, but for twins that differ in the keyword alone.
    pub fn new(index: &CatalogueIndex) -> Self {
        let mut same = Same::of(index.detectors.len());
        for (number, detector) in (0..).zip(&index.detectors) {
            let twin = detector.id.strip_suffix(TWIN).and_then(|id| index.find(id));
            if let Some(twin) = twin {
                same.join(number, twin);
            }
        }
        same
    }

    /// Says that two identifiers, and what is the same as either, are the same.
    pub fn join(&mut self, a: u16, b: u16) {
        let (a, b) = (self.class(a), self.class(b));
        for class in &mut self.class {
            if *class == a.max(b) {
                *class = a.min(b);
            }
        }
    }

    fn class(&self, detector: u16) -> u16 {
        self.class
            .get(usize::from(detector))
            .copied()
            .unwrap_or(detector)
    }

    pub fn are(&self, a: u16, b: u16) -> bool {
        self.class(a) == self.class(b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_is_transitive() {
        let mut same = Same::of(6);
        same.join(4, 5);
        same.join(1, 2);
        assert!(!same.are(2, 5));
        same.join(5, 1);
        assert!(same.are(2, 4) && same.are(1, 5) && !same.are(0, 3));
    }
}
