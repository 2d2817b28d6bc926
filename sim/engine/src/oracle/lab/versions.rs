//! The lab's notes on versions of read models: a version that begins is watched from the beginning, and one that begins to serve is
//! held against what it promises.

use crate::oracle::watch::Watch;
use crate::oracle::{complete_switch, rebuilt_fold};
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{EventId, OrderId};
use crate::system::following::topics;
use crate::system::place::Reader;
use crate::system::trace::{Entry, Promise, What};
use crate::system::versions::{Stage, Turn};

use super::Lab;

impl Lab {
    /// Takes note of the turns among the entries from `from` on.
    pub(super) fn note_turns(&mut self, from: usize, entries: &mut Vec<Entry>) {
        for at in from..entries.len() {
            if let What::Version(turn) = entries[at].what {
                self.turned(turn, entries);
            }
        }
    }

    pub(super) fn turned(&mut self, turn: Turn, entries: &mut Vec<Entry>) {
        match turn {
            Turn::Stage { reader, to: Stage::Building | Stage::Rebuilding | Stage::Retired, .. } => {
                let first = self.world.first_order();
                self.watches[reader.index()] = Watch::new(reader, topics(self.world.options(), reader), first);
                self.note_who_takes_part();
                self.judge_dashboard();
            }
            Turn::Stage { reader, from, to: Stage::Serving, .. } => self.began_to_serve(reader, from, entries),
            Turn::HistoryGone { reader, .. } => {
                self.breach(Promise::HistoryKept, reader, NOTHING_IN_PARTICULAR, EventId(0), entries);
            }
            _ => {}
        }
    }

    fn began_to_serve(&mut self, reader: Reader, from: Stage, entries: &mut Vec<Entry>) {
        let Some(model) = reader.keeps() else { return };
        // What readers see of the figures is renewed by the version that serves.
        self.judge_dashboard();
        if from != Stage::Rebuilding {
            let before = self.world.versions(model).beside();
            let missing = complete_switch::missing(self.watch(before), self.watch(reader), self.world.store());
            if let Some(event) = missing {
                let of = self.world.store().event(event).recorded.of;
                self.breach(Promise::CompleteWhenSwitched, reader, of, event, entries);
            }
        }
        if from != Stage::Deprecated {
            let wrong = rebuilt_fold::first_wrong(self, reader);
            if let Some(of) = wrong {
                self.breach(Promise::RebuiltEqualsFold, reader, of, EventId(0), entries);
            }
        }
    }
}

/// The row of a promise that is about a whole model.
const NOTHING_IN_PARTICULAR: Aggregate = Aggregate::Order(OrderId(0));
