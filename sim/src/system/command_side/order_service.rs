//! The Order Service: decides commands about orders, with what it knows of products and customers.
//!
//! Saving the order and putting its event into the outbox is one step of the world: one transaction.

use crate::shop::command::Command;
use crate::shop::event::{Event, Recorded};
use crate::shop::ids::{EventId, OrderId};
use crate::shop::order::Order;
use crate::shop::order::command::OrderCommand;
use crate::shop::refusal::Refusal;
use crate::system::by_order::ByOrder;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::options::{DataAccess, StaleRow};
use crate::system::task::Request;
use crate::system::trace::What;

use super::outbox::Outbox;
use super::owners::Owners;
use super::place_order::validate;
use super::replica::Replicas;

/// The write store of the Order Service.
#[derive(Clone, Debug)]
pub struct OrderService {
    orders: ByOrder<Order>,
    stale_refusals: u32,
}

/// Where the handler can look: its own replicas, and the owners' tables if the database is shared.
#[derive(Clone, Copy, Debug)]
pub struct Reach<'a> {
    /// The replicas.
    pub replicas: Replicas<'a>,
    /// The owners' tables.
    pub owners: Owners<'a>,
}

impl OrderService {
    /// A service without orders; they will be numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { orders: ByOrder::from_order(first), stale_refusals: 0 }
    }

    /// The write store.
    pub const fn orders(&self) -> &ByOrder<Order> {
        &self.orders
    }

    /// How many orders were refused because the replica was too old.
    pub const fn stale_refusals(&self) -> u32 {
        self.stale_refusals
    }

    /// Decides a command about an order and commits what follows.
    ///
    /// # Errors
    /// The rule that the command would break, of the order or of what it refers to.
    pub fn decide(
        &mut self,
        request: &Request,
        order: OrderId,
        reach: Reach<'_>,
        store: &mut EventStore,
        outbox: &mut Outbox,
        ctx: &mut Context<'_>,
    ) -> Result<Option<EventId>, Refusal> {
        let Command::Order(command) = &request.command else { return Err(Refusal::NoSuchOrder) };
        let command = match self.validated(command, reach, ctx) {
            Ok(validated) => validated,
            Err(refusal) => {
                self.stale_refusals += u32::from(matches!(refusal, Refusal::StaleData(_)));
                return Err(refusal);
            }
        };
        let order = self.orders.entry(order);
        let event = order.decide(&command)?;
        order.apply(&event);
        let recorded = Recorded { of: request.of, version: order.version, event: Event::Order(event) };
        Ok(Some(commit(request, recorded, store, outbox, ctx)))
    }

    /// The command with its prices replaced by those that are known, where the handler looks at all.
    fn validated(&self, command: &OrderCommand, reach: Reach<'_>, ctx: &Context<'_>) -> Result<OrderCommand, Refusal> {
        let OrderCommand::CreateOrder { customer, lines } = command else { return Ok(command.clone()) };
        let settings = &ctx.options.order_service;
        let lines = match settings.data_access {
            DataAccess::Command => return Ok(command.clone()),
            DataAccess::SharedDatabase => validate(*customer, lines, &reach.owners)?,
            DataAccess::Replica => {
                let stale = settings.staleness_bound.and_then(|bound| reach.replicas.older_than(bound, lines, ctx.now));
                match (stale, settings.stale_row) {
                    (Some(product), StaleRow::Refuse) => return Err(Refusal::StaleData(product)),
                    (Some(_), StaleRow::AskTheSource) => validate(*customer, lines, &reach.owners)?,
                    (None, _) => validate(*customer, lines, &reach.replicas)?,
                }
            }
        };
        Ok(OrderCommand::CreateOrder { customer: *customer, lines: lines.into() })
    }
}

/// Saves an event and puts it into the outbox.
pub fn commit(
    request: &Request,
    recorded: Recorded,
    store: &mut EventStore,
    outbox: &mut Outbox,
    ctx: &mut Context<'_>,
) -> EventId {
    let (of, version) = (recorded.of, recorded.version);
    let event = store.append(ctx.now, request.id, recorded);
    ctx.record(What::Committed { event, command: request.id, of, version });
    outbox.add(event, request.subject, ctx);
    event
}
