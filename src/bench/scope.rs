//! On which projections the controls of the bench act.

use sim::system::options::{Consumer, Options};
use sim::system::place::{Model, Reader};

/// Both projections, or one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The order view's and the dashboard's.
    #[default]
    Both,
    /// One of them.
    One(Model),
}

impl Scope {
    /// Every choice, with its label.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::Both, "both"),
        (Self::One(Model::OrderView), "order view"),
        (Self::One(Model::SalesDashboard), "dashboard"),
    ];

    /// The read models whose projections are meant.
    pub const fn models(self) -> &'static [Model] {
        match self {
            Self::Both => &Model::ALWAYS,
            Self::One(Model::OrderView) => &[Model::OrderView],
            Self::One(Model::SalesDashboard) => &[Model::SalesDashboard],
            // The bench has no controls for models that only some runs have.
            Self::One(_) => &[],
        }
    }
}

/// The options of one projection.
pub fn projection(options: &Options, model: Model) -> &Consumer {
    options.consumer(Reader::Projection(model))
}

/// The options of one projection, to be changed.
pub const fn projection_mut(options: &mut Options, model: Model) -> &mut Consumer {
    let projections = &mut options.projections;
    match model {
        Model::OrderView => &mut projections.order_view,
        Model::SalesDashboard => &mut projections.sales_dashboard,
        Model::CustomerOrderHistory => &mut projections.customer_order_history,
        Model::ProductSearch => &mut projections.product_search,
        Model::ProductStats => &mut projections.product_stats,
        Model::OrderWorkQueue => &mut projections.order_work_queue,
    }
}
