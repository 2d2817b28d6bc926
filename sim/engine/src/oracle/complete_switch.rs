//! Invariant, *always*: a version of a read model that begins to serve has handled every event that the one before it had
//! handled, so nobody who reads after the switch misses what he saw before (MISSION D9).

use crate::shop::ids::EventId;
use crate::system::event_store::EventStore;

use super::watch::Watch;

/// The oldest event that `before` has handled and `now` has not.
pub fn missing(before: &Watch, now: &Watch, store: &EventStore) -> Option<EventId> {
    store.committed().find(|event| before.is_handled(*event) && !now.is_handled(*event))
}
