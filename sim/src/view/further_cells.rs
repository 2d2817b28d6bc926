//! The cells of the read models that take part only where the options name them, and of the names in the order view.

use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::system::place::{Model, Reader};

use super::ledger::Cell;

/// The names of a model's fields, in the order of its cells; those of the order view that every run has come first.
pub const fn fields(model: Model) -> &'static [&'static str] {
    match model {
        Model::OrderView => &["customer", "quantity", "total", "status", "customer name", "product names"],
        Model::SalesDashboard => &["orders", "units", "revenue", "delivered"],
        Model::CustomerOrderHistory => &["customer", "date", "total", "status"],
        Model::ProductSearch => &["name", "category", "price", "stock", "availability"],
        Model::ProductStats => &["purchases", "units"],
        Model::OrderWorkQueue => &["team", "tenant", "sensitivity", "due"],
    }
}

/// The cells about an aggregate that this run has besides those that every run has.
pub fn further_cells(lab: &Lab, of: Aggregate) -> Vec<Cell> {
    let models: &[Model] = match of {
        Aggregate::Order(_) => &[Model::OrderView, Model::CustomerOrderHistory, Model::OrderWorkQueue],
        Aggregate::Product(_) => &[Model::ProductSearch, Model::ProductStats],
        Aggregate::Customer(_) => &[],
    };
    let taking_part = models.iter().filter(|model| lab.world().takes_part(Reader::Projection(**model)));
    taking_part
        .flat_map(|model| {
            let first = match model {
                Model::OrderView if lab.shows_names() => 4,
                Model::OrderView => fields(*model).len(),
                _ => 0,
            };
            (first..fields(*model).len()).map(|field| Cell::Of { model: *model, of, field })
        })
        .collect()
}

/// The aggregates whose events made a cell: for a sum at most `orders_max` of those that it has not got right. A name in an
/// order's row has sources of its own.
pub fn sources(lab: &Lab, model: Model, of: Aggregate, field: usize, orders_max: usize) -> Vec<Aggregate> {
    match (model, of) {
        (Model::ProductStats, _) => {
            lab.model(model).deviating.iter().take(orders_max).copied().map(Aggregate::Order).collect()
        }
        (Model::OrderView, Aggregate::Order(order)) if field >= 4 => {
            let customer = lab.order(order).customer.map(Aggregate::Customer);
            let products = lab.lines_of(order).into_iter().map(Aggregate::Product);
            core::iter::once(of).chain(customer).chain(products).collect()
        }
        _ => vec![of],
    }
}
