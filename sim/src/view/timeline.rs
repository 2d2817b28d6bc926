//! The ticks of the transport.

use crate::kernel::time::Micros;

/// Marks along the whole known run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// When commands were sent; at most one for each of the `bins` asked for.
    pub commands: Vec<Micros>,
    /// Faults.
    pub faults: Vec<Mark>,
    /// Broken promises.
    pub broken: Vec<Mark>,
}

/// One mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: Micros,
    /// The number of events processed up to and with it.
    pub step: u64,
    /// What, in a few words.
    pub text: String,
}
