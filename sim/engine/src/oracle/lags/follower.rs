//! One reader, and every event that it has still to handle.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;
use crate::system::place::{Reader, TopicName};

use super::cause::{Cause, Station};

/// How far a reader is behind at one moment, and why.
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

/// The way of one event to one reader, up to now.
#[derive(Clone, Copy, Debug)]
struct Way {
    station: Station,
    /// Since when it is there.
    since: Micros,
    /// How long each cause has kept it before.
    spent: [Micros; Cause::COUNT],
}

/// A reader and the events that it has still to handle.
#[derive(Clone, Debug)]
pub(super) struct Follower {
    pub(super) reader: Reader,
    pub(super) topics: &'static [TopicName],
    /// Does it follow events at present? A version of a read model does from when its building begins until it is retired.
    runs: bool,
    open: BTreeMap<EventId, Way>,
    counts: [u32; Cause::COUNT],
    /// What it has handled before it was committed: somebody published it first.
    early: BTreeSet<EventId>,
}

impl Follower {
    pub(super) fn new(reader: Reader, topics: &'static [TopicName]) -> Self {
        Self {
            reader,
            topics,
            runs: !matches!(reader, Reader::Second(_)),
            open: BTreeMap::new(),
            counts: [0; Cause::COUNT],
            early: BTreeSet::new(),
        }
    }

    /// Does it have to handle what is about this?
    pub(super) fn follows(&self, of: Aggregate) -> bool {
        self.runs && self.topics.contains(&TopicName::of(of))
    }

    /// Does it hold this event back until others come?
    pub(super) fn is_held(&self, event: EventId) -> bool {
        self.open.get(&event).is_some_and(|way| way.station == Station::Held)
    }

    /// An event was committed that it has to handle.
    pub(super) fn open(&mut self, event: EventId, station: Station, since: Micros) {
        if self.early.remove(&event) {
            return;
        }
        let way = Way { station, since, spent: [Micros::ZERO; Cause::COUNT] };
        if self.open.insert(event, way).is_none() {
            self.counts[station.cause().index()] += 1;
        }
    }

    /// It has handled an event, or left it out.
    pub(super) fn close(&mut self, event: EventId, committed: bool) {
        match self.open.remove(&event) {
            Some(way) => self.counts[way.station.cause().index()] -= 1,
            None if !committed => {
                self.early.insert(event);
            }
            None => {}
        }
    }

    /// An event has come to another station, if `to` says so.
    pub(super) fn turn(&mut self, event: EventId, at: Micros, to: impl FnOnce(Station) -> Option<Station>) {
        if let Some(way) = self.open.get_mut(&event) {
            step(way, &mut self.counts, at, to(way.station));
        }
    }

    /// The same for every event that it has still to handle.
    pub(super) fn turn_each(&mut self, at: Micros, to: impl Fn(EventId, Station) -> Option<Station>) {
        for (event, way) in &mut self.open {
            step(way, &mut self.counts, at, to(*event, way.station));
        }
    }

    /// What an instance had, or was to get, is gone with it.
    pub(super) fn lose_instance(&mut self, number: Option<u8>, at: Micros) {
        self.turn_each(at, |_, station| {
            let hit = station.instance().filter(|one| number.is_none_or(|number| number == *one));
            hit.map(|_| if matches!(station, Station::Saved(_)) { Station::Lost } else { Station::Missed })
        });
    }

    /// It begins from nothing, or ends.
    pub(super) fn begin(&mut self, runs: bool) {
        self.runs = runs;
        self.open.clear();
        self.early.clear();
        self.counts = [0; Cause::COUNT];
    }

    /// How far it is behind now, and why.
    pub(super) fn sample(&self, at: Micros) -> LagSample {
        let mut sample = LagSample { at, events: self.counts, ..LagSample::default() };
        if let Some((_, oldest)) = self.open.first_key_value() {
            sample.waited = oldest.spent;
            sample.waited[oldest.station.cause().index()] += at.since(oldest.since);
        }
        sample
    }
}

/// Takes one event to the next station, if there is one.
fn step(way: &mut Way, counts: &mut [u32; Cause::COUNT], at: Micros, to: Option<Station>) {
    let Some(to) = to.filter(|to| *to != way.station) else { return };
    let (from, cause) = (way.station.cause(), to.cause());
    if from != cause {
        way.spent[from.index()] += at.since(way.since);
        way.since = at;
        counts[from.index()] -= 1;
        counts[cause.index()] += 1;
    }
    way.station = to;
}
