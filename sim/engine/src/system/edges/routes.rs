//! To which edge each client goes: where it is, and what it sticks to.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::kernel::fate::mix;
use crate::kernel::time::Micros;
use crate::shop::ids::CustomerId;
use crate::system::context::Context;
use crate::system::fate::Purpose;
use crate::system::options::{Edges, Routing};
use crate::system::task::Task;
use crate::system::trace::What;

use super::edge_id::EdgeId;
use super::edging::Edging;
use super::load::Load;
use super::{EdgeTask, Leg, near_span, to_client, vanish};

/// Where the clients are, and which edges they use. Those of whom nothing is known are where they began.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    /// Near which edge the client of each session is.
    near: Arc<BTreeMap<CustomerId, EdgeId>>,
    /// The edge that each session sticks to.
    kept: Arc<BTreeMap<CustomerId, EdgeId>>,
}

impl Routes {
    /// A request sets out to an edge, which is given back for its sender to remember.
    pub fn set_out(&mut self, mut load: Load, ctx: &mut Context<'_>) -> Option<EdgeId> {
        let Some(edges) = ctx.options.queries.edges.as_ref() else {
            ctx.at(ctx.now, load.arrival());
            return None;
        };
        let session = load.session(ctx);
        let near = self.roam(session, &load, edges, ctx);
        let last = load.last_edge();
        let edge = match edges.routing {
            Routing::Nearest => last.map_or(near, |last| last.next(edges.count)),
            Routing::Sticky => self.keep(session, near, last, edges.count),
        };
        if let Some(from) = last.filter(|last| *last != edge) {
            ctx.record(What::Edge(Edging::FailedOver { cargo: load.cargo(), from, to: edge }));
        }
        ctx.record(What::Edge(Edging::SetOut { cargo: load.cargo(), edge, is_far: edge != near }));
        load.go_by(edge);
        let detour = if edge == near { Micros::ZERO } else { edges.detour };
        let due = ctx.now + near_span(&load, Some(edges), ctx) + detour;
        if load.is_lost(ctx) {
            ctx.record(load.loss());
            vanish(load, edge, Leg::ToEdge, due, ctx);
        } else {
            ctx.at(due, Task::Edge(EdgeTask::Reaches(load, edge)));
        }
        Some(edge)
    }

    /// Where the client of a session is: it may have moved since its last request.
    fn roam(&mut self, session: CustomerId, load: &Load, edges: &Edges, ctx: &mut Context<'_>) -> EdgeId {
        let was = self.near(session, edges.count);
        let moves = load.far_key(Purpose::Choice, 1);
        if edges.count < 2 || !ctx.fates.happens(moves, edges.roaming, true) {
            return was;
        }
        let steps = ctx.fates.pick(load.far_key(Purpose::Choice, 2), u32::from(edges.count) - 1);
        let edge = (0..=steps).fold(was, |edge, _| edge.next(edges.count));
        Arc::make_mut(&mut self.near).insert(session, edge);
        ctx.record(What::Edge(Edging::Roamed { session, edge }));
        edge
    }

    /// Near which of so many edges the client of a session is.
    pub fn near(&self, session: CustomerId, count: u8) -> EdgeId {
        let home = || {
            let which = mix(u64::from(session.0)) % u64::from(count.max(1));
            EdgeId(u8::try_from(which).unwrap_or(0) + 1)
        };
        self.near.get(&session).copied().filter(|edge| edge.0 <= count).unwrap_or_else(home)
    }

    /// The edge that a session sticks to: the first that it used, and after a try without an answer the next.
    fn keep(&mut self, session: CustomerId, near: EdgeId, last: Option<EdgeId>, count: u8) -> EdgeId {
        let kept = self.kept.get(&session).copied().filter(|edge| edge.0 <= count);
        let edge = match kept {
            None => near,
            // Another request of the session may have moved it already.
            Some(kept) if Some(kept) == last => kept.next(count),
            Some(kept) => kept,
        };
        if kept != Some(edge) {
            Arc::make_mut(&mut self.kept).insert(session, edge);
        }
        edge
    }

    /// Something for a client has come to its edge, or was made there: it leaves for wherever the client is.
    pub fn send_to_client(&self, load: Load, edge: EdgeId, ctx: &mut Context<'_>) {
        let detour = ctx.options.queries.edges.as_ref().map_or(Micros::ZERO, |edges| {
            let near = self.near(load.session(ctx), edges.count);
            if near == edge { Micros::ZERO } else { edges.detour }
        });
        to_client(load, edge, detour, ctx);
    }

    /// What comes from the origin has reached its edge.
    pub fn returned(&self, load: Load, edge: EdgeId, ctx: &mut Context<'_>) {
        ctx.record(What::Edge(Edging::Returned { cargo: load.cargo(), edge }));
        self.send_to_client(load, edge, ctx);
    }
}
