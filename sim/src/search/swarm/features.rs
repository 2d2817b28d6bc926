//! The features of which each swarm scenario has some: one line of the table below for each.
//!
//! A feature draws its choices from a stream of its own, so that a new one changes no scenario that does not have it.

use crate::kernel::fate::mix;
use crate::kernel::time::Micros;
use crate::shop::ids::{CustomerId, ProductId};
use crate::system::node::Node;
use crate::system::options::{
    Act, BrokerKind, Bug, CatalogueCustomer, CatalogueProduct, ChangedEvent, CircuitBreaker, Consumer, Cut, DataAccess,
    DeadLetters, Enriching, FailurePolicy, Fallback, Link, OnNewSchema, Options, Outage, OwnerService, Queue, Rebuild,
    RebuildSource, RebuildWhere, SchemaChange, Scripted, SwitchWhen,
};
use crate::system::place::{Reader, Service};

use super::super::chance::Chance;
use super::{asking, commanding, commit, consumer, link, product, questions, small, span, watching};

/// Lets chance set the options of one part of the system.
pub type Feature = fn(&mut Options, &mut Chance);

/// Every feature by name. The name begins its stream of choices, so renaming one changes what it chooses.
pub const FEATURES: [(&str, Feature); 29] = [
    ("queue", queue),
    ("retention", |options, chance| options.broker.retention = Some(chance.within(1, 30))),
    ("topics", topics),
    ("cuts", cuts),
    ("outages", outages),
    ("pauses", pauses),
    ("dead letters", dead_letters),
    ("read models", read_models),
    ("synchronous", synchronous),
    ("batches", batches),
    ("names", names),
    ("ask the owners", ask_the_owners),
    ("owners' trouble", owners_trouble),
    ("saga", saga),
    ("queries", asking::queries),
    ("rights", asking::rights),
    ("contracts", asking::contracts),
    ("cache and replicas", asking::beside_the_models),
    ("composition", asking::composition),
    ("commit", commit::vary),
    ("validation cache", |options, chance| {
        options.order_service.api.cache_ttl = Some(chance.millis(0, 5_000));
    }),
    ("rebuild", rebuild),
    ("new schema", new_schema),
    ("edges", asking::edges),
    ("shoppers", commanding::shoppers),
    ("command api", commanding::command_api),
    ("headers", commanding::headers),
    ("questions", questions::questions),
    ("detectors", watching::detectors),
];

/// Gives a scenario of this number its features; each has a chance of one in four.
pub fn add(options: &mut Options, number: u64) {
    for (name, feature) in FEATURES {
        let begin = name.bytes().fold(number, |state, byte| mix(state ^ u64::from(byte)));
        let chance = &mut Chance::of(begin);
        if chance.once_in(4) {
            feature(options, chance);
        }
    }
}

fn queue(options: &mut Options, chance: &mut Chance) {
    options.broker.kind = BrokerKind::Queue;
    options.broker.queue = Queue {
        visibility: chance.millis(50, 2_000),
        in_flight_max: chance.within(1, 10),
        receive_max: u16::from(small(chance, 1, 20)),
    };
}

fn topics(options: &mut Options, chance: &mut Chance) {
    let topics = &mut options.broker.topics;
    for topic in [&mut topics.order_events, &mut topics.product_events, &mut topics.customer_events] {
        *topic = chance.once_in(2).then(|| link(chance));
    }
}

/// Everyone who has a link to the broker, one instance of a reader or all.
fn somebody(chance: &mut Chance) -> Node {
    match chance.below(3) {
        0 => Node::Service(chance.one_of(&Service::ALL)),
        1 => Node::Reader(chance.one_of(&Reader::ALL), None),
        _ => Node::Reader(chance.one_of(&Reader::ALL), Some(small(chance, 0, 3))),
    }
}

fn cuts(options: &mut Options, chance: &mut Chance) {
    let cut = |chance: &mut Chance| {
        let node = somebody(chance);
        let (from, to) = if chance.once_in(2) { (node, Node::Broker) } else { (Node::Broker, node) };
        Cut { from, to, at: chance.millis(0, 3_000), lasts: chance.millis(0, 1_500) }
    };
    options.network.cuts = (0..chance.within(1, 4)).map(|_| cut(chance)).collect();
}

fn outages(options: &mut Options, chance: &mut Chance) {
    let outage = |chance: &mut Chance| Outage { at: chance.millis(0, 3_000), lasts: chance.millis(0, 1_000) };
    options.network.outages = (0..chance.within(1, 2)).map(|_| outage(chance)).collect();
}

fn stops(link: &mut Link, chance: &mut Chance) {
    link.pause_every = Some(chance.millis(20, 1_000));
    link.pause_for = span(chance);
}

fn pauses(options: &mut Options, chance: &mut Chance) {
    stops(&mut options.broker.publish, chance);
    for consumer in super::consumers(options) {
        if chance.once_in(2) {
            stops(&mut consumer.delivery, chance);
        }
    }
}

fn dead_letters(options: &mut Options, chance: &mut Chance) {
    for consumer in super::consumers(options) {
        consumer.dead_letters = DeadLetters {
            poison: chance.fault(5),
            failure: chance.fault(20),
            retries: small(chance, 0, 4),
            backoff: span(chance),
            backoff_factor: small(chance, 1, 3),
            policy: chance.one_of(&[
                FailurePolicy::Halt,
                FailurePolicy::Skip,
                FailurePolicy::Park,
                FailurePolicy::ParkAggregate,
            ]),
        };
    }
}

/// Any of the six read models, each with a projection of its own kind.
fn read_models(options: &mut Options, chance: &mut Chance) {
    for projection in options.projections.all_mut() {
        *projection = Consumer { enabled: !chance.once_in(3), ..consumer(chance) };
    }
    options.projections.sales_dashboard.ttl = chance.once_in(2).then(|| chance.millis(1, 2_000));
}

fn synchronous(options: &mut Options, chance: &mut Chance) {
    for projection in options.projections.all_mut() {
        projection.synchronous = chance.once_in(2);
    }
}

fn batches(options: &mut Options, chance: &mut Chance) {
    for consumer in super::consumers(options) {
        consumer.batch = chance.within(1, 20);
        consumer.enrichment.kind = chance.one_of(&[Enriching::None, Enriching::PerEvent, Enriching::Batched]);
        consumer.enrichment.lookup = span(chance);
        consumer.enrichment.lookup_many = span(chance);
    }
}

/// Rows with the names of others, who get new ones.
fn names(options: &mut Options, chance: &mut Chance) {
    options.projections.order_view.names = true;
    for n in 0..chance.within(0, 6) {
        let at = chance.millis(0, 1_500);
        let name = format!("name {n}");
        options.workload.script.push(if chance.once_in(2) {
            let to = ProductId(100 + chance.within(0, 3)).into();
            Scripted::plain(at, to, Act::RenameProduct { name })
        } else {
            let to = CustomerId(100 + chance.within(0, 3)).into();
            Scripted::plain(at, to, Act::RenameCustomer { name })
        });
    }
}

/// Orders for which somebody asks the owners of products and customers.
fn ask_the_owners(options: &mut Options, chance: &mut Chance) {
    has_a_catalogue(options, chance);
    let service = &mut options.order_service;
    service.data_access = chance.one_of(&[DataAccess::SynchronousApi, DataAccess::Composition]);
    service.api.delay = span(chance);
    service.api.loss = chance.fault(20);
    service.api.timeout = chance.millis(1, 500);
    service.api.gateway_delay = span(chance);
    service.api.fallback = chance.one_of(&[Fallback::Refuse, Fallback::Replica]);
    service.api.breaker =
        chance.once_in(2).then(|| CircuitBreaker { failures: chance.within(1, 4), open_for: chance.millis(0, 1_000) });
}

fn owners_trouble(options: &mut Options, chance: &mut Chance) {
    let trouble = |owner: &mut OwnerService, chance: &mut Chance| {
        owner.down_from = chance.millis(0, 2_000);
        owner.down_for = if chance.once_in(2) { chance.millis(0, 1_000) } else { Micros::ZERO };
        owner.slow_from = chance.millis(0, 2_000);
        owner.slow_for = if chance.once_in(2) { chance.millis(0, 1_000) } else { Micros::ZERO };
        owner.slow_by = chance.millis(0, 200);
    };
    trouble(&mut options.product_service, chance);
    trouble(&mut options.customer_service, chance);
}

fn saga(options: &mut Options, chance: &mut Chance) {
    has_a_catalogue(options, chance);
    let saga = &mut options.saga;
    saga.enabled = true;
    saga.consumer = consumer(chance);
    saga.link = link(chance);
    saga.retry_after = chance.millis(20, 1_000);
    saga.timeout = chance.millis(0, 5_000);
    saga.idempotency_key = !chance.once_in(4);
    saga.tries_max = chance.once_in(2).then(|| u16::from(small(chance, 1, 12)));
}

/// Read models that are built anew, by code that may be wrong too.
fn rebuild(options: &mut Options, chance: &mut Chance) {
    let bug = |chance: &mut Chance| {
        chance.one_of(&[Bug::None, Bug::ForgetsRemovals, Bug::ForgetsCancellations, Bug::ForgetsCreations])
    };
    for projection in options.projections.all_mut() {
        if projection.synchronous || chance.once_in(2) {
            continue;
        }
        let with = Consumer { bug: bug(chance), ..projection.clone() };
        projection.bug = bug(chance);
        projection.rebuild = Some(Box::new(Rebuild {
            at: Some(chance.millis(0, 3_000)),
            place: chance.one_of(&[RebuildWhere::Beside, RebuildWhere::InPlace]),
            source: chance.one_of(&[RebuildSource::Log, RebuildSource::EventStore]),
            from_offset: if chance.once_in(3) { chance.within(0, 20) } else { 0 },
            with: chance.once_in(2).then(|| Box::new(with)),
            shadow_for: chance.millis(0, 500),
            compare_within: chance.millis(0, 500),
            samples: small(chance, 0, 10),
            switch: chance.one_of(&[SwitchWhen::IfEqual, SwitchWhen::Always, SwitchWhen::ByHand]),
            keep_for: chance.millis(0, 500),
        }));
    }
}

/// Events in a second schema, and readers that know it or not.
fn new_schema(options: &mut Options, chance: &mut Chance) {
    let events = [
        ChangedEvent::OrderCreated,
        ChangedEvent::ItemAdded,
        ChangedEvent::ProductPriceChanged,
        ChangedEvent::CustomerRenamed,
    ];
    let change = |chance: &mut Chance| SchemaChange { event: chance.one_of(&events), at: chance.millis(0, 1_500) };
    options.schema_changes = (0..chance.within(1, 3)).map(|_| change(chance)).collect();
    for consumer in super::consumers(options) {
        consumer.schema = chance.one_of(&[OnNewSchema::Refuse, OnNewSchema::Ignore, OnNewSchema::Upcast]);
    }
}

/// A shop that sells something to somebody: without, every order that needs data is refused.
pub(super) fn has_a_catalogue(options: &mut Options, chance: &mut Chance) {
    let workload = &mut options.workload;
    if workload.products.is_empty() {
        workload.products = (0..3).map(|n| CatalogueProduct { stock: 40, ..product(n, chance) }).collect();
    }
    if workload.customers.is_empty() {
        workload.customers = (0..3).map(|n| CatalogueCustomer { ..super::customer(n, chance) }).collect();
    }
}
