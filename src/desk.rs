//! What every view can reach: the signals that it reads, and the one way to say what a person wants.

use std::sync::Arc;

use leptos::prelude::*;
use sim::kernel::time::Micros;
use sim::system::options::Options;
use sim::system::place::Model;
use sim::view::ledger::{Cell, Ledger, LedgerQuery};
use sim::view::stage::Stage;
use sim::view::verdicts::Verdict;

use crate::intent::Intent;
use crate::snapshot::{LogWindow, RunFacts, Selection, Snapshot};
use crate::speed::Speed;
use crate::story::script::Situation;

/// The signals of the page. Copying it is free.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The moment that is looked at. Changes with every frame: only messages and the playhead may read it.
    pub clock: RwSignal<Micros>,
    /// What is shown of that moment.
    pub snapshot: RwSignal<Arc<Snapshot>>,
    /// What is known of the whole run.
    pub facts: RwSignal<Arc<RunFacts>>,
    /// Does virtual time run?
    pub playing: RwSignal<bool>,
    /// How fast.
    pub speed: RwSignal<Speed>,
    /// The options in force.
    pub options: RwSignal<Arc<Options>>,
    /// The options that the scenario came with.
    pub given: RwSignal<Arc<Options>>,
    /// What is selected.
    pub selection: RwSignal<Option<Selection>>,
    /// The cell whose story is told.
    pub asked: RwSignal<Option<(Model, Cell)>>,
    /// Which rows of the ledger are wanted.
    pub query: RwSignal<LedgerQuery>,
    /// The seed of the run.
    pub seed: RwSignal<u64>,
    /// The name of the run, and what it is about.
    pub title: RwSignal<(String, String)>,
    /// Where the first minute stands; `None` in any other scenario.
    pub situation: RwSignal<Option<Situation>>,
    /// The kept branches by name, and which of them is shown.
    pub branches: RwSignal<Vec<(String, bool)>>,
    /// Is there a change to take back, and one to make again?
    pub history: RwSignal<(bool, bool)>,
    /// Is the page as narrow as a phone?
    pub narrow: RwSignal<bool>,
    /// The picture.
    pub stage: Memo<Arc<Stage>>,
    /// The invariants.
    pub verdicts: Memo<Arc<Vec<Verdict>>>,
    /// The truth beside the models.
    pub ledger: Memo<Arc<Ledger>>,
    /// The run in words.
    pub log: Memo<Arc<LogWindow>>,
}

impl Desk {
    /// The desk that the page provides.
    pub fn here() -> Self {
        expect_context()
    }

    pub fn new() -> Self {
        let snapshot = RwSignal::new(Arc::new(crate::fixture::snapshot()));
        Self {
            clock: RwSignal::new(Micros::from_millis(12_410)),
            snapshot,
            facts: RwSignal::new(Arc::new(crate::fixture::facts())),
            playing: RwSignal::new(true),
            speed: RwSignal::new(Speed::QUARTER),
            options: RwSignal::new(Arc::default()),
            given: RwSignal::new(Arc::default()),
            selection: RwSignal::new(None),
            asked: RwSignal::new(None),
            query: RwSignal::new(LedgerQuery { differences_only: false, search: String::new(), limit: 60 }),
            seed: RwSignal::new(1),
            title: RwSignal::new(("First minute".into(), String::new())),
            situation: RwSignal::new(Some(Situation::default())),
            branches: RwSignal::new(vec![("main".into(), true), ("before 12.41 s".into(), false)]),
            history: RwSignal::new((true, false)),
            narrow: RwSignal::new(false),
            stage: Memo::new(move |_| snapshot.with(|snapshot| Arc::clone(&snapshot.stage))),
            verdicts: Memo::new(move |_| snapshot.with(|snapshot| Arc::clone(&snapshot.verdicts))),
            ledger: Memo::new(move |_| snapshot.with(|snapshot| Arc::clone(&snapshot.ledger))),
            log: Memo::new(move |_| snapshot.with(|snapshot| Arc::clone(&snapshot.log))),
        }
    }

    /// Says what a person wants.
    pub fn send(&self, _intent: Intent) {}

    pub fn presets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("first-minute", "The first minute"), ("scenario-b", "Scenario B: twice")]
    }

    pub fn open_file(&self, _file: &web_sys::File) {}

    pub fn save_recording(&self) {}

    /// Asks for the story of a cell, or closes it.
    pub fn ask(&self, model: Model, cell: Cell) {
        let was = self.asked.get_untracked();
        self.asked.set((was != Some((model, cell))).then_some((model, cell)));
    }

    /// Selects a thing, or nothing if it was selected already.
    pub fn select(&self, selection: Selection) {
        let was = self.selection.get_untracked();
        self.selection.set((was != Some(selection)).then_some(selection));
    }

    /// Is a thing that is about this order and this event selected?
    pub fn is_selected(&self, order: Option<sim::shop::ids::OrderId>, event: Option<sim::shop::ids::EventId>) -> bool {
        self.selection.get().is_some_and(|selection| selection.covers(order, event))
    }
}
