//! The truth about how often each product was bought, folded from orders; and the same as far as a reader has come.

use std::collections::BTreeMap;

use crate::shop::ids::ProductId;
use crate::shop::order::event::{Line, OrderEvent};

/// For each product how many lines of orders name it, and how many units are in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductSales {
    bought: BTreeMap<ProductId, (i64, i64)>,
}

impl ProductSales {
    /// How many lines and units.
    pub fn of(&self, product: ProductId) -> (i64, i64) {
        self.bought.get(&product).copied().unwrap_or_default()
    }

    /// Every product that was ever bought.
    pub fn products(&self) -> impl Iterator<Item = ProductId> {
        self.bought.keys().copied()
    }

    /// Records one more event.
    pub fn record(&mut self, event: &OrderEvent) {
        let sign = if matches!(event, OrderEvent::ItemRemoved { .. }) { -1 } else { 1 };
        for line in lines_in(event) {
            let (lines, units) = self.bought.entry(line.product).or_default();
            *lines += sign;
            *units += sign * i64::from(line.quantity);
        }
    }
}

/// The lines that an event is about.
pub fn lines_in(event: &OrderEvent) -> &[Line] {
    match event {
        OrderEvent::OrderCreated { lines, .. } => lines,
        OrderEvent::ItemAdded { line } | OrderEvent::ItemRemoved { line } => core::slice::from_ref(line),
        _ => &[],
    }
}
