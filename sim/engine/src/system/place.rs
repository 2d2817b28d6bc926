//! Where things are: the parts of the system, by name.

use bitcode::{Decode, Encode};
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::shop::aggregate::Aggregate;

use super::edges::edge_id::EdgeId;

/// A topic of the log: the events of one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum TopicName {
    /// What the Order Service publishes.
    OrderEvents,
    /// What the Product Service publishes.
    ProductEvents,
    /// What the Customer Service publishes.
    CustomerEvents,
}

impl TopicName {
    /// Every topic.
    pub const ALL: [Self; 3] = [Self::OrderEvents, Self::ProductEvents, Self::CustomerEvents];

    /// The topic that tells of this aggregate.
    pub const fn of(aggregate: Aggregate) -> Self {
        match aggregate {
            Aggregate::Order(_) => Self::OrderEvents,
            Aggregate::Product(_) => Self::ProductEvents,
            Aggregate::Customer(_) => Self::CustomerEvents,
        }
    }

    /// Its number, for tables with one entry for each topic.
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for TopicName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OrderEvents => "order-events",
            Self::ProductEvents => "product-events",
            Self::CustomerEvents => "customer-events",
        })
    }
}

/// A partition of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct PartitionId {
    /// The topic.
    pub topic: TopicName,
    /// Its number within the topic, from 0.
    pub index: u8,
}

impl fmt::Display for PartitionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.topic, self.index)
    }
}

/// A read model, and with it the projection that keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// One row for each order: a materialised view.
    OrderView,
    /// The shop's figures: an aggregation.
    SalesDashboard,
    /// Each customer's orders: a materialised view.
    CustomerOrderHistory,
    /// Products by words: a search index.
    ProductSearch,
    /// How often each product was bought: an aggregation.
    ProductStats,
    /// Orders that wait to be shipped: a materialised view.
    OrderWorkQueue,
}

impl Model {
    /// The read models that every run has.
    pub const ALWAYS: [Self; 2] = [Self::OrderView, Self::SalesDashboard];

    /// Every read model.
    pub const ALL: [Self; 6] = [
        Self::OrderView,
        Self::SalesDashboard,
        Self::CustomerOrderHistory,
        Self::ProductSearch,
        Self::ProductStats,
        Self::OrderWorkQueue,
    ];

    /// Its number, for tables with one entry for each model.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Its machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OrderView => "order_view",
            Self::SalesDashboard => "sales_dashboard",
            Self::CustomerOrderHistory => "customer_order_history",
            Self::ProductSearch => "product_search",
            Self::ProductStats => "product_stats",
            Self::OrderWorkQueue => "order_work_queue",
        }
    }
}

impl fmt::Display for Model {
    /// Its name as a sentence wants it: `order view`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OrderView => "order view",
            Self::SalesDashboard => "sales dashboard",
            Self::CustomerOrderHistory => "customer order history",
            Self::ProductSearch => "product search",
            Self::ProductStats => "product statistics",
            Self::OrderWorkQueue => "order work queue",
        })
    }
}

/// A command-side replica: a local copy of what another service owns, for deciding commands. It is no read model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Replica {
    /// Of the Product Service's products.
    Products,
    /// Of the Customer Service's customers.
    Customers,
}

impl Replica {
    /// Every replica.
    pub const ALL: [Self; 2] = [Self::Products, Self::Customers];

    /// Its number, for tables with one entry for each replica.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Its machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Products => "product_replica",
            Self::Customers => "customer_replica",
        }
    }
}

impl fmt::Display for Replica {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Products => "product replica",
            Self::Customers => "customer replica",
        })
    }
}

/// Whoever follows the log: a consumer group of its own each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Reader {
    /// The projection of a read model, on the query side.
    Projection(Model),
    /// The feed of a replica, on the command side.
    Replica(Replica),
    /// The process manager of placed orders, on the command side.
    Saga,
    /// The projection of a read model's other version, which is built beside the one that serves [seed 001:
    /// `order_views_v2`]. The two places take turns: what is built while this one serves is built in the first.
    Second(Model),
}

impl Reader {
    /// Every reader.
    pub const ALL: [Self; 15] = [
        Self::Projection(Model::OrderView),
        Self::Projection(Model::SalesDashboard),
        Self::Replica(Replica::Products),
        Self::Replica(Replica::Customers),
        Self::Saga,
        Self::Projection(Model::CustomerOrderHistory),
        Self::Projection(Model::ProductSearch),
        Self::Projection(Model::ProductStats),
        Self::Projection(Model::OrderWorkQueue),
        Self::Second(Model::OrderView),
        Self::Second(Model::SalesDashboard),
        Self::Second(Model::CustomerOrderHistory),
        Self::Second(Model::ProductSearch),
        Self::Second(Model::ProductStats),
        Self::Second(Model::OrderWorkQueue),
    ];

    /// Its number, for tables with one entry for each reader.
    pub const fn index(self) -> usize {
        match self {
            Self::Projection(model @ (Model::OrderView | Model::SalesDashboard)) => model.index(),
            Self::Replica(replica) => 2 + replica.index(),
            Self::Saga => 4,
            // Readers that came later stand behind those that were there before.
            Self::Projection(model) => 3 + model.index(),
            Self::Second(model) => 9 + model.index(),
        }
    }

    /// The topics that it follows by default.
    pub const fn topics(self) -> &'static [TopicName] {
        match self {
            Self::Projection(Model::ProductSearch) | Self::Second(Model::ProductSearch) => &[TopicName::ProductEvents],
            Self::Projection(_) | Self::Second(_) => &[TopicName::OrderEvents],
            Self::Replica(Replica::Products) => &[TopicName::ProductEvents],
            Self::Replica(Replica::Customers) => &[TopicName::CustomerEvents],
            Self::Saga => &[TopicName::OrderEvents],
        }
    }

    /// Its machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Projection(model) => model.name(),
            Self::Replica(replica) => replica.name(),
            Self::Saga => "saga",
            Self::Second(Model::OrderView) => "order_view_v2",
            Self::Second(Model::SalesDashboard) => "sales_dashboard_v2",
            Self::Second(Model::CustomerOrderHistory) => "customer_order_history_v2",
            Self::Second(Model::ProductSearch) => "product_search_v2",
            Self::Second(Model::ProductStats) => "product_stats_v2",
            Self::Second(Model::OrderWorkQueue) => "order_work_queue_v2",
        }
    }

    /// The read model that it keeps, if it is one that a run begins with.
    pub const fn model(self) -> Option<Model> {
        match self {
            Self::Projection(model) => Some(model),
            Self::Replica(_) | Self::Saga | Self::Second(_) => None,
        }
    }

    /// The read model of which it keeps a version.
    pub const fn keeps(self) -> Option<Model> {
        match self {
            Self::Projection(model) | Self::Second(model) => Some(model),
            Self::Replica(_) | Self::Saga => None,
        }
    }
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Projection(model) => model.fmt(f),
            Self::Replica(replica) => replica.fmt(f),
            Self::Saga => f.write_str("saga"),
            Self::Second(model) => write!(f, "{model} v2"),
        }
    }
}

/// A service with its own write store and its own outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Service {
    /// Owns the orders.
    Orders,
    /// Owns the products.
    Products,
    /// Owns the customers.
    Customers,
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 3] = [Self::Orders, Self::Products, Self::Customers];

    /// The owner of an aggregate.
    pub const fn of(aggregate: Aggregate) -> Self {
        match aggregate {
            Aggregate::Order(_) => Self::Orders,
            Aggregate::Product(_) => Self::Products,
            Aggregate::Customer(_) => Self::Customers,
        }
    }

    /// Its number, for tables with one entry for each service.
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Orders => "order service",
            Self::Products => "product service",
            Self::Customers => "customer service",
        })
    }
}

/// A part of the system that stands somewhere on the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The clients.
    Shopper,
    /// The shop's own people, who change prices and take goods in.
    BackOffice,
    /// The command handler of the Order Service.
    Handler,
    /// The write store of the Order Service.
    Orders,
    /// The outbox of the Order Service, with its relay.
    Outbox,
    /// The log broker as a whole: where publications go before they have a partition.
    Broker,
    /// A partition of the log.
    Partition(PartitionId),
    /// The queue of a reader, where the broker has queues.
    Queue(Reader),
    /// An instance of a projection, numbered from 0.
    Projector(Model, u8),
    /// A read model.
    ReadModel(Model),
    /// The second version of a read model, with the instances that keep it.
    Second(Model),
    /// The Product Service or the Customer Service: its handler and its store.
    Owner(Service),
    /// The outbox of such a service, with its relay.
    OwnerOutbox(Service),
    /// A command-side replica, with the instance that feeds it.
    Replica(Replica),
    /// The gateway, where it composes commands.
    Gateway,
    /// The saga.
    Saga,
    /// The payment provider, an outside system.
    Payments,
    /// The clients where they ask: the same people, on the query side.
    QueryClients,
    /// The query API.
    QueryApi,
    /// The cache of answers in front of the read models.
    Cache,
    /// A read replica with its copies of the read models, numbered from 1.
    ReadReplica(u8),
    /// An edge server.
    Edge(EdgeId),
}
