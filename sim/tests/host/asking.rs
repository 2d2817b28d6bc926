//! Queries on the stage, and queries that a person asks.

use crate::common::again::assert_plays_again;
use crate::common::{played, preset, scenario};
use sim::kernel::distribution::Distribution;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::judgement::Freshness;
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::scenario::recording::{Recording, Scenario};
use sim::scenario::report::trace_hash;
use sim::shop::ids::{CustomerId, OrderId};
use sim::system::edges::edge_id::EdgeId;
use sim::system::options::{Contract, Cut, PAGE_SIZE, ScriptedQuery, SessionLevel, TooOld};
use sim::system::place::{Model, Place};
use sim::system::queries::message::QueryId;
use sim::system::queries::question::Query;
use sim::system::queries::reading::Reading;
use sim::system::trace::What;
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
    Change::Ask(Box::new(ScriptedQuery {
        at,
        by,
        ask: Query::Order { order: OrderId(order) },
        size: PAGE_SIZE,
        contract: None,
    }))
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
    history.change_here(Change::Ask(Box::new(ScriptedQuery { at, by, ask, size: PAGE_SIZE, contract: None })));
    let recording = Recording { scenario, changes: history.changes().to_vec() };
    let refused = Recording::from_json(&recording.to_json()).expect_err("it can not be asked");
    assert!(refused.to_string().contains("changes[0].change.ask"), "{refused}");
}

#[test]
fn what_is_lost_on_its_way_is_seen_to_vanish() {
    let mut lossy = preset("eventual-reads");
    lossy.options.queries.api.loss = Probability::from_percent(30);
    lossy.options.queries.api.tries = 3;
    let sights = sights(&lossy);
    assert!(has(&sights, |one| one.lost && one.kind == FlightKind::Query && one.to == Place::QueryApi));
    assert!(has(&sights, |one| one.lost && one.kind == FlightKind::Reply && one.to == Place::QueryClients));
    assert!(has(&sights, |one| !one.lost && one.kind == FlightKind::Query));
}

/// On each leg of the way between a client and the origin, by an edge.
#[test]
fn what_is_lost_on_its_way_by_an_edge_is_seen_to_vanish() {
    let mut lossy = preset("edges");
    lossy.options.queries.api.loss = Probability::from_percent(30);
    lossy.options.queries.consistency.session = SessionLevel::Session;
    let node = |text: &str| text.parse().expect("a node");
    let cut =
        |from, to, at| Cut { from: node(from), to: node(to), at: Micros::from_secs(at), lasts: Micros::from_secs(6) };
    lossy.options.network.cuts = vec![cut("origin", "edge/1", 1), cut("edge/1", "origin", 8)];
    let sights = sights(&lossy);
    let edge = Place::Edge(EdgeId(1));
    let lost = |kind, from, to| has(&sights, |one| one.lost && one.kind == kind && (one.from, one.to) == (from, to));
    assert!(lost(FlightKind::Query, Place::Shopper, edge), "to the edge");
    assert!(lost(FlightKind::Query, edge, Place::QueryApi), "on to the origin");
    assert!(lost(FlightKind::Reply, Place::QueryApi, edge), "back from the origin");
    assert!(lost(FlightKind::Reply, edge, Place::Shopper), "to the client");
    for seen in &sights {
        assert!(seen.flights.iter().all(|flight| flight.sent <= flight.due), "{:?}", seen.flights);
    }
}

/// What happens to a query that a person asks, with this promise, where and when a query of the run got a stale answer.
fn promised(contract: Option<Contract>, happens: impl Fn(&Reading) -> bool) -> usize {
    let scenario = preset("eventual-reads");
    let whole = played(&scenario);
    let of = |query: QueryId| {
        whole.trace().iter().find_map(|entry| match entry.what {
            What::Reading(Reading::Asked { query: one, session, of, .. }) if one == query => {
                Some((entry.at, session, of?.order()?))
            }
            _ => None,
        })
    };
    let stale = whole.trace().iter().filter_map(|entry| match entry.what {
        What::Reading(Reading::FoundStale { query, .. }) => of(query),
        _ => None,
    });
    let tried = stale.take(8).filter(|(at, by, order)| {
        let mut history = played(&scenario);
        history.seek_time(*at);
        let asked = QueryId(history.machine().world().reads().clients.asked() + 1);
        let ask = Query::Order { order: *order };
        let line = ScriptedQuery { at: *at, by: *by, ask, size: PAGE_SIZE, contract };
        history.change_here(Change::Ask(Box::new(line)));
        assert!(history.run_to_end(5_000_000));
        let readings = history.trace().iter().filter_map(|entry| match entry.what {
            What::Reading(reading) => Some(reading),
            _ => None,
        });
        let mine: Vec<Reading> =
            readings.filter(|reading| format!("{reading:?}").contains(&format!("{asked:?}"))).collect();
        assert!(mine.iter().any(|one| matches!(one, Reading::Answered { .. } | Reading::Refused { .. })), "{mine:?}");
        mine.iter().any(&happens)
    });
    tried.count()
}

#[test]
fn one_query_can_be_promised_more_than_the_others() {
    let bound = Micros::from_millis(1);
    let bounded = |otherwise| Some(Contract::BoundedStaleness { bound, otherwise });
    let waits = |one: &Reading| matches!(one, Reading::Waits { .. });
    assert_eq!(promised(None, waits), 0, "nothing is promised to everybody");
    assert!(promised(Some(Contract::ReadAfterWrite), waits) > 0);
    assert!(promised(bounded(TooOld::Wait), waits) > 0);
    assert!(promised(bounded(TooOld::Refuse), |one| matches!(one, Reading::TurnedAway { .. })) > 0);
    assert!(promised(Some(Contract::Pending), |one| matches!(one, Reading::Pending { .. })) > 0);
    let token = Some(Contract::CatchUpToken { wait: Micros::ZERO });
    assert!(promised(token, |one| matches!(one, Reading::NotYet { .. })) > 0);
    let looked = |one: &Reading| matches!(one, Reading::WriteSideLooked { .. });
    assert_eq!(promised(Some(Contract::CommandSideRead), looked), 8);
}

/// Where only a person asks, a session knows its writes from its first question on.
#[test]
fn own_writes_are_waited_for_in_a_shop_in_which_nobody_else_asks() {
    let mut shop = quiet();
    shop.options.projections.order_view.delivery.delay = Distribution::constant_millis(700);
    let mut history = played(&shop);
    let first = shop.options.workload.first_order;
    let ask = |at, by| {
        let ask = Query::Order { order: OrderId(first + 2) };
        let contract = Some(Contract::ReadAfterWrite);
        Change::Ask(Box::new(ScriptedQuery { at, by, ask, size: PAGE_SIZE, contract }))
    };
    history.seek_time(Micros(1));
    history.change_here(ask(Micros::ZERO, CustomerId(100)));
    assert!(history.run_to_end(5_000_000));
    let placed = history.trace().iter().find_map(|entry| match entry.what {
        What::Answered { command } => {
            let of = |one: &What| matches!(one, What::CommandSent { command: sent, of, .. } if *sent == command && of.order() == Some(OrderId(first + 2)));
            history.trace().iter().any(|one| of(&one.what)).then_some(entry.at)
        }
        _ => None,
    });
    let placed = placed.expect("it is placed");
    history.seek_time(placed);
    let by = history.machine().world().reads().clients.owner(OrderId(first + 2)).expect("somebody placed it");
    history.change_here(ask(placed, by));
    assert!(history.run_to_end(5_000_000));
    assert!(history.trace().iter().any(|entry| entry.what == What::Reading(Reading::Waits { query: QueryId(2) })));
}

#[test]
fn a_promise_out_of_range_is_refused_by_its_path() {
    let scenario = quiet();
    let mut history = played(&scenario);
    history.seek_time(Micros::ZERO);
    let bound = Micros::from_secs(3_601);
    let contract = Some(Contract::BoundedStaleness { bound, otherwise: TooOld::Refuse });
    let (at, by, ask) = (Micros::ZERO, CustomerId(100), Query::Order { order: OrderId(1) });
    history.change_here(Change::Ask(Box::new(ScriptedQuery { at, by, ask, size: PAGE_SIZE, contract })));
    let recording = Recording { scenario, changes: history.changes().to_vec() };
    let refused = Recording::from_json(&recording.to_json()).expect_err("it is too long");
    assert!(refused.to_string().contains("changes[0].change.ask.contract.bounded_staleness.bound"), "{refused}");
}
