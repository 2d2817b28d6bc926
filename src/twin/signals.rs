//! What the page knows of the twin.

use std::sync::Arc;

use leptos::prelude::*;
use sim::scenario::difference_words::Told;
use sim::system::options::Options;
use sim::view::ledger::LedgerQuery;
use sim::view::stage::Flight;
use sim::view::twin::{PartDifference, TwinLedger, TwinVerdict};

use crate::session::twin::Side;
use crate::snapshot::{Moving, Snapshot, Twinned};

/// What makes the twin another run, and what both have.
#[derive(Clone, Debug, PartialEq)]
pub struct TwinFacts {
    /// What differs, in words.
    pub told: Vec<Told>,
    /// The run whose options the bench shows.
    pub edited: Side,
    /// The options of A at the moment.
    pub a: Arc<Options>,
    /// The options of B at the moment.
    pub b: Arc<Options>,
}

/// The signals about the twin. Copying them is free.
#[derive(Clone, Copy)]
pub struct TwinSignals {
    /// What makes it another run; `None` while the run is alone.
    pub facts: RwSignal<Option<Arc<TwinFacts>>>,
    /// Which rows of the compared ledgers are wanted.
    pub query: RwSignal<LedgerQuery>,
    /// In which run the cell is whose story is told.
    pub asked: RwSignal<Side>,
    /// The picture that a phone shows.
    pub shown: RwSignal<Side>,
    /// What moves in the picture of the twin.
    pub moving: RwSignal<Moving>,
    /// The messages on their way in it as they are counted.
    pub listed: RwSignal<Arc<Vec<Flight>>>,
    /// What is read of the twin at the moment.
    pub look: Memo<Arc<Twinned>>,
    /// The invariants of both runs.
    pub verdicts: Memo<Arc<Vec<TwinVerdict>>>,
    /// The ledgers of both runs.
    pub ledger: Memo<Arc<TwinLedger>>,
    /// The parts that differ.
    pub parts: Memo<Arc<Vec<PartDifference>>>,
    /// Is there a twin?
    pub on: Memo<bool>,
}

impl TwinSignals {
    /// Signals that follow the snapshot. Of the ledgers at most `rows` are shown, at first only what differs.
    pub fn new(snapshot: RwSignal<Arc<Snapshot>>, rows: usize) -> Self {
        let look = Memo::new(move |_| snapshot.with(|one| one.twin.clone()).unwrap_or_default());
        let facts = RwSignal::new(None::<Arc<TwinFacts>>);
        Self {
            facts,
            query: RwSignal::new(LedgerQuery { limit: rows, differences_only: true, ..LedgerQuery::default() }),
            asked: RwSignal::new(Side::A),
            shown: RwSignal::new(Side::B),
            moving: RwSignal::default(),
            listed: RwSignal::default(),
            look,
            verdicts: Memo::new(move |_| look.with(|look| Arc::clone(&look.verdicts))),
            ledger: Memo::new(move |_| look.with(|look| Arc::clone(&look.ledger))),
            parts: Memo::new(move |_| look.with(|look| Arc::clone(&look.parts))),
            on: Memo::new(move |_| facts.with(Option::is_some)),
        }
    }
}
