//! Runs in the formats of other tools.

use crate::common::{LONG_FAULTY_RUN, played, scenario};
use serde_json::Value;
use sim::oracle::metrics::Metrics;
use sim::scenario::export::{Format, export};

const SCENARIO_B: &str = include_str!("../../../public/scenarios/scenario-b.json");

fn exported(text: &str, format: Format) -> String {
    let mut scenario = scenario(text);
    // Enough to meet everything once.
    scenario.options.workload.orders = scenario.options.workload.orders.min(300);
    let history = played(&scenario);
    let metrics = Metrics::of(history.frontier(), history.trace(), scenario.metrics);
    export(format, history.frontier(), history.trace(), &metrics)
}

#[track_caller]
fn check(format: Format, expected: &str) {
    let found = exported(SCENARIO_B, format);
    for (n, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "line {} of {}", n + 1, format.name());
    }
    assert_eq!(found, expected);
}

#[test]
fn scenario_b_as_cloudevents() {
    check(Format::CloudEvents, include_str!("../golden/scenario-b.cloudevents.json"));
}

#[test]
fn scenario_b_as_a_timeline() {
    check(Format::Perfetto, include_str!("../golden/scenario-b.perfetto.json"));
}

#[test]
fn scenario_b_as_a_sequence_diagram() {
    check(Format::Mermaid, include_str!("../golden/scenario-b.mmd"));
}

#[test]
fn scenario_b_as_tables() {
    check(Format::Csv, include_str!("../golden/scenario-b.csv"));
    check(Format::Metrics, include_str!("../golden/scenario-b.metrics.csv"));
}

#[test]
fn staleness_is_a_table_with_columns_for_each_cause() {
    let table = exported(SCENARIO_B, Format::Staleness);
    let mut lines = table.lines();
    let head = lines.next().expect("there is a head");
    assert!(head.starts_with("at_us,reader,lag_us,lag_events,outbox_us,outbox_events,broker_delay_us"), "{head}");
    assert!(lines.all(|line| line.split(',').count() == head.split(',').count()));
}

#[test]
fn the_trace_as_json_lines_is_the_log_in_order() {
    let lines = exported(LONG_FAULTY_RUN, Format::JsonLines);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let table = exported(LONG_FAULTY_RUN, Format::Csv);
    assert_eq!(lines.len() + 1, table.split("\r\n").filter(|line| !line.is_empty()).count());
    assert!(lines.is_sorted_by_key(|line| line["at_us"].as_u64()));
    assert!(lines.iter().all(|line| line["text"].is_string() && line["tone"].is_string()));
    assert!(lines.iter().any(|line| line["event"].as_str().is_some_and(|event| event.starts_with('e'))));
}

#[test]
fn every_cloudevent_has_what_the_specification_asks_for() {
    let batch: Vec<Value> = serde_json::from_str(&exported(LONG_FAULTY_RUN, Format::CloudEvents)).expect("a batch");
    let mut ids = std::collections::BTreeSet::new();
    let mut last = String::new();
    for event in &batch {
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(text("specversion"), "1.0");
        assert!(!text("id").is_empty() && !text("source").is_empty() && !text("type").is_empty());
        assert!(ids.insert((text("source"), text("id"))), "source and id name one event: {event}");
        assert!(text("sequence") > last, "sequences rise as texts: {event}");
        last = text("sequence");
        let named = |name: &String| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        assert!(event.as_object().is_some_and(|event| event.keys().all(named)), "attribute names are a-z and 0-9");
    }
    assert!(batch.len() > 100);
}

#[test]
fn every_span_of_a_timeline_ends_and_nothing_comes_before_zero() {
    let timeline: Value = serde_json::from_str(&exported(LONG_FAULTY_RUN, Format::Perfetto)).expect("one object");
    let mut open = std::collections::BTreeSet::new();
    for event in timeline["traceEvents"].as_array().expect("a list") {
        let id = format!("{} {}", event["cat"], event["id"]);
        match event["ph"].as_str() {
            Some("b") => assert!(open.insert(id.clone()), "{id} begins twice"),
            Some("e") => assert!(open.remove(&id), "{id} ends without a beginning"),
            Some("i" | "C") => assert!(event["ts"].as_u64().is_some()),
            Some("M") => assert!(event["args"]["name"].is_string()),
            other => panic!("unknown phase {other:?}"),
        }
    }
    assert!(open.is_empty(), "{open:?} do not end");
}

#[test]
fn every_line_of_a_table_has_as_many_cells() {
    for format in [Format::Csv, Format::Metrics] {
        let table = exported(LONG_FAULTY_RUN, format);
        let cells = |line: &str| {
            let mut quoted = false;
            1 + line
                .chars()
                .filter(|c| {
                    quoted ^= *c == '"';
                    *c == ',' && !quoted
                })
                .count()
        };
        let wide = cells(table.lines().next().unwrap_or_default());
        assert!(table.lines().all(|line| cells(line) == wide), "{}", format.name());
    }
}

#[test]
fn a_long_diagram_is_cut_and_says_so() {
    let diagram = exported(LONG_FAULTY_RUN, Format::Mermaid);
    assert!(diagram.lines().count() < 520);
    assert!(diagram.lines().last().is_some_and(|line| line.contains("the first 500 of")), "it says so");
}
