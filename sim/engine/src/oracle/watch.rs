//! What the oracle keeps about one reader of the log: how far each aggregate has come in it, how its cells stand, and which promises
//! it has broken.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{EventId, OrderId, ProductId, Version};
use crate::system::by_aggregate::ByAggregate;
use crate::system::event_store::EventStore;
use crate::system::place::{Model, Reader, TopicName};

use super::exactly_once::ExactlyOnce;
use super::judgement::{Freshness, Judged, truth_at};
use super::product_sales::ProductSales;
use super::truth::{SalesTruth, Truth};

/// The oracle's notes on one reader.
#[derive(Clone, Debug)]
pub struct Watch {
    /// Which reader.
    pub reader: Reader,
    /// How often each event was applied.
    pub exactly_once: ExactlyOnce,
    /// For each aggregate, the newest version that was applied.
    reached: ByAggregate<Version>,
    /// What was true of a product or customer at that version. Their streams are long, so they are not folded each time.
    there: ByAggregate<Truth>,
    /// For each aggregate, how its row stands. The dashboard's figures are judged as a whole.
    judged: ByAggregate<Judged>,
    /// How many rows (the dashboard's is one) are stale and wrong.
    pub counts: Counts,
    /// How the dashboard's figures stand.
    pub sales: Judged,
    /// What the figures would be if every order were counted as far as it has come here.
    pub expected: SalesTruth,
    /// What they would have been at the last refresh of what readers see.
    pub refreshed: SalesTruth,
    /// Orders that are counted otherwise than they should be where they stand here.
    pub deviating: BTreeSet<OrderId>,
    /// Orders for which something was counted that did not happen.
    misled: BTreeSet<OrderId>,
    /// How many of the committed events it follows.
    followed: usize,
    handled: Pages<bool>,
    handled_count: usize,
    /// The oldest event that was neither applied nor left out.
    oldest_open: EventId,
    /// Does the reader take part in the run?
    pub takes_part: bool,
    topics: &'static [TopicName],
    /// How many committed events it was told of.
    told: u32,
    /// What the product statistics would show if every order were counted as far as it has come here.
    pub bought: ProductSales,
    /// How the row of each product stands in the product statistics.
    stats: BTreeMap<ProductId, Judged>,
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
    /// Notes on a reader that has seen nothing; orders are numbered from `first` on.
    pub fn new(reader: Reader, topics: &'static [TopicName], first: u32) -> Self {
        Self {
            reader,
            topics,
            takes_part: false,
            told: 0,
            bought: ProductSales::default(),
            stats: BTreeMap::new(),
            exactly_once: ExactlyOnce::default(),
            reached: ByAggregate::from_order(first),
            there: ByAggregate::from_order(first),
            judged: ByAggregate::from_order(first),
            counts: Counts::default(),
            sales: Judged::default(),
            expected: SalesTruth::default(),
            refreshed: SalesTruth::default(),
            deviating: BTreeSet::new(),
            misled: BTreeSet::new(),
            followed: 0,
            handled: Pages::default(),
            handled_count: 0,
            oldest_open: EventId(1),
        }
    }

    /// The newest version of an aggregate that was applied.
    pub fn reached(&self, of: Aggregate) -> Version {
        self.reached.get(of).copied().unwrap_or(0)
    }

    /// What was true of an aggregate at that version.
    pub fn truth_there(&self, of: Aggregate, store: &EventStore) -> Cow<'_, Truth> {
        match of {
            Aggregate::Order(_) => Cow::Owned(truth_at(store, of, self.reached(of))),
            _ => self.there.get(of).map_or_else(|| Cow::Owned(Truth::default()), Cow::Borrowed),
        }
    }

    /// How an aggregate's row stands.
    pub fn judged(&self, of: Aggregate) -> Judged {
        self.judged.get(of).copied().unwrap_or_default()
    }

    /// Notes how an aggregate's row stands now.
    pub fn set_judged(&mut self, of: Aggregate, judged: Judged) {
        let old = core::mem::replace(self.judged.entry(of), judged);
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
        if !store.is_committed(event) {
            // It tells of something that did not happen, so the row stands where it stood.
            let order = recorded.of.order().filter(|_| self.keeps_sums());
            self.misled.extend(order);
            self.deviating.extend(order);
            return again;
        }
        let reached = self.reached.entry(recorded.of);
        let before = *reached;
        *reached = before.max(recorded.version);
        let after = *reached;
        match recorded.of {
            Aggregate::Order(order) if self.keeps_sums() => self.note_deviation(order, before, after, store),
            Aggregate::Order(_) => {}
            of => self.follow(of, before, after, store),
        }
        again
    }

    /// Takes the truth of a product or customer on from one version to another.
    fn follow(&mut self, of: Aggregate, before: Version, after: Version, store: &EventStore) {
        let newer = store.stream_backwards(of).take_while(|(_, committed)| committed.recorded.version > before);
        let passed: Vec<_> = newer.filter(|(_, committed)| committed.recorded.version <= after).collect();
        let there = self.there.entry(of);
        passed.iter().rev().for_each(|(_, committed)| there.record(&committed.recorded.event));
    }

    fn note_deviation(&mut self, order: OrderId, before: Version, after: Version, store: &EventStore) {
        let stream = store.stream(order.into());
        let upto = |version: Version| {
            let events = stream.iter().take(version as usize).map(|(_, committed)| &committed.recorded.event);
            Truth::after(events).order()
        };
        self.expected.replace(&upto(before), &upto(after));
        if self.reader.keeps() == Some(Model::ProductStats) {
            for (_, committed) in &stream[(before as usize).min(stream.len())..(after as usize).min(stream.len())] {
                committed.recorded.event.order().into_iter().for_each(|event| self.bought.record(event));
            }
        }
        // What was counted of the order: each event as often as it was applied. To apply what changes no figure twice does
        // no harm, so such an order does not deviate.
        let mut counted = SalesTruth::default();
        for (version, (event, _)) in (1..).zip(&stream) {
            let times = i64::from(self.exactly_once.times(*event));
            counted.add_change(&upto(version - 1), &upto(version), times);
        }
        if counted == SalesTruth::of(&upto(after)) && !self.misled.contains(&order) {
            self.deviating.remove(&order);
        } else {
            self.deviating.insert(order);
        }
    }

    /// Does it keep sums over many orders?
    fn keeps_sums(&self) -> bool {
        matches!(self.reader.keeps(), Some(Model::SalesDashboard | Model::ProductStats))
    }

    /// Takes note of every committed event that it was not told of, as it was no part of the run.
    pub fn catch_up(&mut self, store: &EventStore) {
        for number in self.told + 1..=u32::try_from(store.len()).unwrap_or(u32::MAX) {
            let event = EventId(number);
            if store.is_committed(event) {
                self.committed(event, store.event(event).recorded.of);
            }
        }
    }

    /// Does it follow what is about this aggregate?
    pub fn follows(&self, of: Aggregate) -> bool {
        self.topics.contains(&TopicName::of(of))
    }

    /// How a product's row stands in the product statistics.
    pub fn stats(&self, product: ProductId) -> Judged {
        self.stats.get(&product).copied().unwrap_or_default()
    }

    /// Notes how a product's row in the product statistics stands now.
    pub fn set_stats(&mut self, product: ProductId, judged: Judged) {
        let old = core::mem::replace(self.stats.entry(product).or_default(), judged);
        self.counts.replace(old.worst(), judged.worst());
    }

    /// Notes that an event was committed, which this reader may or may not follow.
    pub fn committed(&mut self, event: EventId, of: Aggregate) {
        self.told = event.0;
        self.followed += usize::from(self.follows(of));
    }

    /// Notes that an event needs nothing more: it was applied or left out.
    pub fn handled(&mut self, event: EventId, store: &EventStore) {
        if !store.is_committed(event) {
            return;
        }
        let handled = self.handled.entry(event.index());
        if !core::mem::replace(handled, true) {
            self.handled_count += 1;
        }
        while self.oldest_open.index() <= store.len() && self.needs_nothing(self.oldest_open, store) {
            self.oldest_open.0 += 1;
        }
    }

    fn needs_nothing(&self, event: EventId, store: &EventStore) -> bool {
        self.is_handled(event) || !store.is_committed(event) || !self.follows(store.event(event).recorded.of)
    }

    /// Was the event applied or left out?
    pub fn is_handled(&self, event: EventId) -> bool {
        self.handled.get(event.index()).copied().unwrap_or(false)
    }

    /// How many of the committed events that it follows were not handled yet, and for how long the oldest of them has waited.
    pub fn lag(&self, store: &EventStore, now: Micros) -> (usize, Micros) {
        let events = self.followed - self.handled_count;
        // Events of other topics may lie between the last one handled and the first one open.
        let last = u32::try_from(store.len()).unwrap_or(u32::MAX);
        let mut open = (self.oldest_open.0..=last).map(EventId).filter(|event| !self.needs_nothing(*event, store));
        let oldest = if events == 0 { None } else { open.next() };
        let oldest = oldest.map_or(now, |event| store.event(event).at);
        (events, now.since(oldest))
    }
}
