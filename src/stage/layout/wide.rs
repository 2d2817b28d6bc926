//! The picture from left to right: clients, command side, broker, projectors, read models.

use std::collections::BTreeMap;

use sim::system::place::{Place, Service};

use super::clients::Clients;
use super::shape::partition;
use super::{Layout, Naming, Shape};
use crate::stage::geometry::{Axis, Rect};

/// Room around the picture, for tags on upper edges and rings around boxes.
const MARGIN: f64 = 12.0;
/// Where the clients' column begins.
const CLIENTS_X: f64 = 8.0;
/// What ways that lead around the picture need on its left and its right, and under and over it.
const LANE: (f64, f64, f64) = (30.0, 29.0, 14.0);
/// Where the command side begins.
const COMMAND_X: f64 = 126.0;
/// How far a read model is from its projectors.
const MODEL_GAP: f64 = 22.0;
/// The height in which a picture should find room: with it, and about as wide as twice that, its words are still 11 pixels high
/// on a desk of 1440 by 900.
const HEIGHT: f64 = 500.0;
/// The height of a box with a name and two lines.
const TWO_LINES: f64 = 52.0;
/// The height of a box with a name and one line.
const ONE_LINE: f64 = 40.0;
/// The width of what answers queries and of who asks them.
const SERVING_WIDTH: f64 = 108.0;
/// How far those are below the read models, and from each other.
const SERVING_GAP: (f64, f64) = (22.0, 10.0);

/// A column while it is being filled: its boxes hang from the top, and move together.
#[derive(Default)]
struct Column {
    rects: Vec<(Place, Rect)>,
    frames: Vec<(&'static str, Rect)>,
    height: f64,
}

/// The layout of a shape.
pub fn layout(shape: &Shape) -> Layout {
    let rich = shape.is_rich();
    let (command_width, gap, broker_width) = if rich { (208.0, 50.0, 172.0) } else { (160.0, 36.0, 176.0) };
    let (edges, serving) = (shape.edges(), shape.serving());
    let (left, right, over) = match (edges.is_empty(), serving.is_empty()) {
        (true, true) => (0.0, 0.0, 0.0),
        // Only those who ask edges need a lane on the left.
        (true, false) => (0.0, LANE.1, LANE.2),
        (false, _) => LANE,
    };
    let mut command = command_side(shape, left + COMMAND_X, command_width);
    let broker_x = left + COMMAND_X + command_width + gap;
    let projector_x = broker_x + broker_width + 42.0;
    let room = HEIGHT - 2.0 * (MARGIN + over);
    // Beside a rich command side there is less room for words on the query side.
    let widths = if rich { (102.0, 122.0) } else { (112.0, 132.0) };
    let models_end = projector_x + widths.0 + MODEL_GAP + widths.1;
    let mut models = query_side(shape, projector_x, widths, room - serving_height(&serving));
    put_serving(&mut models, &serving, (projector_x, models_end));
    let mut broker = Broker::new(shape, Rect::new(broker_x, 0.0, broker_width, 0.0), command.height);
    let clients = Clients::of(shape);
    let tallest = command.height.max(models.height).max(broker.column.height).max(clients.height());
    let height = tallest + 2.0 * MARGIN;
    command.centre(height);
    models.centre(height);
    let shift = broker.column.centre(height);
    broker.topics.iter_mut().for_each(|(_, rect)| rect.y += shift);
    let mut rects: BTreeMap<Place, Rect> = BTreeMap::new();
    rects.extend(command.rects);
    rects.extend(models.rects);
    rects.extend(broker.column.rects);
    let mut frames = command.frames;
    frames.extend(broker.column.frames);
    clients.put(left + CLIENTS_X, height - MARGIN, &mut rects);
    let width = models_end + 6.0 + right;
    Layout {
        view: Rect::new(0.0, -over, width, height + 2.0 * over),
        slots: if rich { 5 } else { 6 },
        naming: broker.naming,
        frames,
        topics: broker.topics,
        axis: Axis::X,
        has_edges: false,
        rects,
        lines: Vec::new(),
    }
}

impl Column {
    fn put(&mut self, place: Place, rect: Rect) {
        self.height = self.height.max(rect.bottom());
        self.rects.push((place, rect));
    }

    fn frame(&mut self, title: &'static str, rect: Rect) {
        self.height = self.height.max(rect.bottom());
        self.frames.push((title, rect));
    }

    /// Moves everything to the middle of a picture of this height. Gives how far that was.
    fn centre(&mut self, height: f64) -> f64 {
        let by = (height - self.height) / 2.0;
        self.rects.iter_mut().for_each(|(_, rect)| rect.y += by);
        self.frames.iter_mut().for_each(|(_, rect)| rect.y += by);
        by
    }
}

fn command_side(shape: &Shape, frame_x: f64, width: f64) -> Column {
    let mut column = Column::default();
    if !shape.is_rich() {
        let (x, w) = (frame_x + 12.0, width - 24.0);
        for (n, place) in [Place::Handler, Place::Orders, Place::Outbox].into_iter().enumerate() {
            column.put(place, Rect::new(x, 32.0 + n as f64 * 93.0, w, 72.0));
        }
        column.frame("Order Service", Rect::new(frame_x, 0.0, width, 316.0));
        return column;
    }
    let (x, w) = (frame_x + 8.0, width - 16.0);
    let half = (w - 8.0) / 2.0;
    let halves = |y: f64| [Rect::new(x, y, half, TWO_LINES), Rect::new(x + half + 8.0, y, half, TWO_LINES)];
    let has_saga = shape.has(Place::Saga);
    // Beside a saga the column is as long as it may be: what the handler says stands in one line then.
    let handler = if has_saga { ONE_LINE } else { TWO_LINES };
    column.put(Place::Handler, Rect::new(x, 26.0, w, handler));
    let mut y = 26.0 + handler + 10.0;
    let [left, right] = halves(y);
    column.put(Place::Orders, left);
    column.put(Place::Outbox, right);
    y += TWO_LINES;
    for replica in shape.replicas() {
        column.put(Place::Replica(replica), Rect::new(x, y + 8.0, w, ONE_LINE));
        y += 8.0 + ONE_LINE;
    }
    y += 8.0;
    column.frame("Order Service", Rect::new(frame_x, 0.0, width, y));
    if has_saga {
        column.put(Place::Saga, Rect::new(x, y + 12.0, w, ONE_LINE));
        y += 12.0 + ONE_LINE;
    }
    for service in shape.owners() {
        let title = match service {
            Service::Customers => "Customer Service",
            Service::Products | Service::Orders => "Product Service",
        };
        let top = y + 10.0;
        let [left, right] = halves(top + 24.0);
        column.put(Place::Owner(service), left);
        column.put(Place::OwnerOutbox(service), right);
        y = left.bottom() + 8.0;
        column.frame(title, Rect::new(frame_x, top, width, y - top));
    }
    column
}

/// The projectors and what they keep, each as wide as `widths` says: a band for each read model, all of them about as high as
/// `room`.
fn query_side(shape: &Shape, x: f64, (projector_width, model_width): (f64, f64), room: f64) -> Column {
    let mut column = Column::default();
    let models = shape.models();
    let bands = models.len().max(1) as f64;
    let few = models.len() <= 2;
    let paired = shape.places.iter().any(|place| matches!(place, Place::Second(_)));
    let low = if paired { 172.0 } else { 76.0 };
    let high = if few { 232.0 } else { 172.0 };
    let band = (room / bands).clamp(low, high);
    for (n, (model, instances)) in models.into_iter().enumerate() {
        let top = n as f64 * band;
        // Many instances of many models stand in two rows, so that each keeps a height at which its name can be read.
        let columns = if few || instances <= 3 { 1 } else { 2 };
        let rows = instances.div_ceil(columns).max(1);
        let pitch = ((band - 12.0) / f64::from(rows)).min(84.0);
        let height = (pitch - 6.0).min(66.0);
        let width = (projector_width - 6.0 * f64::from(columns - 1)) / f64::from(columns);
        let first = top + (band - f64::from(rows) * pitch) / 2.0;
        for number in 0..instances {
            let (row, along) = (f64::from(number / columns), f64::from(number % columns));
            let y = first + row * pitch + (pitch - height) / 2.0;
            column.put(Place::Projector(model, number), Rect::new(x + along * (width + 6.0), y, width, height));
        }
        let versions: Vec<Place> =
            [Place::ReadModel(model), Place::Second(model)].into_iter().filter(|place| shape.has(*place)).collect();
        // Two versions share the room of one, and have what is left of the band besides.
        let height = if versions.len() > 1 { (band - 36.0) / 2.0 } else { band - 20.0 }.min(116.0);
        let used = height * versions.len() as f64 + 16.0 * (versions.len() as f64 - 1.0);
        let left = x + projector_width + MODEL_GAP;
        for (n, place) in versions.into_iter().enumerate() {
            let y = top + (band - used) / 2.0 + n as f64 * (height + 16.0);
            column.put(place, Rect::new(left, y, model_width, height));
        }
    }
    column
}

/// The height of one of the boxes below the read models.
const fn serving_box(place: Place) -> f64 {
    match place {
        Place::ReadReplica(_) => ONE_LINE,
        _ => TWO_LINES,
    }
}

/// The height of all that stands below the read models. Those who ask stand beside it.
fn serving_height(places: &[Place]) -> f64 {
    let (below, apart) = SERVING_GAP;
    let heights = places.iter().filter(|place| **place != Place::QueryClients).map(|place| serving_box(*place) + apart);
    if places.is_empty() { 0.0 } else { below - apart + heights.sum::<f64>() }
}

/// Below the read models the query API and what belongs to it, and beside it those who ask: between them is a way on which
/// questions and answers are seen.
fn put_serving(column: &mut Column, places: &[Place], (x, end): (f64, f64)) {
    let (below, apart) = SERVING_GAP;
    let top = column.height + below;
    let left = end - SERVING_WIDTH;
    let mut y = top;
    for place in places {
        let height = serving_box(*place);
        if *place == Place::QueryClients {
            column.put(*place, Rect::new(x - 22.0, top, SERVING_WIDTH, height));
        } else {
            column.put(*place, Rect::new(left, y, SERVING_WIDTH, height));
            y += height + apart;
        }
    }
}

/// The broker while it is being filled.
struct Broker {
    column: Column,
    topics: Vec<(sim::system::place::TopicName, Rect)>,
    naming: Naming,
}

impl Broker {
    fn new(shape: &Shape, room: Rect, command_height: f64) -> Self {
        let topics = shape.topics();
        match topics.as_slice() {
            [] => Self::of_queues(shape, room),
            [(topic, count)] if *count <= 5 => {
                let count = *count;
                let pitch = (420.0 / f64::from(count)).clamp(84.0, 124.0);
                let mut column = Column::default();
                let frame = Rect { h: 34.0 + f64::from(count) * pitch, ..room };
                for index in 0..count {
                    let y = 30.0 + f64::from(index) * pitch + 24.0 + (pitch - 76.0) / 2.0;
                    column.put(partition(*topic, index), Rect::new(room.x + 11.0, y, room.w - 22.0, 28.0));
                }
                column.put(Place::Broker, frame);
                column.frame("Broker", frame);
                Self { column, topics: vec![(*topic, frame)], naming: Naming::Over }
            }
            _ => Self::of_topics(&topics, room, command_height),
        }
    }

    /// One block for each topic, spread over the height of the command side, so that each is near who publishes to it.
    fn of_topics(topics: &[(sim::system::place::TopicName, u8)], room: Rect, command_height: f64) -> Self {
        const TITLE: f64 = 26.0;
        const TOPIC: f64 = 24.0;
        let rows: f64 = topics.iter().map(|(_, count)| f64::from(*count)).sum();
        let blocks = topics.len() as f64;
        let pitch = ((command_height - TITLE - blocks * (TOPIC + 8.0)) / rows).clamp(17.0, 38.0);
        let used = TITLE + blocks * TOPIC + rows * pitch;
        let between = ((command_height - used) / blocks).clamp(8.0, 60.0);
        let slot = (pitch - 9.0).min(24.0);
        let mut column = Column::default();
        let mut blocks = Vec::new();
        let mut y = TITLE;
        for (topic, count) in topics {
            let height = TOPIC + f64::from(*count) * pitch;
            blocks.push((*topic, Rect::new(room.x + 6.0, y, room.w - 12.0, height)));
            for index in 0..*count {
                let top = y + TOPIC + f64::from(index) * pitch;
                column.put(partition(*topic, index), Rect::new(room.x + 30.0, top, room.w - 42.0, slot));
            }
            y += height + between;
        }
        let frame = Rect { h: y - between + 8.0, ..room };
        column.put(Place::Broker, frame);
        column.frame("Broker", frame);
        Self { column, topics: blocks, naming: Naming::Number }
    }

    fn of_queues(shape: &Shape, room: Rect) -> Self {
        const PITCH: f64 = 54.0;
        let mut column = Column::default();
        let mut y = 30.0;
        for reader in shape.queues() {
            column.put(Place::Queue(reader), Rect::new(room.x + 11.0, y + 18.0, room.w - 22.0, 26.0));
            y += PITCH;
        }
        let frame = Rect { h: y + 6.0, ..room };
        column.put(Place::Broker, frame);
        column.frame("Broker", frame);
        Self { column, topics: Vec::new(), naming: Naming::Over }
    }
}
