//! What is counted of one reader.

use std::collections::BTreeSet;

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;
use crate::system::event_store::EventStore;
use crate::system::place::{Reader, TopicName};

use super::{ReaderSample, Visibility};

/// The counters of one reader while the trace is read.
#[derive(Clone, Debug)]
pub struct ReaderCounters {
    /// Whose they are.
    pub reader: Reader,
    /// The topics that it follows; none if it takes no part in the run.
    pub topics: &'static [TopicName],
    /// Does it follow events at present? A version of a read model does from when its building begins until it is retired.
    pub runs: bool,
    /// What the next sample will say, without its position and lag.
    pub now: ReaderSample,
    /// Which events it has handled, by their numbers.
    pub handled: Vec<bool>,
    /// Arrived but held back until their predecessors come: a repeated delivery that is left out does not handle them.
    pub held: BTreeSet<EventId>,
    /// The first event that may still be open: all before it are handled or none of its business.
    pub oldest_open: u32,
    /// How long events took until it had handled them.
    pub visibility: Visibility,
}

impl ReaderCounters {
    /// Does it follow this aggregate's events at present?
    pub fn follows(&self, of: Aggregate) -> bool {
        self.runs && self.topics.contains(&TopicName::of(of))
    }

    /// It has processed a delivery of this event; the first time, the event is handled.
    pub fn processed(&mut self, event: EventId, at: Micros, store: &EventStore) {
        self.now.processed += 1;
        self.now.processed_total += 1;
        if !store.is_committed(event)
            || self.held.contains(&event)
            || core::mem::replace(&mut self.handled[event.index()], true)
        {
            return;
        }
        self.now.lag_events -= 1;
        self.visibility.seen_after.push(at.since(store.event(event).at));
    }

    fn is_open(&self, event: EventId, store: &EventStore) -> bool {
        store.is_committed(event) && self.follows(store.event(event).recorded.of) && !self.handled[event.index()]
    }

    /// The sample that ends at this moment; the next one begins.
    pub fn sample(&mut self, at: Micros, store: &EventStore, committed: u32) -> ReaderSample {
        while self.oldest_open <= committed && !self.is_open(EventId(self.oldest_open), store) {
            self.oldest_open += 1;
        }
        self.now.position = EventId(self.oldest_open - 1);
        self.now.lag = match self.now.lag_events {
            0 => Micros::ZERO,
            _ => at.since(store.event(EventId(self.oldest_open)).at),
        };
        let sample = self.now;
        self.now.processed = 0;
        self.now.published = 0;
        sample
    }

    /// How long events took, once the run has ended.
    pub fn finish(mut self, end: Micros, store: &EventStore, committed: u32) -> Visibility {
        let open = (1..=committed).map(EventId).filter(|event| self.is_open(*event, store));
        self.visibility.unseen_for = open.map(|event| end.since(store.event(event).at)).collect();
        self.visibility.unseen_for.sort_unstable();
        self.visibility.seen_after.sort_unstable();
        self.visibility
    }
}
