//! The twin: a second run of the same traffic with the same chances and the same faults, some options of which differ. It
//! is always derived from the first, so whatever is done to the run is done to the twin, too.

use serde::{Deserialize, Serialize};
use sim::kernel::time::Micros;
use sim::scenario::difference::{Difference, between, patched, reversed, with_traffic_of};
use sim::scenario::machine::Change;
use sim::scenario::recording::{Recording, Scenario};
use sim::system::options::Options;

use super::Session;
use super::run::{Run, Take};

/// One of the two runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The run itself.
    #[default]
    A,
    /// Its twin.
    B,
}

impl Side {
    /// The letter that stands for it.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }
}

/// What makes a twin of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What it has otherwise, from its beginning.
    pub differences: Vec<Difference>,
    /// The run whose options the bench shows and changes.
    #[serde(default)]
    pub edited: Side,
}

/// What a person can want of twins.
#[derive(Clone, Debug, PartialEq)]
pub enum TwinAct {
    /// A twin with these options; what it has already is replaced.
    Wanted(Box<Options>),
    /// These differences less, by their paths.
    Drop(Vec<String>),
    /// The bench shows and changes the options of this run.
    Edit(Side),
    /// The twin becomes the run, and the run its twin.
    Swap,
    /// The twin becomes the run, and nothing is beside it.
    Keep,
    /// The run alone.
    Close,
}

/// The second run.
#[derive(Debug)]
pub struct Twin {
    plan: Plan,
    run: Run,
}

impl Twin {
    /// The twin of a run, at the same moment; `None` where the machine would not take its options.
    pub fn of(first: &Run, plan: Plan) -> Option<Self> {
        let recording = first.recording();
        let options = patched(&recording.scenario.options, &plan.differences)?;
        let scenario = Scenario { options, ..recording.scenario.clone() };
        let run = Run::of(Take { recording: Recording::of(scenario), at: Micros::ZERO });
        let mut twin = Self { plan, run };
        // The twin may need other steps to the same moment, so each change is made there at its time.
        for (timed, at) in recording.changes.iter().zip(first.change_times()) {
            twin.run.seek_time(at);
            twin.change(timed.change.clone());
        }
        twin.run.seek_time(first.clock());
        Some(twin)
    }

    /// The run.
    pub const fn run(&self) -> &Run {
        &self.run
    }

    /// The run, to be played.
    pub const fn run_mut(&mut self) -> &mut Run {
        &mut self.run
    }

    /// What makes it another run.
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Makes the same change as in the first run, but for what differs by plan.
    pub fn change(&mut self, change: Change) {
        let change = match change {
            // Options that the machine would not take together with the differences leave the twin as it is.
            Change::Options(options) => match patched(&options, &self.plan.differences) {
                Some(options) => Change::Options(Box::new(options)),
                None => return,
            },
            other => other,
        };
        self.run.change(change);
    }
}

impl Session {
    /// The twin, while there is one.
    pub fn twin(&self) -> Option<&Twin> {
        self.twin.as_deref()
    }

    /// The same session with a twin, such as one that was kept. A plan that fits this run no more is none.
    pub fn with_twin(mut self, plan: Option<Plan>) -> Self {
        self.twin = plan.and_then(|plan| Twin::of(&self.run, plan)).map(Box::new);
        self
    }

    /// The run of which the bench shows the options.
    pub fn edited(&self) -> Side {
        self.twin().map(|twin| twin.plan.edited).unwrap_or_default()
    }

    /// One of the two runs; the run itself while it is alone.
    pub fn side(&self, side: Side) -> &Run {
        match (side, self.twin()) {
            (Side::B, Some(twin)) => &twin.run,
            _ => &self.run,
        }
    }

    /// Makes the twin anew, because the run is another one.
    pub(super) fn derive_twin(&mut self) {
        let plan = self.twin.take().map(|twin| twin.plan);
        self.twin = plan.and_then(|plan| Twin::of(&self.run, plan)).map(Box::new);
    }

    /// What a person wants of twins. True when something came of it.
    pub(super) fn act_on_twin(&mut self, act: TwinAct) -> bool {
        match act {
            TwinAct::Wanted(options) => return self.want_twin(*options),
            TwinAct::Drop(paths) => return self.drop_differences(&paths),
            TwinAct::Edit(side) => {
                let Some(twin) = self.twin.as_mut().filter(|twin| twin.plan.edited != side) else { return false };
                twin.plan.edited = side;
            }
            TwinAct::Swap => return self.swap(),
            TwinAct::Keep => {
                if self.twin.is_none() {
                    return false;
                }
                self.remember();
                self.branches.named(self.run.take(), "twin".to_owned());
                if let Some(twin) = self.twin.take() {
                    *self.run = twin.run;
                }
            }
            TwinAct::Close => {
                if self.twin.is_none() {
                    return false;
                }
                self.remember();
                self.twin = None;
            }
        }
        true
    }

    /// A twin with these options from its beginning. What they say of the traffic holds for both runs, from now on.
    pub(super) fn want_twin(&mut self, wanted: Options) -> bool {
        let shared = with_traffic_of(self.options(), &wanted);
        let differences = between(&shared, &wanted);
        let same_traffic = shared == *self.options();
        if same_traffic && self.twin().is_some_and(|twin| twin.plan.differences == differences) {
            return false;
        }
        let plan = Plan { differences, edited: Side::B };
        let Some(twin) = Twin::of(&self.run, plan.clone()) else { return false };
        if same_traffic {
            self.remember();
            self.twin = Some(Box::new(twin));
        } else {
            self.change(Change::Options(Box::new(shared)));
            self.twin = Twin::of(&self.run, plan).map(Box::new);
        }
        true
    }

    fn drop_differences(&mut self, paths: &[String]) -> bool {
        let Some(twin) = self.twin() else { return false };
        let mut plan = twin.plan.clone();
        plan.differences.retain(|one| !paths.contains(&one.path));
        let Some(twin) = Twin::of(&self.run, plan) else { return false };
        self.remember();
        self.twin = Some(Box::new(twin));
        true
    }

    fn swap(&mut self) -> bool {
        let Some(twin) = self.twin() else { return false };
        let back = reversed(self.options(), &twin.plan.differences);
        self.remember();
        self.branches.named(self.run.take(), "twin".to_owned());
        if let Some(twin) = &mut self.twin {
            core::mem::swap(&mut *self.run, &mut twin.run);
            twin.plan.differences = back;
        }
        true
    }
}

#[cfg(test)]
mod tests;
