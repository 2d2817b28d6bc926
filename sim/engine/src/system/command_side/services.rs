//! The services together: where a command goes, who is asked for what it needs, and who decides it.

use std::collections::BTreeSet;

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::authorisation::allow;
use crate::shop::ids::{CommandId, EventId, Version};
use crate::shop::refusal::Refusal;
use crate::system::client_task::ClientTask;
use crate::system::commanding::Commanding;
use crate::system::committing::Committing;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::exchange::Exchange;
use crate::system::fate::{CrashPoint, FateKey, Hop, Purpose, Subject};
use crate::system::node::Node;
use crate::system::options::{Commit, Concurrency, DataAccess, Fallback, Options};
use crate::system::outage::down;
use crate::system::place::{Service, TopicName};
use crate::system::task::{Request, Task};
use crate::system::trace::What;

use super::awaiting::Awaiting;
use super::calls;
use super::commit::{awaits_broker, crash_point};
use super::concurrency::Loaded;
use super::enquiry::{Asker, Enquiries, Finished, must_ask};
use super::inbox::{Inbox, Outcome, Recalled};
use super::learned::Learned;
use super::order_service::{OrderService, Reach};
use super::outbox::Outbox;
use super::owners::{CustomerService, Owners, ProductService};
use super::payments::Payments;
use super::replica::Replicas;
use super::writer::{self, Work, Writer};

/// The services, and what stands between them and those who send commands.
#[derive(Clone, Debug)]
pub struct Services {
    /// The Order Service.
    pub orders: OrderService,
    /// The Product Service.
    pub products: ProductService,
    /// The Customer Service.
    pub customers: CustomerService,
    /// The queue in front of each service.
    pub writers: [Writer; 3],
    /// The outbox of each service.
    pub outboxes: [Outbox; 3],
    /// The commands whose data is being asked for.
    pub enquiries: Enquiries,
    /// The commands whose answers wait for the broker.
    pub awaiting: Awaiting,
    /// Commands whose order has been loaded: they are decided when the handler comes to them again.
    loaded: BTreeSet<(CommandId, u16)>,
    fallen: Option<Fallen>,
    inbox: Inbox,
    /// The payment provider.
    pub payments: Payments,
}

/// The Order Service has crashed in this step.
#[derive(Clone, Debug)]
pub struct Fallen {
    /// The command that it had in hand, if it was deciding one.
    pub request: Option<Box<Request>>,
    /// How long it is down.
    pub lasts: Micros,
}

/// Does this command go to the gateway first, which asks for what it needs?
pub fn composes(request: &Request, options: &Options) -> bool {
    options.order_service.data_access == DataAccess::Composition && must_ask(request, options)
}

impl Services {
    /// Services without orders, which will be numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self {
            orders: OrderService::from_order(first),
            products: ProductService::default(),
            customers: CustomerService::default(),
            writers: Default::default(),
            outboxes: Service::ALL.map(Outbox::of),
            enquiries: Enquiries::default(),
            awaiting: Awaiting::default(),
            loaded: BTreeSet::new(),
            fallen: None,
            inbox: Inbox::default(),
            payments: Payments::from_order(first),
        }
    }

    /// The owners' tables.
    pub const fn owners(&self) -> Owners<'_> {
        Owners { products: &self.products, customers: &self.customers }
    }

    /// A command has come: to the gateway where that composes, and to its service otherwise.
    pub fn receive(&mut self, request: Box<Request>, store: &EventStore, ctx: &mut Context<'_>) {
        if composes(&request, ctx.options) {
            if let Some(finished) = self.enquiries.ask(request, Asker::Gateway, ctx) {
                self.send_on(finished.request, ctx);
            }
        } else {
            let service = Service::of(request.of);
            self.writers[service.index()].receive(request, store, ctx);
            self.begin_next(service, store, ctx);
        }
    }

    /// Lets every free handler of a service begin a command that waits.
    pub(super) fn begin_next(&mut self, service: Service, store: &EventStore, ctx: &mut Context<'_>) {
        while let Some(next) = self.writers[service.index()].next(ctx) {
            match next {
                Work::Command(request) => self.begin(request, store, ctx),
                Work::Look(asked, errand) => writer::begin_to_look(asked, errand, ctx),
                Work::Call(call) => calls::begin(call, ctx),
            }
        }
    }

    /// A handler begins a command. Where it is not alone, it reads the row now and writes at its end.
    fn begin(&mut self, mut request: Box<Request>, store: &EventStore, ctx: &mut Context<'_>) {
        let is_alone = ctx.options.order_service.concurrency == Concurrency::SingleWriter;
        request.loaded = if is_alone { None } else { Some(Box::new(self.read(request.of, store, ctx))) };
        writer::begin(request, ctx);
    }

    fn read(&self, of: Aggregate, store: &EventStore, ctx: &Context<'_>) -> Loaded {
        match of {
            Aggregate::Order(order) => Loaded::Order(self.orders.load(order, store, ctx.options)),
            Aggregate::Product(product) => Loaded::Product(self.products.row(product)),
            Aggregate::Customer(customer) => Loaded::Customer(self.customers.row(customer)),
        }
    }

    /// Somebody asks what has become of a command that was taken in.
    pub fn tell_status(&self, question: Request, ctx: &mut Context<'_>) {
        self.writers[Service::of(question.of).index()].tell_status(question, ctx);
    }

    /// What a crash of a service really destroys of what it was handling: commands that were taken in are saved.
    pub fn unsaved(&mut self, service: Service, mut handled: Vec<Box<Request>>) -> Vec<Box<Request>> {
        for request in &mut handled {
            request.begun_after_crash = request.begun_after_crash.saturating_add(1);
        }
        self.writers[service.index()].put_back(handled)
    }

    /// A service is back: it goes on with what it has taken in.
    pub fn restart(&mut self, service: Service, store: &EventStore, ctx: &mut Context<'_>) {
        self.begin_next(service, store, ctx);
    }

    /// A service has crashed: what it had in memory is lost, also what it was asking for.
    pub fn crash(&mut self, service: Service, ctx: &mut Context<'_>) -> Vec<Box<Request>> {
        let mut lost = self.writers[service.index()].crash(service, ctx);
        if service == Service::Orders {
            lost.extend(self.enquiries.handler_lost());
            lost.extend(self.awaiting.lost());
            self.loaded.clear();
        }
        lost
    }

    /// The gateway has asked: it sends the command on, or refuses it where it may not be decided otherwise.
    fn send_on(&mut self, request: Box<Request>, ctx: &mut Context<'_>) {
        let api = &ctx.options.order_service.api;
        match request.learned.as_deref() {
            Some(Learned::Unavailable(owner)) if api.fallback == Fallback::Refuse => {
                let refusal = Refusal::Unavailable(*owner);
                self.writers[Service::Orders.index()].turn_away(*request, refusal, ctx);
            }
            _ => {
                let (subject, attempt) = (request.subject, request.attempt);
                let key = FateKey { purpose: Purpose::Delay, hop: Hop::Gateway, subject, attempt };
                let due = ctx.now + ctx.fates.span(key, &api.gateway_delay);
                let (from, to) = (Node::Gateway, Node::Service(Service::Orders));
                if ctx.faults && ctx.options.network.is_cut(from, to, ctx.now) {
                    ctx.record(What::Between(Exchange::CommandLost { command: request.id, attempt }));
                    ctx.at(due, Task::Client(ClientTask::CommandVanishes(request)));
                } else {
                    ctx.at(due, Task::CommandArrives(request));
                }
            }
        }
    }

    /// The owners have been asked for a command's data.
    pub fn go_on(
        &mut self,
        finished: impl IntoIterator<Item = Finished>,
        replicas: Replicas<'_>,
        store: &mut EventStore,
        ctx: &mut Context<'_>,
    ) {
        for Finished { request, asker } in finished {
            match asker {
                Asker::Gateway => self.send_on(request, ctx),
                Asker::Handler => self.decide(*request, replicas, store, ctx),
            }
        }
    }

    /// The handler's time for a command is over: it decides, or asks first.
    pub fn handle(&mut self, request: Request, replicas: Replicas<'_>, store: &mut EventStore, ctx: &mut Context<'_>) {
        if must_ask(&request, ctx.options) {
            let finished = self.enquiries.ask(Box::new(request), Asker::Handler, ctx);
            return self.go_on(finished, replicas, store, ctx);
        }
        if let Some(span) = self.load_span(&request, store, ctx) {
            self.loaded.insert((request.id, request.attempt));
            return ctx.at(ctx.now + span, Task::CommandHandled(Box::new(request)));
        }
        self.decide(request, replicas, store, ctx);
    }

    /// How much longer a command takes because its order is folded from events, if that was not done yet.
    fn load_span(&mut self, request: &Request, store: &EventStore, ctx: &Context<'_>) -> Option<Micros> {
        let order = request.of.order()?;
        let events = self.orders.events_to_load(order, store, ctx.options);
        let span = Micros(ctx.options.order_service.event_sourcing.load_per_event.0 * u64::from(events));
        let loaded = self.loaded.remove(&(request.id, request.attempt));
        (span > Micros::ZERO && !loaded).then_some(span)
    }

    fn decide(&mut self, request: Request, replicas: Replicas<'_>, store: &mut EventStore, ctx: &mut Context<'_>) {
        let of = Service::of(request.of);
        if let Some(again) = self.decide_one(request, replicas, store, ctx) {
            return self.begin(again, store, ctx);
        }
        // Who has crashed begins nothing.
        if !self.has_fallen() {
            self.begin_next(of, store, ctx);
        }
    }

    /// Decides a command and answers it, unless its handler has to begin it anew.
    fn decide_one(
        &mut self,
        request: Request,
        replicas: Replicas<'_>,
        store: &mut EventStore,
        ctx: &mut Context<'_>,
    ) -> Option<Box<Request>> {
        let Self { orders, products, customers, writers, outboxes, inbox, .. } = self;
        let at = Service::of(request.of).index();
        if let Err(refusal) = may_ask(&request, orders, store, ctx) {
            writers[at].decided(request, Err(refusal), None, ctx);
            return None;
        }
        match inbox.recall(&request, ctx) {
            Recalled::Nothing => {}
            Recalled::Outcome(outcome) => {
                let version = version_of(outcome, store);
                writers[at].repeat(request, outcome, version, ctx);
                return None;
            }
            // The row stays the other command's.
            Recalled::OtherCommand => {
                ctx.record(What::Command(Commanding::KeyReused { command: request.id, of: request.of }));
                writers[at].decided(request, Err(Refusal::KeyReused), None, ctx);
                return None;
            }
        }
        let service = Service::of(request.of);
        let outbox = &mut outboxes[at];
        let crash = if service == Service::Orders { crash_point(&request, ctx) } else { None };
        let outcome = match request.of {
            _ if let Some(owner) = down(service, ctx) => Err(Refusal::Unavailable(owner)),
            Aggregate::Order(_) => {
                let reach = Reach { replicas, owners: Owners { products, customers } };
                orders.decide(&request, reach, crash, store, outbox, ctx)
            }
            Aggregate::Product(product) => products.decide(&request, product, store, outbox, ctx),
            Aggregate::Customer(customer) => customers.decide(&request, customer, store, outbox, ctx),
        };
        if let Some((read, found)) = conflict_to_retry(&request, outcome, ctx) {
            let (command, of) = (request.id, request.of);
            ctx.record(What::Command(Commanding::BegunAnew { command, of, read, found }));
            return Some(Box::new(Request { begun_anew: request.begun_anew + 1, ..request }));
        }
        let version = version_of(outcome, store);
        match (outcome, crash) {
            (Ok(saved), Some(point)) => {
                // What is remembered is part of the transaction: it is there if the event is.
                if saved.is_some() {
                    inbox.remember(&request, outcome, ctx);
                    if request.taken_in {
                        writers[at].settle(request.id, outcome, version);
                    }
                }
                self.crash_with(request, point, ctx);
            }
            // Whoever sent a command that was taken in waits for no answer.
            (Ok(Some(event)), None) if service == Service::Orders && awaits_broker(ctx) && !request.taken_in => {
                inbox.remember(&request, outcome, ctx);
                self.awaiting.wait(event, request);
                writers[at].accepted_unanswered();
            }
            _ => {
                inbox.remember(&request, outcome, ctx);
                writers[at].decided(request, outcome, version, ctx);
            }
        }
        None
    }

    fn crash_with(&mut self, request: Request, point: CrashPoint, ctx: &mut Context<'_>) {
        ctx.record(What::Committing(Committing::Crashed { command: request.id, of: request.of, point }));
        let lasts = down_for(Hop::Handler, request.subject, ctx);
        self.fallen = Some(Fallen { request: Some(Box::new(request)), lasts });
    }

    /// Has the Order Service crashed in this step?
    pub const fn has_fallen(&self) -> bool {
        self.fallen.is_some() || self.outboxes[Service::Orders.index()].has_fallen()
    }

    /// The Order Service, if it has crashed in this step.
    pub fn take_fallen(&mut self, store: &EventStore, ctx: &Context<'_>) -> Option<Fallen> {
        let unmarked = self.outboxes[Service::Orders.index()].take_fallen();
        let of_relay = unmarked
            .map(|event| Fallen { request: None, lasts: down_for(Hop::Relay, store.event(event).subject(), ctx) });
        self.fallen.take().or(of_relay)
    }

    /// The broker has acknowledged an event.
    pub fn acknowledged(&mut self, event: EventId, store: &EventStore, ctx: &mut Context<'_>) {
        self.outbox_of(event, store).acknowledged(event, ctx);
        let version = store.event(event).recorded.version;
        self.awaiting.acknowledged(event, version, ctx);
    }

    /// An event was not acknowledged in time: whoever waits for it waits no longer, and it is published again where that is done.
    pub fn unacknowledged(&mut self, event: EventId, attempt: u16, store: &EventStore, ctx: &mut Context<'_>) {
        let once =
            ctx.options.order_service.commit == Commit::DualWrite && store.event(event).recorded.of.order().is_some();
        let outbox = self.outbox_of(event, store);
        if once {
            outbox.forget(event);
        } else {
            outbox.resend(event, attempt, store, ctx);
        }
        self.awaiting.timed_out(event, ctx);
    }

    /// The outbox that an event lies in.
    pub fn outbox_of(&mut self, event: EventId, store: &EventStore) -> &mut Outbox {
        let topic = TopicName::of(store.event(event).recorded.of);
        // Each service publishes to the topic of the same number.
        &mut self.outboxes[topic.index()]
    }
}

/// Is the command one that its sender may send? Asked before anything is said about it, the old answer included.
fn may_ask(request: &Request, orders: &OrderService, store: &EventStore, ctx: &Context<'_>) -> Result<(), Refusal> {
    if !ctx.options.order_service.commands.authorise {
        return Ok(());
    }
    let row = request.of.order().map(|order| orders.load(order, store, ctx.options)).filter(|row| row.version > 0);
    allow(request.headers.actor, request.of, &request.command, row.map(|row| row.customer))
}

/// The versions that were expected and found, if that is why a command was not carried out and its handler may begin it anew.
/// What its sender expects does not come true by that.
fn conflict_to_retry(request: &Request, outcome: Outcome, ctx: &Context<'_>) -> Option<(Version, Version)> {
    let may_retry = request.begun_anew < ctx.options.order_service.conflict_retries;
    match outcome {
        Err(Refusal::VersionConflict { expected, found }) if may_retry && request.headers.expected.is_none() => {
            Some((expected, found))
        }
        _ => None,
    }
}

/// The version that an aggregate had with the event that a command caused.
fn version_of(outcome: Outcome, store: &EventStore) -> Option<Version> {
    outcome.ok().flatten().map(|event| store.event(event).recorded.version)
}

fn down_for(hop: Hop, subject: Subject, ctx: &Context<'_>) -> Micros {
    let key = FateKey { purpose: Purpose::Restart, hop, subject, attempt: 1 };
    ctx.fates.span(key, &ctx.options.order_service.crash.restart_after)
}
