//! The control of a choice, and of what further belongs to what was chosen; distributions are drawn.

use std::sync::Arc;

use leptos::ev::{Event, Targeted};
use leptos::prelude::*;
use serde_json::Value;
use sim::kernel::time::Micros;
use sim::scenario::json;
use sim::scenario::value_path;
use web_sys::HtmlSelectElement;

use super::describe::{Form, Variant};
use super::draft::Draft;
use super::field::{Place, control, group};
use super::section::words;
use super::sketch::{SIZE, sketch};

/// One of several, what it means, and what further belongs to it.
pub fn choice(draft: Draft, place: Place, variants: Vec<Variant>, distribution: bool) -> AnyView {
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
                let place = Place {
                    path: value_path::key(&place.path, &variant.name),
                    fallback: inner.sample(),
                    ..place.clone()
                };
                Some(view! { <div class="option-parts">{control(draft, place, inner)}</div> }.into_any())
            }
        };
        Some(view! { {about}{inner} })
    };
    let drawing = distribution.then_some(move || value.with(drawn));
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
    let distribution = json::to_distribution(value).ok();
    let shape = ["constant", "uniform", "exponential", "lognormal"].iter().position(|name| *name == variant.name);
    match (distribution, shape) {
        (Some(distribution), Some(shape)) => json::of_distribution(&crate::bench::choice::shaped(&distribution, shape)),
        _ => variant.sample(),
    }
}

/// The drawing of a distribution, unless it is one that cannot be.
fn drawn(value: &Value) -> Option<AnyView> {
    let distribution = json::to_distribution(value).ok()?;
    let (outline, reach) = distribution.fault().is_none().then(|| sketch(&distribution))?;
    // At most a few hours in microseconds.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let reach = Micros((reach / 1_000.0).round() as u64 * 1_000);
    // No time at all has no shape.
    if reach == Micros::ZERO {
        return None;
    }
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
