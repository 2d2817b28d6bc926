//! Too many messages to tell apart: each way becomes one flow with a count.

use std::collections::BTreeMap;

use leptos::prelude::*;
use sim::shop::money::grouped;
use sim::system::place::Place;
use sim::view::stage::{Flight, FlightKind};

use super::layout::Layout;
use super::messages::hue;
use crate::desk::Desk;

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

/// The layer of flows; empty while messages are drawn one by one.
pub fn view(desk: Desk, layout: Memo<Layout>, flows: Memo<Vec<Flow>>) -> AnyView {
    let shown = move || {
        layout.with(|layout| flows.with(|flows| flows.iter().filter_map(|one| flow(desk, layout, *one)).collect_view()))
    };
    view! { <g class="flows">{shown}</g> }.into_any()
}

fn flow(desk: Desk, layout: &Layout, ((from, to), kind, count): Flow) -> Option<AnyView> {
    let curve = layout.curve(from, to)?;
    // Opposite flows share a way, so each keeps its count on its own side.
    let middle = curve.beside(0.55, 12.0);
    let width = 3.0 + (count as f64).log10() * 2.4;
    let label = grouped(count);
    let wide = 12.0 + 6.6 * label.len() as f64;
    // The dashes run with the clock, so that a halted run stands still.
    let offset = move || if desk.still.get() { 0.0 } else { -(desk.clock.get().as_millis() as f64 / 12.0) % 28.0 };
    Some(
        view! {
            <g class=format!("flow-of {}", hue(kind))>
                <path class="flow" d=curve.path() stroke-width=width stroke-dashoffset=offset></path>
                <rect class="flow-box" x=middle.x - wide / 2.0 y=middle.y - 9.5 width=wide height="19" rx="9.5"></rect>
                <text class="flow-count" x=middle.x y=middle.y + 4.0>{label}</text>
            </g>
        }
        .into_any(),
    )
}
