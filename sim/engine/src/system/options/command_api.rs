//! How shoppers' commands travel, how often they are sent, and how services recognise one that comes again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;

/// How senders of commands are answered (MISSION B1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answers {
    /// Once the command is decided: with the new version and the position of its event (200), or the refusal.
    #[default]
    Committed,
    /// As soon as the service has saved the command: with the address of its status and the position to be expected (202). The
    /// sender asks there until the command is decided.
    Accepted,
}

/// How commands to one order, product or customer get along (MISSION B3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Concurrency {
    /// Each service handles one command at a time.
    #[default]
    SingleWriter,
    /// Several at a time. What was decided on a row that has changed meanwhile is not written.
    Optimistic,
    /// Several at a time. The last write wins, and what it did not know of is lost.
    Unguarded,
}

/// The command API of the three services, and the patience of those who use it (MISSION B1, B2): shoppers, and whoever sends
/// the script's commands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CommandApi {
    /// How likely a command, or an answer to one, is lost on its way. Default 0.
    pub loss: Probability,
    /// How often a command without an answer is sent again, 0 to 20. Default 0: its sender waits for ever.
    #[schemars(range(max = 20))]
    pub retries: u8,
    /// How long its sender waits for the answer to the first try, at least 1 ms. Default 1 s.
    pub timeout: Micros,
    /// By what factor it waits longer with each further try, 1 to 10; never longer than 1 minute. Default 2.
    #[schemars(range(min = 1, max = 10))]
    pub backoff_factor: u8,
    /// Do the services remember commands by their idempotency key, so that one that comes again gets the old answer and has no
    /// second effect? Default no.
    pub idempotency_key: bool,
    /// For how long they remember a key. Default for ever.
    pub keep_keys: Option<Micros>,
    /// Do shoppers send with a command the version that they know from the last answer (`If-Match`), so that it is refused where
    /// somebody else has been there since? Default no.
    pub if_match: bool,
    /// Do the services check who may ask for what? Customers change what is theirs, staff what is the shop's. Default no.
    pub authorise: bool,
    /// Where commands are taken in first: how long a sender waits between two questions what has become of one, at least 1 ms.
    /// Default 250 ms.
    pub poll_every: Micros,
}

impl Default for CommandApi {
    fn default() -> Self {
        Self {
            loss: Probability::NEVER,
            retries: 0,
            timeout: Micros::from_secs(1),
            backoff_factor: 2,
            idempotency_key: false,
            keep_keys: None,
            if_match: false,
            authorise: false,
            poll_every: Micros::from_millis(250),
        }
    }
}
