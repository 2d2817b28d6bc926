//! The inside of a part: its backlog, its positions, what it has parked and what it holds back.

use crate::oracle::lab::Lab;
use crate::shop::ids::EventId;
use crate::shop::money::grouped;
use crate::system::consumer::instances::Port;
use crate::system::edges::edge_id::EdgeId;
use crate::system::node::Node;
use crate::system::place::{Place, Reader};

use super::hands;
use crate::view::words::clock;

/// Something that is so, by name; one without a name stands for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub name: &'static str,
    /// How it is, with its unit.
    pub value: String,
}

impl Fact {
    /// A fact.
    pub const fn new(name: &'static str, value: String) -> Self {
        Self { name, value }
    }
}

/// How many events are named one by one.
const NAMED_MAX: usize = 6;

/// What is inside of the part that stands at a place.
pub fn inside(lab: &Lab, place: Place) -> Vec<Fact> {
    match hands::node(place) {
        Some(Node::Reader(reader, number)) => of_reader(lab, reader, number),
        Some(Node::Service(service)) => {
            let outbox = lab.world().outbox(service);
            let mut facts = vec![
                Fact::new("in the outbox", names(outbox.waiting().iter().copied())),
                Fact::new("unconfirmed", names(outbox.unacknowledged().iter().copied())),
            ];
            facts.extend(stopped(lab, Node::Service(service)));
            facts
        }
        Some(Node::Broker) => {
            let (log, world) = (lab.world().log(), lab.world());
            let topics = crate::system::place::TopicName::ALL.into_iter();
            let mut facts: Vec<Fact> = topics
                .flat_map(|topic| log.partitions(topic))
                .filter(|id| log.end(*id) > 0)
                .map(|id| Fact::new("", format!("{id}: {} events", grouped(u64::from(log.end(id))))))
                .collect();
            if world.options().network.broker_is_out(world.now()) {
                facts.push(Fact::new("state", "out".to_owned()));
            }
            facts
        }
        Some(Node::Edge(edge)) => of_edge(lab, edge),
        Some(Node::Origin | Node::Gateway) | None => Vec::new(),
    }
}

fn of_edge(lab: &Lab, edge: EdgeId) -> Vec<Fact> {
    let (world, api) = (lab.world(), &lab.world().reads().api);
    let tally = api.tally(edge);
    let down = world.is_stopped(Node::Edge(edge)).then(|| Fact::new("state", "does nothing".to_owned()));
    let copies = api.edge_copies(edge, world.now()).filter(|copy| world.takes_part(Reader::Projection(copy.model)));
    let copies = copies.map(|copy| {
        let behind = match copy.lag {
            None => "as new as at the origin".to_owned(),
            Some(lag) => format!("{} and {lag} behind", events(copy.events as usize)),
        };
        Fact::new("", format!("copy of the {}: {behind}", copy.model))
    });
    let counts = [
        Fact::new("answered", grouped(tally.answered.into())),
        Fact::new("handed on", grouped(tally.handed_on.into())),
        Fact::new("in line", grouped(api.waiting_at(edge) as u64)),
    ];
    down.into_iter().chain(copies).chain(counts).collect()
}

fn of_reader(lab: &Lab, reader: Reader, number: Option<u8>) -> Vec<Fact> {
    let port = lab.world().reader(reader);
    let mut facts = Vec::new();
    for (n, instance) in (0_u8..).zip(port.instances()).filter(|(n, _)| number.is_none_or(|number| number == *n)) {
        let node = Node::Reader(reader, Some(n));
        facts.extend(stopped(lab, node));
        if let Some(until) = instance.down_until {
            facts.push(Fact::new("back at", clock(until)));
        }
        facts.push(Fact::new("in hand", names(instance.in_hand.iter().map(|one| one.event))));
        facts.push(Fact::new("in its queue", names(instance.queue.iter().map(|one| one.event))));
    }
    facts.push(Fact::new("held for a gap", events(port.sequences().held())));
    facts.push(Fact::new("parked", names(port.dead_letters().parked().map(|one| one.event))));
    facts.extend(positions(lab, port));
    facts
}

/// How far a reader has come in each partition that it follows.
fn positions(lab: &Lab, port: &dyn Port) -> Vec<Fact> {
    let (log, options) = (lab.world().log(), lab.world().options());
    if port.group().queue().is_some() {
        return vec![Fact::new("in the queue", events(port.group().backlog()))];
    }
    let at = |id| (port.group().saved(id, log, options), log.end(id));
    let partitions = port.group().partitions().map(|id| (id, at(id))).filter(|(_, (_, end))| *end > 0);
    partitions.map(|(id, (saved, end))| Fact::new("position", format!("{id}: {saved} of {end}"))).collect()
}

fn stopped(lab: &Lab, node: Node) -> Option<Fact> {
    lab.world().is_stopped(node).then(|| Fact::new("state", "stopped by you".to_owned()))
}

fn events(count: usize) -> String {
    match count {
        1 => "1 event".to_owned(),
        _ => format!("{} events", grouped(count as u64)),
    }
}

/// The first few by name, and how many there are besides.
fn names(all: impl Iterator<Item = EventId>) -> String {
    let all: Vec<EventId> = all.collect();
    if all.is_empty() {
        return "nothing".to_owned();
    }
    let mut words: Vec<String> = all.iter().take(NAMED_MAX).map(ToString::to_string).collect();
    if all.len() > NAMED_MAX {
        words.push(format!("and {} more", grouped((all.len() - NAMED_MAX) as u64)));
    }
    words.join(", ")
}
