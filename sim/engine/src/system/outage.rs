//! When the owners of data are down, and when they are slow.

use crate::kernel::time::Micros;
use crate::shop::refusal::OwnerName;

use super::context::Context;
use super::options::{Options, OwnerService};
use super::place::Service;

/// When a service that is down at `now` is up again.
pub fn down_until(service: Service, now: Micros, options: &Options) -> Option<Micros> {
    let owner = options_of(service, options)?;
    let up = owner.down_from + owner.down_for;
    (owner.down_from <= now && now < up).then_some(up)
}

/// The service, if it is an owner that is down now.
pub fn down(service: Service, ctx: &Context<'_>) -> Option<OwnerName> {
    down_until(service, ctx.now, ctx.options).and(owner_name(service))
}

/// By how much all that a service does takes longer now.
pub fn slowed_by(service: Service, ctx: &Context<'_>) -> Micros {
    match options_of(service, ctx.options) {
        Some(owner) if owner.slow_from <= ctx.now && ctx.now < owner.slow_from + owner.slow_for => owner.slow_by,
        _ => Micros::ZERO,
    }
}

/// The name of a service as refusals use it; the Order Service is nobody's owner.
pub const fn owner_name(service: Service) -> Option<OwnerName> {
    match service {
        Service::Orders => None,
        Service::Products => Some(OwnerName::Products),
        Service::Customers => Some(OwnerName::Customers),
    }
}

const fn options_of(service: Service, options: &Options) -> Option<&OwnerService> {
    match service {
        Service::Orders => None,
        Service::Products => Some(&options.product_service),
        Service::Customers => Some(&options.customer_service),
    }
}
