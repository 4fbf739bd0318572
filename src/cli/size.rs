//! Sizes as people write them: `500MB`, `10GiB`, `1024`.

/// Reads a size in bytes. `k`, `M`, `G`, `T` are powers of 1,000, with an `i` of 1,024; a final
/// `B` may follow.
pub fn parse(text: &str) -> Result<u64, String> {
    let wrong =
        || format!("read size {text:?}: expected a whole number and a unit such as 500MB or 10GiB");
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let factor = match unit
        .trim()
        .trim_end_matches(['B', 'b'])
        .to_ascii_lowercase()
        .as_str()
    {
        "" => 1,
        "k" => 1000,
        "m" => 1000u64.pow(2),
        "g" => 1000u64.pow(3),
        "t" => 1000u64.pow(4),
        "ki" => 1 << 10,
        "mi" => 1 << 20,
        "gi" => 1 << 30,
        "ti" => 1 << 40,
        _ => return Err(wrong()),
    };
    number
        .checked_mul(factor)
        .ok_or_else(|| format!("read size {text:?}: more than 2^64 bytes"))
}

/// Writes a size for people, in powers of 1,000.
pub fn show(bytes: u64) -> String {
    let (mut value, mut unit) = (bytes as f64, "B");
    for next in ["kB", "MB", "GB", "TB", "PB"] {
        if value < 1000.0 {
            break;
        }
        value /= 1000.0;
        unit = next;
    }
    match unit {
        "B" => format!("{bytes} B"),
        _ if value < 10.0 => format!("{value:.2} {unit}"),
        _ if value < 100.0 => format!("{value:.1} {unit}"),
        _ => format!("{value:.0} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_units_and_refuses_others() {
        assert_eq!(parse("10GiB"), Ok(10 << 30));
        assert_eq!(parse("500MB"), Ok(500_000_000));
        assert_eq!(parse("7"), Ok(7));
        for wrong in ["", "x", "-1", "1 apple", "99999999999TiB"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn shows_three_figures() {
        assert_eq!(show(999), "999 B");
        assert_eq!(show(1234), "1.23 kB");
        assert_eq!(show(12_345_678), "12.3 MB");
        assert_eq!(show(999_000_000_000), "999 GB");
    }
}
