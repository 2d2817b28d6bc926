//! Service level objectives: what share of all events or commands has to be quick enough [seed 004, 23].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;
use crate::system::place::{Model, Reader};

use super::metrics::Metrics;
use super::reader_name;

/// An objective, such as: 99 % of all events are visible in the order view within 3 s.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// A short title.
    pub name: String,
    /// What is measured. Default how long events take to become visible.
    #[serde(default)]
    pub measures: Measure,
    /// In which reader events become visible. Default the order view.
    #[serde(default = "order_view", with = "reader_name")]
    #[schemars(with = "reader_name::ReaderName")]
    pub reader: Reader,
    /// Which share has to be quick enough, 0 to 1. Default 0.99.
    #[serde(default = "ninety_nine")]
    pub target: Probability,
    /// What is quick enough, up to 1 hour. Default 3 s.
    #[serde(default = "three_seconds")]
    pub within: Micros,
}

const fn order_view() -> Reader {
    Reader::Projection(Model::OrderView)
}

const fn ninety_nine() -> Probability {
    Probability::from_percent(99)
}

const fn three_seconds() -> Micros {
    Micros::from_secs(3)
}

/// What an objective measures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// From an event's commit until the reader has handled it.
    #[default]
    Visibility,
    /// From a command's leaving until its answer.
    CommandLatency,
}

/// How an objective was met. What is too young to tell when the run ends counts neither way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attainment {
    /// How many were quick enough.
    pub good: u64,
    /// How many were judged.
    pub total: u64,
    /// Is the share of the good ones at least the target? Nothing to judge is met.
    pub met: bool,
}

/// The seeds' objectives: 99 % visible within 3 s [004], and 99 % of commands answered within 500 ms [001].
pub fn usual() -> Vec<Objective> {
    let objective = |name: &str, measures, within| Objective {
        name: name.to_owned(),
        measures,
        reader: order_view(),
        target: ninety_nine(),
        within,
    };
    vec![
        objective("Visible in the order view", Measure::Visibility, three_seconds()),
        objective("Commands answered", Measure::CommandLatency, Micros::from_millis(500)),
    ]
}

impl Objective {
    /// How the run met it.
    pub fn judge(&self, metrics: &Metrics) -> Attainment {
        let quick = |sorted: &[Micros]| sorted.partition_point(|took| *took <= self.within) as u64;
        let (good, total) = match self.measures {
            Measure::Visibility => {
                let seen = &metrics.visibility[self.reader.index()];
                let late = seen.unseen_for.len() as u64 - quick(&seen.unseen_for);
                (quick(&seen.seen_after), seen.seen_after.len() as u64 + late)
            }
            Measure::CommandLatency => (quick(&metrics.command_latencies), metrics.command_latencies.len() as u64),
        };
        let met = u128::from(good) * 1_000_000 >= u128::from(total) * u128::from(self.target.ppm());
        Attainment { good, total, met }
    }
}
