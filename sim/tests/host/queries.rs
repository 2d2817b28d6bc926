//! The query API: what it answers, how new it says that is, and what becomes of queries that are lost.

use crate::common::queried::measured;
use crate::common::{outcome, played, preset, scenario};
use sim::kernel::history::History;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::oracle::queries::queries;
use sim::scenario::recording::Scenario;
use sim::shop::ids::OrderId;
use sim::system::fate::{Fate, Hop, Override, Purpose, Subject};
use sim::system::options::{Mix, Sequencing};
use sim::system::queries::reading::Reading;
use sim::system::trace::What;
use sim::view::log;

/// One order that is visible after 300 ms, and queries that travel 10 ms each way and take 2 ms.
const ONE_ORDER: &str = r#"{
  "version": 1,
  "name": "one order",
  "options": {
    "workload": {
      "orders": 0,
      "script": [
        { "at": "0s", "to": "O-1", "do": { "create_order": { "customer": "C-5",
          "items": [{ "product": "P-1", "quantity": 2, "price_cents": 1500 }] } } }
      ]
    },
    "order_service": {
      "client_delay": { "kind": "constant", "value": "0s" },
      "service": { "kind": "constant", "value": "0s" },
      "relay_delay": { "kind": "constant", "value": "0s" }
    },
    "broker": { "publish": { "delay": { "kind": "constant", "value": "100ms" } } },
    "projections": { "order_view": {
      "delivery": { "delay": { "kind": "constant", "value": "100ms" } },
      "service": { "kind": "constant", "value": "100ms" },
      "commit": { "kind": "constant", "value": "0s" }
    } },
    "queries": {
      "api": { "delay": { "kind": "constant", "value": "10ms" }, "service": { "kind": "constant", "value": "2ms" } }
    }
  }
}"#;

fn asking(at: &[&str]) -> Scenario {
    let mut one = scenario(ONE_ORDER);
    let line = |at: &&str| {
        let text = format!(r#"{{ "at": "{at}", "by": "C-5", "ask": {{ "order": {{ "order": "O-1" }} }} }}"#);
        serde_json::from_str(&text).expect("a scripted query")
    };
    one.options.queries.script = at.iter().map(line).collect();
    one
}

/// Every read model, a catalogue and queries of every kind.
fn every_kind(seed: u64) -> Scenario {
    let mut every = preset("read-models");
    every.seed = seed;
    every.options.queries.stream.count = 400;
    every.options.queries.stream.mix = Mix { order: 1, orders: 1, history: 1, products: 1, work: 1, ..Mix::default() };
    every
}

fn readings(history: &History<Lab>) -> Vec<Reading> {
    let reading = |what| if let What::Reading(reading) = what { Some(reading) } else { None };
    history.trace().iter().filter_map(|entry| reading(entry.what)).collect()
}

#[test]
fn an_answer_takes_the_way_there_the_work_and_the_way_back() {
    let found = measured(&asking(&["500ms", "600ms"]));
    assert_eq!((found.asked, found.answered, found.unanswered), (2, 2, 0));
    assert_eq!((found.latency.p50_us, found.latency.p99_us), (22_000, 22_000));
    assert_eq!((found.stale, found.wrong), (0, 0));
}

#[test]
fn an_order_is_not_found_until_the_view_has_it() {
    // The API looks 12 ms after the query has left; the row is there after 300 ms.
    let history = played(&asking(&["10ms", "280ms", "290ms"]));
    let rows = |reading: &Reading| if let Reading::Served { rows, .. } = reading { Some(*rows) } else { None };
    assert_eq!(readings(&history).iter().filter_map(rows).collect::<Vec<_>>(), [0, 0, 1]);
    let found = queries(history.trace());
    assert_eq!((found.stale, found.wrong), (2, 0));
}

#[test]
fn an_answer_says_how_far_it_is_behind_the_log_and_knows_nothing_beyond() {
    let history = played(&asking(&["10ms", "188ms", "400ms"]));
    let lag = |reading: &Reading| if let Reading::Served { lag, .. } = reading { Some(lag.as_millis()) } else { None };
    // After 22 ms the event is not in the log yet, so the API takes its answer for new: it is stale all the same.
    assert_eq!(readings(&history).iter().filter_map(lag).collect::<Vec<_>>(), [0, 200, 0]);
    assert_eq!(queries(history.trace()).stale, 2);
}

#[test]
fn a_lost_query_is_asked_again_and_a_lost_answer_too() {
    let subject = Subject { of: OrderId(0).into(), n: 3_000_000_000 };
    let lost = |hop, attempt| Override { purpose: Purpose::Loss, hop, subject, attempt, fate: Fate::Happens };
    let mut once = asking(&["1s"]);
    once.overrides = vec![lost(Hop::Query, 1), lost(Hop::QueryAnswer, 2)];
    let found = measured(&once);
    assert_eq!((found.asked, found.asked_again, found.served, found.answered), (1, 2, 2, 1));
    assert_eq!(found.latency.p99_us, 2_022_000, "two time-outs, and then an answer");
    once.overrides.push(lost(Hop::Query, 3));
    let found = measured(&once);
    assert_eq!((found.answered, found.timed_out), (0, 1));
}

#[test]
fn workers_share_the_queries_and_more_of_them_wait() {
    let mut busy = asking(&["1s"; 10]);
    busy.options.queries.api.workers = 2;
    // Five rounds of 2 ms each, for two at a time.
    assert_eq!(measured(&busy).latency, sim::oracle::commands::Latency { p50_us: 26_000, p99_us: 30_000 });
}

#[test]
fn queries_of_every_kind_are_answered_and_never_wrong_where_models_are_protected() {
    for seed in 0..10 {
        let history = played(&every_kind(seed));
        let found = queries(history.trace());
        assert_eq!((found.asked, found.answered, found.wrong), (400, 400, 0), "seed {seed}");
        assert!(found.stale > 0 && found.stale < 300, "seed {seed}: {} of 400 stale", found.stale);
    }
}

#[test]
fn answers_of_models_in_the_transaction_are_never_stale() {
    let mut every = every_kind(3);
    every.options.projections.all_mut().into_iter().for_each(|model| model.synchronous = true);
    let found = measured(&every);
    assert_eq!((found.answered, found.stale, found.wrong), (400, 0, 0));
}

#[test]
fn an_answer_made_of_an_event_counted_twice_is_wrong() {
    let mut twice = preset("scenario-b");
    let text = r#"{ "at": "9s", "by": "C-123", "ask": { "order": { "order": "O-900" } } }"#;
    twice.options.queries.script = vec![serde_json::from_str(text).expect("a scripted query")];
    let found = measured(&twice);
    assert_eq!((found.stale, found.wrong), (0, 1));
}

#[test]
fn asking_changes_nothing_for_the_models() {
    let silent = preset("read-models");
    let mut asked = every_kind(silent.seed);
    asked.options.projections.order_view.sequencing = Sequencing::GapBuffer;
    let mut silent = silent;
    silent.options.projections.order_view.sequencing = Sequencing::GapBuffer;
    let (one, other) = (played(&silent), played(&asked));
    let models = |history: &History<Lab>| {
        let lab = history.frontier();
        let shown = lab.world().models().map(|model| lab.world().projector(model).follower.target().clone());
        shown.collect::<Vec<_>>()
    };
    assert_eq!(models(&one), models(&other));
}

#[test]
fn queries_are_told_in_words() {
    let mut told = asking(&["10ms"]);
    told.options.queries.api.timeout = Micros::from_secs(5);
    let history = played(&told);
    let lines = log::lines(history.frontier(), history.trace(), 0..history.trace().len());
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).filter(|text| text.contains("q1")).collect();
    assert_eq!(
        texts,
        [
            "C-5 asks the order view for O-1: q1",
            "q1 reaches the query API",
            "query API answers q1 with no row, 0 ms behind the log",
            "the answer to q1 is stale about O-1",
            "the answer to q1 is there",
        ]
    );
}

#[test]
fn the_report_has_queries_only_where_they_are_asked() {
    assert_eq!(outcome(&preset("scenario-b")).queries, None);
    let report = outcome(&asking(&["1s"]));
    assert_eq!(report.queries.map(|found| found.asked), Some(1));
}

#[test]
fn queries_that_can_not_be_are_refused_with_their_place() {
    let refused = |queries: &str| {
        let json = format!(r#"{{ "version": 1, "name": "x", "options": {{ "queries": {queries} }} }}"#);
        Scenario::from_json(&json).expect_err("it is refused").to_string()
    };
    assert_eq!(
        refused(r#"{ "api": { "workers": 0 } }"#),
        "options.queries.api.workers: expected a whole number from 1 to 64, found 0"
    );
    assert_eq!(
        refused(r#"{ "stream": { "count": 5, "mix": { "history": 1 } } }"#),
        "options.queries.stream.mix.history: expected a read model that takes part: name \
         options.projections.customer_order_history, found customer order history"
    );
    assert_eq!(
        refused(r#"{ "script": [{ "at": "1s", "by": "C-1", "ask": { "order": { "order": "O-0" } } }] }"#),
        "options.queries.script[0].ask.order.order: expected a whole number from 1 to 1,000,000, found 0"
    );
}

#[test]
fn without_loss_nothing_is_asked_again() {
    let mut lossy = every_kind(1);
    assert_eq!(measured(&lossy).asked_again, 0);
    lossy.options.queries.api.loss = Probability::from_percent(10);
    let found = measured(&lossy);
    assert!(found.asked_again > 40 && found.answered > 380, "{found:?}");
    assert_eq!(found.answered + found.timed_out, 400);
}
