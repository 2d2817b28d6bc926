//! Exports: pictures, the run's tables, and the run in the formats of other tools, each as a file.

pub mod names;
mod picture;
mod pixels;
mod sheet;

use leptos::prelude::*;
use sim::scenario::export::Format;

use crate::desk::{Desk, Drawer};
use crate::files::save_text;
use crate::kit::icon::Icon;
use crate::kit::menu::lazy_menu;
use crate::session::twin::Side;
use sim::view::words::clock;

/// What can be saved of the whole run: how it is called, the end of its file's name, and its format.
const RUN: &[(&str, &str, Format)] = &[
    ("Log as CSV", "log.csv", Format::Csv),
    ("Metrics as CSV", "metrics.csv", Format::Metrics),
    ("Staleness as CSV", "staleness.csv", Format::Staleness),
    ("Events as CloudEvents", "cloudevents.json", Format::CloudEvents),
    ("Timeline for Perfetto", "perfetto.json", Format::Perfetto),
    ("Messages as a Mermaid diagram", "messages.mmd", Format::Mermaid),
    ("Trace as JSON lines", "trace.jsonl", Format::JsonLines),
];

/// A picture on the page that can be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Subject {
    /// What it is called.
    name: &'static str,
    /// The same in a file's name.
    slug: &'static str,
    /// How it is found on the page.
    selector: &'static str,
}

const STAGE: Subject = Subject { name: "Stage", slug: "stage", selector: "[aria-label=\"Stage\"] .picture > svg" };
const TWIN: Subject =
    Subject { name: "Stage of the twin", slug: "twin", selector: "[aria-label=\"Stage of the twin\"] .picture > svg" };
const SPACETIME: Subject = Subject { name: "Space-time", slug: "space-time", selector: "svg.spacetime" };
const STALENESS: Subject = Subject { name: "Staleness", slug: "staleness", selector: "svg.lag-svg" };

/// The menu, and the button that opens it.
pub fn menu_of(desk: Desk) -> AnyView {
    let pictures = move || subjects(desk).into_iter().map(|one| picture(desk, one)).collect_view();
    let ledger = move |_| save_text(&names::of_moment(desk, "ledger", "csv"), &desk.ledger_csv());
    let of_run = move |(name, end, format): &'static (&'static str, &'static str, Format)| {
        let save = move |_| save_text(&names::of_run(desk, end), &desk.exported(*format));
        view! { <button type="button" class="menu-item" on:click=save>{*name}</button> }
    };
    // Whoever saves a run that is not simulated to its end has to know that.
    let note = move || {
        let known = desk.facts.with(|facts| (!facts.complete).then_some(facts.known));
        known.map(
            |known| view! { <p class="quiet export-note">{format!("The run is known up to {}.", clock(known))}</p> },
        )
    };
    let panel = move || {
        view! {
            <p class="export-title">"What is seen now"</p>
            {pictures}
            <button type="button" class="menu-item" on:click=ledger>"Ledger as CSV"</button>
            <hr class="menu-line" />
            <p class="export-title">"The whole run"</p>
            {note}
            {RUN.iter().map(of_run).collect_view()}
        }
        .into_any()
    };
    let label = view! {
        {Icon::Save.view()}
        <span>"Export"</span>
    };
    lazy_menu("exports", "button plain export-button", label.into_any(), panel)
}

/// The pictures that are on the page: one stage or two, and what the drawer shows.
fn subjects(desk: Desk) -> Vec<Subject> {
    let in_sight = |side| !desk.narrow.get() || desk.twin.shown.get() == side;
    let stages = match desk.twin.on.get() {
        false => vec![STAGE],
        true => {
            [(Side::A, STAGE), (Side::B, TWIN)].into_iter().filter(|one| in_sight(one.0)).map(|one| one.1).collect()
        }
    };
    let drawn = match desk.drawer.get() {
        Drawer::Spacetime => Some(SPACETIME),
        Drawer::Staleness => Some(STALENESS),
        Drawer::Log | Drawer::Metrics => None,
    };
    stages.into_iter().chain(drawn).collect()
}

/// A picture's two ways out.
fn picture(desk: Desk, subject: Subject) -> AnyView {
    let Subject { name, slug, selector } = subject;
    let drawn = move || {
        let title = desk.title.with_untracked(|title| title.0.clone());
        let whose = desk.staleness.with_untracked(|seen| seen.reader);
        let whose = whose.filter(|_| subject == STALENESS).map(|reader| format!(" ({reader})")).unwrap_or_default();
        let told = format!("{name}{whose} at {}", clock(desk.clock.get_untracked()));
        picture::standing_alone(selector, title, told)
    };
    let svg = move |_| {
        drawn().into_iter().for_each(|picture| save_text(&names::of_moment(desk, slug, "svg"), &picture.text));
    };
    let png = move |_| {
        drawn().into_iter().for_each(|picture| pixels::save_png(names::of_moment(desk, slug, "png"), &picture));
    };
    view! {
        <button type="button" class="menu-item" on:click=svg>{format!("{name} as SVG")}</button>
        <button type="button" class="menu-item" on:click=png>{format!("{name} as PNG")}</button>
    }
    .into_any()
}
