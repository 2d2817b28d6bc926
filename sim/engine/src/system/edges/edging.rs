//! What happens at edge servers, and on the ways to them, as the trace has it.

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CustomerId, Version};
use crate::system::place::Model;
use crate::system::queries::message::QueryId;
use bitcode::{Decode, Encode};

use super::edge_id::EdgeId;
use super::load::Cargo;

/// One such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Edging {
    /// A client is near another edge from now on.
    Roamed {
        /// Whose session.
        session: CustomerId,
        /// Near which edge.
        edge: EdgeId,
    },
    /// A try had no answer, so the client goes to another edge with the next one.
    FailedOver {
        /// What is sent again.
        cargo: Cargo,
        /// The edge without an answer.
        from: EdgeId,
        /// The other one.
        to: EdgeId,
    },
    /// A client's request has set out to an edge.
    SetOut {
        /// The request.
        cargo: Cargo,
        /// The edge.
        edge: EdgeId,
        /// Is another edge nearer?
        is_far: bool,
    },
    /// An edge answers a query from its own copy.
    Answered {
        /// The query.
        query: QueryId,
        /// The edge.
        edge: EdgeId,
    },
    /// An edge hands a request on to the origin.
    Forwarded {
        /// The request.
        cargo: Cargo,
        /// The edge.
        edge: EdgeId,
        /// Because of what.
        why: Onward,
    },
    /// What comes from the origin has reached the edge, which hands it on to the client.
    Returned {
        /// To what it is the answer.
        cargo: Cargo,
        /// The edge.
        edge: EdgeId,
    },
    /// A message is lost, because the link between an edge and the origin is cut.
    Cut {
        /// The message.
        cargo: Cargo,
        /// The edge.
        edge: EdgeId,
        /// Was it on its way to the origin, rather than from it?
        outward: bool,
    },
    /// A message has reached an edge that is down.
    Unheard {
        /// The message.
        cargo: Cargo,
        /// The edge.
        edge: EdgeId,
    },
    /// A copy of a read model's state is lost, because the link from the origin is cut.
    CopyCut {
        /// Of which read model.
        model: Model,
        /// To which edge.
        edge: EdgeId,
    },
    /// An edge has got a newer state of a read model.
    Followed {
        /// Of which read model.
        model: Model,
        /// Which edge.
        edge: EdgeId,
    },
    /// An edge has crashed, as it was planned.
    Failed {
        /// Which edge.
        edge: EdgeId,
        /// Until when it is down.
        until: Micros,
    },
    /// The oracle's finding: an edge has shown a row older than the session has seen or written it.
    FoundBehind {
        /// The query.
        query: QueryId,
        /// The edge.
        edge: EdgeId,
        /// The row.
        of: Aggregate,
        /// The version that the edge has; 0 is none.
        has: Version,
        /// The version that the session knew when it asked.
        knew: Version,
    },
    /// The state of a read model has left for an edge.
    CopyLeft {
        /// Of which read model.
        model: Model,
        /// To which edge.
        edge: EdgeId,
    },
    /// A copy of a read model's state was on its way to an edge that has crashed: nobody is there to take it.
    CopyUnheard {
        /// Of which read model.
        model: Model,
        /// To which edge.
        edge: EdgeId,
    },
}

/// Why an edge hands a request on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Onward {
    /// Only the origin decides commands.
    Command,
    /// The gateway that composes answers is at the origin.
    Composed,
    /// The edge has no copy of the read model that is asked, or the model does not serve.
    NoCopy,
    /// What is promised of the answer only the origin can keep.
    Promise,
    /// The copy has no such row, and where there is none the write side is to be asked.
    NoRow,
    /// The copy is older than the answer may be.
    Behind,
}

impl Edging {
    /// Is this something going wrong, by chance or by hand?
    pub const fn is_fault(&self) -> bool {
        matches!(
            self,
            Self::Cut { .. }
                | Self::Unheard { .. }
                | Self::CopyCut { .. }
                | Self::CopyUnheard { .. }
                | Self::Failed { .. }
        )
    }

    /// Is it a protection at work?
    pub const fn is_guard(&self) -> bool {
        matches!(
            self,
            Self::FailedOver { .. } | Self::Forwarded { why: Onward::Promise | Onward::NoRow | Onward::Behind, .. }
        )
    }

    /// The order, product or customer that it is about, where the entry itself says so.
    pub const fn about(&self) -> Option<Aggregate> {
        if let Self::FoundBehind { of, .. } = self { Some(*of) } else { None }
    }
}
