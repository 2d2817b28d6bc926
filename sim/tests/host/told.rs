//! What the oracle says of an event that has had no effect is true at every moment.

use crate::common::{played, scenario};
use sim::kernel::time::Micros;
use sim::oracle::judgement::OrderField;
use sim::scenario::recording::Scenario;
use sim::scenario::report::report;
use sim::shop::ids::OrderId;
use sim::view::ledger::Cell;
use sim::view::why::why;

const TEN: &str = r#"{ "kind": "constant", "value": "10ms" }"#;

/// Commands at fixed times, links that take 10 ms, and these options of the broker and of the order view's projection.
fn scripted(script: &str, broker: &str, order_view: &str, overrides: &str) -> Scenario {
    scenario(&format!(
        r#"{{ "version": 1, "name": "told", "overrides": [{overrides}], "options": {{
            "workload": {{ "orders": 0, "script": [{script}] }},
            "order_service": {{ "client_delay": {TEN}, "service": {TEN}, "relay_delay": {TEN} }},
            "broker": {{ "partitions": 1, {broker} "publish": {{ "delay": {TEN} }} }},
            "projections": {{ "order_view": {{ "delivery": {{ "delay": {TEN} }}, {order_view} }} }} }} }}"#
    ))
}

fn create(order: u32) -> String {
    format!(
        r#"{{ "at": "0s", "to": "O-{order}", "do": {{ "create_order": {{ "customer": "C-1",
            "items": [{{ "product": "P-1", "quantity": 2, "price_cents": 2000 }}] }} }} }}"#
    )
}

/// Where the first missing event of an order is said to be.
fn missing(scenario: &Scenario, order: u32, at: Micros) -> String {
    let mut history = played(scenario);
    history.seek_time(at);
    why(&history, Cell::Order(OrderId(order), OrderField::Quantity)).missing.concat()
}

#[test]
fn an_event_that_was_saved_and_lost_is_not_said_to_wait_for_its_reader() {
    let crash = r#"{ "purpose": "crash", "hop": "order_view", "subject": "O-1/1", "fate": { "crash": "between" } }"#;
    let lost = scripted(&create(1), "", r#""checkpoint": "before_effect""#, crash);
    assert_eq!(
        missing(&lost, 1, Micros::from_millis(500)),
        "e1 OrderCreated of O-1 lies in order-events/0, offset 0, which was saved as handled, and order-view projector 1 \
         crashed at 0.11 s before it was written: nobody will read it again"
    );
}

#[test]
fn an_event_on_its_way_to_a_crashed_reader_is_not_said_to_arrive() {
    let overrides = r#"
        { "purpose": "crash", "hop": "order_view", "subject": "O-1/1", "fate": { "crash": "before_write" } },
        { "purpose": "delay", "hop": "order_view", "subject": "O-2/1", "fate": { "takes": "600ms" } }"#;
    let late = scripted(&[create(1), create(2)].join(","), "", r#""instances": 1"#, overrides);
    assert_eq!(
        missing(&late, 2, Micros::from_millis(400)),
        "e2 OrderCreated of O-2 waits in order-events/0, offset 1: its reader is down"
    );
}

#[test]
fn a_held_back_event_still_counts_as_lag_when_its_copy_is_skipped() {
    let act = |at: &str, what: &str| format!(r#"{{ "at": "{at}", "to": "O-1", "do": "{what}" }}"#);
    let script = [create(1), act("1s", "ship_order"), act("2s", "deliver_order")].join(",");
    let guarded = r#""sequencing": "gap_buffer", "idempotency": "processed_events""#;
    let overrides = r#"
        { "purpose": "loss", "hop": "publish", "subject": "O-1/2", "fate": "happens" },
        { "purpose": "duplicate", "hop": "order_view", "subject": "O-1/3", "fate": "happens" }"#;
    let history = played(&scripted(&script, r#""acks": "none","#, guarded, overrides));
    assert_eq!(report(history.frontier(), history.trace()).models[0].lag_events, 2);
}
