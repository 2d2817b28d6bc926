//! What has happened in the shop.

use super::aggregate::Aggregate;
use super::customer::event::CustomerEvent;
use super::ids::Version;
use super::order::event::OrderEvent;
use super::product::event::ProductEvent;

/// A fact about one aggregate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// About an order.
    Order(OrderEvent),
    /// About a product.
    Product(ProductEvent),
    /// About a customer.
    Customer(CustomerEvent),
}

impl Event {
    /// The event's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Order(event) => event.name(),
            Self::Product(event) => event.name(),
            Self::Customer(event) => event.name(),
        }
    }

    /// What happened to an order, if it is about one.
    pub const fn order(&self) -> Option<&OrderEvent> {
        match self {
            Self::Order(event) => Some(event),
            Self::Product(_) | Self::Customer(_) => None,
        }
    }

    /// What happened to a product, if it is about one.
    pub const fn product(&self) -> Option<&ProductEvent> {
        match self {
            Self::Product(event) => Some(event),
            Self::Order(_) | Self::Customer(_) => None,
        }
    }

    /// What happened to a customer, if it is about one.
    pub const fn customer(&self) -> Option<&CustomerEvent> {
        match self {
            Self::Customer(event) => Some(event),
            Self::Order(_) | Self::Product(_) => None,
        }
    }
}

/// An event as it travels: whose it is, and the how-manieth of its aggregate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Recorded {
    /// The aggregate.
    pub of: Aggregate,
    /// The aggregate's version after the event, from 1.
    pub version: Version,
    /// What happened.
    pub event: Event,
}
