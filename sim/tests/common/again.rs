//! A run that was touched plays again as it was, from its recording.

use sim::kernel::history::History;
use sim::oracle::lab::Lab;
use sim::scenario::recording::{Recording, Scenario};
use sim::scenario::report::trace_hash;

/// Writes the run's recording, reads it back and plays it: the trace must be the same.
pub fn assert_plays_again(scenario: &Scenario, history: &History<Lab>) {
    let recording = Recording { scenario: scenario.clone(), changes: history.changes().to_vec() };
    let read = Recording::from_json(&recording.to_json()).expect("reads back");
    assert_eq!(read, recording);
    let mut again: History<Lab> = History::new(&read.scenario, read.changes);
    assert!(again.run_to_end(5_000_000));
    assert_eq!(trace_hash(again.trace()), trace_hash(history.trace()), "a recording plays as it was");
}
