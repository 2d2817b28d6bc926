use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::scenario::presets::{PRESETS, Preset};
use sim::scenario::recording::Recording;
use sim::system::edges::edge_id::EdgeId;
use sim::system::place::{Model, PartitionId, Place, Reader, Replica, Service, TopicName};
use sim::view::stage::{Flight, Stage, flights, stage};

use super::{Form, Layout, Rect, Shape};

const FORMS: [Form; 2] = [Form::Wide, Form::Tall];

/// A shape with so many partitions in each topic and so many instances of each of its first models.
fn shape(topics: &[TopicName], partitions: u8, instances: &[u8], rich: bool) -> Shape {
    let mut places = vec![Place::Shopper, Place::Handler, Place::Orders, Place::Outbox, Place::Broker];
    for topic in topics {
        places.extend((0..partitions).map(|index| Place::Partition(PartitionId { topic: *topic, index })));
    }
    for (model, count) in Model::ALL.into_iter().zip(instances) {
        places.push(Place::ReadModel(model));
        places.extend((0..*count).map(|number| Place::Projector(model, number)));
    }
    if rich {
        places.extend([Place::BackOffice, Place::Gateway, Place::Saga, Place::Payments]);
        places.extend(Replica::ALL.map(Place::Replica));
        for service in [Service::Products, Service::Customers] {
            places.extend([Place::Owner(service), Place::OwnerOutbox(service)]);
        }
    }
    Shape { places, ways: Vec::new() }
}

/// Every shape that the options allow, as far as it makes a difference.
fn shapes() -> Vec<Shape> {
    let mut shapes = Vec::new();
    for partitions in 1..=16 {
        for (a, b) in (1..=8).flat_map(|a| (1..=8).map(move |b| (a, b))) {
            shapes.push(shape(&[TopicName::OrderEvents], partitions, &[a, b], false));
        }
        for instances in 0..=8 {
            shapes.push(shape(&TopicName::ALL, partitions, &[instances; 6], true));
            shapes.push(shape(&TopicName::ALL, partitions, &[instances; 4], true));
        }
    }
    for models in [2, 4, 6] {
        let mut versions = shape(&TopicName::ALL, 2, &[3; 6][..models], true);
        versions.places.extend(Model::ALL.into_iter().take(models).map(Place::Second));
        shapes.push(versions);
    }
    for (edges, rich) in (1..=EdgeId::MAX).flat_map(|edges| [(edges, false), (edges, true)]) {
        let mut with_edges = shape(&[TopicName::OrderEvents], 2, &[1, 1], rich);
        with_edges.places.extend((1..=edges).map(|number| Place::Edge(EdgeId(number))));
        shapes.push(with_edges);
    }
    for instances in 1..=8 {
        let mut queues = shape(&[], 0, &[instances; 6], true);
        queues.places.extend(Reader::ALL.map(Place::Queue));
        shapes.push(queues);
    }
    shapes
}

/// Nothing overlaps and nothing sticks out. The broker lies under its partitions.
fn assert_tidy(layout: &Layout, what: &str) {
    let view = layout.view;
    let parts: Vec<(Place, Rect)> = layout.places().filter(|(place, _)| *place != Place::Broker).collect();
    for (n, (place, rect)) in parts.iter().enumerate() {
        let inside =
            rect.x >= view.x && rect.y >= view.y && rect.right() <= view.right() && rect.bottom() <= view.bottom();
        assert!(inside, "{what}: {place:?} {rect:?} {view:?}");
        assert!(rect.w > 12.0 && rect.h >= 8.0, "{what}: {place:?} {rect:?}");
        let other = parts[..n].iter().find(|(_, other)| rect.overlaps(other));
        assert_eq!(other, None, "{what}: {place:?} {rect:?}");
        let in_broker = matches!(place, Place::Partition(_) | Place::Queue(_));
        let broker = layout.rect(Place::Broker).expect("every run has one");
        assert_eq!(in_broker, rect.overlaps(&broker), "{what}: {place:?} {rect:?}");
    }
}

/// Every part, every line and every message has its place.
fn assert_complete(layout: &Layout, stage: &Stage, flights: &[Flight], what: &str) {
    for node in &stage.nodes {
        assert!(layout.rect(node.place).is_some(), "{what}: {:?}", node.place);
    }
    for (from, to) in layout.lines().iter().chain(&stage.ways).chain(&stage.cuts) {
        assert!(layout.curve(*from, *to).is_some(), "{what}: {from:?} to {to:?}");
    }
    for flight in flights {
        assert!(layout.curve(flight.from, flight.to).is_some(), "{what}: {flight:?}");
    }
}

/// The whole run of a preset.
fn played(preset: &Preset) -> History<Lab> {
    let recording = Recording::from_json(preset.json).expect("it comes with the page");
    let mut history = History::new(&recording.scenario, Vec::new());
    assert!(history.run_to_end(5_000_000));
    history
}

#[test]
fn nothing_overlaps_and_nothing_sticks_out() {
    for form in FORMS {
        for shape in shapes() {
            let layout = Layout::new(form, &shape);
            assert!(shape.places.iter().all(|place| layout.rect(*place).is_some()), "{form:?} {shape:?}");
            assert_tidy(&layout, &format!("{form:?} {:?}", shape.places));
        }
    }
}

#[test]
fn every_preset_is_drawn_whole_at_every_moment() {
    for preset in PRESETS {
        let mut history = played(preset);
        let end = history.time_known();
        for moment in 0..=40 {
            history.seek_time(Micros(end.0 * moment / 40));
            let (stage, flights) = (stage(history.machine()), flights(history.machine()));
            for form in FORMS {
                let layout = Layout::new(form, &Shape::of(&stage));
                let what = format!("{} {form:?}", preset.slug);
                assert_tidy(&layout, &what);
                assert_complete(&layout, &stage, &flights, &what);
            }
        }
    }
}

#[test]
fn every_preset_can_be_read_on_a_desk() {
    /// What a page of 1440 by 900 leaves for the picture under two rows of verdicts, in pixels.
    const ROOM: (f64, f64) = (824.0, 459.0);
    /// The height of the smallest words, in units of the picture, and how high they have to be, in pixels.
    const LETTERS: f64 = 12.0;
    const READABLE: f64 = 11.0;
    for preset in PRESETS {
        let mut history = played(preset);
        let end = history.time_known();
        for moment in 0..=4 {
            history.seek_time(Micros(end.0 * moment / 4));
            let view = Layout::new(Form::Wide, &Shape::of(&stage(history.machine()))).view;
            let scale = (ROOM.0 / view.w).min(ROOM.1 / view.h);
            assert!(LETTERS * scale >= READABLE, "{}: {view:?}, {:.1} px", preset.slug, LETTERS * scale);
        }
    }
}
