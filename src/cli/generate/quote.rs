//! One argument in the languages of a shell, of cron and of systemd.

/// For a POSIX shell: bare where nothing in it is special, else in single quotes.
pub fn shell(text: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || b"_-./:@,+".contains(&b);
    if !text.is_empty() && text.bytes().all(bare) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A shell command in a crontab, where `%` stands for a line break.
pub fn cron(command: &str) -> String {
    command.replace('%', r"\%")
}

/// For a setting of systemd: `%` begins a specifier there, and `$` a variable in commands.
pub fn systemd(text: &str, is_command: bool) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '%' => out.push_str("%%"),
            '$' if is_command => out.push_str("$$"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_special_is_quoted() {
        assert_eq!(shell("/usr/bin/magpie"), "/usr/bin/magpie");
        assert_eq!(shell("a b"), "'a b'");
        assert_eq!(shell("it's"), r"'it'\''s'");
        assert_eq!(shell(""), "''");
        assert_eq!(cron("date +%F"), r"date +\%F");
        assert_eq!(systemd(r#"a "b" 5% $x \"#, true), r#""a \"b\" 5%% $$x \\""#);
        assert_eq!(systemd("$x", false), "\"$x\"");
    }
}
