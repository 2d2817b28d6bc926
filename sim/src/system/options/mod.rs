//! Every number and switch of the simulated system: one documented struct for each part.
//!
//! This is what a scenario file's `options` hold and what the bench of the page edits. Every field may be left out; the
//! default is stated with it.

use serde::{Deserialize, Serialize};

mod broker;
mod consumer;
mod dead_letters;
mod network;
mod services;
mod workload;

pub use self::broker::{Acks, Broker, BrokerKind, Link, Partitioning, Queue, Topics};
pub use self::consumer::{Checkpoint, CheckpointScope, Consumer, Crash, Idempotency, Sequencing};
pub use self::dead_letters::{DeadLetters, FailurePolicy};
pub use self::network::{Cut, Network, Outage};
pub use self::services::{DataAccess, OrderService, OwnerService, ReplicaStart, Replicas, StaleRow};
pub use self::workload::{Act, BackOffice, CatalogueCustomer, CatalogueProduct, Item, Scripted, Workload};

/// All options of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// What the clients do.
    pub workload: Workload,
    /// The service that owns the orders.
    pub order_service: OrderService,
    /// The service that owns the products.
    pub product_service: OwnerService,
    /// The service that owns the customers.
    pub customer_service: OwnerService,
    /// The Order Service's local copies of what the other two own.
    pub replicas: Replicas,
    /// The log between the two sides.
    pub broker: Broker,
    /// The query side: one projection for each read model.
    pub projections: Projections,
    /// The network: links that are cut, and outages of the broker.
    pub network: Network,
}

/// One projection for each read model. Each is a consumer group of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Projections {
    /// The projection that keeps the order view.
    pub order_view: Consumer,
    /// The projection that keeps the sales dashboard.
    pub sales_dashboard: Consumer,
}
