//! The metrics of a run, under the names that the seeds give them [001, 004]: sampled in virtual time, from the trace.
//!
//! They are computed after the fact. Sampling is no step of the world, so measuring a run can not change it, and every
//! number is a count or a whole microsecond.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::following::{took_part, topics};
use crate::system::options::Options;
use crate::system::place::{Reader, TopicName};
use crate::system::trace::Trace;

use self::collector::Collector;
use self::reader_counters::ReaderCounters;
use super::detections::Alarms;
use super::lab::Lab;
use super::query_metrics::QuerySample;

mod collector;
mod reader_counters;

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
