//! The small scenarios, one for each rule or protection, do what their texts claim.

use crate::common::{outcome, played, preset, status};
use sim::kernel::time::Micros;
use sim::oracle::stuck::Stuck;
use sim::scenario::recording::Scenario;
use sim::shop::customer::membership::Membership;
use sim::shop::event::Event;
use sim::shop::ids::{CustomerId, EventId, OrderId, ProductId};
use sim::shop::order::status::Status;
use sim::shop::refusal::Refusal;
use sim::system::options::{Acks, Checkpoint, Idempotency, ReplicaStart};
use sim::system::place::{Model, Reader};
use sim::system::query_side::read_model::ReadModel;
use sim::system::trace::What;

/// The refusals of a run, in the order in which they were given.
fn refusals(scenario: &Scenario) -> Vec<Refusal> {
    let refused = |what| if let What::CommandRefused { refusal, .. } = what { Some(refusal) } else { None };
    played(scenario).trace().iter().filter_map(|entry| refused(entry.what)).collect()
}

/// The quantity that the order view shows of O-1.
fn shown(scenario: &Scenario) -> Option<i64> {
    let history = played(scenario);
    let ReadModel::OrderView(view) = history.frontier().world().projector(Model::OrderView).follower.target() else {
        panic!("the order view keeps an order view")
    };
    view.row(OrderId(1)).map(|row| row.quantity)
}

#[test]
fn each_service_decides_by_its_own_rules() {
    let rules = preset("rules");
    let refused = [
        Refusal::NegativeStock,
        Refusal::NotWhileOrder(Status::Pending),
        Refusal::NotWhileOrder(Status::Shipped),
        Refusal::NothingToChange,
    ];
    assert_eq!(refusals(&rules), refused);
    let history = played(&rules);
    let committed = |wanted: &str| {
        let store = history.frontier().world().store();
        let event = |number| &store.event(EventId(number)).recorded.event;
        (1..=u32::try_from(store.len()).expect("few")).any(|number| {
            let text = match event(number) {
                Event::Order(happened) => format!("{happened:?}"),
                Event::Product(happened) => format!("{happened:?}"),
                Event::Customer(happened) => format!("{happened:?}"),
            };
            text.starts_with(wanted)
        })
    };
    for event in [
        "ProductCreated",
        "ProductPriceChanged",
        "InventoryUpdated",
        "ProductDiscontinued",
        "CustomerRegistered",
        "MembershipChanged",
        "CreditLimitChanged",
        "CustomerSuspended",
        "CustomerReactivated",
        "OrderCreated",
        "ItemAdded",
        "ItemRemoved",
        "OrderShipped",
        "OrderDelivered",
    ] {
        assert!(committed(event), "{event}");
    }
    assert!(outcome(&rules).invariants.iter().all(|one| one.status == "holds"));
}

#[test]
fn an_order_is_refused_for_the_first_of_its_faults() {
    let (somebody, product) = (CustomerId(102), ProductId);
    let expected = [
        Refusal::CustomerNotFound(CustomerId(999)),
        Refusal::CustomerNotActive(CustomerId(101)),
        Refusal::ProductNotFound(product(9)),
        Refusal::ProductNotAvailable(product(2)),
        Refusal::InsufficientStock(product(1)),
        Refusal::CreditLimitExceeded(somebody),
        Refusal::MinimumOrder,
    ];
    let all = preset("refusals");
    assert_eq!(refusals(&all), expected);
    assert_eq!(played(&all).frontier().order(OrderId(8)).status, Status::Pending);
    // Each check is needed: with its fault mended the order is refused for the next one.
    let mended = |edit: &dyn Fn(&mut Scenario)| {
        let mut scenario = preset("refusals");
        edit(&mut scenario);
        refusals(&scenario)
    };
    let no_limit = mended(&|one| one.options.workload.customers[2].membership = Membership::Standard);
    assert_eq!(no_limit[5], Refusal::MinimumOrder);
    let all_for_sale = mended(&|one| drop(one.options.workload.script.remove(1)));
    assert_eq!(all_for_sale[3], Refusal::InsufficientStock(product(2)));
    let plenty = mended(&|one| one.options.workload.products[0].stock = 100);
    assert_eq!(plenty[4], Refusal::CreditLimitExceeded(somebody));
}

#[test]
fn a_replica_without_a_snapshot_refuses_honest_orders() {
    let mut late = preset("bootstrap");
    let nobody = Refusal::CustomerNotFound(CustomerId(100));
    assert_eq!(refusals(&late), [nobody, nobody]);
    late.options.replicas.start = ReplicaStart::Snapshot;
    assert_eq!(refusals(&late), []);
    let history = played(&late);
    let total = |order| history.frontier().order(OrderId(order)).total.0;
    assert_eq!((total(1), total(2)), (9_998, 8_998), "it has followed the change of the price");
}

#[test]
fn partitions_change_hands_and_an_event_comes_twice() {
    let mut rebalance = preset("rebalance");
    let history = played(&rebalance);
    let at = |wanted: &dyn Fn(What) -> bool| {
        history.trace().iter().filter(|entry| wanted(entry.what)).map(|entry| entry.at).collect::<Vec<_>>()
    };
    let (crashed, restarted) =
        (at(&|what| matches!(what, What::Crashed { .. }))[0], at(&|what| matches!(what, What::Restarted { .. }))[0]);
    let assigned = at(&|what| matches!(what, What::Assigned { .. }));
    let second = Micros::from_secs(1);
    assert!(assigned.contains(&(crashed + second)), "the other instance takes over: {assigned:?}");
    assert!(assigned.contains(&restarted), "they are shared once more: {assigned:?}");
    assert_eq!(status(&outcome(&rebalance), "exactly_once_effect"), "broken");
    rebalance.options.projections.order_view.idempotency = Idempotency::ProcessedEvents;
    assert!(outcome(&rebalance).invariants.iter().all(|one| one.status == "holds"));
}

#[test]
fn the_last_event_id_does_not_recognise_what_comes_a_b_a() {
    let mut repeated = preset("repeated-later");
    assert_eq!(shown(&repeated), Some(4));
    assert_eq!(status(&outcome(&repeated), "exactly_once_effect"), "broken");
    repeated.options.projections.order_view.idempotency = Idempotency::ProcessedEvents;
    assert_eq!(shown(&repeated), Some(3));
    // Without anything in between it would have done.
    repeated.options.projections.order_view.idempotency = Idempotency::LastEventId;
    repeated.options.workload.script.pop();
    assert_eq!(shown(&repeated), Some(2));
}

#[test]
fn a_gap_that_never_closes_stops_an_order_and_lies_about_nothing() {
    let mut gap = preset("gap");
    let report = outcome(&gap);
    assert_eq!(status(&report, "nothing_stuck"), "broken");
    assert_eq!((report.models[0].stale, report.models[0].wrong), (1, 0));
    let history = played(&gap);
    let stuck = Stuck::at(history.frontier().world(), Reader::Projection(Model::OrderView));
    assert_eq!(stuck.count(), 2, "shipped and delivered wait: {stuck:?}");
    gap.options.broker.acks = Acks::All;
    assert!(outcome(&gap).invariants.iter().all(|one| one.status == "holds"));
}

#[test]
fn a_position_before_the_effect_loses_an_order_for_ever() {
    let with = |checkpoint| {
        let mut scenario = preset("checkpoint");
        scenario.options.projections.order_view.checkpoint = checkpoint;
        outcome(&scenario)
    };
    let before = outcome(&preset("checkpoint"));
    assert_eq!(before.models[0].rows, 5, "of six orders");
    assert_eq!(status(&before, "order_view_equals_truth"), "broken");
    assert_eq!(status(&before, "exactly_once_effect"), "holds");
    assert_eq!(status(&with(Checkpoint::AfterEffect), "exactly_once_effect"), "broken");
    assert!(with(Checkpoint::WithEffect).invariants.iter().all(|one| one.status == "holds"));
}
