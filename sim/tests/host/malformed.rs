//! What is refused, and in which words: the field, what was expected, what was found.

use sim::scenario::recording::Recording;

#[track_caller]
fn check(json: &str, expected: &str) {
    match Recording::from_json(json) {
        Ok(_) => panic!("accepted, but expected: {expected}"),
        Err(error) => assert_eq!(error.to_string(), expected),
    }
}

fn with_options(options: &str) -> String {
    format!(r#"{{ "version": 1, "name": "x", "options": {options} }}"#)
}

#[test]
fn text_that_is_no_json() {
    check("", "line 1, column 0: this is not JSON: EOF while parsing a value");
    check("{ \"version\": 1,,", "line 1, column 16: this is not JSON: key must be a string");
    check(
        r#"{ "version": 1, "name": "x" } more"#,
        "line 1, column 31: this is not JSON: something follows after the end",
    );
}

#[test]
fn fields_that_are_missing_or_unknown() {
    check(r#"{ "version": 1 }"#, "the file (line 1): expected a field \"name\", found none");
    check(
        &with_options(r#"{ "broker": { "partition": 2 } }"#),
        "options.broker.partition (line 1): expected one of \"partitions\", \"partitioning\", \"acks\", \
         \"resend_after\", \"publish\", \"topics\", \"kind\", \"queue\", \"retention\", found a field \"partition\"",
    );
}

#[test]
fn values_of_the_wrong_kind() {
    check(
        &with_options(r#"{ "broker": { "partitions": "two" } }"#),
        "options.broker.partitions (line 1): expected a whole number from 1 to 16, found \"two\"",
    );
    check(
        &with_options(r#"{ "broker": { "resend_after": "soon" } }"#),
        "options.broker.resend_after (line 1): expected a time with its unit, such as \"120ms\" or \"2s\", \
         found \"soon\"",
    );
    check(
        &with_options(r#"{ "workload": { "ship": 1.5 } }"#),
        "options.workload.ship (line 1): expected a probability from 0 to 1, found 1.5",
    );
    check(
        &with_options(r#"{ "projections": { "order_view": { "idempotency": "luck" } } }"#),
        "options.projections.order_view.idempotency (line 1): expected one of \"none\", \"processed_events\", \
         \"last_event_id\", \"natural_upsert\", found \"luck\"",
    );
    check(
        &with_options(r#"{ "workload": { "script": [{ "at": "0s", "to": "900", "do": "ship_order" }] } }"#),
        "options.workload.script[0].to (line 1): expected an order, product or customer such as \"O-900\", \"P-100\" or \"C-123\", found \"900\"",
    );
}

#[test]
fn values_that_are_not_allowed() {
    check(r#"{ "version": 2, "name": "x" }"#, "version: expected 1, found 2");
    check(
        &with_options(r#"{ "broker": { "partitions": 0 } }"#),
        "options.broker.partitions: expected a whole number from 1 to 16, found 0",
    );
    check(
        &with_options(r#"{ "workload": { "gap": { "kind": "uniform", "min": "2s", "max": "1s" } } }"#),
        "options.workload.gap.max: expected at least min, found {\"kind\":\"uniform\",\"min\":\"2s\",\"max\":\"1s\"}",
    );
    check(
        &with_options(r#"{ "broker": { "resend_after": "0s" } }"#),
        "options.broker.resend_after: expected at least 1 ms, found 0 ms",
    );
    check(
        &with_options(r#"{ "workload": { "script": [{ "at": "0s", "to": "O-50000", "do": "ship_order" }] } }"#),
        "options.workload.script[0].to: expected within 10,000 of first_order, found O-50000",
    );
}

#[test]
fn services_and_sagas_are_checked_too() {
    check(
        &with_options(r#"{ "order_service": { "data_access": "telepathy" } }"#),
        "options.order_service.data_access (line 1): expected one of \"command\", \"replica\", \"shared_database\", \
         \"synchronous_api\", \"composition\", found \"telepathy\"",
    );
    check(
        &with_options(r#"{ "order_service": { "api": { "timeout": "0s" } } }"#),
        "options.order_service.api.timeout: expected at least 1 ms, found 0 ms",
    );
    check(
        &with_options(r#"{ "order_service": { "api": { "breaker": { "failures": 0 } } } }"#),
        "options.order_service.api.breaker.failures: expected a whole number from 1 to 1,000, found 0",
    );
    check(
        &with_options(r#"{ "product_service": { "down_for": "2h" } }"#),
        "options.product_service.down_for: expected at most 1 hour, found 7200 s",
    );
    check(
        &with_options(r#"{ "saga": { "retry_after": "0s" } }"#),
        "options.saga.retry_after: expected at least 1 ms, found 0 ms",
    );
    check(
        &with_options(r#"{ "saga": { "consumer": { "instances": 9 } } }"#),
        "options.saga.consumer.instances: expected a whole number from 1 to 8, found 9",
    );
}

#[test]
fn recordings_are_checked_like_scenarios() {
    check(
        r#"{ "scenario": { "version": 1, "name": "x", "options": { "broker": { "partitions": 0 } } } }"#,
        "scenario.options.broker.partitions: expected a whole number from 1 to 16, found 0",
    );
    check(
        r#"{ "scenario": { "version": 1, "name": "x" },
             "changes": [{ "after_step": 5, "change": { "options": { "broker": { "partitions": 99 } } } }] }"#,
        "changes[0].change.options.broker.partitions: expected a whole number from 1 to 16, found 99",
    );
    check(
        r#"{ "scenario": { "version": 1, "name": "x", "options": { "workload": { "first_order": 900 } } },
             "changes": [{ "after_step": 0, "change": { "send": { "at": "0s", "to": "O-5", "do": "ship_order" } } }] }"#,
        "changes[0].change.send.to: expected an order from O-900 on, found O-5",
    );
}

#[test]
fn overrides_that_could_have_no_effect() {
    let with_override = |one: &str| format!(r#"{{ "version": 1, "name": "x", "overrides": [{one}] }}"#);
    check(
        &with_override(r#"{ "purpose": "crash", "hop": "order_view", "subject": "O-1/1", "fate": "happens" }"#),
        "overrides[0].fate: expected \"never\" or a point, such as {\"crash\":\"between\"}, found \"happens\"",
    );
    check(
        &with_override(r#"{ "purpose": "loss", "hop": "gateway", "subject": "O-1/1", "fate": "happens" }"#),
        "overrides[0].hop: expected \"command\", \"answer\", \"publish\", \"acknowledge\", a link between services or a reader such as \"order_view\", found \"gateway\"",
    );
    check(
        &with_override(
            r#"{ "purpose": "delay", "hop": "publish", "subject": "O-1/1", "attempt": 0, "fate": { "takes": "1s" } }"#,
        ),
        "overrides[0].attempt: expected a whole number from 1 to 1,000, found 0",
    );
    check(
        &with_override(
            r#"{ "purpose": "delay", "hop": "publish", "subject": "O-1/1", "fate": { "takes": "900days" } }"#,
        ),
        "overrides[0].fate.takes: expected at most 1 hour, found 77760000 s",
    );
    check(
        &with_override(r#"{ "purpose": "poison", "hop": "publish", "subject": "O-1/1", "fate": "happens" }"#),
        "overrides[0].hop: expected a reader such as \"order_view\", found \"publish\"",
    );
    check(
        &with_override(r#"{ "purpose": "backoff", "hop": "saga", "subject": "O-1/1", "fate": "happens" }"#),
        "overrides[0].fate: expected a span, such as {\"takes\":\"2s\"}, found \"happens\"",
    );
    check(
        &with_override(
            r#"{ "purpose": "poison", "hop": "saga", "subject": "O-1/1", "attempt": 2, "fate": "happens" }"#,
        ),
        "overrides[0].attempt: expected 1, because it is the same for every try, found 2",
    );
}

#[test]
fn overrides_of_what_brokers_do_are_accepted() {
    for (purpose, hop, fate) in [
        ("poison", "order_view", "\"happens\""),
        ("failure", "product_replica", "\"happens\""),
        ("backoff", "saga", "{ \"takes\": \"1s\" }"),
        ("ack_loss", "order_work_queue", "\"never\""),
        ("ack_delay", "sales_dashboard", "{ \"takes\": \"1s\" }"),
        ("pause", "publish", "{ \"takes\": \"1s\" }"),
        ("pause", "acknowledge", "{ \"takes\": \"1s\" }"),
        ("pause", "order_view", "{ \"takes\": \"1s\" }"),
    ] {
        let one = format!(r#"{{ "purpose": "{purpose}", "hop": "{hop}", "subject": "O-1/1", "fate": {fate} }}"#);
        let text = format!(r#"{{ "version": 1, "name": "x", "overrides": [{one}] }}"#);
        assert!(Recording::from_json(&text).is_ok(), "{purpose} at {hop}");
    }
}
