//! One chip for each invariant, in words and with an icon; a chip opens the promise behind it.

mod arrange;
mod panel;

use leptos::html::Section;
use leptos::prelude::*;
use sim::view::verdict::{Verdict, VerdictStatus};

use self::arrange::{Arranged, Measures, arrange};
use crate::desk::Desk;
use crate::kit::icon::Icon;
use crate::kit::menu::lazy_menu;
use crate::kit::size::follow_size;
use crate::twin;

/// The row of chips.
#[component]
pub fn VerdictRow() -> impl IntoView {
    let desk = Desk::here();
    let node: NodeRef<Section> = NodeRef::new();
    let size = RwSignal::new((0.0, 0.0));
    follow_size(node, size);
    let arranged = Memo::new(move |_| {
        let narrow = desk.narrow.get();
        let room = size.get().0 - if narrow { 16.0 } else { 32.0 };
        let measures = if narrow {
            Measures { room, frame: 30.0, letter: 6.0, gap: 4.0 }
        } else {
            Measures { room, frame: 46.0, letter: 6.7, gap: 8.0 }
        };
        let words = |verdict: &Verdict| if narrow { short(verdict) } else { verdict.text.clone() };
        desk.verdicts.with(|verdicts| arrange(verdicts, words, measures))
    });
    view! {
        <section class="verdicts" aria-label="Verdicts" node_ref=node>
            <h2 class="heard">"Verdicts"</h2>
            <For each=move || arranged.with(|arranged| arranged.shown.clone()) key=|name| *name children=move |name| chip(desk, name) />
            {fold(desk, arranged)}
        </section>
    }
}

/// How a status looks and what it is called.
pub const fn look(status: VerdictStatus) -> (&'static str, Icon, &'static str) {
    match status {
        VerdictStatus::Holds => ("chip holds", Icon::Check, "holds"),
        VerdictStatus::AtRisk => ("chip risk", Icon::Ring, "at risk"),
        VerdictStatus::Broken => ("chip broken", Icon::Cross, "broken"),
    }
}

/// The verdict of a name, whenever it changes.
fn named(desk: Desk, name: &'static str) -> Memo<Option<Verdict>> {
    Memo::new(move |_| desk.verdicts.with(|verdicts| verdicts.iter().find(|verdict| verdict.name == name).cloned()))
}

fn chip(desk: Desk, name: &'static str) -> AnyView {
    let verdict = named(desk, name);
    let status =
        move || verdict.with(|verdict| verdict.as_ref().map_or(VerdictStatus::Holds, |verdict| verdict.status));
    let label = view! {
        {move || look(status()).1.view()}
        <span class="chip-long">{move || verdict.with(|verdict| verdict.as_ref().map(|verdict| verdict.text.clone()))}</span>
        <span class="chip-short">{move || verdict.with(|verdict| verdict.as_ref().map(short))}</span>
    };
    let explained = move || (move || verdict.get().map(|verdict| panel::explanation(desk, &verdict))).into_any();
    view! {
        <span class=move || look(status()).0>
            {lazy_menu(name, "chip-button", label.into_any(), explained)}
        </span>
    }
    .into_any()
}

/// The chip behind which the rest is; what is worst comes first, so the rest is mostly what holds.
fn fold(desk: Desk, arranged: Memo<Arranged>) -> AnyView {
    let folded = Memo::new(move |_| arranged.with(|arranged| arranged.folded.clone()));
    let status = Memo::new(move |_| {
        let names = folded.get();
        desk.verdicts.with(|verdicts| {
            let mine = verdicts.iter().filter(|verdict| names.contains(&verdict.name));
            mine.map(|verdict| verdict.status).max_by_key(|status| match status {
                VerdictStatus::Holds => 0,
                VerdictStatus::AtRisk => 1,
                VerdictStatus::Broken => 2,
            })
        })
    });
    let told = move || {
        let (count, word) = (folded.with(Vec::len), look(status.get().unwrap_or(VerdictStatus::Holds)).2);
        match status.get() {
            Some(VerdictStatus::Holds) | None => format!("{count} more hold"),
            Some(_) => format!("{count} more, some {word}"),
        }
    };
    let label = view! {
        {move || look(status.get().unwrap_or(VerdictStatus::Holds)).1.view()}
        <span>{told}</span>
        {Icon::Down.view()}
    };
    let list = move || {
        view! {
            <div class="verdict-list">
                <For each=move || folded.get() key=|name| *name children=move |name| panel::folded(desk, named(desk, name)) />
            </div>
        }
        .into_any()
    };
    view! {
        <span class=move || look(status.get().unwrap_or(VerdictStatus::Holds)).0 hidden=move || folded.with(Vec::is_empty)>
            {lazy_menu("verdicts-folded", "chip-button", label.into_any(), list)}
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

/// What a screen reader hears when a verdict changes: only statuses, so that counts do not chatter.
#[component]
pub fn VerdictVoice() -> impl IntoView {
    let desk = Desk::here();
    let statuses = Memo::new(move |_| {
        if desk.twin.on.get() {
            return desk.twin.verdicts.with(|all| twin::verdicts::spoken(all));
        }
        desk.verdicts.with(|verdicts| {
            let told = verdicts.iter().filter(|verdict| verdict.status == VerdictStatus::Broken);
            told.map(|verdict| format!("{}: broken. ", verdict.title)).collect::<String>()
        })
    });
    view! { <p class="heard" role="status" aria-live="polite">{move || statuses.get()}</p> }
}
