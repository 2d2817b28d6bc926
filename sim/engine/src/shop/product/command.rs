//! What can be asked of the Product Service [seed 000].

use std::sync::Arc;

use crate::shop::command_name::CommandName;
use crate::shop::ids::OrderId;
use crate::shop::money::Cents;

/// A command to one product.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProductCommand {
    /// Put it up for sale.
    CreateProduct {
        /// Its name.
        name: Arc<str>,
        /// Its category.
        category: Arc<str>,
        /// The price of one.
        price: Cents,
        /// How many there are.
        stock: u32,
    },
    /// Let it cost something else.
    ChangePrice {
        /// The new price of one.
        price: Cents,
    },
    /// Add to the stock, or take from it.
    AdjustInventory {
        /// How many more; negative for fewer.
        by: i64,
    },
    /// Take it off the market.
    DiscontinueProduct,
    /// Set some aside for an order.
    ReserveStock {
        /// The order.
        order: OrderId,
        /// How many.
        quantity: u32,
    },
    /// Give back what was set aside for an order.
    ReleaseStock {
        /// The order.
        order: OrderId,
    },
    /// Give it another name.
    RenameProduct {
        /// The name.
        name: Arc<str>,
    },
}

impl ProductCommand {
    /// The command's name.
    pub const fn name(&self) -> CommandName {
        match self {
            Self::CreateProduct { .. } => CommandName::CreateProduct,
            Self::ChangePrice { .. } => CommandName::ChangePrice,
            Self::AdjustInventory { .. } => CommandName::AdjustInventory,
            Self::DiscontinueProduct => CommandName::DiscontinueProduct,
            Self::ReserveStock { .. } => CommandName::ReserveStock,
            Self::ReleaseStock { .. } => CommandName::ReleaseStock,
            Self::RenameProduct { .. } => CommandName::RenameProduct,
        }
    }
}
