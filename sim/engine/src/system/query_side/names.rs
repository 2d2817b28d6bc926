//! The names that order rows are denormalised with (MISSION D12): what the projection has heard of customers and products.
//! Each name has its own source with its own versions; there is no version that they share.

use std::sync::Arc;

use crate::kernel::pages::Pages;
use crate::shop::aggregate::Aggregate;
use crate::shop::customer::event::CustomerEvent;
use crate::shop::event::Event;
use crate::shop::ids::{CustomerId, EventId, Version};
use crate::shop::order::event::Line;
use crate::shop::product::event::ProductEvent;

/// The names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Names {
    customers: Pages<Named>,
    products: Pages<Named>,
}

/// A name and where it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Named {
    /// The name; empty while it is not known.
    pub name: Arc<str>,
    /// The newest version of the source that was applied.
    pub version: Version,
    /// The event that was applied last.
    pub last_event: Option<EventId>,
}

impl Names {
    /// What is known of a customer or a product.
    pub fn get(&self, of: Aggregate) -> Option<&Named> {
        match of {
            Aggregate::Customer(customer) => self.customers.get(customer.index()),
            Aggregate::Product(product) => self.products.get(product.index()),
            Aggregate::Order(_) => None,
        }
    }

    fn name(&self, of: Aggregate) -> Arc<str> {
        self.get(of).map(|named| Arc::clone(&named.name)).unwrap_or_default()
    }

    /// A customer's name; empty while it is not known.
    pub fn customer(&self, customer: Option<CustomerId>) -> Arc<str> {
        customer.map(|customer| self.name(customer.into())).unwrap_or_default()
    }

    /// The names of what the lines are about.
    pub fn products(&self, lines: &[Line]) -> Arc<str> {
        let names: Vec<Arc<str>> = lines.iter().map(|line| self.name(line.product.into())).collect();
        names.join(", ").into()
    }

    /// Takes an event in; true when a name has changed.
    pub fn apply(&mut self, event: EventId, of: Aggregate, version: Version, happened: &Event) -> bool {
        let named = match of {
            Aggregate::Customer(customer) => self.customers.entry(customer.index()),
            Aggregate::Product(product) => self.products.entry(product.index()),
            Aggregate::Order(_) => return false,
        };
        named.version = named.version.max(version);
        named.last_event = Some(event);
        match name_in(happened).filter(|name| **name != named.name) {
            Some(name) => {
                named.name = Arc::clone(name);
                true
            }
            None => false,
        }
    }
}

/// The name that an event gives, if it gives one.
fn name_in(happened: &Event) -> Option<&Arc<str>> {
    match happened {
        Event::Customer(CustomerEvent::CustomerRegistered { name, .. } | CustomerEvent::CustomerRenamed { name })
        | Event::Product(ProductEvent::ProductCreated { name, .. } | ProductEvent::ProductRenamed { name }) => {
            Some(name)
        }
        _ => None,
    }
}
