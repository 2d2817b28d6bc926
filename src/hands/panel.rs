//! The panel of the thing in hand: its name, how it is, and what can be done to it.

use core::time::Duration;

use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use sim::kernel::time::Micros;
use sim::system::place::Place;
use sim::view::grasp::{Grasp, Offer, Thing, told as words_for};
use sim::view::inside::Fact;
use wasm_bindgen::JsCast;

use super::{Hold, focus, let_go, send};
use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::icon::Icon;
use crate::snapshot::Selection;
use crate::words::flight_name;

/// The spans that can be chosen for what lasts, shortest first.
const SPANS: [Micros; 6] = [
    Micros::from_millis(100),
    Micros::from_millis(500),
    Micros::from_secs(2),
    Micros::from_secs(5),
    Micros::from_secs(20),
    Micros::from_secs(60),
];
/// For how long it is said what was done last.
const TOLD_FOR: Duration = Duration::from_secs(8);

/// The panel.
pub fn view(desk: Desk, hold: Hold, did: RwSignal<Option<String>>) -> AnyView {
    let node: NodeRef<Div> = NodeRef::new();
    node.on_load(move |panel| {
        // The first thing that can be done; the panel itself where nothing can.
        let first = panel.query_selector(".menu-item").ok().flatten();
        focus(&first.unwrap_or_else(|| panel.unchecked_into()));
    });
    let grasp = Memo::new(move |_| desk.snapshot.with(|snapshot| snapshot.grasp.clone()));
    // The list of spans outlives a choice in it, which makes every label anew: it keeps the focus.
    let lasts = Memo::new(move |_| {
        grasp.with(|grasp| grasp.as_ref().is_some_and(|one| one.offers.iter().any(|offer| offer.lasts)))
    });
    let title = move || grasp.get().map_or_else(|| "Not there any more".to_owned(), |grasp| name(&grasp));
    let y = hold.at.1;
    view! {
        <div
            class="panel hand"
            class:on-left=hold.is_on_left()
            class:above=hold.is_low()
            role="dialog"
            aria-label=title
            tabindex="-1"
            node_ref=node
            style:--y=format!("{y:.0}px")
            on:keydown=move |event| walk(&event)
        >
            <div class="hand-head">
                <h2>{title}</h2>
                <button type="button" class="button plain" aria-label="Close" title="Close" on:click=move |_| let_go(desk)>
                    {Icon::Cross.view()}
                </button>
            </div>
            {move || grasp.get().map(|grasp| what(&grasp))}
            {desk.twin.on.get_untracked().then(|| view! { <p class="quiet">"What you do here is done in A and in B."</p> })}
            {move || lasts.get().then(|| span_list(desk))}
            <div class="hand-offers">
                {move || grasp.get().map(|grasp| deeds(desk, hold.thing, &grasp, did))}
            </div>
        </div>
    }
    .into_any()
}

/// A message is called as on the stage; anything else by its own name.
fn name(grasp: &Grasp) -> String {
    grasp.flight.as_ref().map_or_else(|| grasp.title.clone(), flight_name)
}

/// How the thing is.
fn what(grasp: &Grasp) -> AnyView {
    let subtitle = grasp.flight.is_some().then(|| view! { <p class="quiet">{grasp.title.clone()}</p> });
    view! {
        {subtitle}
        {facts(&grasp.facts)}
    }
    .into_any()
}

/// What can be done.
fn deeds(desk: Desk, thing: Thing, grasp: &Grasp, did: RwSignal<Option<String>>) -> AnyView {
    let offers = grasp.offers.iter().map(|one| offer(desk, one.clone(), did)).collect_view();
    let follow = grasp.flight.as_ref().map(|flight| follow(desk, Selection { of: flight.of, event: flight.event }));
    let is_client = matches!(thing, Thing::Place(Place::Shopper | Place::QueryClients));
    let none = (grasp.offers.is_empty() && !is_client).then(|| view! { <p class="quiet">"No hand can change it."</p> });
    view! {
        {offers}
        {none}
        {is_client.then(|| send::entries(desk))}
        {follow}
    }
    .into_any()
}

fn facts(facts: &[Fact]) -> AnyView {
    let (plain, named): (Vec<&Fact>, Vec<&Fact>) = facts.iter().partition(|fact| fact.name.is_empty());
    let plain = plain.into_iter().map(|fact| view! { <li>{fact.value.clone()}</li> }).collect_view();
    let any_named = !named.is_empty();
    let named = named
        .into_iter()
        .map(|fact| {
            view! {
                <dt>{fact.name}</dt>
                <dd>{fact.value.clone()}</dd>
            }
        })
        .collect_view();
    view! {
        <ul class="hand-lines">{plain}</ul>
        {any_named.then(|| view! { <dl class="fact">{named}</dl> })}
    }
    .into_any()
}

fn offer(desk: Desk, offer: Offer, did: RwSignal<Option<String>>) -> AnyView {
    let Offer { label, hint, deed, .. } = offer;
    let act = move |_| {
        let done = words_for(&deed);
        did.set(Some(sentence(&if desk.twin.on.get_untracked() { format!("{done}, in A and in B") } else { done })));
        desk.send(Intent::Do(deed.clone()));
        let_go(desk);
    };
    view! {
        <button type="button" class="menu-item" on:click=act>
            {label}
            <small>{hint}</small>
        </button>
    }
    .into_any()
}

/// To follow a message is to have it lit wherever it goes, also after it has arrived.
fn follow(desk: Desk, selection: Selection) -> AnyView {
    let followed = move || desk.selection.get() == Some(selection);
    let toggle = move |_| desk.select(selection);
    view! {
        <button type="button" class="menu-item" aria-pressed=move || followed().to_string() on:click=toggle>
            {move || format!("{} {}", if followed() { "Stop following" } else { "Follow" }, selection.name())}
            <small>"it is lit wherever it goes"</small>
        </button>
    }
    .into_any()
}

fn span_list(desk: Desk) -> AnyView {
    let at = move || SPANS.iter().position(|span| *span == desk.lasts.get()).unwrap_or_default();
    let entries = SPANS
        .iter()
        .enumerate()
        .map(|(n, span)| view! { <option value=n selected=move || at() == n>{span.to_string()}</option> })
        .collect_view();
    let choose = move |event: ev::Targeted<ev::Event, web_sys::HtmlSelectElement>| {
        let chosen = event.target().value().parse().ok().and_then(|at: usize| SPANS.get(at));
        if let Some(span) = chosen {
            desk.lasts.set(*span);
            desk.look_again();
        }
    };
    view! {
        <label class="hand-span">
            <span class="quiet">"how long it lasts"</span>
            <select class="pick" aria-label="For how long" on:change:target=choose>{entries}</select>
        </label>
    }
    .into_any()
}

/// The arrows lead up and down through what can be done.
fn walk(event: &ev::KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    let Some(panel) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return;
    };
    let Ok(items) = panel.query_selector_all(".menu-item") else { return };
    let focused = document().active_element();
    let item = |n: u32| items.item(n).and_then(|node| node.dyn_into::<web_sys::Element>().ok());
    let here = (0..items.length()).find(|n| item(*n) == focused);
    let Some(next) = beside(here, step, items.length()).and_then(item) else { return };
    focus(&next);
    event.prevent_default();
}

/// The entry after or before one in a round of `count`.
fn beside(here: Option<u32>, step: i64, count: u32) -> Option<u32> {
    let from = here.map_or(if step > 0 { -1 } else { 0 }, i64::from);
    u32::try_from((from + step).checked_rem_euclid(i64::from(count))?).ok()
}

/// A line of the log as a sentence of its own.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// What was done last, for a while, with the way back. The line itself stays, so that a screen reader hears it change.
pub fn told(desk: Desk, did: RwSignal<Option<String>>) -> AnyView {
    Effect::new(move |_| {
        let Some(words) = did.get() else { return };
        let forget = move || {
            if did.get_untracked().as_ref() == Some(&words) {
                did.set(None);
            }
        };
        set_timeout(forget, TOLD_FOR);
    });
    let undo = move |_| {
        desk.send(Intent::Undo);
        did.set(None);
    };
    let words = move || {
        did.get().map(|words| {
            view! {
                <span>{words}</span>
                <button type="button" class="button" on:click=undo>"Undo it"</button>
            }
        })
    };
    let class = move || if did.with(Option::is_some) { "hand hand-told" } else { "hand hand-told heard" };
    view! { <p class=class role="status">{words}</p> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{beside, sentence};

    #[test]
    fn the_arrows_go_round() {
        assert_eq!([beside(None, 1, 3), beside(Some(2), 1, 3), beside(Some(0), -1, 3)], [Some(0), Some(0), Some(2)]);
        assert_eq!([beside(None, -1, 3), beside(None, 1, 0)], [Some(2), None]);
    }

    #[test]
    fn what_was_done_is_a_sentence() {
        assert_eq!(sentence("you drop e7"), "You drop e7.");
        assert_eq!(sentence(""), ".");
    }
}
