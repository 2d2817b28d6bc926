//! Asking the owners [seed 000]: by the command handler while its command waits, or by the gateway before the command goes on.
//!
//! One question goes to each owner, with all that it is asked about a command. There is no second try: whoever asks waits for
//! both replies until its patience ends.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::shop::command::Command;
use crate::shop::ids::{CommandId, CustomerId, ProductId};
use crate::shop::order::command::OrderCommand;
use crate::shop::refusal::OwnerName;
use crate::system::breaker::{Breaker, Circuit};
use crate::system::context::Context;
use crate::system::exchange::Exchange;
use crate::system::fate::{FateKey, Hop, Purpose, Subject};
use crate::system::node::Node;
use crate::system::options::{DataAccess, Options};
use crate::system::outage::{down_until, owner_name, slowed_by};
use crate::system::place::Service;
use crate::system::task::{Request, Task};
use crate::system::trace::What;

use super::cache::ValidationCache;
use super::learned::{Known, Learned};
use super::owners::Owners;
use super::place_order::{CustomerFacts, Facts as _, ProductFacts};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asker {
    /// The command handler: its one writer waits.
    Handler,
    /// The gateway: it can ask for many commands at once.
    Gateway,
}

impl Asker {
    /// The node that its questions leave from.
    const fn node(self) -> Node {
        match self {
            Self::Handler => Node::Service(Service::Orders),
            Self::Gateway => Node::Gateway,
        }
    }
}

/// A question on its way to an owner.
#[derive(Clone, Debug)]
pub struct Question {
    /// For which command.
    pub command: CommandId,
    /// The command's name for fates.
    pub subject: Subject,
    /// Who asks.
    pub asker: Asker,
    /// Whom.
    pub owner: Service,
    /// About which customer.
    pub customer: CustomerId,
    /// About which products.
    pub products: Arc<[ProductId]>,
    /// When it left.
    pub sent: Micros,
}

/// A reply on its way back.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The question.
    pub question: Question,
    /// What the owner said.
    pub said: Said,
    /// When it left.
    pub sent: Micros,
}

/// What an owner said.
#[derive(Clone, Debug)]
pub enum Said {
    /// Of the customer.
    Customer(Option<CustomerFacts>),
    /// Of each product that it knows.
    Products(Vec<(ProductId, ProductFacts)>),
}

/// A command whose data is being asked for.
#[derive(Clone, Debug)]
struct Enquiry {
    /// The tries of the command that wait for the replies. One that comes while another is being asked for joins it.
    waiting: Vec<(Box<Request>, Asker)>,
    known: Known,
    /// Which of the two owners have answered.
    answered: [bool; 2],
}

/// A command whose data is there, or will not come.
#[derive(Debug)]
pub struct Finished {
    /// The command, with what was learned.
    pub request: Box<Request>,
    /// Who asked.
    pub asker: Asker,
}

/// The commands that wait for replies, and a breaker for each owner.
#[derive(Clone, Debug, Default)]
pub struct Enquiries {
    open: BTreeMap<CommandId, Enquiry>,
    breakers: [Breaker; 2],
    cache: ValidationCache,
}

const OWNERS: [Service; 2] = [Service::Products, Service::Customers];

/// Does this command need data that is asked for, and has nobody asked yet?
pub fn must_ask(request: &Request, options: &Options) -> bool {
    let asks = matches!(options.order_service.data_access, DataAccess::SynchronousApi | DataAccess::Composition);
    asks && request.learned.is_none() && matches!(request.command, Command::Order(OrderCommand::CreateOrder { .. }))
}

impl Enquiries {
    /// The breakers in front of the Product Service and the Customer Service.
    pub const fn breakers(&self) -> &[Breaker; 2] {
        &self.breakers
    }

    /// How many commands wait for replies.
    pub fn waiting(&self) -> usize {
        self.open.len()
    }

    /// Does the command handler itself wait for this command's data?
    pub fn asks_for_handler(&self, command: CommandId) -> bool {
        let is_handler = |(_, asker): &(Box<Request>, Asker)| *asker == Asker::Handler;
        self.open.get(&command).is_some_and(|enquiry| enquiry.waiting.iter().any(is_handler))
    }

    /// The command handler has crashed, and does not know any more what it asked for.
    pub fn handler_lost(&mut self) -> Vec<Box<Request>> {
        let mut lost = Vec::new();
        for enquiry in self.open.values_mut() {
            let of_handler = |(_, asker): &mut (Box<Request>, Asker)| *asker == Asker::Handler;
            lost.extend(enquiry.waiting.extract_if(.., of_handler).map(|(request, _)| request));
        }
        self.open.retain(|_, enquiry| !enquiry.waiting.is_empty());
        lost
    }

    /// Asks the owners on behalf of a command, except for what the cache knows. It is finished at once when the cache knows
    /// everything, or when a circuit is open.
    pub fn ask(&mut self, request: Box<Request>, asker: Asker, ctx: &mut Context<'_>) -> Option<Finished> {
        let Command::Order(OrderCommand::CreateOrder { customer, lines }) = &request.command else {
            return Some(Finished { request, asker });
        };
        if let Some(enquiry) = self.open.get_mut(&request.id) {
            enquiry.waiting.push((request, asker));
            return None;
        }
        let mut products: Vec<ProductId> = lines.iter().map(|line| line.product).collect();
        products.sort_unstable();
        products.dedup();
        let (known, answered) = self.cached(request.id, *customer, &products, ctx);
        if answered == [true; 2] {
            return Some(finish(request, asker, Learned::Known(known)));
        }
        if let Some(owner) = self.refused_by_breaker(answered, ctx) {
            ctx.record(What::Between(Exchange::QuestionSpared { command: request.id, owner }));
            return Some(finish(request, asker, unavailable(owner)));
        }
        let products: Arc<[ProductId]> = products.into();
        for (number, owner) in OWNERS.into_iter().enumerate().filter(|(number, _)| !answered[*number]) {
            if ctx.options.order_service.api.breaker.is_some() {
                let change = self.breakers[number].asked(ctx.now);
                tell(owner, change, ctx);
            }
            let (command, subject, products) = (request.id, request.subject, Arc::clone(&products));
            send(Question { command, subject, asker, owner, customer: *customer, products, sent: ctx.now }, ctx);
        }
        ctx.at(ctx.now + ctx.options.order_service.api.timeout, Task::QuestionTimesOut(request.id));
        self.open.insert(request.id, Enquiry { waiting: vec![(request, asker)], known, answered });
        None
    }

    /// What the cache knows of a command's data, and which of the two owners need not be asked.
    fn cached(
        &self,
        command: CommandId,
        customer: CustomerId,
        products: &[ProductId],
        ctx: &mut Context<'_>,
    ) -> (Known, [bool; 2]) {
        let Some(ttl) = ctx.options.order_service.api.cache_ttl else { return Default::default() };
        let customer = self.cache.customer(customer, ttl, ctx.now);
        let products = self.cache.products(products, ttl, ctx.now);
        let answered = [products.is_some(), customer.is_some()];
        for (owner, _) in OWNERS.into_iter().zip(answered).filter(|(_, answered)| *answered) {
            ctx.record(What::Between(Exchange::TakenFromCache { command, owner }));
        }
        (Known { customer, products: products.unwrap_or_default() }, answered)
    }

    /// An owner whose answer is needed and whose circuit lets no question through.
    fn refused_by_breaker(&self, answered: [bool; 2], ctx: &Context<'_>) -> Option<Service> {
        let settings = ctx.options.order_service.api.breaker?;
        let needed = (0..OWNERS.len()).filter(|number| !answered[*number]);
        let mut refused = needed.filter(|number| !self.breakers[*number].allows(&settings, ctx.now));
        refused.next().map(|number| OWNERS[number])
    }

    /// A reply has arrived. The command is finished when it was the second: the tries of it that have waited.
    pub fn replied(&mut self, reply: Reply, ctx: &mut Context<'_>) -> Vec<Finished> {
        let (command, owner) = (reply.question.command, reply.question.owner);
        // Whoever asked may have lost patience.
        let Some(enquiry) = self.open.get_mut(&command) else { return Vec::new() };
        ctx.record(What::Between(Exchange::Replied { command, owner }));
        let number = usize::from(owner == Service::Customers);
        enquiry.answered[number] = true;
        if ctx.options.order_service.api.cache_ttl.is_some() {
            self.cache.keep(reply.question.customer, &reply.said, ctx.now);
        }
        match reply.said {
            Said::Customer(facts) => enquiry.known.customer = facts,
            Said::Products(facts) => enquiry.known.products = facts,
        }
        if ctx.options.order_service.api.breaker.is_some() {
            let change = self.breakers[number].succeeded();
            tell(owner, change, ctx);
        }
        let has_both = self.open.get(&command).is_some_and(|enquiry| enquiry.answered == [true; 2]);
        let finished = if has_both { self.open.remove(&command) } else { None };
        finished.map_or_else(Vec::new, |Enquiry { waiting, known, .. }| finish_all(waiting, &Learned::Known(known)))
    }

    /// Patience ends, unless both have answered.
    pub fn timed_out(&mut self, command: CommandId, ctx: &mut Context<'_>) -> Vec<Finished> {
        let Some(Enquiry { waiting, answered, .. }) = self.open.remove(&command) else { return Vec::new() };
        let silent = || OWNERS.into_iter().enumerate().filter(|(number, _)| !answered[*number]);
        for (number, owner) in silent() {
            ctx.record(What::Between(Exchange::QuestionTimedOut { command, owner }));
            if let Some(settings) = ctx.options.order_service.api.breaker {
                let change = self.breakers[number].failed(&settings, ctx.now);
                tell(owner, change, ctx);
            }
        }
        let owner = silent().next().map_or(Service::Products, |(_, owner)| owner);
        finish_all(waiting, &unavailable(owner))
    }
}

/// An owner is asked: it looks at once and takes its time to reply. One that is down says nothing.
pub fn answer(question: Question, owners: Owners<'_>, ctx: &mut Context<'_>) {
    if down_until(question.owner, ctx.now, ctx.options).is_some() {
        ctx.record(What::Between(Exchange::QuestionUnheard { command: question.command, owner: question.owner }));
        return;
    }
    let (said, settings) = match question.owner {
        Service::Customers => (Said::Customer(owners.customer(question.customer)), &ctx.options.customer_service),
        Service::Products | Service::Orders => {
            let known = |product: &ProductId| Some((*product, owners.product(*product)?));
            (Said::Products(question.products.iter().filter_map(known).collect()), &ctx.options.product_service)
        }
    };
    let took = ctx.fates.span(key(&question, Purpose::Service, 1), &settings.service) + slowed_by(question.owner, ctx);
    let api = &ctx.options.order_service.api;
    let leaves = ctx.now + took;
    let due = leaves + ctx.fates.span(key(&question, Purpose::Delay, 2), &api.delay);
    ctx.record(What::Between(Exchange::Replies { command: question.command, owner: question.owner }));
    let back = (Node::Service(question.owner), question.asker.node());
    let cut = ctx.faults && ctx.options.network.is_cut(back.0, back.1, ctx.now);
    if cut || ctx.fates.happens(key(&question, Purpose::Loss, 2), api.loss, ctx.faults) {
        return ctx.record(What::Between(Exchange::ReplyLost { command: question.command, owner: question.owner }));
    }
    ctx.at(due, Task::ReplyArrives(Box::new(Reply { question, said, sent: leaves })));
}

fn send(question: Question, ctx: &mut Context<'_>) {
    let (command, owner) = (question.command, question.owner);
    ctx.record(What::Between(Exchange::Asked { command, owner }));
    let api = &ctx.options.order_service.api;
    let due = ctx.now + ctx.fates.span(key(&question, Purpose::Delay, 1), &api.delay);
    let there = (question.asker.node(), Node::Service(question.owner));
    let cut = ctx.faults && ctx.options.network.is_cut(there.0, there.1, ctx.now);
    if cut || ctx.fates.happens(key(&question, Purpose::Loss, 1), api.loss, ctx.faults) {
        return ctx.record(What::Between(Exchange::QuestionLost { command, owner }));
    }
    ctx.at(due, Task::QuestionArrives(Box::new(question)));
}

/// The question is the first try of its hop, the reply the second.
const fn key(question: &Question, purpose: Purpose, attempt: u16) -> FateKey {
    let hop = if matches!(question.owner, Service::Customers) { Hop::AskCustomers } else { Hop::AskProducts };
    FateKey { purpose, hop, subject: question.subject, attempt }
}

fn tell(owner: Service, change: Option<Circuit>, ctx: &mut Context<'_>) {
    if let Some(circuit) = change {
        ctx.record(What::Between(Exchange::CircuitTurned { owner, circuit }));
    }
}

fn unavailable(owner: Service) -> Learned {
    Learned::Unavailable(owner_name(owner).unwrap_or(OwnerName::Products))
}

fn finish_all(waiting: Vec<(Box<Request>, Asker)>, learned: &Learned) -> Vec<Finished> {
    waiting.into_iter().map(|(request, asker)| finish(request, asker, learned.clone())).collect()
}

fn finish(mut request: Box<Request>, asker: Asker, learned: Learned) -> Finished {
    request.learned = Some(Box::new(learned));
    Finished { request, asker }
}
