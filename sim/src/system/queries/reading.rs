//! What happens to queries, as the trace has it.

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::CustomerId;
use crate::system::place::Model;

use super::message::QueryId;

/// One such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    },
    /// The oracle's finding: an answer said what was not true where the model stood.
    FoundWrong {
        /// The query.
        query: QueryId,
        /// About what: the first row that is wrong.
        of: Option<Aggregate>,
    },
}

impl Reading {
    /// Is this something going wrong, by chance or by hand?
    pub const fn is_fault(&self) -> bool {
        matches!(self, Self::QueryLost { .. } | Self::AnswerLost { .. })
    }

    /// The query that it is about.
    pub const fn query(&self) -> QueryId {
        match self {
            Self::Asked { query, .. }
            | Self::AskedAgain { query, .. }
            | Self::QueryLost { query }
            | Self::Arrived { query }
            | Self::Served { query, .. }
            | Self::AnswerLost { query }
            | Self::Answered { query }
            | Self::TimedOut { query, .. }
            | Self::FoundStale { query, .. }
            | Self::FoundWrong { query, .. } => *query,
        }
    }

    /// The order, product or customer that it is about, where the entry itself says so.
    pub const fn about(&self) -> Option<Aggregate> {
        match self {
            Self::Asked { of, .. } | Self::FoundStale { of, .. } | Self::FoundWrong { of, .. } => *of,
            _ => None,
        }
    }
}
