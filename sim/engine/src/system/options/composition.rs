//! Answers that are composed of what the services say, at the moment at which somebody asks (MISSION E8) [seeds 001, 004].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;
use crate::system::place::Service;

use super::CircuitBreaker;

/// API composition: the gateway in front of the read models asks the services themselves, joins what they say and answers.
///
/// For an order's page it first asks for the order, which says whose and of what it is, and then for the customer and the
/// products at the same time. Calls stand in the services' queues beside the commands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Composition {
    /// Is the page of an order composed? Default true.
    pub page: bool,
    /// Is the list of a customer's orders composed, where it is not filtered and sorted by number? Other lists stay with
    /// the read model, which can search. Default false.
    pub orders: bool,
    /// Is everything that one service is asked for asked in one call? Otherwise there is a call for each product of a page, and
    /// one for each order of a list after the one for their numbers: n + 1. Default true.
    pub batched: bool,
    /// How long a call or a reply travels. Default lognormal, median 10 ms, one in twenty over 30 ms.
    pub delay: Distribution,
    /// How likely a call or a reply does not arrive. Default 0.
    pub loss: Probability,
    /// How long the gateway takes to join the replies. Default constant, 1 ms.
    pub join: Distribution,
    /// How long the gateway waits for all replies together, at least 1 ms. Default 500 ms.
    pub timeout: Micros,
    /// What the answer is where a reply is missing. Default fail.
    pub incomplete: Incomplete,
    /// Times during which the way between the gateway and a service carries nothing in either direction, at most 20. Default none.
    #[schemars(length(max = 20))]
    pub cuts: Vec<CutWay>,
    /// A circuit breaker for each service: who does not reply is not called for a while, and nobody waits for him. Default none.
    pub breaker: Option<CircuitBreaker>,
}

impl Default for Composition {
    fn default() -> Self {
        Self {
            page: true,
            orders: false,
            batched: true,
            delay: Distribution::Lognormal { median: Micros::from_millis(10), p95: Micros::from_millis(30) },
            loss: Probability::NEVER,
            join: Distribution::constant_millis(1),
            timeout: Micros::from_millis(500),
            incomplete: Incomplete::Fail,
            cuts: Vec::new(),
            breaker: None,
        }
    }
}

impl Composition {
    /// Is the way between the gateway and a service cut at this moment?
    pub fn is_cut(&self, service: Service, now: Micros) -> bool {
        let during = |cut: &CutWay| cut.at <= now && now.0 < cut.at.0.saturating_add(cut.lasts.0);
        self.cuts.iter().any(|cut| Service::from(cut.to) == service && during(cut))
    }
}

/// What an answer is where a reply is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Incomplete {
    /// A failure: the client learns that there is no answer.
    #[default]
    Fail,
    /// What is there, with the rest said to be missing. Without the order itself there is nothing to show, and it is a failure.
    Partial,
}

/// A time during which the way to a service is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CutWay {
    /// Which service.
    pub to: Callee,
    /// From when on.
    pub at: Micros,
    /// For how long.
    #[serde(rename = "for")]
    pub lasts: Micros,
}

/// A service that the gateway calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Callee {
    /// The Order Service.
    Orders,
    /// The Product Service.
    Products,
    /// The Customer Service.
    Customers,
}

impl From<Callee> for Service {
    fn from(callee: Callee) -> Self {
        match callee {
            Callee::Orders => Self::Orders,
            Callee::Products => Self::Products,
            Callee::Customers => Self::Customers,
        }
    }
}
