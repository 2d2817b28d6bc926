//! The read models as targets of their projections.

use crate::shop::aggregate::Aggregate;
use crate::shop::customer::rights::Rights;
use crate::shop::event::{Event, Recorded};
use crate::shop::ids::{CustomerId, EventId, Version};
use crate::system::consumer::target::{Applying, Target};
use crate::system::options::Options;
use crate::system::place::Model;

use super::customer_order_history::CustomerOrderHistory;
use super::order_view::OrderView;
use super::order_work_queue::OrderWorkQueue;
use super::product_search::ProductSearch;
use super::product_stats::ProductStats;
use super::sales_dashboard::SalesDashboard;

/// The read model that a projection keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ReadModel {
    /// One row for each order.
    OrderView(OrderView),
    /// The shop's figures.
    SalesDashboard(SalesDashboard),
    /// Each customer's orders.
    CustomerOrderHistory(CustomerOrderHistory),
    /// Products by words.
    ProductSearch(ProductSearch),
    /// How often each product was bought.
    ProductStats(ProductStats),
    /// Orders that wait to be shipped.
    OrderWorkQueue(OrderWorkQueue),
}

impl ReadModel {
    /// An empty model; orders are numbered from `first` on.
    pub fn new(model: Model, first: u32, options: &Options) -> Self {
        match model {
            Model::OrderView if options.projections.order_view.names => Self::OrderView(OrderView::with_names(first)),
            Model::OrderView => Self::OrderView(OrderView::from_order(first)),
            Model::SalesDashboard => Self::SalesDashboard(SalesDashboard::default()),
            Model::CustomerOrderHistory => Self::CustomerOrderHistory(CustomerOrderHistory::from_order(first)),
            Model::ProductSearch => Self::ProductSearch(ProductSearch::default()),
            Model::ProductStats => Self::ProductStats(ProductStats::default()),
            Model::OrderWorkQueue => Self::OrderWorkQueue(OrderWorkQueue::from_order(first)),
        }
    }

    /// How many rows it has; the dashboard is one row.
    pub fn rows(&self) -> u64 {
        match self {
            Self::OrderView(view) => u64::from(view.count()),
            Self::SalesDashboard(_) => 1,
            Self::CustomerOrderHistory(history) => u64::from(history.count()),
            Self::ProductSearch(search) => search.count() as u64,
            Self::ProductStats(stats) => stats.count() as u64,
            Self::OrderWorkQueue(queue) => u64::from(queue.count()),
        }
    }

    /// What an account may see, as far as the model has heard of it.
    pub fn rights(&self, account: CustomerId) -> Option<Rights> {
        if let Self::OrderWorkQueue(queue) = self { queue.rights().account(account).rights } else { None }
    }

    /// The row of the product search that events of this aggregate go to, as its version and its last event.
    fn product(&self, of: Aggregate) -> Option<(Version, Option<EventId>)> {
        match (self, of) {
            (Self::ProductSearch(search), Aggregate::Product(product)) => {
                search.product(product).map(|row| (row.version, row.last_event))
            }
            _ => None,
        }
    }
}

impl Target for ReadModel {
    fn row_version(&self, of: Aggregate) -> Version {
        let order = of.order();
        match self {
            Self::OrderView(view) => view.row_version(of),
            Self::SalesDashboard(dashboard) => dashboard.version(),
            Self::CustomerOrderHistory(history) => {
                order.and_then(|order| history.order(order)).map_or(0, |row| row.version)
            }
            Self::ProductSearch(_) => self.product(of).map_or(0, |(version, _)| version),
            Self::ProductStats(stats) => stats.version(),
            Self::OrderWorkQueue(queue) => match of {
                Aggregate::Customer(account) => queue.rights().account(account).version,
                _ => order.map_or(0, |order| queue.version(order)),
            },
        }
    }

    fn last_event(&self, of: Aggregate) -> Option<EventId> {
        let order = of.order();
        match self {
            Self::OrderView(view) => view.last_event(of),
            Self::SalesDashboard(dashboard) => dashboard.last_event(),
            Self::CustomerOrderHistory(history) => history.order(order?)?.last_event,
            Self::ProductSearch(_) => self.product(of)?.1,
            Self::ProductStats(stats) => stats.last_event(),
            Self::OrderWorkQueue(queue) => match of {
                Aggregate::Customer(account) => queue.rights().account(account).last_event,
                _ => queue.last_event(order?),
            },
        }
    }

    fn apply(&mut self, applying: Applying<'_>) -> bool {
        let Applying { event, recorded, upsert, .. } = applying;
        if let (Some(order), Some(happened)) = (recorded.of.order(), recorded.event.order()) {
            return match self {
                Self::OrderView(view) => view.apply(event, order, recorded.version, happened, upsert),
                Self::SalesDashboard(dashboard) => dashboard.apply(event, recorded.version, happened),
                Self::CustomerOrderHistory(history) => history.apply(applying, order, happened),
                Self::ProductStats(stats) => stats.apply(event, recorded.version, happened),
                Self::OrderWorkQueue(queue) => queue.apply(applying, order, happened),
                Self::ProductSearch(_) => false,
            };
        }
        if let (Self::OrderWorkQueue(queue), Aggregate::Customer(account), Event::Customer(happened)) =
            (&mut *self, recorded.of, &recorded.event)
        {
            return queue.note_rights(applying, account, happened);
        }
        match (self, recorded.of, recorded.event.product()) {
            (Self::OrderView(view), ..) => view.rename(event, recorded),
            (Self::ProductSearch(search), Aggregate::Product(product), Some(happened)) => {
                search.apply(event, recorded.version, product, happened)
            }
            _ => false,
        }
    }

    fn refold(&mut self, applying: Applying<'_>, history: &[(EventId, &Recorded)]) -> bool {
        match (self, applying.recorded.of) {
            (Self::OrderView(view), Aggregate::Order(order)) => view.refold(order, history),
            // A name has no parts: folding its history comes to taking the last one in it.
            (Self::OrderView(view), _) => {
                let renamed = history.iter().map(|(event, recorded)| view.rename(*event, recorded));
                renamed.fold(false, |one, other| one | other)
            }
            (Self::CustomerOrderHistory(orders), Aggregate::Order(order)) => orders.refold(applying, order, history),
            (Self::OrderWorkQueue(queue), Aggregate::Order(order)) => queue.refold(applying, order, history),
            (Self::OrderWorkQueue(queue), Aggregate::Customer(account)) => queue.refold_rights(account, history),
            (Self::ProductSearch(search), Aggregate::Product(product)) => search.refold(product, history),
            // Sums do not mind the order, so folding a history comes to adding each event once.
            (model, _) => model.apply(applying),
        }
    }
}
