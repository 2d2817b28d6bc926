//! Commands that are handled at the same time: one writer, optimistic handlers, and unguarded ones that lose updates.

use crate::common;
use crate::common::shop::faulty_saga;
use crate::common::{outcome, played, preset, scenario, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::scenario::recording::Scenario;
use sim::scenario::report::{Report, report};
use sim::shop::ids::{OrderId, ProductId};
use sim::system::commanding::Commanding;
use sim::system::hands::{Hand, NodeAct};
use sim::system::node::Node;
use sim::system::options::Concurrency;
use sim::system::place::Service;
use sim::system::trace::{Entry, What};
use sim::view::log;

/// Scripted commands that travel 50 ms and are handled in 100 ms, by services with these options.
fn scripted(script: &[String], options: &str) -> Scenario {
    let script = script.join(",");
    scenario(&format!(
        r#"{{ "version": 1, "name": "concurrency", "options": {{
            "workload": {{ "orders": 0, "script": [{script}],
                "products": [{{ "product": "P-1", "name": "Keyboard", "price_cents": 4999, "stock": 5 }}],
                "customers": [{{ "customer": "C-100", "name": "John Doe" }}] }},
            "product_service": {{ "service": {{ "kind": "constant", "value": "100ms" }} }},
            "customer_service": {{ "service": {{ "kind": "constant", "value": "100ms" }} }},
            "order_service": {{ "client_delay": {{ "kind": "constant", "value": "50ms" }},
                "service": {{ "kind": "constant", "value": "100ms" }}, {options} }} }} }}"#
    ))
}

const SINGLE: &str = r#""concurrency": "single_writer""#;
const OPTIMISTIC: &str = r#""concurrency": "optimistic""#;
const UNGUARDED: &str = r#""concurrency": "unguarded""#;
const ITEM: &str = r#"{ "product": "P-1", "quantity": 1, "price_cents": 4999 }"#;

fn act(at: &str, to: &str, what: &str) -> String {
    format!(r#"{{ "at": "{at}", "to": "{to}", "do": {what} }}"#)
}

fn create(at: &str, order: u32) -> String {
    act(at, &format!("O-{order}"), &format!(r#"{{ "create_order": {{ "customer": "C-100", "items": [{ITEM}] }} }}"#))
}

fn add(at: &str, order: u32) -> String {
    act(at, &format!("O-{order}"), &format!(r#"{{ "add_item": {{ "item": {ITEM} }} }}"#))
}

fn adjust(at: &str, by: i64) -> String {
    act(at, "P-1", &format!(r#"{{ "adjust_inventory": {{ "by": {by} }} }}"#))
}

fn told(history: &History<Lab>) -> Report {
    report(history.frontier(), history.trace())
}

/// How many lines the Order Service's row has, and how many units there are by the events.
fn lines_and_units(history: &History<Lab>, order: u32) -> (usize, i64) {
    let lab = history.frontier();
    let row = lab.world().order_service().orders().get(OrderId(order)).expect("it is there");
    (row.lines.len(), lab.order(OrderId(order)).quantity)
}

fn stock(history: &History<Lab>) -> u32 {
    history.frontier().world().owners().products.product(ProductId(1)).expect("it is there").stock
}

fn commits(history: &History<Lab>) -> Vec<u64> {
    let committed = |entry: &Entry| matches!(entry.what, What::Committed { .. });
    history.trace().iter().filter(committed).map(|entry| entry.at.as_millis()).collect()
}

fn lines(history: &History<Lab>) -> Vec<String> {
    let lines = log::lines(history.frontier(), history.trace(), 0..history.trace().len());
    lines.into_iter().map(|line| line.text).collect()
}

#[test]
fn unguarded_the_last_write_wins_and_the_other_is_lost() {
    let script = [create("0s", 1), add("1s", 1), add("1s", 1)];
    let history = played(&scripted(&script, UNGUARDED));
    assert_eq!(lines_and_units(&history, 1), (2, 3), "three were committed, and the row has forgotten one");
    let report = told(&history);
    assert_eq!((status(&report, "no_lost_update"), report.commands.overwrites), ("broken", 1));
    assert_eq!(status(&report, "order_view_equals_truth"), "holds", "the copies got every event");
    let told = lines(&history);
    assert!(told.iter().any(|line| line == "c3 was decided on version 1 of O-1 and is written over version 2"));
    let lost = "an update of O-1 is lost: e5 was decided without it and written over it";
    assert!(told.iter().any(|line| line == lost), "{told:?}");
}

#[test]
fn unguarded_goods_that_were_taken_in_vanish() {
    let history = played(&scripted(&[adjust("0s", 10), adjust("0s", 20)], UNGUARDED));
    assert_eq!((stock(&history), status(&told(&history), "no_lost_update")), (25, "broken"));
    let history = played(&scripted(&[adjust("0s", 10), adjust("0s", 20)], SINGLE));
    assert_eq!(stock(&history), 35);
}

#[test]
fn a_write_that_says_all_that_there_is_to_say_loses_nothing() {
    let price = |cents| act("0s", "P-1", &format!(r#"{{ "change_price": {{ "price_cents": {cents} }} }}"#));
    let history = played(&scripted(&[price(4_000), price(3_000)], UNGUARDED));
    let report = told(&history);
    assert_eq!((report.commands.overwrites, status(&report, "no_lost_update")), (1, "holds"));
}

#[test]
fn optimistic_the_second_is_refused_or_begun_anew() {
    let script = [create("0s", 1), add("1s", 1), add("1s", 1)];
    let history = played(&scripted(&script, OPTIMISTIC));
    assert_eq!(lines_and_units(&history, 1), (2, 2));
    let commands = told(&history).commands;
    assert_eq!((commands.refusals.version_conflict, commands.conflicts), (1, 1));
    let refused = "order service refuses c3 for O-1: it was decided for version 1, and it has version 2";
    assert!(lines(&history).iter().any(|line| line == refused));

    let history = played(&scripted(&script, r#""concurrency": "optimistic", "conflict_retries": 1"#));
    assert_eq!(lines_and_units(&history, 1), (3, 3));
    let report = told(&history);
    assert_eq!((report.commands.refused, report.commands.conflicts), (0, 1));
    assert_eq!(status(&report, "no_lost_update"), "holds");
    // It is handled for another 100 ms.
    assert_eq!(commits(&history), [150, 1_150, 1_250]);
    let anew = "c3 was decided on version 1 of O-1, which has version 2: it is begun anew";
    assert!(lines(&history).iter().any(|line| line == anew));
}

#[test]
fn so_many_are_handled_at_a_time() {
    let script: Vec<String> = (1..=4).map(|order| create("0s", order)).collect();
    let at = |options: &str| commits(&played(&scripted(&script, options)));
    assert_eq!(at(SINGLE), [150, 250, 350, 450]);
    assert_eq!(at(OPTIMISTIC), [150; 4]);
    assert_eq!(at(r#""concurrency": "unguarded", "writers": 2"#), [150, 150, 250, 250]);
}

#[test]
fn what_the_sender_expects_is_checked_in_every_mode_and_never_begun_anew() {
    let expecting =
        |line: String, version: u32| line.replacen('{', &format!(r#"{{ "expected_version": {version}, "#), 1);
    let script = [create("0s", 1), expecting(add("1s", 1), 1), expecting(add("2s", 1), 1), expecting(add("3s", 1), 2)];
    for options in [SINGLE, OPTIMISTIC, UNGUARDED] {
        let history = played(&scripted(&script, &format!(r#"{options}, "conflict_retries": 3"#)));
        assert_eq!(lines_and_units(&history, 1), (3, 3), "{options}");
        assert_eq!(told(&history).commands.refusals.version_conflict, 1, "{options}");
    }
    // Both know version 1, so one of them is too late, even where handlers do not guard rows.
    let race = [create("0s", 1), expecting(add("1s", 1), 1), expecting(add("1s", 1), 1)];
    for options in [SINGLE, OPTIMISTIC, UNGUARDED] {
        let history = played(&scripted(&race, options));
        assert_eq!(lines_and_units(&history, 1), (2, 2), "{options}");
        assert_eq!(told(&history).commands.refusals.version_conflict, 1, "{options}");
    }
}

#[test]
fn a_shopper_who_sends_the_version_he_knows_is_refused_where_somebody_else_was_there() {
    let mut scenario = common::scenario(
        r#"{ "version": 1, "name": "if match", "options": {
        "workload": { "orders": 1, "first_order": 1, "add_item": 0, "cancel": 0, "ship": 1,
            "gap": { "kind": "constant", "value": "0ms" }, "think": { "kind": "constant", "value": "2s" },
            "script": [{ "at": "1s", "to": "O-1", "do": { "add_item": { "item":
                { "product": "P-1", "quantity": 1, "price_cents": 4999 } } } }] } } }"#,
    );
    assert_eq!(outcome(&scenario).commands.refused, 0);
    scenario.options.order_service.commands.if_match = true;
    let report = outcome(&scenario);
    assert_eq!(report.commands.refusals.version_conflict, 2, "both further moves were meant for an order of one item");
}

/// A shop whose saga reserves the same two products again and again, with several handlers in every service.
fn busy(seed: u64, concurrency: Concurrency, conflict_retries: u8) -> Scenario {
    let mut scenario = faulty_saga(seed, 60);
    let options = &mut scenario.options;
    options.workload.gap = Distribution::Exponential { mean: Micros::from_millis(60) };
    options.workload.back_office.restock_gap = Some(Distribution::Exponential { mean: Micros::from_millis(150) });
    options.product_service.service = Distribution::Exponential { mean: Micros::from_millis(80) };
    options.order_service.concurrency = concurrency;
    options.order_service.conflict_retries = conflict_retries;
    scenario
}

const BUSINESS: [&str; 3] = ["no_oversell", "money_conserved", "sagas_end"];

#[test]
fn optimistic_handlers_lose_nothing_and_sagas_live_with_their_refusals() {
    for (seed, retries) in (0..20).zip([0, 3].into_iter().cycle()) {
        let history = played(&busy(seed, Concurrency::Optimistic, retries));
        let report = told(&history);
        assert_eq!(status(&report, "no_lost_update"), "holds", "seed {seed}");
        for promise in BUSINESS {
            assert_eq!(status(&report, promise), "holds", "seed {seed}: {promise}");
        }
        let met = |entry: Entry| match entry.what {
            What::Command(Commanding::BegunAnew { .. }) => true,
            What::CommandRefused { refusal, .. } => refusal.may_pass(),
            _ => false,
        };
        assert!(history.trace().iter().any(met), "seed {seed}: nobody met anybody");
    }
}

#[test]
fn the_guard_is_load_bearing() {
    let broken = |seed| status(&outcome(&busy(seed, Concurrency::Unguarded, 0)), "no_lost_update") == "broken";
    assert!((0..5).all(broken));
}

#[test]
fn a_crash_takes_every_command_that_is_being_handled() {
    let script: Vec<String> = (1..=6).map(|order| create("0s", order)).collect();
    let mut history = played(&scripted(&script, OPTIMISTIC));
    history.seek_time(Micros::from_millis(100));
    let act = NodeAct::Crash { lasts: Micros::from_secs(1) };
    history.change_here(Change::Hand(Hand::Node { which: Node::Service(Service::Orders), act }));
    assert!(history.run_to_end(100_000));
    let world = history.frontier().world();
    assert_eq!((world.store().len(), world.clients().open(), world.writer(Service::Orders).waiting()), (2, 0, 0));
}

#[test]
fn the_preset_shows_what_its_title_claims() {
    let mut scenario = preset("lost-update");
    let shown = |scenario: &Scenario| {
        let history = played(scenario);
        (lines_and_units(&history, 1), stock(&history), status(&told(&history), "no_lost_update"))
    };
    let ((lines, units), stock, promise) = shown(&scenario);
    assert_eq!((lines, units, promise), (2, 3, "broken"));
    assert!(stock == 60 || stock == 70, "one delivery is lost: {stock}");
    scenario.options.order_service.concurrency = Concurrency::Optimistic;
    assert_eq!(shown(&scenario).2, "holds");
    scenario.options.order_service.conflict_retries = 1;
    assert_eq!(shown(&scenario), ((3, 3), 80, "holds"));
    scenario.options.order_service.concurrency = Concurrency::SingleWriter;
    assert_eq!(shown(&scenario), ((3, 3), 80, "missing"));
}
