//! Invariant, *always*: nothing is published that was not committed. The truth is what the store holds, so whoever applies
//! such an event shows what never happened.

use std::collections::BTreeSet;

use crate::shop::ids::{EventId, OrderId};
use crate::system::event_store::EventStore;

/// Orders of which the log has told, though nobody has ever placed them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Invented {
    orders: BTreeSet<OrderId>,
}

impl Invented {
    /// Does this event tell of something that did not happen?
    pub fn is_invented(event: EventId, store: &EventStore) -> bool {
        !store.is_committed(event)
    }

    /// Notes an order that copies may have a row about; true when it was not known.
    pub fn note(&mut self, order: OrderId) -> bool {
        self.orders.insert(order)
    }

    /// Has the log told of this order before it was placed?
    pub fn knows(&self, order: OrderId) -> bool {
        self.orders.contains(&order)
    }
}
