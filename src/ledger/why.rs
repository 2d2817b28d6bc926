//! Why is this value what it is? The deliveries that made it, and where the missing one is.

use leptos::prelude::*;
use sim::kernel::time::Micros;
use sim::view::holders::Holder;
use sim::view::ledger::Freshness;
use sim::view::why::{Why, WhyStep};

use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::button::button;
use crate::kit::icon::Icon;
use crate::session::twin::Side;
use sim::view::words::{clock, plural};

use super::proof;

/// How many more steps are told at a time.
const MORE_STEPS: usize = 60;

/// The panel; nothing while no cell was asked about.
pub fn view(desk: Desk) -> AnyView {
    let why = Memo::new(move |_| desk.snapshot.with(|snapshot| snapshot.why.clone()));
    Effect::new(move |_| {
        // On a phone the answer stands below a table that fills the sheet, where nobody would look for it; on a desk it takes
        // its room from the table, and the cell that was asked about must not be lost with it.
        if desk.asked.with(Option::is_some) {
            request_animation_frame(if desk.narrow.get_untracked() { scroll_sheet } else { scroll_table });
        }
    });
    (move || why.with(|why| why.as_deref().map(|why| panel(desk, why)))).into_any()
}

/// Scrolls the sheet that the panel is in until the panel is at its top, and nothing else of the page.
fn scroll_sheet() {
    let Some(panel) = document().query_selector(".sheet.open .why").ok().flatten() else { return };
    let Some(sheet) = panel.closest(".sheet").ok().flatten() else { return };
    let below = panel.get_bounding_client_rect().top() - sheet.get_bounding_client_rect().top();
    // A distance on a page, far from what a whole number can hold.
    #[expect(clippy::cast_possible_truncation)]
    sheet.set_scroll_top(sheet.scroll_top() + below as i32);
}

/// Where the cell that was asked about is not in sight, scrolls the table until its row is the first below the heads.
fn scroll_table() {
    let Some(cell) = document().query_selector(".ledger .cell[aria-pressed='true']").ok().flatten() else { return };
    let (Some(table), Some(heads)) = (
        cell.closest(".ledger-scroll").ok().flatten(),
        document().query_selector(".ledger-scroll thead").ok().flatten(),
    ) else {
        return;
    };
    let (row, room) = (cell.get_bounding_client_rect(), table.get_bounding_client_rect());
    let (above, below) = (room.top() + heads.get_bounding_client_rect().height(), room.bottom());
    if row.top() < above || row.bottom() > below {
        // A distance on a page, far from what a whole number can hold.
        #[expect(clippy::cast_possible_truncation)]
        table.set_scroll_top(table.scroll_top() + (row.top() - above) as i32);
    }
}

fn panel(desk: Desk, why: &Why) -> AnyView {
    let class = match why.freshness {
        Freshness::Fresh => "why",
        Freshness::Stale => "why stale-why",
        Freshness::Wrong => "why wrong-why",
    };
    let steps = why.steps.iter().map(|step| step_view(desk, step)).collect_view();
    let earlier = (why.earlier > 0).then(|| {
        let label = format!("Show the {} before these", plural(why.earlier.min(MORE_STEPS), "step"));
        button("", label, move || desk.tell_more(MORE_STEPS))
    });
    let missing = why.missing.iter().map(|missing| view! { <li>{missing.clone()}</li> }).collect_view();
    let culprit = why.steps.iter().find(|step| step.culprit).or(why.steps.last()).map(|step| (step.step, step.at));
    let go = culprit.map(|(step, at)| button("", format!("Go to {}", clock(at)), move || go_to(desk, step, at)));
    let question = match (desk.twin.on.get_untracked(), desk.twin.asked.get_untracked()) {
        (true, side) => format!("In {}: {}", side.letter(), why.question),
        (false, _) => why.question.clone(),
    };
    let (side, spot) = (desk.twin.asked.get_untracked(), why.spot);
    // What is asked for may be gone at another moment, and is closed all the same.
    let close = move |_| desk.ask_in(side, desk.asked.get_untracked().unwrap_or(spot));
    let served = (spot.holder != Holder::Serving).then(|| {
        let label = format!("Why in the {}?", spot.cell.reader());
        button("", label, move || desk.ask_in(side, spot.cell.into()))
    });
    view! {
        <section class=class aria-label="Why">
            <div class="why-head">
                <h3>{question}</h3>
                <button type="button" class="close" aria-label="Close" on:click=close>{Icon::Cross.view()}</button>
            </div>
            <p>{why.answer.clone()}</p>
            {proof::view(desk)}
            {earlier}
            <ol class="why-steps">{steps}</ol>
            <ul class="missing">{missing}</ul>
            <div class="why-acts">{go}{served}</div>
        </section>
    }
    .into_any()
}

/// To a step of the run, or to the moment of a step of its twin, which counts its own.
fn go_to(desk: Desk, step: u64, at: Micros) {
    match desk.twin.asked.get_untracked() {
        Side::A => desk.send(Intent::SeekStep(step)),
        Side::B => desk.go_to(at),
    }
}

fn step_view(desk: Desk, step: &WhyStep) -> AnyView {
    let (to, at) = (step.step, step.at);
    let class = if step.culprit { "culprit" } else { "" };
    let told = if step.culprit { "This made it wrong: " } else { "" };
    view! {
        <li class=class>
            <button type="button" on:click=move |_| go_to(desk, to, at)>
                <span class="when">{clock(step.at)}</span>
                <span><span class="heard">{told}</span>{step.text.clone()}</span>
            </button>
        </li>
    }
    .into_any()
}
