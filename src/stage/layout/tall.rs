//! The picture from top to bottom, for a phone.

use std::collections::BTreeMap;

use sim::system::place::{Model, Place, Service, TopicName};

use super::shape::partition;
use super::{Layout, Naming, Shape};
use crate::stage::geometry::{Axis, Rect};

const LEFT: f64 = 8.0;
const WIDTH: f64 = 374.0;
const GAP: f64 = 20.0;
/// The room that a lane beside the picture takes.
const LANE: f64 = 14.0;

/// The picture while it grows downwards.
struct Growing {
    rects: BTreeMap<Place, Rect>,
    frames: Vec<(&'static str, Rect)>,
    topics: Vec<(TopicName, Rect)>,
    y: f64,
}

/// The layout of a shape.
pub fn layout(shape: &Shape) -> Layout {
    let mut growing = Growing { rects: BTreeMap::new(), frames: Vec::new(), topics: Vec::new(), y: 6.0 };
    if shape.is_rich() {
        growing.command_side(shape);
    } else {
        growing.order_service();
    }
    growing.edges(&shape.edges());
    growing.broker(shape);
    growing.query_side(shape);
    growing.serving(shape);
    let Growing { rects, frames, topics, y } = growing;
    // What leads back up to the edges does so beside everything else.
    let lane = if shape.edges().is_empty() { 0.0 } else { LANE };
    Layout {
        view: Rect::new(0.0, 0.0, WIDTH + 2.0 * LEFT + lane, y + 8.0 + lane),
        slots: 10,
        naming: Naming::Before,
        frames,
        topics,
        axis: Axis::Y,
        has_edges: false,
        rects,
        lines: Vec::new(),
    }
}

/// `count` boxes side by side.
fn row(x: f64, width: f64, y: f64, height: f64, count: usize, gap: f64) -> impl Iterator<Item = Rect> {
    let each = (width - gap * (count.max(1) - 1) as f64) / count.max(1) as f64;
    (0..count).map(move |n| Rect::new(x + n as f64 * (each + gap), y, each, height))
}

impl Growing {
    fn put_row(&mut self, places: &[Place], (x, width): (f64, f64), height: f64) {
        let y = self.y;
        self.rects.extend(places.iter().copied().zip(row(x, width, y, height, places.len(), 8.0)));
        self.y += height;
    }

    /// The Order Service alone, with its clients beside it.
    fn order_service(&mut self) {
        self.frames.push(("Order Service", Rect::new(106.0, 6.0, 276.0, 140.0)));
        self.rects.extend([
            (Place::Shopper, Rect::new(LEFT, 34.0, 82.0, 48.0)),
            (Place::Handler, Rect::new(116.0, 30.0, 256.0, 44.0)),
            (Place::Orders, Rect::new(116.0, 84.0, 122.0, 52.0)),
            (Place::Outbox, Rect::new(250.0, 84.0, 122.0, 52.0)),
        ]);
        self.y = 160.0;
    }

    fn command_side(&mut self, shape: &Shape) {
        let around = [Place::Shopper, Place::Gateway, Place::BackOffice, Place::Payments];
        let around: Vec<Place> = around.into_iter().filter(|place| shape.has(*place)).collect();
        self.put_row(&around, (LEFT, WIDTH), 42.0);
        self.y += GAP;
        let (x, w) = (LEFT + 10.0, WIDTH - 20.0);
        let top = self.y;
        self.y += 26.0;
        self.put_row(&[Place::Handler], (x, w), 44.0);
        self.y += 10.0;
        self.put_row(&[Place::Orders, Place::Outbox], (x, w), 44.0);
        let replicas: Vec<Place> = shape.replicas().into_iter().map(Place::Replica).collect();
        if !replicas.is_empty() {
            self.y += 12.0;
            self.put_row(&replicas, (x, w), 44.0);
        }
        self.y += 10.0;
        self.frames.push(("Order Service", Rect::new(LEFT, top, WIDTH, self.y - top)));
        if shape.has(Place::Saga) {
            self.y += 14.0;
            self.put_row(&[Place::Saga], (x, w), 44.0);
        }
        let owners = shape.owners();
        if !owners.is_empty() {
            self.y += 14.0;
            let top = self.y;
            for (service, frame) in owners.iter().zip(row(LEFT, WIDTH, top, 82.0, owners.len(), 8.0)) {
                self.y = top + 26.0;
                let places = [Place::Owner(*service), Place::OwnerOutbox(*service)];
                self.put_row(&places, (frame.x + 8.0, frame.w - 16.0), 46.0);
                let title = if *service == Service::Customers { "Customer Service" } else { "Product Service" };
                self.frames.push((title, frame));
            }
            self.y = top + 82.0;
        }
        self.y += GAP;
    }

    /// At most four stand in a row, so that their words fit.
    fn edges(&mut self, edges: &[Place]) {
        for row in edges.chunks(4) {
            self.put_row(row, (LEFT, WIDTH), 44.0);
            self.y += GAP;
        }
    }

    fn broker(&mut self, shape: &Shape) {
        let topics = shape.topics();
        let queues = shape.queues();
        let rows = topics.iter().map(|(_, count)| f64::from(*count)).sum::<f64>() + queues.len() as f64;
        let pitch = (190.0 / rows.max(1.0)).clamp(16.0, 46.0);
        let slot = (pitch - 6.0).min(24.0);
        let top = self.y;
        let mut y = top + 24.0 + (pitch - slot) / 2.0;
        let mut put = |rects: &mut BTreeMap<Place, Rect>, place| {
            rects.insert(place, Rect::new(LEFT + 122.0, y, 242.0, slot));
            y += pitch;
        };
        for (topic, count) in topics {
            let first =
                top + 24.0 + pitch * self.rects.keys().filter(|one| matches!(one, Place::Partition(_))).count() as f64;
            self.topics.push((topic, Rect::new(LEFT, first, WIDTH, pitch * f64::from(count))));
            (0..count).for_each(|index| put(&mut self.rects, partition(topic, index)));
        }
        queues.into_iter().for_each(|reader| put(&mut self.rects, Place::Queue(reader)));
        let frame = Rect::new(LEFT, top, WIDTH, 30.0 + rows * pitch);
        self.rects.insert(Place::Broker, frame);
        self.frames.push(("Broker", frame));
        self.y = frame.bottom() + GAP;
    }

    fn query_side(&mut self, shape: &Shape) {
        let models = shape.models();
        let in_row = match models.len() {
            0..=3 => models.len().max(1),
            4 => 2,
            _ => 3,
        };
        let height = if models.len() <= 2 { 78.0 } else { 62.0 };
        for group in models.chunks(in_row) {
            let top = self.y;
            // Five instances and more stand in two rows.
            let rows = group.iter().map(|(_, instances)| if *instances > 4 { 2 } else { 1 }).max().unwrap_or(1);
            let each = if rows > 1 { 30.0 } else { 46.0 };
            for (column, (model, instances)) in row(LEFT, WIDTH, top, height, in_row, 8.0).zip(group) {
                let per_row = usize::from(instances.div_ceil(rows));
                for number in 0..*instances {
                    let (line, along) = (usize::from(number) / per_row.max(1), usize::from(number) % per_row.max(1));
                    let y = top + line as f64 * (each + 4.0);
                    let rect = row(column.x, column.w, y, each, per_row, 4.0).nth(along).unwrap_or_default();
                    self.rects.insert(Place::Projector(*model, number), rect);
                }
                let y = top + f64::from(rows) * (each + 4.0) + 16.0;
                let mut below = y;
                for place in [Place::ReadModel(*model), Place::Second(*model)] {
                    if shape.has(place) {
                        self.rects.insert(place, Rect { y: below, ..column });
                        below += height + 14.0;
                    }
                }
            }
            let versions = |(model, _): &(Model, u8)| {
                f64::from(u8::from(shape.has(Place::ReadModel(*model))) + u8::from(shape.has(Place::Second(*model))))
            };
            let most = group.iter().map(versions).fold(1.0, f64::max);
            self.y = top + f64::from(rows) * (each + 4.0) + 16.0 + most * (height + 14.0) - 14.0 + GAP;
        }
        self.y -= GAP;
    }

    /// The query API and what belongs to it, and below them those who ask.
    fn serving(&mut self, shape: &Shape) {
        let places = shape.serving();
        let (clients, others): (Vec<Place>, Vec<Place>) =
            places.into_iter().partition(|place| *place == Place::QueryClients);
        if others.is_empty() {
            return;
        }
        for group in others.chunks(5) {
            self.y += GAP + 8.0;
            self.put_row(group, (LEFT, WIDTH), 46.0);
        }
        self.y += 56.0;
        self.put_row(&clients, (LEFT + 90.0, WIDTH - 180.0), 46.0);
    }
}
