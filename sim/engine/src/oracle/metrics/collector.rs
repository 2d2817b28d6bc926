//! What is counted while the trace is read.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::percentile::percentile;
use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::oracle::query_metrics::QueryCounters;
use crate::shop::ids::{CommandId, EventId};
use crate::system::detection::{Detection, Detector};
use crate::system::event_store::EventStore;
use crate::system::options::ReplicaStart;
use crate::system::place::Reader;
use crate::system::trace::{Entry, SkipReason, What};
use crate::system::versions::{Stage, Turn};

use super::reader_counters::ReaderCounters;
use super::{Metrics, READERS, ReaderSample, Sample, Visibility, followed};

/// The counters while the trace is read.
#[derive(Clone, Debug)]
pub struct Collector {
    committed: u32,
    /// Which events were committed so far: what is only announced is not.
    known: Vec<bool>,
    appended: Vec<bool>,
    /// What is counted of each reader.
    pub readers: [ReaderCounters; READERS],
    sent: BTreeMap<CommandId, Micros>,
    latencies: Vec<Micros>,
    /// The latencies since the last sample.
    fresh: Vec<Micros>,
    queries: QueryCounters,
}

impl Collector {
    /// Counters of a run that led to this lab, of which nothing was read yet.
    pub fn new(lab: &Lab) -> Self {
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
    pub fn grow(&mut self, events: usize) {
        if events <= self.known.len() {
            return;
        }
        self.known.resize(events, false);
        self.appended.resize(events, false);
        self.readers.iter_mut().for_each(|counters| counters.handled.resize(events, false));
    }

    /// Counts one entry.
    pub fn take(&mut self, entry: &Entry, store: &EventStore) {
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

    /// The sample that ends at this moment; the next one begins.
    pub fn sample(&mut self, at: Micros, store: &EventStore) -> Sample {
        self.fresh.sort_unstable();
        let commands_answered = u32::try_from(self.fresh.len()).unwrap_or(u32::MAX);
        let command_latency_p99 = percentile(&self.fresh, 99);
        self.latencies.append(&mut self.fresh);
        let committed = self.committed;
        let readers = self.readers.each_mut().map(|counters| counters.sample(at, store, committed));
        Sample { at, readers, commands_answered, command_latency_p99, queries: self.queries.sample() }
    }

    /// The metrics of a run that ended so.
    pub fn finish(mut self, end: Micros, every: Micros, samples: Vec<Sample>, store: &EventStore) -> Metrics {
        self.latencies.sort_unstable();
        let committed = self.committed;
        let readers = self.readers.iter().filter(|counters| !counters.topics.is_empty());
        let readers = readers.map(|counters| counters.reader).collect();
        let visibility = self.readers.map(|counters| counters.finish(end, store, committed));
        let query_latencies = self.queries.finish();
        Metrics { readers, every, samples, command_latencies: self.latencies, query_latencies, visibility }
    }
}
