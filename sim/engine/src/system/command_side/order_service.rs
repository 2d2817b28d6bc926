//! The Order Service: decides commands about orders, with what it knows of products and customers.
//!
//! How what was decided is saved and published is a matter of its own: [`commit`](super::commit).

use crate::shop::command::Command;
use crate::shop::event::{Event, Recorded};
use crate::shop::ids::{EventId, OrderId};
use crate::shop::order::Order;
use crate::shop::order::command::OrderCommand;
use crate::shop::order::event::Line;
use crate::shop::order::status::Status;
use crate::shop::refusal::Refusal;
use crate::system::by_order::ByOrder;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::exchange::Exchange;
use crate::system::fate::CrashPoint;
use crate::system::options::{Commit, DataAccess, Fallback, Options, StaleRow};
use crate::system::outage::down;
use crate::system::place::Service;
use crate::system::task::Request;
use crate::system::trace::What;

use super::commit::commit_order;
use super::concurrency::{decided_on, write};
use super::learned::Learned;
use super::outbox::Outbox;
use super::owners::Owners;
use super::place_order::{Facts, validate};
use super::replica::Replicas;
use super::snapshots::Snapshots;

/// The write store of the Order Service.
#[derive(Clone, Debug)]
pub struct OrderService {
    /// The rows; empty where the events are all that is saved.
    orders: ByOrder<Order>,
    snapshots: Snapshots,
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
        Self { orders: ByOrder::from_order(first), snapshots: Snapshots::from_order(first), stale_refusals: 0 }
    }

    /// The write store.
    pub const fn orders(&self) -> &ByOrder<Order> {
        &self.orders
    }

    /// How many orders were refused because the replica was too old.
    pub const fn stale_refusals(&self) -> u32 {
        self.stale_refusals
    }

    /// Decides a command about an order and commits what follows, up to where the service crashes. Accepted without an event
    /// is what a crash has kept from being saved.
    ///
    /// # Errors
    /// The rule that the command would break, of the order or of what it refers to.
    pub fn decide(
        &mut self,
        request: &Request,
        reach: Reach<'_>,
        crash: Option<CrashPoint>,
        store: &mut EventStore,
        outbox: &mut Outbox,
        ctx: &mut Context<'_>,
    ) -> Result<Option<EventId>, Refusal> {
        let (Command::Order(command), Some(order)) = (&request.command, request.of.order()) else {
            return Err(Refusal::NoSuchOrder);
        };
        let validated = validated(command, request, reach, ctx);
        note_old_data(command, request, reach, &validated, ctx);
        let command = match validated {
            Ok(validated) => validated,
            Err(refusal) => {
                self.stale_refusals += u32::from(matches!(refusal, Refusal::StaleData(_)));
                return Err(refusal);
            }
        };
        let row = self.load(order, store, ctx.options);
        let state = decided_on(request, &row)?;
        if ctx.options.saga.enabled {
            saga_allows(&command, state)?;
        }
        let event = state.decide(&command)?;
        let mut written = row.clone();
        let version = write(&mut written, &event, request, ctx)?;
        if ctx.options.order_service.commit == Commit::EventSourced {
            // Nothing can be written over: an event stands after those that are there, whatever it was decided on.
            written = row;
            written.apply(&event);
        }
        let recorded = Recorded { of: request.of, version, event: Event::Order(event) };
        let saved = commit_order(request, recorded, crash, store, outbox, ctx);
        if saved.is_some() {
            self.save(order, written, ctx.options);
        }
        Ok(saved)
    }

    /// An order as the write store has it: its row, or what its events come to.
    pub fn load(&self, order: OrderId, store: &EventStore, options: &Options) -> Order {
        match options.order_service.commit {
            Commit::EventSourced => self.snapshots.fold(order, store),
            Commit::Outbox | Commit::DualWrite => self.orders.get(order).cloned().unwrap_or_default(),
        }
    }

    /// How many events have to be read before a command about this order can be decided.
    pub fn events_to_load(&self, order: OrderId, store: &EventStore, options: &Options) -> u32 {
        match options.order_service.commit {
            Commit::EventSourced => self.snapshots.events_to_fold(order, store),
            Commit::Outbox | Commit::DualWrite => 0,
        }
    }

    fn save(&mut self, order: OrderId, state: Order, options: &Options) {
        match options.order_service.commit {
            Commit::EventSourced => {
                self.snapshots.note(order, state, options.order_service.event_sourcing.snapshot_every)
            }
            Commit::Outbox | Commit::DualWrite => *self.orders.entry(order) = state,
        }
    }
}

/// The command with its prices replaced by those that are known, where the handler looks at all.
fn validated(
    command: &OrderCommand,
    request: &Request,
    reach: Reach<'_>,
    ctx: &mut Context<'_>,
) -> Result<OrderCommand, Refusal> {
    let OrderCommand::CreateOrder { customer, lines } = command else { return Ok(command.clone()) };
    let settings = &ctx.options.order_service;
    let lines = match settings.data_access {
        DataAccess::Command => return Ok(command.clone()),
        DataAccess::SharedDatabase => validate(*customer, lines, &reach.owners)?,
        DataAccess::Replica => {
            let stale = settings.staleness_bound.and_then(|bound| reach.replicas.older_than(bound, lines, ctx.now));
            match (stale, settings.stale_row) {
                (Some(product), StaleRow::Refuse) => return Err(Refusal::StaleData(product)),
                (Some(_), StaleRow::AskTheSource) => {
                    if let Some(owner) = down(Service::Products, ctx).or_else(|| down(Service::Customers, ctx)) {
                        return Err(Refusal::Unavailable(owner));
                    }
                    validate(*customer, lines, &reach.owners)?
                }
                (None, _) => validate(*customer, lines, &reach.replicas)?,
            }
        }
        DataAccess::SynchronousApi | DataAccess::Composition => match request.learned.as_deref() {
            Some(Learned::Known(known)) => validate(*customer, lines, known)?,
            Some(Learned::Unavailable(owner)) if settings.api.fallback == Fallback::Refuse => {
                return Err(Refusal::Unavailable(*owner));
            }
            Some(Learned::Unavailable(_)) | None => {
                ctx.record(What::Between(Exchange::FellBack { command: request.id, of: request.of }));
                validate(*customer, lines, &reach.replicas)?
            }
        },
    };
    Ok(OrderCommand::CreateOrder { customer: *customer, lines: lines.into() })
}

/// Notes when an order was decided on data that was not the owners' at that moment.
fn note_old_data(
    command: &OrderCommand,
    request: &Request,
    reach: Reach<'_>,
    decided: &Result<OrderCommand, Refusal>,
    ctx: &mut Context<'_>,
) {
    let OrderCommand::CreateOrder { customer, lines } = command else { return };
    let differs = |facts: &dyn Facts| {
        let product = |line: &Line| facts.product(line.product) != reach.owners.product(line.product);
        facts.customer(*customer) != reach.owners.customer(*customer) || lines.iter().any(product)
    };
    let access = ctx.options.order_service.data_access;
    let old = match (access, request.learned.as_deref(), decided) {
        // Nothing was decided where the owner did not answer, or the row was known to be too old.
        (_, _, Err(Refusal::Unavailable(_) | Refusal::StaleData(_))) => false,
        // A row that was known to be too old was not used: the source was.
        (DataAccess::Command | DataAccess::SharedDatabase, ..) => false,
        (DataAccess::SynchronousApi | DataAccess::Composition, Some(Learned::Known(known)), _) => differs(known),
        (DataAccess::Replica, ..) if asked_the_source(lines, reach, ctx) => false,
        _ => differs(&reach.replicas),
    };
    if old {
        let should = validate(*customer, lines, &reach.owners);
        let otherwise = match (decided, &should) {
            (Ok(OrderCommand::CreateOrder { lines, .. }), Ok(priced)) => **lines != **priced,
            (Err(refusal), Err(rightly)) => refusal != rightly,
            _ => true,
        };
        ctx.record(What::Between(Exchange::DecidedOnOldData { command: request.id, of: request.of, otherwise }));
    }
}

fn asked_the_source(lines: &[Line], reach: Reach<'_>, ctx: &Context<'_>) -> bool {
    let bound = ctx.options.order_service.staleness_bound;
    bound.is_some_and(|bound| reach.replicas.older_than(bound, lines, ctx.now).is_some())
}

/// Under a saga an order's items are fixed, for they are being reserved, and only what is confirmed is shipped.
const fn saga_allows(command: &OrderCommand, order: &Order) -> Result<(), Refusal> {
    match command {
        OrderCommand::AddItem { .. } | OrderCommand::RemoveItem { .. }
            if order.status.is_open() && order.version > 0 =>
        {
            Err(Refusal::LinesFixed)
        }
        OrderCommand::ShipOrder if matches!(order.status, Status::Pending) && order.version > 0 => {
            Err(Refusal::NotWhileOrder(Status::Pending))
        }
        _ => Ok(()),
    }
}
