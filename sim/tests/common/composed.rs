//! What came of composed answers.

use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::compositions::{Compositions, compositions};
use sim::oracle::lab::Lab;
use sim::oracle::queries::{Queries, queries};
use sim::scenario::recording::Scenario;
use sim::system::queries::composing::Composing;
use sim::system::queries::reading::Reading;
use sim::system::trace::What;

use crate::common::played;

/// What queries and compositions of a run amount to.
pub fn measured(scenario: &Scenario) -> (Queries, Compositions) {
    let history = played(scenario);
    (queries(history.trace()), compositions(history.trace()))
}

/// Every turn of composing, and when.
pub fn composings(history: &History<Lab>) -> Vec<(Micros, Composing)> {
    let one = |what| if let What::Reading(Reading::Composing(one)) = what { Some(one) } else { None };
    history.trace().iter().filter_map(|entry| Some((entry.at, one(entry.what)?))).collect()
}
