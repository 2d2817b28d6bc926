//! Time travel: a run that can be seen at any moment, both ways, and changed at any moment.

use serde::{Deserialize, Serialize};

use super::tape::{Row, Stretch, Tape};
use super::time::Micros;

/// A machine that a history can play: plain data with one step.
pub trait Machine: Clone {
    /// From what a run begins.
    type Setup;
    /// What a person can do to a run while it is going.
    type Change: Clone;
    /// One thing that happened.
    type Entry: Row;

    /// The machine before its first step.
    fn begin(setup: &Self::Setup) -> Self;

    /// The time of the last step.
    fn now(&self) -> Micros;

    /// Does the next thing and adds to `entries` what happened. False when nothing is left to do.
    fn step(&mut self, entries: &mut Vec<Self::Entry>) -> bool;

    /// When the next step will be, if there is one.
    fn next_due(&self) -> Option<Micros>;

    /// Applies a change between two steps, at a moment that lies between their times.
    fn change(&mut self, at: Micros, change: &Self::Change, entries: &mut Vec<Self::Entry>);

    /// About how many things a copy of the machine has to copy: what waits, not what is shared.
    fn weight(&self) -> u64;
}

/// A change and the moment at which it is made: after so many steps, at a time before the next one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timed<C> {
    /// How many steps come before it.
    pub after_step: u64,
    /// When; at the time of the last step, if this lies before it.
    #[serde(default)]
    pub at: Micros,
    /// What is changed.
    pub change: C,
}

/// A run: everything that happens from a setup and some changes.
///
/// Two machines play it. The *frontier* runs ahead once and leaves behind the trace and keyframes; the *cursor* stands at
/// the moment that is looked at, and gets there from the nearest keyframe by doing the same steps again.
#[derive(Debug)]
pub struct History<M: Machine> {
    changes: Vec<Timed<M::Change>>,
    frontier: Player<M>,
    cursor: Player<M>,
    /// The time that is looked at: that of the cursor's last step, or a moment before its next one.
    clock: Micros,
    keyframes: Vec<Player<M>>,
    spacing: u64,
    /// The step at which the next keyframe is kept.
    next_keyframe: u64,
    complete: bool,
    /// How often it was changed since it began.
    forks: u64,
    trace: Tape<M::Entry>,
}

/// A moment between two steps, by the one before it. What somebody changes there comes between the two moments of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// How many steps come before it.
    pub step: u64,
    /// Are the changes made that follow that step? [`History::seek_step`] looks at the moment at which they are.
    pub changed: bool,
}

/// A machine and how far it has come.
#[derive(Clone, Debug)]
struct Player<M> {
    machine: M,
    step: u64,
    /// How many of the changes it has already made.
    changes_made: usize,
    /// How many trace entries there are up to here.
    entries: usize,
}

/// Steps between two keyframes at first. With about three million steps a second, seeking replays for 3 ms at most.
const FIRST_SPACING: u64 = 8_192;
/// Keyframes at most; past that every other one is dropped and the spacing doubles, so that memory stays bounded.
const KEYFRAMES_MAX: usize = 512;

/// Steps to let pass for each thing that a keyframe copies.
const STEPS_TO_WEIGHT: u64 = 7;

impl<M: Machine> Player<M> {
    /// One step of the run: the changes that are due, then the machine's own step.
    fn advance(&mut self, changes: &[Timed<M::Change>], entries: &mut Vec<M::Entry>) -> bool {
        self.make_changes(changes, Micros(u64::MAX), entries);
        let before = entries.len();
        let stepped = self.machine.step(entries);
        self.entries += entries.len() - before;
        self.step += u64::from(stepped);
        stepped
    }

    /// The changes that are due after this step, up to the time `until`.
    fn make_changes(&mut self, changes: &[Timed<M::Change>], until: Micros, entries: &mut Vec<M::Entry>) {
        while let Some(timed) =
            changes.get(self.changes_made).filter(|timed| timed.after_step <= self.step && timed.at <= until)
        {
            let before = entries.len();
            self.machine.change(timed.at, &timed.change, entries);
            self.entries += entries.len() - before;
            self.changes_made += 1;
        }
    }
}

impl<M: Machine> History<M> {
    /// A run that stands at its beginning. `changes` must be in the order of their steps.
    pub fn new(setup: &M::Setup, changes: Vec<Timed<M::Change>>) -> Self {
        let start = Player { machine: M::begin(setup), step: 0, changes_made: 0, entries: 0 };
        Self {
            changes,
            frontier: start.clone(),
            cursor: start.clone(),
            clock: Micros::ZERO,
            keyframes: vec![start],
            spacing: FIRST_SPACING,
            next_keyframe: FIRST_SPACING,
            complete: false,
            forks: 0,
            trace: Tape::default(),
        }
    }

    /// Lets the frontier run ahead by at most `steps`. True when the run is known to its end.
    pub fn run_ahead(&mut self, steps: u64) -> bool {
        for _ in 0..steps {
            if self.complete {
                break;
            }
            let Self { frontier, changes, .. } = self;
            self.complete = !self.trace.extend_with(|entries| frontier.advance(changes, entries));
            if self.frontier.step >= self.next_keyframe {
                self.keep_keyframe();
            }
        }
        self.complete
    }

    /// Lets the frontier run to the end, or until it has done `steps_max` steps. True when the end was reached.
    pub fn run_to_end(&mut self, steps_max: u64) -> bool {
        self.run_ahead(steps_max.saturating_sub(self.frontier.step))
    }

    /// Is the run known to its end?
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// How many steps are known.
    pub const fn steps_known(&self) -> u64 {
        self.frontier.step
    }

    /// The time up to which the run is known.
    pub fn time_known(&self) -> Micros {
        self.frontier.machine.now()
    }

    /// The machine at the furthest known moment.
    pub const fn frontier(&self) -> &M {
        &self.frontier.machine
    }

    /// How often it was changed since it began. As long as that stays, what is known of it only grows.
    pub const fn forks(&self) -> u64 {
        self.forks
    }

    /// Everything that is known to happen, in order.
    pub fn trace(&self) -> Stretch<'_, M::Entry> {
        self.trace.all()
    }

    /// What has happened up to the moment looked at, in order.
    pub fn past(&self) -> Stretch<'_, M::Entry> {
        self.trace().part(..self.cursor.entries)
    }

    /// The machine at the moment looked at.
    pub const fn machine(&self) -> &M {
        &self.cursor.machine
    }

    /// How many steps lie before the moment looked at.
    pub const fn step(&self) -> u64 {
        self.cursor.step
    }

    /// The changes made to the run, in order.
    pub fn changes(&self) -> &[Timed<M::Change>] {
        &self.changes
    }

    /// When the step after the moment looked at will happen, if there is one.
    pub fn next_due(&self) -> Option<Micros> {
        self.cursor.machine.next_due()
    }

    /// Looks at the moment after `step` steps, or at the end of the run if that comes first.
    pub fn seek_step(&mut self, step: u64) {
        let mut nothing = Vec::new();
        self.start_near(|player| player.step <= step);
        while self.cursor.step < step && self.cursor.advance(&self.changes, &mut nothing) {
            nothing.clear();
        }
        self.cursor.make_changes(&self.changes, Micros(u64::MAX), &mut nothing);
        self.clock = self.cursor.machine.now();
        self.know_what_is_seen();
    }

    /// Looks at the moment `at`: after every step that is due by then.
    pub fn seek_time(&mut self, at: Micros) {
        let mut nothing = Vec::new();
        self.start_near(|player| player.machine.now() <= at);
        loop {
            // A change made between two steps can bring a step forward, so it comes first.
            self.cursor.make_changes(&self.changes, at, &mut nothing);
            if self.cursor.machine.next_due().is_none_or(|due| due > at) {
                break;
            }
            self.cursor.advance(&self.changes, &mut nothing);
            nothing.clear();
        }
        self.clock = at;
        self.know_what_is_seen();
    }

    /// Lets the frontier catch up with a moment beyond it. The end of what is known may lie between two steps of one time, and
    /// a look at that time sees both.
    fn know_what_is_seen(&mut self) {
        self.run_ahead(self.cursor.step.saturating_sub(self.frontier.step));
    }

    /// Changes the run at the moment looked at. What came after is forgotten; the caller keeps the old changes if the old
    /// branch is to be kept.
    pub fn change_here(&mut self, change: M::Change) {
        let step = self.cursor.step;
        let at = self.clock.max(self.cursor.machine.now());
        self.changes.truncate(self.cursor.changes_made);
        self.changes.push(Timed { after_step: step, at, change });
        self.keyframes.retain(|keyframe| keyframe.step <= step);
        self.complete = false;
        self.forks += 1;
        self.cursor.make_changes(&self.changes, at, &mut Vec::new());
        if let Some(last) = self.keyframes.last() {
            self.frontier = last.clone();
            self.trace.truncate(last.entries);
            self.next_keyframe = last.step + self.spacing;
        }
        self.run_ahead(step - self.frontier.step);
    }

    /// Shows the machine as each of these steps has left it, in rising order. Unlike [`Self::seek_step`] it comes before what
    /// somebody changes there: it is asked for what a step did, and for when a change was made.
    pub fn visit(&self, steps: &[u64], mut see: impl FnMut(u64, &M)) {
        let moments: Vec<Moment> = steps.iter().map(|step| Moment { step: *step, changed: false }).collect();
        self.visit_moments(&moments, |moment, machine| see(moment.step, machine));
    }

    /// Shows the machine at each of these moments, which must be in rising order.
    pub fn visit_moments(&self, moments: &[Moment], mut see: impl FnMut(Moment, &M)) {
        let mut nothing = Vec::new();
        let mut player = self.keyframes[0].clone();
        for &moment in moments {
            let Moment { step, changed } = moment;
            let after = self.keyframes.partition_point(|keyframe| keyframe.step <= step);
            let keyframe = &self.keyframes[after.saturating_sub(1)];
            if keyframe.step > player.step {
                player = keyframe.clone();
            }
            while player.step < step && player.advance(&self.changes, &mut nothing) {
                nothing.clear();
            }
            if changed {
                player.make_changes(&self.changes, Micros(u64::MAX), &mut nothing);
                nothing.clear();
            }
            see(moment, &player.machine);
        }
    }

    /// Moves the cursor to the latest known moment that still `fits`, unless it stands at a later fitting one already.
    fn start_near(&mut self, fits: impl Fn(&Player<M>) -> bool) {
        let after = self.keyframes.partition_point(&fits);
        let keyframe = &self.keyframes[after.saturating_sub(1)];
        if !fits(&self.cursor) || self.cursor.step < keyframe.step {
            self.cursor = keyframe.clone();
        }
    }

    fn keep_keyframe(&mut self) {
        self.keyframes.push(self.frontier.clone());
        if self.keyframes.len() > KEYFRAMES_MAX {
            let mut at = 0;
            self.keyframes.retain(|_| {
                at += 1;
                at % 2 == 1
            });
            self.spacing *= 2;
        }
        // A heavy machine is copied less often, so that all copies together stay in proportion to the run.
        let weight = self.frontier.machine.weight() * STEPS_TO_WEIGHT;
        self.next_keyframe = self.frontier.step + self.spacing.max(weight);
    }
}
