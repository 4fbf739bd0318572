//! Family names that no list holds, told by how they end.
//!
//! Most languages of Europe build family names with a few endings: `-ski`, `-ová`, `-sen`, `-escu`,
//! `-opoulos`. A word in no list that ends so counts as a rare family name. Endings that ordinary
//! nouns and places share (`-burg`, `-er`, `-ier`) are left out.

/// Shortest word that is judged by its ending, in letters.
const LETTERS_MIN: usize = 6;

/// Endings, folded as the lists are; the shortest has two letters.
const ENDINGS: &[&[u8]] = &[
    // Slavic
    b"ski", b"ska", b"sky", b"skij", b"skyj", b"skaya", b"skaja", b"cki", b"cka", b"wicz", b"vich",
    b"vic", b"cic", b"czyk", b"czak", b"czuk", b"chuk", b"enko", b"ova", b"eva", b"ov", b"ev",
    // Nordic and Finnish
    b"sson", b"sen", b"dottir", b"kvist", b"qvist", b"quist", b"strom", b"gren", b"lund", b"dahl",
    b"gaard", b"nen", // German and Dutch
    b"mann", b"stein", b"berg", b"berger", b"bach", b"meyer", b"meier", b"maier", b"mayr",
    b"huber", b"hofer", b"bauer", b"hauser", b"brecht", b"stra", b"inga", b"dijk", // Romance
    b"etti", b"otti", b"ucci", b"acci", b"elli", b"olini", b"ez", b"eau", b"ault", b"oux", b"escu",
    b"eanu", // Greek, Turkish, Armenian, Georgian, Baltic
    b"poulos", b"idis", b"akis", b"oglu", b"yan", b"shvili", b"adze", b"idze", b"skas", b"vicius",
];

/// Whether a word ends as family names do. `word`: its folded letters.
#[cold]
pub fn is_of_family(word: &[u8]) -> bool {
    word.len() >= LETTERS_MIN && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_of_family_names() {
        for word in [
            "kowalczykowska",
            "brannvallsson",
            "tsiolakidis",
            "zrinkovic",
            "pellanetti",
        ] {
            assert!(is_of_family(word.as_bytes()), "{word}");
        }
        for word in ["hypertext", "wolfsburg", "backend", "olsen", "lev", ""] {
            assert!(!is_of_family(word.as_bytes()), "{word}");
        }
    }
}
