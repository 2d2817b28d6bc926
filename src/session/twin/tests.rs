//! Twins: what makes one, what is done to both, and what takes one away.

use sim::scenario::machine::Change;
use sim::system::options::{Idempotency, Options};
use sim::system::place::{Model, Place};
use sim::system::trace::What;
use sim::view::grasp::Thing;
use sim::view::verdict::VerdictStatus;
use sim::view::verdicts::verdicts;

use super::{Micros, Session, Side, TwinAct};
use crate::intent::Intent;
use crate::session::Asked;
use crate::session::tests::opened;

fn remembering(options: &Options) -> Box<Options> {
    let mut options = options.clone();
    options.projections.order_view.idempotency = Idempotency::ProcessedEvents;
    Box::new(options)
}

/// Scenario B beside a twin that remembers processed events.
fn twins() -> Session {
    let mut session = opened("scenario-b");
    let options = remembering(session.options());
    assert!(session.apply(Intent::Twin(TwinAct::Wanted(options))).recording);
    session
}

fn exactly_once(session: &Session, side: Side) -> VerdictStatus {
    let all = verdicts(session.side(side).lab());
    all.iter().find(|one| one.name == "exactly_once_effect").expect("every run judges it").status
}

#[test]
fn the_same_traffic_breaks_one_design_and_not_the_other() {
    let mut session = twins();
    session.apply(Intent::Last);
    assert_eq!(
        [Side::A, Side::B].map(|side| exactly_once(&session, side)),
        [VerdictStatus::Broken, VerdictStatus::Holds]
    );
    let sent = |side| {
        let trace = session.side(side).history().trace();
        trace.iter().filter(|entry| matches!(entry.what, What::CommandSent { .. })).count()
    };
    assert_eq!(sent(Side::A), sent(Side::B));
}

#[test]
fn one_clock_drives_both() {
    let mut session = twins();
    session.apply(Intent::SeekTime(Micros::from_millis(1_234)));
    assert_eq!([Side::A, Side::B].map(|side| session.side(side).clock()), [Micros::from_millis(1_234); 2]);
    session.apply(Intent::TogglePlay);
    session.apply(Intent::TogglePlay);
    session.frame(16_000);
    assert_eq!([Side::A, Side::B].map(|side| session.side(side).clock()), [Micros::from_millis(1_250); 2]);
    session.apply(Intent::Speed(crate::speed::Speed::MAX));
    session.frame(16_000);
    assert!(session.is_over());
}

#[test]
fn steps_go_to_the_next_event_of_either_and_back_the_same_way() {
    let mut session = twins();
    session.apply(Intent::First);
    assert_eq!(session.steps(), (0, Some(0)), "the first command is sent at no time");
    let mut forth = vec![session.steps()];
    let mut clock = Micros::ZERO;
    loop {
        session.apply(Intent::StepForward);
        if forth.last() == Some(&session.steps()) {
            break;
        }
        assert!(session.clock() >= clock, "time does not go back");
        clock = session.clock();
        forth.push(session.steps());
    }
    let known = |side| session.side(side).history().steps_known();
    assert_eq!(forth.last(), Some(&(known(Side::A), Some(known(Side::B)))), "both ends are reached");
    for _ in 0..forth.len() {
        session.apply(Intent::StepBack);
    }
    assert_eq!(session.steps(), (0, Some(0)));
}

#[test]
fn marks_of_either_are_reached_and_left_behind() {
    let mut session = twins();
    session.apply(Intent::First);
    let mut moments = Vec::new();
    for _ in 0..8 {
        session.apply(Intent::NextMark);
        moments.push(session.clock());
    }
    moments.dedup();
    assert!(moments.len() >= 2 && moments.is_sorted());
    for before in moments.iter().rev().skip(1) {
        session.apply(Intent::PreviousMark);
        assert_eq!(session.clock(), *before);
    }
}

#[test]
fn what_is_done_to_the_run_is_done_to_its_twin() {
    let mut session = opened("first-minute");
    session.apply(Intent::SeekTime(Micros::from_secs(4)));
    let mut options = session.options().clone();
    options.projections.sales_dashboard.idempotency = Idempotency::ProcessedEvents;
    session.apply(Intent::Twin(TwinAct::Wanted(Box::new(options))));
    session.apply(Intent::DeliverTwice(Model::SalesDashboard));
    session.apply(Intent::SeekTime(Micros::from_secs(12)));
    let doubled = |side| {
        let trace = session.side(side).history().trace();
        trace
            .iter()
            .filter(|entry| matches!(entry.what, What::DeliveryDoubled(_)))
            .map(|one| one.at)
            .collect::<Vec<_>>()
    };
    assert_eq!(doubled(Side::A).len(), 1);
    assert_eq!(doubled(Side::A), doubled(Side::B));
    assert_eq!(
        [Side::A, Side::B].map(|side| exactly_once(&session, side)),
        [VerdictStatus::Broken, VerdictStatus::Holds]
    );
    // A twin that is made afterwards is the same as one that was there.
    let there = session.side(Side::B).recording().changes.clone();
    session.derive_twin();
    let derived = &session.side(Side::B).recording().changes;
    let overrides = |changes: &[sim::kernel::history::Timed<Change>]| {
        changes.iter().map(|timed| (timed.at, timed.change.clone())).collect::<Vec<_>>()
    };
    assert_eq!(overrides(derived), overrides(&there));
}

#[test]
fn the_bench_changes_the_run_that_is_edited() {
    let mut session = twins();
    session.apply(Intent::SeekTime(Micros::from_secs(1)));
    assert_eq!(session.edited(), Side::B);
    let mut options = session.shown_options().clone();
    options.broker.partitions = 2;
    session.apply(Intent::Edit(Box::new(options)));
    assert_eq!(session.twin().expect("it is there").plan().differences.len(), 2);
    assert_eq!(session.options(), &session.run().recording().scenario.options, "the run stays as it was");
    assert_eq!(session.side(Side::B).lab().world().options().broker.partitions, 2, "from the beginning");
    session.apply(Intent::Twin(TwinAct::Edit(Side::A)));
    let mut options = session.shown_options().clone();
    options.projections.order_view.batch = 3;
    session.apply(Intent::Edit(Box::new(options)));
    let batch = |side| session.side(side).options().projections.order_view.batch;
    assert_eq!((batch(Side::A), batch(Side::B)), (3, 3));
    let mut options = session.options().clone();
    options.workload.think = sim::kernel::distribution::Distribution::constant_millis(77);
    session.apply(Intent::Twin(TwinAct::Edit(Side::B)));
    options.projections = session.shown_options().projections.clone();
    options.broker = session.shown_options().broker.clone();
    session.apply(Intent::Edit(Box::new(options)));
    assert_eq!(session.twin().expect("it is there").plan().differences.len(), 2, "traffic is no difference");
    assert_eq!(session.options().workload, session.shown_options().workload);
}

#[test]
fn twins_are_swapped_kept_closed_and_all_of_it_taken_back() {
    let mut session = twins();
    session.apply(Intent::SeekTime(Micros::from_secs(2)));
    let (a, b) = (session.side(Side::A).recording().clone(), session.side(Side::B).recording().clone());
    session.apply(Intent::Twin(TwinAct::Swap));
    assert_eq!((session.side(Side::A).recording(), session.side(Side::B).recording()), (&b, &a));
    session.apply(Intent::Undo);
    assert_eq!((session.side(Side::A).recording(), session.side(Side::B).recording()), (&a, &b));
    session.apply(Intent::Twin(TwinAct::Keep));
    assert_eq!((session.run().recording(), session.twin().is_none()), (&b, true));
    session.apply(Intent::Undo);
    session.apply(Intent::Twin(TwinAct::Close));
    assert!(session.twin().is_none());
    session.apply(Intent::Undo);
    assert_eq!(session.side(Side::B).recording(), &b);
    session.apply(Intent::Undo);
    assert!(session.twin().is_none(), "before the first difference there was one run");
    session.apply(Intent::Redo);
    let plan = session.twin().expect("it is back").plan().clone();
    let paths: Vec<String> = plan.differences.iter().map(|one| one.path.clone()).collect();
    session.apply(Intent::Twin(TwinAct::Drop(paths)));
    assert_eq!(session.side(Side::B).recording(), session.side(Side::A).recording());
    let kept = opened("scenario-b").with_twin(Some(plan));
    assert_eq!(kept.side(Side::B).recording(), &b);
}

#[test]
fn a_hand_on_a_part_that_only_the_twin_has_acts_there() {
    let mut session = opened("scenario-b");
    let mut options = session.options().clone();
    options.projections.order_view.instances = 2;
    session.apply(Intent::Twin(TwinAct::Wanted(Box::new(options))));
    session.apply(Intent::SeekTime(Micros::from_millis(100)));
    let thing = Thing::Place(Place::Projector(Model::OrderView, 1));
    let asked = Asked { thing: Some((thing, Micros::from_secs(1))), ..Asked::default() };
    let held = |session: &Session| session.snapshot(&asked).grasp.expect("the twin has it");
    let (grasp, b) = (held(&session), session.side(Side::B).recording().clone());
    let mut acts = 0;
    for offer in &grasp.offers {
        session.apply(Intent::Do(offer.deed.clone()));
        acts += usize::from(held(&session).facts != grasp.facts);
        assert_ne!(session.side(Side::B).recording(), &b, "{}", offer.label);
        session.apply(Intent::Last);
        session.apply(Intent::Undo);
        assert_eq!(session.side(Side::B).recording(), &b, "{}", offer.label);
    }
    assert!(acts > 0, "what is done is seen in the part");
}

#[test]
fn another_scenario_has_no_twin_and_a_replay_keeps_it() {
    let mut session = twins();
    session.apply(Intent::Replay);
    assert!(session.twin().is_some());
    session.apply(Intent::Reset);
    assert!(session.twin().is_some());
    session.apply(Intent::OpenPreset("scenario-c"));
    assert!(session.twin().is_none());
}
