//! The services together: where a command goes, who is asked for what it needs, and who decides it.

use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;
use crate::shop::refusal::Refusal;
use crate::system::commanding::Commanding;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::fate::{FateKey, Hop, Purpose};
use crate::system::options::{DataAccess, Fallback, Options};
use crate::system::outage::down;
use crate::system::place::{Service, TopicName};
use crate::system::task::{Request, Task};
use crate::system::trace::What;

use super::enquiry::{Asker, Enquiries, Finished, must_ask};
use super::inbox::{Inbox, Recalled};
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
        let Self { orders, products, customers, writers, outboxes, inbox, .. } = self;
        let service = Service::of(request.of).index();
        match inbox.recall(&request, ctx) {
            Recalled::Nothing => {}
            Recalled::Outcome(outcome) => return writers[service].repeat(request, outcome, ctx),
            // The row stays the other command's.
            Recalled::OtherCommand => {
                ctx.record(What::Command(Commanding::KeyReused { command: request.id, of: request.of }));
                return writers[service].decided(request, Err(Refusal::KeyReused), ctx);
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
        inbox.remember(&request, outcome, ctx);
        writers[service].decided(request, outcome, ctx);
    }

    /// The outbox that an event lies in.
    pub fn outbox_of(&mut self, event: EventId, store: &EventStore) -> &mut Outbox {
        let topic = TopicName::of(store.event(event).recorded.of);
        // Each service publishes to the topic of the same number.
        &mut self.outboxes[topic.index()]
    }
}
