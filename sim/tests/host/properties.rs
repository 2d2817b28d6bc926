//! What holds for every seed and every mixture of faults.

use crate::common;
use crate::common::readers::is_right;
use crate::common::{outcome, played};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::{prop_assert, prop_assert_eq, proptest};
use sim::kernel::distribution::Distribution;
use sim::kernel::history::{History, Timed};
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::scenario::recording::{Recording, Scenario, VERSION};
use sim::scenario::report::trace_hash;
use sim::search::swarm;
use sim::system::options::{
    Acks, Broker, Checkpoint, CheckpointScope, Consistency, Consumer, Crash, Enriching, Enrichment, Idempotency, Link,
    Options, OrderService, Partitioning, Projections, Sequencing, Workload,
};
use sim::system::trace::{Trace, What};

const fn ms(n: u64) -> Micros {
    Micros::from_millis(n)
}

fn percent(most: u32) -> impl Strategy<Value = Probability> {
    // Often off: a fault that is always on hides what the others do.
    prop_oneof![Just(Probability::NEVER), (0..=most).prop_map(Probability::from_percent)]
}

fn spans() -> impl Strategy<Value = Distribution> {
    prop_oneof![
        (0..60_u64).prop_map(Distribution::constant_millis),
        (0..30_u64, 0..60_u64).prop_map(|(min, more)| Distribution::Uniform { min: ms(min), max: ms(min + more) }),
        (1..40_u64).prop_map(|mean| Distribution::Exponential { mean: ms(mean) }),
        (1..30_u64, 1..4_u64)
            .prop_map(|(median, times)| Distribution::Lognormal { median: ms(median), p95: ms(median * times) }),
    ]
}

fn links() -> impl Strategy<Value = Link> {
    (spans(), percent(20), percent(20), percent(20), 0..300_u64).prop_map(|(delay, duplicate, loss, overtake, hold)| {
        Link { delay, duplicate, loss, overtake, overtake_hold: ms(hold), ..Link::default() }
    })
}

fn projections() -> impl Strategy<Value = Consumer> {
    let idempotency = prop_oneof![
        Just(Idempotency::None),
        Just(Idempotency::ProcessedEvents),
        Just(Idempotency::LastEventId),
        Just(Idempotency::NaturalUpsert),
    ];
    let sequencing = prop_oneof![
        Just(Sequencing::None),
        Just(Sequencing::VersionGuard),
        Just(Sequencing::SourceWatermarks),
        Just(Sequencing::GapBuffer),
        Just(Sequencing::FoldHistory),
    ];
    let checkpoint =
        prop_oneof![Just(Checkpoint::BeforeEffect), Just(Checkpoint::AfterEffect), Just(Checkpoint::WithEffect)];
    let scope = prop_oneof![Just(CheckpointScope::Partition), Just(CheckpointScope::Projection)];
    let crash =
        (percent(5), percent(5), percent(5), 1..400_u64).prop_map(|(before_write, between, after_commit, down)| {
            Crash { before_write, between, after_commit, restart_after: Distribution::constant_millis(down) }
        });
    let numbers = (1..=3_u8, 1..50_u32, 0..20_u32, 1..300_u64, prop_oneof![Just(1_u32), 2..20_u32]);
    let enriching = prop_oneof![Just(Enriching::None), Just(Enriching::PerEvent), Just(Enriching::Batched)];
    (links(), spans(), idempotency, sequencing, checkpoint, scope, crash, numbers, enriching).prop_map(
        |(delivery, service, idempotency, sequencing, checkpoint, checkpoint_scope, crash, numbers, kind)| Consumer {
            instances: numbers.0,
            delivery,
            prefetch: numbers.1,
            refetch_after: ms(numbers.3),
            service,
            idempotency,
            remember: numbers.2,
            sequencing,
            checkpoint,
            checkpoint_scope,
            commit: Distribution::constant_millis(u64::from(numbers.2)),
            crash,
            rebalance_after: ms(numbers.3),
            batch: numbers.4,
            enrichment: Enrichment { kind, ..Enrichment::default() },
            ..Consumer::default()
        },
    )
}

/// Which read models take part, and how, besides what every run has.
#[derive(Clone, Copy, Debug)]
struct Models {
    enabled: [bool; 4],
    synchronous: [bool; 6],
    names: bool,
    ttl: Option<u64>,
}

fn models() -> impl Strategy<Value = Models> {
    let rarely = || prop_oneof![3 => Just(false), 1 => Just(true)];
    let synchronous = [rarely(), rarely(), rarely(), rarely(), rarely(), rarely()];
    (any::<[bool; 4]>(), synchronous, any::<bool>(), proptest::option::of(1..3_000_u64))
        .prop_map(|(enabled, synchronous, names, ttl)| Models { enabled, synchronous, names, ttl })
}

impl Models {
    /// A shop whose products and customers have names, and get others, if rows show them.
    fn shop(self) -> Workload {
        if !self.names {
            return Workload::default();
        }
        let names = include_str!("../../../public/scenarios/read-models.json");
        let mut shop = common::scenario(names).options.workload;
        // Everything happens within a second, as in the rest of the swarm.
        shop.back_office.until = ms(1_000);
        shop.back_office.price_gap = Some(Distribution::Exponential { mean: ms(200) });
        shop.back_office.restock_gap = None;
        shop.script.iter_mut().for_each(|line| line.at = Micros(line.at.0 / 10));
        shop
    }

    fn beside(self, order_view: Consumer, sales_dashboard: Consumer) -> Projections {
        let mut all = Projections {
            customer_order_history: order_view.clone(),
            product_search: sales_dashboard.clone(),
            product_stats: order_view.clone(),
            order_work_queue: sales_dashboard.clone(),
            order_view,
            sales_dashboard,
            ..Projections::default()
        };
        for (projection, synchronous) in all.all_mut().into_iter().zip(self.synchronous) {
            projection.synchronous = synchronous;
        }
        for (projection, enabled) in all.all_mut().into_iter().skip(2).zip(self.enabled) {
            projection.enabled = enabled;
        }
        all.order_view.names = self.names;
        all.sales_dashboard.ttl = self.ttl.map(ms);
        all
    }
}

/// Scenarios of which each has some faults and some protections: half of them of this file, which shrink well, and half of
/// the swarm, whose features are all that the system has.
fn scenarios() -> impl Strategy<Value = Scenario> {
    prop_oneof![own_scenarios(), any::<u64>().prop_map(swarm::scenario)]
}

fn own_scenarios() -> impl Strategy<Value = Scenario> {
    let partitioning = prop_oneof![Just(Partitioning::Key), Just(Partitioning::RoundRobin)];
    let acks = prop_oneof![Just(Acks::All), Just(Acks::None)];
    let broker = (1..=4_u8, partitioning, acks, 20..500_u64, links()).prop_map(
        |(partitions, partitioning, acks, resend, publish)| Broker {
            partitions,
            partitioning,
            acks,
            resend_after: ms(resend),
            publish,
            ..Broker::default()
        },
    );
    (any::<u32>(), 1..25_u32, spans(), broker, projections(), projections(), models()).prop_map(
        |(seed, orders, service, broker, order_view, sales_dashboard, models)| Scenario {
            version: VERSION,
            name: "swarm".to_owned(),
            about: String::new(),
            seed: u64::from(seed),
            options: Options {
                workload: Workload {
                    orders,
                    gap: Distribution::Exponential { mean: ms(30) },
                    think: Distribution::Lognormal { median: ms(60), p95: ms(200) },
                    ..models.shop()
                },
                order_service: OrderService { service, ..OrderService::default() },
                broker,
                projections: models.beside(order_view, sales_dashboard),
                ..Options::default()
            },
            ..Scenario::default()
        },
    )
}

fn each(options: &mut Options, edit: impl Fn(&mut Consumer)) {
    options.projections.all_mut().into_iter().for_each(edit);
}

/// What the command side and the log did: nothing of it may depend on who reads.
fn until_the_log(trace: Trace<'_>) -> Vec<(Micros, What)> {
    let writes = |what: &What| {
        matches!(
            what,
            What::CommandSent { .. }
                | What::CommandRefused { .. }
                | What::Committed { .. }
                | What::Answered { .. }
                | What::Published { .. }
                | What::PublicationLost { .. }
                | What::PublicationDoubled { .. }
                | What::PublicationHeld { .. }
                | What::Appended { .. }
        )
    };
    trace.iter().filter(|entry| writes(&entry.what)).map(|entry| (entry.at, entry.what)).collect()
}

/// The fates of deliveries: which tries were lost and which were held back.
fn delivery_fates(trace: Trace<'_>) -> std::collections::BTreeMap<String, [bool; 2]> {
    let mut fates = std::collections::BTreeMap::new();
    for entry in trace {
        let Some(one) = entry.what.delivered() else { continue };
        let key = format!("{} {:?} {}", one.event, one.reader, one.attempt);
        match entry.what {
            What::Sent(_) => drop(fates.insert(key, [false; 2])),
            What::DeliveryLost(_) => {
                fates.entry(key).and_modify(|fate: &mut [bool; 2]| fate[0] = true).or_default()[0] = true
            }
            What::DeliveryHeld(_) => fates.entry(key).or_default()[1] = true,
            _ => {}
        }
    }
    fates
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 64, ..Default::default() })]

    #[test]
    fn the_same_recording_is_the_same_run(scenario in scenarios()) {
        prop_assert_eq!(outcome(&scenario), outcome(&scenario));
    }

    #[test]
    fn seeking_is_running(scenario in scenarios(), stops in proptest::collection::vec(0..100_u64, 1..8)) {
        let mut history = played(&scenario);
        let end = history.time_known().0;
        for stop in stops {
            let at = Micros(end * stop / 99);
            history.seek_time(at);
            let mut straight = Lab::new(scenario.options.clone(), scenario.seed, &scenario.overrides);
            let mut entries = Vec::new();
            while straight.world().next_due().is_some_and(|due| due <= at) {
                straight.step(&mut entries);
            }
            if at.0 >= end {
                straight.step(&mut entries);
            }
            prop_assert_eq!(history.machine().fingerprint(), straight.fingerprint());
        }
    }

    #[test]
    fn changing_the_past_is_a_run_of_its_own(scenario in scenarios(), steps in (0..400_u64, 0..400_u64)) {
        // Twice changed while looking at earlier and later moments ...
        let mut history = played(&scenario);
        let mut options = scenario.options.clone();
        each(&mut options, |projection| projection.idempotency = Idempotency::ProcessedEvents);
        history.seek_step(steps.0);
        history.change_here(Change::Options(Box::new(options.clone())));
        each(&mut options, |projection| projection.sequencing = Sequencing::GapBuffer);
        options.projections.product_stats.enabled ^= true;
        options.projections.order_work_queue.enabled ^= true;
        history.seek_step(steps.1);
        history.change_here(Change::Options(Box::new(options)));
        prop_assert!(history.run_to_end(5_000_000));
        // ... is what the recording of the changes gives when it is played from the start.
        let mut replayed: History<Lab> = History::new(&scenario, history.changes().to_vec());
        prop_assert!(replayed.run_to_end(5_000_000));
        prop_assert_eq!(trace_hash(history.trace()), trace_hash(replayed.trace()));
        prop_assert_eq!(history.frontier().fingerprint(), replayed.frontier().fingerprint());
    }

    #[test]
    fn a_protection_changes_no_fate(mut scenario in scenarios(), other in projections()) {
        // A protection may make a run longer; healing within it is no fate.
        scenario.options.workload.heal_after = Micros::from_secs(3_600);
        // Whose answer falls back on the write side takes its time: what readers have got does matter to it then, and is meant to
        // (`the_write_side_pays_for_reads_of_it`).
        scenario.options.queries.consistency = Consistency::default();
        let mut changed = scenario.clone();
        each(&mut changed.options, |projection| {
            projection.idempotency = other.idempotency;
            projection.sequencing = other.sequencing;
            projection.checkpoint = other.checkpoint;
            projection.checkpoint_scope = other.checkpoint_scope;
            projection.remember = other.remember;
        });
        let (one, two) = (played(&scenario), played(&changed));
        prop_assert_eq!(until_the_log(one.trace()), until_the_log(two.trace()));
        let (one, two) = (delivery_fates(one.trace()), delivery_fates(two.trace()));
        for (delivery, fate) in &one {
            if let Some(other) = two.get(delivery) {
                prop_assert_eq!(fate, other, "{}", delivery);
            }
        }
    }

    #[test]
    fn every_protected_run_is_right(scenario in scenarios().prop_map(swarm::protected)) {
        let report = outcome(&scenario);
        let by_readers = |name: &str| !swarm::NOT_BY_READERS.contains(&name);
        for invariant in report.invariants.iter().filter(|one| by_readers(one.name)) {
            prop_assert_eq!(invariant.status, "holds", "{}", invariant.name);
        }
    }

    #[test]
    fn a_recording_reads_back_as_it_was_written(scenario in scenarios(), step in 0..500_u64) {
        let change = Change::Options(Box::new(scenario.options.clone()));
        let recording = Recording { scenario, changes: vec![Timed { after_step: step, at: ms(step), change }] };
        let read = Recording::from_json(&recording.to_json());
        prop_assert_eq!(read.as_ref(), Ok(&recording));
    }
}

/// With this one protection taken away, some run among many does not converge.
#[track_caller]
fn is_load_bearing(what: &str, take_away: impl Fn(&mut Consumer)) {
    let diverging = (0..40).find(|seed| {
        let mut scenario = swarm::protected(faulty(*seed));
        each(&mut scenario.options, &take_away);
        !is_right(&scenario)
    });
    assert!(diverging.is_some(), "without {what} every run still converges");
}

/// A run with duplicates, overtaking between partitions, and crashes.
fn faulty(seed: u64) -> Scenario {
    let mut options = Options::default();
    options.workload.orders = 15;
    options.workload.gap = Distribution::Exponential { mean: ms(60) };
    options.workload.think = Distribution::Lognormal { median: ms(80), p95: ms(200) };
    options.broker.partitions = 3;
    options.broker.partitioning = Partitioning::RoundRobin;
    each(&mut options, |projection| {
        projection.delivery.duplicate = Probability::from_percent(5);
        projection.crash.between = Probability::from_percent(5);
        projection.crash.restart_after = Distribution::constant_millis(50);
        projection.service = Distribution::constant_millis(5);
    });
    Scenario { name: "faulty".to_owned(), seed, options, ..Scenario::default() }
}

#[test]
fn with_all_protections_the_faulty_runs_converge() {
    for seed in 0..40 {
        assert!(is_right(&swarm::protected(faulty(seed))), "seed {seed}");
    }
}

#[test]
fn deduplication_is_load_bearing() {
    is_load_bearing("deduplication", |projection| projection.idempotency = Idempotency::None);
}

#[test]
fn sequencing_is_load_bearing() {
    is_load_bearing("sequencing", |projection| projection.sequencing = Sequencing::None);
}

#[test]
fn the_transactional_checkpoint_is_load_bearing() {
    is_load_bearing("the transaction", |projection| projection.checkpoint = Checkpoint::BeforeEffect);
}

#[test]
fn options_changed_on_the_way_can_not_change_what_the_run_was_laid_out_for() {
    let scenario = faulty(1);
    let mut history = played(&scenario);
    let mut options = scenario.options.clone();
    options.workload.first_order = 1;
    options.workload.orders = 40;
    options.broker.partitions = 16;
    history.seek_step(u64::MAX);
    history.change_here(Change::Options(Box::new(options)));
    assert!(history.run_to_end(5_000_000), "more orders come, and the run comes to rest again");
    let last = history.trace().last().map(|entry| (entry.what, u64::from(entry.step)));
    assert_eq!(last, Some((What::Quiet, history.steps_known())), "it is concluded once more");
    assert_eq!(history.frontier().order_count(), 40);
    assert_eq!(
        history.frontier().world().log().partitions(sim::system::place::TopicName::OrderEvents).count(),
        usize::from(scenario.options.broker.partitions)
    );
}
