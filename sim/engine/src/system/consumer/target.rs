//! What a follower keeps: the one thing in which read models and replicas differ.

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::event::Recorded;
use crate::shop::ids::{CommandId, EventId, Version};

/// An event that is being applied.
#[derive(Clone, Copy, Debug)]
pub struct Applying<'a> {
    /// The event.
    pub event: EventId,
    /// Whose it is, and what it says.
    pub recorded: &'a Recorded,
    /// Are rows replaced by key rather than added to?
    pub upsert: bool,
    /// The moment.
    pub now: Micros,
    /// When the event was committed: events carry their date.
    pub committed_at: Micros,
    /// The command with which the story began that it is a part of: events carry that, too.
    pub correlation: CommandId,
}

/// A table that events are applied to.
pub trait Target {
    /// The newest version, of whichever source, on the row that events of this aggregate go to.
    fn row_version(&self, of: Aggregate) -> Version;

    /// The event that was applied last to the row that events of this aggregate go to.
    fn last_event(&self, of: Aggregate) -> Option<EventId>;

    /// Applies an event; true when something has changed that a reader sees.
    fn apply(&mut self, applying: Applying<'_>) -> bool;

    /// Writes the row anew from the events that are known of its aggregate, oldest first, the one being applied included.
    fn refold(&mut self, applying: Applying<'_>, history: &[(EventId, &Recorded)]) -> bool;
}
