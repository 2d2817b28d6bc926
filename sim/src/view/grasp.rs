//! What a hand finds when it takes hold of something: how the thing is, and everything that can be done to it now.

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::system::fate::Hop;
use crate::system::hands::{Hand, LinkAct, Message, MessageAct, ModelAct, NodeAct};
use crate::system::node::Node;
use crate::system::options::Options;
use crate::system::place::{Model, Place, Reader, Replica, Service};
use crate::system::versions::Stage as VersionStage;
use crate::view::words::clock;

use super::inside::{Fact, inside};
use super::log_hands::{message_name, node_name};
use super::stage::{Flight, stage};
use super::{hands, trail};

/// What a hand can take hold of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing {
    /// A message on its way, by the number of its flight.
    Flight(u64),
    /// A message that is held.
    Held(Message),
    /// A part of the system.
    Place(Place),
    /// The way between two parts.
    Link(Place, Place),
}

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// By hand, all at one moment.
    Hands(Vec<Hand>),
    /// A reader goes on with what it has parked.
    ReplayParked(Node),
    /// A node takes this many times as long for everything from now on, in tenths.
    Slow(Node, u64),
}

/// Something that can be done, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What it is called, as a request.
    pub label: String,
    /// What comes of it, in a few words.
    pub hint: &'static str,
    /// Does it last for the time that was asked for?
    pub lasts: bool,
    /// What is done.
    pub deed: Deed,
}

impl Offer {
    fn new(label: impl Into<String>, hint: &'static str, deed: Deed) -> Self {
        Self { label: label.into(), hint, lasts: false, deed }
    }

    /// An offer of which the label says how long it lasts.
    fn lasting(label: &str, hint: &'static str, lasts: Micros, deed: Deed) -> Self {
        Self { label: format!("{label} {lasts}"), hint, lasts: true, deed }
    }
}

/// A thing in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grasp {
    /// Its name.
    pub title: String,
    /// The message itself, if it is one on its way.
    pub flight: Option<Flight>,
    /// How it is, each fact with its unit.
    pub facts: Vec<Fact>,
    /// What can be done to it.
    pub offers: Vec<Offer>,
}

/// Takes hold of a thing, to act for the time `lasts` where that matters. `None` when the thing is no longer there.
pub fn grasp(lab: &Lab, thing: Thing, lasts: Micros) -> Option<Grasp> {
    match thing {
        Thing::Flight(id) => of_flight(lab, id, lasts),
        Thing::Held(which) => of_held(lab, which),
        Thing::Place(place) => of_place(lab, place, lasts),
        Thing::Link(from, to) => of_link(lab, from, to, lasts),
    }
}

/// What was done, in words.
pub fn told(deed: &Deed) -> String {
    match deed {
        Deed::Hands(hands) => {
            let words: Vec<String> = hands.iter().map(|hand| super::log_hands::told(*hand)).collect();
            words.join(", and ")
        }
        Deed::ReplayParked(node) => format!("you let {} try again what it has parked", node_name(*node)),
        Deed::Slow(node, tenths) => {
            let pace = if *tenths > 10 { "slower" } else { "faster" };
            format!("you make {} ten times {pace}", node_name(*node))
        }
    }
}

/// The messages that are held, each with its name.
pub fn held(lab: &Lab) -> Vec<(Message, String)> {
    lab.world().held().map(|which| (*which, message_name(*which))).collect()
}

/// Do these two parts have a link that hands can cut?
pub fn is_link(from: Place, to: Place) -> bool {
    ends(from, to).is_some()
}

/// The name of the link between two parts, if hands can cut it.
pub fn link(from: Place, to: Place) -> Option<String> {
    let (from, to) = ends(from, to)?;
    Some(format!("Link from {} to {}", node_name(from), node_name(to)))
}

/// The options under which a node takes `tenths` tenths of the time it takes now; `None` for what has no pace of its own.
pub fn slowed(options: &Options, node: Node, tenths: u64) -> Option<Options> {
    let mut slower = options.clone();
    let service = match node {
        Node::Service(Service::Orders) => &mut slower.order_service.service,
        Node::Service(Service::Products) => &mut slower.product_service.service,
        Node::Service(Service::Customers) => &mut slower.customer_service.service,
        Node::Reader(Reader::Projection(model) | Reader::Second(model), _) => {
            &mut slower.projections.all_mut()[model.index()].service
        }
        Node::Reader(Reader::Replica(Replica::Products), _) => &mut slower.replicas.products.service,
        Node::Reader(Reader::Replica(Replica::Customers), _) => &mut slower.replicas.customers.service,
        Node::Reader(Reader::Saga, _) | Node::Broker | Node::Edge(_) | Node::Origin | Node::Gateway => return None,
    };
    let typical = service.typical();
    *service = service.with_typical(Micros((typical.0.saturating_mul(tenths) / 10).min(MINUTE.0)));
    (slower != *options).then_some(slower)
}

/// Nothing in the shop takes longer than this, however often it is slowed down.
const MINUTE: Micros = Micros::from_secs(60);

fn offer(label: &str, hint: &'static str, hand: Hand) -> Offer {
    Offer::new(label, hint, Deed::Hands(vec![hand]))
}

fn lasting(label: &str, hint: &'static str, lasts: Micros, hand: Hand) -> Offer {
    Offer::lasting(label, hint, lasts, Deed::Hands(vec![hand]))
}

fn of_flight(lab: &Lab, id: u64, lasts: Micros) -> Option<Grasp> {
    let (flight, task) = hands::in_flight(lab, id)?;
    let which = Message::of(task, lab.world().store());
    let mut facts = vec![
        Fact::new("sent", clock(flight.sent)),
        Fact::new(if flight.lost { "would arrive" } else { "arrives" }, clock(flight.due)),
    ];
    if flight.attempt > 1 {
        facts.push(Fact::new("try", flight.attempt.to_string()));
    }
    if flight.lost {
        // What a hand can still hold is lost only if nobody is there when it arrives.
        let fate = if which.is_some() { "nobody will be there to take it" } else { "lost on the way" };
        facts.push(Fact::new("fate", fate.to_owned()));
    }
    facts.extend(trail::of_message(lab, task));
    let offers = which.map(|which| message_offers(which, lasts)).unwrap_or_default();
    let title = which.map_or_else(|| flight.label.clone(), message_name);
    Some(Grasp { title, flight: Some(flight), facts, offers })
}

fn message_offers(which: Message, lasts: Micros) -> Vec<Offer> {
    let hand = |act| Hand::Message { which, act };
    let mut offers = vec![offer("Drop", "it is lost on the way", hand(MessageAct::Drop))];
    // A client waits for one answer, and the gateway asks once for each command.
    if !matches!(which.hop, Hop::Answer | Hop::Gateway) {
        offers.push(offer("Duplicate", "a second copy follows", hand(MessageAct::Duplicate)));
    }
    offers.push(offer("Hold", "until you release it", hand(MessageAct::Hold)));
    let late = hand(MessageAct::LetOthersPass { by: lasts });
    offers.push(lasting("Let others overtake,", "it arrives so much later", lasts, late));
    offers
}

fn of_held(lab: &Lab, which: Message) -> Option<Grasp> {
    lab.world().held().find(|held| **held == which)?;
    Some(Grasp {
        title: message_name(which),
        flight: None,
        facts: vec![Fact::new("fate", "held by you".to_owned())],
        offers: vec![offer("Release", "it arrives now", Hand::Message { which, act: MessageAct::Release })],
    })
}

fn of_place(lab: &Lab, place: Place, lasts: Micros) -> Option<Grasp> {
    let shown = stage(lab).nodes.into_iter().find(|node| node.place == place);
    let title = match (place, shown.as_ref()) {
        (Place::Broker | Place::Partition(_), _) => "Broker".to_owned(),
        (Place::Projector(model, _), Some(shown)) => format!("{} of the {model}", shown.title),
        (_, shown) => shown?.title.clone(),
    };
    let mut facts: Vec<Fact> = shown.into_iter().flat_map(|node| node.lines).map(|line| Fact::new("", line)).collect();
    // What its card says is not said twice.
    let lines: Vec<String> = facts.iter().map(|line| line.value.clone()).collect();
    facts.extend(
        inside(lab, place).into_iter().filter(|fact| !lines.contains(&format!("{} {}", fact.name, fact.value))),
    );
    let mut offers = hands::node(place).map(|node| node_offers(lab, node, lasts)).unwrap_or_default();
    if let Place::ReadModel(model) = place {
        offers.extend(model_offers(lab, model));
    }
    Some(Grasp { title, flight: None, facts, offers })
}

/// Is the node stopped: every instance of it, where it has several?
fn is_down(lab: &Lab, node: Node) -> bool {
    let world = lab.world();
    match node {
        Node::Broker => world.options().network.broker_is_out(world.now()),
        Node::Reader(reader, None) => {
            let count = u8::try_from(world.reader(reader).instances().len()).unwrap_or(u8::MAX);
            (0..count).all(|number| world.is_stopped(Node::Reader(reader, Some(number))))
        }
        _ => world.is_stopped(node),
    }
}

fn node_offers(lab: &Lab, node: Node, lasts: Micros) -> Vec<Offer> {
    let hand = |act| Hand::Node { which: node, act };
    let mut offers = Vec::new();
    if is_down(lab, node) {
        offers.push(offer("Restart", "it goes on now", hand(NodeAct::Restart)));
    } else if node == Node::Broker {
        offers.push(lasting("Take down for", "it refuses and sends nothing", lasts, hand(NodeAct::Crash { lasts })));
    } else {
        offers.push(lasting("Crash for", "it loses what it has in memory", lasts, hand(NodeAct::Crash { lasts })));
        offers.push(lasting("Pause for", "it does nothing, then goes on", lasts, hand(NodeAct::Pause { lasts })));
    }
    for (label, hint, tenths) in [("Slow down tenfold", "from now on", 100), ("Speed up tenfold", "from now on", 1)] {
        if slowed(lab.world().options(), node, tenths).is_some() {
            offers.push(Offer::new(label, hint, Deed::Slow(node, tenths)));
        }
    }
    if let Node::Reader(reader, _) = node {
        let port = lab.world().reader(reader);
        if port.dead_letters().count() > 0 || port.group().halted() > 0 {
            let deed = Deed::ReplayParked(Node::Reader(reader, None));
            offers.push(Offer::new("Replay what is parked", "it is tried again", deed));
        }
    }
    match node {
        Node::Broker => {}
        Node::Edge(_) => offers.extend(link_offers(lab, node, Node::Origin, lasts)),
        _ => offers.extend(link_offers(lab, node, Node::Broker, lasts)),
    }
    offers
}

fn model_offers(lab: &Lab, model: Model) -> Vec<Offer> {
    let pair = lab.world().versions(model);
    let beside = pair.stage(pair.beside());
    let hand = |act| Hand::Model { which: model, act };
    let mut offers = Vec::new();
    if !pair.is_busy() {
        offers.push(offer("Rebuild", "as its options say", hand(ModelAct::Rebuild)));
    }
    if beside == VersionStage::Shadowing {
        offers.push(offer("Switch to the new version", "whatever the comparison says", hand(ModelAct::Switch)));
    }
    if beside == VersionStage::Deprecated {
        offers.push(offer("Roll back", "the version before serves again", hand(ModelAct::RollBack)));
    }
    if beside.runs() {
        offers.push(offer("Retire the other version", "it is removed", hand(ModelAct::Retire)));
    }
    offers
}

/// The nodes at both ends of a link that hands can cut: one of them is the broker; or one is an edge, and the other, whatever it
/// is, stands for the origin; or one asks the other. Clients are no part of it.
fn ends(from: Place, to: Place) -> Option<(Node, Node)> {
    match (from, to) {
        (Place::Shopper, _) | (_, Place::Shopper) => return None,
        (Place::Edge(edge), _) => return Some((Node::Edge(edge), Node::Origin)),
        (_, Place::Edge(edge)) => return Some((Node::Origin, Node::Edge(edge))),
        _ => {}
    }
    let (from, to) = (end(from)?, end(to)?);
    let to_broker = from != Node::Gateway && to != Node::Gateway && (from == Node::Broker) != (to == Node::Broker);
    (to_broker || from.asks(to) || to.asks(from)).then_some((from, to))
}

/// The node at the end of a link. The gateway can not be stopped, but cut off.
const fn end(place: Place) -> Option<Node> {
    match place {
        Place::Gateway => Some(Node::Gateway),
        other => hands::node(other),
    }
}

fn of_link(lab: &Lab, from: Place, to: Place, lasts: Micros) -> Option<Grasp> {
    let (from, to) = ends(from, to)?;
    let state = |from, to| if is_cut(lab, from, to) { "cut".to_owned() } else { "carries messages".to_owned() };
    let facts = vec![Fact::new("there", state(from, to)), Fact::new("back", state(to, from))];
    let title = format!("Link from {} to {}", node_name(from), node_name(to));
    Some(Grasp { title, flight: None, facts, offers: link_offers(lab, from, to, lasts) })
}

fn is_cut(lab: &Lab, from: Node, to: Node) -> bool {
    lab.world().options().network.is_cut(from, to, lab.world().now())
}

fn link_offers(lab: &Lab, from: Node, to: Node, lasts: Micros) -> Vec<Offer> {
    let hand = |(from, to): (Node, Node), act| Hand::Link { from, to, act };
    let ways = [(from, to), (to, from)];
    let (cut, whole): (Vec<_>, Vec<_>) = ways.into_iter().partition(|(from, to)| is_cut(lab, *from, *to));
    let mut offers: Vec<Offer> = whole
        .iter()
        .map(|way| {
            let label = format!("Cut the link to {} for", node_name(way.1));
            lasting(&label, "what leaves meanwhile is lost", lasts, hand(*way, LinkAct::Cut { lasts }))
        })
        .collect();
    if whole.len() == ways.len() {
        let both = ways.map(|way| hand(way, LinkAct::Cut { lasts })).to_vec();
        offers.push(Offer::lasting("Cut both ways for", "nothing gets through", lasts, Deed::Hands(both)));
    }
    if !cut.is_empty() {
        let heal = cut.iter().map(|way| hand(*way, LinkAct::Heal)).collect();
        offers.push(Offer::new("Heal the link", "it carries again", Deed::Hands(heal)));
    }
    offers
}
