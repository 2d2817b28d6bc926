//! What can be asked of the shop.

use bitcode::{Decode, Encode};
use core::fmt;

use super::customer::command::CustomerCommand;
use super::order::command::OrderCommand;
use super::product::command::ProductCommand;

/// A command to one aggregate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// To the Order Service.
    Order(OrderCommand),
    /// To the Product Service.
    Product(ProductCommand),
    /// To the Customer Service.
    Customer(CustomerCommand),
}

impl Command {
    /// The command's name.
    pub const fn name(&self) -> CommandName {
        match self {
            Self::Order(command) => command.name(),
            Self::Product(command) => command.name(),
            Self::Customer(command) => command.name(),
        }
    }
}

/// The name of a command, without what it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[expect(
    missing_docs,
    reason = "they are the names of the commands of the three services, and of the payment provider"
)]
pub enum CommandName {
    CreateOrder,
    AddItem,
    RemoveItem,
    CancelOrder,
    ConfirmOrder,
    RejectOrder,
    ShipOrder,
    DeliverOrder,
    CreateProduct,
    ChangePrice,
    AdjustInventory,
    DiscontinueProduct,
    ReserveStock,
    ReleaseStock,
    RegisterCustomer,
    SuspendCustomer,
    ReactivateCustomer,
    ChangeMembership,
    ChangeCreditLimit,
    ChargePayment,
    RefundPayment,
    RenameProduct,
    RenameCustomer,
    GrantRights,
    RevokeRights,
}

impl fmt::Display for CommandName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
