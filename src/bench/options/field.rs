//! The controls of the form: one for each kind of value. Controls of compound values are made of them.

use std::sync::Arc;

use leptos::ev::{Event, KeyboardEvent, Targeted};
use leptos::prelude::*;
use serde_json::{Value, json};
use sim::kernel::distribution::Distribution;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use super::describe::{Form, Number, Part, Shape, Variant};
use super::draft::Draft;
use super::list::list;
use super::path;
use super::section::words;
use super::sketch::{SIZE, sketch};
use super::step::{number_text, number_value, stepped, stepped_span};

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
            path: path::key(&self.path, &part.name),
            label: format!("{}, {}", self.label, words(&part.name)),
            fallback: part.default.clone().unwrap_or_default(),
            ..self.clone()
        }
    }

    /// The place of an item of it.
    pub fn item(&self, at: usize) -> Self {
        Self {
            path: path::item(&self.path, at),
            label: format!("{}, {}", self.label, at + 1),
            fallback: Value::Null,
            ..self.clone()
        }
    }

    /// The value there.
    pub fn value(&self, draft: Draft) -> Memo<Value> {
        let here = self.clone();
        Memo::new(move |_| draft.value.with(|value| path::get(value, &here.path).unwrap_or(&here.fallback).clone()))
    }

    /// Is the value there refused?
    fn wrong(&self, draft: Draft) -> impl Fn() -> Option<&'static str> + Clone + Send + Sync + 'static {
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
        Value::String(text) => words(text).to_lowercase(),
        Value::Array(items) if items.is_empty() => "empty".to_owned(),
        Value::Array(items) => format!("{} in the list", items.len()),
        Value::Object(fields) => {
            let part = |(name, value): (&String, &Value)| match value {
                Value::String(text) => format!("{} {text}", words(name).to_lowercase()),
                value => format!("{} {}", words(name).to_lowercase(), brief(value)),
            };
            fields.iter().map(part).collect::<Vec<_>>().join(", ")
        }
        Value::Number(number) => number.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
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

/// A text; a span of time has steps, too.
fn text(draft: Draft, place: Place, span: bool) -> AnyView {
    let value = place.value(draft);
    let shown = move || value.with(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
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

/// A value that one can write, or step through with buttons and with the arrows.
fn stepper(
    draft: Draft,
    place: Place,
    unit: String,
    keyboard: &'static str,
    shown: impl Fn() -> String + Copy + Send + Sync + 'static,
    choose: impl Fn(String) + 'static,
    step: impl Fn(bool) + Clone + 'static,
) -> AnyView {
    let (down, up, keys) = (step.clone(), step.clone(), step);
    let (less, more) = (format!("Less: {}", place.label), format!("More: {}", place.label));
    let wrong = place.wrong(draft);
    let written = move |event: Targeted<Event, HtmlInputElement>| choose(event.target().value());
    let pressed = move |event: KeyboardEvent| {
        let up = match event.key().as_str() {
            "ArrowUp" => true,
            "ArrowDown" => false,
            _ => return,
        };
        event.prevent_default();
        keys(up);
    };
    view! {
        <span class="stepper">
            <button type="button" tabindex="-1" aria-label=less on:click=move |_| down(false)>"−"</button>
            <input
                class="text"
                type="text"
                role="spinbutton"
                inputmode=keyboard
                spellcheck="false"
                aria-label=place.label
                aria-describedby=place.described_by
                aria-invalid=wrong
                aria-valuetext=shown
                prop:value=shown
                on:keydown=pressed
                on:change:target=written
            />
            <button type="button" tabindex="-1" aria-label=more on:click=move |_| up(true)>"+"</button>
            <span class="unit">{unit}</span>
        </span>
    }
    .into_any()
}

/// One of several, what it means, and what further belongs to it.
fn choice(draft: Draft, place: Place, variants: Vec<Variant>, distribution: bool) -> AnyView {
    let value = place.value(draft);
    let variants = Arc::new(variants);
    let known = Arc::clone(&variants);
    let chosen = Memo::new(move |_| value.with(|value| known.iter().position(|variant| variant.is(value))));
    let entries = variants
        .iter()
        .enumerate()
        .map(|(at, variant)| {
            view! { <option value=at selected=move || chosen.get() == Some(at)>{words(&variant.name).to_lowercase()}</option> }
        })
        .collect_view();
    let choose = {
        let (path, variants) = (place.path.clone(), Arc::clone(&variants));
        move |event: Targeted<Event, HtmlSelectElement>| {
            let variant = event.target().value().parse().ok().and_then(|at: usize| variants.get(at));
            if let Some(variant) = variant {
                draft.put(&path, value.with_untracked(|value| carried_over(variant, value)));
            }
        }
    };
    let label = place.label.clone();
    let (described_by, wrong) = (place.described_by.clone(), place.wrong(draft));
    let further = move || {
        let variant = variants.get(chosen.get()?)?;
        let about =
            (!distribution).then(|| view! { <span class="field-hint option-meaning">{variant.about.clone()}</span> });
        let inner = match &variant.form {
            Form::Plain => None,
            Form::Tagged { parts, .. } => Some(group(draft, &place, parts)),
            Form::Keyed(inner) => {
                let place =
                    Place { path: path::key(&place.path, &variant.name), fallback: inner.sample(), ..place.clone() };
                Some(view! { <div class="option-parts">{control(draft, place, inner)}</div> }.into_any())
            }
        };
        Some(view! { {about}{inner} })
    };
    let drawing = distribution.then(|| move || value.with(drawn));
    view! {
        <div class="option-choice">
            <select class="text" aria-label=label aria-describedby=described_by aria-invalid=wrong
                prop:value=move || chosen.get().map(|at| at.to_string()).unwrap_or_default() on:change:target=choose>
                {entries}
            </select>
            {drawing}
            {further}
        </div>
    }
    .into_any()
}

/// A value of another possibility. A distribution keeps its typical span, as it does on the dials.
fn carried_over(variant: &Variant, value: &Value) -> Value {
    let distribution = serde_json::from_value::<Distribution>(value.clone()).ok();
    let shape = ["constant", "uniform", "exponential", "lognormal"].iter().position(|name| *name == variant.name);
    match (distribution, shape) {
        (Some(distribution), Some(shape)) => json!(crate::bench::choice::shaped(&distribution, shape)),
        _ => variant.sample(),
    }
}

/// The drawing of a distribution, unless it is one that cannot be.
fn drawn(value: &Value) -> Option<AnyView> {
    let distribution = serde_json::from_value::<Distribution>(value.clone()).ok()?;
    let (outline, reach) = distribution.fault().is_none().then(|| sketch(&distribution))?;
    // At most a few hours in microseconds.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let reach = sim::kernel::time::Micros((reach / 1_000.0).round() as u64 * 1_000);
    let (width, height) = SIZE;
    let frame = format!("0 0 {width} {height}");
    Some(
        view! {
            <span class="sketch" aria-hidden="true">
                <svg viewBox=frame preserveAspectRatio="none"><path d=outline></path></svg>
                <span>"0 s"</span>
                <span>{reach.to_string()}</span>
            </span>
        }
        .into_any(),
    )
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
