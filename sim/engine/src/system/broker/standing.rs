//! Why a message is where it is.

/// How it stands with a message that no instance has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Its handling was saved, or acknowledged: it will not be sent again.
    Done,
    /// Retention has deleted it.
    Deleted,
    /// Nobody reads the partition.
    ReaderDown,
    /// A delivery before it was lost and is fetched again.
    Stalled,
    /// The reader has stopped at a message that it can not handle.
    Halted,
    /// The reader has as much as it may have.
    Waiting,
    /// It was sent, and is missed.
    Missed,
}
