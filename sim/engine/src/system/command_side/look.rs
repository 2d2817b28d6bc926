//! Reads of the write side: one aggregate at a time, by its key, never a list [seed 004, 12.5]. They are no commands, but they
//! stand in the same queue and take the service's time.

use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::place::Service;
use crate::system::queries::message::{Asked, Errand, Token};
use crate::system::queries::question::Query;
use crate::system::queries::row::{Fields, Row};

use super::services::Services;

impl Services {
    /// The Order Service is asked for one order: the question waits for its turn.
    pub fn look(&mut self, asked: Box<Asked>, errand: Errand, store: &EventStore, ctx: &mut Context<'_>) {
        self.writers[Service::Orders.index()].look(asked, errand);
        self.begin_next(Service::Orders, store, ctx);
    }

    /// The time for it is over: what the Order Service knows of the order that is asked for, if there is one.
    pub fn looked(&mut self, asked: &Asked, store: &EventStore, ctx: &mut Context<'_>) -> Option<Row> {
        self.writers[Service::Orders.index()].looked();
        self.begin_next(Service::Orders, store, ctx);
        let Some(Aggregate::Order(id)) = asked.query.one() else { return None };
        let order = Some(self.orders.load(id, store, ctx.options)).filter(|order| order.version > 0)?;
        let (quantity, total) = (order.units(), order.total());
        let (customer, status) = (Some(order.customer), order.status);
        let fields = match asked.query {
            // It does not own the names.
            Query::Page { .. } => {
                Fields::Page { customer, status, quantity, total, customer_name: None, product_names: None }
            }
            _ => Fields::Order { customer, status, quantity, total },
        };
        Some(Row { of: id.into(), version: order.version, fields })
    }

    /// How far the write side is now, as a demand on whoever answers this.
    pub fn position(&self, asked: &Asked, store: &EventStore, ctx: &Context<'_>) -> Token {
        let version = match asked.query.one() {
            Some(Aggregate::Order(id)) => self.orders.load(id, store, ctx.options).version,
            _ => 0,
        };
        Token { version, position: EventId(u32::try_from(store.len()).unwrap_or(u32::MAX)) }
    }
}
