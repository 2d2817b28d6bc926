//! How the Order Service commits and publishes (MISSION B4, B5), and where it crashes meanwhile.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;

/// How what was decided is saved and published [seed 003, seed 004].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Commit {
    /// The order's row and the event are saved in one transaction; a relay publishes afterwards.
    #[default]
    Outbox,
    /// The events are all that is saved. An order is folded from them when a command needs it, and a publisher follows them.
    EventSourced,
    /// The row is saved and the event is published, each by itself: nothing makes sure that both happen.
    DualWrite,
}

/// Which of the two writes of a dual write comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DualWriteOrder {
    /// The row: a crash in between loses the event.
    #[default]
    SaveFirst,
    /// The event: a crash in between publishes what never came about. The row is saved at once, without waiting for the broker,
    /// also where the answer waits for it.
    PublishFirst,
}

/// When an event is published, seen from the command that caused it [seed 001, "Async Event Publishing"].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Publish {
    /// After the answer.
    #[default]
    After,
    /// Before it: the answer waits for the broker's acknowledgement, for `broker.resend_after` at most. With `acks` none it
    /// has nothing to wait for.
    InRequest,
}

/// What folding costs, where the events are all that is saved.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EventSourcing {
    /// How much longer a command takes for each event that is read to fold its order, 0 to 1 s. Default 50 µs.
    pub load_per_event: Micros,
    /// After how many events of an order a snapshot of it is saved, 1 to 1,000. Default never.
    #[schemars(range(min = 1, max = 1_000))]
    pub snapshot_every: Option<u32>,
}

impl Default for EventSourcing {
    fn default() -> Self {
        Self { load_per_event: Micros(50), snapshot_every: None }
    }
}

/// How likely the Order Service crashes while it commits a command that it accepts, at each of three points.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CommitCrash {
    /// Before anything is saved or published. Default 0.
    pub before_commit: Probability,
    /// Between saving and publishing, whichever comes first. Default 0.
    pub between: Probability,
    /// After an event was published, before that is noted. Where nothing is noted: before the command is answered. Default 0.
    pub after_publish: Probability,
    /// How long the service is down, at least 1 ms. Default constant, 1 s.
    pub restart_after: Distribution,
}

impl Default for CommitCrash {
    fn default() -> Self {
        Self {
            before_commit: Probability::NEVER,
            between: Probability::NEVER,
            after_publish: Probability::NEVER,
            restart_after: Distribution::constant_millis(1_000),
        }
    }
}
