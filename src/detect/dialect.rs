//! The dialect of expressions that users give: what Macie takes, and its refusals.
//!
//! Custom identifiers and allow lists share it. An expression is a sequence of characters, classes,
//! groups, alternatives and repeats, matched in linear time. `(...)` groups and captures nothing;
//! `(?i)` and `(?s)` are the only flags; `^` and `$` are the ends of the whole text, not of a line.
//! Classes such as `\d` and `\w` and the folding of `(?i)` are Unicode's. What Macie refuses (back
//! references, look-around, conditions, code, recursion, large bounded repeats, several repeated
//! wildcards in a row) is refused, and so is what would mean something else there (possessive
//! repeats, nested classes and their arithmetic). Where a limit is not published, ours is below.
//!
//! # Source
//! Macie user guide, "Configuration options for custom data identifiers".

use regex_syntax::ast::{
    self, Ast, ClassSet, ClassSetItem, Flag, FlagsItemKind, Group, GroupKind, RepetitionKind,
    RepetitionRange, Span,
};
use regex_syntax::hir::{self, Hir};

/// Longest expression, in characters: Macie's.
pub const EXPRESSION_CHARS_MAX: usize = 512;
/// Most times that a repeat may name. Macie refuses `{100,1000}` and takes `{100,}`; its bound is
/// not published.
pub const REPEAT_MAX: u32 = 500;
/// Repeated wildcards in a row that are refused: Macie names `a*b*a*`.
const WILDCARDS_REFUSED: usize = 3;
/// Deepest nesting of groups.
const NESTING_MAX: u32 = 64;

/// An expression that cannot be used. The message has the place, and not the expression, which may
/// hold a value in clear.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DialectError {
    #[error("an expression has 1 to {EXPRESSION_CHARS_MAX} characters, this one {0}")]
    Length(usize),
    #[error("character {at} of the expression: {cause}")]
    At {
        /// From 1.
        at: usize,
        cause: String,
    },
}

/// Reads an expression.
///
/// # Errors
/// What is wrong with it, and where.
pub fn parse(expression: &str) -> Result<Hir, DialectError> {
    let chars = expression.chars().count();
    if chars == 0 || chars > EXPRESSION_CHARS_MAX {
        return Err(DialectError::Length(chars));
    }
    let ast = ast::parse::ParserBuilder::new()
        .nest_limit(NESTING_MAX)
        .build()
        .parse(expression)
        .map_err(|e| at(expression, e.span(), cause(e.kind())))?;
    let checker = Checker { expression };
    checker.check(&ast)?;
    hir::translate::TranslatorBuilder::new()
        .build()
        .translate(expression, &ast)
        .map_err(|e| at(expression, e.span(), e.kind().to_string()))
}

fn at(expression: &str, span: &Span, cause: String) -> DialectError {
    let before = expression.get(..span.start.offset).unwrap_or_default();
    DialectError::At {
        at: before.chars().count() + 1,
        cause,
    }
}

/// What is said of what the parser refuses.
fn cause(kind: &ast::ErrorKind) -> String {
    match kind {
        ast::ErrorKind::UnsupportedLookAround => {
            "look-ahead and look-behind are not supported".to_owned()
        }
        ast::ErrorKind::UnsupportedBackreference => "back references are not supported".to_owned(),
        ast::ErrorKind::NestLimitExceeded(max) => format!("groups are nested deeper than {max}"),
        ast::ErrorKind::FlagUnrecognized => {
            "only (?i) and (?s) are supported; conditions, code, recursion and atomic groups are not"
                .to_owned()
        }
        kind => kind.to_string(),
    }
}

struct Checker<'a> {
    expression: &'a str,
}

impl Checker<'_> {
    fn refuse(&self, span: &Span, cause: &str) -> Result<(), DialectError> {
        Err(at(self.expression, span, cause.to_owned()))
    }

    fn check(&self, ast: &Ast) -> Result<(), DialectError> {
        match ast {
            Ast::Empty(_)
            | Ast::Literal(_)
            | Ast::Dot(_)
            | Ast::Assertion(_)
            | Ast::ClassUnicode(_)
            | Ast::ClassPerl(_) => Ok(()),
            Ast::Flags(set) => self.flags(&set.flags),
            Ast::ClassBracketed(class) => match &class.kind {
                ClassSet::Item(item) => self.class(item),
                ClassSet::BinaryOp(op) => self.refuse(
                    &op.span,
                    "classes cannot be intersected or subtracted; escape the character",
                ),
            },
            Ast::Repetition(repetition) => {
                if let RepetitionKind::Range(range) = &repetition.op.kind {
                    let most = match range {
                        RepetitionRange::Exactly(n) | RepetitionRange::AtLeast(n) => *n,
                        RepetitionRange::Bounded(_, n) => *n,
                    };
                    if most > REPEAT_MAX {
                        let cause = format!(
                            "a repeat of {most} times; at most {REPEAT_MAX} are supported, or \
                             none named, as in {{2,}}"
                        );
                        return self.refuse(&repetition.op.span, &cause);
                    }
                }
                if matches!(*repetition.ast, Ast::Repetition(_)) {
                    return self.refuse(
                        &repetition.op.span,
                        "a repeat of a repeat; possessive repeats are not supported",
                    );
                }
                self.check(&repetition.ast)
            }
            Ast::Group(group) => self.group(group),
            Ast::Alternation(alternation) => {
                alternation.asts.iter().try_for_each(|a| self.check(a))
            }
            Ast::Concat(concat) => {
                self.wildcards(&concat.asts)?;
                concat.asts.iter().try_for_each(|a| self.check(a))
            }
        }
    }

    fn group(&self, group: &Group) -> Result<(), DialectError> {
        match &group.kind {
            GroupKind::CaptureIndex(_) => {}
            GroupKind::CaptureName { name, .. } => {
                return self.refuse(&name.span, "named groups are not supported");
            }
            GroupKind::NonCapturing(flags) => self.flags(flags)?,
        }
        self.check(&group.ast)
    }

    fn flags(&self, flags: &ast::Flags) -> Result<(), DialectError> {
        let other = flags.items.iter().find(|item| {
            !matches!(
                item.kind,
                FlagsItemKind::Negation
                    | FlagsItemKind::Flag(Flag::CaseInsensitive | Flag::DotMatchesNewLine)
            )
        });
        match other {
            Some(item) => self.refuse(
                &item.span,
                "of the flags only i and s are supported, as in (?i)",
            ),
            None => Ok(()),
        }
    }

    fn class(&self, item: &ClassSetItem) -> Result<(), DialectError> {
        match item {
            ClassSetItem::Bracketed(inner) => self.refuse(
                &inner.span,
                "a class within a class is not supported; write \\[ for a bracket",
            ),
            ClassSetItem::Union(union) => union.items.iter().try_for_each(|i| self.class(i)),
            ClassSetItem::Empty(_)
            | ClassSetItem::Literal(_)
            | ClassSetItem::Range(_)
            | ClassSetItem::Ascii(_)
            | ClassSetItem::Unicode(_)
            | ClassSetItem::Perl(_) => Ok(()),
        }
    }

    /// `a*b*a*`
    fn wildcards(&self, asts: &[Ast]) -> Result<(), DialectError> {
        let mut in_a_row = 0;
        for ast in asts {
            in_a_row = if is_wildcard(ast) { in_a_row + 1 } else { 0 };
            if in_a_row == WILDCARDS_REFUSED {
                return self.refuse(
                    ast.span(),
                    "three repeats of any number of times in a row; put something between them, \
                     or write + for one of them",
                );
            }
        }
        Ok(())
    }
}

/// It may be there any number of times, none included.
fn is_wildcard(ast: &Ast) -> bool {
    match ast {
        Ast::Repetition(repetition) => matches!(
            repetition.op.kind,
            RepetitionKind::ZeroOrMore | RepetitionKind::Range(RepetitionRange::AtLeast(0))
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_macie_takes_is_taken() {
        for expression in [
            r"[a-zA-Z0-9_.+\-]+@example\.com",
            r"^\(?800\)?[ -]?\d{3}[ -]?\d{4}$",
            r"^\+33 \d( \d\d){4}$",
            r"^(Dr. )?Martha\s(Lyda|L\.)?\s?Rivera,?( PhD)?$",
            "(apple|orange)",
            r"\d{100,}",
            r"(?i)employee-\d{6}",
            r"a(?i:b)c",
            r"(?s).+",
            r"[[:alpha:]]+\b",
            r"\w+\s*\d+\s*x*?",
            r"\p{Greek}{1,500}",
            "a*b*c",
            &"é".repeat(512),
        ] {
            assert!(
                parse(expression).is_ok(),
                "{expression}: {:?}",
                parse(expression)
            );
        }
    }

    #[test]
    fn what_macie_refuses_is_refused_with_its_place() {
        let said = |expression: &str| parse(expression).unwrap_err().to_string();
        for (expression, place, cause) in [
            (r"(a)\1", 4, "back references are not supported"),
            ("a(?=b)", 2, "look-ahead and look-behind are not supported"),
            ("a(?!b)", 2, "look-ahead and look-behind are not supported"),
            ("(?<=b)a", 1, "look-ahead and look-behind are not supported"),
            ("(?<!b)a", 1, "look-ahead and look-behind are not supported"),
            ("é(?P<year>a)", 6, "named groups are not supported"),
            (
                "(?m)^a$",
                3,
                "of the flags only i and s are supported, as in (?i)",
            ),
            (
                "(?ix) a",
                4,
                "of the flags only i and s are supported, as in (?i)",
            ),
            (
                "(?x: a)",
                3,
                "of the flags only i and s are supported, as in (?i)",
            ),
            (
                r"\d{100,1000}",
                3,
                "a repeat of 1000 times; at most 500 are supported, or none named, as in {2,}",
            ),
            (
                "a*b*a*",
                5,
                "three repeats of any number of times in a row; put something between them, or \
                 write + for one of them",
            ),
            (
                "a++",
                3,
                "a repeat of a repeat; possessive repeats are not supported",
            ),
            (
                "[a&&b]",
                2,
                "classes cannot be intersected or subtracted; escape the character",
            ),
            (
                "[a[b]]",
                3,
                "a class within a class is not supported; write \\[ for a bracket",
            ),
        ] {
            let want = format!("character {place} of the expression: {cause}");
            assert_eq!(said(expression), want, "{expression}");
        }
        for expression in [
            "(?R)",
            "(?>a)",
            "(?(1)a|b)",
            "(?{1})",
            "a)",
            "(a",
            "[a",
            "a{",
            r"\Z",
        ] {
            let said = said(expression);
            assert!(said.starts_with("character "), "{said}");
            assert!(!said.contains('\n') && !said.contains(expression), "{said}");
        }
        assert_eq!(
            said(""),
            "an expression has 1 to 512 characters, this one 0"
        );
        let long = "é".repeat(513);
        assert_eq!(
            said(&long),
            "an expression has 1 to 512 characters, this one 513"
        );
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("{}a{}", "(".repeat(200), ")".repeat(200));
        let said = parse(&deep).unwrap_err().to_string();
        assert!(said.ends_with("groups are nested deeper than 64"), "{said}");
    }
}
