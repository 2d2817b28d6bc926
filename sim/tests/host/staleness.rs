//! How far readers are behind and why, against the metrics, which reckon otherwise, and against arithmetic.

use crate::common::{played, preset};
use sim::kernel::time::Micros;
use sim::oracle::lags::{Cause, LagSample, Lags, Whose};
use sim::oracle::metrics::{Metrics, Sampling};
use sim::scenario::presets::PRESETS;
use sim::system::place::{Model, Reader};
use sim::view::staleness::{Bound, Staleness};

const ORDER_VIEW: Reader = Reader::Projection(Model::OrderView);

fn lags(slug: &str) -> Lags {
    let history = played(&preset(slug));
    let mut lags = Lags::new(history.frontier());
    lags.read_on(history.frontier(), history.trace(), usize::MAX);
    lags
}

fn at(lags: &Lags, whose: impl Into<Whose>, ms: u64) -> LagSample {
    let seen = Staleness::of(lags, Some(whose.into()), |_| Vec::new());
    *seen.at(Micros::from_millis(ms)).expect("the run has begun by then")
}

fn waited(sample: &LagSample, cause: Cause) -> u64 {
    sample.waited[cause.index()].as_millis()
}

#[test]
fn in_every_preset_the_causes_add_up_to_the_lag_that_the_metrics_know() {
    for one in PRESETS {
        let history = played(&preset(one.slug));
        let (lab, trace) = (history.frontier(), history.trace());
        let mut lags = Lags::new(lab);
        lags.read_on(lab, trace, usize::MAX);
        let metrics = Metrics::of(lab, trace, Sampling { every: lags.every() });
        for reader in &metrics.readers {
            let samples = lags.samples(*reader);
            let mut compared = 0;
            for sample in &samples {
                let known = metrics.samples.iter().find(|known| known.at == sample.at);
                let Some(known) = known.map(|known| known.readers[reader.index()]) else { continue };
                let said = (sample.lag(), sample.lag_events());
                assert_eq!(said, (known.lag, known.lag_events), "{}: {reader} at {}", one.slug, sample.at);
                compared += 1;
            }
            assert!(compared + 2 >= samples.len(), "{}: {compared} of {}", one.slug, samples.len());
        }
    }
}

#[test]
fn reading_on_bit_by_bit_comes_to_the_same() {
    let history = played(&preset("read-models"));
    let mut lags = Lags::new(history.frontier());
    while lags.read_on(history.frontier(), history.trace(), 1_000) {}
    let at_once = self::lags("read-models");
    for whose in lags.all() {
        assert_eq!(lags.samples(whose), at_once.samples(whose));
    }
    assert_eq!(lags.late_answers(), at_once.late_answers());
}

/// Order n is committed at 50 ms x n and visible at 50 ms + 100 ms x n: whoever is slow lets events queue.
#[test]
fn a_slow_projection_lets_events_queue() {
    let sample = at(&lags("alerts"), ORDER_VIEW, 150_000);
    assert!(waited(&sample, Cause::Queueing) * 100 > sample.lag().as_millis() * 99, "{sample:?}");
    assert!(sample.events[Cause::Queueing.index()] > 1_000);
}

#[test]
fn a_failed_try_means_another_and_what_is_parked_is_sent_by_nobody() {
    let lags = lags("dead-letters");
    let seen = |cause: Cause| {
        lags.all().any(|reader| lags.samples(reader).iter().any(|sample| sample.events[cause.index()] > 0))
    };
    assert!(seen(Cause::Retry) && seen(Cause::Lost));
}

#[test]
fn a_position_that_is_saved_first_loses_what_the_crash_takes() {
    let last = *self::lags("checkpoint").samples(ORDER_VIEW).last().expect("there are samples");
    assert_eq!(last.lag_events(), last.events[Cause::Lost.index()], "at rest, nothing is on its way");
}

#[test]
fn what_comes_before_its_predecessor_waits_for_the_gap() {
    let lags = lags("gap");
    let held = lags.all().any(|reader| lags.samples(reader).iter().any(|sample| sample.events[Cause::Gap.index()] > 0));
    assert!(held);
}

#[test]
fn what_a_dual_write_loses_is_lost() {
    let lags = lags("dual-write");
    let last = *lags.samples(ORDER_VIEW).last().expect("there are samples");
    assert!(last.events[Cause::Lost.index()] > 0, "{last:?}");
    assert_eq!(last.lag_events(), last.events[Cause::Lost.index()]);
}

#[test]
fn stale_answers_are_remembered_with_their_model() {
    let seen = Staleness::of(&lags("eventual-reads"), Some(ORDER_VIEW.into()), |_| Vec::new());
    assert!(seen.late.0 > 0, "{:?}", seen.late);
    assert!(!seen.answers.is_empty() && seen.answers.len() <= seen.late.0 + seen.late.1);
}

#[test]
fn the_bound_of_the_contract_is_a_limit() {
    let scenario = preset("bounded-staleness");
    let all = sim::view::staleness::limits(&scenario.slo, &scenario.alerts, &scenario.options, ORDER_VIEW.into());
    assert!(all.iter().any(|limit| limit.name.starts_with("staleness bound") && matches!(limit.bound, Bound::Lag(_))));
}
