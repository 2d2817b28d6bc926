//! How drift is looked for: what compares a read model with what it should be, how often, and what follows an alarm.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;

/// What looks for drift in a read model (MISSION D10) [seed 004]. Each detector looks in virtual time, at the version that serves.
/// It asks the system and never the oracle: the committed events are folded up to `settle` ago, and rows that are still in
/// motion are left out. A row is in motion if an event that it is made of was committed later than that, or stands in the log
/// before the projection's saved position; a sum over many orders is, as long as any of them is. Detectors look as long as
/// anything happens, and a last time when all has settled.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Detectors {
    /// Counts the rows and compares the number with that of the write side. Default off.
    pub count: Option<Every>,
    /// Compares one checksum of all rows with that of what the write side has. Default off.
    pub checksum: Option<Every>,
    /// Compares some rows, cell by cell, with what the write side has. Default off.
    pub sample: Option<Sample>,
    /// Compares every row with a shadow: the projection's own code, fed with the committed events, each once and in their order.
    /// It finds what has gone wrong on the way, and nothing that is wrong with the code. Default off.
    pub shadow: Option<Every>,
    /// Looks for rows that have not got an event that was committed longer ago than a bound, by the version on the row. Not for
    /// rows that are sums. Default off.
    pub stale_row: Option<Bounded>,
    /// Looks whether the projection has left an event in the log for longer than a bound, by its saved position. Default off.
    pub lag: Option<Bounded>,
    /// How old an event has to be before the model has to have it, up to 1 hour. If it is too short for the delays of the
    /// system, alarms are false. Default 10 s.
    pub settle: Micros,
    /// How long reading one row takes, on either side, up to 1 hour: what a look finds is known that much later. A checksum
    /// and a shadow read every row, a count reads one of each side. Default 50 us.
    pub row_cost: Micros,
    /// What follows an alarm by itself. Default nothing.
    pub on_alarm: OnAlarm,
}

impl Default for Detectors {
    fn default() -> Self {
        Self {
            count: None,
            checksum: None,
            sample: None,
            shadow: None,
            stale_row: None,
            lag: None,
            settle: Micros::from_secs(10),
            row_cost: Micros(50),
            on_alarm: OnAlarm::default(),
        }
    }
}

/// How often a detector looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Every {
    /// The time from one look to the next, 1 ms to 1 hour. Default 10 s.
    pub every: Micros,
}

impl Default for Every {
    fn default() -> Self {
        Self { every: Micros::from_secs(10) }
    }
}

/// How often samples are taken, and how large they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sample {
    /// The time from one look to the next, 1 ms to 1 hour. Default 10 s.
    pub every: Micros,
    /// How likely a row is in a sample. Default 0.1.
    pub share: Probability,
}

impl Default for Sample {
    fn default() -> Self {
        Self { every: Micros::from_secs(10), share: Probability::from_percent(10) }
    }
}

/// How often a detector looks, and how long something may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Bounded {
    /// The time from one look to the next, 1 ms to 1 hour. Default 10 s.
    pub every: Micros,
    /// How old an event may be that was not handled, up to 1 hour. Default 30 s.
    pub bound: Micros,
}

impl Default for Bounded {
    fn default() -> Self {
        Self { every: Micros::from_secs(10), bound: Micros::from_secs(30) }
    }
}

/// What follows an alarm by itself [seed 004: drift remediation].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OnAlarm {
    /// The model stops serving, until another version serves or a hand lets it go on. Default no.
    pub pause_serving: bool,
    /// The model is built anew, as its `rebuild` says: with the fix, if that has one. Default no.
    pub rebuild: bool,
}
