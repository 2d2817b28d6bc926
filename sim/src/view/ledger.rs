//! The truth beside both read models, cell by cell.

use crate::oracle::judgement::{Fields, shown_of, true_of};
pub use crate::oracle::judgement::{Freshness, OrderField, SalesField};
use crate::oracle::lab::Lab;
use crate::shop::ids::OrderId;
use crate::shop::money::Cents;
use crate::system::place::Model;

/// A window on the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The rows shown.
    pub rows: Vec<LedgerRow>,
    /// How many orders the question matches in all.
    pub matching: usize,
}

/// One cell and its copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// Which cell.
    pub cell: Cell,
    /// Its name, such as `O-3 quantity`.
    pub label: String,
    /// What is true.
    pub truth: String,
    /// What each read model shows; `None` where a model does not hold this cell.
    pub copies: Vec<(Model, Option<Shown>)>,
}

/// What a read model shows in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The value as text; `absent` when there is no row yet.
    pub text: String,
    /// How it stands to the truth.
    pub freshness: Freshness,
}

/// The name of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// A figure of the sales dashboard.
    Sales(SalesField),
    /// A field of one order in the order view.
    Order(OrderId, OrderField),
}

/// Which rows of the ledger to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerQuery {
    /// Only cells in which some copy differs from the truth. The dashboard's figures are always shown.
    pub differences_only: bool,
    /// Only orders whose name contains this.
    pub search: String,
    /// About how many rows to give at most; the rows of one order stay together.
    pub limit: usize,
}

impl Cell {
    /// Its name, such as `O-3 quantity`.
    pub fn label(self) -> String {
        match self {
            Self::Sales(field) => sales_name(field).to_owned(),
            Self::Order(order, field) => format!("{order} {}", order_name(field)),
        }
    }

    /// The read model that holds it.
    pub const fn model(self) -> Model {
        match self {
            Self::Sales(_) => Model::SalesDashboard,
            Self::Order(..) => Model::OrderView,
        }
    }

    /// What is true.
    pub fn truth(self, lab: &Lab) -> String {
        match self {
            Self::Sales(field) => {
                let truth = lab.sales();
                sales_text(field, truth.orders, truth.units, truth.revenue, truth.delivered)
            }
            Self::Order(order, field) => order_text(true_of(&lab.order(order)).as_ref(), field),
        }
    }

    /// What its read model shows.
    pub fn shown(self, lab: &Lab) -> Shown {
        match self {
            Self::Sales(field) => {
                let sales = lab.dashboard();
                let text = sales_text(field, sales.orders, sales.units, sales.revenue, sales.delivered);
                Shown { text, freshness: lab.watch(Model::SalesDashboard).sales.sales_field(field) }
            }
            Self::Order(order, field) => Shown {
                text: order_text(shown_of(lab.row(order)).as_ref(), field),
                freshness: lab.watch(Model::OrderView).judged(order).order_field(field),
            },
        }
    }

    fn row(self, lab: &Lab) -> LedgerRow {
        let copies = Model::ALL.map(|model| (model, (model == self.model()).then(|| self.shown(lab)))).into();
        LedgerRow { cell: self, label: self.label(), truth: self.truth(lab), copies }
    }
}

const fn sales_name(field: SalesField) -> &'static str {
    match field {
        SalesField::Orders => "orders",
        SalesField::Units => "units",
        SalesField::Revenue => "revenue",
        SalesField::Delivered => "delivered",
    }
}

const fn order_name(field: OrderField) -> &'static str {
    match field {
        OrderField::Customer => "customer",
        OrderField::Quantity => "quantity",
        OrderField::Total => "total",
        OrderField::Status => "status",
    }
}

fn sales_text(field: SalesField, orders: i64, units: i64, revenue: Cents, delivered: i64) -> String {
    match field {
        SalesField::Orders => orders.to_string(),
        SalesField::Units => units.to_string(),
        SalesField::Revenue => revenue.to_string(),
        SalesField::Delivered => delivered.to_string(),
    }
}

fn order_text(cells: Option<&Fields>, field: OrderField) -> String {
    match (cells, field) {
        (None, _) => "absent".to_owned(),
        (Some(cells), OrderField::Customer) => cells.0.map_or("unknown".to_owned(), |customer| customer.to_string()),
        (Some(cells), OrderField::Quantity) => cells.1.to_string(),
        (Some(cells), OrderField::Total) => cells.2.to_string(),
        (Some(cells), OrderField::Status) => cells.3.to_string(),
    }
}

/// The rows that answer the question: the dashboard's figures first, then orders, the worst ones leading.
pub fn ledger(lab: &Lab, query: &LedgerQuery) -> Ledger {
    let mut rows: Vec<LedgerRow> = Vec::new();
    if query.search.is_empty() {
        rows.extend(SalesField::ALL.map(|field| Cell::Sales(field).row(lab)));
    }
    let watch = lab.watch(Model::OrderView);
    let mut orders: Vec<(Freshness, OrderId)> = lab
        .orders()
        .map(|(order, _)| (watch.judged(order).worst(), order))
        .filter(|(worst, order)| {
            (!query.differences_only || *worst != Freshness::Fresh)
                && (query.search.is_empty() || order.to_string().contains(query.search.trim()))
        })
        .collect();
    let matching = orders.len();
    // Wrong before stale before fresh, and then the newest order first: it is the one that has just moved.
    orders.sort_unstable_by(|one, other| other.cmp(one));
    for (_, order) in orders {
        if rows.len() >= query.limit {
            break;
        }
        let judged = watch.judged(order);
        let fields = OrderField::ALL.into_iter();
        let fields = fields.filter(|field| !query.differences_only || judged.order_field(*field) != Freshness::Fresh);
        rows.extend(fields.map(|field| Cell::Order(order, field).row(lab)));
    }
    Ledger { rows, matching }
}
