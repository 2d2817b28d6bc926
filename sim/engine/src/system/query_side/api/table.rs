//! The read models as tables of rows for answers.

use std::sync::Arc;

use crate::shop::ids::OrderId;
use crate::system::queries::page::select;
use crate::system::queries::question::Query;
use crate::system::queries::row::{Fields, Row};
use crate::system::query_side::order_view::OrderRow;
use crate::system::query_side::product_search::Question;
use crate::system::query_side::read_model::ReadModel;

/// What a model has for a query, in the order asked for.
pub fn selected(model: &ReadModel, query: &Query) -> Vec<Row> {
    select(query, candidates(model, query))
}

/// What may belong into the answer: found by key or by index where there is one.
fn candidates(model: &ReadModel, query: &Query) -> Vec<Row> {
    match (model, query) {
        (ReadModel::OrderView(view), Query::Order { order: wanted }) => {
            view.row(*wanted).map(|row| order(*wanted, row)).into_iter().collect()
        }
        (ReadModel::OrderView(view), Query::Page { order: wanted }) => {
            view.row(*wanted).map(|row| page(*wanted, row, view.has_names())).into_iter().collect()
        }
        (ReadModel::OrderView(view), Query::Orders { .. }) => view.iter().map(|(id, row)| order(id, row)).collect(),
        (ReadModel::CustomerOrderHistory(history), Query::History { customer }) => {
            let past = history.of_customer(*customer).into_iter();
            past.map(|(id, row)| Row {
                of: id.into(),
                version: row.version,
                fields: Fields::Past {
                    customer: row.customer,
                    placed_at: row.placed_at,
                    total: row.total,
                    status: row.status,
                },
            })
            .collect()
        }
        (ReadModel::ProductSearch(search), Query::Products { text, .. }) => {
            let found = search.search(&Question { text: text.clone(), ..Question::default() }).into_iter();
            found
                .filter_map(|id| Some((id, search.product(id)?)))
                .map(|(id, row)| Row {
                    of: id.into(),
                    version: row.version,
                    fields: Fields::Product {
                        name: Arc::clone(&row.name),
                        category: Arc::clone(&row.category),
                        price: row.price,
                        stock: row.stock,
                        available: row.available,
                    },
                })
                .collect()
        }
        (ReadModel::OrderWorkQueue(queue), Query::Work { .. } | Query::Export { .. }) => {
            let waiting = queue.iter();
            waiting
                .map(|(id, work)| Row {
                    of: id.into(),
                    version: queue.version(id),
                    fields: Fields::Work {
                        team: work.team,
                        tenant: work.tenant,
                        sensitive: Some(work.sensitive),
                        due: work.due,
                    },
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The page of an order. A view without names says that they are missing.
fn page(order: OrderId, row: &OrderRow, has_names: bool) -> Row {
    let name = |name: &Arc<str>| has_names.then(|| Arc::clone(name));
    Row {
        of: order.into(),
        version: row.version,
        fields: Fields::Page {
            customer: row.customer,
            status: row.status,
            quantity: row.quantity,
            total: row.total,
            customer_name: name(&row.customer_name),
            product_names: name(&row.product_names),
        },
    }
}

fn order(order: OrderId, row: &OrderRow) -> Row {
    Row {
        of: order.into(),
        version: row.version,
        fields: Fields::Order { customer: row.customer, status: row.status, quantity: row.quantity, total: row.total },
    }
}
