//! Where everything stands in the picture: from what there is (partitions, instances) to boxes and curves.

use sim::system::place::{Model, PartitionId, Place, TopicName};
use sim::view::stage::Stage;

use super::geometry::{Axis, Curve, Rect};

/// Which way the picture runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// From left to right, for a desk.
    Wide,
    /// From top to bottom, for a phone.
    Tall,
}

/// What the layout depends on: how many parts there are of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Partitions of the topic, at least 1.
    pub partitions: u8,
    /// Instances of each projection, at least 1, in the order of [`Model::ALWAYS`].
    pub instances: [u8; 2],
}

impl Shape {
    /// The shape of a stage.
    pub fn of(stage: &Stage) -> Self {
        let count = |model| {
            let instances =
                stage.nodes.iter().filter(|node| matches!(node.place, Place::Projector(of, _) if of == model));
            small(instances.count())
        };
        Self {
            partitions: small(stage.partitions.iter().filter(|one| one.id.topic == TopicName::OrderEvents).count()),
            instances: Model::ALWAYS.map(count),
        }
    }
}

/// A count of parts as a small number of at least one: there are never more than 255 of anything.
fn small(count: usize) -> u8 {
    u8::try_from(count).unwrap_or(u8::MAX).max(1)
}

/// Where everything stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The part of the plane that the picture shows.
    pub view: Rect,
    /// How many slots of a partition are shown.
    pub slots: usize,
    /// Is there room for a name over each partition and for the names of the saved positions?
    pub roomy: bool,
    /// The dotted frames and their titles.
    pub frames: Vec<(&'static str, Rect)>,
    axis: Axis,
    shape: Shape,
    partition_first: Rect,
    partition_pitch: f64,
    fixed: [Rect; 4],
    projectors: [Vec<Rect>; 2],
    models: [Rect; 2],
}

impl Layout {
    /// The layout of a shape.
    pub fn new(form: Form, shape: Shape) -> Self {
        match form {
            Form::Wide => Self::wide(shape).cropped(),
            Form::Tall => Self::tall(shape),
        }
    }

    fn wide(shape: Shape) -> Self {
        const MIDDLE: f64 = 250.0;
        let count = f64::from(shape.partitions);
        let pitch = (420.0 / count).clamp(22.0, 124.0);
        let roomy = pitch >= 84.0;
        let broker = Rect::new(344.0, MIDDLE - (34.0 + count * pitch) / 2.0, 174.0, 34.0 + count * pitch);
        let slot_height = if roomy { 28.0 } else { (pitch - 7.0).min(24.0) };
        let above = if roomy { 24.0 + (pitch - 76.0) / 2.0 } else { (pitch - slot_height) / 2.0 };
        let service = Rect::new(140.0, MIDDLE - 158.0, 168.0, 316.0);
        let inner = |n: f64| Rect::new(service.x + 12.0, service.y + 32.0 + n * 93.0, service.w - 24.0, 72.0);
        let halves = [MIDDLE - 116.0, MIDDLE + 116.0];
        let column = |index: usize| {
            let count = f64::from(shape.instances[index]);
            let pitch = (220.0 / count).min(84.0);
            let height = (pitch - 6.0).min(66.0);
            let top = halves[index] - count * pitch / 2.0;
            (0..shape.instances[index])
                .map(|n| Rect::new(562.0, top + f64::from(n) * pitch + (pitch - height) / 2.0, 106.0, height))
                .collect()
        };
        Self {
            view: Rect::new(0.0, 0.0, 823.0, 500.0),
            slots: 7,
            roomy,
            frames: vec![("Order Service", service), ("Broker", broker)],
            axis: Axis::X,
            shape,
            // Without room for a name above, the number stands before the slots.
            partition_first: Rect::new(
                broker.x + if roomy { 11.0 } else { 26.0 },
                broker.y + 30.0 + above,
                broker.w - if roomy { 22.0 } else { 36.0 },
                slot_height,
            ),
            partition_pitch: pitch,
            fixed: [Rect::new(8.0, inner(0.0).y, 84.0, 72.0), inner(0.0), inner(1.0), inner(2.0)],
            projectors: [column(0), column(1)],
            models: halves.map(|y| Rect::new(694.0, y - 58.0, 122.0, 116.0)),
        }
    }

    fn tall(shape: Shape) -> Self {
        let count = f64::from(shape.partitions);
        let pitch = (152.0 / count).clamp(16.0, 46.0);
        let slot_height = (pitch - 6.0).min(24.0);
        let service = Rect::new(106.0, 6.0, 276.0, 140.0);
        let broker = Rect::new(8.0, 160.0, 374.0, 30.0 + count * pitch);
        let projector_y = broker.bottom() + 20.0;
        let row = |index: usize| {
            let count = f64::from(shape.instances[index]);
            let pitch = 183.0 / count;
            let left = 8.0 + index as f64 * 191.0;
            (0..shape.instances[index])
                .map(|n| {
                    Rect::new(
                        left + f64::from(n) * pitch,
                        projector_y,
                        pitch - if count > 1.0 { 4.0 } else { 0.0 },
                        46.0,
                    )
                })
                .collect()
        };
        let model_y = projector_y + 66.0;
        Self {
            view: Rect::new(0.0, 0.0, 390.0, model_y + 84.0),
            slots: 10,
            roomy: false,
            frames: vec![("Order Service", service), ("Broker", broker)],
            axis: Axis::Y,
            shape,
            partition_first: Rect::new(
                broker.x + 106.0,
                broker.y + 24.0 + (pitch - slot_height) / 2.0,
                256.0,
                slot_height,
            ),
            partition_pitch: pitch,
            fixed: [
                Rect::new(8.0, 34.0, 82.0, 48.0),
                Rect::new(116.0, 30.0, 256.0, 44.0),
                Rect::new(116.0, 84.0, 122.0, 52.0),
                Rect::new(250.0, 84.0, 122.0, 52.0),
            ],
            projectors: [row(0), row(1)],
            models: [0.0, 191.0].map(|x| Rect::new(8.0 + x, model_y, 183.0, 78.0)),
        }
    }

    /// The same picture without the empty strips above and below, so that a low room shows it larger.
    fn cropped(mut self) -> Self {
        /// Room for the tags on the upper edges and for the rings around boxes.
        const MARGIN: f64 = 14.0;
        let frames = self.frames.iter().map(|(_, rect)| rect);
        let all = || frames.clone().chain(&self.models).chain(self.projectors.iter().flatten());
        let top = all().map(|rect| rect.y).fold(f64::INFINITY, f64::min) - MARGIN;
        let bottom = all().map(Rect::bottom).fold(0.0, f64::max) + MARGIN;
        self.view = Rect { y: top, h: bottom - top, ..self.view };
        self
    }

    /// The box of a place; `None` for a partition or an instance that is not there (any more).
    pub fn rect(&self, place: Place) -> Option<Rect> {
        match place {
            Place::Shopper => Some(self.fixed[0]),
            Place::Handler => Some(self.fixed[1]),
            Place::Orders => Some(self.fixed[2]),
            Place::Outbox => Some(self.fixed[3]),
            Place::Broker => Some(self.frames[1].1),
            Place::Partition(id) if id.topic == TopicName::OrderEvents && id.index < self.shape.partitions => {
                let y = self.partition_first.y + f64::from(id.index) * self.partition_pitch;
                Some(Rect { y, ..self.partition_first })
            }
            // The picture has no room yet for the two other services: they are told of in the log and the ledger.
            Place::Partition(_)
            | Place::Owner(_)
            | Place::Replica(_)
            | Place::Gateway
            | Place::Saga
            | Place::Payments => None,
            Place::Projector(model, n) => self.projectors.get(model.index())?.get(usize::from(n)).copied(),
            Place::ReadModel(model) => self.models.get(model.index()).copied(),
        }
    }

    /// The direction in which the picture mainly runs.
    pub const fn axis(&self) -> Axis {
        self.axis
    }

    /// The way from one place to another.
    pub fn curve(&self, from: Place, to: Place) -> Option<Curve> {
        Some(Curve::between(&self.rect(from)?, &self.rect(to)?, self.axis))
    }

    /// The lines of the picture, at rest: every way that messages take.
    pub fn lines(&self) -> Vec<(Place, Place)> {
        let mut lines = vec![
            (Place::Shopper, Place::Handler),
            (Place::Handler, Place::Orders),
            (Place::Orders, Place::Outbox),
            (Place::Outbox, Place::Broker),
        ];
        /// More lines than this between partitions and projectors are drawn as one for each projector.
        const LINES_MAX: usize = 12;
        let projector_count: usize = self.shape.instances.iter().map(|count| usize::from(*count)).sum();
        let merged = usize::from(self.shape.partitions) * projector_count > LINES_MAX;
        let sources: Vec<Place> =
            if merged { vec![Place::Broker] } else { (0..self.shape.partitions).map(order_events).collect() };
        for model in Model::ALWAYS {
            let projectors = || (0..self.shape.instances[model.index()]).map(move |n| Place::Projector(model, n));
            lines.extend(projectors().flat_map(|projector| sources.iter().map(move |source| (*source, projector))));
            lines.extend(projectors().map(|projector| (projector, Place::ReadModel(model))));
        }
        lines
    }
}

/// A partition of the one topic that the picture shows.
const fn order_events(index: u8) -> Place {
    Place::Partition(PartitionId { topic: TopicName::OrderEvents, index })
}

#[cfg(test)]
mod tests {
    use super::{Form, Layout, Model, Place, Rect, Shape, order_events};

    fn places(shape: Shape) -> Vec<Place> {
        let mut all = vec![Place::Shopper, Place::Handler, Place::Orders, Place::Outbox];
        all.extend((0..shape.partitions).map(order_events));
        for model in Model::ALWAYS {
            all.push(Place::ReadModel(model));
            all.extend((0..shape.instances[model.index()]).map(|n| Place::Projector(model, n)));
        }
        all
    }

    /// Every shape that the options allow.
    fn shapes() -> impl Iterator<Item = Shape> {
        (1..=16).flat_map(|partitions| {
            (1..=8).flat_map(move |a| (1..=8).map(move |b| Shape { partitions, instances: [a, b] }))
        })
    }

    #[test]
    fn nothing_overlaps_and_nothing_sticks_out() {
        for form in [Form::Wide, Form::Tall] {
            for shape in shapes() {
                let layout = Layout::new(form, shape);
                let view = layout.view;
                let rects: Vec<Rect> =
                    places(shape).iter().map(|place| layout.rect(*place).expect("it stands")).collect();
                for (n, rect) in rects.iter().enumerate() {
                    let inside = rect.x >= view.x
                        && rect.y >= view.y
                        && rect.right() <= view.right()
                        && rect.bottom() <= view.bottom();
                    assert!(inside, "{form:?} {shape:?} {rect:?}");
                    assert!(rect.w > 12.0 && rect.h > 8.0, "{form:?} {shape:?} {rect:?}");
                    assert!(rects[..n].iter().all(|other| !rect.overlaps(other)), "{form:?} {shape:?} {rect:?}");
                }
            }
        }
    }

    #[test]
    fn every_line_has_two_ends() {
        let layout = Layout::new(Form::Wide, Shape { partitions: 3, instances: [2, 1] });
        assert!(layout.lines().iter().all(|(from, to)| layout.curve(*from, *to).is_some()));
        assert_eq!(layout.rect(order_events(3)), None);
    }
}
