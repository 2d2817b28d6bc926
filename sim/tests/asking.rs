//! Queries on the stage, and queries that a person asks.
#![cfg(not(target_family = "wasm"))]

mod common;

#[path = "common/again.rs"]
mod again;

use again::assert_plays_again;
use common::{played, preset, scenario};
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::judgement::Freshness;
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::scenario::recording::{Recording, Scenario};
use sim::scenario::report::trace_hash;
use sim::shop::ids::{CustomerId, OrderId};
use sim::system::options::{PAGE_SIZE, ScriptedQuery};
use sim::system::place::{Model, Place};
use sim::system::queries::message::QueryId;
use sim::system::queries::question::Query;
use sim::view::sending::{Answer, answer_to, domain};
use sim::view::stage::{Flight, FlightKind, Stage, flights, stage};

/// What is seen at one moment: what stands, and what is on its way.
struct Seen {
    stage: Stage,
    flights: Vec<Flight>,
}

/// What is seen at a hundred moments of a run.
fn sights(scenario: &Scenario) -> Vec<Seen> {
    let mut history = played(scenario);
    let end = history.time_known();
    let at = |moment: u64| Micros(end.0 * moment / 100);
    (0..=100)
        .map(|moment| {
            history.seek_time(at(moment));
            Seen { stage: stage(history.machine()), flights: flights(history.machine()) }
        })
        .collect()
}

fn has(sights: &[Seen], wanted: impl Fn(&Flight) -> bool) -> bool {
    sights.iter().flat_map(|seen| &seen.flights).any(wanted)
}

fn there(sights: &[Seen], place: Place) -> bool {
    sights.iter().all(|seen| seen.stage.nodes.iter().any(|node| node.place == place))
}

#[test]
fn where_nobody_asks_the_query_side_is_not_drawn() {
    let sights = sights(&preset("scenario-b"));
    let query_side = [Place::QueryApi, Place::QueryClients, Place::Cache, Place::ReadReplica(1)];
    for seen in &sights {
        assert!(seen.stage.nodes.iter().all(|node| !query_side.contains(&node.place)));
        assert!(seen.flights.iter().all(|flight| !matches!(flight.kind, FlightKind::Query | FlightKind::Reply)));
    }
}

#[test]
fn queries_travel_to_the_api_and_answers_back() {
    let sights = sights(&preset("eventual-reads"));
    assert!(there(&sights, Place::QueryApi) && there(&sights, Place::QueryClients));
    let asked =
        |one: &Flight| one.kind == FlightKind::Query && one.from == Place::QueryClients && one.label.starts_with('q');
    assert!(has(&sights, |one| asked(one) && one.to == Place::QueryApi));
    assert!(has(&sights, |one| one.kind == FlightKind::Reply && one.to == Place::QueryClients));
    assert!(has(&sights, |one| one.freshness == Freshness::Stale), "a stale answer is seen to be stale");
    for seen in &sights {
        let mut ids: Vec<u64> = seen.flights.iter().map(|flight| flight.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), seen.flights.len(), "every message has a number of its own");
        assert!(seen.flights.iter().all(|flight| flight.sent <= flight.due), "{:?}", seen.flights);
    }
}

#[test]
fn an_answer_leaves_from_whoever_had_it() {
    let cached = sights(&preset("read-cache"));
    assert!(there(&cached, Place::Cache) && has(&cached, |one| one.from == Place::Cache));
    let copied = sights(&preset("read-replicas"));
    assert!(there(&copied, Place::ReadReplica(1)) && has(&copied, |one| one.from == Place::ReadReplica(1)));
    assert!(has(&copied, |one| one.kind == FlightKind::Copy && one.to == Place::ReadReplica(1)));
    let behind =
        |seen: &Seen| seen.stage.nodes.iter().any(|node| node.lines.iter().any(|line| line.ends_with("behind")));
    assert!(copied.iter().any(behind), "a replica says how far it is behind");
}

#[test]
fn what_the_command_side_answers_is_asked_from_where_commands_are_sent() {
    let direct = sights(&preset("command-side-read"));
    assert!(has(&direct, |one| one.kind == FlightKind::Query && (one.from, one.to) == (Place::Shopper, Place::Handler)));
    let composed = sights(&preset("composition"));
    assert!(has(&composed, |one| one.kind == FlightKind::Query && one.to == Place::Gateway));
    assert!(has(&composed, |one| one.kind == FlightKind::Query && one.from == Place::Gateway));
}

/// A shop in which nobody asks.
fn quiet() -> Scenario {
    scenario(r#"{ "version": 1, "name": "quiet", "options": { "workload": { "orders": 5 } } }"#)
}

fn ask(order: u32) -> Change {
    let (at, by) = (Micros::ZERO, CustomerId(100));
    Change::Ask(Box::new(ScriptedQuery { at, by, ask: Query::Order { order: OrderId(order) }, size: PAGE_SIZE }))
}

#[test]
fn a_query_asked_by_hand_is_answered_and_can_be_taken_back() {
    let scenario = quiet();
    let mut history = played(&scenario);
    let untouched = trace_hash(history.trace());
    let order = scenario.options.workload.first_order;
    history.seek_time(Micros(history.time_known().0 / 2));
    history.change_here(ask(order));
    assert!(history.run_to_end(5_000_000));
    history.seek_time(history.time_known());
    let answer = answer_to(history.machine(), history.trace(), QueryId(1));
    let Answer::Told(told) = answer else { panic!("{answer:?}") };
    assert!(told.rows[0].starts_with(&format!("O-{order}: ")), "{told:?}");
    assert_eq!(told.from, "the order view");

    assert_plays_again(&scenario, &history);
    assert_eq!(trace_hash(played(&scenario).trace()), untouched, "without it nothing of it is left");
}

#[test]
fn a_model_that_takes_no_part_can_not_be_asked() {
    let scenario = quiet();
    let lab = Lab::new(scenario.options.clone(), scenario.seed, &[]);
    assert_eq!(domain(&lab).models, [Model::OrderView]);
    let mut history = played(&scenario);
    history.seek_time(Micros::ZERO);
    let (at, by) = (Micros::ZERO, CustomerId(100));
    let ask = Query::History { customer: by };
    history.change_here(Change::Ask(Box::new(ScriptedQuery { at, by, ask, size: PAGE_SIZE })));
    let recording = Recording { scenario, changes: history.changes().to_vec() };
    let refused = Recording::from_json(&recording.to_json()).expect_err("it can not be asked");
    assert!(refused.to_string().contains("changes[0].change.ask"), "{refused}");
}

#[test]
fn what_is_lost_on_its_way_is_seen_to_vanish() {
    let mut lossy = preset("eventual-reads");
    lossy.options.queries.api.loss = Probability::from_percent(30);
    lossy.options.queries.api.tries = 3;
    let stages = stages(&lossy);
    assert!(has(&stages, |one| one.lost && one.kind == FlightKind::Query && one.to == Place::QueryApi));
    assert!(has(&stages, |one| one.lost && one.kind == FlightKind::Reply && one.to == Place::QueryClients));
    assert!(has(&stages, |one| !one.lost && one.kind == FlightKind::Query));
}
