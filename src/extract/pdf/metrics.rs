//! Widths of the standard fonts, which files need not tell: of ASCII, in thousandths of the size.

/// Helvetica, from the blank on.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// Times Roman, from the blank on.
const TIMES: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611,
    556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722,
    722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500,
    278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];

/// Bold letters are wider by about this much, in thousandths.
const BOLD: f64 = 35.0;

/// Width of a character in the standard font that comes nearest to one of that name.
pub fn width(font: &str, c: char) -> f64 {
    let font = font.to_ascii_lowercase();
    if font.contains("courier") || font.contains("mono") {
        return 600.0;
    }
    let is_times = ["times", "roman", "serif", "georgia", "garamond"]
        .iter()
        .any(|name| font.contains(name))
        && !font.contains("sans");
    let table = if is_times { &TIMES } else { &HELVETICA };
    let index = (c as usize).wrapping_sub(0x20);
    let width = table.get(index).map_or(556.0, |w| f64::from(*w));
    match font.contains("bold") && c != ' ' {
        true => width + BOLD,
        false => width,
    }
}
