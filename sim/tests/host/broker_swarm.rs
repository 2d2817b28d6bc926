//! What holds for every mixture of broker, network faults and hands.

use crate::common::played;
use crate::common::readers::each;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::{prop_assert, prop_assert_eq, proptest};
use sim::kernel::distribution::Distribution;
use sim::kernel::history::History;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::scenario::recording::{Recording, Scenario};
use sim::scenario::report::trace_hash;
use sim::system::fate::Hop;
use sim::system::hands::{Hand, LinkAct, Message, MessageAct, NodeAct};
use sim::system::node::Node;
use sim::system::options::{
    BrokerKind, Cut, DeadLetters, FailurePolicy, Idempotency, Link, Options, Outage, Queue, Sequencing,
};
use sim::system::place::{Model, Reader, Replica};

const fn ms(n: u64) -> Micros {
    Micros::from_millis(n)
}

fn percent(most: u32) -> impl Strategy<Value = Probability> {
    prop_oneof![Just(Probability::NEVER), (0..=most).prop_map(Probability::from_percent)]
}

fn links() -> impl Strategy<Value = Link> {
    let pauses = prop_oneof![Just(None), (50..1_000_u64).prop_map(|every| Some(ms(every)))];
    (1..60_u64, percent(15), percent(15), percent(15), pauses, 1..400_u64).prop_map(
        |(delay, duplicate, loss, overtake, pause_every, pause)| Link {
            delay: Distribution::Exponential { mean: ms(delay) },
            duplicate,
            loss,
            overtake,
            overtake_hold: ms(100),
            pause_every,
            pause_for: Distribution::Exponential { mean: ms(pause) },
        },
    )
}

fn nodes() -> impl Strategy<Value = Node> {
    let names = ["order_service", "broker", "order_view", "order_view/2", "sales_dashboard/1", "product_replica"];
    (0..names.len()).prop_map(move |n| names[n].parse().expect("a node"))
}

fn cuts() -> impl Strategy<Value = Cut> {
    (nodes(), any::<bool>(), 0..3_000_u64, 0..1_500_u64).prop_filter_map("no link", |(node, to_broker, at, lasts)| {
        let (from, to) = if to_broker { (node, Node::Broker) } else { (Node::Broker, node) };
        (node != Node::Broker).then_some(Cut { from, to, at: ms(at), lasts: ms(lasts) })
    })
}

fn letters() -> impl Strategy<Value = DeadLetters> {
    let policies = prop_oneof![
        Just(FailurePolicy::Halt),
        Just(FailurePolicy::Skip),
        Just(FailurePolicy::Park),
        Just(FailurePolicy::ParkAggregate)
    ];
    (percent(5), percent(10), 0..4_u8, policies).prop_map(|(poison, failure, retries, policy)| DeadLetters {
        poison,
        failure,
        retries,
        backoff: Distribution::constant_millis(20),
        backoff_factor: 2,
        policy,
    })
}

fn scenarios() -> impl Strategy<Value = Scenario> {
    let kinds = prop_oneof![Just(BrokerKind::Log), Just(BrokerKind::Queue)];
    let retention = prop_oneof![Just(None), (1..20_u32).prop_map(Some)];
    let broker = (kinds, retention, 1..4_u8, links(), links(), 100..2_000_u64);
    let batches = prop_oneof![Just(1_u32), 2..6_u32];
    let network = (proptest::collection::vec(cuts(), 0..3), 0..3_000_u64, 0..1_000_u64);
    (any::<u32>(), broker, network, letters(), percent(5), 1..4_u8, batches).prop_map(
        |(
            seed,
            (kind, retention, partitions, publish, delivery, visibility),
            (cuts, at, lasts),
            letters,
            crash,
            n,
            batch,
        )| {
            let mut options = Options::default();
            options.workload.orders = 12;
            options.workload.gap = Distribution::Exponential { mean: ms(80) };
            options.workload.think = Distribution::constant_millis(150);
            options.workload.heal_after = ms(3_000);
            options.broker.kind = kind;
            options.broker.retention = retention;
            options.broker.partitions = partitions;
            options.broker.publish = publish;
            options.broker.resend_after = ms(300);
            options.broker.queue = Queue { visibility: ms(visibility), in_flight_max: 5, receive_max: 8 };
            options.network.cuts = cuts;
            options.network.outages = vec![Outage { at: ms(at), lasts: ms(lasts) }];
            each(&mut options, |reader| {
                reader.instances = n;
                reader.batch = batch;
                reader.delivery = delivery.clone();
                reader.service = Distribution::constant_millis(5);
                reader.refetch_after = ms(200);
                reader.crash.between = crash;
                reader.crash.restart_after = Distribution::constant_millis(100);
                reader.dead_letters = letters.clone();
            });
            Scenario { name: "swarm".to_owned(), seed: u64::from(seed), options, ..Scenario::default() }
        },
    )
}

/// A hand: what it does depends on what is on its way when it acts.
#[derive(Clone, Debug)]
struct Whim {
    step: u64,
    pick: usize,
    act: MessageAct,
    node: Node,
    node_act: NodeAct,
}

fn whims() -> impl Strategy<Value = Vec<Whim>> {
    let acts = prop_oneof![
        Just(MessageAct::Drop),
        Just(MessageAct::Duplicate),
        Just(MessageAct::Hold),
        (0..2_000_u64).prop_map(|by| MessageAct::LetOthersPass { by: ms(by) })
    ];
    let node_acts = prop_oneof![
        (1..2_000_u64).prop_map(|lasts| NodeAct::Crash { lasts: ms(lasts) }),
        (1..2_000_u64).prop_map(|lasts| NodeAct::Pause { lasts: ms(lasts) }),
        Just(NodeAct::Restart)
    ];
    let one = (0..400_u64, 0..100_usize, acts, nodes(), node_acts).prop_map(|(step, pick, act, node, node_act)| Whim {
        step,
        pick,
        act,
        node,
        node_act,
    });
    proptest::collection::vec(one, 0..4).prop_map(|mut whims| {
        whims.sort_by_key(|whim| whim.step);
        whims
    })
}

/// Plays the scenario with the whims; each acts on a message and on a node, and the last one releases all that is held.
fn played_with(scenario: &Scenario, whims: &[Whim], fit: impl Fn(&Message) -> bool) -> History<Lab> {
    let mut history = played(scenario);
    for whim in whims {
        history.seek_step(whim.step);
        let world = history.machine().world();
        let flying = world.agenda().in_order().into_iter().filter_map(|(_, task)| Message::of(task, world.store()));
        let flying: Vec<Message> = flying.filter(&fit).collect();
        if let Some(which) = flying.get(whim.pick % flying.len().max(1)) {
            history.change_here(Change::Hand(Hand::Message { which: *which, act: whim.act }));
        }
        history.change_here(Change::Hand(Hand::Node { which: whim.node, act: whim.node_act }));
        if whim.node != Node::Broker {
            let act = if whim.pick % 3 == 0 { LinkAct::Heal } else { LinkAct::Cut { lasts: ms(500) } };
            history.change_here(Change::Hand(Hand::Link { from: Node::Broker, to: whim.node, act }));
        }
        assert!(history.run_to_end(5_000_000), "the run comes to rest");
    }
    history.seek_step(u64::MAX);
    let held: Vec<Message> = history.machine().world().held().copied().collect();
    for which in held {
        history.change_here(Change::Hand(Hand::Message { which, act: MessageAct::Release }));
    }
    for reader in Reader::ALL {
        history.change_here(Change::ReplayParked(Node::Reader(reader, None)));
    }
    assert!(history.run_to_end(5_000_000), "the run comes to rest again");
    history
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 24, ..Default::default() })]

    #[test]
    fn whatever_hands_do_a_recording_plays_again_as_it_was(scenario in scenarios(), whims in whims()) {
        let history = played_with(&scenario, &whims, |_| true);
        let recording = Recording { scenario, changes: history.changes().to_vec() };
        let read = Recording::from_json(&recording.to_json());
        prop_assert_eq!(read.as_ref(), Ok(&recording));
        let mut again: History<Lab> = History::new(&recording.scenario, recording.changes);
        prop_assert!(again.run_to_end(5_000_000));
        prop_assert_eq!(trace_hash(again.trace()), trace_hash(history.trace()));
        prop_assert_eq!(again.frontier().fingerprint(), history.frontier().fingerprint());
    }

    #[test]
    fn with_every_protection_brokers_networks_and_hands_do_no_lasting_harm(scenario in scenarios(), whims in whims()) {
        let mut protected = scenario;
        protected.options.broker.retention = None;
        // Enough for every message to get through in the end.
        protected.options.broker.queue.receive_max = 1_000;
        each(&mut protected.options, |reader| {
            reader.idempotency = Idempotency::ProcessedEvents;
            reader.sequencing = Sequencing::GapBuffer;
            reader.dead_letters = DeadLetters::default();
        });
        // A client that waits for a lost answer sends nothing again; that is another matter.
        let history = played_with(&protected, &whims, |which| !matches!(which.hop, Hop::Command | Hop::Answer));
        let lab = history.frontier();
        for reader in [Reader::Projection(Model::OrderView), Reader::Projection(Model::SalesDashboard),
            Reader::Replica(Replica::Products)] {
            let counts = lab.watch(reader).counts;
            prop_assert_eq!((counts.stale, counts.wrong), (0, 0), "{}", reader);
        }
    }
}
