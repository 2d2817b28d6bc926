//! The seeds' scenarios B and C: each goes wrong exactly as its source says, and comes right with each of its fixes.

use crate::common::{outcome, played, scenario, status};
use sim::oracle::judgement::OrderField;
use sim::scenario::presets::PRESETS;
use sim::scenario::recording::Scenario;
use sim::shop::ids::OrderId;
use sim::system::options::{Idempotency, Partitioning, Sequencing};
use sim::view::ledger::Cell;
use sim::view::why::why;

const O_900: OrderId = OrderId(900);

fn preset(slug: &str) -> Scenario {
    scenario(PRESETS.iter().find(|preset| preset.slug == slug).expect("the preset exists").json)
}

/// What the order view shows of O-900 in the end.
fn shown(scenario: &Scenario, field: OrderField) -> String {
    Cell::Order(O_900, field).shown(played(scenario).frontier()).text
}

#[track_caller]
fn comes_right_with(slug: &str, fix: impl Fn(&mut Scenario)) {
    let mut fixed = preset(slug);
    fix(&mut fixed);
    let report = outcome(&fixed);
    for invariant in &report.invariants {
        assert_eq!(invariant.status, "holds", "{} in {slug}", invariant.name);
    }
}

#[test]
fn b_doubles_the_quantity_and_the_total() {
    let scenario = preset("scenario-b");
    assert_eq!(shown(&scenario, OrderField::Quantity), "4");
    assert_eq!(shown(&scenario, OrderField::Total), "$199.96");
    let report = outcome(&scenario);
    assert_eq!(status(&report, "exactly_once_effect"), "broken");
    assert_eq!(status(&report, "order_view_equals_truth"), "broken");
    assert_eq!(status(&report, "sales_dashboard_equals_truth"), "holds", "its projector did not crash");
}

#[test]
fn b_says_why() {
    let mut history = played(&preset("scenario-b"));
    history.seek_step(u64::MAX);
    let story = why(&history, Cell::Order(O_900, OrderField::Quantity));
    assert_eq!(story.question, "Why is O-900 quantity wrongly 4?");
    assert_eq!(story.answer, "O-900 changed twice: second delivery of e1 was applied.");
    let told: Vec<&str> = story.steps.iter().map(|step| step.text.as_str()).collect();
    assert_eq!(
        told,
        [
            "order-view projector 1 applies e1 OrderCreated of O-900: absent → 2",
            "order-view projector 1 crashes between the write and the commit of e1",
            "log sends e1, delivery 2 to order-view projector 1",
            "order-view projector 1 applies e1 OrderCreated of O-900, delivery 2: 2 → 4",
        ]
    );
    assert_eq!(story.steps.iter().map(|step| step.culprit).collect::<Vec<_>>(), [false, false, false, true]);
    assert_eq!(story.missing, [] as [&str; 0]);
}

#[test]
fn b_comes_right_with_processed_events() {
    comes_right_with("scenario-b", |fixed| {
        fixed.options.projections.order_view.idempotency = Idempotency::ProcessedEvents;
    });
}

#[test]
fn b_comes_right_with_the_last_event_id() {
    comes_right_with("scenario-b", |fixed| {
        fixed.options.projections.order_view.idempotency = Idempotency::LastEventId;
    });
}

#[test]
fn b_comes_right_with_an_upsert() {
    comes_right_with("scenario-b", |fixed| {
        fixed.options.projections.order_view.idempotency = Idempotency::NaturalUpsert;
    });
}

#[test]
fn c_shows_shipped_for_ever() {
    let scenario = preset("scenario-c");
    assert_eq!(shown(&scenario, OrderField::Status), "shipped");
    let report = outcome(&scenario);
    assert_eq!(status(&report, "order_lifecycle"), "broken");
    assert_eq!(status(&report, "order_view_equals_truth"), "broken");
}

#[test]
fn c_says_why() {
    let mut history = played(&preset("scenario-c"));
    history.seek_step(u64::MAX);
    let story = why(&history, Cell::Order(O_900, OrderField::Status));
    assert_eq!(story.answer, "O-900 goes back in the order view: e2 came after a later event.");
    assert!(story.steps.last().is_some_and(|step| step.culprit && step.text.ends_with(": delivered → shipped")));
}

#[test]
fn c_says_where_the_missing_event_is() {
    let mut history = played(&preset("scenario-c"));
    history.seek_time(sim::kernel::time::Micros::from_secs(3));
    let story = why(&history, Cell::Order(O_900, OrderField::Status));
    assert_eq!(story.missing, ["e2 OrderShipped of O-900 is on its way from order-events/1, due at 4.30 s"]);
}

#[test]
fn c_comes_right_with_keys() {
    comes_right_with("scenario-c", |fixed| fixed.options.broker.partitioning = Partitioning::Key);
}

#[test]
fn c_comes_right_with_a_version_guard() {
    comes_right_with("scenario-c", |fixed| {
        fixed.options.projections.order_view.sequencing = Sequencing::VersionGuard;
    });
}

#[test]
fn c_comes_right_with_the_folded_history() {
    comes_right_with("scenario-c", |fixed| {
        fixed.options.projections.order_view.sequencing = Sequencing::FoldHistory;
    });
}
