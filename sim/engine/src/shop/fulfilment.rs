//! Who packs and ships an order, how carefully, and by when: rules of the shop that several parts follow [seed 004].

use crate::kernel::time::Micros;

use super::ids::{CustomerId, OrderId};
use super::money::Cents;

/// How many teams share the work.
pub const TEAMS: u32 = 4;
/// How many tenants the shop has.
pub const TENANTS: u32 = 3;
/// From which total on an order needs care.
pub const SENSITIVE_FROM: Cents = Cents(20_000);
/// How long after it was placed an order is due.
pub const DUE_AFTER: Micros = Micros::from_secs(60);

/// The team of an order, from 1, by a hash of its number, so that neighbours go to different teams.
pub const fn team_of(order: OrderId) -> u32 {
    (order.0.wrapping_mul(0x9e37_79b1) >> 16) % TEAMS + 1
}

/// The tenant that a customer belongs to, from 1.
pub const fn tenant_of(customer: CustomerId) -> u32 {
    customer.0 % TENANTS + 1
}
