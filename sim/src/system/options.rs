//! Every number and switch of the simulated system: one documented struct for each part.
//!
//! This is what a scenario file's `options` hold and what the bench of the page edits. Every field may be left out; the
//! default is stated with it.

use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;
use crate::shop::ids::{CustomerId, OrderId, ProductId};
use crate::shop::money::Cents;

/// All options of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// What the clients do.
    pub workload: Workload,
    /// The command side.
    pub order_service: OrderService,
    /// The log between the two sides.
    pub broker: Broker,
    /// The query side: one projection for each read model.
    pub projections: Projections,
}

/// What the clients do.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Workload {
    /// How many orders the clients create by themselves, 0 to 1,000,000. Default 60.
    pub orders: u32,
    /// The number of the first order, 1 to 1,000,000. Default 1.
    pub first_order: u32,
    /// The time between two new orders. Default exponential with a mean of 500 ms: a Poisson stream of 2 a second.
    pub gap: Distribution,
    /// The most lines an order starts with, 1 to 4. Default 2.
    pub lines_max: u8,
    /// How likely a customer adds an item later. Default 0.25.
    pub add_item: Probability,
    /// How likely a customer takes that item out again. Default 0.2.
    pub remove_item: Probability,
    /// How likely a customer cancels instead of waiting for the parcel. Default 0.1.
    pub cancel: Probability,
    /// How likely an order that was not cancelled is shipped and delivered. Default 0.8.
    pub ship: Probability,
    /// The time between two steps of one order. Default lognormal, median 1.2 s, one in twenty over 3 s.
    pub think: Distribution,
    /// Commands that are sent at fixed times, besides the orders above. Default none.
    pub script: Vec<Scripted>,
    /// How long random faults go on after the last answer; then the system is left to heal. Default 10 s.
    pub heal_after: Micros,
}

impl Default for Workload {
    fn default() -> Self {
        Self {
            orders: 60,
            first_order: 1,
            gap: Distribution::Exponential { mean: Micros::from_millis(500) },
            lines_max: 2,
            add_item: Probability::from_percent(25),
            remove_item: Probability::from_percent(20),
            cancel: Probability::from_percent(10),
            ship: Probability::from_percent(80),
            think: Distribution::Lognormal { median: Micros::from_millis(1_200), p95: Micros::from_millis(3_000) },
            script: Vec::new(),
            heal_after: Micros::from_secs(10),
        }
    }
}

/// A command that a client sends at a fixed time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scripted {
    /// When it is sent.
    pub at: Micros,
    /// The order that it is about.
    pub order: OrderId,
    /// What it asks for.
    #[serde(rename = "do")]
    pub act: Act,
}

/// What a scripted command asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// Place a new order.
    CreateOrder {
        /// Who orders.
        customer: CustomerId,
        /// What is ordered; at most 16 lines.
        items: Vec<Item>,
    },
    /// Add one line.
    AddItem {
        /// The line to add.
        item: Item,
    },
    /// Take a line out; lines are numbered from 1 in the order in which they were added.
    RemoveItem {
        /// The line's number.
        line: u8,
    },
    /// Cancel the order.
    CancelOrder,
    /// Hand the parcel to the carrier.
    ShipOrder,
    /// The parcel has arrived.
    DeliverOrder,
}

/// One line of an order as a client asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The product.
    pub product: ProductId,
    /// How many.
    pub quantity: u32,
    /// The price of one, in cents.
    pub price_cents: Cents,
}

/// The command side: one writer that handles commands one at a time, and the relay of its outbox.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrderService {
    /// How long a command or an answer travels. Default uniform, 40 to 80 ms.
    pub client_delay: Distribution,
    /// How long the handler takes for one command. Default constant, 8 ms.
    pub service: Distribution,
    /// How long after a commit the relay looks into the outbox. Default constant, 20 ms.
    pub relay_delay: Distribution,
}

impl Default for OrderService {
    fn default() -> Self {
        Self {
            client_delay: Distribution::Uniform { min: Micros::from_millis(40), max: Micros::from_millis(80) },
            service: Distribution::constant_millis(8),
            relay_delay: Distribution::constant_millis(20),
        }
    }
}

/// The log broker with its one topic, `order-events`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Broker {
    /// How many partitions the topic has, 1 to 16. Default 2.
    pub partitions: u8,
    /// How an event finds its partition. Default by key.
    pub partitioning: Partitioning,
    /// What the relay waits for. Default all.
    pub acks: Acks,
    /// How long the relay waits for an acknowledgement before it publishes again. Default 5 s.
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Partitioning {
    /// By a hash of the order's id, so that all events of one order share a partition.
    #[default]
    Key,
    /// In turn, whatever the event is about.
    RoundRobin,
}

/// What the relay waits for after publishing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acks {
    /// Nothing: a publication that is lost on the way is lost for ever.
    None,
    /// The broker's acknowledgement: without it the relay publishes again, perhaps twice.
    #[default]
    All,
}

/// What can happen to a message on its way.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// For how long such a message is held back. Default 1.5 s.
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

/// One projection for each read model. Each is a consumer group of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Projections {
    /// The projection that keeps the order view.
    pub order_view: Projection,
    /// The projection that keeps the sales dashboard.
    pub sales_dashboard: Projection,
}

/// How a projection runs and how it protects itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Projection {
    /// How many instances share the partitions, 1 to 8. Default 1.
    pub instances: u8,
    /// The link from the broker to the instances.
    pub delivery: Link,
    /// How many messages may be on the way or waiting for each partition, 1 to 10,000. Default 500.
    pub prefetch: u32,
    /// How long a lost delivery is missed before it is fetched again. Default 1 s.
    pub refetch_after: Micros,
    /// How long an instance takes for one event. Default constant, 60 ms.
    pub service: Distribution,
    /// How a repeated event is recognised. Default not at all.
    pub idempotency: Idempotency,
    /// For how many later events a processed one is remembered; 0 is for ever. Default 0.
    pub remember: u32,
    /// How the order of events is kept. Default not at all.
    pub sequencing: Sequencing,
    /// When the position is saved. Default after the effect.
    pub checkpoint: Checkpoint,
    /// What one checkpoint covers. Default one partition.
    pub checkpoint_scope: CheckpointScope,
    /// How long saving the position takes, unless it shares the effect's transaction. Default constant, 5 ms.
    pub commit: Distribution,
    /// How likely an instance crashes.
    pub crash: Crash,
    /// How long after a crash the group gives the partitions to other instances. Default 3 s.
    pub rebalance_after: Micros,
}

impl Default for Projection {
    fn default() -> Self {
        Self {
            instances: 1,
            delivery: Link::default(),
            prefetch: 500,
            refetch_after: Micros::from_secs(1),
            service: Distribution::constant_millis(60),
            idempotency: Idempotency::None,
            remember: 0,
            sequencing: Sequencing::None,
            checkpoint: Checkpoint::AfterEffect,
            checkpoint_scope: CheckpointScope::Partition,
            commit: Distribution::constant_millis(5),
            crash: Crash::default(),
            rebalance_after: Micros::from_secs(3),
        }
    }
}

/// How a projection recognises an event that it has already handled (MISSION D3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Idempotency {
    /// It does not.
    #[default]
    None,
    /// A table of the ids of processed events, written together with the effect.
    ProcessedEvents,
    /// The id of the last event on the row. It fails when another event comes in between.
    LastEventId,
    /// Rows are replaced by key rather than added to. A sum has no key to replace by.
    NaturalUpsert,
}

/// How a projection keeps events in order (MISSION D4). Partitioning by key is the broker's part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sequencing {
    /// It applies events as they come.
    #[default]
    None,
    /// It skips an event whose version is not newer than the row's. Events that carry only a change are lost with it.
    VersionGuard,
    /// It keeps one version for each source of a row and skips what is not newer than that source's.
    SourceWatermarks,
    /// It holds an event back until its predecessors have come. After a loss it holds for ever.
    GapBuffer,
    /// It keeps every event of an order and folds them anew, in order.
    FoldHistory,
}

/// When a projection saves its position (MISSION D5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checkpoint {
    /// Before the effect: a crash in between loses the event.
    BeforeEffect,
    /// After the effect: a crash in between repeats the event.
    #[default]
    AfterEffect,
    /// In one transaction with the effect.
    WithEffect,
}

/// What one checkpoint covers (MISSION D5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckpointScope {
    /// One partition: an offset for each.
    #[default]
    Partition,
    /// The whole projection: one commit position. What a slower partition still holds is lost with a crash.
    Projection,
}

/// How likely an instance crashes while it handles an event, at each of three points.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Crash {
    /// Before the write. Default 0.
    pub before_write: Probability,
    /// Between the write and the commit of the position (or the other way round). Default 0.
    pub between: Probability,
    /// After both. Default 0.
    pub after_commit: Probability,
    /// How long the instance is down. Default constant, 1 s.
    pub restart_after: Distribution,
}

impl Default for Crash {
    fn default() -> Self {
        Self {
            before_write: Probability::NEVER,
            between: Probability::NEVER,
            after_commit: Probability::NEVER,
            restart_after: Distribution::constant_millis(1_000),
        }
    }
}
