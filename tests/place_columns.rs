//! Tables: row, column, column name, cells, and the way back to the stored bytes.

mod content_support;

use content_support::*;
use magpie::content::Limits;
use magpie::model::{Status, TextShape};

const NEEDLES: [&str; 4] = ["NEEDLE-1", "NEEDLE-2", "NEEDLE-3", "NEEDLE-4"];

/// Row, column, column name and line of each found value.
fn cells(seen: &Seen) -> Vec<(u64, u32, Option<String>, u64)> {
    seen.found
        .iter()
        .map(|f| {
            let cell = f.place.cell.clone().expect("a cell");
            let name = cell.column_name.map(|n| n.to_string());
            (cell.row, cell.column, name, f.place.line)
        })
        .collect()
}

fn named(name: &str) -> Option<String> {
    Some(name.to_owned())
}

#[test]
fn quoted_cells_over_several_lines() {
    let text = "id,full name,notes\r\n\
                1,NEEDLE-1,plain\r\n\
                2,\"Lee, Ann\",\"line one\r\nsays \"\"hi\"\" to NEEDLE-2,\r\nend\"\r\n\
                3,,\"NEEDLE-3\"\r\n\
                4,x,y,beyond NEEDLE-4\r\n";
    let seen = see_every_way("a.csv", text.as_bytes(), &NEEDLES);
    assert_eq!(seen.outcome.status, Status::Complete);
    assert_eq!(seen.outcome.mime_type, "text/csv");
    assert!(seen.found.iter().all(|f| f.shape == TextShape::Columns));
    assert_eq!(seen.columns, ["id", "full name", "notes"]);
    read_back(&seen, text.as_bytes(), &lossy);
    assert_eq!(
        cells(&seen),
        [
            (2, 2, named("full name"), 2),
            (3, 3, named("notes"), 4),
            (4, 3, named("notes"), 6),
            (5, 4, None, 7),
        ]
    );
    let field = seen.found[1].field.clone().unwrap();
    assert_eq!(field.0, "line one\r\nsays \"\"hi\"\" to NEEDLE-2,\r\nend");
    assert_eq!(field.1, ["notes"]);
    assert_eq!(seen.found[2].field.clone().unwrap().0, "NEEDLE-3");
    let expected: Vec<(u32, &str)> = vec![
        (0, "1"),
        (1, "NEEDLE-1"),
        (2, "plain"),
        (0, "2"),
        (1, "Lee, Ann"),
        (2, "line one\r\nsays \"\"hi\"\" to NEEDLE-2,\r\nend"),
        (0, "3"),
        (1, ""),
        (2, "NEEDLE-3"),
        (0, "4"),
        (1, "x"),
        (2, "y"),
        (3, "beyond NEEDLE-4"),
    ];
    let got: Vec<(u32, &str)> = seen.cells.iter().map(|(c, v)| (*c, v.as_str())).collect();
    assert_eq!(got, expected);
}

#[test]
fn header_cells_are_names_without_a_name() {
    let text = "id;NEEDLE-1;mail\n1;2;a@example.com\n3;4;NEEDLE-2@example.com\n";
    let seen = see_every_way("a.csv", text.as_bytes(), &NEEDLES);
    assert_eq!(cells(&seen), [(1, 2, None, 1), (3, 3, named("mail"), 3)]);
    assert!(seen.found[0].field.clone().unwrap().2);
    assert!(!seen.found[1].field.clone().unwrap().2);
}

#[test]
fn rows_are_counted_over_many_blocks() {
    let mut text = String::from("id\tname\tnote\n");
    let mut expected = Vec::new();
    for row in 2..4000u64 {
        if row % 500 == 0 {
            text.push_str(&format!("{row}\tNEEDLE-1\t\"two\n lines\"\n"));
            expected.push((row, 2, named("name"), row + expected.len() as u64));
        } else {
            text.push_str(&format!("{row}\tname {row}\t5\" wide\n"));
        }
    }
    for limits in [Limits::default(), blocks_of(100), blocks_of(5000)] {
        let seen = see("a", text.as_bytes(), &limits, &NEEDLES);
        assert_eq!(seen.outcome.mime_type, "text/tab-separated-values");
        assert_eq!(cells(&seen), expected);
        assert_eq!(seen.cells.len(), 3998 * 3);
    }
}

/// A quote that is never closed costs at most one cell of bounded length.
#[test]
fn an_open_quote_does_not_swallow_the_table() {
    let mut text = String::from("id,name\n1,\"never closed\n");
    while text.len() < (1 << 20) + 100 {
        text.push_str("2,some other name\n");
    }
    text.push_str("3,NEEDLE-1\n");
    let mut all = Vec::new();
    for limits in [Limits::default(), blocks_of(50_000)] {
        let seen = see("a.csv", text.as_bytes(), &limits, &NEEDLES);
        let place = &seen.found[0].place;
        let cell = place.cell.clone().unwrap();
        assert_eq!(
            (cell.column, cell.column_name.as_deref()),
            (2, Some("name"))
        );
        assert_eq!(seen.outcome.status, Status::Complete);
        all.push(seen.found);
    }
    assert_eq!(all[0], all[1]);
}
