//! Edge servers on the stage: how old their copies are, whether they are up, and whether they hear from the origin.

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::shop::money::grouped;
use crate::system::edges::EdgeTask;
use crate::system::edges::edge_id::EdgeId;
use crate::system::edges::load::Load;
use crate::system::node as machine;
use crate::system::place::{Model, Place};
use crate::system::queries::question::ASKED;
use crate::system::query_side::api::Tally;
use crate::system::query_side::api::at_edge::Behind;

use super::flights::{answered, command};
use super::{Flight, Mark, MarkKind, Mood, Node, services};
use crate::view::stage::node::plain;
use crate::view::words::plural;

/// An edge server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeView {
    /// Which one; it stands at `Place::Edge` of it.
    pub edge: EdgeId,
    /// Is it up?
    pub state: EdgeState,
    /// Is its link to the origin whole?
    pub link: EdgeLink,
    /// Its copies of the read models that take part; none where edges have no copies.
    pub copies: Vec<Behind>,
    /// What it has done with queries so far.
    pub tally: Tally,
    /// How many queries wait there, or are being worked on.
    pub in_line: usize,
}

/// Whether an edge works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EdgeState {
    /// It does.
    Up,
    /// It does nothing, and has forgotten nothing.
    Paused,
    /// It has crashed.
    Down,
}

/// The state of the link between an edge and the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EdgeLink {
    /// It carries everything.
    Whole,
    /// What the edge hands on is lost.
    CutToOrigin,
    /// Copies, and answers from the origin, are lost.
    CutFromOrigin,
    /// Everything is lost.
    Cut,
}

impl EdgeView {
    /// How many events the copy lacks that lacks most.
    pub fn lag_events(&self) -> u32 {
        self.copies.iter().map(|copy| copy.events).max().unwrap_or(0)
    }

    /// For how long the copy that is most behind may lack something; none where every copy has all that its model has.
    pub fn lag(&self) -> Option<Micros> {
        self.copies.iter().filter_map(|copy| copy.lag).max()
    }
}

impl EdgeLink {
    /// What is wrong with it, if anything is.
    const fn fault(self) -> Option<&'static str> {
        match self {
            Self::Whole => None,
            Self::CutToOrigin => Some("cut to the origin"),
            Self::CutFromOrigin => Some("cut from the origin"),
            Self::Cut => Some("cut off"),
        }
    }
}

fn all(lab: &Lab) -> impl Iterator<Item = EdgeId> {
    (1..=lab.world().edges()).map(EdgeId)
}

/// Every edge, with what is known of it.
pub fn edges(lab: &Lab) -> Vec<EdgeView> {
    all(lab).map(|edge| view(lab, edge)).collect()
}

fn view(lab: &Lab, edge: EdgeId) -> EdgeView {
    let (world, node, origin) = (lab.world(), machine::Node::Edge(edge), machine::Node::Origin);
    let api = &world.reads().api;
    let models: Vec<Model> = world.models().collect();
    let state = match () {
        () if world.has_crashed(node) => EdgeState::Down,
        () if world.is_stopped(node) => EdgeState::Paused,
        () => EdgeState::Up,
    };
    let cut = |from, to| world.faults_are_on() && world.options().network.is_cut(from, to, world.now());
    let link = match (cut(node, origin), cut(origin, node)) {
        (false, false) => EdgeLink::Whole,
        (true, false) => EdgeLink::CutToOrigin,
        (false, true) => EdgeLink::CutFromOrigin,
        (true, true) => EdgeLink::Cut,
    };
    let copies = api.edge_copies(edge, world.now()).filter(|copy| models.contains(&copy.model)).collect();
    EdgeView { edge, state, link, copies, tally: api.tally(edge), in_line: api.waiting_at(edge) }
}

/// Every edge as a part.
pub fn nodes(lab: &Lab) -> Vec<Node> {
    edges(lab).iter().map(node).collect()
}

fn node(edge: &EdgeView) -> Node {
    let copies = match edge.lag() {
        _ if edge.copies.is_empty() => "no copies".to_owned(),
        None => "up to date".to_owned(),
        Some(lag) => format!("{}, {lag} behind", plural(edge.lag_events(), "event")),
    };
    let mut lines = vec![copies, format!("{} answered", grouped(edge.tally.answered.into()))];
    if edge.in_line > 0 {
        lines.push(format!("{} in line", services::waits(edge.in_line)));
    }
    let mood = match edge.state {
        EdgeState::Down => Mood::Down,
        EdgeState::Paused => Mood::Paused,
        EdgeState::Up if edge.lag().is_some() => Mood::Stale,
        EdgeState::Up => Mood::Fine,
    };
    let marks = edge.link.fault().map(|text| Mark { kind: MarkKind::Fault, text: text.to_owned() });
    let title = format!("Edge {}", edge.edge.0);
    Node { mood, marks: marks.into_iter().collect(), ..plain(Place::Edge(edge.edge), &title, lines) }
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
