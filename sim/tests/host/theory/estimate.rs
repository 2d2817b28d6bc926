//! A mean with its standard error, from batches of a run, with the noise taken out that known means explain.
//!
//! Most of what makes the mean waiting time of a busy queue uncertain is that the gaps and the service times of a run were
//! not exactly what they are on average. Those averages are known, so a regression of the batches on them (linear control
//! variates) says what would have been measured had they been met.

/// What was measured in one batch: `response`, and how far off its mean each control was.
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    /// The mean that is wanted, in this batch.
    pub response: f64,
    /// Relative deviations of the controls, each with an expectation of zero.
    pub controls: [f64; CONTROLS],
}

/// How many controls there are: the first two moments of gaps and of service times.
pub const CONTROLS: usize = 4;
/// The unknowns of the regression: the mean itself, and one weight for each control.
const UNKNOWNS: usize = CONTROLS + 1;

/// A mean and how uncertain it is.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Its standard error.
    pub standard_error: f64,
}

impl Estimate {
    /// The intercept of the batches' regression on their controls.
    pub fn of(batches: &[Batch]) -> Self {
        let row = |batch: &Batch| {
            let mut row = [1.0; UNKNOWNS];
            row[1..].copy_from_slice(&batch.controls);
            row
        };
        let mut normal = [[0.0; UNKNOWNS]; UNKNOWNS];
        let mut right = [0.0; UNKNOWNS];
        for batch in batches {
            let row = row(batch);
            for (i, left) in row.iter().enumerate() {
                right[i] += left * batch.response;
                row.iter().enumerate().for_each(|(j, other)| normal[i][j] += left * other);
            }
        }
        let weights = solved(normal, right);
        let mut unit = [0.0; UNKNOWNS];
        unit[0] = 1.0;
        let leverage = solved(normal, unit)[0];
        let explained = |batch: &Batch| row(batch).iter().zip(weights).map(|(x, weight)| x * weight).sum::<f64>();
        let unexplained = batches.iter().map(|batch| {
            let rest = batch.response - explained(batch);
            rest * rest
        });
        let variance = unexplained.sum::<f64>() / (batches.len() - UNKNOWNS) as f64;
        Self { mean: weights[0], standard_error: (variance * leverage).sqrt() }
    }
}

/// Solves linear equations by elimination. A control that never moves explains nothing: its weight is zero.
fn solved(mut matrix: [[f64; UNKNOWNS]; UNKNOWNS], mut right: [f64; UNKNOWNS]) -> [f64; UNKNOWNS] {
    for pivot in 0..UNKNOWNS {
        let (by, of_right) = (matrix[pivot], right[pivot]);
        if by[pivot].abs() < 1e-15 {
            continue;
        }
        for (row, value) in (0..).zip(&mut right).filter(|(row, _)| *row != pivot) {
            let factor = matrix[row][pivot] / by[pivot];
            matrix[row].iter_mut().zip(by).for_each(|(cell, other)| *cell -= factor * other);
            *value -= factor * of_right;
        }
    }
    core::array::from_fn(|n| if matrix[n][n].abs() < 1e-15 { 0.0 } else { right[n] / matrix[n][n] })
}

#[test]
fn controls_take_out_what_they_explain() {
    // Ten batches of 5 + 3 a - 2 b, without any other noise: the estimate is 5 although their mean is not.
    let batch = |n: u32| {
        let (a, b) = (f64::from(n % 4) - 1.0, f64::from(n % 3));
        Batch { response: 5.0 + 3.0 * a - 2.0 * b, controls: [a, b, 0.0, 0.0] }
    };
    let batches: Vec<Batch> = (0..10).map(batch).collect();
    let found = Estimate::of(&batches);
    assert!((found.mean - 5.0).abs() < 1e-9 && found.standard_error < 1e-9, "{found:?}");
}

#[test]
fn without_controls_it_is_the_mean_and_its_textbook_error() {
    let batches: Vec<Batch> =
        [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0].map(|response| Batch { response, controls: [0.0; CONTROLS] }).to_vec();
    let found = Estimate::of(&batches);
    // The squares sum to 28; the four idle controls cost their degrees of freedom all the same.
    assert!((found.mean - 4.0).abs() < 1e-9, "{found:?}");
    assert!((found.standard_error - (28.0_f64 / 2.0 / 7.0).sqrt()).abs() < 1e-9, "{found:?}");
}
