//! Batches with an event in them that can not be handled: it ends the batch before it, and the rest waits at the front.

use crate::common::poison::{self, TEN};
use crate::common::{outcome, played, status};
use sim::kernel::history::History;
use sim::oracle::judgement::OrderField;
use sim::oracle::lab::Lab;
use sim::oracle::stuck::Stuck;
use sim::scenario::recording::Scenario;
use sim::shop::ids::OrderId;
use sim::system::fate::{CrashPoint, Fate, Override, Purpose};
use sim::system::options::{BrokerKind, Checkpoint, FailurePolicy};
use sim::system::place::{Model, Reader};
use sim::system::trace::What;
use sim::view::ledger::Cell;
use sim::view::log::lines;

const ORDER_VIEW: Reader = Reader::Projection(Model::OrderView);

/// Two orders in one partition. The order view is so slow that all that comes after e1 makes one batch: e2 creates O-2, e3 adds
/// an item to O-1 and is poison, e4 ships O-1, e5 ships O-2.
fn poisoned(policy: FailurePolicy, checkpoint: Checkpoint) -> Scenario {
    let mut scenario = poison::poisoned(&format!(
        r#""batch": 10, "service": {{ "kind": "constant", "value": "3s" }},
           "dead_letters": {{ "retries": 2, "backoff": {TEN} }}"#
    ));
    let projection = &mut scenario.options.projections.order_view;
    projection.dead_letters.policy = policy;
    projection.checkpoint = checkpoint;
    scenario
}

/// What the order view's instance did, by event number: a `+` is written, a `-` failed, a `/` is where a batch was broken off.
fn deeds(history: &History<Lab>) -> String {
    let deed = |what| match what {
        What::Applied { delivered, .. } if delivered.reader == ORDER_VIEW => Some(format!("+{}", delivered.event.0)),
        What::HandlingFailed { delivered, .. } => Some(format!("-{}", delivered.event.0)),
        What::BatchBrokenOff { delivered, back } => Some(format!("/{} {back}", delivered.event.0)),
        What::Halted { .. } => Some("halted".to_owned()),
        What::Parked { delivered, .. } => Some(format!("parked {}", delivered.event.0)),
        What::Skipped { delivered, .. } => Some(format!("skipped {}", delivered.event.0)),
        What::Crashed { .. } => Some("crashed".to_owned()),
        _ => None,
    };
    history.trace().iter().filter_map(|entry| deed(entry.what)).collect::<Vec<_>>().join(", ")
}

fn saved(history: &History<Lab>) -> u32 {
    let world = history.frontier().world();
    let group = world.reader(ORDER_VIEW).group();
    let partition = group.partitions().next().expect("a partition");
    group.saved(partition, world.log(), world.options())
}

#[test]
fn what_came_before_is_written_and_saved_and_what_comes_after_waits() {
    for checkpoint in [Checkpoint::BeforeEffect, Checkpoint::AfterEffect, Checkpoint::WithEffect] {
        for (policy, deed, end) in [
            (FailurePolicy::Park, "parked 3, +4, +5", 5),
            (FailurePolicy::ParkAggregate, "parked 3, /4 1, parked 4, +5", 5),
            (FailurePolicy::Skip, "skipped 3, +4, +5", 5),
            (FailurePolicy::Halt, "halted", 2),
        ] {
            let history = played(&poisoned(policy, checkpoint));
            let expected = format!("+1, /3 3, +2, /3 2, -3, -3, -3, {deed}");
            assert_eq!(deeds(&history), expected, "{policy:?}, {checkpoint:?}");
            assert_eq!(saved(&history), end, "{policy:?}, {checkpoint:?}");
        }
    }
}

#[test]
fn batches_end_as_single_deliveries_do() {
    for kind in [BrokerKind::Log, BrokerKind::Queue] {
        for policy in [FailurePolicy::Park, FailurePolicy::ParkAggregate, FailurePolicy::Skip, FailurePolicy::Halt] {
            let ends = |batch| {
                let mut scenario = poisoned(policy, Checkpoint::AfterEffect);
                scenario.options.broker.kind = kind;
                scenario.options.broker.queue.visibility = sim::kernel::time::Micros::from_secs(100);
                scenario.options.projections.order_view.batch = batch;
                let history = played(&scenario);
                let shown = |order, field| Cell::Order(OrderId(order), field).shown(history.frontier()).text;
                let rows =
                    [1, 2].map(|order| [OrderField::Status, OrderField::Quantity].map(|field| shown(order, field)));
                let held_once = status(&outcome(&scenario), "exactly_once_effect");
                (rows, Stuck::at(history.frontier().world(), ORDER_VIEW), held_once)
            };
            if (kind, policy) == (BrokerKind::Queue, FailurePolicy::Halt) {
                // A queue that has halted hands out nothing more, but what an instance has it handles.
                continue;
            }
            assert_eq!(ends(10), ends(1), "{kind:?}, {policy:?}");
        }
    }
}

#[test]
fn a_try_that_passes_brings_in_the_rest_too() {
    let mut flaky = poisoned(FailurePolicy::Halt, Checkpoint::AfterEffect);
    flaky.overrides[0].purpose = Purpose::Failure;
    let history = played(&flaky);
    assert_eq!(deeds(&history), "+1, /3 3, +2, /3 2, -3, +3, +4, +5");
    assert_eq!(status(&outcome(&flaky), "order_view_equals_truth"), "holds");
    assert_eq!(status(&outcome(&flaky), "nothing_stuck"), "holds");
}

#[test]
fn a_crash_that_is_meant_for_the_rest_waits_with_it() {
    let mut crashing = poisoned(FailurePolicy::Skip, Checkpoint::AfterEffect);
    let subject = "O-1/3".parse().expect("a subject");
    let fate = Fate::Crash(CrashPoint::Between);
    crashing.overrides.push(Override { purpose: Purpose::Crash, subject, fate, ..crashing.overrides[0] });
    let history = played(&crashing);
    // e4 and e5 are written, the crash takes their positions, and they come again.
    let expected = "+1, /3 3, +2, /3 2, -3, -3, -3, skipped 3, +4, +5, crashed, +4, +5";
    assert_eq!(deeds(&history), expected);
}

#[test]
fn the_story_is_told() {
    let history = played(&poisoned(FailurePolicy::Park, Checkpoint::AfterEffect));
    let told = lines(history.frontier(), history.trace(), 0..history.trace().len());
    let expected = "order-view projector 1 breaks its batch off at e3: 3 wait for the next";
    assert!(told.iter().any(|line| line.text == expected));
}
