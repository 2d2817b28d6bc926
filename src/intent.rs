//! What a person can want of a run.

use sim::kernel::time::Micros;
use sim::scenario::recording::{Recording, Scenario};
use sim::system::options::{Options, Scripted, ScriptedQuery};
use sim::system::place::Model;
use sim::view::grasp::Deed;

use crate::session::twin::TwinAct;
use crate::speed::Speed;

/// One wish.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    /// Let virtual time run, or halt it.
    TogglePlay,
    /// Halt virtual time.
    Pause,
    /// To the next thing that happens.
    StepForward,
    /// To the thing that happened before.
    StepBack,
    /// To a moment.
    SeekTime(Micros),
    /// To the moment after so many steps.
    SeekStep(u64),
    /// To the beginning.
    First,
    /// To the end of what is known, and on with it until all of it is.
    Last,
    /// To the next fault, broken promise or change of a verdict.
    NextMark,
    /// To the fault, broken promise or change of a verdict before.
    PreviousMark,
    /// Let virtual time run faster or slower.
    Speed(Speed),
    /// Change the options from this moment on.
    Edit(Box<Options>),
    /// Change the scenario: its options from this moment on; its words and measures at once; its chances from the start.
    Rewrite(Box<Scenario>),
    /// The same traffic from the start, with the options as they are now.
    Replay,
    /// The same, but looked at from shortly before a moment on.
    ReplayNear(Micros),
    /// The same options with other chances, from the start.
    Reseed(u64),
    /// Let the next delivery to this model's projector arrive twice.
    DeliverTwice(Model),
    /// Let this model's projector remember processed events from this moment on.
    Remember(Model),
    /// Open a scenario that comes with the page.
    OpenPreset(&'static str),
    /// Open a recording.
    Open(Box<Recording>),
    /// The scenario as it came.
    Reset,
    /// Show the run without the fault that makes the asked cell what it is, on a branch of its own.
    WithoutFault,
    /// Take back the last change.
    Undo,
    /// Make it again.
    Redo,
    /// Do something by hand, at this moment.
    Do(Deed),
    /// Let a client send a command, at this moment.
    Send(Box<Scripted>),
    /// Let a client ask a query, at this moment.
    Ask(Box<ScriptedQuery>),
    /// Go to another kept branch.
    Branch(usize),
    /// Call a kept branch something else.
    NameBranch(usize, String),
    /// Something about the twin.
    Twin(TwinAct),
}
