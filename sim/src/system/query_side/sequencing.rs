//! What a projection keeps in order to put events in order: versions, held-back events, histories.

use std::collections::BTreeMap;

use crate::shop::ids::{EventId, OrderId, Version};
use crate::system::by_order::ByOrder;
use crate::system::options::Sequencing;

/// The projection's book-keeping about the order of events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sequences {
    /// For each source of the rows, which is an order: the newest version up to which events were applied.
    watermarks: ByOrder<Version>,
    /// Events that came too early, kept in the read store, so that a crash does not lose them.
    held: BTreeMap<(OrderId, Version), EventId>,
    /// For each order, every version that was folded.
    histories: ByOrder<Vec<Version>>,
    /// For each order: was some event applied that its history does not hold?
    partial: ByOrder<bool>,
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
            watermarks: ByOrder::from_order(first),
            held: BTreeMap::new(),
            histories: ByOrder::from_order(first),
            partial: ByOrder::from_order(first),
        }
    }

    /// Whether it is this event's turn. `row_version` is the newest version that the row has seen from any source.
    pub fn turn(&self, order: OrderId, version: Version, row_version: Version, sequencing: Sequencing) -> Turn {
        let watermark = self.watermark(order);
        match sequencing {
            Sequencing::VersionGuard if version <= row_version => Turn::NotNewer,
            Sequencing::SourceWatermarks if version <= watermark => Turn::NotNewer,
            // A buffer mends gaps. A repeated event makes no gap, so recognising it is left to idempotency.
            Sequencing::GapBuffer if version > watermark + 1 => Turn::After(watermark + 1),
            Sequencing::FoldHistory if self.history(order).contains(&version) => Turn::Known,
            _ => Turn::Now,
        }
    }

    /// The newest version of an order up to which events were applied.
    pub fn watermark(&self, order: OrderId) -> Version {
        self.watermarks.get(order).copied().unwrap_or(0)
    }

    /// Every version of the order that was folded, in the order in which they came.
    pub fn history(&self, order: OrderId) -> &[Version] {
        self.histories.get(order).map_or(&[], Vec::as_slice)
    }

    /// Notes that an event was applied.
    pub fn applied(&mut self, order: OrderId, version: Version, sequencing: Sequencing) {
        let watermark = self.watermarks.entry(order);
        *watermark = version.max(*watermark);
        if sequencing == Sequencing::FoldHistory {
            self.histories.entry(order).push(version);
        } else if self.history_is_whole(order) {
            *self.partial.entry(order) = true;
        }
    }

    /// Does the history hold every event of the order that was applied? One that was begun, or interrupted, in the middle
    /// of a run does not, and can not replace the row that was there before.
    pub fn history_is_whole(&self, order: OrderId) -> bool {
        !self.partial.get(order).copied().unwrap_or(false)
    }

    /// Holds an event back.
    pub fn hold(&mut self, order: OrderId, version: Version, event: EventId) {
        self.held.insert((order, version), event);
    }

    /// Takes out the held-back event whose turn has come, if there is one.
    pub fn release(&mut self, order: OrderId) -> Option<EventId> {
        self.held.remove(&(order, self.watermark(order) + 1))
    }

    /// Is this event held back?
    pub fn holds(&self, order: OrderId, version: Version) -> bool {
        self.held.contains_key(&(order, version))
    }

    /// How many events are held back.
    pub fn held(&self) -> usize {
        self.held.len()
    }
}
