//! The order view: one denormalised row for each order [seed 001]. A materialised view.

use std::sync::Arc;

use crate::shop::aggregate::Aggregate;
use crate::shop::event::Recorded;
use crate::shop::ids::{CustomerId, EventId, OrderId, Version};
use crate::shop::money::Cents;
use crate::shop::order::event::{Line, OrderEvent};
use crate::shop::order::status::Status;
use crate::system::by_order::ByOrder;
use crate::system::hands::RowAct;

use super::names::Names;

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
    /// The customer's name, where rows have names; empty while it is not known.
    pub customer_name: Arc<str>,
    /// The names of what was ordered, where rows have names.
    pub product_names: Arc<str>,
    /// Its lines, for replacing them by key.
    lines: Arc<[Line]>,
}

/// The read model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OrderView {
    rows: ByOrder<OrderRow>,
    count: u32,
    /// What rows are denormalised with, if they are.
    names: Option<Names>,
}

impl OrderView {
    /// An empty view for orders numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { rows: ByOrder::from_order(first), count: 0, names: None }
    }

    /// An empty view whose rows will have names.
    pub fn with_names(first: u32) -> Self {
        Self { names: Some(Names::default()), ..Self::from_order(first) }
    }

    /// Do rows have names?
    pub const fn has_names(&self) -> bool {
        self.names.is_some()
    }

    /// The newest version, of whichever source, on the rows that events of this aggregate go to.
    pub fn row_version(&self, of: Aggregate) -> Version {
        match of {
            Aggregate::Order(order) => self.row(order).map_or(0, |row| row.version),
            // A name goes to many rows. No version is common to them, but a guard knows no better than the newest.
            owned => {
                let rows = self.rows.iter().filter(|(_, row)| row.shows(owned)).map(|(_, row)| row.version);
                let named = self.names.as_ref().and_then(|names| names.get(owned)).map_or(0, |named| named.version);
                rows.max().unwrap_or(0).max(named)
            }
        }
    }

    /// The event that was applied last to the row, or to the name, that events of this aggregate go to.
    pub fn last_event(&self, of: Aggregate) -> Option<EventId> {
        match of {
            Aggregate::Order(order) => self.row(order)?.last_event,
            owned => self.names.as_ref()?.get(owned)?.last_event,
        }
    }

    /// Takes in an event about a customer or a product: a new name goes to every row that shows it. True when one has
    /// changed.
    pub fn rename(&mut self, event: EventId, recorded: &Recorded) -> bool {
        let Some(names) = &mut self.names else { return false };
        if !names.apply(event, recorded.of, recorded.version, &recorded.event) {
            return false;
        }
        let shown: Vec<OrderId> =
            self.rows.iter().filter(|(_, row)| row.shows(recorded.of)).map(|(order, _)| order).collect();
        for order in &shown {
            let row = self.rows.entry(*order);
            row.name(names);
            row.note(event, recorded.version);
        }
        !shown.is_empty()
    }

    /// The row of an order, if there is one.
    pub fn row(&self, order: OrderId) -> Option<&OrderRow> {
        self.rows.get(order).filter(|row| row.exists)
    }

    /// Writes a row by hand; false if there is none.
    pub fn edit(&mut self, order: OrderId, act: RowAct) -> bool {
        if self.row(order).is_none() {
            return false;
        }
        let row = self.rows.entry(order);
        match act {
            RowAct::Delete => {
                *row = OrderRow::default();
                self.count -= 1;
            }
            RowAct::SetUnits(units) => row.quantity = units,
            RowAct::SetCents(cents) => row.total = cents,
            RowAct::SetStatus(status) => row.status = status,
        }
        true
    }

    /// Every row, by number.
    pub fn iter(&self) -> impl Iterator<Item = (OrderId, &OrderRow)> {
        self.rows.iter().filter(|(_, row)| row.exists)
    }

    /// The orders that have a row.
    pub fn orders(&self) -> impl Iterator<Item = OrderId> {
        self.rows.iter().filter(|(_, row)| row.exists).map(|(order, _)| order)
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
        if let Some(names) = &self.names {
            row.name(names);
        }
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
        if let Some(names) = &self.names {
            row.name(names);
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

    /// Does the row show the name of this customer or product?
    fn shows(&self, of: Aggregate) -> bool {
        match of {
            Aggregate::Customer(customer) => self.exists && self.customer == Some(customer),
            Aggregate::Product(product) => self.exists && self.lines.iter().any(|line| line.product == product),
            Aggregate::Order(_) => false,
        }
    }

    fn name(&mut self, names: &Names) {
        self.customer_name = names.customer(self.customer);
        self.product_names = names.products(&self.lines);
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
