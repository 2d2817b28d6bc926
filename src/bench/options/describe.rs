//! What an option can be, read off the JSON Schema of scenarios: kind, range, unit, possibilities, and what it is about.

use std::cell::RefCell;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use sim::kernel::sorting::sort_by_key;

/// What a value can be.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// On or off.
    Switch,
    /// A number.
    Number(Number),
    /// A text; the example is a valid one.
    Text {
        /// Such as `120ms` or `O-900`; empty where any text will do.
        example: String,
        /// Is it a span of time?
        span: bool,
    },
    /// One of several.
    Choice {
        /// The possibilities.
        variants: Vec<Variant>,
        /// Is it a distribution of spans, which can be drawn?
        distribution: bool,
    },
    /// Several values, each with a name.
    Group(Vec<Part>),
    /// A value, or none.
    Optional(Arc<Shape>),
    /// Any number of values of one kind.
    List(Arc<Shape>),
    /// Anything else: it is edited as JSON, so that nothing is out of reach.
    Json,
}

/// A number, its range and its unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// The least, if the description says so.
    pub min: Option<f64>,
    /// The most, if the description says so.
    pub max: Option<f64>,
    /// Is it a whole number?
    pub whole: bool,
    /// Is it a probability, which is shown in percent?
    pub percent: bool,
    /// What it counts, such as `events`; empty for the number of something.
    pub unit: String,
}

/// One of several values.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its name in the file.
    pub name: String,
    /// What it is about, with its range and its default.
    pub about: String,
    /// What it can be.
    pub shape: Arc<Shape>,
    /// What it is when nothing else is said.
    pub default: Option<Value>,
    /// Must it be there?
    pub required: bool,
}

/// A possibility.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its name in the file.
    pub name: String,
    /// What it means.
    pub about: String,
    /// How it is written.
    pub form: Form,
}

/// How a possibility is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// As its name.
    Plain,
    /// As an object in which one field has the name, beside further ones.
    Tagged {
        /// The field with the name.
        tag: String,
        /// The further fields.
        parts: Vec<Part>,
    },
    /// As an object with the name as its only field.
    Keyed(Arc<Shape>),
}

impl Variant {
    /// Is a value this possibility?
    pub fn is(&self, value: &Value) -> bool {
        match &self.form {
            Form::Plain => value.as_str() == Some(&self.name),
            Form::Tagged { tag, .. } => value.get(tag).and_then(Value::as_str) == Some(&self.name),
            Form::Keyed(_) => value.get(&self.name).is_some(),
        }
    }

    /// A valid value of this possibility.
    pub fn sample(&self) -> Value {
        match &self.form {
            Form::Plain => json!(self.name),
            Form::Tagged { tag, parts } => {
                let mut fields = sample_of(parts);
                fields.insert(tag.clone(), json!(self.name));
                Value::Object(fields)
            }
            Form::Keyed(inner) => json!({ self.name.as_str(): inner.sample() }),
        }
    }
}

fn sample_of(parts: &[Part]) -> Map<String, Value> {
    let value = |part: &Part| part.default.clone().unwrap_or_else(|| part.shape.sample());
    let mut sample = Map::new();
    sample.extend(parts.iter().map(|part| (part.name.clone(), value(part))));
    sample
}

impl Shape {
    /// A valid value, to start from.
    pub fn sample(&self) -> Value {
        match self {
            Self::Switch => json!(false),
            Self::Number(number) => {
                let least = number.min.unwrap_or(0.0).max(if number.whole { 1.0 } else { 0.0 });
                // The ranges of options are far from what a whole number can hold.
                #[expect(clippy::cast_possible_truncation)]
                if number.whole { json!(least as i64) } else { json!(least) }
            }
            Self::Text { example, .. } => json!(example),
            Self::Choice { variants, .. } => variants.first().map_or(Value::Null, Variant::sample),
            Self::Group(parts) => Value::Object(sample_of(parts)),
            Self::Optional(_) | Self::Json => Value::Null,
            Self::List(_) => json!([]),
        }
    }
}

/// The shape of the whole scenario, from the text of its schema.
pub fn describe(schema: &str) -> Option<Shape> {
    let root: Value = serde_json::from_str(schema).ok()?;
    let reader = Reader { definitions: root.get("$defs")?, within: RefCell::default() };
    Some(reader.shape(&root, ""))
}

/// How often a definition is opened within itself.
const DEEPEST: usize = 2;

/// Reads shapes and knows where the definitions are.
struct Reader<'a> {
    definitions: &'a Value,
    /// The definitions that are being read, outermost first.
    within: RefCell<Vec<String>>,
}

impl Reader<'_> {
    /// The shape of a schema. What an option is about tells what a number of it counts.
    fn shape(&self, schema: &Value, about: &str) -> Shape {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            return self.named(name, about);
        }
        if let Some(possibilities) = schema["oneOf"].as_array() {
            let variants = possibilities.iter().flat_map(|one| self.variants(one)).collect();
            return Shape::Choice { variants, distribution: false };
        }
        if let Some(inner) = schema["anyOf"].as_array().and_then(|either| or_null(either)) {
            return Shape::Optional(Arc::new(self.shape(inner, about)));
        }
        let kinds = &schema["type"];
        if let Some(kind) = kinds.as_array().and_then(|kinds| kinds.iter().find(|kind| *kind != "null")) {
            let mut inner = schema.clone();
            inner["type"] = kind.clone();
            return Shape::Optional(Arc::new(self.shape(&inner, about)));
        }
        match kinds.as_str() {
            Some("boolean") => Shape::Switch,
            Some("integer" | "number") => Shape::Number(Number {
                min: schema["minimum"].as_f64(),
                max: schema["maximum"].as_f64(),
                whole: kinds == "integer",
                percent: false,
                unit: counted(about).to_owned(),
            }),
            Some("string") if schema["enum"].is_array() => {
                Shape::Choice { variants: self.variants(schema), distribution: false }
            }
            Some("string") => Shape::Text { example: String::new(), span: false },
            Some("array") if schema["items"].is_object() => Shape::List(Arc::new(self.shape(&schema["items"], ""))),
            Some("object") if schema["properties"].is_object() => Shape::Group(self.parts(schema)),
            _ => Shape::Json,
        }
    }

    /// The shape of a definition. A few kinds of value have controls of their own.
    fn named(&self, name: &str, about: &str) -> Shape {
        // A definition may contain itself, as the new version of a read model is a consumer within a consumer. A form
        // can not go on for ever, so what lies deeper is edited as JSON.
        if self.within.borrow().iter().filter(|outer| *outer == name).count() >= DEEPEST {
            return Shape::Json;
        }
        let definition = &self.definitions[name];
        self.within.borrow_mut().push(name.to_owned());
        let shape = self.shape(definition, about);
        self.within.borrow_mut().pop();
        let words = definition["description"].as_str().unwrap_or_default();
        match (name, shape) {
            ("Probability", Shape::Number(number)) => {
                Shape::Number(Number { percent: true, unit: "%".to_owned(), ..number })
            }
            ("Cents", Shape::Number(number)) => Shape::Number(Number { unit: "cents".to_owned(), ..number }),
            ("Distribution", Shape::Choice { variants, .. }) => Shape::Choice { variants, distribution: true },
            (name, Shape::Text { .. }) => Shape::Text { example: quoted(words).to_owned(), span: name == "Span" },
            (_, shape) => shape,
        }
    }

    fn parts(&self, schema: &Value) -> Vec<Part> {
        let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
        let Some(fields) = schema["properties"].as_object() else { return Vec::new() };
        let part = |(name, field): (&String, &Value)| {
            let about = plain(field["description"].as_str().unwrap_or_default());
            Part {
                shape: Arc::new(self.shape(field, &about)),
                name: name.clone(),
                about,
                default: field.get("default").cloned(),
                required: required(name),
            }
        };
        let mut parts: Vec<Part> = fields.iter().map(part).collect();
        // What decides whether the rest matters comes first, and groups come after single values.
        sort_by_key(&mut parts, |part| {
            (!matches!(part.name.as_str(), "enabled" | "kind" | "name"), matches!(*part.shape, Shape::Group(_)))
        });
        parts
    }

    /// The possibilities that one schema of several stands for.
    fn variants(&self, schema: &Value) -> Vec<Variant> {
        let about = plain(schema["description"].as_str().unwrap_or_default());
        let plainly = |name: &Value| Variant {
            name: name.as_str().unwrap_or_default().to_owned(),
            about: about.clone(),
            form: Form::Plain,
        };
        if let Some(names) = schema["enum"].as_array() {
            return names.iter().map(plainly).collect();
        }
        if schema["const"].is_string() {
            return vec![plainly(&schema["const"])];
        }
        let Some(fields) = schema["properties"].as_object() else { return Vec::new() };
        if let Some((tag, name)) = fields.iter().find_map(|(tag, field)| Some((tag, field["const"].as_str()?))) {
            let parts = self.parts(schema).into_iter().filter(|part| part.name != *tag).collect();
            return vec![Variant { name: name.to_owned(), about, form: Form::Tagged { tag: tag.clone(), parts } }];
        }
        let keyed = |(name, inner): (&String, &Value)| Variant {
            name: name.clone(),
            about: about.clone(),
            form: Form::Keyed(Arc::new(self.shape(inner, &about))),
        };
        fields.iter().map(keyed).collect()
    }
}

/// The one of two schemas that is not `null`.
fn or_null(either: &[Value]) -> Option<&Value> {
    let [one, other] = either else { return None };
    if other["type"] == "null" { Some(one) } else { (one["type"] == "null").then_some(other) }
}

/// What a number counts, told by the sentence about it: `How many events a partition keeps` counts events.
fn counted(about: &str) -> &str {
    let lower = about.trim_start_matches("At ");
    let after = ["ow many ", "The most "].into_iter().find_map(|start| Some(lower.split_once(start)?.1));
    let words = after.unwrap_or_default().split(|c: char| !c.is_alphabetic());
    words.into_iter().find(|word| !matches!(*word, "later" | "more" | "other" | "new")).unwrap_or_default()
}

/// The first thing in quotation marks.
fn quoted(text: &str) -> &str {
    text.split('"').nth(1).unwrap_or_default()
}

/// A description as a person reads it: without line breaks, code marks and notes on where it was asked for.
fn plain(text: &str) -> String {
    let mut words = text.replace('\n', " ").replace('`', "");
    for (open, close) in [(" [seed", ']'), (" (MISSION", ')')] {
        while let Some(start) = words.find(open) {
            let Some(length) = words[start..].find(close) else { break };
            words.replace_range(start..=start + length, "");
        }
    }
    words
}

#[cfg(test)]
pub mod tests {
    use serde_json::json;

    use super::{Form, Shape, counted, describe, plain};

    /// The shape of a scenario, as the page gets it.
    pub fn scenario() -> Shape {
        describe(include_str!("../../../docs/scenario.schema.json")).expect("the schema is JSON")
    }

    fn at<'a>(shape: &'a Shape, path: &[&str]) -> &'a Shape {
        path.iter().fold(shape, |shape, name| {
            let Shape::Group(parts) = shape else { panic!("{name} is in no group") };
            &parts.iter().find(|part| part.name == *name).expect("it is there").shape
        })
    }

    #[test]
    fn every_kind_of_option_is_recognised() {
        let scenario = scenario();
        let Shape::Number(partitions) = at(&scenario, &["options", "broker", "partitions"]) else { panic!("a number") };
        assert_eq!((partitions.min, partitions.max, partitions.unit.as_str()), (Some(1.0), Some(16.0), "partitions"));
        let Shape::Number(cancel) = at(&scenario, &["options", "workload", "cancel"]) else { panic!("a number") };
        assert!(cancel.percent);
        let gap = at(&scenario, &["options", "workload", "gap"]);
        let Shape::Choice { variants, distribution: true } = gap else { panic!("a distribution") };
        assert_eq!(variants.len(), 4);
        assert!(matches!(&variants[0].form, Form::Tagged { tag, .. } if tag == "kind"));
        assert_eq!(variants[0].sample(), json!({ "kind": "constant", "value": "120ms" }));
        let breaker = at(&scenario, &["options", "order_service", "api", "breaker"]);
        assert!(matches!(breaker, Shape::Optional(inner) if matches!(**inner, Shape::Group(_))));
        let retention = at(&scenario, &["options", "broker", "retention"]);
        assert!(matches!(retention, Shape::Optional(inner) if matches!(**inner, Shape::Number(_))));
        let script = at(&scenario, &["options", "workload", "script"]);
        let Shape::List(line) = script else { panic!("a list") };
        assert_eq!(line.sample()["to"], "O-900");
        assert_eq!(line.sample()["do"]["create_order"]["customer"], "C-123");
    }

    /// Is the last step of a path one that it has made before?
    fn goes_in_circles(path: &str) -> bool {
        path.rsplit_once('.').is_some_and(|(before, last)| before.split('.').any(|step| step == last))
    }

    #[test]
    fn only_what_contains_itself_is_edited_as_json() {
        fn look(path: &str, shape: &Shape) {
            match shape {
                Shape::Json => assert!(goes_in_circles(path), "{path} has no control"),
                Shape::Group(parts) => {
                    parts.iter().for_each(|part| look(&format!("{path}.{}", part.name), &part.shape))
                }
                Shape::Optional(inner) | Shape::List(inner) => look(path, inner),
                Shape::Choice { variants, .. } => {
                    assert!(!variants.is_empty(), "{path}");
                    for variant in variants {
                        match &variant.form {
                            Form::Tagged { parts, .. } => parts.iter().for_each(|part| look(path, &part.shape)),
                            Form::Keyed(inner) => look(path, inner),
                            Form::Plain => {}
                        }
                    }
                }
                Shape::Switch | Shape::Number(_) | Shape::Text { .. } => {}
            }
        }
        look("", &scenario());
    }

    #[test]
    fn words_are_for_people() {
        assert_eq!(counted("For how many later events a processed one is remembered"), "events");
        assert_eq!(counted("The seed of all chance"), "");
        assert_eq!(
            plain("How it runs\n[seed 003, seed 004], or `not` (MISSION A8)."),
            "How it runs [seed 003, seed 004], or not.".replace(" [seed 003, seed 004]", "")
        );
    }
}
