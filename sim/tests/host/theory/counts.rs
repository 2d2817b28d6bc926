//! Counts of faults, and the arrivals, against the distributions that they should have.

use sim::kernel::distribution::Distribution;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::system::trace::What;

use super::machine::{GAP, bare, play};

/// The central interval of a binomial count that only one run in a million misses: exact, by adding up its terms.
fn binomial_interval(trials: u64, probability: f64) -> (u64, u64) {
    const MISSED: f64 = 1e-6;
    let n = trials as f64;
    let term = |k: u64| {
        let k = k as f64;
        let ways = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
        libm::exp(ways + k * libm::log(probability) + (n - k) * libm::log1p(-probability))
    };
    let edge = |mut ks: Box<dyn Iterator<Item = u64>>| {
        let mut sum = 0.0;
        ks.by_ref().find(|k| {
            sum += term(*k);
            sum > MISSED / 2.0
        })
    };
    (edge(Box::new(0..=trials)).unwrap_or(0), edge(Box::new((0..=trials).rev())).unwrap_or(trials))
}

#[track_caller]
fn is_binomial(what: &str, count: u64, trials: u64, probability: f64) {
    let (least, most) = binomial_interval(trials, probability);
    assert!((least..=most).contains(&count), "{what}: {count} of {trials}, expected {least} to {most}");
}

#[test]
fn the_interval_is_the_binomial_s() {
    assert_eq!(binomial_interval(1, 0.5), (0, 1));
    let (least, most) = binomial_interval(10_000, 0.5);
    // 4.89 standard deviations of 50 on either side.
    assert!((5_000 - least).abs_diff(245) <= 2 && (most - 5_000).abs_diff(245) <= 2, "{least} to {most}");
}

#[test]
fn duplicates_and_losses_are_binomial() {
    for (seed, percent) in [(1_u64, 1_u32), (2, 5), (3, 20)] {
        let mut options = bare(20_000, Distribution::Exponential { mean: GAP });
        let probability = Probability::from_percent(percent);
        options.broker.publish.loss = probability;
        options.broker.publish.duplicate = probability;
        // A lost delivery holds up what is behind it; without this pause the run would be over before it is caught up, and
        // its end is left to heal.
        options.projections.order_view.refetch_after = Micros::from_millis(1);
        options.workload.heal_after = Micros::from_secs(3_600);
        let delivery = &mut options.projections.order_view.delivery;
        delivery.loss = probability;
        delivery.duplicate = probability;
        let (mut published, mut lost, mut doubled) = (0, 0, 0);
        let (mut sent, mut delivery_lost, mut delivery_doubled) = (0, 0, 0);
        play(options, seed, |entry| match entry.what {
            What::Published { .. } => published += 1,
            What::PublicationLost { .. } => lost += 1,
            What::PublicationDoubled { .. } => doubled += 1,
            What::Sent(one) if one.reader.name() == "order_view" => sent += 1,
            What::DeliveryLost(_) => delivery_lost += 1,
            What::DeliveryDoubled(_) => delivery_doubled += 1,
            _ => {}
        });
        let p = f64::from(percent) / 100.0;
        is_binomial("lost publications", lost, published, p);
        is_binomial("doubled publications", doubled, published, p);
        is_binomial("lost deliveries", delivery_lost, sent, p);
        is_binomial("doubled deliveries", delivery_doubled, sent, p);
    }
}

#[test]
fn arrivals_are_a_poisson_stream() {
    let orders = 100_000;
    let mut arrivals: Vec<Micros> = Vec::new();
    play(bare(orders, Distribution::Exponential { mean: GAP }), 7, |entry| {
        if matches!(entry.what, What::CommandSent { .. }) {
            arrivals.push(entry.at);
        }
    });
    assert_eq!(arrivals.len(), orders as usize);
    gaps_are_exponential(&arrivals);
    counts_spread_like_their_mean(&arrivals);
    gaps_do_not_know_each_other(&arrivals);
}

fn gaps(arrivals: &[Micros]) -> Vec<f64> {
    arrivals.windows(2).map(|pair| pair[1].since(pair[0]).0 as f64 / GAP.0 as f64).collect()
}

/// Kolmogorov and Smirnov: the greatest distance to the exponential's distribution function stays below its 0.1 % bound.
fn gaps_are_exponential(arrivals: &[Micros]) {
    let mut gaps = gaps(arrivals);
    gaps.sort_by(f64::total_cmp);
    let n = gaps.len() as f64;
    let distance = gaps.iter().enumerate().map(|(rank, gap)| {
        let expected = -libm::expm1(-gap);
        (expected - rank as f64 / n).abs().max((expected - (rank + 1) as f64 / n).abs())
    });
    let distance = distance.fold(0.0, f64::max);
    assert!(distance < 1.95 / n.sqrt(), "Kolmogorov distance {distance}");
}

/// In windows of equal length the variance of a Poisson count is its mean.
fn counts_spread_like_their_mean(arrivals: &[Micros]) {
    let window = |at: &Micros| usize::try_from(at.0 / (GAP.0 * 20)).expect("a run is short");
    let windows = arrivals.last().map_or(0, window);
    let mut counts = vec![0_f64; windows];
    for arrival in arrivals {
        if let Some(count) = counts.get_mut(window(arrival)) {
            *count += 1.0;
        }
    }
    let n = windows as f64;
    let mean = counts.iter().sum::<f64>() / n;
    let variance = counts.iter().map(|count| (count - mean) * (count - mean)).sum::<f64>() / (n - 1.0);
    // The ratio has a standard deviation of the square root of 2 / n.
    let off = (variance / mean - 1.0) / (2.0 / n).sqrt();
    assert!(off.abs() < 3.3, "dispersion {}, {off:+.2} standard deviations off", variance / mean);
}

/// Neighbouring gaps are uncorrelated.
fn gaps_do_not_know_each_other(arrivals: &[Micros]) {
    let gaps = gaps(arrivals);
    let n = gaps.len() as f64;
    let mean = gaps.iter().sum::<f64>() / n;
    let variance = gaps.iter().map(|gap| (gap - mean) * (gap - mean)).sum::<f64>();
    let together = gaps.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum::<f64>();
    let off = together / variance * n.sqrt();
    assert!(off.abs() < 3.3, "correlation {}, {off:+.2} standard deviations off", together / variance);
}
