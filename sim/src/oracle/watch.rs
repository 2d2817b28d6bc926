//! What the oracle keeps about one read model: how far each order has come in it, how its cells stand, and which promises
//! it has broken.

use std::collections::BTreeSet;

use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::shop::ids::{EventId, OrderId, Version};
use crate::system::by_order::ByOrder;
use crate::system::event_store::EventStore;
use crate::system::place::Model;

use super::exactly_once::ExactlyOnce;
use super::judgement::{Freshness, Judged};
use super::truth::{OrderTruth, SalesTruth};

/// The oracle's notes on one read model.
#[derive(Clone, Debug)]
pub struct Watch {
    /// Which read model.
    pub model: Model,
    /// How often each event was applied.
    pub exactly_once: ExactlyOnce,
    /// For each order, the newest version that was applied.
    reached: ByOrder<Version>,
    /// For each order, how its row stands. The dashboard's figures are judged as a whole.
    judged: ByOrder<Judged>,
    /// How many rows (the dashboard's is one) are stale and wrong.
    pub counts: Counts,
    /// How the dashboard's figures stand.
    pub sales: Judged,
    /// What the figures would be if every order were counted as far as it has come here.
    pub expected: SalesTruth,
    /// Orders whose events up to the version reached were not all applied once.
    pub deviating: BTreeSet<OrderId>,
    handled: Pages<bool>,
    handled_count: usize,
    /// The oldest event that was neither applied nor left out.
    oldest_open: EventId,
}

/// How many rows are stale and wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Counts {
    /// Rows in which some cell is stale and none is wrong.
    pub stale: u32,
    /// Rows in which some cell is wrong.
    pub wrong: u32,
}

impl Counts {
    fn replace(&mut self, old: Freshness, new: Freshness) {
        self.add(old, u32::MAX);
        self.add(new, 1);
    }

    /// Adds `n`, where the greatest number stands for minus one.
    fn add(&mut self, freshness: Freshness, n: u32) {
        match freshness {
            Freshness::Fresh => {}
            Freshness::Stale => self.stale = self.stale.wrapping_add(n),
            Freshness::Wrong => self.wrong = self.wrong.wrapping_add(n),
        }
    }
}

impl Watch {
    /// Notes on a model that has seen nothing; orders are numbered from `first` on.
    pub fn new(model: Model, first: u32) -> Self {
        Self {
            model,
            exactly_once: ExactlyOnce::default(),
            reached: ByOrder::from_order(first),
            judged: ByOrder::from_order(first),
            counts: Counts::default(),
            sales: Judged::default(),
            expected: SalesTruth::default(),
            deviating: BTreeSet::new(),
            handled: Pages::default(),
            handled_count: 0,
            oldest_open: EventId(1),
        }
    }

    /// The newest version of an order that was applied.
    pub fn reached(&self, order: OrderId) -> Version {
        self.reached.get(order).copied().unwrap_or(0)
    }

    /// How an order's row stands.
    pub fn judged(&self, order: OrderId) -> Judged {
        self.judged.get(order).copied().unwrap_or_default()
    }

    /// Notes how an order's row stands now.
    pub fn set_judged(&mut self, order: OrderId, judged: Judged) {
        let old = core::mem::replace(self.judged.entry(order), judged);
        self.counts.replace(old.worst(), judged.worst());
    }

    /// Notes how the dashboard's figures stand now.
    pub fn set_sales(&mut self, judged: Judged) {
        let old = core::mem::replace(&mut self.sales, judged);
        self.counts.replace(old.worst(), judged.worst());
    }

    /// Notes that an event was applied; true when that breaks the promise of a single effect.
    pub fn applied(&mut self, event: EventId, changed: bool, store: &EventStore) -> bool {
        let recorded = &store.event(event).recorded;
        let again = self.exactly_once.applied(event, changed);
        let reached = self.reached.entry(recorded.order);
        let before = *reached;
        *reached = before.max(recorded.version);
        let after = *reached;
        if self.model == Model::SalesDashboard {
            self.note_deviation(recorded.order, before, after, store);
        }
        again
    }

    fn note_deviation(&mut self, order: OrderId, before: Version, after: Version, store: &EventStore) {
        let stream = store.stream(order);
        let upto = |version: Version| {
            OrderTruth::after(stream.iter().take(version as usize).map(|(_, committed)| &committed.recorded.event))
        };
        self.expected.replace(&upto(before), &upto(after));
        let reached = stream.iter().take(after as usize);
        if reached.into_iter().all(|(event, _)| self.exactly_once.times(*event) == 1) {
            self.deviating.remove(&order);
        } else {
            self.deviating.insert(order);
        }
    }

    /// Notes that an event needs nothing more: it was applied or left out.
    pub fn handled(&mut self, event: EventId) {
        let handled = self.handled.entry(event.index());
        if !core::mem::replace(handled, true) {
            self.handled_count += 1;
        }
        while self.handled.get(self.oldest_open.index()).copied().unwrap_or(false) {
            self.oldest_open.0 += 1;
        }
    }

    /// Was the event applied or left out?
    pub fn is_handled(&self, event: EventId) -> bool {
        self.handled.get(event.index()).copied().unwrap_or(false)
    }

    /// How many committed events were not handled yet, and for how long the oldest of them has waited.
    pub fn lag(&self, store: &EventStore, now: Micros) -> (usize, Micros) {
        let events = store.len() - self.handled_count;
        let oldest = if events == 0 { now } else { store.event(self.oldest_open).at };
        (events, now.since(oldest))
    }
}
