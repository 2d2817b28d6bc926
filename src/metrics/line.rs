//! A small line: one metric over the run.

use core::fmt::Write as _;

/// The size of the line's own space; the page stretches it.
pub const WIDTH: f64 = 120.0;
/// Its height.
pub const HEIGHT: f64 = 20.0;

/// The line through numbers that are equally far apart: steps, since a sample says nothing of what lies between.
pub fn line(values: &[u64]) -> String {
    const EDGE: f64 = 1.5;
    let most = values.iter().copied().max().unwrap_or(0).max(1) as f64;
    let width = WIDTH / values.len().max(1) as f64;
    let mut path = String::new();
    let mut last = None;
    for (number, value) in values.iter().enumerate() {
        if last == Some(*value) {
            continue;
        }
        let (x, y) = (number as f64 * width, HEIGHT - EDGE - *value as f64 / most * (HEIGHT - 2.0 * EDGE));
        // Writing to a text does not fail.
        let _ = if path.is_empty() { write!(path, "M{x:.1} {y:.1}") } else { write!(path, "H{x:.1}V{y:.1}") };
        last = Some(*value);
    }
    if !path.is_empty() {
        let _ = write!(path, "H{WIDTH}");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_line_takes_a_step_where_the_number_changes() {
        assert_eq!(line(&[0, 0, 2, 1]), "M0.0 18.5H60.0V1.5H90.0V10.0H120");
        assert_eq!(line(&[0, 0]), "M0.0 18.5H120");
        assert_eq!(line(&[]), "");
    }
}
