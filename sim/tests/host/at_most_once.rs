//! Acknowledged before the row is written: the effect comes at most once, and a crash in between loses the event for good. It is
//! the same with a log, where the position is what is saved, and with a queue, where the message is forgotten.

use crate::common::{outcome, played, scenario, status};
use sim::kernel::time::Micros;
use sim::oracle::judgement::OrderField;
use sim::scenario::recording::Scenario;
use sim::shop::ids::OrderId;
use sim::system::fate::CrashPoint;
use sim::system::options::{BrokerKind, Checkpoint};
use sim::system::place::{Model, Reader};
use sim::system::trace::What;
use sim::view::ledger::Cell;
use sim::view::why::why;

const BROKERS: [BrokerKind; 2] = [BrokerKind::Log, BrokerKind::Queue];
const VIEW: Reader = Reader::Projection(Model::OrderView);

/// Three orders, a second apart; what is to be done second with the event of O-2 takes 300 ms, in which links of 10 ms bring every
/// acknowledgement home. The projector crashes in between.
fn shop(kind: BrokerKind, checkpoint: Checkpoint) -> Scenario {
    let create = |order: u32| {
        format!(
            r#"{{ "at": "{order}s", "to": "O-{order}", "do": {{ "create_order": {{ "customer": "C-1",
                "items": [{{ "product": "P-1", "quantity": 2, "price_cents": 2000 }}] }} }} }}"#
        )
    };
    let script = [1, 2, 3].map(create).join(",");
    let mut shop = scenario(&format!(
        r#"{{ "version": 1, "name": "at most once",
            "overrides": [{{ "purpose": "crash", "hop": "order_view", "subject": "O-2/1", "fate": {{ "crash": "between" }} }}],
            "options": {{ "workload": {{ "orders": 0, "script": [{script}] }},
                "projections": {{ "order_view": {{ "delivery": {{ "delay": {{ "kind": "constant", "value": "10ms" }} }},
                    "commit": {{ "kind": "constant", "value": "300ms" }} }} }} }} }}"#
    ));
    shop.options.broker.kind = kind;
    shop.options.projections.order_view.checkpoint = checkpoint;
    shop
}

/// How many rows are missing for ever, and the promises of the order view that are broken.
fn harm(scenario: &Scenario) -> (u64, Vec<&'static str>) {
    let report = outcome(scenario);
    let broken = |name: &&str| status(&report, name) == "broken";
    let promises = ["order_view_equals_truth", "exactly_once_effect"];
    (report.models[0].stale, promises.into_iter().filter(broken).collect())
}

#[test]
fn only_the_order_of_row_and_acknowledgement_decides_what_a_crash_in_between_does() {
    for kind in BROKERS {
        let harm = |checkpoint| harm(&shop(kind, checkpoint));
        assert_eq!(harm(Checkpoint::BeforeEffect), (1, vec!["order_view_equals_truth"]), "{kind:?}: at most once");
        let twice = vec!["order_view_equals_truth", "exactly_once_effect"];
        assert_eq!(harm(Checkpoint::AfterEffect), (0, twice), "{kind:?}: at least once");
        assert_eq!(harm(Checkpoint::WithEffect), (0, vec![]), "{kind:?}: nothing comes in between");
    }
}

#[test]
fn the_broker_knows_of_the_acknowledgement_when_the_row_is_lost_with_the_crash() {
    for kind in BROKERS {
        let history = played(&shop(kind, Checkpoint::BeforeEffect));
        let at = |wanted: &dyn Fn(&What) -> bool| history.trace().iter().position(|entry| wanted(&entry.what));
        let crash = |what: &What| matches!(what, What::Crashed { point: CrashPoint::Between, .. });
        let crash_at = at(&crash).expect("it crashes");
        let lost = history.trace().iter().find_map(|entry| match entry.what {
            What::Crashed { delivered, .. } => Some(delivered),
            _ => None,
        });
        let lost = lost.expect("it crashes");
        let acknowledged = at(&|what| match (kind, what) {
            (BrokerKind::Log, What::Saved { reader, offset, .. }) => *reader == VIEW && *offset == 2,
            (BrokerKind::Queue, What::QueueAcknowledged(delivered)) => *delivered == lost,
            _ => false,
        });
        assert!(acknowledged.expect("it is acknowledged") < crash_at, "{kind:?}");
        let again = |what: &What| matches!(what, What::Sent(sent) if sent.event == lost.event && sent.reader == VIEW);
        assert_eq!(history.trace().iter().filter(|entry| again(&entry.what)).count(), 1, "{kind:?}: sent once");
    }
}

/// An acknowledgement that is lost is the one way back: the queue hands the message out again, and the crash has cost only time.
#[test]
fn a_queue_that_does_not_hear_of_it_hands_the_message_out_again() {
    let mut lucky = shop(BrokerKind::Queue, Checkpoint::BeforeEffect);
    let lost = r#"{ "purpose": "ack_loss", "hop": "order_view", "subject": "O-2/1", "fate": "happens" }"#;
    lucky.overrides.push(serde_json::from_str(lost).expect("an override"));
    assert_eq!(harm(&lucky), (0, vec![]));
}

#[test]
fn why_names_the_crash_that_took_the_event() {
    let missing = |scenario: &Scenario, order| {
        let mut history = played(scenario);
        history.seek_step(u64::MAX);
        why(&history, Cell::Order(OrderId(order), OrderField::Quantity)).missing.concat()
    };
    let said = BROKERS.map(|kind| missing(&shop(kind, Checkpoint::BeforeEffect), 2));
    assert_eq!(
        said,
        [
            "e2 OrderCreated of O-2 lies in order-events/1, offset 1, which was saved as handled, and order-view projector 1 \
             crashed at 2.56 s before it was written: nobody will read it again",
            "e2 OrderCreated of O-2 was acknowledged to the queue, which has forgotten it, and order-view projector 1 crashed \
             at 2.56 s before it was written",
        ]
    );
}

/// The crash is meant for one event of a batch, and takes the others with it: they are explained by it, too.
#[test]
fn why_names_the_crash_for_every_event_of_its_batch() {
    for kind in BROKERS {
        let mut batch = shop(kind, Checkpoint::BeforeEffect);
        for line in &mut batch.options.workload.script {
            line.at = Micros::from_secs(1);
        }
        batch.options.projections.order_view.batch = 10;
        let mut history = played(&batch);
        history.seek_step(u64::MAX);
        let crash =
            history.trace().iter().find(|entry| matches!(entry.what, What::Crashed { .. })).expect("it crashes");
        let store = history.machine().world().store();
        let culprit = match crash.what {
            What::Crashed { delivered, .. } => store.event(delivered.event).recorded.of,
            _ => unreachable!("just found"),
        };
        let others = (1..=3).map(OrderId).filter(|order| culprit != (*order).into());
        let told = others.map(|order| why(&history, Cell::Order(order, OrderField::Quantity)).missing.concat());
        let lost = told.filter(|text| !text.is_empty()).inspect(|text| assert!(text.contains("crashed at"), "{text}"));
        assert!(lost.count() > 0, "{kind:?}: the batch held others");
    }
}
