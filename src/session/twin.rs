//! The twin: a second run of the same traffic with the same chances and the same faults, some options of which differ. It
//! is always derived from the first, so whatever is done to the run is done to the twin, too.

use serde::{Deserialize, Serialize};
use sim::kernel::time::Micros;
use sim::scenario::machine::Change;
use sim::scenario::recording::{Recording, Scenario};
use sim::system::options::Options;

use super::Session;
use super::difference::{Difference, between, patched, reversed, with_traffic_of};
use super::run::{Run, Take};

/// One of the two runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The run itself.
    #[default]
    A,
    /// Its twin.
    B,
}

impl Side {
    /// The letter that stands for it.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }
}

/// What makes a twin of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What it has otherwise, from its beginning.
    pub differences: Vec<Difference>,
    /// The run whose options the bench shows and changes.
    #[serde(default)]
    pub edited: Side,
}

/// What a person can want of twins.
#[derive(Clone, Debug, PartialEq)]
pub enum TwinAct {
    /// A twin with these options; what it has already is replaced.
    Wanted(Box<Options>),
    /// These differences less, by their paths.
    Drop(Vec<String>),
    /// The bench shows and changes the options of this run.
    Edit(Side),
    /// The twin becomes the run, and the run its twin.
    Swap,
    /// The twin becomes the run, and nothing is beside it.
    Keep,
    /// The run alone.
    Close,
}

/// The second run.
#[derive(Debug)]
pub struct Twin {
    plan: Plan,
    run: Run,
}

impl Twin {
    /// The twin of a run, at the same moment; `None` where the machine would not take its options.
    pub fn of(first: &Run, plan: Plan) -> Option<Self> {
        let recording = first.recording();
        let options = patched(&recording.scenario.options, &plan.differences)?;
        let scenario = Scenario { options, ..recording.scenario.clone() };
        let run = Run::of(Take { recording: Recording::of(scenario), at: Micros::ZERO });
        let mut twin = Self { plan, run };
        // The twin may need other steps to the same moment, so each change is made there at its time.
        for (timed, at) in recording.changes.iter().zip(first.change_times()) {
            twin.run.seek_time(at);
            twin.change(timed.change.clone());
        }
        twin.run.seek_time(first.clock());
        Some(twin)
    }

    /// The run.
    pub const fn run(&self) -> &Run {
        &self.run
    }

    /// The run, to be played.
    pub const fn run_mut(&mut self) -> &mut Run {
        &mut self.run
    }

    /// What makes it another run.
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Makes the same change as in the first run, but for what differs by plan.
    pub fn change(&mut self, change: Change) {
        let change = match change {
            // Options that the machine would not take together with the differences leave the twin as it is.
            Change::Options(options) => match patched(&options, &self.plan.differences) {
                Some(options) => Change::Options(Box::new(options)),
                None => return,
            },
            other => other,
        };
        self.run.change(change);
    }
}

impl Session {
    /// The twin, while there is one.
    pub fn twin(&self) -> Option<&Twin> {
        self.twin.as_deref()
    }

    /// The same session with a twin, such as one that was kept. A plan that fits this run no more is none.
    pub fn with_twin(mut self, plan: Option<Plan>) -> Self {
        self.twin = plan.and_then(|plan| Twin::of(&self.run, plan)).map(Box::new);
        self
    }

    /// The run of which the bench shows the options.
    pub fn edited(&self) -> Side {
        self.twin().map(|twin| twin.plan.edited).unwrap_or_default()
    }

    /// One of the two runs; the run itself while it is alone.
    pub fn side(&self, side: Side) -> &Run {
        match (side, self.twin()) {
            (Side::B, Some(twin)) => &twin.run,
            _ => &self.run,
        }
    }

    /// Makes the twin anew, because the run is another one.
    pub(super) fn derive_twin(&mut self) {
        let plan = self.twin.take().map(|twin| twin.plan);
        self.twin = plan.and_then(|plan| Twin::of(&self.run, plan)).map(Box::new);
    }

    /// What a person wants of twins. True when something came of it.
    pub(super) fn act_on_twin(&mut self, act: TwinAct) -> bool {
        match act {
            TwinAct::Wanted(options) => return self.want_twin(*options),
            TwinAct::Drop(paths) => return self.drop_differences(&paths),
            TwinAct::Edit(side) => {
                let Some(twin) = self.twin.as_mut().filter(|twin| twin.plan.edited != side) else { return false };
                twin.plan.edited = side;
            }
            TwinAct::Swap => return self.swap(),
            TwinAct::Keep => {
                if self.twin.is_none() {
                    return false;
                }
                self.remember();
                self.branches.named(self.run.take(), "twin".to_owned());
                if let Some(twin) = self.twin.take() {
                    *self.run = twin.run;
                }
            }
            TwinAct::Close => {
                if self.twin.is_none() {
                    return false;
                }
                self.remember();
                self.twin = None;
            }
        }
        true
    }

    /// A twin with these options from its beginning. What they say of the traffic holds for both runs, from now on.
    pub(super) fn want_twin(&mut self, wanted: Options) -> bool {
        let shared = with_traffic_of(self.options(), &wanted);
        let differences = between(&shared, &wanted);
        let same_traffic = shared == *self.options();
        if same_traffic && self.twin().is_some_and(|twin| twin.plan.differences == differences) {
            return false;
        }
        let plan = Plan { differences, edited: Side::B };
        let Some(twin) = Twin::of(&self.run, plan.clone()) else { return false };
        if same_traffic {
            self.remember();
            self.twin = Some(Box::new(twin));
        } else {
            self.change(Change::Options(Box::new(shared)));
            self.twin = Twin::of(&self.run, plan).map(Box::new);
        }
        true
    }

    fn drop_differences(&mut self, paths: &[String]) -> bool {
        let Some(twin) = self.twin() else { return false };
        let mut plan = twin.plan.clone();
        plan.differences.retain(|one| !paths.contains(&one.path));
        let Some(twin) = Twin::of(&self.run, plan) else { return false };
        self.remember();
        self.twin = Some(Box::new(twin));
        true
    }

    fn swap(&mut self) -> bool {
        let Some(twin) = self.twin() else { return false };
        let back = reversed(self.options(), &twin.plan.differences);
        self.remember();
        self.branches.named(self.run.take(), "twin".to_owned());
        if let Some(twin) = &mut self.twin {
            core::mem::swap(&mut *self.run, &mut twin.run);
            twin.plan.differences = back;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use sim::scenario::machine::Change;
    use sim::system::options::{Idempotency, Options};
    use sim::system::place::{Model, Place};
    use sim::system::trace::What;
    use sim::view::grasp::Thing;
    use sim::view::verdicts::{VerdictStatus, verdicts};

    use super::{Micros, Session, Side, TwinAct};
    use crate::intent::Intent;
    use crate::session::Asked;

    fn opened(slug: &str) -> Session {
        let recording = Session::preset(slug).expect("it comes with the page");
        Session::resumed(recording.scenario.clone(), recording, Micros::ZERO)
    }

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
}
