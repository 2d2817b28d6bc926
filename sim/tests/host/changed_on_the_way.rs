//! Options that are changed while a run goes: nothing that is under way is lost, repeated or forgotten by it.

use crate::common::{played, scenario};
use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::judgement::OrderField;
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::scenario::recording::Scenario;
use sim::shop::ids::OrderId;
use sim::system::options::{Checkpoint, CheckpointScope, Options, Sequencing};
use sim::system::place::Model;
use sim::system::trace::What;
use sim::view::ledger::Cell;

/// Scripted commands, links that take 10 ms, and these options of the order view's projection.
fn scripted(script: &str, partitions: u8, order_view: &str, overrides: &str) -> Scenario {
    scenario(&format!(
        r#"{{ "version": 1, "name": "on the way", "overrides": [{overrides}], "options": {{
            "workload": {{ "orders": 0, "script": [{script}] }},
            "order_service": {{ "client_delay": {TEN}, "service": {TEN}, "relay_delay": {TEN} }},
            "broker": {{ "partitions": {partitions}, "publish": {{ "delay": {TEN} }} }},
            "projections": {{ "order_view": {{ "delivery": {{ "delay": {TEN} }}, {order_view} }} }} }} }}"#
    ))
}

const TEN: &str = r#"{ "kind": "constant", "value": "10ms" }"#;

fn create(at: &str, order: u32) -> String {
    format!(
        r#"{{ "at": "{at}", "to": "O-{order}", "do": {{ "create_order": {{ "customer": "C-1",
            "items": [{{ "product": "P-1", "quantity": 2, "price_cents": 2000 }}] }} }} }}"#
    )
}

/// Changes the options of the run at a moment, and plays it to its end.
fn change(history: &mut History<Lab>, at: Micros, edit: impl FnOnce(&mut Options)) {
    history.seek_time(at);
    let mut options = history.machine().world().options().clone();
    edit(&mut options);
    history.change_here(Change::Options(Box::new(options)));
    assert!(history.run_to_end(1_000_000), "the run comes to rest");
    history.seek_step(u64::MAX);
}

fn quantity(history: &History<Lab>, order: u32) -> String {
    Cell::Order(OrderId(order), OrderField::Quantity).shown(history.machine()).text
}

#[test]
fn a_delivery_in_hand_ends_under_the_checkpoint_under_which_it_began() {
    let choices = [("after_effect", Checkpoint::BeforeEffect), ("before_effect", Checkpoint::AfterEffect)];
    for (from, to) in choices {
        let slow = format!(r#""checkpoint": "{from}", "commit": {{ "kind": "constant", "value": "1s" }}"#);
        let mut history = played(&scripted(&create("0s", 1), 1, &slow, ""));
        change(&mut history, Micros::from_millis(500), |options| options.projections.order_view.checkpoint = to);
        assert_eq!(quantity(&history, 1), "2", "from {from}");
        let world = history.machine().world();
        let partition = sim::system::place::PartitionId { topic: sim::system::place::TopicName::OrderEvents, index: 0 };
        let saved = world.projector(Model::OrderView).group.saved(partition, world.log(), world.options());
        assert_eq!(saved, 1, "from {from}");
    }
}

#[test]
fn an_instance_that_is_started_anew_does_not_take_over_the_plans_of_the_one_before_it() {
    let slow = r#""instances": 2, "idempotency": "processed_events", "service": { "kind": "constant", "value": "1s" },
        "commit": { "kind": "constant", "value": "1s" }"#;
    let script: Vec<String> = (1..=6).map(|order| create("0s", order)).collect();
    let mut history = played(&scripted(&script.join(","), 2, slow, ""));
    change(&mut history, Micros::from_millis(300), |options| options.projections.order_view.instances = 1);
    change(&mut history, Micros::from_millis(320), |options| options.projections.order_view.instances = 2);
    for order in 1..=6 {
        assert_eq!(quantity(&history, order), "2", "O-{order}");
    }
}

#[test]
fn a_history_begun_in_the_middle_does_not_replace_the_row() {
    let add = |at: &str| {
        format!(
            r#"{{ "at": "{at}", "to": "O-1", "do": {{ "add_item": {{
                "item": {{ "product": "P-2", "quantity": 1, "price_cents": 500 }} }} }} }}"#
        )
    };
    let script = [create("0s", 1), add("2s"), add("3s")].join(",");
    let mut history = played(&scripted(&script, 1, r#""instances": 1"#, ""));
    change(&mut history, Micros::from_secs(1), |options| {
        options.projections.order_view.sequencing = Sequencing::FoldHistory;
    });
    assert_eq!(quantity(&history, 1), "4");
}

#[test]
fn a_position_per_partition_takes_over_from_one_for_the_projection() {
    let script: Vec<String> = (1..=4).map(|order| create(&format!("{order}s"), order)).collect();
    let crash =
        r#"{ "purpose": "crash", "hop": "order_view", "subject": "O-4/1", "fate": { "crash": "after_commit" } }"#;
    let mut history = played(&scripted(&script.join(","), 1, r#""checkpoint_scope": "projection""#, crash));
    change(&mut history, Micros::from_millis(2_500), |options| {
        options.projections.order_view.checkpoint_scope = CheckpointScope::Partition;
    });
    for order in 1..=4 {
        assert_eq!(quantity(&history, order), "2", "O-{order} was handled once and saved");
    }
}

#[test]
fn a_change_acts_from_the_moment_that_is_looked_at() {
    let quiet_spell = scenario(
        r#"{ "version": 1, "name": "x", "options": { "workload": { "orders": 0, "script": [
            { "at": "0s", "to": "O-1", "do": { "create_order": { "customer": "C-1",
                "items": [{ "product": "P-1", "quantity": 1, "price_cents": 5000 }] } } },
            { "at": "60s", "to": "O-1", "do": "ship_order" }
        ] } } }"#,
    );
    let mut history = played(&quiet_spell);
    history.seek_time(Micros::from_secs(30));
    let options = quiet_spell.options.clone();
    history.change_here(Change::Options(Box::new(options)));
    assert!(history.run_to_end(1_000_000));
    let changed = history.trace().iter().find(|entry| entry.what == What::OptionsChanged).expect("it is in the trace");
    assert_eq!(changed.at, Micros::from_secs(30));
}
