//! Calls to the services on behalf of one query, and their replies: what travels where answers are composed.

use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::shop::ids::{CustomerId, EventId, OrderId, ProductId};
use crate::shop::order::event::Line;
use crate::system::context::Context;
use crate::system::fate::{FateKey, Hop, Purpose, Subject};
use crate::system::node::Node;
use crate::system::options::Composition;
use crate::system::place::Service;
use crate::system::task::Task;
use crate::system::trace::What;

use super::composing::Composing;
use super::message::{QueryId, QueryTask};
use super::page::{Page, Part};
use super::question::Query;
use super::reading::Reading;
use super::row::Row;

/// What can be on the agenda about composing.
#[derive(Clone, Debug)]
pub enum ComposeTask {
    /// A call reaches its service.
    Arrives(Box<Call>),
    /// The service has worked on a call for as long as that takes.
    Looked(Box<Call>),
    /// A reply reaches the gateway.
    Replies(Box<Told>),
    /// The gateway has waited long enough for this try of a query.
    TimesOut(QueryId, u16),
    /// The gateway has joined the replies.
    Joined(QueryId, u16),
}

impl ComposeTask {
    /// The service that works on it now, if one does.
    pub const fn with(&self) -> Option<Service> {
        if let Self::Looked(call) = self { Some(call.look.owner()) } else { None }
    }

    /// The service that does it, if one does.
    pub const fn at(&self) -> Option<Service> {
        if let Self::Arrives(call) = self { Some(call.look.owner()) } else { self.with() }
    }
}

/// A call on its way.
#[derive(Clone, Debug)]
pub struct Call {
    /// For which query.
    pub query: QueryId,
    /// Its name for fates.
    pub subject: Subject,
    /// For which try of it, from 1.
    pub attempt: u16,
    /// Which of the calls to this service for this try, from 0.
    pub nth: u16,
    /// What is asked.
    pub look: Look,
    /// When it left.
    pub sent: Micros,
}

/// What a service is asked for.
#[derive(Clone, Debug)]
pub enum Look {
    /// One order.
    Order(OrderId),
    /// A part of the list of a customer's orders.
    Orders {
        /// The list.
        list: Query,
        /// Whose orders.
        customer: CustomerId,
        /// Which part.
        part: Part,
    },
    /// A customer's name.
    Customer(CustomerId),
    /// The names of products.
    Products(Arc<[ProductId]>),
}

/// A reply on its way.
#[derive(Clone, Debug)]
pub struct Told {
    /// The call.
    pub call: Call,
    /// What the service said.
    pub said: Said,
    /// When it looked, and which event was the last then.
    pub looked: (Micros, EventId),
    /// When it left.
    pub sent: Micros,
}

/// What a service says. What it does not know is not in it.
#[derive(Clone, Debug)]
pub enum Said {
    /// An order, with its lines.
    Order(Option<(Row, Arc<[Line]>)>),
    /// A part of a list.
    Orders(Page),
    /// A customer's name.
    Customer(Option<Arc<str>>),
    /// Names of products.
    Products(Vec<(ProductId, Arc<str>)>),
}

impl Look {
    /// Who is asked.
    pub const fn owner(&self) -> Service {
        match self {
            Self::Order(_) | Self::Orders { .. } => Service::Orders,
            Self::Customer(_) => Service::Customers,
            Self::Products(_) => Service::Products,
        }
    }

    /// For how many things. A list is one.
    fn things(&self) -> u16 {
        match self {
            Self::Products(products) => u16::try_from(products.len()).unwrap_or(u16::MAX),
            Self::Order(_) | Self::Orders { .. } | Self::Customer(_) => 1,
        }
    }
}

/// The two ways of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    There = 1,
    Back = 2,
}

/// Calls to one service beyond this many for one try share their fates.
const CALLS_OF_A_TRY: u16 = 1_000;

impl Call {
    /// How long its service works on it, before that is slowed down.
    pub const fn service_key(&self) -> FateKey {
        self.key(Purpose::Service, Way::There)
    }

    const fn key(&self, purpose: Purpose, way: Way) -> FateKey {
        let hop = match self.look.owner() {
            Service::Orders => Hop::CallOrders,
            Service::Products => Hop::CallProducts,
            Service::Customers => Hop::CallCustomers,
        };
        let nth = if self.nth < CALLS_OF_A_TRY { self.nth } else { CALLS_OF_A_TRY - 1 };
        let attempt = (self.attempt.saturating_sub(1).saturating_mul(CALLS_OF_A_TRY).saturating_add(nth))
            .saturating_mul(2)
            .saturating_add(way as u16);
        FateKey { purpose, hop, subject: self.subject, attempt }
    }

    /// Is the link between the gateway and the service cut in that direction?
    fn is_cut(&self, way: Way, ctx: &Context<'_>) -> bool {
        let (gateway, service) = (Node::Gateway, Node::Service(self.look.owner()));
        let (from, to) = if way == Way::There { (gateway, service) } else { (service, gateway) };
        ctx.options.network.is_cut(from, to, ctx.now)
    }

    /// When it would arrive that way, unless it is lost.
    fn passage(&self, way: Way, ways: &Composition, ctx: &Context<'_>) -> Option<Micros> {
        let lost = ctx.fates.happens(self.key(Purpose::Loss, way), ways.loss, ctx.faults)
            || ctx.faults && (ways.is_cut(self.look.owner(), ctx.now) || self.is_cut(way, ctx));
        (!lost).then(|| ctx.now + ctx.fates.span(self.key(Purpose::Delay, way), &ways.delay))
    }
}

/// A call leaves the gateway.
pub fn send(call: Call, ways: &Composition, ctx: &mut Context<'_>) {
    let (query, service) = (call.query, call.look.owner());
    record(Composing::Called { query, service, things: call.look.things() }, ctx);
    match call.passage(Way::There, ways, ctx) {
        Some(due) => ctx.at(due, Task::Query(QueryTask::Compose(ComposeTask::Arrives(Box::new(call))))),
        None => record(Composing::CallLost { query, service }, ctx),
    }
}

/// A service replies.
pub fn reply(call: Call, said: Said, last: EventId, ctx: &mut Context<'_>) {
    // Without a gateway, nobody is there any more to hear it.
    let Some(ways) = &ctx.options.queries.composition else { return };
    let (query, service) = (call.query, call.look.owner());
    record(Composing::Replies { query, service }, ctx);
    match call.passage(Way::Back, ways, ctx) {
        Some(due) => {
            let told = Told { call, said, looked: (ctx.now, last), sent: ctx.now };
            ctx.at(due, Task::Query(QueryTask::Compose(ComposeTask::Replies(Box::new(told)))));
        }
        None => record(Composing::ReplyLost { query, service }, ctx),
    }
}

/// Records something about composing.
pub fn record(what: Composing, ctx: &mut Context<'_>) {
    ctx.record(What::Reading(Reading::Composing(what)));
}
