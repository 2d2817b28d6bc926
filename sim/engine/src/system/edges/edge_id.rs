//! The names of edge servers.

use bitcode::{Decode, Encode};
use core::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An edge server by its number, from 1.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, Encode, Decode,
)]
#[serde(transparent)]
pub struct EdgeId(#[schemars(range(min = 1, max = 8))] pub u8);

impl EdgeId {
    /// The most edges that there can be.
    pub const MAX: u8 = 8;

    /// The edge after this one, of so many; the first comes after the last.
    pub const fn next(self, count: u8) -> Self {
        if self.0 >= count { Self(1) } else { Self(self.0 + 1) }
    }
}

impl fmt::Display for EdgeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "edge {}", self.0)
    }
}
