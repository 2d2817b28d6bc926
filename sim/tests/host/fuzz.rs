//! A short fuzz campaign: `cargo xtask fuzz` runs the long one.

use std::collections::BTreeSet;

use sim::oracle::lab::Lab;
use sim::scenario::recording::Scenario;
use sim::search::{swarm, trial};
use sim::system::trace::What;

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
/// in repetitions. A saga in such a hurry buried a slow service in the same way.
#[test]
fn runs_that_once_failed() {
    for number in [71, 450, 29_727] {
        if let Err(failure) = trial::run_scenario(number, swarm::plain(number)) {
            panic!("{failure}");
        }
    }
    let hasty = swarm::scenario(1_231);
    let mut lab = Lab::new(hasty.options, hasty.seed, &hasty.overrides);
    let mut entries = Vec::new();
    while lab.step(&mut entries) {}
    assert!(entries.len() < 20_000, "{} things happened in {}", entries.len(), lab.world().now());
}

/// What the swarm never reaches it says nothing about.
#[test]
fn the_swarm_reaches_what_can_happen() {
    let mut seen = BTreeSet::new();
    for number in 0..400 {
        let scenario = swarm::scenario(number);
        let mut lab = Lab::new(scenario.options, scenario.seed, &scenario.overrides);
        let mut entries = Vec::new();
        while lab.step(&mut entries) {
            seen.extend(entries.drain(..).map(|entry| name(entry.what)));
        }
    }
    for expected in REACHED {
        assert!(seen.contains(*expected), "{expected} is missing in {seen:?}");
    }
}

/// An entry by the name of its variant; one of a group by the group's and its own.
fn name(what: What) -> String {
    let text = format!("{what:?}");
    let mut words = text.split(|character: char| !character.is_alphanumeric());
    let first = words.next().unwrap_or_default().to_owned();
    let mut words = words.skip_while(|word| ["Sight", "Composing"].contains(word));
    if ["Between", "Reading"].contains(&first.as_str()) {
        format!("{first}::{}", words.next().unwrap_or_default())
    } else {
        first
    }
}

/// One line for what each part of the system does when it is put to the test.
const REACHED: &[&str] = &[
    "Fenced",
    "HeldForGap",
    "BatchBrokenOff",
    "Refreshed",
    "RetentionSkipped",
    "VisibleAgain",
    "QueueAcknowledgementLate",
    "QueueAcknowledgementLost",
    "HandlingFailed",
    "Halted",
    "Parked",
    "LinkCut",
    "LinkStopped",
    "BrokerOut",
    "BrokerBack",
    "PublicationRefused",
    "Between::FellBack",
    "Between::CircuitTurned",
    "Between::QuestionTimedOut",
    "Between::QuestionUnheard",
    "Between::DecidedOnOldData",
    "Between::SagaTurned",
    "Between::CommandRepeated",
    "Reading::TimedOut",
    "Reading::AnswerLost",
    "Reading::FoundStale",
    "Reading::FoundWrong",
    "Reading::Waits",
    "Reading::NotYet",
    "Reading::TurnedAway",
    "Reading::WriteSideLooked",
    "Reading::FromCache",
    "Reading::FromReplica",
    "Reading::RightsUnheard",
    "Reading::Withheld",
    "Reading::Refused",
    "Reading::FoundShown",
    "Reading::FoundDenied",
    "Reading::Unheard",
    "Reading::CallLost",
    "Reading::ReplyLost",
    "Reading::Partial",
    "Reading::Failed",
    "Reading::FoundTorn",
];

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
