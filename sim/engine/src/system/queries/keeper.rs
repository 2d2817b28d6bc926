//! Who has the rows that answer a query.

use crate::system::edges::edge_id::EdgeId;

/// Who has the rows that a query is answered from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keeper {
    /// The read model itself.
    #[default]
    Primary,
    /// A read replica beside it, from 1.
    Replica(u8),
    /// An edge server.
    Edge(EdgeId),
}

impl Keeper {
    /// Its number, for tables with one entry for each.
    pub const fn index(self) -> usize {
        match self {
            Self::Primary => 0,
            Self::Replica(number) => number as usize,
            // There are at most 8 replicas.
            Self::Edge(edge) => 8 + edge.0 as usize,
        }
    }

    /// The edge, if it is one.
    pub const fn edge(self) -> Option<EdgeId> {
        if let Self::Edge(edge) = self { Some(edge) } else { None }
    }
}
