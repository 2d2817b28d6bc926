//! What can be asked of the shop.

use super::command_name::CommandName;
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
