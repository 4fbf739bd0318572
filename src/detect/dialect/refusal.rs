//! What Macie's subset of PCRE does not allow, found in the source of an expression.
//!
//! Many of these are not errors of syntax to the parser but mean something else to it, or end in a
//! message about something else. They are looked for by name first, so that the one who typed them
//! is told what is refused, where, and what to write instead.

/// Why an expression is refused. Positions are those of characters, from 1. The messages hold no more
/// of the expression than the construct, as it may hold a value in clear.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DialectError {
    #[error("an expression has 1 to {max} characters, this one {chars}")]
    Length { chars: usize, max: usize },
    /// A construct of PCRE that the subset leaves out.
    #[error("character {at} of the expression: {what} are not supported ({text}); {remedy}")]
    Unsupported {
        what: &'static str,
        text: String,
        at: usize,
        remedy: &'static str,
    },
    #[error(
        "character {at} of the expression: {cause}; mend the syntax, or escape what is meant as \
         text with \\"
    )]
    Malformed { cause: String, at: usize },
    #[error(
        "character {at} of the expression: a repeat of {most} times; at most {max} are supported, \
         or none named at the upper end, as in {{{max},}}"
    )]
    BigRepeat { most: u32, at: usize, max: u32 },
    #[error(
        "character {at} of the expression: {count} repeats of any number of times in a row, with \
         nothing between them that must be there, do not compile; join them into one class, as in \
         [ab]*, or name a character between them"
    )]
    Wildcards { count: usize, at: usize },
}

const KEYWORDS: &str = "match the text alone, without what is around it";
const TWICE: &str = "write the text or the expression out a second time";

/// Starts of groups, longest first where one begins another.
const GROUPS: &[(&str, &str, &str)] = &[
    ("(*", "verbs", "leave it out"),
    ("(?=", "look-ahead and look-behind", KEYWORDS),
    ("(?!", "look-ahead and look-behind", KEYWORDS),
    ("(?<=", "look-ahead and look-behind", KEYWORDS),
    ("(?<!", "look-ahead and look-behind", KEYWORDS),
    ("(?P=", "back references", TWICE),
    ("(?P>", "recursive patterns", TWICE),
    ("(?P<", "named groups", "write (...) or (?:...)"),
    ("(?<", "named groups", "write (...) or (?:...)"),
    ("(?'", "named groups", "write (...) or (?:...)"),
    ("(?(", "conditional patterns", "write both cases as (a|b)"),
    ("(?R", "recursive patterns", TWICE),
    ("(?&", "recursive patterns", TWICE),
    ("(?+", "recursive patterns", TWICE),
    ("(?>", "atomic groups", "write (?:...)"),
    ("(?|", "branch resets", "write (?:...)"),
    ("(?#", "comments", "put it into the description"),
    ("(?{", "pieces of code", "leave it out"),
    ("(??", "pieces of code", "leave it out"),
    ("(?C", "callouts", "leave it out"),
];

/// Letters after a backslash.
const ESCAPES: &[(char, &str, &str)] = &[
    ('k', "back references", TWICE),
    ('g', "back references", TWICE),
    ('K', "match resets", KEYWORDS),
    ('Q', "quotations", "escape each character with \\"),
    ('E', "quotations", "escape each character with \\"),
    ('G', "such anchors", "use ^ and $, the ends of the file"),
    ('Z', "such anchors", "use $, the end of the file"),
    ('R', "such classes", "write \\r?\\n"),
    ('X', "such classes", "write ."),
    ('C', "such classes", "write ."),
    ('N', "such classes", "write [^\\n]"),
    ('h', "such classes", "write [ \\t]"),
    ('H', "such classes", "write [^ \\t]"),
    ('V', "such classes", "write [^\\r\\n]"),
    ('c', "such escapes", "write it as \\x and two digits"),
    ('e', "such escapes", "write \\x1B"),
    ('o', "octal numbers", "write it as \\x and two digits"),
    ('u', "such escapes", "write it as \\x{...}"),
    ('U', "such escapes", "write it as \\x{...}"),
];

/// Looks for what is left out of the subset and can be told by its source alone.
pub(super) fn scan(regex: &str) -> Result<(), DialectError> {
    let refuse = |what, text: &str, at: usize, remedy| {
        Err(DialectError::Unsupported {
            what,
            text: text.to_owned(),
            at,
            remedy,
        })
    };
    if let Some(flags) = global_flags(regex) {
        let at = regex.chars().count() - flags.chars().count() + 1;
        let remedy = "write (?i) at its start and leave the slashes out, or escape the last slash \
                      as \\/";
        return refuse("global flags", flags, at, remedy);
    }
    let mut class = false;
    let mut chars = regex.char_indices().enumerate().peekable();
    while let Some((i, (byte, c))) = chars.next() {
        let (rest, at) = (&regex[byte..], i + 1);
        match c {
            '\\' => {
                let Some((_, (_, next))) = chars.next() else {
                    continue; // the parser tells
                };
                let text = &rest[..1 + next.len_utf8()];
                if class {
                    continue;
                }
                if next == '0' {
                    return refuse("octal numbers", text, at, "write it as \\x and two digits");
                }
                if next.is_ascii_digit() {
                    return refuse("back references", text, at, TWICE);
                }
                if let Some((_, what, remedy)) = ESCAPES.iter().find(|(e, ..)| *e == next) {
                    return refuse(what, text, at, remedy);
                }
            }
            '[' if !class => {
                class = true;
                // a bracket that closes nothing yet stands for itself
                if chars.peek().is_some_and(|(_, (_, c))| *c == '^') {
                    chars.next();
                }
                if chars.peek().is_some_and(|(_, (_, c))| *c == ']') {
                    chars.next();
                }
            }
            '[' if [":", "=", "."].iter().any(|s| rest[1..].starts_with(s)) => {
                // [:alpha:] ends with its own bracket
                let mark = &rest[1..2];
                if let Some(end) = rest[2..].find(&format!("{mark}]")) {
                    let skip = rest[..2 + end + 2].chars().count() - 1;
                    for _ in 0..skip {
                        chars.next();
                    }
                }
            }
            ']' => class = false,
            '(' if !class => {
                if let Some((text, what, remedy)) =
                    GROUPS.iter().find(|(g, ..)| rest.starts_with(g))
                {
                    return refuse(what, text, at, remedy);
                }
                let numbered = rest.strip_prefix("(?").map(|r| r.trim_start_matches('-'));
                if numbered.is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit())) {
                    return refuse("recursive patterns", &rest[..3], at, TWICE);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The end of `/expression/flags`.
fn global_flags(regex: &str) -> Option<&str> {
    let inner = regex.strip_prefix('/')?;
    let end = inner.rfind('/')?;
    let flags = &inner[end + 1..];
    let escaped = inner[..end]
        .bytes()
        .rev()
        .take_while(|b| *b == b'\\')
        .count()
        % 2
        == 1;
    let are_flags = !flags.is_empty() && flags.bytes().all(|b| b"imsxguU".contains(&b));
    (are_flags && !escaped).then_some(&inner[end..])
}
