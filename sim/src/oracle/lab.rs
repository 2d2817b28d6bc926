//! The lab: the world together with the oracle that watches it. This is the machine that a history plays.

use crate::kernel::digest::Digest;
use crate::kernel::fate::Seed;
use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{EventId, OrderId, ProductId};
use crate::system::by_aggregate::ByAggregate;
use crate::system::event_store::EventStore;
use crate::system::fate::Override;
use crate::system::following::{begins_with_the_catalogue, topics};
use crate::system::options::{Options, ReplicaStart};
use crate::system::place::{Model, Reader};
use crate::system::query_side::order_view::OrderRow;
use crate::system::query_side::read_model::ReadModel;
use crate::system::query_side::sales_dashboard::Sales;
use crate::system::trace::{Entry, Promise, What};
use crate::system::world::World;

use super::judgement::{Cells, Freshness, judge_cells, judge_sales};
use super::lifecycle::Lifecycle;
use super::product_sales::{ProductSales, lines_in};
use super::rows::{self, Position, copies_of};
use super::truth::{OrderTruth, SalesTruth, Truth};
use super::watch::Watch;

/// The world and its oracle at one moment.
#[derive(Clone, Debug)]
pub struct Lab {
    world: World,
    truths: ByAggregate<Truth>,
    placed: Pages<OrderId>,
    sales: SalesTruth,
    /// Kept only while the product statistics take part.
    bought: ProductSales,
    watches: [Watch; Reader::ALL.len()],
    lifecycle: Lifecycle,
    broken: [[Breaches; Reader::ALL.len()]; 3],
    concluded: bool,
}

/// How often a promise was broken, and where first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Breaches {
    /// How often.
    pub count: u64,
    /// The step and the time of the first.
    pub first: Option<(u32, Micros)>,
}

impl Lab {
    /// A lab before anything has happened.
    pub fn new(options: Options, seed: u64, overrides: &[Override]) -> Self {
        let world = World::new(options.clone(), Seed(seed), overrides);
        let first = world.first_order();
        let mut lab = Self {
            world,
            truths: ByAggregate::from_order(first),
            placed: Pages::default(),
            sales: SalesTruth::default(),
            bought: ProductSales::default(),
            watches: Reader::ALL.map(|reader| Watch::new(reader, topics(&options, reader), first)),
            lifecycle: Lifecycle::from_order(first),
            broken: [[Breaches::default(); Reader::ALL.len()]; 3],
            concluded: false,
        };
        lab.note_who_takes_part();
        lab.take_stock(options.replicas.start);
        lab
    }

    /// Takes in what was committed before the run began, and what the replicas know of it.
    fn take_stock(&mut self, start: ReplicaStart) {
        let with_snapshot = !matches!(start, ReplicaStart::Replay | ReplicaStart::FromNow);
        for number in 1..=u32::try_from(self.world.store().len()).unwrap_or(u32::MAX) {
            let event = EventId(number);
            let of = self.world.store().event(event).recorded.of;
            self.truths.entry(of).record(&self.world.store().event(event).recorded.event);
            for watch in self.watches.iter_mut().filter(|watch| watch.takes_part) {
                let reader = watch.reader;
                let knows = match reader {
                    Reader::Replica(_) => with_snapshot && copies_of(of).contains(&reader),
                    Reader::Projection(_) => {
                        watch.follows(of) && begins_with_the_catalogue(self.world.options(), reader)
                    }
                };
                if knows {
                    watch.applied(event, true, self.world.store());
                    watch.handled(event);
                }
            }
            self.judge(of);
        }
    }

    /// Readers may join in the middle of a run, or leave it. Who joins is judged by everything that was committed before.
    fn note_who_takes_part(&mut self) {
        for at in 0..Reader::ALL.len() {
            let takes_part = self.world.takes_part(Reader::ALL[at]);
            let joins = takes_part && !core::mem::replace(&mut self.watches[at].takes_part, takes_part);
            if !joins {
                continue;
            }
            self.watches[at].catch_up(self.world.store());
            if Reader::ALL[at] == STATS {
                self.bought = bought_in(self.world.store());
            }
            for of in self.all() {
                self.judge(of);
            }
            for product in self.bought.products().collect::<Vec<_>>() {
                self.judge_stats(product);
            }
        }
    }

    /// Everything that copies may have a row about: orders, and what the catalogue holds.
    pub fn all(&self) -> Vec<Aggregate> {
        let workload = &self.world.options().workload;
        let orders = self.orders().map(Aggregate::Order);
        let products = workload.products.iter().map(|item| Aggregate::Product(item.product));
        let customers = workload.customers.iter().map(|one| Aggregate::Customer(one.customer));
        orders.chain(products).chain(customers).collect()
    }

    /// The system.
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// The system, to be changed by a person. If that brings new things to happen, the run is concluded once more.
    pub fn change(&mut self, change: impl FnOnce(&mut World)) {
        change(&mut self.world);
        self.note_who_takes_part();
        if self.concluded && self.world.next_due().is_some() {
            self.concluded = false;
            self.broken[Promise::EqualsTruth as usize] = Default::default();
        }
    }

    /// What the oracle knows of a reader.
    pub const fn watch(&self, reader: Reader) -> &Watch {
        &self.watches[reader.index()]
    }

    /// What the oracle knows of a read model.
    pub const fn model(&self, model: Model) -> &Watch {
        self.watch(Reader::Projection(model))
    }

    /// What is true of an aggregate.
    pub fn truth(&self, of: Aggregate) -> Truth {
        self.truths.get(of).cloned().unwrap_or_default()
    }

    /// What is true of an order.
    pub fn order(&self, order: OrderId) -> OrderTruth {
        self.truth(order.into()).order()
    }

    /// Every order that was placed, in the order in which they were.
    pub fn orders(&self) -> impl Iterator<Item = OrderId> {
        self.placed.iter().copied()
    }

    /// How many orders were placed.
    pub const fn order_count(&self) -> usize {
        self.placed.len()
    }

    /// What is true of the shop's figures.
    pub const fn sales(&self) -> &SalesTruth {
        &self.sales
    }

    /// How a promise stands with a reader.
    pub const fn breaches(&self, promise: Promise, reader: Reader) -> Breaches {
        self.broken[promise as usize][reader.index()]
    }

    /// Is everything done, and every promise judged?
    pub const fn is_quiet(&self) -> bool {
        self.concluded
    }

    /// The row that the order view shows for an order.
    pub fn row(&self, order: OrderId) -> Option<&OrderRow> {
        match self.world.projector(Model::OrderView).follower.target() {
            ReadModel::OrderView(view) => view.row(order),
            _ => None,
        }
    }

    /// How many rows a read model has; the dashboard is one row.
    pub fn rows(&self, model: Model) -> u64 {
        self.world.projector(model).follower.target().rows()
    }

    /// The figures that the dashboard shows.
    pub fn dashboard(&self) -> Sales {
        match self.world.projector(Model::SalesDashboard).follower.target() {
            ReadModel::SalesDashboard(dashboard) => *dashboard.sales(),
            _ => Sales::default(),
        }
    }

    /// Does the order view show names?
    pub fn shows_names(&self) -> bool {
        self.world.options().projections.order_view.names
    }

    /// Does the next thing, and says what came of it. The last step of a run concludes it.
    pub fn step(&mut self, entries: &mut Vec<Entry>) -> bool {
        let from = entries.len();
        if self.world.step(entries) {
            self.observe(from, entries);
            return true;
        }
        if self.concluded {
            return false;
        }
        self.concluded = true;
        self.world.count_step();
        self.conclude(entries);
        true
    }

    /// A number for the whole state: two labs with the same number are the same to the last bit. Slow; for tests.
    pub fn fingerprint(&self) -> u64 {
        Digest::of(&format!("{self:?}"))
    }

    fn observe(&mut self, from: usize, entries: &mut Vec<Entry>) {
        for at in from..entries.len() {
            match entries[at].what {
                What::Committed { event, of, .. } => self.committed(event, of),
                What::Applied { delivered, changed } => {
                    self.watches[delivered.reader.index()].handled(delivered.event);
                    self.applied(delivered.reader, delivered.event, changed, entries);
                }
                What::Skipped { delivered, .. } if !self.is_held(delivered.event, delivered.reader) => {
                    self.watches[delivered.reader.index()].handled(delivered.event);
                }
                _ => {}
            }
        }
    }

    /// Is the event held back? A repeated delivery of it is left out, but the event is still to come.
    fn is_held(&self, event: EventId, reader: Reader) -> bool {
        let recorded = &self.world.store().event(event).recorded;
        self.world.reader(reader).sequences().holds(recorded.of, recorded.version)
    }

    fn committed(&mut self, event: EventId, of: Aggregate) {
        let recorded = &self.world.store().event(event).recorded;
        let truth = self.truths.entry(of);
        let before = truth.order();
        truth.record(&recorded.event);
        if let (Aggregate::Order(order), Truth::Order(after)) = (of, &*truth) {
            if recorded.version == 1 {
                self.placed.push(order);
            }
            self.sales.replace(&before, after);
        }
        let counted = recorded.event.order().filter(|_| self.watches[STATS.index()].takes_part);
        counted.into_iter().for_each(|event| self.bought.record(event));
        for watch in self.watches.iter_mut().filter(|watch| watch.takes_part) {
            watch.committed(event, of);
        }
        self.judge(of);
        self.judge_dashboard_of(of);
        self.judge_beyond(event);
    }

    fn applied(&mut self, reader: Reader, event: EventId, changed: bool, entries: &mut Vec<Entry>) {
        let of = self.world.store().event(event).recorded.of;
        let again = self.watches[reader.index()].applied(event, changed, self.world.store());
        if again {
            self.breach(Promise::ExactlyOnceEffect, reader, of, event, entries);
        }
        self.judge(of);
        self.judge_dashboard_of(of);
        self.judge_beyond(event);
        if let (Reader::Projection(Model::OrderView), Aggregate::Order(order)) = (reader, of) {
            let status = self.row(order).map(|row| row.status);
            if status.is_some_and(|status| self.lifecycle.shows(order, status)) {
                self.breach(Promise::LifecycleForward, reader, of, event, entries);
            }
        }
    }

    /// Judges every copy of what is known of an aggregate.
    fn judge(&mut self, of: Aggregate) {
        for reader in copies_of(of) {
            if self.watch(*reader).takes_part {
                self.judge_copy(*reader, of);
            }
        }
    }

    fn judge_copy(&mut self, reader: Reader, of: Aggregate) {
        let (store, named) = (self.world.store(), self.shows_names());
        let truth = |position| rows::truth(reader, of, position, store, named);
        let there = || truth(Position::Reached(self.watch(reader)));
        let judged = judge_cells(&self.row_cells(reader, of), &truth(Position::Now(&self.truths)), there);
        self.watches[reader.index()].set_judged(of, judged);
    }

    fn judge_dashboard_of(&mut self, of: Aggregate) {
        if of.order().is_some() && self.model(Model::SalesDashboard).takes_part {
            self.judge_dashboard();
        }
    }

    /// Judges the rows that an event reaches besides those about its own aggregate: a name shows in many orders, and an
    /// order counts for many products.
    fn judge_beyond(&mut self, event: EventId) {
        let happened = &self.world.store().event(event).recorded.event;
        if self.watch(STATS).takes_part {
            let lines = happened.order().map(lines_in).unwrap_or_default();
            for product in lines.iter().map(|line| line.product).collect::<Vec<_>>() {
                self.judge_stats(product);
            }
        }
        let happened = &self.world.store().event(event).recorded.event;
        if self.shows_names() && rows::names_something(happened) {
            for order in self.orders().collect::<Vec<_>>() {
                self.judge_copy(Reader::Projection(Model::OrderView), order.into());
            }
        }
    }

    fn judge_stats(&mut self, product: ProductId) {
        let (now, watch) = (self.bought.of(product), self.watch(STATS));
        let there = || rows::stats_cells(watch.bought.of(product));
        let judged = judge_cells(&self.row_cells(STATS, product.into()), &rows::stats_cells(now), there);
        self.watches[STATS.index()].set_stats(product, judged);
    }

    /// What the lines of an order are about.
    pub fn lines_of(&self, order: OrderId) -> Vec<ProductId> {
        Position::Now(&self.truths).products(order, self.world.store())
    }

    /// Products that were bought, while the product statistics take part.
    pub fn bought_products(&self) -> impl Iterator<Item = ProductId> {
        self.bought.products()
    }

    /// What a copy shows of an aggregate.
    pub fn row_cells(&self, reader: Reader, of: Aggregate) -> Cells {
        rows::shown(&self.world, reader, of)
    }

    /// What a copy would show of an aggregate if it told the truth of now.
    pub fn true_cells(&self, reader: Reader, of: Aggregate) -> Cells {
        match (reader, of) {
            (STATS, Aggregate::Product(product)) => rows::stats_cells(self.bought.of(product)),
            _ => rows::truth(reader, of, Position::Now(&self.truths), self.world.store(), self.shows_names()),
        }
    }

    fn judge_dashboard(&mut self) {
        let shown = self.dashboard();
        let watch = &mut self.watches[Reader::Projection(Model::SalesDashboard).index()];
        let judged = judge_sales(&shown, &self.sales, &watch.expected);
        watch.set_sales(judged);
    }

    fn breach(&mut self, promise: Promise, reader: Reader, of: Aggregate, event: EventId, entries: &mut Vec<Entry>) {
        let (step, at) = (self.world.steps(), self.world.now());
        let breaches = &mut self.broken[promise as usize][reader.index()];
        breaches.count += 1;
        breaches.first.get_or_insert((step, at));
        entries.push(Entry { at, step, what: What::Broken { promise, reader, of, event } });
    }

    /// Invariant, *eventually*: each read model equals the truth, and each replica its source, once everything is quiet.
    fn conclude(&mut self, entries: &mut Vec<Entry>) {
        let differing: Vec<(Reader, Aggregate)> = self
            .all()
            .into_iter()
            .flat_map(|of| copies_of(of).iter().map(move |reader| (*reader, of)))
            .filter(|(reader, _)| self.watch(*reader).takes_part)
            .filter(|(reader, of)| self.watch(*reader).judged(*of).worst() != Freshness::Fresh)
            .collect();
        for (reader, of) in differing {
            self.breach(Promise::EqualsTruth, reader, of, EventId(0), entries);
        }
        let dashboard = Reader::Projection(Model::SalesDashboard);
        if self.watch(dashboard).takes_part && self.watch(dashboard).sales.worst() != Freshness::Fresh {
            let order = self.watch(dashboard).deviating.first().copied().unwrap_or_default();
            self.breach(Promise::EqualsTruth, dashboard, order.into(), EventId(0), entries);
        }
        for product in self.bought.products().collect::<Vec<_>>() {
            if self.watch(STATS).takes_part && self.watch(STATS).stats(product).worst() != Freshness::Fresh {
                self.breach(Promise::EqualsTruth, STATS, product.into(), EventId(0), entries);
            }
        }
        entries.push(Entry { at: self.world.now(), step: self.world.steps(), what: What::Quiet });
    }
}

const STATS: Reader = Reader::Projection(Model::ProductStats);

fn bought_in(store: &EventStore) -> ProductSales {
    let mut bought = ProductSales::default();
    for number in 1..=u32::try_from(store.len()).unwrap_or(u32::MAX) {
        store.event(EventId(number)).recorded.event.order().into_iter().for_each(|event| bought.record(event));
    }
    bought
}
