//! The controls of the form: one for each kind of value. Controls of compound values are made of them.

use std::sync::Arc;

use leptos::ev::{Event, Targeted};
use leptos::prelude::*;
use serde_json::{Value, json};
use sim::kernel::time::Micros;
use sim::scenario::value_path;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

use super::describe::{Number, Part, Shape};
use super::draft::Draft;
use super::list::list;
use super::pick::choice;
use super::section::words;
use super::step::{number_text, number_value, span_text, stepped, stepped_span};
use super::stepper::stepper;

/// Where a control stands, and what it is called.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its path in the scenario.
    pub path: String,
    /// Its name for screen readers.
    pub label: String,
    /// The id of the text about it.
    pub described_by: String,
    /// Its value when the scenario has none.
    pub fallback: Value,
}

impl Place {
    /// The place of a part of it.
    fn part(&self, part: &Part) -> Self {
        Self {
            path: value_path::key(&self.path, &part.name),
            label: format!("{}, {}", self.label, words(&part.name)),
            fallback: part.default.clone().unwrap_or_default(),
            ..self.clone()
        }
    }

    /// The place of an item of it.
    pub fn item(&self, at: usize) -> Self {
        Self {
            path: value_path::item(&self.path, at),
            label: format!("{}, {}", self.label, at + 1),
            fallback: Value::Null,
            ..self.clone()
        }
    }

    /// The value there.
    pub fn value(&self, draft: Draft) -> Memo<Value> {
        let here = self.clone();
        Memo::new(move |_| {
            draft.value.with(|value| value_path::get(value, &here.path).unwrap_or(&here.fallback).clone())
        })
    }

    /// Is the value there refused?
    pub fn wrong(&self, draft: Draft) -> impl Fn() -> Option<&'static str> + Clone + Send + Sync + 'static {
        let here = self.path.clone();
        move || draft.wrong_at(&here).map(|_| "true")
    }
}

/// A value in a few words, for a button or the line of a list.
pub fn brief(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = match value {
        Value::Null => "none".to_owned(),
        Value::Bool(on) => if *on { "on" } else { "off" }.to_owned(),
        Value::String(text) => span(value).unwrap_or_else(|| words(text).to_lowercase()),
        Value::Array(items) if items.is_empty() => "empty".to_owned(),
        Value::Array(items) => format!("{} in the list", items.len()),
        Value::Object(fields) => {
            let part = |(name, value): (&String, &Value)| match value {
                // What something is says enough without the word for it.
                Value::String(text) if name == "kind" => words(text).to_lowercase(),
                Value::String(text) => {
                    format!("{} {}", words(name).to_lowercase(), span(value).unwrap_or_else(|| text.clone()))
                }
                value => format!("{} {}", words(name).to_lowercase(), brief(value)),
            };
            // What is not there is not worth a word.
            let told = fields.iter().filter(|(_, value)| !value.is_null() && *value != "");
            told.map(part).collect::<Vec<_>>().join(", ")
        }
        Value::Number(number) => number.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A span of time as it is written for people, with a space before its unit; nothing if the value is something else.
fn span(value: &Value) -> Option<String> {
    let is_number = value.as_str().is_some_and(|text| text.starts_with(|first: char| first.is_ascii_digit()));
    is_number.then(|| serde_json::from_value::<Micros>(value.clone()).ok())?.map(|span| span.to_string())
}

/// The control of a value.
pub fn control(draft: Draft, place: Place, shape: &Arc<Shape>) -> AnyView {
    match &**shape {
        Shape::Switch => switch(draft, place),
        Shape::Number(number) => number_control(draft, place, number.clone()),
        Shape::Text { span, .. } => text(draft, place, *span),
        Shape::Choice { variants, distribution } => choice(draft, place, variants.clone(), *distribution),
        Shape::Group(parts) => group(draft, &place, parts),
        Shape::Optional(inner) => optional(draft, place, Arc::clone(inner)),
        Shape::List(inner) => list(draft, place, Arc::clone(inner)),
        Shape::Json => json_text(draft, place),
    }
}

/// Several values, one below the other, each with its name and its text.
pub fn group(draft: Draft, place: &Place, parts: &[Part]) -> AnyView {
    let part = |part: &Part| {
        view! {
            <div class="option-part">
                <span class="option-part-name">{words(&part.name)}</span>
                {control(draft, place.part(part), &part.shape)}
                <span class="field-hint">{part.about.clone()}</span>
            </div>
        }
    };
    view! { <div class="option-parts">{parts.iter().map(part).collect_view()}</div> }.into_any()
}

fn switch(draft: Draft, place: Place) -> AnyView {
    let value = place.value(draft);
    let on = move || value.with(|value| *value == true);
    let Place { path, label, described_by, .. } = place;
    let choose = move |event: Targeted<Event, HtmlInputElement>| draft.put(&path, json!(event.target().checked()));
    view! {
        <label class="switch">
            <input type="checkbox" role="switch" aria-label=label aria-describedby=described_by prop:checked=on on:change:target=choose />
            <span aria-hidden="true">{move || if on() { "on" } else { "off" }}</span>
        </label>
    }
    .into_any()
}

/// A number between two buttons, and its unit.
fn number_control(draft: Draft, place: Place, number: Number) -> AnyView {
    let value = place.value(draft);
    let percent = number.percent;
    let shown = move || value.with(|value| number_text(value, percent));
    let step = {
        let (number, path) = (number.clone(), place.path.clone());
        move |up: bool| draft.put(&path, value.with_untracked(|value| stepped(&number, value, up)))
    };
    let (whole, path) = (number.whole, place.path.clone());
    let choose = move |text: String| draft.put(&path, number_value(&text, whole, percent));
    stepper(draft, place, number.unit, "decimal", shown, choose, step)
}

/// A text as it is. What is none stands there as JSON, to be corrected.
fn plain_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A text; a span of time has steps, too.
fn text(draft: Draft, place: Place, span: bool) -> AnyView {
    let value = place.value(draft);
    let shown = move || value.with(if span { span_text } else { plain_text });
    let path = place.path.clone();
    let choose = move |text: String| draft.put(&path, json!(text));
    if span {
        let path = place.path.clone();
        let step = move |up: bool| draft.put(&path, value.with_untracked(|value| stepped_span(value, up)));
        return stepper(draft, place, String::new(), "text", shown, choose, step);
    }
    let wrong = place.wrong(draft);
    let written = move |event: Targeted<Event, HtmlInputElement>| choose(event.target().value());
    view! {
        <input
            class="text"
            type="text"
            spellcheck="false"
            aria-label=place.label
            aria-describedby=place.described_by
            aria-invalid=wrong
            prop:value=shown
            on:change:target=written
        />
    }
    .into_any()
}

/// None, or a value.
fn optional(draft: Draft, place: Place, inner: Arc<Shape>) -> AnyView {
    let value = place.value(draft);
    let set = Memo::new(move |_| value.with(|value| !value.is_null()));
    let label = format!("{}: is it set?", place.label);
    let choose = {
        let (path, inner) = (place.path.clone(), Arc::clone(&inner));
        move |event: Targeted<Event, HtmlInputElement>| {
            draft.put(&path, if event.target().checked() { inner.sample() } else { Value::Null });
        }
    };
    let body = move || set.get().then(|| control(draft, place.clone(), &inner));
    view! {
        <div class="option-optional">
            <label class="switch">
                <input type="checkbox" role="switch" aria-label=label prop:checked=move || set.get() on:change:target=choose />
                <span aria-hidden="true">{move || if set.get() { "set" } else { "none" }}</span>
            </label>
            {body}
        </div>
    }
    .into_any()
}

/// A value of a kind that has no control: as JSON.
fn json_text(draft: Draft, place: Place) -> AnyView {
    let value = place.value(draft);
    let shown = move || value.with(|value| serde_json::to_string_pretty(value).unwrap_or_default());
    let wrong = place.wrong(draft);
    let Place { path, label, described_by, .. } = place;
    let choose = move |event: Targeted<Event, HtmlTextAreaElement>| {
        let text = event.target().value();
        // What is no JSON is offered as a text, which the machine refuses with the reason.
        draft.put(&path, serde_json::from_str(&text).unwrap_or(json!(text)));
    };
    view! {
        <textarea class="text mono" rows="4" spellcheck="false" aria-label=label aria-describedby=described_by aria-invalid=wrong prop:value=shown on:change:target=choose></textarea>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::brief;

    #[test]
    fn a_value_is_told_in_a_few_words() {
        assert_eq!(brief(&json!("with_effect")), "with effect");
        assert_eq!(brief(&json!({ "at": "1s", "do": "ship_order", "note": "", "of": null })), "at 1 s, do ship_order");
        assert_eq!(brief(&json!({ "kind": "uniform", "max": "80ms" })), "uniform, max 80 ms");
        assert_eq!(brief(&json!("1s 500ms")), "1.50 s");
        assert_eq!([brief(&json!(null)), brief(&json!(true)), brief(&json!([]))], ["none", "on", "empty"]);
        assert!(brief(&json!({ "name": "n".repeat(200) })).ends_with('…'));
    }
}
