//! Where the two runs of a twin differ: a sign on each part that is built or stands otherwise than beside it.

use leptos::prelude::*;
use sim::system::place::Place;
use sim::view::twin::PartDifference;

use super::geometry::Rect;
use super::layout::Layout;
use crate::desk::Desk;

/// The layer of signs; empty while the run is alone.
pub fn view(desk: Desk, layout: Memo<Layout>) -> AnyView {
    let parts = Memo::new(move |_| desk.twin.parts.get());
    let places = Memo::new(move |_| parts.with(|parts| parts.iter().map(|one| one.place).collect::<Vec<_>>()));
    view! {
        <g class="differs">
            <For each=move || places.get() key=|place| *place children=move |place| sign(desk, layout, place) />
        </g>
    }
    .into_any()
}

/// The box around what is built otherwise, if anything is.
pub fn built_otherwise(desk: Desk, layout: Memo<Layout>) -> Memo<Option<Rect>> {
    Memo::new(move |_| {
        layout.with(|layout| {
            desk.twin.parts.with(|parts| {
                let boxes = parts.iter().filter(|part| part.design).filter_map(|part| layout.rect(part.place));
                boxes.reduce(|one, other| one.around(&other))
            })
        })
    })
}

fn sign(desk: Desk, layout: Memo<Layout>, place: Place) -> AnyView {
    let part = Memo::new(move |_| desk.twin.parts.with(|parts| parts.iter().find(|one| one.place == place).cloned()));
    let name = move || {
        let title =
            desk.stage.with(|stage| stage.nodes.iter().find(|node| node.place == place).map(|node| node.title.clone()));
        let title = title.unwrap_or_else(|| "Broker".to_owned());
        part.with(|part| part.as_ref().map(|part| format!("{title} differs: {}", part.words)))
    };
    let corner = move || {
        layout.with(|layout| layout.rect(place).map(|rect| format!("translate({:.1} {:.1})", rect.x + 1.0, rect.y)))
    };
    let class = move || part.with(|part| class_of(part.as_ref()));
    view! {
        <g class=class role="img" aria-label=name transform=corner hidden=move || corner().is_none()>
            <circle r="7.5"></circle>
            <path d="M-3.6 -1.8H3.6M-3.6 1.8H3.6M2 -4.4L-2 4.4"></path>
        </g>
    }
    .into_any()
}

/// A part that is built otherwise has a full sign, one that only stands otherwise an open one.
fn class_of(part: Option<&PartDifference>) -> &'static str {
    if part.is_some_and(|part| part.design) { "differ design" } else { "differ" }
}
