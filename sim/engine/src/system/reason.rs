//! Why a reader did not apply an event that was delivered to it.

use bitcode::{Decode, Encode};

/// Why a projection left an event out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum SkipReason {
    /// Its id is in the table of processed events.
    AlreadyProcessed,
    /// Its id is the last one on the row.
    SameAsLast,
    /// The row has this version or a newer one.
    NotNewer,
    /// It is part of the kept history.
    AlreadyInHistory,
    /// Every try to handle it has failed.
    GivenUp,
    /// The projection's code does nothing with events of this kind.
    CodeIgnores,
    /// It has a schema that the reader was not written for.
    NewSchema,
}

/// Why a reader has put an event aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum ParkReason {
    /// Every try to handle it has failed.
    GivenUp,
    /// An earlier event of its aggregate is parked.
    EarlierParked,
    /// The queue has handed it out as often as it may.
    HandedOutTooOften,
}
