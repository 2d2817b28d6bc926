//! What a part may do besides changing its own state: look at the clock and the fates, schedule, and record.

use crate::kernel::agenda::Agenda;
use crate::kernel::time::Micros;

use super::fate::Fates;
use super::options::Options;
use super::task::Task;
use super::trace::{Entry, What};

/// The surroundings of one step. Parts see no other clock and no other chance.
#[derive(Debug)]
pub struct Context<'a> {
    /// The time of the step.
    pub now: Micros,
    /// The number of the step.
    pub step: u32,
    /// The options in force.
    pub options: &'a Options,
    /// The fates of the run.
    pub fates: &'a Fates,
    /// Are random faults still on? At the end of a run they are healed.
    pub faults: bool,
    /// Where tasks are scheduled.
    pub agenda: &'a mut Agenda<Task>,
    /// Where things are recorded.
    pub entries: &'a mut Vec<Entry>,
}

impl Context<'_> {
    /// Schedules a task.
    pub fn at(&mut self, due: Micros, task: Task) {
        self.agenda.add(due, task);
    }

    /// Is the broker out? Outages are faults, so they end with them.
    pub fn broker_is_out(&self) -> bool {
        self.faults && self.options.network.broker_is_out(self.now)
    }

    /// Records that the broker went out or came back just now, if it did.
    pub fn tell_broker_turn(&mut self) {
        let before = self.now.0.checked_sub(1).map(Micros);
        let was_out = self.faults && before.is_some_and(|before| self.options.network.broker_is_out(before));
        match (was_out, self.broker_is_out()) {
            (false, true) => self.record(What::BrokerOut),
            (true, false) => self.record(What::BrokerBack),
            _ => {}
        }
    }

    /// Records that something happened.
    pub fn record(&mut self, what: What) {
        self.entries.push(Entry { at: self.now, step: self.step, what });
    }
}
