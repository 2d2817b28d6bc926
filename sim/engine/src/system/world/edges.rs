//! Edge servers as the world has them: where what they carry comes from and goes to, and what is lost when one is down.

use crate::kernel::time::Micros;
use crate::system::client::Clients;
use crate::system::context::Context;
use crate::system::edges::edge_id::EdgeId;
use crate::system::edges::edging::{Edging, Onward};
use crate::system::edges::load::{Cargo, Load};
use crate::system::edges::routes::Routes;
use crate::system::edges::{EdgeTask, Leg, forward, unheard, vanish};
use crate::system::node::Node;
use crate::system::place::Model;
use crate::system::queries::message::QueryTask;
use crate::system::queries::reads::Reads;
use crate::system::task::Task;
use crate::system::trace::{Entry, What};

use super::World;

/// Does what is due at an edge, or on the way to one.
pub(super) fn perform(
    task: EdgeTask,
    routes: &mut Routes,
    clients: &mut Clients,
    reads: &mut Reads,
    ctx: &mut Context<'_>,
) {
    match task {
        EdgeTask::SetsOut(load) => {
            let (cargo, is_question) = (load.cargo(), matches!(load, Load::Status(_)));
            match (routes.set_out(load, ctx), cargo) {
                (Some(edge), Cargo::Query(query)) => reads.clients.note_edge(query, edge),
                (Some(edge), Cargo::Command(command)) if !is_question => clients.note_edge(command, edge),
                _ => {}
            }
        }
        EdgeTask::Reaches(Load::Query(asked), edge) => reads.api.receive_at_edge(asked, edge, ctx),
        EdgeTask::Reaches(load, edge) => forward(load, edge, Onward::Command, ctx),
        EdgeTask::Returns(load, edge) => routes.returned(load, edge, ctx),
        EdgeTask::Leaves(load, edge) => routes.send_to_client(load, edge, ctx),
        // The copies are looked at when the step ends; and a crash is the world's business.
        EdgeTask::CatchesUp | EdgeTask::Fails(_) | EdgeTask::Vanishes(..) | EdgeTask::CopyVanishes(..) => {}
    }
}

/// The edge that does a task, if one does.
pub(super) fn edge_of(task: &Task) -> Option<EdgeId> {
    match task {
        Task::Edge(task) => task.edge(),
        Task::Query(task) => task.at_edge(),
        _ => None,
    }
}

impl World {
    /// The ways of the clients to the edges.
    pub const fn routes(&self) -> &Routes {
        &self.routes
    }

    /// How many edges there are.
    pub fn edges(&self) -> u8 {
        self.options.queries.edges.as_ref().map_or(0, |edges| edges.count)
    }

    /// An edge crashes as it was planned, unless faults are over by now.
    pub(super) fn edge_fails(&mut self, line: u16, entries: &mut Vec<Entry>) {
        let edges = self.options.queries.edges.as_ref();
        let outage = edges.and_then(|edges| edges.outages.get(usize::from(line))).copied();
        let Some(outage) = outage.filter(|outage| self.faults_are_on() && outage.edge.0 <= self.edges()) else {
            return;
        };
        let node = Node::Edge(outage.edge);
        self.with_context(entries, |world, ctx| {
            ctx.record(What::Edge(Edging::Failed { edge: outage.edge, until: ctx.now + outage.lasts }));
            world.stop(node, true, outage.lasts, ctx);
        });
    }

    /// What a crash of an edge destroys: what it was working on, what had come to it while it paused, and the copies that are on
    /// their way to it.
    pub(super) fn lose_edge(&mut self, edge: EdgeId, waiting: Vec<Task>, ctx: &mut Context<'_>) {
        let left = self.reads.api.edge_crashed(edge, ctx);
        lose_work(edge, &left, ctx);
        for task in waiting {
            match task {
                Task::Edge(task) => lose_load(task, ctx),
                Task::Query(task) => lose_at_edge(task, ctx.now, edge, &left, ctx),
                _ => {}
            }
        }
    }

    /// An edge is up again.
    pub(super) fn edge_returns(&mut self, edge: EdgeId, ctx: &mut Context<'_>) {
        self.reads.api.edge_back(edge, ctx);
    }
}

/// What an edge works on, and what copies are on their way to it, comes to nothing. `left` says when these left.
fn lose_work(edge: EdgeId, left: &[(Model, Micros)], ctx: &mut Context<'_>) {
    let mine = |task: &Task| matches!(task, Task::Query(task) if task.at_edge() == Some(edge));
    while let Some((due, Task::Query(task))) = ctx.agenda.pull(mine) {
        lose_at_edge(task, due, edge, left, ctx);
    }
}

/// A query that an edge was working on is lost, or a copy that would have come to it at `due`, which can be seen until then.
fn lose_at_edge(task: QueryTask, due: Micros, edge: EdgeId, left: &[(Model, Micros)], ctx: &mut Context<'_>) {
    match task {
        QueryTask::Served(asked) => ctx.record(What::Edge(Edging::Unheard { cargo: Cargo::Query(asked.id), edge })),
        QueryTask::CopyArrives(model, _) => {
            ctx.record(What::Edge(Edging::CopyUnheard { model, edge }));
            if let Some((_, left)) = left.iter().find(|(of, _)| *of == model) {
                ctx.at(due, Task::Edge(EdgeTask::CopyVanishes(model, edge, *left)));
            }
        }
        _ => {}
    }
}

/// Something was to be done at an edge that is down, or was there when it crashed: what it carried is lost.
pub(super) fn lose_load(task: EdgeTask, ctx: &mut Context<'_>) {
    match task {
        EdgeTask::Reaches(load, edge) | EdgeTask::Returns(load, edge) | EdgeTask::Leaves(load, edge) => {
            unheard(load, edge, ctx);
        }
        EdgeTask::SetsOut(_)
        | EdgeTask::Fails(_)
        | EdgeTask::CatchesUp
        | EdgeTask::Vanishes(..)
        | EdgeTask::CopyVanishes(..) => {}
    }
}

/// A hand has dropped what was on its way to an edge, or on from there. What it would have come to happens at `due`.
pub(super) fn drop_load(task: EdgeTask, due: Micros, ctx: &mut Context<'_>) {
    match task {
        EdgeTask::Reaches(load, edge) => vanish(load, edge, Leg::ToEdge, due, ctx),
        EdgeTask::Returns(load, edge) => vanish(load, edge, Leg::FromOrigin, due, ctx),
        _ => {}
    }
}

/// Whether a node that a hand names is there to be stopped.
pub(super) fn can_stop(world: &World, node: Node) -> bool {
    match node {
        Node::Origin | Node::Gateway => false,
        Node::Edge(edge) => edge.0 <= world.edges(),
        Node::Service(_) | Node::Broker | Node::Reader(..) => true,
    }
}
