//! What was last told of shared texts, found again by the address of the text.

use std::sync::Arc;

/// Texts remembered; a power of two.
const SLOTS: usize = 64;

/// Answers for shared texts that come again and again as the same [`Arc`], such as the names of
/// columns: neither hashed nor compared. One text in each slot, the last that came.
#[derive(Debug)]
pub struct Recent<T> {
    /// Each keeps its text alive, so that no other comes to lie at its address.
    slots: Vec<Option<(Arc<str>, T)>>,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Recent {
            slots: (0..SLOTS).map(|_| None).collect(),
        }
    }
}

/// Multiplies by the golden ratio and takes the highest bits.
fn slot(text: &Arc<str>) -> usize {
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let address = text.as_ptr().addr() as u64;
    (address.wrapping_mul(SPREAD) >> (u64::BITS - SLOTS.trailing_zeros())) as usize
}

impl<T: Clone> Recent<T> {
    /// The answer for this very text; `None` also where another took its place.
    pub fn get(&self, text: &Arc<str>) -> Option<T> {
        self.peek(text).cloned()
    }

    /// As [`Self::get`], lent.
    pub fn peek(&self, text: &Arc<str>) -> Option<&T> {
        match &self.slots[slot(text)] {
            Some((known, answer)) if Arc::ptr_eq(known, text) => Some(answer),
            _ => None,
        }
    }

    pub fn put(&mut self, text: &Arc<str>, answer: T) {
        self.slots[slot(text)] = Some((Arc::clone(text), answer));
    }

    pub fn clear(&mut self) {
        self.slots.fill_with(|| None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_of_the_very_text() {
        let mut recent = Recent::default();
        let texts: Vec<Arc<str>> = (0..1_000).map(|n| Arc::from(n.to_string())).collect();
        for (n, text) in texts.iter().enumerate() {
            recent.put(text, n);
            assert_eq!(recent.get(text), Some(n));
        }
        let known = texts.iter().enumerate().filter_map(|(n, text)| {
            let answer = recent.get(text)?;
            assert_eq!(answer, n);
            Some(answer)
        });
        assert!((1..=SLOTS).contains(&known.count()));
        assert_eq!(recent.get(&Arc::from("999")), None, "equal, not the same");
        recent.clear();
        assert!(texts.iter().all(|text| recent.get(text).is_none()));
    }
}
