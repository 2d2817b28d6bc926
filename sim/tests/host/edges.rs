//! Edge servers: one address for commands and queries, copies that lag each in its own way, and clients that move between them.

use crate::common::{outcome, played, preset, status};
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::commands::commands;
use sim::oracle::lab::Lab;
use sim::oracle::queries::{Queries, queries};
use sim::scenario::machine::Change;
use sim::scenario::recording::Scenario;
use sim::system::edges::edge_id::EdgeId;
use sim::system::edges::edging::{Edging, Onward};
use sim::system::edges::load::Cargo;
use sim::system::hands::{Hand, NodeAct};
use sim::system::node::Node;
use sim::system::options::{Contract, Cut, EdgeOutage, Edges, Routing, SessionLevel};
use sim::system::place::{Model, Place, Reader};
use sim::system::queries::keeper::Keeper;
use sim::system::queries::message::QueryId;
use sim::system::queries::reading::Reading;
use sim::system::query_side::api::at_edge::Behind;
use sim::system::trace::{Entry, Trace, What};
use sim::system::world::World;
use sim::view::holders::Holder;
use sim::view::inside::inside;
use sim::view::ledger::{Cell, Freshness, LedgerQuery, LedgerRow, Shown, ledger};
use sim::view::stage::{EdgeLink, EdgeState, Mood, stage};

fn edges(scenario: &mut Scenario) -> &mut Edges {
    scenario.options.queries.edges.as_mut().expect("the scenario has edges")
}

/// The traffic of the preset.
fn traffic(seed: u64, routing: Routing, session: SessionLevel) -> Scenario {
    let mut scenario = preset("edges");
    scenario.seed = seed;
    edges(&mut scenario).routing = routing;
    scenario.options.queries.consistency.session = session;
    scenario
}

fn measured(scenario: &Scenario) -> Queries {
    let found = queries(played(scenario).trace());
    assert_eq!(found.asked, found.answered + found.refused + found.timed_out, "no query is forgotten");
    found
}

/// The first edge is down for six seconds, and the next one hears nothing from 4 s to 12 s.
fn with_outage(mut scenario: Scenario) -> Scenario {
    let (at, lasts) = (Micros::from_secs(6), Micros::from_secs(6));
    edges(&mut scenario).outages = vec![EdgeOutage { edge: EdgeId(1), at, lasts }];
    scenario.options.network.cuts = vec![cut("origin", "edge/2")];
    scenario
}

fn cut(from: &str, to: &str) -> Cut {
    let node = |text: &str| text.parse::<Node>().expect("a node");
    Cut { from: node(from), to: node(to), at: Micros::from_secs(4), lasts: Micros::from_secs(8) }
}

fn edgings(trace: Trace<'_>) -> impl Iterator<Item = Edging> {
    trace.iter().filter_map(|entry| if let What::Edge(edging) = entry.what { Some(edging) } else { None })
}

#[test]
fn a_client_that_roams_reads_backwards_and_a_sticky_one_does_not() {
    for seed in 1..5 {
        let roaming = measured(&traffic(seed, Routing::Nearest, SessionLevel::Eventual));
        assert!(roaming.reads_gone_back > 5 && roaming.from_edges > 300, "seed {seed}: {roaming:?}");
        assert_eq!((roaming.wrong, roaming.handed_on), (0, 0), "what is old is stale, not wrong");
        let sticky = measured(&traffic(seed, Routing::Sticky, SessionLevel::Eventual));
        assert_eq!(sticky.reads_gone_back, 0, "seed {seed}");
        assert!(sticky.own_writes_missed > 0, "seed {seed}: it still does not find its own writes");
        let mut at_home = traffic(seed, Routing::Nearest, SessionLevel::Eventual);
        edges(&mut at_home).roaming = Probability::NEVER;
        assert_eq!(measured(&at_home).reads_gone_back, 0, "seed {seed}: it is roaming that does it");
    }
    let preset = outcome(&preset("edges"));
    assert_eq!(status(&preset, "monotonic_reads"), "broken");
    assert_eq!(status(&preset, "read_your_writes"), "broken");
}

#[test]
fn each_read_that_goes_back_is_told_with_its_edge_and_both_versions() {
    let history = played(&traffic(1, Routing::Nearest, SessionLevel::Eventual));
    let found: Vec<Edging> = edgings(history.trace()).filter(|one| matches!(one, Edging::FoundBehind { .. })).collect();
    assert!(found.len() > 50);
    for one in found {
        let Edging::FoundBehind { has, knew, .. } = one else { continue };
        assert!(has < knew, "{one:?}");
    }
}

#[test]
fn a_sticky_client_goes_back_once_its_edge_dies() {
    let mut gone_back = 0;
    for seed in 1..7 {
        let found = measured(&with_outage(traffic(seed, Routing::Sticky, SessionLevel::Eventual)));
        assert!(found.failed_over > 0 && found.timed_out == 0, "seed {seed}: {found:?}");
        gone_back += found.reads_gone_back;
        let token = measured(&with_outage(traffic(seed, Routing::Sticky, SessionLevel::Session)));
        assert_eq!((token.reads_gone_back, token.own_writes_missed), (0, 0), "seed {seed}: a token mends this too");
    }
    // Who has to move may be lucky; not everybody is.
    assert!(gone_back > 10, "the next edge is older than the one that died was: {gone_back}");
}

#[test]
fn who_has_moved_stays_where_it_is_when_the_edge_is_back() {
    let history = played(&with_outage(traffic(3, Routing::Sticky, SessionLevel::Eventual)));
    let moves = |entry: &Entry| match entry.what {
        What::Edge(Edging::FailedOver { cargo: Cargo::Query(query), to, .. }) => Some((query, to)),
        _ => None,
    };
    let at = history.trace().iter().position(|entry| moves(&entry).is_some()).expect("somebody had to move");
    let (first, to) = history.trace().get(at).as_ref().and_then(moves).expect("that is where");
    let session = |query: QueryId| {
        history.trace().iter().find_map(|entry| match entry.what {
            What::Reading(Reading::Asked { query: asked, session, .. }) if asked == query => Some(session),
            _ => None,
        })
    };
    assert_eq!(to, EdgeId(2), "the next after the one that died");
    let whose = session(first);
    let went = |edging: Edging| match edging {
        Edging::SetOut { cargo: Cargo::Query(query), edge, .. } if session(query) == whose => Some(edge),
        _ => None,
    };
    let later: Vec<EdgeId> = edgings(history.trace().part(at..)).filter_map(went).collect();
    assert!(later.len() > 1 && later.iter().all(|edge| *edge == to), "{later:?}");
}

#[test]
fn a_token_mends_roaming_and_costs_the_way_to_the_origin() {
    for seed in 1..5 {
        let without = measured(&traffic(seed, Routing::Nearest, SessionLevel::Eventual));
        let with = measured(&traffic(seed, Routing::Nearest, SessionLevel::Session));
        assert_eq!((with.reads_gone_back, with.own_writes_missed), (0, 0), "seed {seed}");
        assert!(with.handed_on > 50 && with.from_edges > 50, "{with:?}");
        assert!(with.latency.p99_us > without.latency.p99_us + 100_000, "{with:?} and {without:?}");
    }
    let preset = outcome(&preset("edges-token"));
    assert_eq!(status(&preset, "monotonic_reads"), "holds");
    assert_eq!(status(&preset, "read_your_writes"), "holds");
}

#[test]
fn an_edge_is_quicker_than_the_origin_and_older() {
    let with = measured(&traffic(21, Routing::Nearest, SessionLevel::Eventual));
    let mut scenario = traffic(21, Routing::Nearest, SessionLevel::Eventual);
    edges(&mut scenario).copies = false;
    let without = measured(&scenario);
    assert_eq!((without.from_edges, without.handed_on), (0, without.asked));
    assert_eq!(with.asked, without.asked, "the same traffic");
    // There and back between edge and origin takes 120 ms and more.
    assert!(with.latency.p50_us + 100_000 < without.latency.p50_us, "{with:?} and {without:?}");
    assert!(with.stale > without.stale + 50, "{} and {}", with.stale, without.stale);
    assert_eq!(without.reads_gone_back, 0, "the origin has one copy for all");
}

/// How old the oldest answer says it is that this edge has given from its own copy.
fn oldest(trace: Trace<'_>, edge: EdgeId) -> Micros {
    let mut from_edge = None;
    let lags = trace.iter().filter_map(|entry| match entry.what {
        What::Edge(Edging::Answered { query, edge: one }) => {
            from_edge = (one == edge).then_some(query);
            None
        }
        What::Reading(Reading::Served { query, lag, .. }) if from_edge == Some(query) => Some(lag),
        _ => None,
    });
    lags.max().unwrap_or_default()
}

/// Has an edge everything that the read models have?
fn has_everything(world: &World, edge: EdgeId) -> bool {
    let copies: Vec<Behind> = world.reads().api.edge_copies(edge, world.now()).collect();
    !copies.is_empty() && copies.iter().all(|copy| (copy.events, copy.lag) == (0, None))
}

#[test]
fn an_edge_that_hears_nothing_answers_older_and_older_or_hands_on() {
    let whole = traffic(21, Routing::Nearest, SessionLevel::Eventual);
    let mut cut_off = whole.clone();
    cut_off.options.network.cuts = vec![cut("origin", "edge/1")];
    let (heard, deaf) = (played(&whole), played(&cut_off));
    assert!(oldest(heard.trace(), EdgeId(1)) < Micros::from_secs(4));
    assert!(oldest(deaf.trace(), EdgeId(1)) > Micros::from_secs(7), "it answers on, as if nothing were");
    assert!(edgings(deaf.trace()).any(|one| matches!(one, Edging::CopyCut { .. })));
    // What is older than the bound is handed on. The answer is lost at the cut, and the next edge is asked.
    let bound = Micros::from_secs(2);
    cut_off.options.queries.consistency.contract = Contract::BoundedStaleness { bound, otherwise: Default::default() };
    let history = played(&cut_off);
    let found = queries(history.trace());
    assert!(found.handed_on > 20 && found.failed_over > 20, "{found:?}");
    assert!(oldest(history.trace(), EdgeId(1)) <= bound);
    // In the end every edge has everything again.
    for edge in 1..=3 {
        assert!(has_everything(deaf.frontier().world(), EdgeId(edge)));
    }
}

#[test]
fn an_edge_follows_the_version_that_serves() {
    let mut scenario = preset("rebuild");
    scenario.options.queries.edges = Some(Edges::default());
    let history = played(&scenario);
    let world = history.frontier().world();
    assert_eq!(world.versions(Model::OrderView).serving(), Reader::Second(Model::OrderView), "it has been switched");
    let serves = world.projector(Model::OrderView).follower.target();
    for edge in 1..=3 {
        let copy = world.reads().api.rows_of_copy(Model::OrderView, Keeper::Edge(EdgeId(edge)));
        assert!(copy == Some(serves), "edge {edge} has still what the old version had");
        assert!(has_everything(world, EdgeId(edge)));
    }
}

#[test]
fn the_ledger_shows_the_copy_of_each_edge_beside_the_truth() {
    // While orders are placed, somewhere an edge is behind where the model itself is true.
    let mut history = played(&preset("edges"));
    history.seek_time(Micros::from_secs(8));
    let all = LedgerQuery { limit: 10_000, ..LedgerQuery::default() };
    let of_orders = |lab: &Lab| {
        let rows = ledger(lab, &all).rows.into_iter().filter(|row| matches!(row.cell, Cell::Order(..)));
        rows.collect::<Vec<LedgerRow>>()
    };
    let rows = of_orders(history.machine());
    let behind = |row: &&LedgerRow| {
        let is_true = row.cell.freshness(history.machine()) == Freshness::Fresh;
        is_true && row.others.iter().any(|(_, shown)| shown.freshness == Freshness::Stale && shown.text != row.truth)
    };
    assert!(rows.iter().filter(behind).count() > 3);
    assert!(rows.iter().all(|row| row.others.len() == 3));
    assert!(rows.iter().flat_map(|row| &row.others).all(|(_, shown)| shown.freshness != Freshness::Wrong));
    // What is wrong in the model is as wrong in its copies, once these are up to date.
    let mut drifted = preset("rebuild");
    drifted.options.projections.order_view.rebuild = None;
    drifted.options.queries.edges = Some(Edges::default());
    let history = played(&drifted);
    let rows = of_orders(history.frontier());
    let shown: Vec<Shown> = rows.iter().map(|row| row.cell.shown(history.frontier())).collect();
    assert!(shown.iter().filter(|one| one.freshness == Freshness::Wrong).count() > 3);
    for (row, shown) in rows.iter().zip(&shown) {
        assert!(row.others.iter().all(|(_, copy)| copy == shown), "{row:?}");
    }
    // Where there are no edges, none has copies, whoever else has.
    let replicas = ledger(played(&preset("read-replicas")).frontier(), &all);
    let at_edges = |row: &LedgerRow| row.others.iter().any(|(holder, _)| matches!(holder, Holder::Edge(_)));
    assert!(!replicas.rows.iter().any(at_edges));
}

#[test]
fn commands_go_by_way_of_an_edge() {
    let whole = traffic(21, Routing::Nearest, SessionLevel::Eventual);
    let history = played(&whole);
    let count = |wanted: fn(&Edging) -> bool| edgings(history.trace()).filter(wanted).count() as u64;
    let sent = commands(history.trace()).sent;
    let set_out = count(|one| matches!(one, Edging::SetOut { cargo: Cargo::Command(_), .. }));
    let handed_on = count(|one| matches!(one, Edging::Forwarded { why: Onward::Command, .. }));
    let back = count(|one| matches!(one, Edging::Returned { cargo: Cargo::Command(_), .. }));
    assert_eq!((set_out, handed_on, back), (sent, sent, sent));
    // The link to the origin is cut: whoever sends once never hears, whoever sends again goes to the next edge.
    let mut cut_off = whole;
    cut_off.options.network.cuts = vec![cut("edge/1", "origin")];
    let lost = commands(played(&cut_off).trace());
    assert!(lost.unanswered > 3, "{lost:?}");
    cut_off.options.order_service.commands.retries = 3;
    let again = played(&cut_off);
    assert_eq!(commands(again.trace()).unanswered, 0);
    let moved = |one: Edging| matches!(one, Edging::FailedOver { cargo: Cargo::Command(_), .. });
    assert!(edgings(again.trace()).any(moved));
    // Copies come the other way: the edge answers on as before.
    assert!(oldest(again.trace(), EdgeId(1)) < Micros::from_secs(4));
}

#[test]
fn a_command_that_has_its_effect_where_the_answer_is_cut_off_has_it_once() {
    let mut scenario = traffic(5, Routing::Nearest, SessionLevel::Eventual);
    scenario.options.network.cuts = vec![cut("origin", "edge/1")];
    scenario.options.order_service.commands.retries = 3;
    scenario.options.order_service.commands.idempotency_key = true;
    let history = played(&scenario);
    let lost = |one: Edging| matches!(one, Edging::Cut { cargo: Cargo::Command(_), outward: false, .. });
    assert!(edgings(history.trace()).any(lost));
    let verdicts = outcome(&scenario);
    assert_eq!(status(&verdicts, "command_once"), "holds");
    // The idempotency key is what keeps that: without it the command has its effect again, by another edge.
    scenario.options.order_service.commands.idempotency_key = false;
    assert_eq!(status(&outcome(&scenario), "command_once"), "broken");
}

#[test]
fn a_hand_stops_an_edge_and_the_stage_shows_it() {
    let scenario = traffic(21, Routing::Nearest, SessionLevel::Eventual);
    let mut history = played(&scenario);
    history.seek_time(Micros::from_secs(5));
    let which = Node::Edge(EdgeId(2));
    let lasts = Micros::from_secs(4);
    history.change_here(Change::Hand(Hand::Node { which, act: NodeAct::Crash { lasts } }));
    let missing = Hand::Node { which: Node::Edge(EdgeId(7)), act: NodeAct::Crash { lasts } };
    history.change_here(Change::Hand(missing));
    assert!(history.run_to_end(5_000_000));
    history.seek_time(Micros::from_secs(7));
    let shown = stage(history.machine());
    let moods: Vec<Mood> = (1..=3)
        .filter_map(|n| shown.nodes.iter().find(|node| node.place == Place::Edge(EdgeId(n))).map(|node| node.mood))
        .collect();
    assert_eq!((moods.len(), moods[1]), (3, Mood::Down));
    let facts: Vec<String> =
        inside(history.machine(), Place::Edge(EdgeId(2))).into_iter().map(|fact| fact.value).collect();
    assert_eq!(facts[0], "does nothing");
    assert!(
        facts.iter().any(|fact| fact.starts_with("copy of the order view: ") && fact.ends_with("behind")),
        "{facts:?}"
    );
    let second = &shown.edges[1];
    assert_eq!((second.edge, second.state, second.link), (EdgeId(2), EdgeState::Down, EdgeLink::Whole));
    assert!(second.lag_events() > 0 && second.lag() > Some(Micros::from_secs(1)), "it misses what happens");
    let answered = |edge: EdgeId, trace: Trace<'_>| {
        edgings(trace).filter(|one| matches!(one, Edging::Answered { edge: by, .. } if *by == edge)).count()
    };
    for one in &stage(history.frontier()).edges {
        assert!(one.tally.answered > 0);
        assert_eq!(one.tally.answered as usize, answered(one.edge, history.trace()), "a crash forgets no count");
    }
    assert!(shown.ways.contains(&(Place::Shopper, Place::Edge(EdgeId(2)))));
    let trace = history.trace();
    assert!(edgings(trace).any(|one| matches!(one, Edging::Unheard { edge: EdgeId(2), .. })));
    assert!(trace.iter().any(|entry| entry.what == What::NodeBack(which)));
    assert!(trace.iter().any(|entry| entry.what == What::HandMissed(missing)));
    assert_eq!(history.frontier().world().reads().backlog(), 0);
    let world = history.frontier().world();
    assert!((1..=3).all(|edge| has_everything(world, EdgeId(edge))));
}

#[test]
fn what_can_not_be_is_refused_with_its_path() {
    let refused = |options: &str| {
        let text = format!(r#"{{ "version": 1, "name": "x", "options": {options} }}"#);
        Scenario::from_json(&text).expect_err("it can not be").to_string()
    };
    let outage = r#"{ "queries": { "edges": { "count": 2, "outages": [{ "edge": 3, "at": "1s", "for": "1s" }] } } }"#;
    assert!(
        refused(outage).starts_with("options.queries.edges.outages[0].edge: expected a whole number from 1 to 2"),
        "{}",
        refused(outage)
    );
    for (from, to) in [("edge/1", "broker"), ("edge/1", "edge/2"), ("order_view", "origin")] {
        let cuts = format!(
            r#"{{ "network": {{ "cuts": [{{ "from": "{from}", "to": "{to}", "at": "1s", "for": "1s" }}] }} }}"#
        );
        assert!(refused(&cuts).starts_with("options.network.cuts[0].to"), "{from} to {to}");
    }
}
