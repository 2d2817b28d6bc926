//! The measures. Each is one call that the host can time from outside.

use sim::kernel::fate::mix;
use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::scenario::presets::PRESETS;
use sim::scenario::recording::Scenario;
use sim::scenario::report::{report, trace_hash};

use crate::scenario;

/// Steps between two looks at the frame clock, as a page that must not freeze would take them.
const SLICE: u64 = 4_096;

/// One thing that can be measured. What the number given to it means, and the number that comes back, is told with each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Lets the [`reference`] handle so many events. Back: its sum of times, modulo 2⁵³.
    Reference,
    /// Plays the busy shop of [`scenario`] for so many steps, with trace and keyframes, and keeps the run. Back: the steps
    /// made.
    Run,
    /// The same with the whole shop.
    Whole,
    /// Opens a preset, plays it to its end and judges it: the number is its place in the list of presets. Back: the steps
    /// made, or 0 where there is no such preset.
    Verdict,
    /// Looks at the random moment with this number of the run that is kept. Back: the steps before that moment.
    Seek,
    /// Digests the trace of the run that is kept. The number means nothing. Back: the upper 53 bits.
    Hash,
    /// Forgets the run that is kept. The number means nothing. Back: 0.
    Clear,
}

/// What is kept from one measure to the next.
#[derive(Debug, Default)]
pub struct Bench {
    run: Option<History<Lab>>,
}

impl Bench {
    /// Performs one measure. Without a run that is kept, measures of it do nothing and give 0.
    pub fn perform(&mut self, measure: Measure, n: u64) -> u64 {
        const EXACT: u64 = (1 << 53) - 1;
        match measure {
            Measure::Reference => reference::run(n) & EXACT,
            Measure::Run => self.run(&scenario::busy_and_faulty(), n),
            Measure::Whole => self.run(&scenario::whole_shop(), n),
            Measure::Verdict => verdict(n),
            Measure::Seek => self.run.as_mut().map_or(0, |run| seek(run, n)),
            Measure::Hash => self.run.as_ref().map_or(0, |run| trace_hash(run.trace()) >> 11),
            Measure::Clear => {
                self.run = None;
                0
            }
        }
    }

    fn run(&mut self, scenario: &Scenario, steps: u64) -> u64 {
        let run = self.run.insert(History::new(scenario, Vec::new()));
        while run.steps_known() < steps {
            if run.run_ahead(SLICE.min(steps - run.steps_known())) {
                break;
            }
        }
        run.steps_known()
    }
}

/// Steps at most for a verdict.
const VERDICT_STEPS_MAX: u64 = 20_000_000;

fn verdict(preset: u64) -> u64 {
    let preset = usize::try_from(preset).ok().and_then(|n| PRESETS.get(n));
    let Some(scenario) = preset.and_then(|preset| Scenario::from_json(preset.json).ok()) else { return 0 };
    let mut run = History::<Lab>::new(&scenario, Vec::new());
    run.run_to_end(VERDICT_STEPS_MAX);
    // A report that nobody reads must be made all the same.
    core::hint::black_box(report(run.frontier(), run.trace()));
    run.steps_known()
}

fn seek(run: &mut History<Lab>, n: u64) -> u64 {
    let scaled = (u128::from(mix(n)) * u128::from(run.time_known().0)) >> 64;
    run.seek_time(Micros(u64::try_from(scaled).unwrap_or(0)));
    run.step()
}

#[cfg(test)]
mod tests {
    use super::{Bench, Measure};

    #[test]
    fn a_run_is_as_long_as_asked_for_and_can_be_looked_through() {
        let mut bench = Bench::default();
        assert_eq!(bench.perform(Measure::Run, 10_000), 10_000);
        assert_ne!(bench.perform(Measure::Hash, 0), 0);
        let steps: Vec<u64> = (0..20).map(|n| bench.perform(Measure::Seek, n)).collect();
        assert!(steps.iter().all(|step| *step <= 10_000));
        assert!(steps.iter().any(|step| *step > 5_000) && steps.iter().any(|step| *step < 5_000));
        bench.perform(Measure::Clear, 0);
        assert_eq!(bench.perform(Measure::Hash, 0), 0);
    }

    #[test]
    fn the_whole_shop_is_as_long_as_asked_for_too() {
        assert_eq!(Bench::default().perform(Measure::Whole, 10_000), 10_000);
    }

    #[test]
    fn a_preset_is_judged_and_one_that_is_not_there_is_told() {
        assert!(Bench::default().perform(Measure::Verdict, 0) > 100);
        assert_eq!(Bench::default().perform(Measure::Verdict, 10_000), 0);
    }
}
