//! What a hand can do: interventions, made from what lies ahead in the run.

use crate::oracle::lab::Lab;
use crate::shop::ids::EventId;
use crate::shop::order::event::OrderEvent;
use crate::system::fate::{Fate, Override, Purpose};
use crate::system::hands::Message;
use crate::system::node::Node;
use crate::system::place::{Model, Place, Reader, Service};
use crate::system::task::Task;
use crate::system::trace::{Trace, What};

use super::stage::{Flight, flight_of};

/// The name of a message on its way, by the number of its flight on the stage.
pub fn message(lab: &Lab, flight: u64) -> Option<Message> {
    in_flight(lab, flight).and_then(|(_, task)| Message::of(task, lab.world().store()))
}

/// A message on its way, by the number of its flight on the stage, and its arrival.
pub fn in_flight(lab: &Lab, flight: u64) -> Option<(Flight, &Task)> {
    // No two messages have the same number, so it does not matter which is looked at first.
    lab.world().agenda().iter().find_map(|(due, task)| {
        let found = flight_of(lab, due, task).filter(|one| one.id == flight)?;
        Some((found, task))
    })
}

/// The node that stands at a place, if a hand can stop one there.
pub const fn node(place: Place) -> Option<Node> {
    match place {
        Place::Handler | Place::Orders | Place::Outbox => Some(Node::Service(Service::Orders)),
        Place::Owner(service) | Place::OwnerOutbox(service) => Some(Node::Service(service)),
        Place::Broker | Place::Partition(_) | Place::Queue(_) => Some(Node::Broker),
        Place::Projector(model, number) => Some(Node::Reader(Reader::Projection(model), Some(number))),
        Place::Second(model) => Some(Node::Reader(Reader::Second(model), None)),
        Place::Replica(replica) => Some(Node::Reader(Reader::Replica(replica), None)),
        Place::Saga => Some(Node::Reader(Reader::Saga, None)),
        Place::Edge(edge) => Some(Node::Edge(edge)),
        Place::Shopper | Place::BackOffice | Place::ReadModel(_) | Place::Gateway | Place::Payments => None,
        Place::QueryClients | Place::QueryApi | Place::Cache | Place::ReadReplica(_) => None,
    }
}

/// The override that makes the next delivery of a new order to this model's projector arrive twice.
///
/// `ahead` is the trace from the moment looked at on; `lab` is the lab at its end, which knows the events.
pub fn deliver_twice(lab: &Lab, ahead: Trace<'_>, model: Model) -> Option<(EventId, Override)> {
    ahead.iter().find_map(|entry| match entry.what {
        What::Sent(delivered) if delivered.reader == Reader::Projection(model) => {
            let committed = lab.world().store().event(delivered.event);
            // A new order is what shows best when it counts twice.
            matches!(committed.recorded.event.order(), Some(OrderEvent::OrderCreated { .. })).then(|| {
                let subject = committed.subject();
                let attempt = delivered.attempt;
                let fate = Fate::Happens;
                let one = Override {
                    purpose: Purpose::Duplicate,
                    hop: Reader::Projection(model).into(),
                    subject,
                    attempt,
                    fate,
                };
                (delivered.event, one)
            })
        }
        _ => None,
    })
}
