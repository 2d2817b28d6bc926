//! Waiting times and queue lengths of the projector, within 3 % of the textbook's.

use sim::kernel::distribution::Distribution;
use sim::kernel::time::Micros;
use sim::system::options::Partitioning;

use super::estimate::{Batch, Estimate};
use super::machine::{GAP, Measured, bare, competing, measure, shared};

/// Waiting time in an M/M/1 queue at utilisation `rho`, in mean gaps between arrivals.
fn mm1(rho: f64) -> f64 {
    rho * rho / (1.0 - rho)
}

/// The same with a constant service time: half of it (Pollaczek and Khinchine).
fn md1(rho: f64) -> f64 {
    mm1(rho) / 2.0
}

/// Waiting time in an M/M/c queue of which each of the `c` servers has the utilisation `rho`, in mean gaps between arrivals
/// at *one* server: Erlang's C formula. It is what a queue broker with competing consumers gives.
fn mmc(servers: u32, rho: f64) -> f64 {
    let offered = f64::from(servers) * rho;
    let (mut term, mut sum) = (1.0, 0.0);
    for n in 0..servers {
        sum += term;
        term *= offered / f64::from(n + 1);
    }
    let all_busy = term / (1.0 - rho);
    let waits = all_busy / (sum + all_busy);
    waits * rho / (f64::from(servers) * (1.0 - rho))
}

/// Waiting time in an E/M/1 queue: every `stages`th arrival of a Poisson stream comes here. In mean gaps between arrivals.
fn em1(stages: u32, rho: f64) -> f64 {
    // The share of arrivals that have to wait solves this equation; iterating it converges for utilisations below 1.
    let rate = f64::from(stages);
    let mut sigma = rho;
    for _ in 0..10_000 {
        sigma = libm::pow(rate / (rate + (1.0 - sigma) / rho), rate);
    }
    rho * sigma / (1.0 - sigma)
}

#[track_caller]
fn is_within_3_percent(what: &str, batches: &[Measured], wait: f64) -> Measured {
    let all = batches.iter().copied().fold(Measured::default(), Measured::and);
    // In these units Little's law makes the two the same number; they are measured in different ways.
    for (name, found) in [("waiting time", all.mean_wait()), ("queue length", all.mean_queue())] {
        let off = (found / wait - 1.0) * 100.0;
        assert!(off.abs() < 3.0, "{what}: {name} {found:.4}, theory {wait:.4}: {off:+.2} %");
    }
    all
}

/// The same for estimates whose standard error is below 1 %: a machine that is 3 % off does not pass by good luck.
/// `servers` is how many share a queue; where they are more, the queue's length is told for each of them.
#[track_caller]
fn is_surely_within_3_percent(what: &str, batches: &[Measured], spans: [&Distribution; 2], servers: u8, wait: f64) {
    let each = |response: fn(Measured) -> f64, share: f64| {
        let batch =
            |one: &Measured| Batch { response: response(*one) / share, controls: one.deviations(spans[0], spans[1]) };
        Estimate::of(&batches.iter().map(batch).collect::<Vec<_>>())
    };
    let found = [
        ("waiting time", each(Measured::mean_wait, 1.0)),
        ("queue length", each(Measured::mean_queue, f64::from(servers))),
    ];
    for (name, Estimate { mean, standard_error }) in found {
        let (off, error) = ((mean / wait - 1.0) * 100.0, standard_error / wait * 100.0);
        assert!(error < 1.0, "{what}: {name} is known to {error:.2} % only, from {} batches", batches.len());
        assert!(off.abs() < 3.0, "{what}: {name} {mean:.4}, theory {wait:.4}: {off:+.2} %");
    }
}

/// The order view takes exponential times, the dashboard constant ones, so one stream tests both.
#[track_caller]
fn one_server(percent: u64, orders: u32) {
    let rho = percent as f64 / 100.0;
    let service = Micros(GAP.0 * percent / 100);
    let gap = Distribution::Exponential { mean: GAP };
    let mut options = bare(orders, gap);
    let random = Distribution::Exponential { mean: service };
    let constant = Distribution::Constant { value: service };
    options.projections.order_view.service = random;
    options.projections.sales_dashboard.service = constant;
    let [of_random, of_constant] = measure(&options, [1, 2]);
    is_surely_within_3_percent(&format!("M/M/1 at {percent} %"), &of_random, [&gap, &random], 1, mm1(rho));
    is_surely_within_3_percent(&format!("M/D/1 at {percent} %"), &of_constant, [&gap, &constant], 1, md1(rho));
}

#[test]
fn one_instance_at_50_percent() {
    one_server(50, 200_000);
}

#[test]
fn one_instance_at_80_percent() {
    one_server(80, 420_000);
}

#[test]
fn one_instance_at_90_percent() {
    one_server(90, 1_000_000);
}

/// Instances that compete for the messages of one queue: what the textbook calls c servers.
#[track_caller]
fn competing_servers(servers: u8, percent: u64, orders: u32) {
    let rho = percent as f64 / 100.0;
    let options = competing(orders, servers, percent);
    let spans = [&options.workload.gap, &options.projections.order_view.service];
    let wait = mmc(u32::from(servers), rho);
    let [order_view, sales_dashboard] = measure(&options, [7, 8]);
    // Both serve the same arrivals, each in its own time, so batches of the same events are taken together.
    let both: Vec<Measured> = order_view.into_iter().zip(sales_dashboard).map(|(one, two)| one.and(two)).collect();
    is_surely_within_3_percent(&format!("M/M/{servers} at {percent} %"), &both, spans, servers, wait);
}

#[test]
fn competing_instances_at_50_percent() {
    competing_servers(2, 50, 250_000);
}

#[test]
fn competing_instances_at_80_percent() {
    competing_servers(4, 80, 450_000);
}

#[test]
fn competing_instances_at_90_percent() {
    competing_servers(3, 90, 900_000);
}

#[test]
fn instances_with_keys_are_queues_of_their_own() {
    for (instances, percent) in [(2_u8, 50_u32), (4, 80)] {
        let rho = f64::from(percent) / 100.0;
        let options = shared(400_000, instances, Partitioning::Key, u64::from(percent));
        for batches in measure(&options, [3, 4]) {
            let measured = is_within_3_percent(&format!("{instances} x M/M/1 at {percent} %"), &batches, mm1(rho));
            let pooled = mmc(u32::from(instances), rho);
            assert!(measured.mean_wait() > 1.5 * pooled, "one shared queue would wait {pooled:.4} only");
        }
    }
}

#[test]
fn instances_in_turn_wait_less_but_still_more_than_with_one_queue() {
    for (instances, percent) in [(2_u8, 50_u32), (4, 80)] {
        let rho = f64::from(percent) / 100.0;
        let options = shared(400_000, instances, Partitioning::RoundRobin, u64::from(percent));
        for batches in measure(&options, [5, 6]) {
            let wait = em1(u32::from(instances), rho);
            let measured = is_within_3_percent(&format!("{instances} x E/M/1 at {percent} %"), &batches, wait);
            assert!(wait < mm1(rho) && measured.mean_wait() > mmc(u32::from(instances), rho));
        }
    }
}

#[test]
fn the_formulas_agree_where_they_meet() {
    let same = |one: f64, two: f64| assert!((one / two - 1.0).abs() < 1e-9, "{one} and {two}");
    for rho in [0.5, 0.8, 0.9] {
        same(mmc(1, rho), mm1(rho));
        same(em1(1, rho), mm1(rho));
    }
    // Two servers at 80 %: the textbook's 16/9 service times, and a service time is 0.8 gaps at one server.
    same(mmc(2, 0.8), 16.0 / 9.0 * 0.8);
}
