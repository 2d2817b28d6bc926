//! Runs of nothing but a Poisson stream into projections, and what is measured in them.

use std::collections::VecDeque;

use sim::kernel::distribution::Distribution;
use sim::kernel::fate::Seed;
use sim::kernel::time::Micros;
use sim::system::options::{Acks, BrokerKind, Checkpoint, Consumer, Link, Options, Partitioning, Queue};
use sim::system::place::{Model, Reader};
use sim::system::trace::{Entry, What};
use sim::system::world::World;

use super::estimate::CONTROLS;

/// Mean time between two arrivals at a queue.
pub const GAP: Micros = Micros::from_millis(100);

pub const NO_TIME: Distribution = Distribution::Constant { value: Micros::ZERO };

/// Options under which every order is one event that reaches the projections at once.
pub fn bare(orders: u32, gap: Distribution) -> Options {
    let mut options = Options::default();
    options.workload.orders = orders;
    options.workload.gap = gap;
    options.workload.add_item = sim::kernel::probability::Probability::NEVER;
    options.workload.cancel = sim::kernel::probability::Probability::NEVER;
    options.workload.ship = sim::kernel::probability::Probability::NEVER;
    options.order_service.client_delay = NO_TIME;
    options.order_service.service = NO_TIME;
    options.order_service.relay_delay = NO_TIME;
    options.broker.acks = Acks::None;
    options.broker.partitions = 1;
    options.broker.publish.delay = NO_TIME;
    for consumer in [&mut options.projections.order_view, &mut options.projections.sales_dashboard] {
        *consumer = Consumer {
            delivery: Link { delay: NO_TIME, ..Link::default() },
            prefetch: 10_000,
            checkpoint: Checkpoint::WithEffect,
            service: NO_TIME,
            ..Consumer::default()
        };
    }
    options
}

/// Options with `instances` instances of each projection, each of which has a partition and the utilisation `percent`.
pub fn shared(orders: u32, instances: u8, partitioning: Partitioning, percent: u64) -> Options {
    let gap = Micros(GAP.0 / u64::from(instances));
    let mut options = bare(orders, Distribution::Exponential { mean: gap });
    options.broker.partitions = instances;
    options.broker.partitioning = partitioning;
    let mean = Micros(GAP.0 * percent / 100);
    options.projections.order_view.service = Distribution::Exponential { mean };
    options.projections.sales_dashboard.service = Distribution::Exponential { mean };
    options.projections.order_view.instances = instances;
    options.projections.sales_dashboard.instances = instances;
    options
}

/// Plays a world to its end; `see` is shown what happened, and nothing is kept.
pub fn play(options: Options, seed: u64, mut see: impl FnMut(&Entry)) {
    let mut world = World::new(options, Seed(seed), &[]);
    let mut entries = Vec::new();
    while world.step(&mut entries) {
        entries.drain(..).for_each(|entry| see(&entry));
    }
}

/// Options with `servers` instances that compete for the messages of one queue, each with the utilisation `percent`.
pub fn competing(orders: u32, servers: u8, percent: u64) -> Options {
    let mut options = shared(orders, servers, Partitioning::Key, percent);
    options.broker.partitions = 1;
    options.broker.kind = BrokerKind::Queue;
    // One that is busy gets no second message, so whoever is free first takes the oldest. No service takes as long as the
    // wait for an acknowledgement: that is more than fifty means.
    options.broker.queue = Queue { visibility: Micros::from_secs(5), in_flight_max: 1, receive_max: 1_000 };
    options
}

/// What was measured of queues in front of a projection's instances, in a batch or in a whole run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measured {
    /// How many events waited.
    pub events: u64,
    /// For how long, all together.
    pub waited_us: u64,
    /// The integral of the number that wait, over time.
    pub queue_us: u64,
    /// For how long it was looked at.
    pub span_us: u64,
    /// The gaps before these events came, and their squares.
    gaps: Moments,
    /// The service times, and their squares.
    services: Moments,
}

/// Sums of times and of their squares.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    sum_us: u64,
    squares: f64,
}

impl Moments {
    fn take(&mut self, span: Micros) {
        self.sum_us += span.0;
        self.squares += span.0 as f64 * span.0 as f64;
    }

    /// How far the first two moments are off those of this distribution, as a share of them.
    fn deviations(self, events: u64, of: &Distribution) -> [f64; 2] {
        let (mean, square) = match of {
            Distribution::Constant { value } => (value.0 as f64, value.0 as f64 * value.0 as f64),
            Distribution::Exponential { mean } => (mean.0 as f64, 2.0 * mean.0 as f64 * mean.0 as f64),
            other => panic!("{other:?} is not used here"),
        };
        [self.sum_us as f64 / events as f64 / mean - 1.0, self.squares / events as f64 / square - 1.0]
    }
}

impl Measured {
    /// Mean waiting time, in means of the gap between arrivals at one server.
    pub fn mean_wait(self) -> f64 {
        self.waited_us as f64 / self.events as f64 / GAP.0 as f64
    }

    /// Mean number of events that wait.
    pub fn mean_queue(self) -> f64 {
        self.queue_us as f64 / self.span_us as f64
    }

    /// How far gaps and service times were off their known moments.
    pub fn deviations(self, gap: &Distribution, service: &Distribution) -> [f64; CONTROLS] {
        let [gap, gap_square] = self.gaps.deviations(self.events, gap);
        let [service, service_square] = self.services.deviations(self.events, service);
        [gap, gap_square, service, service_square]
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let both = |one: Moments, two: Moments| Moments {
            sum_us: one.sum_us + two.sum_us,
            squares: one.squares + two.squares,
        };
        Self {
            events: self.events + other.events,
            waited_us: self.waited_us + other.waited_us,
            queue_us: self.queue_us + other.queue_us,
            span_us: self.span_us + other.span_us,
            gaps: both(self.gaps, other.gaps),
            services: both(self.services, other.services),
        }
    }
}

/// How many events a batch has. At 90 % a queue forgets within some hundreds, so batches hardly know each other.
const BATCH: u64 = 16_000;
/// How many events come before anything is measured, for a queue that began empty.
const WARM_AFTER: u64 = 2_000;

/// A queue and whoever serves it, seen from outside: what comes, what begins to be served, and what is done with.
#[derive(Clone, Debug, Default)]
struct Station {
    /// What waits: when it came, and how long after the one before.
    waiting: VecDeque<(Micros, Micros)>,
    last_came: Micros,
    /// When each instance began with what it has in hand.
    began: [Micros; 8],
    /// When the number that wait last changed.
    changed: Micros,
    came: u64,
    batch: Measured,
    batches: Vec<Measured>,
}

impl Station {
    fn is_warm(&self) -> bool {
        self.came > WARM_AFTER
    }

    /// Lets time pass in which the number that wait stays as it is.
    fn pass(&mut self, now: Micros) {
        let span = now.since(self.changed).0;
        self.changed = now;
        if self.is_warm() {
            self.batch.queue_us += self.waiting.len() as u64 * span;
            self.batch.span_us += span;
        }
    }

    fn comes(&mut self, now: Micros) {
        self.pass(now);
        self.waiting.push_back((now, now.since(self.last_came)));
        self.last_came = now;
        self.came += 1;
    }

    fn begins(&mut self, instance: u8, now: Micros) {
        self.pass(now);
        self.began[usize::from(instance)] = now;
        // First come, first served: the oldest is taken.
        let Some((came, gap)) = self.waiting.pop_front() else { panic!("served before it came") };
        if self.is_warm() {
            self.batch.events += 1;
            self.batch.waited_us += now.since(came).0;
            self.batch.gaps.take(gap);
        }
    }

    fn is_done(&mut self, instance: u8, now: Micros) {
        self.pass(now);
        if !self.is_warm() {
            return;
        }
        self.batch.services.take(now.since(self.began[usize::from(instance)]));
        if self.batch.events >= BATCH {
            self.batches.push(core::mem::take(&mut self.batch));
        }
    }
}

/// What was measured of both projections, the order view's first: the full batches of all queues and all seeds. They see
/// the same arrivals, and their service times are fates of their own.
pub fn measure(options: &Options, seeds: [u64; 2]) -> [Vec<Measured>; 2] {
    let half = |seed: u64| {
        let options = options.clone();
        std::thread::spawn(move || measure_one(options, seed))
    };
    let mut batches = [Vec::new(), Vec::new()];
    for handle in seeds.map(half) {
        let measured = handle.join().expect("the run ends well");
        batches.iter_mut().zip(measured).for_each(|(all, one)| all.extend(one));
    }
    batches
}

fn measure_one(options: Options, seed: u64) -> [Vec<Measured>; 2] {
    let mut stations: [Vec<Station>; 2] = [vec![Station::default(); 8], vec![Station::default(); 8]];
    // Competing instances share the first station; those of a log have one each, and begin with the next when they are done.
    let competing = options.broker.kind == BrokerKind::Queue;
    let mut in_hand = [[0_u32; 8]; 2];
    play(options, seed, |entry| {
        let (delivered, done) = match entry.what {
            What::Appended { .. } if competing => return stations.iter_mut().for_each(|one| one[0].comes(entry.at)),
            What::Arrived(delivered) => (delivered, false),
            What::Applied { delivered, .. } => (delivered, true),
            _ => return,
        };
        let Reader::Projection(model @ (Model::OrderView | Model::SalesDashboard)) = delivered.reader else { return };
        let (which, instance) = (usize::from(model == Model::SalesDashboard), delivered.instance);
        let station = &mut stations[which][if competing { 0 } else { usize::from(instance) }];
        let has = &mut in_hand[which][usize::from(instance)];
        if done {
            station.is_done(instance, entry.at);
            *has -= 1;
            if *has > 0 {
                station.begins(instance, entry.at);
            }
            return;
        }
        *has += 1;
        if !competing {
            station.comes(entry.at);
        }
        if *has == 1 {
            station.begins(instance, entry.at);
        }
    });
    stations.map(|stations| stations.into_iter().flat_map(|station| station.batches).collect())
}
