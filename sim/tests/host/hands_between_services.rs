//! Hands and what happens between services: the saga's commands and answers, the gateway, and handlers that ask the owners.

use crate::common::shop::{faulty_saga, shop};
use crate::common::{played, status};
use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::scenario::recording::{Recording, Scenario};
use sim::scenario::report::{report, trace_hash};
use sim::system::exchange::Exchange;
use sim::system::fate::Hop;
use sim::system::hands::{Hand, Message, MessageAct, NodeAct};
use sim::system::node::Node;
use sim::system::options::DataAccess;
use sim::system::place::Service;
use sim::system::trace::What;

/// The run in which a hand does this to messages on this link, so many times: to the first that travels after each second.
fn touched(scenario: &Scenario, hop: Hop, act: MessageAct, times: usize) -> History<Lab> {
    let mut history = played(scenario);
    for nth in 0..times {
        history.seek_time(Micros::from_secs(1 + nth as u64));
        let which = loop {
            let world = history.machine().world();
            let mut flying =
                world.agenda().in_order().into_iter().filter_map(|(_, task)| Message::of(task, world.store()));
            if let Some(which) = flying.rfind(|message| message.hop == hop) {
                break which;
            }
            let next = u64::from(history.machine().world().steps()) + 1;
            history.seek_step(next);
        };
        history.change_here(Change::Hand(Hand::Message { which, act }));
        assert!(history.run_to_end(5_000_000));
    }
    plays_again(scenario, &history);
    history
}

fn plays_again(scenario: &Scenario, history: &History<Lab>) {
    let recording = Recording { scenario: scenario.clone(), changes: history.changes().to_vec() };
    let read = Recording::from_json(&recording.to_json()).expect("reads back");
    let mut again: History<Lab> = History::new(&read.scenario, read.changes);
    assert!(again.run_to_end(5_000_000));
    assert_eq!(trace_hash(again.trace()), trace_hash(history.trace()), "a recording plays as it was");
}

fn count(history: &History<Lab>, wanted: impl Fn(What) -> bool) -> usize {
    history.trace().iter().filter(|entry| wanted(entry.what)).count()
}

#[track_caller]
fn sagas_end(history: &History<Lab>) {
    let report = report(history.frontier(), history.trace());
    for promise in ["sagas_end", "money_conserved", "no_oversell"] {
        assert_eq!(status(&report, promise), "holds", "{promise}");
    }
    assert!(history.frontier().world().clients().finished_at().is_some(), "nobody waits for an answer");
}

#[test]
fn the_saga_asks_again_after_a_hand_has_dropped_its_command_or_the_answer() {
    for hop in [Hop::SagaCommand, Hop::SagaAnswer] {
        for act in [MessageAct::Drop, MessageAct::Duplicate] {
            let history = touched(&faulty_saga(7, 30), hop, act, 3);
            assert_eq!(count(&history, |what| matches!(what, What::ByHand(_))), 3);
            sagas_end(&history);
        }
    }
}

#[test]
fn a_crash_of_the_order_service_loses_the_commands_whose_data_it_was_asking_for() {
    let scenario = shop(3, 1_000, DataAccess::SynchronousApi);
    let mut history = played(&scenario);
    history.seek_time(Micros::from_secs(1));
    while history.machine().world().enquiries().waiting() == 0 {
        let next = u64::from(history.machine().world().steps()) + 1;
        history.seek_step(next);
    }
    let which = Node::Service(Service::Orders);
    history.change_here(Change::Hand(Hand::Node { which, act: NodeAct::Crash { lasts: Micros::from_millis(300) } }));
    assert_eq!(history.machine().world().enquiries().waiting(), 0);
    assert!(history.run_to_end(5_000_000));
    assert!(count(&history, |what| matches!(what, What::CommandLost { .. })) > 0);
    assert!(history.frontier().world().clients().finished_at().is_some(), "nobody waits for an answer");
    assert_eq!(history.frontier().world().writer(Service::Orders).waiting(), 0);
    plays_again(&scenario, &history);
}

#[test]
fn an_owner_that_a_hand_has_stopped_does_not_hear_questions() {
    let scenario = shop(3, 1_000, DataAccess::SynchronousApi);
    for (act, heard) in [
        (NodeAct::Crash { lasts: Micros::from_secs(2) }, false),
        (NodeAct::Pause { lasts: Micros::from_secs(2) }, true),
    ] {
        let mut history = played(&scenario);
        history.seek_time(Micros::from_secs(1));
        history.change_here(Change::Hand(Hand::Node { which: Node::Service(Service::Products), act }));
        assert!(history.run_to_end(5_000_000));
        let timed_out = |wanted: Service| {
            count(
                &history,
                |what| matches!(what, What::Between(Exchange::QuestionTimedOut { owner, .. }) if owner == wanted),
            )
        };
        assert!(timed_out(Service::Products) > 0 && timed_out(Service::Customers) == 0);
        let replies = |owner: Service| {
            count(&history, |what| matches!(what, What::Between(Exchange::Replies { owner: one, .. }) if one == owner))
        };
        assert_eq!(replies(Service::Products) == replies(Service::Customers), heard, "{act:?}");
        plays_again(&scenario, &history);
    }
}

#[test]
fn a_command_on_its_way_to_the_gateway_can_not_be_doubled_but_from_there_it_can() {
    let scenario = shop(3, 1_000, DataAccess::Composition);
    let to_it = touched(&scenario, Hop::Command, MessageAct::Duplicate, 1);
    let from_it = touched(&scenario, Hop::Gateway, MessageAct::Duplicate, 1);
    for (history, missed) in [(&to_it, true), (&from_it, false)] {
        let told = count(history, |what| matches!(what, What::HandMissed(_)));
        assert_eq!(told, usize::from(missed));
        assert!(history.frontier().world().clients().finished_at().is_some(), "nobody waits for an answer");
    }
    let refused = |history: &History<Lab>| count(history, |what| matches!(what, What::CommandRefused { .. }));
    assert_eq!(refused(&from_it), refused(&played(&scenario)) + 1, "there is such an order already");
}
