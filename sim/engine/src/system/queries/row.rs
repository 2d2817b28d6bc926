//! Rows of answers: what a client gets to see, whoever has kept it.

use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CustomerId, Version};
use crate::shop::money::Cents;
use crate::shop::order::status::Status;

use super::question::{OrderSort, ProductSort, Query};

/// One row of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    /// The order or the product that it is about.
    pub of: Aggregate,
    /// The newest version that whoever answered knows of it.
    pub version: Version,
    /// What it says.
    pub fields: Fields,
}

/// What rows say, by the read model that they come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fields {
    /// A row of the order view.
    Order {
        /// Who ordered, once that is known.
        customer: Option<CustomerId>,
        /// Where it stands.
        status: Status,
        /// How many units.
        quantity: i64,
        /// What they cost.
        total: Cents,
    },
    /// A row of the customer order history.
    Past {
        /// Whose it is, once that is known.
        customer: Option<CustomerId>,
        /// When it was placed, once that is known.
        placed_at: Option<Micros>,
        /// What it costs.
        total: Cents,
        /// Where it stands.
        status: Status,
    },
    /// A row of the product search.
    Product {
        /// Its name.
        name: Arc<str>,
        /// Its category.
        category: Arc<str>,
        /// The price of one.
        price: Cents,
        /// How many there are.
        stock: u32,
        /// Is it for sale?
        available: bool,
    },
    /// A row of the order work queue.
    Work {
        /// Which team does it.
        team: u32,
        /// Whose it is.
        tenant: u32,
        /// Does it need care? None where that is not for the asker.
        sensitive: Option<bool>,
        /// By when.
        due: Micros,
    },
    /// The page of an order.
    Page {
        /// Who ordered, once that is known.
        customer: Option<CustomerId>,
        /// Where it stands.
        status: Status,
        /// How many units.
        quantity: i64,
        /// What they cost.
        total: Cents,
        /// The customer's name, empty where it is not known; none where the page says that it is missing.
        customer_name: Option<Arc<str>>,
        /// The names of what was ordered, likewise.
        product_names: Option<Arc<str>>,
    },
}

impl Fields {
    /// Who ordered, where the row says so.
    pub const fn customer(&self) -> Option<CustomerId> {
        match self {
            Self::Order { customer, .. } | Self::Past { customer, .. } | Self::Page { customer, .. } => *customer,
            Self::Product { .. } | Self::Work { .. } => None,
        }
    }
}

/// Where a row stands in a sorted list: by what is sorted, and then by number, so that no two rows share a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    value: KeyValue,
    number: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum KeyValue {
    Number(i64),
    Text(Arc<str>),
}

impl Row {
    /// Its place in the list that a query asks for.
    pub fn key(&self, query: &Query) -> Key {
        let value = match (query, &self.fields) {
            (Query::Orders { sort: OrderSort::Total, .. }, Fields::Order { total, .. }) => number(-total.0),
            (Query::Orders { sort: OrderSort::Status, .. }, Fields::Order { status, .. }) => number(*status as i64),
            (Query::History { .. }, Fields::Past { placed_at, .. }) => number(-moment(placed_at.unwrap_or_default())),
            (Query::Products { sort: ProductSort::Price, .. }, Fields::Product { price, .. }) => number(price.0),
            (Query::Products { sort: ProductSort::Name, .. }, Fields::Product { name, .. }) => {
                KeyValue::Text(Arc::clone(name))
            }
            (Query::Work { .. }, Fields::Work { due, .. }) => number(moment(*due)),
            _ => number(0),
        };
        Key { value, number: self.of.number() }
    }
}

const fn number(value: i64) -> KeyValue {
    KeyValue::Number(value)
}

fn moment(at: Micros) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}
