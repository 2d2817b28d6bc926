//! How an answer stands to the truth: what it says against what is true when it leaves, and against what was true where the
//! model stood with each row [seed 004]. The query API never asks this.

use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::fulfilment::{DUE_AFTER, SENSITIVE_FROM, team_of, tenant_of};
use crate::shop::ids::{OrderId, Version};
use crate::shop::money::Cents;
use crate::shop::order::event::OrderEvent;
use crate::system::event_store::EventStore;
use crate::system::place::Model;
use crate::system::queries::message::{Outcome, Reply};
use crate::system::queries::page::{Page, cut, select};
use crate::system::queries::question::Query;
use crate::system::queries::row::{Fields, Row};

use super::finding::Finding;
use super::judgement::{Freshness, truth_at};
use super::lab::Lab;
use super::truth::{OrderTruth, ProductTruth, Truth};
use super::{pages, sight};

/// Judges an answer at the moment at which it leaves.
pub fn judge(lab: &Lab, reply: &Reply) -> Finding {
    let query = &reply.asked.query;
    let Some(rows) = sight::allowed(lab, reply, select(query, true_rows(lab, query))) else {
        // What is refused says nothing that could be true or not.
        return Finding { freshness: Freshness::Fresh, of: None };
    };
    if let Query::Page { order } = query {
        return pages::judge(lab, reply, *order);
    }
    let mut expected = cut(query, &reply.asked.part, rows);
    if reply.outcome == Outcome::Partial {
        // What is said to be missing is not looked for.
        expected.rows.retain(|row| reply.page.rows.iter().any(|shown| shown.of == row.of));
    }
    if says_the_same(&reply.page, &expected) {
        return Finding { freshness: Freshness::Fresh, of: None };
    }
    let now = |row: &Row| row_of(query.model(), row.of, &lab.truth(row.of), lab.world().store());
    let differs = |row: &&Row| now(row).is_none_or(|truth| sight::as_far_as(row, truth) != row.fields);
    let is_wrong = |row: &&Row| differs(row) && !was_true(lab, reply, row);
    if let Some(row) = reply.page.rows.iter().find(is_wrong) {
        return Finding { freshness: Freshness::Wrong, of: Some(row.of) };
    }
    match query.one() {
        // A row that the model has had, and has lost.
        Some(of) if is_lost(lab, reply, of) => Finding { freshness: Freshness::Wrong, of: Some(of) },
        Some(of) => Finding { freshness: Freshness::Stale, of: Some(of) },
        None => {
            let of = reply.page.rows.iter().find(differs).map(|row| row.of);
            Finding { freshness: Freshness::Stale, of }
        }
    }
}

/// Does the answer lack a row that the model had before? A cache or a replica may have looked before it came.
fn is_lost(lab: &Lab, reply: &Reply, of: Aggregate) -> bool {
    reply.is_first_hand() && reply.page.rows.is_empty() && lab.model(reply.asked.query.model()).reached(of) > 0
}

fn says_the_same(shown: &Page, expected: &Page) -> bool {
    let said = |page: &Page| page.rows.iter().map(|row| (row.of, row.fields.clone())).collect::<Vec<_>>();
    said(shown) == said(expected)
}

/// Was this true where the model stood with the row, or where the service stood that said it?
fn was_true(lab: &Lab, reply: &Reply, row: &Row) -> bool {
    let (store, model) = (lab.world().store(), reply.asked.query.model());
    // A row with several sources bears the newest version of any of them.
    let version = match reply.is_composed() {
        true => row.version,
        false => row.version.min(lab.model(model).reached(row.of)),
    };
    row_of(model, row.of, &truth_at(store, row.of, version), store)
        .is_some_and(|there| sight::as_far_as(row, there) == row.fields)
}

/// Every row that the truth has for a query to choose from.
fn true_rows(lab: &Lab, query: &Query) -> Vec<Row> {
    let store = lab.world().store();
    let row = |of: Aggregate| row_of(query.model(), of, &lab.truth(of), store);
    match query {
        Query::Order { order } => row((*order).into()).into_iter().collect(),
        // Judged by itself.
        Query::Page { .. } => Vec::new(),
        Query::History { customer } => {
            let theirs = lab.orders().filter(|order| lab.order(*order).customer == Some(*customer));
            theirs.filter_map(|order| row(order.into())).collect()
        }
        Query::Orders { .. } | Query::Work { .. } | Query::Export { .. } => {
            lab.orders().filter_map(|order| row(order.into())).collect()
        }
        Query::Products { text, .. } => {
            let products = lab.world().options().workload.products.iter();
            let rows = products.filter_map(|item| row(item.product.into()));
            rows.filter(|row| has_words(row, text)).collect()
        }
    }
}

/// Does each word of the text begin a word of the name or the category? Looked for word by word, without an index.
fn has_words(row: &Row, text: &str) -> bool {
    let Fields::Product { name, category, .. } = &row.fields else { return false };
    let (name, category) = (name.to_lowercase(), category.to_lowercase());
    let words = |text: &str| -> Vec<String> {
        text.split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let known: Vec<String> = words(&name).into_iter().chain(words(&category)).collect();
    words(&text.to_lowercase()).iter().all(|wanted| known.iter().any(|word| word.starts_with(wanted)))
}

/// The row that a model would have of an aggregate of which this is true.
fn row_of(model: Model, of: Aggregate, truth: &Truth, store: &EventStore) -> Option<Row> {
    let fields = match (model, truth, of) {
        (Model::OrderView, Truth::Order(order), _) if order.exists => Fields::Order {
            customer: order.customer,
            status: order.status,
            quantity: order.quantity,
            total: order.total,
        },
        (Model::CustomerOrderHistory, Truth::Order(order), Aggregate::Order(id)) if order.exists => Fields::Past {
            customer: order.customer,
            placed_at: placed(id, store).map(|(at, _)| at),
            total: order.total,
            status: order.status,
        },
        (Model::OrderWorkQueue, Truth::Order(order), Aggregate::Order(id)) => work(order, id, store)?,
        (Model::ProductSearch, Truth::Product(product), _) if product.exists => {
            let ProductTruth { name, category, price, stock, available, .. } = product;
            let (name, category) = (Arc::clone(name), Arc::clone(category));
            Fields::Product { name, category, price: *price, stock: *stock, available: *available }
        }
        _ => return None,
    };
    Some(Row { of, version: newest(of, store), fields })
}

fn work(order: &OrderTruth, id: OrderId, store: &EventStore) -> Option<Fields> {
    let (placed_at, total) = placed(id, store)?;
    let waits = order.exists && order.status.is_open();
    waits.then(|| Fields::Work {
        team: team_of(id),
        tenant: order.customer.map_or(0, tenant_of),
        sensitive: Some(total >= SENSITIVE_FROM),
        due: placed_at + DUE_AFTER,
    })
}

/// When an order was placed, and what it cost then.
fn placed(order: OrderId, store: &EventStore) -> Option<(Micros, Cents)> {
    let (_, committed) = store.stream_backwards(order.into()).last()?;
    match committed.recorded.event.order() {
        Some(OrderEvent::OrderCreated { total, .. }) => Some((committed.at, *total)),
        _ => None,
    }
}

fn newest(of: Aggregate, store: &EventStore) -> Version {
    store.stream_backwards(of).next().map_or(0, |(_, committed)| committed.recorded.version)
}
