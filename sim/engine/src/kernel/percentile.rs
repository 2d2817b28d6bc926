//! Percentiles of spans.

use super::time::Micros;

/// The value that `percent` in a hundred of the sorted values do not exceed (the nearest rank); zero of nothing.
pub fn percentile(sorted: &[Micros], percent: usize) -> Micros {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(Micros::ZERO)
}

#[cfg(test)]
mod tests {
    use super::{Micros, percentile};

    #[test]
    fn percentiles_are_nearest_ranks() {
        let hundred: Vec<Micros> = (1..=100).map(Micros).collect();
        assert_eq!((percentile(&hundred, 50), percentile(&hundred, 99)), (Micros(50), Micros(99)));
        assert_eq!(percentile(&hundred[..3], 99), Micros(3));
        assert_eq!(percentile(&[], 99), Micros::ZERO);
    }
}
