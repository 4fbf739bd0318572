//! The heads of statements: which table, and which columns in which order.

use std::collections::HashMap;

/// Longest head of a statement that is read; of longer ones the columns are not known.
pub(crate) const HEAD_BYTES_MAX: usize = 64 << 10;
/// Most columns of all tables together whose names are kept.
const COLUMNS_MAX: usize = 20_000;

/// What a statement does, as far as it matters for its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Insert,
    Copy,
    Create,
}

/// What the statement does that begins here.
pub(super) fn verb(text: &[u8]) -> Option<Verb> {
    let mut words = Words { rest: text };
    let first = words.next()?;
    let is = |word: &[u8], name: &str| word.eq_ignore_ascii_case(name.as_bytes());
    if is(first, "COPY") {
        return Some(Verb::Copy);
    }
    if is(first, "CREATE") {
        // TEMPORARY, UNLOGGED, ...
        return words
            .take(4)
            .any(|word| is(word, "TABLE"))
            .then_some(Verb::Create);
    }
    if is(first, "INSERT") || is(first, "REPLACE") {
        // IGNORE, LOW_PRIORITY, OR REPLACE ..., or the name of the table where INTO is left out
        let into = words.clone().take(4).any(|word| is(word, "INTO"));
        let name = words.rest.trim_ascii_start().first();
        return (into || matches!(name, Some(b'[' | b'`' | b'"'))).then_some(Verb::Insert);
    }
    None
}

/// `COPY ... FROM stdin`: the rows follow as lines.
pub(super) fn copies_from_text(head: &[u8]) -> bool {
    let mut words = Words { rest: head };
    while let Some(word) = words.next() {
        if word.eq_ignore_ascii_case(b"FROM") {
            return words
                .next()
                .is_some_and(|w| w.eq_ignore_ascii_case(b"stdin"));
        }
    }
    false
}

/// Words of letters, digits and `_`.
#[derive(Clone)]
struct Words<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let start = self.rest.iter().position(is_word)?;
        let word = &self.rest[start..];
        let len = word.iter().take_while(|b| is_word(b)).count();
        self.rest = &word[len..];
        Some(&word[..len])
    }
}

/// Columns of the tables of a dump, numbered throughout.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    names: Vec<String>,
    /// Number of the first column, by the names of all.
    known: HashMap<Vec<String>, u32>,
    /// Columns as the tables were created, by name of the table: where in the text, and the list.
    created: HashMap<String, Vec<(u64, Columns)>>,
}

/// The columns of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    first: u32,
    count: u32,
}

impl Columns {
    /// The number of the column at a place in the list.
    pub fn number(self, column: u32) -> Option<u32> {
        (column < self.count).then(|| self.first + column)
    }
}

impl Tables {
    /// Names of all columns, by number.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    fn columns(&mut self, names: Vec<String>) -> Option<Columns> {
        let count = names.len() as u32;
        if count == 0 {
            return None;
        }
        if let Some(&first) = self.known.get(&names) {
            return Some(Columns { first, count });
        }
        if self.names.len() + names.len() > COLUMNS_MAX {
            return None;
        }
        let first = self.names.len() as u32;
        self.names.extend(names.iter().cloned());
        self.known.insert(names, first);
        Some(Columns { first, count })
    }

    /// Reads the head of a statement that adds rows, which begins at `at` of the text.
    pub fn rows(&mut self, head: &[u8], at: u64) -> Option<Columns> {
        let mut parts = Parts { rest: head };
        let table = parts.table()?;
        let names = parts.list().map(|list| {
            let first = |part: &[u8]| Parts { rest: part }.name();
            list.into_iter().filter_map(first).collect()
        });
        match names {
            Some(names) => self.columns(names),
            None => {
                // the last one of that name before
                let created = self.created.get(&table)?;
                let before = created.partition_point(|(from, _)| *from < at);
                Some(created[before.checked_sub(1)?].1)
            }
        }
    }

    /// Reads a `CREATE TABLE` that begins at `at` of the text.
    pub fn create(&mut self, statement: &[u8], at: u64) {
        let mut parts = Parts { rest: statement };
        let Some(table) = parts.table() else { return };
        let Some(list) = parts.list() else { return };
        let names = list.into_iter().filter_map(column_of).collect();
        let Some(columns) = self.columns(names) else {
            return;
        };
        let created = self.created.entry(table).or_default();
        let place = created.partition_point(|(from, _)| *from < at);
        // what is read a second time is there already
        if created.get(place).is_none_or(|(from, _)| *from != at) {
            created.insert(place, (at, columns));
        }
    }
}

/// The name of the column that a part of a `CREATE TABLE` defines.
fn column_of(part: &[u8]) -> Option<String> {
    const OTHERS: &[&str] = &[
        "CHECK",
        "CONSTRAINT",
        "EXCLUDE",
        "FOREIGN",
        "FULLTEXT",
        "INDEX",
        "KEY",
        "LIKE",
        "PERIOD",
        "PRIMARY",
        "SPATIAL",
        "UNIQUE",
    ];
    // `key text` is a column, `KEY k (a)` is none
    const TYPES: &[&str] = &[
        "BIGINT",
        "BINARY",
        "BLOB",
        "BOOLEAN",
        "CHAR",
        "CHARACTER",
        "DATE",
        "DECIMAL",
        "DOUBLE",
        "FLOAT",
        "INT",
        "INTEGER",
        "JSON",
        "JSONB",
        "NUMERIC",
        "NVARCHAR",
        "REAL",
        "SMALLINT",
        "TEXT",
        "TIMESTAMP",
        "UUID",
        "VARCHAR",
    ];
    let quoted = matches!(part.trim_ascii_start().first(), Some(b'`' | b'"' | b'['));
    let mut parts = Parts { rest: part };
    let name = parts.name()?;
    let among = |list: &[&str], word: &str| list.iter().any(|w| word.eq_ignore_ascii_case(w));
    if quoted || !among(OTHERS, &name) {
        return Some(name);
    }
    let unquoted = !matches!(
        parts.rest.trim_ascii_start().first(),
        Some(b'`' | b'"' | b'[')
    );
    let typed = unquoted && parts.name().is_some_and(|word| among(TYPES, &word));
    typed.then_some(name)
}

/// The parts of a head, from left to right.
struct Parts<'a> {
    rest: &'a [u8],
}

impl<'a> Parts<'a> {
    /// The name of the table, lower case, behind the words before it.
    fn table(&mut self) -> Option<String> {
        const BEFORE: &[&str] = &[
            "COPY",
            "CREATE",
            "DELAYED",
            "EXISTS",
            "GLOBAL",
            "HIGH_PRIORITY",
            "IF",
            "IGNORE",
            "INSERT",
            "INTO",
            "LOCAL",
            "LOW_PRIORITY",
            "NOT",
            "ONLY",
            "OR",
            "REPLACE",
            "TABLE",
            "TEMP",
            "TEMPORARY",
            "UNLOGGED",
        ];
        let mut quoted;
        let mut name;
        loop {
            quoted = matches!(
                self.rest.trim_ascii_start().first(),
                Some(b'`' | b'"' | b'[')
            );
            name = self.name()?;
            if quoted || !BEFORE.iter().any(|word| name.eq_ignore_ascii_case(word)) {
                break;
            }
        }
        // schema.table
        while let [b'.', ..] = self.rest.trim_ascii_start() {
            self.rest = &self.rest.trim_ascii_start()[1..];
            name = self.name()?;
        }
        Some(name.to_lowercase())
    }

    /// The name that comes next, quotes taken off.
    fn name(&mut self) -> Option<String> {
        let text = self.rest.trim_ascii_start();
        let close = match text.first()? {
            b'`' => b'`',
            b'"' => b'"',
            b'[' => b']',
            _ => {
                let is_name =
                    |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || *b >= 0x80;
                let len = text.iter().take_while(|b| is_name(b)).count();
                self.rest = &text[len..];
                return (len > 0).then(|| String::from_utf8_lossy(&text[..len]).into_owned());
            }
        };
        let end = 1 + memchr::memchr(close, &text[1..])?;
        self.rest = &text[end + 1..];
        Some(String::from_utf8_lossy(&text[1..end]).into_owned())
    }

    /// The parts of the list in parentheses that comes next; of one that is not closed, as far as
    /// it goes.
    fn list(&mut self) -> Option<Vec<&'a [u8]>> {
        let text = self.rest.trim_ascii_start().strip_prefix(b"(")?;
        let mut parts = Vec::new();
        let (mut depth, mut from, mut quote) = (0u32, 0, None);
        for (i, &b) in text.iter().enumerate() {
            match (quote, b) {
                (Some(q), _) if q == b => quote = None,
                (Some(_), _) => {}
                (None, b'\'' | b'"' | b'`') => quote = Some(b),
                (None, b'(') => depth += 1,
                (None, b')') if depth == 0 => {
                    parts.push(&text[from..i]);
                    self.rest = &text[i + 1..];
                    return Some(parts);
                }
                (None, b')') => depth -= 1,
                (None, b',') if depth == 0 => {
                    parts.push(&text[from..i]);
                    from = i + 1;
                }
                _ => {}
            }
        }
        parts.push(&text[from..]);
        self.rest = &[];
        Some(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(tables: &mut Tables, head: &str, at: u64) -> Option<Vec<String>> {
        let columns = tables.rows(head.as_bytes(), at)?;
        let numbers = (0..columns.count).filter_map(|i| columns.number(i));
        Some(
            numbers
                .map(|n| tables.names()[n as usize].clone())
                .collect(),
        )
    }

    #[test]
    fn columns_are_read_in_every_spelling() {
        let mut tables = Tables::default();
        for head in [
            "INSERT INTO t (a, b_1) ",
            "insert ignore into `db`.`t` (`a`,`b_1`) ",
            "INSERT OR REPLACE INTO \"t\"(\"a\", \"b_1\")",
            "INSERT [dbo].[t] ([a], [b_1]) ",
            "COPY public.t (a, b_1) FROM stdin",
            "REPLACE INTO t(a,\n  b_1)",
        ] {
            let names = rows(&mut tables, head, 0);
            assert_eq!(
                names.as_deref(),
                Some(&["a".to_owned(), "b_1".to_owned()][..]),
                "{head}"
            );
        }
        assert_eq!(tables.names().len(), 2);
        assert_eq!(rows(&mut tables, "INSERT INTO t ", 0), None);
    }

    #[test]
    fn rows_without_a_list_have_the_columns_of_their_table() {
        let mut tables = Tables::default();
        let create = "CREATE TABLE IF NOT EXISTS `Users` (\n `id` int(11) NOT NULL DEFAULT 'a,b',\n `ssn` char(11),\n PRIMARY KEY (`id`),\n KEY `k` (`ssn`,`id`)\n) ENGINE=InnoDB";
        tables.create(create.as_bytes(), 10);
        tables.create(b"CREATE TABLE users (key text, note text)", 500);
        tables.create(create.as_bytes(), 10);
        let names = |list: &[&str]| Some(list.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            rows(&mut tables, "INSERT INTO users ", 100),
            names(&["id", "ssn"])
        );
        assert_eq!(
            rows(&mut tables, "INSERT INTO users ", 600),
            names(&["key", "note"])
        );
        assert_eq!(rows(&mut tables, "INSERT INTO users ", 5), None);
        assert_eq!(rows(&mut tables, "INSERT INTO others ", 600), None);
    }

    #[test]
    fn verbs_are_told_apart() {
        assert_eq!(verb(b"INSERT INTO t"), Some(Verb::Insert));
        assert_eq!(verb(b"insert [t]"), Some(Verb::Insert));
        assert_eq!(verb(b"INSERT a coin"), None);
        assert_eq!(verb(b"CREATE UNLOGGED TABLE t"), Some(Verb::Create));
        assert_eq!(verb(b"CREATE INDEX i"), None);
        assert_eq!(verb(b"COPY t FROM stdin"), Some(Verb::Copy));
        assert!(copies_from_text(b"COPY t (a) FROM stdin"));
        assert!(!copies_from_text(b"COPY t (a) FROM '/tmp/x'"));
    }
}
