//! What was touched on the stage and is no message: how it is, in words.

use leptos::prelude::*;
use sim::system::place::Place;
use sim::view::grasp::{Thing, is_link};
use sim::view::stage::{Flight, Mark, MarkKind, Stage};
use sim::view::words::plural;

use super::camera::Fitting;
use super::geometry::Rect;
use super::layout::Layout;
use super::pick::Picked;
use super::tie::area;
use crate::desk::Desk;
use crate::hands;

/// The card under the stage, below what it is about: there it covers nothing of the picture. Nothing while nothing of the kind
/// is touched.
pub fn view(desk: Desk, layout: Memo<Layout>, window: Memo<Rect>, size: RwSignal<(f64, f64)>) -> AnyView {
    // Where the middle is of what was touched, in pixels of the stage.
    let at = Memo::new(move |_| {
        let picked = desk.picked.get();
        let area = layout.with(|layout| picked.and_then(|picked| area(layout, picked))).unwrap_or_default();
        let (wide, high) = size.get();
        let Fitting { scale, origin } = Fitting::of(&window.get(), wide, high);
        let middle = area.centre();
        (origin.x + middle.x * scale, origin.y + middle.y * scale)
    });
    // What is in hand has a panel of its own, which tells the same.
    let held = move || desk.hold.with(Option::is_some);
    let shown = move || {
        let picked = desk.picked.get();
        let text = desk.stage.with(|stage| desk.listed.with(|listed| told(stage, listed, picked)))?;
        let close = move |_| desk.picked.set(None);
        let thing = picked.and_then(thing);
        let lines = text.lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        Some(view! {
            <section class="part-card" class:behind=held aria-label="Part" style:--x=move || format!("{:.0}px", at.get().0)>
                <h3>{text.title}</h3>
                <ul>{lines}</ul>
                {thing.map(|thing| hands::opener(desk, thing, at))}
                <button type="button" class="part-close" aria-label="Close" on:click=close>"×"</button>
            </section>
        })
    };
    view! { {shown} }.into_any()
}

/// What a hand takes hold of there, if anything can be done to it.
fn thing(picked: Picked) -> Option<Thing> {
    match picked {
        Picked::Part(place) => Some(Thing::Place(place)),
        Picked::Way(from, to) => is_link(from, to).then_some(Thing::Link(from, to)),
        Picked::Message(..) | Picked::Slot(_) => None,
    }
}

/// The words of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    title: String,
    lines: Vec<String>,
}

fn told(stage: &Stage, flights: &[Flight], picked: Option<Picked>) -> Option<Told> {
    match picked? {
        Picked::Part(place) => {
            let node = stage.nodes.iter().find(|node| node.place == place)?;
            let marks = node.marks.iter().map(sentence);
            let here = flights.iter().filter(|flight| flight.to == place).count();
            let coming = (here > 0).then(|| format!("{} on the way here", plural(here, "message")));
            let lines = node.lines.iter().cloned().chain(marks).chain(coming).collect();
            Some(Told { title: node.title.clone(), lines })
        }
        Picked::Way(from, to) => {
            let flying = flights.iter().filter(|flight| (flight.from, flight.to) == (from, to)).count();
            let cut = stage.cuts.contains(&(from, to)).then(|| "cut: what leaves is lost".to_owned());
            let lines = [format!("{} on it", plural(flying, "message"))];
            let title = format!("{} to {}", title_of(stage, from), title_of(stage, to));
            Some(Told { title, lines: lines.into_iter().chain(cut).collect() })
        }
        Picked::Message(..) | Picked::Slot(_) => None,
    }
}

/// A mark with the word of its kind, so that it is told without its colour.
pub fn sentence(mark: &Mark) -> String {
    match mark.kind {
        MarkKind::Fault => format!("fault: {}", mark.text),
        MarkKind::Guard => format!("protection: {}", mark.text),
        MarkKind::Waiting => mark.text.clone(),
    }
}

fn title_of(stage: &Stage, place: Place) -> String {
    match place {
        Place::Partition(id) => id.to_string(),
        Place::Queue(reader) => format!("queue of the {reader}"),
        _ => stage.nodes.iter().find(|node| node.place == place).map_or_else(String::new, |node| node.title.clone()),
    }
}
