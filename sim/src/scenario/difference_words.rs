//! Options that differ, in words.

use serde_json::Value;

use crate::system::options::Options;
use crate::view::words::plural;

use super::difference::Difference;
use super::{json, value_path};

/// One difference as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Where it is among the options; several projections may have the same.
    pub paths: Vec<String>,
    /// The name of the option, such as `order view idempotency`.
    pub name: String,
    /// What A has.
    pub a: String,
    /// What B has.
    pub b: String,
}

impl Told {
    /// The whole difference, such as `order view idempotency: processed events instead of none`.
    pub fn sentence(&self) -> String {
        let Self { name, a, b, .. } = self;
        // The run may have been given meanwhile what its twin had first.
        if a == b { format!("{name}: {b} in both now") } else { format!("{name}: {b} instead of {a}") }
    }
}

/// The differences between the options of A and what B has otherwise. What several projections have alike is said once.
pub fn told(a: &Options, differences: &[Difference]) -> Vec<Told> {
    let options_of_a = json::of_options(a);
    let mut all: Vec<(Option<&str>, Told)> = Vec::new();
    for one in differences {
        let of_projection = one.path.strip_prefix("projections.").and_then(|path| path.split_once('.'));
        let field = of_projection.map(|(_, field)| field);
        let (in_a, in_b) =
            (value(value_path::get(&options_of_a, &one.path).unwrap_or(&Value::Null)), value(&one.value));
        let is_alike = |(of, told): &&mut (Option<&str>, Told)| {
            field.is_some() && *of == field && (&told.a, &told.b) == (&in_a, &in_b)
        };
        if let Some((_, told)) = all.iter_mut().find(is_alike) {
            told.paths.push(one.path.clone());
        } else {
            all.push((field, Told { paths: vec![one.path.clone()], name: String::new(), a: in_a, b: in_b }));
        }
    }
    let named = |(field, told): (Option<&str>, Told)| Told { name: name(&told.paths, field), ..told };
    all.into_iter().map(named).collect()
}

/// The name of an option: where it is without what goes without saying; with all projections that have it.
fn name(paths: &[String], field: Option<&str>) -> String {
    let Some(field) = field else { return paths.concat().replace(['.', '_'], " ") };
    let of = |path: &String| {
        let path = path.strip_prefix("projections.").unwrap_or(path);
        path.strip_suffix(field).unwrap_or(path).trim_end_matches('.').replace('_', " ")
    };
    let projections: Vec<String> = paths.iter().map(of).collect();
    let field = field.replace(['.', '_'], " ");
    match projections.len() {
        1 | 2 => format!("{} {field}", projections.join(" and ")),
        count => format!("{field} of {count} projections"),
    }
}

/// A value in words.
fn value(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(true) => "on".to_owned(),
        Value::Bool(false) => "off".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => spaced(text),
        Value::Array(items) => plural(items.len(), "entry"),
        Value::Object(fields) => {
            let field = |(name, one): (&String, &Value)| match name.as_str() {
                "kind" => self::value(one),
                name => format!("{} {}", name.replace('_', " "), self::value(one)),
            };
            fields.iter().map(field).collect::<Vec<_>>().join(", ")
        }
    }
}

/// A word of a file as it is written elsewhere: `processed events` for `processed_events`, `2 s 500 ms` for `2s 500ms`.
fn spaced(text: &str) -> String {
    let part = |part: &str| {
        let unit = part.find(|c: char| c.is_ascii_alphabetic()).filter(|at| *at > 0);
        match unit {
            Some(at) if part.starts_with(|c: char| c.is_ascii_digit()) => format!("{} {}", &part[..at], &part[at..]),
            _ => part.replace('_', " "),
        }
    };
    text.split(' ').map(part).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::system::options::Options;
    use serde_json::json;

    use super::{Difference, told, value};

    #[test]
    fn a_difference_is_said_as_a_person_would() {
        let path = "projections.order_view.idempotency".to_owned();
        let one = [Difference { path, value: json!("processed_events") }];
        let all = told(&Options::default(), &one);
        assert_eq!(all[0].sentence(), "order view idempotency: processed events instead of none");
        let mut same = Options::default();
        same.projections.order_view.idempotency = crate::system::options::Idempotency::ProcessedEvents;
        assert_eq!(told(&same, &one)[0].sentence(), "order view idempotency: processed events in both now");
    }

    #[test]
    fn what_projections_have_alike_is_said_once() {
        let one = |model: &str| Difference { path: format!("projections.{model}.batch"), value: json!(4) };
        let all = told(&Options::default(), &[one("order_view"), one("sales_dashboard")]);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].sentence(), "order view and sales dashboard batch: 4 instead of 1");
        assert_eq!(all[0].paths.len(), 2);
        let all = told(&Options::default(), &[one("order_view"), one("sales_dashboard"), one("product_search")]);
        assert_eq!(all[0].sentence(), "batch of 3 projections: 4 instead of 1");
    }

    #[test]
    fn values_have_their_units() {
        let said = [
            json!("60ms"),
            json!("2s 500ms"),
            json!(true),
            json!(null),
            json!(4),
            json!({ "kind": "uniform", "min": "1s" }),
            json!([1, 2]),
        ];
        let said: Vec<String> = said.iter().map(value).collect();
        assert_eq!(said, ["60 ms", "2 s 500 ms", "on", "none", "4", "uniform, min 1 s", "2 entries"]);
    }
}
