//! What a person does to a session, without a browser.

use sim::kernel::time::Micros;
use sim::scenario::counterfactual::Outcome;
use sim::shop::ids::OrderId;
use sim::system::options::{Idempotency, Options};
use sim::system::place::Model;
use sim::view::grasp::Deed;
use sim::view::ledger::{Cell, OrderField};

use super::{Intent, Session};
use crate::story::script::{Scene, scene};

pub(super) fn opened(slug: &str) -> Session {
    let recording = Session::preset(slug).expect("it comes with the page");
    Session::resumed(recording.scenario.clone(), recording, Micros::ZERO)
}

pub(super) fn first_minute() -> Session {
    opened("first-minute")
}

pub(super) fn seconds(n: u64) -> Micros {
    Micros::from_secs(n)
}

fn scene_of(session: &Session) -> Scene {
    scene(&session.situation().expect("it is the first minute"))
}

fn with_loss(session: &Session) -> Intent {
    let mut options = session.options().clone();
    options.projections.order_view.delivery.loss = sim::kernel::probability::Probability::from_percent(50);
    Intent::Edit(Box::new(options))
}

#[test]
fn the_first_minute_goes_as_it_is_told() {
    let mut session = first_minute();
    session.apply(Intent::SeekTime(seconds(5)));
    assert_eq!(scene_of(&session), Scene::Calm);
    session.apply(Intent::DeliverTwice(Model::SalesDashboard));
    let Scene::Split(event) = scene_of(&session) else { panic!("the next delivery splits") };
    session.apply(Intent::SeekTime(seconds(12)));
    let Scene::Wrong(words) = scene_of(&session) else { panic!("the dashboard is wrong") };
    assert!(words.contains(&format!("counted twice: second delivery of {event} was applied")), "{words}");
    session.apply(Intent::Remember(Model::SalesDashboard));
    let Scene::Protected { doubled_at } = scene_of(&session) else { panic!("it remembers from now on") };
    session.apply(Intent::ReplayNear(doubled_at));
    assert_eq!(scene_of(&session), Scene::Again(event.clone()));
    session.apply(Intent::SeekTime(seconds(12)));
    assert_eq!(scene_of(&session), Scene::Cured(event));
}

#[test]
fn undo_and_redo_go_through_every_change() {
    let mut session = first_minute();
    session.apply(Intent::SeekTime(seconds(3)));
    let before = session.run().recording().clone();
    session.apply(with_loss(&session));
    let after = session.run().recording().clone();
    assert_ne!(before, after);
    session.apply(Intent::Undo);
    assert_eq!((session.run().recording(), session.run().clock()), (&before, seconds(3)));
    session.apply(Intent::Redo);
    assert_eq!(session.run().recording(), &after);
    assert_eq!(session.can_undo_redo(), (true, false));
}

#[test]
fn branches_outlive_a_look_at_another_scenario() {
    let mut session = first_minute();
    session.apply(Intent::SeekTime(seconds(9)));
    session.apply(with_loss(&session));
    session.apply(Intent::SeekTime(seconds(4)));
    session.apply(Intent::DeliverTwice(Model::SalesDashboard));
    let branches = session.branches().names();
    assert_eq!(branches.len(), 2);
    session.apply(Intent::OpenPreset("scenario-b"));
    assert_eq!(session.branches().names().len(), 1);
    session.apply(Intent::Undo);
    assert_eq!((session.branches().names(), session.slug()), (branches, None));
    session.apply(Intent::Branch(0));
    assert_eq!(session.run().clock(), seconds(4), "a branch is where one left it");
    session.apply(Intent::Redo);
    assert_eq!((session.branches().names().len(), session.slug()), (1, Some("scenario-b")));
    session.apply(Intent::Undo);
    assert_eq!(session.branches().names().len(), 2);
}

#[test]
fn acting_in_the_past_forks_and_keeps_the_old_branch() {
    let mut session = first_minute();
    session.apply(Intent::SeekTime(seconds(10)));
    let old = session.run().recording().clone();
    session.apply(Intent::SeekTime(seconds(4)));
    session.apply(with_loss(&session));
    assert_eq!(session.branches().names(), [("main".to_owned(), false), ("from 4.00 s".to_owned(), true)]);
    session.apply(Intent::Branch(0));
    assert_eq!(session.run().recording(), &old);
    assert_eq!(session.branches().names()[0], ("main".to_owned(), true));
}

#[test]
fn acting_at_the_latest_moment_does_not_fork() {
    let mut session = first_minute();
    session.apply(Intent::SeekTime(seconds(4)));
    session.apply(with_loss(&session));
    assert_eq!(session.branches().names().len(), 1);
}

#[test]
fn turning_a_dial_twice_at_one_moment_is_one_change_of_the_recording() {
    let mut session = first_minute();
    session.apply(Intent::SeekTime(seconds(4)));
    for percent in [10, 20, 30] {
        let mut options = session.options().clone();
        options.projections.order_view.delivery.loss = sim::kernel::probability::Probability::from_percent(percent);
        session.apply(Intent::Edit(Box::new(options.clone())));
        assert_eq!(session.options(), &options);
        assert_eq!(session.run().clock(), seconds(4));
    }
    assert_eq!(session.run().recording().changes.len(), 1);
}

#[test]
fn replay_takes_over_the_options_and_the_replaced_fates() {
    let mut session = first_minute();
    session.apply(Intent::SeekTime(seconds(5)));
    session.apply(Intent::DeliverTwice(Model::SalesDashboard));
    session.apply(Intent::Remember(Model::SalesDashboard));
    session.apply(Intent::Replay);
    let recording = session.run().recording();
    assert!(recording.changes.is_empty());
    assert_eq!(recording.scenario.overrides.len(), 1);
    assert_eq!(recording.scenario.options.projections.sales_dashboard.idempotency, Idempotency::ProcessedEvents);
    session.apply(Intent::Reset);
    assert_eq!(session.run().recording(), &Session::preset("first-minute").expect("it comes with the page"));
}

#[test]
fn options_of_a_replay_hold_from_the_start() {
    let mut session = first_minute();
    session.apply(Intent::SeekTime(seconds(2)));
    let mut options: Options = session.options().clone();
    options.broker.partitions = 4;
    session.apply(Intent::Edit(Box::new(options)));
    assert_eq!(session.options().broker.partitions, 4, "the bench shows what was asked for");
    session.apply(Intent::Replay);
    assert_eq!(session.run().lab().world().options().broker.partitions, 4);
}

#[test]
fn the_run_without_the_fault_is_shown_beside_the_one_with_it() {
    let mut session = opened("scenario-b");
    session.frame(0);
    session.apply(Intent::Last);
    let cell = Cell::Order(OrderId(900), OrderField::Quantity);
    session.prove(Some(cell.into()));
    while session.proof().is_some_and(|proof| proof.outcome == Outcome::Searching) {
        session.frame(0);
    }
    let right = Outcome::Right("the crash of order-view projector 1 at 2.00 s".to_owned());
    assert_eq!(session.proof().map(|proof| proof.outcome), Some(right));
    session.apply(Intent::WithoutFault);
    assert_eq!(cell.shown(session.run().lab()).text, "2");
    assert_eq!(session.branches().names().len(), 2);
    assert_eq!(session.proof(), None, "what was proved was proved of another run");
    session.apply(Intent::Undo);
    assert_eq!(cell.shown(session.run().lab()).text, "4");
}

#[test]
fn another_scenario_acts_where_it_can_and_is_one_change_to_take_back() {
    let mut session = first_minute();
    session.apply(Intent::SeekTime(seconds(2)));
    let mut scenario = session.run().recording().scenario.clone();
    scenario.name = "Another name".to_owned();
    scenario.options.workload.orders += 1;
    assert!(session.apply(Intent::Rewrite(Box::new(scenario.clone()))).recording);
    assert_eq!(session.run().recording().scenario.name, "Another name");
    assert_eq!(session.options(), &scenario.options);
    assert_eq!(session.run().clock(), seconds(2), "the same run goes on");
    session.apply(Intent::Undo);
    assert_ne!(session.run().recording().scenario.name, "Another name");
    assert_ne!(session.options(), &scenario.options);
    assert!(!session.apply(Intent::Undo).recording, "it was one change");

    scenario.seed += 1;
    session.apply(Intent::Rewrite(Box::new(scenario)));
    assert_eq!(session.run().clock(), Micros::ZERO, "other chances are another run");
}

#[test]
fn what_a_run_is_laid_out_for_waits_for_the_replay() {
    let mut session = first_minute();
    session.apply(Intent::SeekTime(seconds(2)));
    let mut options = session.options().clone();
    options.broker.partitions += 1;
    options.workload.orders += 1;
    session.apply(Intent::Edit(Box::new(options)));
    assert_eq!(session.waiting(), ["options.broker.partitions"]);
    session.apply(Intent::Replay);
    assert!(session.waiting().is_empty());
}

#[test]
fn the_address_names_the_scenario_that_came_with_the_page() {
    let mut session = first_minute();
    session.apply(Intent::OpenPreset("scenario-b"));
    assert_eq!(session.slug(), Some("scenario-b"));
    let recording = session.run().recording().clone();
    session.apply(Intent::Open(Box::new(recording)));
    assert_eq!(session.slug(), None);
    session.apply(Intent::Undo);
    assert_eq!(session.slug(), Some("scenario-b"));
}

#[test]
fn what_hands_do_at_one_moment_is_taken_back_at_once() {
    use sim::system::hands::{Hand, LinkAct};
    use sim::system::node::Node;
    use sim::system::place::Service;
    let mut session = first_minute();
    session.apply(Intent::SeekTime(seconds(4)));
    let before = session.run().recording().clone();
    let (here, there) = (Node::Service(Service::Orders), Node::Broker);
    let cut = |from, to| Hand::Link { from, to, act: LinkAct::Cut { lasts: seconds(2) } };
    session.apply(Intent::Do(Deed::Hands(vec![cut(here, there), cut(there, here)])));
    assert_eq!(session.run().recording().changes.len(), 2);
    assert_eq!(session.run().clock(), seconds(4));
    session.apply(Intent::Undo);
    assert_eq!(session.run().recording(), &before);
}

#[test]
fn a_node_is_slowed_down_and_the_recording_says_so() {
    let mut session = first_minute();
    session.apply(Intent::SeekTime(seconds(4)));
    let node: sim::system::node::Node = "order_view".parse().expect("a node");
    let before = session.options().projections.order_view.service.typical();
    session.apply(Intent::Do(Deed::Slow(node, 100)));
    assert_eq!(session.options().projections.order_view.service.typical().0, before.0 * 10);
}

#[test]
fn a_branch_is_renamed() {
    let mut session = first_minute();
    assert!(session.apply(Intent::NameBranch(0, "plain".to_owned())).recording);
    assert_eq!(session.branches().names(), [("plain".to_owned(), true)]);
}
