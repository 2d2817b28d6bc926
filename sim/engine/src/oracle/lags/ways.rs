//! Events on their way to whoever waits for them.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;

use super::cause::{Cause, Station};

/// The way of one event to one who waits for it, up to now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) station: Station,
    /// Since when it is there.
    since: Micros,
    /// How long each cause has kept it before.
    spent: [Micros; Cause::COUNT],
}

impl Way {
    /// How long each cause has kept it, up to a moment.
    fn waited(&self, at: Micros) -> [Micros; Cause::COUNT] {
        let mut waited = self.spent;
        waited[self.station.cause().index()] += at.since(self.since);
        waited
    }
}

/// The events that somebody waits for.
#[derive(Clone, Debug, Default)]
pub(super) struct Ways {
    open: BTreeMap<EventId, Way>,
    counts: [u32; Cause::COUNT],
    /// What has come before it was committed: somebody published it first.
    early: BTreeSet<EventId>,
}

impl Ways {
    /// Where this event is, if it is waited for.
    pub(super) fn station(&self, event: EventId) -> Option<Station> {
        self.open.get(&event).map(|way| way.station)
    }

    /// For each cause how many are kept by it.
    pub(super) const fn counts(&self) -> [u32; Cause::COUNT] {
        self.counts
    }

    /// The oldest, and how long each cause has kept it.
    pub(super) fn oldest(&self, at: Micros) -> Option<(EventId, [Micros; Cause::COUNT])> {
        self.open.first_key_value().map(|(event, way)| (*event, way.waited(at)))
    }

    /// An event was committed, and is waited for.
    pub(super) fn open(&mut self, event: EventId, station: Station, since: Micros) {
        if !self.early.remove(&event) {
            self.put(event, Way { station, since, spent: [Micros::ZERO; Cause::COUNT] });
        }
    }

    /// An event is waited for that has come a part of its way already.
    pub(super) fn put(&mut self, event: EventId, way: Way) {
        if self.open.insert(event, way).is_none() {
            self.counts[way.station.cause().index()] += 1;
        }
    }

    /// An event has come that somebody else waited for, and is to come on from there.
    pub(super) fn take_over(&mut self, event: EventId, way: Way, at: Micros, to: Station) {
        self.put(event, way);
        self.turn(event, at, |_| Some(to));
    }

    /// An event has come. Gives back its way, if it was waited for.
    pub(super) fn close(&mut self, event: EventId, committed: bool) -> Option<Way> {
        let way = self.open.remove(&event);
        match way {
            Some(way) => self.counts[way.station.cause().index()] -= 1,
            None if !committed => {
                self.early.insert(event);
            }
            None => {}
        }
        way
    }

    /// An event has come to another station, if `to` says so.
    pub(super) fn turn(&mut self, event: EventId, at: Micros, to: impl FnOnce(Station) -> Option<Station>) {
        if let Some(way) = self.open.get_mut(&event) {
            step(way, &mut self.counts, at, to(way.station));
        }
    }

    /// The same for every event that is waited for.
    pub(super) fn turn_each(&mut self, at: Micros, to: impl Fn(EventId, Station) -> Option<Station>) {
        for (event, way) in &mut self.open {
            step(way, &mut self.counts, at, to(*event, way.station));
        }
    }

    /// Everything that is waited for, with its way.
    pub(super) fn iter(&self) -> impl Iterator<Item = (EventId, Way)> {
        self.open.iter().map(|(event, way)| (*event, *way))
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
