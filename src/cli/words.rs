//! Numbers, times and lines of text as people read them.

use std::fmt::Write;

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

/// Writes words over as many lines as they need, all indented.
pub fn wrapped(out: &mut String, indent: usize, width: usize, style: Style, text: &str) {
    let room = width.saturating_sub(indent).max(20);
    let mut line = String::new();
    let mut flush = |line: &mut String| {
        let _ = writeln!(
            out,
            "{:indent$}{}",
            "",
            format_args!("{style}{line}{style:#}")
        );
        line.clear();
    };
    for word in text.split(' ') {
        if !line.is_empty() && line.width() + 1 + word.width() > room {
            flush(&mut line);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    flush(&mut line);
}

/// Shortens from the left, where paths differ least.
pub fn fit_left(text: &str, width: usize) -> String {
    if text.width() <= width || width < 8 {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars().rev() {
        let w = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used + w > width {
            break;
        }
        used += w;
        kept.insert(0, c);
    }
    format!("…{kept}")
}

/// `1 object`, `2,000 objects`.
pub fn count(n: u64, what: &str) -> String {
    format!("{} {what}{}", thousands(n), if n == 1 { "" } else { "s" })
}

/// `1234567` as `1,234,567`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// Seconds for people: `12 ms`, `1.25 s`, `3 min 12 s`.
pub fn duration(seconds: f64) -> String {
    let whole = seconds as u64;
    match whole {
        0 => format!("{:.0} ms", seconds * 1000.0),
        1..60 => format!("{seconds:.2} s"),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_for_people() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(count(1, "object"), "1 object");
        assert_eq!(duration(0.123), "123 ms");
        assert_eq!(duration(1.234), "1.23 s");
        assert_eq!(duration(192.0), "3 min 12 s");
        assert_eq!(duration(7260.0), "2 h 1 min");
    }

    #[test]
    fn long_lines_are_wrapped_and_no_word_is_lost() {
        let mut out = String::new();
        wrapped(
            &mut out,
            4,
            26,
            Style::new(),
            "line 1, column 5 · stream i-0123456789 · x",
        );
        assert_eq!(
            out,
            "    line 1, column 5 ·\n    stream i-0123456789 ·\n    x\n"
        );
    }

    #[test]
    fn long_paths_lose_their_beginning() {
        assert_eq!(
            fit_left("s3://bucket/a/very/long/key.csv", 12),
            "…ong/key.csv"
        );
        assert_eq!(fit_left("short", 12), "short");
    }
}
