//! The command API: answers with version and position, answers before the decision, refusals of six kinds, and who may ask.

use crate::common::shop::faulty_saga;
use crate::common::{outcome, played, preset, scenario, status};
use sim::kernel::history::History;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::commands::Refusals;
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::scenario::recording::Scenario;
use sim::scenario::report::report;
use sim::shop::actor::Actor;
use sim::shop::ids::{CustomerId, EventId};
use sim::system::committing::Committing;
use sim::system::hands::{Hand, NodeAct};
use sim::system::node::Node;
use sim::system::options::Answers;
use sim::system::place::Service;
use sim::system::task::{Answer, Task};
use sim::system::trace::What;
use sim::view::log;

/// Scripted commands that travel 100 ms each way and are handled in 1 s.
fn scripted(script: &[String], options: &str, overrides: &str) -> Scenario {
    let script = script.join(",");
    scenario(&format!(
        r#"{{ "version": 1, "name": "command API", "overrides": [{overrides}], "options": {{
            "workload": {{ "orders": 0, "script": [{script}] }},
            "order_service": {{ "client_delay": {{ "kind": "constant", "value": "100ms" }},
                "service": {{ "kind": "constant", "value": "1s" }}, {options} }} }} }}"#
    ))
}

const ACCEPTED: &str = r#""answers": "accepted", "commands": { "poll_every": "400ms" }"#;
const ITEM: &str = r#"{ "product": "P-1", "quantity": 1, "price_cents": 4999 }"#;

fn create(at: &str, order: u32) -> String {
    let act = format!(r#"{{ "create_order": {{ "customer": "C-100", "items": [{ITEM}] }} }}"#);
    format!(r#"{{ "at": "{at}", "to": "O-{order}", "do": {act} }}"#)
}

fn lines(history: &History<Lab>) -> Vec<String> {
    let lines = log::lines(history.frontier(), history.trace(), 0..history.trace().len());
    lines.into_iter().map(|line| format!("{} {}", line.at.as_millis(), line.text)).collect()
}

fn answered(history: &History<Lab>) -> Vec<u64> {
    let answers = history.trace().iter().filter(|entry| matches!(entry.what, What::Answered { .. }));
    answers.map(|entry| entry.at.as_millis()).collect()
}

/// The answers on their way at a moment.
fn answers(history: &mut History<Lab>, at: u64) -> Vec<Answer> {
    history.seek_time(Micros::from_millis(at));
    let agenda = history.machine().world().agenda();
    let answers = agenda.in_order().into_iter().filter_map(|(_, task)| match task {
        Task::AnswerArrives(answer) => Some((**answer).clone()),
        _ => None,
    });
    answers.collect()
}

#[test]
fn an_answer_tells_the_new_version_and_the_position_of_the_event() {
    let ship = r#"{ "at": "2s", "to": "O-1", "do": "ship_order" }"#.to_owned();
    let mut history = played(&scripted(&[create("0s", 1), ship], r#""writers": 1"#, ""));
    let told = |answers: Vec<Answer>| {
        answers.into_iter().map(|answer| (answer.version, answer.outcome.ok().flatten())).collect::<Vec<_>>()
    };
    assert_eq!(told(answers(&mut history, 1_150)), [(Some(1), Some(EventId(1)))]);
    assert_eq!(told(answers(&mut history, 3_150)), [(Some(2), Some(EventId(2)))]);
}

#[test]
fn a_command_that_is_taken_in_is_asked_for_until_it_is_decided() {
    let history = played(&scripted(&[create("0s", 1), create("0s", 2)], ACCEPTED, ""));
    let told: Vec<String> = lines(&history).into_iter().filter(|line| line.contains(" c1")).take(8).collect();
    let expected = [
        "0 shopper sends c1 CreateOrder for O-1",
        "100 order service takes c1 for O-1 in, to be decided later; its event is expected to be e1",
        "600 shopper asks what has become of c1, the first time",
        "700 c1 is not decided yet",
        "1000 shopper asks what has become of c1, the second time",
        "1100 order service commits e1 OrderCreated of O-1 for c1 and puts it in the outbox",
    ];
    assert_eq!(told[..6], expected);
    // The second waits behind the first; each learns of it with the first question after the decision.
    assert_eq!(answered(&history), [1_200, 2_400]);
    assert!(lines(&history).iter().any(|line| line.ends_with("its event is expected to be e2")));
    let commands = report(history.frontier(), history.trace()).commands;
    assert_eq!((commands.taken_in, commands.accepted, commands.unanswered), (2, 2, 0));
    assert_eq!(history.frontier().world().clients().open(), 0);
}

#[test]
fn the_answer_comes_at_once_only_where_commands_are_taken_in() {
    let script = [create("0s", 1)];
    assert_eq!(answered(&played(&scripted(&script, r#""answers": "committed""#, ""))), [1_200]);
    let history = played(&scripted(&script, ACCEPTED, ""));
    let taken_in = lines(&history).into_iter().find(|line| line.contains("takes c1")).expect("it is taken in");
    assert!(taken_in.starts_with("100 "), "{taken_in}");
}

#[test]
fn lost_questions_and_answers_are_asked_again() {
    let lost = |hop: &str, attempt: u16| {
        format!(
            r#"{{ "purpose": "loss", "hop": "{hop}", "subject": "O-1/1000", "attempt": {attempt}, "fate": "happens" }}"#
        )
    };
    let overrides = [lost("status", 2), lost("status_answer", 3)].join(",");
    let history = played(&scripted(&[create("0s", 1)], ACCEPTED, &overrides));
    assert_eq!(answered(&history), [2_000], "to the fourth question");
}

#[test]
fn what_was_taken_in_survives_a_crash_and_what_was_not_does_not() {
    let script: Vec<String> = (1..=3).map(|order| create("0s", order)).collect();
    for (options, events) in [(ACCEPTED, 3), (r#""answers": "committed""#, 0)] {
        let mut history = played(&scripted(&script, options, ""));
        history.seek_time(Micros::from_millis(500));
        let act = NodeAct::Crash { lasts: Micros::from_secs(2) };
        history.change_here(Change::Hand(Hand::Node { which: Node::Service(Service::Orders), act }));
        assert!(history.run_to_end(100_000));
        assert_eq!(history.frontier().world().store().len(), events, "{options}");
        assert_eq!(history.frontier().world().clients().open(), 0, "{options}");
    }
}

#[test]
fn only_who_may_is_obeyed_once_that_is_checked() {
    let cancel = |actor: &str| format!(r#"{{ "at": "3s", "to": "O-1", {actor} "do": "cancel_order" }}"#);
    let refused = |actor: &str, options: &str| {
        let history = played(&scripted(&[create("0s", 1), cancel(actor)], options, ""));
        let refusals = history.trace().iter().filter_map(|entry| match entry.what {
            What::CommandRefused { refusal, .. } => Some(refusal.to_string()),
            _ => None,
        });
        refusals.collect::<Vec<_>>().concat()
    };
    let checked = r#""commands": { "authorise": true }"#;
    assert_eq!(refused(r#""actor": "C-101","#, checked), "C-101 may not do that");
    assert_eq!(refused(r#""actor": "staff","#, checked), "staff may not do that");
    assert_eq!(refused(r#""actor": "C-100","#, checked), "");
    assert_eq!(refused("", checked), "", "whoever usually asks");
    assert_eq!(refused(r#""actor": "C-101","#, r#""commands": { "authorise": false }"#), "", "nobody checks");
}

#[test]
fn an_old_answer_is_not_told_to_whoever_brings_the_key() {
    let keyed = |actor: &str, at: &str| {
        format!(r#"{{ "at": "{at}", "to": "O-1", "idempotency_key": "k1", "actor": "{actor}", "do": "cancel_order" }}"#)
    };
    let script = [create("0s", 1), keyed("C-100", "2s"), keyed("C-101", "4s"), keyed("C-100", "6s")];
    let options = r#""commands": { "authorise": true, "idempotency_key": true }"#;
    let commands = outcome(&scripted(&script, options, "")).commands;
    assert_eq!((commands.refusals.authorisation, commands.repeated, commands.accepted), (1, 1, 3));
}

#[test]
fn a_busy_shop_with_sagas_lives_with_all_of_it() {
    for seed in 0..12 {
        let mut scenario = faulty_saga(seed, 40);
        let service = &mut scenario.options.order_service;
        service.answers = Answers::Accepted;
        service.commands.authorise = true;
        service.commands.idempotency_key = true;
        service.commands.retries = 8;
        service.commands.loss = Probability::from_percent(10);
        let report = outcome(&scenario);
        for promise in ["command_once", "no_oversell", "money_conserved", "sagas_end"] {
            assert_eq!(status(&report, promise), "holds", "seed {seed}: {promise}");
        }
        assert_eq!(report.commands.refusals.authorisation, 0, "seed {seed}: everybody does his own");
        assert_eq!(report.commands.unanswered, report.commands.given_up, "seed {seed}");
    }
}

#[test]
fn actors_are_read_as_they_are_written() {
    for actor in [Actor::Staff, Actor::System, Actor::Customer(CustomerId(7))] {
        assert_eq!(actor.to_string().parse(), Ok(actor));
    }
    assert!("somebody".parse::<Actor>().is_err());
}

#[test]
fn the_preset_refuses_one_command_of_each_kind() {
    let commands = outcome(&preset("command-api")).commands;
    let one_each =
        Refusals { shape: 1, domain_rule: 1, authorisation: 1, version_conflict: 1, duplicate: 1, unavailable: 1 };
    assert_eq!(commands.refusals, one_each);
    assert_eq!((commands.sent, commands.taken_in, commands.accepted, commands.unanswered), (9, 9, 3, 0));
}

/// What was taken in is begun again after a crash, with a chance of its own: one crash is not a crash for ever.
#[test]
fn a_command_that_was_taken_in_survives_the_crash_that_it_met() {
    let crash = r#"{ "purpose": "crash", "hop": "handler", "subject": "O-1/1", "fate": { "crash": "before_write" } }"#;
    let taken_in = scenario(&format!(
        r#"{{ "version": 1, "name": "taken in", "overrides": [{crash}], "options": {{
            "workload": {{ "orders": 1, "add_item": 0, "cancel": 0, "ship": 0 }},
            "order_service": {{ "answers": "accepted" }} }} }}"#
    ));
    let history = played(&taken_in);
    let count = |wanted: &dyn Fn(&What) -> bool| history.trace().iter().filter(|entry| wanted(&entry.what)).count();
    assert_eq!(count(&|what| matches!(what, What::Committing(Committing::Crashed { .. }))), 1);
    assert_eq!(count(&|what| matches!(what, What::Committed { .. })), 1);
    assert_eq!(count(&|what| matches!(what, What::Answered { .. })), 1);
    assert!(history.time_known() < Micros::from_secs(60), "{}", history.time_known());
}
