//! The table of processed events: the projection's memory of what it has handled [seeds 001, 004].

use crate::kernel::pages::Pages;
use crate::shop::ids::EventId;

/// Remembers processed events, for ever or for so many later ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProcessedEvents {
    /// For each event number: the how-manieth remembered event it was, from 1; 0 if it was not.
    turns: Pages<u32>,
    count: u32,
}

impl ProcessedEvents {
    /// Is this event among the last `window` remembered ones (0: among all)?
    pub fn contains(&self, event: EventId, window: u32) -> bool {
        match self.turns.get(event.index()) {
            None | Some(0) => false,
            Some(turn) => window == 0 || self.count - turn < window,
        }
    }

    /// Remembers an event.
    pub fn insert(&mut self, event: EventId) {
        self.count += 1;
        *self.turns.entry(event.index()) = self.count;
    }

    /// How many events were remembered, forgotten ones included.
    pub const fn count(&self) -> u32 {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::{EventId, ProcessedEvents};

    #[test]
    fn a_window_forgets_and_for_ever_does_not() {
        let mut processed = ProcessedEvents::default();
        for n in 1..=4 {
            processed.insert(EventId(n));
        }
        let among = |window| [1, 2, 3, 4, 5].map(|n| processed.contains(EventId(n), window));
        assert_eq!(among(0), [true, true, true, true, false]);
        assert_eq!(among(2), [false, false, true, true, false]);
    }
}
