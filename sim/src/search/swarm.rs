//! Swarm testing: the number picks which faults and which options a run has, so that every mixture gets its turn.
//!
//! Every scenario has a small shop with readers that protect themselves more or less; `features` adds the rest of the system,
//! a few parts at a time. An option that is named in neither stays at its default.
#![allow(clippy::needless_update, reason = "an option that is added elsewhere must not break this")]

use crate::kernel::distribution::Distribution;
use crate::kernel::time::Micros;
use crate::scenario::recording::Scenario;
use crate::shop::customer::membership::Membership;
use crate::shop::ids::{CustomerId, OrderId, ProductId};
use crate::shop::money::Cents;
use crate::system::fate::{CrashPoint, Fate, Hop, Override, Purpose, Subject};
use crate::system::options::{
    Acks, Act, BackOffice, Broker, Bug, CatalogueCustomer, CatalogueProduct, Checkpoint, CheckpointScope, Consumer,
    Crash, DataAccess, DeadLetters, Idempotency, Item, Link, OnNewSchema, Options, OrderService, OwnerService,
    Partitioning, Projections, RebuildSource, RebuildWhere, ReplicaStart, Replicas, Scripted, Sequencing, StaleRow,
    SwitchWhen, Workload,
};

use super::chance::Chance;

mod asking;
mod commanding;
mod commit;
pub mod features;
mod questions;
mod watching;

/// The scenario of this number: small enough to run in a millisecond or so, and sound.
pub fn scenario(number: u64) -> Scenario {
    let mut scenario = plain(number);
    features::add(&mut scenario.options, number);
    scenario
}

/// The same without any of the features.
pub fn plain(number: u64) -> Scenario {
    let chance = &mut Chance::of(number);
    let options = options(chance);
    let overrides = (0..chance.within(0, 3)).map(|_| replaced_fate(chance)).collect();
    Scenario {
        name: format!("swarm {number}"),
        seed: u64::from(chance.within(0, u32::MAX)),
        options,
        overrides,
        ..Scenario::default()
    }
}

/// The promises that no protection of a reader keeps: the business keeps its own by how orders are decided, and the query API
/// by whom it answers what.
pub const NOT_BY_READERS: [&str; 8] = [
    "no_oversell",
    "price_in_force",
    "money_conserved",
    "sagas_end",
    "nothing_forbidden_shown",
    "read_your_writes",
    "monotonic_reads",
    "staleness_within_bound",
];

/// The same with every protection on, against every fault but the loss of what nobody sends again. All of its promises are
/// to be kept but [`NOT_BY_READERS`].
pub fn protected(mut scenario: Scenario) -> Scenario {
    let options = &mut scenario.options;
    options.broker.acks = Acks::All;
    commit::protect(&mut options.order_service);
    commanding::protect(&mut options.order_service);
    // Following from now on, or past a hole, loses events for good; no protection of a reader can bring them back.
    if matches!(options.replicas.start, ReplicaStart::FromNow | ReplicaStart::SnapshotWithHole) {
        options.replicas.start = ReplicaStart::Snapshot;
    }
    // What is deleted before it is read, or put aside until somebody replays it, no protection of a reader brings back.
    options.broker.retention = None;
    options.broker.queue.receive_max = 1_000;
    // A wait for acknowledgements that is shorter than handling takes hands the same message out again and again.
    options.broker.queue.visibility = options.broker.queue.visibility.max(Micros::from_secs(10));
    options.saga.idempotency_key = true;
    for consumer in consumers(options) {
        consumer.dead_letters = DeadLetters::default();
        consumer.schema = OnNewSchema::Upcast;
        consumer.bug = Bug::None;
        watching::protect(consumer);
        // A log that has deleted the history, or a queue that never had one, is not mended by a reader; and who reads
        // rows while they are made anew, or what was switched to without being equal, takes what comes.
        if let Some(rebuild) = &mut consumer.rebuild {
            rebuild.place = RebuildWhere::Beside;
            rebuild.source = RebuildSource::EventStore;
            rebuild.switch = SwitchWhen::IfEqual;
            rebuild.with = None;
        }
        consumer.idempotency = Idempotency::ProcessedEvents;
        consumer.remember = 0;
        consumer.sequencing = Sequencing::GapBuffer;
        consumer.checkpoint = Checkpoint::WithEffect;
        consumer.checkpoint_scope = CheckpointScope::Partition;
    }
    scenario
}

/// Every consumer of the log.
fn consumers(options: &mut Options) -> impl Iterator<Item = &mut Consumer> {
    let Options { projections, replicas, saga, .. } = options;
    let others = [&mut replicas.products, &mut replicas.customers, &mut saga.consumer];
    projections.all_mut().into_iter().chain(others)
}

fn options(chance: &mut Chance) -> Options {
    Options {
        workload: workload(chance),
        order_service: OrderService {
            client_delay: span(chance),
            service: span(chance),
            relay_delay: span(chance),
            data_access: chance.one_of(&[DataAccess::Command, DataAccess::Replica, DataAccess::SharedDatabase]),
            staleness_bound: chance.once_in(3).then(|| chance.millis(0, 2_000)),
            stale_row: chance.one_of(&[StaleRow::Refuse, StaleRow::AskTheSource]),
            shared_read: span(chance),
            ..OrderService::default()
        },
        product_service: OwnerService { service: span(chance), relay_delay: span(chance), ..OwnerService::default() },
        customer_service: OwnerService { service: span(chance), relay_delay: span(chance), ..OwnerService::default() },
        replicas: Replicas {
            products: consumer(chance),
            customers: consumer(chance),
            start: chance.one_of(&[
                ReplicaStart::Snapshot,
                ReplicaStart::Replay,
                ReplicaStart::FromNow,
                ReplicaStart::SnapshotWithHole,
                ReplicaStart::SnapshotWithOverlap,
            ]),
            ..Replicas::default()
        },
        broker: Broker {
            partitions: small(chance, 1, 5),
            partitioning: chance.one_of(&[Partitioning::Key, Partitioning::RoundRobin]),
            acks: chance.one_of(&[Acks::All, Acks::None]),
            resend_after: chance.millis(1, 500),
            publish: link(chance),
            ..Broker::default()
        },
        projections: Projections {
            order_view: consumer(chance),
            sales_dashboard: consumer(chance),
            ..Projections::default()
        },
        ..Options::default()
    }
}

fn workload(chance: &mut Chance) -> Workload {
    let products: Vec<CatalogueProduct> = (0..chance.within(0, 3)).map(|n| product(n, chance)).collect();
    let customers: Vec<CatalogueCustomer> = (0..chance.within(0, 3)).map(|n| customer(n, chance)).collect();
    let script = (0..chance.within(0, 5)).map(|_| scripted(chance)).collect();
    let gap =
        |chance: &mut Chance| chance.once_in(2).then(|| Distribution::Exponential { mean: chance.millis(20, 300) });
    Workload {
        orders: chance.within(0, 20),
        first_order: chance.within(1, 50),
        gap: Distribution::Exponential { mean: chance.millis(1, 60) },
        lines_max: small(chance, 1, 4),
        think: Distribution::Lognormal { median: chance.millis(1, 100), p95: chance.millis(100, 300) },
        script,
        products,
        customers,
        back_office: BackOffice { price_gap: gap(chance), restock_gap: gap(chance), until: chance.millis(0, 1_500) },
        heal_after: chance.millis(0, 3_000),
        ..Workload::default()
    }
}

fn product(n: u32, chance: &mut Chance) -> CatalogueProduct {
    CatalogueProduct {
        product: ProductId(100 + n),
        name: format!("product {n}"),
        category: if n == 0 { String::new() } else { format!("category {n}") },
        price_cents: Cents(i64::from(chance.within(1, 10_000))),
        stock: chance.within(0, 50),
    }
}

fn customer(n: u32, chance: &mut Chance) -> CatalogueCustomer {
    CatalogueCustomer {
        customer: CustomerId(100 + n),
        name: format!("customer {n}"),
        membership: chance.one_of(&[Membership::Standard, Membership::Credit]),
        credit_limit_cents: Cents(i64::from(chance.within(0, 100_000))),
    }
}

fn scripted(chance: &mut Chance) -> Scripted {
    let at = chance.millis(0, 1_000);
    let item = Item {
        product: ProductId(100 + chance.within(0, 3)),
        quantity: chance.within(0, 5),
        price_cents: Cents(i64::from(chance.within(0, 9_000))),
    };
    let (order, product, customer) =
        (OrderId(chance.within(1, 60)), ProductId(100 + chance.within(0, 3)), CustomerId(100 + chance.within(0, 3)));
    let (to, act) = match chance.below(11) {
        0 => (order.into(), Act::CreateOrder { customer, items: vec![item; chance.below(4)] }),
        1 => (order.into(), Act::AddItem { item }),
        2 => (order.into(), Act::RemoveItem { line: small(chance, 0, 4) }),
        3 => (order.into(), Act::CancelOrder),
        4 => (order.into(), Act::ShipOrder),
        5 => (order.into(), Act::DeliverOrder),
        6 => (product.into(), Act::ChangePrice { price_cents: item.price_cents }),
        7 => (product.into(), Act::AdjustInventory { by: i64::from(item.quantity) - 3 }),
        8 => (product.into(), Act::DiscontinueProduct),
        9 => (customer.into(), Act::SuspendCustomer),
        _ => {
            let membership = if item.quantity > 2 { Membership::Standard } else { Membership::Credit };
            (customer.into(), Act::ChangeMembership { membership })
        }
    };
    Scripted::plain(at, to, act)
}

fn consumer(chance: &mut Chance) -> Consumer {
    Consumer {
        instances: small(chance, 1, 4),
        delivery: link(chance),
        prefetch: chance.within(1, 50),
        refetch_after: chance.millis(1, 300),
        service: span(chance),
        idempotency: chance.one_of(&[
            Idempotency::None,
            Idempotency::ProcessedEvents,
            Idempotency::LastEventId,
            Idempotency::NaturalUpsert,
        ]),
        remember: chance.within(0, 20),
        sequencing: chance.one_of(&[
            Sequencing::None,
            Sequencing::VersionGuard,
            Sequencing::SourceWatermarks,
            Sequencing::GapBuffer,
            Sequencing::FoldHistory,
        ]),
        checkpoint: chance.one_of(&[Checkpoint::BeforeEffect, Checkpoint::AfterEffect, Checkpoint::WithEffect]),
        checkpoint_scope: chance.one_of(&[CheckpointScope::Partition, CheckpointScope::Projection]),
        commit: span(chance),
        crash: Crash {
            before_write: chance.fault(5),
            between: chance.fault(5),
            after_commit: chance.fault(5),
            restart_after: Distribution::Constant { value: chance.millis(1, 400) },
            ..Crash::default()
        },
        rebalance_after: chance.millis(0, 300),
        ..Consumer::default()
    }
}

fn link(chance: &mut Chance) -> Link {
    Link {
        delay: span(chance),
        duplicate: chance.fault(20),
        loss: chance.fault(20),
        overtake: chance.fault(20),
        overtake_hold: chance.millis(0, 300),
        ..Link::default()
    }
}

fn span(chance: &mut Chance) -> Distribution {
    let (short, long) = (chance.millis(1, 30), chance.millis(30, 90));
    match chance.below(5) {
        0 => Distribution::Constant { value: Micros::ZERO },
        1 => Distribution::Constant { value: short },
        2 => Distribution::Uniform { min: short, max: long },
        3 => Distribution::Exponential { mean: short },
        _ => Distribution::Lognormal { median: short, p95: long },
    }
}

fn replaced_fate(chance: &mut Chance) -> Override {
    let (purpose, fate) = match chance.below(6) {
        0 => (Purpose::Duplicate, Fate::Happens),
        1 => (Purpose::Loss, Fate::Happens),
        2 => (Purpose::Overtake, Fate::Happens),
        3 => (Purpose::Delay, Fate::Takes(chance.millis(0, 2_000))),
        4 => (Purpose::Service, Fate::Takes(chance.millis(0, 500))),
        _ => {
            let points = [CrashPoint::BeforeWrite, CrashPoint::Between, CrashPoint::AfterCommit];
            (Purpose::Crash, Fate::Crash(chance.one_of(&points)))
        }
    };
    Override {
        purpose,
        hop: match purpose {
            Purpose::Delay => chance.one_of(&[Hop::Command, Hop::Publish, Hop::Acknowledge, Hop::OrderView]),
            Purpose::Duplicate | Purpose::Overtake | Purpose::Loss => {
                chance.one_of(&[Hop::Publish, Hop::OrderView, Hop::SalesDashboard, Hop::ProductReplica])
            }
            _ => chance.one_of(&[Hop::OrderView, Hop::SalesDashboard, Hop::ProductReplica, Hop::CustomerReplica]),
        },
        subject: Subject { of: OrderId(chance.within(1, 60)).into(), n: chance.within(1, 3) },
        attempt: if chance.once_in(4) { 2 } else { 1 },
        fate,
    }
}

fn small(chance: &mut Chance, least: u8, most: u8) -> u8 {
    u8::try_from(chance.within(u32::from(least), u32::from(most))).unwrap_or(most)
}
