//! The log, and the links to and from it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;

/// The log broker. Each service has a topic of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Broker {
    /// How many partitions each topic has, 1 to 16. Default 2.
    #[schemars(range(min = 1, max = 16))]
    pub partitions: u8,
    /// How an event finds its partition. Default by key.
    pub partitioning: Partitioning,
    /// What the relay waits for. Default all.
    pub acks: Acks,
    /// How long the relay waits for an acknowledgement before it publishes again, 1 ms to 1 hour. After eight tries it waits twice as
    /// long with each, up to a minute. Default 5 s.
    pub resend_after: Micros,
    /// The link from the relay to the broker.
    pub publish: Link,
}

impl Default for Broker {
    fn default() -> Self {
        Self {
            partitions: 2,
            partitioning: Partitioning::Key,
            acks: Acks::All,
            resend_after: Micros::from_secs(5),
            publish: Link::default(),
        }
    }
}

/// How an event finds its partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Partitioning {
    /// By a hash of the aggregate's id, so that all events of one aggregate share a partition.
    #[default]
    Key,
    /// In turn, whatever the event is about.
    RoundRobin,
}

/// What the relay waits for after publishing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Acks {
    /// Nothing: a publication that is lost on the way is lost for ever.
    None,
    /// The broker's acknowledgement: without it the relay publishes again, perhaps twice.
    #[default]
    All,
}

/// What can happen to a message on its way.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Link {
    /// How long a message travels. Default lognormal, median 120 ms, one in twenty over 300 ms.
    pub delay: Distribution,
    /// How likely a message arrives twice. Default 0.
    pub duplicate: Probability,
    /// How likely a message does not arrive. Default 0.
    pub loss: Probability,
    /// How likely a message leaves the queue and lets later ones pass. Default 0.
    pub overtake: Probability,
    /// For how long such a message is held back, up to 1 hour. Default 1.5 s.
    pub overtake_hold: Micros,
}

impl Default for Link {
    fn default() -> Self {
        Self {
            delay: Distribution::Lognormal { median: Micros::from_millis(120), p95: Micros::from_millis(300) },
            duplicate: Probability::NEVER,
            loss: Probability::NEVER,
            overtake: Probability::NEVER,
            overtake_hold: Micros::from_millis(1_500),
        }
    }
}
