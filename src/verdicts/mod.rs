//! One chip for each invariant, in words and with an icon; a chip opens the promise behind it.

use leptos::prelude::*;
use sim::view::verdicts::{Verdict, VerdictStatus};

use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::button::button;
use crate::kit::icon::Icon;
use crate::kit::menu::menu;
use crate::words::clock;

/// The ids of the panels; there are never more invariants than that.
const PANELS: [&str; 16] = [
    "verdict-0",
    "verdict-1",
    "verdict-2",
    "verdict-3",
    "verdict-4",
    "verdict-5",
    "verdict-6",
    "verdict-7",
    "verdict-8",
    "verdict-9",
    "verdict-10",
    "verdict-11",
    "verdict-12",
    "verdict-13",
    "verdict-14",
    "verdict-15",
];

/// The row of chips.
#[component]
pub fn VerdictRow() -> impl IntoView {
    let desk = Desk::here();
    // Chips stay where they are while their text changes, so that an open panel stays open.
    let chips = move || {
        let count = desk.verdicts.with(|verdicts| verdicts.len());
        (0..count).zip(PANELS).map(|(at, id)| chip(desk, at, id)).collect_view()
    };
    let count = Memo::new(move |_| desk.verdicts.with(|verdicts| verdicts.len()));
    view! {
        <section class="verdicts" aria-label="Verdicts">
            <h2 class="heard">"Verdicts"</h2>
            {move || {
                count.get();
                untrack(chips)
            }}
        </section>
    }
}

/// How a status looks and what it is called.
const fn look(status: VerdictStatus) -> (&'static str, Icon, &'static str) {
    match status {
        VerdictStatus::Holds => ("chip holds", Icon::Check, "holds"),
        VerdictStatus::AtRisk => ("chip risk", Icon::Ring, "at risk"),
        VerdictStatus::Broken => ("chip broken", Icon::Cross, "broken"),
    }
}

fn chip(desk: Desk, at: usize, id: &'static str) -> AnyView {
    let verdict = Memo::new(move |_| desk.verdicts.with(|verdicts| verdicts.get(at).cloned()));
    let status =
        move || verdict.with(|verdict| verdict.as_ref().map_or(VerdictStatus::Holds, |verdict| verdict.status));
    let label = view! {
        {move || look(status()).1.view()}
        <span class="chip-long">{move || verdict.with(|verdict| verdict.as_ref().map(|verdict| verdict.text.clone()))}</span>
        <span class="chip-short">
            {move || verdict.with(|verdict| verdict.as_ref().map(short))}
        </span>
    };
    let panel = move || verdict.get().map(|verdict| explanation(desk, &verdict));
    view! {
        <span class=move || look(status()).0>
            {menu(id, "chip-button", label.into_any(), panel.into_any())}
        </span>
    }
    .into_any()
}

/// The few words that a phone has room for: what holds needs none beside its tick mark.
fn short(verdict: &Verdict) -> String {
    match verdict.status {
        VerdictStatus::Holds => verdict.title.to_owned(),
        status => format!("{}: {}", verdict.title, look(status).2),
    }
}

/// The promise, how it stands, and the way to where it was first broken.
fn explanation(desk: Desk, verdict: &Verdict) -> AnyView {
    let (_, _, word) = look(verdict.status);
    let times = match (verdict.status, verdict.count) {
        (VerdictStatus::Broken, 1) => "Broken once.".to_owned(),
        (VerdictStatus::Broken, count) => format!("Broken {count} times."),
        (VerdictStatus::AtRisk, 1) => "One cell would break it if the run ended now.".to_owned(),
        (VerdictStatus::AtRisk, count) => format!("{count} cells would break it if the run ended now."),
        (VerdictStatus::Holds, _) => "Kept so far.".to_owned(),
    };
    let go = verdict.first.map(|(step, at)| {
        view! {
            <p data-closes="">
                {button("", format!("Go to {}", clock(at)), move || desk.send(Intent::SeekStep(step)))}
            </p>
        }
    });
    view! {
        <div class="verdict-panel">
            <h3>{format!("{}: {word}", verdict.title)}</h3>
            <p>{verdict.promise}</p>
            <p class="quiet">{times}</p>
            {go}
        </div>
    }
    .into_any()
}

/// What a screen reader hears when a verdict changes: only statuses, so that counts do not chatter.
#[component]
pub fn VerdictVoice() -> impl IntoView {
    let desk = Desk::here();
    let statuses = Memo::new(move |_| {
        desk.verdicts.with(|verdicts| {
            let told = verdicts.iter().filter(|verdict| verdict.status == VerdictStatus::Broken);
            told.map(|verdict| format!("{}: broken. ", verdict.title)).collect::<String>()
        })
    });
    view! { <p class="heard" role="status" aria-live="polite">{move || statuses.get()}</p> }
}
