//! The world: all parts of the system, wired. Plain data with one [`step`](World::step).
//!
//! `hands` is what a person does to it between two steps; `parts` is where its parts can be looked at.

use std::sync::Arc;

use crate::kernel::agenda::Agenda;
use crate::kernel::fate::Seed;
use crate::kernel::time::Micros;

use super::back_office::{self, BackOffice};
use super::broker::topic::{Log, refuse};
use super::client::Clients;
use super::client_task::ClientTask;
use super::command_side::catalogue::stock_up;
use super::command_side::enquiry;
use super::command_side::replica::ReplicaTable;
use super::command_side::saga::courier;
use super::command_side::saga::table::SagaTable;
use super::command_side::services::Services;
use super::consumer::instances::{Consumer, Instance, Port, Sources};
use super::context::Context;
use super::edges::EdgeTask;
use super::edges::routes::Routes;
use super::event_store::EventStore;
use super::fate::{Fates, Override};
use super::options::{Options, Outage, ReplicaStart};
use super::place::{Model, Reader, Replica, Service};
use super::queries::reads::Reads;
use super::query_side::read_model::ReadModel;
use super::task::Task;
use super::trace::{Entry, What};
use super::{following, refresh, synchronous};

mod detectors;
mod doers;
mod edges;
mod falls;
mod hands;
mod parts;
mod readers;
mod sending;
mod stops;
mod unheard;
mod versions;

use self::detectors::Search;
use self::hands::InHand;
use self::readers::Readers;
use self::versions::Rebuilds;

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
    back_office: BackOffice,
    services: Services,
    log: Log,
    readers: Readers,
    in_hand: InHand,
    rebuilds: Rebuilds,
    search: Search,
    reads: Reads,
    routes: Routes,
}

impl World {
    /// The system before anything has happened.
    pub fn new(options: Options, seed: Seed, overrides: &[Override]) -> Self {
        let options = Arc::new(options);
        let fates = Fates::new(seed, overrides);
        let first_order = options.workload.least_order();
        let mut agenda = Agenda::new();
        let mut store = EventStore::from_order(first_order);
        let mut log = Log::new(options.broker.partitions);
        let mut services = Services::from_order(first_order);
        let stocked = stock_up(&options.workload, &mut services.products, &mut services.customers, &mut store);
        for event in &stocked {
            log.append_silently(*event, &store, &options.broker);
        }
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
        plan_outages(&options.network.outages, &mut ctx);
        super::edges::plan_outages(&mut ctx);
        let clients = Clients::start(first_order, &mut ctx);
        let back_office = BackOffice::start(&mut ctx);
        let reads = Reads::start(first_order, &mut ctx);
        let projectors = Model::ALL.map(|model| {
            let reader = Reader::Projection(model);
            let target = ReadModel::new(model, first_order, ctx.options);
            let mut consumer = Consumer::start(reader, target, first_order, &log, &mut ctx);
            if following::begins_with_the_catalogue(ctx.options, reader) {
                consumer.load(ReplicaStart::Snapshot, Sources { log: &log, store: &store }, &mut ctx);
            }
            consumer
        });
        let seconds = Model::ALL.map(|model| {
            let target = ReadModel::new(model, first_order, ctx.options);
            Consumer::start(Reader::Second(model), target, first_order, &log, &mut ctx)
        });
        for (due, begin) in versions::planned(&options, None, Micros::ZERO) {
            ctx.at(due, begin);
        }
        let replicas = Replica::ALL.map(|replica| {
            let target = ReplicaTable::new(replica);
            let mut consumer = Consumer::start(Reader::Replica(replica), target, first_order, &log, &mut ctx);
            consumer.load(options.replicas.start, Sources { log: &log, store: &store }, &mut ctx);
            consumer
        });
        let saga = SagaTable::from_order(first_order);
        let saga = Consumer::start(Reader::Saga, saga, first_order, &log, &mut ctx);
        let mut world = Self {
            now: Micros::ZERO,
            steps: 0,
            agenda,
            fates,
            first_order,
            store,
            clients,
            back_office,
            services,
            log,
            readers: Readers { projectors, seconds, replicas, saga },
            in_hand: InHand::default(),
            rebuilds: Rebuilds::default(),
            search: Search::default(),
            reads,
            routes: Routes::default(),
            options,
        };
        world.plan_looks();
        world
    }

    /// Does the next thing and adds to `entries` what happened. False when nothing is left to do.
    pub fn step(&mut self, entries: &mut Vec<Entry>) -> bool {
        let Some((due, task)) = self.agenda.take() else {
            return false;
        };
        self.now = due;
        self.steps += 1;
        let from = entries.len();
        let task = if self.in_hand.has_stopped_nodes() { self.divert(task, entries) } else { Some(task) };
        match task {
            Some(Task::NodeBack(node, stop)) => self.node_back(node, stop, entries),
            Some(Task::Version(task)) => self.version_task(task, entries),
            Some(Task::Detector(task)) => self.detector_task(task, entries),
            Some(Task::Edge(EdgeTask::Fails(line))) => self.edge_fails(line, entries),
            Some(task) => {
                self.perform(task, entries);
                self.bring_down(entries);
            }
            None => {}
        }
        self.tend_versions(from, entries);
        true
    }

    /// Counts a step that somebody else made: the oracle's conclusion is one.
    pub const fn count_step(&mut self) {
        self.steps += 1;
    }

    /// Lets time pass in which nothing happens: at most until the next step is due.
    pub fn wait_until(&mut self, at: Micros) {
        let latest = self.next_due().unwrap_or(at);
        self.now = at.min(latest).max(self.now);
    }

    /// How many messages and plans wait anywhere: what a copy of the world has to copy one by one.
    pub fn backlog(&self) -> usize {
        let writers: usize = Service::ALL.iter().map(|service| self.writer(*service).waiting()).sum();
        let outboxes: usize = Service::ALL
            .iter()
            .map(|service| self.outbox(*service).waiting().len() + self.outbox(*service).unacknowledged().len())
            .sum();
        let readers = Reader::ALL.iter().map(|reader| self.reader(*reader));
        let at_reader = |port: &dyn Port| {
            let queued: usize = port.instances().iter().map(Instance::backlog).sum();
            queued + port.group().backlog() + port.dead_letters().count()
        };
        let queues: usize = readers.map(at_reader).sum();
        let between = self.services.awaiting.count() + self.in_hand.backlog() + self.reads.backlog();
        self.agenda.weight() + between + writers + outboxes + queues
    }

    fn perform(&mut self, task: Task, entries: &mut Vec<Entry>) {
        let faults = self.faults_are_on();
        let Self { store, clients, back_office, services, log, readers, reads, routes, .. } = self;
        let committed_before = store.len();
        reads.api.begin_step();
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
            Task::Chore(chore) => back_office.perform(chore, ctx),
            Task::CommandArrives(request) => services.receive(request, store, ctx),
            Task::Client(ClientTask::StatusAsked(question)) => services.tell_status(*question, ctx),
            Task::CommandHandled(request) => services.handle(*request, readers.known(), store, ctx),
            Task::AnswerArrives(answer) if courier::sent(answer.request.id) => {
                courier::answered(readers.sagas(), &answer, store, ctx);
            }
            Task::AnswerArrives(answer) if back_office::sent(answer.request.id) => {
                ctx.record(What::Answered { command: answer.request.id });
            }
            Task::AnswerArrives(answer) => {
                clients.answered(&answer, ctx);
                reads.clients.learn(&answer, store, ctx);
            }
            Task::Client(task) => clients.perform(task, ctx),
            Task::RelayWakes(service) => services.outboxes[service.index()].relay(store, ctx),
            Task::ResendDue(event, attempt) => services.unacknowledged(event, attempt, store, ctx),
            Task::AcknowledgementArrives { event, .. } => services.acknowledged(event, store, ctx),
            Task::PublicationArrives(publication) if ctx.broker_is_out() => refuse(publication, ctx),
            Task::PublicationArrives(publication) => {
                let partition = log.append(publication, store, ctx);
                for one in Reader::ALL {
                    if readers.port(one).group().follows(partition.topic) {
                        readers.port(one).appended(partition, Sources { log, store }, ctx);
                    }
                }
            }
            Task::DeliveryArrives(delivery) => {
                readers.port(delivery.reader).arrived(delivery, Sources { log, store }, ctx)
            }
            Task::RefetchDue { reader: one, partition, epoch } => {
                readers.port(one).refetch(partition, epoch, Sources { log, store }, ctx);
            }
            Task::Handled { reader: one, instance, life } => {
                readers.port(one).handled(instance, life, Sources { log, store }, ctx);
            }
            Task::Settled { reader: one, instance, life, checkpoint } => {
                readers.port(one).settled((instance, life), checkpoint, Sources { log, store }, ctx);
            }
            Task::Restart { reader: one, instance, life } => {
                readers.port(one).restarted(instance, life, Sources { log, store }, ctx)
            }
            Task::Rebalance { reader: one, instance, life } => {
                readers.port(one).rebalance(instance, life, Sources { log, store }, ctx);
            }
            Task::QuestionArrives(question) => enquiry::answer(*question, services.owners(), ctx),
            Task::ReplyArrives(reply) => {
                let finished = services.enquiries.replied(*reply, ctx);
                services.go_on(finished, readers.known(), store, ctx);
            }
            Task::QuestionTimesOut(command) => {
                let finished = services.enquiries.timed_out(command, ctx);
                services.go_on(finished, readers.known(), store, ctx);
            }
            Task::SagaResends(command, attempt) => courier::resend(readers.sagas(), command, attempt, ctx),
            Task::SagaTimesOut(order) => readers.sagas().timed_out(order),
            Task::PaymentArrives(payment) => services.payments.pay(payment, ctx),
            Task::ReceiptArrives { payment, .. } => courier::paid(readers.sagas(), payment.command, ctx),
            Task::RefreshDue => refresh::refresh(readers.serving(Model::SalesDashboard, ctx.options), ctx),
            Task::Vanishes(_) | Task::NodeBack(..) | Task::Version(_) | Task::Detector(_) => {}
            Task::FetchAgain(delivery) => {
                readers.port(delivery.reader).fetch_again(&delivery, Sources { log, store }, ctx);
            }
            Task::BrokerTurns => {
                ctx.tell_broker_turn();
                for reader in Reader::ALL {
                    readers.port(reader).fetch_all(Sources { log, store }, ctx);
                }
            }
            Task::QueueAcknowledged(delivery) => {
                readers.port(delivery.reader).acknowledged(&delivery, Sources { log, store }, ctx);
            }
            Task::VisibilityEnds(delivery) => {
                readers.port(delivery.reader).visibility_ended(&delivery, Sources { log, store }, ctx);
            }
            Task::Query(task) => {
                let shelf = readers.shelf(ctx.options, Sources { log, store });
                reads.perform(task, services, shelf, ctx);
            }
            Task::Door(task) => reads.at_the_door(task, services, ctx),
            Task::Edge(task) => edges::perform(task, routes, clients, reads, ctx),
        }
        // What was committed in this step is in the synchronous models at its end.
        synchronous::write(&mut readers.projectors, committed_before, store, ctx);
        // What the sagas have decided in this step they send at its end.
        courier::dispatch(readers.sagas(), ctx);
        if reads.api.watches() || ctx.options.queries.replicas.count > 0 || ctx.options.queries.edges.is_some() {
            // What was applied in this step answers the queries that have waited for it at its end.
            let shelf = readers.shelf(ctx.options, Sources { log, store });
            reads.api.replicate(shelf, ctx);
            reads.api.look_again(shelf, ctx);
        }
        refresh::plan(readers.serving(Model::SalesDashboard, ctx.options), ctx);
    }

    /// Lets these options act from now on, as far as the run was not laid out for others.
    pub fn change_options(&mut self, mut options: Options, entries: &mut Vec<Entry>) {
        options.keep_layout(&self.options);
        // What a person has cut stays cut, whatever else changes.
        options.network.cuts_by_hand.clone_from(&self.options.network.cuts_by_hand);
        options.network.outages_by_hand.clone_from(&self.options.network.outages_by_hand);
        let ttl = |options: &Options| options.projections.sales_dashboard.ttl;
        // Until now readers have seen every change, so they begin with the figures of this moment.
        let begins_to_live = ttl(&self.options).is_none() && ttl(&options).is_some();
        let options_before = core::mem::replace(&mut self.options, Arc::new(options));
        let Self { store, log, readers, clients, reads, .. } = self;
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
        if ctx.options.network.outages != options_before.network.outages {
            plan_outages(&ctx.options.network.outages, ctx);
        }
        for (due, begin) in versions::planned(ctx.options, Some(&options_before), ctx.now) {
            ctx.at(due, begin);
        }
        clients.go_on(ctx);
        reads.clients.go_on(ctx);
        for reader in Reader::ALL {
            readers.port(reader).rescale(Sources { log, store }, ctx);
        }
        if begins_to_live {
            refresh::refresh(readers.serving(Model::SalesDashboard, ctx.options), ctx);
        }
        self.plan_looks();
    }

    /// Replaces one fate from now on.
    pub fn replace_fate(&mut self, one: Override, entries: &mut Vec<Entry>) {
        self.fates.replace(one);
        entries.push(Entry { at: self.now, step: self.steps, what: What::FateReplaced });
    }

    /// Random faults are on until a while after the clients have finished; then the system is left to heal.
    pub fn faults_are_on(&self) -> bool {
        let heal_after = self.options.workload.heal_after;
        let at_work = !self.back_office.is_finished() || self.reads.clients.open() > 0;
        at_work || self.clients.finished_at().is_none_or(|at| self.now <= at + heal_after)
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
}

/// Plans for each outage that the broker turns when it begins and when it ends.
fn plan_outages(outages: &[Outage], ctx: &mut Context<'_>) {
    for outage in outages {
        for turn in [outage.at, outage.at + outage.lasts] {
            if turn >= ctx.now {
                ctx.at(turn, Task::BrokerTurns);
            }
        }
    }
}
