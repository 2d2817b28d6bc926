//! How events come to look different while a system runs, and what a reader does that was written before.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::time::Micros;
use crate::shop::customer::event::CustomerEvent;
use crate::shop::event::Event;
use crate::shop::order::event::OrderEvent;
use crate::shop::product::event::ProductEvent;

/// From a moment on a service publishes an event in its second schema (MISSION D11) [seeds 000, 004].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SchemaChange {
    /// Which event.
    pub event: ChangedEvent,
    /// From when on: what is committed earlier keeps its first schema.
    pub at: Micros,
}

/// An event that has a second schema, and what is different in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangedEvent {
    /// The price of a line is no longer a number of cents: it is an amount together with its currency.
    OrderCreated,
    /// The same.
    ItemAdded,
    /// The same for a product's price.
    ProductPriceChanged,
    /// The name comes in two parts, a given name and a family name.
    CustomerRenamed,
}

impl ChangedEvent {
    /// Is it this event?
    const fn is(self, event: &Event) -> bool {
        matches!(
            (self, event),
            (Self::OrderCreated, Event::Order(OrderEvent::OrderCreated { .. }))
                | (Self::ItemAdded, Event::Order(OrderEvent::ItemAdded { .. }))
                | (Self::ProductPriceChanged, Event::Product(ProductEvent::ProductPriceChanged { .. }))
                | (Self::CustomerRenamed, Event::Customer(CustomerEvent::CustomerRenamed { .. }))
        )
    }
}

/// Does an event that was committed at this moment have its second schema?
pub fn has_second_schema(changes: &[SchemaChange], event: &Event, committed_at: Micros) -> bool {
    changes.iter().any(|change| change.at <= committed_at && change.event.is(event))
}

/// What a reader does with an event in a schema that it was not written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnNewSchema {
    /// It refuses it: handling fails, however often it is tried, and what follows is up to `dead_letters`. A rebuild from the
    /// committed events leaves it out.
    #[default]
    Refuse,
    /// It takes it for an event that is of no concern to it, and leaves it out.
    Ignore,
    /// It turns it into the first schema when it reads it, and handles it like any other.
    Upcast,
}
