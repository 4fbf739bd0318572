//! What `CREATE TABLE` says of the rows of a table: names of columns, and in which order they are
//! stored. Reads the text alone; nothing of it is carried out.

/// A table as its rows are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Definition {
    /// Names in the order of the statement.
    pub names: Vec<String>,
    /// For each stored value, the column it belongs to.
    pub stored: Vec<usize>,
    /// The column that stands for the row id, and is stored as nothing.
    pub row_id: Option<usize>,
    pub without_row_id: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token<'a> {
    /// A word as it stands, keywords among them.
    Word(&'a str),
    /// A name between quotes.
    Quoted(String),
    Other(char),
}

impl Token<'_> {
    fn is(&self, keyword: &str) -> bool {
        matches!(self, Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    fn name(&self) -> Option<String> {
        match self {
            Token::Word(word) => Some((*word).to_owned()),
            Token::Quoted(name) => Some(name.clone()),
            Token::Other(_) => None,
        }
    }
}

fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = &rest[first.len_utf8()..];
        } else if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
        } else if matches!(first, '"' | '`' | '\'' | '[') {
            let (name, after) = quoted(&rest[1..], if first == '[' { ']' } else { first });
            tokens.push(Token::Quoted(name));
            rest = after;
        } else if is_word(first) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(&rest[..end]));
            rest = &rest[end..];
        } else {
            tokens.push(Token::Other(first));
            rest = &rest[first.len_utf8()..];
        }
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$') || !c.is_ascii()
}

/// A name up to its closing quote, which stands for itself when doubled.
fn quoted(text: &str, quote: char) -> (String, &str) {
    let mut name = String::new();
    let mut rest = text;
    loop {
        let Some((part, after)) = rest.split_once(quote) else {
            name.push_str(rest);
            return (name, "");
        };
        name.push_str(part);
        if quote == ']' || !after.starts_with(quote) {
            return (name, after);
        }
        name.push(quote);
        rest = &after[quote.len_utf8()..];
    }
}

/// Reads a statement; `None`: it is no `CREATE TABLE` with a list of columns.
pub(super) fn read(sql: &str) -> Option<Definition> {
    let tokens = tokens(sql);
    let open = tokens.iter().position(|t| *t == Token::Other('('))?;
    let mut depth = 0usize;
    let mut parts: Vec<Vec<(usize, &Token<'_>)>> = vec![Vec::new()];
    let mut close = tokens.len();
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token {
            Token::Other('(') => {
                depth += 1;
                if depth == 1 {
                    continue;
                }
            }
            Token::Other(')') => {
                depth -= 1;
                if depth == 0 {
                    close = at;
                    break;
                }
            }
            Token::Other(',') if depth == 1 => {
                parts.push(Vec::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut()?.push((depth, token));
    }
    let mut read = Read::default();
    for part in &parts {
        read.part(part);
    }
    let without = tokens[close.min(tokens.len())..]
        .windows(2)
        .any(|pair| pair[0].is("WITHOUT") && pair[1].is("ROWID"));
    Some(read.finish(without))
}

#[derive(Default)]
struct Read {
    names: Vec<String>,
    /// Columns that are computed as they are read.
    computed: Vec<bool>,
    integers: Vec<bool>,
    key: Vec<usize>,
    /// Columns of the key, by name, where a constraint of the table names them.
    key_names: Vec<String>,
}

impl Read {
    fn part(&mut self, part: &[(usize, &Token<'_>)]) {
        let Some((_, first)) = part.first() else {
            return;
        };
        let constraints = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
        let is_constraint = constraints.iter().any(|keyword| first.is(keyword));
        let primary = part
            .windows(2)
            .position(|pair| pair[0].0 == 1 && pair[0].1.is("PRIMARY") && pair[1].1.is("KEY"));
        if is_constraint {
            let Some(primary) = primary else { return };
            // ( name [COLLATE x] [ASC], ... )
            let mut next = true;
            for (depth, token) in &part[primary + 2..] {
                match token {
                    Token::Other('(') if *depth == 2 => {}
                    Token::Other(')') => break,
                    Token::Other(',') if *depth == 2 => next = true,
                    _ if next => {
                        self.key_names.extend(token.name());
                        next = false;
                    }
                    _ => {}
                }
            }
            return;
        }
        let Some(name) = first.name() else { return };
        let at = self.names.len();
        self.names.push(name);
        let flat: Vec<&Token<'_>> = part.iter().filter(|p| p.0 == 1).map(|p| p.1).collect();
        let keyword = |word: &str| flat.iter().skip(1).any(|token| token.is(word));
        self.computed.push(keyword("AS") && !keyword("STORED"));
        // the type alone makes a key the row id: nothing but this one word
        let ends = [
            "PRIMARY",
            "CONSTRAINT",
            "NOT",
            "NULL",
            "UNIQUE",
            "CHECK",
            "DEFAULT",
            "COLLATE",
            "REFERENCES",
            "GENERATED",
            "AS",
        ];
        let kind: Vec<_> = flat
            .iter()
            .skip(1)
            .take_while(|token| !ends.iter().any(|end| token.is(end)))
            .collect();
        self.integers.push(
            kind.len() == 1
                && kind[0]
                    .name()
                    .is_some_and(|k| k.eq_ignore_ascii_case("INTEGER")),
        );
        if primary.is_some() {
            self.key.push(at);
        }
    }

    fn finish(mut self, without_row_id: bool) -> Definition {
        for name in &self.key_names {
            let same = |n: &String| n.eq_ignore_ascii_case(name);
            if let Some(at) = self.names.iter().position(same)
                && !self.key.contains(&at)
            {
                self.key.push(at);
            }
        }
        let row_id = match self.key.as_slice() {
            [one] if !without_row_id && self.integers[*one] => Some(*one),
            _ => None,
        };
        let first: Vec<usize> = match without_row_id {
            true => self.key.clone(),
            false => Vec::new(),
        };
        let stored = first
            .iter()
            .copied()
            .chain((0..self.names.len()).filter(|at| !first.contains(at)))
            .filter(|at| !self.computed[*at])
            .collect();
        Definition {
            names: self.names,
            stored,
            row_id,
            without_row_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sql: &str) -> Definition {
        read(sql).unwrap()
    }

    #[test]
    fn names_and_the_row_id_are_found() {
        let table = of(
            "CREATE TABLE \"a (b\" ( -- first, second\n id INTEGER PRIMARY KEY AUTOINCREMENT,\
             [full name] VARCHAR(20, 2) NOT NULL DEFAULT 'a,b', `x``y` TEXT CHECK (x in (1,2)), \
             naïve /* , */ REAL, UNIQUE (id, naïve))",
        );
        assert_eq!(table.names, ["id", "full name", "x`y", "naïve"]);
        assert_eq!(table.row_id, Some(0));
        assert_eq!(table.stored, [0, 1, 2, 3]);
        assert_eq!(of("create table t(a, b INT PRIMARY KEY)").row_id, None);
        assert_eq!(
            of("create table t(a, b INTEGER, PRIMARY KEY(b ASC))").row_id,
            Some(1)
        );
        assert_eq!(of("create table t(a)").names, ["a"]);
    }

    #[test]
    fn tables_without_row_id_store_their_key_first() {
        let table = of(
            "CREATE TABLE t (a, b, c, d, PRIMARY KEY (d COLLATE nocase, B)) STRICT, WITHOUT ROWID",
        );
        assert!(table.without_row_id);
        assert_eq!(table.stored, [3, 1, 0, 2]);
        let table = of("CREATE TABLE t (a TEXT, b TEXT PRIMARY KEY) WITHOUT ROWID");
        assert_eq!(table.stored, [1, 0]);
    }

    #[test]
    fn computed_columns_are_not_stored() {
        let table = of(
            "CREATE TABLE t (a, b AS (a || a), c INT GENERATED ALWAYS AS (length(a)) STORED, d)",
        );
        assert_eq!(table.stored, [0, 2, 3]);
    }

    #[test]
    fn statements_that_are_cut_or_none_do_no_harm() {
        for sql in [
            "",
            "CREATE TABLE t",
            "CREATE TABLE t AS SELECT 1",
            "((((",
            "(,,)",
            "(a \"b",
        ] {
            let _ = read(sql);
        }
        assert_eq!(read("CREATE TABLE t"), None);
        assert_eq!(of("CREATE TABLE t (a, b").names, ["a", "b"]);
        let deep = "(".repeat(100_000);
        let _ = read(&deep);
    }
}
