//! Publish in the request or after it (MISSION B5): who waits, and who lags.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{outcome, played, preset};
use sim::kernel::distribution::Distribution;
use sim::kernel::percentile::percentile;
use sim::kernel::time::Micros;
use sim::oracle::metrics::Metrics;
use sim::scenario::recording::Scenario;
use sim::shop::refusal::Refusal;
use sim::system::committing::Committing;
use sim::system::options::{Acks, Commit, DualWriteOrder, Outage, Publish};
use sim::system::place::{Model, Reader};
use sim::system::trace::What;

/// A relay that looks every 200 ms, and links of 30 ms.
fn shop(publish: Publish, commit: Commit) -> Scenario {
    let mut scenario = Scenario { seed: 3, ..Scenario::default() };
    let options = &mut scenario.options;
    options.workload.orders = 100;
    options.workload.gap = Distribution::Exponential { mean: Micros::from_millis(200) };
    options.order_service.commit = commit;
    options.order_service.publish = publish;
    options.order_service.relay_delay = Distribution::constant_millis(200);
    options.order_service.event_sourcing.load_per_event = Micros::ZERO;
    options.broker.publish.delay = Distribution::constant_millis(30);
    scenario
}

/// From the commit until half, and all but one in a hundred, of the events were in the order view.
fn visible_after(scenario: &Scenario) -> [Micros; 2] {
    let history = played(scenario);
    let metrics = Metrics::of(history.frontier(), history.trace(), scenario.metrics);
    let seen = &metrics.visibility[Reader::Projection(Model::OrderView).index()].seen_after;
    [percentile(seen, 50), percentile(seen, 99)]
}

#[test]
fn in_the_request_answers_later_and_lags_less() {
    for commit in [Commit::Outbox, Commit::EventSourced] {
        let latency = |publish| outcome(&shop(publish, commit)).commands.latency;
        let (after, within) = (latency(Publish::After), latency(Publish::InRequest));
        // The answer waits for the way to the broker and back: twice 30 ms.
        assert_eq!(within.p50_us.abs_diff(after.p50_us + 60_000) / 10_000, 0, "{after:?} {within:?}");
        assert!(within.p99_us > after.p99_us + 40_000, "{after:?} {within:?}");
        let (after, within) = (shop(Publish::After, commit), shop(Publish::InRequest, commit));
        let ([p50, p99], [sooner_p50, sooner_p99]) = (visible_after(&after), visible_after(&within));
        assert!(sooner_p50 + Micros::from_millis(80) < p50, "{sooner_p50} {p50}");
        assert!(sooner_p99 + Micros::from_millis(80) < p99, "{sooner_p99} {p99}");
    }
}

#[test]
fn a_dual_write_can_wait_too() {
    let latency = |publish| outcome(&shop(publish, Commit::DualWrite)).commands.latency.p50_us;
    assert!(latency(Publish::InRequest) > latency(Publish::After) + 50_000);
}

/// Whichever of the two writes comes first, nobody is answered before the broker has said that it has the event.
#[test]
fn a_dual_write_that_publishes_first_answers_once_the_broker_has_acknowledged() {
    for order in [DualWriteOrder::SaveFirst, DualWriteOrder::PublishFirst] {
        let mut scenario = shop(Publish::InRequest, Commit::DualWrite);
        scenario.options.order_service.dual_write = order;
        let history = played(&scenario);
        let (mut event_of, mut acknowledged) = (BTreeMap::new(), BTreeSet::new());
        let mut answered = 0;
        for entry in history.trace() {
            match entry.what {
                What::Committed { event, command, .. } => drop(event_of.insert(command, event)),
                What::Acknowledged { event } => drop(acknowledged.insert(event)),
                What::Answered { command } => {
                    if let Some(event) = event_of.get(&command) {
                        assert!(acknowledged.contains(event), "{command} is answered before {event} is acknowledged");
                        answered += 1;
                    }
                }
                _ => {}
            }
        }
        assert!(answered > 100, "{order:?}: {answered}");
        let waits = outcome(&scenario).commands.latency.p50_us;
        scenario.options.order_service.publish = Publish::After;
        assert!(waits > outcome(&scenario).commands.latency.p50_us + 50_000, "{order:?}");
    }
}

/// As its option says: the row of a dual write does not wait for the broker, though the answer may.
#[test]
fn a_dual_write_that_publishes_first_saves_its_row_at_once() {
    let mut scenario = shop(Publish::InRequest, Commit::DualWrite);
    scenario.options.order_service.dual_write = DualWriteOrder::PublishFirst;
    let history = played(&scenario);
    let mut announced = None;
    let mut saved = 0;
    for entry in history.trace() {
        match entry.what {
            What::Committing(Committing::Announced { event, .. }) => announced = Some((event, entry.step)),
            What::Committed { event, .. } if announced.is_some_and(|(of, _)| of == event) => {
                assert_eq!(announced, Some((event, entry.step)), "in the same step");
                saved += 1;
            }
            _ => {}
        }
    }
    assert!(saved > 100, "{saved}");
}

#[test]
fn without_acknowledgements_there_is_nothing_to_wait_for() {
    let mut within = shop(Publish::InRequest, Commit::Outbox);
    within.options.broker.acks = Acks::None;
    let mut after = shop(Publish::After, Commit::Outbox);
    after.options.broker.acks = Acks::None;
    assert_eq!(outcome(&within).commands, outcome(&after).commands);
}

#[test]
fn an_outage_of_the_broker_fails_commands_that_are_committed_all_the_same() {
    let out = |publish| {
        let mut scenario = shop(publish, Commit::Outbox);
        scenario.options.broker.resend_after = Micros::from_millis(500);
        scenario.options.network.outages = vec![Outage { at: Micros::from_secs(5), lasts: Micros::from_secs(5) }];
        scenario
    };
    assert_eq!(outcome(&out(Publish::After)).commands.failed, 0);
    let history = played(&out(Publish::InRequest));
    let commands = outcome(&out(Publish::InRequest)).commands;
    assert!(commands.failed > 10, "{commands:?}");
    assert!(commands.latency.p99_us > 500_000);
    let store = history.frontier().world().store();
    let mut told = 0;
    for entry in history.trace() {
        match entry.what {
            What::Committing(Committing::Unacknowledged { event, .. }) => assert!(store.is_committed(event)),
            What::CommandRefused { refusal: Refusal::NotAcknowledged, .. } => told += 1,
            _ => {}
        }
    }
    assert_eq!(told, commands.failed);
}

#[test]
fn the_preset_shows_who_waits() {
    let within = preset("publish-in-request");
    let mut after = within.clone();
    after.options.order_service.publish = Publish::After;
    assert!(outcome(&within).commands.failed > 0, "the broker's outage is seen by clients");
    assert_eq!(outcome(&after).commands.failed, 0);
    assert!(visible_after(&within)[0] < visible_after(&after)[0]);
}
