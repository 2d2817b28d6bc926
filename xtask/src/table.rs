//! Figures as a plain table.

use crate::figures::{Row, Target};

/// One line for each row, under a heading.
pub fn table(rows: &[Row]) -> String {
    let heading = line(["what", "native", "browser", "unit", "target"]);
    let lines = rows.iter().map(|row| {
        let native = row.native.map(number).unwrap_or_default();
        line([&row.what, &native, &number(row.browser), row.unit, &verdict(row)])
    });
    std::iter::once(heading).chain(lines).collect::<Vec<_>>().join("\n")
}

fn line([what, native, browser, unit, target]: [&str; 5]) -> String {
    format!("{what:<52} {native:>9} {browser:>9}  {unit:<14} {target}").trim_end().to_owned()
}

/// Three figures that count, whatever the size.
fn number(figure: f64) -> String {
    let decimals = match figure.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{figure:.decimals$}")
}

fn verdict(row: &Row) -> String {
    let target = match row.target {
        None => return String::new(),
        Some(Target::AtLeast(least)) => format!("at least {least}"),
        Some(Target::AtMost(most)) => format!("at most {most}"),
        Some(Target::Below(limit)) => format!("below {limit}"),
    };
    let met = if row.met == Some(true) { "met" } else { "missed" };
    format!("{target}: {met}")
}

#[cfg(test)]
mod tests {
    use super::table;
    use crate::figures::{Row, Target};

    #[test]
    fn each_figure_has_its_line() {
        let row = Row {
            what: "engine".into(),
            unit: "x reference",
            native: Some(0.1234),
            browser: 14.56,
            target: None,
            met: None,
        };
        let missed =
            Row { native: None, browser: 162.4, target: Some(Target::AtMost(160.0)), met: Some(false), ..row.clone() };
        let printed = table(&[row, missed]);
        let lines: Vec<Vec<&str>> = printed.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["engine", "0.123", "14.6", "x", "reference"]);
        assert_eq!(lines[1].join(" "), "engine 162 x reference at most 160: missed");
    }
}
