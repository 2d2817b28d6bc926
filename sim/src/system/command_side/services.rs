//! The services together: where a command goes, who is asked for what it needs, and who decides it.

use std::collections::BTreeSet;

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CommandId, EventId};
use crate::shop::refusal::Refusal;
use crate::system::committing::Committing;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::fate::{CrashPoint, FateKey, Hop, Purpose, Subject};
use crate::system::options::{Commit, DataAccess, Fallback, Options};
use crate::system::outage::down;
use crate::system::place::{Service, TopicName};
use crate::system::task::{Request, Task};
use crate::system::trace::What;

use super::awaiting::Awaiting;
use super::commit::{awaits_broker, crash_point};
use super::enquiry::{Asker, Enquiries, Finished, must_ask};
use super::inbox::Inbox;
use super::learned::Learned;
use super::order_service::{OrderService, Reach};
use super::outbox::Outbox;
use super::owners::{CustomerService, Owners, ProductService};
use super::payments::Payments;
use super::replica::Replicas;
use super::writer::Writer;

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
    pub fn receive(&mut self, request: Box<Request>, ctx: &mut Context<'_>) {
        if composes(&request, ctx.options) {
            if let Some(finished) = self.enquiries.ask(request, Asker::Gateway, ctx) {
                self.send_on(finished.request, ctx);
            }
        } else {
            self.writers[Service::of(request.of).index()].receive(request, ctx);
        }
    }

    /// A service has crashed: what it had in memory is lost, also what it was asking for.
    pub fn crash(&mut self, service: Service) -> Vec<Box<Request>> {
        let mut lost = self.writers[service.index()].crash();
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
                let key = FateKey { purpose: Purpose::Delay, hop: Hop::Gateway, subject: request.subject, attempt: 1 };
                ctx.at(ctx.now + ctx.fates.span(key, &api.gateway_delay), Task::CommandArrives(request));
            }
        }
    }

    /// The owners have been asked for a command's data.
    pub fn go_on(
        &mut self,
        finished: Option<Finished>,
        replicas: Replicas<'_>,
        store: &mut EventStore,
        ctx: &mut Context<'_>,
    ) {
        match finished {
            None => {}
            Some(Finished { request, asker: Asker::Gateway }) => self.send_on(request, ctx),
            Some(Finished { request, asker: Asker::Handler }) => self.decide(*request, replicas, store, ctx),
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
        let Self { orders, products, customers, writers, outboxes, inbox, .. } = self;
        if let Some(outcome) = inbox.remembered(request.id, ctx) {
            return writers[Service::of(request.of).index()].repeat(request, outcome, ctx);
        }
        let service = Service::of(request.of);
        let outbox = &mut outboxes[service.index()];
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
        match (outcome, crash) {
            (Ok(saved), Some(point)) => {
                // What is remembered is part of the transaction: it is there if the event is.
                if saved.is_some() {
                    inbox.remember(request.id, outcome);
                }
                self.crash_with(request, point, ctx);
            }
            (Ok(Some(event)), None) if service == Service::Orders && awaits_broker(ctx) => {
                inbox.remember(request.id, outcome);
                self.awaiting.wait(event, request);
                writers[service.index()].accepted_unanswered(ctx);
            }
            _ => {
                inbox.remember(request.id, outcome);
                writers[service.index()].decided(request, outcome, ctx);
            }
        }
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
        self.awaiting.acknowledged(event, ctx);
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

fn down_for(hop: Hop, subject: Subject, ctx: &Context<'_>) -> Micros {
    let key = FateKey { purpose: Purpose::Restart, hop, subject, attempt: 1 };
    ctx.fates.span(key, &ctx.options.order_service.crash.restart_after)
}
