//! What a projection has to look up before it can write (MISSION D2).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::time::Micros;

/// The look-ups of a projection that writes denormalised rows: who ordered, and what. Two queries for each event, or two for
/// each batch. What building and writing a row takes is the consumer's `service`, for each event.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Enrichment {
    /// How the look-ups are made. Default there are none.
    pub kind: Enriching,
    /// How long a query for one row takes. Default constant, 800 us.
    pub lookup: Distribution,
    /// How long a query for all rows that a batch needs takes. Default constant, 5 ms.
    pub lookup_many: Distribution,
}

impl Default for Enrichment {
    fn default() -> Self {
        Self {
            kind: Enriching::None,
            lookup: Distribution::Constant { value: Micros(800) },
            lookup_many: Distribution::constant_millis(5),
        }
    }
}

/// How a projection makes its look-ups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Enriching {
    /// It makes none.
    #[default]
    None,
    /// One query of each kind for each event.
    PerEvent,
    /// One query of each kind for the whole batch.
    Batched,
}
