//! Clients send again what is not answered: with an idempotency key a command has its effect once, without it, twice.

use crate::common::shop::shop as small_shop;
use crate::common::{outcome, played, preset, scenario, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::history::History;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::judgement::OrderField;
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::scenario::recording::Scenario;
use sim::scenario::report::{Report, report};
use sim::shop::ids::{OrderId, ProductId};
use sim::system::exchange::Exchange;
use sim::system::fate::Hop;
use sim::system::hands::{Hand, Message, MessageAct};
use sim::system::options::DataAccess;
use sim::system::trace::What;
use sim::view::ledger::Cell;
use sim::view::log;
use sim::view::why::why;

const KEY: &str = r#""idempotency_key": true"#;
const NO_KEY: &str = r#""idempotency_key": false"#;

/// Scripted commands that travel 100 ms each way and are handled at once; unanswered ones are sent again after 1 s, 2 s, 4 s.
fn scripted(script: &[String], commands: &str, overrides: &[String]) -> Scenario {
    let (script, overrides) = (script.join(","), overrides.join(","));
    scenario(&format!(
        r#"{{ "version": 1, "name": "retries", "overrides": [{overrides}], "options": {{
            "workload": {{ "orders": 0, "script": [{script}],
                "products": [{{ "product": "P-1", "name": "Keyboard", "price_cents": 4999, "stock": 5 }}],
                "customers": [{{ "customer": "C-100", "name": "John Doe" }}] }},
            "order_service": {{ "client_delay": {{ "kind": "constant", "value": "100ms" }},
                "service": {{ "kind": "constant", "value": "0ms" }},
                "commands": {{ "retries": 3, "timeout": "1s", {commands} }} }} }} }}"#
    ))
}

fn create(at: &str, order: u32) -> String {
    act(at, &format!("O-{order}"), &format!(r#"{{ "create_order": {{ "customer": "C-100", "items": [{ITEM}] }} }}"#))
}

fn act(at: &str, to: &str, what: &str) -> String {
    format!(r#"{{ "at": "{at}", "to": "{to}", "do": {what} }}"#)
}

const ITEM: &str = r#"{ "product": "P-1", "quantity": 1, "price_cents": 4999 }"#;

fn add(at: &str, order: u32) -> String {
    act(at, &format!("O-{order}"), &format!(r#"{{ "add_item": {{ "item": {ITEM} }} }}"#))
}

fn lost(hop: &str, subject: &str, attempt: u16) -> String {
    format!(
        r#"{{ "purpose": "loss", "hop": "{hop}", "subject": "{subject}", "attempt": {attempt}, "fate": "happens" }}"#
    )
}

fn told(history: &History<Lab>) -> Report {
    report(history.frontier(), history.trace())
}

/// When something of this kind happened, in milliseconds.
fn moments(history: &History<Lab>, wanted: impl Fn(What) -> bool) -> Vec<u64> {
    history.trace().iter().filter(|entry| wanted(entry.what)).map(|entry| entry.at.as_millis()).collect()
}

fn lines(history: &History<Lab>) -> Vec<String> {
    let lines = log::lines(history.frontier(), history.trace(), 0..history.trace().len());
    lines.into_iter().map(|line| line.text).collect()
}

fn quantity(history: &History<Lab>, order: u32) -> i64 {
    history.frontier().order(OrderId(order)).quantity
}

fn stock(history: &History<Lab>) -> u32 {
    history.frontier().world().owners().products.product(ProductId(1)).expect("it is there").stock
}

#[test]
fn a_lost_answer_is_repeated_under_its_key_and_doubles_the_effect_without_one() {
    let script = [create("0s", 1), add("1s", 1)];
    let lost = [lost("answer", "O-1/1001", 1)];
    let kept = played(&scripted(&script, KEY, &lost));
    assert_eq!(quantity(&kept, 1), 2);
    assert_eq!(status(&told(&kept), "command_once"), "holds");
    let commands = told(&kept).commands;
    assert_eq!((commands.sent, commands.attempts, commands.repeated, commands.accepted), (2, 3, 1, 2));
    assert!(lines(&kept).iter().any(|line| line == "c2 for O-1 was handled before: the old answer is repeated"));

    let mut doubled = played(&scripted(&script, NO_KEY, &lost));
    assert_eq!(quantity(&doubled, 1), 3);
    assert_eq!(status(&told(&doubled), "command_once"), "broken");
    assert_eq!(status(&told(&doubled), "order_view_equals_truth"), "holds", "the copies are right about it");
    doubled.seek_time(Micros::from_secs(60));
    let story = why(&doubled, Cell::Order(OrderId(1), OrderField::Quantity));
    let expected = "O-1 changed twice by one command: e5 is its second effect";
    assert!(story.steps.iter().any(|step| step.text == expected), "{story:?}");
}

#[test]
fn a_lost_command_is_sent_again_and_has_one_effect_even_without_a_key() {
    let script = [create("0s", 1), add("1s", 1)];
    let history = played(&scripted(&script, NO_KEY, &[lost("command", "O-1/1001", 1)]));
    assert_eq!(quantity(&history, 1), 2);
    assert_eq!(status(&told(&history), "command_once"), "holds");
}

#[test]
fn goods_are_taken_in_twice_without_a_key() {
    let script = [act("0s", "P-1", r#"{ "adjust_inventory": { "by": 10 } }"#)];
    let lost = [lost("answer", "P-1/1000", 1)];
    assert_eq!(stock(&played(&scripted(&script, KEY, &lost))), 15);
    assert_eq!(stock(&played(&scripted(&script, NO_KEY, &lost))), 25);
}

#[test]
fn an_order_whose_number_the_client_chose_is_created_once_but_without_a_key_the_client_is_told_no() {
    let lost = [lost("answer", "O-1/1000", 1)];
    let history = played(&scripted(&[create("0s", 1)], NO_KEY, &lost));
    assert_eq!((quantity(&history, 1), told(&history).commands.refused), (1, 1));
    assert!(lines(&history).iter().any(|line| line == "order service refuses c1 for O-1: the order exists already"));
    let history = played(&scripted(&[create("0s", 1)], KEY, &lost));
    assert_eq!((quantity(&history, 1), told(&history).commands.accepted), (1, 1));
}

#[test]
fn a_key_that_is_forgotten_protects_no_longer() {
    let script = [create("0s", 1), add("1s", 1)];
    let lost = [lost("answer", "O-1/1001", 1)];
    let keeps = |span: &str| {
        let history = played(&scripted(&script, &format!(r#"{KEY}, "keep_keys": "{span}""#), &lost));
        (quantity(&history, 1), status(&told(&history), "command_once"))
    };
    // The second try is handled exactly 1 s after the first.
    assert_eq!(keeps("1001ms"), (2, "holds"));
    assert_eq!(keeps("1s"), (3, "broken"));
}

#[test]
fn another_command_under_a_used_key_is_refused_as_a_duplicate_and_the_first_is_kept() {
    let keyed = |line: String| line.replacen('{', r#"{ "idempotency_key": "k7", "#, 1);
    let other = act("2s", "O-1", r#"{ "remove_item": { "line": 1 } }"#);
    let script = [create("0s", 1), keyed(add("1s", 1)), keyed(other), keyed(add("3s", 1))];
    let history = played(&scripted(&script, KEY, &[]));
    assert_eq!(quantity(&history, 1), 2);
    let commands = told(&history).commands;
    assert_eq!((commands.refusals.duplicate, commands.refused, commands.repeated), (1, 1, 1));
    let expected = "order service refuses c3 for O-1: its idempotency key belongs to another command";
    assert!(lines(&history).iter().any(|line| line == expected));
}

#[test]
fn waits_grow_with_each_try_until_the_client_gives_up() {
    let losses: Vec<String> = (1..=4).map(|attempt| lost("command", "O-1/1000", attempt)).collect();
    let history = played(&scripted(&[create("0s", 1)], NO_KEY, &losses));
    let again = moments(&history, |what| matches!(what, What::Between(Exchange::CommandResent { .. })));
    assert_eq!(again, [1_000, 3_000, 7_000]);
    let commands = told(&history).commands;
    assert_eq!((commands.attempts, commands.given_up, commands.unanswered), (4, 1, 1));
    assert!(lines(&history).iter().any(|line| line == "shopper gives c1 for O-1 up: sent 4 times, never answered"));
    assert_eq!(history.frontier().world().clients().open(), 0);
}

#[test]
fn an_answer_that_comes_after_another_changes_nothing() {
    // The first answer takes 1.5 s, and the second try is answered before it comes.
    let late = r#"{ "purpose": "delay", "hop": "answer", "subject": "O-1/1000", "fate": { "takes": "1500ms" } }"#;
    let history = played(&scripted(&[create("0s", 1)], KEY, &[late.to_owned()]));
    assert_eq!(moments(&history, |what| matches!(what, What::Answered { .. })), [1_200]);
    assert!(lines(&history).iter().any(|line| line == "the answer to the first try of c1 is not needed any more"));
    assert_eq!(told(&history).commands.latency.p50_us, 1_200_000);
}

/// Busy shoppers on a link that loses one message in ten.
fn lossy(seed: u64, access: DataAccess, key: bool) -> Scenario {
    let mut scenario = small_shop(seed, 1_000, access);
    scenario.options.workload.add_item = Probability::from_percent(80);
    scenario.options.order_service.client_delay = Distribution::Exponential { mean: Micros::from_millis(200) };
    let commands = &mut scenario.options.order_service.commands;
    commands.loss = Probability::from_percent(10);
    commands.retries = 6;
    commands.timeout = Micros::from_millis(500);
    commands.idempotency_key = key;
    scenario
}

const WAYS: [DataAccess; 4] =
    [DataAccess::Command, DataAccess::Replica, DataAccess::SynchronousApi, DataAccess::Composition];

#[test]
fn under_the_key_no_lossy_run_repeats_an_effect_and_every_command_is_settled() {
    for (seed, access) in (0..24).zip(WAYS.into_iter().cycle()) {
        let history = played(&lossy(seed, access, true));
        let report = told(&history);
        assert_eq!(status(&report, "command_once"), "holds", "seed {seed}");
        assert!(report.commands.repeated > 0, "seed {seed}: the key had nothing to do");
        assert_eq!(report.commands.unanswered, report.commands.given_up, "seed {seed}");
        assert_eq!(history.frontier().world().clients().open(), 0, "seed {seed}");
        assert_eq!(history.frontier().world().enquiries().waiting(), 0, "seed {seed}");
    }
}

#[test]
fn the_idempotency_key_is_load_bearing() {
    let broken = |seed| status(&outcome(&lossy(seed, DataAccess::Command, false)), "command_once") == "broken";
    assert!((0..5).all(broken));
}

#[test]
fn what_a_hand_drops_or_doubles_is_sent_again_or_recognised() {
    let script = [create("0s", 1), add("1s", 1)];
    for (at, hop, act) in [
        (1_050, Hop::Command, MessageAct::Drop),
        (1_150, Hop::Answer, MessageAct::Drop),
        (1_050, Hop::Command, MessageAct::Duplicate),
    ] {
        let mut history = played(&scripted(&script, KEY, &[]));
        history.seek_time(Micros::from_millis(at));
        let subject = "O-1/1001".parse().expect("a subject");
        history.change_here(Change::Hand(Hand::Message { which: Message { hop, subject, attempt: 1 }, act }));
        assert!(history.run_to_end(100_000));
        assert_eq!(quantity(&history, 1), 2, "{hop:?} {act:?}");
        assert_eq!(history.frontier().world().clients().open(), 0, "{hop:?} {act:?}");
        assert_eq!(told(&history).commands.unanswered, 0, "{hop:?} {act:?}");
    }
}

#[test]
fn the_preset_shows_what_its_title_claims() {
    let mut scenario = preset("client-retries");
    let history = played(&scenario);
    assert_eq!((quantity(&history, 1), stock(&history)), (3, 70));
    assert_eq!(told(&history).commands.refused, 1, "the order that was created");
    assert_eq!(status(&told(&history), "command_once"), "broken");
    scenario.options.order_service.commands.idempotency_key = true;
    let history = played(&scenario);
    assert_eq!((quantity(&history, 1), stock(&history)), (2, 60));
    assert_eq!(told(&history).commands.refused, 0);
    assert_eq!(status(&told(&history), "command_once"), "holds");
}
