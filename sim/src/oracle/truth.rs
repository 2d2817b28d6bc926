//! The truth: committed events folded in commit order, by code that no projection shares.

use crate::shop::event::{Event, Line};
use crate::shop::ids::CustomerId;
use crate::shop::money::Cents;
use crate::shop::status::Status;

/// What is true of one order, as far as a read model could show it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct OrderTruth {
    /// Has it been placed?
    pub exists: bool,
    /// Who ordered.
    pub customer: Option<CustomerId>,
    /// How many units it holds.
    pub quantity: i64,
    /// What it costs.
    pub total: Cents,
    /// Where it stands.
    pub status: Status,
}

impl OrderTruth {
    /// What is true after these events.
    pub fn after<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut truth = Self::default();
        for event in events {
            truth.record(event);
        }
        truth
    }

    /// Records one more event.
    pub fn record(&mut self, event: &Event) {
        let line_change = |line: &Line, sign: i64| (i64::from(line.quantity) * sign, line.total() * sign);
        match event {
            Event::OrderCreated { customer, lines, total } => {
                let quantity = lines.iter().map(|line| i64::from(line.quantity)).sum();
                *self =
                    Self { exists: true, customer: Some(*customer), quantity, total: *total, status: Status::Pending };
            }
            Event::ItemAdded { line } => self.change(line_change(line, 1)),
            Event::ItemRemoved { line } => self.change(line_change(line, -1)),
            Event::OrderCancelled { .. } => self.status = Status::Cancelled,
            Event::OrderConfirmed => self.status = Status::Confirmed,
            Event::OrderRejected { .. } => self.status = Status::Rejected,
            Event::OrderShipped => self.status = Status::Shipped,
            Event::OrderDelivered => self.status = Status::Delivered,
        }
    }

    fn change(&mut self, (units, amount): (i64, Cents)) {
        self.quantity += units;
        self.total += amount;
    }

    /// Does the order count in the shop's figures?
    pub const fn counts(&self) -> bool {
        self.exists && !matches!(self.status, Status::Cancelled | Status::Rejected)
    }
}

/// What is true of the shop's figures: the sum over all orders of what each contributes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SalesTruth {
    /// Orders placed and neither cancelled nor rejected.
    pub orders: i64,
    /// Units in them.
    pub units: i64,
    /// What they cost.
    pub revenue: Cents,
    /// Orders delivered.
    pub delivered: i64,
}

impl SalesTruth {
    /// What one order contributes.
    pub fn of(order: &OrderTruth) -> Self {
        if !order.counts() {
            return Self::default();
        }
        Self {
            orders: 1,
            units: order.quantity,
            revenue: order.total,
            delivered: i64::from(order.status == Status::Delivered),
        }
    }

    /// One order's contribution becomes another.
    pub fn replace(&mut self, old: &OrderTruth, new: &OrderTruth) {
        let (old, new) = (Self::of(old), Self::of(new));
        self.orders += new.orders - old.orders;
        self.units += new.units - old.units;
        self.revenue += new.revenue - old.revenue;
        self.delivered += new.delivered - old.delivered;
    }
}
