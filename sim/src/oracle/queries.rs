//! How queries fared: read off the trace of a run, so that a run that nobody measures costs nothing.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::kernel::time::Micros;
use crate::system::queries::message::QueryId;
use crate::system::queries::reading::Reading;
use crate::system::trace::{Entry, What};

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
}

/// Reads a trace, which may be of any part of a run from its beginning.
pub fn queries(trace: &[Entry]) -> Queries {
    let mut found = Queries::default();
    let mut open: BTreeMap<QueryId, Micros> = BTreeMap::new();
    let mut latencies = Vec::new();
    for entry in trace {
        let What::Reading(reading) = entry.what else { continue };
        match reading {
            Reading::Asked { query, .. } => {
                found.asked += 1;
                open.insert(query, entry.at);
            }
            Reading::AskedAgain { .. } => found.asked_again += 1,
            Reading::Served { .. } => found.served += 1,
            Reading::Answered { query } => {
                found.answered += 1;
                latencies.extend(open.remove(&query).map(|sent| entry.at.since(sent)));
            }
            Reading::TimedOut { query, last: true } => {
                found.timed_out += 1;
                open.remove(&query);
            }
            Reading::FoundStale { .. } => found.stale += 1,
            Reading::FoundWrong { .. } => found.wrong += 1,
            Reading::TimedOut { .. }
            | Reading::QueryLost { .. }
            | Reading::AnswerLost { .. }
            | Reading::Arrived { .. } => {}
        }
    }
    found.unanswered = open.len() as u64;
    found.latency = Latency::of(latencies);
    found
}
