//! How a consumer of the log runs, and how it protects itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;

use super::broker::Link;
use super::dead_letters::DeadLetters;
use super::detectors::Detectors;
use super::enrichment::Enrichment;
use super::rebuild::{Bug, Rebuild};
use super::schema::OnNewSchema;

/// How a projection, or the feed of a replica, runs and how it protects itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Consumer {
    /// How many instances share the partitions, 1 to 8. Default 1.
    #[schemars(range(min = 1, max = 8))]
    pub instances: u8,
    /// The link from the broker to the instances.
    pub delivery: Link,
    /// How many messages may be on the way or waiting for each partition, 1 to 10,000. Default 500.
    #[schemars(range(min = 1, max = 10_000))]
    pub prefetch: u32,
    /// How long a lost delivery is missed before it is fetched again, 1 ms to 1 hour. Default 1 s.
    pub refetch_after: Micros,
    /// How long an instance takes for one event, look-ups aside. Default constant, 60 ms.
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
    /// How long after a crash the group gives the partitions to other instances, up to 1 hour. Default 3 s.
    pub rebalance_after: Micros,
    /// How many deliveries an instance handles in one go, in one transaction and with one save, 1 to 1,000. It takes what has
    /// arrived and does not wait for more. Default 1.
    pub batch: u32,
    /// What it looks up for each event before it writes. Default nothing.
    pub enrichment: Enrichment,
    /// Does it take part? Default true: a read model that the file names takes part unless this says otherwise, and a replica
    /// always does.
    pub enabled: bool,
    /// Is the read model written in the command's transaction instead of from the log? Stays as the run began. Not for
    /// replicas. Default no.
    pub synchronous: bool,
    /// Are rows denormalised with the names of customer and products, which other services own? Stays as the run began. For
    /// the order view only. Default no.
    pub names: bool,
    /// How long what readers see may stay as it is before it is refreshed, at least 1 ms. For the sales dashboard only.
    /// Default: readers see every change at once.
    pub ttl: Option<Micros>,
    /// How handling fails, and what follows.
    pub dead_letters: DeadLetters,
    /// What it does with an event in a schema that it was not written for. A read model that is written in the command's
    /// transaction is released together with the service, and knows every schema. Default refuse.
    pub schema: OnNewSchema,
    /// What is wrong with the projection's code. For read models only. Default nothing.
    pub bug: Bug,
    /// How the read model is built anew. For read models only. Default: by hand, with every default.
    pub rebuild: Option<Box<Rebuild>>,
    /// What looks for drift in the read model. For read models only. Default nothing.
    pub detectors: Option<Box<Detectors>>,
}

impl Default for Consumer {
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
            batch: 1,
            enrichment: Enrichment::default(),
            enabled: true,
            synchronous: false,
            names: false,
            ttl: None,
            dead_letters: DeadLetters::default(),
            schema: OnNewSchema::Refuse,
            bug: Bug::None,
            rebuild: None,
            detectors: None,
        }
    }
}

/// How a projection recognises an event that it has already handled (MISSION D3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
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

/// When a projection saves its position (MISSION D5). To a queue, which keeps no positions, it acknowledges the message then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Checkpoint {
    /// Before the effect, which therefore comes at most once: a crash in between loses the event.
    BeforeEffect,
    /// After the effect, which therefore comes at least once: a crash in between repeats the event.
    #[default]
    AfterEffect,
    /// In one transaction with the effect. An acknowledgement to a queue can not be part of it: it leaves when the transaction ends.
    WithEffect,
}

/// What one checkpoint covers (MISSION D5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckpointScope {
    /// One partition: an offset for each.
    #[default]
    Partition,
    /// The whole projection: one commit position. What a slower partition still holds is lost with a crash.
    Projection,
}

/// How likely an instance crashes while it handles an event, at each of three points.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
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
