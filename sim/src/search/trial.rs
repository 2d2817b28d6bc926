//! One trial of a fuzz campaign: a damaged file for the loaders, or a run of a swarm scenario. Each follows from its number.

use thiserror::Error;

use crate::kernel::history::{History, Timed};
use crate::kernel::tape::Tape;
use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::oracle::metrics::Metrics;
use crate::scenario::export::{Format, export};
use crate::scenario::machine::Change;
use crate::scenario::presets::PRESETS;
use crate::scenario::recording::{Recording, Scenario};
use crate::scenario::report::report;
use crate::system::place::Reader;
use crate::system::trace::{Entry, Trace};

use super::chance::Chance;
use super::mutate::{Sound, mutated};
use super::swarm;

/// Steps at most: swarm runs need a few thousand, so one that comes here will not come to rest.
const STEPS_MAX: u64 = 1_000_000;
/// How far a run of an accepted damaged file is followed.
const FIRST_STEPS: u64 = 200;
/// How many of the accepted damaged files are run: beginning a run can cost far more than reading a file.
const RUN_ONE_IN: u64 = 64;
/// How many of the runs are written in every format.
const EXPORT_ONE_IN: u64 = 64;

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
    /// The metrics disagree with the oracle.
    #[error("run {number}: the lag of the {reader} is counted wrong")]
    Miscounted {
        /// The trial.
        number: u64,
        /// Whose lag.
        reader: Reader,
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

/// The sound files that are damaged: every preset as it is, with all defaults written out, and as a recording with changes.
#[derive(Clone, Debug)]
pub struct Files {
    sound: Vec<Sound>,
}

impl Files {
    /// Those of all presets.
    pub fn of_presets() -> Self {
        let mut texts = Vec::new();
        for preset in PRESETS {
            texts.push(preset.json.to_owned());
            if let Ok(scenario) = Scenario::from_json(preset.json) {
                let plain = Recording::of(scenario);
                texts.push(plain.to_json());
                texts.push(with_changes(plain).to_json());
            }
        }
        Self { sound: texts.into_iter().filter_map(Sound::of).collect() }
    }

    /// The damaged file of this number.
    pub fn damaged(&self, number: u64) -> String {
        let chance = &mut Chance::of(number ^ 0x7465_7874);
        let sound = &self.sound[chance.below(self.sound.len())];
        let other = &self.sound[chance.below(self.sound.len())];
        mutated(sound, other, chance)
    }

    /// Gives the damaged file of this number to the loader. True when it is taken all the same.
    ///
    /// # Errors
    /// When it is taken and is not what is written again.
    pub fn load(&self, number: u64) -> Result<bool, Failure> {
        let Ok(recording) = Recording::from_json(&self.damaged(number)) else { return Ok(false) };
        if Recording::from_json(&recording.to_json()).as_ref() != Ok(&recording) {
            return Err(Failure::NotReadBack { number });
        }
        if number.is_multiple_of(RUN_ONE_IN) {
            let mut history: History<Lab> = History::new(&recording.scenario, recording.changes);
            history.run_ahead(FIRST_STEPS);
        }
        Ok(true)
    }
}

/// A recording with changes of both kinds.
fn with_changes(mut recording: Recording) -> Recording {
    let overrides = recording.scenario.overrides.clone();
    recording.changes.extend(overrides.into_iter().map(|one| Timed {
        after_step: 1,
        at: Micros::ZERO,
        change: Change::Override(one),
    }));
    let options = Change::Options(Box::new(recording.scenario.options.clone()));
    recording.changes.push(Timed { after_step: 9, at: Micros::ZERO, change: options });
    recording
}

/// Runs the swarm scenario of this number, as it is and with every protection on. The number of steps of both.
///
/// # Errors
/// When a run does not come to rest, or a protected one breaks a promise.
pub fn run(number: u64) -> Result<u64, Failure> {
    run_scenario(number, swarm::scenario(number))
}

/// The same of a scenario of one's own, which failures name by this number.
///
/// # Errors
/// When a run does not come to rest, or a protected one breaks a promise.
pub fn run_scenario(number: u64, scenario: Scenario) -> Result<u64, Failure> {
    let mut trace = Tape::default();
    let lab = to_the_end(&scenario, |entries| trace.extend_with(|end| end.append(entries)))
        .ok_or(Failure::NoRest { number })?;
    is_counted_right(number, &scenario, &lab, trace.all())?;
    let shielded = to_the_end(&swarm::protected(scenario), Vec::clear).ok_or(Failure::NoRest { number })?;
    let outcome = report(&shielded, Tape::default().all());
    let following = outcome.invariants.iter().filter(|invariant| !swarm::NOT_BY_READERS.contains(&invariant.name));
    match following.into_iter().find(|invariant| invariant.status != "holds") {
        Some(invariant) => Err(Failure::Broken { number, promise: invariant.name }),
        None => Ok(u64::from(lab.world().steps()) + outcome.events_processed),
    }
}

/// Metrics are counted from the trace, and the oracle counts for itself: in the end they agree. Now and then the run is also
/// written in every format.
fn is_counted_right(number: u64, scenario: &Scenario, lab: &Lab, trace: Trace<'_>) -> Result<(), Failure> {
    let metrics = Metrics::of(lab, trace, scenario.metrics);
    for reader in Reader::ALL {
        let (events, _) = lab.watch(reader).lag(lab.world().store(), lab.world().now());
        let counted = metrics.samples.last().map_or(0, |sample| sample.readers[reader.index()].lag_events);
        if counted as usize != events {
            return Err(Failure::Miscounted { number, reader });
        }
    }
    if number.is_multiple_of(EXPORT_ONE_IN) {
        for format in Format::ALL {
            export(format, lab, trace, &metrics);
        }
    }
    Ok(())
}

fn to_the_end(scenario: &Scenario, mut take: impl FnMut(&mut Vec<Entry>)) -> Option<Lab> {
    let mut lab = Lab::new(scenario.options.clone(), scenario.seed, &scenario.overrides);
    let mut entries = Vec::new();
    for _ in 0..STEPS_MAX {
        let stepped = lab.step(&mut entries);
        take(&mut entries);
        entries.clear();
        if !stepped {
            return Some(lab);
        }
    }
    None
}
