//! What a read model should be: the committed events, each once and in their order. The projection that keeps the model is not
//! asked, and neither is the oracle: this is what a reconciliation job computes from the write side.

use std::collections::BTreeSet;

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::consumer::follower::passed_over;
use crate::system::consumer::target::{Applying, Target as _};
use crate::system::event_store::EventStore;
use crate::system::following::topics;
use crate::system::options::Options;
use crate::system::place::{Model, Reader, TopicName};

use super::read_model::ReadModel;

/// The rows that the committed events make, up to some moment.
#[derive(Clone, Debug)]
pub struct Reference {
    rows: ReadModel,
    /// The next event to be looked at.
    next: u32,
    /// Events that had a number and were not committed when it came to them.
    announced: BTreeSet<EventId>,
}

/// How the events are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Every event has the effect that it should have.
    Sound,
    /// As the projection reads them: what its code does nothing with has no effect.
    Own,
}

impl Reference {
    /// No rows yet; orders are numbered from `first` on.
    pub fn new(model: Model, first: u32, options: &Options) -> Self {
        Self { rows: ReadModel::new(model, first, options), next: 1, announced: BTreeSet::new() }
    }

    /// The rows.
    pub const fn rows(&self) -> &ReadModel {
        &self.rows
    }

    /// The first event that it has not come to.
    pub const fn next(&self) -> u32 {
        self.next
    }

    /// Takes in what was committed up to a moment, for a version of the model.
    pub fn follow(&mut self, until: Micros, reader: Reader, code: Code, store: &EventStore, options: &Options) {
        let late: Vec<EventId> = self.announced.iter().copied().filter(|event| store.is_committed(*event)).collect();
        for event in late {
            self.announced.remove(&event);
            self.take(event, reader, code, store, options);
        }
        while (self.next as usize) <= store.len() && store.event(EventId(self.next)).at <= until {
            let event = EventId(self.next);
            self.next += 1;
            if store.is_committed(event) {
                self.take(event, reader, code, store, options);
            } else {
                self.announced.insert(event);
            }
        }
    }

    fn take(&mut self, event: EventId, reader: Reader, code: Code, store: &EventStore, options: &Options) {
        let committed = store.event(event);
        let recorded = &committed.recorded;
        let is_followed = topics(options, reader).contains(&TopicName::of(recorded.of));
        if !is_followed || (code == Code::Own && passed_over(reader, committed, options).is_some()) {
            return;
        }
        let (committed_at, correlation) = (committed.at, committed.correlation);
        self.rows.apply(Applying { event, recorded, upsert: false, now: committed_at, committed_at, correlation });
    }
}
