//! The world: all parts of the system, wired. Plain data with one [`step`](World::step).

use std::sync::Arc;

use crate::kernel::agenda::Agenda;
use crate::kernel::fate::Seed;
use crate::kernel::time::Micros;

use super::broker::topic::Topic;
use super::client::Clients;
use super::command_side::order_service::OrderService;
use super::command_side::outbox::Outbox;
use super::context::Context;
use super::event_store::EventStore;
use super::fate::{Fates, Override};
use super::options::Options;
use super::place::Model;
use super::query_side::projector::{Projector, Sources};
use super::task::Task;
use super::trace::{Entry, What};

/// The simulated system at one moment.
#[derive(Clone, Debug)]
pub struct World {
    now: Micros,
    steps: u32,
    agenda: Agenda<Task>,
    options: Arc<Options>,
    fates: Fates,
    first_order: u32,
    store: EventStore,
    clients: Clients,
    order_service: OrderService,
    outbox: Outbox,
    topic: Topic,
    projectors: [Projector; 2],
}

impl World {
    /// The system before anything has happened.
    pub fn new(options: Options, seed: Seed, overrides: &[Override]) -> Self {
        let options = Arc::new(options);
        let fates = Fates::new(seed, overrides);
        let first_order = first_order(&options);
        let topic = Topic::new(options.broker.partitions);
        let mut agenda = Agenda::new();
        let mut entries = Vec::new();
        let mut ctx = Context {
            now: Micros::ZERO,
            step: 0,
            options: &options,
            fates: &fates,
            faults: true,
            agenda: &mut agenda,
            entries: &mut entries,
        };
        let clients = Clients::start(&mut ctx);
        let projectors = Model::ALL.map(|model| Projector::start(model, first_order, &topic, &mut ctx));
        Self {
            now: Micros::ZERO,
            steps: 0,
            agenda,
            fates,
            first_order,
            store: EventStore::from_order(first_order),
            clients,
            order_service: OrderService::from_order(first_order),
            outbox: Outbox::default(),
            topic,
            projectors,
            options,
        }
    }

    /// Does the next thing and adds to `entries` what happened. False when nothing is left to do.
    pub fn step(&mut self, entries: &mut Vec<Entry>) -> bool {
        let Some((due, task)) = self.agenda.take() else {
            return false;
        };
        self.now = due;
        self.steps += 1;
        self.perform(task, entries);
        true
    }

    /// Counts a step that somebody else made: the oracle's conclusion is one.
    pub const fn count_step(&mut self) {
        self.steps += 1;
    }

    fn perform(&mut self, task: Task, entries: &mut Vec<Entry>) {
        let faults = self.faults_are_on();
        let Self { store, clients, order_service, outbox, topic, projectors, .. } = self;
        let ctx = &mut Context {
            now: self.now,
            step: self.steps,
            options: &self.options,
            fates: &self.fates,
            faults,
            agenda: &mut self.agenda,
            entries,
        };
        match task {
            Task::NextOrder => clients.place_next(ctx),
            Task::Move(order, next) => clients.planned_move(order, next, ctx),
            Task::Scripted(line) => clients.scripted(line, ctx),
            Task::CommandArrives(request) => order_service.receive(request, ctx),
            Task::CommandHandled(request) => order_service.handled(request, store, outbox, ctx),
            Task::AnswerArrives(answer) => clients.answered(&answer, ctx),
            Task::RelayWakes => outbox.relay(store, ctx),
            Task::ResendDue(event, attempt) => outbox.resend(event, attempt, store, ctx),
            Task::AcknowledgementArrives { event, .. } => outbox.acknowledged(event, ctx),
            Task::PublicationArrives(publication) => {
                let partition = topic.append(publication, store, ctx);
                for projector in projectors {
                    projector.group.send(partition, topic, store, ctx);
                }
            }
            Task::DeliveryArrives(delivery) => {
                projectors[delivery.model.index()].arrived(delivery, Sources { topic, store }, ctx);
            }
            Task::RefetchDue { model, partition, epoch } => {
                let group = &mut projectors[model.index()].group;
                group.refetch(partition, epoch);
                group.send(partition, topic, store, ctx);
            }
            Task::Handled { model, instance, life } => {
                projectors[model.index()].handled(instance, life, Sources { topic, store }, ctx);
            }
            Task::Settled { model, instance, life, checkpoint } => {
                projectors[model.index()].settled((instance, life), checkpoint, Sources { topic, store }, ctx);
            }
            Task::Restart { model, instance, life } => {
                projectors[model.index()].restarted(instance, life, Sources { topic, store }, ctx);
            }
            Task::Rebalance { model, instance, life } => {
                projectors[model.index()].rebalance(instance, life, Sources { topic, store }, ctx);
            }
            Task::Vanishes(_) => {}
        }
    }

    /// Lets these options act from now on. What the run was laid out for stays as it began: the partitions, the numbers of
    /// the orders, and the script.
    pub fn change_options(&mut self, mut options: Options, entries: &mut Vec<Entry>) {
        options.broker.partitions = self.options.broker.partitions;
        options.workload.first_order = self.options.workload.first_order;
        options.workload.script.clone_from(&self.options.workload.script);
        self.options = Arc::new(options);
        let Self { store, topic, projectors, clients, .. } = self;
        let ctx = &mut Context {
            now: self.now,
            step: self.steps,
            options: &self.options,
            fates: &self.fates,
            faults: true,
            agenda: &mut self.agenda,
            entries,
        };
        ctx.record(What::OptionsChanged);
        clients.go_on(ctx);
        for projector in projectors {
            projector.scale(topic, ctx);
            projector.fetch(Sources { topic, store }, ctx);
        }
    }

    /// Replaces one fate from now on.
    pub fn replace_fate(&mut self, one: Override, entries: &mut Vec<Entry>) {
        self.fates.replace(one);
        entries.push(Entry { at: self.now, step: self.steps, what: What::FateReplaced });
    }

    /// Random faults are on until a while after the clients have finished; then the system is left to heal.
    fn faults_are_on(&self) -> bool {
        self.clients.finished_at().is_none_or(|at| self.now <= at + self.options.workload.heal_after)
    }

    /// The time of the last step.
    pub const fn now(&self) -> Micros {
        self.now
    }

    /// How many steps were made.
    pub const fn steps(&self) -> u32 {
        self.steps
    }

    /// When the next step is due, if there is one.
    pub fn next_due(&self) -> Option<Micros> {
        self.agenda.next_due()
    }

    /// What is still to happen.
    pub const fn agenda(&self) -> &Agenda<Task> {
        &self.agenda
    }

    /// The options in force.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The number of the first order.
    pub const fn first_order(&self) -> u32 {
        self.first_order
    }

    /// Every committed event.
    pub const fn store(&self) -> &EventStore {
        &self.store
    }

    /// The clients.
    pub const fn clients(&self) -> &Clients {
        &self.clients
    }

    /// The command side's handler and write store.
    pub const fn order_service(&self) -> &OrderService {
        &self.order_service
    }

    /// The command side's outbox.
    pub const fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The log.
    pub const fn topic(&self) -> &Topic {
        &self.topic
    }

    /// The projector that keeps a read model.
    pub const fn projector(&self, model: Model) -> &Projector {
        &self.projectors[model.index()]
    }
}

/// Tables start at the lowest order that can occur.
fn first_order(options: &Options) -> u32 {
    let scripted = options.workload.script.iter().map(|scripted| scripted.order.0);
    scripted.chain([options.workload.first_order]).min().unwrap_or(1)
}
