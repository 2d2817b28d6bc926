//! The rules of the house, read off the sources: who may import whom, and what must not occur at all.

use std::fs;
use std::path::{Path, PathBuf};

/// The parts of the machine, lowest first. A part may import itself and what stands before it.
const PARTS: [&str; 7] = ["kernel", "shop", "system", "oracle", "view", "scenario", "search"];

/// What the machine must not know: the machine it runs on, and what differs between two of them.
const ABSENT: [&str; 9] = [
    "HashMap",
    "HashSet",
    "std::time",
    "SystemTime",
    "Instant::now",
    "std::thread",
    "web_sys",
    "wasm_bindgen",
    "leptos",
];

/// Floating point functions of std, which differ between machines; `libm` has the same ones.
const UNPORTABLE: [&str; 6] = [".ln()", ".exp()", ".powf(", ".powi(", ".sin()", ".cos()"];

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("the source can be read");
            found.push((path, text));
        }
    }
    found.sort();
    found
}

/// The sources of the machine: what runs at every step, and what looks at it.
fn machine() -> [PathBuf; 2] {
    ["engine/src", "src"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
}

/// The sources of one part of the machine, in whichever crate.
fn part(name: &str) -> Vec<(PathBuf, String)> {
    let found: Vec<_> = machine()
        .iter()
        .map(|root| root.join(name))
        .filter(|folder| folder.is_dir())
        .flat_map(|folder| sources(&folder))
        .collect();
    assert!(found.len() > 2, "{name} has moved");
    found
}

/// The code of a source, without comments and without its unit tests.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    code.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// Every path below `crate::` that the code names.
fn imports(code: &str) -> Vec<&str> {
    code.split("crate::")
        .skip(1)
        .map(|rest| rest.split([';', '(', ')', ' ', '{', ',', '<', '>']).next().unwrap_or(""))
        .collect()
}

#[test]
fn dependencies_point_one_way() {
    for (rank, name) in PARTS.iter().enumerate() {
        for (path, text) in part(name) {
            for import in imports(&code(&text)) {
                let target = import.split("::").next().unwrap_or("");
                let allowed = PARTS[..=rank].contains(&target);
                assert!(allowed, "{} imports crate::{import}, which stands above {name}", path.display());
            }
        }
    }
}

#[test]
fn the_two_sides_do_not_know_each_other() {
    for (side, other) in [("command_side", "query_side"), ("query_side", "command_side")] {
        for (path, text) in part(&format!("system/{side}")) {
            assert!(!code(&text).contains(other), "{} knows the {other}", path.display());
        }
    }
}

#[test]
fn nothing_that_differs_between_machines_is_used() {
    let [engine, around] = machine();
    let command_line = around.join("bin");
    let all = sources(&engine).into_iter().chain(sources(&around));
    for (path, text) in all.filter(|(path, _)| !path.starts_with(&command_line)) {
        let code = code(&text);
        for absent in ABSENT.iter().chain(&UNPORTABLE) {
            assert!(!code.contains(absent), "{} uses {absent}", path.display());
        }
    }
}

#[test]
fn files_keep_to_one_noun() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for folder in ["sim", "src", "xtask"] {
        for (path, text) in sources(&root.join(folder)) {
            let lines = text.lines().count();
            assert!(lines <= 450, "{} has {lines} lines: which noun is missing?", path.display());
        }
    }
}
