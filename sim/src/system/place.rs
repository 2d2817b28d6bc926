//! Where things are: the parts of the system and the read models, by name.

use core::fmt;

use serde::{Deserialize, Serialize};

/// A read model, and with it the projection that keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// One row for each order: a materialised view.
    OrderView,
    /// The shop's figures: an aggregation.
    SalesDashboard,
}

impl Model {
    /// Every read model.
    pub const ALL: [Self; 2] = [Self::OrderView, Self::SalesDashboard];

    /// Its number, for tables with one entry for each model.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Its machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OrderView => "order_view",
            Self::SalesDashboard => "sales_dashboard",
        }
    }
}

impl fmt::Display for Model {
    /// Its name as a sentence wants it: `order view`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OrderView => "order view",
            Self::SalesDashboard => "sales dashboard",
        })
    }
}

/// A part of the system that stands somewhere on the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The clients.
    Shopper,
    /// The command handler of the Order Service.
    Handler,
    /// The write store of the Order Service.
    Orders,
    /// The outbox of the Order Service, with its relay.
    Outbox,
    /// The log broker as a whole: where publications go before they have a partition.
    Broker,
    /// A partition of `order-events`.
    Partition(u8),
    /// An instance of a projection, numbered from 0.
    Projector(Model, u8),
    /// A read model.
    ReadModel(Model),
}
