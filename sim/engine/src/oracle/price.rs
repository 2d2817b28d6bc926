//! Invariant, *always*: the price charged is the price in force when the order was decided [seed 000, scenario 1].

use crate::shop::order::event::{Line, OrderEvent};

use super::truth::ProductTruth;

/// The first line of a new order whose price is not the owner's, given what is true of each product now. Products that no
/// owner has ever had carry whatever price the order says.
pub fn mischarged(event: &OrderEvent, truth: impl Fn(&Line) -> ProductTruth) -> Option<&Line> {
    let OrderEvent::OrderCreated { lines, .. } = event else { return None };
    lines.iter().find(|line| {
        let truth = truth(line);
        truth.exists && truth.price != line.price
    })
}
