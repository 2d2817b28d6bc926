//! On which projections the controls of the bench act.

use sim::system::options::{Consumer, Options};
use sim::system::place::Model;

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
            Self::Both => &Model::ALL,
            Self::One(Model::OrderView) => &[Model::OrderView],
            Self::One(Model::SalesDashboard) => &[Model::SalesDashboard],
        }
    }
}

/// The options of one projection.
pub const fn projection(options: &Options, model: Model) -> &Consumer {
    match model {
        Model::OrderView => &options.projections.order_view,
        Model::SalesDashboard => &options.projections.sales_dashboard,
    }
}

/// The options of one projection, to be changed.
pub const fn projection_mut(options: &mut Options, model: Model) -> &mut Consumer {
    match model {
        Model::OrderView => &mut options.projections.order_view,
        Model::SalesDashboard => &mut options.projections.sales_dashboard,
    }
}
