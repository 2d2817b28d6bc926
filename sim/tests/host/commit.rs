//! Three ways to commit and publish, and what a crash in the middle of each leaves (MISSION B4).

use crate::common::{outcome, played, preset, scenario, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::history::History;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::judgement::OrderField;
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::scenario::recording::Scenario;
use sim::scenario::report::report;
use sim::shop::event::Event;
use sim::shop::ids::OrderId;
use sim::shop::order::Order;
use sim::shop::order::status::Status;
use sim::system::committing::Committing;
use sim::system::hands::{Hand, NodeAct};
use sim::system::node::Node;
use sim::system::options::{Acks, Commit, DualWriteOrder, Idempotency, Outage, Publish};
use sim::system::place::Service;
use sim::system::trace::What;
use sim::view::ledger::Cell;
use sim::view::why::why;

/// A busy shop whose links lose, double and delay, and whose readers are protected.
fn busy(commit: Commit) -> Scenario {
    let mut scenario = Scenario { seed: 11, ..Scenario::default() };
    let options = &mut scenario.options;
    options.workload.orders = 120;
    options.workload.gap = Distribution::Exponential { mean: Micros::from_millis(150) };
    options.order_service.commit = commit;
    options.order_service.event_sourcing.load_per_event = Micros::ZERO;
    options.broker.resend_after = Micros::from_millis(300);
    options.broker.publish.loss = Probability::from_percent(10);
    options.broker.publish.duplicate = Probability::from_percent(10);
    for projection in options.projections.all_mut() {
        projection.idempotency = Idempotency::ProcessedEvents;
        projection.delivery.duplicate = Probability::from_percent(5);
    }
    scenario
}

fn orders_as_loaded(history: &History<Lab>) -> Vec<Order> {
    let (lab, world) = (history.frontier(), history.frontier().world());
    lab.orders().map(|order| world.order_service().load(order, world.store(), world.options())).collect()
}

#[test]
fn with_and_without_event_sourcing_the_same_events_are_committed() {
    let (state, events) = (played(&busy(Commit::Outbox)), played(&busy(Commit::EventSourced)));
    // Where folding costs nothing, not even a microsecond differs.
    assert_eq!(state.trace(), events.trace());
    assert_eq!(orders_as_loaded(&state), orders_as_loaded(&events));
    assert!(orders_as_loaded(&state).len() == 120);
}

#[test]
fn a_snapshot_and_the_events_since_then_are_what_all_events_come_to() {
    let all = played(&busy(Commit::EventSourced));
    for every in [1, 2, 3, 1_000] {
        let mut with = busy(Commit::EventSourced);
        with.options.order_service.event_sourcing.snapshot_every = Some(every);
        let with = played(&with);
        assert_eq!(with.trace(), all.trace(), "snapshots after {every} events");
        assert_eq!(orders_as_loaded(&with), orders_as_loaded(&all));
    }
    let store = all.frontier().world().store();
    for (order, loaded) in all.frontier().orders().zip(orders_as_loaded(&all)) {
        let mut folded = Order::default();
        let stream = store.stream(order.into());
        stream.iter().filter_map(|(_, one)| Event::order(&one.recorded.event)).for_each(|event| folded.apply(event));
        assert_eq!(loaded, folded);
    }
}

#[test]
fn folding_costs_by_the_event_and_a_snapshot_saves_that() {
    let mut scenario = busy(Commit::EventSourced);
    let p99 = |scenario: &Scenario| outcome(scenario).commands.latency.p99_us;
    let free = p99(&scenario);
    scenario.options.order_service.event_sourcing.load_per_event = Micros::from_millis(20);
    let folded = p99(&scenario);
    scenario.options.order_service.event_sourcing.snapshot_every = Some(1);
    assert!(folded > free + 40_000, "{free} {folded}");
    assert_eq!(p99(&scenario), free, "with a snapshot of every event there is nothing to fold");
}

/// An order that is placed and shipped, and delivered when the shop is well again; the second command meets a crash.
fn shipped(options: &str, crash: &str) -> Scenario {
    scenario(&format!(
        r#"{{ "version": 1, "name": "shipped", "overrides": [{crash}], "options": {{
            "workload": {{ "orders": 0, "script": [
                {{ "at": "0s", "to": "O-1", "do": {{ "create_order": {{ "customer": "C-1",
                    "items": [{{ "product": "P-1", "quantity": 2, "price_cents": 2000 }}] }} }} }},
                {{ "at": "1s", "to": "O-1", "do": "ship_order" }} ] }},
            "order_service": {{ {options},
                "crash": {{ "restart_after": {{ "kind": "constant", "value": "500ms" }} }} }},
            "projections": {{ "order_view": {{ "idempotency": "processed_events" }} }} }} }}"#
    ))
}

fn crash(hop: &str, subject: &str, point: &str) -> String {
    format!(r#"{{ "purpose": "crash", "hop": "{hop}", "subject": "{subject}", "fate": {{ "crash": "{point}" }} }}"#)
}

const HANDLER: (&str, &str) = ("handler", "O-1/1001");
const RELAY: (&str, &str) = ("relay", "O-1/2");
const SAVE_FIRST: &str = r#""commit": "dual_write""#;
const PUBLISH_FIRST: &str = r#""commit": "dual_write", "dual_write": "publish_first""#;

/// With these options and a crash there: what is true of the order, what its view shows, and how both promises stand.
#[track_caller]
fn check(options: &str, (hop, subject): (&str, &str), point: &str, truth: Status, shown: Status, promises: [&str; 2]) {
    let history = played(&shipped(options, &crash(hop, subject, point)));
    let (lab, order) = (history.frontier(), OrderId(1));
    assert!(history.trace().iter().any(|entry| matches!(
        entry.what,
        What::Committing(Committing::Crashed { .. } | Committing::CrashedUnmarked { .. })
    )));
    assert_eq!((lab.order(order).status, lab.row(order).map(|row| row.status)), (truth, Some(shown)));
    let report = report(lab, history.trace());
    assert_eq!([status(&report, "no_event_lost"), status(&report, "nothing_invented")], promises);
}

#[test]
fn a_crash_before_the_commit_undoes_everything() {
    for options in [r#""commit": "outbox""#, r#""commit": "event_sourced""#, SAVE_FIRST, PUBLISH_FIRST] {
        check(options, HANDLER, "before_write", Status::Pending, Status::Pending, ["holds", "holds"]);
    }
}

#[test]
fn what_is_saved_with_an_outbox_or_as_an_event_is_published_after_the_crash() {
    for options in [r#""commit": "outbox""#, r#""commit": "event_sourced""#] {
        check(options, HANDLER, "between", Status::Shipped, Status::Shipped, ["holds", "holds"]);
    }
}

#[test]
fn a_dual_write_that_crashes_in_between_loses_an_event_or_invents_one() {
    check(SAVE_FIRST, HANDLER, "between", Status::Shipped, Status::Pending, ["broken", "holds"]);
    check(PUBLISH_FIRST, HANDLER, "between", Status::Pending, Status::Shipped, ["holds", "broken"]);
}

#[test]
fn a_dual_write_that_crashes_after_both_has_done_both() {
    check(SAVE_FIRST, HANDLER, "after_commit", Status::Shipped, Status::Shipped, ["holds", "holds"]);
    check(PUBLISH_FIRST, HANDLER, "after_commit", Status::Shipped, Status::Shipped, ["holds", "holds"]);
}

#[test]
fn what_was_published_and_not_noted_is_published_twice() {
    for commit in ["outbox", "event_sourced"] {
        let options = format!(r#""commit": "{commit}""#);
        check(&options, RELAY, "after_commit", Status::Shipped, Status::Shipped, ["holds", "holds"]);
        let history = played(&shipped(&options, &crash(RELAY.0, RELAY.1, "after_commit")));
        let appended = |entry: &sim::system::trace::Entry| matches!(entry.what, What::Appended { .. });
        assert_eq!(history.trace().iter().filter(appended).count(), 3, "two events, one of them twice");
    }
}

#[test]
fn why_says_that_it_never_happened() {
    let at_the_end = |options| {
        let mut history = played(&shipped(options, &crash(HANDLER.0, HANDLER.1, "between")));
        history.seek_time(Micros::from_secs(60));
        history
    };
    let history = at_the_end(PUBLISH_FIRST);
    let answer = why(&history, Cell::Order(OrderId(1), OrderField::Status)).answer;
    assert_eq!(answer, "O-1 in the order view shows what never happened: e2 was published and never committed.");
    let history = at_the_end(SAVE_FIRST);
    let missing = why(&history, Cell::Order(OrderId(1), OrderField::Status)).missing.concat();
    assert_eq!(
        missing,
        "e2 OrderShipped of O-1 was committed and never published: nothing that was saved says that it should be"
    );
}

#[test]
fn an_order_that_nobody_has_placed_stands_in_the_view_and_is_wrong() {
    let history = played(&shipped(PUBLISH_FIRST, &crash("handler", "O-1/1000", "between")));
    let report = report(history.frontier(), history.trace());
    assert_eq!(status(&report, "nothing_invented"), "broken");
    assert_eq!(status(&report, "order_view_equals_truth"), "broken");
    assert_eq!(status(&report, "sales_dashboard_equals_truth"), "broken");
    assert!(!history.frontier().order(OrderId(1)).exists);
}

/// Crashes everywhere, for every seed.
fn crashing(commit: Commit, order: DualWriteOrder, seed: u64) -> Scenario {
    let mut scenario = busy(commit);
    scenario.seed = seed;
    let service = &mut scenario.options.order_service;
    service.dual_write = order;
    let crash = &mut service.crash;
    crash.before_commit = Probability::from_percent(4);
    crash.between = Probability::from_percent(4);
    crash.after_publish = Probability::from_percent(4);
    crash.restart_after = Distribution::constant_millis(400);
    // A single publication arrives, so that only crashes can lose something.
    scenario.options.broker.publish.loss = Probability::NEVER;
    scenario
}

#[test]
fn only_a_dual_write_breaks_a_promise_whatever_the_crashes() {
    for seed in 1..=12 {
        for commit in [Commit::Outbox, Commit::EventSourced] {
            for acks in [Acks::All, Acks::None] {
                let mut scenario = crashing(commit, DualWriteOrder::SaveFirst, seed);
                scenario.options.broker.acks = acks;
                let report = outcome(&scenario);
                for name in
                    ["no_event_lost", "nothing_invented", "order_view_equals_truth", "sales_dashboard_equals_truth"]
                {
                    assert_eq!(status(&report, name), "holds", "{name}, {commit:?}, {acks:?}, seed {seed}");
                }
            }
        }
        let loses = outcome(&crashing(Commit::DualWrite, DualWriteOrder::SaveFirst, seed));
        assert_eq!([status(&loses, "no_event_lost"), status(&loses, "nothing_invented")], ["broken", "holds"]);
        let invents = outcome(&crashing(Commit::DualWrite, DualWriteOrder::PublishFirst, seed));
        assert_eq!([status(&invents, "no_event_lost"), status(&invents, "nothing_invented")], ["holds", "broken"]);
    }
}

#[test]
fn a_broker_that_refuses_costs_a_dual_write_its_events_and_others_only_time() {
    let promises = |commit| {
        let mut scenario = busy(commit);
        scenario.options.broker.publish.loss = Probability::NEVER;
        scenario.options.network.outages = vec![Outage { at: Micros::from_secs(4), lasts: Micros::from_secs(3) }];
        status(&outcome(&scenario), "no_event_lost")
    };
    assert_eq!(promises(Commit::DualWrite), "broken");
    assert_eq!(promises(Commit::EventSourced), "holds");
    // For an outbox without crashes the chip shows only when it is broken.
    assert_eq!(promises(Commit::Outbox), "missing");
}

#[test]
fn crashes_stop_when_faults_are_healed_and_every_run_comes_to_rest() {
    for commit in [Commit::Outbox, Commit::EventSourced, Commit::DualWrite] {
        let mut scenario = crashing(commit, DualWriteOrder::SaveFirst, 5);
        scenario.options.order_service.publish = Publish::InRequest;
        scenario.options.order_service.crash.after_publish = Probability::from_percent(100);
        assert!(played(&scenario).frontier().is_quiet());
    }
}

#[test]
fn a_crash_by_hand_loses_nothing_that_is_saved_with_its_intention_to_be_published() {
    let crashed = |commit| {
        let mut scenario = busy(commit);
        scenario.options.broker.acks = Acks::All;
        scenario.options.order_service.relay_delay = Distribution::constant_millis(300);
        let mut history = played(&scenario);
        history.seek_time(Micros::from_secs(6));
        let which = Node::Service(Service::Orders);
        let act = NodeAct::Crash { lasts: Micros::from_secs(1) };
        history.change_here(Change::Hand(Hand::Node { which, act }));
        assert!(history.run_to_end(5_000_000));
        let report = report(history.frontier(), history.trace());
        assert!(history.trace().iter().any(|entry| entry.what == What::NodeBack(which)));
        // Without crashes by itself the chip of an outbox shows only when it is broken.
        [status(&report, "no_event_lost"), status(&report, "order_view_equals_truth")]
    };
    assert_eq!(crashed(Commit::Outbox), ["missing", "holds"]);
    assert_eq!(crashed(Commit::EventSourced), ["holds", "holds"]);
}

#[test]
fn the_way_to_commit_stays_as_a_run_began() {
    let scenario = busy(Commit::EventSourced);
    let mut history = played(&scenario);
    history.seek_time(Micros::from_secs(5));
    let mut options = scenario.options.clone();
    options.order_service.commit = Commit::Outbox;
    history.change_here(Change::Options(Box::new(options)));
    assert!(history.run_to_end(5_000_000));
    let world = history.frontier().world();
    assert_eq!(world.options().order_service.commit, Commit::EventSourced);
    assert!(world.order_service().orders().is_empty(), "no row of an order is ever saved");
    let report = report(history.frontier(), history.trace());
    assert_eq!(status(&report, "order_view_equals_truth"), "holds");
}

#[test]
fn the_presets_do_what_they_say() {
    let names = ["no_event_lost", "nothing_invented"];
    let promises = |scenario: &Scenario| {
        let report = outcome(scenario);
        names.map(|name| status(&report, name))
    };
    let mut dual = preset("dual-write");
    assert_eq!(promises(&dual), ["broken", "holds"]);
    dual.options.order_service.dual_write = DualWriteOrder::PublishFirst;
    assert_eq!(promises(&dual), ["holds", "broken"]);
    dual.options.order_service.commit = Commit::Outbox;
    assert_eq!(promises(&dual), ["holds", "holds"]);
    let sourced = preset("event-sourcing");
    assert_eq!(promises(&sourced), ["holds", "holds"]);
    assert!(sourced.options.order_service.event_sourcing.snapshot_every.is_some());
}
