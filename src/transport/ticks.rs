//! Which marks are drawn, and where: as shares of the whole run.

use sim::kernel::time::Micros;
use sim::view::timeline::Mark;

/// Marks closer than this share of the run would lie on top of each other: on a desk, and on the short track of a phone.
const CLOSEST: (f64, f64) = (0.0175, 0.036);

/// The closest that two marks may be.
pub const fn closest(narrow: bool) -> f64 {
    if narrow { CLOSEST.1 } else { CLOSEST.0 }
}

/// The share of the run at which a moment lies, 0 to 1.
pub fn share(at: Micros, known: Micros) -> f64 {
    (at.0 as f64 / known.0.max(1) as f64).min(1.0)
}

/// The marks that can be told apart: of several close ones, the first.
pub fn distinct<T>(marks: &[T], (known, closest): (Micros, f64), mark_of: impl Fn(&T) -> &Mark) -> Vec<(f64, &T)> {
    let mut shown: Vec<(f64, &T)> = Vec::new();
    for mark in marks {
        let at = share(mark_of(mark).at, known);
        if shown.last().is_none_or(|(last, _)| at - last >= closest) {
            shown.push((at, mark));
        }
    }
    shown
}

/// The moments that can be told apart: one for each thousandth of the run.
pub fn apart(moments: &[Micros], known: Micros) -> Vec<Micros> {
    let width = known.0 / 1_000 + 1;
    let mut kept = moments.to_vec();
    kept.dedup_by_key(|at| at.0 / width);
    kept
}

/// All commands as one path in a box of 1,000 by 8.
pub fn command_path(commands: &[Micros], known: Micros) -> String {
    use core::fmt::Write;
    let mut path = String::with_capacity(commands.len() * 12);
    for at in commands {
        // Writing into a text cannot fail.
        let _ = write!(path, "M{:.1} 0v8", 1_000.0 * share(*at, known));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::{Mark, Micros, apart, closest, command_path, distinct};

    #[test]
    fn a_thousandth_of_the_run_has_one_tick() {
        let moments = [0, 1, 2, 41, 42, 90].map(Micros::from_millis);
        let kept: Vec<u64> = apart(&moments, Micros::from_secs(10)).iter().map(|at| at.as_millis()).collect();
        assert_eq!(kept, [0, 41, 90]);
    }

    #[test]
    fn of_close_marks_the_first_is_shown() {
        let mark = |ms| Mark { at: Micros::from_millis(ms), step: ms, text: String::new() };
        let marks = [mark(100), mark(101), mark(500)];
        let shown: Vec<u64> = distinct(&marks, (Micros::from_secs(1), closest(false)), |mark| mark)
            .iter()
            .map(|(_, mark)| mark.step)
            .collect();
        assert_eq!(shown, [100, 500]);
        assert_eq!(command_path(&[Micros::from_millis(250)], Micros::from_secs(1)), "M250.0 0v8");
    }
}
