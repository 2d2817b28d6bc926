//! The system as a picture: parts with their state and the slots of the log, and apart from these every message on its way.

use crate::kernel::time::Micros;
use crate::oracle::judgement::Freshness;
use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;
use crate::system::place::{PartitionId, Place, Reader};

mod asking;
mod broker;
mod composing;
mod cuts;
mod edges;
mod flight;
mod flights;
mod marks;
mod node;
mod nodes;
mod places;
mod services;
mod sparks;
mod versions;
mod ways;

pub use self::edges::{EdgeLink, EdgeState, EdgeView};
pub use self::flights::{flight as flight_of, flights};
pub use self::sparks::{Spark, SparkKind, sparks, sparks_on};

/// Everything that stands on the stage at one moment; what moves between its parts are the [`flights`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    /// The parts, each at its place.
    pub nodes: Vec<Node>,
    /// The partitions of the log; those of the other services only where these take part. None where there are queues.
    pub partitions: Vec<PartitionView>,
    /// The queues, one for each reader. None where there is a log.
    pub queues: Vec<QueueView>,
    /// The ways that messages can take, whether any does at this moment or not.
    pub ways: Vec<(Place, Place)>,
    /// The ways, each from one place to another, that are cut at this moment.
    pub cuts: Vec<(Place, Place)>,
    /// The edge servers, the first one first; each has a node too. None where there are none.
    pub edges: Vec<EdgeView>,
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
    /// What it has to say besides: faults that act on it, protections at work, and what it keeps waiting.
    pub marks: Vec<Mark>,
}

/// Something about a part that is worth a mark: a fault, a protection at work, or what waits because of either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What kind of thing it is.
    pub kind: MarkKind,
    /// It in a few words, such as `2 parked`.
    pub text: String,
}

/// What a mark tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MarkKind {
    /// Something from outside acts on the part.
    Fault,
    /// A protection does.
    Guard,
    /// Events are kept back.
    Waiting,
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
    /// Crashed, or out.
    Down,
    /// Paused: it does nothing, and has forgotten nothing.
    Paused,
}

/// One partition of the log: a window on its last slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionView {
    /// Which one.
    pub id: PartitionId,
    /// The slots of the window, oldest first.
    pub slots: Vec<Slot>,
    /// The offset that the next event will get.
    pub end: u64,
    /// For each reader: the offset up to which (not included) it has saved its position.
    pub committed: Vec<(Reader, u64)>,
}

/// One slot of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its offset.
    pub offset: u64,
    /// The event in it.
    pub event: EventId,
    /// Has every reader saved a position behind it?
    pub done: bool,
}

/// The queue of one reader: a window on its oldest messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueView {
    /// Whose it is.
    pub reader: Reader,
    /// What was handed out and is not acknowledged, and then what nobody has; each oldest first.
    pub slots: Vec<QueueSlot>,
    /// How many messages nobody has.
    pub waiting: usize,
    /// How many were handed out and are not acknowledged.
    pub out: usize,
}

/// One message in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueSlot {
    /// The event in it.
    pub event: EventId,
    /// Was it handed out, and is invisible to others until it is acknowledged or missed?
    pub out: bool,
}

/// A message on its way. Its place at a moment is a pure function of `sent`, `due` and the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flight {
    /// Stays the same while it flies; no two messages on their way have the same.
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
    /// Does it say that a command or a query was refused?
    pub refused: bool,
    /// How an answer to a query stood to the truth when it left; everything else is fresh.
    pub freshness: Freshness,
    /// The order, product or customer that it is about.
    pub of: Aggregate,
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
    /// A client's query, or a question on its behalf.
    Query,
    /// The answer to a query.
    Reply,
    /// The state of a read model on its way to a replica of it.
    Copy,
}

/// The stage at the lab's moment.
pub fn stage(lab: &Lab) -> Stage {
    Stage {
        nodes: nodes::nodes(lab),
        partitions: broker::partitions(lab),
        queues: broker::queues(lab),
        ways: ways::ways(lab),
        cuts: cuts::cuts(lab),
        edges: edges::edges(lab),
    }
}
