//! Whose lag it is.

use core::fmt;

use crate::system::place::{Model, Reader};
use crate::system::queries::keeper::Keeper;

/// Who can be behind the truth: whoever follows the log, and the copies that follow a read model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// A reader of the log.
    Reader(Reader),
    /// A copy of a read model, at an edge or in a read replica.
    Copy(Model, Keeper),
}

impl Whose {
    /// The reader itself, or the projection that the copy follows when the run begins.
    pub const fn reader(self) -> Reader {
        match self {
            Self::Reader(reader) => reader,
            Self::Copy(model, _) => Reader::Projection(model),
        }
    }

    /// Who has the rows: the read model itself, or the copy's keeper.
    pub const fn keeper(self) -> Keeper {
        match self {
            Self::Reader(_) => Keeper::Primary,
            Self::Copy(_, keeper) => keeper,
        }
    }

    /// Its machine name.
    pub fn name(self) -> String {
        let name = self.reader().name();
        match self.keeper() {
            Keeper::Primary => name.to_owned(),
            Keeper::Replica(number) => format!("{name}_replica_{number}"),
            Keeper::Edge(edge) => format!("{name}_edge_{}", edge.0),
        }
    }
}

impl From<Reader> for Whose {
    fn from(reader: Reader) -> Self {
        Self::Reader(reader)
    }
}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.keeper() {
            Keeper::Primary => self.reader().fmt(f),
            Keeper::Replica(number) => write!(f, "{}, read replica {number}", self.reader()),
            Keeper::Edge(edge) => write!(f, "{} at {edge}", self.reader()),
        }
    }
}
