//! Plays the session: frames and wishes in, signals out. Only what changed is published.

use std::sync::Arc;

use leptos::prelude::*;
use sim::kernel::time::Micros;
use sim::oracle::metrics::Metrics;
use sim::scenario::difference_words::told;
use sim::scenario::export::{self, Format};
use sim::shop::aggregate::Aggregate;
use sim::shop::ids::EventId;
use sim::view::holders::Spot;
use sim::view::ledger::LedgerQuery;
use sim::view::sending::Domain;
use sim::view::stage::Flight;
use sim::view::timeline::Mark;

use crate::desk::{Desk, Drawer};
use crate::intent::Intent;
use crate::session::twin::Side;
use crate::session::{Asked, Changed, Session};
use crate::snapshot::{Moving, Selection};
use crate::stage::crowd::Crowd;
use crate::twin::signals::TwinFacts;
use crate::visit::Visit;
use crate::{metrics, staleness};

/// A gap between two frames longer than this is a tab that was hidden, not time that should pass.
const GAP_MAX_MS: f64 = 250.0;
/// How often the moment is kept for the next visit, in frames.
const KEEP_EVERY: u32 = 60;
/// The frame after which the run that was opened with the page is kept. Before, a person waits for the page.
const KEEP_FIRST: u32 = 10;

/// How much of a moment is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    /// What moves.
    Moving,
    /// The whole picture, and the verdicts: what is seen of a moment that is passed by.
    Picture,
    /// Everything.
    Reads,
}

/// The session and what is needed to play it.
#[derive(Debug)]
pub struct Player {
    session: Session,
    visit: Visit,
    last_frame_ms: Option<f64>,
    frames: u32,
    /// The steps that were published last, of the run and of its twin.
    shown_steps: (u64, Option<u64>),
    facts_due: bool,
    /// The frame in which what is told of the whole run was made last.
    facts_in: u32,
    /// The frame in which staleness or metrics were told last.
    lasts_in: u32,
    /// Has something happened that is not shown yet where it is read?
    reads_owed: bool,
    /// The frame in which what is read was made last.
    read_in: u32,
    lags: staleness::follow::Follow,
    gauges: metrics::follow::Follow,
}

impl Player {
    /// A player of a session.
    pub fn new(session: Session) -> Self {
        Self {
            session,
            visit: Visit::default(),
            last_frame_ms: None,
            frames: 0,
            shown_steps: (0, None),
            facts_due: true,
            facts_in: 0,
            lasts_in: 0,
            reads_owed: false,
            read_in: 0,
            lags: staleness::follow::Follow::default(),
            gauges: metrics::follow::Follow::default(),
        }
    }

    /// The recording, as a file holds it.
    pub fn recording_json(&self) -> String {
        self.session.run().recording().to_json()
    }

    /// What there is to send commands to.
    pub fn domain(&self) -> Domain {
        self.session.domain()
    }

    /// When something happened to what is selected.
    pub fn moments_of(&self, selection: Selection) -> Vec<Micros> {
        self.session.moments_of(selection)
    }

    /// The ledger as a table in a file: every row that the question has for an answer.
    pub fn ledger_csv(&self, query: &LedgerQuery) -> String {
        self.session.ledger_csv(query)
    }

    /// The run as far as it is known, in the format of another tool.
    pub fn exported(&self, format: Format) -> String {
        let (history, scenario) = (self.session.run().history(), &self.session.run().recording().scenario);
        let (lab, trace) = (history.frontier(), history.trace());
        export::export(format, lab, trace, &Metrics::of(lab, trace, scenario.metrics))
    }

    /// Begins to search for the fault that made a cell what it is, or gives up.
    pub fn prove(&mut self, desk: &Desk, spot: Option<Spot>) {
        self.session.prove(spot);
        set_if_new(desk.proof, self.session.proof());
    }

    /// The latest moments at which a promise was broken, newest first.
    pub fn breaches(&self, name: &str, most: usize) -> Vec<Mark> {
        self.session.breaches(name, most)
    }

    /// What a known event of a run is about.
    pub fn subject_of(&self, side: Side, event: EventId) -> Aggregate {
        self.session.side(side).history().frontier().world().store().event(event).recorded.of
    }

    /// One frame of the browser.
    pub fn frame(&mut self, desk: &Desk, now_ms: f64) {
        let passed_ms = self.last_frame_ms.map_or(0.0, |last| (now_ms - last).clamp(0.0, GAP_MAX_MS));
        self.last_frame_ms = Some(now_ms);
        self.frames = self.frames.wrapping_add(1);
        // At most a quarter of a second, so it fits.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let changed = self.session.frame((passed_ms * 1_000.0) as u64);
        self.facts_due |= changed.known;
        let wants_facts = self.is_time(self.facts_in) || self.session.is_complete() || self.is_beyond(desk);
        let tells_facts = self.facts_due && wants_facts;
        if tells_facts {
            // The end is where the facts say that it is.
            self.session.follow_end();
        }
        // A run that comes to rest shows more of its log.
        let rested = desk.playing.get_untracked() && !self.session.is_playing();
        self.publish_clock(desk);
        set_if_new(desk.proof, self.session.proof());
        let due = self.due(desk);
        if rested || self.session.steps() != self.shown_steps || (self.reads_owed && due == Due::Reads) {
            self.show_moment(desk, due);
        }
        if tells_facts {
            self.publish_facts(desk);
        }
        self.publish_what_lasts(desk);
        if self.frames == KEEP_FIRST {
            self.visit.keep(&self.session);
        }
        if self.frames.is_multiple_of(KEEP_EVERY) {
            Visit::keep_moment(&self.session);
        }
    }

    /// Does what a person wants, and shows it at once.
    pub fn apply(&mut self, desk: &Desk, intent: Intent) {
        let changed = self.session.apply(intent);
        if changed.recording {
            self.lags.forget();
            self.gauges.forget();
            self.visit.keep(&self.session);
            self.publish_recording(desk);
        }
        if self.is_beyond(desk) || changed != Changed::default() {
            self.publish_facts(desk);
        }
        self.publish_clock(desk);
        set_if_new(desk.proof, self.session.proof());
        let due = if desk.dragging.get_untracked() { self.due(desk) } else { Due::Reads };
        self.show_moment(desk, due);
    }

    /// Shows everything.
    pub fn publish_all(&self, desk: &Desk) {
        self.publish_recording(desk);
        desk.facts.set(Arc::new(self.session.facts()));
        self.publish_options(desk);
        desk.situation.set(self.session.situation());
    }

    fn publish_clock(&self, desk: &Desk) {
        set_if_new(desk.clock, self.session.clock());
        set_if_new(desk.playing, self.session.is_playing());
        set_if_new(desk.speed, self.session.speed());
    }

    /// Shows the moment.
    pub fn publish_moment(&mut self, desk: &Desk) {
        self.show_moment(desk, Due::Reads);
    }

    /// How much is to be shown now if something has happened.
    fn due(&self, desk: &Desk) -> Due {
        let since_read = self.frames.wrapping_sub(self.read_in);
        match (desk.dragging.get_untracked(), self.session.is_moving()) {
            (true, _) if since_read < self.linger() => Due::Picture,
            (false, true) if since_read < self.read_every(desk) => Due::Moving,
            _ => Due::Reads,
        }
    }

    /// Shows as much of the moment as is due.
    fn show_moment(&mut self, desk: &Desk, due: Due) {
        self.reads_owed = due != Due::Reads;
        self.shown_steps = self.session.steps();
        set_if_new(desk.step, self.shown_steps.0);
        self.move_on(Side::A, desk.moving, desk.listed, due);
        if self.session.twin().is_some() {
            self.move_on(Side::B, desk.twin.moving, desk.twin.listed, due);
        }
        match due {
            Due::Moving => {}
            Due::Picture => {
                let passed_by = desk.snapshot.with_untracked(|last| self.session.passed_by(last));
                set_if_new(desk.snapshot, Arc::new(passed_by));
            }
            Due::Reads => {
                self.read_in = self.frames;
                self.publish_reads(desk);
            }
        }
    }

    /// Shows what moves in one of two pictures.
    fn move_on(&self, side: Side, moving: RwSignal<Moving>, listed: RwSignal<Arc<Vec<Flight>>>, due: Due) {
        let now = match due {
            Due::Moving => moving.with_untracked(|last| self.session.moving(side, Some(last))),
            Due::Picture => self.session.passing(side),
            Due::Reads => self.session.moving(side, None),
        };
        if due == Due::Reads {
            set_if_new(listed, Arc::clone(&now.flights));
        }
        set_if_new(moving, now);
    }

    fn publish_reads(&self, desk: &Desk) {
        let asked = Asked {
            query: desk.query.get_untracked(),
            compared: desk.twin.query.get_untracked(),
            spot: desk.asked.get_untracked(),
            side: desk.twin.asked.get_untracked(),
            steps: desk.told.get_untracked(),
            thing: desk.hold.get_untracked().map(|hold| (hold.thing, desk.lasts.get_untracked())),
            spacetime: desk.drawer.get_untracked() == Drawer::Spacetime,
            passing: desk.dragging.get_untracked(),
        };
        set_if_new(desk.snapshot, Arc::new(self.session.snapshot(&asked)));
        self.publish_options(desk);
        set_if_new(desk.situation, self.session.situation());
    }

    /// Shows the options in force. Those that wait for a replay change only with them, or with the recording.
    fn publish_options(&self, desk: &Desk) {
        if desk.options.with_untracked(|options| **options != *self.session.shown_options()) {
            desk.options.set(Arc::new(self.session.shown_options().clone()));
            set_if_new(desk.waiting, Arc::new(self.session.waiting()));
        }
        let a = self.session.options();
        if desk.twin.facts.with_untracked(|facts| facts.as_ref().is_some_and(|facts| *facts.a != *a)) {
            self.publish_twin(desk);
        }
    }

    /// Shows what makes the twin another run, or that there is none.
    fn publish_twin(&self, desk: &Desk) {
        let facts = self.session.twin().map(|twin| {
            let (a, plan) = (self.session.options(), twin.plan());
            let told = told(a, &plan.differences);
            let b = Arc::new(twin.run().options().clone());
            Arc::new(TwinFacts { told, edited: plan.edited, a: Arc::new(a.clone()), b })
        });
        if facts.is_none() {
            set_if_new(desk.twin.asked, Side::A);
        }
        set_if_new(desk.twin.facts, facts);
    }

    /// Does the moment lie beyond what somebody was told is known? Nobody is shown that.
    fn is_beyond(&self, desk: &Desk) -> bool {
        desk.facts.with_untracked(|facts| self.session.clock() > facts.known)
    }

    /// Is it time again to tell of the whole run, while it is still becoming known, after it was told in this frame? The more
    /// there is of it, the less a little more changes.
    fn is_time(&self, told_in: u32) -> bool {
        const SOON: u32 = 12;
        const ENTRIES_PER_FRAME: usize = 40_000;
        let longer = self.session.run().history().trace().len() / ENTRIES_PER_FRAME;
        self.frames.wrapping_sub(told_in) >= SOON + u32::try_from(longer).unwrap_or(u32::MAX / 2)
    }

    /// How many frames after what is read was made it may be made anew while time runs. Where little happens each thing is
    /// shown at once; under load everything is another with every frame, and nobody reads more than ten of them a second, or
    /// more than five where every row is another one. Comparing two long ledgers takes more than a frame has.
    fn read_every(&self, desk: &Desk) -> u32 {
        const READABLE: u32 = 6;
        const READABLE_IN_A_FLOOD: u32 = 12;
        const ORDERS_PER_FRAME: usize = 500;
        let orders = if self.session.twin().is_some() { self.session.run().lab().order_count() } else { 0 };
        let in_flight = desk.moving.with_untracked(|moving| moving.flights.len());
        let readable = if Crowd::of(in_flight) == Crowd::Flood { READABLE_IN_A_FLOOD } else { READABLE };
        readable.max(1 + u32::try_from(orders / ORDERS_PER_FRAME).unwrap_or(u32::MAX / 2))
    }

    /// How many frames after what is read was made it may be made anew while the moment is dragged. Through a long run every
    /// row is another with every move, and nobody reads what passes by: it is there where one lingers.
    fn linger(&self) -> u32 {
        const LINGER: u32 = 24;
        const ORDERS_AT_ONCE: usize = 500;
        if self.session.run().history().frontier().order_count() > ORDERS_AT_ONCE { LINGER } else { 0 }
    }

    /// Reads on in the trace for whoever looks at what comes of it, and now and then shows that.
    fn publish_what_lasts(&mut self, desk: &Desk) {
        let (due, wanted) = (self.is_time(self.lasts_in), desk.watched.get_untracked());
        match desk.drawer.get_untracked() {
            Drawer::Staleness => {
                if let Some(seen) = self.lags.read_on(&self.session, wanted, due) {
                    self.lasts_in = self.frames;
                    set_if_new(desk.staleness, Arc::new(seen));
                }
            }
            Drawer::Metrics => {
                if let Some(readings) = self.gauges.read_on(&self.session, wanted, due) {
                    self.lasts_in = self.frames;
                    set_if_new(desk.readings, Arc::new(readings));
                }
            }
            Drawer::Log | Drawer::Spacetime => {}
        }
    }

    fn publish_facts(&mut self, desk: &Desk) {
        self.facts_due = false;
        self.facts_in = self.frames;
        set_if_new(desk.facts, Arc::new(self.session.facts()));
    }

    fn publish_recording(&self, desk: &Desk) {
        let recording = self.session.run().recording();
        self.publish_twin(desk);
        let given = self.session.given();
        set_if_new(desk.given, Arc::new(given.clone()));
        set_if_new(desk.scenario, Arc::new(recording.scenario.clone()));
        set_if_new(desk.waiting, Arc::new(self.session.waiting()));
        set_if_new(desk.seed, recording.scenario.seed);
        set_if_new(desk.title, (recording.scenario.name.clone(), recording.scenario.about.clone()));
        set_if_new(desk.slug, self.session.slug());
        set_if_new(desk.branches, self.session.branches().names());
        set_if_new(desk.history, self.session.can_undo_redo());
    }
}

/// Sets a signal only when that changes it, so that nothing downstream runs for nothing.
fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
