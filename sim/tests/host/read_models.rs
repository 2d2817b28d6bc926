//! The read models: what each shows, what a refresh hides, what several sources of one row do to each other, and that every
//! way to keep them comes to the same.

use crate::common::{outcome, played, scenario, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::history::History;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::judgement::Freshness;
use sim::oracle::lab::Lab;
use sim::oracle::rows::copies_of;
use sim::scenario::machine::Change;
use sim::scenario::presets::PRESETS;
use sim::scenario::recording::Scenario;
use sim::shop::aggregate::Aggregate;
use sim::shop::ids::{CustomerId, OrderId, ProductId};
use sim::shop::money::Cents;
use sim::system::options::{Checkpoint, Consumer, Idempotency, Options, Partitioning, Sequencing};
use sim::system::place::{Model, Reader};
use sim::system::query_side::product_search::{Question, Sort};
use sim::system::query_side::read_model::ReadModel;
use sim::system::trace::What;
use sim::view::further_cells::further_cells;
use sim::view::ledger::{Cell, LedgerQuery, ledger};
use sim::view::log;
use sim::view::why::why;

fn preset(slug: &str) -> Scenario {
    scenario(PRESETS.iter().find(|preset| preset.slug == slug).expect("the preset exists").json)
}

fn every(options: &mut Options, edit: impl Fn(&mut Consumer)) {
    options.projections.all_mut().into_iter().for_each(edit);
}

/// Every row that the read models of a run have, or should have.
fn rows(lab: &Lab) -> Vec<(Reader, Aggregate)> {
    let own = |reader: Reader| lab.world().takes_part(reader) && reader.model().is_some();
    let copies = lab.all().into_iter().flat_map(|of| copies_of(of).iter().map(move |reader| (*reader, of)));
    let stats = Reader::Projection(Model::ProductStats);
    let counted = lab.bought_products().map(|product| (stats, product.into()));
    copies.chain(counted).filter(|(reader, _)| own(*reader)).collect()
}

/// The rows of a run that do not equal the oracle's fold, and the dashboard if it does not.
fn differences(lab: &Lab) -> Vec<String> {
    let differing =
        rows(lab).into_iter().filter(|(reader, of)| lab.row_cells(*reader, *of) != lab.true_cells(*reader, *of));
    let mut told: Vec<String> = differing.map(|(reader, of)| format!("{of} in the {reader}")).collect();
    let (shown, truth) = (lab.dashboard(), lab.sales());
    if (shown.orders, shown.units, shown.revenue) != (truth.orders, truth.units, truth.revenue) {
        told.push("the dashboard".to_owned());
    }
    told
}

/// All six models with names, over three partitions, with every fault that protections can mend, and with these protections.
fn faulty(seed: u64) -> Scenario {
    let mut scenario = preset("read-models");
    scenario.seed = seed;
    scenario.options.broker.partitions = 3;
    scenario.options.broker.partitioning = Partitioning::RoundRobin;
    scenario.options.broker.publish.duplicate = Probability::from_percent(5);
    scenario.options.broker.publish.overtake = Probability::from_percent(5);
    every(&mut scenario.options, |projection| {
        projection.delivery.duplicate = Probability::from_percent(5);
        projection.delivery.loss = Probability::from_percent(5);
        projection.crash.between = Probability::from_percent(5);
        projection.crash.restart_after = Distribution::constant_millis(50);
        projection.service = Distribution::constant_millis(3);
        projection.idempotency = Idempotency::ProcessedEvents;
        projection.sequencing = Sequencing::GapBuffer;
        projection.checkpoint = Checkpoint::WithEffect;
        projection.batch = 4;
    });
    scenario
}

#[test]
fn every_model_of_a_protected_run_equals_the_oracles_fold() {
    for seed in 0..20 {
        let history = played(&faulty(seed));
        let lab = history.frontier();
        assert_eq!(lab.world().models().count(), 6);
        assert!(rows(lab).len() > 100, "orders, products and sums");
        assert_eq!(differences(lab), [""; 0], "seed {seed}");
    }
}

#[test]
fn a_model_rebuilt_from_zero_equals_the_oracles_fold() {
    for seed in 0..10 {
        let mut scenario = faulty(seed);
        // The fold takes each history in order, so that the rebuild needs no luck with the partitions.
        every(&mut scenario.options, |projection| projection.sequencing = Sequencing::FoldHistory);
        let with = scenario.options.clone();
        every(&mut scenario.options, |projection| projection.enabled = false);
        let mut history = played(&scenario);
        assert_eq!(history.frontier().world().models().count(), 0);
        history.seek_step(u64::MAX);
        history.change_here(Change::Options(Box::new(with)));
        assert!(history.run_to_end(5_000_000), "the rebuild comes to rest");
        let lab = history.frontier();
        assert_eq!(lab.world().models().count(), 6);
        assert_eq!(differences(lab), [""; 0], "seed {seed}");
        assert!(lab.world().models().all(|model| lab.model(model).counts.wrong == 0), "seed {seed}");
    }
}

#[test]
fn synchronous_and_asynchronous_agree_at_quiescence() {
    for seed in 0..10 {
        let asynchronous = faulty(seed);
        let mut synchronous = asynchronous.clone();
        every(&mut synchronous.options, |projection| projection.synchronous = true);
        let (one, other) = (played(&asynchronous), played(&synchronous));
        assert_eq!(differences(one.frontier()), [""; 0], "seed {seed}");
        assert_eq!(differences(other.frontier()), [""; 0], "seed {seed}");
        let (one, other) = (undated(one.frontier()), undated(other.frontier()));
        assert!(one == other, "seed {seed}: {:?}", one.iter().zip(&other).find(|(one, other)| one != other));
    }
}

/// Every row without its dates, which differ by what the transactions take.
fn undated(lab: &Lab) -> Vec<(Reader, Aggregate, Vec<String>)> {
    let mut told: Vec<_> = rows(lab)
        .into_iter()
        .map(|(reader, of)| {
            let is_date = |at: usize| match reader {
                Reader::Projection(Model::CustomerOrderHistory) => at == 1,
                Reader::Projection(Model::OrderWorkQueue) => at == 3,
                _ => false,
            };
            let cells = lab.row_cells(reader, of).into_iter().flatten().enumerate();
            (reader, of, cells.filter(|(at, _)| !is_date(*at)).map(|(_, value)| value.to_string()).collect())
        })
        .collect();
    told.sort_by_key(|(reader, of, _): &(Reader, Aggregate, _)| (*reader, *of));
    told
}

#[test]
fn a_synchronous_model_never_lags_and_its_commands_take_longer() {
    let synchronous = preset("synchronous");
    let mut asynchronous = synchronous.clone();
    every(&mut asynchronous.options, |projection| projection.synchronous = false);
    let mut lab = Lab::new(synchronous.options.clone(), synchronous.seed, &[]);
    while lab.step(&mut Vec::new()) {
        let (events, _) = lab.model(Model::OrderView).lag(lab.world().store(), lab.world().now());
        assert_eq!((events, lab.model(Model::OrderView).counts.stale), (0, 0), "at {}", lab.world().now());
    }
    // The scenario's writer takes 8 ms, and its order view 25 ms.
    let first_commit = |scenario: &Scenario| {
        let history = played(scenario);
        let committed = history.trace().iter().find(|entry| matches!(entry.what, What::Committed { .. }));
        committed.expect("something is committed").at
    };
    assert_eq!(first_commit(&synchronous).since(first_commit(&asynchronous)), Micros::from_millis(25));
    let told = played(&synchronous);
    let lines = log::lines(told.frontier(), told.trace(), 0..told.trace().len());
    assert!(
        lines
            .iter()
            .any(|line| line.text == "the transaction that keeps the order view applies e1 OrderCreated of O-1")
    );
    assert!(
        !told
            .trace()
            .iter()
            .any(|entry| matches!(entry.what, What::Sent(one) if one.reader == Reader::Projection(Model::OrderView)))
    );
}

#[test]
fn absent_models_leave_no_trace() {
    let with = preset("read-models");
    let mut without = with.clone();
    for model in &mut without.options.projections.all_mut()[2..] {
        model.enabled = false;
    }
    let known =
        |one: Reader| matches!(one, Reader::Projection(Model::OrderView | Model::SalesDashboard) | Reader::Replica(_));
    let (with, without) = (played(&with), played(&without));
    let readers = |history: &History<Lab>| -> Vec<_> {
        let told = history.trace().iter().filter_map(|entry| entry.what.delivered().map(|one| (entry.at, one)));
        told.collect()
    };
    assert!(readers(&without).iter().all(|(_, one)| known(one.reader)));
    let kept: Vec<_> = readers(&with).into_iter().filter(|(_, one)| known(one.reader)).collect();
    assert_eq!(kept, readers(&without), "and those that are there do not notice the others");
}

fn model(lab: &Lab, model: Model) -> &ReadModel {
    lab.world().projector(model).follower.target()
}

#[test]
fn each_model_answers_its_own_question() {
    let history = played(&preset("read-models"));
    let lab = history.frontier();
    let ReadModel::CustomerOrderHistory(orders) = model(lab, Model::CustomerOrderHistory) else { panic!("moved") };
    let mine = orders.of_customer(CustomerId(2));
    assert!(mine.len() > 1 && mine.iter().all(|(order, _)| lab.order(*order).customer == Some(CustomerId(2))));
    assert!(mine.windows(2).all(|pair| pair[0].1.placed_at >= pair[1].1.placed_at), "the latest first");
    let ReadModel::ProductSearch(search) = model(lab, Model::ProductSearch) else { panic!("moved") };
    let question = Question { text: "garden".to_owned(), sort: Sort::Price, ..Question::default() };
    assert_eq!(search.search(&question), [ProductId(3), ProductId(1)]);
    let in_stock = Question { in_stock: true, price_max: Some(Cents(6_000)), ..question };
    assert_eq!(search.search(&in_stock), [ProductId(3), ProductId(1)]);
    let ReadModel::ProductStats(stats) = model(lab, Model::ProductStats) else { panic!("moved") };
    let best = stats.best_sellers();
    assert!(best.windows(2).all(|pair| pair[0].1.purchases >= pair[1].1.purchases));
    let ReadModel::OrderWorkQueue(queue) = model(lab, Model::OrderWorkQueue) else { panic!("moved") };
    let waiting: usize = (1..=4).map(|team| queue.of_team(team).len()).sum();
    let open = lab.orders().filter(|order| lab.order(*order).status.is_open()).count();
    assert_eq!((waiting, queue.count() as usize), (open, open));
}

#[test]
fn the_ledger_shows_every_cell_of_every_model() {
    let mut history = played(&preset("read-models"));
    history.seek_step(u64::MAX);
    let lab = history.frontier();
    let labels = |search: &str| -> Vec<String> {
        let query = LedgerQuery { search: search.to_owned(), limit: 1, ..LedgerQuery::default() };
        ledger(lab, &query).rows.into_iter().map(|row| row.label).collect()
    };
    let order = labels("O-40");
    assert_eq!(
        order[..6].join(", "),
        "O-40 customer, O-40 quantity, O-40 total, O-40 status, O-40 customer name, O-40 product names"
    );
    assert_eq!(order[7], "O-40 date in the customer order history");
    assert_eq!(order.len(), 14);
    assert_eq!(labels("P-2").last().expect("it has rows"), "P-2 units in the product statistics");
    assert_eq!(labels("P-2").len(), 10);
    for of in lab.all() {
        for cell in further_cells(lab, of) {
            assert_eq!(why(&history, cell).freshness, Freshness::Fresh);
            assert_eq!(cell.shown(lab).text, cell.truth(lab));
        }
    }
}

#[test]
fn a_count_goes_wrong_with_a_duplicate_and_says_so() {
    let mut twice = preset("read-models");
    twice.options.projections.product_stats.delivery.duplicate = Probability::ALWAYS;
    let report = outcome(&twice);
    assert_eq!(status(&report, "product_stats_equal_truth"), "broken");
    assert_eq!(status(&report, "exactly_once_effect"), "broken");
    assert_eq!(status(&report, "order_work_queue_equals_truth"), "holds");
    twice.options.projections.product_stats.idempotency = Idempotency::ProcessedEvents;
    assert_eq!(status(&outcome(&twice), "product_stats_equal_truth"), "holds");
}

#[test]
fn an_order_shipped_before_it_was_placed_stays_in_the_queue_for_ever() {
    let shuffled = |seed, sequencing| {
        let mut scenario = preset("read-models");
        scenario.seed = seed;
        scenario.options.broker.partitions = 3;
        scenario.options.broker.partitioning = Partitioning::RoundRobin;
        scenario.options.workload.think = Distribution::constant_millis(10);
        scenario.options.projections.order_work_queue.sequencing = sequencing;
        let report = outcome(&scenario);
        status(&report, "order_work_queue_equals_truth") == "holds"
    };
    let broken = (0..40).find(|seed| !shuffled(*seed, Sequencing::None)).expect("some order comes too early");
    for mend in [Sequencing::VersionGuard, Sequencing::GapBuffer, Sequencing::FoldHistory] {
        assert!(shuffled(broken, mend), "{mend:?}");
    }
}

#[test]
fn readers_of_the_dashboard_see_old_figures_until_the_next_refresh() {
    let mut cached = preset("read-models");
    let ttl = Micros::from_secs(3);
    cached.options.projections.sales_dashboard.ttl = Some(ttl);
    let history = played(&cached);
    let refreshes: Vec<Micros> = history
        .trace()
        .iter()
        .filter(|entry| matches!(entry.what, What::Refreshed { .. }))
        .map(|entry| entry.at)
        .collect();
    assert!(refreshes.len() > 2 && refreshes.windows(2).all(|pair| pair[1].since(pair[0]) >= ttl), "{refreshes:?}");
    let mut lab = Lab::new(cached.options.clone(), cached.seed, &[]);
    let mut stale = 0;
    while lab.step(&mut Vec::new()) {
        assert_ne!(lab.model(Model::SalesDashboard).sales.worst(), Freshness::Wrong, "at {}", lab.world().now());
        stale += usize::from(lab.model(Model::SalesDashboard).sales.worst() == Freshness::Stale);
    }
    assert!(stale > 100, "{stale}");
    assert_eq!(status(&outcome(&cached), "sales_dashboard_equals_truth"), "holds");
}

/// What the order view shows as names, and how it stands.
fn names(lab: &Lab, order: u32) -> [(String, Freshness); 2] {
    let of = Aggregate::Order(OrderId(order));
    [4, 5].map(|field| {
        let shown = Cell::Of { model: Model::OrderView, of, field }.shown(lab);
        (shown.text, shown.freshness)
    })
}

#[test]
fn a_row_with_several_sources_follows_each_of_them() {
    let mut history = played(&preset("names"));
    let at = |history: &mut History<Lab>, millis| {
        history.seek_time(Micros::from_millis(millis));
        names(history.machine(), 1)
    };
    let fresh = |text: &str| (text.to_owned(), Freshness::Fresh);
    let stale = |text: &str| (text.to_owned(), Freshness::Stale);
    assert_eq!(at(&mut history, 2_000), [fresh("Ann Smith"), fresh("Garden chair, Lamp")]);
    assert_eq!(at(&mut history, 5_100), [stale("Ann Smith"), fresh("Garden chair, Lamp")]);
    assert_eq!(at(&mut history, 6_000), [fresh("Ann Jones"), fresh("Garden chair, Lamp")]);
    assert_eq!(at(&mut history, 8_000), [fresh("Ann Jones"), fresh("Deck chair, Lamp")]);
    history.seek_step(u64::MAX);
    assert_eq!(status(&outcome(&preset("names")), "order_view_equals_truth"), "holds");
}

#[test]
fn no_version_is_common_to_the_sources_of_a_row() {
    let with = |sequencing| {
        let mut guarded = preset("names");
        guarded.options.projections.order_view.sequencing = sequencing;
        let history = played(&guarded);
        names(history.frontier(), 1).map(|(text, _)| text)
    };
    // The row has reached version 3 by its order; the names are version 2 of theirs, and taken for old ones.
    assert_eq!(with(Sequencing::VersionGuard), ["Ann Smith", "Garden chair, Lamp"]);
    for right in [Sequencing::SourceWatermarks, Sequencing::GapBuffer, Sequencing::FoldHistory] {
        assert_eq!(with(right), ["Ann Jones", "Deck chair, Lamp"], "{right:?}");
    }
}

#[test]
fn options_that_mean_nothing_are_refused() {
    let refused = |options: &str| {
        let json = format!(r#"{{ "version": 1, "name": "x", "options": {options} }}"#);
        Scenario::from_json(&json).expect_err("it is refused").to_string()
    };
    assert_eq!(
        refused(r#"{ "projections": { "product_stats": { "names": true } } }"#),
        "options.projections.product_stats.names: expected false, except for the order view, found true"
    );
    assert_eq!(
        refused(r#"{ "projections": { "order_view": { "ttl": "1s" } } }"#),
        "options.projections.order_view.ttl: expected nothing, except for the sales dashboard, found 1 s"
    );
    assert_eq!(
        refused(r#"{ "replicas": { "products": { "synchronous": true } } }"#),
        "options.replicas.products.synchronous: expected false, because it is no read model, found true"
    );
    assert_eq!(
        refused(r#"{ "projections": { "order_view": { "batch": 0 } } }"#),
        "options.projections.order_view.batch: expected a whole number from 1 to 1,000, found 0"
    );
}
