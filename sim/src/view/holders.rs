//! Who holds a cell besides the version of its model that serves: another version, read replicas, and edges.

use core::fmt;

use crate::kernel::sorting::sort_by_key;
use crate::oracle::followers::row_at;
use crate::oracle::lab::Lab;
use crate::system::edges::edge_id::EdgeId;
use crate::system::place::{Model, Reader};
use crate::system::queries::keeper::Keeper;

use super::ledger::{Cell, Shown};

/// Whoever holds a cell: asked there, it shows what that one has of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// The replica, or the version of the read model that serves.
    #[default]
    Serving,
    /// The version of the read model with this number, while there is one beside the one that serves.
    Version(u8),
    /// A copy of the read model at a read replica, numbered from 1.
    Replica(u8),
    /// A copy of the read model at an edge.
    Edge(EdgeId),
}

impl Holder {
    /// The keeper of the copy, if it is a copy that follows a read model.
    pub const fn keeper(self) -> Option<Keeper> {
        match self {
            Self::Serving | Self::Version(_) => None,
            Self::Replica(number) => Some(Keeper::Replica(number)),
            Self::Edge(edge) => Some(Keeper::Edge(edge)),
        }
    }

    const fn of(keeper: Keeper) -> Self {
        match keeper {
            Keeper::Primary => Self::Serving,
            Keeper::Replica(number) => Self::Replica(number),
            Keeper::Edge(edge) => Self::Edge(edge),
        }
    }

    /// Where that is, as it follows a name: ` at edge 2`. Nothing for what serves.
    pub fn whereabouts(self) -> String {
        match self {
            Self::Serving => String::new(),
            Self::Version(_) => format!(" in {self}"),
            Self::Replica(_) | Self::Edge(_) => format!(" at {self}"),
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serving => f.write_str("what serves"),
            Self::Version(number) => write!(f, "version {number}"),
            Self::Replica(number) => write!(f, "read replica {number}"),
            Self::Edge(edge) => edge.fmt(f),
        }
    }
}

/// A cell as one of its holders has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// Which cell.
    pub cell: Cell,
    /// Who has it.
    pub holder: Holder,
}

impl From<Cell> for Spot {
    fn from(cell: Cell) -> Self {
        Self { cell, holder: Holder::Serving }
    }
}

impl Spot {
    /// Its name, such as `O-3 quantity at edge 2`.
    pub fn label(self) -> String {
        format!("{}{}", self.cell.label(), self.holder.whereabouts())
    }

    /// What is shown there; nothing where nobody holds it there.
    pub fn shown(self, lab: &Lab) -> Option<Shown> {
        match (self.holder, self.holder.keeper()) {
            (Holder::Serving, _) => Some(self.cell.shown(lab)),
            (Holder::Version(number), _) => Some(self.cell.in_version(lab, version(lab, self.cell, number)?)),
            (_, Some(keeper)) => self.in_copy(lab, keeper),
            (_, None) => None,
        }
    }

    /// The reader whose version is there, or is copied there.
    pub fn reader(self, lab: &Lab) -> Reader {
        let numbered = if let Holder::Version(number) = self.holder { version(lab, self.cell, number) } else { None };
        numbered.unwrap_or_else(|| lab.world().in_service(self.cell.reader()))
    }

    fn in_copy(self, lab: &Lab, keeper: Keeper) -> Option<Shown> {
        let (of, at) = self.cell.row()?;
        let (cells, judged) = row_at(lab, keeper, self.cell.reader().model()?, of)?;
        let text = cells.map_or("absent".to_owned(), |cells| cells[at].to_string());
        Some(Shown { text, freshness: judged.0[at] })
    }
}

/// The version of a cell's model with a number, if it runs.
fn version(lab: &Lab, cell: Cell, number: u8) -> Option<Reader> {
    let versions = lab.world().versions(cell.reader().keeps()?);
    let both = [versions.beside(), versions.serving()].into_iter();
    let mut running = both.filter(|reader| versions.stage(*reader).runs());
    running.find(|reader| versions.number(*reader) == number)
}

/// Everybody in this run who holds cells of read models besides the versions that serve.
pub fn holders(lab: &Lab) -> Vec<Holder> {
    let world = lab.world();
    let beside =
        Model::ALL.into_iter().filter(|model| world.takes_part(Reader::Projection(*model))).filter_map(|model| {
            let versions = world.versions(model);
            let beside = versions.beside();
            versions.stage(beside).runs().then(|| Holder::Version(versions.number(beside)))
        });
    let copies = world.reads().api.followed().map(|copy| Holder::of(copy.keeper));
    let mut all: Vec<Holder> = beside.chain(copies).collect();
    sort_by_key(&mut all, |holder| *holder);
    all.dedup();
    all
}

/// What everybody of these has of a cell, who has it.
pub fn others(lab: &Lab, cell: Cell, holders: &[Holder]) -> Vec<(Holder, Shown)> {
    let mine = holders.iter().filter(|holder| !is_serving(lab, cell, **holder));
    mine.filter_map(|holder| Some((*holder, Spot { cell, holder: *holder }.shown(lab)?))).collect()
}

/// Does the version with this number serve, so that what it shows stands in another column?
fn is_serving(lab: &Lab, cell: Cell, holder: Holder) -> bool {
    matches!(holder, Holder::Version(number) if version(lab, cell, number) == Some(lab.world().in_service(cell.reader())))
}
