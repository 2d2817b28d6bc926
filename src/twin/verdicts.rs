//! The promises of both runs: one chip for each that says how it stands in A and in B.

use leptos::prelude::*;
use sim::kernel::sorting::sort_by_key;
use sim::view::twin::{TwinVerdict, stand};
use sim::view::verdict::{Verdict, VerdictStatus};

use crate::desk::Desk;
use crate::kit::button;
use crate::kit::icon::Icon;
use crate::kit::menu::lazy_menu;
use crate::session::twin::Side;
use crate::verdicts::look;
use sim::view::words::clock;

/// How many chips there is room for; on a phone.
const SHOWN: usize = 4;
const SHOWN_NARROW: usize = 2;

/// The row of chips: first where the runs differ, then what is worst.
#[component]
pub fn TwinVerdicts() -> impl IntoView {
    let desk = Desk::here();
    let order = Memo::new(move |_| desk.twin.verdicts.with(|all| in_order(all)));
    let room = move || if desk.narrow.get() { SHOWN_NARROW } else { SHOWN };
    let shown = move || order.with(|all| all.iter().take(room()).copied().collect::<Vec<_>>());
    let folded = Memo::new(move |_| order.with(|all| all.iter().skip(room()).copied().collect::<Vec<_>>()));
    view! {
        <section class="verdicts" aria-label="Verdicts">
            <h2 class="heard">"Verdicts"</h2>
            <For each=shown key=|name| *name children=move |name| chip(desk, name) />
            {fold(desk, folded)}
        </section>
    }
}

/// The names of the promises: those that differ first, then the worst.
fn in_order(all: &[TwinVerdict]) -> Vec<&'static str> {
    let worst = |one: &TwinVerdict| match one.worst() {
        VerdictStatus::Broken => 0,
        VerdictStatus::AtRisk => 1,
        VerdictStatus::Holds => 2,
    };
    let mut order: Vec<&TwinVerdict> = all.iter().collect();
    sort_by_key(&mut order, |one| (!one.differs(), worst(one)));
    order.into_iter().map(|one| one.name).collect()
}

/// What a screen reader hears: where a promise stands otherwise in the two runs, without counts, which would chatter.
pub fn spoken(all: &[TwinVerdict]) -> String {
    let word = |verdict: &Option<Verdict>| verdict.as_ref().map_or("not judged", |verdict| look(verdict.status).2);
    let told = all.iter().filter(|one| word(&one.a) != word(&one.b));
    told.map(|one| format!("{}: A {}, B {}. ", one.title, word(&one.a), word(&one.b))).collect()
}

fn named(desk: Desk, name: &'static str) -> Memo<Option<TwinVerdict>> {
    Memo::new(move |_| desk.twin.verdicts.with(|all| all.iter().find(|one| one.name == name).cloned()))
}

/// The class of a chip: as bad as the worse of the two.
fn class_of(verdict: Option<&TwinVerdict>) -> &'static str {
    look(verdict.map_or(VerdictStatus::Holds, TwinVerdict::worst)).0
}

fn chip(desk: Desk, name: &'static str) -> AnyView {
    let verdict = named(desk, name);
    let label = move || verdict.with(|verdict| verdict.as_ref().map(words));
    let explained = move || (move || verdict.get().map(|verdict| explanation(desk, &verdict))).into_any();
    view! {
        <span class=move || verdict.with(|verdict| format!("twin-chip {}", class_of(verdict.as_ref())))>
            {lazy_menu(name, "chip-button", label.into_any(), explained)}
        </span>
    }
    .into_any()
}

/// The title and both states; where they are the same, once.
fn words(verdict: &TwinVerdict) -> AnyView {
    let side = |side: Side, verdict: Option<&Verdict>| {
        let icon = verdict.map(|verdict| look(verdict.status).1.view());
        view! { <span class="twin-stand">{side.letter()}" "{icon}{stand(verdict)}</span> }
    };
    let both = if verdict.differs() {
        view! {
            {side(Side::A, verdict.a.as_ref())}
            <span class="twin-sign" aria-hidden="true">"≠"</span>
            {side(Side::B, verdict.b.as_ref())}
        }
        .into_any()
    } else {
        let one = verdict.a.as_ref();
        view! { <span class="twin-stand">{one.map(|one| look(one.status).1.view())}{stand(one)}" in both"</span> }
            .into_any()
    };
    view! {
        <span>{verdict.title}":"</span>
        " "
        {both}
    }
    .into_any()
}

fn explanation(desk: Desk, verdict: &TwinVerdict) -> AnyView {
    view! {
        <div class="verdict-panel">
            <h3>{verdict.title}</h3>
            <p>{verdict.promise}</p>
            {history(desk, Side::A, verdict.a.as_ref())}
            {history(desk, Side::B, verdict.b.as_ref())}
        </div>
    }
    .into_any()
}

/// How it stands in one run, and the way to where it was first broken there.
fn history(desk: Desk, side: Side, verdict: Option<&Verdict>) -> AnyView {
    let first = verdict.and_then(|verdict| verdict.first).map(|(_, at)| at);
    let go = first.map(|at| {
        let press = move || desk.go_to(at);
        let label = format!("Go to {}, where it was first broken in {}", clock(at), side.letter());
        view! { <p data-closes="">{button::button("", label, press)}</p> }
    });
    view! {
        <p class="quiet">{format!("In {}: {}.", side.letter(), stand(verdict))}</p>
        {go}
    }
    .into_any()
}

/// The chip behind which the rest is.
fn fold(desk: Desk, folded: Memo<Vec<&'static str>>) -> AnyView {
    let differ = Memo::new(move |_| {
        let names = folded.get();
        desk.twin.verdicts.with(|all| all.iter().filter(|one| names.contains(&one.name) && one.differs()).count())
    });
    let told = move || match (folded.with(Vec::len), differ.get()) {
        (count, 0) => format!("{count} more, the same in both"),
        (count, differ) => format!("{count} more, {differ} differ"),
    };
    let list = move || {
        view! {
            <div class="verdict-list">
                <For each=move || folded.get() key=|name| *name children=move |name| line(named(desk, name)) />
            </div>
        }
        .into_any()
    };
    let label = view! {
        <span>{told}</span>
        {Icon::Down.view()}
    };
    view! {
        <span class="chip" hidden=move || folded.with(Vec::is_empty)>
            {lazy_menu("twin-verdicts-folded", "chip-button", label.into_any(), list)}
        </span>
    }
    .into_any()
}

fn line(verdict: Memo<Option<TwinVerdict>>) -> AnyView {
    let words = move || verdict.with(|verdict| verdict.as_ref().map(words));
    view! { <p class=move || verdict.with(|verdict| format!("twin-line {}", class_of(verdict.as_ref())))>{words}</p> }
        .into_any()
}

#[cfg(test)]
mod tests {
    use sim::view::twin::twin_verdicts;

    use super::{Verdict, VerdictStatus, in_order, spoken};

    #[test]
    fn where_the_runs_differ_comes_first() {
        let verdict = |name: &'static str, status| {
            let text = name.to_owned();
            Verdict { name, kind: "always", title: name, promise: "", status, text, count: 1, first: None }
        };
        let (holds, broken) = (VerdictStatus::Holds, VerdictStatus::Broken);
        let a = [verdict("fine", holds), verdict("both broken", broken), verdict("only in A", broken)];
        let b = [verdict("fine", holds), verdict("both broken", broken), verdict("only in A", holds)];
        let both = twin_verdicts(&a, &b);
        assert_eq!(in_order(&both), ["only in A", "both broken", "fine"]);
        assert_eq!(spoken(&both), "only in A: A broken, B holds. ");
    }
}
