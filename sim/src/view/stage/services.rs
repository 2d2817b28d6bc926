//! The traffic between the services on the stage: questions and replies, the saga's commands, payments.

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::shop::ids::CommandId;
use crate::system::command_side::enquiry::{Asker, Question, must_ask};
use crate::system::command_side::saga::courier;
use crate::system::options::DataAccess;
use crate::system::place::Place;
use crate::system::task::{Request, Task};
use crate::view::log::command_name;

use super::flights::{flight_id, plain};
use super::nodes::count;
use super::places::handler;
use super::{Flight, FlightKind, Mood, Node};

/// The parts that are there only in some designs.
pub fn nodes(lab: &Lab) -> Vec<Node> {
    let world = lab.world();
    let node = |place, title: &str, lines| Node { place, title: title.to_owned(), lines, mood: Mood::Fine };
    let mut nodes = Vec::new();
    if world.options().order_service.data_access == DataAccess::Composition {
        let waiting = format!("{} wait for replies", count(world.enquiries().waiting(), "command"));
        nodes.push(node(Place::Gateway, "Gateway", vec![waiting]));
    }
    if world.options().saga.enabled {
        let (begun, open) = world.sagas().counts();
        let lines = vec![count(begun as usize, "saga"), format!("{open} under way")];
        nodes.push(node(Place::Saga, "Saga", lines));
        nodes.push(node(Place::Payments, "Payment provider", vec!["outside system".to_owned()]));
    }
    nodes
}

/// Where a command comes from.
pub fn origin(request: &Request) -> Place {
    if request.learned.is_some() { Place::Gateway } else { home(request.id) }
}

/// Where a command goes: to the gateway, where that still has to ask.
pub fn destination(lab: &Lab, request: &Request) -> Place {
    let options = lab.world().options();
    let composes = options.order_service.data_access == DataAccess::Composition && must_ask(request, options);
    if composes { Place::Gateway } else { handler(request.of) }
}

/// Where the answer to a command goes.
pub const fn home(command: CommandId) -> Place {
    if courier::sent(command) { Place::Saga } else { Place::Shopper }
}

/// The flight of a message between services.
pub fn flight(due: Micros, task: &Task) -> Option<Flight> {
    match task {
        Task::QuestionArrives(question) => Some(Flight {
            id: flight_id(6, question.command.0, 1, question.owner.index() as u64),
            kind: FlightKind::Command,
            from: asker(question),
            to: Place::Owner(question.owner),
            sent: question.sent,
            ..about(due, question)
        }),
        Task::ReplyArrives(reply) => Some(Flight {
            id: flight_id(7, reply.question.command.0, 1, reply.question.owner.index() as u64),
            kind: FlightKind::Answer,
            from: Place::Owner(reply.question.owner),
            to: asker(&reply.question),
            sent: reply.sent,
            ..about(due, &reply.question)
        }),
        Task::PaymentArrives(payment) => Some(Flight {
            id: flight_id(8, payment.command.0, payment.attempt, u64::from(payment.copy)),
            label: command_name(payment.command),
            kind: FlightKind::Command,
            attempt: payment.attempt,
            from: Place::Saga,
            to: Place::Payments,
            sent: payment.sent,
            copy: payment.copy,
            of: payment.order.into(),
            ..plain(due)
        }),
        Task::ReceiptArrives { payment, sent } => Some(Flight {
            id: flight_id(9, payment.command.0, payment.attempt, u64::from(payment.copy)),
            label: command_name(payment.command),
            kind: FlightKind::Answer,
            from: Place::Payments,
            to: Place::Saga,
            sent: *sent,
            of: payment.order.into(),
            ..plain(due)
        }),
        _ => None,
    }
}

fn about(due: Micros, question: &Question) -> Flight {
    Flight { label: command_name(question.command), of: question.subject.of, ..plain(due) }
}

const fn asker(question: &Question) -> Place {
    match question.asker {
        Asker::Handler => Place::Handler,
        Asker::Gateway => Place::Gateway,
    }
}
