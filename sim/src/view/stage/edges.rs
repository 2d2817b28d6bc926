//! Edge servers on the stage: how old their copies are, whether they are up, and whether they hear from the origin.

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::system::edges::EdgeTask;
use crate::system::edges::edge_id::EdgeId;
use crate::system::edges::load::Load;
use crate::system::node as machine;
use crate::system::place::Place;
use crate::system::queries::question::ASKED;

use super::flights::{answered, command};
use super::nodes::plain;
use super::{Flight, Mark, MarkKind, Mood, Node, services};

fn all(lab: &Lab) -> impl Iterator<Item = EdgeId> {
    (1..=lab.world().edges()).map(EdgeId)
}

/// Every edge.
pub fn nodes(lab: &Lab) -> Vec<Node> {
    all(lab).map(|edge| node(lab, edge)).collect()
}

fn node(lab: &Lab, edge: EdgeId) -> Node {
    let (world, place) = (lab.world(), machine::Node::Edge(edge));
    let api = &world.reads().api;
    let has_copies = world.options().queries.edges.as_ref().is_some_and(|edges| edges.copies);
    let lag = api.edge_lag(edge, world.now());
    let copies = match lag {
        _ if !has_copies => "no copies".to_owned(),
        None => "up to date".to_owned(),
        Some(lag) => format!("copies {lag} old"),
    };
    let mut lines = vec![copies];
    let in_line = api.waiting_at(edge);
    if in_line > 0 {
        lines.push(format!("{} in line", services::waits(in_line)));
    }
    let mood = match lag {
        _ if world.has_crashed(place) => Mood::Down,
        _ if world.is_stopped(place) => Mood::Paused,
        Some(_) => Mood::Stale,
        None => Mood::Fine,
    };
    Node { mood, marks: marks(lab, place), ..plain(Place::Edge(edge), &format!("Edge {}", edge.0), lines) }
}

/// What is cut between an edge and the origin.
fn marks(lab: &Lab, edge: machine::Node) -> Vec<Mark> {
    let (world, origin) = (lab.world(), machine::Node::Origin);
    let cut = |from, to| world.faults_are_on() && world.options().network.is_cut(from, to, world.now());
    let text = match (cut(edge, origin), cut(origin, edge)) {
        (false, false) => return Vec::new(),
        (true, false) => "cut to the origin",
        (false, true) => "cut from the origin",
        (true, true) => "cut off",
    };
    vec![Mark { kind: MarkKind::Fault, text: text.to_owned() }]
}

/// The ways to the edges and on from there; those of the copies where there are any.
pub fn ways(lab: &Lab, entry: Place) -> Vec<(Place, Place)> {
    let has_copies = lab.world().options().queries.edges.as_ref().is_some_and(|edges| edges.copies);
    let copied: Vec<Place> =
        lab.world().models().filter(|model| has_copies && ASKED.contains(model)).map(Place::ReadModel).collect();
    let of_one = |edge| {
        let place = Place::Edge(edge);
        let copies = copied.iter().map(move |model| (*model, place));
        [(Place::Shopper, place), (place, entry)].into_iter().chain(copies)
    };
    all(lab).flat_map(of_one).collect()
}

/// A command on its way to an edge, or an answer on its way back there.
pub fn flight(lab: &Lab, due: Micros, task: &EdgeTask) -> Option<Flight> {
    match task {
        EdgeTask::Reaches(Load::Command(request), edge) => {
            Some(Flight { to: Place::Edge(*edge), from: Place::Shopper, ..command(lab, due, request, false) })
        }
        EdgeTask::Returns(Load::Answer(answer), edge) => {
            Some(Flight { to: Place::Edge(*edge), ..answered(due, answer, false) })
        }
        _ => None,
    }
}
