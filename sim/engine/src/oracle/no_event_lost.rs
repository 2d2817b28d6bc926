//! Invariant, *eventually*: no event is lost between commit and publish. Once nothing is left to do, whatever was committed
//! has been in the log [seed 004].

use crate::kernel::pages::Pages;
use crate::shop::ids::EventId;
use crate::system::event_store::EventStore;

/// Which events have been in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Appended {
    events: Pages<bool>,
}

impl Appended {
    /// Notes that the log has an event; true when that is new.
    pub fn note(&mut self, event: EventId) -> bool {
        !core::mem::replace(self.events.entry(event.index()), true)
    }

    /// Committed events that have never been in the log.
    pub fn lost(&self, store: &EventStore) -> Vec<EventId> {
        store.committed().filter(|event| !self.events.get(event.index()).copied().unwrap_or(false)).collect()
    }
}
