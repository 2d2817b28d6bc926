//! The moments at which verdicts change, as the lab notes them while a run is played, against the verdicts themselves, looked
//! at after every single step.

use crate::common;
use std::collections::BTreeMap;

use crate::common::{played, preset};
use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::oracle::standing::Matter;
use sim::scenario::machine::Change;
use sim::scenario::presets::PRESETS;
use sim::shop::ids::OrderId;
use sim::system::hands::{Hand, ModelAct, RowAct};
use sim::system::node::Node;
use sim::system::options::Options;
use sim::system::place::{Model, Reader};
use sim::view::timeline::timeline;
use sim::view::verdict::VerdictStatus;
use sim::view::verdicts::verdicts;

type Statuses = BTreeMap<&'static str, VerdictStatus>;

/// A verdict that nobody is shown says nothing against the system.
fn worst_of(lab: &Lab) -> Statuses {
    let all = verdicts(lab).into_iter().map(|verdict| (verdict.name, verdict.status));
    all.filter(|(_, status)| *status != VerdictStatus::Holds).collect()
}

/// The steps after which some verdict stands otherwise than before.
fn looked_at(history: &mut History<Lab>) -> Vec<u64> {
    let (mut before, mut changed) = (Statuses::new(), Vec::new());
    for step in 0..=history.steps_known() {
        history.seek_step(step);
        let now = worst_of(history.machine());
        if now != before {
            changed.push(step);
        }
        before = now;
    }
    changed
}

/// The same steps, from what the lab noted and from the first time that each promise was broken.
fn noted(history: &History<Lab>) -> Vec<u64> {
    let lab = history.frontier();
    let mut steps: Vec<u64> = lab.standings().changes().map(|change| u64::from(change.step)).collect();
    steps.extend(verdicts(lab).iter().filter_map(|verdict| verdict.first).map(|(step, _)| step));
    steps.sort_unstable();
    steps.dedup();
    steps
}

#[test]
fn every_change_of_a_verdict_is_noted_and_nothing_else() {
    let mut changes = 0;
    for preset in PRESETS {
        let scenario = common::scenario(preset.json);
        let mut history: History<Lab> = History::new(&scenario, Vec::new());
        history.run_to_end(15_000);
        let seen = looked_at(&mut history);
        assert_eq!(seen, noted(&history), "{}", preset.slug);
        changes += seen.len();
    }
    assert!(changes > 50, "the presets show changes: {changes}");
}

/// The same where hands bring about what no step does: a row is written, a version switched, and what was parked replayed.
#[test]
fn every_change_by_hand_is_noted_too() {
    let view = Model::OrderView;
    let row = |order, act| Change::Hand(Hand::Row { which: view, of: Some(OrderId(order).into()), act });
    let model = |act| Change::Hand(Hand::Model { which: view, act });
    let replay = || Change::ReplayParked(Node::Reader(Reader::Projection(view), None));
    let touched = [
        ("first-minute", vec![row(1, RowAct::SetUnits(77)), model(ModelAct::Rebuild), model(ModelAct::Switch)]),
        ("dead-letters", vec![replay(), row(2, RowAct::Delete), replay()]),
        ("rebuild", vec![model(ModelAct::Rebuild), model(ModelAct::Switch), model(ModelAct::RollBack)]),
    ];
    let mut changes_seen = 0;
    for (slug, changes) in touched {
        let mut history = played(&preset(slug));
        let (end, parts) = (history.time_known().0, changes.len() as u64 + 2);
        for (change, n) in changes.into_iter().zip(1..) {
            history.seek_time(Micros(end / parts * n));
            history.change_here(change);
            history.run_to_end(40_000);
        }
        let seen = looked_at(&mut history);
        changes_seen += seen.len();
        assert_eq!(seen, noted(&history), "{slug}");
    }
    assert!(changes_seen > 6, "hands change verdicts: {changes_seen}");
}

#[test]
fn a_cell_that_is_wrong_for_a_while_puts_its_verdict_at_risk_and_takes_it_back() {
    let history = played(&preset("scenario-c"));
    let told: Vec<String> = timeline(history.frontier(), history.trace(), 1_000)
        .turned
        .into_iter()
        .map(|turned| turned.mark.text)
        .collect();
    assert_eq!(told, ["Order view is at risk"]);
}

#[test]
fn a_person_who_lets_a_run_go_on_takes_the_last_judgement_back() {
    let mut history = played(&preset("scenario-b"));
    let known = history.time_known();
    history.seek_time(known);
    let other = Options { workload: Options::default().workload, ..preset("scenario-b").options };
    history.change_here(Change::Options(Box::new(other)));
    assert!(history.run_ahead(1) || history.time_known() > known, "there is more to do");
    let view = Matter::Copy(Reader::Projection(Model::OrderView));
    let of_view = history.frontier().standings().changes().filter(|change| change.matter == view);
    let told: Vec<_> = of_view.map(|change| (change.at >= known, change.to)).collect();
    assert_eq!(told, [(false, VerdictStatus::AtRisk), (true, VerdictStatus::Broken), (true, VerdictStatus::AtRisk)]);
}
