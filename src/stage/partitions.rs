//! The broker: a row of slots for each partition with the saved positions of its readers, or for each queue.

use leptos::prelude::*;
use sim::system::place::{Model, PartitionId, Place, Reader, TopicName};
use sim::view::stage::{Mood, PartitionView, QueueSlot, QueueView, Slot};

use super::geometry::Rect;
use super::layout::{Layout, Naming};
use super::nodes::fit;
use crate::desk::Desk;
use crate::snapshot::Selection;

/// Every partition and every queue, at its place. Each row is drawn anew only when it has changed.
pub fn view(desk: Desk, layout: Memo<Layout>) -> AnyView {
    let of_kind = |place: Place| matches!(place, Place::Partition(_) | Place::Queue(_));
    let places = Memo::new(move |_| {
        layout.with(|layout| layout.places().map(|(place, _)| place).filter(|one| of_kind(*one)).collect::<Vec<_>>())
    });
    view! {
        <g>
            {head(desk, layout)}
            {move || layout.with(topic_names)}
            <For
                each=move || places.get()
                key=|place| *place
                children=move |place| match place {
                    Place::Queue(reader) => queue(desk, layout, reader),
                    Place::Partition(id) => partition(desk, layout, id),
                    _ => ().into_any(),
                }
            />
        </g>
    }
    .into_any()
}

/// What the broker as a whole says, at the head of its frame.
fn head(desk: Desk, layout: Memo<Layout>) -> AnyView {
    let node =
        Memo::new(move |_| desk.stage.with(|stage| stage.nodes.iter().find(|one| one.place == Place::Broker).cloned()));
    let shown = move || {
        let node = node.get()?;
        let rect = layout.with(|layout| layout.rect(Place::Broker))?;
        let out = node.mood == Mood::Down;
        let class = if out { "broker-head out" } else { "broker-head" };
        let text = fit(node.lines.last().map_or("", String::as_str), rect.w - 66.0, 5.6);
        Some(view! {
            <g class=class>
                {out.then(|| view! { <rect class="broker-out" x=rect.x y=rect.y width=rect.w height=rect.h rx="12"></rect> })}
                <text class="broker-line" x=rect.right() - 12.0 y=rect.y + 19.0>{text}</text>
            </g>
        })
    };
    view! { {shown} }.into_any()
}

/// The name of each topic over its block.
fn topic_names(layout: &Layout) -> Option<AnyView> {
    (layout.naming == Naming::Number).then(|| {
        let name = |(topic, rect): &(TopicName, Rect)| {
            view! { <text class="partition-name" x=rect.x + 6.0 y=rect.y + 16.0>{topic.to_string()}</text> }
        };
        layout.topics.iter().map(name).collect_view().into_any()
    })
}

/// The slots of a partition that are shown, each with its box; one stays free to show where the next event goes.
pub fn slots(partition: &PartitionView, rect: &Rect, count: usize) -> Vec<(Rect, Option<Slot>)> {
    // The newest slots are the ones in which something happens.
    let shown = &partition.slots[partition.slots.len().saturating_sub(count - 1)..];
    boxes(rect, count).enumerate().map(|(n, rect)| (rect, shown.get(n).copied())).collect()
}

/// The slots of a queue, each with its box: the oldest message is the rightmost, next to whoever gets it.
pub fn queue_slots(queue: &QueueView, rect: &Rect, count: usize) -> Vec<(Rect, Option<QueueSlot>)> {
    boxes(rect, count).enumerate().map(|(n, rect)| (rect, queue.slots.get(count - 1 - n).copied())).collect()
}

fn boxes(rect: &Rect, count: usize) -> impl Iterator<Item = Rect> {
    let width = rect.w / count as f64;
    let (x, y, h) = (rect.x, rect.y, rect.h);
    (0..count).map(move |n| Rect::new(x + n as f64 * width + 1.0, y, width - 2.0, h))
}

fn partition(desk: Desk, layout: Memo<Layout>, id: PartitionId) -> AnyView {
    let one = Memo::new(move |_| desk.stage.with(|stage| stage.partitions.iter().find(|one| one.id == id).cloned()));
    let shown = move || {
        let (partition, selection) = (one.get()?, desk.selection.get());
        layout.with(|layout| Some(row(selection, &partition, &layout.rect(Place::Partition(id))?, layout)))
    };
    view! { {shown} }.into_any()
}

fn row(selection: Option<Selection>, partition: &PartitionView, rect: &Rect, layout: &Layout) -> AnyView {
    let slots = slots(partition, rect, layout.slots);
    let first = slots.first().and_then(|(_, slot)| *slot).map_or(partition.end, |slot| slot.offset);
    let width = rect.w / layout.slots as f64;
    let boxes = slots
        .into_iter()
        .map(|(rect, slot)| {
            let class = match slot {
                None => "slot empty",
                Some(slot) if selection.is_some_and(|one| one.event == Some(slot.event)) => "slot selected",
                Some(slot) if slot.done => "slot done",
                Some(_) => "slot",
            };
            let tooltip = slot.map(|slot| format!("offset {}: {}", slot.offset, slot.event)).unwrap_or_default();
            slot_view(class, tooltip, slot.map(|slot| slot.event.0), &rect)
        })
        .collect_view();
    let named = layout.naming == Naming::Over && partition.committed.len() <= 2;
    let flags = positions(partition)
        .into_iter()
        .enumerate()
        .map(|(n, (offset, readers))| {
            let passed = offset.saturating_sub(first).min(layout.slots as u64);
            let from_above = named && n % 2 == 0;
            flag(&readers, offset, rect.x + passed as f64 * width, rect, named.then_some(from_above))
        })
        .collect_view();
    let PartitionId { topic, index } = partition.id;
    let (label, x, y) = match layout.naming {
        Naming::Over => (format!("{topic} · {index}"), rect.x, rect.y - 22.0),
        Naming::Before => (format!("{topic} · {index}"), 14.0, rect.y + rect.h / 2.0 + 4.0),
        Naming::Number => (index.to_string(), rect.x - 18.0, rect.y + rect.h / 2.0 + 4.0),
    };
    view! {
        <g class="partition">
            <text class="partition-name" x=x y=y>{label}</text>
            {boxes}
            {flags}
        </g>
    }
    .into_any()
}

/// The saved positions and whose they are. Two readers have one each, so that both are named; of more, those at one
/// position share a mark.
fn positions(partition: &PartitionView) -> Vec<(u64, Vec<Reader>)> {
    if partition.committed.len() <= 2 {
        return partition.committed.iter().map(|(reader, offset)| (*offset, vec![*reader])).collect();
    }
    let mut positions: Vec<(u64, Vec<Reader>)> = Vec::new();
    for (reader, offset) in &partition.committed {
        match positions.iter_mut().find(|(at, _)| at == offset) {
            Some((_, readers)) => readers.push(*reader),
            None => positions.push((*offset, vec![*reader])),
        }
    }
    positions
}

fn slot_view(class: &'static str, tooltip: String, number: Option<u32>, rect: &Rect) -> AnyView {
    // A long number gives up its letter before it would touch its neighbours.
    let text = number.map(|number| if number < 100 { format!("e{number}") } else { number.to_string() });
    // One that would touch them all the same is drawn closer together.
    let broad = text.as_ref().map_or(0.0, |text| 5.8 * text.len() as f64);
    let (length, adjust) =
        if broad > rect.w - 2.0 { (Some(rect.w - 3.0), Some("spacingAndGlyphs")) } else { (None, None) };
    view! {
        <g class=class>
            <title>{tooltip}</title>
            <rect x=rect.x y=rect.y width=rect.w height=rect.h rx="4"></rect>
            <text x=rect.centre().x y=rect.centre().y + 3.5 textLength=length lengthAdjust=adjust>{if rect.h < 12.0 { None } else { text }}</text>
        </g>
    }
    .into_any()
}

/// The name of a reader at its position.
fn short(reader: Reader) -> String {
    match reader {
        Reader::Projection(Model::SalesDashboard) => "dashboard".to_owned(),
        other => other.to_string(),
    }
}

/// A saved position. The first of two named ones points down from above, and every other up from below.
fn flag(readers: &[Reader], offset: u64, x: f64, rect: &Rect, named_above: Option<bool>) -> AnyView {
    let above = named_above == Some(true);
    let (bar, tip, text_y, way) = if above {
        (rect.y - 5.0, rect.y - 5.0, rect.y - 8.0, 1.0)
    } else {
        (rect.y, rect.bottom() + 5.0, rect.bottom() + 15.0, -1.0)
    };
    let triangle = format!("M{} {tip}l3.5 0l-3.5 {}l-3.5 {}z", x, 5.0 * way, -5.0 * way);
    let names = readers.iter().map(|reader| short(*reader)).collect::<Vec<_>>().join(", ");
    let tooltip = format!("{names}: saved position {offset}");
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
            <text x=text_x y=text_y text-anchor=anchor>{named_above.map(|_| names)}</text>
        </g>
    }
    .into_any()
}

fn queue(desk: Desk, layout: Memo<Layout>, reader: Reader) -> AnyView {
    let one =
        Memo::new(move |_| desk.stage.with(|stage| stage.queues.iter().find(|one| one.reader == reader).cloned()));
    let shown = move || {
        let (queue, selection) = (one.get()?, desk.selection.get());
        layout.with(|layout| Some(queue_row(selection, &queue, &layout.rect(Place::Queue(reader))?, layout)))
    };
    view! { {shown} }.into_any()
}

fn queue_row(selection: Option<Selection>, queue: &QueueView, rect: &Rect, layout: &Layout) -> AnyView {
    let boxes = queue_slots(queue, rect, layout.slots)
        .into_iter()
        .map(|(rect, slot)| {
            let class = match slot {
                None => "slot empty",
                Some(slot) if selection.is_some_and(|one| one.event == Some(slot.event)) => "slot selected",
                Some(slot) if slot.out => "slot out",
                Some(_) => "slot",
            };
            let tooltip = slot.map(|slot| {
                let how = if slot.out { "handed out, not acknowledged" } else { "waits" };
                format!("{}: {how}", slot.event)
            });
            slot_view(class, tooltip.unwrap_or_default(), slot.map(|slot| slot.event.0), &rect)
        })
        .collect_view();
    let counts = format!("{} wait, {} out", queue.waiting, queue.out);
    let name = short(queue.reader);
    let (label, x, y) = match layout.naming {
        Naming::Before => (fit(&format!("{name}: {}", queue.waiting), 100.0, 5.6), 14.0, rect.y + rect.h / 2.0 + 4.0),
        Naming::Over | Naming::Number => (fit(&format!("{name}: {counts}"), rect.w, 5.4), rect.x, rect.y - 6.0),
    };
    // Both ends are open: messages come in on the left and leave on the right.
    let rails = format!("M{} {}h{}M{} {}h{}", rect.x, rect.y - 2.0, rect.w, rect.x, rect.bottom() + 2.0, rect.w);
    view! {
        <g class="partition queue">
            <title>{format!("queue of the {name}: {counts}")}</title>
            <text class="partition-name" x=x y=y>{label}</text>
            <path class="rails" d=rails></path>
            {boxes}
        </g>
    }
    .into_any()
}
