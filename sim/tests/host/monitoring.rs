//! Metrics, objectives and alerts, against what arithmetic says of a run without chance.

use crate::common;
use crate::common::{played, scenario};
use sim::kernel::time::Micros;
use sim::oracle::alert::{self, AlertRule, Condition, Severity};
use sim::oracle::metrics::{Meter, Metrics, Sampling};
use sim::oracle::objective;
use sim::scenario::machine::Change;
use sim::scenario::monitoring::Monitoring;
use sim::scenario::presets::PRESETS;
use sim::scenario::recording::Scenario;
use sim::system::hands::{Hand, ModelAct};
use sim::system::options::OnAlarm;
use sim::system::place::{Model, Reader};
use sim::view::gauges::{AlertState, Gauges};

const ORDER_VIEW: Reader = Reader::Projection(Model::OrderView);

fn preset(slug: &str) -> Scenario {
    let preset = PRESETS.iter().find(|preset| preset.slug == slug).expect("the preset is there");
    scenario(preset.json)
}

fn monitored(scenario: &Scenario) -> Monitoring {
    let history = played(scenario);
    Monitoring::of(scenario, history.frontier(), history.trace())
}

/// Order n is committed at 50 ms x n and visible at 50 ms + 100 ms x n: after t seconds the oldest invisible one is number
/// 10 t, committed at t / 2.
#[test]
fn lag_grows_by_half_a_second_every_second() {
    let monitoring = monitored(&preset("alerts"));
    for second in [1_u32, 60, 150, 300] {
        let sample = monitoring.metrics.samples[second as usize - 1];
        let reader = sample.readers[ORDER_VIEW.index()];
        assert_eq!(sample.at, Micros::from_secs(u64::from(second)));
        assert_eq!(reader.lag, Micros::from_millis(500 * u64::from(second)), "after {second} s");
        assert_eq!(reader.position.0, 10 * second - 1);
        assert_eq!(reader.lag_events, (20 * second).min(3_000) - (10 * second - 1));
    }
    let second = monitoring.metrics.samples[99].readers[ORDER_VIEW.index()];
    assert_eq!((second.processed, second.published, second.processed_total), (10, 20, 999));
}

#[test]
fn alerts_fire_and_clear_when_arithmetic_says() {
    let report = monitored(&preset("alerts")).report();
    let alerts: Vec<_> =
        report.alerts.iter().map(|one| (one.name.as_str(), one.severity, one.fired_ms, one.cleared_ms)).collect();
    assert_eq!(
        alerts,
        [
            ("Falling behind", "alert", 31_000, Some(151_000)),
            ("Lag", "alert", 121_000, Some(301_000)),
            ("Lag for long", "page", 181_000, Some(301_000)),
        ]
    );
    assert!(report.alerts.iter().all(|one| one.reader == Some("order_view")), "the dashboard keeps up");
}

#[test]
fn alerts_are_told_in_words() {
    let lines = monitored(&preset("alerts")).alert_lines();
    let texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(
        texts[..3],
        [
            "alert \"Falling behind\" fires: order view processed 10 of 20 events published in 1 s, for 30 s",
            "alert \"Lag\" fires: order view is 60.50 s behind, more than 60 s",
            "alert \"Falling behind\" is cleared after 120 s",
        ]
    );
}

/// Order n waits for 50 ms + 50 ms x n: the first 59 are visible within 3 s.
#[test]
fn objectives_count_every_event() {
    let report = monitored(&preset("alerts")).report();
    let visible = &report.slos[0];
    assert_eq!((visible.good, visible.total, visible.met), (59, 3_000, false));
    assert_eq!(visible.text, "1.96 % of 3,000 events were visible in the order view within 3 s: missed (99 % wanted)");
    let commands = &report.slos[1];
    assert_eq!((commands.good, commands.total, commands.met), (3_000, 3_000, true));
}

#[test]
fn a_projection_that_keeps_up_meets_its_objectives_and_wakes_nobody() {
    let mut fixed = preset("alerts");
    fixed.options.projections.order_view.service = sim::kernel::distribution::Distribution::constant_millis(10);
    let report = monitored(&fixed).report();
    assert!(report.alerts.is_empty() && report.slos.iter().all(|slo| slo.met), "{report:?}");
}

#[test]
fn an_event_that_is_never_visible_counts_against_the_objective() {
    let mut lossy = preset("alerts");
    lossy.options.workload.orders = 10;
    lossy.options.broker.acks = sim::system::options::Acks::None;
    lossy.options.broker.publish.loss = sim::kernel::probability::Probability::ALWAYS;
    // The run is quiet after half a second, so what is lost has to be visible within less.
    lossy.slo[0].within = Micros::from_millis(100);
    let slo = &monitored(&lossy).report().slos[0];
    // The last two orders are too young to tell: 0 ms and 50 ms old, and the one of 100 ms is in time still.
    assert_eq!((slo.good, slo.total, slo.met), (0, 7, false));
}

#[test]
fn the_usual_rules_are_the_seeds_own() {
    let rules: Vec<(Severity, Condition, Micros)> =
        alert::usual().iter().map(|AlertRule { severity, when, lasting, .. }| (*severity, *when, *lasting)).collect();
    let seconds = Micros::from_secs;
    assert_eq!(
        rules,
        [
            (Severity::Alert, Condition::LagAbove(seconds(60)), seconds(0)),
            (Severity::Alert, Condition::ThroughputBelowPublishRate, seconds(30)),
            (Severity::Page, Condition::LagAbove(seconds(60)), seconds(600)),
            (Severity::Ticket, Condition::LagAbove(seconds(10)), seconds(1_800)),
        ]
    );
    assert_eq!(objective::usual()[0].within, seconds(3));
}

#[test]
fn what_is_measured_agrees_with_what_the_oracle_watches() {
    for text in [common::LONG_FAULTY_RUN, include_str!("../common/window.json")] {
        let scenario = scenario(text);
        let history = played(&scenario);
        let metrics = Metrics::of(history.frontier(), history.trace(), scenario.metrics);
        let mut steps = Vec::new();
        for sample in &metrics.samples {
            let entries = history.trace().partition_point(|entry| entry.at <= sample.at);
            steps.push(u64::from(history.trace().part(..entries).last().map_or(0, |entry| entry.step)));
        }
        let mut samples = metrics.samples.iter();
        history.visit(&steps, |_, lab| {
            let sample = samples.next().expect("one for each step");
            for reader in Reader::ALL {
                let (events, lag) = lab.watch(reader).lag(lab.world().store(), sample.at);
                let one = sample.readers[reader.index()];
                assert_eq!((one.lag_events as usize, one.lag), (events, lag), "{reader} at {}", sample.at);
            }
        });
    }
}

#[test]
fn a_very_long_run_is_sampled_less_often() {
    let scenario = preset("alerts");
    let history = played(&scenario);
    let metrics = Metrics::of(history.frontier(), history.trace(), Sampling { every: Micros(1) });
    assert!(metrics.samples.len() <= 50_001 && metrics.every > Micros(1), "{} samples", metrics.samples.len());
}

#[test]
fn rules_that_can_not_be_are_refused_with_their_place() {
    let refused = |fields: &str| {
        let text = format!(r#"{{ "version": 1, "name": "x", {fields} }}"#);
        Scenario::from_json(&text).expect_err("it is refused").to_string()
    };
    assert_eq!(refused(r#""metrics": { "every": "0s" }"#), "metrics.every: expected at least 1 ms, found 0 ms");
    assert_eq!(
        refused(r#""alerts": [{ "name": "x", "when": { "lag_above": "2h" } }]"#),
        "alerts[0].when.lag_above: expected at most 1 hour, found 7200 s"
    );
    let unknown = refused(r#""slo": [{ "name": "x", "reader": "nobody" }]"#);
    assert!(unknown.starts_with("slo[0].reader (line 1): expected a reader such as"), "{unknown}");
}

#[test]
fn metrics_that_are_read_bit_by_bit_are_the_same() {
    for slug in ["alerts", "read-models", "rebuild", "eventual-reads"] {
        let scenario = preset(slug);
        let history = played(&scenario);
        let (lab, trace) = (history.frontier(), history.trace());
        let mut meter = Meter::new(lab, scenario.metrics);
        while meter.read_on(lab, trace, 700) {}
        assert!(meter.fits(lab, scenario.metrics));
        assert_eq!(meter.so_far(lab), Metrics::of(lab, trace, scenario.metrics), "{slug}");
    }
}

#[test]
fn a_screen_is_shown_alerts_that_are_pending_and_how_far_a_rebuild_has_come() {
    let readings = |slug: &str| {
        let scenario = preset(slug);
        let history = played(&scenario);
        let mut gauges = Gauges::new(history.frontier(), scenario.metrics);
        gauges.read_on(history.frontier(), history.trace(), usize::MAX);
        gauges.readings(history.frontier(), None, &scenario.slo, &scenario.alerts)
    };
    let seen = readings("alerts");
    let page = seen.alerts.iter().find(|one| one.severity == Severity::Page).expect("there is a page");
    let at = |second| page.at(Micros::from_secs(second));
    assert_eq!([at(120), at(150)], [None, Some(AlertState::Pending)]);
    assert_eq!([at(200), at(301)], [Some(AlertState::Firing), Some(AlertState::Resolved)]);
    let lag = seen.series.iter().find(|one| one.name == "projection_lag_seconds").expect("it is there");
    let point = seen.point(Micros::from_secs(60)).expect("a minute has passed");
    assert_eq!(lag.unit.told(lag.values[point], seen.every), "30 s");
    assert!(!seen.objectives[0].met);
    let seen = readings("rebuild");
    assert_eq!(seen.rebuild(Micros::from_secs(1)), None);
    assert!(seen.rebuilds.iter().any(|step| step.handled.is_some_and(|(done, all)| done == all && all > 0)));
}

#[test]
fn detected_drift_wakes_somebody_and_lets_him_sleep_again_when_it_is_mended() {
    let drifting = preset("drift");
    let [incident] = &common::outcome(&drifting).incidents[..] else { panic!("one incident") };
    let monitoring = monitored(&drifting);
    let [alert] = &monitoring.report().alerts[..] else { panic!("one alert: {:?}", monitoring.alerts) };
    assert_eq!((alert.severity, alert.reader), ("page", Some("order_view")));
    // Samples are taken every second: the first one after the alarm.
    assert!((incident.alarm_ms..=incident.alarm_ms + 1_000).contains(&alert.fired_ms), "{alert:?} {incident:?}");
    let cleared = alert.cleared_ms.expect("it is mended");
    assert!(cleared >= incident.switched_ms.expect("version 2 serves"), "not before version 2 serves");
    assert_eq!(
        monitoring.alert_lines()[0].1,
        "page \"Drift\" fires: order view has drifted, says the detector by checksum"
    );
    let mut healthy = drifting.clone();
    healthy.options.projections.order_view.bug = Default::default();
    assert!(monitored(&healthy).alerts.is_empty(), "who has not drifted wakes nobody");
    let mut unwatched = drifting;
    unwatched.options.projections.order_view.detectors = None;
    assert!(monitored(&unwatched).alerts.is_empty(), "what nobody looks for is not found");
}

/// The order view drifts, an alarm is raised, and nothing is done about it but what these changes do, each at its second.
fn drifting(changes: impl Fn(&Scenario) -> Vec<(u64, Change)>) -> Monitoring {
    let mut scenario = preset("drift");
    let view = &mut scenario.options.projections.order_view;
    view.detectors.as_mut().expect("it is watched").on_alarm = OnAlarm::default();
    let rebuild = view.rebuild.as_mut().expect("it can be rebuilt");
    rebuild.with.as_mut().expect("version 2 has options of its own").bug = view.bug;
    let mut history = played(&scenario);
    for (second, change) in changes(&scenario) {
        history.seek_time(Micros::from_secs(second));
        history.change_here(change);
        assert!(history.run_to_end(5_000_000));
    }
    Monitoring::of(&scenario, history.frontier(), history.trace())
}

#[test]
fn a_detector_that_is_switched_off_takes_its_alarm_with_it() {
    let on = drifting(|_| Vec::new());
    assert_eq!((on.alerts.len(), on.alerts[0].cleared), (1, None), "nobody mends it");
    let fired = on.alerts[0].fired.0 / 1_000_000;
    let off = drifting(|scenario| {
        let mut options = scenario.options.clone();
        options.projections.order_view.detectors = None;
        vec![(fired + 1, Change::Options(Box::new(options)))]
    });
    let cleared = off.alerts[0].cleared.expect("nobody looks any more");
    assert!(cleared <= on.alerts[0].fired + Micros::from_secs(7), "with its next look: {cleared}");
}

#[test]
fn a_version_that_has_drifted_too_ends_no_alert() {
    let hand = |act| Change::Hand(Hand::Model { which: Model::OrderView, act });
    let fired = drifting(|_| Vec::new()).alerts[0].fired.0 / 1_000_000;
    let monitoring = drifting(|_| vec![(fired + 1, hand(ModelAct::Rebuild)), (fired + 8, hand(ModelAct::Switch))]);
    let told: Vec<_> = monitoring.alerts.iter().map(|alert| (alert.reader, alert.cleared.is_some())).collect();
    let second = Reader::Second(Model::OrderView);
    assert_eq!(told, [(Some(ORDER_VIEW), true), (Some(second), false)], "the same code is wrong in version 2");
}
