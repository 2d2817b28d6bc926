//! The run in words: one line for each thing that happened.

use crate::kernel::time::Micros;
use crate::shop::ids::{EventId, OrderId};

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When.
    pub at: Micros,
    /// The number of events processed up to and with it: seek here to see it.
    pub step: u64,
    /// What happened, such as `projection order-view skipped e7: already processed`.
    pub text: String,
    /// What kind of thing it is.
    pub tone: Tone,
    /// The order that it is about, if any.
    pub order: Option<OrderId>,
    /// The event that it is about, if any.
    pub event: Option<EventId>,
}

/// What kind of thing a line tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// The command side.
    Command,
    /// The log and the links.
    Event,
    /// The query side.
    Read,
    /// A fault: loss, duplicate, overtaking, crash.
    Fault,
    /// A protection at work: skipped, held back.
    Guard,
    /// A broken promise.
    Broken,
}
