//! Which of the options are whose.

use crate::system::place::{Model, Reader, Replica};

use super::{Consumer, Options};

impl Options {
    /// Those of a reader. The second version of a model runs as its rebuild says, and otherwise as the first one.
    pub fn consumer(&self, reader: Reader) -> &Consumer {
        match reader {
            Reader::Second(model) => {
                let first = self.consumer(Reader::Projection(model));
                first.rebuild.as_ref().and_then(|rebuild| rebuild.with.as_deref()).unwrap_or(first)
            }
            Reader::Projection(Model::OrderView) => &self.projections.order_view,
            Reader::Projection(Model::SalesDashboard) => &self.projections.sales_dashboard,
            Reader::Replica(Replica::Products) => &self.replicas.products,
            Reader::Replica(Replica::Customers) => &self.replicas.customers,
            Reader::Saga => &self.saga.consumer,
            Reader::Projection(Model::CustomerOrderHistory) => &self.projections.customer_order_history,
            Reader::Projection(Model::ProductSearch) => &self.projections.product_search,
            Reader::Projection(Model::ProductStats) => &self.projections.product_stats,
            Reader::Projection(Model::OrderWorkQueue) => &self.projections.order_work_queue,
        }
    }
}
