//! One reader, and every event that it has still to handle.

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::system::place::{Reader, TopicName};

use super::cause::{Cause, Station};
use super::ways::Ways;

/// How far somebody is behind at one moment, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LagSample {
    /// When.
    pub at: Micros,
    /// `projection_lag_events`: for each cause how many committed events are kept from the reader by it.
    pub events: [u32; Cause::COUNT],
    /// `projection_lag_seconds`: for how long the oldest of them has waited, and what for.
    pub waited: [Micros; Cause::COUNT],
}

impl LagSample {
    /// How many committed events the reader has not handled.
    pub fn lag_events(&self) -> u32 {
        self.events.iter().sum()
    }

    /// For how long the oldest of them has been committed.
    pub fn lag(&self) -> Micros {
        self.waited.iter().fold(Micros::ZERO, |sum, one| sum + *one)
    }
}

/// A reader and the events that it has still to handle.
#[derive(Clone, Debug)]
pub(super) struct Follower {
    pub(super) reader: Reader,
    pub(super) topics: &'static [TopicName],
    /// Does it follow events at present? A version of a read model does from when its building begins until it is retired.
    runs: bool,
    pub(super) ways: Ways,
}

impl Follower {
    pub(super) fn new(reader: Reader, topics: &'static [TopicName]) -> Self {
        Self { reader, topics, runs: !matches!(reader, Reader::Second(_)), ways: Ways::default() }
    }

    /// Does it have to handle what is about this?
    pub(super) fn follows(&self, of: Aggregate) -> bool {
        self.runs && self.topics.contains(&TopicName::of(of))
    }

    /// What an instance had, or was to get, is gone with it.
    pub(super) fn lose_instance(&mut self, number: Option<u8>, at: Micros) {
        self.ways.turn_each(at, |_, station| {
            let hit = station.instance().filter(|one| number.is_none_or(|number| number == *one));
            hit.map(|_| if matches!(station, Station::Saved(_)) { Station::Lost } else { Station::Missed })
        });
    }

    /// It begins from nothing, or ends. Gives back what it waited for.
    pub(super) fn begin(&mut self, runs: bool) -> Ways {
        self.runs = runs;
        core::mem::take(&mut self.ways)
    }

    /// How far it is behind now, and why.
    pub(super) fn sample(&self, at: Micros) -> LagSample {
        let waited = self.ways.oldest(at).map(|(_, waited)| waited).unwrap_or_default();
        LagSample { at, events: self.ways.counts(), waited }
    }
}
