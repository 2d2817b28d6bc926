//! What a person does to a session, without a browser.

use sim::kernel::distribution::Distribution;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::scenario::counterfactual::Outcome;
use sim::scenario::recording::Recording;
use sim::shop::ids::OrderId;
use sim::system::options::{Idempotency, Options};
use sim::system::place::Model;
use sim::view::grasp::Deed;
use sim::view::ledger::{Cell, LedgerQuery, OrderField, Sort};
use sim::view::stage::SparkKind;
use sim::view::verdict::VerdictStatus;
use sim::view::verdicts::verdicts;

use super::twin::Side;
use super::{Asked, Intent, Session};
use crate::story::script::{Scene, scene};

fn opened(slug: &str) -> Session {
    let recording = Session::preset(slug).expect("it comes with the page");
    Session::resumed(recording.scenario.clone(), recording, Micros::ZERO)
}

fn first_minute() -> Session {
    opened("first-minute")
}

fn seconds(n: u64) -> Micros {
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
fn frames_move_the_clock_by_the_speed() {
    let mut session = first_minute();
    for _ in 0..60 {
        session.frame(16_000);
    }
    assert_eq!(session.run().clock(), Micros::from_millis(960));
    session.apply(Intent::Speed(crate::speed::Speed::ALL[3]));
    session.frame(100_000);
    assert_eq!(session.run().clock(), Micros::from_millis(985));
}

#[test]
fn sparks_that_are_read_on_frame_by_frame_are_those_of_the_moment() {
    let mut session = opened("scenario-a");
    let (mut last, mut seen) = (session.moving(Side::A, None), 0);
    for _ in 0..400 {
        session.frame(16_000);
        let anew = session.moving(Side::A, None);
        last = session.moving(Side::A, Some(&last));
        assert_eq!(last.sparks, anew.sparks, "at {}", session.clock());
        seen += last.sparks.len();
    }
    assert!(seen > 400, "there is something to see: {seen}");
}

#[test]
fn in_a_flood_only_what_is_out_of_the_ordinary_sparks() {
    let mut scenario = opened("scenario-a").given().clone();
    let delivery = &mut scenario.options.projections.order_view.delivery;
    (delivery.duplicate, delivery.delay) = (Probability::from_percent(20), Distribution::constant_millis(3_000));
    let mut session = Session::resumed(scenario.clone(), Recording::of(scenario), Micros::ZERO);
    session.apply(Intent::SeekTime(seconds(20)));
    session.apply(Intent::TogglePlay);
    session.apply(Intent::TogglePlay);
    let mut last = session.moving(Side::A, None);
    for frame in 1..60 {
        session.frame(16_000);
        // The flights are counted anew now and then only.
        last = session.moving(Side::A, Some(&last).filter(|_| frame % 12 != 0));
        assert!(last.flights.len() > 400, "a flood: {}", last.flights.len());
        assert!(!last.sparks.is_empty() && last.sparks.iter().all(|spark| spark.kind != SparkKind::Applied));
        assert_eq!(last.sparks, session.moving(Side::A, None).sparks, "at {}", session.clock());
    }
}

#[test]
fn a_run_ends_at_its_end() {
    let mut session = first_minute();
    session.apply(Intent::Last);
    while !session.run().history().is_complete() {
        session.frame(16_000);
    }
    assert!(session.run().is_over());
    session.apply(Intent::TogglePlay);
    assert_eq!(session.run().clock(), Micros::ZERO, "playing on from the end starts over");
}

#[test]
fn who_wants_the_end_comes_there_as_soon_as_it_is_known_and_stays_where_they_want_something_else() {
    let mut session = opened("alerts");
    let last = |session: &mut Session| {
        session.apply(Intent::Last);
        session.frame(16_000);
        assert!(!session.is_complete() && !session.is_playing());
        assert_eq!(session.clock(), session.time_known(), "on the way");
    };
    last(&mut session);
    session.apply(Intent::Pause);
    let clock = session.clock();
    session.frame(16_000);
    assert!(session.clock() == clock && session.time_known() > clock, "who halts stays");
    last(&mut session);
    while session.is_moving() {
        session.frame(16_000);
    }
    assert!(session.is_over());
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
fn steps_and_marks_lead_both_ways() {
    let mut session = opened("scenario-b");
    session.frame(0);
    session.apply(Intent::NextMark);
    let crash = session.run().history().step();
    session.apply(Intent::NextMark);
    let broken = session.run().history().step();
    assert!(broken > crash);
    session.apply(Intent::PreviousMark);
    assert_eq!(session.run().history().step(), crash);
    session.apply(Intent::StepBack);
    assert_eq!(session.run().history().step(), crash - 1);
    session.apply(Intent::First);
    assert_eq!((session.run().history().step(), session.run().clock()), (0, Micros::ZERO));
}

#[test]
fn marks_lead_to_where_a_verdict_changes_though_nothing_is_broken_there() {
    let mut session = opened("scenario-c");
    session.frame(0);
    let at_risk = session.facts().timeline.turned[0].clone();
    assert_eq!((at_risk.to, at_risk.mark.text.as_str()), (VerdictStatus::AtRisk, "Order view is at risk"));
    let status = |session: &Session| {
        let verdicts = verdicts(session.run().lab());
        verdicts.iter().find(|verdict| verdict.name == "order_view_equals_truth").map(|verdict| verdict.status)
    };
    session.apply(Intent::SeekStep(at_risk.mark.step - 1));
    assert_eq!(status(&session), Some(VerdictStatus::Holds));
    session.apply(Intent::NextMark);
    assert_eq!((session.run().history().step(), status(&session)), (at_risk.mark.step, Some(VerdictStatus::AtRisk)));
    session.apply(Intent::StepForward);
    session.apply(Intent::PreviousMark);
    assert_eq!(session.run().history().step(), at_risk.mark.step);
}

#[test]
fn a_snapshot_says_what_is_wrong_at_the_end_of_scenario_b() {
    let mut session = opened("scenario-b");
    session.frame(0);
    session.apply(Intent::Last);
    let query = LedgerQuery { differences_only: true, limit: 60, ..LedgerQuery::default() };
    let snapshot =
        session.snapshot(&Asked { query, spot: None, steps: 12, spacetime: true, thing: None, ..Asked::default() });
    assert!(snapshot.verdicts.iter().any(|verdict| verdict.status == VerdictStatus::Broken));
    assert!(snapshot.ledger.rows.iter().any(|row| row.truth == "2"));
    assert!(!snapshot.log.lines.is_empty());
}

#[test]
fn while_a_moment_is_dragged_only_the_lines_in_sight_are_told() {
    let mut session = opened("scenario-b");
    session.frame(0);
    session.apply(Intent::Last);
    session.apply(Intent::Pause);
    let told = |passing| session.snapshot(&Asked { passing, ..Asked::default() }).log;
    let (rest, dragged) = (told(false), told(true));
    assert!(dragged.lines.len() < rest.lines.len() && rest.lines.ends_with(&dragged.lines));
    assert_eq!(rest.earlier + rest.lines.len(), dragged.earlier + dragged.lines.len());
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
fn the_windows_of_the_ledger_are_pieces_of_the_whole() {
    let mut session = opened("read-models");
    session.apply(Intent::Last);
    for sort in [Sort::Worst, Sort::Name, Sort::Truth] {
        let query = |from, limit| LedgerQuery { sort, from, limit, ..LedgerQuery::default() };
        let seen = |from, limit| {
            let asked = Asked {
                query: query(from, limit),
                spot: None,
                steps: 12,
                spacetime: false,
                thing: None,
                ..Asked::default()
            };
            session.snapshot(&asked).ledger
        };
        let whole = seen(0, usize::MAX);
        assert_eq!((whole.before, whole.total), (0, whole.rows.len()));
        for from in [0, 3, 4, 40, 101] {
            let window = seen(from, 30);
            // As many as were asked for, or as there are, and the rest of the last row.
            let there = 30.min(whole.rows.len().saturating_sub(from));
            let (before, len) = (window.before, window.rows.len());
            assert!(
                before <= from && len >= there && len < 60,
                "{len} from {before}, asked from {from}, of {}",
                whole.total
            );
            assert_eq!(window.rows[..], whole.rows[window.before..window.before + window.rows.len()]);
            assert_eq!(window.total, whole.total);
        }
    }
}

#[test]
fn the_ledger_is_found_by_name_and_by_value_and_saved_as_a_table() {
    let mut session = opened("scenario-b");
    session.frame(0);
    session.apply(Intent::Last);
    let query = |search: &str| LedgerQuery { search: search.to_owned(), ..LedgerQuery::default() };
    let table = session.ledger_csv(&query("$199.96"));
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "cell,truth,copy,shows,stands");
    assert!(lines.contains(&"O-900 total,$99.98,order view,$199.96,wrong"), "{table}");
    assert_eq!(session.ledger_csv(&query("o-900 total")).lines().count(), 1, "a name alone finds whole orders");
    assert_eq!(session.ledger_csv(&query("o-900")).lines().count(), 5);
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
fn a_promise_tells_each_time_it_was_broken_up_to_the_moment() {
    let mut session = opened("scenario-b");
    session.frame(0);
    session.apply(Intent::First);
    assert!(session.breaches("exactly_once_effect", 6).is_empty());
    session.apply(Intent::Last);
    let broken = session.breaches("exactly_once_effect", 6);
    assert_eq!(broken.len(), 1);
    assert!(session.breaches("no_oversell", 6).is_empty());
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
