//! Answers that were not true when they left.

use std::collections::BTreeMap;

use crate::kernel::time::Micros;
use crate::system::edges::edging::Edging;
use crate::system::place::Model;
use crate::system::queries::keeper::Keeper;
use crate::system::queries::message::QueryId;
use crate::system::queries::reading::Reading;

/// Such answers that are remembered at most, each with its moment.
const ANSWERS_MAX: usize = 20_000;

/// An answer that was not true any more when it left, or never was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateAnswer {
    /// When it left.
    pub at: Micros,
    /// From which read model.
    pub model: Model,
    /// Who had the rows.
    pub keeper: Keeper,
    /// Was it wrong, rather than stale?
    pub wrong: bool,
}

/// What is asked at present, and the answers that came too late.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    asked: BTreeMap<QueryId, (Model, Keeper)>,
    late: Vec<LateAnswer>,
}

impl Answers {
    /// Those that were stale or wrong, oldest first.
    pub(super) fn late(&self) -> &[LateAnswer] {
        &self.late
    }

    /// Something happened at an edge.
    pub(super) fn edging(&mut self, edging: Edging) {
        if let Edging::Answered { query, edge } = edging {
            self.comes_from(query, Keeper::Edge(edge));
        }
    }

    /// The answer to this query comes from these rows.
    fn comes_from(&mut self, query: QueryId, keeper: Keeper) {
        self.asked.entry(query).and_modify(|asked| asked.1 = keeper);
    }

    /// Something happened to a query.
    pub(super) fn reading(&mut self, reading: Reading, at: Micros) {
        match reading {
            Reading::Asked { query, model, .. } => {
                self.asked.insert(query, (model, Keeper::Primary));
            }
            // What comes to the origin, the read model answers, its cache or the write side, unless a replica does.
            Reading::Arrived { query } => self.comes_from(query, Keeper::Primary),
            Reading::FromReplica { query, replica } => self.comes_from(query, Keeper::Replica(replica)),
            Reading::FoundStale { query, .. } => self.found(query, false, at),
            Reading::FoundWrong { query, .. } => self.found(query, true, at),
            Reading::Answered { query } | Reading::Refused { query } | Reading::TimedOut { query, last: true } => {
                self.asked.remove(&query);
            }
            _ => {}
        }
    }

    fn found(&mut self, query: QueryId, wrong: bool, at: Micros) {
        if let Some((model, keeper)) = self.asked.get(&query).filter(|_| self.late.len() < ANSWERS_MAX) {
            self.late.push(LateAnswer { at, model: *model, keeper: *keeper, wrong });
        }
    }
}
