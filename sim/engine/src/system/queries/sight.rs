//! What happens about who may see what, as the trace has it (MISSION E7).

use crate::shop::aggregate::Aggregate;
use crate::shop::customer::rights::Forbidden;
use bitcode::{Decode, Encode};

use super::message::QueryId;

/// One such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Sight {
    /// The query API asked the Customer Service for the rights of whoever asks.
    RightsAsked {
        /// The query.
        query: QueryId,
    },
    /// Nobody heard that question, because the Customer Service is down.
    RightsUnheard {
        /// The query.
        query: QueryId,
    },
    /// The reply is there.
    RightsTold {
        /// The query.
        query: QueryId,
        /// Does the asker have any rights?
        any: bool,
    },
    /// Rows, or a field of rows, are left out of an answer.
    Withheld {
        /// The query.
        query: QueryId,
        /// How many rows.
        rows: u16,
        /// In how many other rows a field.
        fields: u16,
    },
    /// The answer is a refusal.
    Refused {
        /// The query.
        query: QueryId,
        /// Because of what.
        why: Forbidden,
    },
    /// The oracle's finding: an answer left that shows what its asker may not see at that moment.
    FoundShown {
        /// The query.
        query: QueryId,
        /// What it shows; the first of several.
        what: Forbidden,
        /// In which row, if it is one.
        of: Option<Aggregate>,
        /// Because the rights that it was decided by were old? Otherwise a check is missing.
        by_old_rights: bool,
    },
    /// The oracle's finding: something was refused or left out that its asker may see at that moment.
    FoundDenied {
        /// The query.
        query: QueryId,
    },
}

impl Sight {
    /// The order that it is about, where the entry itself says so.
    pub const fn about(&self) -> Option<Aggregate> {
        if let Self::FoundShown { of, .. } = self { *of } else { None }
    }

    /// The query that it is about.
    pub const fn query(&self) -> QueryId {
        match self {
            Self::RightsAsked { query }
            | Self::RightsUnheard { query }
            | Self::RightsTold { query, .. }
            | Self::Withheld { query, .. }
            | Self::Refused { query, .. }
            | Self::FoundShown { query, .. }
            | Self::FoundDenied { query } => *query,
        }
    }
}
