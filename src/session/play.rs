//! One clock for the run and its twin: frames, steps, and any moment.

use sim::kernel::history::History;
use sim::kernel::time::Micros;

use super::run::Run;
use super::twin::Twin;
use super::{Changed, FRAME_STEPS, Session};

/// How the moment moves by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Motion {
    /// Not at all.
    Rest,
    /// As time passes, at the speed that was chosen.
    Play,
    /// With the end of what is known, until all of it is.
    ToEnd,
}

impl Session {
    /// The moment. A run that ends before its twin rests at its end.
    pub fn clock(&self) -> Micros {
        let clock = self.run.clock();
        self.twin().map_or(clock, |twin| clock.max(twin.run().clock()))
    }

    /// How many steps lie before the moment, in each run.
    pub fn steps(&self) -> (u64, Option<u64>) {
        (self.run.history().step(), self.twin().map(|twin| twin.run().history().step()))
    }

    /// Is everything known?
    pub fn is_complete(&self) -> bool {
        self.run.history().is_complete() && self.twin().is_none_or(|twin| twin.run().history().is_complete())
    }

    /// Up to when the longer of both runs is known.
    pub fn time_known(&self) -> Micros {
        let known = self.run.history().time_known();
        self.twin().map_or(known, |twin| known.max(twin.run().history().time_known()))
    }

    pub(super) fn is_over(&self) -> bool {
        self.run.is_over() && self.twin().is_none_or(|twin| twin.run().is_over())
    }

    /// One frame: `real_micros` of real time have passed.
    pub fn frame(&mut self, real_micros: u64) -> Changed {
        let known = self.run_ahead();
        self.prove_on();
        match self.motion {
            Motion::Rest => {}
            Motion::Play => {
                match self.speed.virtual_micros(real_micros) {
                    Some(passed) => self.seek_time(self.clock() + Micros(passed)),
                    None => self.leap(),
                }
                self.rest_if(self.is_over());
            }
            Motion::ToEnd if self.is_complete() => self.go_to_end(),
            // The way there is shown as often as how long it is.
            Motion::ToEnd => {}
        }
        Changed { known, recording: false }
    }

    pub(super) fn rest_if(&mut self, done: bool) {
        if done {
            self.motion = Motion::Rest;
        }
    }

    /// To the end: at once to that of what is known, and from there with it.
    pub(super) fn go_to_end(&mut self) {
        self.seek_time(self.time_known());
        self.motion = if self.is_over() { Motion::Rest } else { Motion::ToEnd };
    }

    /// Follows the end of what is known, if that is where somebody wants to be.
    pub fn follow_end(&mut self) {
        if self.motion == Motion::ToEnd {
            self.seek_time(self.end_in_sight().max(self.clock()));
        }
    }

    /// Up to when all is known that becomes known at all: looking farther would be waiting for it.
    fn end_in_sight(&self) -> Micros {
        let growing = self.both().into_iter().map(Run::history).filter(|history| !history.is_complete());
        growing.map(History::time_known).min().unwrap_or_else(|| self.time_known())
    }

    /// Lets what is known grow by as much as a frame has time for; a twin gets half of it.
    pub(super) fn run_ahead(&mut self) -> bool {
        match &mut self.twin {
            None => self.run.run_ahead(FRAME_STEPS),
            Some(twin) => {
                let known = self.run.run_ahead(FRAME_STEPS / 2);
                twin.run_mut().run_ahead(FRAME_STEPS / 2) || known
            }
        }
    }

    /// As far as a frame has time for.
    fn leap(&mut self) {
        let leap = FRAME_STEPS / if self.twin.is_some() { 4 } else { 2 };
        match &mut self.twin {
            Some(twin) if self.run.is_over() => {
                let run = twin.run_mut();
                run.seek_step(run.history().step() + leap);
            }
            _ => self.seek_step(self.run.history().step() + leap),
        }
    }

    /// Both runs at a moment.
    pub(super) fn seek_time(&mut self, at: Micros) {
        self.run.seek_time(at);
        if let Some(twin) = &mut self.twin {
            twin.run_mut().seek_time(at);
        }
    }

    /// The run after so many of its steps, and the twin at the same moment.
    pub(super) fn seek_step(&mut self, step: u64) {
        self.run.seek_step(step);
        if let Some(twin) = &mut self.twin {
            // Before the first step is before everything, also before what happens at no time.
            match step {
                0 => twin.run_mut().seek_step(0),
                _ => twin.run_mut().seek_time(self.run.clock()),
            }
        }
    }

    /// The next step of either run, and of both where they make it at the same time.
    pub(super) fn step_on(&mut self) {
        let due = |run: &Run| run.history().next_due();
        let ahead = self.both().into_iter().filter_map(due).min();
        let Some(next) = ahead else { return };
        for run in self.both_mut() {
            if due(run) == Some(next) {
                run.seek_step(run.history().step() + 1);
            } else {
                run.seek_time(next);
            }
        }
    }

    /// The latest step of either run taken back, and of both where they made it at the same time.
    pub(super) fn step_back(&mut self) {
        let made = |run: &Run| (run.history().step() > 0).then(|| run.lab().world().now());
        let latest = self.both().into_iter().filter_map(made).max();
        if latest.is_none() {
            return;
        }
        for run in self.both_mut().into_iter().filter(|run| made(run) == latest) {
            run.seek_step(run.history().step() - 1);
        }
        let now = self.both().into_iter().filter_map(made).max().unwrap_or_default();
        // A run that made no step then has none between that moment and the one it stood at.
        for run in self.both_mut().into_iter().filter(|run| run.clock() > now) {
            run.seek_time(now);
        }
    }

    /// To the nearest fault, broken promise or change of a verdict of either run.
    pub(super) fn seek_mark(&mut self, forward: bool) {
        self.motion = Motion::Rest;
        if self.twin.is_none() {
            if let Some(step) = self.run.mark_beside(forward) {
                self.run.seek_step(step);
            }
            return;
        }
        let clock = self.clock();
        let marks = self.both().into_iter().filter_map(|run| run.mark_time_beside(clock, forward));
        let nearest = if forward { marks.min() } else { marks.max() };
        if let Some(at) = nearest {
            self.seek_time(at);
        }
    }

    fn both(&self) -> Vec<&Run> {
        core::iter::once(&*self.run).chain(self.twin().map(Twin::run)).collect()
    }

    fn both_mut(&mut self) -> Vec<&mut Run> {
        core::iter::once(&mut *self.run).chain(self.twin.as_mut().map(|twin| twin.run_mut())).collect()
    }
}

#[cfg(test)]
mod tests;
