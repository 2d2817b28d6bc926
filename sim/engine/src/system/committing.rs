//! What can happen between deciding a command and having its event in the log, beside the ordinary.

use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CommandId, EventId};
use bitcode::{Decode, Encode};

use super::fate::CrashPoint;

/// One such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Committing {
    /// An event is published before it is saved.
    Announced {
        /// The event.
        event: EventId,
        /// The command that caused it.
        command: CommandId,
    },
    /// The Order Service crashed while it committed a command.
    Crashed {
        /// The command.
        command: CommandId,
        /// Its aggregate.
        of: Aggregate,
        /// Where.
        point: CrashPoint,
    },
    /// The Order Service crashed when it had published an event and not yet noted that.
    CrashedUnmarked {
        /// The event.
        event: EventId,
    },
    /// A command's answer has waited for the broker's acknowledgement in vain.
    Unacknowledged {
        /// The event.
        event: EventId,
        /// The command.
        command: CommandId,
    },
}

impl Committing {
    /// Is this something going wrong?
    pub const fn is_fault(&self) -> bool {
        matches!(self, Self::Crashed { .. } | Self::CrashedUnmarked { .. } | Self::Unacknowledged { .. })
    }

    /// The event that it is about, if any.
    pub const fn event(&self) -> Option<EventId> {
        match *self {
            Self::Announced { event, .. } | Self::CrashedUnmarked { event } | Self::Unacknowledged { event, .. } => {
                Some(event)
            }
            Self::Crashed { .. } => None,
        }
    }

    /// The order that it is about, where the entry itself says so.
    pub const fn about(&self) -> Option<Aggregate> {
        if let Self::Crashed { of, .. } = self { Some(*of) } else { None }
    }
}
