//! Interventions by hand: single messages, nodes and links, changed between two steps of the world.

use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::system::back_office;
use crate::system::command_side::outbox::patience;
use crate::system::command_side::saga::courier;
use crate::system::command_side::services::composes;
use crate::system::consumer::instances::Sources;
use crate::system::context::Context;
use crate::system::fate::{FateKey, Hop, Purpose};
use crate::system::hands::{Hand, LinkAct, Message, MessageAct, NodeAct};
use crate::system::node::Node;
use crate::system::options::{BrokerKind, Cut, Outage};
use crate::system::place::{Reader, TopicName};
use crate::system::task::{Lost, Publication, Request, Task};
use crate::system::trace::{Entry, What};

use super::World;
use super::edges::{can_stop, drop_load};
use super::stops::Stopped;

/// What hands have stopped.
#[derive(Clone, Debug, Default)]
pub(super) struct InHand {
    /// Messages that are kept from arriving.
    held: Vec<(Message, Task)>,
    /// Nodes that do nothing, and what they will do when they go on.
    pub(super) stopped: Vec<Stopped>,
    /// How many stops there have been, so that the end of one does not end another.
    pub(super) stops: u32,
}

impl InHand {
    /// Is there a node that does nothing? Where there is none, a step has nothing to ask.
    pub(super) const fn has_stopped_nodes(&self) -> bool {
        !self.stopped.is_empty()
    }

    /// How many messages and plans it keeps.
    pub(super) fn backlog(&self) -> usize {
        self.held.len() + self.stopped.iter().map(|stopped| stopped.waiting.len()).sum::<usize>()
    }
}

impl World {
    /// Messages that are held by hand.
    pub fn held(&self) -> impl Iterator<Item = &Message> {
        self.in_hand.held.iter().map(|(message, _)| message)
    }

    /// Does what a hand does. What it does not find, it leaves alone.
    pub fn intervene(&mut self, hand: Hand, entries: &mut Vec<Entry>) {
        let done = match hand {
            Hand::Message { which, act: MessageAct::Release } => self.release(which, hand, entries),
            Hand::Message { which, act } => self.touch(which, act, entries),
            Hand::Node { which, act } => self.stop_or_start(which, act, entries),
            Hand::Link { from, to, act } => self.cut_or_heal(from, to, act, entries),
            Hand::Model { which, act } => self.model_by_hand(which, act, entries),
            Hand::Row { which, of, act } => self.row_by_hand(which, of, act, entries),
        };
        self.plan_looks();
        if !done {
            self.with_context(entries, |_, ctx| ctx.record(What::HandMissed(hand)));
        }
    }

    /// Runs something on the parts of the world, with their surroundings.
    pub(super) fn with_context<R>(
        &mut self,
        entries: &mut Vec<Entry>,
        run: impl FnOnce(&mut Self, &mut Context<'_>) -> R,
    ) -> R {
        let faults = self.faults_are_on();
        let (options, fates) = (Arc::clone(&self.options), self.fates.clone());
        // The agenda is lent to the context, and taken back afterwards.
        let mut agenda = core::mem::take(&mut self.agenda);
        let ctx = &mut Context {
            now: self.now,
            step: self.steps,
            options: &options,
            fates: &fates,
            faults,
            agenda: &mut agenda,
            entries,
        };
        let result = run(self, ctx);
        self.agenda = agenda;
        result
    }

    /// Lets a reader go on with what it has parked, and where it has halted.
    pub fn try_again(&mut self, reader: Reader, entries: &mut Vec<Entry>) {
        self.with_context(entries, |world, ctx| {
            let Self { store, log, readers, .. } = world;
            readers.port(reader).try_again(Sources { log, store }, ctx);
        });
    }

    fn release(&mut self, which: Message, hand: Hand, entries: &mut Vec<Entry>) -> bool {
        let Some(at) = self.in_hand.held.iter().position(|(message, _)| *message == which) else { return false };
        let (_, task) = self.in_hand.held.remove(at);
        self.with_context(entries, |_, ctx| {
            ctx.record(What::ByHand(hand));
            ctx.at(ctx.now, task);
        });
        true
    }

    fn touch(&mut self, which: Message, act: MessageAct, entries: &mut Vec<Entry>) -> bool {
        let store = &self.store;
        let options = &self.options;
        let single = |task: &Task| match task {
            Task::AnswerArrives(_) => which.hop == Hop::Answer,
            Task::CommandArrives(request) => composes(request, options),
            // It is the edge's until the edge hands it on.
            Task::Edge(_) => true,
            _ => false,
        };
        let doubles = act == MessageAct::Duplicate;
        let wanted = |task: &Task| Message::of(task, store) == Some(which) && !(doubles && single(task));
        let Some((due, task)) = self.agenda.pull(wanted) else { return false };
        self.with_context(entries, |world, ctx| {
            ctx.record(What::ByHand(Hand::Message { which, act }));
            match act {
                MessageAct::Duplicate => {}
                MessageAct::LetOthersPass { by } => plan_resend(&task, due, Some(due + by), ctx),
                MessageAct::Drop | MessageAct::Hold | MessageAct::Release => plan_resend(&task, due, None, ctx),
            }
            match act {
                MessageAct::Drop => world.drop_message(due, task, ctx),
                MessageAct::Duplicate => world.duplicate(due, task, which, ctx),
                MessageAct::Hold | MessageAct::Release => world.in_hand.held.push((which, task)),
                MessageAct::LetOthersPass { by } => ctx.at(due + by, task),
            }
        });
        true
    }

    /// Loses a message: it is seen to vanish, and whoever misses it does what he does after any loss.
    fn drop_message(&mut self, due: Micros, task: Task, ctx: &mut Context<'_>) {
        match task {
            Task::DeliveryArrives(delivery) => {
                ctx.at(due, Task::Vanishes(Lost::Delivery(delivery)));
                if !delivery.copy && ctx.options.broker.kind == BrokerKind::Log {
                    let wait = self.readers.port(delivery.reader).refetch_after(ctx);
                    ctx.at(ctx.now + wait, Task::FetchAgain(delivery));
                }
            }
            Task::PublicationArrives(one) => {
                ctx.at(due, Task::Vanishes(Lost::Publication(one)));
            }
            Task::AcknowledgementArrives { event, attempt, sent, partition } => {
                ctx.at(due, Task::Vanishes(Lost::Acknowledgement { event, attempt, sent, partition }));
            }
            Task::CommandArrives(request) => self.never_answered(&request, ctx),
            Task::AnswerArrives(answer) => self.never_answered(&answer.request, ctx),
            Task::Edge(task) => drop_load(task, due, ctx),
            _ => {}
        }
    }

    /// The client of a lost command, or answer, will not hear of it. The saga asks again by itself.
    pub(super) fn never_answered(&mut self, request: &Request, ctx: &mut Context<'_>) {
        if !back_office::sent(request.id) && !courier::sent(request.id) {
            self.clients.never_answered(request, ctx.now);
        }
    }

    fn duplicate(&mut self, due: Micros, task: Task, which: Message, ctx: &mut Context<'_>) {
        let key = FateKey {
            purpose: Purpose::Delay,
            hop: which.hop,
            subject: which.subject,
            attempt: which.attempt.saturating_add(1),
        };
        let copy = match &task {
            Task::DeliveryArrives(delivery) => {
                let copy = self.readers.port(delivery.reader).copy_of(delivery);
                let delay = self.readers.port(delivery.reader).delay(FateKey { attempt: copy.attempt, ..key }, ctx);
                Some((delay, Task::DeliveryArrives(copy)))
            }
            Task::PublicationArrives(one) => {
                let link = ctx.options.broker.publish_link(TopicName::of(which.subject.of));
                let delay = ctx.fates.span(key, &link.delay);
                Some((delay, Task::PublicationArrives(Publication { attempt: key.attempt, copy: true, ..*one })))
            }
            Task::CommandArrives(request) => {
                // The client goes on once, whichever answer comes first.
                if !courier::sent(request.id) {
                    self.clients.expects_one_more(request);
                }
                let again = Request { made: None, ..(**request).clone() };
                let delay = match which.hop {
                    Hop::SagaCommand => &ctx.options.saga.link.delay,
                    Hop::Gateway => &ctx.options.order_service.api.gateway_delay,
                    _ => &ctx.options.order_service.client_delay,
                };
                let delay = ctx.fates.span(key, delay);
                Some((delay, Task::CommandArrives(Box::new(again))))
            }
            other => Some((Micros::ZERO, other.clone())),
        };
        ctx.at(due, task);
        if let Some((delay, copy)) = copy {
            ctx.at(due + delay, copy);
        }
    }

    fn cut_or_heal(&mut self, from: Node, to: Node, act: LinkAct, entries: &mut Vec<Entry>) -> bool {
        let now = self.now;
        let network = &mut Arc::make_mut(&mut self.options).network;
        let found = match act {
            LinkAct::Cut { lasts } => {
                network.cuts_by_hand.push(Cut { from, to, at: now, lasts });
                true
            }
            LinkAct::Heal => network.end_cuts(from, to, now),
        };
        if found {
            self.with_context(entries, |_, ctx| ctx.record(What::ByHand(Hand::Link { from, to, act })));
        }
        found
    }

    fn stop_or_start(&mut self, which: Node, act: NodeAct, entries: &mut Vec<Entry>) -> bool {
        if which == Node::Broker {
            return self.broker_by_hand(act, entries);
        }
        if !can_stop(self, which) {
            return false;
        }
        let nodes = self.single_nodes(which);
        let hand = What::ByHand(Hand::Node { which, act });
        let touched: Vec<Node> = match act {
            NodeAct::Restart => nodes.into_iter().filter(|node| self.is_stopped(*node)).collect(),
            // What has crashed can do neither.
            NodeAct::Crash { .. } | NodeAct::Pause { .. } => {
                let down = |node: &Node| self.in_hand.stopped.iter().any(|one| one.node == *node && one.crashed);
                nodes.into_iter().filter(|node| !down(node)).collect()
            }
        };
        if touched.is_empty() {
            return false;
        }
        self.with_context(entries, |world, ctx| {
            ctx.record(hand);
            for node in touched {
                match act {
                    NodeAct::Crash { lasts } => world.stop(node, true, lasts, ctx),
                    NodeAct::Pause { lasts } => world.stop(node, false, lasts, ctx),
                    NodeAct::Restart => world.go_on(node, ctx),
                }
            }
        });
        true
    }

    /// A reader stands for each of its instances.
    fn single_nodes(&self, which: Node) -> Vec<Node> {
        let Node::Reader(reader, number) = which else { return vec![which] };
        let count = u8::try_from(self.reader(reader).instances().len()).unwrap_or(u8::MAX);
        (0..count).filter(|n| number.is_none_or(|number| number == *n)).map(|n| Node::Reader(reader, Some(n))).collect()
    }

    fn broker_by_hand(&mut self, act: NodeAct, entries: &mut Vec<Entry>) -> bool {
        let now = self.now;
        let network = &mut Arc::make_mut(&mut self.options).network;
        let turn = match act {
            NodeAct::Crash { lasts } | NodeAct::Pause { lasts } => {
                network.outages_by_hand.push(Outage { at: now, lasts });
                now + lasts
            }
            NodeAct::Restart if !network.end_outages(now) => return false,
            NodeAct::Restart => now,
        };
        self.with_context(entries, |_, ctx| {
            ctx.record(What::ByHand(Hand::Node { which: Node::Broker, act }));
            ctx.at(turn, Task::BrokerTurns);
        });
        true
    }
}

/// The relay waits for an acknowledgement no longer than it says, whatever a hand does to it or to the publication. Resends are
/// planned only where they are needed, so a message that was in time and is not any more needs one now.
fn plan_resend(task: &Task, due: Micros, later: Option<Micros>, ctx: &mut Context<'_>) {
    match task {
        Task::PublicationArrives(one) => {
            let Some(gives_up) = one.gives_up.filter(|_| !one.copy) else { return };
            let is_in_time = later.is_some_and(|later| later <= gives_up);
            if due <= gives_up && !is_in_time {
                ctx.at(gives_up.max(ctx.now), Task::ResendDue(one.event, one.attempt));
            }
        }
        Task::AcknowledgementArrives { event, attempt, .. } => {
            let waits = patience(ctx.options.broker.resend_after, *attempt);
            ctx.at(ctx.now + waits, Task::ResendDue(*event, *attempt));
        }
        _ => {}
    }
}
