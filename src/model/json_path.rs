//! JSON paths as Macie writes them: text from their elements. Leaves finding the elements to others.

/// Longest name in a path, in characters.
const NAME_CHARS_MAX: usize = 240;
/// Longest path, in characters.
const PATH_CHARS_MAX: usize = 250;

/// One element of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    Name(String),
    Index(u64),
}

impl Element {
    /// The element, lent.
    pub fn step(&self) -> Step<'_> {
        match self {
            Element::Name(name) => Step::Name(name),
            Element::Index(index) => Step::Index(*index),
        }
    }
}

/// One element of a path that owns nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    Name(&'a str),
    Index(u64),
}

fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn write(step: Step<'_>, out: &mut String) {
    match step {
        Step::Index(index) => {
            out.push('[');
            out.push_str(itoa::Buffer::new().format(index));
            out.push(']');
        }
        Step::Name(name) if name.len() <= NAME_CHARS_MAX && is_plain(name) => {
            out.push('.');
            out.push_str(name);
        }
        Step::Name(name) => {
            let chars = name.chars().count();
            out.push_str("['");
            let skipped = if chars > NAME_CHARS_MAX {
                out.push_str("...");
                chars - (NAME_CHARS_MAX - 3)
            } else {
                0
            };
            for c in name.chars().skip(skipped) {
                if matches!(c, '\'' | '\\') {
                    out.push('\\');
                }
                out.push(c);
            }
            out.push_str("']");
        }
    }
}

fn part(step: Step<'_>) -> String {
    let mut out = String::new();
    write(step, &mut out);
    out
}

/// Writes `$.a.b[2]`; elements are dropped from the front (`$..b[2]`) until it is short enough.
pub fn render(elements: &[Element]) -> String {
    let mut whole = String::with_capacity(64);
    render_into(elements.iter().map(Element::step), &mut whole);
    whole
}

/// Like [`render`], in place of what is in `out`.
pub fn render_into<'a>(steps: impl Iterator<Item = Step<'a>> + Clone, out: &mut String) {
    // nearly all paths are short: written in one go
    out.clear();
    out.push('$');
    for step in steps.clone() {
        write(step, out);
        if out.len() > PATH_CHARS_MAX {
            break;
        }
    }
    if out.len() > PATH_CHARS_MAX {
        *out = render_long(steps);
    }
}

fn render_long<'a>(steps: impl Iterator<Item = Step<'a>>) -> String {
    let parts: Vec<String> = steps.map(part).collect();
    let lengths: Vec<usize> = parts.iter().map(|p| p.chars().count()).collect();
    let mut left: usize = lengths.iter().sum();
    if left < PATH_CHARS_MAX {
        let mut whole = parts.concat();
        whole.insert(0, '$');
        return whole;
    }
    let mut first = 0;
    // `$.` before a name, `$..` before a bracket.
    while first < parts.len() {
        let lead = if parts[first].starts_with('.') { 2 } else { 3 };
        if left + lead <= PATH_CHARS_MAX {
            break;
        }
        left -= lengths[first];
        first += 1;
    }
    let rest = parts[first..].concat();
    let lead = if rest.starts_with('.') { "$." } else { "$.." };
    // Names full of quotes can outgrow the limit alone.
    format!("{lead}{rest}")
        .chars()
        .take(PATH_CHARS_MAX)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Element {
        Element::Name(text.to_owned())
    }

    #[test]
    fn writes_paths() {
        assert_eq!(render(&[]), "$");
        assert_eq!(
            render(&[name("access"), name("key"), Element::Index(2)]),
            "$.access.key[2]"
        );
        assert_eq!(
            render(&[name("some name"), name("it's")]),
            r"$['some name']['it\'s']"
        );
        assert_eq!(render(&[Element::Index(0), name("")]), "$[0]['']");
    }

    #[test]
    fn cuts_names_and_paths() {
        let long = render(&[name(&"x".repeat(300))]);
        assert_eq!(long, format!("$['...{}']", "x".repeat(237)));
        let deep: Vec<Element> = (0..100).map(|i| name(&format!("n{i}"))).collect();
        let path = render(&deep);
        assert!(
            path.starts_with("$..n") && path.ends_with(".n98.n99"),
            "{path}"
        );
        assert!(path.len() <= 250 && path.len() > 245, "{path}");
        let odd: Vec<Element> = (0..100).map(|i| name(&format!("n {i}"))).collect();
        let path = render(&odd);
        assert!(path.starts_with("$..['n ") && path.len() <= 250, "{path}");
    }
}
