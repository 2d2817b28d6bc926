//! Copies of read models in the ledger, and why a cell of one shows what it does: read replicas, edges, and other versions.

use crate::common::{played, preset};
use sim::kernel::distribution::Distribution;
use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::followers::row_at;
use sim::oracle::lab::Lab;
use sim::scenario::counterfactual::{Counterfactual, Outcome};
use sim::scenario::export;
use sim::scenario::machine::Change;
use sim::scenario::recording::{Recording, Scenario};
use sim::shop::ids::{CustomerId, OrderId};
use sim::system::edges::edge_id::EdgeId;
use sim::system::fate::{Fate, Override, Purpose, Subject};
use sim::system::hands::{Hand, NodeAct};
use sim::system::node::Node;
use sim::system::options::{Act, Cut, EdgeOutage, Edges, Scripted, Sequencing};
use sim::system::place::{Model, Reader};
use sim::system::queries::keeper::Keeper;
use sim::system::trace::What;
use sim::system::versions::{Stage, Turn};
use sim::view::holders::{Holder, Spot};
use sim::view::ledger::{Cell, Freshness, Ledger, LedgerQuery, LedgerRow, Sort, ledger};
use sim::view::twin::{TwinSide, twin_ledger};
use sim::view::why::{Why, why};

const fn edge(number: u8) -> Holder {
    Holder::Edge(EdgeId(number))
}

fn all(lab: &Lab) -> Ledger {
    ledger(lab, &LedgerQuery { limit: usize::MAX, ..LedgerQuery::default() })
}

fn at(scenario: &Scenario, secs: u64) -> History<Lab> {
    let mut history = played(scenario);
    history.seek_time(Micros::from_secs(secs));
    history
}

fn at_the_end(scenario: &Scenario) -> History<Lab> {
    let mut history = played(scenario);
    history.seek_step(u64::MAX);
    history
}

/// The stories of the cells that this one holds and that stand like that there and in the model itself.
fn stories(history: &History<Lab>, holder: Holder, stands: Freshness, in_model: Freshness) -> Vec<Why> {
    let lab = history.machine();
    let like_that = |row: &LedgerRow| {
        let here = row.others.iter().any(|(who, shown)| *who == holder && shown.freshness == stands);
        (here && row.cell.freshness(lab) == in_model).then_some(Spot { cell: row.cell, holder })
    };
    all(lab).rows.iter().filter_map(like_that).map(|spot| why(history, spot)).collect()
}

#[test]
fn the_story_of_an_old_cell_at_an_edge_says_how_old_and_where_the_newer_state_is() {
    let history = at(&preset("edges"), 8);
    let mut told = 0;
    for number in 1..=3 {
        for one in stories(&history, edge(number), Freshness::Stale, Freshness::Fresh) {
            assert_eq!(one.spot.holder, edge(number));
            assert!(one.question.contains(&format!(" at edge {number} still ")), "{}", one.question);
            let old = format!("its projection is not behind here. The copy at edge {number} is ");
            assert!(one.answer.contains(&old) && one.answer.ends_with(" old."), "{}", one.answer);
            let state = format!(" is on its way to edge {number}, due at ");
            assert!(one.missing[0].contains(&state), "{:?}", one.missing);
            let lacks = |text: &String| text.contains(" is in the order view, and comes with ");
            assert!(one.missing.iter().any(lacks), "{:?}", one.missing);
            let of = one.spot.cell.row().expect("an order").0;
            assert!(one.missing[1..].iter().all(|text| text.contains(&of.to_string())), "{:?}", one.missing);
            told += 1;
        }
    }
    assert!(told > 3, "{told}");
}

#[test]
fn what_brought_a_value_to_an_edge_is_among_its_steps() {
    let history = at_the_end(&preset("edges"));
    let row =
        all(history.machine()).rows.into_iter().find(|row| row.label.ends_with("status") && row.truth == "delivered");
    let cell = row.expect("some order was delivered").cell;
    let story = why(&history, Spot { cell, holder: edge(2) });
    assert_eq!((story.freshness, story.answer.as_str()), (Freshness::Fresh, "It is true now."));
    assert!(story.missing.is_empty(), "{:?}", story.missing);
    let renewals: Vec<&str> = story
        .steps
        .iter()
        .map(|step| step.text.as_str())
        .filter(|text| text.contains("edge 2 has a newer copy"))
        .collect();
    assert!(renewals.iter().any(|text| text.ends_with("→ delivered")), "{renewals:?}");
    let unchanged = renewals.iter().filter(|text| !text.contains('→')).count();
    assert!(unchanged <= 1, "what changes nothing is not told, but for the last: {renewals:?}");
    assert!(story.steps.is_sorted_by_key(|step| step.step));
    assert!(story.steps.iter().all(|step| !step.culprit));
}

#[test]
fn a_projection_that_is_behind_is_told_from_a_copy_that_is() {
    let mut scenario = preset("edges");
    // Deliveries take long, copies do not.
    let edges = scenario.options.queries.edges.as_mut().expect("there are edges");
    edges.copy_delay = scenario.options.projections.order_view.delivery.delay;
    let history = at(&scenario, 8);
    let both = stories(&history, edge(1), Freshness::Stale, Freshness::Stale);
    assert!(!both.is_empty());
    for one in both {
        let is_same = one.answer == "The order view shows the same: it is behind itself, not its copy at edge 1.";
        let is_worse = one.answer.starts_with("The order view is behind too, though not so far: it shows ");
        assert!(is_same || is_worse, "{}", one.answer);
        assert!(
            one.missing.iter().any(|text| !text.contains("order view")),
            "the event is not there yet: {:?}",
            one.missing
        );
    }
}

#[test]
fn a_cut_link_and_an_edge_that_is_down_are_told() {
    let mut scenario = preset("edges");
    let node = |text: &str| text.parse::<Node>().expect("a node");
    let (from, lasts) = (Micros::from_secs(4), Micros::from_secs(8));
    scenario.options.network.cuts = vec![Cut { from: node("origin"), to: node("edge/2"), at: from, lasts }];
    let edges = scenario.options.queries.edges.as_mut().expect("there are edges");
    edges.outages = vec![EdgeOutage { edge: EdgeId(1), at: from, lasts }];
    let history = at(&scenario, 10);
    let down = stories(&history, edge(1), Freshness::Stale, Freshness::Fresh);
    assert!(down.len() > 3);
    for one in down {
        assert_eq!(one.missing[0], "edge 1 is down until 12.00 s, and fetches the newer state of the order view then");
        assert!(one.steps.iter().any(|step| step.text == "edge 1 crashes, until 12.00 s"), "{:?}", one.steps);
    }
    let cut = stories(&history, edge(2), Freshness::Stale, Freshness::Fresh);
    assert!(cut.len() > 3);
    for one in cut {
        let lost = "the link from the origin to edge 2 is cut: the newer state of the order view was lost, and is sent again at 10.";
        assert!(one.missing[0].starts_with(lost), "{:?}", one.missing);
        let told =
            one.steps.iter().filter(|step| step.text.starts_with("the link from the origin to edge 2 is cut")).count();
        assert_eq!(told, 1, "one loss stands for all of them");
    }
}

#[test]
fn what_is_wrong_in_the_model_is_copied() {
    let mut drifted = preset("rebuild");
    drifted.options.projections.order_view.rebuild = None;
    drifted.options.queries.edges = Some(Edges::default());
    let history = at_the_end(&drifted);
    let wrong = stories(&history, edge(1), Freshness::Wrong, Freshness::Wrong);
    assert!(wrong.len() > 3);
    for one in wrong {
        assert_eq!(one.answer, "The order view is wrong in the same way, and edge 1 has copied it.");
    }
}

#[test]
fn read_replicas_have_columns_and_stories_as_edges_have() {
    let history = at(&preset("read-replicas"), 6);
    let holders = all(history.machine()).holders;
    assert!(holders.len() > 1 && holders.iter().all(|holder| matches!(holder, Holder::Replica(_))), "{holders:?}");
    let mut told = 0;
    for holder in holders {
        for one in stories(&history, holder, Freshness::Stale, Freshness::Fresh) {
            assert!(one.question.contains(&format!(" at {holder} still ")), "{}", one.question);
            assert!(one.missing[0].contains(&format!(" is on its way to {holder}, due at ")), "{:?}", one.missing);
            told += 1;
        }
    }
    assert!(told > 0);
}

#[test]
fn a_version_beside_has_a_column_while_it_is_there() {
    let mut history = at_the_end(&preset("rebuild"));
    let turned = |stage: Stage| {
        let turn = |what: What| matches!(what, What::Version(Turn::Stage { to, number: 2, .. }) if to == stage);
        history.trace().iter().find(|entry| turn(entry.what)).map(|entry| entry.at).expect("it comes to that")
    };
    let (begun, switched) = (turned(Stage::Building), turned(Stage::Serving));
    assert!(all(history.machine()).holders.is_empty(), "in the end it is retired");
    history.seek_time(Micros(switched.0 + 1_000_000));
    assert_eq!(all(history.machine()).holders, [Holder::Version(1)], "the old one is kept for a while");
    history.seek_time(Micros(begun.0 - 1));
    assert!(all(history.machine()).holders.is_empty());
    history.seek_time(Micros(begun.0.midpoint(switched.0)));
    let beside = Holder::Version(2);
    let rows = all(history.machine());
    assert_eq!(rows.holders, [beside]);
    let orders: Vec<&LedgerRow> = rows.rows.iter().filter(|row| matches!(row.cell, Cell::Order(..))).collect();
    assert!(orders.iter().all(|row| row.others.len() == 1), "every cell of the order view");
    assert!(rows.rows.iter().filter(|row| matches!(row.cell, Cell::Sales(_))).all(|row| row.others.is_empty()));
    let unlike = |row: &&&LedgerRow| row.others[0].1 != row.cell.shown(history.machine());
    let spot = Spot { cell: orders.iter().find(unlike).expect("it is another fold").cell, holder: beside };
    let story = why(&history, spot);
    assert_eq!(story.reader, Reader::Second(Model::OrderView));
    assert!(story.question.contains(" in version 2 "), "{}", story.question);
    // At another moment, where nobody has the cell there, the story is that of what serves.
    history.seek_time(Micros(begun.0 - 1));
    assert_eq!(why(&history, spot).spot, Spot::from(spot.cell));
}

#[test]
fn differences_sorting_and_files_take_the_copies_in() {
    let history = at(&preset("edges"), 8);
    let lab = history.machine();
    let found = ledger(lab, &LedgerQuery { differences_only: true, limit: usize::MAX, ..LedgerQuery::default() });
    let of_orders = found.rows.iter().filter(|row| matches!(row.cell, Cell::Order(..)));
    let (mut only_elsewhere, mut all_wanted) = (0, 0);
    for row in of_orders {
        let own = row.cell.freshness(lab) != Freshness::Fresh;
        let elsewhere = row.others.iter().any(|(_, shown)| shown.freshness != Freshness::Fresh);
        assert!(own || elsewhere, "{row:?}");
        only_elsewhere += usize::from(!own);
        all_wanted += 1;
    }
    let whole = all(lab).rows;
    let differs = |row: &&LedgerRow| {
        matches!(row.cell, Cell::Order(..))
            && (row.cell.freshness(lab) != Freshness::Fresh
                || row.others.iter().any(|(_, shown)| shown.freshness != Freshness::Fresh))
    };
    assert!(only_elsewhere > 3);
    assert_eq!(all_wanted, whole.iter().filter(differs).count(), "none is left out");

    let sorted = ledger(lab, &LedgerQuery { sort: Sort::Held(edge(3)), limit: usize::MAX, ..LedgerQuery::default() });
    let statuses: Vec<&str> = sorted
        .rows
        .iter()
        .filter(|row| row.label.ends_with("status"))
        .filter_map(|row| row.others.iter().find(|(who, _)| *who == edge(3)))
        .map(|(_, shown)| shown.text.as_str())
        .collect();
    assert!(statuses.len() > 20 && statuses.is_sorted(), "{statuses:?}");

    let (one, shown) = whole
        .iter()
        .find_map(|row| {
            let (_, shown) =
                row.others.iter().find(|(who, shown)| *who == edge(2) && shown.freshness == Freshness::Stale)?;
            Some((row, shown))
        })
        .expect("something is old at the second edge");
    let line = format!("{},{},order view at edge 2,{},stale\r\n", one.label, one.truth, shown.text);
    assert!(export::ledger(&all(lab)).contains(&line), "{line}");
}

#[test]
fn the_one_fault_is_found_for_a_cell_of_an_edge_too() {
    let mut recording = Recording::of(preset("edges"));
    let mut history = played(&recording.scenario);
    history.seek_time(Micros::from_secs(5));
    let hand = Hand::Node { which: Node::Edge(EdgeId(2)), act: NodeAct::Crash { lasts: Micros::from_secs(6) } };
    history.change_here(Change::Hand(hand));
    recording.changes = history.changes().to_vec();
    assert!(history.run_to_end(5_000_000));
    let moment = Micros::from_secs(9);
    history.seek_time(moment);
    let old = stories(&history, edge(2), Freshness::Stale, Freshness::Fresh);
    let mut found = 0;
    // The oldest orders had time enough to come there without the crash.
    for one in old.iter().rev().take(6) {
        let mut search = Counterfactual::new(&history, &recording, one.spot, moment).expect("it is not right");
        while search.advance(10_000) {}
        match search.proof().outcome {
            Outcome::Right(what) => {
                assert_eq!(what, "what a hand did at 5.00 s");
                found += 1;
            }
            // Without the crash some are as old for another while.
            Outcome::None => {}
            other => panic!("what was stale is no better for being stale: {other:?}"),
        }
    }
    assert!(found > 0);
}

#[test]
fn two_runs_that_differ_only_at_edges_differ_only_there() {
    let near = preset("edges");
    let mut far = near.clone();
    // No client tells the difference: they ask all the same.
    far.options.queries.edges.as_mut().expect("there are edges").copy_delay =
        Distribution::Constant { value: Micros::from_secs(2) };
    let (a, b) = (at(&near, 8), at(&far, 8));
    let query = LedgerQuery { differences_only: true, limit: usize::MAX, ..LedgerQuery::default() };
    let found = twin_ledger(a.machine(), b.machine(), &query);
    assert!(found.differing > 10 && found.differing == found.rows.len(), "{}", found.differing);
    for row in &found.rows {
        assert!(matches!(row.spot.holder, Holder::Edge(_)), "{row:?}");
        let held = |history: &History<Lab>| row.spot.shown(history.machine()).expect("every edge has a copy");
        assert_ne!(held(&a), held(&b));
        let shown = |side: &Option<TwinSide>| side.as_ref().map(|side| side.shown.clone());
        assert_eq!((shown(&row.values.a), shown(&row.values.b)), (Some(held(&a)), Some(held(&b))));
    }
    // None is left out.
    let spots = all(a.machine()).rows.into_iter().flat_map(|row| {
        row.others.into_iter().map(move |(holder, shown)| (Spot { cell: row.cell, holder }, shown)).collect::<Vec<_>>()
    });
    let differing = spots.filter(|(spot, shown)| spot.shown(b.machine()).as_ref() != Some(shown)).count();
    assert_eq!(found.differing, differing);
}

/// The "names" preset with two edges, in which the customer takes two other names and the first is overtaken by the second.
fn overtaken_name_at_edges(sequencing: Sequencing) -> History<Lab> {
    let mut scenario = preset("names");
    let script = &mut scenario.options.workload.script;
    let first = script.iter().find(|line| line.to == CustomerId(1).into()).expect("she takes another name").clone();
    let name = "Ann Brown".to_owned();
    script.push(Scripted { at: first.at + Micros::from_millis(100), act: Act::RenameCustomer { name }, ..first });
    scenario.options.projections.order_view.sequencing = sequencing;
    scenario.options.queries.edges = Some(Edges { count: 2, ..Edges::default() });
    let subject = Subject { of: CustomerId(1).into(), n: 2 };
    let (purpose, hop) = (Purpose::Overtake, Reader::Projection(Model::OrderView).into());
    scenario.overrides = vec![Override { purpose, hop, subject, attempt: 1, fate: Fate::Happens }];
    at_the_end(&scenario)
}

#[test]
fn a_name_in_a_copy_is_wrong_where_it_is_wrong_in_the_model_that_it_copies() {
    let stands = |history: &History<Lab>| {
        let (lab, of) = (history.machine(), OrderId(1).into());
        let here = lab.watch(Reader::Projection(Model::OrderView)).judged(of);
        for number in [1, 2] {
            let copy = row_at(lab, Keeper::Edge(EdgeId(number)), Model::OrderView, of).expect("it has a copy").1;
            assert_eq!(copy, here, "nothing is under way at the end, so a copy stands as what it copies");
        }
        [here.0[4], here.0[5]]
    };
    let right = overtaken_name_at_edges(Sequencing::SourceWatermarks);
    assert_eq!(stands(&right), [Freshness::Fresh; 2]);
    let wrong = overtaken_name_at_edges(Sequencing::None);
    assert_eq!(stands(&wrong), [Freshness::Wrong, Freshness::Fresh], "the name before the last, for ever");
}

#[test]
fn a_name_that_a_copy_has_not_got_yet_is_old_and_not_wrong() {
    let mut scenario = preset("names");
    scenario.options.queries.edges = Some(Edges { count: 1, ..Edges::default() });
    scenario.options.network.cuts = vec![Cut {
        from: Node::Origin,
        to: Node::Edge(EdgeId(1)),
        at: Micros::from_millis(4_500),
        lasts: Micros::from_secs(60),
    }];
    let history = at(&scenario, 9);
    let (_, copy) =
        row_at(history.machine(), Keeper::Edge(EdgeId(1)), Model::OrderView, OrderId(1).into()).expect("it has a copy");
    assert_eq!(copy.0[4..6], [Freshness::Stale; 2], "the names before: true where the copy stands");
}
