//! The order view: one denormalised row for each order [seed 001]. A materialised view.

use std::sync::Arc;

use crate::shop::event::Recorded;
use crate::shop::ids::{CustomerId, EventId, OrderId, Version};
use crate::shop::money::Cents;
use crate::shop::order::event::{Line, OrderEvent};
use crate::shop::order::status::Status;
use crate::system::by_order::ByOrder;

/// A row of the order view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OrderRow {
    /// Is there a row at all?
    pub exists: bool,
    /// Who ordered, once that is known.
    pub customer: Option<CustomerId>,
    /// Where the order stands.
    pub status: Status,
    /// How many units it holds.
    pub quantity: i64,
    /// What it costs.
    pub total: Cents,
    /// The newest version that was applied.
    pub version: Version,
    /// The event that was applied last.
    pub last_event: Option<EventId>,
    /// Its lines, for replacing them by key.
    lines: Arc<[Line]>,
}

/// The read model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OrderView {
    rows: ByOrder<OrderRow>,
    count: u32,
}

impl OrderView {
    /// An empty view for orders numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { rows: ByOrder::from_order(first), count: 0 }
    }

    /// The row of an order, if there is one.
    pub fn row(&self, order: OrderId) -> Option<&OrderRow> {
        self.rows.get(order).filter(|row| row.exists)
    }

    /// How many rows there are.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Applies an event; true when a field has changed that a reader sees.
    pub fn apply(
        &mut self,
        event: EventId,
        order: OrderId,
        version: Version,
        happened: &OrderEvent,
        upsert: bool,
    ) -> bool {
        let row = self.rows.entry(order);
        let before = row.shown();
        if upsert {
            row.put(happened);
        } else {
            row.add(happened);
        }
        row.note(event, version);
        self.count += u32::from(!before.0);
        row.shown() != before
    }

    /// Writes a row anew from the events known of its order, oldest first; true when a field has changed.
    pub fn refold(&mut self, order: OrderId, history: &[(EventId, &Recorded)]) -> bool {
        let row = self.rows.entry(order);
        let before = row.shown();
        *row = OrderRow::default();
        for (event, recorded) in history {
            if let Some(happened) = recorded.event.order() {
                row.add(happened);
                row.note(*event, recorded.version);
            }
        }
        self.count += u32::from(!before.0);
        row.shown() != before
    }
}

impl OrderRow {
    /// What a reader sees.
    const fn shown(&self) -> (bool, Option<CustomerId>, Status, i64, Cents) {
        (self.exists, self.customer, self.status, self.quantity, self.total)
    }

    fn note(&mut self, event: EventId, version: Version) {
        self.exists = true;
        self.version = self.version.max(version);
        self.last_event = Some(event);
    }

    /// The plain way: add to the row what the event adds. Twice the event, twice the sum.
    fn add(&mut self, event: &OrderEvent) {
        match event {
            OrderEvent::OrderCreated { customer, lines, total } => {
                self.customer = Some(*customer);
                self.status = Status::Pending;
                self.quantity += units(lines);
                self.total += *total;
                self.lines = Arc::clone(lines);
            }
            OrderEvent::ItemAdded { line } => {
                self.quantity += i64::from(line.quantity);
                self.total += line.total();
                self.put_line(*line);
            }
            OrderEvent::ItemRemoved { line } => {
                self.quantity -= i64::from(line.quantity);
                self.total -= line.total();
                self.drop_line(line.number);
            }
            other => self.set_status(other),
        }
    }

    /// The natural upsert: put in the row what the event says, by key. Twice the event, the same row, unless something
    /// else came in between.
    fn put(&mut self, event: &OrderEvent) {
        match event {
            OrderEvent::OrderCreated { customer, lines, .. } => {
                self.customer = Some(*customer);
                self.status = Status::Pending;
                self.lines = Arc::clone(lines);
            }
            OrderEvent::ItemAdded { line } => self.put_line(*line),
            OrderEvent::ItemRemoved { line } => self.drop_line(line.number),
            other => return self.set_status(other),
        }
        self.quantity = units(&self.lines);
        self.total = self.lines.iter().map(Line::total).sum();
    }

    fn set_status(&mut self, event: &OrderEvent) {
        match event {
            OrderEvent::OrderCancelled { .. } => self.status = Status::Cancelled,
            OrderEvent::OrderConfirmed => self.status = Status::Confirmed,
            OrderEvent::OrderRejected { .. } => self.status = Status::Rejected,
            OrderEvent::OrderShipped => self.status = Status::Shipped,
            OrderEvent::OrderDelivered => self.status = Status::Delivered,
            OrderEvent::OrderCreated { .. } | OrderEvent::ItemAdded { .. } | OrderEvent::ItemRemoved { .. } => {}
        }
    }

    fn put_line(&mut self, line: Line) {
        let others = self.lines.iter().filter(|kept| kept.number != line.number);
        self.lines = others.chain([&line]).copied().collect();
    }

    fn drop_line(&mut self, number: u8) {
        self.lines = self.lines.iter().filter(|kept| kept.number != number).copied().collect();
    }
}

fn units(lines: &[Line]) -> i64 {
    lines.iter().map(|line| i64::from(line.quantity)).sum()
}
