//! What an answer promises about how new it is (MISSION E2, E3, E4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::time::Micros;

/// What an answer promises about how new it is, and what the API does when it can not keep that.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Consistency {
    /// The contract of every query. Default eventual.
    pub contract: Contract,
    /// What a session is guaranteed besides. Default eventual.
    pub session: SessionLevel,
    /// How long the API lets a query wait for the model before it refuses it, at least 1 ms. Default 500 ms.
    pub wait: Micros,
    /// How long a client that is told to ask again later waits before it does, at least 1 ms. Default 200 ms.
    pub retry_after: Micros,
    /// Is the write side asked for an order that the read model does not have [seed 001]? Its answer is flagged, and takes
    /// the Order Service's time. Default false.
    pub fallback: bool,
    /// How long a question of the API to the Order Service travels, and its reply. Default constant, 5 ms.
    pub write_side_delay: Distribution,
}

impl Default for Consistency {
    fn default() -> Self {
        Self {
            contract: Contract::Eventual,
            session: SessionLevel::Eventual,
            wait: Micros::from_millis(500),
            retry_after: Micros::from_millis(200),
            fallback: false,
            write_side_delay: Distribution::constant_millis(5),
        }
    }
}

/// A consistency contract [seed 004].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Contract {
    /// Whatever the model has, at once.
    #[default]
    Eventual,
    /// Strong read-after-write: the answer has what the session has written. It waits for the model, and is refused where that
    /// takes too long.
    ReadAfterWrite,
    /// The answer is not older than a bound, by what the model and the log show.
    BoundedStaleness {
        /// The oldest that it may be, up to 1 hour.
        bound: Micros,
        /// What happens to a query that would get an older one. Default refuse.
        #[serde(default)]
        otherwise: TooOld,
    },
    /// The answer comes at once, and says so where the session's own write is not in it yet.
    Pending,
    /// The client sends the position that its command was answered with. The API waits, or says: not yet, ask again later.
    CatchUpToken {
        /// How long the API waits before it says so, up to 1 hour. Default 0 ms.
        #[serde(default)]
        wait: Micros,
    },
    /// One order is asked of the write side. Lists are answered by the models, at once.
    CommandSideRead,
}

/// What happens to a query whose answer would be older than the bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TooOld {
    /// It is refused.
    #[default]
    Refuse,
    /// It waits until the model is new enough, and is refused where that takes too long.
    Wait,
    /// The write side is asked for one order; a list is refused.
    Redirect,
}

/// What a session is guaranteed [seed 002].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionLevel {
    /// Nothing.
    #[default]
    Eventual,
    /// It reads its own writes, and never goes back behind what it has seen: it sends along what it knows.
    Session,
    /// The answer has everything that was committed when the API was asked: it asks the write side for that position, and
    /// waits for the model.
    Strong,
}
