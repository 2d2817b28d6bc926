//! One chip for each invariant: does the system keep its promise?

use crate::oracle::lab::Lab;
use crate::oracle::standing::{Matter, of_copy, of_stuck};
use crate::oracle::stuck::Stuck;
use crate::system::options::{Concurrency, Contract, OrderService};
use crate::system::place::{Model, Reader, Replica};
use crate::system::trace::Promise;
use crate::view::verdict::{Verdict, VerdictStatus, always, merged};

use super::breaches::verdict_of;
use super::{detection_verdicts, version_verdicts};

/// Every invariant, as it stands in this lab.
pub fn verdicts(lab: &Lab) -> Vec<Verdict> {
    let all = Reader::ALL.map(|reader| lab.breaches(Promise::ExactlyOnceEffect, reader));
    let mut verdicts = vec![
        always(
            "exactly_once_effect",
            "Exactly once",
            "No event has its effect on a read model more than once.",
            merged(all),
        ),
        always(
            "order_lifecycle",
            "Status order",
            "The status that the order view shows never goes back.",
            merged(Reader::ALL.map(|reader| lab.breaches(Promise::LifecycleForward, reader))),
        ),
        equals_truth(
            lab,
            Reader::Projection(Model::OrderView),
            "order_view_equals_truth",
            "Order view",
            "Once everything is quiet, every row of the order view equals the truth.",
        ),
        equals_truth(
            lab,
            Reader::Projection(Model::SalesDashboard),
            "sales_dashboard_equals_truth",
            "Dashboard",
            "Once everything is quiet, the figures of the sales dashboard equal the truth.",
        ),
    ];
    if lab.world().has_owners() {
        verdicts.push(equals_truth(
            lab,
            Reader::Replica(Replica::Products),
            "product_replica_equals_source",
            "Product replica",
            "Once everything is quiet, every row of the product replica equals its source.",
        ));
        verdicts.push(equals_truth(
            lab,
            Reader::Replica(Replica::Customers),
            "customer_replica_equals_source",
            "Customer replica",
            "Once everything is quiet, every row of the customer replica equals its source.",
        ));
        verdicts.extend(business(lab));
    }
    verdicts.extend(command_promises(lab));
    verdicts.extend(further_models(lab));
    verdicts.extend(publishing(lab));
    verdicts.extend(version_verdicts::verdicts(lab));
    verdicts.extend(detection_verdicts::verdicts(lab));
    verdicts.extend(answers(lab));
    if lab.world().options().queries.access.is_some() {
        let promise = "Nobody is shown what he may not see when the answer leaves.";
        verdicts.push(always("nothing_forbidden_shown", "Rights", promise, lab.shown()));
    }
    verdicts.push(nothing_stuck(lab));
    verdicts
}

/// What the shop promises as a business; of payments and sagas only where there are any.
fn business(lab: &Lab) -> Vec<Verdict> {
    let breaches = |promise| lab.breaches(promise, Reader::Saga);
    let oversell = breaches(Promise::NoOversell);
    let price = breaches(Promise::PriceInForce);
    let mut verdicts = vec![
        always("no_oversell", "No oversell", "No more of a product is sold than there was.", oversell),
        always(
            "price_in_force",
            "Price in force",
            "An order is charged the prices in force when it is decided.",
            price,
        ),
    ];
    if lab.world().options().saga.enabled {
        let (money, ends) = (breaches(Promise::MoneyConserved), breaches(Promise::SagasEnd));
        let promise = "Once everything is quiet, what was paid and not refunded is what is owed.";
        verdicts.push(Verdict { kind: "eventually", ..always("money_conserved", "Money", promise, money) });
        let promise = "Once everything is quiet, every saga has ended and nothing is set aside for nobody.";
        verdicts.push(Verdict { kind: "eventually", ..always("sagas_end", "Sagas", promise, ends) });
    }
    verdicts
}

/// What the command side promises about each command: shown where commands can come twice, or have.
fn command_promises(lab: &Lab) -> Vec<Verdict> {
    let api = &lab.world().options().order_service.commands;
    let once = lab.breaches(Promise::CommandOnce, Reader::Saga);
    let promise = "No command has its effect more than once, however often it is sent.";
    let shown = api.retries > 0 || api.idempotency_key || once.count > 0;
    let once = shown.then(|| always("command_once", "Commands once", promise, once));
    let lost = lab.breaches(Promise::NoLostUpdate, Reader::Saga);
    let promise = "No update is lost: every row of a write store is what its committed events make of it.";
    let shown = lab.world().options().order_service.concurrency != Concurrency::SingleWriter || lost.count > 0;
    let lost = shown.then(|| always("no_lost_update", "No lost update", promise, lost));
    once.into_iter().chain(lost).collect()
}

/// The read models that take part only where the options name them.
fn further_models(lab: &Lab) -> Vec<Verdict> {
    let known: [(Model, &str, &str, &str); 4] = [
        (
            Model::CustomerOrderHistory,
            "customer_order_history_equals_truth",
            "Order history",
            "Once everything is quiet, every customer's history of orders equals the truth.",
        ),
        (
            Model::ProductSearch,
            "product_search_equals_truth",
            "Product search",
            "Once everything is quiet, every product in the search index equals the truth.",
        ),
        (
            Model::ProductStats,
            "product_stats_equal_truth",
            "Product statistics",
            "Once everything is quiet, the purchases counted for every product equal the truth.",
        ),
        (
            Model::OrderWorkQueue,
            "order_work_queue_equals_truth",
            "Work queue",
            "Once everything is quiet, the work queue holds exactly the orders that wait to be shipped.",
        ),
    ];
    let taking_part = known.into_iter().filter(|(model, ..)| lab.model(*model).takes_part);
    let verdict = |(model, name, title, promise)| equals_truth(lab, Reader::Projection(model), name, title, promise);
    taking_part.map(verdict).collect()
}

/// What a service promises of its events: told where commits differ from the ordinary, and wherever it is broken.
fn publishing(lab: &Lab) -> Vec<Verdict> {
    let all = |promise| merged(Reader::ALL.map(|reader| lab.breaches(promise, reader)));
    let (lost, invented) = (all(Promise::NoEventLost), all(Promise::NothingInvented));
    let (now, usual) = (&lab.world().options().order_service, OrderService::default());
    let ordinary = now.commit == usual.commit && now.publish == usual.publish && now.crash == usual.crash;
    if ordinary && lost.count + invented.count == 0 {
        return Vec::new();
    }
    let promise = "Once everything is quiet, every event that was committed has come to the log.";
    let lost = Verdict { kind: "eventually", ..always("no_event_lost", "No event lost", promise, lost) };
    let promise = "Nothing is published that was not committed.";
    vec![lost, always("nothing_invented", "Nothing invented", promise, invented)]
}

/// What those who ask are promised, where somebody asks.
fn answers(lab: &Lab) -> Vec<Verdict> {
    let queries = &lab.world().options().queries;
    if !queries.are_asked() {
        return Vec::new();
    }
    let breaches = |promise| merged(Reader::ALL.map(|reader| lab.breaches(promise, reader)));
    let (own, back) = (breaches(Promise::ReadYourWrites), breaches(Promise::MonotonicReads));
    let promise = "A session finds its own writes in every answer that does not say otherwise.";
    let mut verdicts = vec![always("read_your_writes", "Read your writes", promise, own)];
    let promise = "A session never sees anything older than it has seen it before.";
    verdicts.push(always("monotonic_reads", "Monotonic reads", promise, back));
    let old = breaches(Promise::StalenessWithinBound);
    // A single query can have a bound of its own.
    let is_bounded = matches!(queries.consistency.contract, Contract::BoundedStaleness { .. });
    if is_bounded || old.count > 0 {
        let promise = "No answer of a read model is older than the bound of the contract.";
        verdicts.push(always("staleness_within_bound", "Staleness bound", promise, old));
    }
    verdicts
}

fn nothing_stuck(lab: &Lab) -> Verdict {
    let stuck = Stuck::anywhere(lab.world());
    let status = of_stuck(stuck, lab.is_quiet());
    let text = match (status, stuck.count()) {
        (_, 0) => "Nothing stuck".to_owned(),
        (VerdictStatus::Broken, _) => format!("Stuck for ever: {}", stuck.told()),
        _ => format!("Stuck: {}", stuck.told()),
    };
    Verdict {
        name: "nothing_stuck",
        kind: "eventually",
        title: "Nothing stuck",
        promise: "Once everything is quiet, no partition is halted, no event is parked, and none is held back for another.",
        status,
        text,
        count: stuck.count() as u64,
        first: None,
    }
}

/// The name of the verdict about a matter.
pub(super) const fn name_of(matter: Matter) -> &'static str {
    match matter {
        Matter::Copy(reader) => verdict_of(Promise::EqualsTruth, reader),
        Matter::Stuck => "nothing_stuck",
        Matter::Rights => "nothing_forbidden_shown",
        Matter::Ending(promise) => verdict_of(promise, Reader::Saga),
    }
}

fn equals_truth(lab: &Lab, reader: Reader, name: &'static str, title: &'static str, promise: &'static str) -> Verdict {
    let reader = lab.world().in_service(reader);
    let counts = lab.watch(reader).counts;
    let breaches = lab.breaches(Promise::EqualsTruth, reader);
    let status = of_copy(lab, reader);
    let count = match status {
        VerdictStatus::Holds => 0,
        VerdictStatus::AtRisk => u64::from(counts.wrong),
        VerdictStatus::Broken => breaches.count,
    };
    let state = match (status, counts.wrong, counts.stale) {
        (VerdictStatus::Holds, _, 0) => "true",
        (VerdictStatus::Holds, ..) => "catching up",
        (VerdictStatus::AtRisk, ..) => "wrong",
        (VerdictStatus::Broken, 0, _) => "stale for ever",
        (VerdictStatus::Broken, ..) => "wrong for ever",
    };
    let first = breaches.first.map(|(step, at)| (u64::from(step), at));
    Verdict { name, kind: "eventually", title, promise, status, text: format!("{title}: {state}"), count, first }
}
