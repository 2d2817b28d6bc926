//! Samples, summed up.

/// The middle one of `samples`, or not a number when there are none.
pub fn median(samples: &[f64]) -> f64 {
    percentile(samples, 50)
}

/// The sample that `percent` of all are not above (nearest rank), or not a number when there are none.
pub fn percentile(samples: &[f64], percent: usize) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
}

/// `f` of each pair of samples that were taken after each other.
pub fn paired(first: &[f64], second: &[f64], f: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    first.iter().zip(second).map(|(a, b)| f(*a, *b)).collect()
}

/// The median of the first, second and so on of each round: what each thing takes when nothing interrupts it.
pub fn medians_across(rounds: &[Vec<f64>]) -> Vec<f64> {
    let count = rounds.iter().map(Vec::len).min().unwrap_or(0);
    (0..count).map(|at| median(&rounds.iter().map(|round| round[at]).collect::<Vec<_>>())).collect()
}

#[cfg(test)]
mod tests {
    use super::{median, medians_across, percentile};

    #[test]
    fn ranks_are_those_of_the_sorted_samples() {
        let samples: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        assert_eq!(median(&samples), 100.0);
        assert_eq!(percentile(&samples, 99), 198.0);
        assert_eq!(percentile(&samples, 100), 200.0);
        assert_eq!(median(&[7.0]), 7.0);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn an_interruption_in_one_round_does_not_count() {
        assert_eq!(medians_across(&[vec![1.0, 9.0], vec![1.0, 2.0], vec![8.0, 2.0]]), [1.0, 2.0]);
    }
}
