//! The log: a row of slots for each partition, with the saved position of each projection.

use leptos::prelude::*;
use sim::system::place::{Model, Place};
use sim::view::stage::{PartitionView, Slot, Stage};

use super::geometry::Rect;
use super::layout::Layout;
use crate::desk::Desk;
use crate::snapshot::Selection;

/// Every partition, at its place.
pub fn view(desk: Desk, stage: &Stage, layout: &Layout) -> AnyView {
    let selection = desk.selection.get();
    let rows = stage
        .partitions
        .iter()
        .filter_map(|partition| {
            Some(row(desk, selection, partition, &layout.rect(Place::Partition(partition.id))?, layout))
        })
        .collect_view();
    view! { <g>{rows}</g> }.into_any()
}

fn row(desk: Desk, selection: Option<Selection>, partition: &PartitionView, rect: &Rect, layout: &Layout) -> AnyView {
    let width = rect.w / layout.slots as f64;
    // The newest slots are the ones in which something happens; one stays free to show where the next event goes.
    let shown = &partition.slots[partition.slots.len().saturating_sub(layout.slots - 1)..];
    let first = shown.first().map_or(partition.end, |slot| slot.offset);
    let place = |n: usize| Rect::new(rect.x + n as f64 * width + 1.0, rect.y, width - 2.0, rect.h);
    let slots = (0..layout.slots).map(|n| slot_view(desk, selection, shown.get(n).copied(), &place(n))).collect_view();
    let flags = partition
        .committed
        .iter()
        .filter_map(|(reader, offset)| {
            let model = reader.model().filter(|model| Model::ALWAYS.contains(model))?;
            let passed = offset.saturating_sub(first).min(layout.slots as u64);
            Some(flag(model, *offset, rect.x + passed as f64 * width, rect, layout.roomy))
        })
        .collect_view();
    let (label, label_x, label_y) = if layout.roomy {
        (format!("order-events · {}", partition.id.index), rect.x, rect.y - 22.0)
    } else if layout.slots == 10 {
        (format!("order-events · {}", partition.id.index), rect.x - 96.0, rect.y + rect.h / 2.0 + 4.0)
    } else {
        (partition.id.index.to_string(), rect.x - 18.0, rect.y + rect.h / 2.0 + 4.0)
    };
    view! {
        <g class="partition">
            <text class="partition-name" x=label_x y=label_y>{label}</text>
            {slots}
            {flags}
        </g>
    }
    .into_any()
}

fn slot_view(desk: Desk, selection: Option<Selection>, slot: Option<Slot>, rect: &Rect) -> AnyView {
    let class = match slot {
        None => "slot empty",
        Some(slot) if selection.is_some_and(|one| one.event == Some(slot.event)) => "slot selected",
        Some(slot) if slot.done => "slot done",
        Some(_) => "slot",
    };
    let select = move |_| {
        if let Some(slot) = slot {
            desk.select_event(slot.event);
        }
    };
    let tooltip = slot.map(|slot| format!("offset {}: {}", slot.offset, slot.event)).unwrap_or_default();
    // A long number gives up its letter before it would touch its neighbours.
    let text = slot.map(|slot| if slot.event.0 < 100 { slot.event.to_string() } else { slot.event.0.to_string() });
    view! {
        <g class=class on:pointerdown=select>
            <title>{tooltip}</title>
            <rect x=rect.x y=rect.y width=rect.w height=rect.h rx="4"></rect>
            <text x=rect.centre().x y=rect.centre().y + 3.5>{if rect.h < 12.0 { None } else { text }}</text>
        </g>
    }
    .into_any()
}

/// The saved position of a projection: the order view's points down from above, the dashboard's up from below.
fn flag(model: Model, offset: u64, x: f64, rect: &Rect, roomy: bool) -> AnyView {
    let (bar, tip, text_y, name) = match model {
        Model::OrderView => (rect.y - 5.0, rect.y - 5.0, rect.y - 8.0, "order view"),
        _ => (rect.y, rect.bottom() + 5.0, rect.bottom() + 15.0, "dashboard"),
    };
    let way = if model == Model::OrderView { 1.0 } else { -1.0 };
    let triangle = format!("M{} {tip}l3.5 0l-3.5 {}l-3.5 {}z", x, 5.0 * way, -5.0 * way);
    let tooltip = format!("{model}: saved position {offset}");
    // At the edges of the row the name would leave the frame.
    let anchor = if x > rect.x + rect.w * 0.7 {
        "end"
    } else if x < rect.x + rect.w * 0.3 {
        "start"
    } else {
        "middle"
    };
    let text_x = match anchor {
        "end" => x + 4.0,
        "start" => x - 4.0,
        _ => x,
    };
    view! {
        <g class="flag">
            <title>{tooltip}</title>
            <rect x=x - 0.9 y=bar width="1.8" height=rect.h + 5.0></rect>
            <path d=triangle></path>
            <text x=text_x y=text_y text-anchor=anchor>{roomy.then_some(name)}</text>
        </g>
    }
    .into_any()
}
