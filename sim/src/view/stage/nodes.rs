//! Nodes: every part of the system, and how it is.

use crate::oracle::lab::Lab;
use crate::oracle::watch::Counts;
use crate::shop::money::grouped;
use crate::system::consumer::instances::{Instance, Port as _};
use crate::system::place::{Model, Place, Reader, Replica, Service};
use crate::view::verdicts::clock;

use super::services;
use super::{Mood, Node};

/// Every part of the system.
pub fn nodes(lab: &Lab) -> Vec<Node> {
    let world = lab.world();
    let (accepted, refused) = world.writer(Service::Orders).answered();
    let node =
        |place, title: &str, lines: Vec<String>| Node { place, title: title.to_owned(), lines, mood: Mood::Fine };
    let outbox = world.outbox(Service::Orders);
    let mut nodes = vec![
        node(Place::Shopper, "Shoppers", vec![format!("{} sent", grouped(world.clients().commands_sent().into()))]),
        node(Place::Handler, "Command handler", vec![format!("{accepted} accepted, {refused} refused")]),
        node(Place::Orders, "Orders", vec![count(lab.order_count(), "row"), "write store".to_owned()]),
        node(
            Place::Outbox,
            "Outbox",
            vec![
                format!("{} waiting", outbox.waiting().len()),
                format!("{} unconfirmed", outbox.unacknowledged().len()),
            ],
        ),
    ];
    if world.has_owners() {
        nodes.extend([Service::Products, Service::Customers].map(|service| owner(lab, service)));
        nodes.extend(Replica::ALL.map(|replica| replica_node(lab, replica)));
    }
    nodes.extend(services::nodes(lab));
    for model in world.models() {
        for (number, instance) in (0_u8..).zip(world.projector(model).instances()) {
            nodes.push(projector(lab, model, number, instance));
        }
        nodes.push(read_model(lab, model));
    }
    nodes
}

fn owner(lab: &Lab, service: Service) -> Node {
    let workload = &lab.world().options().workload;
    let outbox = lab.world().outbox(service);
    let (title, rows) = match service {
        Service::Customers => ("Customer Service", count(workload.customers.len(), "customer")),
        Service::Products | Service::Orders => ("Product Service", count(workload.products.len(), "product")),
    };
    let waiting = format!("outbox: {} waiting", outbox.waiting().len());
    Node { place: Place::Owner(service), title: title.to_owned(), lines: vec![rows, waiting], mood: Mood::Fine }
}

fn replica_node(lab: &Lab, replica: Replica) -> Node {
    let watch = lab.watch(Reader::Replica(replica));
    let (behind, lag) = watch.lag(lab.world().store(), lab.world().now());
    let title = match replica {
        Replica::Products => "Product replica",
        Replica::Customers => "Customer replica",
    };
    let rows = count(lab.world().replica(replica).follower.target().count(), "row");
    let lag = if behind == 0 { "up to date".to_owned() } else { format!("{} behind, {lag}", count(behind, "event")) };
    let mood = mood(watch.counts);
    Node { place: Place::Replica(replica), title: title.to_owned(), lines: vec![rows, lag], mood }
}

const fn mood(counts: Counts) -> Mood {
    match (counts.wrong, counts.stale) {
        (0, 0) => Mood::Fine,
        (0, _) => Mood::Stale,
        _ => Mood::Wrong,
    }
}

pub(super) fn count(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(n as u64), if n == 1 { "" } else { "s" })
}

fn projector(lab: &Lab, model: Model, number: u8, instance: &Instance) -> Node {
    let (state, mood) = match (instance.down_until, instance.in_hand.as_slice()) {
        (Some(until), _) => (format!("down, back at {}", clock(until)), Mood::Down),
        (None, [delivery]) => (format!("handles {}", delivery.event), Mood::Fine),
        (None, []) => ("idle".to_owned(), Mood::Fine),
        (None, batch) => (format!("handles {}", count(batch.len(), "event")), Mood::Fine),
    };
    let several = lab.world().projector(model).instances().len() > 1;
    let title = if several { format!("Projector {}", number + 1) } else { "Projector".to_owned() };
    let waiting = instance.queue.len();
    let lines = vec![state, if waiting == 0 { "queue empty".to_owned() } else { format!("{waiting} in its queue") }];
    Node { place: Place::Projector(model, number), title, lines, mood }
}

fn rows(lab: &Lab, model: Model) -> String {
    count(usize::try_from(lab.rows(model)).unwrap_or(usize::MAX), "row")
}

fn read_model(lab: &Lab, model: Model) -> Node {
    let watch = lab.model(model);
    let (behind, lag) = watch.lag(lab.world().store(), lab.world().now());
    let mood = mood(watch.counts);
    let lag = if behind == 0 { "up to date".to_owned() } else { format!("{} behind, {lag}", count(behind, "event")) };
    let (title, lines) = match model {
        Model::OrderView => {
            let wrong = watch.counts.wrong;
            let rows = format!("{} of {} rows", lab.rows(model), lab.order_count());
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
    Node { place: Place::ReadModel(model), title: title.to_owned(), lines, mood }
}
