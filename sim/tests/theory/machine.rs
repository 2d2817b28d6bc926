//! Runs of nothing but a Poisson stream into projections, and what is measured in them.

use std::collections::VecDeque;

use sim::kernel::distribution::Distribution;
use sim::kernel::fate::Seed;
use sim::kernel::time::Micros;
use sim::system::options::{Acks, Checkpoint, Consumer, Link, Options, Partitioning};
use sim::system::place::{Model, Reader};
use sim::system::trace::{Entry, What};
use sim::system::world::World;

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

/// What was measured of the queues in front of a projection's instances.
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
}

impl Measured {
    /// Mean waiting time, in means of the gap between arrivals at one queue.
    pub fn mean_wait(self) -> f64 {
        self.waited_us as f64 / self.events as f64 / GAP.0 as f64
    }

    /// Mean number of events that wait.
    pub fn mean_queue(self) -> f64 {
        self.queue_us as f64 / self.span_us as f64
    }

    fn add(&mut self, other: Self) {
        self.events += other.events;
        self.waited_us += other.waited_us;
        self.queue_us += other.queue_us;
        self.span_us += other.span_us;
    }
}

/// One instance with its queue, seen from outside: arrivals and completions in order.
#[derive(Clone, Debug, Default)]
struct Station {
    arrived: VecDeque<Micros>,
    /// When the last event was done with.
    free_at: Micros,
    /// When the number that wait last changed.
    changed: Micros,
    seen: Measured,
    warm: bool,
}

impl Station {
    /// Lets time pass while `waiting` events wait.
    fn pass(&mut self, now: Micros) {
        let waiting = self.arrived.len().saturating_sub(1) as u64;
        let span = now.since(self.changed).0;
        self.changed = now;
        if self.warm {
            self.seen.queue_us += waiting * span;
            self.seen.span_us += span;
        }
    }

    fn arrives(&mut self, now: Micros) {
        self.pass(now);
        self.arrived.push_back(now);
    }

    fn is_done(&mut self, now: Micros) {
        self.pass(now);
        let Some(arrived) = self.arrived.pop_front() else { panic!("done before it came") };
        if self.warm {
            self.seen.events += 1;
            // First come, first served: it waited until the one before it was done with.
            self.seen.waited_us += self.free_at.since(arrived).0;
        }
        self.free_at = now;
    }
}

/// What was measured of both projections, all instances and both seeds taken together: they see the same arrivals, and
/// their service times are fates of their own.
pub fn measure(options: &Options, seeds: [u64; 2]) -> [Measured; 2] {
    let half = |seed: u64| {
        let options = options.clone();
        std::thread::spawn(move || measure_one(options, seed))
    };
    let halves = seeds.map(half);
    let mut sums = [Measured::default(); 2];
    for handle in halves {
        let measured = handle.join().expect("the run ends well");
        sums.iter_mut().zip(measured).for_each(|(sum, one)| sum.add(one));
    }
    sums
}

fn measure_one(options: Options, seed: u64) -> [Measured; 2] {
    let warm_at = Micros(GAP.0 * 2_000);
    let mut stations: [Vec<Station>; 2] = [vec![Station::default(); 8], vec![Station::default(); 8]];
    play(options, seed, |entry| {
        let (delivered, done) = match entry.what {
            What::Arrived(delivered) => (delivered, false),
            What::Applied { delivered, .. } => (delivered, true),
            _ => return,
        };
        let Reader::Projection(model @ (Model::OrderView | Model::SalesDashboard)) = delivered.reader else { return };
        let station = &mut stations[usize::from(model == Model::SalesDashboard)][usize::from(delivered.instance)];
        station.warm |= entry.at >= warm_at;
        if done { station.is_done(entry.at) } else { station.arrives(entry.at) }
    });
    stations.map(|stations| {
        let mut sum = Measured::default();
        stations.iter().for_each(|station| sum.add(station.seen));
        sum
    })
}
