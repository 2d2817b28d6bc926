//! How the trace is kept: each entry by what happened and how long after the one before.

use bitcode::{Decode, Encode};

use crate::kernel::tape::{Row, Stretch};
use crate::kernel::time::Micros;

use super::{Entry, What};

/// The trace of a run, or a part of it.
pub type Trace<'a> = Stretch<'a, Entry>;

/// An entry as it is packed.
#[derive(Debug, Encode, Decode)]
pub struct Packed {
    after: u64,
    steps: u32,
    what: What,
}

impl Row for Entry {
    type Packed = Packed;

    fn packed(&self, before: &Self) -> Packed {
        // Time and steps don't go back; an entry that did would still come out as it went in.
        Packed {
            after: self.at.0.wrapping_sub(before.at.0),
            steps: self.step.wrapping_sub(before.step),
            what: self.what,
        }
    }

    fn unpacked(packed: Packed, before: &Self) -> Self {
        Self {
            at: Micros(before.at.0.wrapping_add(packed.after)),
            step: before.step.wrapping_add(packed.steps),
            what: packed.what,
        }
    }
}
