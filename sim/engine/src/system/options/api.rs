//! How the Order Service, or the gateway in front of it, asks the owners of data and what it does without an answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;

/// Questions to the Product Service and the Customer Service, where data access is `synchronous_api` or `composition`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Api {
    /// How long a question or a reply travels. Default lognormal, median 10 ms, one in twenty over 30 ms.
    pub delay: Distribution,
    /// How likely a question or a reply does not arrive. Default 0.
    pub loss: Probability,
    /// How long the asker waits for both replies, at least 1 ms. Default 1 s.
    pub timeout: Micros,
    /// How long a command travels from the gateway to the Order Service. Default constant, 5 ms.
    pub gateway_delay: Distribution,
    /// What happens to a command without an answer. Default refuse.
    pub fallback: Fallback,
    /// A circuit breaker for each owner. Default none.
    pub breaker: Option<CircuitBreaker>,
    /// For how long an owner's answer is believed without asking again, from when it came. Default not at all.
    pub cache_ttl: Option<Micros>,
}

impl Default for Api {
    fn default() -> Self {
        Self {
            delay: Distribution::Lognormal { median: Micros::from_millis(10), p95: Micros::from_millis(30) },
            loss: Probability::NEVER,
            timeout: Micros::from_secs(1),
            gateway_delay: Distribution::constant_millis(5),
            fallback: Fallback::Refuse,
            breaker: None,
            cache_ttl: None,
        }
    }
}

/// What happens to a command whose data the owner did not give (MISSION A9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fallback {
    /// It is refused: the owner is not available.
    #[default]
    Refuse,
    /// It is decided by the replica, however old that is.
    Replica,
}

/// When to stop asking an owner that does not answer (MISSION A9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CircuitBreaker {
    /// How many failures in a row open it, 1 to 1,000. Default 5.
    pub failures: u32,
    /// For how long it stays open before one question is let through as a probe. Default 10 s.
    pub open_for: Micros,
}

impl Default for CircuitBreaker {
    fn default() -> Self {
        Self { failures: 5, open_for: Micros::from_secs(10) }
    }
}
