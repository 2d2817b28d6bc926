//! What the looks in the picture mean, and the figures of one moment.

use leptos::prelude::*;
use sim::kernel::time::Micros;
use sim::oracle::lags::{Cause, Whose};
use sim::view::staleness::Staleness;

use super::Looking;
use super::chart::span;
use super::patterns::swatch;
use sim::view::words::{clock, plural};

/// The legend with its figures.
pub fn legend(looking: Looking) -> AnyView {
    let desk = looking.desk;
    let behind = move || {
        looking.sample.get().map(|sample| {
            let (lag, events) = (span(sample.lag()), plural(u64::from(sample.lag_events()), "event"));
            view! { <p class="lag-behind"><strong>{lag}</strong>" and "<strong>{events}</strong>" behind"</p> }
        })
    };
    let cause = move |cause: Cause| {
        let told = move || looking.sample.get().map(|sample| looking.unit.get().told(&sample, cause));
        // A reader of the log copies nothing.
        let is_copy = move || desk.staleness.with(|seen| matches!(seen.reader, Some(Whose::Copy(..))));
        view! {
            <div class="lag-cause" title=explained(cause) hidden=move || cause == Cause::Copying && !is_copy()>
                <dt>{swatch(cause)}{cause.name()}</dt>
                <dd>{told}</dd>
            </div>
        }
    };
    let answers = move || desk.staleness.with(|seen| answers(seen));
    let sampling = move || desk.staleness.with(|seen| sampling(seen));
    view! {
        <div class="lag-legend">
            <p class="quiet">{move || format!("at {}", clock(looking.moment.get()))}</p>
            {behind}
            <dl>{Cause::ALL.map(cause).collect_view()}</dl>
            {answers}
            <p class="quiet">{sampling}</p>
        </div>
    }
    .into_any()
}

/// What keeps an event from the model, in words.
const fn explained(cause: Cause) -> &'static str {
    match cause {
        Cause::Outbox => "Committed, and not published yet",
        Cause::Broker => "On its way to the log, or from the log to the reader",
        Cause::Queueing => "In the log or at the reader, behind others",
        Cause::Gap => "Came before one that it needs, and is held back",
        Cause::Retry => "A try failed or was lost; there will be another",
        Cause::Lost => "Lost, passed over or put aside: nobody sends it again by itself",
        Cause::Copying => "The read model has it; the state that has it is not at this copy yet",
    }
}

fn answers(seen: &Staleness) -> Option<AnyView> {
    let (stale, wrong) = seen.late;
    let line = |count: usize, word: &'static str, class: &'static str, d: &'static str| {
        (count > 0).then(|| {
            view! {
                <p class="lag-answers" data-key=format!("{word} answer")>
                    <svg class="lag-swatch" viewBox="0 0 16 16" aria-hidden="true"><path class=class d=d></path></svg>
                    {format!("{} {word}", plural(count, "answer"))}
                </p>
            }
        })
    };
    (stale + wrong > 0).then(|| {
        view! {
            {line(stale, "stale", "lag-answer stale", "M4 8a4 4 0 1 0 8 0a4 4 0 1 0 -8 0")}
            {line(wrong, "wrong", "lag-answer wrong", "M4 4l8 8m0 -8l-8 8")}
        }
        .into_any()
    })
}

/// How the picture was made, so that nobody takes it for more than it is.
fn sampling(seen: &Staleness) -> String {
    if seen.every == Micros::ZERO {
        return "reading".to_owned();
    }
    let more = if seen.more { ", reading on" } else { "" };
    format!("sampled every {}{more}", seen.every)
}
