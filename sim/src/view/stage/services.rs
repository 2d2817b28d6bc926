//! The traffic between the services on the stage: questions and replies, the saga's commands, payments.

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::shop::ids::CommandId;
use crate::shop::money::grouped;
use crate::system::back_office;
use crate::system::command_side::enquiry::{Asker, Question, must_ask};
use crate::system::command_side::saga::courier;
use crate::system::options::DataAccess;
use crate::system::place::{Place, Reader, Service};
use crate::system::task::{Request, Task};
use crate::view::stage::node;
use crate::view::words::{command_name, plural};

use super::places::{handler, place_of};
use super::{Flight, FlightKind, Mood, Node, asking, composing, marks};
use crate::view::stage::flight::{flight_id, plain};

/// The parts that are there only in some designs.
pub fn nodes(lab: &Lab) -> Vec<Node> {
    let world = lab.world();
    let node =
        |place, title: &str, lines| Node { place, title: title.to_owned(), lines, mood: Mood::Fine, marks: Vec::new() };
    let mut nodes = Vec::new();
    let chores = &world.options().workload.back_office;
    if chores.price_gap.is_some() || chores.restock_gap.is_some() {
        nodes.push(node(Place::BackOffice, "Back office", vec!["prices, goods in".to_owned()]));
    }
    let commands = world.options().order_service.data_access == DataAccess::Composition;
    if commands || composing::takes_part(lab) {
        let waiting = commands.then(|| format!("{} for replies", waits(world.enquiries().waiting())));
        let mut marks = if commands { marks::circuits(lab) } else { Vec::new() };
        marks.extend(marks::calling_circuits(lab));
        let lines = waiting.into_iter().chain(composing::line(lab)).collect();
        nodes.push(Node { marks, ..node(Place::Gateway, "Gateway", lines) });
    }
    if world.options().saga.enabled {
        let (begun, open) = world.sagas().counts();
        let parked = world.sagas().parked();
        let mut lines = vec![format!("{}, {} under way", plural(begun as usize, "saga"), open - parked)];
        lines.extend((parked > 0).then(|| format!("{parked} parked")));
        let mood = node::of_instances(world.reader(Reader::Saga).instances());
        let marks = marks::of_reader(lab, Reader::Saga);
        nodes.push(Node { mood, marks, ..node(Place::Saga, "Saga", lines) });
        nodes.push(node(Place::Payments, "Payments", vec!["outside system".to_owned()]));
    }
    nodes
}

/// The Product Service or the Customer Service: its store, and its outbox.
pub fn owner(lab: &Lab, service: Service) -> [Node; 2] {
    let world = lab.world();
    let workload = &world.options().workload;
    let outbox = world.outbox(service);
    let (title, rows) = match service {
        Service::Customers => ("Customers", plural(workload.customers.len(), "customer")),
        Service::Products | Service::Orders => ("Products", plural(workload.products.len(), "product")),
    };
    let in_line = world.writer(service).waiting();
    let mut lines = vec![rows];
    if in_line > 0 {
        lines.push(waits(in_line));
    }
    let (mood, marks) = marks::of_service(lab, service);
    let sent = format!("{} waiting", outbox.waiting().len());
    let unconfirmed = format!("{} unconfirmed", outbox.unacknowledged().len());
    [
        Node { place: Place::Owner(service), title: title.to_owned(), lines, mood, marks },
        Node {
            place: Place::OwnerOutbox(service),
            title: "Outbox".to_owned(),
            lines: vec![sent, unconfirmed],
            mood,
            marks: Vec::new(),
        },
    ]
}

/// So many of something wait.
pub fn waits(n: usize) -> String {
    format!("{} wait{}", grouped(n as u64), if n == 1 { "s" } else { "" })
}

/// Where a command comes from.
pub fn origin(request: &Request) -> Place {
    match request.headers.edge {
        _ if request.learned.is_some() => Place::Gateway,
        Some(edge) => Place::Edge(edge),
        None => home(request.id),
    }
}

/// Where a command goes: to the gateway, where that still has to ask.
pub fn destination(lab: &Lab, request: &Request) -> Place {
    let options = lab.world().options();
    let composes = options.order_service.data_access == DataAccess::Composition && must_ask(request, options);
    if composes { Place::Gateway } else { handler(request.of) }
}

/// Where the answer to a command goes.
pub const fn home(command: CommandId) -> Place {
    if courier::sent(command) {
        Place::Saga
    } else if back_office::sent(command) {
        Place::BackOffice
    } else {
        Place::Shopper
    }
}

/// The flight of a message between services.
pub fn flight(lab: &Lab, due: Micros, task: &Task) -> Option<Flight> {
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
        Task::QueueAcknowledged(delivery) => {
            let event = lab.world().store().event(delivery.event);
            Some(Flight {
                id: flight_id(12, delivery.event.0, delivery.attempt, delivery.reader.index() as u64),
                label: delivery.event.to_string(),
                kind: FlightKind::Acknowledgement,
                attempt: delivery.attempt,
                from: place_of(delivery.reader, delivery.instance),
                to: Place::Queue(delivery.reader),
                sent: delivery.sent,
                of: event.recorded.of,
                event: Some(delivery.event),
                ..plain(due)
            })
        }
        other => asking::flight(lab, due, other),
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
