//! What can be asked: one order, or a list with filters and a stable sort [seed 004].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CustomerId, OrderId};
use crate::shop::money::Cents;
use crate::shop::order::status::Status;
use crate::system::place::Model;

use super::row::{Fields, Row};

/// A question to one read model. What is left open matches everything.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Query {
    /// One order, from the order view.
    Order {
        /// The order.
        order: OrderId,
    },
    /// Orders, from the order view.
    Orders {
        /// Only those that stand here. Default all.
        #[serde(default)]
        status: Option<Status>,
        /// Only this customer's. Default everybody's.
        #[serde(default)]
        customer: Option<CustomerId>,
        /// In which order. Default by number.
        #[serde(default)]
        sort: OrderSort,
    },
    /// A customer's orders, the latest first, from the customer order history.
    History {
        /// Whose.
        customer: CustomerId,
    },
    /// Products for sale, from the product search.
    Products {
        /// Words, each of which begins a word of the name or the category. Default none.
        #[serde(default)]
        text: String,
        /// Only this category. Default every category.
        #[serde(default)]
        category: Option<String>,
        /// Only what costs at least this. Default no limit.
        #[serde(default)]
        price_min_cents: Option<Cents>,
        /// Only what costs at most this. Default no limit.
        #[serde(default)]
        price_max_cents: Option<Cents>,
        /// Only what is in stock. Default false.
        #[serde(default)]
        in_stock: bool,
        /// In which order. Default by number.
        #[serde(default)]
        sort: ProductSort,
    },
    /// Orders that wait to be shipped, the most urgent first, from the order work queue.
    Work {
        /// Only this team's, from 1. Default every team's.
        #[serde(default)]
        team: Option<u32>,
        /// Only this tenant's, from 1. Default every tenant's.
        #[serde(default)]
        tenant: Option<u32>,
        /// Only what needs care, or only what does not. Default both.
        #[serde(default)]
        sensitive: Option<bool>,
    },
    /// Everything in the order work queue at once, by number: a page has no end.
    Export {
        /// Only this tenant's, from 1. Default every tenant's.
        #[serde(default)]
        tenant: Option<u32>,
    },
    /// One order's page: the order with the names of its customer and its products, from the order view where its rows have
    /// names.
    Page {
        /// The order.
        order: OrderId,
    },
}

/// In which order orders are given. Among equals the lower number comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderSort {
    /// By number.
    #[default]
    Number,
    /// The dearest first.
    Total,
    /// By where they stand.
    Status,
}

/// In which order products are given. Among equals the lower number comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductSort {
    /// By number.
    #[default]
    Number,
    /// The cheapest first.
    Price,
    /// By name.
    Name,
}

/// The models that can be asked.
pub const ASKED: [Model; 4] =
    [Model::OrderView, Model::CustomerOrderHistory, Model::ProductSearch, Model::OrderWorkQueue];

impl Query {
    /// The read model that is asked.
    pub const fn model(&self) -> Model {
        match self {
            Self::Order { .. } | Self::Orders { .. } | Self::Page { .. } => Model::OrderView,
            Self::History { .. } => Model::CustomerOrderHistory,
            Self::Products { .. } => Model::ProductSearch,
            Self::Work { .. } | Self::Export { .. } => Model::OrderWorkQueue,
        }
    }

    /// Are there rules about who may see the answer?
    pub const fn is_guarded(&self) -> bool {
        matches!(self, Self::Work { .. } | Self::Export { .. })
    }

    /// Does it take everything at once?
    pub const fn exports(&self) -> bool {
        matches!(self, Self::Export { .. })
    }

    /// Does it choose rows by which of them need care? What comes back says so then, whatever it shows.
    pub const fn searches_by_sensitivity(&self) -> bool {
        matches!(self, Self::Work { sensitive: Some(_), .. })
    }

    /// The one aggregate that is asked for, if it is one.
    pub fn one(&self) -> Option<Aggregate> {
        match self {
            Self::Order { order } | Self::Page { order } => Some((*order).into()),
            _ => None,
        }
    }

    /// Does this row belong into the answer? Words are not looked at: they are a matter of the index.
    pub fn selects(&self, row: &Row) -> bool {
        match (self, &row.fields) {
            (Self::Order { order } | Self::Page { order }, _) => row.of == Aggregate::Order(*order),
            (Self::Orders { status, customer, .. }, Fields::Order { status: stands, customer: orders, .. }) => {
                status.is_none_or(|wanted| wanted == *stands) && customer.is_none_or(|wanted| Some(wanted) == *orders)
            }
            (Self::History { customer }, Fields::Past { customer: orders, .. }) => Some(*customer) == *orders,
            (
                Self::Products { category: wanted, price_min_cents, price_max_cents, in_stock, .. },
                Fields::Product { category, price, stock, available, .. },
            ) => {
                *available
                    && wanted.as_deref().is_none_or(|wanted| *wanted == **category)
                    && price_min_cents.is_none_or(|least| *price >= least)
                    && price_max_cents.is_none_or(|most| *price <= most)
                    && (!in_stock || *stock > 0)
            }
            (
                Self::Work { team: wanted, tenant: whose, sensitive: care },
                Fields::Work { team, tenant, sensitive, .. },
            ) => {
                wanted.is_none_or(|wanted| wanted == *team)
                    && whose.is_none_or(|whose| whose == *tenant)
                    && (care.is_none() || *care == *sensitive)
            }
            (Self::Export { tenant: whose }, Fields::Work { tenant, .. }) => whose.is_none_or(|whose| whose == *tenant),
            _ => false,
        }
    }
}
