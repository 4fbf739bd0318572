//! Whether a text is a table, told from its first rows: their cells agree in number, and the first
//! row reads like names. When unsure it is not, because a table narrows what counts as context.

use super::index::{Index, Start};

/// How a table is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub delimiter: u8,
    /// Names of the columns; empty where the first row holds data.
    pub header: Vec<String>,
}

/// Text and rows that are looked at.
const SAMPLE_BYTES: usize = 16 << 10;
const ROWS_MAX: usize = 100;
const HEADER_CHARS_MAX: usize = 64;
const HEADER_WORDS_MAX: usize = 6;
/// Digits in a row that a name may hold; more look like a value.
const HEADER_DIGIT_RUN_MAX: usize = 4;

/// What the name of a file says of its delimiter.
fn delimiters_by_name(name: &str) -> Option<&'static [u8]> {
    let (_, extension) = name.rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        "csv" => Some(b",;\t|"),
        "tsv" | "tab" => Some(b"\t"),
        "psv" => Some(b"|"),
        _ => None,
    }
}

/// Tells the dialect of `sample`, the first characters of a text; `whole`: all of them.
pub(crate) fn tell(sample: &[u8], whole: bool, name: &str) -> Option<Dialect> {
    let by_name = delimiters_by_name(name);
    let candidates = by_name.unwrap_or(b",\t;|");
    candidates
        .iter()
        .rev() // of equals the last wins, so that the first delimiter does
        .filter_map(|&delimiter| rate(sample, whole, delimiter, by_name.is_some()))
        .max_by_key(|(columns, _)| *columns)
        .map(|(_, dialect)| dialect)
}

fn rate(sample: &[u8], whole: bool, delimiter: u8, named: bool) -> Option<(usize, Dialect)> {
    if !named && !first_line_fits(sample, delimiter) {
        return None;
    }
    let (sample, whole) = match sample.get(..SAMPLE_BYTES) {
        Some(start) => (start, false),
        None => (sample, whole),
    };
    let mut index = Index::new(delimiter);
    index.build(sample, Start::TEXT, whole);
    let complete = index.row_count() - usize::from(!whole);
    let rows: Vec<Vec<String>> = (0..complete.min(ROWS_MAX))
        .map(|row| {
            index
                .row_cells(row)
                .map(|cell| {
                    let value = &sample[index.cell_value(sample, cell)];
                    String::from_utf8_lossy(value).trim().replace("\"\"", "\"")
                })
                .collect::<Vec<String>>()
        })
        .filter(|row| row.len() > 1 || row.iter().any(|c| !c.is_empty()))
        .collect();
    let (first, data) = rows.split_first()?;
    let columns = first.len();
    let agreeing = data.iter().filter(|row| row.len() == columns).count();
    let header = is_header(first, data);
    let accepted = if named {
        // A single column has no delimiter to agree on.
        let single = header && !first[0].contains([',', ';', '\t', '|']);
        agreeing * 2 >= data.len() && (columns > 1 || single)
    } else {
        let enough = data.len() >= if columns > 2 { 2 } else { 4 };
        columns > 1 && agreeing == data.len() && enough && header
    };
    let dialect = Dialect {
        delimiter,
        header: if header { first.clone() } else { Vec::new() },
    };
    accepted.then_some((columns, dialect))
}

/// A quick look at the first line, which spares most texts that are no tables the rest.
fn first_line_fits(sample: &[u8], delimiter: u8) -> bool {
    let head = &sample[..sample.len().min(SAMPLE_BYTES)];
    let line = head.split(|&b| b == b'\n').next().unwrap_or_default();
    memchr::memchr(delimiter, line).is_some()
        && line.split(|&b| b == delimiter).all(|cell| {
            // A quoted name may hold a delimiter, so that its parts are no names.
            cell.contains(&b'"') || reads_like_name(String::from_utf8_lossy(cell).trim())
        })
}

/// The first row reads like names, and unlike the rows below.
fn is_header(first: &[String], data: &[Vec<String>]) -> bool {
    let named = first.iter().filter(|c| !c.is_empty()).count();
    let mut distinct: Vec<&String> = first.iter().filter(|c| !c.is_empty()).collect();
    distinct.sort_unstable();
    distinct.dedup();
    if named == 0 || named * 2 < first.len() || distinct.len() != named {
        return false;
    }
    if !first.iter().all(|cell| reads_like_name(cell)) {
        return false;
    }
    if data.is_empty() {
        return true;
    }
    let is_value = |cell: &str| cell.bytes().any(|b| b.is_ascii_digit()) || cell.contains('@');
    let differs = |column: usize| {
        let values = data.iter().filter_map(|row| row.get(column));
        let (count, all) = values.fold((0, 0), |(n, all), cell| {
            (n + usize::from(is_value(cell)), all + 1)
        });
        !first[column].is_empty() && !is_value(&first[column]) && count * 2 > all
    };
    let lower = |row: &[String]| row.iter().all(|c| !c.chars().any(char::is_uppercase));
    let joined = first.iter().any(|c| c.contains('_'));
    joined
        || first.iter().any(|c| is_known_name(c))
        || (lower(first) && !data.iter().all(|row| lower(row)))
        || (0..first.len()).any(differs)
}

fn reads_like_name(cell: &str) -> bool {
    let Some(start) = cell.chars().next() else {
        return true;
    };
    let mut run = 0;
    let mut longest = 0;
    for c in cell.chars() {
        run = if c.is_ascii_digit() { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    (start.is_alphabetic() || matches!(start, '_' | '#' | '@' | '$'))
        && cell.chars().count() <= HEADER_CHARS_MAX
        && cell.split_whitespace().count() <= HEADER_WORDS_MAX
        && longest <= HEADER_DIGIT_RUN_MAX
        && !cell
            .chars()
            .skip(1)
            .any(|c| matches!(c, '@' | '{' | '}' | '=' | '<' | '>' | '"'))
        && !cell.chars().any(char::is_control)
        && !cell.ends_with(['.', '!', '?'])
        && !cell.contains("://")
}

/// Words that head a column and are hardly ever data.
fn is_known_name(cell: &str) -> bool {
    const WORDS: &[&str] = &[
        "account",
        "address",
        "age",
        "amount",
        "birth",
        "card",
        "city",
        "code",
        "company",
        "country",
        "customer",
        "date",
        "description",
        "dob",
        "email",
        "first",
        "gender",
        "iban",
        "id",
        "last",
        "mail",
        "mobile",
        "name",
        "number",
        "phone",
        "ssn",
        "state",
        "status",
        "street",
        "surname",
        "time",
        "timestamp",
        "type",
        "user",
        "username",
        "value",
        "zip",
    ];
    cell.split(|c: char| !c.is_alphanumeric())
        .any(|word| WORDS.iter().any(|w| word.eq_ignore_ascii_case(w)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, name: &str) -> Option<(char, Vec<String>)> {
        tell(text.as_bytes(), true, name).map(|d| (char::from(d.delimiter), d.header))
    }

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn tells_tables() {
        let text = "id,full name,ssn\n1,Ann Lee,536-90-4399\n2,Bo Ray,536-90-4400\n";
        let expected = Some((',', header(&["id", "full name", "ssn"])));
        assert_eq!(told(text, "a.csv"), expected);
        assert_eq!(told(text, "noext"), expected);
        assert_eq!(told(&text.replace(',', ";"), "x").map(|d| d.0), Some(';'));
        assert_eq!(
            told(&text.replace(',', "\t"), "x.tsv").map(|d| d.0),
            Some('\t')
        );
        assert_eq!(told(&text.replace(',', "|"), "x").map(|d| d.0), Some('|'));
        assert_eq!(
            told("ssn\n536-90-4399\n", "a.csv"),
            Some((',', header(&["ssn"])))
        );
        // Data from the first row on.
        let bare = "Ann,ann@example.com,41\nBo,bo@example.com,42\n";
        assert_eq!(told(bare, "a.csv"), Some((',', vec![])));
        assert_eq!(told(bare, "a.txt"), None);
    }

    #[test]
    fn log_lines_are_no_tables() {
        let log = "2024-05-01 12:00:00,123 INFO started\n2024-05-01 12:00:00,124 INFO user, jane\n";
        assert_eq!(told(log, "app.log"), None);
        let python = "2024-05-01 12:00:00,123 INFO a\n".repeat(20);
        assert_eq!(told(&python, "app.log"), None);
        let prose = "Dear Ann,\nthank you for the card,\nyours, Bo\n";
        assert_eq!(told(prose, "letter.txt"), None);
        let pipes = "INFO | started | pid 12\nWARN | slow | pid 13\nINFO | x | pid 14\n";
        assert_eq!(told(pipes, "app.log"), None, "no names in the first row");
    }
}
