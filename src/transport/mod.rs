//! The transport: any moment of the run, both ways.

mod branches;
pub mod keys;
mod ticks;
mod track;

use leptos::prelude::*;
use sim::shop::money::grouped;

use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::icon::Icon;
use crate::speed::Speed;
use sim::view::words::clock;

/// The bottom row.
#[component]
pub fn TransportRoom() -> impl IntoView {
    let desk = Desk::here();
    view! {
        <section class="transport" aria-label="Transport">
            <h2 class="heard">"Transport"</h2>
            <div class="transport-buttons">
                {step_button(desk, "To the beginning", Icon::First, Intent::First)}
                {step_button(desk, "One step back", Icon::Previous, Intent::StepBack)}
                {play_button(desk)}
                {step_button(desk, "One step on", Icon::Next, Intent::StepForward)}
                {step_button(desk, "To the end", Icon::Last, Intent::Last)}
                {speed_list(desk)}
            </div>
            {track::view(desk)}
            {position(desk)}
        </section>
    }
}

fn step_button(desk: Desk, name: &'static str, icon: Icon, intent: Intent) -> AnyView {
    view! {
        <button type="button" class="transport-button" aria-label=name title=name on:click=move |_| desk.send(intent.clone())>
            {icon.view()}
        </button>
    }
    .into_any()
}

fn play_button(desk: Desk) -> AnyView {
    let name = move || if desk.playing.get() { "Pause" } else { "Play" };
    view! {
        <button type="button" class="transport-button play" aria-label=name title=name on:click=move |_| desk.send(Intent::TogglePlay)>
            {move || if desk.playing.get() { Icon::Pause.view() } else { Icon::Play.view() }}
        </button>
    }
    .into_any()
}

fn speed_list(desk: Desk) -> AnyView {
    let at = move || Speed::ALL.iter().position(|speed| *speed == desk.speed.get()).unwrap_or_default();
    let entries = Speed::ALL
        .iter()
        .enumerate()
        .map(|(n, speed)| view! { <option value=n selected=move || at() == n>{speed.to_string()}</option> })
        .collect_view();
    let choose = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlSelectElement>| {
        let chosen = event.target().value().parse().ok().and_then(|at: usize| Speed::ALL.get(at));
        if let Some(speed) = chosen {
            desk.send(Intent::Speed(*speed));
        }
    };
    view! {
        <label class="speed">
            <span class="quiet">"speed"</span>
            <select class="pick" aria-label="Speed" prop:value=move || at().to_string() on:change:target=choose>{entries}</select>
        </label>
    }
    .into_any()
}

/// Where in the run the moment lies, and which branch it is on.
fn position(desk: Desk) -> AnyView {
    let now = move || clock(desk.clock.get());
    let of = move || {
        desk.facts.with(|facts| {
            let end = clock(facts.known);
            if facts.complete { format!(" of {end}") } else { format!(" of {end} …") }
        })
    };
    let event = move || {
        let step = desk.step.get();
        let known = desk.facts.with(|facts| facts.steps_known);
        format!("event {} of {}", grouped(step), grouped(known))
    };
    view! {
        <div class="position">
            <p>
                <strong class="now">{now}</strong>
                {of}
            </p>
            <p class="position-event">{event}{branches::view(desk)}</p>
        </div>
    }
    .into_any()
}
