//! Queries that wait for a read model while a person pauses or crashes its projection, or a copy that they are answered from.

use std::collections::BTreeMap;

use crate::common::{played, preset, status};
use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::oracle::queries::queries;
use sim::scenario::machine::Change;
use sim::scenario::recording::Scenario;
use sim::scenario::report::report;
use sim::system::hands::{Hand, NodeAct};
use sim::system::node::Node;
use sim::system::options::{Contract, SessionLevel, TooOld};
use sim::system::place::{Model, Reader};
use sim::system::queries::message::QueryId;
use sim::system::queries::reading::Reading;
use sim::system::trace::What;

const ORDER_VIEW: Node = Node::Reader(Reader::Projection(Model::OrderView), None);

/// The ways in which the API lets queries wait, each with how long it does at most.
fn waiting_contracts() -> Vec<(Contract, SessionLevel)> {
    let wait = Micros::from_millis(500);
    let bound = Micros::from_millis(100);
    vec![
        (Contract::ReadAfterWrite, SessionLevel::Eventual),
        (Contract::CatchUpToken { wait }, SessionLevel::Eventual),
        (Contract::BoundedStaleness { bound, otherwise: TooOld::Wait }, SessionLevel::Eventual),
        (Contract::Eventual, SessionLevel::Session),
        (Contract::Eventual, SessionLevel::Strong),
    ]
}

fn under((contract, session): (Contract, SessionLevel), seed: u64) -> Scenario {
    let mut scenario = preset("eventual-reads");
    scenario.seed = seed;
    scenario.options.queries.consistency.contract = contract;
    scenario.options.queries.consistency.session = session;
    scenario
}

fn pause(millis: u64) -> NodeAct {
    NodeAct::Pause { lasts: Micros::from_millis(millis) }
}

fn crash(millis: u64) -> NodeAct {
    NodeAct::Crash { lasts: Micros::from_millis(millis) }
}

/// The first step, after some, at which so many queries wait.
fn when_waiting(history: &History<Lab>, after: u64, least: usize) -> Option<u64> {
    let steps: Vec<u64> = (after..=history.steps_known()).collect();
    let mut found = None;
    history.visit(&steps, |step, lab| {
        if found.is_none() && lab.world().reads().api.kept() >= least {
            found = Some(step);
        }
    });
    found
}

/// The run with this done to a node at the first step, from the middle on, at which queries wait; and when that was.
#[track_caller]
fn stopped(scenario: &Scenario, which: Node, act: NodeAct) -> (History<Lab>, Micros) {
    let mut history = played(scenario);
    let step = when_waiting(&history, history.steps_known() / 3, 1).expect("queries wait");
    history.seek_step(step);
    let at = history.machine().world().now();
    history.change_here(Change::Hand(Hand::Node { which, act }));
    history.run_to_end(u64::MAX);
    history.seek_step(u64::MAX);
    (history, at)
}

/// Nothing is forgotten: every query has ended in one way or another, and nobody waits any more.
#[track_caller]
fn all_have_ended(history: &History<Lab>, told: &str) {
    let found = queries(history.trace());
    assert_eq!(found.asked, found.answered + found.refused + found.timed_out, "{told}");
    let reads = history.frontier().world().reads();
    assert_eq!((reads.api.kept(), reads.api.waiting(), reads.clients.unanswered()), (0, 0, 0), "{told}");
}

/// For each try of a query that waited: since when, and when and how it ended, where it did.
fn waits(history: &History<Lab>) -> Vec<(Micros, Micros, Reading)> {
    let (mut open, mut ended): (BTreeMap<QueryId, Micros>, _) = (BTreeMap::new(), Vec::new());
    for entry in history.trace() {
        let What::Reading(reading) = entry.what else { continue };
        match reading {
            Reading::Waits { query } => drop(open.insert(query, entry.at)),
            Reading::Served { query, .. } | Reading::TurnedAway { query } | Reading::NotYet { query } => {
                ended.extend(open.remove(&query).map(|since| (since, entry.at, reading)));
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?} wait for ever");
    ended
}

#[test]
fn whoever_waits_for_a_stopped_projection_is_served_when_it_goes_on_or_turned_away_in_time() {
    let longest = Micros::from_millis(500);
    for contract in waiting_contracts() {
        for (act, lasts) in [(pause(200), 200), (crash(200), 200), (pause(10_000), 10_000), (crash(10_000), 10_000)] {
            for seed in [5, 21] {
                let told = format!("{contract:?}, {act:?}, seed {seed}");
                let (history, from) = stopped(&under(contract, seed), ORDER_VIEW, act);
                let until = from + Micros::from_millis(lasts);
                all_have_ended(&history, &told);
                let all = waits(&history);
                assert!(all.iter().all(|(since, at, _)| at.since(*since) <= longest), "{told}: nobody waits longer");
                // Rows do not change while nobody writes them, so whoever waits then waits on.
                let meanwhile = all.iter().filter(|(since, at, _)| *since < until && from < *at && *at < until);
                let served = meanwhile.clone().filter(|(.., end)| matches!(end, Reading::Served { .. })).count();
                assert_eq!(served, 0, "{told}");
                let away = meanwhile.clone().filter(|(since, at, _)| at.since(*since) == longest).count();
                assert_eq!(away, meanwhile.count(), "{told}: nobody is turned away early");
                assert!(away > 0 || lasts < 500, "{told}: nobody waits for ever");
                assert!(
                    all.iter().any(|(since, at, end)| {
                        *since >= until || *at >= until && matches!(end, Reading::Served { .. })
                    }),
                    "{told}: it goes on afterwards"
                );
                let kept = report(history.frontier(), history.trace());
                if !matches!(contract.0, Contract::BoundedStaleness { .. }) {
                    assert_eq!(status(&kept, "read_your_writes"), "holds", "{told}");
                }
            }
        }
    }
}

/// Who restarts a projection by hand serves those who still wait for it at once.
#[test]
fn a_restart_by_hand_serves_whoever_still_waits() {
    let mut history = played(&under((Contract::ReadAfterWrite, SessionLevel::Eventual), 21));
    let step = when_waiting(&history, history.steps_known() / 3, 1).expect("queries wait");
    history.seek_step(step);
    let (act, restart) = (pause(3_600_000), NodeAct::Restart);
    history.change_here(Change::Hand(Hand::Node { which: ORDER_VIEW, act }));
    let at = history.machine().world().now() + Micros::from_millis(150);
    history.run_to_end(200_000);
    history.seek_time(at);
    history.change_here(Change::Hand(Hand::Node { which: ORDER_VIEW, act: restart }));
    history.run_to_end(u64::MAX);
    all_have_ended(&history, "restarted");
    let ended = waits(&history);
    let held = ended.iter().filter(|(since, end, _)| *since <= at && *end > at);
    assert!(held.clone().count() > 0, "somebody still waits");
    let is_served = |how: &Reading| matches!(how, Reading::Served { .. });
    assert!(held.clone().any(|(.., how)| is_served(how)), "and is served");
    for (since, end, how) in held.filter(|(.., how)| !is_served(how)) {
        assert_eq!(end.since(*since), Micros::from_millis(500), "{how:?}: nobody is turned away early");
    }
}

/// Waiting for rows of a read replica: its states come from a projection that is stopped, and then goes on.
#[test]
fn whoever_waits_for_a_replica_of_a_stopped_projection_is_not_forgotten() {
    for act in [pause(300), crash(300), pause(5_000), crash(5_000)] {
        let mut scenario = under((Contract::ReadAfterWrite, SessionLevel::Session), 21);
        scenario.options.queries.replicas.count = 2;
        let (history, _) = stopped(&scenario, ORDER_VIEW, act);
        all_have_ended(&history, &format!("{act:?}"));
        waits(&history);
        assert_eq!(status(&report(history.frontier(), history.trace()), "read_your_writes"), "holds", "{act:?}");
    }
}

/// The last of the replicas is taken away while queries wait for its rows: the read model itself answers them.
#[test]
fn whoever_waits_for_a_replica_that_is_taken_away_is_answered_by_the_model() {
    let mut scenario = under((Contract::ReadAfterWrite, SessionLevel::Session), 21);
    scenario.options.queries.replicas.count = 2;
    let mut history = played(&scenario);
    let step = when_waiting(&history, history.steps_known() / 3, 1).expect("queries wait");
    history.seek_step(step);
    let mut without = scenario.options.clone();
    without.queries.replicas.count = 0;
    history.change_here(Change::Options(without.into()));
    history.run_to_end(u64::MAX);
    all_have_ended(&history, "taken away");
    assert!(waits(&history).iter().any(|(.., end)| matches!(end, Reading::Served { .. })));
}

/// What waits at the moment of every step of a stretch of the run can be stopped there, whatever step that is.
#[test]
fn a_stop_at_any_step_while_queries_wait_forgets_nobody() {
    let scenario = under((Contract::CatchUpToken { wait: Micros::from_millis(300) }, SessionLevel::Session), 5);
    let whole = played(&scenario);
    let (mut from, mut tried) = (whole.steps_known() / 3, 0);
    while let Some(step) = when_waiting(&whole, from, 1).filter(|_| tried < 12) {
        for act in [pause(700), crash(700)] {
            let mut history = played(&scenario);
            history.seek_step(step);
            history.change_here(Change::Hand(Hand::Node { which: ORDER_VIEW, act }));
            history.run_to_end(u64::MAX);
            all_have_ended(&history, &format!("{act:?} after step {step}"));
            waits(&history);
        }
        (from, tried) = (step + 37, tried + 1);
    }
    assert_eq!(tried, 12, "queries wait at many steps");
}
