//! The versions of a read model and the life of each (MISSION D8) [seed 004]: designed, built, shadowing, serving, rebuilt,
//! deprecated, retired. A model has two places for versions, which take turns, and one of the two serves.

use bitcode::{Decode, Encode};
use core::fmt;

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;

use super::place::{Model, PartitionId, Reader};

/// Where a version stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Stage {
    /// It is known what it shall show.
    Designed,
    /// Its rows are being made from the history.
    Building,
    /// It follows along, but nobody is served from it.
    Shadowing,
    /// Queries are answered from it.
    Serving,
    /// Queries are answered from it while its rows are being made anew.
    Rebuilding,
    /// It follows along so that it can serve again.
    Deprecated,
    /// It is removed.
    Retired,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 7] = [
        Self::Designed,
        Self::Building,
        Self::Shadowing,
        Self::Serving,
        Self::Rebuilding,
        Self::Deprecated,
        Self::Retired,
    ];

    /// Can a version of this stage come to that one?
    pub const fn leads_to(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Designed, Self::Building)
                | (Self::Building | Self::Deprecated, Self::Retired)
                | (Self::Building, Self::Shadowing)
                | (Self::Shadowing, Self::Serving | Self::Retired)
                | (Self::Serving, Self::Rebuilding | Self::Deprecated)
                | (Self::Rebuilding | Self::Deprecated, Self::Serving)
        )
    }

    /// Does a version of this stage follow events?
    pub const fn runs(self) -> bool {
        !matches!(self, Self::Designed | Self::Retired)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Designed => "designed",
            Self::Building => "building",
            Self::Shadowing => "shadowing",
            Self::Serving => "serving",
            Self::Rebuilding => "rebuilding",
            Self::Deprecated => "deprecated",
            Self::Retired => "retired",
        })
    }
}

/// A version of a read model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Version {
    /// Its number, from 1 in the order in which versions were designed.
    number: u8,
    stage: Stage,
}

/// The two versions of one read model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pair {
    model: Model,
    first: Version,
    second: Version,
    second_serves: bool,
    is_paused: bool,
}

impl Pair {
    /// The version that queries are answered from.
    pub const fn serving(&self) -> Reader {
        if self.second_serves { Reader::Second(self.model) } else { Reader::Projection(self.model) }
    }

    /// The other one.
    pub const fn beside(&self) -> Reader {
        if self.second_serves { Reader::Projection(self.model) } else { Reader::Second(self.model) }
    }

    const fn version(&self, reader: Reader) -> &Version {
        if matches!(reader, Reader::Second(_)) { &self.second } else { &self.first }
    }

    const fn version_mut(&mut self, reader: Reader) -> &mut Version {
        if matches!(reader, Reader::Second(_)) { &mut self.second } else { &mut self.first }
    }

    /// Where a version stands in its life.
    pub const fn stage(&self, reader: Reader) -> Stage {
        self.version(reader).stage
    }

    /// A version's number.
    pub const fn number(&self, reader: Reader) -> u8 {
        self.version(reader).number
    }

    /// Was a version in this place ever begun?
    pub const fn was_begun(&self, reader: Reader) -> bool {
        self.number(reader) > 2 || !matches!(self.stage(reader), Stage::Designed)
    }

    /// Is a version being built, shadowing, or kept for a rollback?
    pub const fn is_busy(&self) -> bool {
        self.stage(self.beside()).runs() || matches!(self.stage(self.serving()), Stage::Rebuilding)
    }

    /// Lets a version go on to a stage. A stage that it can not come to it does not come to.
    pub fn turn(&mut self, reader: Reader, to: Stage) -> Option<Turn> {
        let version = self.version_mut(reader);
        let from = version.stage;
        if !from.leads_to(to) {
            return None;
        }
        version.stage = to;
        let number = version.number;
        if to == Stage::Serving {
            self.second_serves = matches!(reader, Reader::Second(_));
        }
        Some(Turn::Stage { reader, number, from, to })
    }

    /// Is nobody served from it at present?
    pub const fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// Stops serving, or serves again; true if that is something new.
    pub const fn pause(&mut self, paused: bool) -> bool {
        let is_new = self.is_paused != paused;
        self.is_paused = paused;
        is_new
    }

    /// Makes room for a new design where a version was retired.
    pub fn redesign(&mut self, reader: Reader) {
        let next = self.first.number.max(self.second.number).saturating_add(1);
        let version = self.version_mut(reader);
        if version.stage == Stage::Retired {
            *version = Version { number: next, stage: Stage::Designed };
        }
    }
}

/// The versions of every read model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Versions([Pair; 6]);

impl Default for Versions {
    /// The first version of each model serves; the second is designed.
    fn default() -> Self {
        Self(Model::ALL.map(|model| Pair {
            model,
            first: Version { number: 1, stage: Stage::Serving },
            second: Version { number: 2, stage: Stage::Designed },
            second_serves: false,
            is_paused: false,
        }))
    }
}

impl Versions {
    /// The versions of a model.
    pub const fn of(&self, model: Model) -> &Pair {
        &self.0[model.index()]
    }

    /// The versions of a model, to be changed.
    pub const fn of_mut(&mut self, model: Model) -> &mut Pair {
        &mut self.0[model.index()]
    }
}

/// Something that happens to a version of a read model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Turn {
    /// It comes to another stage.
    Stage {
        /// Which version.
        reader: Reader,
        /// Its number.
        number: u8,
        /// From where.
        from: Stage,
        /// To where.
        to: Stage,
    },
    /// A rebuild can not begin: a version is under way, or kept for a rollback, already, or the model is written in the command's
    /// transaction.
    NotNow {
        /// The model.
        model: Model,
    },
    /// The broker does not have the whole history, so nothing can be rebuilt from it.
    HistoryGone {
        /// Which version.
        reader: Reader,
        /// Where events are missing.
        partition: PartitionId,
        /// The oldest offset that is kept; of a queue nothing is.
        first: Option<u32>,
    },
    /// A rebuild has come this far.
    Progress {
        /// Which version.
        reader: Reader,
        /// How many events it has handled.
        handled: u32,
        /// How many there are by now.
        of: u32,
        /// When it will have caught up if it goes on as it has so far: an estimate. None if it falls behind.
        left: Option<Micros>,
    },
    /// A rebuild has caught up.
    CaughtUp {
        /// Which version.
        reader: Reader,
        /// How many events it has handled.
        events: u32,
        /// `projection_rebuild_duration`: how long that took.
        took: Micros,
    },
    /// The two versions were compared.
    Compared {
        /// The version that serves.
        reader: Reader,
        /// How many rows it has, and how many the other one.
        rows: (u32, u32),
        /// In how many rows the two differ.
        differing: u32,
        /// Are the checksums of all rows the same?
        same_checksum: bool,
        /// Had both come equally far?
        level: bool,
    },
    /// The two versions differ in a row.
    Differs {
        /// The model.
        model: Model,
        /// The row; none for a model that is one row.
        of: Option<Aggregate>,
        /// Where in it.
        what: Difference,
    },
}

/// In what two versions of a row differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Difference {
    /// Only the version that serves has it.
    OnlyServing,
    /// Only the other version has it.
    OnlyBeside,
    /// A cell, from 0.
    Cell(u8),
}

impl Turn {
    /// Is this something going wrong?
    pub const fn is_fault(&self) -> bool {
        matches!(self, Self::HistoryGone { .. })
    }
}

/// What is planned in the life of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionTask {
    /// A rebuild begins.
    Begin(Model),
    /// The version with this number reads on in the committed events.
    ReadOn(Model, u8),
    /// The version with this number has shadowed long enough.
    Shadowed(Model, u8),
    /// The comparison of the version with this number waits no longer.
    CompareNow(Model, u8),
    /// The version with this number is kept no longer.
    KeptLongEnough(Model, u8),
}

#[cfg(test)]
mod tests {
    use super::{Model, Reader, Stage, Versions};

    #[test]
    fn only_legal_turns_are_made() {
        let mut versions = Versions::default();
        let pair = versions.of_mut(Model::OrderView);
        let (first, second) = (Reader::Projection(Model::OrderView), Reader::Second(Model::OrderView));
        for stage in Stage::ALL.into_iter().filter(|stage| *stage != Stage::Building) {
            assert!(pair.turn(second, stage).is_none(), "from designed to {stage}");
        }
        for stage in [Stage::Building, Stage::Shadowing, Stage::Serving] {
            assert!(pair.turn(second, stage).is_some(), "to {stage}");
        }
        assert_eq!((pair.serving(), pair.beside()), (second, first));
        assert!(pair.turn(first, Stage::Retired).is_none(), "it has to be deprecated first");
    }

    #[test]
    fn nothing_leaves_retirement_and_every_other_stage_leads_somewhere() {
        for stage in Stage::ALL {
            let leads = Stage::ALL.into_iter().any(|next| stage.leads_to(next));
            assert_eq!(leads, stage != Stage::Retired, "{stage}");
            assert!(!stage.leads_to(stage), "{stage} to itself is no turn");
        }
    }

    #[test]
    fn a_new_design_takes_a_retired_place_and_the_next_number() {
        let mut versions = Versions::default();
        let pair = versions.of_mut(Model::ProductStats);
        let second = Reader::Second(Model::ProductStats);
        pair.redesign(second);
        assert_eq!(pair.number(second), 2, "it was not retired");
        pair.turn(second, Stage::Building);
        pair.turn(second, Stage::Retired);
        pair.redesign(second);
        assert_eq!((pair.number(second), pair.stage(second)), (3, Stage::Designed));
    }
}
