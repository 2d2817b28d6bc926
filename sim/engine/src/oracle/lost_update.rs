//! Invariant, *always*: no update is lost. Every row of a write store is the fold of its committed events, and an event that
//! says how many there are now was decided on what there was [seed 004].

use std::collections::BTreeSet;

use crate::shop::aggregate::Aggregate;
use crate::shop::event::Event;
use crate::shop::ids::{CommandId, EventId, Version};
use crate::shop::product::event::ProductEvent;
use crate::system::event_store::EventStore;
use crate::system::world::World;

use super::truth::{CustomerTruth, OrderTruth, ProductTruth, Truth};

/// The oracle's notes on rows that were written over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LostUpdates {
    /// The command that writes over something next, and the version on which it was decided.
    decided_on: Option<(CommandId, Version)>,
    /// The rows that have lost something.
    of: BTreeSet<Aggregate>,
}

impl LostUpdates {
    /// A handler is about to write over a row that has changed since it read it.
    pub const fn writes_over(&mut self, command: CommandId, read: Version) {
        self.decided_on = Some((command, read));
    }

    /// An event was committed. True when something is lost with it; `truth` is what is true with it.
    pub fn committed(&mut self, event: EventId, of: Aggregate, world: &World, truth: &Truth) -> bool {
        let cause = world.store().event(event).cause;
        // A command that crashes before its write has written over nothing.
        let Some((_, read)) = self.decided_on.take().filter(|(command, _)| *command == cause) else { return false };
        let lost = forgets_stock(event, of, read, world.store()) || !is_fold(of, world, truth);
        if lost {
            self.of.insert(of);
        }
        lost
    }

    /// The rows among these that are not the fold of their events, though no write was seen to lose anything.
    pub fn unseen(&self, all: Vec<Aggregate>, world: &World, truth: impl Fn(Aggregate) -> Truth) -> Vec<Aggregate> {
        all.into_iter().filter(|of| !self.of.contains(of) && !is_fold(*of, world, &truth(*of))).collect()
    }
}

/// Does the event say what there is, without regard to an event that said so since the version that it was decided on?
fn forgets_stock(event: EventId, of: Aggregate, read: Version, store: &EventStore) -> bool {
    if !says_stock(&store.event(event).recorded.event) {
        return false;
    }
    let before = store.stream_backwards(of).skip_while(|(id, _)| *id >= event);
    let mut between = before.take_while(|(_, committed)| committed.recorded.version > read);
    between.any(|(_, committed)| says_stock(&committed.recorded.event))
}

const fn says_stock(event: &Event) -> bool {
    matches!(
        event,
        Event::Product(
            ProductEvent::InventoryUpdated { .. }
                | ProductEvent::StockReserved { .. }
                | ProductEvent::StockReleased { .. }
        )
    )
}

/// Is the row of the write store what its events make of it?
fn is_fold(of: Aggregate, world: &World, truth: &Truth) -> bool {
    match (of, truth) {
        (Aggregate::Order(order), Truth::Order(truth)) => {
            let row = world.order_service().load(order, world.store(), world.options());
            let shown = Some(row).filter(|row| row.version > 0).map_or_else(OrderTruth::default, |row| OrderTruth {
                exists: true,
                customer: Some(row.customer),
                quantity: row.units(),
                total: row.total(),
                status: row.status,
            });
            shown == *truth
        }
        (Aggregate::Product(product), Truth::Product(truth)) => {
            let row = world.owners().products.product(product);
            let shown = row.map_or_else(ProductTruth::default, |row| ProductTruth {
                exists: true,
                price: row.price,
                stock: row.stock,
                available: !row.discontinued,
                name: row.name.clone(),
                category: row.category.clone(),
            });
            shown == *truth
        }
        (Aggregate::Customer(customer), Truth::Customer(truth)) => {
            let row = world.owners().customers.customer(customer);
            let shown = row.map_or_else(CustomerTruth::default, |row| CustomerTruth {
                exists: true,
                active: !row.suspended,
                membership: row.membership,
                credit_limit: row.credit_limit,
                name: row.name.clone(),
                rights: row.rights,
            });
            shown == *truth
        }
        // Nothing has happened to it.
        _ => true,
    }
}
