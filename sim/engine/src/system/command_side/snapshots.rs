//! Orders that are kept as their events alone (event sourcing): folded when a command needs one, from the last snapshot on.

use crate::shop::event::Event;
use crate::shop::ids::{OrderId, Version};
use crate::shop::order::Order;
use crate::system::by_order::ByOrder;
use crate::system::event_store::EventStore;

/// The last snapshot of each order that has one.
#[derive(Clone, Debug)]
pub struct Snapshots {
    orders: ByOrder<Order>,
}

impl Snapshots {
    /// No snapshots yet, of orders numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { orders: ByOrder::from_order(first) }
    }

    /// An order as its snapshot and the events since then tell.
    pub fn fold(&self, order: OrderId, store: &EventStore) -> Order {
        let mut state = self.orders.get(order).cloned().unwrap_or_default();
        let mut since: Vec<&Event> = store
            .stream_backwards(order.into())
            .map(|(_, committed)| &committed.recorded)
            .take_while(|recorded| recorded.version > state.version)
            .map(|recorded| &recorded.event)
            .collect();
        since.reverse();
        for event in since.into_iter().filter_map(Event::order) {
            state.apply(event);
        }
        state
    }

    /// How many events lie behind the snapshot.
    pub fn events_to_fold(&self, order: OrderId, store: &EventStore) -> u32 {
        let newest = store.stream_backwards(order.into()).next();
        newest.map_or(0, |(_, committed)| committed.recorded.version - self.version(order))
    }

    /// An order has a new event: with every `every`th one, what it has come to is saved too.
    pub fn note(&mut self, order: OrderId, state: Order, every: Option<u32>) {
        if every.is_some_and(|every| state.version - self.version(order) >= every) {
            *self.orders.entry(order) = state;
        }
    }

    fn version(&self, order: OrderId) -> Version {
        self.orders.get(order).map_or(0, |snapshot| snapshot.version)
    }
}
