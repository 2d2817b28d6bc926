//! What a command carries besides what it asks for: the headers of its request [seed 004].

use crate::shop::actor::Actor;
use crate::shop::ids::{CommandId, KeyId, Version};

use super::edges::edge_id::EdgeId;

/// The idempotency key: whatever comes again under it is the same command, come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The command's own id.
    Own(CommandId),
    /// A name that its sender has written on it. Nothing but the sender's care keeps it from being used twice.
    Named(KeyId),
}

/// The headers of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Headers {
    /// Its idempotency key (`Idempotency-Key`).
    pub key: Key,
    /// The version that its aggregate must still have (`If-Match`), if its sender cares.
    pub expected: Option<Version>,
    /// Who asks, if somebody has signed in.
    pub actor: Option<Actor>,
    /// The edge that it came by, if it came by one: the answer goes back there.
    pub edge: Option<EdgeId>,
}

impl Headers {
    /// The headers of a command about which its sender says nothing in particular.
    pub const fn plain(command: CommandId, actor: Actor) -> Self {
        Self { key: Key::Own(command), expected: None, actor: Some(actor), edge: None }
    }
}
