//! The promises that the oracle watches.

use bitcode::{Decode, Encode};

/// The promises that are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Promise {
    /// A read model equals the truth once everything is quiet.
    EqualsTruth,
    /// No event has its effect more than once.
    ExactlyOnceEffect,
    /// The status of an order never goes back.
    LifecycleForward,
    /// No more of a product is sold than there was.
    NoOversell,
    /// The price charged is the price in force when the order was decided.
    PriceInForce,
    /// What was charged and not refunded is what the customer owes.
    MoneyConserved,
    /// Every saga comes to an end.
    SagasEnd,
    /// Every event that was committed is published sooner or later.
    NoEventLost,
    /// Nothing is published that was not committed.
    NothingInvented,
    /// A version that begins to serve has every event that the one before it had.
    CompleteWhenSwitched,
    /// A version that begins to serve shows what its events come to.
    RebuiltEqualsFold,
    /// A rebuild gets the whole history.
    HistoryKept,
    /// No command has its effect more than once.
    CommandOnce,
    /// No update of a write store is lost.
    NoLostUpdate,
    /// A session finds its own writes in every answer.
    ReadYourWrites,
    /// A session never sees anything older than it has seen it.
    MonotonicReads,
    /// Under bounded staleness, no answer is older than the bound.
    StalenessWithinBound,
    /// What a detector finds is no row that comes right by itself.
    NoFalseAlarm,
}

impl Promise {
    /// How many promises there are.
    pub const COUNT: usize = Self::NoFalseAlarm as usize + 1;
}
