//! How long things take: the distributions that a scenario may name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::time::Micros;

/// A distribution of spans of time. A draw is a pure function of 64 random bits, so that a fate stays keyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Distribution {
    /// Always the same.
    Constant {
        /// The span.
        value: Micros,
    },
    /// Evenly spread from `min` to `max`, both included.
    Uniform {
        /// The shortest span.
        min: Micros,
        /// The longest span.
        max: Micros,
    },
    /// Memoryless, as the gaps of a Poisson stream are.
    Exponential {
        /// The mean span.
        mean: Micros,
    },
    /// The usual shape of a network: mostly near the median, with a long tail.
    Lognormal {
        /// Half of all spans are shorter.
        median: Micros,
        /// One span in twenty is longer.
        p95: Micros,
    },
}

/// The 95th percentile of the standard normal distribution.
const Z_95: f64 = 1.644_853_626_951_472_2;

impl Distribution {
    /// A constant span of `n` milliseconds.
    pub const fn constant_millis(n: u64) -> Self {
        Self::Constant { value: Micros::from_millis(n) }
    }

    /// The span that the random bits `bits` stand for.
    pub fn sample(&self, bits: u64) -> Micros {
        match *self {
            Self::Constant { value } => value,
            Self::Uniform { min, max } => {
                let width = u128::from(max.since(min).0) + 1;
                let offset = (u128::from(bits) * width) >> 64;
                Micros(min.0 + u64::try_from(offset).unwrap_or(u64::MAX))
            }
            Self::Exponential { mean } => rounded(-libm::log(unit(bits)) * mean.0 as f64),
            Self::Lognormal { median, p95 } => {
                // The median times e to the sigma times a normal draw, where sigma makes p95 what it is.
                let spread = p95.0 as f64 / median.0 as f64;
                rounded(median.0 as f64 * libm::pow(spread, normal(bits) / Z_95))
            }
        }
    }

    /// A span that stands for the whole distribution on a label: its value, middle, mean or median.
    pub const fn typical(&self) -> Micros {
        match *self {
            Self::Constant { value } => value,
            Self::Uniform { min, max } => Micros(min.0 / 2 + max.0 / 2),
            Self::Exponential { mean } => mean,
            Self::Lognormal { median, .. } => median,
        }
    }

    /// The same shape, stretched so that [`typical`](Self::typical) becomes `span`. A zero typical span becomes constant.
    pub fn with_typical(&self, span: Micros) -> Self {
        let scale = |of: Micros, from: Micros| {
            let scaled = u128::from(of.0) * u128::from(span.0) / u128::from(from.0.max(1));
            Micros(u64::try_from(scaled).unwrap_or(u64::MAX))
        };
        match *self {
            Self::Constant { .. } => Self::Constant { value: span },
            Self::Uniform { min, max } => {
                let middle = self.typical();
                Self::Uniform { min: scale(min, middle), max: scale(max, middle) }
            }
            Self::Exponential { .. } => Self::Exponential { mean: span },
            Self::Lognormal { .. } if span == Micros::ZERO => Self::Constant { value: span },
            Self::Lognormal { median, p95 } => Self::Lognormal { median: span, p95: scale(p95, median) },
        }
    }

    /// What is wrong with the numbers, as `(field, what was expected)`, if anything.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        match *self {
            Self::Uniform { min, max } if max < min => Some(("max", "at least min")),
            Self::Exponential { mean } if mean == Micros::ZERO => Some(("mean", "more than zero")),
            Self::Lognormal { median, .. } if median == Micros::ZERO => Some(("median", "more than zero")),
            Self::Lognormal { median, p95 } if p95 < median => Some(("p95", "at least the median")),
            _ => None,
        }
    }

    /// The name of the shape.
    pub const fn shape(&self) -> &'static str {
        match self {
            Self::Constant { .. } => "constant",
            Self::Uniform { .. } => "uniform",
            Self::Exponential { .. } => "exponential",
            Self::Lognormal { .. } => "lognormal",
        }
    }
}

/// 53 of the bits as a number in (0, 1]: never zero, so that its logarithm is finite.
fn unit(bits: u64) -> f64 {
    ((bits >> 11) + 1) as f64 / (1_u64 << 53) as f64
}

/// A standard normal draw: the inverse of the normal distribution at an even draw, by Acklam's rational approximation, whose
/// relative error is below 1.2e-9. Most draws need no more than sums and products, which are the same on every machine; the
/// tails need `libm`, whose results are the same natively and in the browser, as those of std are not.
fn normal(bits: u64) -> f64 {
    const TAIL: f64 = 0.024_25;
    let even = unit(bits);
    // The upper end of the draws is 1 itself, which would lie infinitely far out.
    let even = even.min(1.0 - f64::EPSILON);
    if even < TAIL {
        tail(libm::sqrt(-2.0 * libm::log(even)))
    } else if even > 1.0 - TAIL {
        -tail(libm::sqrt(-2.0 * libm::log(1.0 - even)))
    } else {
        let offset = even - 0.5;
        let square = offset * offset;
        offset * polynomial(&CENTRE_ABOVE, square) / (polynomial(&CENTRE_BELOW, square) * square + 1.0)
    }
}

fn tail(distance: f64) -> f64 {
    polynomial(&TAIL_ABOVE, distance) / (polynomial(&TAIL_BELOW, distance) * distance + 1.0)
}

/// Horner's rule, highest power first.
fn polynomial(coefficients: &[f64], at: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * at + coefficient)
}

const CENTRE_ABOVE: [f64; 6] = [
    -3.969_683_028_665_376e1,
    2.209_460_984_245_205e2,
    -2.759_285_104_469_687e2,
    1.383_577_518_672_69e2,
    -3.066_479_806_614_716e1,
    2.506_628_277_459_239,
];
const CENTRE_BELOW: [f64; 5] = [
    -5.447_609_879_822_406e1,
    1.615_858_368_580_409e2,
    -1.556_989_798_598_866e2,
    6.680_131_188_771_972e1,
    -1.328_068_155_288_572e1,
];
const TAIL_ABOVE: [f64; 6] = [
    -7.784_894_002_430_293e-3,
    -3.223_964_580_411_365e-1,
    -2.400_758_277_161_838,
    -2.549_732_539_343_734,
    4.374_664_141_464_968,
    2.938_163_982_698_783,
];
const TAIL_BELOW: [f64; 4] =
    [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416];

/// Whole microseconds. The cap keeps a freak draw from ending virtual time.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn rounded(micros: f64) -> Micros {
    const DAY: f64 = 86_400e6;
    Micros(libm::round(micros.clamp(0.0, DAY)) as u64)
}

#[cfg(test)]
mod tests {
    use super::{Distribution, Micros};
    use crate::kernel::fate::mix;

    fn mean_of(distribution: Distribution) -> f64 {
        const DRAWS: u64 = 200_000;
        let sum: u64 = (0..DRAWS).map(|n| distribution.sample(mix(n)).0).sum();
        sum as f64 / DRAWS as f64
    }

    #[test]
    fn means_are_the_ones_of_the_textbook() {
        let ms = Micros::from_millis;
        let sigma = libm::log(4.0) / super::Z_95;
        let cases = [
            (Distribution::Constant { value: ms(7) }, 7_000.0),
            (Distribution::Uniform { min: ms(2), max: ms(4) }, 3_000.0),
            (Distribution::Exponential { mean: ms(10) }, 10_000.0),
            (Distribution::Lognormal { median: ms(10), p95: ms(40) }, 10_000.0 * libm::exp(sigma * sigma / 2.0)),
        ];
        for (distribution, expected) in cases {
            let mean = mean_of(distribution);
            assert!((mean / expected - 1.0).abs() < 0.01, "{distribution:?}: mean {mean}, expected {expected}");
        }
    }

    #[test]
    fn a_lognormal_keeps_its_promised_percentiles() {
        let distribution = Distribution::Lognormal { median: Micros::from_millis(10), p95: Micros::from_millis(40) };
        let mut draws: Vec<u64> = (0..100_000).map(|n| distribution.sample(mix(n)).0).collect();
        draws.sort_unstable();
        assert!((draws[50_000] as f64 / 10_000.0 - 1.0).abs() < 0.02, "median {}", draws[50_000]);
        assert!((draws[95_000] as f64 / 40_000.0 - 1.0).abs() < 0.03, "p95 {}", draws[95_000]);
    }
}
