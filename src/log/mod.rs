//! The run in words, up to the moment: the screen reader's view of the stage.

use leptos::prelude::*;
use sim::shop::money::grouped;
use sim::view::log::{LogLine, Tone};
use sim::view::words::{clock, command_name};

use crate::desk::{Desk, Drawer};
use crate::intent::Intent;
use crate::snapshot::Selection;

/// Which lines are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only lines about the selection, when there is one.
    follow: bool,
    /// Only faults, protections at work and broken promises.
    notable: bool,
}

impl Filter {
    fn passes(self, line: &LogLine, selection: Option<Selection>) -> bool {
        let follows = !self.follow || selection.is_none_or(|selection| selection.covers(line.of, line.event));
        let notable = matches!(line.tone, Tone::Fault | Tone::Guard | Tone::Broken);
        follows && (!self.notable || notable)
    }
}

/// What stands beside the tabs: which lines are shown.
pub fn controls(desk: Desk, filter: RwSignal<Filter>) -> AnyView {
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
    let notable = toggle(
        "faults and protections".to_owned(),
        move || filter.with(|filter| filter.notable),
        move || filter.update(|filter| filter.notable = !filter.notable),
    );
    view! {
        {follow}
        {notable}
    }
    .into_any()
}

/// The lines.
pub fn view(desk: Desk, filter: RwSignal<Filter>) -> AnyView {
    let lines = move || {
        let (filter, selection) = (filter.get(), desk.selection.get());
        desk.log.with(|log| {
            // The place in the whole trace names a line, so that lines that stay are not drawn anew.
            let numbered = log.lines.iter().enumerate().map(|(n, line)| (log.earlier + n, line));
            let shown = numbered.filter(|(_, line)| filter.passes(line, selection));
            let lit = |line: &LogLine| selection.is_some_and(|one| one.covers(line.of, line.event));
            shown.map(|(n, line)| (n, lit(line), line.clone())).collect::<Vec<_>>()
        })
    };
    let earlier = move || {
        let earlier = desk.log.with(|log| log.earlier);
        (earlier > 0)
            .then(|| format!("{} earlier lines are not shown; go back in time to read them.", grouped(earlier as u64)))
    };
    // While time runs or is dragged there are more lines than anybody could listen to; a person who steps hears each one.
    let live = move || if desk.playing.get() || desk.dragging.get() { "off" } else { "polite" };
    view! {
        <div class="log" role="log" aria-live=live aria-label="Log" tabindex="0" hidden=move || desk.drawer.get() != Drawer::Log>
            <div>
                <p class="quiet">{earlier}</p>
                <ol>
                    <For
                        each=lines
                        key=|(n, lit, line)| (*n, *lit, line.at, line.text.clone())
                        children=move |(_, lit, line)| line_view(desk, &line, lit)
                    />
                </ol>
            </div>
        </div>
    }
    .into_any()
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

fn line_view(desk: Desk, line: &LogLine, lit: bool) -> AnyView {
    let (of, event, step) = (line.of, line.event, line.step);
    let story = line.correlation.map(|began| format!("correlation {}", command_name(began)));
    let class = format!("log-line {}{}", tone(line.tone), if lit { " selected" } else { "" });
    let select = move |_| {
        if let Some(of) = of {
            desk.select(Selection { of, event });
        }
    };
    view! {
        <li class=class>
            <button type="button" class="when" on:click=move |_| desk.send(Intent::SeekStep(step))>{clock(line.at)}</button>
            <button type="button" class="what" title=story on:click=select>{line.text.clone()}</button>
        </li>
    }
    .into_any()
}
