//! The life of read models: a rebuild beside the version that serves, its comparison, switch, rollback and retirement.

use crate::common::{outcome, played, preset, status};
use sim::kernel::history::History;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::judgement::Freshness;
use sim::oracle::lab::Lab;
use sim::oracle::metrics::Metrics;
use sim::scenario::machine::Change;
use sim::scenario::recording::{Recording, Scenario};
use sim::scenario::report::{report, trace_hash};
use sim::system::hands::{Hand, ModelAct};
use sim::system::options::{
    BrokerKind, Bug, Consumer, Idempotency, Options, Rebuild, RebuildSource, RebuildWhere, SwitchWhen,
};
use sim::system::place::{Model, Reader};
use sim::system::trace::What;
use sim::system::versions::{Difference, Stage, Turn};

const MODEL: Model = Model::OrderView;
const SECOND: Reader = Reader::Second(MODEL);

fn edit(scenario: &mut Scenario, edit: impl FnOnce(&mut Rebuild)) {
    edit(scenario.options.projections.order_view.rebuild.get_or_insert_default());
}

fn with(scenario: &mut Scenario, change: impl FnOnce(&mut Consumer)) {
    edit(scenario, |rebuild| change(rebuild.with.get_or_insert_default()));
}

/// A drifted order view, and a rebuild at 20 s with one thing changed.
fn rebuilt(change: impl FnOnce(&mut Rebuild)) -> Scenario {
    let mut scenario = preset("rebuild");
    edit(&mut scenario, change);
    scenario
}

fn turns(history: &History<Lab>) -> Vec<Turn> {
    let turns = history.trace().iter().filter_map(|entry| match entry.what {
        What::Version(turn) => Some(turn),
        _ => None,
    });
    turns.collect()
}

/// The stages of a version, in order.
fn stages(history: &History<Lab>, wanted: Reader) -> Vec<Stage> {
    let stages = turns(history).into_iter().filter_map(|turn| match turn {
        Turn::Stage { reader, to, .. } if reader == wanted => Some(to),
        _ => None,
    });
    stages.collect()
}

fn compared(history: &History<Lab>) -> Option<(u32, bool, bool)> {
    turns(history).into_iter().find_map(|turn| match turn {
        Turn::Compared { differing, same_checksum, level, .. } => Some((differing, same_checksum, level)),
        _ => None,
    })
}

fn end_of(history: &History<Lab>, name: &str) -> &'static str {
    status(&report(history.frontier(), history.trace()), name)
}

#[test]
fn a_rebuild_mends_a_drifted_model_while_the_old_version_serves() {
    let mut without = preset("rebuild");
    without.options.projections.order_view.rebuild = None;
    assert_eq!(status(&outcome(&without), "order_view_equals_truth"), "broken", "without it the drift stays");
    let history = played(&preset("rebuild"));
    assert_eq!(stages(&history, SECOND), [Stage::Building, Stage::Shadowing, Stage::Serving]);
    assert_eq!(stages(&history, Reader::Projection(MODEL)), [Stage::Deprecated, Stage::Retired]);
    let (differing, same_checksum, level) = compared(&history).expect("the versions are compared");
    assert!(differing > 3 && !same_checksum && level, "{differing} rows differ");
    let named = turns(&history).iter().filter(|turn| matches!(turn, Turn::Differs { .. })).count();
    assert_eq!(named, 5, "so many are named");
    for name in
        ["order_view_equals_truth", "complete_when_switched", "rebuilt_equals_fold", "rebuild_has_whole_history"]
    {
        assert_eq!(end_of(&history, name), "holds", "{name}");
    }
}

#[test]
fn the_comparison_finds_exactly_the_rows_that_are_wrong() {
    let history = played(&rebuilt(|rebuild| rebuild.samples = 50));
    let at = history.trace().iter().find(|entry| matches!(entry.what, What::Version(Turn::Compared { .. })));
    let step = u64::from(at.expect("compared").step);
    let mut wrong = Vec::new();
    history.visit(&[step - 1], |_, lab| {
        let watch = lab.model(MODEL);
        wrong = lab.all().into_iter().filter(|of| watch.judged(*of).worst() == Freshness::Wrong).collect();
    });
    let mut named: Vec<_> = turns(&history)
        .into_iter()
        .filter_map(|turn| match turn {
            Turn::Differs { of, what: Difference::Cell(_), .. } => of,
            _ => None,
        })
        .collect();
    named.sort_unstable();
    wrong.sort_unstable();
    assert_eq!(named, wrong, "the oracle names the same rows");
}

#[test]
fn equal_versions_switch_by_themselves_and_different_ones_wait() {
    let mut sound = rebuilt(|rebuild| rebuild.switch = SwitchWhen::IfEqual);
    let history = played(&sound);
    assert_eq!(stages(&history, SECOND), [Stage::Building, Stage::Shadowing], "it differs, so it waits for a hand");
    sound.options.projections.order_view.idempotency = Idempotency::ProcessedEvents;
    let history = played(&sound);
    assert_eq!(compared(&history), Some((0, true, true)));
    assert_eq!(stages(&history, SECOND).last(), Some(&Stage::Serving));
}

#[test]
fn every_read_model_can_be_rebuilt_and_then_equals_the_truth() {
    for model in Model::ALL {
        let mut scenario = preset("read-models");
        scenario.options.workload.orders = 40;
        for projection in scenario.options.projections.all_mut() {
            projection.idempotency = Idempotency::ProcessedEvents;
        }
        let rebuild = Rebuild { at: Some(Micros::from_secs(5)), ..Rebuild::default() };
        scenario.options.projections.all_mut()[model.index()].rebuild = Some(Box::new(rebuild));
        let history = played(&scenario);
        assert_eq!(history.frontier().world().in_service(Reader::Projection(model)), Reader::Second(model), "{model}");
        let business = ["price_in_force", "no_oversell"];
        let verdicts = report(history.frontier(), history.trace()).invariants;
        for verdict in verdicts.iter().filter(|verdict| !business.contains(&verdict.name)) {
            assert_eq!(verdict.status, "holds", "{} after a rebuild of the {model}", verdict.name);
        }
    }
}

#[test]
fn faults_strike_the_new_version_too() {
    let mut faulty = preset("rebuild");
    with(&mut faulty, |second| second.idempotency = Idempotency::None);
    let history = played(&faulty);
    let doubled = |what| matches!(what, What::DeliveryDoubled(delivered) if delivered.reader == SECOND);
    assert!(history.trace().iter().any(|entry| doubled(entry.what)));
    assert_eq!(end_of(&history, "rebuilt_equals_fold"), "broken", "the new version has drifted in its turn");
}

#[test]
fn a_version_with_a_bug_is_wrong_and_the_fixed_one_is_right() {
    let mut buggy = preset("rebuild");
    edit(&mut buggy, |rebuild| rebuild.at = Some(Micros::from_secs(30)));
    let view = &mut buggy.options.projections.order_view;
    view.delivery.duplicate = sim::kernel::probability::Probability::NEVER;
    view.bug = Bug::ForgetsCancellations;
    let history = played(&buggy);
    assert!(compared(&history).expect("compared").0 > 0);
    assert_eq!(end_of(&history, "order_view_equals_truth"), "holds");
    with(&mut buggy, |second| second.bug = Bug::ForgetsCancellations);
    let history = played(&buggy);
    assert_eq!(compared(&history).expect("compared"), (0, true, true), "two wrong versions agree");
    assert_eq!(end_of(&history, "order_view_equals_truth"), "broken");
    assert_eq!(end_of(&history, "rebuilt_equals_fold"), "broken");
}

#[test]
fn a_partial_replay_is_not_complete_when_it_is_switched_to() {
    let history = played(&rebuilt(|rebuild| rebuild.from_offset = 30));
    assert_eq!(end_of(&history, "complete_when_switched"), "broken");
    assert_eq!(end_of(&history, "order_view_equals_truth"), "broken");
}

#[test]
fn a_rebuild_without_history_fails_and_says_so() {
    let mut late = preset("rebuild-without-history");
    let history = played(&late);
    assert_eq!(stages(&history, SECOND), [Stage::Building, Stage::Retired]);
    assert!(turns(&history).iter().any(|turn| matches!(turn, Turn::HistoryGone { first: Some(1..), .. })));
    assert_eq!(end_of(&history, "rebuild_has_whole_history"), "broken");
    assert_eq!(history.frontier().world().in_service(SECOND), Reader::Projection(MODEL), "the old one still serves");
    edit(&mut late, |rebuild| rebuild.source = RebuildSource::EventStore);
    let history = played(&late);
    assert_eq!(stages(&history, SECOND).last(), Some(&Stage::Serving));
    for name in ["rebuild_has_whole_history", "rebuilt_equals_fold", "order_view_equals_truth"] {
        assert_eq!(end_of(&history, name), "holds", "{name}");
    }
}

#[test]
fn what_is_eaten_during_a_rebuild_ends_it_and_a_queue_has_nothing_to_replay() {
    let mut slow = preset("rebuild");
    slow.options.broker.retention = Some(60);
    edit(&mut slow, |rebuild| rebuild.at = Some(Micros::from_secs(10)));
    with(&mut slow, |second| {
        (second.batch, second.prefetch) = (1, 1);
        second.service = sim::kernel::distribution::Distribution::constant_millis(800);
    });
    let history = played(&slow);
    assert_eq!(stages(&history, SECOND), [Stage::Building, Stage::Retired]);
    assert_eq!(end_of(&history, "rebuild_has_whole_history"), "broken");
    let mut queue = preset("rebuild");
    queue.options.broker.kind = BrokerKind::Queue;
    let history = played(&queue);
    assert!(turns(&history).iter().any(|turn| matches!(turn, Turn::HistoryGone { first: None, .. })));
}

/// Versions of the dashboard that equal each other before both have got everything: nothing in it changes when an order is
/// shipped. How many of them are switched to, and none of them too early.
fn switched_when_complete(change: impl Fn(&mut Options)) -> u32 {
    let mut switched = 0;
    for seed in 0..300 {
        let mut scenario = preset("rebuild");
        scenario.seed = seed;
        scenario.options.workload.orders = 8;
        scenario.options.broker.partitions = 1;
        scenario.options.projections.order_view.rebuild = None;
        let dashboard = &mut scenario.options.projections.sales_dashboard;
        dashboard.instances = 3;
        dashboard.delivery.loss = Probability::from_percent(30);
        dashboard.rebuild = Some(Box::new(Rebuild {
            at: Some(Micros::from_secs(5)),
            source: RebuildSource::EventStore,
            compare_within: Micros::from_secs(60),
            ..Rebuild::default()
        }));
        change(&mut scenario.options);
        let history = played(&scenario);
        let second = Reader::Second(Model::SalesDashboard);
        switched += u32::from(stages(&history, second).contains(&Stage::Serving));
        assert_ne!(end_of(&history, "complete_when_switched"), "broken", "seed {seed}");
    }
    switched
}

#[test]
fn versions_that_read_queues_switch_only_when_the_new_one_has_got_everything() {
    let switched = switched_when_complete(|options| {
        options.broker.kind = BrokerKind::Queue;
        options.broker.queue.visibility = Micros::from_secs(10);
    });
    assert!(switched > 50, "{switched} of 300");
}

#[test]
fn what_the_old_version_has_handled_out_of_turn_counts_too() {
    let switched = switched_when_complete(|options| {
        options.workload.heal_after = Micros::from_secs(60);
        let dashboard = &mut options.projections.sales_dashboard;
        dashboard.delivery.overtake = Probability::from_percent(40);
        dashboard.delivery.overtake_hold = Micros::from_secs(2);
        let rebuild = dashboard.rebuild.get_or_insert_default();
        (rebuild.at, rebuild.shadow_for) = (Some(Micros::from_secs(1)), Micros::from_millis(200));
    });
    assert!(switched > 50, "{switched} of 300");
}

#[test]
fn in_place_the_rows_are_gone_until_they_are_made_again() {
    let mut scenario = rebuilt(|rebuild| rebuild.place = RebuildWhere::InPlace);
    scenario.options.projections.order_view.idempotency = Idempotency::ProcessedEvents;
    let history = played(&scenario);
    assert_eq!(stages(&history, Reader::Projection(MODEL)), [Stage::Rebuilding, Stage::Serving]);
    let mut rows = Vec::new();
    let step_of = |wanted: Stage| {
        let is = |what| matches!(what, What::Version(Turn::Stage { to, .. }) if to == wanted);
        u64::from(history.trace().iter().find(|entry| is(entry.what)).expect("a stage").step)
    };
    let moments = [step_of(Stage::Rebuilding) - 1, step_of(Stage::Rebuilding), step_of(Stage::Serving)];
    history.visit(&moments, |_, lab| rows.push(lab.rows(MODEL)));
    assert!(rows[0] > 10 && rows[1] == 0 && rows[2] >= rows[0], "{rows:?}");
    assert_eq!(end_of(&history, "order_lifecycle"), "broken", "who reads meanwhile sees orders go back");
    assert_eq!(end_of(&history, "order_view_equals_truth"), "holds");
}

#[test]
fn progress_is_told_with_an_estimate_that_comes_true() {
    let mut scenario = preset("rebuild");
    with(&mut scenario, |second| {
        second.delivery = sim::system::options::Link {
            delay: sim::kernel::distribution::Distribution::constant_millis(0),
            ..Default::default()
        };
        (second.batch, second.service) = (1, sim::kernel::distribution::Distribution::constant_millis(50));
    });
    let history = played(&scenario);
    let mut estimates = Vec::new();
    let mut caught_up = Micros::ZERO;
    for entry in history.trace() {
        match entry.what {
            What::Version(Turn::Progress { left: Some(left), .. }) => estimates.push(entry.at + left),
            What::Version(Turn::CaughtUp { .. }) => caught_up = entry.at,
            _ => {}
        }
    }
    assert!(estimates.len() >= 5, "{} estimates", estimates.len());
    for estimate in &estimates[2..] {
        let off = estimate.0.abs_diff(caught_up.0);
        assert!(off < 1_500_000, "{estimate} was estimated, and it was {caught_up}");
    }
    let report = report(history.frontier(), history.trace());
    let took = report.rebuilds[0].projection_rebuild_duration_ms.expect("it has caught up");
    assert_eq!(took, caught_up.as_millis() - 20_000);
}

/// A run that hands touch at these moments; it plays again as it was, from its recording.
fn touched(scenario: &Scenario, acts: &[(u64, ModelAct)]) -> History<Lab> {
    let mut history = played(scenario);
    for (second, act) in acts {
        history.seek_time(Micros::from_secs(*second));
        history.change_here(Change::Hand(Hand::Model { which: MODEL, act: *act }));
        assert!(history.run_to_end(5_000_000));
    }
    let recording = Recording { scenario: scenario.clone(), changes: history.changes().to_vec() };
    let read = Recording::from_json(&recording.to_json()).expect("reads back");
    let mut again: History<Lab> = History::new(&read.scenario, read.changes);
    assert!(again.run_to_end(5_000_000));
    assert_eq!(trace_hash(again.trace()), trace_hash(history.trace()), "a recording plays as it was");
    history
}

#[test]
fn hands_rebuild_switch_roll_back_and_retire() {
    let scenario = rebuilt(|rebuild| {
        rebuild.at = None;
        rebuild.switch = SwitchWhen::ByHand;
        rebuild.keep_for = Micros::from_secs(3_600);
    });
    let acts = [
        (15, ModelAct::Rebuild),
        (30, ModelAct::Switch),
        (32, ModelAct::RollBack),
        (34, ModelAct::RollBack),
        (36, ModelAct::Retire),
    ];
    let history = touched(&scenario, &acts);
    let first = stages(&history, Reader::Projection(MODEL));
    assert_eq!(first, [Stage::Deprecated, Stage::Serving, Stage::Deprecated, Stage::Retired]);
    let second = stages(&history, SECOND);
    assert_eq!(second, [Stage::Building, Stage::Shadowing, Stage::Serving, Stage::Deprecated, Stage::Serving]);
    assert_eq!(end_of(&history, "order_view_equals_truth"), "holds");
    // The places take turns: the third version is built where the first one was.
    let history = touched(&scenario, &[&acts[..], &[(37, ModelAct::Rebuild), (38, ModelAct::Rebuild)]].concat());
    let third = turns(&history).into_iter().find(|turn| matches!(turn, Turn::Stage { number: 3, .. }));
    assert!(matches!(third, Some(Turn::Stage { reader: Reader::Projection(_), to: Stage::Building, .. })), "{third:?}");
    assert!(history.trace().iter().any(|entry| matches!(entry.what, What::HandMissed(Hand::Model { .. }))));
}

#[test]
fn only_legal_turns_are_in_any_trace() {
    for scenario in
        [preset("rebuild"), preset("rebuild-without-history"), rebuilt(|one| one.place = RebuildWhere::InPlace)]
    {
        for turn in turns(&played(&scenario)) {
            if let Turn::Stage { from, to, .. } = turn {
                assert!(from.leads_to(to), "{from} to {to}");
            }
        }
    }
}

#[test]
fn metrics_count_a_version_as_long_as_it_runs() {
    let scenario = preset("rebuild");
    let history = played(&scenario);
    let metrics = Metrics::of(history.frontier(), history.trace(), scenario.metrics);
    for reader in [Reader::Projection(MODEL), SECOND] {
        let last = metrics.samples.last().expect("samples").readers[reader.index()];
        let (events, _) = history.frontier().watch(reader).lag(history.frontier().world().store(), Micros::ZERO);
        assert_eq!(last.lag_events as usize, events, "{reader}");
        assert_eq!(last.serves, reader == SECOND, "{reader}");
    }
    let building = metrics.samples.iter().map(|sample| sample.readers[SECOND.index()].lag_events).max();
    assert!(building > Some(50), "the whole history is ahead of it: {building:?}");
}

#[test]
fn without_a_rebuild_nothing_is_different() {
    let mut scenario = preset("rebuild");
    edit(&mut scenario, |rebuild| rebuild.at = None);
    let with = trace_hash(played(&scenario).trace());
    scenario.options.projections.order_view.rebuild = None;
    assert_eq!(with, trace_hash(played(&scenario).trace()), "a plan that never begins changes nothing");
}
