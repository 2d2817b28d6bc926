//! Sparks: what has just happened at a place, to be shown there for a moment.

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::delivery::Delivered;
use crate::system::place::Place;
use crate::system::trace::{Entry, Trace, What};

use super::places::{place_of, target_of};

/// Something that has just happened at a place, to be shown there for a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spark {
    /// When.
    pub at: Micros,
    /// Where.
    pub place: Place,
    /// The event, if it was about one.
    pub event: Option<EventId>,
    /// Which delivery of it, from 1.
    pub attempt: u16,
    /// What happened.
    pub kind: SparkKind,
}

/// What a spark shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SparkKind {
    /// The read model took the event in.
    Applied,
    /// The read model took the event in once more: a promise is broken.
    AppliedAgain,
    /// A protection let the event bounce off.
    Skipped,
    /// The event waits for its predecessors.
    Held,
    /// The instance crashed.
    Crashed,
}

/// What has happened since `since`, up to the end of `trace`.
pub fn sparks(trace: Trace<'_>, since: Micros) -> Vec<Spark> {
    let from = trace.partition_point(|entry| entry.at < since);
    sparks_on(&[], trace.part(from..), since)
}

/// What has happened since `since`, of which some was `seen` before the `new` part of the trace.
pub fn sparks_on(seen: &[Spark], new: Trace<'_>, since: Micros) -> Vec<Spark> {
    let spark = |entry: &Entry, place, delivered: Delivered, kind| Spark {
        at: entry.at,
        place,
        event: Some(delivered.event),
        attempt: delivered.attempt,
        kind,
    };
    let mut sparks: Vec<Spark> = seen.iter().filter(|spark| spark.at >= since).cloned().collect();
    for entry in new {
        match entry.what {
            What::Applied { delivered, .. } => {
                sparks.push(spark(&entry, target_of(delivered.reader), delivered, SparkKind::Applied));
            }
            What::Broken { event, reader, .. } if event.0 > 0 => {
                let place = target_of(reader);
                let applied = sparks.iter_mut().rev().find(|spark| spark.place == place && spark.event == Some(event));
                if let Some(applied) = applied {
                    applied.kind = SparkKind::AppliedAgain;
                }
            }
            What::Skipped { delivered, .. } => {
                sparks.push(spark(
                    &entry,
                    place_of(delivered.reader, delivered.instance),
                    delivered,
                    SparkKind::Skipped,
                ));
            }
            What::HeldForGap { delivered, .. } => {
                sparks.push(spark(&entry, place_of(delivered.reader, delivered.instance), delivered, SparkKind::Held));
            }
            What::Crashed { delivered, .. } => {
                sparks.push(spark(
                    &entry,
                    place_of(delivered.reader, delivered.instance),
                    delivered,
                    SparkKind::Crashed,
                ));
            }
            _ => {}
        }
    }
    sparks
}
