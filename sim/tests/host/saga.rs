//! The saga: a placed order is paid and reserved where the stock really is, or undone without a trace.

use crate::common::shop::{faulty_saga, shop as small_shop};
use crate::common::{outcome, played, scenario, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::history::History;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::scenario::recording::Scenario;
use sim::scenario::report::report;
use sim::shop::ids::{OrderId, ProductId};
use sim::shop::money::Cents;
use sim::shop::order::status::Status;
use sim::system::command_side::payments::Account;
use sim::system::command_side::saga::instance::{Cause, Phase};
use sim::system::exchange::Exchange;
use sim::system::options::{Checkpoint, DataAccess};
use sim::system::trace::What;

const PRODUCT: ProductId = ProductId(1);
const PROMISES: [&str; 3] = ["no_oversell", "money_conserved", "sagas_end"];

/// Scripted commands to a shop with five of P-1 and a saga.
fn scripted(script: &str, saga: &str, overrides: &str) -> Scenario {
    scenario(&format!(
        r#"{{ "version": 1, "name": "saga", "overrides": [{overrides}], "options": {{
            "workload": {{ "orders": 0, "script": [{script}],
                "products": [{{ "product": "P-1", "name": "Keyboard", "price_cents": 4999, "stock": 5 }}],
                "customers": [{{ "customer": "C-100", "name": "John Doe" }}] }},
            "order_service": {{ "data_access": "replica" }},
            "saga": {{ "enabled": true {saga} }} }} }}"#
    ))
}

fn order(at: &str, number: u32, quantity: u32) -> String {
    format!(
        r#"{{ "at": "{at}", "to": "O-{number}", "do": {{ "create_order": {{ "customer": "C-100",
            "items": [{{ "product": "P-1", "quantity": {quantity}, "price_cents": 0 }}] }} }} }}"#
    )
}

fn act(at: &str, to: &str, what: &str) -> String {
    format!(r#"{{ "at": "{at}", "to": "{to}", "do": {what} }}"#)
}

/// Where an order stands, what was paid for it, and how its saga ended.
fn ended(history: &History<Lab>, number: u32) -> (Status, Account, Phase) {
    let (lab, order) = (history.frontier(), OrderId(number));
    let phase = lab.world().sagas().instance(order).expect("the saga began").phase();
    (lab.order(order).status, lab.world().payments().account(order), phase)
}

fn stock(history: &History<Lab>) -> u32 {
    history.frontier().world().owners().products.product(PRODUCT).expect("it is there").stock
}

fn paid(charged: i64, refunded: i64) -> Account {
    Account { charged: Cents(charged), refunded: Cents(refunded) }
}

#[track_caller]
fn keeps_its_promises(history: &History<Lab>) {
    let report = report(history.frontier(), history.trace());
    for promise in PROMISES {
        assert_eq!(status(&report, promise), "holds", "{promise}");
    }
}

#[test]
fn an_order_that_can_be_had_is_paid_reserved_and_confirmed() {
    let history = played(&scripted(&order("0s", 1, 2), "", ""));
    assert_eq!(ended(&history, 1), (Status::Confirmed, paid(9_998, 0), Phase::Confirmed));
    assert_eq!(stock(&history), 3);
    keeps_its_promises(&history);
}

#[test]
fn oversold_stock_is_found_at_the_source_and_the_order_is_undone() {
    // Both see five in the replica: the first reservation is not known there yet.
    let history = played(&scripted(&[order("0s", 1, 3), order("10ms", 2, 3)].join(","), "", ""));
    let (winner, loser) = if ended(&history, 1).0 == Status::Confirmed { (1, 2) } else { (2, 1) };
    assert_eq!(ended(&history, winner), (Status::Confirmed, paid(14_997, 0), Phase::Confirmed));
    let undone = Phase::Undone(Cause::NotReserved(PRODUCT));
    assert_eq!(ended(&history, loser), (Status::Rejected, paid(14_997, 14_997), undone));
    assert_eq!(stock(&history), 2);
    keeps_its_promises(&history);
}

#[test]
fn a_discontinued_product_is_ordered_from_an_old_replica_and_undone() {
    let script = [act("0s", "P-1", r#""discontinue_product""#), order("100ms", 1, 1)].join(",");
    let history = played(&scripted(&script, "", ""));
    let undone = Phase::Undone(Cause::NotReserved(PRODUCT));
    assert_eq!(ended(&history, 1), (Status::Rejected, paid(4_999, 4_999), undone));
    keeps_its_promises(&history);
}

#[test]
fn the_old_price_is_charged_and_the_oracle_says_so() {
    let script = [act("0s", "P-1", r#"{ "change_price": { "price_cents": 4499 } }"#), order("100ms", 1, 1)].join(",");
    let history = played(&scripted(&script, "", ""));
    assert_eq!(ended(&history, 1), (Status::Confirmed, paid(4_999, 0), Phase::Confirmed));
    let report = report(history.frontier(), history.trace());
    assert_eq!(status(&report, "price_in_force"), "broken");
    assert_eq!((report.commands.stale_decisions, report.commands.wrong_decisions), (1, 1));
}

#[test]
fn a_saga_that_takes_too_long_is_undone_and_gives_back_what_comes_late() {
    let down = |mut scenario: Scenario| {
        scenario.options.product_service.down_for = Micros::from_secs(30);
        scenario
    };
    let history = played(&down(scripted(&order("0s", 1, 2), r#", "timeout": "5s""#, "")));
    let undone = Phase::Undone(Cause::TimedOut);
    assert_eq!(ended(&history, 1), (Status::Rejected, paid(9_998, 9_998), undone));
    assert_eq!(stock(&history), 5, "reserved after the service came back, and given back at once");
    keeps_its_promises(&history);
}

/// The Product Service is never back, and a saga that asked for ever would never let the run end.
#[test]
fn a_saga_that_gives_up_undoes_what_it_knows_of_and_is_parked() {
    let give_up = |retry: &str| format!(r#", "tries_max": 3, "retry_after": "{retry}", "timeout": "1h""#);
    let mut scenario = scripted(&order("0s", 1, 2), &give_up("1s"), "");
    scenario.options.product_service.down_for = Micros::from_secs(3_600);
    let history = played(&scenario);
    let parked = Phase::Parked(Some(Cause::NoAnswer));
    assert_eq!(ended(&history, 1), (Status::Rejected, paid(9_998, 9_998), parked));
    let tries = history.trace().iter().find_map(|entry| match entry.what {
        What::Between(Exchange::CommandGivenUp { tries, .. }) => Some((tries, entry.at)),
        _ => None,
    });
    assert!(matches!(tries, Some((3, at)) if at < Micros::from_secs(5)), "{tries:?}");
    let report = report(history.frontier(), history.trace());
    let all = PROMISES.map(|promise| status(&report, promise));
    assert_eq!(all, ["holds", "holds", "broken"], "somebody has to find out what became of the reservation");
    assert_eq!(history.frontier().world().sagas().parked(), 1);

    // The service is only slow to come: what it says after all ends the saga, and gives back what it had set aside.
    let mut scenario = scripted(&order("0s", 1, 2), &give_up("10ms"), "");
    scenario.options.saga.link.delay = Distribution::constant_millis(200);
    let history = played(&scenario);
    assert_eq!(ended(&history, 1), (Status::Rejected, paid(9_998, 9_998), Phase::Undone(Cause::NoAnswer)));
    assert_eq!(stock(&history), 5);
    keeps_its_promises(&history);
}

/// However little patience there is: what is not parked has ended as a saga should, and nothing that is parked is hidden.
#[test]
fn sagas_that_give_up_end_or_are_parked_and_are_told_of() {
    let (mut parked, mut ends) = (0, 0);
    for seed in 1..=12 {
        let mut scenario = faulty_saga(seed, 30);
        scenario.options.saga.tries_max = Some(2);
        let history = played(&scenario);
        let (_, open) = history.frontier().world().sagas().counts();
        assert_eq!(open, history.frontier().world().sagas().parked(), "seed {seed}: nothing goes on for ever");
        let report = report(history.frontier(), history.trace());
        assert_eq!(status(&report, "no_oversell"), "holds", "seed {seed}");
        assert!(open == 0 || status(&report, "sagas_end") == "broken", "seed {seed}");
        assert!(open > 0 || status(&report, "sagas_end") == "holds", "seed {seed}");
        (parked, ends) = (parked + open, ends + history.frontier().world().sagas().counts().0 - open);
    }
    assert!(parked > 5 && ends > 50, "{parked} parked, {ends} ended");
}

#[test]
fn a_customer_who_cancels_gets_everything_back_whenever_that_is() {
    for at in ["100ms", "300ms", "500ms", "700ms", "900ms", "1s", "1100ms", "1300ms", "5s"] {
        let history = played(&scripted(&[order("0s", 1, 2), act(at, "O-1", r#""cancel_order""#)].join(","), "", ""));
        let (status, account, _) = ended(&history, 1);
        assert_eq!((status, account.charged, stock(&history)), (Status::Cancelled, account.refunded, 5), "at {at}");
        keeps_its_promises(&history);
    }
}

#[test]
fn under_a_saga_items_are_fixed_and_only_what_is_confirmed_is_shipped() {
    let item = r#"{ "add_item": { "item": { "product": "P-1", "quantity": 1, "price_cents": 4999 } } }"#;
    let script = [order("0s", 1, 1), act("100ms", "O-1", r#""ship_order""#), act("5s", "O-1", item)];
    let history = played(&scripted(&script.join(","), "", ""));
    let refused = history.trace().iter().filter_map(|entry| match entry.what {
        What::CommandRefused { refusal, .. } => Some(refusal.to_string()),
        _ => None,
    });
    let expected = ["the order is pending", "its stock is being reserved, so its items are fixed"];
    assert_eq!(refused.collect::<Vec<_>>(), expected);
}

#[test]
fn a_command_that_comes_twice_has_one_effect() {
    // The answers to the first tries of the reservation and of the charge are lost.
    let lost = |subject: &str| {
        format!(r#"{{ "purpose": "loss", "hop": "saga_answer", "subject": "{subject}", "fate": "happens" }}"#)
    };
    let overrides = [lost("P-1/300000002"), lost("O-1/300000000")].join(",");
    let history = played(&scripted(&order("0s", 1, 2), "", &overrides));
    assert_eq!(ended(&history, 1), (Status::Confirmed, paid(9_998, 0), Phase::Confirmed));
    assert_eq!(stock(&history), 3);
    let repeated =
        history.trace().iter().filter(|entry| matches!(entry.what, What::Between(Exchange::CommandRepeated { .. })));
    assert_eq!(repeated.count(), 2);
    // Without the key the customer pays twice.
    let history = played(&scripted(&order("0s", 1, 2), r#", "idempotency_key": false"#, &overrides));
    assert_eq!(ended(&history, 1), (Status::Confirmed, paid(19_996, 0), Phase::Confirmed));
    let report = report(history.frontier(), history.trace());
    assert_eq!(status(&report, "money_conserved"), "broken");
}

#[test]
fn with_a_saga_no_faulty_run_oversells_loses_money_or_leaves_something_hanging() {
    for seed in 0..60 {
        let report = outcome(&faulty_saga(seed, 8));
        for promise in PROMISES {
            assert_eq!(status(&report, promise), "holds", "seed {seed}: {promise}");
        }
    }
}

#[test]
fn without_a_saga_some_run_oversells_whichever_way_the_data_comes() {
    let ways = [DataAccess::Replica, DataAccess::SharedDatabase, DataAccess::SynchronousApi, DataAccess::Composition];
    for access in ways {
        let oversold = (0..10).any(|seed| status(&outcome(&small_shop(seed, 8, access)), "no_oversell") == "broken");
        assert!(oversold, "{access:?}");
    }
}

#[test]
fn the_idempotency_key_is_load_bearing() {
    let broken = |promise: &str| {
        (0..40).any(|seed| {
            let mut scenario = faulty_saga(seed, 8);
            scenario.options.saga.idempotency_key = false;
            status(&outcome(&scenario), promise) == "broken"
        })
    };
    assert!(broken("money_conserved"), "a payment is made twice");
    assert!(broken("sagas_end"), "a late try reserves again what was given back");
}

#[test]
fn a_position_saved_before_the_effect_leaves_an_order_hanging() {
    let hanging = (0..20).any(|seed| {
        let mut scenario = faulty_saga(seed, 8);
        scenario.options.saga.consumer.checkpoint = Checkpoint::BeforeEffect;
        status(&outcome(&scenario), "sagas_end") == "broken"
    });
    assert!(hanging);
}

#[test]
fn sagas_keep_their_promises_whatever_the_order_of_events() {
    for seed in 0..20 {
        let mut scenario = faulty_saga(seed, 8);
        scenario.options.broker.partitioning = sim::system::options::Partitioning::RoundRobin;
        scenario.options.saga.consumer.delivery.overtake = Probability::from_percent(20);
        scenario.options.saga.consumer.service = Distribution::Exponential { mean: Micros::from_millis(20) };
        let report = outcome(&scenario);
        for promise in PROMISES {
            assert_eq!(status(&report, promise), "holds", "seed {seed}: {promise}");
        }
    }
}

#[test]
fn a_slot_is_done_without_a_saga_that_is_switched_off() {
    let history = played(&small_shop(1, 100, DataAccess::Replica));
    let stage = sim::view::stage::stage(history.frontier());
    assert!(stage.partitions.iter().flat_map(|partition| &partition.slots).all(|slot| slot.done));
}
