//! The sales dashboard: the shop's figures in one row [seed 001]. An aggregation, kept by adding.

use crate::kernel::time::Micros;
use crate::shop::ids::{EventId, Version};
use crate::shop::money::Cents;
use crate::shop::order::event::OrderEvent;
use crate::system::hands::RowAct;

/// The figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sales {
    /// Orders placed and neither cancelled nor rejected.
    pub orders: i64,
    /// Units in them.
    pub units: i64,
    /// What they cost.
    pub revenue: Cents,
    /// Orders delivered.
    pub delivered: i64,
}

impl Sales {
    /// Adds what an event adds.
    pub fn add(&mut self, event: &OrderEvent) {
        match event {
            OrderEvent::OrderCreated { lines, total, .. } => {
                self.orders += 1;
                self.units += lines.iter().map(|line| i64::from(line.quantity)).sum::<i64>();
                self.revenue += *total;
            }
            OrderEvent::ItemAdded { line } => {
                self.units += i64::from(line.quantity);
                self.revenue += line.total();
            }
            OrderEvent::ItemRemoved { line } => {
                self.units -= i64::from(line.quantity);
                self.revenue -= line.total();
            }
            OrderEvent::OrderCancelled { units, total } | OrderEvent::OrderRejected { units, total } => {
                self.orders -= 1;
                self.units -= units;
                self.revenue -= *total;
            }
            OrderEvent::OrderDelivered => self.delivered += 1,
            OrderEvent::OrderConfirmed | OrderEvent::OrderShipped => {}
        }
    }
}

/// The read model: one row, fed by every order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SalesDashboard {
    sales: Sales,
    /// The newest version seen, of whichever order: all that a guard on the row can go by.
    version: Version,
    last_event: Option<EventId>,
    events: u32,
    /// What readers see where the figures have a time to live.
    shown: Sales,
    refreshed_at: Option<Micros>,
    refresh_is_planned: bool,
}

impl SalesDashboard {
    /// The figures.
    pub const fn sales(&self) -> &Sales {
        &self.sales
    }

    /// The figures as they were at the last refresh: what readers see where these have a time to live.
    pub const fn shown(&self) -> &Sales {
        &self.shown
    }

    /// When the next refresh is due, if one is needed and none is planned yet.
    pub fn plan_refresh(&mut self, ttl: Micros, now: Micros) -> Option<Micros> {
        if self.refresh_is_planned || self.shown == self.sales {
            return None;
        }
        self.refresh_is_planned = true;
        Some(self.refreshed_at.map_or(now, |at| now.max(at + ttl)))
    }

    /// Shows readers the figures as they are now.
    pub const fn refresh(&mut self, now: Micros) {
        self.shown = self.sales;
        self.refreshed_at = Some(now);
        self.refresh_is_planned = false;
    }

    /// The newest version seen of any order.
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The event that was applied last.
    pub const fn last_event(&self) -> Option<EventId> {
        self.last_event
    }

    /// How many times an event was applied.
    pub const fn events(&self) -> u32 {
        self.events
    }

    /// Writes a figure by hand; false if it shows nothing of the kind.
    pub const fn edit(&mut self, act: RowAct) -> bool {
        match act {
            RowAct::SetUnits(units) => self.sales.units = units,
            RowAct::SetCents(cents) => self.sales.revenue = cents,
            RowAct::Delete | RowAct::SetStatus(_) => return false,
        }
        true
    }

    /// Applies an event; true when a figure has changed.
    pub fn apply(&mut self, event: EventId, version: Version, happened: &OrderEvent) -> bool {
        let before = self.sales;
        self.sales.add(happened);
        self.version = self.version.max(version);
        self.last_event = Some(event);
        self.events += 1;
        self.sales != before
    }
}
