//! The lab as a machine that a history plays.

use serde::{Deserialize, Serialize};

use crate::kernel::history::Machine;
use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::system::fate::Override;
use crate::system::hands::Hand;
use crate::system::node::Node;
use crate::system::options::{Options, Scripted, ScriptedQuery};
use crate::system::place::Reader;
use crate::system::trace::Entry;

use super::recording::Scenario;

/// What a person can do to a run while it goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Other options from here on. Partitions and the first order stay as the run began.
    Options(Box<Options>),
    /// One replaced fate.
    Override(Override),
    /// A reader goes on with what it has parked, and where it has halted.
    ReplayParked(Node),
    /// What a hand does to a single message, a node or a link.
    Hand(Hand),
    /// A client sends this command now; the time that it names says nothing.
    Send(Box<Scripted>),
    /// A client asks this query now; the time that it names says nothing.
    Ask(Box<ScriptedQuery>),
}

impl Machine for Lab {
    type Setup = Scenario;
    type Change = Change;
    type Entry = Entry;

    fn begin(scenario: &Scenario) -> Self {
        Self::new(scenario.options.clone(), scenario.seed, &scenario.overrides)
    }

    fn now(&self) -> Micros {
        self.world().now()
    }

    fn step(&mut self, entries: &mut Vec<Entry>) -> bool {
        Self::step(self, entries)
    }

    fn next_due(&self) -> Option<Micros> {
        let concluding = (!self.is_quiet()).then(|| self.world().now());
        self.world().next_due().or(concluding)
    }

    fn change(&mut self, at: Micros, change: &Change, entries: &mut Vec<Entry>) {
        match change {
            Change::Options(options) => {
                Self::change(self, at, entries, |world, entries| world.change_options((**options).clone(), entries))
            }
            Change::Override(one) => {
                Self::change(self, at, entries, |world, entries| world.replace_fate(*one, entries))
            }
            Change::ReplayParked(Node::Reader(reader, _)) => {
                Self::change(self, at, entries, |world, entries| world.try_again(*reader, entries))
            }
            Change::Hand(hand) => Self::change(self, at, entries, |world, entries| world.intervene(*hand, entries)),
            Change::Send(line) => Self::change(self, at, entries, |world, entries| world.send_by_hand(line, entries)),
            Change::Ask(line) => Self::change(self, at, entries, |world, entries| world.ask_by_hand(line, entries)),
            // Nobody else parks anything; a recording that says so is refused when it is read.
            Change::ReplayParked(_) => {}
        }
    }

    fn weight(&self) -> u64 {
        // What waits is copied, and so is what it will change before the next copy: with each reader that takes part a row,
        // which is about a quarter as large as a task.
        let readers = Reader::ALL.into_iter().filter(|reader| self.watch(*reader).takes_part).count();
        (self.world().backlog() * (4 + readers) / 4) as u64
    }
}
