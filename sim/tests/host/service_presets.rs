//! The scenarios about services do what their texts claim.

use crate::common::{outcome, played, scenario, status};
use sim::scenario::presets::PRESETS;
use sim::scenario::recording::Scenario;
use sim::scenario::report::report;
use sim::shop::ids::OrderId;
use sim::shop::money::Cents;
use sim::shop::order::status::Status;
use sim::system::exchange::Exchange;
use sim::system::options::DataAccess;
use sim::system::trace::What;

fn preset(slug: &str) -> Scenario {
    scenario(PRESETS.iter().find(|preset| preset.slug == slug).expect("the preset exists").json)
}

#[test]
fn four_ways_differ_in_the_outage() {
    let with = |access| {
        let mut scenario = preset("four-ways");
        scenario.options.order_service.data_access = access;
        outcome(&scenario).commands
    };
    assert!(outcome(&preset("four-ways")).commands.failed > 5);
    assert!(with(DataAccess::Composition).failed > 5);
    assert_eq!(with(DataAccess::Replica).failed, 0);
    assert_eq!(with(DataAccess::SharedDatabase).failed, 0);
    assert!(with(DataAccess::Replica).stale_decisions > 0);
    assert_eq!(with(DataAccess::SharedDatabase).stale_decisions, 0);
}

#[test]
fn the_circuit_breaker_saves_every_order() {
    let history = played(&preset("circuit-breaker"));
    let commands = report(history.frontier(), history.trace()).commands;
    assert_eq!(commands.failed, 0);
    assert!(commands.fallbacks > 5);
    assert!(history.trace().iter().any(|entry| matches!(entry.what, What::Between(Exchange::CircuitTurned { .. }))));
}

#[test]
fn the_saga_meets_three_kinds_of_old_data() {
    let history = played(&preset("saga"));
    let lab = history.frontier();
    let order = |n| (lab.order(OrderId(n)).status, lab.order(OrderId(n)).total);
    let account = |n| lab.world().payments().account(OrderId(n));
    assert_eq!(order(1), (Status::Confirmed, Cents(9_998)), "the old price, twice");
    assert_eq!(order(2).0, Status::Rejected);
    assert_eq!((order(3).0, order(4).0), (Status::Confirmed, Status::Rejected));
    for rejected in [2, 4] {
        assert!(account(rejected).charged > Cents(0));
        assert_eq!(account(rejected).charged, account(rejected).refunded);
    }
    let report = report(lab, history.trace());
    assert_eq!(status(&report, "price_in_force"), "broken");
    for kept in ["no_oversell", "money_conserved", "sagas_end"] {
        assert_eq!(status(&report, kept), "holds", "{kept}");
    }
}

#[test]
fn the_staleness_bound_charges_the_price_in_force() {
    let mut bound = preset("staleness-bound");
    assert_eq!(status(&outcome(&bound), "price_in_force"), "holds");
    bound.options.order_service.staleness_bound = None;
    assert_eq!(status(&outcome(&bound), "price_in_force"), "broken");
}
