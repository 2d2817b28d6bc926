//! One option of the form: its name and marks, its control, its text, and the ways back.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use super::draft::Draft;
use super::entry::Entry;
use super::field::{Place, brief, control};
use super::section::Acts;

/// A row of the form.
pub fn row(draft: Draft, entry: Arc<Entry>) -> AnyView {
    let path = entry.path.clone();
    let now = Memo::new(move |_| draft.at(&path));
    let path = entry.path.clone();
    let given = Memo::new(move |_| draft.given_at(&path));
    let (path, wrong_at) = (entry.path.clone(), entry.path.clone());
    let wrong = Memo::new(move |_| draft.wrong_at(&wrong_at));
    let default = entry.default.clone();
    let is_default = Memo::new(move |_| now.with(|now| *now == default));
    let changed = Memo::new(move |_| now.get() != given.get());
    let class = move || if changed.get() { "field-name changed" } else { "field-name" };
    let told = move || {
        let words = match (changed.get(), is_default.get()) {
            (true, true) => ", changed from the scenario",
            (true, false) => ", changed from the scenario, not the default",
            (false, false) => ", not the default",
            (false, true) => return None,
        };
        Some(view! { <span class="heard">{words}</span> })
    };
    let unusual =
        move || (!is_default.get()).then(|| view! { <span class="option-tag" aria-hidden="true">"not default"</span> });
    let acts = match entry.acts {
        Acts::AtOnce => None,
        Acts::AtReplay => Some("acts at the next replay"),
        Acts::FromTheStart => Some("starts the run over"),
    };
    let acts = acts.map(|words| view! { <span class="option-tag replay">{words}</span> });
    let place = Place {
        path: path.clone(),
        label: entry.full_name(),
        described_by: about_id(&path),
        fallback: entry.default.clone(),
    };
    let backs = {
        let (entry, path) = (Arc::clone(&entry), path.clone());
        move || {
            let scenario = changed.get().then(|| back(draft, &path, &entry.name, "scenario", given.get()));
            let is_given = given.with(|given| *given == entry.default);
            let default = (!is_default.get() && !is_given)
                .then(|| back(draft, &path, &entry.name, "default", entry.default.clone()));
            (scenario.is_some() || default.is_some())
                .then(|| view! { <div class="option-backs">{scenario}{default}</div> })
        }
    };
    let problem = move || wrong.get().map(|words| view! { <p class="option-wrong" role="alert">{words}</p> });
    view! {
        <div class="field option" class:wrong=move || wrong.with(Option::is_some)>
            <div class="option-head">
                <span class=class>{entry.name.clone()}{told}</span>
                {unusual}
                {acts}
            </div>
            {control(draft, place, &entry.shape)}
            {problem}
            <p class="field-hint" id=about_id(&path)>{entry.about.clone()}</p>
            {backs}
        </div>
    }
    .into_any()
}

/// The id of the text about the option at a path.
fn about_id(path: &str) -> String {
    format!("about-{path}")
}

/// A button that puts a value back, and says which one that is.
fn back(draft: Draft, path: &str, name: &str, whose: &'static str, value: Value) -> AnyView {
    let label = format!("{whose}: {}", brief(&value));
    let heard = format!("Put {name} back to the {label}");
    let path = path.to_owned();
    view! {
        <button type="button" class="text-button" aria-label=heard on:click=move |_| draft.put(&path, value.clone())>
            {format!("↺ {label}")}
        </button>
    }
    .into_any()
}
