//! How queries fared: read off the trace of a run, so that a run that nobody measures costs nothing.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::kernel::time::Micros;
use crate::system::edges::edging::Edging;
use crate::system::edges::load::Cargo;
use crate::system::queries::message::{Errand, QueryId};
use crate::system::queries::reading::Reading;
use crate::system::trace::{Promise, Trace, What};

use super::commands::Latency;

/// What became of the queries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Queries {
    /// How many were asked, each counted once however often it was sent.
    pub asked: u64,
    /// How many were answered.
    pub answered: u64,
    /// How many clients gave up waiting for the last time.
    pub timed_out: u64,
    /// How many have no answer yet.
    pub unanswered: u64,
    /// How often a client asked again.
    pub asked_again: u64,
    /// From asking to answer, over all of them; waiting for an answer that was lost included.
    pub latency: Latency,
    /// How many answers left the API. One that is lost, or that comes twice, is one too.
    pub served: u64,
    /// `query_result_stale_total`: answers that were not true any more when they left, but had been.
    pub stale: u64,
    /// Answers that were not true even where the model stood.
    pub wrong: u64,
    /// Answers that were stale and said so: they are not counted as stale.
    pub pending: u64,
    /// How many clients were refused, or told "not yet" for the last time.
    pub refused: u64,
    /// How often a client was told "not yet".
    pub not_yet: u64,
    /// How many queries the API kept waiting for a model.
    pub waited: u64,
    /// How often the Order Service looked for one order: each time takes as long as a command.
    pub write_side_reads: u64,
    /// Those of them for orders that the read model did not have.
    pub fallbacks: u64,
    /// Answers from the cache.
    pub from_cache: u64,
    /// Answers from read replicas.
    pub from_replicas: u64,
    /// Answers that edges have made from their own copies.
    pub from_edges: u64,
    /// Queries that edges have handed on to the origin.
    pub handed_on: u64,
    /// How often the client of a query went to another edge, because the one before had not answered.
    pub failed_over: u64,
    /// Answers without the session's own write.
    pub own_writes_missed: u64,
    /// Answers older than what the session had seen.
    pub reads_gone_back: u64,
    /// Walks from page to page that came to their end.
    pub walks: u64,
    /// Rows that such walks showed more than once, though they stood where they stood.
    pub rows_repeated: u64,
    /// Rows that such walks left out, though they stood where they stood.
    pub rows_skipped: u64,
}

/// Reads a trace, which may be of any part of a run from its beginning.
pub fn queries(trace: Trace<'_>) -> Queries {
    let mut found = Queries::default();
    let mut open: BTreeMap<QueryId, Micros> = BTreeMap::new();
    let mut latencies = Vec::new();
    for entry in trace {
        match entry.what {
            What::Reading(Reading::Asked { query, .. }) => drop(open.insert(query, entry.at)),
            What::Reading(Reading::Answered { query }) => {
                latencies.extend(open.remove(&query).map(|sent| entry.at.since(sent)));
            }
            What::Reading(Reading::TimedOut { query, last: true } | Reading::Refused { query }) => {
                open.remove(&query);
            }
            _ => {}
        }
        found.count(&entry.what);
    }
    found.unanswered = open.len() as u64;
    found.latency = Latency::of(latencies);
    found
}

impl Queries {
    fn count(&mut self, what: &What) {
        let counter = match what {
            What::Broken { promise: Promise::ReadYourWrites, .. } => &mut self.own_writes_missed,
            What::Broken { promise: Promise::MonotonicReads, .. } => &mut self.reads_gone_back,
            What::Edge(Edging::Answered { .. }) => &mut self.from_edges,
            What::Edge(Edging::Forwarded { cargo: Cargo::Query(_), .. }) => &mut self.handed_on,
            What::Edge(Edging::FailedOver { cargo: Cargo::Query(_), .. }) => &mut self.failed_over,
            What::Reading(reading) => match reading {
                Reading::Asked { .. } => &mut self.asked,
                Reading::AskedAgain { .. } => &mut self.asked_again,
                Reading::Served { .. } => &mut self.served,
                Reading::Answered { .. } => &mut self.answered,
                Reading::TimedOut { last: true, .. } => &mut self.timed_out,
                Reading::FoundStale { said: false, .. } => &mut self.stale,
                Reading::FoundStale { said: true, .. } => &mut self.pending,
                Reading::FoundWrong { .. } => &mut self.wrong,
                Reading::Refused { .. } => &mut self.refused,
                Reading::NotYet { .. } => &mut self.not_yet,
                Reading::Waits { .. } => &mut self.waited,
                Reading::WriteSideLooked { .. } => &mut self.write_side_reads,
                Reading::AsksWriteSide { errand: Errand::Fallback, .. } => &mut self.fallbacks,
                Reading::FromCache { .. } => &mut self.from_cache,
                Reading::FromReplica { .. } => &mut self.from_replicas,
                Reading::WalkEnded { repeated, skipped, .. } => {
                    self.rows_repeated += u64::from(*repeated);
                    self.rows_skipped += u64::from(*skipped);
                    &mut self.walks
                }
                _ => return,
            },
            _ => return,
        };
        *counter += 1;
    }
}
