//! The broker: a row of slots for each partition with the saved positions of its readers, or for each queue.

use leptos::prelude::*;
use sim::system::place::{PartitionId, Place, Reader, TopicName};
use sim::view::stage::{Mood, Node, PartitionView, QueueView};

use super::flags::{self, short};
use super::geometry::{Axis, Rect};
use super::layout::{Layout, Naming};
use super::nodes::fit;
use super::slots::{self, Look};
use crate::desk::Desk;

/// Every partition and every queue, at its place.
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
    let out = Memo::new(move |_| node.with(|node| node.as_ref().is_some_and(|node| node.mood == Mood::Down)));
    let rect = Memo::new(move |_| layout.with(|layout| layout.rect(Place::Broker)).unwrap_or_default());
    let last = move |node: &Option<Node>| node.as_ref().and_then(|node| node.lines.last().cloned()).unwrap_or_default();
    let text = move || fit(&node.with(last), rect.get().w - 66.0, 6.1);
    // Where the picture runs downwards, ways enter on the right: what is said stands beside the title.
    let down = Memo::new(move |_| layout.with(|layout| layout.axis() == Axis::Y));
    let class = move || if down.get() { "broker-line beside" } else { "broker-line" };
    let x = move || if down.get() { rect.get().x + 62.0 } else { rect.get().right() - 12.0 };
    let pall = move || {
        out.get().then(|| {
            let rect = rect.get();
            view! { <rect class="broker-out" x=rect.x y=rect.y width=rect.w height=rect.h rx="12"></rect> }
        })
    };
    view! {
        <g class=move || if out.get() { "broker-head out" } else { "broker-head" }>
            {pall}
            <text class=class x=x y=move || rect.get().y + 19.0>{text}</text>
        </g>
    }
    .into_any()
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

/// What a row of slots is drawn with.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Frame {
    rect: Rect,
    slots: usize,
    naming: Naming,
}

/// The frame of a place; another one only where the picture is laid out anew.
fn frame_of(layout: Memo<Layout>, place: Place) -> Memo<Option<Frame>> {
    let frame =
        move |layout: &Layout| Some(Frame { rect: layout.rect(place)?, slots: layout.slots, naming: layout.naming });
    Memo::new(move |_| layout.with(frame))
}

fn partition(desk: Desk, layout: Memo<Layout>, id: PartitionId) -> AnyView {
    let one = Memo::new(move |_| desk.stage.with(|stage| stage.partitions.iter().find(|one| one.id == id).cloned()));
    let frame = frame_of(layout, Place::Partition(id));
    (move || Some(row(desk, one, id, frame.get()?))).into_any()
}

fn row(desk: Desk, partition: Memo<Option<PartitionView>>, id: PartitionId, frame: Frame) -> AnyView {
    let Frame { rect, slots, naming } = frame;
    let looks = Memo::new(move |_| {
        let selection = desk.selection.get();
        partition.with(|one| one.as_ref().map(|one| Look::of_partition(one, slots, selection)).unwrap_or_default())
    });
    let PartitionId { topic, index } = id;
    let (label, x, y) = match naming {
        Naming::Over => (format!("{topic} · {index}"), rect.x, rect.y - 22.0),
        Naming::Before => (format!("{topic} · {index}"), 14.0, rect.y + rect.h / 2.0 + 4.0),
        Naming::Number => (index.to_string(), rect.x - 18.0, rect.y + rect.h / 2.0 + 4.0),
    };
    view! {
        <g class="partition">
            <text class="partition-name" x=x y=y>{label}</text>
            {slots::row(looks, &rect, slots)}
            {flags::view(partition, &rect, slots, naming == Naming::Over)}
        </g>
    }
    .into_any()
}

fn queue(desk: Desk, layout: Memo<Layout>, reader: Reader) -> AnyView {
    let one =
        Memo::new(move |_| desk.stage.with(|stage| stage.queues.iter().find(|one| one.reader == reader).cloned()));
    let frame = frame_of(layout, Place::Queue(reader));
    (move || Some(queue_row(desk, one, reader, frame.get()?))).into_any()
}

fn queue_row(desk: Desk, queue: Memo<Option<QueueView>>, reader: Reader, frame: Frame) -> AnyView {
    let Frame { rect, slots, naming } = frame;
    let looks = Memo::new(move |_| {
        let selection = desk.selection.get();
        queue.with(|one| one.as_ref().map(|one| Look::of_queue(one, slots, selection)).unwrap_or_default())
    });
    let counts = Memo::new(move |_| queue.with(|one| one.as_ref().map_or((0, 0), |one| (one.waiting, one.out))));
    let told = move || {
        let (waiting, out) = counts.get();
        format!("{waiting} wait, {out} out")
    };
    let label = move || match naming {
        Naming::Before => fit(&format!("{}: {}", short(reader), counts.get().0), 106.0, 5.9),
        Naming::Over | Naming::Number => fit(&format!("{}: {}", short(reader), told()), rect.w, 5.7),
    };
    let (x, y) = match naming {
        Naming::Before => (14.0, rect.y + rect.h / 2.0 + 4.0),
        Naming::Over | Naming::Number => (rect.x, rect.y - 6.0),
    };
    // Both ends are open: messages come in on the left and leave on the right.
    let rails = format!("M{} {}h{}M{} {}h{}", rect.x, rect.y - 2.0, rect.w, rect.x, rect.bottom() + 2.0, rect.w);
    view! {
        <g class="partition queue">
            <title>{move || format!("queue of the {}: {}", short(reader), told())}</title>
            <text class="partition-name" x=x y=y>{label}</text>
            <path class="rails" d=rails></path>
            {slots::row(looks, &rect, slots)}
        </g>
    }
    .into_any()
}
