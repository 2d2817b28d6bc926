//! What comes of judging an answer.

use crate::shop::aggregate::Aggregate;

use super::judgement::Freshness;

/// How an answer stands, and the first row that is as bad as that, if it is a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How it stands.
    pub freshness: Freshness,
    /// About what.
    pub of: Option<Aggregate>,
}
