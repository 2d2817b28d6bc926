//! The metrics of a run, under the names that the seeds give them [001, 004]: sampled in virtual time, from the trace.
//!
//! They are computed after the fact. Sampling is no step of the world, so measuring a run can not change it, and every
//! number is a count or a whole microsecond.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CommandId, EventId};
use crate::system::detection::{Detection, Detector};
use crate::system::event_store::EventStore;
use crate::system::following::{took_part, topics};
use crate::system::options::{Options, ReplicaStart};
use crate::system::place::{Reader, TopicName};
use crate::system::trace::{Entry, SkipReason, Trace, What};
use crate::system::versions::{Stage, Turn};

use super::detections::Alarms;
use super::lab::Lab;
use super::query_metrics::{QueryCounters, QuerySample};

/// How many readers there are.
pub const READERS: usize = Reader::ALL.len();
/// Samples at most; a longer run is sampled less often.
const SAMPLES_MAX: u64 = 50_000;

/// How the metrics are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sampling {
    /// The virtual time between two samples, 1 ms to 1 hour. Default 1 s.
    pub every: Micros,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { every: Micros::from_secs(1) }
    }
}

/// Everything that was measured in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metrics {
    /// Who takes part in the run. The other readers' figures are all zero.
    pub readers: Vec<Reader>,
    /// The virtual time between two samples. Longer than asked for where there would be more than 50,000 of them.
    pub every: Micros,
    /// The samples, oldest first; the last one is taken at or after the end of the run.
    pub samples: Vec<Sample>,
    /// `write_command_latency`: from a command's leaving to its answer, shortest first.
    pub command_latencies: Vec<Micros>,
    /// `query_latency`: from a query's leaving to its answer, shortest first.
    pub query_latencies: Vec<Micros>,
    /// For each reader how long events took to become visible.
    pub visibility: [Visibility; READERS],
}

/// The state of all metrics at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When.
    pub at: Micros,
    /// For each reader, by its number.
    pub readers: [ReaderSample; READERS],
    /// How many commands were answered since the sample before.
    pub commands_answered: u32,
    /// The longest latency but one in a hundred of them; zero when there was none.
    pub command_latency_p99: Micros,
    /// What was asked and answered.
    pub queries: QuerySample,
}

/// The metrics of one reader at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReaderSample {
    /// `projection_lag_seconds`: for how long the oldest committed event has been waiting to be handled.
    pub lag: Micros,
    /// `projection_lag_events`: how many committed events are not handled.
    pub lag_events: u32,
    /// `projection_last_processed_position`: every event up to this one is handled; 0 is none.
    pub position: EventId,
    /// `projection_events_processed_total`: deliveries that were applied or left out, repeated ones included.
    pub processed_total: u32,
    /// `projection_error_total`: crashes while an event was handled.
    pub errors_total: u32,
    /// `projection_throughput`: deliveries processed since the sample before.
    pub processed: u32,
    /// `event_publish_rate`: events that reached the reader's topics for the first time since the sample before.
    pub published: u32,
    /// Does it serve? Of the versions of a read model one does.
    pub serves: bool,
    /// Which detectors of drift have raised their alarm about it.
    pub alarms: Alarms,
}

/// How long events took from their commit until a reader had handled them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visibility {
    /// For every event that was handled, shortest first.
    pub seen_after: Vec<Micros>,
    /// For every event that was not: its age when the run ended, shortest first.
    pub unseen_for: Vec<Micros>,
}

impl Metrics {
    /// The metrics of a run that led to this lab by way of this trace.
    pub fn of(lab: &Lab, trace: Trace<'_>, sampling: Sampling) -> Self {
        let mut meter = Meter::new(lab, sampling);
        meter.read_on(lab, trace, usize::MAX);
        meter.so_far(lab)
    }
}

/// The metrics of a run while it grows: what was read of its trace is not read again.
#[derive(Clone, Debug)]
pub struct Meter {
    collector: Collector,
    asked: Sampling,
    every: Micros,
    next: Micros,
    samples: Vec<Sample>,
    read: usize,
}

impl Meter {
    /// Nothing of the run is read yet, which led to this lab.
    pub fn new(lab: &Lab, sampling: Sampling) -> Self {
        let every = spacing(sampling, lab.world().now());
        Self { collector: Collector::new(lab), asked: sampling, every, next: every, samples: Vec::new(), read: 0 }
    }

    /// Can it go on to this lab? Options may have brought new readers, and a longer run is sampled less often.
    pub fn fits(&self, lab: &Lab, sampling: Sampling) -> bool {
        let options = lab.world().options();
        let same = |counters: &ReaderCounters| counters.topics == followed(options, counters.reader);
        self.asked == sampling
            && self.every == spacing(sampling, lab.world().now())
            && self.collector.readers.iter().all(same)
    }

    /// Reads on, at most so many entries. True when there was something to read.
    pub fn read_on(&mut self, lab: &Lab, trace: Trace<'_>, most: usize) -> bool {
        let until = trace.len().min(self.read.saturating_add(most));
        let store = lab.world().store();
        let new = trace.part(self.read..until);
        self.collector.grow(store.len() + 1);
        for entry in new {
            while entry.at > self.next {
                self.samples.push(self.collector.sample(self.next, store));
                self.next += self.every;
            }
            self.collector.take(&entry, store);
        }
        self.read = until;
        !new.is_empty()
    }

    /// How many entries of the trace were read.
    pub const fn read(&self) -> usize {
        self.read
    }

    /// The metrics of what was read.
    pub fn so_far(&self, lab: &Lab) -> Metrics {
        let (mut collector, store) = (self.collector.clone(), lab.world().store());
        let mut samples = Vec::with_capacity(self.samples.len() + 1);
        samples.extend_from_slice(&self.samples);
        samples.push(collector.sample(self.next, store));
        collector.finish(lab.world().now(), self.every, samples, store)
    }
}

/// The virtual time between two samples of a run that has come this far.
fn spacing(sampling: Sampling, end: Micros) -> Micros {
    let mut every = sampling.every.max(Micros(1));
    while end.0 / every.0 > SAMPLES_MAX {
        every = every + every;
    }
    every
}

/// What a reader follows; nothing if it has taken no part.
fn followed(options: &Options, reader: Reader) -> &'static [TopicName] {
    if took_part(options, reader) { topics(options, reader) } else { &[] }
}

/// The value that `percent` in a hundred of the sorted values do not exceed (the nearest rank); zero of nothing.
pub fn percentile(sorted: &[Micros], percent: usize) -> Micros {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(Micros::ZERO)
}

/// The counters while the trace is read.
#[derive(Clone, Debug)]
struct Collector {
    committed: u32,
    /// Which events were committed so far: what is only announced is not.
    known: Vec<bool>,
    appended: Vec<bool>,
    readers: [ReaderCounters; READERS],
    sent: BTreeMap<CommandId, Micros>,
    latencies: Vec<Micros>,
    /// The latencies since the last sample.
    fresh: Vec<Micros>,
    queries: QueryCounters,
}

#[derive(Clone, Debug)]
struct ReaderCounters {
    reader: Reader,
    /// The topics that it follows; none if it takes no part in the run.
    topics: &'static [TopicName],
    /// Does it follow events at present? A version of a read model does from when its building begins until it is retired.
    runs: bool,
    now: ReaderSample,
    handled: Vec<bool>,
    /// Arrived but held back until their predecessors come: a repeated delivery that is left out does not handle them.
    held: BTreeSet<EventId>,
    oldest_open: u32,
    visibility: Visibility,
}

impl Collector {
    fn new(lab: &Lab) -> Self {
        let store = lab.world().store();
        let events = store.len() + 1;
        let options = lab.world().options();
        let readers = Reader::ALL.map(|reader| ReaderCounters {
            reader,
            topics: followed(options, reader),
            runs: !matches!(reader, Reader::Second(_)),
            now: ReaderSample { serves: !matches!(reader, Reader::Second(_)), ..ReaderSample::default() },
            handled: vec![false; events],
            held: BTreeSet::new(),
            oldest_open: 1,
            visibility: Visibility::default(),
        });
        let mut collector = Self {
            committed: 0,
            known: vec![false; events],
            appended: vec![false; events],
            readers,
            sent: BTreeMap::new(),
            latencies: Vec::new(),
            fresh: Vec::new(),
            queries: QueryCounters::default(),
        };
        collector.take_stock(options.replicas.start, store);
        collector
    }

    /// The catalogue was committed and in the log before the run began. Only a replica without a snapshot still has to
    /// handle it.
    fn take_stock(&mut self, start: ReplicaStart, store: &EventStore) {
        let without_snapshot = matches!(start, ReplicaStart::Replay | ReplicaStart::FromNow);
        while (self.committed as usize) < store.len() {
            let event = EventId(self.committed + 1);
            if store.event(event).cause != CommandId(0) {
                break;
            }
            self.committed += 1;
            self.known[event.index()] = true;
            self.appended[event.index()] = true;
            let of = store.event(event).recorded.of;
            for counters in self.readers.iter_mut().filter(|counters| counters.follows(of)) {
                let open = without_snapshot && matches!(counters.reader, Reader::Replica(_));
                counters.handled[event.index()] = !open;
                counters.now.lag_events += u32::from(open);
            }
        }
    }

    /// Makes room for events that were not there when it was made.
    fn grow(&mut self, events: usize) {
        if events <= self.known.len() {
            return;
        }
        self.known.resize(events, false);
        self.appended.resize(events, false);
        self.readers.iter_mut().for_each(|counters| counters.handled.resize(events, false));
    }

    fn take(&mut self, entry: &Entry, store: &EventStore) {
        match entry.what {
            What::CommandSent { command, .. } => drop(self.sent.insert(command, entry.at)),
            What::Answered { command } => {
                if let Some(sent) = self.sent.remove(&command) {
                    self.fresh.push(entry.at.since(sent));
                }
            }
            What::Committed { event, of, .. } => {
                self.committed = event.0;
                self.known[event.index()] = true;
                for counters in self.readers.iter_mut().filter(|counters| counters.follows(of)) {
                    counters.now.lag_events += 1;
                }
            }
            What::Appended { event, .. } => self.appended(event, store),
            What::HeldForGap { delivered, .. } => {
                self.readers[delivered.reader.index()].held.insert(delivered.event);
            }
            What::Applied { delivered, .. } => {
                let counters = &mut self.readers[delivered.reader.index()];
                counters.held.remove(&delivered.event);
                counters.processed(delivered.event, entry.at, store);
            }
            What::Skipped { delivered, reason } => {
                // What its code does nothing with waits no longer, once its predecessors have come.
                if matches!(reason, SkipReason::CodeIgnores | SkipReason::NewSchema) {
                    self.readers[delivered.reader.index()].held.remove(&delivered.event);
                }
                self.readers[delivered.reader.index()].processed(delivered.event, entry.at, store);
            }
            What::Version(Turn::Stage { reader, to, .. }) => self.turned(reader, to, store),
            What::Reading(reading) => self.queries.take(reading, entry.at),
            What::Crashed { delivered, .. } => self.readers[delivered.reader.index()].now.errors_total += 1,
            What::Detection(Detection::Alarm { reader, detector }) => self.alarm(reader, detector, true),
            What::Detection(Detection::Cleared { reader, detector }) => self.alarm(reader, detector, false),
            _ => {}
        }
    }

    /// A detector finds drift in a read model, or none any more. It looks at the version that serves, which may be another one
    /// than when it raised its alarm.
    fn alarm(&mut self, about: Reader, detector: Detector, raised: bool) {
        for counters in self.readers.iter_mut().filter(|one| one.reader.keeps() == about.keeps()) {
            counters.now.alarms.set(detector, raised && counters.reader == about);
        }
    }

    /// A version that begins has everything before it; one that ends has nothing to do any more.
    fn turned(&mut self, reader: Reader, to: Stage, store: &EventStore) {
        let known = &self.known;
        let counters = &mut self.readers[reader.index()];
        counters.now.serves = matches!(to, Stage::Serving | Stage::Rebuilding);
        if matches!(to, Stage::Building | Stage::Rebuilding | Stage::Retired) {
            counters.runs = to.runs();
            counters.handled.fill(false);
            counters.held.clear();
            counters.oldest_open = 1;
            counters.now.lag_events = 0;
            if counters.runs {
                let numbers = (0..).map(EventId).zip(known);
                let all = numbers.filter(|(_, committed)| **committed).map(|(event, _)| event);
                let followed = all.filter(|event| counters.follows(store.event(*event).recorded.of)).count();
                counters.now.lag_events = u32::try_from(followed).unwrap_or(u32::MAX);
            }
        }
    }

    fn appended(&mut self, event: EventId, store: &EventStore) {
        if core::mem::replace(&mut self.appended[event.index()], true) {
            return;
        }
        let of = store.event(event).recorded.of;
        for counters in self.readers.iter_mut().filter(|counters| counters.follows(of)) {
            counters.now.published += 1;
        }
    }

    fn sample(&mut self, at: Micros, store: &EventStore) -> Sample {
        self.fresh.sort_unstable();
        let commands_answered = u32::try_from(self.fresh.len()).unwrap_or(u32::MAX);
        let command_latency_p99 = percentile(&self.fresh, 99);
        self.latencies.append(&mut self.fresh);
        let committed = self.committed;
        let readers = self.readers.each_mut().map(|counters| counters.sample(at, store, committed));
        Sample { at, readers, commands_answered, command_latency_p99, queries: self.queries.sample() }
    }

    fn finish(mut self, end: Micros, every: Micros, samples: Vec<Sample>, store: &EventStore) -> Metrics {
        self.latencies.sort_unstable();
        let committed = self.committed;
        let readers = self.readers.iter().filter(|counters| !counters.topics.is_empty());
        let readers = readers.map(|counters| counters.reader).collect();
        let visibility = self.readers.map(|counters| counters.finish(end, store, committed));
        let query_latencies = self.queries.finish();
        Metrics { readers, every, samples, command_latencies: self.latencies, query_latencies, visibility }
    }
}

impl ReaderCounters {
    fn follows(&self, of: Aggregate) -> bool {
        self.runs && self.topics.contains(&TopicName::of(of))
    }

    fn processed(&mut self, event: EventId, at: Micros, store: &EventStore) {
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

    fn sample(&mut self, at: Micros, store: &EventStore, committed: u32) -> ReaderSample {
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

    fn finish(mut self, end: Micros, store: &EventStore, committed: u32) -> Visibility {
        let open = (1..=committed).map(EventId).filter(|event| self.is_open(*event, store));
        self.visibility.unseen_for = open.map(|event| end.since(store.event(event).at)).collect();
        self.visibility.unseen_for.sort_unstable();
        self.visibility.seen_after.sort_unstable();
        self.visibility
    }
}

#[cfg(test)]
mod tests {
    use super::{Micros, percentile};

    #[test]
    fn percentiles_are_nearest_ranks() {
        let hundred: Vec<Micros> = (1..=100).map(Micros).collect();
        assert_eq!((percentile(&hundred, 50), percentile(&hundred, 99)), (Micros(50), Micros(99)));
        assert_eq!(percentile(&hundred[..3], 99), Micros(3));
        assert_eq!(percentile(&[], 99), Micros::ZERO);
    }
}
