//! The saved positions of readers, as flags on the row of a partition.

use leptos::prelude::*;
use sim::system::place::{Model, Reader};
use sim::view::stage::PartitionView;

use super::geometry::Rect;
use super::slots::slots;

/// A saved position, and whose it is.
#[derive(Clone, Debug, PartialEq)]
struct Flag {
    readers: Vec<Reader>,
    offset: u64,
    /// How many of the slots in sight are behind it.
    passed: u64,
    /// Is it named, and from above or from below?
    named: Option<bool>,
}

/// The flags on a row of so many slots. They are named where there is room for the names of two readers.
pub fn view(partition: Memo<Option<PartitionView>>, rect: &Rect, count: usize, has_room: bool) -> AnyView {
    let flags = Memo::new(move |_| {
        partition.with(|one| one.as_ref().map(|one| flags(one, count, has_room)).unwrap_or_default())
    });
    let rect = *rect;
    let flag = move |flag: Flag| {
        let readers = flag.readers;
        let mine = Memo::new(move |_| flags.with(|all| all.iter().find(|one| one.readers == readers).cloned()));
        one_flag(mine, rect, rect.w / count as f64)
    };
    view! { <For each=move || flags.get() key=|flag| (flag.readers.clone(), flag.named) children=flag /> }.into_any()
}

fn flags(partition: &PartitionView, count: usize, has_room: bool) -> Vec<Flag> {
    let in_sight = slots(partition, &Rect::default(), count);
    let first = in_sight.first().and_then(|(_, slot)| *slot).map_or(partition.end, |slot| slot.offset);
    let named = has_room && partition.committed.len() <= 2;
    let flag = |(n, (offset, readers)): (usize, (u64, Vec<Reader>))| Flag {
        readers,
        offset,
        passed: offset.saturating_sub(first).min(count as u64),
        // The first of two named ones points down from above, and every other up from below.
        named: named.then_some(n % 2 == 0),
    };
    positions(partition).into_iter().enumerate().map(flag).collect()
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

/// The name of a reader at its position.
pub fn short(reader: Reader) -> String {
    match reader {
        Reader::Projection(Model::SalesDashboard) => "dashboard".to_owned(),
        other => other.to_string(),
    }
}

/// A flag; only its place and its words change.
fn one_flag(flag: Memo<Option<Flag>>, rect: Rect, slot: f64) -> AnyView {
    let (names, named) = flag.with_untracked(|flag| {
        let names = |flag: &Flag| flag.readers.iter().map(|reader| short(*reader)).collect::<Vec<_>>().join(", ");
        (flag.as_ref().map(names).unwrap_or_default(), flag.as_ref().and_then(|flag| flag.named))
    });
    let above = named == Some(true);
    let (bar, tip, text_y, way) = if above {
        (rect.y - 5.0, rect.y - 5.0, rect.y - 8.0, 1.0)
    } else {
        (rect.y, rect.bottom() + 5.0, rect.bottom() + 15.0, -1.0)
    };
    let triangle = format!("M0 {tip}l3.5 0l-3.5 {}l-3.5 {}z", 5.0 * way, -5.0 * way);
    let along = Memo::new(move |_| flag.with(|flag| flag.as_ref().map_or(0.0, |flag| flag.passed as f64 * slot)));
    let place = move || format!("translate({} 0)", rect.x + along.get());
    // At the edges of the row the name would leave the frame.
    let anchor = Memo::new(move |_| match along.get() / rect.w {
        share if share > 0.7 => ("end", 4.0),
        share if share < 0.3 => ("start", -4.0),
        _ => ("middle", 0.0),
    });
    let told = names.clone();
    let tooltip = move || {
        let offset = flag.with(|flag| flag.as_ref().map_or(0, |flag| flag.offset));
        format!("{told}: saved position {offset}")
    };
    view! {
        <g class="flag" transform=place>
            <title>{tooltip}</title>
            <rect x="-0.9" y=bar width="1.8" height=rect.h + 5.0></rect>
            <path d=triangle></path>
            <text x=move || anchor.get().1 y=text_y text-anchor=move || anchor.get().0>{named.map(|_| names)}</text>
        </g>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use sim::shop::ids::EventId;
    use sim::system::place::{PartitionId, TopicName};
    use sim::view::stage::Slot;

    use super::{Model, PartitionView, Reader, flags};

    #[test]
    fn two_readers_have_a_named_flag_each_and_more_share_theirs() {
        let reader = Reader::Projection;
        let slot = |offset: u64| Slot { offset, event: EventId(1), done: false };
        let mut partition = PartitionView {
            id: PartitionId { topic: TopicName::OrderEvents, index: 0 },
            slots: (90..100).map(slot).collect(),
            end: 100,
            committed: vec![(reader(Model::OrderView), 95), (reader(Model::SalesDashboard), 95)],
        };
        let seen = |partition: &PartitionView| {
            flags(partition, 6, true)
                .into_iter()
                .map(|flag| (flag.readers.len(), flag.passed, flag.named))
                .collect::<Vec<_>>()
        };
        // Five slots are in sight and one is free, so that the first in sight is 95.
        assert_eq!(seen(&partition), [(1, 0, Some(true)), (1, 0, Some(false))]);
        partition.committed.push((reader(Model::ProductSearch), 98));
        assert_eq!(seen(&partition), [(2, 0, None), (1, 3, None)]);
    }
}
