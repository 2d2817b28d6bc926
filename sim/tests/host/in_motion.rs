//! What is so while a run is in motion, at moments that arithmetic names: freshness, lag, windows, rebalancing, healing.

use crate::common::{outcome, played, scenario, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::judgement::{Freshness, OrderField};
use sim::scenario::presets::PRESETS;
use sim::scenario::recording::Scenario;
use sim::shop::ids::OrderId;
use sim::system::fate::{CrashPoint, Fate, Hop, Override, Purpose, Subject};
use sim::system::options::Sequencing;
use sim::system::place::{Model, Reader};
use sim::system::task::Task;
use sim::system::trace::What;
use sim::view::ledger::Cell;

const VIEW: Reader = Reader::Projection(Model::OrderView);

const fn ms(n: u64) -> Micros {
    Micros::from_millis(n)
}

fn preset(slug: &str) -> Scenario {
    scenario(PRESETS.iter().find(|preset| preset.slug == slug).expect("the preset exists").json)
}

/// Some orders, keyed, over two partitions, with no fault.
fn calm(edit: impl Fn(&mut Scenario)) -> Scenario {
    let mut calm = Scenario { name: "calm".to_owned(), seed: 3, ..Scenario::default() };
    calm.options.workload.orders = 40;
    calm.options.workload.gap = Distribution::Exponential { mean: ms(20) };
    calm.options.workload.think = Distribution::constant_millis(100);
    edit(&mut calm);
    calm
}

#[test]
fn a_cell_is_stale_before_it_is_fresh_and_wrong_after_it_fell_back() {
    let mut history = played(&preset("scenario-c"));
    let status = Cell::Order(OrderId(900), OrderField::Status);
    let mut look = |at: u64| {
        history.seek_time(ms(at));
        let shown = status.shown(history.machine());
        (shown.text, shown.freshness, status.truth(history.machine()))
    };
    let is = |shown: &str, freshness, truth: &str| (shown.to_owned(), freshness, truth.to_owned());
    assert_eq!(look(500), is("absent", Freshness::Stale, "pending"));
    assert_eq!(look(900), is("pending", Freshness::Fresh, "pending"));
    assert_eq!(look(2_500), is("pending", Freshness::Stale, "delivered"));
    assert_eq!(look(3_000), is("delivered", Freshness::Fresh, "delivered"));
    assert_eq!(look(4_450), is("shipped", Freshness::Wrong, "delivered"), "it stands where delivered is true");
}

#[test]
fn lag_counts_what_is_open_and_for_how_long() {
    let mut history = played(&preset("scenario-c"));
    let mut lag = |at: u64| {
        history.seek_time(ms(at));
        let lab = history.machine();
        lab.watch(VIEW).lag(lab.world().store(), ms(at))
    };
    assert_eq!(lag(900), (0, Micros::ZERO));
    assert_eq!(lag(2_500), (2, ms(1_500)), "shipped since 1 s, delivered since 2 s");
    assert_eq!(lag(3_000), (1, ms(2_000)), "delivered has come, shipped has not");
    assert_eq!(lag(4_450), (0, Micros::ZERO));
}

#[test]
fn guards_skip_a_repeat_of_the_same_version() {
    for sequencing in [Sequencing::VersionGuard, Sequencing::SourceWatermarks] {
        let mut guarded = preset("scenario-b");
        guarded.options.projections.order_view.sequencing = sequencing;
        let report = outcome(&guarded);
        assert_eq!(status(&report, "exactly_once_effect"), "holds", "{sequencing:?}");
        assert_eq!(status(&report, "order_view_equals_truth"), "holds", "{sequencing:?}");
    }
}

#[test]
fn no_more_than_the_prefetch_is_on_its_way_from_a_partition() {
    let narrow = calm(|calm| {
        calm.options.projections.order_view.prefetch = 3;
        calm.options.projections.order_view.service = Distribution::constant_millis(30);
    });
    let history = played(&narrow);
    let steps: Vec<u64> = (0..history.steps_known()).step_by(7).collect();
    let mut most = 0;
    history.visit(&steps, |_, lab| {
        for partition in 0..2 {
            let flying = lab.world().agenda().iter().filter(|(_, task)| {
                matches!(task, Task::DeliveryArrives(one) if one.reader == VIEW && one.partition.index == partition)
            });
            most = most.max(flying.count());
        }
    });
    assert_eq!(most, 3, "the window is used, and kept to");
}

#[test]
fn partitions_move_when_the_group_has_missed_an_instance_long_enough_and_not_before() {
    let two = calm(|calm| {
        let view = &mut calm.options.projections.order_view;
        view.instances = 2;
        view.rebalance_after = ms(400);
        view.crash.restart_after = Distribution::constant_millis(2_000);
        calm.overrides.push(Override {
            purpose: Purpose::Crash,
            hop: Hop::OrderView,
            subject: Subject { of: OrderId(1).into(), n: 1 },
            attempt: 1,
            fate: Fate::Crash(CrashPoint::Between),
        });
    });
    let history = played(&two);
    let crash = history.trace().iter().find_map(|entry| match entry.what {
        What::Crashed { delivered, .. } => Some((entry.at, delivered.instance)),
        _ => None,
    });
    let (at, crashed) = crash.expect("an instance crashes");
    let taken_over = history.trace().iter().filter(|entry| entry.at > at).find_map(|entry| match entry.what {
        What::Assigned { reader, instance, .. } if reader == VIEW && instance != crashed => Some(entry.at),
        _ => None,
    });
    assert_eq!(taken_over, Some(at + ms(400)));
}

#[test]
fn random_faults_end_when_the_run_is_left_to_heal() {
    let doubling = |heal_after| {
        calm(|calm| {
            calm.options.projections.order_view.delivery.duplicate = Probability::ALWAYS;
            calm.options.projections.order_view.service = Distribution::constant_millis(50);
            calm.options.projections.order_view.prefetch = 1;
            calm.options.workload.heal_after = heal_after;
        })
    };
    let doubled_and_sent = |scenario: &Scenario| {
        let history = played(scenario);
        let count = |wanted: fn(&What) -> bool| history.trace().iter().filter(|entry| wanted(&entry.what)).count();
        (
            count(|what| matches!(what, What::DeliveryDoubled(_))),
            count(|what| matches!(what, What::Sent(one) if one.reader == VIEW)),
        )
    };
    let (doubled, sent) = doubled_and_sent(&doubling(Micros::from_secs(3_000)));
    assert_eq!(doubled, sent, "while faults are on, every delivery is doubled");
    let (doubled, sent) = doubled_and_sent(&doubling(Micros::ZERO));
    assert!(doubled < sent && doubled > 0, "{doubled} of {sent}: what is sent after the last answer is left alone");
}
