//! Edge servers: one address near the clients for commands and queries (MISSION E6) [seed 003].
//!
//! A request sets out from its client to an edge, which answers a query from its own copy or hands the request on to the origin;
//! what comes back from there passes the same edge. Each edge has its own link to the origin, and each copy a lag of its own.
//! The copies are kept where those of read replicas are, in [`query_side::api`](super::query_side::api); which edge a client
//! goes to is in [`routes`], and how a message travels is here.

use crate::kernel::time::Micros;
use crate::system::context::Context;
use crate::system::fate::Purpose;
use crate::system::node::Node;
use crate::system::options;
use crate::system::place::Model;
use crate::system::task::Task;
use crate::system::trace::What;

use self::edge_id::EdgeId;
use self::edging::{Edging, Onward};
use self::load::Load;

pub mod edge_id;
pub mod edging;
pub mod load;
pub mod routes;

/// What can be on the agenda about edges.
#[derive(Clone, Debug)]
pub enum EdgeTask {
    /// A client's request sets out: now it is decided to which edge.
    SetsOut(Load),
    /// A request reaches an edge.
    Reaches(Load, EdgeId),
    /// What comes back from the origin reaches an edge.
    Returns(Load, EdgeId),
    /// An answer that was made at an edge leaves for its client.
    Leaves(Load, EdgeId),
    /// An edge crashes, as this line of the options says.
    Fails(u16),
    /// The copies of the read models are looked at: some edge has missed one, or is back.
    CatchesUp,
    /// A query or an answer that was lost on this leg of its way by this edge would have arrived now. Nothing happens; it is
    /// here to be seen.
    Vanishes(Load, EdgeId, Leg),
    /// A copy of a read model's state, which left then, would have reached this edge now, but it has crashed meanwhile. Nothing
    /// happens; it is here to be seen.
    CopyVanishes(Model, EdgeId, Micros),
}

/// A part of the way between a client and the origin, by way of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leg {
    /// From the client to the edge.
    ToEdge,
    /// From the edge to the origin.
    ToOrigin,
    /// From the origin to the edge.
    FromOrigin,
    /// From the edge to the client.
    ToClient,
}

impl EdgeTask {
    /// At which edge it happens, if it is at one.
    pub const fn edge(&self) -> Option<EdgeId> {
        match self {
            Self::Reaches(_, edge) | Self::Returns(_, edge) | Self::Leaves(_, edge) => Some(*edge),
            Self::SetsOut(_) | Self::Fails(_) | Self::CatchesUp | Self::Vanishes(..) | Self::CopyVanishes(..) => None,
        }
    }
}

/// Plans when edges crash.
pub fn plan_outages(ctx: &mut Context<'_>) {
    let Some(edges) = &ctx.options.queries.edges else { return };
    for (line, outage) in (0..).zip(&edges.outages) {
        ctx.agenda.add(outage.at, Task::Edge(EdgeTask::Fails(line)));
    }
}

/// Which way over the link between an edge and the origin, and what the network calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    ToOrigin,
    FromOrigin,
}

/// Is a link between an edge and the origin cut at this moment, in the direction to the edge?
pub fn is_cut_off(edge: EdgeId, ctx: &Context<'_>) -> bool {
    is_cut(edge, Way::FromOrigin, ctx)
}

/// Since when an edge hears nothing from the origin, if its link is cut.
pub fn cut_off_since(edge: EdgeId, ctx: &Context<'_>) -> Option<Micros> {
    let (from, to) = (Node::Origin, Node::Edge(edge));
    ctx.options.network.cut_since(from, to, ctx.now).filter(|_| ctx.faults)
}

fn is_cut(edge: EdgeId, way: Way, ctx: &Context<'_>) -> bool {
    let (from, to) = match way {
        Way::ToOrigin => (Node::Edge(edge), Node::Origin),
        Way::FromOrigin => (Node::Origin, Node::Edge(edge)),
    };
    ctx.faults && ctx.options.network.is_cut(from, to, ctx.now)
}

/// An edge hands a request on to the origin.
pub fn forward(load: Load, edge: EdgeId, why: Onward, ctx: &mut Context<'_>) {
    ctx.record(What::Edge(Edging::Forwarded { cargo: load.cargo(), edge, why }));
    cross(load, edge, Way::ToOrigin, Micros::ZERO, ctx);
}

/// The origin sends an answer to the edge that the request came by, and is `later` with it than usual.
pub fn answer(load: Load, edge: EdgeId, later: Micros, ctx: &mut Context<'_>) {
    cross(load, edge, Way::FromOrigin, later, ctx);
}

/// A message leaves over the link between an edge and the origin.
fn cross(mut load: Load, edge: EdgeId, way: Way, later: Micros, ctx: &mut Context<'_>) {
    let Some(edges) = &ctx.options.queries.edges else {
        // The edges were taken away while it was on its way.
        return ctx.at(ctx.now + later, load.arrival());
    };
    load.leaves(ctx.now);
    let which = if way == Way::ToOrigin { 1 } else { 2 };
    let due = ctx.now + later + load.far_span(which, &edges.origin_delay, ctx) + edges.distance(edge);
    if is_cut(edge, way, ctx) {
        let outward = way == Way::ToOrigin;
        ctx.record(What::Edge(Edging::Cut { cargo: load.cargo(), edge, outward }));
        vanish(load, edge, if outward { Leg::ToOrigin } else { Leg::FromOrigin }, due, ctx);
    } else if way == Way::ToOrigin {
        ctx.at(due, load.arrival());
    } else {
        ctx.at(due, Task::Edge(EdgeTask::Returns(load, edge)));
    }
}

/// An answer leaves an edge for its client, which may be near another one.
pub fn to_client(mut load: Load, edge: EdgeId, detour: Micros, ctx: &mut Context<'_>) {
    load.leaves(ctx.now);
    let delay = near_span(&load, ctx.options.queries.edges.as_ref(), ctx) + detour;
    if load.is_lost(ctx) {
        ctx.record(load.loss());
        vanish(load, edge, Leg::ToClient, ctx.now + delay, ctx);
    } else {
        ctx.at(ctx.now + delay, load.arrival());
    }
}

fn near_span(load: &Load, edges: Option<&options::Edges>, ctx: &Context<'_>) -> Micros {
    edges.map_or(Micros::ZERO, |edges| ctx.fates.span(load.near_key(Purpose::Delay), &edges.client_delay))
}

/// A message is lost, and that would be noticed at `due` if it is noticed. What is about queries can be seen until then.
pub fn vanish(load: Load, edge: EdgeId, leg: Leg, due: Micros, ctx: &mut Context<'_>) {
    match load.vanishing() {
        Ok(task) => ctx.at(due, task),
        Err(load @ (Load::Query(_) | Load::Reply(_))) => ctx.at(due, Task::Edge(EdgeTask::Vanishes(load, edge, leg))),
        Err(_) => {}
    }
}

/// A message has reached an edge that is down.
pub fn unheard(load: Load, edge: EdgeId, ctx: &mut Context<'_>) {
    ctx.record(What::Edge(Edging::Unheard { cargo: load.cargo(), edge }));
    if let Ok(task) = load.vanishing() {
        ctx.at(ctx.now, task);
    }
}
