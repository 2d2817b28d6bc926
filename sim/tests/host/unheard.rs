//! What comes to a node that is down ends visibly: it is told as lost, with the reason, and is seen to be lost on its way there.

use std::collections::BTreeSet;

use crate::common::{played, preset};
use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::scenario::recording::Scenario;
use sim::system::edges::edge_id::EdgeId;
use sim::system::edges::edging::Edging;
use sim::system::exchange::Exchange;
use sim::system::hands::{Hand, NodeAct};
use sim::system::node::Node;
use sim::system::options::{Cut, Outage};
use sim::system::place::{Model, Place, Reader, Service};
use sim::system::queries::composing::Composing;
use sim::system::queries::reading::Reading;
use sim::system::queries::sight::Sight;
use sim::system::trace::{Entry, What};
use sim::view::hands::in_flight;
use sim::view::log::line;
use sim::view::stage::{FlightKind, flights};

const DOWN: Micros = Micros::from_secs(3);

/// Does it tell of a message that nobody was there to take?
fn is_unheard(what: &What) -> bool {
    matches!(
        what,
        What::Unheard(_)
            | What::CommandLost { .. }
            | What::Discarded(_)
            | What::PublicationRefused { .. }
            | What::Edge(Edging::Unheard { .. })
            | What::Between(Exchange::QuestionUnheard { .. })
            | What::Reading(
                Reading::Sight(Sight::RightsUnheard { .. }) | Reading::Composing(Composing::Unheard { .. })
            )
    )
}

/// A run in which a hand lets a node crash after a third of it.
fn crashed(scenario: &Scenario, which: Node) -> (History<Lab>, Micros) {
    let mut history = played(scenario);
    let at = Micros(history.time_known().0 / 3);
    history.seek_time(at);
    history.change_here(Change::Hand(Hand::Node { which, act: NodeAct::Crash { lasts: DOWN } }));
    assert!(history.run_to_end(5_000_000));
    (history, at)
}

/// The names of what was told of messages that nobody took, after each of them was looked for on the stage, and each that the
/// stage shows as lost in this way was looked for in the trace.
#[track_caller]
fn looked_through(history: &mut History<Lab>, from: Micros, until: Micros) -> BTreeSet<String> {
    let is_meant = |entry: &Entry| from < entry.at && entry.at < until && is_unheard(&entry.what);
    let told: Vec<Entry> = history.trace().iter().filter(is_meant).collect();
    let mut names = BTreeSet::new();
    for entry in told.iter().take(40) {
        history.seek_time(Micros(entry.at.0 - 1));
        let seen = flights(history.machine()).iter().any(|one| one.due == entry.at && one.lost);
        let text = line(history.frontier(), entry, history.trace()).text;
        // What waits in a service, or is being done there, is lost with it and not on its way.
        assert!(seen, "{text} at {}", entry.at);
        assert!(!text.is_empty() && (entry.what.is_fault() || !matches!(entry.what, What::Unheard(_))), "{text}");
        names.insert(
            format!("{:?}", entry.what)
                .split([' ', '{', '('])
                .take(2)
                .collect::<Vec<_>>()
                .join(" ")
                .trim_end()
                .to_owned(),
        );
    }
    for part in 0..20 {
        history.seek_time(from + Micros((until.0 - from.0) * part / 20));
        let lab = history.machine();
        let lost: Vec<Micros> = flights(lab)
            .iter()
            .filter(|one| one.lost && one.due < until)
            .filter(|one| in_flight(lab, one.id).is_some_and(|(_, task)| lab.world().comes_to_nobody(one.due, task)))
            .map(|one| one.due)
            .collect();
        for due in lost {
            let is_told = history.trace().iter().any(|entry| entry.at == due && is_unheard(&entry.what));
            assert!(is_told, "something is seen to be lost at {due}, and nobody tells of it");
        }
    }
    names
}

#[test]
fn every_way_to_a_node_that_is_down_is_told_and_seen() {
    let (orders, customers) = (Node::Service(Service::Orders), Node::Service(Service::Customers));
    let view = Node::Reader(Reader::Projection(Model::OrderView), None);
    let ways = [
        ("edges", Node::Edge(EdgeId(1)), "Edge Unheard"),
        ("first-minute", orders, "CommandLost"),
        ("scenario-c", view, "Discarded"),
        ("queue", view, "Discarded"),
        ("first-minute", Node::Broker, "PublicationRefused"),
        ("queue", Node::Broker, "Unheard QueueAcknowledgement"),
        ("command-side-read", orders, "Unheard Query"),
        ("composition", customers, "Reading Composing"),
    ];
    for (slug, node, expected) in ways {
        let mut scenario = preset(slug);
        scenario.options.workload.heal_after = Micros::from_secs(60);
        let (mut history, at) = crashed(&scenario, node);
        let names = looked_through(&mut history, at, at + DOWN);
        assert!(names.iter().any(|name| name.starts_with(expected)), "{slug}: {expected} is missing in {names:?}");
    }
}

#[test]
fn an_owner_that_is_down_as_planned_hears_no_question() {
    let mut scenario = preset("circuit-breaker");
    scenario.options.order_service.api.breaker = None;
    let mut history = played(&scenario);
    let end = history.time_known();
    let names = looked_through(&mut history, Micros::ZERO, end);
    assert!(names.contains("Between QuestionUnheard"), "{names:?}");
}

#[test]
fn acknowledgements_that_come_to_a_crashed_service_are_told() {
    let mut history = played(&preset("first-minute"));
    let sent = history.trace().iter().find(|entry| matches!(entry.what, What::Appended { .. })).expect("it publishes");
    history.seek_time(sent.at);
    let which = Node::Service(Service::Orders);
    history.change_here(Change::Hand(Hand::Node { which, act: NodeAct::Crash { lasts: DOWN } }));
    assert!(history.run_to_end(5_000_000));
    let names = looked_through(&mut history, sent.at, sent.at + DOWN);
    assert!(names.contains("Unheard Acknowledgement"), "{names:?}");
}

/// A copy that is on its way when its edge crashes does not just disappear.
#[test]
fn a_copy_on_its_way_to_an_edge_that_crashes_is_seen_to_be_lost() {
    let edge = EdgeId(1);
    let mut history = played(&preset("edges"));
    let left = |entry: &Entry| matches!(entry.what, What::Edge(Edging::CopyLeft { edge: to, .. }) if to == edge);
    let left = history.trace().iter().filter(left).nth(3).expect("copies leave");
    history.seek_step(u64::from(left.step));
    let is_copy = |history: &History<Lab>, lost: bool| {
        let all = flights(history.machine());
        all.iter().filter(|one| one.kind == FlightKind::Copy && one.to == Place::Edge(edge) && one.lost == lost).count()
    };
    let on_the_way = is_copy(&history, false);
    assert!(on_the_way > 0);
    history.change_here(Change::Hand(Hand::Node { which: Node::Edge(edge), act: NodeAct::Crash { lasts: DOWN } }));
    assert_eq!((is_copy(&history, false), is_copy(&history, true)), (0, on_the_way));
    assert!(history.run_to_end(5_000_000));
    let told = |entry: &Entry| matches!(entry.what, What::Edge(Edging::CopyUnheard { .. }));
    let entry = history.trace().iter().find(told).expect("it is told");
    assert!(line(history.frontier(), &entry, history.trace()).text.starts_with("edge 1 is down: a copy of the"));
    assert!(entry.what.is_fault());
    history.seek_time(Micros(history.time_known().0));
    assert_eq!(is_copy(&history, true), 0, "and is gone in the end");
    assert_eq!(history.frontier().world().reads().backlog(), 0);
}

/// Whoever is out by plan, and not by hand, too.
#[test]
fn a_publication_on_its_way_into_an_outage_is_seen_to_fail() {
    let mut scenario = preset("first-minute");
    scenario.options.network.outages = vec![Outage { at: Micros::from_secs(2), lasts: DOWN }];
    scenario.options.network.cuts = Vec::<Cut>::new();
    let mut history = played(&scenario);
    let names = looked_through(&mut history, Micros::from_secs(2), Micros::from_secs(5));
    assert!(names.contains("PublicationRefused"), "{names:?}");
}
