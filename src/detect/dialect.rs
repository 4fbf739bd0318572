//! The dialect of expressions that users give: Macie's subset of PCRE, and what it is here. Custom
//! identifiers and allow lists share it.
//!
//! * `(...)` groups and nothing more; `(?i)` and `(?s)` may stand anywhere.
//! * `^` and `$` are the ends of the file, `.` is any character but a line feed.
//! * `\d`, `\w`, `\s` and `\b` know ASCII, as in PCRE; `.`, negated classes and `\p{..}` take whole
//!   characters of UTF-8.
//! * An alternative that stands first is preferred, repeats take as much as they can.
//!
//! # Source
//! Macie user guide, "Regex support in custom data identifiers"; the bounds of repeats are ours, as
//! Macie's are not published.

use regex_syntax::ast::{self, Ast};
use regex_syntax::hir::Hir;

pub use refusal::DialectError;

mod refusal;
#[cfg(test)]
mod tests;

/// Longest expression, in characters.
pub const EXPRESSION_CHARS_MAX: usize = 512;
/// Largest number in a repeat. Macie refuses `{100,1000}` and does not say where that begins.
pub const REPEAT_MAX: u32 = 512;
/// Wildcards (`*`) in a row with nothing between them that must be there, from which on they are
/// refused: Macie's sample is `a*b*a*`.
const WILDCARDS_MIN: usize = 3;
/// Deepest nesting of groups.
const NESTING_MAX: u32 = 100;

/// An expression that may be used.
#[derive(Clone, Debug)]
pub struct Dialect {
    /// The same in the syntax of the `regex` crates, for bytes.
    pub regex: String,
    pub hir: Hir,
}

/// Reads an expression.
///
/// # Errors
/// What is wrong with it, and where.
pub fn parse(expression: &str) -> Result<Hir, DialectError> {
    read(expression).map(|dialect| dialect.hir)
}

/// As [`parse`], with the expression in the syntax of the `regex` crates.
///
/// # Errors
/// As [`parse`].
pub fn read(regex: &str) -> Result<Dialect, DialectError> {
    let chars = regex.chars().count();
    if chars == 0 || chars > EXPRESSION_CHARS_MAX {
        return Err(DialectError::Length {
            chars,
            max: EXPRESSION_CHARS_MAX,
        });
    }
    refusal::scan(regex)?;
    let ast = ast::parse::ParserBuilder::new()
        .nest_limit(NESTING_MAX)
        .build()
        .parse(regex)
        .map_err(|e| malformed(regex, e.span().start.offset, &e.kind().to_string()))?;
    let changes = ast::visit(
        &ast,
        Check {
            regex,
            changes: Vec::new(),
        },
    )?;
    let regex = rewritten(regex, changes);
    let hir = regex_syntax::ParserBuilder::new()
        .utf8(false)
        .nest_limit(NESTING_MAX)
        .build()
        .parse(&regex)
        .map_err(|e| {
            let (cause, at) = match &e {
                regex_syntax::Error::Translate(e) => (e.kind().to_string(), e.span().start.offset),
                regex_syntax::Error::Parse(e) => (e.kind().to_string(), e.span().start.offset),
                other => (other.to_string(), 0),
            };
            malformed(&regex, at, &cause)
        })?;
    Ok(Dialect { regex, hir })
}

fn malformed(regex: &str, offset: usize, cause: &str) -> DialectError {
    DialectError::Malformed {
        cause: cause.replace('\n', " "),
        at: position(regex, offset),
    }
}

/// Number of the character at a byte, from 1.
fn position(regex: &str, offset: usize) -> usize {
    regex.get(..offset).map_or(0, |r| r.chars().count()) + 1
}

/// A stretch of the source and what stands for it, and where it is.
type Change = (std::ops::Range<usize>, &'static str);

fn rewritten(regex: &str, mut changes: Vec<Change>) -> String {
    changes.sort_by_key(|(range, _)| range.start);
    let (mut out, mut from) = (String::with_capacity(regex.len() * 2), 0);
    for (range, text) in changes {
        out += &regex[from..range.start];
        out += text;
        from = range.end;
    }
    out + &regex[from..]
}

/// Refuses what the parser takes and the subset does not have, and notes what PCRE reads otherwise.
struct Check<'r> {
    regex: &'r str,
    changes: Vec<Change>,
}

impl Check<'_> {
    /// `text`: the construct, without what of it is the user's.
    fn refuse(
        &self,
        what: &'static str,
        text: &str,
        span: &ast::Span,
        remedy: &'static str,
    ) -> DialectError {
        DialectError::Unsupported {
            what,
            text: text.to_owned(),
            at: position(self.regex, span.start.offset),
            remedy,
        }
    }

    fn change(&mut self, span: &ast::Span, text: &'static str) {
        self.changes
            .push((span.start.offset..span.end.offset, text));
    }

    fn flags(&self, flags: &ast::Flags) -> Result<(), DialectError> {
        for item in &flags.items {
            let remedy = match item.kind {
                ast::FlagsItemKind::Negation
                | ast::FlagsItemKind::Flag(
                    ast::Flag::CaseInsensitive | ast::Flag::DotMatchesNewLine,
                ) => continue,
                ast::FlagsItemKind::Flag(ast::Flag::MultiLine) => {
                    "^ and $ are the ends of the file; match a line break as \\n"
                }
                ast::FlagsItemKind::Flag(_) => "only (?i) and (?s) are there; leave it out",
            };
            let flag = &self.regex[item.span.start.offset..item.span.end.offset];
            return Err(self.refuse("such flags", flag, &item.span, remedy));
        }
        Ok(())
    }

    fn repeat(&self, repetition: &ast::Repetition) -> Result<(), DialectError> {
        let op = &repetition.op;
        if matches!(*repetition.ast, Ast::Repetition(_)) {
            let (what, text, remedy) = match op.kind {
                ast::RepetitionKind::OneOrMore => {
                    ("possessive repeats", "+", "leave the last + out")
                }
                _ => (
                    "repeats of a repeat",
                    "a{2}{3}",
                    "put the inner one into (?:...)",
                ),
            };
            return Err(self.refuse(what, text, &op.span, remedy));
        }
        let largest = match op.kind {
            ast::RepetitionKind::Range(
                ast::RepetitionRange::Exactly(n)
                | ast::RepetitionRange::AtLeast(n)
                | ast::RepetitionRange::Bounded(_, n),
            ) => n,
            _ => 0,
        };
        if largest > REPEAT_MAX {
            return Err(DialectError::BigRepeat {
                most: largest,
                at: position(self.regex, op.span.start.offset),
                max: REPEAT_MAX,
            });
        }
        Ok(())
    }

    fn wildcards(&self, concat: &ast::Concat) -> Result<(), DialectError> {
        let (mut count, mut from) = (0, 0);
        for part in &concat.asts {
            if !is_optional(part) {
                count = 0;
            } else if is_wildcard(part) {
                if count == 0 {
                    from = part.span().start.offset;
                }
                count += 1;
                if count == WILDCARDS_MIN {
                    return Err(DialectError::Wildcards {
                        count,
                        at: position(self.regex, from),
                    });
                }
            }
        }
        Ok(())
    }

    fn assertion(&mut self, assertion: &ast::Assertion) -> Result<(), DialectError> {
        use ast::AssertionKind as A;
        match assertion.kind {
            A::WordBoundary => self.change(&assertion.span, r"(?-u:\b)"),
            A::NotWordBoundary => self.change(&assertion.span, r"(?-u:\B)"),
            // PCRE takes these for the characters
            A::WordBoundaryStartAngle => self.change(&assertion.span, "<"),
            A::WordBoundaryEndAngle => self.change(&assertion.span, ">"),
            A::WordBoundaryStart
            | A::WordBoundaryEnd
            | A::WordBoundaryStartHalf
            | A::WordBoundaryEndHalf => {
                return Err(self.refuse("such edges", "\\b{...}", &assertion.span, "write \\b"));
            }
            A::StartLine | A::EndLine | A::StartText | A::EndText => {}
        }
        Ok(())
    }
}

impl ast::Visitor for Check<'_> {
    type Output = Vec<Change>;
    type Err = DialectError;

    fn finish(self) -> Result<Vec<Change>, DialectError> {
        Ok(self.changes)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), DialectError> {
        match ast {
            Ast::Flags(set) => self.flags(&set.flags),
            Ast::Repetition(repetition) => self.repeat(repetition),
            Ast::Concat(concat) => self.wildcards(concat),
            Ast::Assertion(assertion) => self.assertion(assertion),
            Ast::Group(group) => match &group.kind {
                ast::GroupKind::NonCapturing(flags) => self.flags(flags),
                ast::GroupKind::CaptureName { .. } => {
                    Err(self.refuse("named groups", "(?<", &group.span, "write (...) or (?:...)"))
                }
                ast::GroupKind::CaptureIndex(_) => Ok(()),
            },
            Ast::ClassPerl(class) => {
                let text = match (&class.kind, class.negated) {
                    (ast::ClassPerlKind::Digit, false) => "[0-9]",
                    (ast::ClassPerlKind::Digit, true) => "[^0-9]",
                    (ast::ClassPerlKind::Space, false) => "[[:space:]]",
                    (ast::ClassPerlKind::Space, true) => "[^[:space:]]",
                    (ast::ClassPerlKind::Word, false) => "[[:word:]]",
                    (ast::ClassPerlKind::Word, true) => "[^[:word:]]",
                };
                self.change(&class.span, text);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn visit_class_set_item_pre(&mut self, item: &ast::ClassSetItem) -> Result<(), DialectError> {
        match item {
            ast::ClassSetItem::Perl(class) => {
                let text = match (&class.kind, class.negated) {
                    (ast::ClassPerlKind::Digit, false) => "[:digit:]",
                    (ast::ClassPerlKind::Digit, true) => "[:^digit:]",
                    (ast::ClassPerlKind::Space, false) => "[:space:]",
                    (ast::ClassPerlKind::Space, true) => "[:^space:]",
                    (ast::ClassPerlKind::Word, false) => "[:word:]",
                    (ast::ClassPerlKind::Word, true) => "[:^word:]",
                };
                self.change(&class.span, text);
                Ok(())
            }
            // PCRE takes the bracket for a character of the class
            ast::ClassSetItem::Bracketed(class) => Err(self.refuse(
                "classes in a class",
                "[[",
                &class.span,
                "escape the bracket as \\[",
            )),
            _ => Ok(()),
        }
    }

    fn visit_class_set_binary_op_pre(
        &mut self,
        operation: &ast::ClassSetBinaryOp,
    ) -> Result<(), DialectError> {
        let remedy = "escape the characters && -- ~~ with \\";
        Err(self.refuse("operations on classes", "&&", &operation.span, remedy))
    }
}

/// It may match nothing at all.
fn is_optional(ast: &Ast) -> bool {
    match ast {
        Ast::Repetition(r) => match r.op.kind {
            ast::RepetitionKind::ZeroOrOne | ast::RepetitionKind::ZeroOrMore => true,
            ast::RepetitionKind::Range(
                ast::RepetitionRange::Exactly(0)
                | ast::RepetitionRange::AtLeast(0)
                | ast::RepetitionRange::Bounded(0, _),
            ) => true,
            _ => is_optional(&r.ast),
        },
        Ast::Group(group) => is_optional(&group.ast),
        Ast::Concat(concat) => concat.asts.iter().all(is_optional),
        Ast::Alternation(alternation) => alternation.asts.iter().any(is_optional),
        Ast::Empty(_) | Ast::Flags(_) | Ast::Assertion(_) => true,
        _ => false,
    }
}

/// A repeat without ends, alone or in a group.
fn is_wildcard(ast: &Ast) -> bool {
    match ast {
        Ast::Repetition(r) => matches!(
            r.op.kind,
            ast::RepetitionKind::ZeroOrMore
                | ast::RepetitionKind::Range(ast::RepetitionRange::AtLeast(0))
        ),
        Ast::Group(group) => is_wildcard(&group.ast),
        _ => false,
    }
}
