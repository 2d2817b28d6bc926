//! Detectors of drift in words (MISSION D10) [seed 004]: which there are, what they do, and what they find.

use bitcode::{Decode, Encode};
use core::fmt;

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;

use super::options::{Detectors, Every};
use super::place::{Model, PartitionId, Reader};
use super::versions::Difference;

/// A way to look for drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Detector {
    /// Compares how many rows there are.
    Count,
    /// Compares checksums of all rows.
    Checksum,
    /// Compares some rows, cell by cell.
    Sample,
    /// Compares every row with what the same code makes of the same events.
    Shadow,
    /// Looks for rows that have not got an old event.
    StaleRow,
    /// Looks for events that are left unread.
    Lag,
}

impl Detector {
    /// Every detector.
    pub const ALL: [Self; 6] = [Self::Count, Self::Checksum, Self::Sample, Self::Shadow, Self::StaleRow, Self::Lag];

    /// Its number, for tables with one entry for each detector.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Its machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Checksum => "checksum",
            Self::Sample => "sample",
            Self::Shadow => "shadow",
            Self::StaleRow => "stale_row",
            Self::Lag => "lag",
        }
    }

    /// The time from one look to the next, if it looks at all.
    pub fn every(self, settings: &Detectors) -> Option<Micros> {
        let plain = |every: Option<Every>| every.map(|one| one.every);
        match self {
            Self::Count => plain(settings.count),
            Self::Checksum => plain(settings.checksum),
            Self::Sample => settings.sample.map(|one| one.every),
            Self::Shadow => plain(settings.shadow),
            Self::StaleRow => settings.stale_row.map(|one| one.every),
            Self::Lag => settings.lag.map(|one| one.every),
        }
    }

    /// How old an event has to be before it is missed.
    pub fn patience(self, settings: &Detectors) -> Micros {
        match self {
            Self::StaleRow => settings.stale_row.unwrap_or_default().bound,
            Self::Lag => settings.lag.unwrap_or_default().bound,
            Self::Count | Self::Checksum | Self::Sample | Self::Shadow => settings.settle,
        }
    }
}

impl fmt::Display for Detector {
    /// Its name as a sentence wants it: `stale-row detector`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Count => "count reconciliation",
            Self::Checksum => "checksum reconciliation",
            Self::Sample => "sampled comparison",
            Self::Shadow => "shadow projection",
            Self::StaleRow => "stale-row detector",
            Self::Lag => "lag detector",
        })
    }
}

/// What a detector has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Finding {
    /// The model has so many rows, and should have so many.
    Rows {
        /// How many it has.
        has: u32,
        /// How many it should have.
        wanted: u32,
    },
    /// The checksums differ.
    Checksum,
    /// A row differs from what it should be, for which [`Difference::OnlyBeside`] stands beside.
    Row {
        /// Which; none for a model that is one row.
        of: Option<Aggregate>,
        /// Where in it.
        what: Difference,
    },
    /// A row has not got an old event.
    Stale {
        /// Which row.
        of: Aggregate,
        /// How old the newest event is that it should have.
        age: Micros,
    },
    /// An event was left unread.
    Unread {
        /// Where.
        partition: PartitionId,
        /// How old it is.
        age: Micros,
    },
}

/// Something that happens in the search for drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Detection {
    /// A detector has looked at a model.
    Looked {
        /// Which version.
        reader: Reader,
        /// Which detector.
        detector: Detector,
        /// How many rows were compared, or for the lag detector, partitions.
        compared: u32,
        /// How many rows were left out, because they are in motion.
        left_out: u32,
        /// How many things were found.
        found: u32,
    },
    /// It has found this, among other things perhaps: not all are told.
    Found {
        /// In which version.
        reader: Reader,
        /// By which detector.
        detector: Detector,
        /// What.
        finding: Finding,
    },
    /// A detector raises its alarm.
    Alarm {
        /// About which version.
        reader: Reader,
        /// Which detector.
        detector: Detector,
    },
    /// A detector that had raised its alarm finds nothing any more.
    Cleared {
        /// About which version.
        reader: Reader,
        /// Which detector.
        detector: Detector,
    },
    /// A model stops serving.
    Paused {
        /// Which.
        model: Model,
    },
    /// A model serves again.
    Resumed {
        /// Which.
        model: Model,
    },
}

/// What is planned in the search for drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DetectorTask {
    /// A detector looks at a model.
    Look(Model, Detector),
    /// What it has found is known.
    Tell(Model, Detector),
}
