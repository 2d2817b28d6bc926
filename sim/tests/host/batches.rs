//! Batches and look-ups: what they cost, what they save, and that a crash takes a whole batch with it.

use crate::common::{outcome, played, scenario, status};
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::scenario::presets::PRESETS;
use sim::scenario::recording::Scenario;
use sim::system::options::{Checkpoint, Consumer, Enriching, Idempotency};
use sim::system::place::{Model, Reader};
use sim::system::trace::What;

fn preset(slug: &str) -> Scenario {
    scenario(PRESETS.iter().find(|preset| preset.slug == slug).expect("the preset exists").json)
}

/// Scenario A with another order view.
fn scenario_a(edit: impl Fn(&mut Consumer)) -> Scenario {
    let mut edited = preset("scenario-a");
    edit(&mut edited.options.projections.order_view);
    edited
}

fn batches_of_100(projection: &mut Consumer) {
    projection.batch = 100;
    projection.enrichment.kind = Enriching::Batched;
}

/// Plays to a moment without keeping a trace. Gives the lab, and how many events the order view had applied at each second.
fn at(scenario: &Scenario, moment: Micros) -> (Lab, Vec<usize>) {
    let mut lab = Lab::new(scenario.options.clone(), scenario.seed, &scenario.overrides);
    let (mut entries, mut applied, mut by_second) = (Vec::new(), 0, Vec::new());
    while lab.world().next_due().is_some_and(|due| due <= moment) {
        let second = usize::try_from(lab.world().now().0 / 1_000_000).expect("a run is short");
        by_second.resize(second.max(by_second.len()), applied);
        lab.step(&mut entries);
        applied += entries.iter().filter(|entry| is_applied(&entry.what)).count();
        entries.clear();
    }
    (lab, by_second)
}

fn is_applied(what: &What) -> bool {
    matches!(what, What::Applied { delivered, .. } if delivered.reader == Reader::Projection(Model::OrderView))
}

fn lag(lab: &Lab, now: Micros) -> (usize, Micros) {
    lab.model(Model::OrderView).lag(lab.world().store(), now)
}

#[track_caller]
fn is_within_two_percent(found: u64, expected: u64) {
    assert!(found.abs_diff(expected) * 50 <= expected, "{found} is not {expected}");
}

#[test]
fn a_thousand_a_second_into_five_hundred_is_ninety_seconds_behind_after_three_minutes() {
    let moment = Micros::from_secs(180);
    let (events, oldest) = lag(&at(&preset("scenario-a"), moment).0, moment);
    is_within_two_percent(events as u64, 90_000);
    is_within_two_percent(oldest.as_millis(), 90_000);
}

#[test]
fn four_instances_hold_and_so_do_batches_of_a_hundred() {
    // Without them the view would be 30 s behind by now.
    let moment = Micros::from_secs(60);
    let four = scenario_a(|projection| projection.instances = 4);
    for held in [four, scenario_a(batches_of_100)] {
        let (events, oldest) = lag(&at(&held, moment).0, moment);
        assert!(events < 400 && oldest < Micros::from_millis(400), "{events} events and {oldest} behind");
    }
}

#[test]
fn batched_look_ups_raise_five_hundred_a_second_to_two_thousand() {
    // Everything is ordered within two seconds, so that the projector never waits for work.
    let saturated = |edit: &dyn Fn(&mut Consumer)| {
        let mut flooded = scenario_a(edit);
        flooded.options.workload.orders = 24_000;
        flooded.options.workload.gap = sim::kernel::distribution::Distribution::Constant { value: Micros(80) };
        flooded.options.order_service.service = sim::kernel::distribution::Distribution::Constant { value: Micros(80) };
        let by_second = at(&flooded, Micros::from_secs(9)).1;
        (by_second[7] - by_second[2]) as u64 / 5
    };
    assert_eq!(saturated(&|_| {}), 500, "2 ms each: two look-ups of 0.8 ms, and 0.4 ms to build and write");
    assert_eq!(saturated(&batches_of_100), 2_000, "50 ms for 100: two look-ups of 5 ms, and 0.4 ms for each");
    let batches_alone = |projection: &mut Consumer| projection.batch = 100;
    assert_eq!(saturated(&batches_alone), 500, "a batch saves nothing while each event is looked up by itself");
}

#[test]
fn a_crash_takes_the_whole_batch_with_it() {
    let crashed = preset("batches");
    let history = played(&crashed);
    let told = |wanted: fn(&What) -> bool| history.trace().iter().filter(|entry| wanted(&entry.what)).count();
    let batches = |what: &What| matches!(what, What::BatchTaken { reader: Reader::Projection(Model::OrderView), .. });
    assert!(told(batches) > 1, "more than one is taken at a time");
    assert_eq!(told(|what| matches!(what, What::Crashed { .. })), 1);
    let report = outcome(&crashed);
    let twice = report.invariants.iter().find(|one| one.name == "exactly_once_effect").expect("it is watched");
    assert!(twice.count > 1, "every event of the batch was applied again: {}", twice.count);
    for mend in [
        |projection: &mut Consumer| projection.idempotency = Idempotency::ProcessedEvents,
        |projection: &mut Consumer| projection.checkpoint = Checkpoint::WithEffect,
    ] {
        let mut mended = crashed.clone();
        mend(&mut mended.options.projections.order_view);
        assert_eq!(status(&outcome(&mended), "exactly_once_effect"), "holds");
        assert_eq!(status(&outcome(&mended), "order_view_equals_truth"), "holds");
    }
}

#[test]
fn a_batch_that_was_saved_before_its_effect_is_lost_as_a_whole() {
    let mut careless = preset("batches");
    careless.options.projections.order_view.checkpoint = Checkpoint::BeforeEffect;
    let report = outcome(&careless);
    assert!(report.models[0].stale + report.models[0].wrong > 1, "{:?}", report.models[0]);
}

#[test]
fn the_preset_holds_with_batched_look_ups_and_falls_behind_without() {
    let moment = Micros::from_secs(10);
    let behind = |kind| {
        let mut edited = preset("look-ups");
        edited.options.projections.order_view.enrichment.kind = kind;
        lag(&at(&edited, moment).0, moment).0 as u64
    };
    assert!(behind(Enriching::Batched) < 400);
    is_within_two_percent(behind(Enriching::PerEvent), 5_000);
}
