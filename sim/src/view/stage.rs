//! The system as a picture: parts with their state, the slots of the log, and every message on its way.

use crate::kernel::time::Micros;
use crate::shop::ids::{EventId, OrderId};
use crate::system::place::{Model, Place};

/// Everything on the stage at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    /// The parts, each at its place.
    pub nodes: Vec<Node>,
    /// The partitions of `order-events`.
    pub partitions: Vec<PartitionView>,
    /// The messages on their way, soonest arrival first.
    pub flights: Vec<Flight>,
}

/// One part of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it stands, and which part it is.
    pub place: Place,
    /// Its name, such as `Projector 2`.
    pub title: String,
    /// One or two short lines on how it is, each with its units.
    pub lines: Vec<String>,
    /// What the colour says.
    pub mood: Mood,
}

/// The state of a part, told by colour, pattern and word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mood {
    /// Nothing special.
    Fine,
    /// A read model that shows what was true earlier.
    Stale,
    /// A read model that shows what was never true.
    Wrong,
    /// Crashed.
    Down,
}

/// One partition of the log: a window on its last slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionView {
    /// Its number.
    pub index: u8,
    /// The slots of the window, oldest first.
    pub slots: Vec<Slot>,
    /// The offset that the next event will get.
    pub end: u64,
    /// For each read model's projection: the offset up to which (not included) it has saved its position.
    pub committed: Vec<(Model, u64)>,
}

/// One slot of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its offset.
    pub offset: u64,
    /// The event in it.
    pub event: EventId,
    /// Has every projection saved a position behind it?
    pub done: bool,
}

/// A message on its way. Its place at a moment is a pure function of `sent`, `due` and the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flight {
    /// Stays the same while it flies; unique within a stage.
    pub id: u64,
    /// What is written on it, such as `e7`.
    pub label: String,
    /// What it is.
    pub kind: FlightKind,
    /// Which try to deliver it, from 1.
    pub attempt: u16,
    /// Where it comes from.
    pub from: Place,
    /// Where it goes.
    pub to: Place,
    /// When it left.
    pub sent: Micros,
    /// When it arrives, or would have arrived.
    pub due: Micros,
    /// Will it be lost on the way?
    pub lost: bool,
    /// Is it a second copy that the link made?
    pub copy: bool,
    /// The order that it is about.
    pub order: OrderId,
    /// The event that it carries, if it carries one.
    pub event: Option<EventId>,
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FlightKind {
    /// A client's command.
    Command,
    /// The answer to a command: accepted or refused.
    Answer,
    /// An event being published or delivered.
    Event,
    /// The broker's acknowledgement.
    Acknowledgement,
}
