//! What happens while answers are composed, as the trace has it (MISSION E8).

use crate::shop::aggregate::Aggregate;
use crate::system::breaker::Circuit;
use crate::system::place::Service;
use bitcode::{Decode, Encode};

use super::message::QueryId;

/// One such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Composing {
    /// The gateway called a service.
    Called {
        /// The query.
        query: QueryId,
        /// Whom.
        service: Service,
        /// For how many things.
        things: u16,
    },
    /// The call was lost on the way.
    CallLost {
        /// The query.
        query: QueryId,
        /// To whom.
        service: Service,
    },
    /// Nobody heard the call, because the service is down.
    Unheard {
        /// The query.
        query: QueryId,
        /// Which service.
        service: Service,
    },
    /// The service has looked, and replies.
    Replies {
        /// The query.
        query: QueryId,
        /// Who.
        service: Service,
    },
    /// The reply was lost on the way.
    ReplyLost {
        /// The query.
        query: QueryId,
        /// Whose.
        service: Service,
    },
    /// The reply reached the gateway.
    Replied {
        /// The query.
        query: QueryId,
        /// Whose.
        service: Service,
    },
    /// The gateway stopped waiting for this service.
    TimedOut {
        /// The query.
        query: QueryId,
        /// Which service.
        service: Service,
    },
    /// The answer says that something is missing in it.
    Partial {
        /// The query.
        query: QueryId,
        /// How many calls have no reply.
        missing: u16,
    },
    /// The answer is that there is none: a service did not reply.
    Failed {
        /// The query.
        query: QueryId,
    },
    /// The oracle's finding: each part of a page that left was true once, but never all of them together.
    FoundTorn {
        /// The query.
        query: QueryId,
        /// About what.
        of: Aggregate,
    },
    /// The service is not called: its circuit is open.
    Spared {
        /// The query.
        query: QueryId,
        /// Which service.
        service: Service,
    },
    /// The circuit breaker in front of a service has changed.
    CircuitTurned {
        /// Which service.
        service: Service,
        /// What it has become.
        circuit: Circuit,
    },
}

impl Composing {
    /// Is this something going wrong, by chance or by hand?
    pub const fn is_fault(&self) -> bool {
        matches!(self, Self::CallLost { .. } | Self::Unheard { .. } | Self::ReplyLost { .. })
    }

    /// Is it a protection at work?
    pub const fn is_guard(&self) -> bool {
        matches!(self, Self::Spared { .. } | Self::CircuitTurned { .. })
    }

    /// The order that it is about, where the entry itself says so.
    pub const fn about(&self) -> Option<Aggregate> {
        if let Self::FoundTorn { of, .. } = self { Some(*of) } else { None }
    }
}
