//! SQL dumps: row, column and column name of the values, and the text between them.

mod content_support;

use content_support::*;
use magpie::model::{Status, TextShape};

/// Row, column, column name, value and line of each found value.
fn cells(seen: &Seen) -> Vec<(u64, u32, String, String, u64)> {
    let cell = |f: &Found| {
        let cell = f.place.cell.clone()?;
        let name = cell.column_name.map(|n| n.to_string()).unwrap_or_default();
        let value = f.field.clone()?.0;
        Some((cell.row, cell.column, name, value, f.place.line))
    };
    seen.found.iter().filter_map(cell).collect()
}

#[test]
fn values_have_the_columns_of_their_statements() {
    let text = "-- MySQL dump 10.13\nCREATE TABLE `people` (\n  `id` int,\n  `mail` text,\n  PRIMARY KEY (`id`)\n);\n\
                INSERT INTO `people` VALUES (1,'it\\'s NEEDLE-1, (really)'),\n(NEEDLE-2,NULL);\n\
                -- NEEDLE-3 in a comment\n\
                INSERT INTO other (note, ssn) VALUES ('x', 'NEEDLE-4');\n";
    let needles = ["NEEDLE-1", "NEEDLE-2", "NEEDLE-3", "NEEDLE-4"];
    let seen = see_every_way("dump.sql", text.as_bytes(), &needles);
    assert_eq!(seen.outcome.status, Status::Complete);
    assert_eq!(seen.outcome.mime_type, "application/sql");
    assert!(seen.found.iter().all(|f| f.shape == TextShape::Columns));
    assert_eq!(seen.columns, ["id", "mail", "note", "ssn"]);
    read_back(&seen, text.as_bytes(), &lossy);
    let at = |row, column, name: &str, value: &str, line| {
        (row, column, name.to_owned(), value.to_owned(), line)
    };
    assert_eq!(
        cells(&seen),
        [
            at(1, 2, "mail", "it\\'s NEEDLE-1, (really)", 7),
            at(2, 1, "id", "NEEDLE-2", 8),
            at(3, 2, "ssn", "NEEDLE-4", 10),
        ]
    );
    // text between the rows is no cell, and has no name
    let comment = &seen.found[2];
    assert_eq!(comment.place.cell, None);
    let field = comment.field.clone().expect("the line");
    assert_eq!(field.0, "-- NEEDLE-3 in a comment");
    assert!(field.1.is_empty() && !field.2);
}

#[test]
fn rows_are_counted_through_many_blocks() {
    let mut text = String::from("SET x = 0;\nCOPY public.t (id, note) FROM stdin;\n");
    for i in 0..2_000 {
        let note = if i == 1_500 {
            "NEEDLE"
        } else {
            "nothing at all"
        };
        text += &format!("{i}\t{note}\n");
    }
    text += "\\.\nINSERT INTO public.t (note, id) VALUES ('NEEDLE', 9);\n";
    let seen = see_every_way("backup", text.as_bytes(), &["NEEDLE"]);
    assert_eq!(seen.outcome.mime_type, "application/sql");
    read_back(&seen, text.as_bytes(), &lossy);
    let at = |row, column, line| (row, column, "note".to_owned(), "NEEDLE".to_owned(), line);
    assert_eq!(cells(&seen), [at(1_501, 2, 1_503), at(2_001, 1, 2_004)]);
}
