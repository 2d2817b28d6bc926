//! A table with one row for each order.

use crate::kernel::pages::Pages;
use crate::shop::ids::OrderId;

/// Rows keyed by order. Orders are numbered from the run's first order on, so the table is dense.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ByOrder<T> {
    first: u32,
    rows: Pages<T>,
}

impl<T: Clone + Default> ByOrder<T> {
    /// An empty table for orders numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { first, rows: Pages::default() }
    }

    /// The order's row, if it was ever written or a later one was.
    pub fn get(&self, order: OrderId) -> Option<&T> {
        self.rows.get(order.0.checked_sub(self.first)? as usize)
    }

    /// The order's row, to be changed.
    ///
    /// # Panics
    /// When the order lies before the table's first: scenarios are checked for that when they are loaded.
    pub fn entry(&mut self, order: OrderId) -> &mut T {
        self.rows.entry((order.0 - self.first) as usize)
    }

    /// Every row with its order, by number.
    pub fn iter(&self) -> impl Iterator<Item = (OrderId, &T)> {
        (self.first..).map(OrderId).zip(self.rows.iter())
    }

    /// How many rows there are, up to the last one written.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Was no row written yet?
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
