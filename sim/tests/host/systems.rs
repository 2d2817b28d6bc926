//! The table of systems names scenarios and tests that exist, and leaves no system out.

use std::fs;
use std::path::PathBuf;

use sim::scenario::presets::PRESETS;
use sim::scenario::recording::Scenario;

/// The rows of each part. Those of F that are about the page have no scenario of their own.
const PARTS: [(char, u8); 6] = [('A', 11), ('B', 6), ('C', 5), ('D', 12), ('E', 8), ('F', 4)];

/// A row of the table.
struct Row {
    name: String,
    /// Does the table say that it is still to be built?
    not_yet: bool,
    scenarios: Vec<String>,
    /// Files with the functions in them.
    tests: Vec<(String, Vec<String>)>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(root().join("docs/systems.md")).expect("the table is there");
    let lines =
        text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| row") && !line.starts_with("| ---"));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [name, _, scenarios, tests] = cells[..] else { panic!("four cells: {line}") };
            let tests = tests.split(';').map(quoted).filter(|names| !names.is_empty());
            let tests = tests.map(|mut names| (names.remove(0), names)).collect();
            Row { name: name.to_owned(), not_yet: scenarios == "not yet", scenarios: quoted(scenarios), tests }
        })
        .collect()
}

#[test]
fn every_system_has_a_row() {
    let expected: Vec<String> =
        PARTS.into_iter().flat_map(|(part, count)| (1..=count).map(move |n| format!("{part}{n}"))).collect();
    let found: Vec<String> = rows().into_iter().map(|row| row.name).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_system_that_is_built_has_a_scenario_and_a_test() {
    for row in rows() {
        let is_built = !row.not_yet;
        assert_eq!(!row.scenarios.is_empty(), is_built, "the scenarios of {}", row.name);
        assert_eq!(!row.tests.is_empty(), is_built, "the tests of {}", row.name);
    }
}

#[test]
fn every_scenario_named_exists_and_can_be_read() {
    for row in rows() {
        for slug in &row.scenarios {
            let preset = PRESETS.iter().find(|preset| preset.slug == slug);
            let preset = preset.unwrap_or_else(|| panic!("{}: there is no scenario {slug}", row.name));
            let file = root().join(format!("public/scenarios/{slug}.json"));
            assert_eq!(fs::read_to_string(file).ok().as_deref(), Some(preset.json), "{slug}");
            let scenario = Scenario::from_json(preset.json).unwrap_or_else(|error| panic!("{slug}: {error}"));
            assert!(!scenario.name.is_empty() && !scenario.about.is_empty(), "{slug} says what it is about");
        }
    }
}

#[test]
fn every_test_named_exists() {
    for row in rows() {
        for (file, functions) in row.tests {
            let place = if file.starts_with("src/") { file.clone() } else { format!("tests/host/{file}") };
            let path = root().join("sim").join(place);
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {file}: {error}", row.name));
            assert!(!functions.is_empty(), "{}: {file} without a function", row.name);
            for function in functions {
                let at = text.find(&format!("fn {function}("));
                let at = at.unwrap_or_else(|| panic!("{}: {file} has no {function}", row.name));
                // A test of its own, or a property within the macro that makes tests of them.
                let before = text[..at].trim_end();
                assert!(before.ends_with("#[test]"), "{}: {function} in {file} is no test", row.name);
            }
        }
    }
}
