//! A row that somebody writes by hand [seed 004]. No event says so: whoever rebuilds the model loses the edit, and until then the
//! table is a second source of truth.

use crate::shop::aggregate::Aggregate;
use crate::system::hands::RowAct;

use super::read_model::ReadModel;

impl ReadModel {
    /// Writes a row, or deletes it; false if the model has no such row, or nothing of the kind in it.
    pub fn edit(&mut self, of: Option<Aggregate>, act: RowAct) -> bool {
        match (self, of) {
            (Self::OrderView(view), Some(Aggregate::Order(order))) => view.edit(order, act),
            (Self::SalesDashboard(dashboard), None) => dashboard.edit(act),
            (Self::CustomerOrderHistory(history), Some(Aggregate::Order(order))) => history.edit(order, act),
            (Self::ProductSearch(search), Some(Aggregate::Product(product))) => search.edit(product, act),
            (Self::ProductStats(stats), Some(Aggregate::Product(product))) => stats.edit(product, act),
            (Self::OrderWorkQueue(queue), Some(Aggregate::Order(order))) => queue.edit(order, act),
            _ => false,
        }
    }
}
