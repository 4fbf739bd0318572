//! Names in fields: values of a column or key that says it holds a person's name.
//!
//! There a name may be in lower case, in capitals or unknown to every list; a company or a single
//! word is still none.

use super::NameMatch;
use super::field_words::{FIELD_KEYWORDS, FIELD_OTHERS, FIELD_PERSONS, FIELD_VETOES};
use super::find_all;
use super::score::{self, THRESHOLD};
use super::table::Class;
use super::word::{self, Shape, Word};

/// Words that say no more than that a field holds a name.
const FIELD_NAMES: &[&str] = &["name", "nombre", "nom", "nome", "naam"];

/// Splits a column name or key into lower-case words: at marks, `_` and camelCase edges.
fn split(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut current = String::new();
    let mut lower_before = false;
    for ch in name.chars() {
        let alphanumeric = ch.is_alphanumeric();
        if (!alphanumeric || ch.is_uppercase() && lower_before) && !current.is_empty() {
            words.push(std::mem::take(&mut current));
        }
        if alphanumeric {
            current.extend(word::fold_char(ch));
        }
        lower_before = ch.is_lowercase();
    }
    if !current.is_empty() {
        words.push(current);
    }
    words
}

/// What the names of a field say of its values. Decide it once for a column or key, then ask
/// [`in_hinted_field`] for each value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldHint {
    /// `customerName`, `patient`: a person.
    Person,
    /// `name` and nothing more: a person, or anything that has a name.
    Name,
}

/// What the names of a field say: the column name, or the elements of the path from the root.
/// `None` where its values are no persons' names.
pub fn field_hint(names: &[&str]) -> Option<FieldHint> {
    let (last, path) = names.split_last()?;
    if last.len() > 64 {
        return None;
    }
    let mut words = split(last);
    // customer_name_1
    words.retain(|w| !w.bytes().all(|b| b.is_ascii_digit()));
    if words.is_empty() || words.len() > 5 {
        return None;
    }
    let joined = words.join(" ");
    if FIELD_NAMES.contains(&joined.as_str()) {
        // product.name, customer.name
        let parent = path.last().map(|p| split(p)).unwrap_or_default();
        let says = |list: &[&str]| parent.iter().any(|w| list.contains(&w.as_str()));
        let plural = parent
            .iter()
            .filter_map(|w| w.strip_suffix('s'))
            .any(|w| FIELD_VETOES.contains(&w));
        return match () {
            () if says(FIELD_VETOES) || plural => None,
            () if says(FIELD_KEYWORDS) => Some(FieldHint::Person),
            () => Some(FieldHint::Name),
        };
    }
    // whole keywords first: "name des kunden", "prenom nom"
    if FIELD_KEYWORDS.contains(&joined.as_str()) {
        return Some(FieldHint::Person);
    }
    if words.iter().any(|w| FIELD_VETOES.contains(&w.as_str())) {
        return None;
    }
    let begins = |k: &str| {
        joined
            .strip_prefix(k)
            .is_some_and(|rest| rest.starts_with(' '))
    };
    let ends = |k: &str| {
        joined
            .strip_suffix(k)
            .is_some_and(|rest| rest.ends_with(' '))
    };
    FIELD_KEYWORDS
        .iter()
        .any(|k| ends(k) || k.contains(' ') && begins(k))
        .then_some(FieldHint::Person)
}

/// Whether the names of a field say that its values are of another kind that bears names (`city`,
/// `hotel_name`, `city.name`): there words that look like a person's name are none.
pub fn is_other_field(names: &[&str]) -> bool {
    let Some((last, path)) = names.split_last() else {
        return false;
    };
    if last.len() > 64 || field_hint(names) == Some(FieldHint::Person) {
        return false;
    }
    let mut words = split(last);
    if let [word] = words.as_slice()
        && FIELD_NAMES.contains(&word.as_str())
        && let Some(parent) = path.last()
    {
        words = split(parent);
    }
    let says = |word: &String, list: &[&str]| {
        list.contains(&word.as_str())
            || word
                .strip_suffix("ies")
                .is_some_and(|w| list.contains(&format!("{w}y").as_str()))
            || word.strip_suffix('s').is_some_and(|w| list.contains(&w))
    };
    words.iter().any(|w| says(w, FIELD_OTHERS)) && !words.iter().any(|w| says(w, FIELD_PERSONS))
}

/// The name that a value of a field holds, if the field is one of names: the whole value, less space,
/// quotes, titles and degrees around it.
///
/// `names` are the column name, or the elements of the path from the root.
pub fn in_field(value: &[u8], names: &[&str]) -> Option<NameMatch> {
    in_hinted_field(value, field_hint(names)?)
}

/// As [`in_field`], for a field that was looked at before.
pub fn in_hinted_field(value: &[u8], hint: FieldHint) -> Option<NameMatch> {
    if value.len() > 96 {
        return None;
    }
    let mut words: Vec<Word> = Vec::with_capacity(6);
    let mut comma = None;
    let mut at = 0;
    while let Some(&byte) = value.get(at) {
        if let Some(word) = word::read(value, at) {
            if word.shape == Shape::Odd
                && word.entry == super::table::Entry::NONE
                && !word.hyphen
                && word.letters < 2
                || word::wordy(value, word.end)
                || words.len() == 8
            {
                return None;
            }
            at = word.end.max(at + 1);
            words.push(word);
            continue;
        }
        match byte {
            b' ' | b'\t' | b'"' | b'\'' | b'.' | b'(' | b')' => {}
            b',' if comma.is_none() => comma = Some(words.len()),
            0xc2 if value.get(at + 1) == Some(&0xa0) => at += 1,
            _ => return None,
        }
        at += 1;
    }
    // titles and degrees are no part of the name
    let is_title = |w: &Word| {
        w.entry.class == Class::Title && (w.entry.first < 8 || value.get(w.end) == Some(&b'.'))
    };
    let skip = words.iter().take_while(|w| is_title(w)).count();
    let mut end = words.len();
    while end > skip && words[end - 1].entry.class == Class::Suffix && words[end - 1].entry.last < 6
    {
        end -= 1;
    }
    if comma.is_some_and(|c| c >= end) {
        comma = None;
    }
    let names = words.get(skip..end)?;
    let full = names
        .iter()
        .filter(|w| w.shape != Shape::Initial && w.entry.class != Class::Particle && w.letters >= 2)
        .count();
    if names.len() < 2
        || names.len() > 6
        || full == 0
        || full == 1 && names.len() == 2 && comma.is_none() && names[1].shape == Shape::Initial
    {
        return None;
    }
    if let Some(c) = comma
        && (c <= skip || c >= end)
    {
        return None;
    }
    let mut bits = 0;
    // words that are something else more often than a name
    let mut doubtful = false;
    for (i, w) in names.iter().enumerate() {
        bits += match (w.shape, w.entry.class) {
            (Shape::Initial, _) => 1,
            (_, Class::Particle) if i > 0 => 1,
            (_, Class::Organisation | Class::Named | Class::Locative) => return None,
            // "Nguyễn Văn An"
            (_, Class::Function | Class::Article) if i > 0 && w.entry.first >= 6 => 0,
            (_, Class::Function | Class::Article) => return None,
            (_, Class::PlaceHead) if i == 0 && w.entry.first < 9 => return None,
            (_, class) => {
                let best = score::given(w).max(score::family(w)).max(-8);
                doubtful |= best <= -4 || class != Class::None;
                best
            }
        };
    }
    // the field speaks for a name; the words must not speak against it
    // companies are customers and owners too: something must be known as a name
    let known = names.iter().any(|w| w.entry.first.max(w.entry.last) > 0);
    let needed = match hint {
        _ if doubtful => 8,
        FieldHint::Person => 0,
        FieldHint::Name => 4,
    };
    if !known || bits < needed || score::has_phrase(value, names) {
        return None;
    }
    // a generation is part of the name, a degree is not
    let tail = match words.get(end).map(|w| (w, &value[w.start..w.end])) {
        Some((w, b"Jr" | b"JR" | b"jr" | b"Sr" | b"SR" | b"sr")) => {
            w.end + usize::from(value.get(w.end) == Some(&b'.'))
        }
        Some((w, b"II" | b"III" | b"IV")) => w.end,
        _ => names.last()?.end,
    };
    let range = names.first()?.start..tail;
    let plain = find_all(value).first().map_or(0.0, |m| m.confidence);
    let confidence = score::confidence(bits + THRESHOLD - 2).max(plain);
    Some(NameMatch { range, confidence })
}
