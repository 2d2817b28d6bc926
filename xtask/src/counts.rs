//! How many tests passed and failed, read from what test runners print.

use std::fmt;
use std::ops::AddAssign;
use std::process::ExitStatus;

/// Tests passed and failed. Ignored tests count as neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tests that ran and held.
    pub passed: u32,
    /// Tests that did not hold, and suites that could not be built or run.
    pub failed: u32,
}

impl Counts {
    /// A suite that could not be run at all.
    pub const BROKEN: Self = Self { passed: 0, failed: 1 };

    /// What one line of output adds. Two kinds of line count, all others add nothing:
    /// `test result: ok. 3 passed; 1 failed; 0 ignored; ...` of cargo and of wasm-bindgen's runner, once per test
    /// program, and `pass 3`, `fail 1`, `cancelled 1` after `ℹ` or `#` of node's runner, once per run.
    pub fn in_line(line: &str) -> Self {
        let line = without_colours(line);
        let line = line.trim();
        if let Some(result) = line.strip_prefix("test result: ") {
            return Self::in_cargo_result(result);
        }
        let figure = line.strip_prefix('ℹ').or_else(|| line.strip_prefix('#'));
        figure.map(Self::in_node_figure).unwrap_or_default()
    }

    fn in_cargo_result(result: &str) -> Self {
        let Some((_, figures)) = result.split_once(". ") else {
            return Self::default();
        };
        let count_of = |what: &str| {
            figures.split(';').find_map(|figure| figure.trim().strip_suffix(what)?.trim().parse().ok()).unwrap_or(0)
        };
        Self { passed: count_of(" passed"), failed: count_of(" failed") }
    }

    fn in_node_figure(figure: &str) -> Self {
        let mut words = figure.split_whitespace();
        let (Some(what), Some(Ok(count)), None) = (words.next(), words.next().map(str::parse), words.next()) else {
            return Self::default();
        };
        match what {
            "pass" => Self { passed: count, failed: 0 },
            "fail" | "cancelled" => Self { passed: 0, failed: count },
            _ => Self::default(),
        }
    }

    /// The verdict over a whole suite: one that reports failure without naming a failed test did not build or did
    /// not finish, and one that ran nothing proves nothing. Both must show as a failure in the sum.
    pub fn settled(mut self, succeeded: bool) -> Self {
        let proves_nothing = self == Self::default();
        if proves_nothing || (!succeeded && self.failed == 0) {
            self.failed += 1;
        }
        self
    }

    /// [`Self::settled`] for a program that ended with `status`.
    pub fn after(self, status: ExitStatus) -> Self {
        self.settled(status.success())
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// `line` without terminal escape sequences of the form `ESC [ ... letter`.
fn without_colours(line: &str) -> String {
    let mut pieces = line.split('\u{1b}');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once(|c: char| c.is_ascii_alphabetic()) {
            Some((_, text)) => plain.push_str(text),
            None => plain.push_str(piece),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::Counts;

    fn counts(passed: u32, failed: u32) -> Counts {
        Counts { passed, failed }
    }

    #[test]
    fn the_closing_lines_of_each_runner_are_counted() {
        let check = |line, expect| assert_eq!(Counts::in_line(line), expect, "{line}");
        check(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            counts(12, 0),
        );
        check("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 filtered out", counts(3, 2));
        check("test result: \u{1b}[32mok\u{1b}[m. 3 passed; 0 failed; 0 ignored", counts(3, 0));
        check("ℹ pass 7", counts(7, 0));
        check("\u{1b}[34mℹ fail 2\u{1b}[39m", counts(0, 2));
        check("# cancelled 1", counts(0, 1));
    }

    #[test]
    fn other_lines_are_not_counted() {
        for line in [
            "running 3 tests",
            "test a ... ok",
            "ℹ tests 9",
            "ℹ duration_ms 31.5",
            "# pass the salt",
            "test result: unknown",
            "3 passed, 1 failed",
        ] {
            assert_eq!(Counts::in_line(line), Counts::default(), "{line}");
        }
    }

    #[test]
    fn a_suite_that_failed_or_ran_nothing_always_shows_a_failure() {
        assert_eq!(counts(3, 0).settled(true), counts(3, 0));
        assert_eq!(counts(3, 1).settled(false), counts(3, 1));
        assert_eq!(counts(3, 0).settled(false), counts(3, 1));
        assert_eq!(counts(0, 0).settled(false), Counts::BROKEN);
        assert_eq!(counts(0, 0).settled(true), Counts::BROKEN);
    }

    #[test]
    fn the_sum_reads_as_one_plain_line() {
        let mut sum = counts(3, 0);
        sum += counts(4, 1);
        assert_eq!(sum.to_string(), "7 passed, 1 failed");
    }
}
