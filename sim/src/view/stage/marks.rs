//! Marks: faults that act on a part, protections at work there, and what it keeps waiting.

use crate::oracle::lab::Lab;
use crate::system::breaker::{Breaker, Circuit};
use crate::system::node::Node;
use crate::system::options::{DataAccess, OwnerService};
use crate::system::outage;
use crate::system::place::{Reader, Service};
use crate::view::words::clock;

use super::{Mark, MarkKind, Mood};

fn mark(kind: MarkKind, text: String) -> Mark {
    Mark { kind, text }
}

/// What a reader keeps back: events that wait for their predecessors, dead letters, and whether it has stopped.
pub fn of_reader(lab: &Lab, reader: Reader) -> Vec<Mark> {
    let consumer = lab.world().reader(reader);
    let (held, parked) = (consumer.sequences().held(), consumer.dead_letters().count());
    let mut marks = Vec::new();
    if held > 0 {
        marks.push(mark(MarkKind::Waiting, format!("{held} wait for a gap")));
    }
    if parked > 0 {
        marks.push(mark(MarkKind::Waiting, format!("{parked} parked")));
    }
    if consumer.group().halted() > 0 {
        marks.push(mark(MarkKind::Waiting, "halted".to_owned()));
    }
    marks
}

/// The circuit breakers in front of the owners, at whoever asks them.
pub fn circuits(lab: &Lab) -> Vec<Mark> {
    let options = &lab.world().options().order_service;
    let asks = matches!(options.data_access, DataAccess::SynchronousApi | DataAccess::Composition);
    if !asks || options.api.breaker.is_none() {
        return Vec::new();
    }
    told_of("for commands", ["products", "customers"].into_iter().zip(lab.world().enquiries().breakers()))
}

/// The circuit breakers in front of the services that the gateway calls for queries.
pub fn calling_circuits(lab: &Lab) -> Vec<Mark> {
    let composition = lab.world().options().queries.composition.as_ref();
    if composition.is_none_or(|one| one.breaker.is_none()) {
        return Vec::new();
    }
    let breakers = lab.world().reads().composer.breakers();
    told_of("for queries", ["orders", "products", "customers"].into_iter().zip(breakers))
}

/// Circuits in words. Commands and queries have their own, of which one may be open and the other closed.
fn told_of<'a>(whose: &str, breakers: impl Iterator<Item = (&'a str, &'a Breaker)>) -> Vec<Mark> {
    let open: Vec<Mark> = breakers
        .filter_map(|(owner, breaker)| match breaker.circuit() {
            Circuit::Closed => None,
            Circuit::Open => Some(mark(MarkKind::Guard, format!("{owner} {whose}: circuit open"))),
            Circuit::HalfOpen => Some(mark(MarkKind::Guard, format!("{owner} {whose}: probing"))),
        })
        .collect();
    if open.is_empty() { vec![mark(MarkKind::Guard, format!("circuits {whose} closed"))] } else { open }
}

/// How a service is that may be stopped by a hand or by its own plan, and until when, if that is known.
pub fn of_service(lab: &Lab, service: Service) -> (Mood, Vec<Mark>) {
    let world = lab.world();
    let node = Node::Service(service);
    if let Some(until) = outage::down_until(service, world.now(), world.options()) {
        return (Mood::Down, vec![mark(MarkKind::Fault, format!("until {}", clock(until)))]);
    }
    let mood = if world.has_crashed(node) {
        Mood::Down
    } else if world.is_stopped(node) {
        Mood::Paused
    } else {
        Mood::Fine
    };
    let slow = slowness(lab, service).map(|text| mark(MarkKind::Fault, text));
    (mood, slow.into_iter().collect())
}

fn slowness(lab: &Lab, service: Service) -> Option<String> {
    let (options, now) = (lab.world().options(), lab.world().now());
    let owner: &OwnerService = match service {
        Service::Orders => return None,
        Service::Products => &options.product_service,
        Service::Customers => &options.customer_service,
    };
    let is_slow = owner.slow_from <= now && now < owner.slow_from + owner.slow_for;
    is_slow.then(|| format!("slower by {}", owner.slow_by))
}
