//! The session: a run in play, what a person does to it, and everything that was tried. It knows no browser.

pub mod branches;
mod kept;
mod look;
mod play;
mod proving;
mod run;
mod tale;
pub mod twin;
mod undo;

#[cfg(test)]
mod tests;

use sim::kernel::time::Micros;
use sim::scenario::counterfactual::Counterfactual;
use sim::scenario::json;
use sim::scenario::machine::Change;
use sim::scenario::presets::PRESETS;
use sim::scenario::recording::{Recording, Scenario};
use sim::scenario::value_path::differences;
use sim::shop::ids::CommandId;
use sim::system::options::{Idempotency, Options, Scripted, ScriptedQuery};
use sim::system::place::Model;
use sim::system::queries::message::QueryId;
use sim::view::grasp::{Deed, slowed};
use sim::view::hands::deliver_twice;
use sim::view::log::after;
use sim::view::sending::Sent;

use self::branches::Branches;
pub use self::look::{Asked, spark_life};
use self::play::Motion;
use self::run::{Run, Take};
use self::twin::{Side, Twin};
use self::undo::Taken;
use crate::bench::scope::projection_mut;
use crate::intent::Intent;
use crate::speed::Speed;

/// Steps of simulation in one frame, at most: about three milliseconds.
const FRAME_STEPS: u64 = 3_000;
/// How long before the interesting moment a replayed story starts, so that one sees it coming.
const LEAD_IN: Micros = Micros::from_millis(1_500);

/// A session.
#[derive(Debug)]
pub struct Session {
    /// The scenario as it came.
    given: Scenario,
    /// Its name in addresses, if it came with the page.
    slug: Option<&'static str>,
    /// On the heap: a machine is large, and a session is handed on by value.
    run: Box<Run>,
    /// The run beside it.
    twin: Option<Box<Twin>>,
    branches: Branches,
    taken: Taken,
    motion: Motion,
    speed: Speed,
    /// What was sent by hand last, and after which step.
    sent: Option<(u64, Sent)>,
    /// The search for the fault that made a cell what it is.
    proving: Option<Counterfactual>,
}

/// What a frame or a wish has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// More of the run is known.
    pub known: bool,
    /// The recording is another one: it is to be kept, and the options may be others.
    pub recording: bool,
}

impl Session {
    /// Opens a recording at a moment. `given` is the scenario as it once came.
    pub fn resumed(given: Scenario, recording: Recording, at: Micros) -> Self {
        let take = Take { recording, at };
        let branches = Branches::new(take.clone());
        let run = Box::new(Run::of(take));
        Self {
            given,
            slug: None,
            run,
            twin: None,
            branches,
            taken: Taken::default(),
            motion: Motion::Play,
            speed: Speed::REAL,
            sent: None,
            proving: None,
        }
    }

    /// The same session of a scenario that came with the page under this name.
    pub fn named(mut self, slug: Option<&'static str>) -> Self {
        self.slug = slug;
        self
    }

    /// The name in addresses of the scenario, if it came with the page.
    pub const fn slug(&self) -> Option<&'static str> {
        self.slug
    }

    /// The scenario that comes with the page under this name.
    pub fn preset(slug: &str) -> Option<Recording> {
        let preset = PRESETS.iter().find(|preset| preset.slug == slug)?;
        Recording::from_json(preset.json).ok()
    }

    /// The run.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The scenario as it came.
    pub const fn given(&self) -> &Scenario {
        &self.given
    }

    /// Does virtual time run?
    pub const fn is_playing(&self) -> bool {
        matches!(self.motion, Motion::Play)
    }

    /// Does the moment move by itself?
    pub const fn is_moving(&self) -> bool {
        !matches!(self.motion, Motion::Rest)
    }

    /// How fast it runs.
    pub const fn speed(&self) -> Speed {
        self.speed
    }

    /// The kept branches.
    pub const fn branches(&self) -> &Branches {
        &self.branches
    }

    /// The same session with the branches of an earlier visit, unless they can not be read.
    pub fn with_branches(mut self, kept: &str) -> Self {
        if let Some(branches) = Branches::from_json(kept, &self.run.take()) {
            self.branches = branches;
        }
        self
    }

    /// Is there a change to take back, and one to make again?
    pub const fn can_undo_redo(&self) -> (bool, bool) {
        self.taken.can_undo_redo()
    }

    /// The options that were last asked for at or before the moment. A run that goes on keeps its partitions, so the lab's
    /// own options may differ from them until the next replay.
    pub fn options(&self) -> &Options {
        self.run.options()
    }

    /// The options that the bench shows: those of the run that is edited.
    pub fn shown_options(&self) -> &Options {
        self.side(self.edited()).options()
    }

    /// The paths of the options that were asked for, and that the run does not have because it was laid out without them.
    pub fn waiting(&self) -> Vec<String> {
        let run = self.side(self.edited());
        let (asked, has) = (run.options(), run.lab().world().options());
        if asked == has {
            return Vec::new();
        }
        differences(&json::of_options(asked), &json::of_options(has))
            .into_iter()
            .map(|path| format!("options.{path}"))
            .collect()
    }

    /// Does what a person wants.
    pub fn apply(&mut self, intent: Intent) -> Changed {
        // Who wants something else on the way to the end wants it where they are.
        self.rest_if(self.motion == Motion::ToEnd);
        match intent {
            Intent::TogglePlay => self.toggle(),
            Intent::Pause => self.motion = Motion::Rest,
            Intent::Speed(speed) => self.speed = speed,
            Intent::StepForward => self.look(Self::step_on),
            Intent::StepBack => self.look(Self::step_back),
            Intent::SeekTime(at) => self.seek_time(at),
            Intent::SeekStep(step) => self.look(|session| session.seek_step(step)),
            Intent::First => self.look(|session| session.seek_step(0)),
            Intent::Last => self.go_to_end(),
            Intent::NextMark => self.seek_mark(true),
            Intent::PreviousMark => self.seek_mark(false),
            changing => return self.alter(changing),
        }
        Changed::default()
    }

    /// The wishes that make another recording.
    fn alter(&mut self, intent: Intent) -> Changed {
        let done = match intent {
            Intent::Edit(options) => self.edit(*options),
            Intent::Remember(model) => {
                let mut options = self.options().clone();
                projection_mut(&mut options, model).idempotency = Idempotency::ProcessedEvents;
                self.edit_run(options)
            }
            Intent::DeliverTwice(model) => self.deliver_twice(model),
            Intent::Rewrite(scenario) => self.rewrite(*scenario),
            Intent::Replay => self.start_over(self.present(), Micros::ZERO),
            Intent::ReplayNear(at) => self.start_over(self.present(), Micros(at.0.saturating_sub(LEAD_IN.0))),
            Intent::Reseed(seed) => self.start_over(Scenario { seed, ..self.present() }, Micros::ZERO),
            Intent::Reset => {
                let plan = self.twin().map(|twin| twin.plan().clone());
                let opened = self.open(Recording::of(self.given.clone()), self.slug);
                self.twin = plan.and_then(|plan| Twin::of(&self.run, plan)).map(Box::new);
                opened
            }
            Intent::Open(recording) => self.open(*recording, None),
            Intent::OpenPreset(slug) => Self::preset(slug).is_some_and(|recording| self.open(recording, Some(slug))),
            Intent::WithoutFault => self.show_without_fault(),
            Intent::Undo => self.go_back(),
            Intent::Redo => self.go_forth(),
            Intent::Do(deed) => self.act_by_hand(deed),
            Intent::Send(line) => self.send_by_hand(line),
            Intent::Ask(line) => self.ask_by_hand(line),
            Intent::Branch(place) => self.switch(place),
            Intent::NameBranch(place, name) => self.branches.name(place, &name),
            Intent::Twin(act) => self.act_on_twin(act),
            _ => false,
        };
        if done {
            // What was proved was proved of another run.
            self.proving = None;
        }
        // What comes next is known at once, so that the story can say it.
        self.run_ahead();
        Changed { known: done, recording: done }
    }

    /// Looks somewhere, at rest: a person who steps wants to see what is there.
    fn look(&mut self, seek: impl FnOnce(&mut Self)) {
        self.motion = Motion::Rest;
        seek(self);
    }

    fn toggle(&mut self) {
        self.motion = if self.is_playing() { Motion::Rest } else { Motion::Play };
        if self.is_playing() && self.is_over() {
            self.seek_step(0);
        }
    }

    /// Makes a change at the moment; in the past, on a branch of its own.
    fn change(&mut self, change: Change) {
        self.change_at_once([change]);
    }

    /// Makes several changes at the moment, which are taken back together.
    fn change_at_once(&mut self, changes: impl IntoIterator<Item = Change>) {
        self.remember();
        if self.run.is_in_the_past() {
            self.branches.fork(self.run.take(), self.run.clock());
        }
        for change in changes {
            if let Some(twin) = &mut self.twin {
                twin.change(change.clone());
            }
            self.run.change(change);
        }
    }

    /// Sends a command, and remembers which one it is: its answer is to be shown.
    fn send_by_hand(&mut self, line: Box<Scripted>) -> bool {
        self.change(Change::Send(line));
        // The moment looked at has it already; the trace tells of it with the next step.
        let command = CommandId(self.run.lab().world().clients().commands_sent());
        self.sent = Some((self.run.history().step(), Sent::Command(command)));
        true
    }

    /// Asks a query, and remembers which one it is: its answer is to be shown.
    fn ask_by_hand(&mut self, line: Box<ScriptedQuery>) -> bool {
        self.change(Change::Ask(line));
        let query = QueryId(self.run.lab().world().reads().clients.asked());
        self.sent = Some((self.run.history().step(), Sent::Query(query)));
        true
    }

    fn act_by_hand(&mut self, deed: Deed) -> bool {
        match deed {
            Deed::Hands(hands) => self.change_at_once(hands.into_iter().map(Change::Hand)),
            Deed::ReplayParked(node) => self.change(Change::ReplayParked(node)),
            Deed::Slow(node, tenths) => {
                return slowed(self.options(), node, tenths).is_some_and(|options| self.edit_run(options));
            }
        }
        true
    }

    /// Other options for the run that is edited: for the run itself from this moment on, for its twin from the beginning.
    fn edit(&mut self, options: Options) -> bool {
        match self.edited() {
            Side::A => self.edit_run(options),
            Side::B => self.want_twin(options),
        }
    }

    fn edit_run(&mut self, options: Options) -> bool {
        let differs = options != *self.options();
        if differs {
            self.change(Change::Options(Box::new(options)));
        }
        differs
    }

    /// Makes the next delivery arrive twice. It may lie ahead of what is known, so the run is let ahead first.
    fn deliver_twice(&mut self, model: Model) -> bool {
        self.run.run_ahead(FRAME_STEPS);
        let history = self.run.history();
        let ahead = after(history.trace(), history.step());
        let Some((_, one)) = deliver_twice(history.frontier(), ahead, model) else { return false };
        self.change(Change::Override(one));
        self.motion = Motion::Play;
        true
    }

    /// The scenario that the run began with, with the options as they are now.
    fn present(&self) -> Scenario {
        Scenario { options: self.options().clone(), ..self.run.recording().scenario.clone() }
    }

    /// Another scenario in place of the one that runs. Other chances are another run; anything else is not.
    fn rewrite(&mut self, scenario: Scenario) -> bool {
        let begun = &self.run.recording().scenario;
        if (scenario.seed, &scenario.overrides) != (begun.seed, &begun.overrides) {
            let options = if self.edited() == Side::A { scenario.options } else { self.options().clone() };
            return self.start_over(Scenario { options, ..scenario }, Micros::ZERO);
        }
        let told = Scenario { options: begun.options.clone(), ..scenario.clone() };
        let retold = told != *begun;
        let edited = self.edit(scenario.options);
        if retold {
            if !edited {
                self.remember();
            }
            self.run.retell(told);
        }
        edited || retold
    }

    /// A run from the start, with every fate that was replaced by hand.
    fn start_over(&mut self, mut scenario: Scenario, at: Micros) -> bool {
        self.remember();
        scenario.overrides.extend(self.run.recording().changes.iter().filter_map(|timed| match &timed.change {
            Change::Override(one) => Some(*one),
            Change::Options(_) | Change::ReplayParked(_) | Change::Hand(_) | Change::Send(_) | Change::Ask(_) => None,
        }));
        self.branches.replay(self.run.take());
        *self.run = Run::of(Take { recording: Recording::of(scenario), at });
        self.derive_twin();
        self.motion = Motion::Play;
        true
    }

    fn open(&mut self, recording: Recording, slug: Option<&'static str>) -> bool {
        self.sent = None;
        self.remember_with_branches();
        self.slug = slug;
        self.given = recording.scenario.clone();
        let take = Take { recording, at: Micros::ZERO };
        self.branches = Branches::new(take.clone());
        *self.run = Run::of(take);
        self.twin = None;
        self.motion = Motion::Play;
        true
    }

    fn switch(&mut self, place: usize) -> bool {
        self.sent = None;
        let Some(take) = self.branches.switch(self.run.take(), place) else { return false };
        *self.run = Run::of(take);
        self.derive_twin();
        true
    }
}
