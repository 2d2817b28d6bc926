//! What several tests share: a long run in which everything goes wrong, and its known outcome.
#![cfg_attr(target_family = "wasm", allow(dead_code, reason = "the tests in the browser use a part of this"))]

pub mod again;
pub mod composed;
pub mod poison;
pub mod queried;
pub mod readers;
pub mod shop;

use sim::kernel::history::History;
use sim::oracle::lab::Lab;
use sim::scenario::presets::PRESETS;
use sim::scenario::recording::Scenario;
use sim::scenario::report::{Report, report};

/// A long run with every kind of fault, every kind of distribution and both kinds of protection.
pub const LONG_FAULTY_RUN: &str = include_str!("long-faulty-run.json");

/// The digest of its trace. Native and browser agree on it; a change of it is a change of what the simulation does, and has
/// to be meant.
pub const LONG_FAULTY_HASH: &str = "a49b59ebb13cf3f1";

/// The digests of the presets that the page opens first: the command line, the host's tests and the browser's agree on them.
pub const PRESET_HASHES: [(&str, &str); 3] =
    [("first-minute", "5baa6a9854d9f54e"), ("scenario-b", "94078325acdf2db2"), ("scenario-c", "b5c95ca7e2978b2e")];

/// A scenario that comes with the lab.
pub fn preset(slug: &str) -> Scenario {
    match PRESETS.iter().find(|preset| preset.slug == slug) {
        Some(preset) => scenario(preset.json),
        None => panic!("there is no preset {slug}"),
    }
}

/// Plays a scenario to its end.
pub fn played(scenario: &Scenario) -> History<Lab> {
    let mut history = History::new(scenario, Vec::new());
    assert!(history.run_to_end(5_000_000), "the run comes to rest");
    history
}

/// The outcome of a scenario.
pub fn outcome(scenario: &Scenario) -> Report {
    let history = played(scenario);
    report(history.frontier(), history.trace())
}

/// Reads a scenario that must be sound.
pub fn scenario(json: &str) -> Scenario {
    match Scenario::from_json(json) {
        Ok(scenario) => scenario,
        Err(error) => panic!("{error}"),
    }
}

/// The status of one invariant in an outcome.
pub fn status(report: &Report, name: &str) -> &'static str {
    report.invariants.iter().find(|one| one.name == name).map_or("missing", |one| one.status)
}
