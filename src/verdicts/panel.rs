//! What is behind a chip: the promise, how it stands, where it was first broken, and each time since.

use leptos::prelude::*;
use sim::view::timeline::Mark;
use sim::view::verdict::{Verdict, VerdictStatus};

use super::look;
use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::button::button;
use sim::view::words::{clock, plural};

/// How many of the latest moments are listed.
const LISTED: usize = 6;

/// The promise, how it stands, and the way to where it was broken.
pub fn explanation(desk: Desk, verdict: &Verdict) -> AnyView {
    let (_, _, word) = look(verdict.status);
    view! {
        <div class="verdict-panel">
            <h3>{format!("{}: {word}", verdict.title)}</h3>
            {body(desk, verdict)}
        </div>
    }
    .into_any()
}

/// A verdict among those that are folded away: its words, and the same behind them.
pub fn folded(desk: Desk, verdict: Memo<Option<Verdict>>) -> AnyView {
    let line = move || {
        verdict.get().map(|verdict| {
            let (class, icon, word) = look(verdict.status);
            let told = format!("{}: {word}", verdict.title);
            view! { <span class=class>{icon.view()}{told}</span> }
        })
    };
    view! {
        <details class="verdict-folded">
            <summary>{line}</summary>
            {move || verdict.get().map(|verdict| body(desk, &verdict))}
        </details>
    }
    .into_any()
}

fn body(desk: Desk, verdict: &Verdict) -> AnyView {
    let times = match (verdict.status, verdict.count) {
        (VerdictStatus::Broken, 1) => "Broken once.".to_owned(),
        (VerdictStatus::Broken, count) => format!("Broken {}.", plural(count, "time")),
        (VerdictStatus::AtRisk, 1) => "One cell would break it if the run ended now.".to_owned(),
        (VerdictStatus::AtRisk, count) => format!("{} would break it if the run ended now.", plural(count, "cell")),
        (VerdictStatus::Holds, _) => "Kept so far.".to_owned(),
    };
    let go = verdict.first.map(|(step, at)| {
        let press = move || desk.send(Intent::SeekStep(step));
        view! { <p data-closes="">{button("", format!("Go to {}, where it was first broken", clock(at)), press)}</p> }
    });
    // What was never broken has no history, and its trace need not be looked through.
    let history = (verdict.first.is_some() && verdict.count > 1).then(|| history(desk, verdict.name));
    view! {
        <p>{verdict.promise}</p>
        <p class="quiet">{times}</p>
        {go}
        {history}
    }
    .into_any()
}

fn history(desk: Desk, name: &str) -> AnyView {
    let line = |mark: Mark| {
        let step = mark.step;
        view! {
            <li>
                <button type="button" class="menu-item" on:click=move |_| desk.send(Intent::SeekStep(step))>
                    <span class="when">{clock(mark.at)}</span>" "{mark.text}
                </button>
            </li>
        }
    };
    let lines = desk.breaches(name, LISTED).into_iter().map(line).collect_view();
    view! {
        <p class="quiet">"The latest, newest first:"</p>
        <ol class="verdict-history">{lines}</ol>
    }
    .into_any()
}
