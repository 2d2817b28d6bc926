//! Which place stands for a part of the system.

use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;
use crate::system::place::{Place, Reader, Service};

/// Where commands to this aggregate are handled.
pub const fn handler(of: Aggregate) -> Place {
    match Service::of(of) {
        Service::Orders => Place::Handler,
        owner => Place::Owner(owner),
    }
}

/// The outbox that an event came from.
pub fn outbox(lab: &Lab, event: EventId) -> Place {
    match Service::of(lab.world().store().event(event).recorded.of) {
        Service::Orders => Place::Outbox,
        owner => Place::OwnerOutbox(owner),
    }
}

/// Where deliveries to a reader arrive.
pub const fn place_of(reader: Reader, instance: u8) -> Place {
    match reader {
        Reader::Projection(model) => Place::Projector(model, instance),
        Reader::Second(model) => Place::Second(model),
        Reader::Replica(replica) => Place::Replica(replica),
        Reader::Saga => Place::Saga,
    }
}

/// Where it shows that a reader has taken an event in.
pub const fn target_of(reader: Reader) -> Place {
    match reader {
        Reader::Projection(model) => Place::ReadModel(model),
        Reader::Second(model) => Place::Second(model),
        Reader::Replica(replica) => Place::Replica(replica),
        Reader::Saga => Place::Saga,
    }
}
