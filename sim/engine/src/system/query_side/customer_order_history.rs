//! The customer order history: for each customer the orders with date, total and status [seed 001]. A materialised view
//! whose rows are looked up by customer, while most events name only the order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::shop::event::Recorded;
use crate::shop::ids::{CustomerId, EventId, OrderId, Version};
use crate::shop::money::Cents;
use crate::shop::order::event::OrderEvent;
use crate::shop::order::status::Status;
use crate::system::by_order::ByOrder;
use crate::system::consumer::target::Applying;
use crate::system::hands::RowAct;

/// One order in somebody's history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PastOrder {
    /// Is there a row at all?
    pub exists: bool,
    /// Whose it is, once that is known. An order of nobody is in no history.
    pub customer: Option<CustomerId>,
    /// When it was placed, once that is known.
    pub placed_at: Option<Micros>,
    /// What it costs, kept by adding: a repeated event counts twice.
    pub total: Cents,
    /// Where it stands.
    pub status: Status,
    /// The newest version that was applied.
    pub version: Version,
    /// The event that was applied last.
    pub last_event: Option<EventId>,
}

/// The read model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CustomerOrderHistory {
    orders: ByOrder<PastOrder>,
    by_customer: Arc<BTreeMap<CustomerId, Arc<BTreeSet<OrderId>>>>,
    count: u32,
}

impl CustomerOrderHistory {
    /// An empty history for orders numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { orders: ByOrder::from_order(first), ..Self::default() }
    }

    /// An order's entry, if there is one.
    pub fn order(&self, order: OrderId) -> Option<&PastOrder> {
        self.orders.get(order).filter(|row| row.exists)
    }

    /// Writes an order's entry by hand; false if there is none, or nothing of the kind in it.
    pub fn edit(&mut self, order: OrderId, act: RowAct) -> bool {
        if self.order(order).is_none() {
            return false;
        }
        let row = self.orders.entry(order);
        match act {
            RowAct::SetCents(cents) => row.total = cents,
            RowAct::SetStatus(status) => row.status = status,
            RowAct::Delete | RowAct::SetUnits(_) => return false,
        }
        true
    }

    /// A customer's orders, the latest first.
    pub fn of_customer(&self, customer: CustomerId) -> Vec<(OrderId, &PastOrder)> {
        let orders = self.by_customer.get(&customer).into_iter().flat_map(|orders| orders.iter());
        let mut found: Vec<_> = orders.filter_map(|order| Some((*order, self.order(*order)?))).collect();
        found.sort_by_key(|(order, row)| core::cmp::Reverse((row.placed_at, *order)));
        found
    }

    /// The orders that are in a history.
    pub fn orders(&self) -> impl Iterator<Item = OrderId> {
        self.orders.iter().filter(|(_, row)| row.exists).map(|(order, _)| order)
    }

    /// How many orders there are in all histories.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Applies an event; true when a field has changed that a reader sees.
    pub fn apply(&mut self, applying: Applying<'_>, order: OrderId, happened: &OrderEvent) -> bool {
        let row = self.orders.entry(order);
        let before = row.shown();
        row.add(happened, applying.committed_at);
        row.note(applying.event, applying.recorded.version);
        self.settle(order, before)
    }

    /// Writes a row anew from the events known of its order, oldest first; true when a field has changed.
    pub fn refold(&mut self, applying: Applying<'_>, order: OrderId, history: &[(EventId, &Recorded)]) -> bool {
        let row = self.orders.entry(order);
        let before = row.shown();
        // The date comes with the first event. If that is not the one being applied, the row has it already.
        let is_first = applying.recorded.version == 1;
        let placed_at = if is_first { applying.committed_at } else { row.placed_at.unwrap_or_default() };
        *row = PastOrder::default();
        for (event, recorded) in history {
            if let Some(happened) = recorded.event.order() {
                row.add(happened, placed_at);
                row.note(*event, recorded.version);
            }
        }
        self.settle(order, before)
    }

    /// Counts a new row and files it under its customer; true when something has changed since `before`.
    fn settle(&mut self, order: OrderId, before: Shown) -> bool {
        let row = self.orders.entry(order);
        self.count += u32::from(!before.0);
        let after = row.shown();
        if let Some(customer) = after.1.filter(|_| before.1 != after.1) {
            Arc::make_mut(Arc::make_mut(&mut self.by_customer).entry(customer).or_default()).insert(order);
        }
        after != before
    }
}

/// What a reader sees.
type Shown = (bool, Option<CustomerId>, Option<Micros>, Cents, Status);

impl PastOrder {
    const fn shown(&self) -> Shown {
        (self.exists, self.customer, self.placed_at, self.total, self.status)
    }

    fn note(&mut self, event: EventId, version: Version) {
        self.exists = true;
        self.version = self.version.max(version);
        self.last_event = Some(event);
    }

    fn add(&mut self, event: &OrderEvent, committed_at: Micros) {
        match event {
            OrderEvent::OrderCreated { customer, total, .. } => {
                self.customer = Some(*customer);
                self.placed_at = Some(committed_at);
                self.status = Status::Pending;
                self.total += *total;
            }
            OrderEvent::ItemAdded { line } => self.total += line.total(),
            OrderEvent::ItemRemoved { line } => self.total -= line.total(),
            OrderEvent::OrderCancelled { .. } => self.status = Status::Cancelled,
            OrderEvent::OrderConfirmed => self.status = Status::Confirmed,
            OrderEvent::OrderRejected { .. } => self.status = Status::Rejected,
            OrderEvent::OrderShipped => self.status = Status::Shipped,
            OrderEvent::OrderDelivered => self.status = Status::Delivered,
        }
    }
}
