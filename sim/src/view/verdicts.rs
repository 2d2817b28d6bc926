//! One chip for each invariant: does the system keep its promise?

use crate::kernel::time::Micros;

/// The state of one invariant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Its machine name, as in `lab run --json`.
    pub name: &'static str,
    /// Its short title.
    pub title: &'static str,
    /// What it promises, in one sentence.
    pub promise: &'static str,
    /// How it stands.
    pub status: VerdictStatus,
    /// Title and state in a few words, such as `Exactly once: broken at 12.41 s`.
    pub text: String,
    /// How often it was broken, or how many cells put it at risk.
    pub count: u64,
    /// The step (events processed) and the time at which it was first broken.
    pub first: Option<(u64, Micros)>,
}

/// How an invariant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VerdictStatus {
    /// Kept so far.
    Holds,
    /// An `eventually` promise that would be broken if the run ended now.
    AtRisk,
    /// Broken.
    Broken,
}
