//! Every committed event, in commit order. Messages carry an event's id; its content is looked up here, as if it had
//! travelled along: an event never changes once it is committed.

use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::event::Recorded;
use crate::shop::ids::{CommandId, EventId};

use super::by_aggregate::ByAggregate;
use super::fate::Subject;

/// A committed event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Committed {
    /// When it was committed.
    pub at: Micros,
    /// The command that caused it.
    pub cause: CommandId,
    /// The event before it in the same aggregate's stream.
    pub previous: Option<EventId>,
    /// The event.
    pub recorded: Recorded,
}

impl Committed {
    /// The event's name for fates: the same whatever else is committed.
    pub const fn subject(&self) -> Subject {
        Subject { of: self.recorded.of, n: self.recorded.version }
    }
}

/// The events in commit order, and each aggregate's stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct EventStore {
    events: Pages<Committed>,
    last: ByAggregate<Option<EventId>>,
}

impl EventStore {
    /// An empty store for orders numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { events: Pages::default(), last: ByAggregate::from_order(first) }
    }

    /// Adds an event and gives its id.
    pub fn append(&mut self, at: Micros, cause: CommandId, recorded: Recorded) -> EventId {
        let last = self.last.entry(recorded.of);
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

    /// The aggregate's events, newest first.
    pub fn stream_backwards(&self, of: Aggregate) -> impl Iterator<Item = (EventId, &Committed)> {
        let mut next = self.last.get(of).copied().flatten();
        core::iter::from_fn(move || {
            let id = next?;
            let committed = self.event(id);
            next = committed.previous;
            Some((id, committed))
        })
    }

    /// The aggregate's events, oldest first.
    pub fn stream(&self, of: Aggregate) -> Vec<(EventId, &Committed)> {
        let mut stream: Vec<_> = self.stream_backwards(of).collect();
        stream.reverse();
        stream
    }
}
