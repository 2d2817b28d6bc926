//! Where a message comes from, as its headers say: the story that it is a part of, and what brought it about (MISSION B1).

use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CommandId, EventId};
use crate::system::client_task::ClientTask;
use crate::system::edges::EdgeTask;
use crate::system::edges::load::Load;
use crate::system::headers::Trail;
use crate::system::task::{Lost, Request, Task};

use super::inside::Fact;
use crate::view::words::command_name;

/// What the headers of a message say, if it belongs to a story: that of the catalogue has no beginning.
pub fn of_message(lab: &Lab, task: &Task) -> Vec<Fact> {
    match (request(task), event(task)) {
        (Some(request), _) => facts(request.headers.trail, None),
        (None, Some(event)) => of_event(lab, event),
        _ => Vec::new(),
    }
}

fn of_event(lab: &Lab, event: EventId) -> Vec<Fact> {
    let committed = lab.world().store().event(event);
    if committed.cause == CommandId(0) {
        return Vec::new();
    }
    facts(Trail { correlation: committed.correlation, causation: None }, Some(committed.cause))
}

fn facts(trail: Trail, cause: Option<CommandId>) -> Vec<Fact> {
    let cause = cause.map(command_name).or_else(|| trail.causation.map(|event| event.to_string()));
    let correlation = Fact::new("correlation", command_name(trail.correlation));
    [correlation].into_iter().chain(cause.map(|cause| Fact::new("caused by", cause))).collect()
}

/// The command with which the story of an event began, if one did.
pub fn correlation_of(lab: &Lab, event: EventId) -> Option<CommandId> {
    Some(lab.world().store().event(event).correlation).filter(|began| *began != CommandId(0))
}

/// What a command that was sent to an aggregate says of where it comes from.
pub fn of_command(lab: &Lab, command: CommandId, of: Aggregate) -> Trail {
    let world = lab.world();
    let begun = || of.order().and_then(|order| world.clients().began(order)).unwrap_or(command);
    world.sagas().assignment(command).map_or_else(|| Trail::begins(begun()), |assignment| assignment.trail)
}

/// The command that is on its way, or whose answer is.
fn request(task: &Task) -> Option<&Request> {
    match task {
        Task::CommandArrives(request)
        | Task::Client(
            ClientTask::CommandVanishes(request)
            | ClientTask::StatusAsked(request)
            | ClientTask::TakenInArrives(request),
        ) => Some(request),
        Task::AnswerArrives(answer) | Task::Client(ClientTask::AnswerVanishes(answer)) => Some(&answer.request),
        Task::Edge(EdgeTask::SetsOut(load) | EdgeTask::Reaches(load, _) | EdgeTask::Returns(load, _)) => match load {
            Load::Command(request) | Load::Status(request) | Load::TakenIn(request) => Some(request),
            Load::Answer(answer) => Some(&answer.request),
            Load::Query(_) | Load::Reply(_) => None,
        },
        _ => None,
    }
}

/// The event that is on its way, or whose acknowledgement is.
const fn event(task: &Task) -> Option<EventId> {
    match task {
        Task::PublicationArrives(one) | Task::Vanishes(Lost::Publication(one)) => Some(one.event),
        Task::DeliveryArrives(one) | Task::Vanishes(Lost::Delivery(one)) => Some(one.event),
        Task::AcknowledgementArrives { event, .. } | Task::Vanishes(Lost::Acknowledgement { event, .. }) => {
            Some(*event)
        }
        _ => None,
    }
}
