//! Interventions by hand: each has its visible effect, each is told, and a recording of it plays again as it was.

use crate::common::again::assert_plays_again;
use crate::common::{played, scenario, status};
use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::judgement::OrderField;
use sim::oracle::lab::Lab;
use sim::oracle::queries::queries;
use sim::scenario::machine::Change;
use sim::scenario::recording::{Recording, Scenario};
use sim::scenario::report::report;
use sim::shop::ids::{CustomerId, OrderId};
use sim::system::fate::Hop;
use sim::system::hands::{Hand, LinkAct, Message, MessageAct, NodeAct};
use sim::system::node::Node;
use sim::system::options::{BrokerKind, Contract, ScriptedQuery};
use sim::system::place::Place;
use sim::system::queries::question::Query;
use sim::system::trace::What;
use sim::view::hands;
use sim::view::ledger::Cell;
use sim::view::log::lines;
use sim::view::stage::flights;

const TENTH: &str = r#"{ "kind": "constant", "value": "100ms" }"#;

const fn ms(n: u64) -> Micros {
    Micros::from_millis(n)
}

/// An order is created at 0 s, and shipped and delivered at 2 s and 4 s. Every way takes 100 ms: a command arrives 0.1 s after
/// it was sent, is published 0.3 s after, appended 0.4 s after, delivered 0.5 s after and handled 0.6 s after.
fn slow() -> Scenario {
    let act = |at: &str, what: &str| format!(r#"{{ "at": "{at}", "to": "O-1", "do": "{what}" }}"#);
    let create = r#"{ "at": "0s", "to": "O-1", "do": { "create_order": { "customer": "C-1",
        "items": [{ "product": "P-1", "quantity": 2, "price_cents": 2000 }] } } }"#;
    let script = [create.to_owned(), act("2s", "ship_order"), act("4s", "deliver_order")].join(",");
    let reader = format!(r#"{{ "delivery": {{ "delay": {TENTH} }}, "service": {TENTH}, "refetch_after": "3s" }}"#);
    scenario(&format!(
        r#"{{ "version": 1, "name": "hands", "options": {{
            "workload": {{ "orders": 0, "script": [{script}] }},
            "order_service": {{ "client_delay": {TENTH}, "service": {TENTH}, "relay_delay": {TENTH} }},
            "broker": {{ "partitions": 1, "resend_after": "1s", "publish": {{ "delay": {TENTH} }} }},
            "projections": {{ "order_view": {reader}, "sales_dashboard": {reader} }} }} }}"#
    ))
}

/// The run in which hands do these things at exactly these moments. It plays again as it was, from its recording.
fn touched(scenario: &Scenario, acts: &[(u64, Hand)]) -> History<Lab> {
    let mut history = played(scenario);
    for (at, hand) in acts {
        history.seek_time(ms(*at));
        history.change_here(Change::Hand(*hand));
        assert!(history.run_to_end(5_000_000));
    }
    assert_plays_again(scenario, &history);
    history
}

fn message(hop: Hop, subject: &str, act: MessageAct) -> Hand {
    let subject = subject.parse().expect("a subject");
    Hand::Message { which: Message { hop, subject, attempt: 1 }, act }
}

fn node(which: &str, act: NodeAct) -> Hand {
    Hand::Node { which: which.parse().expect("a node"), act }
}

fn shown(history: &History<Lab>, field: OrderField) -> String {
    Cell::Order(OrderId(1), field).shown(history.frontier()).text
}

fn moments(history: &History<Lab>, wanted: impl Fn(What) -> bool) -> Vec<u64> {
    history.trace().iter().filter(|entry| wanted(entry.what)).map(|entry| entry.at.as_millis()).collect()
}

fn promise(history: &History<Lab>, name: &str) -> &'static str {
    status(&report(history.frontier(), history.trace()), name)
}

fn told(history: &History<Lab>, text: &str) -> bool {
    lines(history.frontier(), history.trace(), 0..history.trace().len()).iter().any(|line| line.text == text)
}

const fn applied_to_the_view(what: What) -> bool {
    matches!(what, What::Applied { delivered, .. } if matches!(delivered.reader.model(), Some(sim::system::place::Model::OrderView)))
}

#[test]
fn a_dropped_delivery_is_fetched_again_alone() {
    let history = touched(&slow(), &[(2_450, message(Hop::OrderView, "O-1/2", MessageAct::Drop))]);
    assert!(told(&history, "you drop the delivery of O-1/2 to the order view"));
    // Missed for 3 s; meanwhile "delivered" has come, and "shipped" comes after it.
    assert_eq!(moments(&history, applied_to_the_view), [600, 4_600, 5_650]);
    assert_eq!(shown(&history, OrderField::Status), "shipped");
    assert_eq!(promise(&history, "order_lifecycle"), "broken");
}

#[test]
fn a_delivery_that_a_queue_misses_is_handed_out_again() {
    let mut queue = slow();
    queue.options.broker.kind = BrokerKind::Queue;
    queue.options.broker.queue.visibility = ms(1_000);
    let history = touched(&queue, &[(450, message(Hop::OrderView, "O-1/1", MessageAct::Drop))]);
    assert_eq!(moments(&history, applied_to_the_view), [1_600, 2_600, 4_600]);
}

#[test]
fn a_dropped_publication_is_published_again() {
    let history = touched(&slow(), &[(350, message(Hop::Publish, "O-1/1", MessageAct::Drop))]);
    assert_eq!(moments(&history, applied_to_the_view), [1_600, 2_600, 4_600]);
}

#[test]
fn a_dropped_acknowledgement_publishes_twice() {
    let history = touched(&slow(), &[(450, message(Hop::Acknowledge, "O-1/1", MessageAct::Drop))]);
    assert_eq!(moments(&history, |what| matches!(what, What::Published { attempt: 2, .. })).len(), 1);
    assert_eq!(promise(&history, "exactly_once_effect"), "broken");
}

#[test]
fn a_dropped_command_or_answer_is_never_answered() {
    for (at, hop, events) in [(50, Hop::Command, 0), (250, Hop::Answer, 3)] {
        let history = touched(&slow(), &[(at, message(hop, "O-1/1000", MessageAct::Drop))]);
        assert_eq!(history.frontier().world().store().len(), events, "{hop:?}");
        assert_eq!(history.frontier().world().clients().open(), 0);
        assert_eq!(moments(&history, |what| matches!(what, What::Answered { .. })).len(), 2);
    }
}

#[test]
fn a_doubled_message_has_its_effect_twice() {
    for (at, hop, subject) in [(450, Hop::OrderView, "O-1/1"), (350, Hop::Publish, "O-1/1")] {
        let history = touched(&slow(), &[(at, message(hop, subject, MessageAct::Duplicate))]);
        assert_eq!(shown(&history, OrderField::Quantity), "4", "{hop:?}");
        assert_eq!(promise(&history, "exactly_once_effect"), "broken");
    }
}

#[test]
fn a_doubled_command_is_decided_twice() {
    let history = touched(&slow(), &[(2_050, message(Hop::Command, "O-1/1001", MessageAct::Duplicate))]);
    assert_eq!(moments(&history, |what| matches!(what, What::CommandRefused { .. })).len(), 1, "it is shipped already");
    assert_eq!(history.frontier().world().clients().open(), 0);
}

#[test]
fn a_held_message_waits_until_it_is_released() {
    let hold = message(Hop::OrderView, "O-1/2", MessageAct::Hold);
    let kept = touched(&slow(), &[(2_450, hold)]);
    assert_eq!(promise(&kept, "nothing_stuck"), "broken", "it is in the hand for ever");
    assert_eq!(kept.frontier().world().held().count(), 1);
    let history = touched(&slow(), &[(2_450, hold), (3_000, message(Hop::OrderView, "O-1/2", MessageAct::Release))]);
    assert_eq!(moments(&history, applied_to_the_view), [600, 3_100, 4_600]);
    assert_eq!(promise(&history, "nothing_stuck"), "holds");
    let late = touched(&slow(), &[(2_450, hold), (60_000, message(Hop::OrderView, "O-1/2", MessageAct::Release))]);
    assert_eq!(shown(&late, OrderField::Status), "shipped", "released after everything else");
}

#[test]
fn others_pass_a_message_that_is_let_back() {
    let history =
        touched(&slow(), &[(2_450, message(Hop::OrderView, "O-1/2", MessageAct::LetOthersPass { by: ms(3_000) }))]);
    assert_eq!(moments(&history, applied_to_the_view), [600, 4_600, 5_600]);
    assert_eq!(shown(&history, OrderField::Status), "shipped");
}

#[test]
fn what_is_not_there_is_not_touched() {
    let hand = message(Hop::OrderView, "O-1/2", MessageAct::Drop);
    let history = touched(&slow(), &[(1_000, hand)]);
    assert!(told(&history, "you drop the delivery of O-1/2 to the order view, but it is not there"));
    assert_eq!(shown(&history, OrderField::Status), "delivered");
}

#[test]
fn a_crashed_reader_comes_back_by_itself_or_by_hand() {
    let crash = node("order_view/1", NodeAct::Crash { lasts: ms(3_000) });
    // In the middle of handling: what was in hand is delivered again.
    let history = touched(&slow(), &[(2_550, crash)]);
    assert_eq!(moments(&history, applied_to_the_view), [600, 5_750, 5_855]);
    let sooner = touched(&slow(), &[(2_550, crash), (3_000, node("order_view", NodeAct::Restart))]);
    assert_eq!(moments(&sooner, applied_to_the_view), [600, 3_200, 4_600]);
    assert_eq!(moments(&sooner, |what| matches!(what, What::Restarted { .. })).len(), 1);
}

#[test]
fn a_paused_reader_goes_on_with_what_it_has() {
    let pause = node("order_view", NodeAct::Pause { lasts: ms(3_000) });
    let history = touched(&slow(), &[(2_550, pause)]);
    assert_eq!(moments(&history, applied_to_the_view), [600, 5_550, 5_655]);
    assert_eq!(moments(&history, |what| matches!(what, What::Restarted { .. })), [] as [u64; 0]);
    let sooner = touched(&slow(), &[(2_550, pause), (3_000, node("order_view", NodeAct::Restart))]);
    assert_eq!(moments(&sooner, applied_to_the_view), [600, 3_000, 4_600]);
}

#[test]
fn a_crashed_service_forgets_its_commands_and_keeps_its_outbox() {
    let crash = node("order_service", NodeAct::Crash { lasts: ms(2_500) });
    // Before the commit: the command is lost, and so is what comes while the service is down.
    let history = touched(&slow(), &[(150, crash)]);
    assert_eq!(history.frontier().world().store().len(), 0);
    assert_eq!(moments(&history, |what| matches!(what, What::CommandLost { .. })), [150, 2_100]);
    assert_eq!(history.frontier().world().clients().open(), 0);
    // After the commit: the outbox keeps the event.
    let history = touched(&slow(), &[(250, crash)]);
    assert_eq!(moments(&history, |what| matches!(what, What::Published { .. }))[0], 2_750);
    assert_eq!(shown(&history, OrderField::Quantity), "2");
}

#[test]
fn a_service_that_crashes_while_it_is_asked_hears_nothing_and_is_free_afterwards() {
    // Every query about the order goes to the write side itself, which takes 0.1 s for it.
    let mut scenario = slow();
    scenario.options.queries.consistency.contract = Contract::CommandSideRead;
    let asks = (0..30).map(|n| ScriptedQuery {
        at: ms(150 * n),
        by: CustomerId(1),
        ask: Query::Order { order: OrderId(1) },
        size: 10,
        contract: None,
    });
    scenario.options.queries.script = asks.collect();
    let crash = node("order_service", NodeAct::Crash { lasts: ms(700) });
    let pause = node("order_service", NodeAct::Pause { lasts: ms(700) });
    for acts in [vec![(450, crash)], vec![(450, pause), (700, crash)], vec![(450, crash), (800, pause), (1_100, crash)]]
    {
        let history = touched(&scenario, &acts);
        assert_eq!(shown(&history, OrderField::Status), "delivered", "what comes later is handled");
        assert_eq!(history.frontier().world().backlog(), 0);
        let told = lines(history.frontier(), history.trace(), 0..history.trace().len());
        assert!(told.iter().any(|line| line.text == "the order service goes on"));
        let found = queries(history.trace());
        assert!(found.answered > 10 && found.asked == found.answered + found.refused + found.timed_out, "{found:?}");
    }
}

#[test]
fn a_paused_service_answers_later() {
    let history = touched(&slow(), &[(150, node("order_service", NodeAct::Pause { lasts: ms(1_000) }))]);
    assert_eq!(moments(&history, |what| matches!(what, What::Committed { .. })), [1_150, 2_200, 4_200]);
    assert_eq!(shown(&history, OrderField::Status), "delivered");
}

#[test]
fn a_stopped_broker_takes_nothing_until_it_is_back() {
    let crash = node("broker", NodeAct::Crash { lasts: ms(3_000) });
    let history = touched(&slow(), &[(350, crash)]);
    assert_eq!(moments(&history, |what| matches!(what, What::Appended { .. }))[0], 3_400, "the fourth try");
    let sooner = touched(&slow(), &[(350, crash), (1_000, node("broker", NodeAct::Restart))]);
    assert_eq!(moments(&sooner, |what| matches!(what, What::Appended { .. }))[0], 1_400);
    assert_eq!(moments(&sooner, |what| what == What::BrokerBack), [1_000]);
}

#[test]
fn a_cut_link_loses_what_leaves_until_it_is_healed() {
    let link = |act| Hand::Link { from: Node::Broker, to: "order_view".parse().expect("a node"), act };
    let history = touched(&slow(), &[(300, link(LinkAct::Cut { lasts: ms(1_000) }))]);
    assert_eq!(moments(&history, applied_to_the_view), [3_600, 3_705, 4_600]);
    let healed = touched(&slow(), &[(1_000, link(LinkAct::Cut { lasts: ms(60_000) })), (1_500, link(LinkAct::Heal))]);
    assert_eq!(moments(&healed, applied_to_the_view), [600, 2_600, 4_600]);
    assert!(told(&healed, "you heal the link from the broker to the order view"));
}

#[test]
fn other_options_leave_a_cut_as_it_is() {
    let mut history = played(&slow());
    history.seek_time(ms(1_000));
    let link = Hand::Link {
        from: Node::Broker,
        to: "order_view".parse().expect("a node"),
        act: LinkAct::Cut { lasts: ms(2_000) },
    };
    history.change_here(Change::Hand(link));
    history.change_here(Change::Options(Box::new(slow().options)));
    assert!(history.run_to_end(5_000_000));
    assert_eq!(moments(&history, |what| matches!(what, What::LinkCut { .. })).len(), 1);
}

#[test]
fn the_stage_knows_the_names_of_what_it_shows() {
    let mut history = played(&slow());
    history.seek_time(ms(2_450));
    let lab = history.machine();
    let flying = flights(lab);
    let to = flying.iter().find(|flight| matches!(flight.to, Place::Projector(..))).expect("a delivery is on its way");
    let named = hands::message(lab, to.id).expect("it has a name");
    assert_eq!((named.hop, named.subject.to_string()), (Hop::OrderView, "O-1/2".to_owned()));
    assert_eq!(hands::node(to.to).map(|node| node.to_string()), Some("order_view/1".to_owned()));
}

#[test]
fn a_hand_in_a_recording_is_checked() {
    let json = r#"{ "scenario": { "version": 1, "name": "x" }, "changes": [{ "after_step": 1, "change":
        { "hand": { "node": { "which": "order_view", "act": { "pause": { "for": "0s" } } } } } }] }"#;
    let error = Recording::from_json(json).expect_err("refused");
    assert_eq!(error.to_string(), "changes[0].change.hand.node.act.pause.for: expected at least 1 ms, found 0 ms");
}
