//! What is under a finger or a pointer: a message, a slot, a part, or a way between two. A pure function, because most
//! messages are dots on a canvas and no elements of their own.

use sim::kernel::time::Micros;
use sim::shop::ids::EventId;
use sim::system::place::Place;
use sim::view::stage::{Flight, Stage};

use super::crowd::Crowd;
use super::geometry::{Point, Rect};
use super::layout::Layout;
use super::messages::trips;
use super::slots::{queue_slots, slots};
use crate::snapshot::Selection;

/// What was touched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Picked {
    /// A message on its way: the number of its flight, and what it is about.
    Message(u64, Selection),
    /// An event in a slot of the log or of a queue.
    Slot(EventId),
    /// A part.
    Part(Place),
    /// The way from one part to another.
    Way(Place, Place),
}

/// The moment at which something is touched, and how exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Touch {
    /// Where, in units of the picture.
    pub at: Point,
    /// How far beside a thing still counts: a finger is broader than a message.
    pub reach: f64,
    /// The moment.
    pub clock: Micros,
    /// Do messages stand in the middle of their ways?
    pub still: bool,
}

/// What is there. What is drawn on top comes first.
pub fn pick(layout: &Layout, stage: &Stage, flights: &[Flight], touch: Touch) -> Option<Picked> {
    message(layout, flights, touch)
        .or_else(|| slot(layout, stage, touch.at))
        .or_else(|| part(layout, touch.at))
        .or_else(|| way(layout, touch))
        .or_else(|| broker(layout, touch.at))
}

fn message(layout: &Layout, flights: &[Flight], touch: Touch) -> Option<Picked> {
    if Crowd::of(flights.len()) == Crowd::Flood {
        return None;
    }
    let trips = trips(flights, layout);
    let near = trips.iter().filter_map(|trip| {
        let at = trip.place(touch.clock, touch.still);
        let (dx, dy) = ((at.x - touch.at.x).abs(), (at.y - touch.at.y).abs());
        let within = dx <= touch.reach.max(trip.width() / 2.0) && dy <= touch.reach.max(9.5);
        within.then_some((dx.hypot(dy), &trip.flight))
    });
    let (_, flight) = near.min_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(Picked::Message(flight.id, Selection { of: flight.of, event: flight.event }))
}

fn slot(layout: &Layout, stage: &Stage, at: Point) -> Option<Picked> {
    let hit = |(rect, event): (Rect, Option<EventId>)| event.filter(|_| rect.contains(at));
    let in_log = stage.partitions.iter().find_map(|partition| {
        let rect = layout.rect(Place::Partition(partition.id))?;
        slots(partition, &rect, layout.slots)
            .into_iter()
            .map(|(rect, slot)| (rect, slot.map(|one| one.event)))
            .find_map(hit)
    });
    let in_queue = || {
        stage.queues.iter().find_map(|queue| {
            let rect = layout.rect(Place::Queue(queue.reader))?;
            let slots = queue_slots(queue, &rect, layout.slots);
            slots.into_iter().map(|(rect, slot)| (rect, slot.map(|one| one.event))).find_map(hit)
        })
    };
    in_log.or_else(in_queue).map(Picked::Slot)
}

fn part(layout: &Layout, at: Point) -> Option<Picked> {
    let mut parts = layout.places().filter(|(place, _)| *place != Place::Broker);
    parts.find(|(_, rect)| rect.contains(at)).map(|(place, _)| Picked::Part(place))
}

fn way(layout: &Layout, touch: Touch) -> Option<Picked> {
    /// Points of a curve that are looked at: no two are further apart than a finger is broad.
    const POINTS: u32 = 96;
    let distance = |from, to| {
        let curve = layout.curve(from, to)?;
        let points = (0..=POINTS).map(|n| curve.at(f64::from(n) / f64::from(POINTS)));
        points.map(|point| (point.x - touch.at.x).hypot(point.y - touch.at.y)).min_by(f64::total_cmp)
    };
    let ways = layout.lines().iter().filter_map(|(from, to)| Some((distance(*from, *to)?, *from, *to)));
    let (near, from, to) = ways.min_by(|a, b| a.0.total_cmp(&b.0))?;
    (near <= touch.reach).then_some(Picked::Way(from, to))
}

fn broker(layout: &Layout, at: Point) -> Option<Picked> {
    layout.rect(Place::Broker).filter(|rect| rect.contains(at)).map(|_| Picked::Part(Place::Broker))
}
