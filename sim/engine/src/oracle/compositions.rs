//! What composing answers came to: read off the trace of a run, as for all queries.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::system::queries::composing::Composing;
use crate::system::queries::message::QueryId;
use crate::system::queries::reading::Reading;
use crate::system::trace::{Trace, What};

/// What became of the answers that were composed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compositions {
    /// For how many queries services were called.
    pub queries: u64,
    /// How many calls left the gateway.
    pub calls: u64,
    /// How many things they asked for: an order, a list, a customer, or a product each.
    pub things: u64,
    /// How many replies left the services.
    pub replies: u64,
    /// How many calls were not made, because a circuit was open.
    pub spared: u64,
    /// How many calls and replies were lost.
    pub lost: u64,
    /// How many calls a service did not hear, because it was down.
    pub unheard: u64,
    /// How often the gateway stopped waiting for a service.
    pub timed_out: u64,
    /// Answers that said that something was missing in them.
    pub partial: u64,
    /// Queries whose answer was that there is none.
    pub failed: u64,
    /// Pages that mixed moments: composed, or from a model whose sources are not equally far.
    pub torn: u64,
}

impl Compositions {
    /// Messages between the gateway and the services, those that were lost included.
    pub const fn messages(&self) -> u64 {
        self.calls + self.replies
    }
}

/// Reads a trace, which may be of any part of a run from its beginning.
pub fn compositions(trace: Trace<'_>) -> Compositions {
    let mut found = Compositions::default();
    let mut queries: BTreeSet<QueryId> = BTreeSet::new();
    for entry in trace {
        let What::Reading(Reading::Composing(composing)) = entry.what else { continue };
        match composing {
            Composing::Called { query, things, .. } => {
                queries.insert(query);
                found.calls += 1;
                found.things += u64::from(things);
            }
            Composing::Replies { .. } => found.replies += 1,
            Composing::CallLost { .. } | Composing::ReplyLost { .. } => found.lost += 1,
            Composing::Unheard { .. } => found.unheard += 1,
            Composing::TimedOut { .. } => found.timed_out += 1,
            Composing::Partial { .. } => found.partial += 1,
            Composing::Failed { .. } => found.failed += 1,
            Composing::FoundTorn { .. } => found.torn += 1,
            Composing::Spared { query, .. } => {
                queries.insert(query);
                found.spared += 1;
            }
            Composing::Replied { .. } | Composing::CircuitTurned { .. } => {}
        }
    }
    found.queries = queries.len() as u64;
    found
}
