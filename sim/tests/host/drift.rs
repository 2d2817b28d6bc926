//! Drift: each of its causes, provoked; which detector sees which, and which it misses; and the remedy from alarm to record.

use crate::common::again::assert_plays_again;
use crate::common::{outcome, played, preset, scenario, status};
use sim::kernel::history::History;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::detections::{DetectorReport, detections};
use sim::oracle::judgement::{Freshness, OrderField};
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::scenario::recording::Scenario;
use sim::scenario::report::report;
use sim::shop::aggregate::Aggregate;
use sim::shop::ids::OrderId;
use sim::shop::money::Cents;
use sim::system::detection::{Detection, Detector, Finding};
use sim::system::fate::{Fate, Hop, Override, Purpose, Subject};
use sim::system::hands::{Hand, ModelAct, RowAct};
use sim::system::options::{
    Bounded, Bug, ChangedEvent, Checkpoint, Commit, Detectors, Every, FailurePolicy, Idempotency, OnAlarm, OnNewSchema,
    Rebuild, Sample, SchemaChange, Sequencing, SwitchWhen,
};
use sim::system::place::{Model, Reader};
use sim::system::trace::{Entry, What};
use sim::system::versions::Turn;
use sim::view::ledger::Cell;
use sim::view::log;
use sim::view::why::why;

const VIEW: Model = Model::OrderView;

/// Every detector, looking every 5 s.
fn all() -> Detectors {
    let every = Micros::from_secs(5);
    Detectors {
        count: Some(Every { every }),
        checksum: Some(Every { every }),
        sample: Some(Sample { every, share: Probability::from_percent(100) }),
        shadow: Some(Every { every }),
        stale_row: Some(Bounded { every, bound: Micros::from_secs(15) }),
        lag: Some(Bounded { every, bound: Micros::from_secs(15) }),
        ..Detectors::default()
    }
}

/// A shop whose order view is well protected, and watched.
fn healthy(seed: u64) -> Scenario {
    let mut scenario = scenario(
        r#"{ "version": 1, "name": "drift", "options": {
            "workload": { "orders": 80, "heal_after": "0s", "add_item": 0.3, "cancel": 0.2 },
            "projections": {
                "order_view": { "idempotency": "processed_events", "sequencing": "gap_buffer" },
                "sales_dashboard": { "idempotency": "processed_events" } } } }"#,
    );
    scenario.seed = seed;
    scenario.options.projections.order_view.detectors = Some(Box::new(all()));
    scenario
}

fn alarmed(history: &History<Lab>) -> Vec<Detector> {
    let raised: Vec<Detector> = history
        .trace()
        .iter()
        .filter_map(|entry| match entry.what {
            What::Detection(Detection::Alarm { detector, .. }) => Some(detector),
            _ => None,
        })
        .collect();
    Detector::ALL.into_iter().filter(|detector| raised.contains(detector)).collect()
}

/// The run in which hands do this at these seconds; it plays again as it was, from its recording.
fn touched(scenario: &Scenario, acts: &[(u64, Hand)]) -> History<Lab> {
    let mut history = played(scenario);
    for (second, hand) in acts {
        history.seek_time(Micros::from_secs(*second));
        history.change_here(Change::Hand(*hand));
        assert!(history.run_to_end(5_000_000));
    }
    assert_plays_again(scenario, &history);
    history
}

fn row(order: u32, act: RowAct) -> Hand {
    Hand::Row { which: VIEW, of: Some(OrderId(order).into()), act }
}

/// A run that drifts for one reason.
fn drifted(cause: &str) -> History<Lab> {
    let mut scenario = healthy(7);
    let options = &mut scenario.options;
    let view = &mut options.projections.order_view;
    match cause {
        "projector bug" => view.bug = Bug::ForgetsRemovals,
        "a bug that forgets the last event" => view.bug = Bug::ForgetsCancellations,
        "missed event" => {
            options.order_service.commit = Commit::DualWrite;
            options.order_service.crash.between = Probability::from_percent(5);
        }
        "skipped poison event" => {
            view.dead_letters.poison = Probability::from_percent(10);
            view.dead_letters.policy = FailurePolicy::Skip;
            view.sequencing = Sequencing::None;
        }
        "manual edit of a value" => return touched(&scenario, &[(90, row(3, RowAct::SetCents(Cents(1))))]),
        "manual delete of a row" => return touched(&scenario, &[(90, row(3, RowAct::Delete))]),
        "schema change" => {
            options.schema_changes = vec![SchemaChange { event: ChangedEvent::ItemAdded, at: Micros::from_secs(10) }];
            view.schema = OnNewSchema::Ignore;
        }
        "out of order" => {
            view.delivery.overtake = Probability::from_percent(30);
            view.delivery.overtake_hold = Micros::from_secs(8);
            view.sequencing = Sequencing::None;
        }
        "duplicates" => {
            view.delivery.duplicate = Probability::from_percent(20);
            view.idempotency = Idempotency::None;
            view.sequencing = Sequencing::None;
        }
        "partial replay" => {
            view.rebuild = Some(Box::new(Rebuild {
                at: Some(Micros::from_secs(60)),
                from_offset: 20,
                switch: SwitchWhen::Always,
                ..Rebuild::default()
            }));
            view.sequencing = Sequencing::None;
        }
        "bad checkpoint" => {
            view.checkpoint = Checkpoint::BeforeEffect;
            view.crash.between = Probability::from_percent(5);
            view.sequencing = Sequencing::None;
        }
        "halted projection" => {
            view.dead_letters.poison = Probability::from_percent(3);
            view.dead_letters.policy = FailurePolicy::Halt;
        }
        "enrichment changed" => {
            scenario = preset("read-models");
            let options = &mut scenario.options;
            options.schema_changes = vec![SchemaChange { event: ChangedEvent::CustomerRenamed, at: Micros::ZERO }];
            options.replicas.customers.schema = OnNewSchema::Upcast;
            options.projections.order_view.schema = OnNewSchema::Ignore;
            options.projections.order_view.detectors = Some(Box::new(all()));
        }
        _ => panic!("no such cause: {cause}"),
    }
    played(&scenario)
}

/// What of each detector's kind: count, checksum, sample of every row, shadow, stale row, lag.
const TABLE: [(&str, [bool; 6]); 13] = {
    const SEEN: bool = true;
    const MISSED: bool = false;
    [
        // The same code makes the same mistake, and no row is missing.
        ("projector bug", [MISSED, SEEN, SEEN, MISSED, MISSED, MISSED]),
        // The row never gets the version of what is forgotten, because nothing comes after it.
        ("a bug that forgets the last event", [MISSED, SEEN, SEEN, MISSED, SEEN, MISSED]),
        // Among them an order's first event, so a row is missing too.
        ("missed event", [SEEN, SEEN, SEEN, SEEN, SEEN, MISSED]),
        ("skipped poison event", [SEEN, SEEN, SEEN, SEEN, SEEN, MISSED]),
        ("manual edit of a value", [MISSED, SEEN, SEEN, SEEN, MISSED, MISSED]),
        ("manual delete of a row", [SEEN, SEEN, SEEN, SEEN, SEEN, MISSED]),
        ("schema change", [MISSED, SEEN, SEEN, MISSED, SEEN, MISSED]),
        // The row has every event, and so every version.
        ("out of order", [MISSED, SEEN, SEEN, SEEN, MISSED, MISSED]),
        ("duplicates", [MISSED, SEEN, SEEN, SEEN, MISSED, MISSED]),
        ("partial replay", [SEEN, SEEN, SEEN, SEEN, SEEN, MISSED]),
        ("bad checkpoint", [SEEN, SEEN, SEEN, SEEN, SEEN, MISSED]),
        ("enrichment changed", [MISSED, SEEN, SEEN, MISSED, MISSED, MISSED]),
        // No drift but lag: what the projection has not read by its own account is nobody's mistake yet.
        ("halted projection", [MISSED, MISSED, MISSED, MISSED, SEEN, SEEN]),
    ]
};

#[test]
fn each_detector_sees_its_causes_and_misses_the_others() {
    for (cause, seen) in TABLE {
        let history = drifted(cause);
        let counts = history.frontier().model(VIEW).counts;
        assert!(counts.stale + counts.wrong > 0, "{cause} makes no drift");
        let expected: Vec<Detector> =
            Detector::ALL.into_iter().zip(seen).filter(|(_, seen)| *seen).map(|(one, _)| one).collect();
        assert_eq!(alarmed(&history), expected, "{cause}");
        let outcome = report(history.frontier(), history.trace());
        assert_eq!(status(&outcome, "no_false_alarm"), "holds", "{cause}");
        for one in outcome.detectors {
            assert_eq!(one.first_alarm_ms.is_some(), one.found_max > 0, "{cause}: {one:?}");
        }
    }
}

#[test]
fn what_a_shadow_finds_are_the_rows_that_are_not_right() {
    for cause in ["missed event", "out of order", "duplicates", "bad checkpoint"] {
        let history = drifted(cause);
        let counts = history.frontier().model(VIEW).counts;
        let reports = detections(history.trace());
        let shadow = reports.iter().find(|one| one.detector == "shadow").expect("it has looked");
        assert_eq!(shadow.found_last, counts.stale + counts.wrong, "{cause}: the oracle counts as many");
    }
}

#[test]
fn a_healthy_shop_raises_no_alarm() {
    for seed in 0..12 {
        let mut shop = preset("read-models");
        shop.seed = seed;
        shop.options.projections.order_view.names = true;
        for (model, projection) in Model::ALL.into_iter().zip(shop.options.projections.all_mut()) {
            projection.idempotency = Idempotency::ProcessedEvents;
            let has_versions = !matches!(model, Model::SalesDashboard | Model::ProductStats);
            let detectors = all();
            let stale_row = detectors.stale_row.filter(|_| has_versions);
            projection.detectors = Some(Box::new(Detectors { stale_row, ..detectors }));
        }
        let outcome = outcome(&shop);
        assert!(outcome.detectors.len() > 30 && outcome.detectors.iter().all(|one| one.looks > 3), "{seed}");
        for one in &outcome.detectors {
            assert_eq!(one.found_max, 0, "seed {seed}: {one:?}");
        }
        assert_eq!(status(&outcome, "no_false_alarm"), "holds");
    }
}

#[test]
fn without_time_to_settle_alarms_are_false() {
    let mut hasty = healthy(3);
    let detectors = hasty.options.projections.order_view.detectors.as_mut().expect("it has some");
    detectors.settle = Micros::ZERO;
    let outcome = outcome(&hasty);
    assert_eq!(status(&outcome, "order_view_equals_truth"), "holds");
    assert_eq!(status(&outcome, "no_false_alarm"), "broken");
}

#[test]
fn a_small_sample_can_miss_what_a_replaced_fate_makes_it_see() {
    let edit = [(90, row(3, RowAct::SetCents(Cents(1))))];
    let mut scenario = healthy(7);
    let detectors = scenario.options.projections.order_view.detectors.as_mut().expect("it has some");
    detectors.sample = Some(Sample { every: Micros::from_secs(5), share: Probability::from_percent(1) });
    let history = touched(&scenario, &edit);
    assert!(!alarmed(&history).contains(&Detector::Sample));
    let looks = detections(history.trace()).iter().find(|one| one.detector == "sample").map_or(0, |one| one.looks);
    scenario.overrides.push(Override {
        purpose: Purpose::Sample,
        hop: Hop::OrderView,
        subject: Subject { of: OrderId(3).into(), n: looks },
        attempt: 1,
        fate: Fate::Happens,
    });
    assert!(alarmed(&touched(&scenario, &edit)).contains(&Detector::Sample));
}

#[test]
fn a_sum_is_looked_at_when_no_order_is_in_motion() {
    let mut shop = healthy(5);
    shop.options.projections.order_view.detectors = None;
    let dashboard = &mut shop.options.projections.sales_dashboard;
    dashboard.delivery.duplicate = Probability::from_percent(10);
    dashboard.idempotency = Idempotency::None;
    dashboard.detectors = Some(Box::new(Detectors { stale_row: None, ..all() }));
    let history = played(&shop);
    assert_eq!(alarmed(&history), [Detector::Checksum, Detector::Sample, Detector::Shadow]);
    let looks = history.trace().iter().filter_map(|entry| match entry.what {
        What::Detection(Detection::Looked { detector: Detector::Checksum, compared, left_out, .. }) => {
            Some((compared, left_out))
        }
        _ => None,
    });
    let looks: Vec<_> = looks.collect();
    assert!(looks.contains(&(0, 1)), "as long as orders come, it is left out: {looks:?}");
    assert_eq!(looks.last(), Some(&(1, 0)));
}

#[test]
fn detectors_watch_and_change_nothing() {
    let without_detections = |scenario: &Scenario| -> Vec<(Micros, What)> {
        let history = played(scenario);
        let entries = history.trace().iter().map(|entry| (entry.at, entry.what));
        entries.filter(|(_, what)| !matches!(what, What::Detection(_) | What::Quiet)).collect()
    };
    let mut shop = healthy(9);
    let watched = without_detections(&shop);
    shop.options.projections.order_view.detectors = None;
    assert!(watched == without_detections(&shop), "the same things happen at the same moments");
}

#[test]
fn a_row_written_by_hand_is_found_explained_and_lost_in_a_rebuild() {
    let mut shop = healthy(7);
    shop.options.projections.order_view.rebuild =
        Some(Box::new(Rebuild { switch: SwitchWhen::Always, ..Rebuild::default() }));
    let edit = row(3, RowAct::SetUnits(77));
    let history = touched(&shop, &[(90, edit)]);
    let cell = Cell::Order(OrderId(3), OrderField::Quantity);
    let shown = cell.shown(history.frontier());
    assert_eq!((shown.text.as_str(), shown.freshness), ("77", Freshness::Wrong));
    let mut at_the_end = history;
    at_the_end.seek_step(u64::MAX);
    let told = why(&at_the_end, cell);
    assert_eq!(told.answer, "you set the units of O-3 in the order view to 77.");
    assert!(told.steps.iter().any(|step| step.culprit));
    let (found, entry) = at_the_end.trace().iter().enumerate().find(|(_, entry)| {
        let of = Some(Aggregate::Order(OrderId(3)));
        matches!(entry.what, What::Detection(Detection::Found { finding: Finding::Row { of: row, .. }, .. }) if row == of)
    }).expect("the row is found");
    let line = log::line(at_the_end.frontier(), &entry, at_the_end.trace().part(..found)).text;
    assert_eq!(line, "sampled comparison of the order view: O-3 is wrong: quantity");
    let rebuild = Hand::Model { which: VIEW, act: ModelAct::Rebuild };
    let history = touched(&shop, &[(90, edit), (120, rebuild)]);
    assert_ne!(cell.shown(history.frontier()).text, "77", "no event says so");
    assert_eq!(status(&report(history.frontier(), history.trace()), "order_view_equals_truth"), "holds");
    let nothing_there = touched(&shop, &[(90, row(4_000, RowAct::Delete))]);
    assert!(nothing_there.trace().iter().any(|entry| matches!(entry.what, What::HandMissed(Hand::Row { .. }))));
}

#[test]
fn every_model_has_something_that_a_hand_can_write() {
    let mut shop = preset("read-models");
    for projection in shop.options.projections.all_mut() {
        projection.detectors = Some(Box::new(Detectors { checksum: all().checksum, ..Detectors::default() }));
    }
    let quiet = played(&shop);
    let lab = quiet.frontier();
    for model in Model::ALL {
        let keys = lab.world().projector(model).follower.target().keys();
        let of = keys.last().copied().unwrap_or_else(|| panic!("the {model} has no row"));
        let act = match model {
            Model::OrderView | Model::OrderWorkQueue => RowAct::Delete,
            Model::SalesDashboard | Model::ProductStats => RowAct::SetUnits(-1),
            Model::CustomerOrderHistory | Model::ProductSearch => RowAct::SetCents(Cents(-1)),
        };
        let history = touched(&shop, &[(600, Hand::Row { which: model, of, act })]);
        let alarm = |what| matches!(what, What::Detection(Detection::Alarm { reader, .. }) if reader == Reader::Projection(model));
        assert!(history.trace().iter().any(|entry| alarm(entry.what)), "{model}");
        let counts = history.frontier().model(model).counts;
        assert_eq!(counts.stale + counts.wrong, 1, "{model}");
    }
}

#[test]
fn from_drift_to_its_remedy_every_step_is_in_the_trace() {
    let history = played(&preset("drift"));
    let outcome = report(history.frontier(), history.trace());
    let [incident] = &outcome.incidents[..] else { panic!("one incident: {:?}", outcome.incidents) };
    assert_eq!((incident.model, incident.detector), ("order_view", "checksum"));
    let steps = [
        Some(incident.alarm_ms),
        incident.paused_ms,
        incident.rebuild_ms,
        incident.switched_ms,
        incident.resumed_ms,
        incident.cleared_ms,
    ];
    assert!(steps.iter().all(Option::is_some), "{incident:?}");
    assert!(steps.is_sorted(), "{incident:?}");
    assert!(incident.differing > Some(0), "the comparison names what had drifted");
    assert!(history.trace().iter().any(|entry| matches!(entry.what, What::Version(Turn::Differs { .. }))));
    let mut served = Vec::new();
    let at = |wanted: fn(What) -> bool| {
        let entry: Option<Entry> = history.trace().iter().find(|entry| wanted(entry.what));
        u64::from(entry.expect("it happens").step)
    };
    let moments = [
        at(|what| matches!(what, What::Detection(Detection::Alarm { .. }))) - 1,
        at(|what| matches!(what, What::Detection(Detection::Paused { .. }))),
        at(|what| matches!(what, What::Detection(Detection::Resumed { .. }))),
    ];
    history.visit(&moments, |_, lab| served.push(lab.world().serves(VIEW)));
    assert_eq!(served, [true, false, true]);
    for name in ["order_view_equals_truth", "rebuilt_equals_fold", "complete_when_switched", "no_false_alarm"] {
        assert_eq!(status(&outcome, name), "holds", "{name}");
    }
    let silent: Vec<&DetectorReport> = outcome.detectors.iter().filter(|one| one.first_alarm_ms.is_none()).collect();
    let silent: Vec<&str> = silent.into_iter().map(|one| one.detector).collect();
    assert_eq!(silent, ["count", "shadow", "lag"], "who looks only there never learns of it");
}

#[test]
fn without_the_remedy_the_drift_stays() {
    let mut left_alone = preset("drift");
    let detectors = left_alone.options.projections.order_view.detectors.as_mut().expect("it has some");
    detectors.on_alarm = OnAlarm::default();
    let outcome = outcome(&left_alone);
    assert_eq!(status(&outcome, "order_view_equals_truth"), "broken");
    assert_eq!(outcome.incidents[0].cleared_ms, None);
}

#[test]
fn a_hand_pauses_and_lets_serve_again() {
    let hand = |act| Hand::Model { which: VIEW, act };
    let history = touched(&healthy(1), &[(20, hand(ModelAct::PauseServing)), (30, hand(ModelAct::PauseServing))]);
    assert!(!history.frontier().world().serves(VIEW));
    assert!(history.trace().iter().any(|entry| matches!(entry.what, What::HandMissed(_))), "it is paused already");
    let history = touched(&healthy(1), &[(20, hand(ModelAct::PauseServing)), (30, hand(ModelAct::ResumeServing))]);
    assert!(history.frontier().world().serves(VIEW));
}

#[test]
fn detectors_stand_only_where_they_mean_something() {
    let refused = |projection: &str, field: &str| {
        let text = format!(r#"{{ "version": 1, "name": "x", "options": {{ {projection} }} }}"#);
        let error = Scenario::from_json(&text).expect_err(projection).to_string();
        assert!(error.contains(field), "{error}");
    };
    refused(
        r#""projections": { "sales_dashboard": { "detectors": { "stale_row": {} } } }"#,
        "options.projections.sales_dashboard.detectors.stale_row",
    );
    refused(r#""replicas": { "products": { "detectors": { "count": {} } } }"#, "options.replicas.products.detectors");
    refused(
        r#""projections": { "order_view": { "detectors": { "lag": { "every": "0s" } } } }"#,
        "options.projections.order_view.detectors.lag.every",
    );
}
