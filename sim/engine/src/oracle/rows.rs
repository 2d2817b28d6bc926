//! What each copy shows of an aggregate, and what it would show if it told the truth: now, or where the copy stands.

use std::borrow::Cow;
use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::customer::event::CustomerEvent;
use crate::shop::event::Event;
use crate::shop::fulfilment::{DUE_AFTER, SENSITIVE_FROM, team_of, tenant_of};
use crate::shop::ids::{OrderId, ProductId, Version};
use crate::shop::money::Cents;
use crate::shop::order::event::OrderEvent;
use crate::shop::product::event::ProductEvent;
use crate::system::by_aggregate::ByAggregate;
use crate::system::event_store::EventStore;
use crate::system::place::{Model, Reader, Replica};
use crate::system::query_side::read_model::ReadModel;
use crate::system::world::World;

use super::judgement::{Cells, Value, customer_cells, order_cells, product_cells, true_cells, truth_at};
use super::truth::{OrderTruth, ProductTruth, Truth};
use super::watch::Watch;

/// The readers that keep one row for each aggregate of this kind; the first one's cells lead the ledger.
pub const fn copies_of(of: Aggregate) -> &'static [Reader] {
    match of {
        Aggregate::Order(_) => &[
            Reader::Projection(Model::OrderView),
            Reader::Projection(Model::CustomerOrderHistory),
            Reader::Projection(Model::OrderWorkQueue),
            Reader::Second(Model::OrderView),
            Reader::Second(Model::CustomerOrderHistory),
            Reader::Second(Model::OrderWorkQueue),
        ],
        Aggregate::Product(_) => &[
            Reader::Replica(Replica::Products),
            Reader::Projection(Model::ProductSearch),
            Reader::Second(Model::ProductSearch),
        ],
        Aggregate::Customer(_) => &[Reader::Replica(Replica::Customers)],
    }
}

/// What a copy shows of an aggregate.
pub fn shown(world: &World, reader: Reader, of: Aggregate) -> Cells {
    let model = match reader {
        Reader::Replica(replica) => {
            let table = world.replica(replica).follower.target();
            return match of {
                Aggregate::Product(product) => product_cells(table.product(product)),
                Aggregate::Customer(customer) => customer_cells(table.customer(customer)),
                Aggregate::Order(_) => None,
            };
        }
        Reader::Projection(model) | Reader::Second(model) => world.version(reader, model).follower.target(),
        // The saga keeps no copy of what others own.
        Reader::Saga => return None,
    };
    kept(model, of)
}

/// What these rows of a read model show of an aggregate.
pub fn kept(rows: &ReadModel, of: Aggregate) -> Cells {
    match (rows, of) {
        (ReadModel::OrderView(view), Aggregate::Order(order)) => {
            let mut cells = order_cells(view.row(order))?;
            if let Some(row) = view.row(order).filter(|_| view.has_names()) {
                cells[4] = Value::Text(Arc::clone(&row.customer_name));
                cells[5] = Value::Text(Arc::clone(&row.product_names));
            }
            Some(cells)
        }
        (ReadModel::CustomerOrderHistory(history), Aggregate::Order(order)) => history.order(order).map(|row| {
            let placed = Value::Moment(row.placed_at);
            [Value::Customer(row.customer), placed, Value::Money(row.total), Value::Status(row.status), SPARE, SPARE]
        }),
        (ReadModel::OrderWorkQueue(queue), Aggregate::Order(order)) => {
            queue.work(order).map(|work| work_cells(work.team, work.tenant, work.sensitive, work.due))
        }
        (ReadModel::ProductSearch(search), Aggregate::Product(product)) => search.product(product).map(|row| {
            let (name, category) = (Arc::clone(&row.name), Arc::clone(&row.category));
            search_cells(name, category, row.price, row.stock, row.available)
        }),
        (ReadModel::ProductStats(stats), Aggregate::Product(product)) => {
            let stats = stats.product(product);
            stats_cells((stats.purchases, stats.units))
        }
        _ => None,
    }
}

const SPARE: Value = Value::Count(0);

fn work_cells(team: u32, tenant: u32, sensitive: bool, due: Micros) -> [Value; 6] {
    let sensitive = Value::Flag(sensitive, "sensitive", "ordinary");
    [
        Value::Numbered("team", team),
        Value::Numbered("tenant", tenant),
        sensitive,
        Value::Moment(Some(due)),
        SPARE,
        SPARE,
    ]
}

fn search_cells(name: Arc<str>, category: Arc<str>, price: Cents, stock: u32, available: bool) -> [Value; 6] {
    let available = Value::Flag(available, "for sale", "discontinued");
    [Value::Text(name), Value::Text(category), Value::Money(price), Value::Count(i64::from(stock)), available, SPARE]
}

/// What the product statistics show, or should show, of a product: how many lines name it, and the units in them.
pub fn stats_cells((purchases, units): (i64, i64)) -> Cells {
    Some([Value::Count(purchases), Value::Count(units), SPARE, SPARE, SPARE, SPARE])
}

/// Where in the stream of events the truth is looked up.
#[derive(Clone, Copy, Debug)]
pub enum Position<'a> {
    /// At its end.
    Now(&'a ByAggregate<Truth>),
    /// Where this reader has come with each source.
    Reached(&'a Watch),
    /// At this version of the one source that matters.
    Version(Version),
}

impl Position<'_> {
    fn truth<'t>(&'t self, of: Aggregate, store: &EventStore) -> Cow<'t, Truth> {
        match self {
            Self::Now(truths) => truths.get(of).map_or_else(|| Cow::Owned(Truth::default()), Cow::Borrowed),
            Self::Reached(watch) => watch.truth_there(of, store),
            Self::Version(version) => Cow::Owned(truth_at(store, of, *version)),
        }
    }

    fn name(&self, of: Aggregate, store: &EventStore) -> Arc<str> {
        match &*self.truth(of, store) {
            Truth::Product(product) => Arc::clone(&product.name),
            Truth::Customer(customer) => Arc::clone(&customer.name),
            Truth::Order(_) => Arc::default(),
        }
    }

    /// What the lines of an order are about, in the order in which they were added.
    pub fn products(&self, order: OrderId, store: &EventStore) -> Vec<ProductId> {
        let stream = store.stream(order.into());
        let reached = match self {
            Self::Now(_) => stream.len(),
            Self::Reached(watch) => watch.reached(order.into()) as usize,
            Self::Version(version) => *version as usize,
        };
        let mut lines = Vec::new();
        for (_, committed) in stream.into_iter().take(reached) {
            match committed.recorded.event.order() {
                Some(OrderEvent::OrderCreated { lines: first, .. }) => lines = first.to_vec(),
                Some(OrderEvent::ItemAdded { line }) => lines.push(*line),
                Some(OrderEvent::ItemRemoved { line }) => lines.retain(|kept| kept.number != line.number),
                _ => {}
            }
        }
        lines.into_iter().map(|line| line.product).collect()
    }
}

/// What stands between the names of two products.
pub const JOINED_BY: &str = ", ";

/// Is a text made of one of each of these names, in their order? A name may itself look like two.
pub fn is_joined_of(text: &str, choices: &[Vec<Arc<str>>]) -> bool {
    match choices {
        [] => text.is_empty(),
        [last] => last.iter().any(|one| **one == *text),
        [first, rest @ ..] => first.iter().any(|one| {
            let after = text.strip_prefix(&**one).and_then(|after| after.strip_prefix(JOINED_BY));
            after.is_some_and(|after| is_joined_of(after, rest))
        }),
    }
}

/// What a copy would show of an aggregate if it told the truth of that position. `named`: does the order view show names?
pub fn truth(reader: Reader, of: Aggregate, position: Position<'_>, store: &EventStore, named: bool) -> Cells {
    let truth = position.truth(of, store);
    // Every version of a model is to show the same.
    let reader = reader.keeps().map_or(reader, Reader::Projection);
    match (reader, &*truth, of) {
        (Reader::Projection(Model::OrderView), Truth::Order(order), Aggregate::Order(id)) if named => {
            let mut cells = true_cells(&truth)?;
            let customer = order.customer.map(|customer| position.name(customer.into(), store)).unwrap_or_default();
            let products: Vec<Arc<str>> =
                position.products(id, store).into_iter().map(|product| position.name(product.into(), store)).collect();
            cells[4] = Value::Text(customer);
            cells[5] = Value::Text(products.join(JOINED_BY).into());
            Some(cells)
        }
        (Reader::Projection(Model::CustomerOrderHistory), Truth::Order(order), Aggregate::Order(id)) => {
            order.exists.then(|| {
                let placed = Value::Moment(first(id, store).map(|(at, _)| at));
                let (total, status) = (Value::Money(order.total), Value::Status(order.status));
                [Value::Customer(order.customer), placed, total, status, SPARE, SPARE]
            })
        }
        (Reader::Projection(Model::OrderWorkQueue), Truth::Order(order), Aggregate::Order(id)) => {
            work_to_do(order, id, store)
        }
        (Reader::Projection(Model::ProductSearch), Truth::Product(product), _) => {
            let ProductTruth { exists, price, stock, available, name, category } = product;
            exists.then(|| search_cells(Arc::clone(name), Arc::clone(category), *price, *stock, *available))
        }
        (Reader::Projection(Model::OrderView) | Reader::Replica(_), ..) => true_cells(&truth),
        _ => None,
    }
}

fn work_to_do(order: &OrderTruth, id: OrderId, store: &EventStore) -> Cells {
    if !order.exists || !order.status.is_open() {
        return None;
    }
    let (placed_at, total) = first(id, store)?;
    let tenant = order.customer.map_or(0, tenant_of);
    Some(work_cells(team_of(id), tenant, total >= SENSITIVE_FROM, placed_at + DUE_AFTER))
}

/// When an order was placed, and what it cost then.
fn first(order: OrderId, store: &EventStore) -> Option<(Micros, Cents)> {
    let (_, committed) = store.stream_backwards(order.into()).last()?;
    match committed.recorded.event.order() {
        Some(OrderEvent::OrderCreated { total, .. }) => Some((committed.at, *total)),
        _ => None,
    }
}

/// Does the event give a customer or a product another name?
pub const fn names_something(event: &Event) -> bool {
    name_given(event).is_some()
}

/// The name that the event gives to a customer or a product, if it gives one.
pub const fn name_given(event: &Event) -> Option<&Arc<str>> {
    match event {
        Event::Customer(CustomerEvent::CustomerRegistered { name, .. } | CustomerEvent::CustomerRenamed { name })
        | Event::Product(ProductEvent::ProductCreated { name, .. } | ProductEvent::ProductRenamed { name }) => {
            Some(name)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, is_joined_of};

    #[test]
    fn a_text_is_taken_apart_only_into_names_that_there_were() {
        let choices: [Vec<Arc<str>>; 2] = [vec!["Lamp".into(), "Lamp, tall".into()], vec!["Chair".into(), "".into()]];
        for text in ["Lamp, Chair", "Lamp, tall, Chair", "Lamp, "] {
            assert!(is_joined_of(text, &choices), "{text}");
        }
        for text in ["Lamp", "Chair, Lamp", "Lamp, Chair, Chair", ""] {
            assert!(!is_joined_of(text, &choices), "{text}");
        }
        assert!(is_joined_of("", &[]) && !is_joined_of("Lamp", &[]));
    }
}
