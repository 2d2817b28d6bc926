//! What stands in the form: the scenario of the run, or what a person is making of it and the machine does not take yet.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;
use sim::scenario::error::ScenarioError;
use sim::scenario::json::whole;
use sim::scenario::recording::Scenario;
use sim::scenario::value_path;

use crate::desk::Desk;
use crate::intent::Intent;

/// The field that an error is about, and what is wrong, in words.
pub fn place_and_words(error: &ScenarioError) -> (String, String) {
    match error {
        ScenarioError::Field { field, expected, found, .. } | ScenarioError::Value { field, expected, found } => {
            (field.clone(), format!("expected {expected}, found {found}"))
        }
        other => (String::new(), other.to_string()),
    }
}

/// The form's values. Copying it is free.
#[derive(Clone, Copy)]
pub struct Draft {
    desk: Desk,
    /// What stands in the form.
    pub value: RwSignal<Arc<Value>>,
    /// The scenario as it came.
    pub given: Memo<Arc<Value>>,
    /// What the machine would not take, and why.
    pub error: RwSignal<Option<ScenarioError>>,
}

impl Draft {
    /// A draft of the run's scenario. It follows every change of the run, wherever that was made.
    pub fn new(desk: Desk) -> Self {
        let base = Memo::new(move |_| Arc::new(whole(&desk.present())));
        let value = RwSignal::new(base.get_untracked());
        let error = RwSignal::new(None);
        Effect::new(move |_| {
            value.set(base.get());
            error.set(None);
        });
        Self { desk, value, given: Memo::new(move |_| Arc::new(desk.given.with(|given| whole(given)))), error }
    }

    /// What is at a path now.
    pub fn at(self, path: &str) -> Value {
        self.value.with(|value| value_path::get(value, path).cloned().unwrap_or_default())
    }

    /// What is at a path in the scenario as it came.
    pub fn given_at(self, path: &str) -> Value {
        self.given.with(|given| value_path::get(given, path).cloned().unwrap_or_default())
    }

    /// Puts a value at a path, and lets the run go on with it if the machine takes it.
    pub fn put(self, path: &str, new: Value) {
        let mut value = Value::clone(&self.value.get_untracked());
        value_path::put(&mut value, path, new);
        self.offer(value);
    }

    /// Puts everything back to what the scenario came with.
    pub fn reset(self) {
        self.offer(Value::clone(&self.given.get_untracked()));
    }

    /// Throws away what the machine did not take.
    pub fn forget(self) {
        self.value.set(Arc::new(whole(&self.desk.present())));
        self.error.set(None);
    }

    /// Offers a scenario to the machine. What it refuses stays in the form, with the reason.
    fn offer(self, value: Value) {
        match Scenario::from_json(&value.to_string()) {
            Ok(scenario) => {
                self.value.set(Arc::new(whole(&scenario)));
                self.error.set(None);
                self.desk.send(Intent::Rewrite(Box::new(scenario)));
            }
            Err(error) => {
                self.value.set(Arc::new(value));
                self.error.set(Some(error));
            }
        }
    }

    /// What is wrong at a path or in it, if that is where the error is.
    pub fn wrong_at(self, path: &str) -> Option<String> {
        self.error.with(|error| {
            let (field, words) = place_and_words(error.as_ref()?);
            let deeper = field.strip_prefix(path)?.trim_start_matches('.').to_owned();
            let inside = value_path::covers(path, &field);
            inside.then(|| if deeper.is_empty() { words } else { format!("{deeper}: {words}") })
        })
    }
}

#[cfg(test)]
mod tests {
    use sim::scenario::json::whole;
    use sim::scenario::recording::Scenario;

    use super::place_and_words;

    #[test]
    fn an_error_has_a_place_and_words() {
        let mut value = whole(&Scenario::default());
        value["options"]["broker"]["partitions"] = 77.into();
        let error = Scenario::from_json(&value.to_string()).expect_err("77 is too many");
        let (place, words) = place_and_words(&error);
        assert_eq!(place, "options.broker.partitions");
        assert!(words.starts_with("expected ") && words.contains("77"), "{words}");
    }
}
