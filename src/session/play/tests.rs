//! One clock: frames, steps, marks and both ends.

use sim::kernel::time::Micros;
use sim::view::verdict::VerdictStatus;
use sim::view::verdicts::verdicts;

use crate::intent::Intent;
use crate::session::Session;
use crate::session::tests::{first_minute, opened};

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
        session.follow_end();
        assert!(!session.is_complete() && !session.is_playing());
        assert_eq!(session.clock(), session.time_known(), "on the way");
    };
    last(&mut session);
    session.apply(Intent::Pause);
    let clock = session.clock();
    session.frame(16_000);
    session.follow_end();
    assert!(session.clock() == clock && session.time_known() > clock, "who halts stays");
    last(&mut session);
    while session.is_moving() {
        session.frame(16_000);
    }
    assert!(session.is_over());
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
