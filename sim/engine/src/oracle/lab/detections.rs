//! The lab's notes on the search for drift: every finding is held against the truth.

use crate::oracle::false_alarm::stands;
use crate::oracle::judgement::Freshness;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{EventId, OrderId};
use crate::system::detection::{Detection, Detector, Finding};
use crate::system::hands::Hand;
use crate::system::place::{Model, Reader};
use crate::system::trace::{Entry, Promise, What};
use crate::system::versions::{Stage, Turn};

use super::Lab;

impl Lab {
    /// Takes note of what concerns drift among the entries from `from` on.
    pub(super) fn note_drift(&mut self, from: usize, entries: &mut Vec<Entry>) {
        for at in from..entries.len() {
            match entries[at].what {
                What::Detection(detection) => self.detected(detection, entries),
                What::ByHand(Hand::Row { which, of, .. }) => self.edited(which, of),
                What::ReplayAsked { reader, .. } => self.doubtful.mended(reader),
                What::Version(Turn::Stage { reader, to: Stage::Rebuilding | Stage::Retired, .. }) => {
                    self.doubtful.mended(reader);
                }
                _ => {}
            }
        }
    }

    fn detected(&mut self, detection: Detection, entries: &mut Vec<Entry>) {
        match detection {
            // That a row is behind is what these two look for.
            Detection::Found { detector: Detector::StaleRow | Detector::Lag, .. } => {}
            Detection::Found { reader, finding: Finding::Row { of, .. }, .. } => match stands(self, reader, of) {
                Freshness::Wrong => {}
                Freshness::Stale => self.doubtful.note(reader, of),
                Freshness::Fresh => self.false_alarm(reader, of, entries),
            },
            Detection::Found { reader, finding: Finding::Rows { .. } | Finding::Checksum, .. } => {
                let counts = self.watch(reader).counts;
                if counts.stale == 0 && counts.wrong == 0 {
                    self.false_alarm(reader, None, entries);
                }
            }
            _ => {}
        }
    }

    /// A row was written past its projection.
    fn edited(&mut self, model: Model, of: Option<Aggregate>) {
        let reader = self.world.versions(model).serving();
        self.doubtful.mended(reader);
        match (model, of) {
            (Model::ProductStats, Some(Aggregate::Product(product))) => self.judge_stats(product),
            (_, Some(of)) => self.judge(of),
            (_, None) => self.judge_dashboard(),
        }
    }

    /// What was found late has come right by itself, so it had not drifted.
    pub(super) fn conclude_alarms(&mut self, entries: &mut Vec<Entry>) {
        for (reader, of) in self.doubtful.came_right(self) {
            self.false_alarm(reader, of, entries);
            self.doubtful.mended(reader);
        }
    }

    fn false_alarm(&mut self, reader: Reader, of: Option<Aggregate>, entries: &mut Vec<Entry>) {
        let of = of.unwrap_or(Aggregate::Order(OrderId(0)));
        self.breach(Promise::NoFalseAlarm, reader, of, EventId(0), entries);
    }
}
