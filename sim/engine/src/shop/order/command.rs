//! What a client may ask of an order.

use std::sync::Arc;

use crate::shop::command_name::CommandName;
use crate::shop::ids::CustomerId;

use super::event::Line;

/// A command to one order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OrderCommand {
    /// Place a new order.
    CreateOrder {
        /// Who orders.
        customer: CustomerId,
        /// What is ordered, numbered from 1.
        lines: Arc<[Line]>,
    },
    /// Add one line.
    AddItem {
        /// The line; its number is given by the order.
        line: Line,
    },
    /// Take a line out.
    RemoveItem {
        /// The line's number.
        number: u8,
    },
    /// Cancel the order.
    CancelOrder,
    /// The saga has reserved the stock.
    ConfirmOrder,
    /// The saga could not reserve the stock.
    RejectOrder,
    /// Hand the parcel to the carrier.
    ShipOrder,
    /// The parcel has arrived.
    DeliverOrder,
}

impl OrderCommand {
    /// The command's name.
    pub const fn name(&self) -> CommandName {
        match self {
            Self::CreateOrder { .. } => CommandName::CreateOrder,
            Self::AddItem { .. } => CommandName::AddItem,
            Self::RemoveItem { .. } => CommandName::RemoveItem,
            Self::CancelOrder => CommandName::CancelOrder,
            Self::ConfirmOrder => CommandName::ConfirmOrder,
            Self::RejectOrder => CommandName::RejectOrder,
            Self::ShipOrder => CommandName::ShipOrder,
            Self::DeliverOrder => CommandName::DeliverOrder,
        }
    }
}
