//! The committed JSON Schema is what the types say, says everything, and agrees with the loader.

use serde_json::{Value, json};
use sim::scenario::presets::PRESETS;
use sim::scenario::recording::Scenario;
use sim::scenario::schema::scenario_schema;

fn schema() -> Value {
    serde_json::from_str(&scenario_schema()).expect("the schema is JSON")
}

#[test]
fn the_committed_schema_is_up_to_date() {
    let committed = include_str!("../../../docs/scenario.schema.json");
    assert!(committed == scenario_schema(), "run `lab schema > docs/scenario.schema.json`");
}

/// Every property of every object in the schema, with its path.
fn properties(node: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    match node {
        Value::Object(fields) => {
            for (name, property) in fields.get("properties").and_then(Value::as_object).into_iter().flatten() {
                found.push((format!("{path}.{name}"), property.clone()));
            }
            fields.iter().for_each(|(name, inner)| properties(inner, &format!("{path}/{name}"), found));
        }
        Value::Array(items) => items.iter().for_each(|item| properties(item, path, found)),
        _ => {}
    }
}

#[test]
fn every_option_is_described_with_its_default_and_its_range() {
    let mut found = Vec::new();
    properties(&schema(), "", &mut found);
    assert!(found.len() > 80, "only {} properties", found.len());
    for (path, property) in found {
        // The tag of a variant is described by the variant, and its body by its own fields.
        let is_tag = property.get("const").is_some() || path.contains("oneOf.");
        let described = property["description"].as_str().unwrap_or_default();
        assert!(is_tag || !described.is_empty(), "{path} has no description");
        let default = &property["default"];
        if default.is_string() || default.is_number() || default.is_boolean() {
            assert!(described.contains("Default"), "{path} does not say its default");
        }
        if property["type"] == "integer" && property["format"] != "uint32" && property["format"] != "int64" {
            assert!(property["minimum"].is_number() && property["maximum"].is_number(), "{path} has no range");
        }
    }
}

/// Is the value as the schema wants it? Knows the words that our schema uses, and no more.
fn fits(root: &Value, schema: &Value, value: &Value) -> bool {
    let Some(rules) = schema.as_object() else { return schema != &json!(false) };
    rules.iter().all(|(rule, wanted)| match rule.as_str() {
        "$ref" => {
            let name = wanted.as_str().and_then(|path| path.strip_prefix("#/$defs/")).expect("a local reference");
            fits(root, &root["$defs"][name], value)
        }
        "type" => match wanted {
            Value::Array(types) => types.iter().any(|one| is_of_type(one, value)),
            one => is_of_type(one, value),
        },
        "const" => value == wanted,
        "enum" => wanted.as_array().is_some_and(|all| all.contains(value)),
        "anyOf" => wanted.as_array().is_some_and(|all| all.iter().any(|one| fits(root, one, value))),
        "oneOf" => wanted.as_array().is_some_and(|all| all.iter().filter(|one| fits(root, one, value)).count() == 1),
        "minimum" => value.as_f64().zip(wanted.as_f64()).is_none_or(|(value, least)| value >= least),
        "maximum" => value.as_f64().zip(wanted.as_f64()).is_none_or(|(value, most)| value <= most),
        "maxItems" => value.as_array().zip(wanted.as_u64()).is_none_or(|(all, most)| all.len() as u64 <= most),
        "items" => value.as_array().is_none_or(|all| all.iter().all(|one| fits(root, wanted, one))),
        "required" => wanted.as_array().is_some_and(|all| {
            all.iter().all(|name| value.as_object().is_none_or(|one| one.contains_key(name.as_str().unwrap_or(""))))
        }),
        "properties" => value.as_object().is_none_or(|fields| {
            fields.iter().all(|(name, field)| wanted.get(name).is_none_or(|rule| fits(root, rule, field)))
        }),
        "additionalProperties" => value.as_object().is_none_or(|fields| {
            wanted != &json!(false) || fields.keys().all(|name| schema["properties"].get(name).is_some())
        }),
        // Left to the loader: the words of patterns and formats.
        "pattern" | "format" | "description" | "default" | "title" | "$schema" | "$defs" => true,
        other => panic!("the schema uses {other:?}, which this test does not know"),
    })
}

fn is_of_type(name: &Value, value: &Value) -> bool {
    match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("number") => value.is_number(),
        Some("integer") => value.is_u64() || value.is_i64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        other => panic!("unknown type {other:?}"),
    }
}

#[test]
fn what_the_loader_takes_fits_the_schema() {
    let schema = schema();
    for preset in PRESETS {
        let value: Value = serde_json::from_str(preset.json).expect("JSON");
        assert!(fits(&schema, &schema, &value), "{} as it was written", preset.slug);
        let loaded = Scenario::from_json(preset.json).expect("a sound preset");
        let value = serde_json::to_value(&loaded).expect("JSON");
        assert!(fits(&schema, &schema, &value), "{} with all defaults written out", preset.slug);
    }
}

#[test]
fn what_does_not_fit_the_schema_is_not_taken() {
    let schema = schema();
    let with = |options: Value| json!({ "version": 1, "name": "x", "options": options });
    let bad = [
        json!({ "version": 2, "name": "x" }),
        json!({ "version": 1 }),
        json!({ "version": 1, "name": "x", "colour": "red" }),
        with(json!({ "broker": { "partitions": 0 } })),
        with(json!({ "broker": { "partitions": 17 } })),
        with(json!({ "broker": { "acks": "some" } })),
        with(json!({ "broker": { "publish": { "loss": 1.5 } } })),
        with(json!({ "projections": { "order_view": { "instances": 9 } } })),
        with(json!({ "projections": { "order_view": { "prefetch": 0 } } })),
        with(json!({ "workload": { "orders": 1_000_001, "gap": { "kind": "constant", "value": "1s" } } })),
        with(json!({ "workload": { "gap": { "kind": "constant" } } })),
        with(json!({ "workload": { "gap": { "kind": "sometimes" } } })),
        with(json!({ "workload": { "lines_max": 5 } })),
    ];
    for value in bad {
        assert!(!fits(&schema, &schema, &value), "the schema takes {value}");
        assert!(Scenario::from_json(&value.to_string()).is_err(), "the loader takes {value}");
    }
}
