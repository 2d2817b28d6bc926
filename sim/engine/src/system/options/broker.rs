//! The broker, and the links to and from it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;
use crate::system::place::TopicName;

/// The broker. Each service has a topic of its own.
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
    /// Other links than `publish` for single topics. Default none.
    pub topics: Topics,
    /// What the broker does with messages: a log that keeps them, or queues that forget them. Default log.
    pub kind: BrokerKind,
    /// How queues hand out messages. A log does not look at it.
    pub queue: Queue,
    /// How many events a partition of a log keeps, 1 to 1,000,000; older ones are deleted. Default all.
    pub retention: Option<u32>,
}

impl Default for Broker {
    fn default() -> Self {
        Self {
            partitions: 2,
            partitioning: Partitioning::Key,
            acks: Acks::All,
            resend_after: Micros::from_secs(5),
            publish: Link::default(),
            topics: Topics::default(),
            kind: BrokerKind::Log,
            queue: Queue::default(),
            retention: None,
        }
    }
}

impl Broker {
    /// The link on which a topic is published.
    pub fn publish_link(&self, topic: TopicName) -> &Link {
        let own = match topic {
            TopicName::OrderEvents => &self.topics.order_events,
            TopicName::ProductEvents => &self.topics.product_events,
            TopicName::CustomerEvents => &self.topics.customer_events,
        };
        own.as_ref().unwrap_or(&self.publish)
    }
}

/// Links for single topics, in place of the one for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Topics {
    /// For what the Order Service publishes. Default as for all.
    pub order_events: Option<Link>,
    /// For what the Product Service publishes. Default as for all.
    pub product_events: Option<Link>,
    /// For what the Customer Service publishes. Default as for all.
    pub customer_events: Option<Link>,
}

/// What the broker does with messages (MISSION C1, C2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BrokerKind {
    /// It keeps them in partitions; each group of consumers keeps a position and reads a partition in order.
    #[default]
    Log,
    /// Each reader has a queue of its own, whose instances compete for single messages, in no order. A message is
    /// forgotten when it is acknowledged, and handed out again when that takes too long.
    Queue,
}

/// How a queue hands out messages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Queue {
    /// How long a message that was handed out stays invisible to others without an acknowledgement. Default 5 s.
    pub visibility: Micros,
    /// How many messages one instance may have without having acknowledged them, 1 to 1,000. Default 10.
    pub in_flight_max: u32,
    /// How often a message is handed out before the queue parks it, 1 to 1,000. Default 10.
    pub receive_max: u16,
}

impl Default for Queue {
    fn default() -> Self {
        Self { visibility: Micros::from_secs(5), in_flight_max: 10, receive_max: 10 }
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
    /// How often the link stops: once in every span of this length, at least 1 ms, at a moment left to chance. Default
    /// never.
    pub pause_every: Option<Micros>,
    /// For how long it stops, at most until the span after ends; what would arrive meanwhile arrives afterwards. Default
    /// constant, 1 s.
    pub pause_for: Distribution,
}

impl Default for Link {
    fn default() -> Self {
        Self {
            delay: Distribution::Lognormal { median: Micros::from_millis(120), p95: Micros::from_millis(300) },
            duplicate: Probability::NEVER,
            loss: Probability::NEVER,
            overtake: Probability::NEVER,
            overtake_hold: Micros::from_millis(1_500),
            pause_every: None,
            pause_for: Distribution::constant_millis(1_000),
        }
    }
}
