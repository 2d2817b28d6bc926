//! Features of the swarm about those who ask: what, under which contract, and with which rights.

use crate::shop::customer::rights::Rights;
use crate::shop::fulfilment::{TEAMS, TENANTS};
use crate::shop::ids::{CustomerId, ProductId};
use crate::system::edges::edge_id::EdgeId;
use crate::system::node::Node;
use crate::system::options::{
    Access, Act, Balancer, Cache, Callee, CircuitBreaker, Composition, Consistency, Consumer, Contract, Cut, CutWay,
    EdgeOutage, Edges, Incomplete, Mix, Options, QueryApi, QueryStream, ReadAfterWrite, ReadReplicas, RightsFrom,
    Routing, Scripted, ScriptedQuery, SessionLevel, TooOld,
};
use crate::system::place::Service;
use crate::system::queries::question::Query;

use super::super::chance::Chance;
use super::features::has_a_catalogue;
use super::{small, span};

/// Clients of every kind that the read models allow, on a way that loses what they ask and what they hear.
pub fn queries(options: &mut Options, chance: &mut Chance) {
    let enabled = |consumer: &Consumer| consumer.enabled;
    let projections = &options.projections;
    let (history, products, work) = (
        enabled(&projections.customer_order_history),
        enabled(&projections.product_search),
        enabled(&projections.order_work_queue),
    );
    let order_view = enabled(&projections.order_view);
    let part = |asked: bool, chance: &mut Chance| if asked { small(chance, 0, 3) } else { 0 };
    let mix = Mix {
        order: part(order_view, chance),
        orders: part(order_view, chance),
        history: part(history, chance),
        products: part(products, chance),
        work: part(work, chance),
        page: 0,
    };
    let asks = mix.order + mix.orders + mix.history + mix.products + mix.work > 0;
    let queries = &mut options.queries;
    queries.stream = QueryStream {
        count: if asks { chance.within(1, 40) } else { 0 },
        gap: span(chance),
        mix,
        recent: chance.fault(100),
    };
    if order_view {
        queries.read_after_write = ReadAfterWrite { likely: chance.fault(100), think: span(chance), page: false };
    }
    queries.api = QueryApi {
        delay: span(chance),
        loss: chance.fault(20),
        service: span(chance),
        workers: small(chance, 1, 4),
        timeout: chance.millis(1, 500),
        tries: u16::from(small(chance, 1, 4)),
    };
}

/// A guarded work queue, accounts whose rights come and go, and somebody who asks with them.
pub fn rights(options: &mut Options, chance: &mut Chance) {
    has_a_catalogue(options, chance);
    options.projections.order_work_queue.enabled = true;
    options.queries.access = Some(Access {
        tenant: !chance.once_in(4),
        row: !chance.once_in(4),
        field: !chance.once_in(4),
        search: !chance.once_in(4),
        export: !chance.once_in(4),
        rights: chance.one_of(&[RightsFrom::Projected, RightsFrom::Source]),
        ask_delay: span(chance),
        ask_timeout: chance.millis(1, 500),
    });
    for _ in 0..chance.within(1, 6) {
        let by = CustomerId(100 + chance.within(0, 3));
        let rights = Rights {
            tenant: chance.within(1, TENANTS),
            team: chance.once_in(2).then(|| chance.within(1, TEAMS)),
            sensitive: chance.once_in(2),
            export: chance.once_in(2),
        };
        let act = if chance.once_in(3) { Act::RevokeRights } else { Act::GrantRights { rights } };
        options.workload.script.push(Scripted::plain(chance.millis(0, 1_000), by.into(), act));
        let care = chance.once_in(2).then(|| chance.once_in(2));
        let ask = if chance.once_in(3) {
            Query::Export { tenant: None }
        } else {
            Query::Work { team: None, tenant: None, sensitive: care }
        };
        let at = chance.millis(0, 2_000);
        options.queries.script.push(ScriptedQuery {
            at,
            by,
            ask,
            size: u16::from(small(chance, 1, 20)),
            contract: None,
        });
    }
}

/// Pages and lists that are composed of what the services say, over ways that lose some of it and are cut for a while.
pub fn composition(options: &mut Options, chance: &mut Chance) {
    has_a_catalogue(options, chance);
    options.projections.order_view.enabled = true;
    options.projections.order_view.names |= !chance.once_in(4);
    for n in 0..chance.within(0, 40) {
        let (at, name) = (chance.millis(0, 2_000), format!("other name {n}"));
        let workload = &mut options.workload;
        let renaming = if chance.once_in(2) {
            let products: Vec<ProductId> = workload.products.iter().map(|one| one.product).collect();
            Scripted::plain(at, chance.one_of(&products).into(), Act::RenameProduct { name })
        } else {
            let customers: Vec<CustomerId> = workload.customers.iter().map(|one| one.customer).collect();
            Scripted::plain(at, chance.one_of(&customers).into(), Act::RenameCustomer { name })
        };
        workload.script.push(renaming);
    }
    let queries = &mut options.queries;
    queries.stream.count = queries.stream.count.max(chance.within(1, 40));
    queries.stream.gap = span(chance);
    queries.stream.mix.page = small(chance, 1, 4);
    queries.stream.mix.orders = small(chance, 0, 2);
    queries.read_after_write.page = chance.once_in(2);
    let services = [Callee::Orders, Callee::Products, Callee::Customers];
    let cut = |chance: &mut Chance| CutWay {
        to: chance.one_of(&services),
        at: chance.millis(0, 2_000),
        lasts: chance.millis(0, 1_000),
    };
    queries.composition = Some(Composition {
        page: !chance.once_in(4),
        orders: chance.once_in(2),
        batched: chance.once_in(2),
        delay: span(chance),
        loss: chance.fault(20),
        join: span(chance),
        timeout: chance.millis(1, 500),
        incomplete: chance.one_of(&[Incomplete::Fail, Incomplete::Partial]),
        cuts: (0..chance.within(0, 2)).map(|_| cut(chance)).collect(),
        breaker: chance
            .once_in(2)
            .then(|| CircuitBreaker { failures: chance.within(1, 4), open_for: chance.millis(0, 1_000) }),
    });
    for _ in 0..chance.within(0, 2) {
        let service = Node::Service(chance.one_of(&Service::ALL));
        let ends = if chance.once_in(2) { (Node::Gateway, service) } else { (service, Node::Gateway) };
        let (at, lasts) = (chance.millis(0, 2_000), chance.millis(0, 1_000));
        options.network.cuts.push(Cut { from: ends.0, to: ends.1, at, lasts });
    }
}

/// What is promised of an answer.
pub(super) fn contract(chance: &mut Chance) -> Contract {
    match chance.below(6) {
        0 => Contract::Eventual,
        1 => Contract::ReadAfterWrite,
        2 => Contract::BoundedStaleness {
            bound: chance.millis(0, 1_000),
            otherwise: chance.one_of(&[TooOld::Refuse, TooOld::Wait, TooOld::Redirect]),
        },
        3 => Contract::Pending,
        4 => Contract::CatchUpToken { wait: chance.millis(0, 500) },
        _ => Contract::CommandSideRead,
    }
}

/// What answers promise, and what a session is guaranteed.
pub fn contracts(options: &mut Options, chance: &mut Chance) {
    let contract = contract(chance);
    options.queries.consistency = Consistency {
        contract,
        session: chance.one_of(&[SessionLevel::Eventual, SessionLevel::Session, SessionLevel::Strong]),
        wait: chance.millis(1, 1_000),
        retry_after: chance.millis(1, 500),
        fallback: chance.once_in(2),
        write_side_delay: span(chance),
    };
}

/// A cache in front of the read models, and copies of them.
pub fn beside_the_models(options: &mut Options, chance: &mut Chance) {
    let queries = &mut options.queries;
    queries.cache = chance.once_in(2).then(|| Cache { ttl: chance.millis(1, 2_000), service: span(chance) });
    queries.replicas = ReadReplicas {
        count: small(chance, 0, 3),
        delay: span(chance),
        balancer: chance.one_of(&[Balancer::RoundRobin, Balancer::Random, Balancer::Sticky]),
    };
}

/// Edge servers that crash, and links from them to the origin that are cut, one way or the other.
pub fn edges(options: &mut Options, chance: &mut Chance) {
    let count = small(chance, 1, 4);
    let some = |chance: &mut Chance| EdgeId(small(chance, 1, count));
    options.queries.edges = Some(Edges {
        count,
        client_delay: span(chance),
        origin_delay: span(chance),
        farther: chance.millis(0, 100),
        copies: !chance.once_in(4),
        copy_delay: span(chance),
        copy_again: chance.millis(1, 500),
        roaming: chance.fault(100),
        routing: chance.one_of(&[Routing::Nearest, Routing::Sticky]),
        detour: chance.millis(0, 100),
        outages: (0..chance.within(0, 3))
            .map(|_| EdgeOutage { edge: some(chance), at: chance.millis(0, 3_000), lasts: chance.millis(1, 1_500) })
            .collect(),
    });
    for _ in 0..chance.within(0, 3) {
        let edge = Node::Edge(some(chance));
        let (from, to) = if chance.once_in(2) { (edge, Node::Origin) } else { (Node::Origin, edge) };
        options.network.cuts.push(Cut { from, to, at: chance.millis(0, 3_000), lasts: chance.millis(0, 1_500) });
    }
}
