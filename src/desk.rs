//! What every view can reach: the signals that it reads, and the one way to say what a person wants.

use std::sync::Arc;

use leptos::prelude::*;
use sim::kernel::time::Micros;
use sim::oracle::lags::Whose;
use sim::scenario::counterfactual::Proof;
use sim::scenario::error::ScenarioError;
use sim::scenario::export::Format;
use sim::scenario::recording::{Recording, Scenario};
use sim::shop::ids::EventId;
use sim::system::options::Options;
use sim::view::gauges::Readings;
use sim::view::holders::Spot;
use sim::view::ledger::{Ledger, LedgerQuery};
use sim::view::sending::Domain;
use sim::view::stage::{Flight, Spark, Stage};
use sim::view::staleness::Staleness;
use sim::view::timeline::Mark;
use sim::view::verdict::Verdict;
use sim::view::why::TOLD_MAX;

use crate::hands::Hold;
use crate::hands::send::Letter;
use crate::intent::Intent;
use crate::player::Player;
use crate::session::Session;
use crate::session::twin::Side;
use crate::snapshot::{LogWindow, Moving, RunFacts, Selection, Snapshot};
use crate::speed::Speed;
use crate::stage::camera::Camera;
use crate::stage::pick::Picked;
use crate::story::script::Situation;
use crate::twin::signals::TwinSignals;

/// How many rows of the ledger are made at once, unless the window shows more.
const LEDGER_ROWS: usize = 34;
/// How many rows of the ledgers of a run and its twin: more than any window shows.
const TWIN_ROWS: usize = 72;

/// The signals of the page. Copying it is free.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The moment that is looked at. Changes with every frame: only messages and the playhead may read it.
    pub clock: RwSignal<Micros>,
    /// What moves in the picture of that moment. Changes with nearly every frame, too.
    pub moving: RwSignal<Moving>,
    /// What is read of that moment.
    pub snapshot: RwSignal<Arc<Snapshot>>,
    /// How many steps lie before it.
    pub step: RwSignal<u64>,
    /// What is known of the whole run.
    pub facts: RwSignal<Arc<RunFacts>>,
    /// Does virtual time run?
    pub playing: RwSignal<bool>,
    /// Is the moment being dragged?
    pub dragging: RwSignal<bool>,
    /// How fast.
    pub speed: RwSignal<Speed>,
    /// The options in force.
    pub options: RwSignal<Arc<Options>>,
    /// The scenario as the run began with it.
    pub scenario: RwSignal<Arc<Scenario>>,
    /// The scenario as it once came.
    pub given: RwSignal<Arc<Scenario>>,
    /// The paths of options that were asked for and act only from the next replay on.
    pub waiting: RwSignal<Arc<Vec<String>>>,
    /// What is selected.
    pub selection: RwSignal<Option<Selection>>,
    /// What was touched on the stage last.
    pub picked: RwSignal<Option<Picked>>,
    /// What part of the stage is looked at.
    pub camera: RwSignal<Camera>,
    /// The cell whose story is told.
    pub asked: RwSignal<Option<Spot>>,
    /// The thing in hand.
    pub hold: RwSignal<Option<Hold>>,
    /// What is being written: a command or a query.
    pub sending: RwSignal<Option<Letter>>,
    /// What had the focus before.
    pub held_from: StoredValue<Option<web_sys::Element>, LocalStorage>,
    /// For how long what is done by hand lasts.
    pub lasts: RwSignal<Micros>,
    /// How many steps of its story are told at most.
    pub told: RwSignal<usize>,
    /// The search for the fault that made it what it is.
    pub proof: RwSignal<Option<Proof>>,
    /// Which rows of the ledger are wanted.
    pub query: RwSignal<LedgerQuery>,
    /// What the drawer under the stage shows.
    pub drawer: RwSignal<Drawer>,
    /// Whose staleness and metrics are looked at, if somebody chose.
    pub watched: RwSignal<Option<Whose>>,
    /// How far that reader is behind, while somebody looks.
    pub staleness: RwSignal<Arc<Staleness>>,
    /// The metrics, while somebody looks.
    pub readings: RwSignal<Arc<Readings>>,
    /// The seed of the run.
    pub seed: RwSignal<u64>,
    /// The name of the run, and what it is about.
    pub title: RwSignal<(String, String)>,
    /// Where the first minute stands; `None` in any other scenario.
    pub situation: RwSignal<Option<Situation>>,
    /// The name of the scenario in addresses, if it came with the page.
    pub slug: RwSignal<Option<&'static str>>,
    /// The kept branches by name, and which of them is shown.
    pub branches: RwSignal<Vec<(String, bool)>>,
    /// Is there a change to take back, and one to make again?
    pub history: RwSignal<(bool, bool)>,
    /// A file that could not be opened.
    pub refusal: RwSignal<Option<Refused>>,
    /// Is the page as narrow as a phone?
    pub narrow: RwSignal<bool>,
    /// Does the person want nothing to move that need not?
    pub still: RwSignal<bool>,
    /// Which of two runs the picture is of.
    pub side: Side,
    /// The second run beside the first.
    pub twin: TwinSignals,
    /// What stands in the picture.
    pub stage: Memo<Arc<Stage>>,
    /// The messages on their way as they are listed and counted, no more often than the rest is read.
    pub listed: RwSignal<Arc<Vec<Flight>>>,
    /// The messages on their way as they are drawn: another list with every frame in which one left or came.
    pub flights: Memo<Arc<Vec<Flight>>>,
    /// What has just happened in the picture.
    pub sparks: Memo<Arc<Vec<Spark>>>,
    /// The invariants.
    pub verdicts: Memo<Arc<Vec<Verdict>>>,
    /// The truth beside the models.
    pub ledger: Memo<Arc<Ledger>>,
    /// The run in words.
    pub log: Memo<Arc<LogWindow>>,
    /// Plays the session. It lives outside the reactive graph.
    player: StoredValue<Player, LocalStorage>,
}

/// What the drawer under the stage shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawer {
    /// The run in words.
    Log,
    /// The messages over time.
    Spacetime,
    /// How far copies are behind.
    Staleness,
    /// What a team would watch.
    Metrics,
}

impl Drawer {
    /// Everything that it can show.
    pub const ALL: [Self; 4] = [Self::Log, Self::Spacetime, Self::Staleness, Self::Metrics];
}

/// A file that could not be opened, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where it came from.
    pub source: Source,
    /// What is wrong with it.
    pub error: ScenarioError,
}

/// What was to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file, by its name.
    File(String),
    /// A link, by what it says after the page's own address.
    Link(String),
}

impl Desk {
    /// The desk that the page provides.
    pub fn here() -> Self {
        expect_context()
    }

    /// A desk for a session. Signals show its first moment at once.
    pub fn new(session: Session) -> Self {
        let query = LedgerQuery { limit: LEDGER_ROWS, ..LedgerQuery::default() };
        // Nobody reads yet: only the picture is needed before the first frame.
        let first = session.passed_by(&Snapshot::default());
        let snapshot = RwSignal::new(Arc::new(first));
        let flying = session.passing(Side::A);
        let listed = RwSignal::new(Arc::clone(&flying.flights));
        let moving = RwSignal::new(flying);
        let desk = Self {
            clock: RwSignal::new(session.clock()),
            moving,
            snapshot,
            step: RwSignal::new(session.run().history().step()),
            facts: RwSignal::new(Arc::default()),
            playing: RwSignal::new(session.is_playing()),
            dragging: RwSignal::new(false),
            speed: RwSignal::new(session.speed()),
            options: RwSignal::new(Arc::default()),
            scenario: RwSignal::new(Arc::default()),
            given: RwSignal::new(Arc::default()),
            waiting: RwSignal::new(Arc::default()),
            selection: RwSignal::new(None),
            picked: RwSignal::new(None),
            camera: RwSignal::new(Camera::ALL),
            asked: RwSignal::new(None),
            hold: RwSignal::new(None),
            sending: RwSignal::new(None),
            held_from: StoredValue::new_local(None),
            lasts: RwSignal::new(Micros::from_secs(5)),
            told: RwSignal::new(TOLD_MAX),
            proof: RwSignal::new(None),
            query: RwSignal::new(query),
            drawer: RwSignal::new(Drawer::Log),
            watched: RwSignal::new(None),
            staleness: RwSignal::new(Arc::default()),
            readings: RwSignal::new(Arc::default()),
            seed: RwSignal::new(0),
            title: RwSignal::new(<(String, String)>::default()),
            situation: RwSignal::new(None),
            slug: RwSignal::new(None),
            branches: RwSignal::new(Vec::new()),
            history: RwSignal::new((false, false)),
            refusal: RwSignal::new(None),
            narrow: RwSignal::new(false),
            still: RwSignal::new(false),
            side: Side::A,
            twin: TwinSignals::new(snapshot, TWIN_ROWS),
            stage: Memo::new(move |_| snapshot.with(|snapshot| Arc::clone(&snapshot.stage))),
            listed,
            flights: Memo::new(move |_| moving.with(|moving| Arc::clone(&moving.flights))),
            sparks: Memo::new(move |_| moving.with(|moving| Arc::clone(&moving.sparks))),
            verdicts: Memo::new(move |_| snapshot.with(|snapshot| Arc::clone(&snapshot.verdicts))),
            ledger: Memo::new(move |_| snapshot.with(|snapshot| Arc::clone(&snapshot.ledger))),
            log: Memo::new(move |_| snapshot.with(|snapshot| Arc::clone(&snapshot.log))),
            player: StoredValue::new_local(Player::new(session)),
        };
        desk.player.with_value(|player| player.publish_all(&desk));
        desk
    }

    /// The desk of one picture of two: the same but for what is on it.
    pub fn of(self, side: Side) -> Self {
        let (look, moving) = (self.twin.look, self.twin.moving);
        match side {
            Side::A => self,
            Side::B => Self {
                side,
                stage: Memo::new(move |_| look.with(|look| Arc::clone(&look.stage))),
                moving,
                listed: self.twin.listed,
                flights: Memo::new(move |_| moving.with(|moving| Arc::clone(&moving.flights))),
                sparks: Memo::new(move |_| moving.with(|moving| Arc::clone(&moving.sparks))),
                ..self
            },
        }
    }

    /// Says what a person wants.
    pub fn send(&self, intent: Intent) {
        let to_another_run = matches!(intent, Intent::Undo | Intent::Redo | Intent::Branch(_));
        self.player.update_value(|player| player.apply(self, intent));
        if to_another_run {
            // What was proved of the run that was left says nothing of this one, and the question is still open.
            self.prove(self.asked.get_untracked().filter(|_| self.twin.asked.get_untracked() == Side::A));
        }
    }

    /// Halts at a moment. Of two runs both come to it, whose steps are not counted alike.
    pub fn go_to(&self, at: Micros) {
        self.send(Intent::Pause);
        self.send(Intent::SeekTime(at));
    }

    /// The scenario with the options that are in force.
    pub fn present(&self) -> Scenario {
        let options = self.options.with(|options| Options::clone(options));
        Scenario { options, ..self.scenario.with(|scenario| Scenario::clone(scenario)) }
    }

    /// One frame of the browser at `now_ms` on its own clock.
    pub fn frame(&self, now_ms: f64) {
        self.player.update_value(|player| player.frame(self, now_ms));
    }

    /// Shows the moment anew, because something else of it is wanted.
    pub fn look_again(&self) {
        self.player.update_value(|player| player.publish_moment(self));
    }

    /// The recording, as a file holds it.
    pub fn recording_json(&self) -> String {
        self.player.with_value(Player::recording_json)
    }

    /// The ledger as a table in a file: every row that the question has for an answer.
    pub fn ledger_csv(&self) -> String {
        self.player.with_value(|player| self.query.with_untracked(|query| player.ledger_csv(query)))
    }

    /// The run as far as it is known, in the format of another tool.
    pub fn exported(&self, format: Format) -> String {
        self.player.with_value(|player| player.exported(format))
    }

    /// Opens what a file holds. What can not be read is refused, and the run stays as it is.
    pub fn open_text(&self, name: &str, text: &str) {
        match Recording::from_json(text) {
            Ok(recording) => self.send(Intent::Open(Box::new(recording))),
            Err(error) => self.refusal.set(Some(Refused { source: Source::File(name.to_owned()), error })),
        }
    }

    /// Asks for the story of a cell, or closes it.
    pub fn ask(&self, spot: Spot) {
        self.ask_in(Side::A, spot);
    }

    /// Asks for the story of a cell in one of two runs, or closes it. Only the run itself is played again for a proof.
    pub fn ask_in(&self, side: Side, spot: Spot) {
        let was = self.asked.get_untracked().filter(|_| self.twin.asked.get_untracked() == side);
        let now = (was != Some(spot)).then_some(spot);
        self.twin.asked.set(side);
        self.asked.set(now);
        self.told.set(TOLD_MAX);
        self.look_again();
        self.prove(now.filter(|_| side == Side::A));
    }

    /// Tells more of the story of the asked cell.
    pub fn tell_more(&self, steps: usize) {
        self.told.update(|told| *told += steps);
        self.look_again();
    }

    /// Searches for the fault that made a cell what it is, or gives up.
    pub fn prove(&self, spot: Option<Spot>) {
        self.player.update_value(|player| player.prove(self, spot));
    }

    /// The latest moments at which a promise was broken, newest first.
    pub fn breaches(&self, name: &str, most: usize) -> Vec<Mark> {
        self.player.with_value(|player| player.breaches(name, most))
    }

    /// Shows something else in the drawer.
    pub fn open_drawer(&self, drawer: Drawer) {
        self.drawer.set(drawer);
        self.look_again();
    }

    /// Asks for other rows of the ledger.
    pub fn query(&self, change: impl FnOnce(&mut LedgerQuery)) {
        self.query.update(change);
        self.look_again();
    }

    /// Asks for other rows of the compared ledgers.
    pub fn compare(&self, change: impl FnOnce(&mut LedgerQuery)) {
        self.twin.query.update(change);
        self.look_again();
    }

    /// What there is to send commands to.
    pub fn domain(&self) -> Domain {
        self.player.with_value(Player::domain)
    }

    /// When something happened to what is selected.
    pub fn moments_of(&self, selection: Selection) -> Vec<Micros> {
        self.player.try_with_value(|player| player.moments_of(selection)).unwrap_or_default()
    }

    /// Selects an event when it is not at hand what it is about.
    pub fn select_event(&self, event: EventId) {
        let of = self.player.with_value(|player| player.subject_of(self.side, event));
        self.select(Selection { of, event: Some(event) });
    }

    /// Selects a thing, or nothing if it was selected already.
    pub fn select(&self, selection: Selection) {
        let was = self.selection.get_untracked();
        self.selection.set((was != Some(selection)).then_some(selection));
    }
}
