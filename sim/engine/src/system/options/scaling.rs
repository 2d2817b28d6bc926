//! What stands in front of a read model and beside it: a cache, and read replicas (MISSION E5) [seed 001].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::time::Micros;

/// A cache of answers, one for each query and page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cache {
    /// For how long an answer is used again, at least 1 ms. Default 60 s.
    pub ttl: Micros,
    /// How long it takes to answer from the cache; no worker is needed for it. Default constant, 1 ms.
    pub service: Distribution,
}

impl Default for Cache {
    fn default() -> Self {
        Self { ttl: Micros::from_secs(60), service: Distribution::constant_millis(1) }
    }
}

/// Copies of every read model that can be asked. Each has workers of its own, as many as the API has; so has the primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReadReplicas {
    /// How many copies there are besides the primary, 0 to 8. Default 0.
    #[schemars(range(max = 8))]
    pub count: u8,
    /// How long a copy of the primary's state is on its way; each replica fetches the next when the one before is there.
    /// Default lognormal, median 100 ms, one in twenty over 400 ms.
    pub delay: Distribution,
    /// Who answers a query: the primary or one of the replicas. Default round robin.
    pub balancer: Balancer,
}

impl Default for ReadReplicas {
    fn default() -> Self {
        Self {
            count: 0,
            delay: Distribution::Lognormal { median: Micros::from_millis(100), p95: Micros::from_millis(400) },
            balancer: Balancer::RoundRobin,
        }
    }
}

/// How queries are shared among the primary and its replicas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Balancer {
    /// One after another.
    #[default]
    RoundRobin,
    /// Any of them.
    Random,
    /// The same one for all queries of a session.
    Sticky,
}
