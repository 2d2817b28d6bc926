//! How a read model is built anew beside the one that serves, and what may be wrong with a projection's code.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::time::Micros;
use crate::shop::event::Event;
use crate::shop::order::event::OrderEvent;

use super::consumer::Consumer;

/// How a read model is built anew (MISSION D9) [seeds 001, 004].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rebuild {
    /// When it begins by itself. Default: when a hand says so.
    pub at: Option<Micros>,
    /// Where the new rows are written. Default beside the old ones.
    pub place: RebuildWhere,
    /// Where the events come from. Default the log.
    pub source: RebuildSource,
    /// The offset from which each partition of the log is read, 0 to 1,000,000; more than 0 is a partial replay. Default 0.
    #[schemars(range(max = 1_000_000))]
    pub from_offset: u32,
    /// How the new version runs: its code, its protections, and by `service` and `batch` the speed of the replay. What is not
    /// named in it has its own default. Default as the old version.
    pub with: Option<Box<Consumer>>,
    /// How long the new version follows along, without serving, before it is compared, up to 1 hour. Default 2 s.
    pub shadow_for: Micros,
    /// How long the comparison then waits for a moment in which both versions have come equally far, up to 1 hour; after that
    /// it takes them as they are. Default 10 s.
    pub compare_within: Micros,
    /// How many differing rows are named, 0 to 50. Default 5.
    #[schemars(range(max = 50))]
    pub samples: u8,
    /// When the new version begins to serve. Default if the two are equal.
    pub switch: SwitchWhen,
    /// How long the old version is kept for a rollback, up to 1 hour. Default 10 s.
    pub keep_for: Micros,
}

impl Default for Rebuild {
    fn default() -> Self {
        Self {
            at: None,
            place: RebuildWhere::Beside,
            source: RebuildSource::Log,
            from_offset: 0,
            with: None,
            shadow_for: Micros::from_secs(2),
            compare_within: Micros::from_secs(10),
            samples: 5,
            switch: SwitchWhen::IfEqual,
            keep_for: Micros::from_secs(10),
        }
    }
}

/// Where the rows of a rebuild are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RebuildWhere {
    /// Into a table of their own, while the old one serves.
    #[default]
    Beside,
    /// Into the table that serves, which is emptied first: whoever reads meanwhile sees what is there so far.
    InPlace,
}

/// Where the events of a rebuild come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RebuildSource {
    /// From the log, as far as its retention reaches.
    #[default]
    Log,
    /// From the committed events, which nobody deletes; then from the log, from where it was when the rebuild began. An event
    /// that was committed but not in the log by then comes twice, so the new version has to recognise it.
    EventStore,
}

/// When a version that was built begins to serve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SwitchWhen {
    /// When the comparison finds no difference, and both had come equally far.
    #[default]
    IfEqual,
    /// When the comparison is made, whatever it finds: the old version is known to be wrong.
    Always,
    /// When a hand says so.
    ByHand,
}

/// What is wrong with a projection's code (MISSION D10: projector bug) [seed 004].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bug {
    /// Nothing.
    #[default]
    None,
    /// It does nothing with `ItemRemoved`.
    ForgetsRemovals,
    /// It does nothing with `OrderCancelled`.
    ForgetsCancellations,
    /// It does nothing with `OrderCreated`: rows begin with what comes next.
    ForgetsCreations,
}

impl Bug {
    /// Does the code do nothing with this event?
    pub const fn ignores(self, event: &Event) -> bool {
        matches!(
            (self, event),
            (Self::ForgetsRemovals, Event::Order(OrderEvent::ItemRemoved { .. }))
                | (Self::ForgetsCancellations, Event::Order(OrderEvent::OrderCancelled { .. }))
                | (Self::ForgetsCreations, Event::Order(OrderEvent::OrderCreated { .. }))
        )
    }
}
