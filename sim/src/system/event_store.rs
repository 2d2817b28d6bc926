//! Every committed event, in commit order. Messages carry an event's id; its content is looked up here, as if it had
//! travelled along: an event never changes once it is committed.

use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::shop::event::Recorded;
use crate::shop::ids::{CommandId, EventId, OrderId};

use super::by_order::ByOrder;
use super::fate::Subject;

/// A committed event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Committed {
    /// When it was committed.
    pub at: Micros,
    /// The command that caused it.
    pub cause: CommandId,
    /// The event before it in the same order's stream.
    pub previous: Option<EventId>,
    /// The event.
    pub recorded: Recorded,
}

impl Committed {
    /// The event's name for fates: the same whatever else is committed.
    pub const fn subject(&self) -> Subject {
        Subject { order: self.recorded.order, n: self.recorded.version }
    }
}

/// The events in commit order, and each order's stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct EventStore {
    events: Pages<Committed>,
    last: ByOrder<Option<EventId>>,
}

impl EventStore {
    /// An empty store for orders numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { events: Pages::default(), last: ByOrder::from_order(first) }
    }

    /// Adds an event and gives its id.
    pub fn append(&mut self, at: Micros, cause: CommandId, recorded: Recorded) -> EventId {
        let last = self.last.entry(recorded.order);
        let previous = *last;
        #[expect(clippy::cast_possible_truncation, reason = "a run is limited to far fewer events")]
        let id = EventId(self.events.len() as u32 + 1);
        *last = Some(id);
        self.events.push(Committed { at, cause, previous, recorded });
        id
    }

    /// How many events there are.
    pub const fn len(&self) -> usize {
        self.events.len()
    }

    /// Is there no event yet?
    pub const fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The event with this id.
    ///
    /// # Panics
    /// When no such event was committed: ids are made by [`append`](Self::append) alone.
    pub fn event(&self, id: EventId) -> &Committed {
        match id.index().checked_sub(1).and_then(|at| self.events.get(at)) {
            Some(committed) => committed,
            None => panic!("{id} was never committed"),
        }
    }

    /// The order's events, newest first.
    pub fn stream_backwards(&self, order: OrderId) -> impl Iterator<Item = (EventId, &Committed)> {
        let mut next = self.last.get(order).copied().flatten();
        core::iter::from_fn(move || {
            let id = next?;
            let committed = self.event(id);
            next = committed.previous;
            Some((id, committed))
        })
    }

    /// The order's events, oldest first.
    pub fn stream(&self, order: OrderId) -> Vec<(EventId, &Committed)> {
        let mut stream: Vec<_> = self.stream_backwards(order).collect();
        stream.reverse();
        stream
    }
}
