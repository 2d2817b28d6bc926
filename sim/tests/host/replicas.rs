//! Command-side replicas: orders are decided by local copies, which may be old, late or not there at all.

use crate::common::{played, scenario, status};
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::scenario::recording::Scenario;
use sim::scenario::report::report;
use sim::shop::ids::{OrderId, ProductId};
use sim::shop::money::Cents;
use sim::system::fate::Override;
use sim::system::options::{DataAccess, Idempotency, ReplicaStart, StaleRow};
use sim::system::place::{Reader, Replica};
use sim::system::trace::What;

const WINDOW: &str = include_str!("../common/window.json");

/// The totals of the orders that were accepted, and the words of the refusals.
fn decided(scenario: &Scenario) -> (Vec<Cents>, Vec<String>) {
    let history = played(scenario);
    let lab = history.frontier();
    let totals = [1, 2].map(OrderId).into_iter().map(|order| lab.order(order)).filter(|order| order.exists);
    let refusals = history.trace().iter().filter_map(|entry| match entry.what {
        What::CommandRefused { refusal, .. } => Some(refusal.to_string()),
        _ => None,
    });
    (totals.map(|order| order.total).collect(), refusals.collect())
}

#[track_caller]
fn check(edit: impl Fn(&mut Scenario), totals: &[i64], refusals: &[&str]) {
    let mut edited = scenario(WINDOW);
    edit(&mut edited);
    let (charged, refused) = decided(&edited);
    assert_eq!(charged, totals.iter().copied().map(Cents).collect::<Vec<_>>());
    assert_eq!(refused, refusals);
}

#[test]
fn the_old_price_is_charged_inside_the_window_only() {
    check(|_| {}, &[9_998, 8_998], &[]);
}

#[test]
fn a_shared_database_has_no_window() {
    check(|edited| edited.options.order_service.data_access = DataAccess::SharedDatabase, &[8_998, 8_998], &[]);
}

#[test]
fn a_staleness_bound_refuses_honest_customers_too() {
    let bound = |edited: &mut Scenario| edited.options.order_service.staleness_bound = Some(Micros::from_secs(2));
    let old = "what is known of product P-1 is too old";
    // The second order would have been charged the right price: nothing had changed since, so nothing was written.
    check(bound, &[], &[old, old]);
    check(
        |edited| {
            bound(edited);
            edited.options.order_service.stale_row = StaleRow::AskTheSource;
        },
        &[8_998, 8_998],
        &[],
    );
}

#[test]
fn a_replica_that_starts_without_a_snapshot_knows_nobody() {
    let start = |choice| move |edited: &mut Scenario| edited.options.replicas.start = choice;
    let nobody = "customer C-100 is not known";
    check(start(ReplicaStart::FromNow), &[], &[nobody, nobody]);
    check(start(ReplicaStart::Replay), &[8_998], &["product P-1 is not known"]);
    check(start(ReplicaStart::SnapshotWithOverlap), &[9_998, 8_998], &[]);
}

#[test]
fn a_snapshot_with_a_hole_misses_what_came_between() {
    let mut holed = scenario(WINDOW);
    holed.options.replicas.start = ReplicaStart::SnapshotWithHole;
    assert_eq!(decided(&holed).0, [Cents(9_998), Cents(9_998)], "the new price is never learned");
    let history = played(&holed);
    let report = report(history.frontier(), history.trace());
    assert_eq!(status(&report, "product_replica_equals_source"), "broken");
    assert_eq!(status(&report, "customer_replica_equals_source"), "holds");
}

#[test]
fn only_the_owners_events_write_a_replica() {
    let history = played(&scenario(WINDOW));
    let lab: &Lab = history.frontier();
    let row = lab.world().replica(Replica::Products).follower.target().product(ProductId(1)).expect("the row is there");
    assert_eq!((row.price, row.stock, row.source.version), (Cents(4_499), 500, 2));
    let applied = history.trace().iter().filter(
        |entry| matches!(entry.what, What::Applied { delivered, .. } if delivered.reader == Reader::Replica(Replica::Products)),
    );
    assert_eq!(applied.count(), 1, "the price change, and nothing that the order did");
}

/// The product's first event is part of the snapshot, is delivered all the same, and comes after the price has changed.
#[test]
fn what_a_snapshot_holds_already_is_recognised_when_it_is_delivered_late() {
    let late = |idempotency| {
        let mut overlapping = scenario(WINDOW);
        let created: Override = serde_json::from_str(
            r#"{ "purpose": "overtake", "hop": "product_replica", "subject": "P-1/1", "fate": "happens" }"#,
        )
        .expect("a fate");
        overlapping.overrides.push(created);
        overlapping.options.replicas.start = ReplicaStart::SnapshotWithOverlap;
        overlapping.options.replicas.products.delivery.overtake_hold = Micros::from_secs(60);
        overlapping.options.replicas.products.idempotency = idempotency;
        let history = played(&overlapping);
        status(&report(history.frontier(), history.trace()), "product_replica_equals_source")
    };
    assert_eq!(late(Idempotency::None), "broken", "the old price is back");
    assert_eq!(late(Idempotency::ProcessedEvents), "holds");
}
