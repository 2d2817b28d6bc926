//! Calls from the gateway that composes answers: what each service says of what it owns. They stand in the same queue as the
//! commands and take the service's time, like any other read of the write side.

use std::sync::Arc;

use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CustomerId, EventId, OrderId};
use crate::shop::order::Order;
use crate::shop::order::event::OrderEvent;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::options::Commit;
use crate::system::outage::{down, slowed_by};
use crate::system::place::Service;
use crate::system::queries::call::{self, Call, ComposeTask, Look, Said};
use crate::system::queries::composing::Composing;
use crate::system::queries::message::QueryTask;
use crate::system::queries::page::{cut, select};
use crate::system::queries::row::{Fields, Row};
use crate::system::task::Task;

use super::services::Services;

impl Services {
    /// A call has come: it waits for its turn. A service that is down hears nothing.
    pub fn call(&mut self, call: Box<Call>, store: &EventStore, ctx: &mut Context<'_>) {
        let service = call.look.owner();
        if down(service, ctx).is_some() {
            return call::record(Composing::Unheard { query: call.query, service }, ctx);
        }
        self.writers[service.index()].call(call);
        self.begin_next(service, store, ctx);
    }

    /// The time for a call is over: the service says what it knows at this moment.
    pub fn called(&mut self, call: Call, store: &EventStore, ctx: &mut Context<'_>) {
        let service = call.look.owner();
        self.writers[service.index()].looked();
        self.begin_next(service, store, ctx);
        if down(service, ctx).is_some() {
            return call::record(Composing::Unheard { query: call.query, service }, ctx);
        }
        let said = self.say(&call.look, store, ctx);
        let last = EventId(u32::try_from(store.len()).unwrap_or(u32::MAX));
        call::reply(call, said, last, ctx);
    }

    fn say(&self, look: &Look, store: &EventStore, ctx: &Context<'_>) -> Said {
        match look {
            Look::Order(id) => {
                let order = Some(self.orders.load(*id, store, ctx.options)).filter(|order| order.version > 0);
                Said::Order(order.map(|order| (row(*id, &order), order.lines)))
            }
            Look::Orders { list, customer, part } => {
                let theirs = self.orders_of(*customer, store, ctx);
                let rows = theirs.iter().map(|id| row(*id, &self.orders.load(*id, store, ctx.options))).collect();
                Said::Orders(cut(list, part, select(list, rows)))
            }
            Look::Customer(id) => {
                Said::Customer(self.customers.customer(*id).map(|customer| Arc::clone(&customer.name)))
            }
            Look::Products(ids) => {
                let name = |product| self.products.product(product).map(|one| Arc::clone(&one.name));
                Said::Products(ids.iter().map(|id| (*id, name(*id).unwrap_or_default())).collect())
            }
        }
    }

    /// The numbers of a customer's orders: from the rows, or from the events where those are all that is saved.
    fn orders_of(&self, customer: CustomerId, store: &EventStore, ctx: &Context<'_>) -> Vec<OrderId> {
        if ctx.options.order_service.commit != Commit::EventSourced {
            let rows = self.orders.orders().iter();
            return rows
                .filter(|(_, order)| order.version > 0 && order.customer == customer)
                .map(|(id, _)| id)
                .collect();
        }
        let created = store.committed().filter_map(|event| {
            let recorded = &store.event(event).recorded;
            match (recorded.of, recorded.event.order()) {
                (Aggregate::Order(id), Some(OrderEvent::OrderCreated { customer: whose, .. })) => {
                    (*whose == customer).then_some(id)
                }
                _ => None,
            }
        });
        created.collect()
    }
}

/// A service begins to look: it is busy with a call for as long as with a command.
pub fn begin(call: Box<Call>, ctx: &mut Context<'_>) {
    let owner = call.look.owner();
    let service = match owner {
        Service::Orders => &ctx.options.order_service.service,
        Service::Products => &ctx.options.product_service.service,
        Service::Customers => &ctx.options.customer_service.service,
    };
    let span = ctx.fates.span(call.service_key(), service) + slowed_by(owner, ctx);
    ctx.at(ctx.now + span, Task::Query(QueryTask::Compose(ComposeTask::Looked(call))));
}

fn row(id: OrderId, order: &Order) -> Row {
    let (quantity, total) = (order.units(), order.total());
    let fields = Fields::Order { customer: Some(order.customer), status: order.status, quantity, total };
    Row { of: id.into(), version: order.version, fields }
}
