//! What a field takes, rather than what its type could hold.
//!
//! The reader knows only the type. The checks know the range, but are not reached by a value of another type; so they are
//! asked about the least and the greatest number of the type in its place.

use serde_json::Value;

use super::error::{NUMBERS, ScenarioError};

/// The same error, with the range of the field if the checks have one. `checked` reads and checks a text.
pub(super) fn narrowed(
    error: ScenarioError,
    text: &str,
    checked: impl Fn(&str) -> Result<(), ScenarioError>,
) -> ScenarioError {
    let ScenarioError::Field { field, line, expected, found } = error else { return error };
    let greatest = NUMBERS.iter().find(|(_, words, _)| *words == expected).map(|(.., greatest)| *greatest);
    let range =
        greatest.and_then(|greatest| [greatest, 0].into_iter().find_map(|n| range_at(&field, n, text, &checked)));
    ScenarioError::Field { field, line, expected: range.unwrap_or(expected), found }
}

/// What the checks expect at a field if they refuse this number there.
fn range_at(
    field: &str,
    number: u64,
    text: &str,
    checked: &impl Fn(&str) -> Result<(), ScenarioError>,
) -> Option<String> {
    let mut value: Value = serde_json::from_str(text).ok()?;
    let pointer: String = field.split(['.', '[']).map(|step| format!("/{}", step.trim_end_matches(']'))).collect();
    *value.pointer_mut(&pointer)? = number.into();
    match checked(&value.to_string()) {
        Err(ScenarioError::Value { field: at, expected, .. }) if at == field => Some(expected),
        _ => None,
    }
}
