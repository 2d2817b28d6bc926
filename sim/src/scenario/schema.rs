//! The JSON Schema of scenario files, made from the types that read them.

use schemars::generate::SchemaSettings;

use super::recording::Scenario;

/// The schema of a scenario, version 1, as pretty JSON that ends with a line break.
pub fn scenario_schema() -> String {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Scenario>();
    schema.insert("title".to_owned(), "A scenario of cqrs-lab, version 1".into());
    let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    format!("{text}\n")
}
