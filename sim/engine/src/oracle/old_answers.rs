//! The last answers that left stale or wrong, for pictures of answers on their way.

use std::collections::VecDeque;

use crate::system::queries::message::QueryId;

use super::judgement::Freshness;

/// More than this are hardly ever on their way at once; what is older has arrived.
const KEPT: usize = 1_024;

/// The last answers that were not fresh when they left, oldest first.
#[derive(Clone, Debug, Default)]
pub struct OldAnswers(VecDeque<(QueryId, u16, Freshness)>);

impl OldAnswers {
    /// An answer to this try of a query has left.
    pub fn left(&mut self, query: QueryId, attempt: u16, freshness: Freshness) {
        if freshness == Freshness::Fresh {
            return;
        }
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back((query, attempt, freshness));
    }

    /// How the answer to this try stood.
    pub fn freshness(&self, query: QueryId, attempt: u16) -> Freshness {
        let found = self.0.iter().rev().find(|(of, nth, _)| (*of, *nth) == (query, attempt));
        found.map_or(Freshness::Fresh, |(_, _, freshness)| *freshness)
    }
}
