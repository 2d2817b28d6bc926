//! The two kinds of broker: what a queue promises and what it does not, and what retention takes away from a log.

use std::collections::BTreeSet;

use crate::common::readers::{each, is_right};
use crate::common::{outcome, played, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::scenario::recording::Scenario;
use sim::scenario::report::report;
use sim::system::options::{BrokerKind, Checkpoint, Consumer, Idempotency, Options, Sequencing};
use sim::system::place::{Model, Reader};
use sim::system::trace::{ParkReason, What};

const ORDER_VIEW: Reader = Reader::Projection(Model::OrderView);

/// Some busy orders through queues, each with two competing instances.
fn queued(seed: u64) -> Scenario {
    let mut options = Options::default();
    options.workload.orders = 20;
    options.workload.gap = Distribution::Exponential { mean: Micros::from_millis(40) };
    options.workload.think = Distribution::constant_millis(100);
    options.broker.kind = BrokerKind::Queue;
    options.broker.queue.visibility = Micros::from_secs(2);
    let mut scenario = Scenario { name: "queued".to_owned(), seed, options, ..Scenario::default() };
    each(&mut scenario.options, |projection| {
        projection.instances = 2;
        projection.service = Distribution::constant_millis(5);
    });
    scenario
}

fn deduplicated(projection: &mut Consumer) {
    projection.idempotency = Idempotency::ProcessedEvents;
    projection.checkpoint = Checkpoint::WithEffect;
}

fn times(scenario: &Scenario, wanted: impl Fn(What) -> bool) -> usize {
    played(scenario).trace().iter().filter(|entry| wanted(entry.what)).count()
}

#[test]
fn instances_compete_and_each_message_has_one_of_them() {
    let history = played(&queued(1));
    let applied = history.trace().iter().filter_map(|entry| match entry.what {
        What::Applied { delivered, .. } if delivered.reader == ORDER_VIEW => {
            Some((delivered.event, delivered.instance))
        }
        _ => None,
    });
    let applied: Vec<_> = applied.collect();
    let events: BTreeSet<_> = applied.iter().map(|(event, _)| *event).collect();
    let instances: BTreeSet<_> = applied.iter().map(|(_, instance)| *instance).collect();
    assert_eq!(events.len(), history.frontier().world().store().len());
    assert_eq!(applied.len(), events.len(), "once each");
    assert_eq!(instances.len(), 2);
    let queue = history.frontier().world().reader(ORDER_VIEW).group().queue().expect("it is a queue");
    assert_eq!((queue.visible(), queue.handed_out()), (0, 0), "everything was acknowledged");
}

#[test]
fn a_lost_delivery_comes_again_after_the_visibility_time_out() {
    let mut lossy = queued(2);
    each(&mut lossy.options, |projection| {
        projection.delivery.loss = Probability::from_percent(20);
        deduplicated(projection);
        projection.sequencing = Sequencing::GapBuffer;
    });
    assert!(times(&lossy, |what| matches!(what, What::DeliveryLost(_))) > 0);
    assert!(is_right(&lossy), "nothing is lost for ever");
    let history = played(&lossy);
    let lost = history.trace().iter().find_map(|entry| match entry.what {
        What::DeliveryLost(one) => Some((entry.at, one)),
        _ => None,
    });
    let (at, lost) = lost.expect("some delivery is lost");
    let visible = history.trace().iter().find(|entry| entry.what == What::VisibleAgain(lost)).expect("it is missed");
    assert_eq!(visible.at, at + Micros::from_secs(2));
}

#[test]
fn a_lost_acknowledgement_repeats_the_effect_and_no_transaction_helps() {
    let reached = (0..20).any(|seed| {
        let mut lossy = queued(seed);
        each(&mut lossy.options, |projection| {
            projection.delivery.loss = Probability::from_percent(10);
            projection.checkpoint = Checkpoint::WithEffect;
        });
        assert!(times(&lossy, |what| matches!(what, What::QueueAcknowledgementLost(_))) > 0);
        let broken = status(&outcome(&lossy), "exactly_once_effect") == "broken";
        each(&mut lossy.options, deduplicated);
        assert_eq!(status(&outcome(&lossy), "exactly_once_effect"), "holds", "seed {seed}");
        broken
    });
    assert!(reached);
}

#[test]
fn handling_that_takes_longer_than_the_time_out_is_done_twice() {
    let mut slow = queued(3);
    slow.options.workload.orders = 1;
    slow.options.workload.add_item = Probability::NEVER;
    each(&mut slow.options, |projection| projection.service = Distribution::constant_millis(3_000));
    let report = outcome(&slow);
    assert_eq!(status(&report, "exactly_once_effect"), "broken");
    // It is handed out over and over; no acknowledgement ever comes in time, so only the limit ends it.
    let too_often = |what| matches!(what, What::Parked { reason: ParkReason::HandedOutTooOften, .. });
    assert!(times(&slow, too_often) > 0);
    assert!(times(&slow, |what| matches!(what, What::QueueAcknowledgementLate(_))) > 0);
    slow.options.broker.queue.visibility = Micros::from_secs(30);
    assert_eq!(status(&outcome(&slow), "exactly_once_effect"), "holds");
}

#[test]
fn a_queue_keeps_no_order_even_by_key() {
    let breaks = |scenario: &Scenario| !is_right(scenario);
    let seed = (0..20).find(|seed| breaks(&queued(*seed))).expect("some run is out of order");
    let mut log = queued(seed);
    log.options.broker.kind = BrokerKind::Log;
    assert!(is_right(&log), "a log keeps what a key holds together in order");
    let mut guarded = queued(seed);
    each(&mut guarded.options, |projection| projection.sequencing = Sequencing::GapBuffer);
    assert!(is_right(&guarded), "a buffer restores the order");
}

#[test]
fn a_crash_loses_no_message_of_a_queue() {
    for seed in 0..20 {
        let mut crashing = queued(seed);
        each(&mut crashing.options, |projection| {
            deduplicated(projection);
            projection.sequencing = Sequencing::GapBuffer;
            projection.crash.before_write = Probability::from_percent(5);
            projection.crash.after_commit = Probability::from_percent(5);
            projection.crash.restart_after = Distribution::constant_millis(300);
        });
        assert!(is_right(&crashing), "seed {seed}");
    }
}

/// A log that keeps three events for each partition, and readers that are down for a while at their first event.
fn forgetful(retention: Option<u32>) -> Scenario {
    let mut scenario = queued(4);
    scenario.options.broker.kind = BrokerKind::Log;
    scenario.options.broker.partitions = 1;
    scenario.options.broker.retention = retention;
    each(&mut scenario.options, |projection| {
        projection.instances = 1;
        projection.prefetch = 1;
        projection.crash.restart_after = Distribution::constant_millis(800);
        projection.checkpoint = Checkpoint::WithEffect;
    });
    let crash =
        r#"[{ "purpose": "crash", "hop": "order_view", "subject": "O-1/1", "fate": { "crash": "before_write" } }]"#;
    scenario.overrides = serde_json::from_str(crash).expect("an override");
    scenario
}

#[test]
fn a_reader_below_the_retained_offset_goes_on_with_the_first_one_that_is_kept() {
    assert!(is_right(&forgetful(None)));
    let history = played(&forgetful(Some(3)));
    let skips: Vec<What> = history
        .trace()
        .iter()
        .map(|entry| entry.what)
        .filter(|what| matches!(what, What::RetentionSkipped { reader: ORDER_VIEW, .. }))
        .collect();
    let What::RetentionSkipped { from, to, partition, .. } = *skips.first().expect("it is told") else { return };
    assert_eq!(from, 0, "its position was before the first event");
    assert!(to > 3, "and the log had gone on");
    let report = report(history.frontier(), history.trace());
    assert_eq!(status(&report, "order_view_equals_truth"), "broken");
    assert!(report.models[0].lag_events >= u64::from(to - from), "what was deleted stays missing");
    let world = history.frontier().world();
    assert_eq!(world.log().end(partition) - world.log().first(partition), 3);
    let saved = world.reader(ORDER_VIEW).group().saved(partition, world.log(), world.options());
    assert_eq!(saved, world.log().end(partition), "it has come to the end all the same");
}
