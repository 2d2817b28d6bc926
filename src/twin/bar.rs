//! What differs by design, and what can be done with the twin.

use leptos::prelude::*;
use sim::scenario::difference_words::Told;

use super::chooser::PANEL;
use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::button::button;
use crate::kit::icon::Icon;
use crate::kit::segments::Segments;
use crate::session::twin::{Side, TwinAct};

/// The strip over both pictures.
pub fn view(desk: Desk) -> AnyView {
    let told = Memo::new(move |_| {
        desk.twin.facts.with(|facts| facts.as_ref().map(|facts| facts.told.clone()).unwrap_or_default())
    });
    let list = move || {
        told.with(|told| {
            if told.is_empty() {
                let words = "Nothing differs yet: choose a difference, or change an option of B on the bench.";
                view! { <p class="twin-none">{words}</p> }.into_any()
            } else {
                let items = told.iter().map(|one| difference(desk, one)).collect_view();
                view! { <ul class="twin-list" aria-label="What B has otherwise">{items}</ul> }.into_any()
            }
        })
    };
    let act = move |act: TwinAct| move || desk.send(Intent::Twin(act.clone()));
    view! {
        <section class="twin-bar" aria-label="Twin">
            <h2 class="heard">"Twin"</h2>
            <div class="twin-told" role="status">{list}</div>
            <div class="twin-acts">
                {phone_switch(desk)}
                <button type="button" class="button" popovertarget=PANEL>"Differences…"</button>
                {button("", "Swap", act(TwinAct::Swap))}
                {button("", "Keep B", act(TwinAct::Keep))}
                <button type="button" class="button plain" aria-label="Close the twin" title="Close the twin" on:click=move |_| desk.send(Intent::Twin(TwinAct::Close))>
                    {Icon::Cross.view()}
                </button>
            </div>
        </section>
    }
    .into_any()
}

/// One difference in words, with the path of its option, and the way to drop it.
fn difference(desk: Desk, one: &Told) -> AnyView {
    let paths = one.paths.clone();
    let drop = move |_| desk.send(Intent::Twin(TwinAct::Drop(paths.clone())));
    let title: Vec<String> = one.paths.iter().map(|path| format!("options.{path}")).collect();
    let label = format!("Drop the difference in {}", one.name);
    view! {
        <li title=title.join(", ")>
            <span><b>"B "</b>{one.sentence()}</span>
            <button type="button" class="close" aria-label=label on:click=drop>{Icon::Cross.view()}</button>
        </li>
    }
    .into_any()
}

/// On a phone there is room for one picture.
fn phone_switch(desk: Desk) -> AnyView {
    let chosen = move || Some(usize::from(desk.twin.shown.get() == Side::B));
    (move || {
        desk.narrow.get().then(|| {
            let control = Segments { name: "Picture", labels: vec!["A", "B"], chosen: Signal::derive(chosen) };
            control.view(move |at| desk.twin.shown.set(if at == 0 { Side::A } else { Side::B }))
        })
    })
    .into_any()
}
