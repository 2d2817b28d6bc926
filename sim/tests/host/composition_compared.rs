//! API composition beside the read model, on the same traffic.

use crate::common::composed::{composings, measured};
use crate::common::{played, preset, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::commands::commands;
use sim::oracle::compositions::Compositions;
use sim::oracle::queries::queries;
use sim::scenario::recording::Scenario;
use sim::scenario::report::report;
use sim::system::options::{Contract, Incomplete, TooOld};
use sim::system::place::{Model, Reader, Service};
use sim::system::queries::composing::Composing;
use sim::system::queries::reading::Reading;
use sim::system::trace::What;

/// Two runs on the same traffic: from the read model and composed.
fn both(seed: u64) -> [Scenario; 2] {
    ["order-page", "composition"].map(|slug| {
        let mut scenario = preset(slug);
        scenario.seed = seed;
        scenario
    })
}

#[test]
fn the_presets_have_the_same_traffic() {
    let [model, mut composed] = both(21);
    assert!(composed.options.queries.composition.take().is_some());
    assert_eq!(model.options, composed.options);
    let asked = |scenario: &Scenario| {
        let subjects = |what| {
            if let What::Reading(Reading::Asked { session, of, .. }) = what { Some((session, of)) } else { None }
        };
        let history = played(scenario);
        history.trace().iter().filter_map(|entry| subjects(entry.what)).count()
    };
    assert_eq!(asked(&model), asked(&preset("composition")));
}

#[test]
fn composition_and_the_read_model_on_the_same_traffic() {
    let [model, composed] = both(21);
    let (quick, none) = measured(&model);
    let (slow, made) = measured(&composed);
    let mut failing = composed.clone();
    failing.options.queries.composition.as_mut().expect("it composes").incomplete = Incomplete::Fail;
    let (refused, failed) = measured(&failing);
    let deliveries = |scenario: &Scenario| {
        let to_view = |what| matches!(what, What::Sent(one) if one.reader == Reader::Projection(Model::OrderView));
        played(scenario).trace().iter().filter(|entry| to_view(entry.what)).count()
    };
    println!("way, p50 us, p99 us, stale, own writes missed, partial, failed, messages");
    for (way, asked, composed) in [("model", quick, none), ("partial", slow, made), ("fail", refused, failed)] {
        println!(
            "{way}: {} {} {} {} {} {} {}",
            asked.latency.p50_us,
            asked.latency.p99_us,
            asked.stale,
            asked.own_writes_missed,
            composed.partial,
            composed.failed,
            composed.messages()
        );
        assert_eq!((asked.asked, asked.wrong, asked.timed_out), (quick.asked, 0, 0), "{way}");
        assert_eq!(asked.asked, asked.answered + asked.refused, "{way}");
    }
    println!("deliveries to the order view: {}", deliveries(&model));
    // Fresher: nobody misses what he has written, and far fewer answers are old.
    assert!(quick.own_writes_missed > 100 && quick.stale > 100, "{quick:?}");
    assert!(slow.own_writes_missed == 0 && slow.stale * 4 < quick.stale, "{slow:?}");
    // Slower: two round trips more, and up to the time-out during the outage.
    assert!(slow.latency.p50_us > 2 * quick.latency.p50_us, "{slow:?}");
    assert!(slow.latency.p99_us > 500_000 && quick.latency.p99_us < 200_000, "{slow:?}");
    // Only as available as every service: the read model does not notice the outage.
    assert!(quick.refused == 0 && quick.answered == quick.asked);
    assert!(made.partial > 20 && made.failed == 0 && made.unheard == made.partial, "{made:?}");
    assert!(failed.failed == refused.refused && failed.failed > 20 && failed.partial == 0, "{failed:?}");
    // Six messages for a page, without the replies that are missing; the model needs none, but one for each event.
    assert_eq!((made.calls, made.messages()), (3 * slow.asked, 6 * slow.asked - made.unheard));
    assert_eq!(none, Compositions { torn: none.torn, ..Compositions::default() });
    let out = preset("composition").options.product_service;
    let history = played(&composed);
    for (at, what) in composings(&history) {
        if let Composing::Unheard { service, .. } = what {
            assert_eq!(service, Service::Products);
            assert!(out.down_from <= at && at < out.down_from + out.down_for);
        }
    }
    for (scenario, expected) in [(&model, "broken"), (&composed, "holds")] {
        let history = played(scenario);
        assert_eq!(status(&report(history.frontier(), history.trace()), "read_your_writes"), expected);
    }
}

#[test]
fn composed_answers_keep_their_promises_for_any_seed() {
    let mut missed = 0;
    for seed in 0..20 {
        let [model, mut composed] = both(seed);
        let composition = composed.options.queries.composition.as_mut().expect("it composes");
        composition.loss = Probability::from_percent(3);
        composition.batched = seed % 2 == 0;
        composition.orders = true;
        composition.incomplete = if seed % 3 == 0 { Incomplete::Fail } else { Incomplete::Partial };
        composed.options.queries.stream.mix.orders = 1;
        let (asked, made) = measured(&composed);
        assert_eq!((asked.wrong, asked.own_writes_missed, asked.reads_gone_back), (0, 0, 0), "seed {seed}");
        assert_eq!(asked.asked, asked.answered + asked.refused + asked.timed_out, "seed {seed}");
        assert!(made.lost > 0 && made.failed + made.partial > 0, "seed {seed}");
        missed += measured(&model).0.own_writes_missed;
    }
    assert!(missed > 1_000, "on the same traffic the model does not keep them");
}

#[test]
fn commands_wait_behind_calls() {
    let busy = |composes: bool| {
        let mut busy = preset("composition");
        busy.options.order_service.service = Distribution::constant_millis(25);
        busy.options.queries.stream.count = 600;
        busy.options.queries.stream.gap = Distribution::Exponential { mean: Micros::from_millis(30) };
        if !composes {
            busy.options.queries.composition = None;
        }
        commands(played(&busy).trace()).latency.p99_us
    };
    assert!(busy(true) > busy(false) + 25_000, "{} and {}", busy(true), busy(false));
}

#[test]
fn a_composed_answer_that_is_older_than_the_bound_is_turned_away() {
    let slow = |bound: u64| {
        let mut slow = preset("composition");
        slow.options.product_service.slow_from = Micros::from_secs(3);
        slow.options.product_service.slow_for = Micros::from_secs(2);
        slow.options.product_service.slow_by = Micros::from_millis(20);
        let bound = Micros::from_millis(bound);
        slow.options.queries.consistency.contract = Contract::BoundedStaleness { bound, otherwise: TooOld::Refuse };
        let history = played(&slow);
        let report = report(history.frontier(), history.trace());
        assert_eq!(status(&report, "staleness_within_bound"), "holds");
        queries(history.trace())
    };
    let (tight, loose) = (slow(60), slow(3_600_000));
    assert!(tight.refused > 20 && loose.refused == 0, "{tight:?} and {loose:?}");
    assert!(tight.stale < loose.stale, "{tight:?} and {loose:?}");
}
