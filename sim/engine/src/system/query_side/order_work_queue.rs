//! The order work queue: which orders wait to be shipped, for which team, of which tenant, how careful one has to be, and by
//! when [seed 004]. A materialised view whose rows come and go.

use crate::kernel::time::Micros;
use crate::shop::customer::event::CustomerEvent;
use crate::shop::event::{Event, Recorded};
use crate::shop::fulfilment::{DUE_AFTER, SENSITIVE_FROM, team_of, tenant_of};
use crate::shop::ids::{CustomerId, EventId, OrderId, Version};
use crate::shop::order::event::OrderEvent;
use crate::system::by_order::ByOrder;
use crate::system::consumer::target::Applying;
use crate::system::hands::RowAct;

use super::known_rights::KnownRights;

/// What there is to do for one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Work {
    /// Which team does it, from 1.
    pub team: u32,
    /// Whose it is, from 1.
    pub tenant: u32,
    /// Does it need care?
    pub sensitive: bool,
    /// By when.
    pub due: Micros,
}

/// A row, or what is left of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Slot {
    /// The work, while there is some.
    work: Option<Work>,
    /// The newest version that was applied. It outlives the row, or a late event would bring the row back.
    version: Version,
    /// The event that was applied last.
    last_event: Option<EventId>,
}

/// The read model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OrderWorkQueue {
    slots: ByOrder<Slot>,
    count: u32,
    /// Who may see which of the rows. Empty where everybody may see them all.
    rights: KnownRights,
}

impl OrderWorkQueue {
    /// An empty queue for orders numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { slots: ByOrder::from_order(first), count: 0, rights: KnownRights::default() }
    }

    /// What there is to do for an order, if it waits to be shipped.
    pub fn work(&self, order: OrderId) -> Option<&Work> {
        self.slots.get(order)?.work.as_ref()
    }

    /// Deletes a row by hand; false if there is none, or something else was meant.
    pub fn edit(&mut self, order: OrderId, act: RowAct) -> bool {
        if act != RowAct::Delete || self.work(order).is_none() {
            return false;
        }
        self.slots.entry(order).work = None;
        self.count -= 1;
        true
    }

    /// Every order that waits, by number.
    pub fn iter(&self) -> impl Iterator<Item = (OrderId, &Work)> {
        self.slots.iter().filter_map(|(order, slot)| Some((order, slot.work.as_ref()?)))
    }

    /// A team's orders, the most urgent first.
    pub fn of_team(&self, team: u32) -> Vec<(OrderId, &Work)> {
        let mut found: Vec<_> = self.iter().filter(|(_, work)| work.team == team).collect();
        found.sort_by_key(|(order, work)| (work.due, *order));
        found
    }

    /// The newest version of an order that was applied, even if its row is gone.
    pub fn version(&self, order: OrderId) -> Version {
        self.slots.get(order).map_or(0, |slot| slot.version)
    }

    /// The event of an order that was applied last.
    pub fn last_event(&self, order: OrderId) -> Option<EventId> {
        self.slots.get(order)?.last_event
    }

    /// Who may see which of the rows.
    pub const fn rights(&self) -> &KnownRights {
        &self.rights
    }

    /// Takes in what happened to an account; true when its rights have changed.
    pub fn note_rights(&mut self, applying: Applying<'_>, account: CustomerId, happened: &CustomerEvent) -> bool {
        self.rights.apply(applying.event, account, applying.recorded.version, happened)
    }

    /// Takes the rights of an account from the events known of it, oldest first; true when they have changed.
    pub fn refold_rights(&mut self, account: CustomerId, history: &[(EventId, &Recorded)]) -> bool {
        let before = self.rights.account(account).rights;
        for (event, recorded) in history {
            if let Event::Customer(happened) = &recorded.event {
                self.rights.apply(*event, account, recorded.version, happened);
            }
        }
        self.rights.account(account).rights != before
    }

    /// The orders that wait.
    pub fn orders(&self) -> impl Iterator<Item = OrderId> {
        self.slots.iter().filter(|(_, slot)| slot.work.is_some()).map(|(order, _)| order)
    }

    /// How many orders wait.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Applies an event; true when a row has come, gone or changed.
    pub fn apply(&mut self, applying: Applying<'_>, order: OrderId, happened: &OrderEvent) -> bool {
        let slot = self.slots.entry(order);
        let before = slot.work;
        slot.put(order, happened, applying.committed_at);
        slot.note(applying.event, applying.recorded.version);
        let after = slot.work;
        self.settle(before, after)
    }

    /// Writes a row anew from the events known of its order, oldest first; true when it has come, gone or changed.
    pub fn refold(&mut self, applying: Applying<'_>, order: OrderId, history: &[(EventId, &Recorded)]) -> bool {
        let slot = self.slots.entry(order);
        let before = slot.work;
        // The date comes with the first event. If that is not the one being applied, the row has it already, or is gone.
        let is_first = applying.recorded.version == 1;
        let known = before.map_or(Micros::ZERO, |work| Micros(work.due.0.saturating_sub(DUE_AFTER.0)));
        let placed_at = if is_first { applying.committed_at } else { known };
        *slot = Slot::default();
        for (event, recorded) in history {
            if let Some(happened) = recorded.event.order() {
                slot.put(order, happened, placed_at);
                slot.note(*event, recorded.version);
            }
        }
        let after = slot.work;
        self.settle(before, after)
    }

    fn settle(&mut self, before: Option<Work>, after: Option<Work>) -> bool {
        self.count = self.count + u32::from(after.is_some()) - u32::from(before.is_some());
        before != after
    }
}

impl Slot {
    const fn note(&mut self, event: EventId, version: Version) {
        if version > self.version {
            self.version = version;
        }
        self.last_event = Some(event);
    }

    fn put(&mut self, order: OrderId, event: &OrderEvent, committed_at: Micros) {
        match event {
            OrderEvent::OrderCreated { customer, total, .. } => {
                self.work = Some(Work {
                    team: team_of(order),
                    tenant: tenant_of(*customer),
                    sensitive: *total >= SENSITIVE_FROM,
                    due: committed_at + DUE_AFTER,
                });
            }
            OrderEvent::OrderCancelled { .. }
            | OrderEvent::OrderRejected { .. }
            | OrderEvent::OrderShipped
            | OrderEvent::OrderDelivered => self.work = None,
            OrderEvent::ItemAdded { .. } | OrderEvent::ItemRemoved { .. } | OrderEvent::OrderConfirmed => {}
        }
    }
}
