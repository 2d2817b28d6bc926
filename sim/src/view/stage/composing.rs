//! Calls of the gateway that composes answers, on the stage.

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::OrderId;
use crate::system::place::{Place, Service};
use crate::system::queries::call::{Call, ComposeTask, Look};

use super::{Flight, FlightKind};
use crate::view::stage::flight::{flight_id, plain};

/// Does the gateway compose answers in this run?
pub fn takes_part(lab: &Lab) -> bool {
    lab.world().options().queries.composition.is_some()
}

/// What the gateway is at, where it composes answers.
pub fn line(lab: &Lab) -> Option<String> {
    let open = lab.world().reads().composer.waiting();
    takes_part(lab).then(|| format!("composes {open}"))
}

/// The ways between the gateway and the services. The owners are on the stage only where there are some.
pub fn ways(lab: &Lab) -> Vec<(Place, Place)> {
    if !takes_part(lab) {
        return Vec::new();
    }
    let stands = |service: &Service| *service == Service::Orders || lab.world().has_owners();
    Service::ALL.into_iter().filter(stands).map(|service| (Place::Gateway, place_of(service))).collect()
}

/// The flight of a call or a reply.
pub fn flight(lab: &Lab, due: Micros, task: &ComposeTask) -> Option<Flight> {
    let (call, kind, sent) = match task {
        ComposeTask::Arrives(call) => (&**call, FlightKind::Query, call.sent),
        ComposeTask::Replies(told) => (&told.call, FlightKind::Reply, told.sent),
        ComposeTask::Looked(_) | ComposeTask::TimesOut(..) | ComposeTask::Joined(..) => return None,
    };
    let service = call.look.owner();
    if service != Service::Orders && !lab.world().has_owners() {
        return None;
    }
    let (there, gateway) = (place_of(service), Place::Gateway);
    let (from, to) = if kind == FlightKind::Query { (gateway, there) } else { (there, gateway) };
    let number = if kind == FlightKind::Query { 14 } else { 15 };
    let nth = call.attempt.wrapping_mul(1_000).wrapping_add(call.nth);
    let id = flight_id(number, call.query.0, nth, service.index() as u64);
    Some(Flight { id, label: call.query.to_string(), kind, from, to, sent, of: about(call), ..plain(due) })
}

const fn place_of(service: Service) -> Place {
    match service {
        Service::Orders => Place::Handler,
        owner => Place::Owner(owner),
    }
}

/// What a call is about: the first of several things.
fn about(call: &Call) -> Aggregate {
    match &call.look {
        Look::Order(order) => (*order).into(),
        Look::Orders { customer, .. } | Look::Customer(customer) => (*customer).into(),
        Look::Products(products) => {
            products.first().map_or(Aggregate::Order(OrderId(0)), |product| Aggregate::from(*product))
        }
    }
}
