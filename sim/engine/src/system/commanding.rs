//! What happens between a command's sender and its service beside sending, deciding and answering.

use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CommandId, EventId, Version};
use bitcode::{Decode, Encode};

/// One such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Commanding {
    /// Its sender waits for an answer no longer, and will never know what became of the command.
    GivenUp {
        /// The command.
        command: CommandId,
        /// Its aggregate.
        of: Aggregate,
        /// How often it was sent.
        tries: u16,
    },
    /// An answer came to a sender who had one already, or had given up.
    AnswerTooLate {
        /// The command.
        command: CommandId,
        /// To which try.
        attempt: u16,
    },
    /// A command came under the key of another one with another content.
    KeyReused {
        /// The command.
        command: CommandId,
        /// Its aggregate.
        of: Aggregate,
    },
    /// A row has changed since a handler read it: the handler reads it again and begins the command anew.
    BegunAnew {
        /// The command.
        command: CommandId,
        /// Its aggregate.
        of: Aggregate,
        /// The version that it was decided on.
        read: Version,
        /// The version that was there.
        found: Version,
    },
    /// A row has changed since a handler read it, and the handler writes over that. It does not notice.
    WroteOver {
        /// The command.
        command: CommandId,
        /// Its aggregate.
        of: Aggregate,
        /// The version that it was decided on.
        read: Version,
        /// The version that was there.
        found: Version,
    },
    /// A service has saved a command to decide it later, and says so (202).
    TakenIn {
        /// The command.
        command: CommandId,
        /// Its aggregate.
        of: Aggregate,
        /// Where its event will probably stand: after what is committed, and after what waits.
        expected: EventId,
    },
    /// Its sender asks what has become of a command that was taken in.
    StatusAsked {
        /// The command.
        command: CommandId,
        /// The how-manieth time.
        number: u16,
    },
    /// The service says that the command is not decided yet.
    StillPending {
        /// The command.
        command: CommandId,
    },
}

impl Commanding {
    /// Is this something going wrong?
    pub const fn is_fault(&self) -> bool {
        matches!(self, Self::GivenUp { .. } | Self::WroteOver { .. })
    }

    /// The order, product or customer that it is about, where the entry itself says so.
    pub const fn about(&self) -> Option<Aggregate> {
        match self {
            Self::GivenUp { of, .. }
            | Self::KeyReused { of, .. }
            | Self::BegunAnew { of, .. }
            | Self::WroteOver { of, .. }
            | Self::TakenIn { of, .. } => Some(*of),
            Self::AnswerTooLate { .. } | Self::StatusAsked { .. } | Self::StillPending { .. } => None,
        }
    }

    /// Is it a protection at work?
    pub const fn is_guard(&self) -> bool {
        matches!(self, Self::KeyReused { .. } | Self::BegunAnew { .. })
    }
}
