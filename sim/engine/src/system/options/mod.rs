//! Every number and switch of the simulated system: one documented struct for each part.
//!
//! This is what a scenario file's `options` hold and what the bench of the page edits. Every field may be left out; the
//! default is stated with it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::versions::Versions;

mod access;
mod api;
mod broker;
mod command_api;
mod commit;
mod composition;
mod consistency;
mod consumer;
mod dead_letters;
mod detectors;
mod edges;
mod enrichment;
mod network;
mod of_reader;
mod queries;
mod rebuild;
mod saga;
mod scaling;
mod schema;
mod services;
mod workload;

pub use self::access::{Access, RightsFrom};
pub use self::api::{Api, CircuitBreaker, Fallback};
pub use self::broker::{Acks, Broker, BrokerKind, Link, Partitioning, Queue, Topics};
pub use self::command_api::{Answers, CommandApi, Concurrency};
pub use self::commit::{Commit, CommitCrash, DualWriteOrder, EventSourcing, Publish};
pub use self::composition::{Callee, Composition, CutWay, Incomplete};
pub use self::consistency::{Consistency, Contract, SessionLevel, TooOld};
pub use self::consumer::{Checkpoint, CheckpointScope, Consumer, Crash, Idempotency, Sequencing};
pub use self::dead_letters::{DeadLetters, FailurePolicy};
pub use self::detectors::{Bounded, Detectors, Every, OnAlarm, Sample};
pub use self::edges::{EdgeOutage, Edges, Routing};
pub use self::enrichment::{Enriching, Enrichment};
pub use self::network::{Cut, Network, Outage};
pub use self::queries::{Mix, PAGE_SIZE, Queries, QueryApi, QueryStream, ReadAfterWrite, ScriptedQuery, Walk};
pub use self::rebuild::{Bug, Rebuild, RebuildSource, RebuildWhere, SwitchWhen};
pub use self::saga::Saga;
pub use self::scaling::{Balancer, Cache, ReadReplicas};
pub use self::schema::{ChangedEvent, OnNewSchema, SchemaChange, has_second_schema};
pub use self::services::{DataAccess, OrderService, OwnerService, ReplicaStart, Replicas, StaleRow};
pub use self::workload::{Act, BackOffice, CatalogueCustomer, CatalogueProduct, Item, Scripted, Workload};

/// All options of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
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
    /// The process manager of placed orders.
    pub saga: Saga,
    /// The network: links that are cut, and outages of the broker.
    pub network: Network,
    /// Events that are published in a second schema from some moment on, at most 10. Stays as the run began. Default none.
    #[schemars(length(max = 10))]
    pub schema_changes: Vec<SchemaChange>,
    /// Those who ask, and the API that answers.
    pub queries: Queries,
}

impl Options {
    /// Takes over from `begun` what a run is laid out for, which acts only when it is played anew: the broker's kind, the
    /// partitions, the way to commit, the numbers of the orders, the script, the catalogue, and what the parts say themselves.
    pub fn keep_layout(&mut self, begun: &Self) {
        self.broker.partitions = begun.broker.partitions;
        self.broker.kind = begun.broker.kind;
        self.order_service.commit = begun.order_service.commit;
        self.workload.first_order = begun.workload.first_order;
        self.workload.script.clone_from(&begun.workload.script);
        self.workload.products.clone_from(&begun.workload.products);
        self.workload.customers.clone_from(&begun.workload.customers);
        self.queries.keep_script(&begun.queries);
        self.projections.keep_layout(&begun.projections);
        self.schema_changes.clone_from(&begun.schema_changes);
    }
}

/// One projection for each read model. Each is a consumer group of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Projections {
    /// The projection that keeps the order view.
    pub order_view: Consumer,
    /// The projection that keeps the sales dashboard.
    pub sales_dashboard: Consumer,
    /// The projection that keeps each customer's order history. Takes part only if named.
    pub customer_order_history: Consumer,
    /// The projection that keeps the product search. Takes part only if named.
    pub product_search: Consumer,
    /// The projection that keeps the product statistics. Takes part only if named.
    pub product_stats: Consumer,
    /// The projection that keeps the order work queue. Takes part only if named.
    pub order_work_queue: Consumer,
    /// Which version of each model serves, and how far the others are. Not part of a scenario: a run makes it.
    #[serde(skip)]
    pub versions: Versions,
}

impl Default for Projections {
    fn default() -> Self {
        let absent = Consumer { enabled: false, ..Consumer::default() };
        Self {
            order_view: Consumer::default(),
            sales_dashboard: Consumer::default(),
            customer_order_history: absent.clone(),
            product_search: absent.clone(),
            product_stats: absent.clone(),
            order_work_queue: absent,
            versions: Versions::default(),
        }
    }
}

impl Projections {
    /// The options of every projection.
    pub const fn all_mut(&mut self) -> [&mut Consumer; 6] {
        [
            &mut self.order_view,
            &mut self.sales_dashboard,
            &mut self.customer_order_history,
            &mut self.product_search,
            &mut self.product_stats,
            &mut self.order_work_queue,
        ]
    }

    /// Takes over from `begun` what a run is laid out for: which models are written in the command's transaction, and which
    /// sources they have.
    pub fn keep_layout(&mut self, begun: &Self) {
        let mut begun = begun.clone();
        self.versions = begun.versions;
        for (here, there) in self.all_mut().into_iter().zip(begun.all_mut()) {
            here.synchronous = there.synchronous;
            here.names = there.names;
            // Whoever joins a transaction later would never learn of what was before.
            here.enabled = if there.synchronous { there.enabled } else { here.enabled };
        }
    }
}
