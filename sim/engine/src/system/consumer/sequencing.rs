//! What a projection keeps in order to put events in order: versions, held-back events, histories.

use std::collections::BTreeMap;

use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{EventId, Version};
use crate::system::by_aggregate::ByAggregate;
use crate::system::options::Sequencing;

/// The projection's book-keeping about the order of events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sequences {
    /// For each source of the rows, which is an aggregate: the newest version up to which events were applied.
    watermarks: ByAggregate<Version>,
    /// Events that came too early, kept in the read store, so that a crash does not lose them.
    held: BTreeMap<(Aggregate, Version), (EventId, u16)>,
    /// For each aggregate, every version that was folded.
    histories: ByAggregate<Vec<Version>>,
    /// For each aggregate: was some event applied that its history does not hold?
    partial: ByAggregate<bool>,
}

/// What becomes of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is applied.
    Now,
    /// It waits for this version.
    After(Version),
    /// It comes too late: the row, or the source, has this version or a newer one.
    NotNewer,
    /// It is in the history already.
    Known,
}

impl Sequences {
    /// Book-keeping for orders numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self {
            watermarks: ByAggregate::from_order(first),
            held: BTreeMap::new(),
            histories: ByAggregate::from_order(first),
            partial: ByAggregate::from_order(first),
        }
    }

    /// Whether it is this event's turn. `row_version` is the newest version that the row has seen from any source.
    pub fn turn(&self, of: Aggregate, version: Version, row_version: Version, sequencing: Sequencing) -> Turn {
        let watermark = self.watermark(of);
        match sequencing {
            Sequencing::VersionGuard if version <= row_version => Turn::NotNewer,
            Sequencing::SourceWatermarks if version <= watermark => Turn::NotNewer,
            // A buffer mends gaps. A repeated event makes no gap, so recognising it is left to idempotency.
            Sequencing::GapBuffer if version > watermark + 1 => Turn::After(watermark + 1),
            Sequencing::FoldHistory if self.history(of).contains(&version) => Turn::Known,
            _ => Turn::Now,
        }
    }

    /// The newest version of an aggregate up to which events were applied.
    pub fn watermark(&self, of: Aggregate) -> Version {
        self.watermarks.get(of).copied().unwrap_or(0)
    }

    /// Every version of the aggregate that was folded, in the order in which they came.
    pub fn history(&self, of: Aggregate) -> &[Version] {
        self.histories.get(of).map_or(&[], Vec::as_slice)
    }

    /// Notes that an event was applied.
    pub fn applied(&mut self, of: Aggregate, version: Version, sequencing: Sequencing) {
        let watermark = self.watermarks.entry(of);
        *watermark = version.max(*watermark);
        if sequencing == Sequencing::FoldHistory {
            self.histories.entry(of).push(version);
        } else if self.history_is_whole(of) {
            *self.partial.entry(of) = true;
        }
    }

    /// Does the history hold every event of the aggregate that was applied? One that was begun, or interrupted, in the
    /// middle of a run does not, and can not replace the row that was there before.
    pub fn history_is_whole(&self, of: Aggregate) -> bool {
        !self.partial.get(of).copied().unwrap_or(false)
    }

    /// Holds an event back, which came with this delivery.
    pub fn hold(&mut self, of: Aggregate, version: Version, event: EventId, attempt: u16) {
        self.held.insert((of, version), (event, attempt));
    }

    /// Takes out the held-back event whose turn has come, if there is one, with its delivery. Whoever no longer waits for
    /// gaps lets go of what was held, oldest version first.
    pub fn release(&mut self, of: Aggregate, sequencing: Sequencing) -> Option<(EventId, u16)> {
        if sequencing == Sequencing::GapBuffer {
            return self.held.remove(&(of, self.watermark(of) + 1));
        }
        let (key, _) = self.held.range((of, 0)..=(of, Version::MAX)).next()?;
        let key = *key;
        self.held.remove(&key)
    }

    /// Is this event held back?
    pub fn holds(&self, of: Aggregate, version: Version) -> bool {
        self.held.contains_key(&(of, version))
    }

    /// How many events are held back.
    pub fn held(&self) -> usize {
        self.held.len()
    }
}
