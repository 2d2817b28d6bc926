//! What is wrong with a scenario or a recording: which field, what was expected, what was found.

use thiserror::Error;

use super::path::path_at;

/// The number types that options have, as the reader names them, and the greatest number of each.
pub(super) const NUMBERS: [(&str, &str, u64); 3] = [
    ("u8", "a whole number from 0 to 255", 0xff),
    ("u16", "a whole number from 0 to 65,535", 0xffff),
    ("u32", "a whole number from 0 to 4,294,967,295", 0xffff_ffff),
];

/// Why a scenario or a recording could not be used. Nothing of it was taken over.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ScenarioError {
    /// The text is no JSON.
    #[error("line {line}, column {column}: this is not JSON: {problem}")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What the reader stumbled over.
        problem: String,
    },
    /// A field is not of the right kind, is unknown, or is missing.
    #[error("{field} (line {line}): expected {expected}, found {found}")]
    Field {
        /// The path to the field, such as `options.broker.partitions`.
        field: String,
        /// Counted from 1.
        line: usize,
        /// What would have been right.
        expected: String,
        /// What is there.
        found: String,
    },
    /// A field is of the right kind, but its value is not allowed.
    #[error("{field}: expected {expected}, found {found}")]
    Value {
        /// The path to the field.
        field: String,
        /// What would have been right.
        expected: String,
        /// What is there.
        found: String,
    },
    /// The text is longer than any scenario needs.
    #[error("the file has {bytes} bytes; at most {most} are read")]
    TooLong {
        /// Its length in bytes.
        bytes: usize,
        /// The limit in bytes.
        most: usize,
    },
}

impl ScenarioError {
    /// From the reader's error, which knows the place and words it for programmers.
    pub(super) fn from_reader(error: &serde_json::Error, text: &str) -> Self {
        let (line, column) = (error.line(), error.column());
        let problem = without_place(&error.to_string());
        if error.is_syntax() || error.is_eof() {
            return Self::Syntax { line, column, problem };
        }
        let path = path_at(text, line, column);
        let at = if path.is_empty() { "the file".to_owned() } else { path };
        let (field, expected, found) = reworded(at, &problem);
        Self::Field { field, line, expected, found }
    }
}

/// The message without the trailing `at line 3 column 5`.
fn without_place(message: &str) -> String {
    message.rfind(" at line ").map_or(message, |end| &message[..end]).to_owned()
}

/// Field, expectation and finding from a message such as ``invalid type: string "x", expected u8``.
fn reworded(path: String, problem: &str) -> (String, String, String) {
    let (found, expected) = problem.split_once(", expected ").unwrap_or((problem, "something else"));
    if let Some(name) = quoted_after(problem, "missing field ") {
        return (path, format!("a field \"{name}\""), "none".to_owned());
    }
    if let Some(name) = quoted_after(problem, "unknown field ") {
        // The path of an unknown field already ends with its name.
        let known =
            if expected == "there are no fields" { "no field here".to_owned() } else { expected.replace('`', "\"") };
        return (path, known, format!("a field \"{name}\""));
    }
    let found =
        ["invalid type: ", "invalid value: "].into_iter().fold(found, |text, start| text.trim_start_matches(start));
    let found = match found.strip_prefix("unknown variant ") {
        Some(variant) => variant.replace('`', "\""),
        None => KINDS.iter().fold(found, |text, kind| text.trim_start_matches(kind)).replace('`', ""),
    };
    (path, in_plain_words(expected), found)
}

/// How the reader announces a value; the value speaks for itself.
const KINDS: [&str; 4] = ["string ", "integer ", "floating point ", "boolean "];

fn quoted_after<'a>(message: &'a str, start: &str) -> Option<&'a str> {
    message.strip_prefix(start)?.strip_prefix('`')?.split('`').next()
}

fn in_plain_words(expected: &str) -> String {
    if let Some((_, words, _)) = NUMBERS.iter().find(|(name, ..)| *name == expected) {
        return (*words).to_owned();
    }
    match expected {
        "u64" | "i64" => "a whole number".to_owned(),
        "f64" => "a number".to_owned(),
        "a string" => "a text".to_owned(),
        "a sequence" => "a list".to_owned(),
        other if other.starts_with("struct ") || other.starts_with("internally tagged enum ") => "an object".to_owned(),
        other => other.replace('`', "\""),
    }
}
