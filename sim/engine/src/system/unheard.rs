//! Messages that came to a node that is down, or were there when it crashed, and have no words of their own elsewhere.

use bitcode::{Decode, Encode};

use crate::shop::ids::{CommandId, EventId};

use super::delivery::Delivered;
use super::place::Service;
use super::queries::message::QueryId;

/// Such a message. It is lost, and whoever misses it does what he does after any loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Unheard {
    /// The broker's acknowledgement of an event, at its service.
    Acknowledgement {
        /// The event.
        event: EventId,
    },
    /// A reader's acknowledgement of a delivery, at the broker.
    QueueAcknowledgement(Delivered),
    /// A question for what has become of a command, at its service.
    Status {
        /// The command.
        command: CommandId,
        /// The service.
        service: Service,
    },
    /// A query, at a service.
    Query {
        /// The query.
        query: QueryId,
        /// The service.
        service: Service,
    },
}

impl Unheard {
    /// The event that it is about, if it is about one.
    pub const fn event(&self) -> Option<EventId> {
        match self {
            Self::Acknowledgement { event } => Some(*event),
            Self::QueueAcknowledgement(delivered) => Some(delivered.event),
            Self::Status { .. } | Self::Query { .. } => None,
        }
    }
}
