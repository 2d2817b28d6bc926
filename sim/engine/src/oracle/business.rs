//! What the shop promises as a business, whoever reads the log: watched with every event, and once everything is quiet.

use crate::shop::aggregate::Aggregate;
use crate::shop::event::Event;
use crate::shop::ids::{EventId, OrderId, ProductId};
use crate::system::trace::Promise;
use crate::system::world::World;

use super::money;
use super::oversell::Oversell;
use super::price::mischarged;
use super::saga_end::{is_stuck, leaked};
use super::truth::{OrderTruth, ProductTruth, Truth};

/// A promise that is broken, and about what.
pub type Breach = (Promise, Aggregate, EventId);

/// The oracle's notes on the business.
#[derive(Clone, Debug)]
pub struct Business {
    /// What there was of each product, and what was sold.
    pub oversell: Oversell,
}

impl Business {
    /// Notes for orders numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { oversell: Oversell::from_order(first) }
    }

    /// An event was committed. `truth` tells what is true with it.
    pub fn committed(&mut self, event: EventId, world: &World, truth: impl Fn(Aggregate) -> Truth) -> Vec<Breach> {
        // Without owners there is neither a stock nor a price but what the order says.
        if !world.has_owners() {
            return Vec::new();
        }
        let recorded = &world.store().event(event).recorded;
        match (recorded.of, &recorded.event) {
            (Aggregate::Product(product), Event::Product(happened)) => {
                let oversold = self.oversell.product(product, happened);
                oversold.then_some((Promise::NoOversell, recorded.of, event)).into_iter().collect()
            }
            (Aggregate::Order(order), Event::Order(happened)) => {
                let saga = world.options().saga.enabled;
                let status = truth(recorded.of).order().status;
                let oversold = self.oversell.order(order, happened, status, saga);
                let line = mischarged(happened, |line| product_truth(&truth, line.product));
                let price = line.map(|_| (Promise::PriceInForce, recorded.of, event));
                let oversold =
                    oversold.into_iter().map(|product| (Promise::NoOversell, Aggregate::Product(product), event));
                oversold.chain(price).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Everything is quiet: is every saga at its end, and all money where it belongs?
    pub fn conclude(
        world: &World,
        orders: impl Iterator<Item = OrderId>,
        truth: impl Fn(Aggregate) -> Truth,
    ) -> Vec<Breach> {
        if !world.options().saga.enabled {
            return Vec::new();
        }
        let mut breaches = Vec::new();
        for order in orders {
            let now = truth(order.into()).order();
            if money::difference(&now, world.payments().account(order)).0 != 0 {
                breaches.push((Promise::MoneyConserved, order.into(), EventId(0)));
            }
            if is_stuck(order, &now, world.sagas()) {
                breaches.push((Promise::SagasEnd, order.into(), EventId(0)));
            }
        }
        for item in &world.options().workload.products {
            let order = |order: OrderId| -> OrderTruth { truth(order.into()).order() };
            let product = world.owners().products.product(item.product);
            if product.and_then(|product| leaked(product, order)).is_some() {
                breaches.push((Promise::SagasEnd, item.product.into(), EventId(0)));
            }
        }
        breaches
    }
}

fn product_truth(truth: &impl Fn(Aggregate) -> Truth, product: ProductId) -> ProductTruth {
    match truth(product.into()) {
        Truth::Product(truth) => truth,
        Truth::Order(_) | Truth::Customer(_) => ProductTruth::default(),
    }
}
