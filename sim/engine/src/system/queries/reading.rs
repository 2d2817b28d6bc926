//! What happens to queries, as the trace has it.

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::CustomerId;
use crate::system::place::Model;
use bitcode::{Decode, Encode};

use super::composing::Composing;
use super::message::{Errand, QueryId};
use super::sight::Sight;

/// One such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Reading {
    /// A client asked.
    Asked {
        /// The query.
        query: QueryId,
        /// Whose session.
        session: CustomerId,
        /// The read model that is asked.
        model: Model,
        /// The one aggregate that is asked for, if it is one.
        of: Option<Aggregate>,
    },
    /// A client asked again.
    AskedAgain {
        /// The query.
        query: QueryId,
        /// Which try.
        attempt: u16,
    },
    /// A query was lost on the way.
    QueryLost {
        /// The query.
        query: QueryId,
    },
    /// A query reached the API.
    Arrived {
        /// The query.
        query: QueryId,
    },
    /// The API read the model; the answer leaves.
    Served {
        /// The query.
        query: QueryId,
        /// How many rows it found.
        rows: u16,
        /// How old the answer says that it is.
        lag: Micros,
    },
    /// An answer was lost on the way.
    AnswerLost {
        /// The query.
        query: QueryId,
    },
    /// The answer reached the client.
    Answered {
        /// The query.
        query: QueryId,
    },
    /// The client waited long enough; where it may not ask again, it never has an answer.
    TimedOut {
        /// The query.
        query: QueryId,
        /// Was it the last try?
        last: bool,
    },
    /// The oracle's finding: what an answer said was not true any more when it left, but had been.
    FoundStale {
        /// The query.
        query: QueryId,
        /// About what: the first row that differs, if one does.
        of: Option<Aggregate>,
        /// Did the answer say that it is not up to date?
        said: bool,
    },
    /// The oracle's finding: an answer said what was not true where the model stood.
    FoundWrong {
        /// The query.
        query: QueryId,
        /// About what: the first row that is wrong.
        of: Option<Aggregate>,
    },
    /// The API lets a query wait until the model has come far enough.
    Waits {
        /// The query.
        query: QueryId,
    },
    /// The answer says that the session's own write is not in it yet.
    Pending {
        /// The query.
        query: QueryId,
    },
    /// The API says that the model is not there yet, and when to ask again.
    NotYet {
        /// The query.
        query: QueryId,
    },
    /// The API does not answer: the model is too far behind.
    TurnedAway {
        /// The query.
        query: QueryId,
    },
    /// The client knows that it gets no answer.
    Refused {
        /// The query.
        query: QueryId,
    },
    /// The write side is asked.
    AsksWriteSide {
        /// The query.
        query: QueryId,
        /// Why.
        errand: Errand,
    },
    /// The Order Service has looked for one order. It could handle no command meanwhile.
    WriteSideLooked {
        /// The query.
        query: QueryId,
    },
    /// The last page of a walk is there. Rows that stood where they stood on every page should have been shown once.
    WalkEnded {
        /// The query for the last page.
        query: QueryId,
        /// How many of them were shown more than once.
        repeated: u16,
        /// How many of them were not shown.
        skipped: u16,
    },
    /// The answer is from the cache.
    FromCache {
        /// The query.
        query: QueryId,
    },
    /// The answer is from a read replica.
    FromReplica {
        /// The query.
        query: QueryId,
        /// Which replica, from 1.
        replica: u8,
    },
    /// A read replica has got a newer state of its primary.
    ReplicaFollowed {
        /// Of which read model.
        model: Model,
        /// Which replica, from 1.
        replica: u8,
    },
    /// Something about who may see what.
    Sight(Sight),
    /// Something about an answer that is composed.
    Composing(Composing),
    /// The state of a primary has left for a read replica.
    ReplicaFetches {
        /// Of which read model.
        model: Model,
        /// Which replica, from 1.
        replica: u8,
    },
}

impl Reading {
    /// Is this something going wrong, by chance or by hand?
    pub const fn is_fault(&self) -> bool {
        match self {
            Self::Composing(composing) => composing.is_fault(),
            other => matches!(other, Self::QueryLost { .. } | Self::AnswerLost { .. }),
        }
    }

    /// Is it a protection at work?
    pub const fn is_guard(&self) -> bool {
        matches!(
            self,
            Self::Waits { .. }
                | Self::Pending { .. }
                | Self::NotYet { .. }
                | Self::TurnedAway { .. }
                | Self::AsksWriteSide { .. }
                | Self::Sight(Sight::Refused { .. } | Sight::Withheld { .. })
        ) || matches!(self, Self::Composing(composing) if composing.is_guard())
    }

    /// The order, product or customer that it is about, where the entry itself says so.
    pub const fn about(&self) -> Option<Aggregate> {
        match self {
            Self::Asked { of, .. } | Self::FoundStale { of, .. } | Self::FoundWrong { of, .. } => *of,
            Self::Sight(sight) => sight.about(),
            Self::Composing(composing) => composing.about(),
            _ => None,
        }
    }
}
