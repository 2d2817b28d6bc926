//! Why is this value what it is? The deliveries that made it, and where the missing one is.

use crate::kernel::time::Micros;
use crate::system::place::Model;

use super::ledger::{Cell, Freshness};

/// The story of one cell of one read model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// Which cell.
    pub cell: Cell,
    /// In which read model.
    pub model: Model,
    /// How it stands to the truth.
    pub freshness: Freshness,
    /// The question, such as `Why is O-3's quantity 4?`.
    pub question: String,
    /// The answer in one sentence.
    pub answer: String,
    /// What happened, in order.
    pub steps: Vec<WhyStep>,
    /// Where each event is that the row has not got yet.
    pub missing: Vec<String>,
    /// What would have kept the cell right, if known, in one sentence.
    pub remedy: Option<String>,
}

/// One thing that happened to a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyStep {
    /// When.
    pub at: Micros,
    /// The number of events processed up to and with it: seek here to see it.
    pub step: u64,
    /// What, in words.
    pub text: String,
    /// Did this make the cell wrong?
    pub culprit: bool,
}
