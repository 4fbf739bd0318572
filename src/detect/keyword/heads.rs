//! How the first bytes of a term may be spelt in a text: what the index is made by.

use super::Term;

/// The ways the first bytes of a term may be spelt in a text, up to so many bytes each.
pub(super) fn heads(term: &Term, body: &[u8], bytes: usize) -> Vec<Vec<u8>> {
    let (Term::Keyword(keyword) | Term::Label(keyword)) = term else {
        return vec![body[..body.len().min(bytes)].to_vec()];
    };
    let first = &keyword.as_bytes()[..keyword.len().min(bytes)];
    // nearly all: spelt in one way, case aside
    if first.iter().all(|b| b.is_ascii() && *b != b' ') {
        return vec![first.to_ascii_lowercase()];
    }
    let mut heads: Vec<Vec<u8>> = vec![Vec::new()];
    for c in keyword.chars() {
        if heads.iter().all(|h| h.len() >= bytes) {
            break;
        }
        let spellings: Vec<String> = if c == ' ' {
            ["", " ", "_", "-"].map(String::from).to_vec()
        } else if c.is_ascii() {
            // the head is told without regard to case in the end
            vec![c.to_ascii_lowercase().to_string()]
        } else {
            let mut both = vec![c.to_lowercase().to_string(), c.to_uppercase().to_string()];
            both.dedup();
            both
        };
        heads = heads
            .iter()
            .flat_map(|head| {
                spellings
                    .iter()
                    .map(move |s| [head.as_slice(), s.as_bytes()].concat())
            })
            .collect();
    }
    for head in &mut heads {
        head.truncate(bytes);
        for byte in head.iter_mut().filter(|b| b.is_ascii()) {
            *byte = byte.to_ascii_lowercase();
        }
    }
    heads.sort();
    heads.dedup();
    heads
}
