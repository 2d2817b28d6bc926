//! Four ways to data that another service owns, on the same traffic: what each costs, and what each does in an outage.

use crate::common::shop::shop as small_shop;
use crate::common::{outcome, played, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::commands::Commands;
use sim::scenario::recording::Scenario;
use sim::shop::command_name::CommandName;
use sim::shop::refusal::Refusal;
use sim::system::breaker::Circuit;
use sim::system::exchange::Exchange;
use sim::system::options::{CircuitBreaker, DataAccess, Fallback};
use sim::system::place::Service;
use sim::system::trace::{Entry, Trace, What};

const WAYS: [DataAccess; 4] =
    [DataAccess::Replica, DataAccess::SharedDatabase, DataAccess::SynchronousApi, DataAccess::Composition];

/// Plenty of stock, so that only the data and the outages decide.
fn busy(access: DataAccess) -> Scenario {
    let mut scenario = small_shop(7, 100_000, access);
    scenario.options.workload.orders = 80;
    scenario
}

fn fared(scenario: &Scenario) -> Commands {
    outcome(scenario).commands
}

/// How each way fares under these circumstances.
fn side_by_side(edit: impl Fn(&mut Scenario)) -> [Commands; 4] {
    WAYS.map(|access| {
        let mut scenario = busy(access);
        edit(&mut scenario);
        fared(&scenario)
    })
}

fn new_orders(trace: Trace<'_>) -> Vec<Micros> {
    let sent =
        trace.iter().filter(|entry| matches!(entry.what, What::CommandSent { name: CommandName::CreateOrder, .. }));
    sent.map(|entry| entry.at).collect()
}

#[test]
fn all_ways_see_the_same_orders() {
    let orders = WAYS.map(|access| new_orders(played(&busy(access)).trace()));
    assert_eq!(orders[0].len(), 80);
    assert!(orders.iter().all(|one| *one == orders[0]));
}

#[test]
fn on_a_good_day_all_work_and_asking_costs_time_and_messages() {
    let all = side_by_side(|_| {});
    for fared in &all {
        assert_eq!((fared.refused, fared.failed, fared.unanswered), (0, 0, 0));
    }
    let [replica, shared, api, composition] = all;
    // Of n orders each asks two owners, and each owner replies.
    assert_eq!(api.messages.questions_and_replies, 4 * 80);
    assert_eq!(composition.messages.questions_and_replies, 4 * 80);
    assert_eq!(replica.messages.questions_and_replies + shared.messages.questions_and_replies, 0);
    assert!(replica.order_latency.p50_us < shared.order_latency.p50_us, "foreign tables take a little");
    assert!(shared.order_latency.p50_us + 10_000 < api.order_latency.p50_us, "a round trip takes more");
    assert!(replica.order_latency.p50_us + 10_000 < composition.order_latency.p50_us);
}

#[test]
fn one_writer_that_waits_lets_all_others_wait() {
    let quick = |scenario: &mut Scenario| {
        scenario.options.workload.gap = Distribution::Exponential { mean: Micros::from_millis(40) };
    };
    let [_, _, api, composition] = side_by_side(quick);
    assert!(api.order_latency.p50_us > 2 * composition.order_latency.p50_us, "{api:?} {composition:?}");
}

#[test]
fn while_the_product_service_is_down_only_those_who_ask_it_fail() {
    let down = |scenario: &mut Scenario| {
        scenario.options.product_service.down_from = Micros::from_secs(4);
        scenario.options.product_service.down_for = Micros::from_secs(8);
    };
    let [replica, shared, api, composition] = side_by_side(down);
    assert_eq!((replica.failed, shared.failed), (0, 0));
    assert!(api.failed > 5 && composition.failed > 5, "{} and {}", api.failed, composition.failed);
    // Composing, each command waits for itself; asking, it waits for all that wait before it.
    assert!(composition.order_latency.p99_us < 1_400_000, "{}", composition.order_latency.p99_us);
    assert!(api.order_latency.p99_us > 4_000_000, "{}", api.order_latency.p99_us);
    assert!(replica.order_latency.p99_us < 300_000);
}

#[test]
fn while_the_product_service_is_slow_only_those_who_ask_it_are() {
    let slow = |scenario: &mut Scenario| {
        scenario.options.product_service.slow_from = Micros::from_secs(4);
        scenario.options.product_service.slow_for = Micros::from_secs(8);
        scenario.options.product_service.slow_by = Micros::from_millis(400);
    };
    let [replica, shared, api, composition] = side_by_side(slow);
    let good = side_by_side(|_| {});
    assert_eq!([replica.order_latency, shared.order_latency], [good[0].order_latency, good[1].order_latency]);
    assert_eq!((api.failed, composition.failed), (0, 0), "slow is within patience");
    assert!(composition.order_latency.p99_us > 400_000 && api.order_latency.p99_us > 1_000_000);
}

#[test]
fn the_replica_decides_on_old_data_and_the_shared_database_never_does() {
    let changing = |scenario: &mut Scenario| {
        scenario.options.workload.back_office.price_gap =
            Some(Distribution::Exponential { mean: Micros::from_millis(500) });
        scenario.options.replicas.products.delivery.delay = Distribution::constant_millis(1_000);
    };
    let [replica, shared, api, composition] = side_by_side(changing);
    assert_eq!((shared.stale_decisions, shared.wrong_decisions), (0, 0));
    assert!(replica.wrong_decisions > 20, "{}", replica.wrong_decisions);
    assert!(api.wrong_decisions < replica.wrong_decisions / 4);
    assert!(composition.wrong_decisions < replica.wrong_decisions / 4);
    let mut replica = busy(DataAccess::Replica);
    changing(&mut replica);
    assert_eq!(status(&outcome(&replica), "price_in_force"), "broken");
    replica.options.order_service.data_access = DataAccess::SharedDatabase;
    assert_eq!(status(&outcome(&replica), "price_in_force"), "holds");
}

#[test]
fn a_lost_question_or_reply_is_waited_for_in_vain() {
    let lossy = |scenario: &mut Scenario| scenario.options.order_service.api.loss = Probability::from_percent(5);
    let [replica, _, api, composition] = side_by_side(lossy);
    assert_eq!(replica.failed, 0);
    // Keyed fates: both ways lose the same questions and replies.
    assert!(api.failed > 0 && api.failed == composition.failed);
}

/// The Product Service is down from 4 s to 12 s, and there are breakers.
fn with_breaker(access: DataAccess, fallback: Fallback) -> Scenario {
    let mut scenario = busy(access);
    scenario.options.product_service.down_from = Micros::from_secs(4);
    scenario.options.product_service.down_for = Micros::from_secs(8);
    let api = &mut scenario.options.order_service.api;
    api.breaker = Some(CircuitBreaker { failures: 3, open_for: Micros::from_secs(2) });
    api.fallback = fallback;
    scenario
}

#[test]
fn the_breaker_opens_probes_and_closes() {
    let history = played(&with_breaker(DataAccess::SynchronousApi, Fallback::Refuse));
    let turns: Vec<(u64, Circuit)> = history
        .trace()
        .iter()
        .filter_map(|entry| match entry.what {
            What::Between(Exchange::CircuitTurned { owner: Service::Products, circuit }) => {
                Some((entry.at.0 / 1_000_000, circuit))
            }
            _ => None,
        })
        .collect();
    let circuits: Vec<Circuit> = turns.iter().map(|(_, circuit)| *circuit).collect();
    assert_eq!(circuits.first(), Some(&Circuit::Open));
    assert_eq!(circuits.last(), Some(&Circuit::Closed));
    assert!(circuits.windows(2).any(|two| two == [Circuit::HalfOpen, Circuit::Open]), "a probe failed: {circuits:?}");
    assert!(circuits.windows(2).all(|two| two[0] != two[1]));
    assert!(turns.iter().all(|(second, _)| (4..16).contains(second)), "{turns:?}");
    // While it is open, nobody waits: the refusal comes in the time that a command takes otherwise.
    let spared = history
        .trace()
        .iter()
        .filter(|entry| matches!(entry.what, What::Between(Exchange::QuestionSpared { .. })))
        .count();
    assert!(spared > 10, "{spared}");
}

#[test]
fn the_breaker_spares_the_commands_that_need_no_data() {
    let mut without = with_breaker(DataAccess::SynchronousApi, Fallback::Refuse);
    let with = fared(&without);
    without.options.order_service.api.breaker = None;
    let without = fared(&without);
    assert!(2 * with.latency.p99_us < without.latency.p99_us, "{with:?} {without:?}");
}

#[test]
fn with_the_replica_to_fall_back_on_nothing_fails() {
    for access in [DataAccess::SynchronousApi, DataAccess::Composition] {
        let refusing = fared(&with_breaker(access, Fallback::Refuse));
        let falling_back = fared(&with_breaker(access, Fallback::Replica));
        assert!(refusing.failed > 10 && refusing.fallbacks == 0);
        assert!(falling_back.failed == 0 && falling_back.fallbacks > 10);
    }
}

#[test]
fn commands_to_a_service_that_is_down_are_refused_as_unavailable_and_its_events_wait() {
    let mut scenario = busy(DataAccess::Replica);
    scenario.options.workload.back_office.price_gap = Some(Distribution::constant_millis(900));
    scenario.options.product_service.down_from = Micros::from_secs(4);
    scenario.options.product_service.down_for = Micros::from_secs(8);
    let history = played(&scenario);
    let down = Micros::from_secs(4)..Micros::from_secs(12);
    let unavailable =
        |entry: &Entry| matches!(entry.what, What::CommandRefused { refusal: Refusal::Unavailable(_), .. });
    let refused: Vec<Entry> = history.trace().iter().filter(unavailable).collect();
    assert!(refused.len() > 5 && refused.iter().all(|entry| down.contains(&entry.at)));
    let store = history.frontier().world().store();
    let published = history.trace().iter().filter(|entry| down.contains(&entry.at)).any(|entry| match entry.what {
        What::Published { event, .. } => store.event(event).recorded.of.order().is_none(),
        _ => false,
    });
    assert!(!published, "a service that is down publishes nothing");
}

#[test]
fn the_source_can_not_be_asked_while_it_is_down() {
    let mut scenario = with_breaker(DataAccess::Replica, Fallback::Refuse);
    scenario.options.order_service.staleness_bound = Some(Micros::ZERO);
    scenario.options.order_service.stale_row = sim::system::options::StaleRow::AskTheSource;
    let fared = fared(&scenario);
    assert!(fared.failed > 10 && fared.accepted > 10);
}
