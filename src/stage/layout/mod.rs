//! Where everything stands in the picture: from what a run has to boxes and curves. A pure function.

mod clients;
mod shape;
mod tall;
#[cfg(test)]
mod tests;
mod ways;
mod wide;

use std::collections::BTreeMap;

use sim::system::place::{Place, Service, TopicName};

pub use self::shape::Shape;
use super::geometry::{Axis, Curve, Rect};

/// Which way the picture runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// From left to right, for a desk.
    Wide,
    /// From top to bottom, for a phone.
    Tall,
}

/// Where the name of a partition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// Its whole name over it, and the names of the saved positions beside these.
    Over,
    /// Its number before it, under the name of its topic.
    Number,
    /// Its whole name before it.
    Before,
}

/// Where everything stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The part of the plane that the picture fills.
    pub view: Rect,
    /// How many slots of a partition are shown.
    pub slots: usize,
    /// Where the names of partitions stand.
    pub naming: Naming,
    /// The dotted frames and their titles.
    pub frames: Vec<(&'static str, Rect)>,
    /// The frame of each topic within the broker.
    pub topics: Vec<(TopicName, Rect)>,
    axis: Axis,
    /// Do edge servers stand between the clients and the rest?
    has_edges: bool,
    rects: BTreeMap<Place, Rect>,
    lines: Vec<(Place, Place)>,
}

impl Layout {
    /// The layout of a shape.
    pub fn new(form: Form, shape: &Shape) -> Self {
        let mut layout = match form {
            Form::Wide => wide::layout(shape),
            Form::Tall => tall::layout(shape),
        };
        layout.lines = ways::lines(shape);
        layout.has_edges = !shape.edges().is_empty();
        layout
    }

    /// The direction in which the picture mainly runs.
    pub const fn axis(&self) -> Axis {
        self.axis
    }

    /// The box of a place; `None` for a part that is not there (any more).
    pub fn rect(&self, place: Place) -> Option<Rect> {
        self.rects.get(&place).copied()
    }

    /// Every place with its box.
    pub fn places(&self) -> impl Iterator<Item = (Place, Rect)> {
        self.rects.iter().map(|(place, rect)| (*place, *rect))
    }

    /// The lines of the picture, at rest.
    pub fn lines(&self) -> &[(Place, Place)] {
        &self.lines
    }

    /// The way from one place to another.
    pub fn curve(&self, from: Place, to: Place) -> Option<Curve> {
        let (start, end) = (self.end(from, to)?, self.end(to, from)?);
        let around = self.around(from, to, (&start, &end));
        Some(around.unwrap_or_else(|| Curve::between(&start, &end, self.axis)))
    }

    /// The box at which a way ends: at the broker, the topic of whoever publishes.
    fn end(&self, place: Place, other: Place) -> Option<Rect> {
        let topic = match (place, other) {
            (Place::Broker, Place::Outbox) => Some(TopicName::OrderEvents),
            (Place::Broker, Place::OwnerOutbox(Service::Products)) => Some(TopicName::ProductEvents),
            (Place::Broker, Place::OwnerOutbox(Service::Customers)) => Some(TopicName::CustomerEvents),
            _ => None,
        };
        // What leaves a partition to the left begins beside its number and not on it.
        if let (Place::Partition(_), Place::Replica(_) | Place::Saga, Axis::X) = (place, other, self.axis) {
            let (row, frame) = (self.rect(place)?, self.rect(Place::Broker)?);
            return Some(Rect { x: frame.x, w: row.right() - frame.x, ..row });
        }
        let of_topic = topic.and_then(|topic| self.topics.iter().find(|(name, _)| *name == topic));
        of_topic.map(|(_, rect)| *rect).or_else(|| self.rect(place))
    }
}
