//! The one fault without which a cell would be right: claimed only when the run without it was played.

use sim::kernel::history::History;
use sim::oracle::lab::Lab;
use sim::scenario::counterfactual::{Counterfactual, Outcome};
use sim::scenario::presets::PRESETS;
use sim::scenario::recording::Recording;
use sim::shop::ids::OrderId;
use sim::view::ledger::{Cell, Freshness, OrderField};

fn played(recording: &Recording) -> History<Lab> {
    let mut history = History::new(&recording.scenario, recording.changes.clone());
    history.run_to_end(1_000_000);
    history.seek_step(u64::MAX);
    history
}

fn preset(slug: &str) -> Recording {
    let preset = PRESETS.iter().find(|preset| preset.slug == slug).expect("it comes with the page");
    Recording::from_json(preset.json).expect("presets can be read")
}

fn search(slug: &str, cell: Cell) -> (Counterfactual, History<Lab>) {
    let recording = preset(slug);
    let history = played(&recording);
    let at = history.time_known();
    let mut search = Counterfactual::new(&history, &recording, cell, at).expect("the cell is not right");
    // In small pieces, as a page does it.
    while search.advance(7) {}
    (search, history)
}

#[test]
fn in_scenario_b_the_cell_is_right_without_the_crash() {
    let cell = Cell::Order(OrderId(900), OrderField::Quantity);
    let (search, history) = search("scenario-b", cell);
    let Outcome::Right(what) = search.proof().outcome else { panic!("{:?}", search.proof()) };
    assert_eq!(what, "the crash of order-view projector 1 at 2.00 s");
    let (recording, at, name) = search.branch().expect("it was found");
    assert_eq!((at, name.as_str()), (history.time_known(), "without the crash of order-view projector 1 at 2.00 s"));
    let other = played(&recording);
    assert_eq!(cell.freshness(other.machine()), Freshness::Fresh);
    assert_eq!(cell.shown(other.machine()).text, "2");
}

#[test]
fn in_scenario_c_it_is_the_slow_delivery() {
    let cell = Cell::Order(OrderId(900), OrderField::Status);
    let (search, _) = search("scenario-c", cell);
    let (recording, ..) = search.branch().expect("it was found");
    assert_eq!(cell.shown(played(&recording).machine()).text, "delivered");
}

#[test]
fn a_cell_that_is_right_needs_no_search() {
    let recording = preset("scenario-b");
    let history = played(&recording);
    let cell = Cell::Order(OrderId(900), OrderField::Customer);
    assert!(Counterfactual::new(&history, &recording, cell, history.time_known()).is_none());
}
