//! The lab: the world together with the oracle that watches it. This is the machine that a history plays.

use crate::kernel::digest::Digest;
use crate::kernel::fate::Seed;
use crate::kernel::time::Micros;
use crate::shop::ids::{EventId, OrderId};
use crate::system::by_order::ByOrder;
use crate::system::fate::Override;
use crate::system::options::Options;
use crate::system::place::Model;
use crate::system::query_side::order_view::OrderRow;
use crate::system::query_side::projection::ReadModel;
use crate::system::query_side::sales_dashboard::Sales;
use crate::system::trace::{Entry, Promise, What};
use crate::system::world::World;

use super::judgement::{Freshness, judge_order, judge_sales};
use super::lifecycle::Lifecycle;
use super::truth::{OrderTruth, SalesTruth};
use super::watch::Watch;

/// The world and its oracle at one moment.
#[derive(Clone, Debug)]
pub struct Lab {
    world: World,
    orders: ByOrder<OrderTruth>,
    sales: SalesTruth,
    watches: [Watch; 2],
    lifecycle: Lifecycle,
    broken: [[Breaches; 2]; 3],
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
        let world = World::new(options, Seed(seed), overrides);
        let first = world.first_order();
        Self {
            world,
            orders: ByOrder::from_order(first),
            sales: SalesTruth::default(),
            watches: Model::ALL.map(|model| Watch::new(model, first)),
            lifecycle: Lifecycle::from_order(first),
            broken: [[Breaches::default(); 2]; 3],
            concluded: false,
        }
    }

    /// The system.
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// The system, to be changed by a person. If that brings new things to happen, the run is concluded once more.
    pub fn change(&mut self, change: impl FnOnce(&mut World)) {
        change(&mut self.world);
        if self.concluded && self.world.next_due().is_some() {
            self.concluded = false;
            self.broken[Promise::EqualsTruth as usize] = Default::default();
        }
    }

    /// What the oracle knows of a read model.
    pub const fn watch(&self, model: Model) -> &Watch {
        &self.watches[model.index()]
    }

    /// What is true of an order.
    pub fn order(&self, order: OrderId) -> OrderTruth {
        self.orders.get(order).copied().unwrap_or_default()
    }

    /// Every order that was placed, by number.
    pub fn orders(&self) -> impl Iterator<Item = (OrderId, &OrderTruth)> {
        self.orders.iter().filter(|(_, truth)| truth.exists)
    }

    /// What is true of the shop's figures.
    pub const fn sales(&self) -> &SalesTruth {
        &self.sales
    }

    /// How a promise stands with a read model.
    pub const fn breaches(&self, promise: Promise, model: Model) -> Breaches {
        self.broken[promise as usize][model.index()]
    }

    /// Is everything done, and every promise judged?
    pub const fn is_quiet(&self) -> bool {
        self.concluded
    }

    /// The row that the order view shows for an order.
    pub fn row(&self, order: OrderId) -> Option<&OrderRow> {
        match self.world.projector(Model::OrderView).projection.read_model() {
            ReadModel::OrderView(view) => view.row(order),
            ReadModel::SalesDashboard(_) => None,
        }
    }

    /// How many rows a read model has; the dashboard is one row.
    pub fn rows(&self, model: Model) -> u64 {
        match self.world.projector(model).projection.read_model() {
            ReadModel::OrderView(view) => u64::from(view.count()),
            ReadModel::SalesDashboard(_) => 1,
        }
    }

    /// The figures that the dashboard shows.
    pub fn dashboard(&self) -> Sales {
        match self.world.projector(Model::SalesDashboard).projection.read_model() {
            ReadModel::SalesDashboard(dashboard) => *dashboard.sales(),
            ReadModel::OrderView(_) => Sales::default(),
        }
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
                What::Committed { event, order, .. } => self.committed(event, order),
                What::Applied { delivered, changed } => {
                    self.watches[delivered.model.index()].handled(delivered.event);
                    self.applied(delivered.model, delivered.event, changed, entries);
                }
                What::Skipped { delivered, .. } if !self.is_held(delivered.event, delivered.model) => {
                    self.watches[delivered.model.index()].handled(delivered.event);
                }
                _ => {}
            }
        }
    }

    /// Is the event held back? A repeated delivery of it is left out, but the event is still to come.
    fn is_held(&self, event: EventId, model: Model) -> bool {
        let recorded = &self.world.store().event(event).recorded;
        self.world.projector(model).projection.sequences().holds(recorded.order, recorded.version)
    }

    fn committed(&mut self, event: EventId, order: OrderId) {
        let recorded = &self.world.store().event(event).recorded;
        let truth = self.orders.entry(order);
        let before = *truth;
        truth.record(&recorded.event);
        self.sales.replace(&before, truth);
        self.judge_row(order);
        self.judge_dashboard();
    }

    fn applied(&mut self, model: Model, event: EventId, changed: bool, entries: &mut Vec<Entry>) {
        let order = self.world.store().event(event).recorded.order;
        let again = self.watches[model.index()].applied(event, changed, self.world.store());
        if again {
            self.breach(Promise::ExactlyOnceEffect, model, order, event, entries);
        }
        match model {
            Model::OrderView => {
                self.judge_row(order);
                let status = self.row(order).map(|row| row.status);
                if status.is_some_and(|status| self.lifecycle.shows(order, status)) {
                    self.breach(Promise::LifecycleForward, model, order, event, entries);
                }
            }
            Model::SalesDashboard => self.judge_dashboard(),
        }
    }

    fn judge_row(&mut self, order: OrderId) {
        let watch = &self.watches[Model::OrderView.index()];
        let truth = self.order(order);
        let judged = judge_order(self.row(order), &truth, watch.reached(order), order, self.world.store());
        self.watches[Model::OrderView.index()].set_judged(order, judged);
    }

    fn judge_dashboard(&mut self) {
        let shown = self.dashboard();
        let watch = &mut self.watches[Model::SalesDashboard.index()];
        let judged = judge_sales(&shown, &self.sales, &watch.expected);
        watch.set_sales(judged);
    }

    fn breach(&mut self, promise: Promise, model: Model, order: OrderId, event: EventId, entries: &mut Vec<Entry>) {
        let (step, at) = (self.world.steps(), self.world.now());
        let breaches = &mut self.broken[promise as usize][model.index()];
        breaches.count += 1;
        breaches.first.get_or_insert((step, at));
        entries.push(Entry { at, step, what: What::Broken { promise, model, order, event } });
    }

    /// Invariant, *eventually*: each read model equals the truth once everything is quiet.
    fn conclude(&mut self, entries: &mut Vec<Entry>) {
        let differing: Vec<OrderId> = {
            let watch = self.watch(Model::OrderView);
            self.orders()
                .map(|(order, _)| order)
                .filter(|order| watch.judged(*order).worst() != Freshness::Fresh)
                .collect()
        };
        for order in differing {
            self.breach(Promise::EqualsTruth, Model::OrderView, order, EventId(0), entries);
        }
        if self.watch(Model::SalesDashboard).sales.worst() != Freshness::Fresh {
            let order = self.watch(Model::SalesDashboard).deviating.first().copied().unwrap_or_default();
            self.breach(Promise::EqualsTruth, Model::SalesDashboard, order, EventId(0), entries);
        }
        entries.push(Entry { at: self.world.now(), step: self.world.steps(), what: What::Quiet });
    }
}
