//! The product statistics: how often each product was bought, kept by counting up [seed 001]. An aggregation with one row
//! for each product, fed by orders.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::shop::ids::{EventId, ProductId, Version};
use crate::shop::order::event::{Line, OrderEvent};
use crate::system::hands::RowAct;

/// A product's figures. A cancelled order was a purchase all the same; only a line taken out is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stats {
    /// How many lines of orders name it.
    pub purchases: i64,
    /// Units in them.
    pub units: i64,
}

/// The read model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProductStats {
    /// By number: products that nobody put up for sale may be ordered too, so the numbers are not dense.
    rows: Arc<BTreeMap<ProductId, Stats>>,
    /// The newest version seen, of whichever order: all that a guard on the rows can go by.
    version: Version,
    last_event: Option<EventId>,
}

impl ProductStats {
    /// A product's figures; zero where nobody has bought it.
    pub fn product(&self, product: ProductId) -> Stats {
        self.rows.get(&product).copied().unwrap_or_default()
    }

    /// The products by purchases, the most bought first and the lower number first among equals.
    pub fn best_sellers(&self) -> Vec<(ProductId, Stats)> {
        let mut found: Vec<_> = self.rows.iter().map(|(product, stats)| (*product, *stats)).collect();
        found.sort_by_key(|(product, stats)| (core::cmp::Reverse(stats.purchases), *product));
        found
    }

    /// How many products have a row.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// Writes a product's units by hand; false if it has no row, or something else was meant.
    pub fn edit(&mut self, product: ProductId, act: RowAct) -> bool {
        let (RowAct::SetUnits(units), Some(row)) = (act, Arc::make_mut(&mut self.rows).get_mut(&product)) else {
            return false;
        };
        row.units = units;
        true
    }

    /// The newest version seen of any order.
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The event that was applied last.
    pub const fn last_event(&self) -> Option<EventId> {
        self.last_event
    }

    /// Applies an event; true when a figure has changed.
    pub fn apply(&mut self, event: EventId, version: Version, happened: &OrderEvent) -> bool {
        self.version = self.version.max(version);
        self.last_event = Some(event);
        match happened {
            OrderEvent::OrderCreated { lines, .. } => lines.iter().for_each(|line| self.count_up(line, 1)),
            OrderEvent::ItemAdded { line } => self.count_up(line, 1),
            OrderEvent::ItemRemoved { line } => self.count_up(line, -1),
            _ => return false,
        }
        true
    }

    fn count_up(&mut self, line: &Line, by: i64) {
        let row = Arc::make_mut(&mut self.rows).entry(line.product).or_default();
        row.purchases += by;
        row.units += by * i64::from(line.quantity);
    }
}
