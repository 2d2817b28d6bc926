//! Too many messages to tell apart: each way becomes one flow with a count.

use std::collections::BTreeMap;

use leptos::prelude::*;
use sim::shop::money::grouped;
use sim::system::place::Place;
use sim::view::stage::{Flight, FlightKind};

use super::layout::Layout;
use super::messages::{chip_width, hue};
use super::movers::{Movers, set};

/// A flow: its way, what its messages are, and how many.
pub type Flow = ((Place, Place), FlightKind, u64);

/// How many messages are on one way. The partitions count as one place: sixteen times eight ways would be a thicket.
pub fn counts(flights: &[Flight]) -> Vec<Flow> {
    let merged = |place| if matches!(place, Place::Partition(_) | Place::Queue(_)) { Place::Broker } else { place };
    let mut counts: BTreeMap<(Place, Place), (FlightKind, u64)> = BTreeMap::new();
    for flight in flights {
        counts.entry((merged(flight.from), merged(flight.to))).or_insert((flight.kind, 0)).1 += 1;
    }
    counts.into_iter().map(|(way, (kind, count))| (way, kind, count)).collect()
}

/// A flow as it is drawn: its way, and what its messages are.
type Kind = ((Place, Place), FlightKind);

/// The layer of flows; empty while messages are drawn one by one. Its dashes run with the clock, so that a halted run stands
/// still.
pub fn view(movers: Movers, layout: Memo<Layout>, flows: Memo<Vec<Flow>>) -> AnyView {
    let kinds = move || flows.with(|flows| flows.iter().map(|(way, kind, _)| (*way, *kind)).collect::<Vec<_>>());
    let node: NodeRef<leptos::svg::G> = NodeRef::new();
    let still = movers.desk().still;
    movers.add(move |clock| {
        if let Some(node) =
            node.get_untracked().filter(|_| !still.get_untracked() && flows.with_untracked(|all| !all.is_empty()))
        {
            set(&node, "stroke-dashoffset", &format!("{:.1}", -(clock.as_millis() as f64 / 12.0) % 28.0));
        }
    });
    view! {
        <g class="flows" node_ref=node>
            {move || {
                let layout = layout.get();
                view! { <For each=kinds key=|kind| *kind children=move |kind| flow(&layout, flows, kind) /> }
            }}
        </g>
    }
    .into_any()
}

fn flow(layout: &Layout, flows: Memo<Vec<Flow>>, (way, kind): Kind) -> Option<AnyView> {
    let curve = layout.curve(way.0, way.1)?;
    let count = Memo::new(move |_| {
        flows.with(|flows| flows.iter().find(|one| (one.0, one.1) == (way, kind)).map_or(0, |(.., count)| *count))
    });
    // Opposite flows share a way, so each keeps its count on its own side.
    let middle = curve.beside(0.55, 12.0);
    let width = move || 3.0 + (count.get().max(1) as f64).log10() * 2.4;
    let wide = Memo::new(move |_| chip_width(&grouped(count.get())));
    Some(
        view! {
            <g class=format!("flow-of {}", hue(kind))>
                <path class="flow" d=curve.path() stroke-width=width></path>
                <rect class="flow-box" x=move || middle.x - wide.get() / 2.0 y=middle.y - 9.5 width=move || wide.get() height="19" rx="9.5"></rect>
                <text class="flow-count" x=middle.x y=middle.y + 4.0>{move || grouped(count.get())}</text>
            </g>
        }
        .into_any(),
    )
}
