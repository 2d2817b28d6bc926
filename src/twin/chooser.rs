//! The Twin button and what it opens: what a second run shall have otherwise.

use leptos::prelude::*;
use sim::system::options::Options;

use super::quick::{Protection, protections};
use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::icon::Icon;
use crate::kit::menu::lazy_menu;
use crate::session::twin::{Side, TwinAct};

/// The panel's name in the document.
pub const PANEL: &str = "twin";

/// The button of the header with its panel.
pub fn button(desk: Desk) -> AnyView {
    let label = view! {
        {Icon::Twin.view()}
        <span class="twin-word">"Twin"</span>
    };
    lazy_menu(PANEL, "button plain", label.into_any(), move || panel(desk))
}

/// The options of A and of B. While the run is alone, B would begin as it is.
fn both(desk: Desk) -> (Options, Options) {
    desk.twin.facts.with(|facts| match facts {
        Some(facts) => (Options::clone(&facts.a), Options::clone(&facts.b)),
        None => desk.options.with(|options| (Options::clone(options), Options::clone(options))),
    })
}

fn panel(desk: Desk) -> AnyView {
    let choices = move || {
        let (a, b) = both(desk);
        let (on, off): (Vec<_>, Vec<_>) = protections(&a).partition(|one| one.is_on(&a));
        let list = |all: Vec<&'static Protection>| all.into_iter().map(|one| choice(desk, one, &a, &b)).collect_view();
        view! {
            <div role="group" aria-label="The twin has, and the run has not">
                <p class="shelf-title" aria-hidden="true">"The twin has, and the run has not"</p>
                {list(off)}
            </div>
            <div role="group" aria-label="The run has, and the twin has not">
                <p class="shelf-title" aria-hidden="true">"The run has, and the twin has not"</p>
                {list(on)}
            </div>
        }
    };
    let open_bench = move |_| {
        if desk.twin.on.get_untracked() {
            desk.send(Intent::Twin(TwinAct::Edit(Side::B)));
        } else {
            desk.send(Intent::Twin(TwinAct::Wanted(Box::new(both(desk).1))));
        }
    };
    view! {
        <div class="twin-chooser">
            <p class="twin-about">
                "A second run beside this one: the same traffic, the same chances, the same faults, one clock. What shall it have otherwise?"
            </p>
            <div class="twin-choices">{choices}</div>
            <hr class="menu-line" />
            <button type="button" class="menu-item" on:click=open_bench>
                "Any other option…"
                <small>"the bench then shows and changes the twin's options"</small>
            </button>
        </div>
    }
    .into_any()
}

/// One protection; a second press takes the difference back.
fn choice(desk: Desk, one: &'static Protection, a: &Options, b: &Options) -> AnyView {
    let chosen = one.is_on(a) != one.is_on(b);
    let press = move |_| {
        let (a, b) = both(desk);
        let act = if one.is_on(&a) == one.is_on(&b) {
            TwinAct::Wanted(Box::new(one.turned(&b, !one.is_on(&a))))
        } else {
            TwinAct::Drop(one.paths(&a))
        };
        desk.twin.shown.set(Side::B);
        desk.send(Intent::Twin(act));
    };
    view! {
        <button type="button" class="menu-item" aria-pressed=chosen.to_string() on:click=press>
            <span class="twin-choice">{chosen.then(|| Icon::Check.view())}{one.name}</span>
            <small>{one.hint}</small>
        </button>
    }
    .into_any()
}
