//! The bench: forms over the options. A change acts from the moment looked at; "Replay with this" starts over with it.

pub mod choice;
mod dial;
mod dials;
mod json;
pub mod options;
pub mod scope;

use leptos::prelude::*;

use self::dials::dials;
use self::json::JsonText;
use self::options::draft::Draft;
use self::options::load::Description;
use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::button::button;
use crate::twin;
use sim::view::words::plural;

/// How the options are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// The few that one tries first.
    Dials,
    /// Every one of them.
    All,
    /// The scenario as a text.
    Json,
}

/// The whole bench.
#[component]
pub fn BenchRoom() -> impl IntoView {
    let desk = Desk::here();
    let shown = RwSignal::new(Shown::Dials);
    // What is being made outlives the tab it is made in, so that nothing is lost by looking elsewhere.
    let draft = Draft::new(desk);
    let description = RwSignal::new(Description::Coming);
    let text = JsonText::new(desk);
    let body = move || match shown.get() {
        Shown::Dials => dials(desk),
        Shown::All => options::room::room(draft, description),
        Shown::Json => json::view(text),
    };
    view! {
        {twin::side::view(desk)}
        <div class="tabs bench-tabs" role="tablist" aria-label="Bench">
            {tab(shown, Shown::Dials, "Dials")}
            {tab(shown, Shown::All, "All options")}
            {tab(shown, Shown::Json, "JSON")}
        </div>
        <div class="bench-body" class:bench-wide=move || shown.get() != Shown::Dials role="tabpanel" aria-label="Options">
            {body}
        </div>
        <div class="bench-actions">
            {replay_button(desk)}
            {button("", "Reset", move || desk.send(Intent::Reset))}
        </div>
    }
}

fn tab(shown: RwSignal<Shown>, of: Shown, name: &'static str) -> AnyView {
    let chosen = move || (shown.get() == of).to_string();
    view! { <button type="button" role="tab" aria-selected=chosen on:click=move |_| shown.set(of)>{name}</button> }
        .into_any()
}

/// Starts over, and says how many changes act only then.
fn replay_button(desk: Desk) -> AnyView {
    let waiting = move || desk.waiting.with(|paths| paths.len() as u64);
    let words = move || {
        let waiting = waiting();
        (waiting > 0).then(|| {
            let paths = desk.waiting.with(|paths| paths.join(", "));
            view! { <span class="waits" title=paths>{format!("{} waiting", plural(waiting, "change"))}</span> }
        })
    };
    view! {
        <button type="button" class="button primary" on:click=move |_| desk.send(Intent::Replay)>
            "Replay with this"
            {words}
        </button>
    }
    .into_any()
}
