//! A feature of the swarm: questions of every kind, each with a promise of its own, and readers who go from page to page.

use crate::shop::fulfilment::{TEAMS, TENANTS};
use crate::shop::ids::{CustomerId, OrderId};
use crate::shop::money::Cents;
use crate::shop::order::status::Status;
use crate::system::options::{Options, ScriptedQuery, Walk};
use crate::system::queries::page::Paging;
use crate::system::queries::question::{OrderSort, ProductSort, Query};

use super::super::chance::Chance;
use super::asking::contract;
use super::{small, span};

/// Asks every read model that takes part, once or page by page.
pub fn questions(options: &mut Options, chance: &mut Chance) {
    let projections = &options.projections;
    let kinds = [
        (projections.order_view.enabled, order as fn(&mut Chance) -> Query),
        (projections.order_view.enabled, orders),
        (projections.order_view.enabled, page),
        (projections.customer_order_history.enabled, history),
        (projections.product_search.enabled, products),
        (projections.order_work_queue.enabled, work),
        (projections.order_work_queue.enabled, export),
    ];
    let asked: Vec<fn(&mut Chance) -> Query> = kinds.into_iter().filter(|(is, _)| *is).map(|(_, ask)| ask).collect();
    if asked.is_empty() {
        return;
    }
    for _ in 0..chance.within(1, 12) {
        let ask = chance.one_of(&asked)(chance);
        options.queries.script.push(ScriptedQuery {
            at: chance.millis(0, 2_000),
            by: CustomerId(100 + chance.within(0, 3)),
            ask,
            size: u16::from(small(chance, 1, 20)),
            contract: chance.once_in(2).then(|| contract(chance)),
        });
    }
    for _ in 0..chance.within(0, 2) {
        let ask = chance.one_of(&asked)(chance);
        options.queries.walks.push(Walk {
            at: chance.millis(0, 1_000),
            by: CustomerId(100 + chance.within(0, 3)),
            ask,
            paging: chance.one_of(&[Paging::Keyset, Paging::Offset]),
            size: u16::from(small(chance, 1, 5)),
            think: span(chance),
        });
    }
}

fn order(chance: &mut Chance) -> Query {
    Query::Order { order: OrderId(chance.within(1, 60)) }
}

fn page(chance: &mut Chance) -> Query {
    Query::Page { order: OrderId(chance.within(1, 60)) }
}

fn orders(chance: &mut Chance) -> Query {
    let stands =
        [Status::Pending, Status::Confirmed, Status::Rejected, Status::Cancelled, Status::Shipped, Status::Delivered];
    Query::Orders {
        status: chance.once_in(2).then(|| chance.one_of(&stands)),
        customer: chance.once_in(2).then(|| somebody(chance)),
        sort: chance.one_of(&[OrderSort::Number, OrderSort::Total, OrderSort::Status]),
    }
}

fn history(chance: &mut Chance) -> Query {
    Query::History { customer: somebody(chance) }
}

fn products(chance: &mut Chance) -> Query {
    let cents = |chance: &mut Chance| Cents(i64::from(chance.within(0, 10_000)));
    Query::Products {
        text: if chance.once_in(2) { String::new() } else { "prod".to_owned() },
        category: chance.once_in(2).then(|| format!("category {}", chance.within(0, 3))),
        price_min_cents: chance.once_in(2).then(|| cents(chance)),
        price_max_cents: chance.once_in(2).then(|| cents(chance)),
        in_stock: chance.once_in(2),
        sort: chance.one_of(&[ProductSort::Number, ProductSort::Price, ProductSort::Name]),
    }
}

fn work(chance: &mut Chance) -> Query {
    Query::Work {
        team: chance.once_in(2).then(|| chance.within(1, TEAMS)),
        tenant: chance.once_in(2).then(|| chance.within(1, TENANTS)),
        sensitive: chance.once_in(2).then(|| chance.once_in(2)),
    }
}

fn export(chance: &mut Chance) -> Query {
    Query::Export { tenant: chance.once_in(2).then(|| chance.within(1, TENANTS)) }
}

fn somebody(chance: &mut Chance) -> CustomerId {
    CustomerId(100 + chance.within(0, 3))
}
