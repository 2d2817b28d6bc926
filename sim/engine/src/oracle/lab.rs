//! The lab: the world together with the oracle that watches it. This is the machine that a history plays.

use crate::kernel::digest::Digest;
use crate::kernel::fate::Seed;
use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{EventId, OrderId};
use crate::system::by_aggregate::ByAggregate;
use crate::system::commanding::Commanding;
use crate::system::fate::Override;
use crate::system::following::{begins_with_the_catalogue, topics};
use crate::system::options::{Options, ReplicaStart};
use crate::system::place::{Model, Reader};
use crate::system::queries::reading::Reading;
use crate::system::query_side::order_view::OrderRow;
use crate::system::query_side::read_model::ReadModel;
use crate::system::query_side::sales_dashboard::Sales;
use crate::system::trace::{Entry, Promise, What};
use crate::system::world::World;

use super::business::{Breach, Business};
use super::command_once::CommandOnce;
use super::false_alarm::Doubtful;
use super::judgement::Freshness;
use super::lifecycle::Lifecycle;
use super::lost_update::LostUpdates;
use super::no_event_lost::Appended;
use super::nothing_invented::Invented;
use super::old_answers::OldAnswers;
use super::product_sales::ProductSales;
use super::rows::copies_of;
use super::standing::Standings;
use super::truth::{OrderTruth, SalesTruth, Truth};
use super::walks::Walks;
use super::watch::Watch;

mod answering;
mod detections;
mod judging;
mod versions;

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
    broken: [[Breaches; Reader::ALL.len()]; Promise::COUNT],
    doubtful: Doubtful,
    appended: Appended,
    invented: Invented,
    business: Business,
    /// Answers that showed what their asker may not see.
    shown: Breaches,
    command_once: CommandOnce,
    lost_updates: LostUpdates,
    concluded: bool,
    walks: Walks,
    /// The last answers that left stale or wrong.
    old_answers: OldAnswers,
    standings: Standings,
}

/// How often a promise was broken, and where first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Breaches {
    /// How often.
    pub count: u64,
    /// The step and the time of the first.
    pub first: Option<(u32, Micros)>,
}

impl Breaches {
    /// Notes one more.
    pub fn note(&mut self, step: u32, at: Micros) {
        self.count += 1;
        self.first = self.first.or(Some((step, at)));
    }
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
            broken: [[Breaches::default(); Reader::ALL.len()]; Promise::COUNT],
            doubtful: Doubtful::default(),
            appended: Appended::default(),
            invented: Invented::default(),
            business: Business::from_order(first),
            shown: Breaches::default(),
            command_once: CommandOnce::default(),
            lost_updates: LostUpdates::default(),
            concluded: false,
            walks: Walks::default(),
            old_answers: OldAnswers::default(),
            standings: Standings::default(),
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
            self.appended.note(event);
            self.truths.entry(of).record(&self.world.store().event(event).recorded.event);
            for watch in self.watches.iter_mut().filter(|watch| watch.takes_part) {
                let reader = watch.reader;
                let knows = match reader {
                    Reader::Replica(_) => with_snapshot && copies_of(of).contains(&reader),
                    Reader::Saga | Reader::Second(_) => false,
                    Reader::Projection(_) => {
                        watch.follows(of) && begins_with_the_catalogue(self.world.options(), reader)
                    }
                };
                if knows {
                    watch.applied(event, true, self.world.store());
                    watch.handled(event, self.world.store());
                }
            }
            self.judge(of);
            self.business.committed(event, &self.world, |of| truth_in(&self.truths, of));
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

    /// The system, to be changed by a person at this time. If that brings new things to happen, the run is concluded once more.
    pub fn change(&mut self, at: Micros, entries: &mut Vec<Entry>, change: impl FnOnce(&mut World, &mut Vec<Entry>)) {
        self.world.wait_until(at);
        let had_ttl = self.has_ttl();
        let from = entries.len();
        change(&mut self.world, entries);
        self.note_who_takes_part();
        self.note_turns(from, entries);
        self.note_drift(from, entries);
        if had_ttl != self.has_ttl() {
            let watch = &mut self.watches[self.world.versions(Model::SalesDashboard).serving().index()];
            watch.refreshed = watch.expected;
            self.judge_dashboard();
        }
        if self.concluded && self.world.next_due().is_some() {
            self.concluded = false;
            for promise in [Promise::EqualsTruth, Promise::MoneyConserved, Promise::SagasEnd, Promise::NoEventLost] {
                self.broken[promise as usize] = Default::default();
            }
        }
        self.note_standings(None);
    }

    /// What the oracle knows of a reader.
    pub const fn watch(&self, reader: Reader) -> &Watch {
        &self.watches[reader.index()]
    }

    /// What the oracle knows of the version of a read model that serves.
    pub fn model(&self, model: Model) -> &Watch {
        self.watch(self.world.versions(model).serving())
    }

    /// What is true of an aggregate.
    pub fn truth(&self, of: Aggregate) -> Truth {
        truth_in(&self.truths, of)
    }

    /// What is known of the business: what there was, and what was sold.
    pub const fn business(&self) -> &Business {
        &self.business
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

    /// The answers that showed what their asker may not see.
    pub const fn shown(&self) -> Breaches {
        self.shown
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
            ReadModel::SalesDashboard(dashboard) if self.has_ttl() => *dashboard.shown(),
            ReadModel::SalesDashboard(dashboard) => *dashboard.sales(),
            _ => Sales::default(),
        }
    }

    /// Do readers of the dashboard see figures that are renewed now and then only?
    fn has_ttl(&self) -> bool {
        self.world.options().projections.sales_dashboard.ttl.is_some()
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
            self.note_drift(from, entries);
            self.note_standings(Some(&entries[from..]));
            return true;
        }
        if self.concluded {
            return false;
        }
        self.concluded = true;
        self.world.count_step();
        self.conclude(entries);
        self.note_standings(None);
        true
    }

    /// A number for the whole state: two labs with the same number are the same to the last bit. Slow; for tests.
    pub fn fingerprint(&self) -> u64 {
        Digest::of(&format!("{self:?}"))
    }

    fn observe(&mut self, from: usize, entries: &mut Vec<Entry>) {
        for at in from..entries.len() {
            match entries[at].what {
                What::Committed { event, command, of, .. } => {
                    self.committed(event, of, entries);
                    self.judge_command(command, event, of, entries);
                }
                What::Command(Commanding::WroteOver { command, read, .. }) => {
                    self.lost_updates.writes_over(command, read);
                }
                What::Appended { event, .. } => self.appended(event, entries),
                What::Applied { delivered, changed } => {
                    self.watches[delivered.reader.index()].handled(delivered.event, self.world.store());
                    self.applied(delivered.reader, delivered.event, changed, entries);
                }
                What::Skipped { delivered, .. } if !self.is_held(delivered.event, delivered.reader) => {
                    self.watches[delivered.reader.index()].handled(delivered.event, self.world.store());
                    self.judge_what_shows(delivered.event, delivered.reader);
                }
                What::Refreshed { model } => {
                    let watch = &mut self.watches[self.world.versions(model).serving().index()];
                    watch.refreshed = watch.expected;
                    self.judge_dashboard();
                }
                What::Version(turn) => self.turned(turn, entries),
                What::Reading(Reading::Served { query, .. }) => self.answer_left(query, entries),
                What::Reading(Reading::Answered { query }) => self.answer_came(query, entries),
                _ => {}
            }
        }
    }

    /// Is the event held back? A repeated delivery of it is left out, but the event is still to come.
    fn is_held(&self, event: EventId, reader: Reader) -> bool {
        let recorded = &self.world.store().event(event).recorded;
        self.world.reader(reader).sequences().holds(recorded.of, recorded.version)
    }

    fn committed(&mut self, event: EventId, of: Aggregate, entries: &mut Vec<Entry>) {
        let recorded = &self.world.store().event(event).recorded;
        let truth = self.truths.entry(of);
        let before = truth.order();
        truth.record(&recorded.event);
        if let (Aggregate::Order(order), Truth::Order(after)) = (of, &*truth) {
            if recorded.version == 1 && !self.invented.knows(order) {
                self.placed.push(order);
            }
            self.sales.replace(&before, after);
        }
        let counted = recorded.event.order().filter(|_| STATS.iter().any(|reader| self.watch(*reader).takes_part));
        counted.into_iter().for_each(|event| self.bought.record(event));
        for watch in self.watches.iter_mut().filter(|watch| watch.takes_part) {
            watch.committed(event, of);
        }
        self.judge(of);
        self.judge_dashboard_of(of);
        self.judge_bought(event);
        self.judge_names(event);
        let breaches = self.business.committed(event, &self.world, |of| truth_in(&self.truths, of));
        self.breach_each(breaches, entries);
    }

    /// The log has an event. If it was never committed, copies may show of it what never was: an order, perhaps, that nobody
    /// has placed.
    fn appended(&mut self, event: EventId, entries: &mut Vec<Entry>) {
        if !self.appended.note(event) || !Invented::is_invented(event, self.world.store()) {
            return;
        }
        let recorded = &self.world.store().event(event).recorded;
        let of = recorded.of;
        if let (Aggregate::Order(order), 1) = (of, recorded.version)
            && self.invented.note(order)
        {
            self.placed.push(order);
        }
        self.breach(Promise::NothingInvented, Reader::Saga, of, event, entries);
    }

    fn applied(&mut self, reader: Reader, event: EventId, changed: bool, entries: &mut Vec<Entry>) {
        let of = self.world.store().event(event).recorded.of;
        let again = self.watches[reader.index()].applied(event, changed, self.world.store());
        if Invented::is_invented(event, self.world.store()) {
            self.breach(Promise::NothingInvented, reader, of, event, entries);
        }
        if again {
            self.breach(Promise::ExactlyOnceEffect, reader, of, event, entries);
        }
        self.judge_what_shows(event, reader);
        let shown = reader.keeps() == Some(Model::OrderView) && reader == self.world.in_service(reader);
        if let (true, Aggregate::Order(order)) = (shown, of) {
            let status = self.row(order).map(|row| row.status);
            if status.is_some_and(|status| self.lifecycle.shows(order, status)) {
                self.breach(Promise::LifecycleForward, reader, of, event, entries);
            }
        }
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
            .filter(|(reader, _)| self.watch(*reader).takes_part && self.world.in_service(*reader) == *reader)
            .filter(|(reader, of)| self.watch(*reader).judged(*of).worst() != Freshness::Fresh)
            .collect();
        for (reader, of) in differing {
            self.breach(Promise::EqualsTruth, reader, of, EventId(0), entries);
        }
        let dashboard = self.world.in_service(Reader::Projection(Model::SalesDashboard));
        if self.watch(dashboard).takes_part && self.watch(dashboard).sales.worst() != Freshness::Fresh {
            let order = self.watch(dashboard).deviating.first().copied().unwrap_or_default();
            self.breach(Promise::EqualsTruth, dashboard, order.into(), EventId(0), entries);
        }
        self.conclude_rows(entries);
        for event in self.appended.lost(self.world.store()) {
            let of = self.world.store().event(event).recorded.of;
            self.breach(Promise::NoEventLost, Reader::Saga, of, event, entries);
        }
        let breaches = Business::conclude(&self.world, self.orders(), |of| self.truth(of));
        self.breach_each(breaches, entries);
        let stats = self.world.in_service(STATS[0]);
        for product in self.bought.products().collect::<Vec<_>>() {
            if self.watch(stats).takes_part && self.watch(stats).stats(product).worst() != Freshness::Fresh {
                self.breach(Promise::EqualsTruth, stats, product.into(), EventId(0), entries);
            }
        }
        self.conclude_alarms(entries);
        entries.push(Entry { at: self.world.now(), step: self.world.steps(), what: What::Quiet });
    }

    /// The business' promises are nobody's in particular; they stand with the saga, which is there to keep them.
    fn breach_each(&mut self, breaches: Vec<Breach>, entries: &mut Vec<Entry>) {
        for (promise, of, event) in breaches {
            self.breach(promise, Reader::Saga, of, event, entries);
        }
    }
}

fn truth_in(truths: &ByAggregate<Truth>, of: Aggregate) -> Truth {
    truths.get(of).cloned().unwrap_or_default()
}

/// The versions of the product statistics.
const STATS: [Reader; 2] = [Reader::Projection(Model::ProductStats), Reader::Second(Model::ProductStats)];
