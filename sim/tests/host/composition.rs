//! API composition at query time: what an answer costs that is composed of what the services say, and what becomes of it where
//! one of them does not reply. `composition_compared` sets it beside the read model.

use crate::common::composed::{composings, measured};
use crate::common::{played, preset, scenario};
use sim::kernel::history::History;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::compositions::compositions;
use sim::oracle::lab::Lab;
use sim::oracle::queries::queries;
use sim::scenario::machine::Change;
use sim::scenario::recording::Scenario;
use sim::scenario::report::trace_hash;
use sim::system::fate::{Fate, Hop, Override, Purpose, Subject};
use sim::system::hands::{Hand, NodeAct};
use sim::system::node::Node;
use sim::system::options::{Callee, Commit, Composition, Contract, CutWay, Incomplete};
use sim::system::place::{Place, Service};
use sim::system::queries::composing::Composing;
use sim::system::queries::message::QueryId;
use sim::system::queries::reading::Reading;
use sim::system::queries::row::Fields;
use sim::system::trace::{Entry, What};
use sim::view::log;
use sim::view::stage::{flights, stage};

/// An order of three products and a page of it that is asked for at 1 s. A query travels 20 ms each way and a call 10 ms; the
/// Order Service takes 8 ms, the Customer Service 5 ms, the Product Service 12 ms, and joining 1 ms.
const ONE_PAGE: &str = r#"{
  "version": 1,
  "name": "one page",
  "options": {
    "workload": {
      "orders": 0,
      "products": [
        { "product": "P-1", "name": "Chair", "price_cents": 4999, "stock": 50 },
        { "product": "P-2", "name": "Lamp", "price_cents": 2495, "stock": 50 },
        { "product": "P-3", "name": "Table", "price_cents": 8900, "stock": 50 }
      ],
      "customers": [{ "customer": "C-5", "name": "Ann Smith" }],
      "script": [
        { "at": "0s", "to": "O-1", "do": { "create_order": { "customer": "C-5", "items": [
          { "product": "P-1", "quantity": 2, "price_cents": 4999 },
          { "product": "P-3", "quantity": 1, "price_cents": 8900 },
          { "product": "P-2", "quantity": 1, "price_cents": 2495 }
        ] } } }
      ]
    },
    "order_service": { "client_delay": { "kind": "constant", "value": "0s" } },
    "product_service": { "service": { "kind": "constant", "value": "12ms" } },
    "projections": { "order_view": { "names": true } },
    "queries": {
      "api": { "delay": { "kind": "constant", "value": "20ms" } },
      "composition": { "delay": { "kind": "constant", "value": "10ms" } },
      "script": [{ "at": "1s", "by": "C-5", "ask": { "page": { "order": "O-1" } } }]
    }
  }
}"#;

/// The page with another composition.
fn one_page(edit: impl FnOnce(&mut Composition)) -> Scenario {
    let mut one = scenario(ONE_PAGE);
    edit(one.options.queries.composition.as_mut().expect("it composes"));
    one
}

/// The names on the page that came last.
fn names(history: &History<Lab>) -> Option<(Option<String>, Option<String>)> {
    let row = history.frontier().world().reads().clients.last_answer()?.page.rows.first()?.clone();
    match row.fields {
        Fields::Page { customer_name, product_names, .. } => {
            Some((customer_name.map(|name| name.to_string()), product_names.map(|names| names.to_string())))
        }
        other => panic!("no page: {other:?}"),
    }
}

fn page(customer: Option<&str>, products: Option<&str>) -> Option<(Option<String>, Option<String>)> {
    Some((customer.map(str::to_owned), products.map(str::to_owned)))
}

const EVERYTHING: &str = "Chair, Table, Lamp";

#[test]
fn a_page_takes_the_order_then_the_slower_of_the_two_then_the_join() {
    let history = played(&one_page(|_| {}));
    let found = queries(history.trace());
    // There; the order; the products, which take longer than the customer; the join; back.
    let takes = 20 + (10 + 8 + 10) + (10 + 12 + 10) + 1 + 20;
    assert_eq!((found.answered, found.latency.p50_us), (1, takes * 1_000));
    assert_eq!(names(&history), page(Some("Ann Smith"), Some(EVERYTHING)));
    // From the read model it is the two ways and 2 ms of work, and it says the same.
    let mut model = one_page(|_| {});
    model.options.queries.composition = None;
    let history = played(&model);
    assert_eq!(queries(history.trace()).latency.p50_us, (20 + 2 + 20) * 1_000);
    assert_eq!(names(&history), page(Some("Ann Smith"), Some(EVERYTHING)));
    // Whoever is the slowest decides.
    let mut slow = one_page(|_| {});
    slow.options.customer_service.slow_from = Micros::from_millis(500);
    slow.options.customer_service.slow_for = Micros::from_secs(1);
    slow.options.customer_service.slow_by = Micros::from_millis(100);
    assert_eq!(measured(&slow).0.latency.p50_us, (takes - 12 + 5 + 100) * 1_000);
}

#[test]
fn an_answer_says_as_of_when_it_is_and_everything_until_then_is_in_it() {
    let history = played(&one_page(|_| {}));
    let reply = history.frontier().world().reads().clients.last_answer().expect("the page");
    // The Order Service has looked 20 + 10 + 8 ms after the query was sent; the answer leaves 10 + 32 + 1 ms later.
    assert_eq!((reply.as_of.at.as_millis(), reply.as_of.lag.as_millis()), (1_038, 43));
    assert_eq!(reply.as_of.position.0 as usize, history.frontier().world().store().len());
    assert!(reply.is_composed() && !reply.is_first_hand());
}

#[test]
fn without_batches_there_is_a_call_for_each_product_and_each_order() {
    let calls = |batched| measured(&one_page(|one| one.batched = batched)).1;
    assert_eq!((calls(true).calls, calls(true).replies, calls(true).things), (3, 3, 5));
    assert_eq!(
        (calls(false).calls, calls(false).replies, calls(false).things),
        (5, 5, 5),
        "2 and one for each product"
    );
    // The Product Service handles one call at a time, so three of them take three times as long.
    let latency = |batched| measured(&one_page(|one| one.batched = batched)).0.latency.p50_us;
    assert_eq!(latency(false) - latency(true), 2 * 12_000);
    // A list of n orders: one call, or one for the numbers and one for each.
    for commit in [Commit::Outbox, Commit::EventSourced] {
        let list = |batched| {
            let mut list = preset("composition");
            list.options.order_service.commit = commit;
            list.options.queries.read_after_write.likely = Probability::NEVER;
            list.options.queries.stream.count = 0;
            let text = r#"{ "at": "30s", "by": "C-100", "ask": { "orders": { "customer": "C-100" } }, "size": 15 }"#;
            list.options.queries.script = vec![serde_json::from_str(text).expect("a scripted query")];
            let composition = list.options.queries.composition.as_mut().expect("it composes");
            (composition.orders, composition.batched) = (true, batched);
            let history = played(&list);
            let answer = history.frontier().world().reads().clients.last_answer().expect("the list");
            let found = queries(history.trace());
            assert_eq!((found.answered, found.stale, found.wrong), (1, 0, 0));
            (answer.page.rows.len(), compositions(history.trace()).calls)
        };
        assert_eq!((list(true), list(false)), ((15, 1), (15, 1 + 15)), "{commit:?}");
    }
}

#[test]
fn a_page_without_one_of_its_services_fails_or_says_what_is_missing() {
    let cut = |to, incomplete| {
        let history = played(&one_page(|one| {
            one.incomplete = incomplete;
            one.cuts = vec![CutWay { to, at: Micros::from_millis(900), lasts: Micros::from_secs(5) }];
        }));
        let (asked, composed) = (queries(history.trace()), compositions(history.trace()));
        assert_eq!((asked.asked, asked.stale, asked.wrong, composed.lost, composed.timed_out), (1, 0, 0, 1, 1));
        (names(&history), asked.refused, composed.failed, composed.partial)
    };
    for to in [Callee::Orders, Callee::Customers, Callee::Products] {
        assert_eq!(cut(to, Incomplete::Fail), (None, 1, 1, 0), "{to:?}");
    }
    assert_eq!(cut(Callee::Customers, Incomplete::Partial), (page(None, Some(EVERYTHING)), 0, 0, 1));
    assert_eq!(cut(Callee::Products, Incomplete::Partial), (page(Some("Ann Smith"), None), 0, 0, 1));
    assert_eq!(cut(Callee::Orders, Incomplete::Partial), (None, 1, 1, 0), "without the order there is no page");
}

#[test]
fn the_gateway_waits_as_long_as_it_says_and_no_longer() {
    let slow = |timeout: u64, incomplete| {
        let mut slow = one_page(|one| (one.timeout, one.incomplete) = (Micros::from_millis(timeout), incomplete));
        slow.options.product_service.slow_for = Micros::from_secs(5);
        slow.options.product_service.slow_by = Micros::from_millis(300);
        let history = played(&slow);
        let ended = history
            .trace()
            .iter()
            .find(|entry| matches!(entry.what, What::Reading(Reading::Answered { .. } | Reading::Refused { .. })));
        (names(&history), ended.expect("it ends").at.as_millis() - 1_000)
    };
    let full = page(Some("Ann Smith"), Some(EVERYTHING));
    // What a slow service says is waited for, and not a moment longer than the time-out.
    assert_eq!(slow(361, Incomplete::Fail), (full, 401));
    assert_eq!(slow(200, Incomplete::Fail), (None, 20 + 200 + 20));
    assert_eq!(slow(200, Incomplete::Partial), (page(Some("Ann Smith"), None), 20 + 200 + 1 + 20));
}

#[test]
fn a_lost_call_or_reply_has_a_name_of_its_own() {
    let subject: Subject = "O-0/3000000000".parse().expect("the first line of the script");
    for (hop, attempt, lost) in [
        (Hop::CallOrders, 1, Composing::CallLost { query: QueryId(1), service: Service::Orders }),
        (Hop::CallOrders, 2, Composing::ReplyLost { query: QueryId(1), service: Service::Orders }),
        (Hop::CallCustomers, 1, Composing::CallLost { query: QueryId(1), service: Service::Customers }),
        // The second of three calls to the Product Service.
        (Hop::CallProducts, 4, Composing::ReplyLost { query: QueryId(1), service: Service::Products }),
    ] {
        let mut one = one_page(|one| one.batched = false);
        one.overrides = vec![Override { purpose: Purpose::Loss, hop, subject, attempt, fate: Fate::Happens }];
        let one = scenario(&serde_json::to_string(&one).expect("a scenario is JSON"));
        let history = played(&one);
        let lost_here: Vec<Composing> =
            composings(&history).into_iter().map(|(_, what)| what).filter(Composing::is_fault).collect();
        assert_eq!(lost_here, [lost]);
        assert_eq!(compositions(history.trace()).failed, 1);
    }
}

#[test]
fn a_page_can_mix_moments_that_never_were() {
    // The Order Service looks at 1.038 s, the Customer Service at 1.063 s. In between the order is shipped, and only then the
    // customer takes another name: shipped comes before the name, and the page has the name and not the shipping.
    let mut torn = one_page(|_| {});
    let ship = r#"{ "at": "1032ms", "to": "O-1", "do": "ship_order" }"#;
    let rename = r#"{ "at": "1048ms", "to": "C-5", "do": { "rename_customer": { "name": "Ann Jones" } } }"#;
    let line = |text| serde_json::from_str(text).expect("a line of the script");
    torn.options.workload.script.extend([line(ship), line(rename)]);
    let history = played(&torn);
    assert_eq!(names(&history), page(Some("Ann Jones"), Some(EVERYTHING)));
    let (asked, composed) = measured(&torn);
    assert_eq!((asked.stale, asked.wrong, composed.torn), (1, 0, 1));
    let told = log::lines(history.frontier(), history.trace(), 0..history.trace().len());
    let told: Vec<String> = told.into_iter().map(|line| line.text).collect();
    let words = "the answer to q1 is torn: what it says of O-1 was never all true at once";
    assert!(told.iter().any(|line| line == words), "{told:?}");
    // Shipped, and no new name: late, but there was such a moment.
    torn.options.workload.script.pop();
    let (asked, composed) = measured(&torn);
    assert_eq!((asked.stale, asked.wrong, composed.torn), (1, 0, 0));
}

#[test]
fn a_crash_of_a_service_makes_pages_fail_until_it_is_back() {
    let scenario = preset("composition");
    let mut history = played(&scenario);
    let untouched = trace_hash(history.trace());
    history.seek_time(Micros::from_secs(2));
    let act = NodeAct::Crash { lasts: Micros::from_secs(2) };
    history.change_here(Change::Hand(Hand::Node { which: Node::Service(Service::Customers), act }));
    assert!(history.run_to_end(5_000_000));
    assert_ne!(trace_hash(history.trace()), untouched);
    let unheard = |(at, what): &(Micros, Composing)| {
        matches!(what, Composing::Unheard { service: Service::Customers, .. }).then_some(*at)
    };
    let unheard: Vec<Micros> = composings(&history).iter().filter_map(unheard).collect();
    assert!(unheard.len() > 10, "{unheard:?}");
    assert!(unheard.iter().all(|at| (2_000..4_000).contains(&at.as_millis())), "{unheard:?}");
    let found = queries(history.trace());
    assert_eq!((found.wrong, found.unanswered), (0, 0), "{found:?}");
    let is_unheard = |entry: &Entry| matches!(entry.what, What::Reading(Reading::Composing(Composing::Unheard { .. })));
    let crashed = history.trace().iter().find(is_unheard);
    let crashed = crashed.map(|entry| log::line(history.frontier(), &entry, history.trace().part(..0)).text);
    assert!(crashed.is_some_and(|line| line.starts_with("customer service is down and does not hear the call for q")));
}

#[test]
fn calls_and_replies_are_on_the_stage() {
    let mut history = played(&one_page(|_| {}));
    let mut flying = |at: u64| -> Vec<(Place, Place)> {
        history.seek_time(Micros::from_millis(at));
        let lab = history.machine();
        assert!(stage(lab).nodes.iter().any(|node| node.place == Place::Gateway));
        flights(lab).iter().map(|flight| (flight.from, flight.to)).collect()
    };
    let owner = Place::Owner;
    assert_eq!(flying(1_025), [(Place::Gateway, Place::Handler)]);
    assert_eq!(flying(1_042), [(Place::Handler, Place::Gateway)]);
    assert_eq!(
        flying(1_052),
        [(Place::Gateway, owner(Service::Customers)), (Place::Gateway, owner(Service::Products))]
    );
    assert_eq!(flying(1_064), [(owner(Service::Customers), Place::Gateway)]);
}

#[test]
fn the_order_service_alone_has_no_names_and_says_so() {
    let mut alone = one_page(|_| {});
    alone.options.queries.composition = None;
    alone.options.queries.consistency.contract = Contract::CommandSideRead;
    let history = played(&alone);
    assert_eq!(names(&history), page(None, None));
    assert_eq!(queries(history.trace()).wrong, 0);
    // So has a view that follows the orders only.
    alone.options.queries.consistency.contract = Contract::Eventual;
    alone.options.projections.order_view.names = false;
    assert_eq!(names(&played(&alone)), page(None, None));
}

#[test]
fn a_composition_is_checked_when_it_is_read() {
    let refused = |composition: &str| {
        let text = format!(
            r#"{{ "version": 1, "name": "x", "options": {{ "queries": {{ "composition": {composition} }} }} }}"#
        );
        Scenario::from_json(&text).expect_err("it is not allowed").to_string()
    };
    assert_eq!(
        refused(r#"{ "timeout": "0s" }"#),
        "options.queries.composition.timeout: expected at least 1 ms, found 0 ms"
    );
    assert_eq!(
        refused(r#"{ "cuts": [{ "to": "orders", "at": "2h", "for": "1s" }] }"#),
        "options.queries.composition.cuts[0].at: expected at most 1 hour, found 7200 s"
    );
}
