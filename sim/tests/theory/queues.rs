//! Waiting times and queue lengths of the projector, within 3 % of the textbook's.

use sim::kernel::distribution::Distribution;
use sim::kernel::time::Micros;
use sim::system::options::Partitioning;

use super::machine::{GAP, Measured, bare, measure, shared};

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
fn is_within_3_percent(what: &str, measured: Measured, wait: f64) {
    // In these units Little's law makes the two the same number; they are measured in different ways.
    for (name, found) in [("waiting time", measured.mean_wait()), ("queue length", measured.mean_queue())] {
        let off = (found / wait - 1.0) * 100.0;
        assert!(off.abs() < 3.0, "{what}: {name} {found:.4}, theory {wait:.4}: {off:+.2} %");
    }
}

/// The order view takes exponential times, the dashboard constant ones, so one stream tests both.
#[track_caller]
fn one_server(percent: u64, orders: u32) {
    let rho = percent as f64 / 100.0;
    let service = Micros(GAP.0 * percent / 100);
    let mut options = bare(orders, Distribution::Exponential { mean: GAP });
    options.projections.order_view.service = Distribution::Exponential { mean: service };
    options.projections.sales_dashboard.service = Distribution::Constant { value: service };
    let [exponential, constant] = measure(&options, [1, 2]);
    is_within_3_percent(&format!("M/M/1 at {percent} %"), exponential, mm1(rho));
    is_within_3_percent(&format!("M/D/1 at {percent} %"), constant, md1(rho));
}

#[test]
fn one_instance_at_50_percent() {
    one_server(50, 150_000);
}

#[test]
fn one_instance_at_80_percent() {
    one_server(80, 400_000);
}

#[test]
fn one_instance_at_90_percent() {
    one_server(90, 1_000_000);
}

#[test]
fn instances_with_keys_are_queues_of_their_own() {
    for (instances, percent) in [(2_u8, 50_u32), (4, 80)] {
        let rho = f64::from(percent) / 100.0;
        let options = shared(400_000, instances, Partitioning::Key, u64::from(percent));
        for measured in measure(&options, [3, 4]) {
            is_within_3_percent(&format!("{instances} x M/M/1 at {percent} %"), measured, mm1(rho));
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
        for measured in measure(&options, [5, 6]) {
            let wait = em1(u32::from(instances), rho);
            is_within_3_percent(&format!("{instances} x E/M/1 at {percent} %"), measured, wait);
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
