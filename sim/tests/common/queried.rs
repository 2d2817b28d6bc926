//! What came of queries.

use sim::oracle::queries::{Queries, queries};
use sim::scenario::recording::Scenario;

use crate::common::played;

/// What the queries of a run amount to.
pub fn measured(scenario: &Scenario) -> Queries {
    queries(played(scenario).trace())
}
