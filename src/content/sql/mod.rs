//! SQL dumps: the rows of their `INSERT` and `COPY` statements, and the columns these have.
//!
//! [`tell`] says whether a text is a dump; [`Rows`] goes over it, from any place on, and tells of each
//! value. What the dump holds beside rows is text. What the statements mean is left to databases.

mod head;
mod rows;

pub(crate) use head::Tables;
pub(crate) use rows::{Rows, Value};

/// How strings are written in a dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// A backslash before a quote keeps the string open: MySQL and MariaDB.
    pub backslash: bool,
}

/// First words of statements that dumps begin with.
const OPENERS: &[&[u8]] = &[
    b"ALTER",
    b"BEGIN",
    b"COPY",
    b"CREATE",
    b"DELETE",
    b"DROP",
    b"INSERT",
    b"LOCK",
    b"PRAGMA",
    b"REPLACE",
    b"SELECT",
    b"SET",
    b"START",
    b"TRUNCATE",
    b"USE",
];

/// Whether a text is a dump, told from `sample`, its first characters. `named`: the name says so.
pub(crate) fn tell(sample: &[u8], named: bool) -> Option<Dialect> {
    if !named && !opens(sample) {
        return None;
    }
    let rows = sample.split(|&b| b == b'\n').any(|line| {
        let line = line.trim_ascii_start();
        match head::verb(line) {
            Some(head::Verb::Insert) => true,
            Some(head::Verb::Copy) => head::copies_from_text(line),
            Some(head::Verb::Create) | None => false,
        }
    });
    rows.then(|| Dialect {
        backslash: memchr::memchr(b'`', sample).is_some()
            || [&b"MySQL"[..], b"MariaDB"]
                .iter()
                .any(|name| memchr::memmem::find(sample, name).is_some()),
    })
}

/// The text begins with a statement, comments aside.
fn opens(sample: &[u8]) -> bool {
    let mut rest = sample.trim_ascii_start();
    loop {
        let comment = match rest {
            [b'-', b'-', ..] => memchr::memchr(b'\n', rest).map(|end| end + 1),
            [b'/', b'*', ..] => memchr::memmem::find(rest, b"*/").map(|end| end + 2),
            _ => break,
        };
        let Some(end) = comment else { return false };
        rest = rest[end..].trim_ascii_start();
        // what ends a comment that is a statement
        rest = rest.strip_prefix(b";").unwrap_or(rest).trim_ascii_start();
    }
    let word = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    OPENERS
        .iter()
        .any(|opener| rest[..word].eq_ignore_ascii_case(opener))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dumps_are_told_from_other_texts() {
        let mysql =
            b"-- MySQL dump 10.13\n/*!40101 SET NAMES utf8 */;\nINSERT INTO `t` VALUES (1);\n";
        assert_eq!(tell(mysql, false), Some(Dialect { backslash: true }));
        let postgres = b"--\n-- PostgreSQL database dump\n--\n\nSET x = 0;\nCOPY public.t (a, b) FROM stdin;\n1\t2\n";
        assert_eq!(tell(postgres, false), Some(Dialect { backslash: false }));
        let prose = b"We insert into the table what we have.\nINSERT INTO is a statement of SQL.\n";
        assert_eq!(tell(prose, false), None);
        assert_eq!(tell(b"SELECT 1;\n", true), None);
        assert_eq!(
            tell(b"# fixtures\nINSERT INTO t (a) VALUES (1);", false),
            None
        );
        assert!(tell(b"# fixtures\nINSERT INTO t (a) VALUES (1);", true).is_some());
        assert_eq!(tell(b"", true), None);
        assert_eq!(tell(b"/* open", false), None);
    }
}
