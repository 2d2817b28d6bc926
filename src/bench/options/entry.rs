//! The options one by one, to be listed and searched.

use std::sync::Arc;

use serde_json::Value;
use sim::kernel::sorting::sort_by_key;
use sim::scenario::value_path;

use super::describe::{Form, Part, Shape};
use super::section::{Acts, Topic, acts, said_by_section, section, topic, words};

/// One option.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Where it is in the scenario.
    pub path: String,
    /// The topic that it belongs to.
    pub topic: Topic,
    /// The heading of its section.
    pub section: String,
    /// What it is part of within the section, such as `Delivery`; may be empty.
    pub of: String,
    /// Its name in words.
    pub name: String,
    /// What it is about, with its range and its default.
    pub about: String,
    /// What it can be.
    pub shape: Arc<Shape>,
    /// When a change of it acts.
    pub acts: Acts,
    /// What it is when nothing else is said.
    pub default: Value,
    /// Everything that a search looks at, in lower case.
    text: String,
}

impl Entry {
    /// Its name with everything that it is part of, as a screen reader says it.
    pub fn full_name(&self) -> String {
        let steps = [self.section.as_str(), self.of.as_str(), self.name.as_str()];
        steps.into_iter().filter(|step| !step.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// How well it fits the words of a search: nothing if one of them is missing, more if its name has them.
    fn fit(&self, words: &[String]) -> Option<usize> {
        let name = self.name.to_lowercase();
        let in_name = words.iter().filter(|word| name.contains(word.as_str())).count();
        words.iter().all(|word| self.text.contains(word.as_str())).then_some(in_name)
    }
}

/// Every option of a scenario, in the order of the form. `whole` is a scenario with nothing but defaults.
pub fn entries(scenario: &Shape, whole: &Value) -> Vec<Entry> {
    let mut found = Vec::new();
    collect(scenario, "", &mut Vec::new(), whole, &mut found);
    // Sections keep the order in which the file has them.
    sort_by_key(&mut found, |entry| entry.topic);
    found
}

fn collect(shape: &Shape, path: &str, steps: &mut Vec<String>, whole: &Value, found: &mut Vec<Entry>) {
    let Shape::Group(parts) = shape else { return };
    for part in parts.iter().filter(|part| !(path.is_empty() && part.name == "version")) {
        let path = value_path::key(path, &part.name);
        steps.push(words(&part.name));
        if let Shape::Group(_) = *part.shape {
            collect(&part.shape, &path, steps, whole, found);
        } else {
            found.push(entry(part, path, steps, whole));
        }
        steps.pop();
    }
}

fn entry(part: &Part, path: String, steps: &[String], whole: &Value) -> Entry {
    let of = steps[said_by_section(&path).min(steps.len() - 1)..steps.len() - 1].join(", ");
    let (section, name) = (section(&path), words(&part.name));
    let mut text = format!("{section} {of} {name} {path} {}", part.about);
    if let Shape::Choice { variants, distribution: false } = &*part.shape {
        for variant in variants.iter().filter(|variant| variant.form == Form::Plain) {
            text.push_str(&format!(" {} {}", variant.name, variant.about));
        }
    }
    Entry {
        topic: topic(&path),
        acts: acts(&path, &part.about),
        default: value_path::get(whole, &path).or(part.default.as_ref()).cloned().unwrap_or_default(),
        text: text.to_lowercase(),
        about: part.about.clone(),
        shape: Arc::clone(&part.shape),
        path,
        section,
        of,
        name,
    }
}

/// The places of the options that fit a search, best first.
pub fn search(entries: &[Arc<Entry>], query: &str) -> Vec<usize> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let fits = entries.iter().enumerate().filter_map(|(at, entry)| entry.fit(&words).map(|fit| (fit, at)));
    let mut fitting: Vec<(usize, usize)> = fits.collect();
    sort_by_key(&mut fitting, |(fit, _)| core::cmp::Reverse(*fit));
    fitting.into_iter().map(|(_, at)| at).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::Value;
    use sim::scenario::json::whole;
    use sim::scenario::recording::Scenario;
    use sim::scenario::value_path::key;

    use super::super::describe::tests::scenario;
    use super::{Entry, Topic, entries, search};
    use sim::scenario::value_path::key;

    /// Every option, as the form lists it.
    fn all() -> Vec<Arc<Entry>> {
        entries(&scenario(), &whole(&Scenario::default())).into_iter().map(Arc::new).collect()
    }

    fn leaves(path: &str, value: &Value, all: &[Arc<Entry>], missing: &mut Vec<String>) {
        if all.iter().any(|entry| entry.path == path) {
            return;
        }
        match value.as_object() {
            Some(fields) => fields.iter().for_each(|(name, field)| leaves(&key(path, name), field, all, missing)),
            None => missing.push(path.to_owned()),
        }
    }

    #[test]
    fn no_option_of_a_scenario_is_missing() {
        let all = all();
        let mut missing = Vec::new();
        leaves("", &whole(&Scenario::default()), &all, &mut missing);
        assert_eq!(missing, ["version"]);
        assert!(all.len() > 300, "{}", all.len());
    }

    #[test]
    fn a_search_finds_names_texts_and_paths() {
        let all = all();
        let found = |query: &str| search(&all, query).first().map(|at| all[*at].path.clone()).unwrap_or_default();
        assert_eq!(found("partitions"), "options.broker.partitions");
        assert_eq!(found("circuit BREAKER"), "options.order_service.api.breaker");
        assert_eq!(found("options.saga.timeout"), "options.saga.timeout");
        assert!(found("order view loss").starts_with("options.projections.order_view.delivery.loss"));
        assert!(search(&all, "no such thing at all").is_empty());
        assert_eq!(search(&all, " ").len(), all.len());
    }

    #[test]
    fn a_name_says_what_it_is_part_of() {
        let all = all();
        let loss = all.iter().find(|entry| entry.path == "options.projections.order_view.delivery.loss");
        assert_eq!(loss.expect("it is there").full_name(), "Order view, Delivery, Loss");
        assert!(all.iter().any(|entry| entry.topic == Topic::Faults && entry.path == "overrides"));
    }
}
