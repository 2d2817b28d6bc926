//! The picture from left to right: clients, command side, broker, projectors, read models.

use std::collections::BTreeMap;

use sim::system::place::{Place, Service};

use super::shape::partition;
use super::{Layout, Naming, Shape};
use crate::stage::geometry::{Axis, Rect};

/// Room around the picture, for tags on upper edges and rings around boxes.
const MARGIN: f64 = 14.0;
/// The width of the clients' column, and where it begins.
const CLIENTS: (f64, f64) = (8.0, 94.0);
/// The column of the edges, between the clients and the command side: the gap before it, the height of a box, and how far one
/// is from the next.
const EDGE_GAP: f64 = 52.0;
const EDGE_HEIGHT: f64 = 58.0;
const EDGE_PITCH: f64 = 78.0;
/// Where the command side begins.
const COMMAND_X: f64 = 140.0;
const PROJECTOR_WIDTH: f64 = 106.0;
const MODEL_WIDTH: f64 = 124.0;
/// The column of the query API: how far it is from the read models, its width, and the room beside it for answers.
const SERVING: (f64, f64, f64) = (44.0, 112.0, 58.0);

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
    let (command_width, gap, broker_width) = if rich { (224.0, 62.0, 190.0) } else { (168.0, 36.0, 174.0) };
    let mut command = command_side(shape, command_width);
    let broker_x = COMMAND_X + command_width + gap;
    let projector_x = broker_x + broker_width + 46.0;
    let mut models = query_side(shape, projector_x);
    let mut broker = Broker::new(shape, Rect::new(broker_x, 0.0, broker_width, 0.0), command.height);
    let serving_x = projector_x + PROJECTOR_WIDTH + 26.0 + MODEL_WIDTH;
    let tallest = command.height.max(models.height).max(broker.column.height);
    let mut serving = serving(shape, serving_x + SERVING.0, tallest);
    let height = tallest.max(serving.height) + 2.0 * MARGIN;
    let beside = if serving.rects.is_empty() { 0.0 } else { SERVING.0 + SERVING.1 + SERVING.2 };
    command.centre(height);
    models.centre(height);
    serving.centre(height);
    let shift = broker.column.centre(height);
    broker.topics.iter_mut().for_each(|(_, rect)| rect.y += shift);
    let mut rects: BTreeMap<Place, Rect> = BTreeMap::new();
    rects.extend(command.rects);
    rects.extend(models.rects);
    rects.extend(serving.rects);
    rects.extend(broker.column.rects);
    let mut frames = command.frames;
    frames.extend(broker.column.frames);
    let edges = shape.edges();
    let height = height.max(edges.len() as f64 * EDGE_PITCH + 2.0 * MARGIN);
    let aside = if edges.is_empty() { 0.0 } else { CLIENTS.1 + EDGE_GAP };
    let boxes = rects.values_mut().chain(frames.iter_mut().map(|(_, rect)| rect));
    boxes.chain(broker.topics.iter_mut().map(|(_, rect)| rect)).for_each(|rect| rect.x += aside);
    clients(shape, &mut rects);
    let first = (height - edges.len() as f64 * EDGE_PITCH) / 2.0 + (EDGE_PITCH - EDGE_HEIGHT) / 2.0;
    for (n, place) in edges.into_iter().enumerate() {
        let y = first + n as f64 * EDGE_PITCH;
        rects.insert(place, Rect::new(CLIENTS.0 + CLIENTS.1 + EDGE_GAP, y, CLIENTS.1, EDGE_HEIGHT));
    }
    Layout {
        view: Rect::new(0.0, 0.0, serving_x + beside + aside + 8.0, height),
        slots: 7,
        naming: broker.naming,
        frames,
        topics: broker.topics,
        axis: Axis::X,
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

fn command_side(shape: &Shape, width: f64) -> Column {
    let mut column = Column::default();
    let (x, w) = (COMMAND_X + 12.0, width - 24.0);
    if !shape.is_rich() {
        for (n, place) in [Place::Handler, Place::Orders, Place::Outbox].into_iter().enumerate() {
            column.put(place, Rect::new(x, 32.0 + n as f64 * 93.0, w, 72.0));
        }
        column.frame("Order Service", Rect::new(COMMAND_X, 0.0, width, 316.0));
        return column;
    }
    let half = (w - 10.0) / 2.0;
    let halves = |y: f64, height: f64| [Rect::new(x, y, half, height), Rect::new(x + half + 10.0, y, half, height)];
    column.put(Place::Handler, Rect::new(x, 28.0, w, 60.0));
    let [left, right] = halves(100.0, 60.0);
    column.put(Place::Orders, left);
    column.put(Place::Outbox, right);
    let mut y = 160.0;
    for replica in shape.replicas() {
        column.put(Place::Replica(replica), Rect::new(x, y + 12.0, w, 46.0));
        y += 58.0;
    }
    column.frame("Order Service", Rect::new(COMMAND_X, 0.0, width, y + 12.0));
    y += 12.0;
    if shape.has(Place::Saga) {
        column.put(Place::Saga, Rect::new(x, y + 16.0, w, 46.0));
        y += 62.0;
    }
    for service in shape.owners() {
        let title = match service {
            Service::Customers => "Customer Service",
            Service::Products | Service::Orders => "Product Service",
        };
        let top = y + 14.0;
        let [left, right] = halves(top + 26.0, 58.0);
        column.put(Place::Owner(service), left);
        column.put(Place::OwnerOutbox(service), right);
        column.frame(title, Rect::new(COMMAND_X, top, width, 94.0));
        y = top + 94.0;
    }
    column
}

/// The projectors and what they keep: a band for each read model.
fn query_side(shape: &Shape, x: f64) -> Column {
    let mut column = Column::default();
    let models = shape.models();
    let bands = models.len().max(1) as f64;
    let few = models.len() <= 2;
    let paired = shape.places.iter().any(|place| matches!(place, Place::Second(_)));
    let low = if paired { 172.0 } else { 84.0 };
    let band = if few { 232.0 } else { (504.0 / bands).clamp(low, 172.0) };
    for (n, (model, instances)) in models.into_iter().enumerate() {
        let top = n as f64 * band;
        // Many instances of many models stand in two rows, so that each keeps a height at which its name can be read.
        let columns = if few || instances <= 3 { 1 } else { 2 };
        let rows = instances.div_ceil(columns).max(1);
        let pitch = ((band - 12.0) / f64::from(rows)).min(84.0);
        let height = (pitch - 6.0).min(66.0);
        let width = (PROJECTOR_WIDTH - 6.0 * f64::from(columns - 1)) / f64::from(columns);
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
        let left = x + PROJECTOR_WIDTH + 26.0;
        for (n, place) in versions.into_iter().enumerate() {
            let y = top + (band - used) / 2.0 + n as f64 * (height + 16.0);
            column.put(place, Rect::new(left, y, MODEL_WIDTH, height));
        }
    }
    column
}

/// The query API and what belongs to it, with those who ask at the bottom; spread over the height of the others.
fn serving(shape: &Shape, x: f64, tallest: f64) -> Column {
    const GAP: f64 = 16.0;
    let mut column = Column::default();
    let places = shape.serving();
    let height = |place: &Place| if matches!(place, Place::ReadReplica(_)) { 40.0 } else { 60.0 };
    let heights: f64 = places.iter().map(height).sum();
    let gaps = places.len().saturating_sub(1) as f64;
    let whole = (heights + gaps * GAP).max(tallest - 2.0 * MARGIN);
    // Whoever asks stands apart, so that there is a way on which questions and answers are seen.
    let before_clients = (whole - heights - (gaps - 1.0) * GAP).max(GAP);
    let mut y = 0.0;
    for place in places {
        let top = if place == Place::QueryClients { y - GAP + before_clients.min(170.0) } else { y };
        let rect = Rect::new(x, top, SERVING.1, height(&place));
        column.put(place, rect);
        y = rect.bottom() + GAP;
    }
    column
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

/// Those around the command side, each beside the part that it deals with most.
fn clients(shape: &Shape, rects: &mut BTreeMap<Place, Rect>) {
    let middle = |rects: &BTreeMap<Place, Rect>, place| rects.get(&place).map(|rect| rect.centre().y);
    let handler = middle(rects, Place::Handler).unwrap_or(0.0);
    let wanted = [
        (Place::Shopper, Some(handler)),
        (Place::Gateway, Some(handler + 112.0)),
        (Place::Payments, middle(rects, Place::Saga)),
        (Place::BackOffice, middle(rects, Place::Owner(Service::Products))),
    ];
    let mut free_from = 0.0;
    for (place, at) in wanted.into_iter().filter(|(place, _)| shape.has(*place)) {
        let height = if place == Place::Shopper && !shape.is_rich() { 72.0 } else { 58.0 };
        let y = (at.unwrap_or(handler) - height / 2.0).max(free_from);
        rects.insert(place, Rect::new(CLIENTS.0, y, CLIENTS.1, height));
        free_from = y + height + 18.0;
    }
}
