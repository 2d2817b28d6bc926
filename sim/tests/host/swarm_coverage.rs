//! The swarm draws every option: what it leaves at one value, no run of the fuzz says anything about.
//!
//! The schema says which options there are, so a new one that the swarm does not know fails here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use sim::scenario::schema::scenario_schema;
use sim::search::swarm;

/// How many scenarios are looked through.
const SCENARIOS: u64 = 3_000;

/// What the swarm leaves as it is, and why.
const LEFT: [(&str, &str); 0] = [];

/// What was seen of each option, by its type and name; and which choices, by their type and name.
#[derive(Default)]
struct Seen {
    values: BTreeMap<String, BTreeSet<String>>,
    choices: BTreeSet<String>,
}

/// The schema, and how to find one's way in it.
struct Book(Value);

impl Book {
    /// The rules that a reference leads to, with the name of their type.
    fn follow<'a>(&'a self, name: &'a str, rules: &'a Value) -> (&'a str, &'a Value) {
        match rules["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
            Some(name) => self.follow(name, &self.0["$defs"][name]),
            None => (name, rules),
        }
    }

    /// Notes what a value says of the options in it.
    fn read(&self, name: &str, rules: &Value, value: &Value, seen: &mut Seen) {
        let (name, rules) = self.follow(name, rules);
        for choice in choices(rules) {
            if self.is_one(choice, value) {
                if let Some(label) = label(choice) {
                    seen.choices.insert(format!("{name} = {label}"));
                }
                self.read(name, choice, value, seen);
            }
        }
        for (field, rules) in properties(rules) {
            // What is left out of a file is there all the same: as nothing.
            let value = &value[field];
            let told = match value {
                Value::Array(all) => if all.is_empty() { "[]" } else { "[..]" }.to_owned(),
                Value::Object(_) => "{..}".to_owned(),
                plain => plain.to_string(),
            };
            seen.values.entry(format!("{name}.{field}")).or_default().insert(told);
            self.read(&format!("{name}.{field}"), rules, value, seen);
        }
        for one in value.as_array().into_iter().flatten() {
            self.read(name, &rules["items"], one, seen);
        }
    }

    /// Does a value look like this alternative? It is enough to tell the alternatives apart.
    fn is_one(&self, choice: &Value, value: &Value) -> bool {
        let (_, rules) = self.follow("", choice);
        match rules["type"].as_str() {
            _ if rules.get("const").is_some() => rules["const"] == *value,
            Some("null") => value.is_null(),
            Some("object") => value.as_object().is_some_and(|object| {
                let is_there = |field: &Value| field.as_str().is_some_and(|field| object.contains_key(field));
                let tagged = |(field, rules): (&String, &Value)| {
                    rules.get("const").is_none_or(|tag| object.get(field) == Some(tag))
                };
                rules["required"].as_array().is_none_or(|all| all.iter().all(is_there)) && properties(rules).all(tagged)
            }),
            Some(_) => !value.is_null() && !value.is_object(),
            None => choices(rules).any(|inner| self.is_one(inner, value)),
        }
    }

    /// Every option, and every choice, that there is below these rules.
    fn all(&self, name: &str, rules: &Value, expected: &mut Seen) {
        let (name, rules) = self.follow(name, rules);
        for choice in choices(rules) {
            if let Some(label) = label(choice) {
                expected.choices.insert(format!("{name} = {label}"));
            }
            self.all(name, choice, expected);
        }
        // The tag of an alternative is looked for among the choices.
        for (field, rules) in properties(rules).filter(|(_, rules)| rules.get("const").is_none()) {
            let path = format!("{name}.{field}");
            if expected.values.insert(path.clone(), BTreeSet::new()).is_none() {
                self.all(&path, rules, expected);
            }
        }
        if let Some(items) = rules.get("items") {
            self.all(name, items, expected);
        }
    }
}

fn choices(rules: &Value) -> impl Iterator<Item = &Value> {
    ["oneOf", "anyOf"].into_iter().filter_map(|word| rules[word].as_array()).flatten()
}

/// The fields of an object that are options: a tag is none.
fn properties(rules: &Value) -> impl Iterator<Item = (&String, &Value)> {
    rules["properties"].as_object().into_iter().flat_map(Map::iter)
}

/// The name of an alternative, if it has one: its own, its tag's, or that of its one field.
fn label(choice: &Value) -> Option<String> {
    let tag = || properties(choice).find_map(|(_, rules)| rules["const"].as_str());
    let only = || match choice["required"].as_array().map(Vec::as_slice) {
        Some([field]) => field.as_str(),
        _ => None,
    };
    choice["const"].as_str().or_else(tag).or_else(only).map(str::to_owned)
}

#[test]
fn every_option_is_drawn() {
    let book = Book(serde_json::from_str(&scenario_schema()).expect("the schema is JSON"));
    let (name, rules) = book.follow("", &book.0["properties"]["options"]);
    let mut expected = Seen::default();
    book.all(name, rules, &mut expected);
    assert!(expected.values.len() > 150 && expected.choices.len() > 100, "{} options", expected.values.len());
    let mut seen = Seen::default();
    for number in 0..SCENARIOS {
        let options = serde_json::to_value(swarm::scenario(number).options).expect("options are JSON");
        book.read(name, rules, &options, &mut seen);
    }
    let is_left = |name: &&String| LEFT.iter().any(|(left, _)| left == name);
    // What is always there is looked for in its own options.
    let group = BTreeSet::from(["{..}".to_owned()]);
    let is_one = |name: &&String| seen.values.get(*name).is_none_or(|seen| seen.len() < 2 && *seen != group);
    let mut missing: Vec<&String> = expected.values.keys().filter(is_one).collect();
    missing.extend(expected.choices.difference(&seen.choices));
    let unknown: Vec<&str> =
        LEFT.iter().map(|(left, _)| *left).filter(|left| !missing.iter().any(|name| name == left)).collect();
    missing.retain(|name| !is_left(name));
    assert!(missing.is_empty(), "never drawn: {missing:#?}");
    assert!(unknown.is_empty(), "drawn after all: {unknown:?}");
}
