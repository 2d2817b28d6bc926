//! The gateway that composes answers, with circuit breakers before the services, and with its links cut by hand.

use crate::common::{played, preset};
use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::compositions::compositions;
use sim::oracle::lab::Lab;
use sim::oracle::queries::queries;
use sim::scenario::machine::Change;
use sim::scenario::recording::Scenario;
use sim::shop::ids::CommandId;
use sim::system::breaker::Circuit;
use sim::system::exchange::Exchange;
use sim::system::hands::{Hand, LinkAct};
use sim::system::node::Node;
use sim::system::options::{CircuitBreaker, DataAccess, Incomplete};
use sim::system::place::{Place, Service};
use sim::system::queries::composing::Composing;
use sim::system::queries::reading::Reading;
use sim::system::trace::What;
use sim::view::grasp::{Deed, Thing, grasp, link};
use sim::view::stage::stage;

const SECOND: Micros = Micros::from_secs(1);

/// The preset, in which the Product Service is down from 8 s to 11 s, with or without breakers.
fn composed(breaker: Option<CircuitBreaker>, incomplete: Incomplete) -> Scenario {
    let mut scenario = preset("composition");
    let composition = scenario.options.queries.composition.as_mut().expect("it composes");
    (composition.breaker, composition.incomplete) = (breaker, incomplete);
    scenario
}

/// For how long all clients together waited for the answers of queries.
fn waited_in_all(history: &History<Lab>) -> Micros {
    let mut left = std::collections::BTreeMap::new();
    let waits = history.trace().iter().filter_map(|entry| match entry.what {
        What::Reading(Reading::Asked { query, .. }) => left.insert(query, entry.at).and(None),
        What::Reading(Reading::Answered { query }) => left.remove(&query).map(|asked| entry.at.since(asked).0),
        _ => None,
    });
    Micros(waits.sum())
}

const BREAKER: CircuitBreaker = CircuitBreaker { failures: 3, open_for: SECOND };

fn turns(history: &History<Lab>) -> Vec<(Service, Circuit)> {
    let turn = |what| match what {
        What::Reading(Reading::Composing(Composing::CircuitTurned { service, circuit })) => Some((service, circuit)),
        _ => None,
    };
    history.trace().iter().filter_map(|entry| turn(entry.what)).collect()
}

#[test]
fn a_breaker_spares_the_wait_for_a_service_that_does_not_reply() {
    let without = played(&composed(None, Incomplete::Partial));
    let with = played(&composed(Some(BREAKER), Incomplete::Partial));
    let (waited, spared) = (compositions(without.trace()), compositions(with.trace()));
    assert!(spared.spared > 10 && waited.spared == 0, "{spared:?}");
    assert!(spared.timed_out * 2 < waited.timed_out, "{} of {}", spared.timed_out, waited.timed_out);
    let p99 = |history: &History<Lab>| queries(history.trace()).latency.p99_us;
    let waits = |history: &History<Lab>| waited_in_all(history);
    assert!(waits(&with).0 * 6 < waits(&without).0 * 5, "{} of {}", waits(&with), waits(&without));
    // Whoever is spared has what is there at once; only those before the circuit opened, and probes, wait for half a second.
    let late = |history: &History<Lab>| compositions(history.trace()).partial;
    assert!(late(&with) > 10 && p99(&with) <= p99(&without), "{} {}", p99(&with), p99(&without));

    let turns = turns(&with);
    assert_eq!(turns[..2], [(Service::Products, Circuit::Open), (Service::Products, Circuit::HalfOpen)]);
    assert_eq!(turns.last(), Some(&(Service::Products, Circuit::Closed)), "it is back, and a probe has found out");
}

#[test]
fn where_a_partial_answer_will_not_do_an_open_circuit_fails_at_once() {
    let history = played(&composed(Some(BREAKER), Incomplete::Fail));
    let mut spared = std::collections::BTreeMap::new();
    let mut at_once = 0;
    for entry in history.trace() {
        match entry.what {
            What::Reading(Reading::Composing(Composing::Spared { query, .. })) => drop(spared.insert(query, entry.at)),
            What::Reading(Reading::Composing(Composing::Failed { query })) => {
                let since = spared.get(&query).map(|at| entry.at.since(*at));
                at_once += usize::from(since.is_some_and(|since| since < Micros::from_millis(200)));
            }
            _ => {}
        }
    }
    assert!(at_once > 10, "{at_once}");
}

#[test]
fn the_stage_shows_the_circuit() {
    let mut history = played(&composed(Some(BREAKER), Incomplete::Partial));
    let opened = history.trace().iter().find(|entry| {
        matches!(entry.what, What::Reading(Reading::Composing(Composing::CircuitTurned { circuit: Circuit::Open, .. })))
    });
    let marks = |history: &History<Lab>| -> Vec<String> {
        let gateway = stage(history.machine()).nodes.into_iter().find(|node| node.place == Place::Gateway);
        gateway.expect("it is there").marks.into_iter().map(|mark| mark.text).collect()
    };
    history.seek_step(u64::from(opened.expect("it opens").step));
    assert_eq!(marks(&history), ["products for queries: circuit open"]);
    history.seek_step(0);
    assert_eq!(marks(&history), ["circuits for queries closed"]);
}

/// Cuts a link of this scenario by hand at 3 s, one way, for 2 s, as the panel of the link offers it.
fn cut(scenario: &Scenario, from: Place, to: Place, outward: bool) -> History<Lab> {
    let mut history = played(scenario);
    history.seek_time(Micros::from_secs(3));
    let held = grasp(history.machine(), Thing::Link(from, to), Micros::from_secs(2)).expect("it can be cut");
    let cuts = held.offers.into_iter().filter_map(|offer| match offer.deed {
        Deed::Hands(hands) if hands.len() == 1 => Some(hands[0]),
        _ => None,
    });
    let ways: Vec<Hand> = cuts.collect();
    let hand = ways[usize::from(!outward)];
    assert!(matches!(hand, Hand::Link { act: LinkAct::Cut { .. }, .. }));
    history.change_here(Change::Hand(hand));
    assert!(history.run_to_end(5_000_000));
    history
}

#[test]
fn each_of_the_gateways_links_can_be_cut_by_hand_either_way() {
    let scenario = composed(None, Incomplete::Partial);
    let lost = |history: &History<Lab>| compositions(history.trace()).lost;
    assert_eq!(lost(&played(&scenario)), 0);
    for (place, node) in [
        (Place::Handler, Node::Service(Service::Orders)),
        (Place::Owner(Service::Products), Node::Service(Service::Products)),
        (Place::Owner(Service::Customers), Node::Service(Service::Customers)),
    ] {
        assert!(link(Place::Gateway, place).is_some_and(|name| name.starts_with("Link from the gateway to the ")));
        for outward in [true, false] {
            let history = cut(&scenario, Place::Gateway, place, outward);
            let what = |entry: &sim::system::trace::Entry| match entry.what {
                What::Reading(Reading::Composing(Composing::CallLost { .. })) => outward,
                What::Reading(Reading::Composing(Composing::ReplyLost { .. })) => !outward,
                _ => false,
            };
            let times: Vec<Micros> = history.trace().iter().filter(what).map(|entry| entry.at).collect();
            assert!(times.len() > 3 && times.len() as u64 == lost(&history), "{node}, outward {outward}: {times:?}");
            assert!(times.iter().all(|at| (3..5).contains(&(at.0 / SECOND.0))), "{node}: {times:?}");
        }
    }
    // While it lasts, the picture shows it.
    let mut history = cut(&scenario, Place::Gateway, Place::Owner(Service::Products), true);
    history.seek_time(Micros::from_secs(4));
    assert_eq!(stage(history.machine()).cuts, [(Place::Gateway, Place::Owner(Service::Products))]);
}

#[test]
fn so_can_those_over_which_owners_are_asked_about_commands() {
    let mut scenario = preset("four-ways");
    for access in [DataAccess::Composition, DataAccess::SynchronousApi] {
        scenario.options.order_service.data_access = access;
        let from = if access == DataAccess::Composition { Place::Gateway } else { Place::Handler };
        let history = cut(&scenario, from, Place::Owner(Service::Customers), true);
        let lost = history.trace().iter().filter(|entry| {
            matches!(entry.what, What::Between(Exchange::QuestionLost { owner: Service::Customers, .. }))
        });
        assert!(lost.count() > 1, "{access:?}");
    }
    // What the gateway sends on to the Order Service goes over a link, too.
    scenario.options.order_service.data_access = DataAccess::Composition;
    let history = cut(&scenario, Place::Gateway, Place::Handler, true);
    let lost = |what| match what {
        What::Between(Exchange::CommandLost { command, .. }) => Some(command),
        _ => None,
    };
    let lost: Vec<CommandId> = history.trace().iter().filter_map(|entry| lost(entry.what)).collect();
    assert!(!lost.is_empty() && history.frontier().is_quiet());
}
