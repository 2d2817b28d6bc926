//! The saga that follows a new order until it is confirmed or undone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::time::Micros;

use super::broker::Link;
use super::consumer::Consumer;

/// The process manager of placed orders (MISSION A10).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Saga {
    /// Does it run? While it does, an order ships only when it is confirmed, and its lines are fixed. Default no.
    pub enabled: bool,
    /// How it follows the order events.
    pub consumer: Consumer,
    /// The link that its commands and their answers travel over.
    pub link: Link,
    /// How long it waits for an answer before it sends a command again, at least 1 ms. After eight tries it waits twice as long
    /// with each, up to a minute. Default 2 s.
    pub retry_after: Micros,
    /// How long an order may take until everything is reserved and paid; then it is undone. Default 15 s.
    pub timeout: Micros,
    /// Do the receivers remember its commands by their id, so that a repeated one gets the old answer and has no second
    /// effect? Default yes.
    pub idempotency_key: bool,
    /// After how many tries without an answer it gives up on a command, 1 to 1,000. An order that is not paid and reserved by
    /// then is undone, as far as it is known what was done; a saga that does not know how something went is parked, until an
    /// answer comes after all. Default never.
    #[schemars(range(min = 1, max = 1_000))]
    pub tries_max: Option<u16>,
}

impl Default for Saga {
    fn default() -> Self {
        Self {
            enabled: false,
            consumer: Consumer::default(),
            link: Link::default(),
            retry_after: Micros::from_secs(2),
            timeout: Micros::from_secs(15),
            idempotency_key: true,
            tries_max: None,
        }
    }
}
