//! Invariant, *always*: no event has its effect on a read model more than once [seed 001, scenario B].

use crate::kernel::pages::Pages;
use crate::shop::ids::EventId;

/// Counts how often each event was applied to one read model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ExactlyOnce {
    times: Pages<u8>,
}

impl ExactlyOnce {
    /// Notes an application; true when it breaks the promise: the event had been applied before, and this time again
    /// something changed. To write the same row once more is no second effect.
    pub fn applied(&mut self, event: EventId, changed: bool) -> bool {
        let times = self.times.entry(event.index());
        let again = *times > 0;
        *times = times.saturating_add(1);
        again && changed
    }

    /// How often an event was applied.
    pub fn times(&self, event: EventId) -> u8 {
        self.times.get(event.index()).copied().unwrap_or(0)
    }
}
