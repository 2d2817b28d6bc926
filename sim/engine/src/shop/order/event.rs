//! What has happened to an order.

use std::sync::Arc;

use crate::shop::ids::{CustomerId, ProductId};
use crate::shop::money::Cents;

/// One line of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    /// Its number within the order, from 1 in the order in which lines were added; never used again.
    pub number: u8,
    /// The product.
    pub product: ProductId,
    /// How many.
    pub quantity: u32,
    /// The price of one when it was ordered.
    pub price: Cents,
}

impl Line {
    /// What the line costs.
    pub fn total(&self) -> Cents {
        self.price * i64::from(self.quantity)
    }
}

/// A fact about one order. Events carry what changed, not the whole order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OrderEvent {
    /// The order was placed.
    OrderCreated {
        /// Who ordered.
        customer: CustomerId,
        /// What was ordered.
        lines: Arc<[Line]>,
        /// What it costs.
        total: Cents,
    },
    /// A line was added.
    ItemAdded {
        /// The line.
        line: Line,
    },
    /// A line was taken out.
    ItemRemoved {
        /// The line as it was.
        line: Line,
    },
    /// The customer cancelled. Carries what no longer counts, so that a sum can be put right.
    OrderCancelled {
        /// Units in the order.
        units: i64,
        /// Its total.
        total: Cents,
    },
    /// The stock is reserved.
    OrderConfirmed,
    /// The stock could not be reserved. Carries what no longer counts.
    OrderRejected {
        /// Units in the order.
        units: i64,
        /// Its total.
        total: Cents,
    },
    /// The parcel was handed to the carrier.
    OrderShipped,
    /// The parcel arrived.
    OrderDelivered,
}

impl OrderEvent {
    /// The event's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OrderCreated { .. } => "OrderCreated",
            Self::ItemAdded { .. } => "ItemAdded",
            Self::ItemRemoved { .. } => "ItemRemoved",
            Self::OrderCancelled { .. } => "OrderCancelled",
            Self::OrderConfirmed => "OrderConfirmed",
            Self::OrderRejected { .. } => "OrderRejected",
            Self::OrderShipped => "OrderShipped",
            Self::OrderDelivered => "OrderDelivered",
        }
    }
}
