//! The world: all parts of the system, wired. Plain data with one [`step`](World::step).
//!
//! `hands` is what a person does to it between two steps.

use std::sync::Arc;

use crate::kernel::agenda::Agenda;
use crate::kernel::fate::Seed;
use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;

use super::back_office::{self, BackOffice};
use super::broker::topic::{Log, refuse};
use super::client::Clients;
use super::command_side::catalogue::stock_up;
use super::command_side::order_service::{OrderService, Reach};
use super::command_side::outbox::Outbox;
use super::command_side::owners::{CustomerService, Owners, ProductService};
use super::command_side::replica::{ReplicaTable, Replicas};
use super::command_side::writer::Writer;
use super::consumer::instances::{Consumer, Port, Sources};
use super::context::Context;
use super::event_store::EventStore;
use super::fate::{Fates, Override};
use super::options::{Options, Outage};
use super::place::{Model, Reader, Replica, Service, TopicName};
use super::query_side::read_model::ReadModel;
use super::task::{Request, Task};
use super::trace::{Entry, What};

mod hands;

use self::hands::InHand;

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
}

/// Whoever follows the log.
#[derive(Clone, Debug)]
struct Readers {
    projectors: [Consumer<ReadModel>; 2],
    replicas: [Consumer<ReplicaTable>; 2],
}

/// The command side's services.
#[derive(Clone, Debug)]
struct Services {
    orders: OrderService,
    products: ProductService,
    customers: CustomerService,
    writers: [Writer; 3],
    outboxes: [Outbox; 3],
}

impl World {
    /// The system before anything has happened.
    pub fn new(options: Options, seed: Seed, overrides: &[Override]) -> Self {
        let options = Arc::new(options);
        let fates = Fates::new(seed, overrides);
        let first_order = first_order(&options);
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
        let clients = Clients::start(&mut ctx);
        let back_office = BackOffice::start(&mut ctx);
        let projectors = Model::ALL.map(|model| {
            let target = ReadModel::new(model, first_order);
            Consumer::start(Reader::Projection(model), target, first_order, &log, &mut ctx)
        });
        let replicas = Replica::ALL.map(|replica| {
            let target = ReplicaTable::new(replica);
            let mut consumer = Consumer::start(Reader::Replica(replica), target, first_order, &log, &mut ctx);
            consumer.load(options.replicas.start, Sources { log: &log, store: &store }, &mut ctx);
            consumer
        });
        Self {
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
            readers: Readers { projectors, replicas },
            in_hand: InHand::default(),
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
        let task = if self.in_hand.has_stopped_nodes() { self.divert(task, entries) } else { Some(task) };
        match task {
            Some(Task::NodeBack(node, stop)) => self.node_back(node, stop, entries),
            Some(task) => self.perform(task, entries),
            None => {}
        }
        true
    }

    /// Counts a step that somebody else made: the oracle's conclusion is one.
    pub const fn count_step(&mut self) {
        self.steps += 1;
    }

    fn perform(&mut self, task: Task, entries: &mut Vec<Entry>) {
        let faults = self.faults_are_on();
        let Self { store, clients, back_office, services, log, readers, .. } = self;
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
            Task::CommandArrives(request) => {
                services.writers[Service::of(request.of).index()].receive(request, ctx);
            }
            Task::CommandHandled(request) => {
                let [products, customers] = readers.replicas.each_ref().map(|replica| replica.follower.target());
                services.handle(*request, Replicas { products, customers }, store, ctx);
            }
            Task::AnswerArrives(answer) if back_office::sent(answer.request.id) => {
                ctx.record(What::Answered { command: answer.request.id });
            }
            Task::AnswerArrives(answer) => clients.answered(&answer, ctx),
            Task::RelayWakes(service) => services.outboxes[service.index()].relay(store, ctx),
            Task::ResendDue(event, attempt) => services.outbox_of(event, store).resend(event, attempt, store, ctx),
            Task::AcknowledgementArrives { event, .. } => services.outbox_of(event, store).acknowledged(event, ctx),
            Task::PublicationArrives(publication) if ctx.broker_is_out() => refuse(publication, ctx),
            Task::PublicationArrives(publication) => {
                let partition = log.append(publication, store, ctx);
                for one in Reader::ALL {
                    if one.topics().contains(&partition.topic) {
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
            Task::Vanishes(_) | Task::NodeBack(..) => {}
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
        }
    }

    /// Lets these options act from now on. What the run was laid out for stays as it began: the broker's kind, the partitions, the numbers of
    /// the orders, the script, and the catalogue.
    pub fn change_options(&mut self, mut options: Options, entries: &mut Vec<Entry>) {
        options.broker.partitions = self.options.broker.partitions;
        options.broker.kind = self.options.broker.kind;
        options.workload.first_order = self.options.workload.first_order;
        options.workload.script.clone_from(&self.options.workload.script);
        options.workload.products.clone_from(&self.options.workload.products);
        options.workload.customers.clone_from(&self.options.workload.customers);
        // What a person has cut stays cut, whatever else changes.
        options.network.cuts_by_hand.clone_from(&self.options.network.cuts_by_hand);
        options.network.outages_by_hand.clone_from(&self.options.network.outages_by_hand);
        let options_before = core::mem::replace(&mut self.options, Arc::new(options));
        let Self { store, log, readers, clients, .. } = self;
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
        clients.go_on(ctx);
        for reader in Reader::ALL {
            readers.port(reader).rescale(Sources { log, store }, ctx);
        }
    }

    /// Replaces one fate from now on.
    pub fn replace_fate(&mut self, one: Override, entries: &mut Vec<Entry>) {
        self.fates.replace(one);
        entries.push(Entry { at: self.now, step: self.steps, what: What::FateReplaced });
    }

    /// Random faults are on until a while after the clients have finished; then the system is left to heal.
    fn faults_are_on(&self) -> bool {
        let heal_after = self.options.workload.heal_after;
        !self.back_office.is_finished() || self.clients.finished_at().is_none_or(|at| self.now <= at + heal_after)
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

    /// The write store of the Order Service.
    pub const fn order_service(&self) -> &OrderService {
        &self.services.orders
    }

    /// The write stores of the two other services.
    pub const fn owners(&self) -> Owners<'_> {
        Owners { products: &self.services.products, customers: &self.services.customers }
    }

    /// The queue in front of a service's writer.
    pub const fn writer(&self, service: Service) -> &Writer {
        &self.services.writers[service.index()]
    }

    /// A service's outbox.
    pub const fn outbox(&self, service: Service) -> &Outbox {
        &self.services.outboxes[service.index()]
    }

    /// The log.
    pub const fn log(&self) -> &Log {
        &self.log
    }

    /// The projector that keeps a read model.
    pub const fn projector(&self, model: Model) -> &Consumer<ReadModel> {
        &self.readers.projectors[model.index()]
    }

    /// The feed of a replica.
    pub const fn replica(&self, replica: Replica) -> &Consumer<ReplicaTable> {
        &self.readers.replicas[replica.index()]
    }

    /// Whoever follows the log under this name.
    pub fn reader(&self, reader: Reader) -> &dyn Port {
        match reader {
            Reader::Projection(model) => self.projector(model),
            Reader::Replica(replica) => self.replica(replica),
        }
    }

    /// Do the Product Service and the Customer Service take part in this run?
    pub fn has_owners(&self) -> bool {
        !self.options.workload.products.is_empty() || !self.options.workload.customers.is_empty()
    }
}

impl Readers {
    fn port(&mut self, reader: Reader) -> &mut dyn Port {
        match reader {
            Reader::Projection(model) => &mut self.projectors[model.index()],
            Reader::Replica(replica) => &mut self.replicas[replica.index()],
        }
    }
}

impl Services {
    fn from_order(first: u32) -> Self {
        Self {
            orders: OrderService::from_order(first),
            products: ProductService::default(),
            customers: CustomerService::default(),
            writers: Default::default(),
            outboxes: Service::ALL.map(Outbox::of),
        }
    }

    fn handle(&mut self, request: Request, replicas: Replicas<'_>, store: &mut EventStore, ctx: &mut Context<'_>) {
        let Self { orders, products, customers, writers, outboxes } = self;
        let service = Service::of(request.of).index();
        let outbox = &mut outboxes[service];
        let outcome = match request.of {
            Aggregate::Order(order) => {
                let reach = Reach { replicas, owners: Owners { products, customers } };
                orders.decide(&request, order, reach, store, outbox, ctx)
            }
            Aggregate::Product(product) => products.decide(&request, product, store, outbox, ctx),
            Aggregate::Customer(customer) => customers.decide(&request, customer, store, outbox, ctx),
        };
        writers[service].decided(request, outcome, ctx);
    }

    fn outbox_of(&mut self, event: EventId, store: &EventStore) -> &mut Outbox {
        let topic = TopicName::of(store.event(event).recorded.of);
        // Each service publishes to the topic of the same number.
        &mut self.outboxes[topic.index()]
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

/// Tables start at the lowest order that can occur.
fn first_order(options: &Options) -> u32 {
    let scripted = options.workload.script.iter().filter_map(|scripted| scripted.to.order()).map(|order| order.0);
    scripted.chain([options.workload.first_order]).min().unwrap_or(1)
}
