//! The story: what one is looking at, and the one thing to try next.

pub mod guide;
pub mod script;

use leptos::prelude::*;
use sim::system::place::Model;

use self::script::{Scene, scene};
use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::button::button;

/// The panel at the top of the left column.
#[component]
pub fn StoryRoom() -> impl IntoView {
    let desk = Desk::here();
    let scene = Memo::new(move |_| desk.situation.with(|situation| situation.as_ref().map(scene)));
    let body = move || match scene.get() {
        Some(scene) => first_minute(desk, scene),
        None => desk.title.with(|(title, words)| about(title.clone(), words.clone())),
    };
    view! { <section class="story" aria-label="Story">{body}</section> }
}

/// More letters than this take the room of what they are about, so the rest waits until somebody reads on.
const AT_ONCE: usize = 190;

/// The scenario in its author's words.
fn about(title: String, words: String) -> AnyView {
    let whole = RwSignal::new(words.chars().count() <= AT_ONCE);
    let class = move || if whole.get() { "plain-words" } else { "plain-words folded" };
    let more = (!whole.get_untracked()).then(|| {
        let word = move || if whole.get() { "Less" } else { "Read on" };
        view! {
            <button type="button" class="read-on" aria-expanded=move || whole.get().to_string() on:click=move |_| whole.update(|whole| *whole = !*whole)>
                {word}
            </button>
        }
    });
    view! {
        <h2>{title}</h2>
        <p class=class>{words}</p>
        {more}
        <p class="quiet wide-words">"Click a wrong value in the ledger to ask why. Choose a protection and replay: same traffic, same faults."</p>
    }
    .into_any()
}

/// A paragraph and one control, then the words that tell what just happened.
fn first_minute(desk: Desk, scene: Scene) -> AnyView {
    let (title, words, class, control) = match scene {
        Scene::Calm => (
            "A small shop, running",
            "Every order is an event. Each event is delivered to the dashboard once, and the dashboard agrees with the truth.".to_owned(),
            "plain-words",
            button("primary big", "Deliver twice", move || desk.send(Intent::DeliverTwice(Model::SalesDashboard))),
        ),
        Scene::Split(event) => (
            "One event, two deliveries",
            format!("{event} is on its way to the dashboard twice. Networks do this. Watch the revenue."),
            "plain-words",
            ().into_any(),
        ),
        Scene::Wrong(words) => (
            "Wrong, and it stays wrong",
            words,
            "wrong-words",
            button("primary big", "Remember processed events", move || desk.send(Intent::Remember(Model::SalesDashboard))),
        ),
        Scene::Protected { doubled_at } => (
            "Remembering, from now on",
            "What was counted twice stays counted twice. Replay the same traffic with the same split, and see what the memory does.".to_owned(),
            "plain-words",
            button("primary big", "Replay", move || desk.send(Intent::ReplayNear(doubled_at))),
        ),
        Scene::Again(event) => (
            "Same traffic, same split",
            format!("{event} will arrive twice again. This time the projector remembers what it has processed."),
            "plain-words",
            ().into_any(),
        ),
        Scene::Cured(event) => (
            "The second copy bounced off",
            format!("{event} arrived twice and was counted once. Now see how it happens without anyone's help:"),
            "right-words",
            next(desk),
        ),
    };
    view! {
        <h2>{title}</h2>
        <p class=class>{words}</p>
        <div class="actions">{control}</div>
    }
    .into_any()
}

/// What comes after the first minute.
fn next(desk: Desk) -> AnyView {
    view! {
        {button("", "Scenario B: twice", move || desk.send(Intent::OpenPreset("scenario-b")))}
        {button("", "Scenario C: out of order", move || desk.send(Intent::OpenPreset("scenario-c")))}
        <p class="quiet">"Or turn anything on the bench."</p>
    }
    .into_any()
}
