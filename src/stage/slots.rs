//! The slots of a partition or of a queue: boxes in a row that stay, while the events in them move on.

use leptos::prelude::*;
use sim::shop::ids::EventId;
use sim::view::stage::{PartitionView, QueueSlot, QueueView, Slot};

use super::geometry::Rect;
use super::messages::LETTER;
use crate::snapshot::Selection;

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

/// What is seen in a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    class: &'static str,
    tooltip: String,
    event: Option<EventId>,
}

impl Look {
    /// A slot with nothing in it.
    const EMPTY: Self = Self { class: "slot empty", tooltip: String::new(), event: None };

    /// A slot with an event that is lit if it is selected, and has a class of its own otherwise.
    fn of(event: EventId, selection: Option<Selection>, class: &'static str, tooltip: String) -> Self {
        let is_selected = selection.is_some_and(|one| one.event == Some(event));
        Self { class: if is_selected { "slot selected" } else { class }, tooltip, event: Some(event) }
    }

    /// The looks of a partition's slots.
    pub fn of_partition(partition: &PartitionView, count: usize, selection: Option<Selection>) -> Vec<Self> {
        let look = |slot: Slot| {
            let tooltip = format!("offset {}: {}", slot.offset, slot.event);
            Self::of(slot.event, selection, if slot.done { "slot done" } else { "slot" }, tooltip)
        };
        slots(partition, &Rect::default(), count).into_iter().map(|(_, slot)| slot.map_or(Self::EMPTY, look)).collect()
    }

    /// The looks of a queue's slots.
    pub fn of_queue(queue: &QueueView, count: usize, selection: Option<Selection>) -> Vec<Self> {
        let look = |slot: QueueSlot| {
            let how = if slot.out { "handed out, not acknowledged" } else { "waits" };
            let tooltip = format!("{}: {how}", slot.event);
            Self::of(slot.event, selection, if slot.out { "slot out" } else { "slot" }, tooltip)
        };
        let slots = queue_slots(queue, &Rect::default(), count);
        slots.into_iter().map(|(_, slot)| slot.map_or(Self::EMPTY, look)).collect()
    }

    /// What is written in it. A long number gives up its letter before it would touch its neighbours.
    fn text(&self) -> Option<String> {
        self.event.map(|EventId(number)| if number < 100 { format!("e{number}") } else { number.to_string() })
    }

    /// How long the text may be where it would touch its neighbours all the same: it is drawn closer together.
    fn squeezed(&self, width: f64) -> Option<f64> {
        let broad = LETTER * self.text()?.len() as f64;
        (broad > width - 2.0).then_some(width - 3.0)
    }
}

/// So many slots in a box, that look as `looks` says.
pub fn row(looks: Memo<Vec<Look>>, rect: &Rect, count: usize) -> AnyView {
    let slot = |(n, rect): (usize, Rect)| {
        slot(Memo::new(move |_| looks.with(|looks| looks.get(n).cloned().unwrap_or(Look::EMPTY))), &rect)
    };
    boxes(rect, count).enumerate().map(slot).collect_view().into_any()
}

fn slot(look: Memo<Look>, rect: &Rect) -> AnyView {
    let (width, has_room) = (rect.w, rect.h >= 13.0);
    let text = move || look.with(Look::text).filter(|_| has_room);
    let length = move || look.with(|look| look.squeezed(width));
    view! {
        <g class=move || look.with(|look| look.class)>
            <title>{move || look.with(|look| look.tooltip.clone())}</title>
            <rect x=rect.x y=rect.y width=rect.w height=rect.h rx="4"></rect>
            <text x=rect.centre().x y=rect.centre().y + 4.3 textLength=length lengthAdjust="spacingAndGlyphs">{text}</text>
        </g>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{EventId, Look};

    #[test]
    fn a_number_gives_up_its_letter_before_it_is_squeezed() {
        let look = |number| Look { event: Some(EventId(number)), ..Look::EMPTY };
        assert_eq!([7, 99, 100].map(|number| look(number).text().unwrap_or_default()), ["e7", "e99", "100"]);
        assert_eq!((look(100).squeezed(24.0), look(12_345).squeezed(24.0)), (None, Some(21.0)));
        assert_eq!((Look::EMPTY.text(), Look::EMPTY.squeezed(1.0)), (None, None));
    }
}
