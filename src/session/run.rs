//! One run that is being looked at: its recording, its history, and the moment.

use std::cell::RefCell;

use sim::kernel::history::{History, Timed};
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::oracle::standing::StandingChange;
use sim::scenario::machine::Change;
use sim::scenario::recording::{Recording, Scenario};
use sim::system::options::Options;
use sim::system::trace::{Entry, What};
use sim::view::log::{after, up_to};
use sim::view::moments::{Moments, Wanted};
use sim::view::timeline::{Marks, Timeline};

/// Steps that are worth one look at the clock of the wall when a run has to catch up with a moment at once.
const SLICE_STEPS: u64 = 4_096;
/// The most steps that one wish may wait for; a later moment is reached as the run goes on.
const WAIT_STEPS_MAX: u64 = 2_000_000;

/// A recording and where in it the person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Take {
    /// The recording.
    pub recording: Recording,
    /// The moment.
    pub at: Micros,
}

/// A run in play.
#[derive(Debug)]
pub struct Run {
    recording: Recording,
    history: History<Lab>,
    clock: Micros,
    /// The latest moment that was looked at: before it lies the past, of which somebody has seen what came after.
    seen: Micros,
    /// What was read of the known run for the transport, and is read on when more is known.
    marks: RefCell<Marks>,
    moments: RefCell<Moments>,
}

impl Run {
    /// Plays a take, from its moment.
    pub fn of(take: Take) -> Self {
        let Take { recording, at } = take;
        let history = History::new(&recording.scenario, recording.changes.clone());
        let (marks, moments) = (RefCell::default(), RefCell::default());
        let mut run = Self { recording, history, clock: Micros::ZERO, seen: at, marks, moments };
        run.seek_time(at);
        run
    }

    /// What would bring one back to here.
    pub fn take(&self) -> Take {
        Take { recording: self.recording.clone(), at: self.clock }
    }

    /// The recording up to now.
    pub const fn recording(&self) -> &Recording {
        &self.recording
    }

    /// The history that is looked at.
    pub const fn history(&self) -> &History<Lab> {
        &self.history
    }

    /// The lab at the moment.
    pub const fn lab(&self) -> &Lab {
        self.history.machine()
    }

    /// The moment.
    pub const fn clock(&self) -> Micros {
        self.clock
    }

    /// The options that were last asked for at or before the moment.
    pub fn options(&self) -> &Options {
        let past = self.recording.changes.iter().rev().filter(|timed| timed.after_step <= self.history.step());
        let mut wanted = past.filter_map(|timed| match &timed.change {
            Change::Options(options) => Some(&**options),
            Change::Override(_) | Change::ReplayParked(_) | Change::Hand(_) | Change::Send(_) | Change::Ask(_) => None,
        });
        wanted.next().unwrap_or(&self.recording.scenario.options)
    }

    /// The marks of what is known of the run, at most `bins` of each kind.
    pub fn marks(&self, bins: u64) -> Timeline {
        self.marks.borrow_mut().read_on(&self.history, bins).clone()
    }

    /// When something happened to what is wanted, as far as the run is known.
    pub fn moments_of(&self, wanted: Wanted) -> Vec<Micros> {
        self.moments.borrow_mut().read_on(&self.history, wanted).to_vec()
    }

    /// When each change of the recording was made.
    pub fn change_times(&self) -> Vec<Micros> {
        let steps: Vec<u64> = self.recording.changes.iter().map(|timed| timed.after_step).collect();
        let mut times = Vec::with_capacity(steps.len());
        self.history.visit(&steps, |_, lab| times.push(lab.world().now()));
        times.iter().zip(&self.recording.changes).map(|(now, timed)| timed.at.max(*now)).collect()
    }

    /// The step of the nearest fault, broken promise or change of a verdict after or before the moment.
    pub fn mark_beside(&self, forward: bool) -> Option<u64> {
        let (trace, now) = (self.history.trace(), self.history.step());
        let found = if forward {
            after(trace, now).iter().find(is_mark)
        } else {
            up_to(trace, now.saturating_sub(1)).iter().rev().find(is_mark)
        };
        let is_before = |change: &StandingChange| u64::from(change.step) < now + u64::from(forward);
        let turned = self.history.frontier().standings().beside(forward, is_before);
        let steps = [found.map(|entry| entry.step), turned.map(|change| change.step)];
        nearest(steps.map(|step| step.map(u64::from)), forward)
    }

    /// The time of the nearest fault, broken promise or change of a verdict after or before a moment.
    pub fn mark_time_beside(&self, moment: Micros, forward: bool) -> Option<Micros> {
        let trace = self.history.trace();
        let found = if forward {
            trace.part(trace.partition_point(|entry| entry.at <= moment)..).iter().find(is_mark)
        } else {
            trace.part(..trace.partition_point(|entry| entry.at < moment)).iter().rev().find(is_mark)
        };
        let is_before = |change: &StandingChange| change.at.0 < moment.0 + u64::from(forward);
        let turned = self.history.frontier().standings().beside(forward, is_before);
        nearest([found.map(|entry| entry.at), turned.map(|change| change.at)], forward)
    }

    /// Does the moment lie before one that was looked at?
    pub fn is_in_the_past(&self) -> bool {
        self.clock < self.seen
    }

    /// Is the moment the end of a run that is known to its end?
    pub fn is_over(&self) -> bool {
        self.history.is_complete() && self.clock >= self.history.time_known()
    }

    /// Lets the run become known by another stretch. True when something new is known.
    pub fn run_ahead(&mut self, steps: u64) -> bool {
        let before = (self.history.steps_known(), self.history.is_complete());
        self.history.run_ahead(steps);
        before != (self.history.steps_known(), self.history.is_complete())
    }

    /// Looks at a moment, or at the end of what is known.
    pub fn seek_time(&mut self, at: Micros) {
        let limit = self.history.steps_known() + WAIT_STEPS_MAX;
        while self.history.time_known() < at && !self.history.is_complete() && self.history.steps_known() < limit {
            self.history.run_ahead(SLICE_STEPS);
        }
        self.clock = at.min(self.history.time_known());
        self.history.seek_time(self.clock);
        self.seen = self.seen.max(self.clock);
    }

    /// Looks at the moment after so many steps.
    pub fn seek_step(&mut self, step: u64) {
        if step > self.history.steps_known() {
            self.history.run_ahead((step - self.history.steps_known()).min(WAIT_STEPS_MAX));
        }
        self.history.seek_step(step);
        // A machine that has made no step stands at the time of its first one only in theory: the run begins at zero.
        self.clock = if self.history.step() == 0 { Micros::ZERO } else { self.lab().world().now() };
        self.seen = self.seen.max(self.clock);
    }

    /// Takes over what the scenario says beside options and chances: its words, and what is measured. The run is the same.
    pub fn retell(&mut self, scenario: Scenario) {
        self.recording.scenario = scenario;
    }

    /// Changes the run from this moment on.
    pub fn change(&mut self, change: Change) {
        let step = self.history.step();
        let same_moment = |last: &Timed<Change>| {
            last.after_step == step && matches!((&last.change, &change), (Change::Options(_), Change::Options(_)))
        };
        if self.recording.changes.last().is_some_and(same_moment) {
            // Turning one dial through ten values at one moment is one change, not ten.
            self.recording.changes.pop();
            self.recording.changes.push(Timed { after_step: step, at: self.clock, change });
            self.history = History::new(&self.recording.scenario, self.recording.changes.clone());
            let clock = self.clock;
            self.history.run_ahead(step);
            self.history.seek_step(step);
            self.clock = clock;
        } else {
            self.history.change_here(change);
            self.recording.changes = self.history.changes().to_vec();
        }
        self.seen = self.clock;
    }
}

/// The first of these to come, or the last of these that was.
fn nearest<T: Ord + Copy>(found: [Option<T>; 2], forward: bool) -> Option<T> {
    let found = found.into_iter().flatten();
    if forward { found.min() } else { found.max() }
}

fn is_mark(entry: &Entry) -> bool {
    entry.what.is_fault() || matches!(entry.what, What::Broken { .. })
}
