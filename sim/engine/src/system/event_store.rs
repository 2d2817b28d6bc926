//! Every committed event, in commit order. Messages carry an event's id; its content is looked up here, as if it had
//! travelled along: an event never changes once it is committed.
//!
//! Whoever publishes before it saves gives an event its number and its content, and may never commit it. Such an event is in
//! the log and belongs to no stream: it tells of something that did not happen.

use std::collections::BTreeSet;
use std::sync::Arc;

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
    /// The command with which the story began that it is a part of.
    pub correlation: CommandId,
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
    /// Events that have a number and were not committed.
    announced: Arc<BTreeSet<EventId>>,
}

impl EventStore {
    /// An empty store for orders numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { events: Pages::default(), last: ByAggregate::from_order(first), announced: Arc::default() }
    }

    /// Commits an event of a command and of the story that this one is a part of, and gives its id.
    pub fn append(&mut self, at: Micros, (cause, correlation): (CommandId, CommandId), recorded: Recorded) -> EventId {
        let last = self.last.entry(recorded.of);
        let previous = *last;
        let id = next_id(&self.events);
        *last = Some(id);
        self.events.push(Committed { at, cause, correlation, previous, recorded });
        id
    }

    /// Gives an event its id and its content, and does not commit it.
    pub fn announce(
        &mut self,
        at: Micros,
        (cause, correlation): (CommandId, CommandId),
        recorded: Recorded,
    ) -> EventId {
        let id = next_id(&self.events);
        self.events.push(Committed { at, cause, correlation, previous: None, recorded });
        Arc::make_mut(&mut self.announced).insert(id);
        id
    }

    /// Commits an event that was announced.
    pub fn commit(&mut self, id: EventId) {
        if !Arc::make_mut(&mut self.announced).remove(&id) {
            return;
        }
        if let Some(event) = id.index().checked_sub(1).and_then(|at| self.events.get_mut(at)) {
            event.previous = self.last.entry(event.recorded.of).replace(id);
        }
    }

    /// Was the event committed? If not, it was only announced.
    pub fn is_committed(&self, id: EventId) -> bool {
        !self.announced.contains(&id)
    }

    /// The ids of all committed events, oldest first.
    pub fn committed(&self) -> impl Iterator<Item = EventId> {
        (1..=u32::try_from(self.len()).unwrap_or(u32::MAX)).map(EventId).filter(|id| self.is_committed(*id))
    }

    /// How many events have an id.
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
    /// When there is no such event: ids are made by [`append`](Self::append) and [`announce`](Self::announce) alone.
    pub fn event(&self, id: EventId) -> &Committed {
        match id.index().checked_sub(1).and_then(|at| self.events.get(at)) {
            Some(committed) => committed,
            None => panic!("there is no event {id}"),
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

#[expect(clippy::cast_possible_truncation, reason = "a run is limited to far fewer events")]
const fn next_id(events: &Pages<Committed>) -> EventId {
    EventId(events.len() as u32 + 1)
}
