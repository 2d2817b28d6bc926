//! The broker's presets do what they claim, and come right with the fix that they name.

use crate::common::readers::each;
use crate::common::{outcome, played, scenario, status};
use sim::oracle::stuck::Stuck;
use sim::scenario::presets::PRESETS;
use sim::scenario::recording::Scenario;
use sim::system::fate::{Fate, Override, Purpose};
use sim::system::options::{Idempotency, Sequencing};
use sim::system::place::{Model, Reader};
use sim::system::trace::What;

fn preset(slug: &str) -> Scenario {
    scenario(PRESETS.iter().find(|preset| preset.slug == slug).expect("the preset exists").json)
}

#[track_caller]
fn all_hold(scenario: &Scenario) {
    for invariant in outcome(scenario).invariants {
        assert_eq!(invariant.status, "holds", "{}", invariant.name);
    }
}

fn count(scenario: &Scenario, wanted: impl Fn(What) -> bool) -> usize {
    played(scenario).trace().iter().filter(|entry| wanted(entry.what)).count()
}

#[test]
fn a_queue_repeats_and_reorders_until_both_are_guarded_against() {
    let mut queue = preset("queue");
    assert!(count(&queue, |what| matches!(what, What::VisibleAgain(_))) > 0);
    let report = outcome(&queue);
    assert_eq!(status(&report, "exactly_once_effect"), "broken");
    assert_eq!(status(&report, "order_view_equals_truth"), "broken");
    each(&mut queue.options, |projection| projection.idempotency = Idempotency::ProcessedEvents);
    let report = outcome(&queue);
    assert_eq!(status(&report, "exactly_once_effect"), "holds");
    assert_eq!(status(&report, "order_view_equals_truth"), "broken", "the order is still lost");
    each(&mut queue.options, |projection| projection.sequencing = Sequencing::GapBuffer);
    all_hold(&queue);
}

#[test]
fn a_cut_one_way_publishes_again_and_again() {
    let mut cut = preset("one-way-cut");
    assert!(count(&cut, |what| matches!(what, What::Published { attempt, .. } if attempt > 3)) > 0);
    assert_eq!(count(&cut, |what| matches!(what, What::PublicationLost { .. })), 0);
    assert_eq!(status(&outcome(&cut), "exactly_once_effect"), "broken");
    each(&mut cut.options, |projection| projection.idempotency = Idempotency::ProcessedEvents);
    all_hold(&cut);
}

#[test]
fn an_outage_makes_models_stale_and_nothing_wrong() {
    let outage = preset("broker-outage");
    assert!(count(&outage, |what| matches!(what, What::PublicationRefused { .. })) > 0);
    assert!(count(&outage, |what| matches!(what, What::LinkStopped { .. })) > 0);
    assert_eq!(count(&outage, |what| what == What::BrokerBack), 1);
    let mut history = played(&outage);
    history.seek_time(sim::kernel::time::Micros::from_millis(5_900));
    assert!(history.machine().model(Model::OrderView).counts.stale > 5);
    assert!(history.machine().order_count() > 10, "orders are accepted all the same");
    all_hold(&outage);
}

#[test]
fn dead_letters_wait_for_a_replay_and_the_other_orders_go_on() {
    let letters = preset("dead-letters");
    let history = played(&letters);
    let stuck = Stuck::at(history.frontier().world(), Reader::Projection(Model::OrderView));
    assert!(stuck.parked > 1 && stuck.halted == 0, "{stuck:?}");
    let report = outcome(&letters);
    assert_eq!(status(&report, "nothing_stuck"), "broken");
    let view = &report.models[0];
    assert!(view.wrong == 0 && view.stale > 0 && view.stale * 2 < view.rows, "most orders are right: {view:?}");
    // The same run with every poisoned event mended.
    let mut mended = letters.clone();
    mended.overrides = history
        .trace()
        .iter()
        .filter_map(|entry| match entry.what {
            What::HandlingFailed { delivered, failures: 1 } => Some(delivered),
            _ => None,
        })
        .map(|delivered| {
            let subject = history.frontier().world().store().event(delivered.event).subject();
            let hop = delivered.reader.into();
            Override { purpose: Purpose::Poison, hop, subject, attempt: 1, fate: Fate::Never }
        })
        .collect();
    assert!(outcome(&mended).models[0].stale < view.stale);
}

#[test]
fn retention_eats_what_a_reader_has_not_read() {
    let mut eaten = preset("retention");
    let skipped = |what| matches!(what, What::RetentionSkipped { .. });
    assert_eq!(count(&eaten, skipped), 1);
    assert_eq!(status(&outcome(&eaten), "order_view_equals_truth"), "broken");
    assert_eq!(status(&outcome(&eaten), "sales_dashboard_equals_truth"), "holds", "its reader was not down");
    eaten.options.broker.retention = None;
    all_hold(&eaten);
}
