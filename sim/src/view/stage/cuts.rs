//! Links that are cut: which ways of the picture carry nothing at this moment.

use crate::kernel::sorting::sort_by_key;
use crate::oracle::lab::Lab;
use crate::system::node::Node;
use crate::system::place::{Place, Reader, Service};

use super::places::place_of;

/// The ways that are cut.
pub fn cuts(lab: &Lab) -> Vec<(Place, Place)> {
    let (world, now) = (lab.world(), lab.world().now());
    if !world.faults_are_on() {
        return Vec::new();
    }
    let network = &world.options().network;
    let mut ways: Vec<(Place, Place)> = network
        .cuts
        .iter()
        .chain(&network.cuts_by_hand)
        .filter(|cut| cut.at <= now && now < cut.at + cut.lasts)
        .flat_map(|cut| {
            let asks = cut.from.asks(cut.to) || cut.to.asks(cut.from);
            let places = |node| if asks { askers(node) } else { places(lab, node) };
            let ends = places(cut.to);
            places(cut.from).into_iter().flat_map(move |from| ends.clone().into_iter().map(move |to| (from, to)))
        })
        .collect();
    // The gateway's own cuts are of whole links.
    let composing = world.options().queries.composition.as_ref();
    let cut_off = Service::ALL.into_iter().filter(|service| composing.is_some_and(|one| one.is_cut(*service, now)));
    for owner in cut_off.flat_map(|service| askers(Node::Service(service))) {
        ways.extend([(Place::Gateway, owner), (owner, Place::Gateway)]);
    }
    sort_by_key(&mut ways, |way| *way);
    ways.dedup();
    ways
}

/// Where the link of one who asks, or is asked, ends: at those who do the work.
fn askers(node: Node) -> Vec<Place> {
    match node {
        Node::Gateway => vec![Place::Gateway],
        Node::Service(Service::Orders) => vec![Place::Handler],
        Node::Service(owner) => vec![Place::Owner(owner)],
        _ => Vec::new(),
    }
}

/// Where the links of a node end; nowhere for a reader that takes no part.
fn places(lab: &Lab, node: Node) -> Vec<Place> {
    match node {
        Node::Broker => vec![Place::Broker],
        Node::Edge(edge) => vec![Place::Edge(edge)],
        // Where commands go is what the picture has of it.
        Node::Origin => vec![Place::Handler],
        Node::Gateway => vec![Place::Gateway],
        Node::Service(Service::Orders) => vec![Place::Outbox],
        Node::Service(owner) => vec![Place::OwnerOutbox(owner)],
        Node::Reader(reader, _) if !lab.world().takes_part(reader) => Vec::new(),
        Node::Reader(reader, Some(number)) => vec![place_of(reader, number)],
        Node::Reader(reader @ Reader::Projection(_), None) => {
            let instances = lab.world().reader(reader).instances().len();
            (0_u8..).take(instances).map(|number| place_of(reader, number)).collect()
        }
        Node::Reader(reader, None) => vec![place_of(reader, 0)],
    }
}
