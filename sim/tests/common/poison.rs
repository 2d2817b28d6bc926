//! An event that can not be handled.

use sim::scenario::recording::Scenario;

use crate::common::scenario;

/// A constant span of ten milliseconds, as JSON.
pub const TEN: &str = r#"{ "kind": "constant", "value": "10ms" }"#;

/// Two orders in one partition: e1 creates O-1, e2 creates O-2, e3 adds an item to O-1 and is poison for the order view, e4 ships
/// O-1, e5 ships O-2. `order_view` are further options of the order view, as the fields of a JSON object.
pub fn poisoned(order_view: &str) -> Scenario {
    let create = |order: u32| {
        format!(
            r#"{{ "at": "0s", "to": "O-{order}", "do": {{ "create_order": {{ "customer": "C-1",
            "items": [{{ "product": "P-1", "quantity": 2, "price_cents": 2000 }}] }} }} }}"#
        )
    };
    let add = r#"{ "at": "1s", "to": "O-1", "do": { "add_item": {
        "item": { "product": "P-2", "quantity": 1, "price_cents": 500 } } } }"#;
    let ship = |order: u32| format!(r#"{{ "at": "2s", "to": "O-{order}", "do": "ship_order" }}"#);
    let script = [create(1), create(2), add.to_owned(), ship(1), ship(2)].join(",");
    scenario(&format!(
        r#"{{ "version": 1, "name": "poisoned",
            "overrides": [{{ "purpose": "poison", "hop": "order_view", "subject": "O-1/2", "fate": "happens" }}],
            "options": {{
                "workload": {{ "orders": 0, "script": [{script}] }},
                "order_service": {{ "client_delay": {TEN}, "service": {TEN}, "relay_delay": {TEN} }},
                "broker": {{ "partitions": 1, "publish": {{ "delay": {TEN} }} }},
                "projections": {{ "order_view": {{ "delivery": {{ "delay": {TEN} }}, {order_view} }} }} }} }}"#
    ))
}
