//! The run in words, up to the moment: the screen reader's view of the stage.

use leptos::html::Div;
use leptos::prelude::*;
use sim::shop::money::grouped;
use sim::view::log::{LogLine, Tone};

use crate::desk::Desk;
use crate::intent::Intent;
use crate::snapshot::Selection;
use crate::words::clock;

/// Which lines are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Filter {
    /// Only lines about the selection, when there is one.
    follow: bool,
    /// Only faults, protections at work and broken promises.
    notable: bool,
}

impl Filter {
    fn passes(self, line: &LogLine, selection: Option<Selection>) -> bool {
        let follows = !self.follow || selection.is_none_or(|selection| selection.covers(line.order, line.event));
        let notable = matches!(line.tone, Tone::Fault | Tone::Guard | Tone::Broken);
        follows && (!self.notable || notable)
    }
}

/// The drawer with the log.
#[component]
pub fn LogRoom() -> impl IntoView {
    let desk = Desk::here();
    let filter = RwSignal::new(Filter { follow: false, notable: false });
    let scroller: NodeRef<Div> = NodeRef::new();
    // The newest line is the one that explains what was just seen.
    Effect::new(move |_| {
        desk.log.with(|_| ());
        if let Some(scroller) = scroller.get() {
            scroller.set_scroll_top(scroller.scroll_height());
        }
    });
    let lines = move || {
        let (filter, selection) = (filter.get(), desk.selection.get());
        desk.log.with(|log| {
            // The place in the whole trace names a line, so that lines that stay are not drawn anew.
            let numbered = log.lines.iter().enumerate().map(|(n, line)| (log.earlier + n, line.clone()));
            numbered.filter(|(_, line)| filter.passes(line, selection)).collect::<Vec<_>>()
        })
    };
    let earlier = move || {
        let earlier = desk.log.with(|log| log.earlier);
        (earlier > 0)
            .then(|| format!("{} earlier lines are not shown; go back in time to read them.", grouped(earlier as u64)))
    };
    let follow = move || {
        desk.selection.get().map(|selection| {
            let name = format!("only {}", selection.name());
            toggle(
                name,
                move || filter.with(|filter| filter.follow),
                move || filter.update(|filter| filter.follow = !filter.follow),
            )
        })
    };
    view! {
        <div class="drawer-head">
            <h2>"Log"</h2>
            <span class="spring"></span>
            {follow}
            {toggle(
                "faults and protections".to_owned(),
                move || filter.with(|filter| filter.notable),
                move || filter.update(|filter| filter.notable = !filter.notable),
            )}
        </div>
        <div class="log" role="log" aria-live="off" aria-label="Log" tabindex="0" node_ref=scroller>
            <p class="quiet">{earlier}</p>
            <ol>
                <For each=lines key=|(n, line)| (*n, line.at, line.text.clone()) children=move |(_, line)| line_view(desk, &line) />
            </ol>
        </div>
    }
}

fn toggle(name: String, on: impl Fn() -> bool + Copy + Send + 'static, press: impl Fn() + 'static) -> AnyView {
    view! {
        <label class="switch small">
            <input type="checkbox" prop:checked=on on:change=move |_| press() />
            <span>{name}</span>
        </label>
    }
    .into_any()
}

/// The class and, where it is not plain from the line itself, the word of a tone.
const fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Command => "command",
        Tone::Event => "event",
        Tone::Read => "read",
        Tone::Fault => "fault",
        Tone::Guard => "guard",
        Tone::Broken => "broken",
    }
}

fn line_view(desk: Desk, line: &LogLine) -> AnyView {
    let (order, event, step) = (line.order, line.event, line.step);
    let plain = format!("log-line {}", tone(line.tone));
    let lit = move || if desk.is_selected(order, event) { format!("{plain} selected") } else { plain.clone() };
    let select = move |_| {
        if let Some(selection) = event.map(Selection::Event).or(order.map(Selection::Order)) {
            desk.select(selection);
        }
    };
    view! {
        <li class=lit>
            <button type="button" class="when" on:click=move |_| desk.send(Intent::SeekStep(step))>{clock(line.at)}</button>
            <button type="button" class="what" on:click=select>{line.text.clone()}</button>
        </li>
    }
    .into_any()
}
