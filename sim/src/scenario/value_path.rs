//! Where a value is in a scenario: `options.workload.script[0].at`, as the loader's errors say it, too.

use serde_json::Value;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    path.split(['.', '[']).filter(|step| !step.is_empty()).map(|step| {
        let number = step.strip_suffix(']').and_then(|number| number.parse().ok());
        number.map_or(Step::Key(step), Step::Item)
    })
}

/// The path of a field of what is at `path`.
pub fn key(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The path of an item of the list at `path`.
pub fn item(path: &str, at: usize) -> String {
    format!("{path}[{at}]")
}

/// Is `inner` at `path` or somewhere in it?
pub fn covers(path: &str, inner: &str) -> bool {
    inner.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// What is at a path.
pub fn get<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    steps(path).try_fold(value, |value, step| match step {
        Step::Key(name) => value.get(name),
        Step::Item(at) => value.get(at),
    })
}

/// Puts a value at a path. Objects on the way are made; an item that a list does not have is not.
pub fn put(value: &mut Value, path: &str, new: Value) {
    let mut here = value;
    for step in steps(path) {
        here = match step {
            Step::Key(name) => {
                if !here.is_object() {
                    *here = Value::Object(serde_json::Map::new());
                }
                let Value::Object(fields) = here else { return };
                fields.entry(name).or_insert(Value::Null)
            }
            Step::Item(at) => match here.get_mut(at) {
                Some(item) => item,
                None => return,
            },
        };
    }
    *here = new;
}

/// The paths at which two values differ, as deep as both have the same kind.
pub fn differences(one: &Value, other: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(String::new(), one, other, &mut found);
    found
}

fn compare(path: String, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(these), Value::Object(those)) if these.keys().eq(those.keys()) => {
            for ((name, this), that) in these.iter().zip(those.values()) {
                compare(key(&path, name), this, that, found);
            }
        }
        _ if one != other => found.push(path),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{covers, differences, get, item, key, put};

    #[test]
    fn paths_are_read_as_they_are_written() {
        let mut value = json!({ "options": { "script": [{ "at": "1s" }, { "at": "2s" }] } });
        let at = key(&item(&key("options", "script"), 1), "at");
        assert_eq!(at, "options.script[1].at");
        assert_eq!(get(&value, &at), Some(&json!("2s")));
        put(&mut value, &at, json!("3s"));
        assert_eq!(get(&value, &at), Some(&json!("3s")));
        put(&mut value, "metrics.every", json!("5s"));
        assert_eq!(value["metrics"]["every"], "5s");
        put(&mut value, "options.script[7].at", json!("9s"));
        assert_eq!(get(&value, "options.script[7]"), None);
    }

    #[test]
    fn a_path_covers_what_is_in_it_and_no_namesake() {
        assert!(covers("options.broker", "options.broker.kind") && covers("script", "script[0].at"));
        assert!(!covers("options.broker", "options.brokers"));
    }

    #[test]
    fn differences_go_as_deep_as_the_values_are_alike() {
        let one = json!({ "a": { "b": 1, "c": [1] }, "d": { "kind": "x", "value": 1 } });
        let other = json!({ "a": { "b": 2, "c": [1] }, "d": { "kind": "y", "min": 1 } });
        assert_eq!(differences(&one, &other), ["a.b", "d"]);
        assert!(differences(&one, &one).is_empty());
    }
}
