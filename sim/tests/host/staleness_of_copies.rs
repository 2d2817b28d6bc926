//! How far copies at edges and in read replicas are behind and why, against what their rows have.

use crate::common::{played, preset};
use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::oracle::lags::{Cause, LagSample, Lags, Whose};
use sim::scenario::recording::Scenario;
use sim::system::consumer::target::Target as _;
use sim::system::edges::edge_id::EdgeId;
use sim::system::hands::{Hand, NodeAct};
use sim::system::node::Node;
use sim::system::options::{Cut, EdgeOutage, Edges};
use sim::system::place::{Model, Reader};
use sim::system::queries::keeper::Keeper;
use sim::view::staleness::Staleness;

const FIRST: Keeper = Keeper::Edge(EdgeId(1));

/// The first edge is down for a while, and the second one hears nothing for eight seconds.
fn with_outages(mut scenario: Scenario) -> Scenario {
    let edges = scenario.options.queries.edges.get_or_insert_with(Edges::default);
    edges.outages = vec![EdgeOutage { edge: EdgeId(1), at: Micros::from_secs(6), lasts: Micros::from_secs(6) }];
    let node = |text: &str| text.parse::<Node>().expect("a node");
    let (at, lasts) = (Micros::from_secs(4), Micros::from_secs(8));
    scenario.options.network.cuts = vec![Cut { from: node("origin"), to: node("edge/2"), at, lasts }];
    scenario
}

fn lags(history: &History<Lab>) -> Lags {
    let mut lags = Lags::new(history.frontier());
    lags.read_on(history.frontier(), history.trace(), usize::MAX);
    lags
}

/// How many events of orders are committed that the rows of this copy of the order view have not got.
fn lacking(lab: &Lab, keeper: Keeper) -> u32 {
    let rows = lab.world().reads().api.rows_of_copy(Model::OrderView, keeper).expect("the copy is there");
    let committed = |of| u32::try_from(lab.world().store().stream(of).len()).expect("few events");
    lab.orders().map(|order| committed(order.into()) - rows.row_version(order.into())).sum()
}

/// At steps all over the run, each copy of the order view lacks as many events as its lag says. How many samples were not 0.
#[track_caller]
fn holds_against_rows(scenario: &Scenario) -> usize {
    let history = played(scenario);
    let trace = history.trace();
    let last = u64::from(history.frontier().world().steps());
    let steps: Vec<u64> = (1..=100).map(|part| last * part / 100).collect();
    let (mut lags, mut behind) = (Lags::new(history.frontier()), 0);
    let copies: Vec<Whose> = lags.all().filter(|whose| matches!(whose, Whose::Copy(Model::OrderView, _))).collect();
    assert!(!copies.is_empty());
    history.visit(&steps, |step, lab| {
        let until = trace.iter().take_while(|entry| u64::from(entry.step) <= step).count();
        lags.read_on(history.frontier(), trace, until - lags.read());
        for whose in &copies {
            let said = lags.samples(*whose).last().map_or(0, LagSample::lag_events);
            assert_eq!(said, lacking(lab, whose.keeper()), "{whose} after step {step}");
            behind += usize::from(said > 0);
        }
    });
    behind
}

#[test]
fn a_copy_lacks_as_many_events_as_its_lag_says() {
    assert!(holds_against_rows(&preset("edges")) > 50);
    assert!(holds_against_rows(&with_outages(preset("edges"))) > 50);
    assert!(holds_against_rows(&preset("read-replicas")) > 20);
}

/// The copies of what serves lag behind the version before until a state of the next one is there.
#[test]
fn a_copy_of_a_model_that_is_built_anew_lacks_what_its_rows_lack() {
    assert!(holds_against_rows(&with_outages(preset("rebuild"))) > 10);
}

#[test]
fn what_keeps_events_from_a_copy_is_the_way_of_its_states_on_top_of_its_models_lag() {
    let lags = lags(&played(&with_outages(preset("edges"))));
    let model = lags.samples(Reader::Projection(Model::OrderView));
    assert!(model.iter().all(|sample| sample.events[Cause::Copying.index()] == 0), "a projection copies nothing");
    for edge in [1, 2, 3] {
        let copy = lags.samples(Whose::Copy(Model::OrderView, Keeper::Edge(EdgeId(edge))));
        assert!(copy.iter().any(|sample| sample.events[Cause::Copying.index()] > 0), "edge {edge}");
        let tried = copy.iter().any(|sample| sample.waited[Cause::Retry.index()] > Micros::from_secs(1));
        assert_eq!(tried, edge < 3, "states for edge {edge} were lost");
        for (mine, its) in copy.iter().zip(&model) {
            assert_eq!(mine.at, its.at);
            assert!(mine.lag_events() >= its.lag_events() && mine.lag() >= its.lag(), "edge {edge} at {}", mine.at);
        }
        assert_eq!(copy.last().map(LagSample::lag_events), Some(0), "in the end it has everything");
    }
}

/// Edges that are taken away and come back begin with what the model has by then.
#[test]
fn copies_that_come_in_the_middle_of_a_run_have_what_their_model_has() {
    let mut history = played(&preset("edges"));
    let edges = history.frontier().world().options().clone();
    let mut without = edges.clone();
    without.queries.edges = None;
    history.seek_time(Micros::from_secs(5));
    history.change_here(sim::scenario::machine::Change::Options(without.into()));
    history.run_to_end(u64::MAX);
    history.seek_time(Micros::from_secs(8));
    history.change_here(sim::scenario::machine::Change::Options(edges.into()));
    history.run_to_end(u64::MAX);
    let all = lags(&history);
    let after = Staleness::of(&all, Some(Whose::Copy(Model::OrderView, FIRST)), |_| Vec::new());
    let sample = after.at(Micros::from_millis(9_500)).expect("there are samples");
    assert!(sample.lag() < Micros::from_secs(2), "{sample:?}");
}

#[test]
fn a_crash_by_hand_loses_what_was_on_its_way_to_the_edge() {
    let mut history = played(&preset("edges"));
    history.seek_time(Micros::from_secs(5));
    let crash = Hand::Node { which: Node::Edge(EdgeId(1)), act: NodeAct::Crash { lasts: Micros::from_secs(4) } };
    history.change_here(sim::scenario::machine::Change::Hand(crash));
    history.run_to_end(u64::MAX);
    let seen = Staleness::of(&lags(&history), Some(Whose::Copy(Model::OrderView, FIRST)), |_| Vec::new());
    let sample = seen.at(Micros::from_secs(8)).expect("there are samples");
    assert!(sample.waited[Cause::Retry.index()] > Micros::ZERO, "{sample:?}");
}

#[test]
fn an_answer_counts_where_its_rows_were() {
    let lags = lags(&played(&preset("edges")));
    let late = |whose| {
        let seen = Staleness::of(&lags, Some(whose), |_| Vec::new());
        seen.late.0 + seen.late.1
    };
    let all: usize = lags.all().map(late).sum();
    assert_eq!(all, lags.late_answers().len());
    assert!(late(Whose::Copy(Model::OrderView, FIRST)) > 0);
}
