//! A second schema of an event meets readers that were written for the first.

use crate::common::shop::faulty_saga;
use crate::common::{outcome, played, preset, scenario, status};
use sim::kernel::time::Micros;
use sim::oracle::judgement::Freshness;
use sim::oracle::stuck::Stuck;
use sim::scenario::recording::Scenario;
use sim::scenario::report::trace_hash;
use sim::system::options::{ChangedEvent, FailurePolicy, OnNewSchema, SchemaChange};
use sim::system::place::{Model, Reader, Replica};
use sim::system::trace::{SkipReason, What};
use sim::view::log;

const VIEW: Reader = Reader::Projection(Model::OrderView);

fn skipped(scenario: &Scenario, by: Reader) -> usize {
    let new =
        |what| matches!(what, What::Skipped { delivered, reason: SkipReason::NewSchema } if delivered.reader == by);
    played(scenario).trace().iter().filter(|entry| new(entry.what)).count()
}

#[test]
fn refuse_parks_ignore_loses_and_upcast_stays_right() {
    let change = preset("schema-change");
    let report = outcome(&change);
    assert!(skipped(&change, VIEW) > 3, "the order view leaves events out");
    assert_eq!(status(&report, "order_view_equals_truth"), "broken");
    let history = played(&change);
    let dashboard = Stuck::at(history.frontier().world(), Reader::Projection(Model::SalesDashboard));
    assert!(dashboard.parked > 3, "{dashboard:?}");
    assert_eq!(status(&report, "nothing_stuck"), "broken");
    assert_eq!(status(&report, "sales_dashboard_equals_truth"), "broken");
    assert_eq!(status(&report, "customer_order_history_equals_truth"), "holds");
}

#[test]
fn with_upcasting_readers_a_schema_change_changes_nothing() {
    let mut change = preset("schema-change");
    for projection in change.options.projections.all_mut() {
        projection.schema = OnNewSchema::Upcast;
    }
    for invariant in outcome(&change).invariants {
        assert_eq!(invariant.status, "holds", "{}", invariant.name);
    }
    let upcast = trace_hash(played(&change).trace());
    change.options.schema_changes.clear();
    assert_eq!(upcast, trace_hash(played(&change).trace()), "the run is the same as without it");
}

#[test]
fn what_was_committed_before_keeps_its_schema() {
    let change = preset("schema-change");
    let history = played(&change);
    for (index, entry) in history.trace().iter().enumerate() {
        let What::Skipped { delivered, reason: SkipReason::NewSchema } = entry.what else { continue };
        let committed = history.frontier().world().store().event(delivered.event);
        assert!(committed.at >= Micros::from_secs(10));
        assert_eq!(committed.recorded.event.name(), "ItemAdded");
        let told = log::line(history.frontier(), &entry, history.trace().part(..index)).text;
        assert!(told.ends_with("it has a schema that the code was not written for"), "{told}");
    }
}

#[test]
fn a_reader_that_halts_at_a_new_schema_falls_behind_with_everything() {
    let mut change = preset("schema-change");
    change.options.projections.order_view.schema = OnNewSchema::Refuse;
    change.options.projections.order_view.dead_letters.policy = FailurePolicy::Halt;
    let history = played(&change);
    assert!(Stuck::at(history.frontier().world(), VIEW).halted > 0);
    let (behind, _) = history.frontier().watch(VIEW).lag(history.frontier().world().store(), Micros::ZERO);
    assert!(behind > 20, "{behind} events");
}

#[test]
fn a_rebuild_that_upcasts_mends_what_was_ignored() {
    let text = r#"{ "version": 1, "name": "x", "seed": 5, "options": {
        "workload": { "orders": 60, "add_item": 0.5 },
        "schema_changes": [{ "event": "item_added", "at": "10s" }],
        "projections": {
            "order_view": { "schema": "ignore",
                "rebuild": { "at": "35s", "switch": "always", "with": { "schema": "upcast" } } },
            "sales_dashboard": { "schema": "upcast" } } } }"#;
    let mended = scenario(text);
    assert_eq!(status(&outcome(&mended), "order_view_equals_truth"), "holds");
    assert!(outcome(&mended).rebuilds[0].differing > Some(3));
}

#[test]
fn a_replica_that_ignores_a_price_in_a_new_schema_charges_the_old_one() {
    let run = |schema| {
        let mut scenario = preset("read-models");
        scenario.options.schema_changes =
            vec![SchemaChange { event: ChangedEvent::ProductPriceChanged, at: Micros::from_secs(1) }];
        scenario.options.replicas.products.schema = schema;
        scenario.options.projections.product_search.schema = OnNewSchema::Upcast;
        let history = played(&scenario);
        let replica = history.frontier().watch(Reader::Replica(Replica::Products));
        let products = scenario.options.workload.products.iter();
        products.filter(|item| replica.judged(item.product.into()).worst() != Freshness::Fresh).count()
    };
    assert!(run(OnNewSchema::Ignore) > 0);
    assert_eq!(run(OnNewSchema::Upcast), 0);
}

#[test]
fn a_saga_that_ignores_new_orders_never_begins() {
    let run = |schema| {
        let mut scenario = faulty_saga(3, 1_000);
        scenario.options.schema_changes = vec![SchemaChange { event: ChangedEvent::OrderCreated, at: Micros::ZERO }];
        for projection in scenario.options.projections.all_mut() {
            projection.schema = OnNewSchema::Upcast;
        }
        scenario.options.saga.consumer.schema = schema;
        status(&outcome(&scenario), "sagas_end")
    };
    assert_eq!(run(OnNewSchema::Ignore), "broken");
    assert_eq!(run(OnNewSchema::Upcast), "holds");
}
