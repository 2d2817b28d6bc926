//! The one fault without which a cell would be right: found by playing the run again, once for each fault, with that fault
//! undone. Nothing is concluded that was not played.

use crate::kernel::history::History;
use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::view::holders::Spot;
use crate::view::ledger::Freshness;

use super::recording::Recording;
use super::suspects::{Suspect, suspects};

/// Runs at most: the faults that are nearest to the cell come first.
const RUNS_MAX: usize = 24;
/// Steps of one run at most. A longer one proves nothing in the time that a person waits.
const STEPS_MAX: u64 = 4_000_000;

/// A search for the one fault. It goes on step by step, so that it can be watched and given up at any time.
#[derive(Debug)]
pub struct Counterfactual {
    spot: Spot,
    /// How it stands in the run itself.
    stands: Freshness,
    at: Micros,
    recording: Recording,
    suspects: Vec<Suspect>,
    /// How many suspects there were beyond those that are tried.
    beyond: usize,
    tried: usize,
    playing: Option<History<Lab>>,
    /// A fault without which the cell would be only stale: told if there is none without which it is right.
    better: Option<usize>,
    found: Option<usize>,
}

/// How far a search has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Which cell it is about, and who has it.
    pub spot: Spot,
    /// At which moment.
    pub at: Micros,
    /// How many runs were played to that moment.
    pub tried: usize,
    /// How many there are to play at most.
    pub runs: usize,
    /// How many more faults there were, which are not tried.
    pub beyond: usize,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It goes on.
    Searching,
    /// Without this the cell is right.
    Right(String),
    /// Without this the cell is no more than stale.
    OnlyStale(String),
    /// There is no single fault without which it is right.
    None,
}

impl Counterfactual {
    /// A search about a cell at the moment that the history of this recording looks at; `None` if the cell is right.
    pub fn new(history: &History<Lab>, recording: &Recording, spot: impl Into<Spot>, at: Micros) -> Option<Self> {
        let spot = spot.into();
        let stands = spot.shown(history.machine())?.freshness;
        if stands == Freshness::Fresh {
            return None;
        }
        let mut suspects = suspects(history, recording, spot);
        let beyond = suspects.len().saturating_sub(RUNS_MAX);
        suspects.truncate(RUNS_MAX);
        let recording = recording.clone();
        Some(Self { spot, stands, at, recording, suspects, beyond, tried: 0, playing: None, better: None, found: None })
    }

    /// Plays on by about so many steps. True while there is more to play.
    pub fn advance(&mut self, mut steps: u64) -> bool {
        while steps > 0 && !self.is_over() {
            let history = self.playing.get_or_insert_with(|| {
                let other = self.suspects[self.tried].undone(&self.recording);
                History::new(&other.scenario, other.changes)
            });
            let before = history.steps_known();
            let complete = history.run_ahead(steps.min(1_024));
            steps -= (history.steps_known() - before).max(1).min(steps);
            if complete || history.time_known() > self.at || history.steps_known() >= STEPS_MAX {
                self.conclude();
            }
        }
        !self.is_over()
    }

    /// Judges the cell in the run that has come to the moment.
    fn conclude(&mut self) {
        let Some(mut history) = self.playing.take() else { return };
        if history.is_complete() || history.time_known() > self.at {
            history.seek_time(self.at);
            // In another run that version may not be there, which proves nothing.
            match self.spot.shown(history.machine()).map(|shown| shown.freshness) {
                Some(Freshness::Fresh) => self.found = Some(self.tried),
                // What is stale as it is would be no better for being stale.
                Some(Freshness::Stale) if self.stands == Freshness::Wrong => {
                    self.better = self.better.or(Some(self.tried));
                }
                Some(_) | None => {}
            }
        }
        self.tried += 1;
    }

    const fn is_over(&self) -> bool {
        self.found.is_some() || self.tried == self.suspects.len()
    }

    /// The fault that was found.
    fn culprit(&self) -> Option<&Suspect> {
        self.found.or(self.better.filter(|_| self.is_over())).map(|place| &self.suspects[place])
    }

    /// The recording without the fault that was found, its moment, and what it is without.
    pub fn branch(&self) -> Option<(Recording, Micros, String)> {
        self.culprit().map(|one| (one.undone(&self.recording), self.at, format!("without {}", one.what)))
    }

    /// How far it has come.
    pub fn proof(&self) -> Proof {
        let outcome = match (self.found, self.culprit()) {
            (Some(_), Some(one)) => Outcome::Right(one.what.clone()),
            (None, Some(one)) => Outcome::OnlyStale(one.what.clone()),
            _ if self.is_over() => Outcome::None,
            _ => Outcome::Searching,
        };
        let (tried, runs, beyond) = (self.tried, self.suspects.len(), self.beyond);
        Proof { spot: self.spot, at: self.at, tried, runs, beyond, outcome }
    }
}
