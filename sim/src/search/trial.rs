//! One trial of a fuzz campaign: a damaged file for the loaders, or a run of a swarm scenario. Each follows from its number.

use thiserror::Error;

use crate::kernel::history::Timed;
use crate::oracle::lab::Lab;
use crate::scenario::machine::Change;
use crate::scenario::presets::PRESETS;
use crate::scenario::recording::{Recording, Scenario};
use crate::scenario::report::report;

use super::chance::Chance;
use super::mutate::mutated;
use super::swarm;

/// Steps at most: swarm runs need a few thousand, so one that comes here will not come to rest.
const STEPS_MAX: u64 = 1_000_000;
/// How far a run of an accepted damaged file is followed.
const FIRST_STEPS: u64 = 200;
/// How many of the accepted damaged files are run: beginning a run can cost far more than reading a file.
const RUN_ONE_IN: u64 = 64;

/// Why a trial failed. A panic is a failure too, but no value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    /// A loader took a file that it does not read back as it wrote it.
    #[error("text {number}: what was read is not what is written again")]
    NotReadBack {
        /// The trial.
        number: u64,
    },
    /// A run does not come to rest.
    #[error("run {number}: not at rest after {STEPS_MAX} steps")]
    NoRest {
        /// The trial.
        number: u64,
    },
    /// A run with every protection on broke a promise.
    #[error("run {number}, with every protection on: {promise} is broken")]
    Broken {
        /// The trial.
        number: u64,
        /// The promise.
        promise: &'static str,
    },
}

/// The damaged file of this number.
pub fn damaged(number: u64) -> String {
    let chance = &mut Chance::of(number ^ 0x7465_7874);
    let sound = sound_file(chance);
    let other = sound_file(chance);
    mutated(&sound, &other, chance.bits())
}

/// A preset as it is, one with all defaults written out, or a recording.
fn sound_file(chance: &mut Chance) -> String {
    let preset = chance.one_of(&PRESETS);
    let kind = chance.below(4);
    let (true, Ok(scenario)) = (kind > 1, Scenario::from_json(preset.json)) else { return preset.json.to_owned() };
    let mut recording = Recording::of(scenario);
    let options = Change::Options(Box::new(recording.scenario.options.clone()));
    let overrides = recording.scenario.overrides.clone();
    recording.changes.extend(overrides.into_iter().map(|one| Timed { after_step: 1, change: Change::Override(one) }));
    if kind == 2 {
        recording.changes.push(Timed { after_step: 9, change: options });
    }
    recording.to_json()
}

/// Gives the damaged file of this number to the loader. True when it is taken all the same.
///
/// # Errors
/// When it is taken and is not what is written again.
pub fn load(number: u64) -> Result<bool, Failure> {
    let Ok(recording) = Recording::from_json(&damaged(number)) else { return Ok(false) };
    if Recording::from_json(&recording.to_json()).as_ref() != Ok(&recording) {
        return Err(Failure::NotReadBack { number });
    }
    if number.is_multiple_of(RUN_ONE_IN) {
        let mut history = crate::kernel::history::History::<Lab>::new(&recording.scenario, recording.changes);
        history.run_ahead(FIRST_STEPS);
    }
    Ok(true)
}

/// Runs the swarm scenario of this number, as it is and with every protection on. The number of steps of both.
///
/// # Errors
/// When a run does not come to rest, or a protected one breaks a promise.
pub fn run(number: u64) -> Result<u64, Failure> {
    let scenario = swarm::scenario(number);
    let lab = to_the_end(&scenario).ok_or(Failure::NoRest { number })?;
    let shielded = to_the_end(&swarm::protected(scenario)).ok_or(Failure::NoRest { number })?;
    let outcome = report(&shielded, &[]);
    match outcome.invariants.iter().find(|invariant| invariant.status != "holds") {
        Some(invariant) => Err(Failure::Broken { number, promise: invariant.name }),
        None => Ok(u64::from(lab.world().steps()) + outcome.events_processed),
    }
}

fn to_the_end(scenario: &Scenario) -> Option<Lab> {
    let mut lab = Lab::new(scenario.options.clone(), scenario.seed, &scenario.overrides);
    let mut entries = Vec::new();
    for _ in 0..STEPS_MAX {
        entries.clear();
        if !lab.step(&mut entries) {
            return Some(lab);
        }
    }
    None
}
