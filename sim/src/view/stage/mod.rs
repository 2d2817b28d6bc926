//! The system as a picture: parts with their state, the slots of the log, and every message on its way.

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;
use crate::system::place::{PartitionId, Place, Reader, TopicName};

mod flights;
mod nodes;
mod places;
mod services;
mod sparks;

pub use self::flights::flight as flight_of;
pub use self::sparks::{Spark, SparkKind, sparks};

/// Everything on the stage at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    /// The parts, each at its place.
    pub nodes: Vec<Node>,
    /// The partitions of the log; those of the other services only where these take part.
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
    /// Does it say that a command was refused?
    pub refused: bool,
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
}

/// How many slots of a partition are shown.
const SLOTS: u32 = 8;

/// The stage at the lab's moment.
pub fn stage(lab: &Lab) -> Stage {
    Stage { nodes: nodes::nodes(lab), partitions: partitions(lab), flights: flights::flights(lab) }
}

fn partitions(lab: &Lab) -> Vec<PartitionView> {
    let log = lab.world().log();
    let topics = if lab.world().has_owners() { &TopicName::ALL[..] } else { &[TopicName::OrderEvents] };
    topics.iter().flat_map(|topic| log.partitions(*topic)).map(|id| partition(lab, id)).collect()
}

fn partition(lab: &Lab, id: PartitionId) -> PartitionView {
    let log = lab.world().log();
    let saved = |reader: Reader| lab.world().reader(reader).group().saved(id, log, lab.world().options());
    let readers = Reader::ALL
        .into_iter()
        .filter(|reader| lab.world().takes_part(*reader) && lab.world().reader(*reader).group().follows(id.topic));
    let committed: Vec<(Reader, u64)> = readers.map(|reader| (reader, u64::from(saved(reader)))).collect();
    let done_below = committed.iter().map(|(_, offset)| *offset).min().unwrap_or(0);
    let end = log.end(id);
    let slots = (end.saturating_sub(SLOTS)..end).filter_map(|offset| {
        let event = log.at(id, offset)?;
        let offset = u64::from(offset);
        Some(Slot { offset, event, done: offset < done_below })
    });
    PartitionView { id, slots: slots.collect(), end: u64::from(end), committed }
}
