//! Faults of the network: links that stop, cut links one way or the other, topics with links of their own, a broker that is
//! out; and that each comes right again where something sends again.

use crate::common::readers::{each, is_right};
use crate::common::{outcome, played, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::scenario::recording::{Recording, Scenario};
use sim::system::fate::Hop;
use sim::system::node::Node;
use sim::system::options::{Acks, BrokerKind, Cut, Idempotency, Link, Options, Outage, Sequencing};
use sim::system::place::{Model, Reader, Service};
use sim::system::trace::What;

const ORDER_VIEW: Reader = Reader::Projection(Model::OrderView);
const ORDERS: Node = Node::Service(Service::Orders);

const fn ms(n: u64) -> Micros {
    Micros::from_millis(n)
}

/// Orders over some ten seconds, with readers that recognise what comes twice and wait for what comes late.
fn calm(seed: u64) -> Scenario {
    let mut options = Options::default();
    options.workload.orders = 40;
    options.workload.gap = Distribution::Exponential { mean: ms(200) };
    options.workload.think = Distribution::constant_millis(300);
    options.broker.resend_after = ms(500);
    let mut scenario = Scenario { name: "network".to_owned(), seed, options, ..Scenario::default() };
    each(&mut scenario.options, |projection| {
        projection.idempotency = Idempotency::ProcessedEvents;
        // Whoever publishes again publishes late.
        projection.sequencing = Sequencing::GapBuffer;
        projection.service = Distribution::constant_millis(2);
        projection.refetch_after = ms(200);
    });
    scenario
}

/// When something of this kind happens.
fn moments(scenario: &Scenario, wanted: impl Fn(What) -> bool) -> Vec<Micros> {
    played(scenario).trace().iter().filter(|entry| wanted(entry.what)).map(|entry| entry.at).collect()
}

fn cut(from: Node, to: Node) -> Cut {
    Cut { from, to, at: ms(2_000), lasts: ms(3_000) }
}

const fn within(at: &Micros) -> bool {
    at.0 >= 2_000_000 && at.0 < 5_000_000
}

#[test]
fn a_link_that_stops_delivers_afterwards_and_keeps_the_order() {
    let mut stopping = calm(1);
    stopping.options.projections.order_view.delivery = Link {
        delay: Distribution::constant_millis(50),
        pause_every: Some(ms(2_000)),
        pause_for: Distribution::constant_millis(700),
        ..Link::default()
    };
    let history = played(&stopping);
    let stops: Vec<(Micros, Micros)> = history
        .trace()
        .iter()
        .filter_map(|entry| match entry.what {
            What::LinkStopped { hop: Hop::OrderView, until, .. } => Some((entry.at, until)),
            _ => None,
        })
        .collect();
    assert!(stops.len() > 5, "{} messages met a pause", stops.len());
    assert!(stops.iter().all(|(sent, until)| until.since(*sent) <= ms(750)));
    let ends: std::collections::BTreeSet<Micros> = stops.iter().map(|(_, until)| *until).collect();
    assert!(ends.len() < stops.len(), "a burst of messages arrives when the pause ends");
    let arrived = |what| matches!(what, What::Arrived(one) if one.reader == ORDER_VIEW);
    for at in moments(&stopping, arrived) {
        assert!(!stops.iter().any(|(sent, until)| *sent + ms(50) <= at && at < *until), "{at} lies in a pause");
    }
    assert!(is_right(&stopping));
    assert_eq!(played(&stopping).trace(), history.trace());
}

#[test]
fn a_cut_to_the_broker_is_mended_by_publishing_again_only() {
    let mut parted = calm(2);
    parted.options.network.cuts = vec![cut(ORDERS, Node::Broker)];
    let lost = moments(&parted, |what| matches!(what, What::LinkCut { hop: Hop::Publish, .. }));
    assert!(lost.len() > 3 && lost.iter().all(within));
    assert!(is_right(&parted));
    parted.options.broker.acks = Acks::None;
    assert!(!is_right(&parted), "whoever waits for no answer does not learn of the loss");
}

#[test]
fn a_cut_the_other_way_publishes_twice() {
    let mut parted = calm(3);
    parted.options.network.cuts = vec![cut(Node::Broker, ORDERS)];
    let published_again = |what| matches!(what, What::Published { attempt, .. } if attempt > 1);
    assert!(moments(&parted, |what| matches!(what, What::PublicationLost { .. })).is_empty());
    assert!(!moments(&parted, published_again).is_empty(), "only the answers are lost");
    assert!(is_right(&parted));
    each(&mut parted.options, |projection| projection.idempotency = Idempotency::None);
    assert_eq!(status(&outcome(&parted), "exactly_once_effect"), "broken");
}

#[test]
fn a_cut_to_one_reader_leaves_the_others_alone() {
    let mut parted = calm(4);
    parted.options.network.cuts = vec![cut(Node::Broker, Node::Reader(ORDER_VIEW, None))];
    let applied = |model| move |what| matches!(what, What::Applied { delivered, .. } if delivered.reader == Reader::Projection(model));
    // What is on the way when the link is cut still arrives.
    let late = |at: &&Micros| within(at) && at.0 > 2_700_000;
    assert_eq!(moments(&parted, applied(Model::OrderView)).iter().filter(late).count(), 0);
    assert!(moments(&parted, applied(Model::SalesDashboard)).iter().filter(late).count() > 5);
    assert!(is_right(&parted));
}

#[test]
fn acknowledgements_to_a_queue_can_be_cut_off() {
    let mut parted = calm(5);
    parted.options.broker.kind = BrokerKind::Queue;
    parted.options.broker.queue.visibility = ms(1_000);
    parted.options.network.cuts = vec![cut(Node::Reader(ORDER_VIEW, Some(0)), Node::Broker)];
    let lost = moments(&parted, |what| matches!(what, What::QueueAcknowledgementLost(one) if one.reader == ORDER_VIEW));
    assert!(!lost.is_empty() && lost.iter().all(within));
    assert!(!moments(&parted, |what| matches!(what, What::VisibleAgain(_))).is_empty());
    assert_eq!(status(&outcome(&parted), "exactly_once_effect"), "holds");
}

#[test]
fn while_the_broker_is_out_nothing_comes_in_or_goes_out() {
    for kind in [BrokerKind::Log, BrokerKind::Queue] {
        let mut out = calm(6);
        out.options.broker.kind = kind;
        out.options.network.outages = vec![Outage { at: ms(2_000), lasts: ms(3_000) }];
        let turns = moments(&out, |what| matches!(what, What::BrokerOut | What::BrokerBack));
        assert_eq!(turns, [2_000, 5_000].map(ms));
        let traffic = |what| matches!(what, What::Appended { .. } | What::Sent(_));
        assert!(!moments(&out, traffic).iter().any(within), "{kind:?}");
        assert!(!moments(&out, |what| matches!(what, What::PublicationRefused { .. })).is_empty());
        assert!(is_right(&out), "{kind:?}: publications are tried again, and deliveries go on");
        out.options.broker.acks = Acks::None;
        assert!(!is_right(&out), "{kind:?}: waiting for the broker's answer is load-bearing");
    }
}

#[test]
fn a_topic_can_have_a_link_of_its_own() {
    let mut single = calm(7);
    single.options.broker.publish.loss = Probability::ALWAYS;
    single.options.broker.topics.order_events = Some(Link::default());
    assert!(is_right(&single));
    assert!(moments(&single, |what| matches!(what, What::PublicationLost { .. })).is_empty());
    single.options.broker.topics.product_events = single.options.broker.topics.order_events.take();
    assert!(!moments(&single, |what| matches!(what, What::PublicationLost { .. })).is_empty());
}

#[test]
fn a_cut_has_the_broker_at_one_end() {
    let json = r#"{ "version": 1, "name": "x", "options": { "network": { "cuts": [
        { "from": "order_service", "to": "order_view", "at": "1s", "for": "1s" } ] } } }"#;
    let error = Recording::from_json(json).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "options.network.cuts[0].to: expected the broker at exactly one end, an edge and the origin, the gateway and a service, or two services that ask, found order_service to order_view"
    );
    let unknown = json.replace("order_view", "order_view/9");
    let error = Recording::from_json(&unknown).expect_err("refused").to_string();
    assert!(error.starts_with("options.network.cuts[0].to (line 2): expected a node such as"), "{error}");
}
