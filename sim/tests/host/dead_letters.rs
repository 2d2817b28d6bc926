//! Events that can not be handled: tries, waits, the four policies, and what a replay mends.

use crate::common::poison::{self, TEN};
use crate::common::{outcome, played, status};
use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::judgement::OrderField;
use sim::oracle::lab::Lab;
use sim::oracle::stuck::Stuck;
use sim::scenario::machine::Change;
use sim::scenario::recording::{Recording, Scenario};
use sim::scenario::report::{report, trace_hash};
use sim::shop::ids::OrderId;
use sim::system::fate::{Fate, Override, Purpose};
use sim::system::node::Node;
use sim::system::options::{BrokerKind, FailurePolicy};
use sim::system::place::{Model, Reader};
use sim::system::trace::{ParkReason, What};
use sim::view::ledger::Cell;
use sim::view::log::lines;
use sim::view::why::why;

const ORDER_VIEW: Reader = Reader::Projection(Model::OrderView);

/// Two orders in one partition. The first one's second event, an added item, is poison for the order view.
fn poisoned(policy: &str) -> Scenario {
    poison::poisoned(&format!(
        r#""service": {TEN}, "checkpoint": "with_effect",
           "dead_letters": {{ "policy": "{policy}", "retries": 2, "backoff": {TEN}, "backoff_factor": 3 }}"#
    ))
}

fn shown(history: &History<Lab>, order: u32, field: OrderField) -> String {
    Cell::Order(OrderId(order), field).shown(history.frontier()).text
}

/// The status and the number of lines of both orders in the end, and what is stuck.
fn ends_with(history: &History<Lab>) -> ([String; 4], Stuck) {
    let at = |order, field| shown(history, order, field);
    let fields = [
        at(1, OrderField::Status),
        at(1, OrderField::Quantity),
        at(2, OrderField::Status),
        at(2, OrderField::Quantity),
    ];
    (fields, Stuck::at(history.frontier().world(), ORDER_VIEW))
}

#[track_caller]
fn check(policy: &str, fields: [&str; 4], stuck: Stuck) {
    let scenario = poisoned(policy);
    let (shown, found) = ends_with(&played(&scenario));
    assert_eq!(shown, fields);
    assert_eq!(found, stuck);
    let expected = if stuck == Stuck::default() { "holds" } else { "broken" };
    assert_eq!(status(&outcome(&scenario), "nothing_stuck"), expected);
}

#[test]
fn halt_loses_nothing_and_stops_everybody() {
    check("halt", ["pending", "2", "pending", "2"], Stuck { halted: 1, ..Stuck::default() });
}

#[test]
fn skip_goes_on_without_it_for_ever() {
    check("skip", ["shipped", "2", "shipped", "2"], Stuck::default());
    assert_eq!(status(&outcome(&poisoned("skip")), "order_view_equals_truth"), "broken");
}

#[test]
fn park_goes_on_without_it_until_it_is_replayed() {
    check("park", ["shipped", "2", "shipped", "2"], Stuck { parked: 1, ..Stuck::default() });
}

#[test]
fn park_aggregate_keeps_the_order_of_one_aggregate_and_lets_the_others_go_on() {
    check("park_aggregate", ["pending", "2", "shipped", "2"], Stuck { parked: 2, ..Stuck::default() });
    let history = played(&poisoned("park_aggregate"));
    let reasons: Vec<ParkReason> = history
        .trace()
        .iter()
        .filter_map(|entry| match entry.what {
            What::Parked { reason, .. } => Some(reason),
            _ => None,
        })
        .collect();
    assert_eq!(reasons, [ParkReason::GivenUp, ParkReason::EarlierParked]);
}

#[test]
fn each_try_waits_longer_and_the_story_is_told() {
    let history = played(&poisoned("park"));
    let fails: Vec<(Micros, u8)> = history
        .trace()
        .iter()
        .filter_map(|entry| match entry.what {
            What::HandlingFailed { failures, .. } => Some((entry.at, failures)),
            _ => None,
        })
        .collect();
    let [(first, 1), (second, 2), (third, 3)] = fails[..] else { panic!("one try and two more: {fails:?}") };
    assert_eq!([second.since(first), third.since(second)], [10, 30].map(Micros::from_millis));
    let told = lines(history.frontier(), history.trace(), 0..history.trace().len());
    assert!(told.iter().any(|line| line.text == "order-view projector 1 parks e3: every try has failed"));
}

#[test]
fn why_says_that_it_is_parked_or_that_the_reader_has_stopped() {
    for (policy, place) in [
        ("park", "is parked: it could not be handled, and waits for a replay"),
        ("halt", "waits in order-events/0, offset 2: its reader has stopped at an event that it can not handle"),
    ] {
        let mut history = played(&poisoned(policy));
        history.seek_step(u64::MAX);
        let story = why(&history, Cell::Order(OrderId(1), OrderField::Quantity));
        assert_eq!(story.missing.first(), Some(&format!("e3 ItemAdded of O-1 {place}")));
    }
}

#[test]
fn a_failure_that_passes_is_mended_by_trying_again() {
    let mut flaky = poisoned("halt");
    flaky.overrides[0].purpose = Purpose::Failure;
    let history = played(&flaky);
    assert_eq!(ends_with(&history), (["shipped", "3", "shipped", "2"].map(str::to_owned), Stuck::default()));
    flaky.options.projections.order_view.dead_letters.retries = 0;
    assert_eq!(ends_with(&played(&flaky)).1.halted, 1, "the tries are load-bearing");
}

/// The poison is taken out of the event by hand, and the reader is told to try again.
fn replayed(scenario: &Scenario) -> History<Lab> {
    let mut history = played(scenario);
    history.seek_step(u64::MAX);
    let cure = Override { fate: Fate::Never, ..scenario.overrides[0] };
    history.change_here(Change::Override(cure));
    history.change_here(Change::ReplayParked(Node::Reader(ORDER_VIEW, None)));
    assert!(history.run_to_end(5_000_000));
    history
}

#[test]
fn a_replay_brings_in_what_was_parked_or_halted() {
    for policy in ["halt", "park", "park_aggregate"] {
        for kind in [BrokerKind::Log, BrokerKind::Queue] {
            let mut scenario = poisoned(policy);
            scenario.options.broker.kind = kind;
            let history = replayed(&scenario);
            let (shown, stuck) = ends_with(&history);
            assert_eq!(stuck, Stuck::default(), "{policy}, {kind:?}");
            assert_eq!(shown[1..], ["3", "shipped", "2"], "{policy}, {kind:?}");
            let report = report(history.frontier(), history.trace());
            assert_eq!(status(&report, "nothing_stuck"), "holds", "{policy}, {kind:?}");
            assert_eq!(status(&report, "exactly_once_effect"), "holds", "{policy}, {kind:?}");
        }
    }
}

#[test]
fn parking_a_whole_aggregate_is_what_keeps_its_order_through_a_replay() {
    // An added item that comes after the parcel has left is written all the same; a status would go back.
    let versions = |policy| {
        let history = replayed(&poisoned(policy));
        let applied = history.trace().iter().filter_map(|entry| match entry.what {
            What::Applied { delivered, .. } if delivered.reader == ORDER_VIEW => {
                let recorded = &history.frontier().world().store().event(delivered.event).recorded;
                (recorded.of == OrderId(1).into()).then_some(recorded.version)
            }
            _ => None,
        });
        applied.collect::<Vec<_>>()
    };
    assert_eq!(versions("park"), [1, 3, 2]);
    assert_eq!(versions("park_aggregate"), [1, 2, 3]);
}

#[test]
fn a_replay_without_a_cure_parks_again() {
    let mut history = played(&poisoned("park"));
    history.seek_step(u64::MAX);
    history.change_here(Change::ReplayParked(Node::Reader(ORDER_VIEW, None)));
    assert!(history.run_to_end(5_000_000));
    assert_eq!(ends_with(&history).1.parked, 1);
}

#[test]
fn a_recording_with_a_replay_is_the_same_run() {
    let scenario = poisoned("park_aggregate");
    let history = replayed(&scenario);
    let recording = Recording { scenario: scenario.clone(), changes: history.changes().to_vec() };
    let read = Recording::from_json(&recording.to_json()).expect("reads back");
    assert_eq!(read, recording);
    let mut again: History<Lab> = History::new(&read.scenario, read.changes);
    assert!(again.run_to_end(5_000_000));
    assert_eq!(trace_hash(again.trace()), trace_hash(history.trace()));
}

#[test]
fn a_queue_parks_what_it_has_handed_out_too_often() {
    let mut lossy = poisoned("park");
    let lost = |attempt| Override { purpose: Purpose::Loss, attempt, ..poisoned("park").overrides[0] };
    lossy.overrides = vec![lost(1), lost(2), lost(3)];
    lossy.options.broker.kind = BrokerKind::Queue;
    lossy.options.broker.queue.receive_max = 3;
    let history = played(&lossy);
    let parked = |what| matches!(what, What::Parked { reason: ParkReason::HandedOutTooOften, .. });
    assert_eq!(history.trace().iter().filter(|entry| parked(entry.what)).count(), 1);
    assert_eq!(ends_with(&history).1.parked, 1);
    lossy.options.broker.queue.receive_max = 4;
    assert_eq!(ends_with(&played(&lossy)).1.parked, 0);
}

#[test]
fn a_policy_changed_on_the_way_acts_on_the_next_failure() {
    let mut history = played(&poisoned("halt"));
    history.seek_time(Micros::from_millis(900));
    let mut options = history.machine().world().options().clone();
    options.projections.order_view.dead_letters.policy = FailurePolicy::Skip;
    history.change_here(Change::Options(Box::new(options)));
    assert!(history.run_to_end(5_000_000));
    assert_eq!(shown(&history, 2, OrderField::Status), "shipped");
}
