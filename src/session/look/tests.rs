//! What is read of a moment: what moves, the ledger, the log and what broke.

use sim::kernel::distribution::Distribution;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::scenario::recording::Recording;
use sim::view::ledger::{LedgerQuery, Sort};
use sim::view::stage::SparkKind;
use sim::view::verdict::VerdictStatus;

use crate::intent::Intent;
use crate::session::tests::{opened, seconds};
use crate::session::twin::Side;
use crate::session::{Asked, Session};

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
