//! Every protection has a hole, and every hole is reached: the run that defeats it is found among a few seeds, and the
//! protection that closes it closes it in that very run.

use crate::common::readers::each;
use crate::common::{outcome, played};
use sim::kernel::distribution::Distribution;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::scenario::recording::{Scenario, VERSION};
use sim::system::options::{
    Acks, Checkpoint, CheckpointScope, Consumer, Idempotency, Options, Partitioning, Sequencing,
};
use sim::system::place::Model;
use sim::system::trace::What;

/// Some busy orders over three partitions, keyed, with no fault and no protection.
fn quiet(seed: u64) -> Scenario {
    let mut options = Options::default();
    options.workload.orders = 20;
    options.workload.gap = Distribution::Exponential { mean: Micros::from_millis(40) };
    options.workload.think = Distribution::Lognormal { median: Micros::from_millis(50), p95: Micros::from_millis(120) };
    options.workload.add_item = Probability::from_percent(80);
    options.broker.partitions = 3;
    let mut scenario = Scenario {
        version: VERSION,
        name: "holes".to_owned(),
        about: String::new(),
        seed,
        options,
        ..Scenario::default()
    };
    each(&mut scenario.options, |projection| projection.service = Distribution::constant_millis(2));
    scenario
}

/// The read models that every run has.
const EVERY_RUN: [Model; 2] = [Model::OrderView, Model::SalesDashboard];

fn is_right(scenario: &Scenario, model: Model) -> bool {
    let report = outcome(scenario);
    let report = &report.models[model.index()];
    report.stale == 0 && report.wrong == 0
}

/// Under `faults`, `weak` protection fails in some run, and `strong` protection mends that run.
#[track_caller]
fn check(
    model: Model,
    faults: impl Fn(&mut Scenario),
    weak: impl Fn(&mut Consumer),
    strong: impl Fn(&mut Consumer),
) -> Scenario {
    for seed in 0..60 {
        let mut scenario = quiet(seed);
        faults(&mut scenario);
        each(&mut scenario.options, &weak);
        if !is_right(&scenario, model) {
            let mut mended = scenario.clone();
            each(&mut mended.options, &strong);
            assert!(is_right(&mended, model), "seed {seed}: the stronger protection fails too");
            return scenario;
        }
    }
    panic!("the hole was not reached")
}

fn duplicates(scenario: &mut Scenario) {
    each(&mut scenario.options, |projection| projection.delivery.duplicate = Probability::from_percent(10));
}

fn out_of_order(scenario: &mut Scenario) {
    scenario.options.broker.partitioning = Partitioning::RoundRobin;
}

fn crashes(scenario: &mut Scenario) {
    each(&mut scenario.options, |projection| {
        projection.crash.between = Probability::from_percent(8);
        projection.crash.restart_after = Distribution::constant_millis(30);
    });
}

fn idempotency(choice: Idempotency) -> impl Fn(&mut Consumer) {
    move |projection| projection.idempotency = choice
}

fn sequencing(choice: Sequencing) -> impl Fn(&mut Consumer) {
    move |projection| projection.sequencing = choice
}

#[test]
fn without_faults_nothing_needs_protection() {
    for seed in 0..10 {
        assert!(EVERY_RUN.into_iter().all(|model| is_right(&quiet(seed), model)), "seed {seed}");
    }
}

#[test]
fn the_last_event_id_fails_when_another_event_comes_between() {
    let weak = idempotency(Idempotency::LastEventId);
    for model in EVERY_RUN {
        check(model, duplicates, &weak, idempotency(Idempotency::ProcessedEvents));
    }
}

#[test]
fn a_short_memory_forgets() {
    let weak = |projection: &mut Consumer| {
        projection.idempotency = Idempotency::ProcessedEvents;
        projection.remember = 2;
    };
    check(Model::SalesDashboard, duplicates, weak, |projection| projection.remember = 0);
}

#[test]
fn a_sum_can_not_be_upserted() {
    let weak = idempotency(Idempotency::NaturalUpsert);
    check(Model::SalesDashboard, duplicates, weak, idempotency(Idempotency::ProcessedEvents));
}

#[test]
fn an_upsert_fails_when_a_later_event_came_between() {
    let weak = idempotency(Idempotency::NaturalUpsert);
    check(Model::OrderView, duplicates, weak, idempotency(Idempotency::ProcessedEvents));
}

#[test]
fn a_version_guard_loses_what_older_events_carried() {
    let weak = sequencing(Sequencing::VersionGuard);
    check(Model::OrderView, out_of_order, &weak, sequencing(Sequencing::GapBuffer));
    check(Model::OrderView, out_of_order, weak, sequencing(Sequencing::FoldHistory));
}

#[test]
fn one_version_for_a_row_with_many_sources_is_no_version() {
    let none = |_: &mut Scenario| {};
    check(Model::SalesDashboard, none, sequencing(Sequencing::VersionGuard), sequencing(Sequencing::SourceWatermarks));
}

#[test]
fn watermarks_lose_what_older_events_carried() {
    let weak = sequencing(Sequencing::SourceWatermarks);
    check(Model::SalesDashboard, out_of_order, weak, sequencing(Sequencing::GapBuffer));
}

#[test]
fn keys_do_not_help_against_overtaking_within_a_partition() {
    let overtaking = |scenario: &mut Scenario| {
        each(&mut scenario.options, |projection| projection.delivery.overtake = Probability::from_percent(20));
    };
    check(Model::OrderView, overtaking, sequencing(Sequencing::None), sequencing(Sequencing::FoldHistory));
}

#[test]
fn a_gap_buffer_waits_for_ever_after_a_loss() {
    let loss = |scenario: &mut Scenario| {
        scenario.options.broker.acks = Acks::None;
        scenario.options.broker.publish.loss = Probability::from_percent(5);
    };
    for seed in 0..60 {
        let mut scenario = quiet(seed);
        loss(&mut scenario);
        each(&mut scenario.options, sequencing(Sequencing::GapBuffer));
        // Whoever publishes again publishes twice at times.
        each(&mut scenario.options, idempotency(Idempotency::ProcessedEvents));
        let history = played(&scenario);
        let held = history.frontier().world().projector(Model::OrderView).follower.sequences().held();
        if held > 0 {
            scenario.options.broker.acks = Acks::All;
            assert!(is_right(&scenario, Model::OrderView), "acknowledgements close the hole");
            return;
        }
    }
    panic!("the hole was not reached")
}

#[test]
fn a_checkpoint_before_the_effect_loses_and_one_after_it_repeats() {
    let checkpoint = |choice| move |projection: &mut Consumer| projection.checkpoint = choice;
    for model in EVERY_RUN {
        for weak in [Checkpoint::BeforeEffect, Checkpoint::AfterEffect] {
            check(model, crashes, checkpoint(weak), checkpoint(Checkpoint::WithEffect));
        }
    }
}

#[test]
fn one_position_for_all_partitions_loses_what_a_slower_one_still_holds() {
    let scope = |choice| {
        move |projection: &mut Consumer| {
            projection.idempotency = Idempotency::ProcessedEvents;
            projection.checkpoint_scope = choice;
        }
    };
    check(Model::SalesDashboard, crashes, scope(CheckpointScope::Projection), scope(CheckpointScope::Partition));
}

#[test]
fn a_transactional_checkpoint_needs_no_memory_when_partitions_change_hands() {
    for seed in 0..40 {
        let mut scenario = quiet(seed);
        each(&mut scenario.options, |projection| {
            projection.instances = 2;
            projection.checkpoint = Checkpoint::WithEffect;
            projection.crash.after_commit = Probability::from_percent(10);
            projection.crash.restart_after = Distribution::constant_millis(200);
            projection.rebalance_after = Micros::from_millis(50);
            projection.service = Distribution::constant_millis(20);
        });
        assert!(is_right(&scenario, Model::SalesDashboard), "seed {seed}");
    }
}

#[test]
fn the_relay_waits_no_longer_than_it_says_for_a_slow_publication() {
    let mut scenario = quiet(1);
    scenario.options.workload.orders = 1;
    scenario.options.broker.resend_after = Micros::from_secs(1);
    scenario.options.broker.publish.delay = Distribution::constant_millis(3_000);
    let history = played(&scenario);
    let tries = |wanted| {
        let published = |what| matches!(what, What::Published { event, attempt } if event.0 == 1 && attempt == wanted);
        history.trace().iter().find(|entry| published(entry.what)).map(|entry| entry.at)
    };
    assert_eq!(tries(2), tries(1).map(|at| at + Micros::from_secs(1)));
}
