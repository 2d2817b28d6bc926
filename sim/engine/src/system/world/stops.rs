//! Nodes that do nothing for a while: a pause keeps what comes to them, and a crash destroys it, with what they had in memory.

use crate::kernel::time::Micros;
use crate::system::client_task::ClientTask;
use crate::system::consumer::instances::Sources;
use crate::system::context::Context;
use crate::system::exchange::Exchange;
use crate::system::node::Node;
use crate::system::place::Service;
use crate::system::queries::call::{self, ComposeTask};
use crate::system::queries::composing::Composing;
use crate::system::queries::doorkeeper::DoorTask;
use crate::system::queries::message::QueryTask;
use crate::system::queries::reading::Reading;
use crate::system::queries::sight::Sight;
use crate::system::task::{Request, Task};
use crate::system::trace::{Entry, What};
use crate::system::unheard::Unheard;

use super::World;
use super::edges::lose_load;

/// A node that does nothing.
#[derive(Clone, Debug)]
pub(super) struct Stopped {
    pub(super) node: Node,
    stop: u32,
    /// Has it crashed? Otherwise it has paused.
    pub(super) crashed: bool,
    /// When it goes on, unless a hand lets it do so before.
    pub(super) until: Micros,
    pub(super) waiting: Vec<Task>,
}

impl World {
    /// Has a hand stopped this node?
    pub fn is_stopped(&self, node: Node) -> bool {
        self.in_hand.stopped.iter().any(|stopped| stopped.node == node)
    }

    /// Has this node crashed and not only paused, whoever has stopped it?
    pub fn has_crashed(&self, node: Node) -> bool {
        self.in_hand.stopped.iter().any(|stopped| stopped.node == node && stopped.crashed)
    }

    /// Stops a node for so long.
    pub(super) fn stop(&mut self, node: Node, crashed: bool, lasts: Micros, ctx: &mut Context<'_>) {
        // A pause that is cut short by a crash, or begun anew, keeps what is to be done afterwards.
        let before = self.in_hand.stopped.iter().position(|one| one.node == node);
        let mut waiting = before.map_or_else(Vec::new, |at| self.in_hand.stopped.remove(at).waiting);
        if crashed {
            waiting = self.lose_memory(node, waiting, lasts, ctx);
        }
        self.in_hand.stops += 1;
        let stop = self.in_hand.stops;
        self.in_hand.stopped.push(Stopped { node, stop, crashed, until: ctx.now + lasts, waiting });
        ctx.at(ctx.now + lasts, Task::NodeBack(node, stop));
    }

    /// What a crash destroys; what is left to do after it is returned.
    fn lose_memory(&mut self, node: Node, waiting: Vec<Task>, lasts: Micros, ctx: &mut Context<'_>) -> Vec<Task> {
        match node {
            Node::Reader(reader, Some(number)) => {
                self.readers.port(reader).go_down(number, lasts, ctx);
                Vec::new()
            }
            Node::Service(service) => {
                let mut lost: Vec<Box<Request>> = self.services.crash(service, ctx);
                let handled = |task: &Task| matches!(task, Task::CommandHandled(one) if Service::of(one.of) == service);
                while let Some((_, Task::CommandHandled(request))) = ctx.agenda.pull(handled) {
                    lost.push(request);
                }
                let looks = |task: &Task| matches!(task, Task::Query(one) if one.with() == Some(service));
                while let Some((_, Task::Query(task))) = ctx.agenda.pull(looks) {
                    lose_query(task, service, ctx);
                }
                let (begun, waiting): (Vec<_>, Vec<_>) =
                    waiting.into_iter().partition(|task| matches!(task, Task::CommandHandled(_)));
                let begun = begun
                    .into_iter()
                    .filter_map(|task| if let Task::CommandHandled(one) = task { Some(one) } else { None });
                lost.extend(begun);
                for request in self.services.unsaved(service, lost) {
                    ctx.record(What::CommandLost { command: request.id });
                    self.never_answered(&request, ctx);
                }
                waiting.into_iter().filter_map(|task| self.lose(task, ctx)).collect()
            }
            Node::Edge(edge) => {
                self.lose_edge(edge, waiting, ctx);
                Vec::new()
            }
            Node::Reader(_, None) | Node::Broker | Node::Origin | Node::Gateway => waiting,
        }
    }

    /// The time of a stop is over, unless it was ended before.
    pub(super) fn node_back(&mut self, node: Node, stop: u32, entries: &mut Vec<Entry>) {
        if self.in_hand.stopped.iter().any(|one| one.node == node && one.stop == stop) {
            self.with_context(entries, |world, ctx| world.go_on(node, ctx));
        }
    }

    pub(super) fn go_on(&mut self, node: Node, ctx: &mut Context<'_>) {
        let Some(at) = self.in_hand.stopped.iter().position(|one| one.node == node) else { return };
        let stopped = self.in_hand.stopped.remove(at);
        let Self { store, log, readers, .. } = self;
        match (node, stopped.crashed) {
            (Node::Reader(reader, Some(number)), true) => {
                readers.port(reader).come_back(number, Sources { log, store }, ctx);
            }
            (Node::Service(service), true) => {
                ctx.record(What::NodeBack(node));
                self.services.restart(service, store, ctx);
                // The relay looks into its outbox as after any start.
                self.services.outboxes[service.index()].restart(store, ctx);
            }
            (Node::Edge(edge), true) => {
                ctx.record(What::NodeBack(node));
                self.edge_returns(edge, ctx);
            }
            _ => ctx.record(What::NodeBack(node)),
        }
        for task in stopped.waiting {
            ctx.at(ctx.now, task);
        }
    }

    /// Keeps a task of a stopped node for later, or loses it; a task of any other node is handed back.
    pub(super) fn divert(&mut self, task: Task, entries: &mut Vec<Entry>) -> Option<Task> {
        let node = self.doer(&task);
        let Some(stopped) = self.in_hand.stopped.iter_mut().find(|one| one.node == node) else { return Some(task) };
        if !stopped.crashed {
            stopped.waiting.push(task);
            return None;
        }
        let mut kept = None;
        self.with_context(entries, |world, ctx| kept = world.lose(task, ctx));
        let stopped = self.in_hand.stopped.iter_mut().find(|one| one.node == node);
        if let (Some(stopped), Some(task)) = (stopped, kept) {
            stopped.waiting.push(task);
        }
        None
    }

    /// What comes to a node that has crashed, or waits there, is lost, and whoever misses it does what he does after any loss; a
    /// task that it does after its restart is handed back.
    fn lose(&mut self, task: Task, ctx: &mut Context<'_>) -> Option<Task> {
        match task {
            Task::CommandArrives(request) | Task::CommandHandled(request) => {
                ctx.record(What::CommandLost { command: request.id });
                self.never_answered(&request, ctx);
            }
            Task::Query(task) => {
                let at = task.at().unwrap_or(Service::Orders);
                lose_query(task, at, ctx);
            }
            // The relay publishes again when it is back.
            Task::AcknowledgementArrives { event, .. } => {
                ctx.record(What::Unheard(Unheard::Acknowledgement { event }));
            }
            Task::QuestionArrives(question) => {
                let (command, owner) = (question.command, question.owner);
                ctx.record(What::Between(Exchange::QuestionUnheard { command, owner }));
            }
            Task::Client(ClientTask::StatusAsked(question)) => {
                let service = Service::of(question.of);
                ctx.record(What::Unheard(Unheard::Status { command: question.id, service }));
            }
            Task::Door(DoorTask::Arrives(asked)) => {
                ctx.record(What::Reading(Reading::Sight(Sight::RightsUnheard { query: asked.id })));
            }
            // Nothing else of theirs is done by a node that can crash.
            Task::Client(_) | Task::Door(_) => {}
            Task::Edge(task) => lose_load(task, ctx),
            other => return Some(other),
        }
        None
    }
}

/// A query, or a call for one, has come to a service that is down, or was being worked on there when it crashed.
fn lose_query(task: QueryTask, service: Service, ctx: &mut Context<'_>) {
    match task {
        QueryTask::Compose(ComposeTask::Arrives(call) | ComposeTask::Looked(call)) => {
            call::record(Composing::Unheard { query: call.query, service }, ctx);
        }
        QueryTask::Arrives(asked) | QueryTask::WriteSideAsked(asked, _) | QueryTask::WriteSideLooked(asked, _) => {
            ctx.record(What::Unheard(Unheard::Query { query: asked.id, service }));
        }
        _ => {}
    }
}
