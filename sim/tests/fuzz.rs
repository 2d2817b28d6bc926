//! A short fuzz campaign: `cargo xtask fuzz` runs the long one.
#![cfg(not(target_family = "wasm"))]

use sim::scenario::recording::Scenario;
use sim::search::{swarm, trial};

#[test]
fn damaged_files_break_no_loader() {
    let files = trial::Files::of_presets();
    let taken = (0..4_000).filter(|number| files.load(*number).unwrap_or_else(|failure| panic!("{failure}"))).count();
    // Were all refused at once, the deeper checks would never be reached; were all taken, nothing would be damaged.
    assert!((70..2_700).contains(&taken), "{taken} of 4,000 were taken");
}

#[test]
fn swarm_scenarios_run_to_their_end_and_protected_ones_keep_every_promise() {
    for number in 0..1_500 {
        if let Err(failure) = trial::run(number) {
            panic!("{failure}");
        }
    }
}

/// What campaigns found: a snapshot that did not know what it holds, and a relay in such a hurry that it buried a slow broker
/// in repetitions.
#[test]
fn runs_that_once_failed() {
    for number in [71, 450, 29_727] {
        if let Err(failure) = trial::run(number) {
            panic!("{failure}");
        }
    }
}

#[test]
fn swarm_scenarios_are_sound_and_survive_a_file() {
    for number in 0..1_000 {
        let scenario = swarm::scenario(number);
        let text = serde_json::to_string(&scenario).expect("a scenario is JSON");
        let read = Scenario::from_json(&text).unwrap_or_else(|error| panic!("scenario {number}: {error}"));
        assert_eq!(read, scenario, "scenario {number}");
    }
}

#[test]
fn a_trial_follows_from_its_number() {
    let files = trial::Files::of_presets();
    assert_eq!(files.damaged(7), files.damaged(7));
    assert_ne!(files.damaged(7), files.damaged(8));
    assert_eq!(trial::run(7), trial::run(7));
}
