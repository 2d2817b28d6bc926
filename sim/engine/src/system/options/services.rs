//! The command side: three services, and how the Order Service gets to data that it does not own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::time::Micros;

use super::api::Api;
use super::command_api::{Answers, CommandApi, Concurrency};
use super::commit::{Commit, CommitCrash, DualWriteOrder, EventSourcing, Publish};
use super::consumer::Consumer;

/// The Order Service: one writer that handles commands one at a time, and the relay of its outbox.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OrderService {
    /// How long a command or an answer travels. Default uniform, 40 to 80 ms.
    pub client_delay: Distribution,
    /// How long the handler takes for one command. Default constant, 8 ms.
    pub service: Distribution,
    /// How long after a commit the relay looks into the outbox. Default constant, 20 ms.
    pub relay_delay: Distribution,
    /// How the handler gets to data that other services own. Default from the command itself.
    pub data_access: DataAccess,
    /// Up to which age a replica's row is good enough. Default any age.
    pub staleness_bound: Option<Micros>,
    /// What happens to a command whose data is older. Default refuse.
    pub stale_row: StaleRow,
    /// How long reading another service's tables takes in a shared database. Default constant, 2 ms.
    pub shared_read: Distribution,
    /// How the owners are asked, where they are.
    pub api: Api,
    /// How commands travel, and how one that comes again is recognised. Holds for all three services.
    pub commands: CommandApi,
    /// How shoppers, and senders of the script's commands, are answered by all three services. Default when it is committed.
    pub answers: Answers,
    /// How commands that are handled at the same time get along, in each of the three services. Default a single writer.
    pub concurrency: Concurrency,
    /// How many commands each service handles at a time, 1 to 16, unless it has a single writer. Default 4.
    #[schemars(range(min = 1, max = 16))]
    pub writers: u8,
    /// How often an optimistic handler begins a command anew after a version conflict before it refuses it, 0 to 10. Default 0.
    #[schemars(range(max = 10))]
    pub conflict_retries: u8,
    /// How what was decided is saved and published; the two other services always have an outbox. Default outbox.
    pub commit: Commit,
    /// Which of the two comes first in a dual write. Default save first.
    pub dual_write: DualWriteOrder,
    /// Whether the answer waits until the broker has the event. Default after the answer.
    pub publish: Publish,
    /// What folding an order costs, where the events are all that is saved.
    pub event_sourcing: EventSourcing,
    /// Crashes in the middle of a commit.
    pub crash: CommitCrash,
}

impl Default for OrderService {
    fn default() -> Self {
        Self {
            client_delay: Distribution::Uniform { min: Micros::from_millis(40), max: Micros::from_millis(80) },
            service: Distribution::constant_millis(8),
            relay_delay: Distribution::constant_millis(20),
            data_access: DataAccess::Command,
            staleness_bound: None,
            stale_row: StaleRow::Refuse,
            shared_read: Distribution::constant_millis(2),
            api: Api::default(),
            commands: CommandApi::default(),
            answers: Answers::Committed,
            concurrency: Concurrency::SingleWriter,
            writers: 4,
            conflict_retries: 0,
            commit: Commit::Outbox,
            dual_write: DualWriteOrder::SaveFirst,
            publish: Publish::After,
            event_sourcing: EventSourcing::default(),
            crash: CommitCrash::default(),
        }
    }
}

/// How the Order Service gets to data that it does not own (MISSION A8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DataAccess {
    /// Not at all: what the command says is believed.
    #[default]
    Command,
    /// From its own replica, which follows the owners' events.
    Replica,
    /// From the owners' tables, in a database that all services share. The seed calls this an anti-pattern.
    SharedDatabase,
    /// By asking the owners while the command waits, and with it every command behind it.
    SynchronousApi,
    /// The gateway asks the owners first and attaches what it learned to the command.
    Composition,
}

/// What happens to a command whose data in the replica is older than the bound (MISSION A11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StaleRow {
    /// It is refused.
    #[default]
    Refuse,
    /// It is decided by the owners' tables.
    AskTheSource,
}

/// A service that owns data which the Order Service needs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OwnerService {
    /// How long the handler takes for one command. Default constant, 5 ms.
    pub service: Distribution,
    /// How long after a commit the relay looks into the outbox. Default constant, 20 ms.
    pub relay_delay: Distribution,
    /// When it goes down: it then answers nobody and publishes nothing. Default at the beginning.
    pub down_from: Micros,
    /// For how long it is down; 0 is never. Default 0.
    pub down_for: Micros,
    /// When it becomes slow. Default at the beginning.
    pub slow_from: Micros,
    /// For how long it is slow; 0 is never. Default 0.
    pub slow_for: Micros,
    /// By how much everything that it does then takes longer. Default 500 ms.
    pub slow_by: Micros,
}

impl Default for OwnerService {
    fn default() -> Self {
        Self {
            service: Distribution::constant_millis(5),
            relay_delay: Distribution::constant_millis(20),
            down_from: Micros::ZERO,
            down_for: Micros::ZERO,
            slow_from: Micros::ZERO,
            slow_for: Micros::ZERO,
            slow_by: Micros::from_millis(500),
        }
    }
}

/// The Order Service's local copies of what the other two services own (MISSION A6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Replicas {
    /// The feed of the product replica.
    pub products: Consumer,
    /// The feed of the customer replica.
    pub customers: Consumer,
    /// What the replicas know when the run begins. Default a snapshot of everything so far.
    pub start: ReplicaStart,
}

/// What a replica knows when the run begins (MISSION A7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplicaStart {
    /// A snapshot of everything so far; it follows events from the snapshot's position.
    #[default]
    Snapshot,
    /// Nothing; it follows every event from the beginning of the log.
    Replay,
    /// Nothing; it follows events from now on, and never learns of what was before.
    FromNow,
    /// A snapshot, but it follows events from a position two events too late: a hole.
    SnapshotWithHole,
    /// A snapshot, but it follows events from the beginning: everything comes twice.
    SnapshotWithOverlap,
}
