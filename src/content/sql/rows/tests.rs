//! Tests of the walk over dumps.

use super::*;

fn values(text: &str, backslash: bool) -> Vec<(String, u64, u32, Option<String>)> {
    let mut tables = Tables::default();
    let mut rows = Rows::new(Dialect { backslash });
    let mut values = Vec::new();
    rows.run(text.as_bytes(), &mut tables, &mut |v| values.push(v));
    let name = |v: &Value| v.number.map(|n| tables.names()[n as usize].clone());
    values
        .iter()
        .map(|v| {
            let value = text[v.start as usize..v.end as usize].to_owned();
            (value, v.row, v.column, name(v))
        })
        .collect()
}

fn brief(text: &str, backslash: bool) -> Vec<String> {
    values(text, backslash)
        .into_iter()
        .map(|(value, row, column, name)| {
            format!("{row}.{column} {}={value}", name.unwrap_or_default())
        })
        .collect()
}

#[test]
fn rows_of_inserts_have_their_columns() {
    let text = "-- dump; don't\nSET NAMES utf8;\nINSERT INTO `t` (`id`, `name`) VALUES (1, 'O''Brien'),\n(-2.5,N'a,(b')\n;\ninsert into u values (null, now(), 'x' || 'y');\n";
    assert_eq!(
        brief(text, false),
        [
            "0.0 id=1",
            "0.1 name=O''Brien",
            "1.0 id=-2.5",
            "1.1 name=a,(b",
            "2.0 =null",
            "2.1 =now()",
            "2.2 ='x' || 'y'",
        ]
    );
}

#[test]
fn backslashes_escape_where_the_dump_says_so() {
    let text = r"INSERT INTO t (a,b) VALUES ('it\'s, (1)','C:\\');";
    assert_eq!(brief(text, true), [r"0.0 a=it\'s, (1)", r"0.1 b=C:\\"]);
    let text = r"INSERT INTO t (a,b) VALUES ('C:\','x');";
    assert_eq!(brief(text, false), [r"0.0 a=C:\", "0.1 b=x"]);
}

#[test]
fn lines_of_copies_are_rows() {
    let text = "CREATE TABLE public.t (\n id integer,\n ssn text\n);\nCOPY public.t (id, ssn) FROM stdin;\n1\t536-90-4399\n2\t\\N\n\\.\n\nCOPY t FROM stdin;\n\tq\n\\.\nSELECT 1;\n";
    assert_eq!(
        brief(text, false),
        [
            "0.0 id=1",
            "0.1 ssn=536-90-4399",
            "1.0 id=2",
            r"1.1 ssn=\N",
            "2.0 id=",
            "2.1 ssn=q"
        ]
    );
}

#[test]
fn other_statements_swallow_nothing() {
    let text = "CREATE FUNCTION f() AS $$ it's $$;\nDELIMITER ;;\nUPDATE t SET a='(1,2)'\nINSERT INTO t (a) VALUES ('1')\nGO\nINSERT [t] ([a]) VALUES (2) ON CONFLICT DO NOTHING;\nINSERT INTO t SELECT 'x';\n/* INSERT INTO t VALUES (9); */\nINSERT\nINTO t (a)\nVALUES\n(3);";
    assert_eq!(brief(text, false), ["0.0 a=1", "1.0 a=2", "2.0 a=3"]);
}

#[test]
fn a_string_that_is_never_closed_gives_up() {
    let long = "x\n".repeat(600_000);
    let text = format!("INSERT INTO t (a) VALUES ('{long}\nINSERT INTO t (a) VALUES (7);\n");
    assert_eq!(brief(&text, false), ["0.0 a=7"]);
}

/// Going on from any offset gives what going straight through gives.
#[test]
fn goes_on_from_anywhere() {
    let text = "/* x */ CREATE TABLE t (a int, `b` text);\nINSERT INTO t VALUES (1,'b''c\\'),(2, _utf8'd');\nCOPY t (a,b) FROM stdin;\n1\tx\n\\.\n--e\nREPLACE INTO t(b)VALUES('z');".as_bytes();
    let straight = |backslash| {
        let mut tables = Tables::default();
        let mut out = Vec::new();
        Rows::new(Dialect { backslash }).run(text, &mut tables, &mut |v| out.push(v));
        out
    };
    for backslash in [false, true] {
        let whole = straight(backslash);
        for cut in 0..text.len() {
            let mut tables = Tables::default();
            let mut out = Vec::new();
            let mut rows = Rows::new(Dialect { backslash });
            rows.run(&text[..cut], &mut tables, &mut |v| out.push(v));
            let mut rest = rows.clone();
            rest.run(&text[cut..], &mut tables, &mut |v| out.push(v));
            assert_eq!(out, whole, "{cut}");
        }
    }
    assert_eq!(straight(false).len(), 7);
}
