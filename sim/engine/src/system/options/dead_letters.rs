//! What a reader does with an event that it can not handle.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::probability::Probability;

/// How handling fails, and what follows (MISSION C5).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DeadLetters {
    /// How likely an event is poison for this reader: handling it fails every time. Default 0.
    pub poison: Probability,
    /// How likely a single try to handle an event fails. Default 0.
    pub failure: Probability,
    /// How often handling is tried again in place, 0 to 20. Default 3.
    pub retries: u8,
    /// How long the first of these tries waits. Default constant, 200 ms.
    pub backoff: Distribution,
    /// By how much each later one waits longer, 1 to 10 times, up to an hour. Default 2.
    pub backoff_factor: u8,
    /// What happens when every try has failed. Default halt.
    pub policy: FailurePolicy,
}

impl Default for DeadLetters {
    fn default() -> Self {
        Self {
            poison: Probability::NEVER,
            failure: Probability::NEVER,
            retries: 3,
            backoff: Distribution::constant_millis(200),
            backoff_factor: 2,
            policy: FailurePolicy::Halt,
        }
    }
}

/// What happens to an event that could not be handled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailurePolicy {
    /// The partition, or the queue, stops there until somebody lets it go on. Nothing is lost, and everything waits.
    #[default]
    Halt,
    /// It is left out for ever.
    Skip,
    /// It is put aside and can be replayed. Later events of its aggregate go on without it.
    Park,
    /// It is put aside together with every later event of its aggregate.
    ParkAggregate,
}
