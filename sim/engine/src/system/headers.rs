//! What a command carries besides what it asks for: the headers of its request [seed 004].

use crate::shop::actor::Actor;
use crate::shop::ids::{CommandId, EventId, KeyId, Version};

use super::edges::edge_id::EdgeId;

/// The idempotency key: whatever comes again under it is the same command, come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The command's own id.
    Own(CommandId),
    /// A name that its sender has written on it. Nothing but the sender's care keeps it from being used twice.
    Named(KeyId),
}

/// Where a message comes from: what it belongs to, and what brought it about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Trail {
    /// The command with which the story began that it is a part of (`correlationid`): a first command names itself.
    pub correlation: CommandId,
    /// The event that its sender reacted to (`causationid`), if it was one.
    pub causation: Option<EventId>,
}

impl Trail {
    /// A command with which a story begins.
    pub const fn begins(command: CommandId) -> Self {
        Self { correlation: command, causation: None }
    }
}

/// The headers of a command. Its answer carries them back.
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
    /// Where it comes from.
    pub trail: Trail,
}

impl Headers {
    /// The headers of a command about which its sender says nothing in particular.
    pub const fn plain(command: CommandId, actor: Actor) -> Self {
        Self { key: Key::Own(command), expected: None, actor: Some(actor), edge: None, trail: Trail::begins(command) }
    }
}
