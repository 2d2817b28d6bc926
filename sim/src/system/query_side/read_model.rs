//! The read models as targets of their projections.

use crate::shop::aggregate::Aggregate;
use crate::shop::event::Recorded;
use crate::shop::ids::{EventId, Version};
use crate::system::consumer::target::{Applying, Target};
use crate::system::place::Model;

use super::order_view::OrderView;
use super::sales_dashboard::SalesDashboard;

/// The read model that a projection keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ReadModel {
    /// One row for each order.
    OrderView(OrderView),
    /// The shop's figures.
    SalesDashboard(SalesDashboard),
}

impl ReadModel {
    /// An empty model; orders are numbered from `first` on.
    pub fn new(model: Model, first: u32) -> Self {
        match model {
            Model::OrderView => Self::OrderView(OrderView::from_order(first)),
            Model::SalesDashboard => Self::SalesDashboard(SalesDashboard::default()),
        }
    }
}

impl Target for ReadModel {
    fn row_version(&self, of: Aggregate) -> Version {
        match self {
            Self::OrderView(view) => of.order().and_then(|order| view.row(order)).map_or(0, |row| row.version),
            Self::SalesDashboard(dashboard) => dashboard.version(),
        }
    }

    fn last_event(&self, of: Aggregate) -> Option<EventId> {
        match self {
            Self::OrderView(view) => of.order().and_then(|order| view.row(order)).and_then(|row| row.last_event),
            Self::SalesDashboard(dashboard) => dashboard.last_event(),
        }
    }

    fn apply(&mut self, applying: Applying<'_>) -> bool {
        let Applying { event, recorded, upsert, .. } = applying;
        let (Some(order), Some(happened)) = (recorded.of.order(), recorded.event.order()) else { return false };
        match self {
            Self::OrderView(view) => view.apply(event, order, recorded.version, happened, upsert),
            Self::SalesDashboard(dashboard) => dashboard.apply(event, recorded.version, happened),
        }
    }

    fn refold(&mut self, applying: Applying<'_>, history: &[(EventId, &Recorded)]) -> bool {
        match (self, applying.recorded.of.order()) {
            (Self::OrderView(view), Some(order)) => view.refold(order, history),
            // Sums do not mind the order, so folding a history comes to adding each event once.
            (model, _) => model.apply(applying),
        }
    }
}
