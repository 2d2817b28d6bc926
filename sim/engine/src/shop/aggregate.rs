//! What a command or an event is about: one order, one product or one customer.

use bitcode::{Decode, Encode};
use core::fmt;
use core::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::ids::{CustomerId, OrderId, ProductId};

/// The name of an aggregate, written `O-3`, `P-100` or `C-123`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Aggregate {
    /// An order of the Order Service.
    Order(OrderId),
    /// A product of the Product Service.
    Product(ProductId),
    /// A customer of the Customer Service.
    Customer(CustomerId),
}

impl Aggregate {
    /// The order, if it is one.
    pub const fn order(self) -> Option<OrderId> {
        match self {
            Self::Order(order) => Some(order),
            Self::Product(_) | Self::Customer(_) => None,
        }
    }

    /// The number in its name.
    pub const fn number(self) -> u32 {
        match self {
            Self::Order(order) => order.0,
            Self::Product(product) => product.0,
            Self::Customer(customer) => customer.0,
        }
    }
}

impl fmt::Display for Aggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order(order) => order.fmt(f),
            Self::Product(product) => product.fmt(f),
            Self::Customer(customer) => customer.fmt(f),
        }
    }
}

impl JsonSchema for Aggregate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Aggregate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The name of an order, a product or a customer, such as \"O-900\", \"P-100\" or \"C-123\".",
            "type": "string",
            "pattern": "^[OPC]-\\+?[0-9]{1,10}$",
        })
    }
}

impl FromStr for Aggregate {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let order = text.parse().map(Self::Order);
        let product = || text.parse().map(Self::Product);
        let customer = || text.parse().map(Self::Customer);
        order.or_else(|()| product()).or_else(|()| customer())
    }
}

impl From<OrderId> for Aggregate {
    fn from(order: OrderId) -> Self {
        Self::Order(order)
    }
}

impl From<ProductId> for Aggregate {
    fn from(product: ProductId) -> Self {
        Self::Product(product)
    }
}

impl From<CustomerId> for Aggregate {
    fn from(customer: CustomerId) -> Self {
        Self::Customer(customer)
    }
}
