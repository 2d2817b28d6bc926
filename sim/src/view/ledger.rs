//! The truth beside both read models, cell by cell.

use crate::shop::ids::OrderId;
use crate::system::place::Model;

/// A window on the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The rows shown.
    pub rows: Vec<LedgerRow>,
    /// How many rows the question matches in all.
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

/// How a value stands to the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Freshness {
    /// It is true now.
    Fresh,
    /// It was true at the position that the row has reached.
    Stale,
    /// It was not true at the position that the row has reached, nor is it now.
    Wrong,
}

/// The name of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// A figure of the sales dashboard.
    Sales(SalesField),
    /// A field of one order in the order view.
    Order(OrderId, OrderField),
}

/// The fields of the order view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderField {
    /// Who ordered.
    Customer,
    /// How many units in all.
    Quantity,
    /// What they cost in all.
    Total,
    /// Where the order stands.
    Status,
}

/// The figures of the sales dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SalesField {
    /// Orders placed and not cancelled.
    Orders,
    /// Units in them.
    Units,
    /// What they cost in all.
    Revenue,
    /// Orders delivered.
    Delivered,
}

/// Which rows of the ledger to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerQuery {
    /// Only cells in which some copy differs from the truth. The dashboard's figures are always shown.
    pub differences_only: bool,
    /// Only orders whose name contains this.
    pub search: String,
    /// The most rows to give.
    pub limit: usize,
}
