//! Versions of tools, compared.

use std::fmt;

/// `major.minor.patch`. What follows the patch (`-beta.1`, `+build`) is kept out: no tool needed here is a pre-release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Breaking changes from 1.0 on.
    pub major: u32,
    /// Breaking changes before 1.0.
    pub minor: u32,
    /// Repairs.
    pub patch: u32,
}

impl Version {
    /// The version `major.minor.patch`.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// Reads `0.21.14` or `v20.1.0`; `None` for anything else, pre-releases included.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let mut parts = text.split('.').map(|part| part.parse().ok());
        let version = Self::new(parts.next()??, parts.next()??, parts.next()??);
        parts.next().is_none().then_some(version)
    }

    /// The first version in what a program prints for `--version`, such as `trunk 0.21.14`.
    pub fn in_output(output: &str) -> Option<Self> {
        output.split_whitespace().find_map(Self::parse)
    }

    /// Whether `self` may stand in for `other`: the same series, and not older.
    pub fn serves_as(self, other: Self) -> bool {
        (self.major, self.minor) == (other.major, other.minor) && self.patch >= other.patch
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_read_from_what_tools_print() {
        let check = |output, expect| assert_eq!(Version::in_output(output), expect, "{output}");
        check("trunk 0.21.14\n", Some(Version::new(0, 21, 14)));
        check("v20.20.2", Some(Version::new(20, 20, 2)));
        check("wasm-bindgen 0.2.129 (abcdef)", Some(Version::new(0, 2, 129)));
        check("trunk 0.22.0-beta.1", None);
        check("command not found", None);
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        assert!(Version::new(0, 2, 129) > Version::new(0, 2, 99));
    }

    #[test]
    fn only_the_same_series_from_the_wanted_patch_on_will_do() {
        let wanted = Version::new(0, 21, 14);
        let check = |found: &str, expect| {
            assert_eq!(Version::parse(found).map(|found| found.serves_as(wanted)), Some(expect), "{found}");
        };
        check("0.21.14", true);
        check("0.21.20", true);
        check("0.21.9", false);
        check("0.22.14", false);
        check("1.21.14", false);
    }
}
