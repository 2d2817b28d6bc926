//! Scenarios and recordings as files hold them: JSON with a version; unknown fields are refused.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::history::Timed;
use crate::oracle::alert::{self, AlertRule};
use crate::oracle::metrics::Sampling;
use crate::oracle::objective::{self, Objective};
use crate::system::fate::Override;
use crate::system::node::Node;
use crate::system::options::Options;

use super::error::ScenarioError;
use super::machine::Change;
use super::narrowed::narrowed;
use super::{json, limits, overrides};

/// The version of the formats.
pub const VERSION: u32 = 1;

/// What a run is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The version of the format: 1.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// A short title.
    pub name: String,
    /// What it shows, in a few sentences. Default empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// The seed of all chance, 0 to 9,007,199,254,740,991. Default 1.
    #[serde(default = "first_seed")]
    #[schemars(range(max = 9_007_199_254_740_991_u64))]
    pub seed: u64,
    /// Every number and switch. Default: all defaults.
    #[serde(default)]
    pub options: Options,
    /// Replaced fates. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// How the metrics are taken.
    #[serde(default, skip_serializing_if = "is_usual_sampling")]
    pub metrics: Sampling,
    /// What share of events or commands has to be quick enough, at most 100. Default 99 % of events visible in the order
    /// view within 3 s, and 99 % of commands answered within 500 ms.
    #[schemars(length(max = 100))]
    #[serde(default = "objective::usual", skip_serializing_if = "are_usual_objectives")]
    pub slo: Vec<Objective>,
    /// When somebody is to be told, at most 100 rules. Default lag over 60 s; throughput below the publish rate for 30 s; a
    /// page for lag over 60 s for 10 minutes; a ticket for lag over 10 s for 30 minutes.
    #[schemars(length(max = 100))]
    #[serde(default = "alert::usual", skip_serializing_if = "are_usual_alerts")]
    pub alerts: Vec<AlertRule>,
}

// What is usual is left out of the file, so that a link stays short.
fn is_usual_sampling(sampling: &Sampling) -> bool {
    *sampling == Sampling::default()
}

fn are_usual_objectives(objectives: &[Objective]) -> bool {
    objectives == objective::usual()
}

fn are_usual_alerts(rules: &[AlertRule]) -> bool {
    rules == alert::usual()
}

impl Default for Scenario {
    /// A scenario without a name, with all defaults.
    fn default() -> Self {
        Self {
            version: VERSION,
            name: String::new(),
            about: String::new(),
            seed: first_seed(),
            options: Options::default(),
            overrides: Vec::new(),
            metrics: Sampling::default(),
            slo: objective::usual(),
            alerts: alert::usual(),
        }
    }
}

const fn first_seed() -> u64 {
    1
}

/// The greatest whole number that every JSON reader keeps exact.
const SEED_MAX: u64 = (1 << 53) - 1;

/// A run: a scenario, and what a person did to it while it ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// The scenario.
    pub scenario: Scenario,
    /// The changes, in the order of their steps. Default none.
    #[serde(default)]
    pub changes: Vec<Timed<Change>>,
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn from_json(text: &str) -> Result<Self, ScenarioError> {
        let checked = |text: &str| read::<Self>(text)?.check();
        let scenario: Self = read(text).map_err(|error| narrowed(error, text, checked))?;
        scenario.check()?;
        Ok(scenario)
    }

    /// Writes the scenario; reading it gives the same again.
    pub fn to_json(&self) -> String {
        json::text(self)
    }

    /// Checks what the types can not.
    ///
    /// # Errors
    /// The first field whose value is not allowed.
    pub fn check(&self) -> Result<(), ScenarioError> {
        let refuse = |field: &str, expected: &str, found: u64| {
            Err(ScenarioError::Value {
                field: field.to_owned(),
                expected: expected.to_owned(),
                found: found.to_string(),
            })
        };
        if self.version != VERSION {
            return refuse("version", "1", u64::from(self.version));
        }
        if self.seed > SEED_MAX {
            return refuse("seed", "a whole number up to 9,007,199,254,740,991", self.seed);
        }
        limits::monitoring::check(self)?;
        limits::check(&self.options)?;
        self.overrides.iter().enumerate().try_for_each(|(n, one)| overrides::check(&format!("overrides[{n}]"), one))
    }
}

impl Recording {
    /// A recording of a scenario that nobody has touched.
    pub const fn of(scenario: Scenario) -> Self {
        Self { scenario, changes: Vec::new() }
    }

    /// Reads a recording, or a scenario as a recording of which nothing was changed.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn from_json(text: &str) -> Result<Self, ScenarioError> {
        #[derive(Deserialize)]
        struct Kind {
            scenario: Option<serde::de::IgnoredAny>,
        }
        let is_recording = serde_json::from_str::<Kind>(text).is_ok_and(|kind| kind.scenario.is_some());
        if !is_recording {
            return Scenario::from_json(text).map(Self::of);
        }
        let checked = |text: &str| read::<Self>(text)?.check();
        let recording: Self = read(text).map_err(|error| narrowed(error, text, checked))?;
        recording.check()?;
        Ok(recording)
    }

    fn check(&self) -> Result<(), ScenarioError> {
        let at = |n: usize, error| match error {
            ScenarioError::Value { field, expected, found } => {
                ScenarioError::Value { field: format!("changes[{n}].change.{field}"), expected, found }
            }
            other => other,
        };
        self.scenario.check().map_err(|error| match error {
            ScenarioError::Value { field, expected, found } => {
                ScenarioError::Value { field: format!("scenario.{field}"), expected, found }
            }
            other => other,
        })?;
        for (n, timed) in self.changes.iter().enumerate() {
            match &timed.change {
                Change::Options(options) => limits::check(options).map_err(|error| at(n, error))?,
                Change::Override(one) => overrides::check("override", one).map_err(|error| at(n, error))?,
                Change::ReplayParked(Node::Reader(..)) => {}
                Change::ReplayParked(node) => {
                    return Err(ScenarioError::Value {
                        field: format!("changes[{n}].change.replay_parked"),
                        expected: "a reader such as \"order_view\"".to_owned(),
                        found: node.to_string(),
                    });
                }
                Change::Hand(hand) => limits::hands::check(hand).map_err(|error| at(n, error))?,
                Change::Send(line) => {
                    limits::workload::check_sent("send", line, &self.scenario.options.workload)
                        .map_err(|error| at(n, error))?;
                }
                Change::Ask(line) => {
                    let options = &self.scenario.options;
                    limits::queries::check_line("ask", line, options).map_err(|error| at(n, error))?;
                }
            }
            if n > 0 && timed.after_step < self.changes[n - 1].after_step {
                return Err(ScenarioError::Value {
                    field: format!("changes[{n}].after_step"),
                    expected: "not before the change ahead of it".to_owned(),
                    found: timed.after_step.to_string(),
                });
            }
        }
        Ok(())
    }

    /// Writes the recording; reading it gives the same again.
    pub fn to_json(&self) -> String {
        json::text(self)
    }
}

fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, ScenarioError> {
    if text.len() > limits::TEXT_MAX {
        return Err(ScenarioError::TooLong { bytes: text.len(), most: limits::TEXT_MAX });
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(&mut reader).map_err(|error| ScenarioError::from_reader(&error, text))?;
    reader.end().map_err(|error| ScenarioError::Syntax {
        line: error.line(),
        column: error.column(),
        problem: "something follows after the end".to_owned(),
    })?;
    Ok(value)
}
