//! What holds for every mixture of the ways to data, outages, breakers and sagas.

use std::collections::BTreeSet;

use crate::common::shop::faulty_saga;
use crate::common::{outcome, played, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::fate::mix;
use sim::kernel::history::History;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::scenario::recording::{Recording, Scenario};
use sim::scenario::report::trace_hash;
use sim::system::command_side::saga::instance::{Cause, Phase};
use sim::system::exchange::Exchange;
use sim::system::options::{CircuitBreaker, DataAccess, Fallback, OwnerService};
use sim::system::trace::What;
use sim::view::log;

/// A shop in which the seed picks the way to data, the outages, and whether there are breakers, fallbacks and sagas.
fn swarm(seed: u64) -> Scenario {
    let mut bits = mix(seed);
    let mut pick = |n: u64| {
        bits = mix(bits);
        bits % n
    };
    let mut scenario = faulty_saga(seed, 5 + u32::try_from(pick(40)).expect("small"));
    let options = &mut scenario.options;
    let ways = [
        DataAccess::Command,
        DataAccess::Replica,
        DataAccess::SharedDatabase,
        DataAccess::SynchronousApi,
        DataAccess::Composition,
    ];
    options.order_service.data_access = ways[usize::try_from(pick(5)).expect("small")];
    let mut outage = |owner: &mut OwnerService| {
        owner.down_from = Micros::from_millis(pick(8_000));
        owner.down_for = Micros::from_millis(pick(2) * pick(6_000));
        owner.slow_from = Micros::from_millis(pick(8_000));
        owner.slow_for = Micros::from_millis(pick(2) * pick(6_000));
    };
    outage(&mut options.product_service);
    outage(&mut options.customer_service);
    let api = &mut options.order_service.api;
    api.loss = Probability::from_percent(u32::try_from(pick(2) * 5).expect("small"));
    api.timeout = Micros::from_millis(100 + pick(900));
    api.fallback = if pick(2) == 0 { Fallback::Refuse } else { Fallback::Replica };
    api.breaker =
        (pick(2) == 0).then_some(CircuitBreaker { failures: 2, open_for: Micros::from_millis(500 + pick(2_000)) });
    options.saga.enabled = pick(4) > 0;
    options.saga.timeout = Micros::from_millis(500 + pick(10_000));
    options.workload.back_office.price_gap = Some(Distribution::Exponential { mean: Micros::from_millis(700) });
    options.workload.back_office.restock_gap = (pick(2) == 0).then_some(Distribution::constant_millis(1_500));
    scenario
}

#[test]
fn every_shopper_is_answered_and_no_saga_breaks_its_promises() {
    for seed in 0..150 {
        let scenario = swarm(seed);
        let report = outcome(&scenario);
        assert_eq!(report.commands.unanswered, 0, "seed {seed}");
        let told = report.commands.accepted + report.commands.refused + report.commands.failed;
        assert_eq!(told, report.commands.sent, "seed {seed}");
        if scenario.options.saga.enabled {
            for promise in ["no_oversell", "money_conserved", "sagas_end"] {
                assert_eq!(status(&report, promise), "holds", "seed {seed}: {promise}");
            }
        }
    }
}

#[test]
fn seeking_is_running() {
    for seed in 0..8 {
        let scenario = swarm(seed);
        let mut history = played(&scenario);
        let end = history.steps_known();
        for part in [7, 2, 9, 4] {
            let step = end * part / 10;
            history.seek_step(step);
            let mut straight = Lab::new(scenario.options.clone(), scenario.seed, &scenario.overrides);
            let mut entries = Vec::new();
            for _ in 0..step {
                straight.step(&mut entries);
            }
            assert_eq!(history.machine().fingerprint(), straight.fingerprint(), "seed {seed}, step {step}");
        }
    }
}

#[test]
fn changing_the_design_on_the_way_is_a_run_of_its_own() {
    for seed in 0..40 {
        let (scenario, other) = (swarm(seed), swarm(seed + 1_000));
        let mut history = played(&scenario);
        let mut options = other.options.clone();
        options.workload = scenario.options.workload.clone();
        history.seek_step(history.steps_known() * (seed % 10) / 10);
        history.change_here(Change::Options(Box::new(options)));
        assert!(history.run_to_end(5_000_000), "seed {seed}");
        let recording = Recording { scenario, changes: history.changes().to_vec() };
        let read = Recording::from_json(&recording.to_json()).expect("it reads back");
        let mut replayed: History<Lab> = History::new(&read.scenario, read.changes);
        assert!(replayed.run_to_end(5_000_000));
        assert_eq!(trace_hash(history.trace()), trace_hash(replayed.trace()), "seed {seed}");
    }
}

#[test]
fn everything_that_happens_is_told_in_words() {
    for seed in 0..20 {
        let history = played(&swarm(seed));
        let lines = log::lines(history.frontier(), history.trace(), 0..history.trace().len());
        for (line, entry) in lines.iter().zip(history.trace()) {
            assert!(!line.text.is_empty(), "{:?}", entry.what);
        }
    }
}

/// The properties above say nothing about what never happens, so it does happen.
#[test]
fn the_swarm_reaches_what_it_is_about() {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for seed in 0..150 {
        for entry in played(&swarm(seed)).trace() {
            let name = match entry.what {
                What::Between(Exchange::SagaTurned { phase: Phase::Undone(Cause::NotReserved(_)), .. }) => {
                    "undone: not reserved".to_owned()
                }
                What::Between(Exchange::SagaTurned { phase, .. }) => format!("{phase:?}"),
                What::Between(Exchange::CircuitTurned { circuit, .. }) => format!("{circuit:?}"),
                What::Between(Exchange::DecidedOnOldData { otherwise, .. }) => {
                    format!("old data, otherwise {otherwise}")
                }
                What::Between(Exchange::FellBack { .. }) => "fell back".to_owned(),
                What::Between(Exchange::CommandRepeated { .. }) => "repeated".to_owned(),
                What::Between(Exchange::QuestionUnheard { .. }) => "unheard".to_owned(),
                _ => continue,
            };
            seen.insert(name);
        }
    }
    for expected in [
        "undone: not reserved",
        "Undone(TimedOut)",
        "Undone(Cancelled)",
        "Confirmed",
        "Open",
        "HalfOpen",
        "Closed",
        "old data, otherwise true",
        "old data, otherwise false",
        "fell back",
        "repeated",
        "unheard",
    ] {
        assert!(seen.contains(expected), "{expected} is missing in {seen:?}");
    }
}
