//! Flights: every message on its way.

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::shop::ids::EventId;
use crate::system::client_task::ClientTask;
use crate::system::delivery::Delivery;
use crate::system::place::{PartitionId, Place};
use crate::system::task::{Answer, Lost, Publication, Request, Task};
use crate::view::stage::flight::{flight_id, plain};
use crate::view::words::command_name;

use super::places::{handler, outbox, place_of};
use super::{Flight, FlightKind, asking, broker, edges, services};

/// Every message on its way, soonest arrival first.
pub fn flights(lab: &Lab) -> Vec<Flight> {
    lab.world().agenda().in_order().into_iter().filter_map(|(due, task)| flight(lab, due, task)).collect()
}

/// The message that a task is the arrival of, if it is one. What will come to nobody looks like what is lost on its way.
pub fn flight(lab: &Lab, due: Micros, task: &Task) -> Option<Flight> {
    let flight = arriving(lab, due, task)?;
    Some(Flight { lost: flight.lost || lab.world().comes_to_nobody(due, task), ..flight })
}

fn arriving(lab: &Lab, due: Micros, task: &Task) -> Option<Flight> {
    match task {
        Task::CommandArrives(request) => Some(command(lab, due, request, false)),
        Task::Client(ClientTask::CommandVanishes(request)) => Some(command(lab, due, request, true)),
        Task::Client(ClientTask::StatusAsked(question)) => {
            let id = flight_id(10, question.id.0, question.attempt, 0);
            Some(Flight { id, ..command(lab, due, question, false) })
        }
        Task::Client(ClientTask::TakenInArrives(request)) => Some(Flight {
            id: flight_id(11, request.id.0, request.attempt, 0),
            label: command_name(request.id),
            kind: FlightKind::Acknowledgement,
            from: handler(request.of),
            to: services::home(request.id),
            sent: request.sent,
            of: request.of,
            ..plain(due)
        }),
        Task::AnswerArrives(answer) => Some(at_last(due, answer)),
        Task::Edge(task) => edges::flight(lab, due, task).or_else(|| asking::at_edge(lab, due, task)),
        Task::Client(ClientTask::AnswerVanishes(answer)) => Some(answered(due, answer, true)),
        Task::PublicationArrives(publication) => Some(published(lab, due, publication, false)),
        Task::Vanishes(Lost::Publication(publication)) => Some(published(lab, due, publication, true)),
        // What is on its way to a version that was removed meanwhile reaches nobody.
        Task::DeliveryArrives(delivery) | Task::Vanishes(Lost::Delivery(delivery))
            if !lab.world().takes_part(delivery.reader) =>
        {
            None
        }
        Task::DeliveryArrives(delivery) => Some(delivered(lab, due, delivery, false)),
        Task::Vanishes(Lost::Delivery(delivery)) => Some(delivered(lab, due, delivery, true)),
        Task::AcknowledgementArrives { event, attempt, sent, partition } => {
            let flight = acknowledged(lab, due, *event, *attempt, *partition);
            Some(Flight { sent: *sent, ..flight })
        }
        Task::Vanishes(Lost::Acknowledgement { event, attempt, sent, partition }) => {
            let flight = acknowledged(lab, due, *event, *attempt, *partition);
            Some(Flight { sent: *sent, lost: true, ..flight })
        }
        other => services::flight(lab, due, other),
    }
}

pub(super) fn command(lab: &Lab, due: Micros, request: &Request, lost: bool) -> Flight {
    Flight {
        id: flight_id(0, request.id.0, request.attempt, u64::from(request.learned.is_some())),
        label: command_name(request.id),
        kind: FlightKind::Command,
        from: services::origin(request),
        to: services::destination(lab, request),
        sent: request.sent,
        of: request.of,
        lost,
        ..plain(due)
    }
}

pub(super) fn answered(due: Micros, answer: &Answer, lost: bool) -> Flight {
    Flight {
        id: flight_id(1, answer.request.id.0, answer.request.attempt, 0),
        label: command_name(answer.request.id),
        kind: FlightKind::Answer,
        from: handler(answer.request.of),
        to: services::home(answer.request.id),
        sent: answer.sent,
        of: answer.request.of,
        refused: answer.outcome.is_err(),
        lost,
        ..plain(due)
    }
}

/// An answer that goes to whoever sent the command: from its edge, where it came by one.
fn at_last(due: Micros, answer: &Answer) -> Flight {
    let flight = answered(due, answer, false);
    Flight { from: answer.request.headers.edge.map_or(flight.from, Place::Edge), ..flight }
}

fn about_event(lab: &Lab, due: Micros, event: EventId) -> Flight {
    let of = lab.world().store().event(event).recorded.of;
    Flight { label: event.to_string(), of, event: Some(event), ..plain(due) }
}

fn published(lab: &Lab, due: Micros, publication: &Publication, lost: bool) -> Flight {
    Flight {
        id: flight_id(2, publication.event.0, publication.attempt, u64::from(publication.copy)),
        attempt: publication.attempt,
        from: outbox(lab, publication.event),
        to: Place::Broker,
        sent: publication.sent,
        lost,
        copy: publication.copy,
        ..about_event(lab, due, publication.event)
    }
}

fn delivered(lab: &Lab, due: Micros, delivery: &Delivery, lost: bool) -> Flight {
    Flight {
        id: flight_id(3, delivery.event.0, delivery.attempt, delivery.reader.index() as u64),
        attempt: delivery.attempt,
        from: if broker::has_queues(lab) {
            Place::Queue(delivery.reader)
        } else {
            Place::Partition(delivery.partition)
        },
        to: place_of(delivery.reader, delivery.instance),
        sent: delivery.sent,
        lost,
        copy: delivery.copy,
        ..about_event(lab, due, delivery.event)
    }
}

fn acknowledged(lab: &Lab, due: Micros, event: EventId, attempt: u16, partition: PartitionId) -> Flight {
    Flight {
        id: flight_id(5, event.0, attempt, 0),
        kind: FlightKind::Acknowledgement,
        attempt,
        from: if broker::has_queues(lab) { Place::Broker } else { Place::Partition(partition) },
        to: outbox(lab, event),
        ..about_event(lab, due, event)
    }
}
