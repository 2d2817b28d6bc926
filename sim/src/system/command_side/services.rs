//! The services together: where a command goes, who is asked for what it needs, and who decides it.

use crate::shop::aggregate::Aggregate;
use crate::shop::authorisation::allow;
use crate::shop::ids::{EventId, Version};
use crate::shop::refusal::Refusal;
use crate::system::commanding::Commanding;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::fate::{FateKey, Hop, Purpose};
use crate::system::options::{Concurrency, DataAccess, Fallback, Options};
use crate::system::outage::down;
use crate::system::place::{Service, TopicName};
use crate::system::task::{Request, Task};
use crate::system::trace::What;

use super::concurrency::Loaded;
use super::enquiry::{Asker, Enquiries, Finished, must_ask};
use super::inbox::{Inbox, Outcome, Recalled};
use super::learned::Learned;
use super::order_service::{OrderService, Reach};
use super::outbox::Outbox;
use super::owners::{CustomerService, Owners, ProductService};
use super::payments::Payments;
use super::replica::Replicas;
use super::writer::{self, Writer};

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
    inbox: Inbox,
    /// The payment provider.
    pub payments: Payments,
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
            self.begin_next(service, ctx);
        }
    }

    /// Lets every free handler of a service begin a command that waits.
    fn begin_next(&mut self, service: Service, ctx: &mut Context<'_>) {
        while let Some(next) = self.writers[service.index()].next(ctx) {
            self.begin(next, ctx);
        }
    }

    /// A handler begins a command. Where it is not alone, it reads the row now and writes at its end.
    fn begin(&mut self, mut request: Box<Request>, ctx: &mut Context<'_>) {
        let is_alone = ctx.options.order_service.concurrency == Concurrency::SingleWriter;
        request.loaded = if is_alone { None } else { Some(Box::new(self.read(request.of))) };
        writer::begin(request, ctx);
    }

    fn read(&self, of: Aggregate) -> Loaded {
        match of {
            Aggregate::Order(order) => Loaded::Order(self.orders.orders().get(order).cloned().unwrap_or_default()),
            Aggregate::Product(product) => Loaded::Product(self.products.row(product)),
            Aggregate::Customer(customer) => Loaded::Customer(self.customers.row(customer)),
        }
    }

    /// Somebody asks what has become of a command that was taken in.
    pub fn tell_status(&self, question: Request, ctx: &mut Context<'_>) {
        self.writers[Service::of(question.of).index()].tell_status(question, ctx);
    }

    /// What a crash of a service really destroys of what it was handling: commands that were taken in are saved.
    pub fn unsaved(&mut self, service: Service, handled: Vec<Box<Request>>) -> Vec<Box<Request>> {
        self.writers[service.index()].put_back(handled)
    }

    /// A service is back: it goes on with what it has taken in.
    pub fn restart(&mut self, service: Service, ctx: &mut Context<'_>) {
        self.begin_next(service, ctx);
    }

    /// A service has crashed: what it had in memory is lost, also what it was asking for.
    pub fn crash(&mut self, service: Service) -> Vec<Box<Request>> {
        let mut lost = self.writers[service.index()].crash();
        if service == Service::Orders {
            lost.extend(self.enquiries.handler_lost());
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
                ctx.at(ctx.now + ctx.fates.span(key, &api.gateway_delay), Task::CommandArrives(request));
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
        self.decide(request, replicas, store, ctx);
    }

    fn decide(&mut self, request: Request, replicas: Replicas<'_>, store: &mut EventStore, ctx: &mut Context<'_>) {
        let of = Service::of(request.of);
        if let Some(again) = self.decide_one(request, replicas, store, ctx) {
            return self.begin(again, ctx);
        }
        self.begin_next(of, ctx);
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
        let service = Service::of(request.of).index();
        if let Err(refusal) = may_ask(&request, orders, ctx) {
            writers[service].decided(request, Err(refusal), None, ctx);
            return None;
        }
        match inbox.recall(&request, ctx) {
            Recalled::Nothing => {}
            Recalled::Outcome(outcome) => {
                let version = version_of(outcome, store);
                writers[service].repeat(request, outcome, version, ctx);
                return None;
            }
            // The row stays the other command's.
            Recalled::OtherCommand => {
                ctx.record(What::Command(Commanding::KeyReused { command: request.id, of: request.of }));
                writers[service].decided(request, Err(Refusal::KeyReused), None, ctx);
                return None;
            }
        }
        let outbox = &mut outboxes[service];
        let outcome = match request.of {
            _ if let Some(owner) = down(Service::of(request.of), ctx) => Err(Refusal::Unavailable(owner)),
            Aggregate::Order(order) => {
                let reach = Reach { replicas, owners: Owners { products, customers } };
                orders.decide(&request, order, reach, store, outbox, ctx)
            }
            Aggregate::Product(product) => products.decide(&request, product, store, outbox, ctx),
            Aggregate::Customer(customer) => customers.decide(&request, customer, store, outbox, ctx),
        };
        if let Some((read, found)) = conflict_to_retry(&request, outcome, ctx) {
            let (command, of) = (request.id, request.of);
            ctx.record(What::Command(Commanding::BegunAnew { command, of, read, found }));
            return Some(Box::new(Request { begun_anew: request.begun_anew + 1, ..request }));
        }
        inbox.remember(&request, outcome, ctx);
        writers[service].decided(request, outcome, version_of(outcome, store), ctx);
        None
    }

    /// The outbox that an event lies in.
    pub fn outbox_of(&mut self, event: EventId, store: &EventStore) -> &mut Outbox {
        let topic = TopicName::of(store.event(event).recorded.of);
        // Each service publishes to the topic of the same number.
        &mut self.outboxes[topic.index()]
    }
}

/// Is the command one that its sender may send? Asked before anything is said about it, the old answer included.
fn may_ask(request: &Request, orders: &OrderService, ctx: &Context<'_>) -> Result<(), Refusal> {
    if !ctx.options.order_service.commands.authorise {
        return Ok(());
    }
    let row = request.of.order().and_then(|order| orders.orders().get(order)).filter(|row| row.version > 0);
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
