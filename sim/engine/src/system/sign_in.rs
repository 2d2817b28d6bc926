//! Who signs in to send a command, unless a script says otherwise: whoever usually sends such a one.

use crate::shop::actor::Actor;
use crate::shop::aggregate::Aggregate;
use crate::shop::command::Command;
use crate::shop::ids::{CustomerId, OrderId};
use crate::shop::order::command::OrderCommand;

use super::client::chosen_customer;
use super::context::Context;
use super::options::Act;

/// Customers place orders and change their own; staff does the rest. Nobody, for an order that nobody places.
pub fn usual(command: &Command, of: Aggregate, ctx: &Context<'_>) -> Option<Actor> {
    match (command, of) {
        (Command::Order(OrderCommand::CreateOrder { customer, .. }), _) => Some(Actor::Customer(*customer)),
        (Command::Order(OrderCommand::ShipOrder | OrderCommand::DeliverOrder), _) => Some(Actor::Staff),
        (Command::Order(_), Aggregate::Order(order)) => customer_of(order, ctx).map(Actor::Customer),
        _ => Some(Actor::Staff),
    }
}

/// Who places this order: in the script, or in the workload.
pub fn customer_of(order: OrderId, ctx: &Context<'_>) -> Option<CustomerId> {
    let workload = &ctx.options.workload;
    let placed = workload.script.iter().find_map(|scripted| match &scripted.act {
        Act::CreateOrder { customer, .. } if scripted.to == order.into() => Some(*customer),
        _ => None,
    });
    let last = workload.first_order.saturating_add(workload.orders);
    placed.or_else(|| (workload.first_order..last).contains(&order.0).then(|| chosen_customer(order, ctx)))
}
