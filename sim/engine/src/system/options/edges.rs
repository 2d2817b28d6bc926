//! Edge servers: one address near the clients, for commands and queries (MISSION E6) [seed 003].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;
use crate::system::edges::edge_id::EdgeId;

/// Edge servers. Every command of a client and every query goes to one of them. It answers queries from its own copies of the
/// read models and hands commands on to the origin, where the services and the read models are. A query that its copy is not
/// new enough for, by the contract or by what the session knows, it hands on too.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Edges {
    /// How many there are, 1 to 8. Default 3.
    #[schemars(range(min = 1, max = 8))]
    pub count: u8,
    /// How long anything travels between a client and the edge that is near it; instead of `order_service.client_delay` and
    /// `queries.api.delay`. Default lognormal, median 10 ms, one in twenty over 30 ms.
    pub client_delay: Distribution,
    /// How long anything travels between an edge and the origin. Default lognormal, median 60 ms, one in twenty over 120 ms.
    pub origin_delay: Distribution,
    /// By how much longer the way to the origin is from each edge than from the one before it. Default 20 ms.
    pub farther: Micros,
    /// Does each edge have copies of the read models? Without them it hands every query on. Default true.
    pub copies: bool,
    /// How long a copy of a read model's state is on its way to an edge; each edge gets the next when the one before is there.
    /// Default lognormal, median 300 ms, one in twenty over 1.5 s.
    pub copy_delay: Distribution,
    /// How long the origin waits before it sends a copy again that the network has lost, at least 1 ms. Default 500 ms.
    pub copy_again: Micros,
    /// How likely a client is near another edge with a request than with the one before. Default 0.2.
    pub roaming: Probability,
    /// To which edge a client sends. Default nearest.
    pub routing: Routing,
    /// By how much longer the way is to an edge that is not near the client, and back. Default 60 ms.
    pub detour: Micros,
    /// When edges crash; at most 100. Stays as the run began. Default never.
    #[schemars(length(max = 100))]
    pub outages: Vec<EdgeOutage>,
}

impl Default for Edges {
    fn default() -> Self {
        Self {
            count: 3,
            client_delay: Distribution::Lognormal { median: Micros::from_millis(10), p95: Micros::from_millis(30) },
            origin_delay: Distribution::Lognormal { median: Micros::from_millis(60), p95: Micros::from_millis(120) },
            farther: Micros::from_millis(20),
            copies: true,
            copy_delay: Distribution::Lognormal { median: Micros::from_millis(300), p95: Micros::from_millis(1_500) },
            copy_again: Micros::from_millis(500),
            roaming: Probability::from_percent(20),
            routing: Routing::Nearest,
            detour: Micros::from_millis(60),
            outages: Vec::new(),
        }
    }
}

impl Edges {
    /// By how much longer the way to the origin is from this edge than from the first.
    pub const fn distance(&self, edge: EdgeId) -> Micros {
        Micros(self.farther.0.saturating_mul(edge.0.saturating_sub(1) as u64))
    }
}

/// To which edge a client sends. Whichever it is, after a try without an answer the client goes to the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Routing {
    /// To the one that is near it at that moment.
    #[default]
    Nearest,
    /// To the one that it began with, wherever it is; and once that did not answer, to the next one from then on.
    Sticky,
}

/// A time during which an edge is down. It has its copies again afterwards, as old as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EdgeOutage {
    /// Which edge, from 1.
    pub edge: EdgeId,
    /// From when on.
    pub at: Micros,
    /// For how long, at least 1 ms.
    #[serde(rename = "for")]
    pub lasts: Micros,
}
