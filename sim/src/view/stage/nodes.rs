//! Nodes: every part of the system, and how it is.

use crate::oracle::lab::Lab;
use crate::shop::money::grouped;
use crate::system::consumer::instances::{Instance, Port as _};
use crate::system::following::is_synchronous;
use crate::system::node as machine;
use crate::system::options::{Commit, DataAccess};
use crate::system::place::{Model, Place, Reader, Replica, Service};
use crate::view::stage::node::{lag, mood, of_instances, plain};
use crate::view::words::{clock, plural, times};

use super::{Mark, MarkKind, Mood, Node, asking, broker, edges, marks, services, versions};

/// Every part of the system.
pub fn nodes(lab: &Lab) -> Vec<Node> {
    let world = lab.world();
    let sent = format!("{} sent", grouped(world.clients().commands_sent().into()));
    let mut nodes = vec![plain(Place::Shopper, "Shoppers", vec![sent])];
    nodes.extend(edges::nodes(lab));
    nodes.extend(order_service(lab));
    nodes.push(broker::node(lab));
    if world.has_owners() {
        nodes.extend(
            [Service::Products, Service::Customers].into_iter().flat_map(|service| services::owner(lab, service)),
        );
    }
    let replicas = Replica::ALL.into_iter().filter(|one| world.has_owners() && world.takes_part(Reader::Replica(*one)));
    nodes.extend(replicas.map(|replica| replica_node(lab, replica)));
    nodes.extend(services::nodes(lab));
    for model in world.models() {
        let (first, second) = (Reader::Projection(model), Reader::Second(model));
        if world.takes_part(first) {
            for (number, instance) in (0_u8..).zip(world.reader(first).instances()) {
                nodes.push(projector(lab, model, number, instance));
            }
            nodes.push(versions::node(lab, first, model));
        }
        if world.takes_part(second) {
            nodes.push(versions::node(lab, second, model));
        }
    }
    nodes.extend(asking::nodes(lab));
    nodes
}

/// The Order Service: its handler, its store, and what publishes.
fn order_service(lab: &Lab) -> [Node; 3] {
    let world = lab.world();
    let options = &world.options().order_service;
    let (accepted, refused) = world.writer(Service::Orders).answered();
    let in_line = world.writer(Service::Orders).waiting();
    let mut lines = vec![format!("{} accepted, {} refused", grouped(accepted.into()), grouped(refused.into()))];
    if in_line > 0 {
        lines.push(format!("{} in line", services::waits(in_line)));
    }
    let (mood, mut marks) = marks::of_service(lab, Service::Orders);
    if options.data_access != DataAccess::Composition {
        marks.extend(marks::circuits(lab));
    }
    let handler = Node { mood, marks, ..plain(Place::Handler, "Command handler", lines) };
    let rows = plural(lab.order_count(), "row");
    let orders = match options.commit {
        Commit::EventSourced => vec![plural(world.store().len(), "event"), "event store".to_owned()],
        Commit::Outbox | Commit::DualWrite => vec![rows, "write store".to_owned()],
    };
    let outbox = world.outbox(Service::Orders);
    let unconfirmed = format!("{} unconfirmed", outbox.unacknowledged().len());
    let (title, lines) = match options.commit {
        Commit::Outbox => ("Outbox", vec![format!("{} waiting", outbox.waiting().len()), unconfirmed]),
        Commit::EventSourced => ("Publisher", vec![format!("{} waiting", outbox.waiting().len()), unconfirmed]),
        Commit::DualWrite => ("No outbox", vec!["publishes once".to_owned(), unconfirmed]),
    };
    [
        handler,
        Node { mood, ..plain(Place::Orders, "Orders", orders) },
        Node { mood, ..plain(Place::Outbox, title, lines) },
    ]
}

fn replica_node(lab: &Lab, replica: Replica) -> Node {
    let reader = Reader::Replica(replica);
    let watch = lab.watch(reader);
    let title = match replica {
        Replica::Products => "Product replica",
        Replica::Customers => "Customer replica",
    };
    let rows = plural(lab.world().replica(replica).follower.target().count(), "row");
    let mood = match of_instances(lab.world().replica(replica).instances()) {
        Mood::Fine => mood(watch.counts),
        stopped => stopped,
    };
    let lines = vec![rows, lag(lab, watch)];
    Node { mood, marks: marks::of_reader(lab, reader), ..plain(Place::Replica(replica), title, lines) }
}

fn projector(lab: &Lab, model: Model, number: u8, instance: &Instance) -> Node {
    let paused = lab.world().is_stopped(machine::Node::Reader(Reader::Projection(model), Some(number)));
    let (state, mood) = match (instance.down_until, instance.in_hand.as_slice()) {
        (Some(until), _) => (format!("back at {}", clock(until)), Mood::Down),
        (None, _) if paused => ("does nothing".to_owned(), Mood::Paused),
        (None, [delivery]) => (format!("handles {}", delivery.event), Mood::Fine),
        (None, []) => ("idle".to_owned(), Mood::Fine),
        (None, batch) => (format!("handles {}", plural(batch.len(), "event")), Mood::Fine),
    };
    let several = lab.world().reader(Reader::Projection(model)).instances().len() > 1;
    let title = if several { format!("Projector {}", number + 1) } else { "Projector".to_owned() };
    let waiting = instance.queue.len();
    let lines = vec![state, if waiting == 0 { "queue empty".to_owned() } else { format!("{waiting} in its queue") }];
    let mut marks = Vec::new();
    if instance.failures > 0 {
        marks.push(Mark { kind: MarkKind::Fault, text: format!("failed {}", times(instance.failures)) });
    }
    Node { mood, marks, ..plain(Place::Projector(model, number), &title, lines) }
}

fn rows(lab: &Lab, model: Model) -> String {
    plural(lab.rows(model), "row")
}

/// The version of a read model that serves.
pub(super) fn read_model(lab: &Lab, model: Model) -> Node {
    let watch = lab.model(model);
    let (mood, lag) = (mood(watch.counts), lag(lab, watch));
    let (title, lines) = match model {
        Model::OrderView => {
            let wrong = watch.counts.wrong;
            let rows = format!("{} of {} rows", grouped(lab.rows(model)), grouped(lab.order_count() as u64));
            ("Order view", vec![if wrong > 0 { format!("{rows}, {wrong} wrong") } else { rows }, lag])
        }
        Model::SalesDashboard => {
            let (shown, truth) = (lab.dashboard().revenue, lab.sales().revenue);
            ("Dashboard", vec![shown.to_string(), if shown == truth { lag } else { format!("truth {truth}") }])
        }
        Model::CustomerOrderHistory => ("Order history", vec![rows(lab, model), lag]),
        Model::ProductSearch => ("Product search", vec![rows(lab, model), lag]),
        Model::ProductStats => ("Product statistics", vec![rows(lab, model), lag]),
        Model::OrderWorkQueue => ("Work queue", vec![rows(lab, model), lag]),
    };
    let mut lines = lines;
    if is_synchronous(lab.world().options(), Reader::Projection(model)) {
        lines.push("in the command's transaction".to_owned());
    }
    Node {
        mood,
        marks: marks::of_reader(lab, Reader::Projection(model)),
        ..plain(Place::ReadModel(model), title, lines)
    }
}
