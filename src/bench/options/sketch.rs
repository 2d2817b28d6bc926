//! A small drawing of a distribution: where its spans lie, from no time at all to where few are longer.

use sim::kernel::distribution::Distribution;

/// How many points a curve has.
const POINTS: u32 = 40;
/// The size of the drawing, in its own units.
pub const SIZE: (f64, f64) = (120.0, 26.0);

/// The outline of the density, as a path; and the longest span that is drawn, in microseconds.
pub fn sketch(distribution: &Distribution) -> (String, f64) {
    let reach = reach(distribution).max(1.0);
    let heights: Vec<f64> =
        (0..=POINTS).map(|point| density(distribution, reach * f64::from(point) / f64::from(POINTS), reach)).collect();
    let highest = heights.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let (width, height) = SIZE;
    let mut path = format!("M0 {height}");
    for (point, density) in heights.iter().enumerate() {
        let x = width * point as f64 / f64::from(POINTS);
        path.push_str(&format!("L{x:.1} {:.1}", height - (height - 2.0) * density / highest));
    }
    path.push_str(&format!("L{width} {height}Z"));
    (path, reach)
}

/// Up to where the drawing goes.
fn reach(distribution: &Distribution) -> f64 {
    match *distribution {
        Distribution::Constant { value } => 2.0 * value.0 as f64,
        Distribution::Uniform { max, .. } => 1.25 * max.0 as f64,
        Distribution::Exponential { mean } => 4.0 * mean.0 as f64,
        Distribution::Lognormal { p95, .. } => 1.5 * p95.0 as f64,
    }
}

/// How many spans lie around `at`, in any unit.
fn density(distribution: &Distribution, at: f64, reach: f64) -> f64 {
    let within = |from: f64, to: f64| f64::from(u8::from(at >= from && at <= to));
    match *distribution {
        Distribution::Constant { value } => {
            let near = reach / f64::from(POINTS);
            within(value.0 as f64 - near / 2.0, value.0 as f64 + near / 2.0)
        }
        Distribution::Uniform { min, max } => within(min.0 as f64, max.0 as f64),
        Distribution::Exponential { mean } => (-at / (mean.0 as f64).max(1.0)).exp(),
        Distribution::Lognormal { median, p95 } => {
            const Z_95: f64 = 1.645;
            let (median, p95) = ((median.0 as f64).max(1.0), p95.0 as f64);
            let sigma = ((p95 / median).ln() / Z_95).max(0.02);
            if at <= 0.0 { 0.0 } else { (-((at / median).ln() / sigma).powi(2) / 2.0).exp() / at }
        }
    }
}

#[cfg(test)]
mod tests {
    use sim::kernel::distribution::Distribution;
    use sim::kernel::time::Micros;

    use super::{density, sketch};

    #[test]
    fn every_shape_is_drawn_within_its_frame() {
        let (short, long) = (Micros::from_millis(40), Micros::from_millis(90));
        for distribution in [
            Distribution::Constant { value: short },
            Distribution::Constant { value: Micros::ZERO },
            Distribution::Uniform { min: short, max: long },
            Distribution::Exponential { mean: short },
            Distribution::Lognormal { median: short, p95: long },
        ] {
            let (path, reach) = sketch(&distribution);
            assert!(path.starts_with("M0 26L0.0") && path.ends_with("L120 26Z") && !path.contains("NaN"), "{path}");
            assert!(reach >= 1.0);
        }
        let network = Distribution::Lognormal { median: short, p95: long };
        assert!(density(&network, 35_000.0, 1.0) > density(&network, 80_000.0, 1.0));
    }
}
