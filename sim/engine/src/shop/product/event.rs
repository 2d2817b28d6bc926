//! What has happened to a product [seed 000].

use std::sync::Arc;

use crate::shop::ids::OrderId;
use crate::shop::money::Cents;

/// A fact about one product.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProductEvent {
    /// The product is for sale.
    ProductCreated {
        /// Its name.
        name: Arc<str>,
        /// Its category.
        category: Arc<str>,
        /// The price of one.
        price: Cents,
        /// How many there are.
        stock: u32,
    },
    /// It costs something else now.
    ProductPriceChanged {
        /// The new price of one.
        price: Cents,
    },
    /// There are more or fewer of it now.
    InventoryUpdated {
        /// How many there are now.
        stock: u32,
    },
    /// It is no longer for sale.
    ProductDiscontinued,
    /// Some were set aside for an order.
    StockReserved {
        /// The order.
        order: OrderId,
        /// How many.
        quantity: u32,
        /// How many are left.
        stock: u32,
    },
    /// There were not enough for an order.
    StockReservationFailed {
        /// The order.
        order: OrderId,
        /// How many it wanted.
        quantity: u32,
        /// How many there are.
        stock: u32,
    },
    /// What was set aside for an order is free again.
    StockReleased {
        /// The order.
        order: OrderId,
        /// How many.
        quantity: u32,
        /// How many there are now.
        stock: u32,
    },
    /// It has another name now.
    ProductRenamed {
        /// The name.
        name: Arc<str>,
    },
}

impl ProductEvent {
    /// The event's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ProductCreated { .. } => "ProductCreated",
            Self::ProductPriceChanged { .. } => "ProductPriceChanged",
            Self::InventoryUpdated { .. } => "InventoryUpdated",
            Self::ProductDiscontinued => "ProductDiscontinued",
            Self::StockReserved { .. } => "StockReserved",
            Self::StockReservationFailed { .. } => "StockReservationFailed",
            Self::StockReleased { .. } => "StockReleased",
            Self::ProductRenamed { .. } => "ProductRenamed",
        }
    }
}
