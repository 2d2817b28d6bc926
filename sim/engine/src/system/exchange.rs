//! What happens between the services, beside commands, events and their deliveries: questions and replies, circuits, sagas.

use crate::shop::aggregate::Aggregate;
use crate::shop::command_name::CommandName;
use crate::shop::ids::{CommandId, OrderId};
use bitcode::{Decode, Encode};

use super::breaker::Circuit;
use super::command_side::saga::instance::Phase;
use super::place::Service;

/// One such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Exchange {
    /// Somebody asked an owner for a command's data.
    Asked {
        /// The command.
        command: CommandId,
        /// The owner.
        owner: Service,
    },
    /// The question was lost on the way.
    QuestionLost {
        /// The command.
        command: CommandId,
        /// The owner.
        owner: Service,
    },
    /// The question reached an owner that is down.
    QuestionUnheard {
        /// The command.
        command: CommandId,
        /// The owner.
        owner: Service,
    },
    /// The owner looked, and replies.
    Replies {
        /// The command.
        command: CommandId,
        /// The owner.
        owner: Service,
    },
    /// The reply was lost on the way.
    ReplyLost {
        /// The command.
        command: CommandId,
        /// The owner.
        owner: Service,
    },
    /// The reply reached whoever asked.
    Replied {
        /// The command.
        command: CommandId,
        /// The owner.
        owner: Service,
    },
    /// Whoever asked stopped waiting.
    QuestionTimedOut {
        /// The command.
        command: CommandId,
        /// The owner.
        owner: Service,
    },
    /// Nobody was asked: the circuit to an owner is not closed.
    QuestionSpared {
        /// The command.
        command: CommandId,
        /// The owner.
        owner: Service,
    },
    /// The circuit breaker in front of an owner has changed.
    CircuitTurned {
        /// The owner.
        owner: Service,
        /// What it is now.
        circuit: Circuit,
    },
    /// Without an answer, the replica decides.
    FellBack {
        /// The command.
        command: CommandId,
        /// Its aggregate.
        of: Aggregate,
    },
    /// An order was decided on data that was no longer the owner's. For the measurement: no part of the system acts on it.
    DecidedOnOldData {
        /// The command.
        command: CommandId,
        /// Its aggregate.
        of: Aggregate,
        /// Would the owner's data have led to another decision, or another price?
        otherwise: bool,
    },
    /// The saga of an order has come to another phase.
    SagaTurned {
        /// The order.
        order: OrderId,
        /// The phase.
        phase: Phase,
    },
    /// The saga sent a command again.
    CommandResent {
        /// The command.
        command: CommandId,
        /// Its aggregate.
        of: Aggregate,
        /// Its name.
        name: CommandName,
        /// Which try.
        attempt: u16,
    },
    /// A command was lost on the way.
    CommandLost {
        /// The command.
        command: CommandId,
        /// Which try.
        attempt: u16,
    },
    /// A command was doubled on the way.
    CommandDoubled {
        /// The command.
        command: CommandId,
    },
    /// A command came again: its receiver repeats the answer and does nothing else.
    CommandRepeated {
        /// The command.
        command: CommandId,
        /// Its aggregate.
        of: Aggregate,
    },
    /// An answer was lost on the way.
    AnswerLost {
        /// The command.
        command: CommandId,
        /// Which try.
        attempt: u16,
    },
    /// The payment provider took money, or gave it back.
    Paid {
        /// The command.
        command: CommandId,
        /// For which order.
        order: OrderId,
        /// Is it a refund?
        refund: bool,
    },
    /// An owner was not asked: what it said a while ago is in the cache.
    TakenFromCache {
        /// The command.
        command: CommandId,
        /// The owner.
        owner: Service,
    },
    /// The saga has sent a command often enough, and gives up on it.
    CommandGivenUp {
        /// The command.
        command: CommandId,
        /// Its aggregate.
        of: Aggregate,
        /// Its name.
        name: CommandName,
        /// How often it was sent.
        tries: u16,
    },
}

impl Exchange {
    /// Is this something going wrong, by chance or by hand?
    pub const fn is_fault(&self) -> bool {
        matches!(
            self,
            Self::QuestionLost { .. }
                | Self::QuestionUnheard { .. }
                | Self::ReplyLost { .. }
                | Self::CommandLost { .. }
                | Self::CommandDoubled { .. }
                | Self::AnswerLost { .. }
                | Self::CommandGivenUp { .. }
        )
    }

    /// The order, product or customer that it is about, where the entry itself says so.
    pub const fn about(&self) -> Option<Aggregate> {
        match self {
            Self::FellBack { of, .. }
            | Self::DecidedOnOldData { of, .. }
            | Self::CommandResent { of, .. }
            | Self::CommandGivenUp { of, .. }
            | Self::CommandRepeated { of, .. } => Some(*of),
            Self::SagaTurned { order, .. } | Self::Paid { order, .. } => Some(Aggregate::Order(*order)),
            _ => None,
        }
    }

    /// Is it a protection at work?
    pub const fn is_guard(&self) -> bool {
        matches!(self, Self::CommandRepeated { .. } | Self::CircuitTurned { .. } | Self::QuestionSpared { .. })
    }
}
