//! Invariant, *eventually*: every saga comes to an end, and leaves nothing set aside for an order that has not been confirmed.

use crate::shop::ids::OrderId;
use crate::shop::order::status::Status;
use crate::shop::product::Product;
use crate::system::command_side::saga::instance::{Instance, Phase};
use crate::system::command_side::saga::table::{SagaTable, is_end};

use super::truth::OrderTruth;

/// Is something left hanging about this order, now that everything is quiet?
pub fn is_stuck(order: OrderId, truth: &OrderTruth, sagas: &SagaTable) -> bool {
    let phase = sagas.instance(order).map(Instance::phase).unwrap_or_default();
    // A saga that never began leaves an order pending, unless the customer has cancelled it, and then it needs none.
    truth.status == Status::Pending || (phase != Phase::Unknown && !is_end(phase))
}

/// The orders for which some of a product is set aside though they did not come about.
pub fn leaked(product: &Product, truth: impl Fn(OrderId) -> OrderTruth) -> Option<OrderId> {
    product.reserved.iter().map(|(order, _)| *order).find(|order| !truth(*order).counts())
}
